"""`sempre devices`: every port and device that is here, what to write for it, and what is missing."""

from __future__ import annotations

import json
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from bridge.asking import ask
from bridge.discovery import own_address
from bridge.midi_probe import JACK_LIBRARY, JACK_SERVER
from bridge.port_names import is_own, name_part
from repl.errors import SessionError
from repl.runtime import living
from repl.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from repl.settings import Settings

PATIENCE = 4.0
"""Seconds after which a library that gives no answer is named and left."""
QUESTIONS = {
    "jack": ("bridge.midi_probe", "look_at_jack"),
    "system": ("bridge.midi_probe", "look_at_system"),
    "sounddevice": ("plugin_host.audio_probe", "look_at_portaudio"),
    "miniaudio": ("plugin_host.audio_probe", "look_at_miniaudio"),
}
SUPERDIRT = "127.0.0.1:57120"

_FIXES = {
    "linux": {
        JACK_LIBRARY: "sudo apt install libjack-jackd2-0",
        JACK_SERVER: "start one with qjackctl or PipeWire (pipewire-jack)",
        "no ALSA sequencer": "sudo modprobe snd-seq",
        "PortAudio is not installed": "sudo apt install libportaudio2",
    },
    "darwin": {
        JACK_LIBRARY: "not needed; brew install jack",
        JACK_SERVER: "not needed; start one with qjackctl",
        "PortAudio is not installed": "brew install portaudio",
    },
    "win32": {
        JACK_LIBRARY: "not needed; https://jackaudio.org/downloads",
        JACK_SERVER: "not needed; start one with qjackctl",
    },
}
WINDOWS = (
    "In Windows no program has MIDI ports of its own, so midi() alone leads nowhere: give it the name of a",
    "loopback port. Where your Windows has the MIDI Settings app, that makes them; else loopMIDI does",
    '(tobias-erichsen.de/software/loopmidi.html). Then write its name, such as midi("loopMIDI"), choose',
    "its other end as an input in your DAW. docs/devices.md shows it step by step.",
)


def devices(*, as_json: bool = False) -> str:
    """What is here, as text for a terminal or as JSON; takes `PATIENCE` seconds at most, and a little."""
    found = survey(read_settings([]))
    return json.dumps(found, indent=2) if as_json else _text(found)


def survey(settings: Settings, platform: str = sys.platform) -> dict[str, object]:
    """Everything that is here.

    Args:
        settings: Of the folder in which we are.
        platform: As `sys.platform` has it.
    """
    answers = ask(QUESTIONS, PATIENCE)
    jack, system = answers["jack"], answers["system"]
    own = settings.midi.name
    midi = {"jack": _ports(jack, own), "system": _ports(system, own)}
    audio = {name: _outputs(answers[name]) for name in ("sounddevice", "miniaudio")}
    audio = {"jack": _outputs({**jack, "outputs": jack.get("audio", [])}), **audio}
    taken = _first(settings.midi.backend, ("jack", "system"), midi)
    return {
        "platform": platform,
        "sessions": _sessions(),
        "midi": midi | {"taken": taken, "own": own if _has_own(taken, midi) else None},
        "audio": audio | {"taken": _first(settings.audio.driver, tuple(audio), audio)},
        "osc": _osc(settings),
        "missing": _missing(answers, platform),
        "guidance": list(WINDOWS) if platform == "win32" else [],
    }


def _sessions() -> list[int]:
    with suppress(SessionError):
        return [int(folder.name) for folder in living()]
    return []


def _ports(answer: Mapping[str, object], own: str) -> dict[str, object]:
    """What one way to MIDI has, each port with the part of its name to be written."""
    if "missing" in answer:
        return {"missing": answer["missing"]}
    found: dict[str, object] = {key: answer[key] for key in ("rate", "period", "virtual") if key in answer}
    for side in ("outputs", "inputs"):
        names = cast("list[str]", answer[side])
        others = [name for name in names if not is_own(name, own)]
        found[side] = [{"name": name, "write": name_part(name, others)} for name in others]
    found["ours"] = [name for name in cast("list[str]", answer["inputs"]) if is_own(name, own)]
    return found


def _outputs(answer: Mapping[str, object]) -> dict[str, object]:
    if "missing" in answer:
        return {"missing": answer["missing"]}
    names = cast("list[str]", answer["outputs"])
    return {"outputs": [{"name": name, "write": name_part(name, names)} for name in names]}


def _first(wanted: str, ways: Iterable[str], found: Mapping[str, Mapping[str, object]]) -> str | None:
    """The way that is taken: the one that is set, or the first that is there."""
    if wanted != "auto":
        return wanted
    return next((way for way in ways if "missing" not in found[way]), None)


def _has_own(taken: str | None, midi: Mapping[str, Mapping[str, object]]) -> bool:
    return taken is not None and taken != "none" and midi.get(taken, {}).get("virtual", True) is True


