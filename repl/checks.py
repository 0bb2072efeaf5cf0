"""What `sempre doctor` judges, each thing by a function of its own, and the commands that mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from repl.machine_probe import OPTIONAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from repl.machine import Machine

OK, NOTE, WRONG = "ok", "note", "wrong"
"""All is well; it plays, and something could be better or cannot be known; it does not play as it should."""
MISSING = "missing"
"""The word of an answer that says why there is none."""
LEAST, SMALL = 50 << 20, 500 << 20
"""Bytes that must be free, and below which it is said: a minute of sound that is recorded takes 17 MB."""
SLOW_CLOCKS = ("hpet", "acpi_pm", "jiffies", "refined-jiffies", "pit")
"""Sources of time whose reading takes a microsecond or more, where others take 20 ns."""

_INSTALL = {
    "debian": "sudo apt install",
    "fedora": "sudo dnf install",
    "arch": "sudo pacman -S",
    "suse": "sudo zypper install",
}
_LIBRARIES = {
    "libasound": {"debian": "libasound2", "fedora": "alsa-lib", "arch": "alsa-lib", "suse": "libasound2"},
    "libatomic": {"debian": "libatomic1", "fedora": "libatomic", "arch": "gcc-libs", "suse": "libatomic1"},
    "libjack": {
        "debian": "libjack-jackd2-0",
        "fedora": "pipewire-jack-audio-connection-kit",
        "arch": "pipewire-jack",
        "suse": "libjack0",
    },
    "portaudio": {
        "debian": "libportaudio2",
        "fedora": "portaudio",
        "arch": "portaudio",
        "suse": "libportaudio2",
    },
}
_NEW_NAMES = {"libasound2": "libasound2t64"}
"""In Debian from 13 and in Ubuntu from 24.04 on."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was examined.

    Args:
        state: "ok", "note" or "wrong".
        said: What was found.
        mend: The command, or what else is to be done; empty if there is nothing to do.
    """

    state: str
    said: str
    mend: str = ""


def python(machine: Machine) -> Iterator[Finding]:
    """Which Python runs us."""
    version = ".".join(map(str, machine.python))
    said = f"{machine.implementation} {version}, {machine.executable}"
    if machine.implementation == "CPython" and (3, 11) <= machine.python[:2] <= (3, 13):
        yield Finding(OK, said)
    else:
        yield Finding(
            WRONG,
            f"{said}; tried are CPython 3.11 to 3.13",
            "uv tool install --python 3.12, see docs/install.md",
        )


def packages(machine: Machine) -> Iterator[Finding]:
    """What we import of others, and whether it is others that are imported as us."""
    if set(machine.packages) == {MISSING}:
        yield Finding(NOTE, f"what is there cannot be known: {machine.packages[MISSING]}")
        return
    missing = {name: why for name, why in machine.packages.items() if why}
    for name, why in missing.items():
        library = next((one for one in _LIBRARIES if one in why.lower()), "")
        if name == "jack" and not library:
            library = "libjack"
        if library and name in {"jack", "sounddevice"}:
            continue  # a way to sound that may be missing: said there
        mend = package(machine, library) if library else f"{machine.executable} -m pip install {name}"
        yield Finding(WRONG, f"{name} cannot be loaded: {why.splitlines()[0]}", mend)
    if not missing:
        yield Finding(OK, f"all {len(machine.packages)} are there")
    if machine.strangers:
        names = ", ".join(machine.strangers)
        said = f"{names} installs something under a name of ours here: one of the two is not what it says"
        yield Finding(
            WRONG, said, "pipx install, or uv tool install: an environment of its own, see docs/install.md"
        )
    without = [name for name, why in machine.optional.items() if why and name != MISSING]
    if without:
        parts = ",".join(OPTIONAL.get(name, name) for name in without)
        said = f"optional, and not here: {', '.join(without)}"
        yield Finding(OK, said, f"{machine.executable} -m pip install 'sempre[{parts}]'")


def midi(machine: Machine) -> Iterator[Finding]:
    """Where MIDI can go."""
    found = cast("Mapping[str, Mapping[str, object]]", machine.found.get("midi", {}))
    wanted, taken = machine.settings.midi.backend, machine.found.get("midi", {})
    way = cast("Mapping[str, object]", taken).get("taken")
    if wanted == "none":
        yield Finding(OK, "switched off in the settings")
    elif isinstance(way, str) and "missing" not in found.get(way, {}):
        row = found.get(way, {})
        outputs = len(cast("list[object]", row.get("outputs", [])))
        yield Finding(OK, f"{_TITLES.get(way, way)}, {outputs} ports of others; `sempre devices` names them")
    else:
        why = str(found.get("system", {}).get("missing", "no way to MIDI"))
        state = NOTE if wanted == "auto" else WRONG
        yield Finding(state, f"no MIDI: {why}", _mend(machine, why, "libasound"))


def audio(machine: Machine) -> Iterator[Finding]:
    """Where sound can go."""
    found = cast("Mapping[str, Mapping[str, object]]", machine.found.get("audio", {}))
    wanted = machine.settings.audio.driver
    way = cast("Mapping[str, object]", machine.found.get("audio", {})).get("taken")
    if wanted == "null":
        yield Finding(OK, "switched off in the settings")
    elif isinstance(way, str) and "missing" not in found.get(way, {}):
        outputs = cast("list[Mapping[str, str]]", found.get(way, {}).get("outputs", []))
        first = f', first "{outputs[0]["name"]}"' if outputs else ""
        yield Finding(OK, f"{_TITLES.get(way, way)}{first}")
    else:
        ways = [name for name in found if name != "taken"] if wanted == "auto" else [wanted]
        why = "; ".join(str(row["missing"]) for name in ways if MISSING in (row := found.get(name, {})))
        yield Finding(WRONG, f"nothing will be heard: {why or 'no device'}", _mend(machine, why, "portaudio"))


def jack(machine: Machine) -> Iterator[Finding]:
    """Whether a JACK server runs, PipeWire's included: with it every event has its own frame."""
    row = _row_of_jack(machine)
    if _has_jack(machine):
        yield Finding(OK, f"a server runs, {row.get('rate')} Hz, periods of {row.get('period')}")
        return
    why = str(row["missing"])
    asked = "jack" in {machine.settings.midi.backend, machine.settings.audio.driver}
    yield Finding(WRONG if asked else NOTE, f"{why}; it is optional", _mend(machine, why, "libjack"))


def _row_of_jack(machine: Machine) -> Mapping[str, object]:
    rows = cast("Mapping[str, Mapping[str, object]]", machine.found.get("midi", {}))
    return rows.get("jack", {MISSING: "no JACK server runs"})


def _has_jack(machine: Machine) -> bool:
    return MISSING not in _row_of_jack(machine)


def plugins(machine: Machine) -> Iterator[Finding]:
    """The folders of plugins, and those that could not be used; none is loaded now."""
    for name, why in machine.refused.items():
        yield Finding(NOTE, f"{name} cannot be used: {why}", f'sempre plugins show "{name}"')
    count = sum(machine.plugins.values())
    if count:
        where = ", ".join(f"{folder} ({number})" for folder, number in machine.plugins.items() if number)
        yield Finding(OK, f"{count} in {where}; `sempre plugins` tries them")
    else:
        yield Finding(OK, "no VST3 plugins; they are optional")


def link(machine: Machine) -> Iterator[Finding]:
    """Whether programs with Ableton Link can find each other."""
    if machine.multicast:
        mend = "ip route get 224.76.78.75    (is there a network?)" if machine.platform == "linux" else ""
        yield Finding(NOTE, f"multicast does not work here ({machine.multicast}): no Ableton Link", mend)
    elif machine.optional.get("link"):
        yield Finding(OK, "multicast works; Ableton Link is an optional part that is not installed")
    else:
        yield Finding(OK, "multicast works; whether a firewall lets others in cannot be known from here")


def ports(machine: Machine) -> Iterator[Finding]:
    """The network ports that are ours while we play."""
    port = machine.settings.osc.port
    if not port:
        yield Finding(OK, "OSC is switched off in the settings")
    elif machine.busy:
        names = " and ".join(map(str, machine.busy))
        mend = {"linux": f"ss -lntup | grep {machine.busy[0]}", "win32": "netstat -ano"}
        more = mend.get(machine.platform, f"lsof -nP -i :{machine.busy[0]}")
        said = f"another program has {names}, where OSC comes in"
        yield Finding(WRONG, said, f"{more}    (end it, or set another port under [osc] in sempre.toml)")
    else:
        whose = "free" if not machine.session else "the running session's"
        yield Finding(OK, f"{port} and {port + 1} are {whose}")