def _osc(settings: Settings) -> dict[str, object]:
    port, network = settings.osc.port, settings.osc.listen == "network"
    return {
        "in": f"{own_address() if network else '127.0.0.1'}:{port}" if port else None,
        "query": f"http://{own_address() if network else '127.0.0.1'}:{port + 1}" if port else None,
        "taken": bool(port) and _is_taken("0.0.0.0" if network else "127.0.0.1", port),
        "network": own_address(),
        "tablets": list(settings.osc.tablets),
        "superdirt": SUPERDIRT,
    }


def _is_taken(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        try:
            one.bind((host, port))
        except OSError:
            return True
    return False


def _missing(answers: Mapping[str, Mapping[str, object]], platform: str) -> list[dict[str, str]]:
    """What is not here, each with what to do about it."""
    rows: list[dict[str, str]] = []
    fixes = _FIXES.get(platform, {})
    for name, answer in answers.items():
        if "missing" in answer:
            what = str(answer["missing"])
            fix = next((fix for start, fix in fixes.items() if what.startswith(start)), "")
            if fix:
                what = what.partition(" (")[0]
            rows.append({"for": name, "what": what, "fix": fix})
    return rows


_TITLES = {
    "jack": "JACK",
    "system": "the system",
    "sounddevice": "PortAudio",
    "miniaudio": "miniaudio",
}


def _text(found: Mapping[str, object]) -> str:
    midi, audio = cast("dict[str, object]", found["midi"]), cast("dict[str, object]", found["audio"])
    lines: list[str] = []
    for way in ("jack", "system"):
        row = cast("dict[str, object]", midi[way])
        taken = midi["taken"] == way
        lines += _heading(f"MIDI through {_TITLES[way]}", row, taken=taken)
        if "missing" in row:
            continue
        if taken and midi["own"]:
            lines.append(_line("midi()", f'our own port "{midi["own"]}", for others to connect to'))
        lines += [_line("", f"{name} (a session's)") for name in cast("list[str]", row["ours"])]
        lines += _named(row["outputs"], "midi({})", "no other program has a port to send to")
        lines += _named(row["inputs"], "{}", "", " (to listen to)")
    for way in ("jack", "sounddevice", "miniaudio"):
        row = cast("dict[str, object]", audio[way])
        lines += _heading(f"Audio through {_TITLES[way]}", row, taken=audio["taken"] == way)
        if "missing" not in row:
            lines += _named(row["outputs"], "device = {}", "no output to connect to")
    lines += ["", "OSC", *_osc_lines(cast("dict[str, object]", found["osc"]))]
    missing = [m for m in cast("list[dict[str, str]]", found["missing"]) if m["fix"]]
    if missing:
        lines += [
            "",
            "What is missing here, and what to do",
            *(f"  {m['what']}: {m['fix']}" for m in missing),
        ]
    guidance = cast("list[str]", found["guidance"])
    lines += ["", *guidance] if guidance else []
    sessions = cast("list[int]", found["sessions"])
    lines += ["", f"{len(sessions)} session{'s' if len(sessions) > 1 else ''} running"] if sessions else []
    return "\n".join(lines).strip("\n")


def _heading(title: str, row: Mapping[str, object], *, taken: bool) -> list[str]:
    notes = [f"{row['rate']} Hz, periods of {row['period']}"] if "rate" in row else []
    notes += ["this is taken"] if taken else []
    notes += [str(row["missing"]).partition(" (")[0]] if "missing" in row else []
    return ["", f"{title}: {'; '.join(notes)}" if notes else title]


def _named(rows: object, form: str, none: str, more: str = "") -> list[str]:
    ports = cast("Sequence[Mapping[str, str]]", rows)
    if not ports:
        return [_line("", none)] if none else []
    return [
        _line(
            form.format(json.dumps(port["write"], ensure_ascii=False)),
            (port["name"] if port["name"] != port["write"] else "") + more,
        ).rstrip()
        for port in ports
    ]


def _osc_lines(osc: Mapping[str, object]) -> list[str]:
    lines = [_line("superdirt()", f"{osc['superdirt']}, where SuperDirt listens")]
    if osc["in"] is None:
        return [*lines, _line("", "nothing is listened to: [osc] port = 0 in sempre.toml")]
    state = " (a program listens there now)" if osc["taken"] else ""
    lines.append(_line(str(osc["in"]), f"we listen here, by UDP and TCP{state}"))
    lines.append(_line(str(osc["query"]), "OSCQuery"))
    if str(osc["network"]) not in str(osc["in"]):
        lines.append(_line("", f'tablets reach us at {osc["network"]} with [osc] listen = "network"'))
    lines += [_line(str(one), "a tablet") for one in cast("list[str]", osc["tablets"])]
    return lines


def _line(write: str, what: str) -> str:
    """What is to be written, and what it means, in two columns."""
    return f"  {write:<26} {what}" if len(write) <= 26 else f"  {write}\n  {'':<26} {what}"