def rights(machine: Machine) -> Iterator[Finding]:
    """Whether the system may delay our notes for something else."""
    if machine.realtime:
        yield Finding(OK, "our threads may run in real time")
    elif machine.platform == "linux":
        steps = ["echo '@audio - rtprio 95' | sudo tee /etc/security/limits.d/95-audio.conf"]
        if "audio" not in machine.groups:
            steps.append(f"sudo usermod -aG audio {machine.user}")
        said = "our threads may not run in real time: on a busy machine notes can be late"
        yield Finding(NOTE, said, " && ".join(steps) + "    (then log in again)")
    elif machine.realtime is None:
        yield Finding(NOTE, "whether our threads may run in real time cannot be known: no answer")
    else:
        yield Finding(OK, "no real-time threads on this system; none are needed where it is not busy")
    if _has_jack(machine) and machine.memlock is not None and 0 <= machine.memlock < LEAST:
        said = f"{machine.memlock >> 10} kB may be locked in memory; JACK wants more"
        line = "echo '@audio - memlock unlimited' | sudo tee /etc/security/limits.d/96-audio-memory.conf"
        yield Finding(NOTE, said, f"{line}    (then log in again)")


def clock(machine: Machine) -> Iterator[Finding]:
    """What the time is taken from, and whether the processor sleeps on it."""
    if machine.clock in SLOW_CLOCKS:
        said = f"the kernel takes the time from {machine.clock}, which is slow to read"
        mend = "cat /sys/devices/system/clocksource/clocksource0/available_clocksource    (tsc is quick)"
        yield Finding(NOTE, said, mend)
    else:
        yield Finding(OK, machine.clock or "the system's own; which one cannot be known here")
    if machine.governor == "powersave":
        said = "the processor saves power: it may take its time to wake up"
        yield Finding(NOTE, said, "sudo cpupower frequency-set -g performance")


def disk(machine: Machine) -> Iterator[Finding]:
    """Where we write, and how much room there is."""
    least = min((room.free for room in machine.rooms.values()), default=0)
    bad = False
    for what, room in machine.rooms.items():
        if not room.writable:
            bad = True
            state = NOTE if what == "computed sounds" else WRONG
            yield Finding(state, f"{what}: {room.path} cannot be written to", f"ls -ld {room.path}")
        elif room.free < SMALL:
            bad = True
            said = f"{what}: {room.free >> 20} MB are free at {room.path}"
            yield Finding(WRONG if room.free < LEAST else NOTE, said, f"df -h {room.path}")
    if not bad:
        yield Finding(OK, f"at least {least >> 30} GB are free where we write")


def settings(machine: Machine) -> Iterator[Finding]:
    """What is wrong in `sempre.toml`."""
    for problem in machine.settings.problems:
        yield Finding(WRONG, problem, f"edit {machine.settings.file}")
    if not machine.settings.problems:
        yield Finding(OK, machine.settings.said().removeprefix("settings: "))


def session(machine: Machine) -> Iterator[Finding]:
    """Whether one runs, and whether one could."""
    if machine.doors:
        yield Finding(WRONG, machine.doors)
    elif machine.session == "it gives no answer":
        yield Finding(WRONG, "one runs, and gives no answer", "sempre stop")
    else:
        yield Finding(OK, machine.session.replace("\n", "; ") or "none runs")


_TITLES = {
    "jack": "JACK",
    "system": "the system's own",
    "sounddevice": "PortAudio",
    "rtmidi-jack": "JACK by RtMidi",
}
CHECKS: dict[str, Callable[[Machine], Iterator[Finding]]] = {
    "Python": python,
    "packages": packages,
    "settings": settings,
    "session": session,
    "audio": audio,
    "MIDI": midi,
    "JACK": jack,
    "plugins": plugins,
    "OSC": ports,
    "Link": link,
    "real time": rights,
    "clock": clock,
    "disk": disk,
}
"""Everything that is examined, in the order in which it is told."""


def package(machine: Machine, library: str) -> str:
    """The command that installs a library of the system.

    Args:
        machine: With its family.
        library: One of those that we know.
    """
    name = _LIBRARIES.get(library, {}).get(machine.family, "")
    if machine.platform == "darwin":
        return f"brew install {'jack' if library == 'libjack' else library}"
    if not name:
        return f"install {library} with your system's packages"
    if machine.family == "debian" and (13 <= machine.release < 100 or machine.release >= 124):
        name = _NEW_NAMES.get(name, name)
    return f"{_INSTALL[machine.family]} {name}"


def _mend(machine: Machine, why: str, library: str) -> str:
    """What is to be done where a way out is missing, by what its library said."""
    if "no ALSA sequencer" in why:
        return "sudo modprobe snd-seq    (not in a container)"
    if "no JACK server" in why and library == "libjack":
        return {"linux": "systemctl --user start pipewire    (or: qjackctl)"}.get(
            machine.platform, "not needed; qjackctl starts one"
        )
    if "not installed" in why:
        return package(machine, library)
    if library == "portaudio":
        return {"linux": "aplay -l    (is there a card? is PipeWire or PulseAudio running?)"}.get(
            machine.platform, "choose an output in the system's settings"
        )
    return "sempre devices"
