"""What `sempre daw` says to a musician about each DAW: ports, tracks, clock and transport, latency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugin_host.drivers.jack_driver import CLIENT
from repl.daw_remote import REMOTES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from repl.daw_plan import Plan

TITLES = {"live": "Ableton Live", "reaper": "Reaper", "ardour": "Ardour", "bitwig": "Bitwig Studio"}
"""The DAWs by the names that are typed."""

_TRIED = {
    "ardour": "Tried: Ardour 7.3 without its window on Debian 12, which records our notes to the tick.",
    "live": "Not tried by us with Live: tested against AbletonOSC's documents. Tell us what happened.",
    "reaper": "Not tried by us with Reaper: written after its documents. Tell us what happened.",
    "bitwig": "Not tried by us with Bitwig: written after its documents. Tell us what happened.",
}

_PORTS = {
    "live": (
        'Settings > Link, Tempo & MIDI: switch on Track for the input "{port}".',
        'In each MIDI track: MIDI From "{port}", the channel below, Monitor In; arm it to record.',
    ),
    "reaper": (
        'Preferences > Audio > MIDI Inputs: enable "{port}" as an input.',
        "The tracks of the project take all MIDI inputs, each its own channel, armed and with monitoring.",
    ),
    "ardour": (
        "Start a JACK server (or PipeWire) first: both programs use it.",
        'The session of the script connects its tracks to "{port}:out"; another: Window > MIDI Connections.',
    ),
    "bitwig": (
        'Dashboard > Settings > Controllers > Add > Generic > MIDI Keyboard, with the input "{port}".',
        "In each instrument track: that input and the channel below; arm it to hear and to record.",
    ),
}
_EVERYWHERE = (
    "On Windows no program has ports of its own: make a loopback port and write its name, as in",
    'midi("loopMIDI", channel=3); `sempre devices` and docs/devices.md say how.',
)

_TIME = {
    "live": (
        'In the piece: follow("link"), or with start and stop: follow("link", start_stop=True).',
        "In Live: switch Link on, top left (and Start Stop Sync beside it).",
    ),
    "bitwig": (
        'In the piece: follow("link"), or with start and stop: follow("link", start_stop=True).',
        "In Bitwig: Settings > Synchronization > Ableton Link.",
    ),
    "reaper": (
        'Reaper leads: Preferences > MIDI Outputs, a loopback port, "Send clock/SPP to output device";',
        'in the piece: follow("midi:" and a part of that port\'s name). On JACK only, for now.',
        "Sempre leads: set the tempo there to ours, and start both by hand or as below.",
    ),
    "ardour": (
        "Ardour leads: Preferences > MIDI > Generate MIDI Beat Clock; connect its port MIDI Clock out;",
        'in the piece: follow("midi:ardour").',
        "Sempre leads: midi_clock() in the piece sends clock, for Ardour's Transport Masters. Not tried.",
    ),
}

_BY_EAR = "Set the track's delay, or [midi.ports] latency_ms in sempre.toml, until both are together."
_LATE = {
    "live": _BY_EAR,
    "bitwig": _BY_EAR,
    "reaper": "Reaper counts its own latency in when it records; `sempre calibrate` measures the rest.",
    "ardour": "On one JACK server a take is off by Ardour's capture alignment, the same for every note.",
}


def page(name: str, plan: Plan | None) -> str:
    """The page of a DAW.

    Args:
        name: One of `TITLES`.
        plan: The piece that it is for, if there is one.
    """
    port = "Sempre" if plan is None else plan.port
    parts = [
        [f"{TITLES[name]} with Sempre", _TRIED[name]],
        ["Ports", *_indented(line.format(port=port) for line in _PORTS[name]), *_indented(_EVERYWHERE)],
        ["Tracks", *_indented(_tracks(plan))],
        ["Clock and transport", *_indented([*_TIME[name], *_transport(name)])],
        ["Latency", *_indented([_LATE[name]])],
        ["Without playing it in", *_indented(_stems(name, plan))],
    ]
    return "\n\n".join("\n".join(part) for part in parts)


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _tracks(plan: Plan | None) -> list[str]:
    """A line for each layer, and what to change so that each can have a track."""
    if plan is None:
        return ["`sempre daw NAME evening.py` lists a track for each layer of a piece."]
    lines: list[str] = []
    free = plan.free()
    for layer in plan.layers:
        if layer.channels:
            several = "channels" if len(layer.channels) > 1 else "channel"
            lines.append(f"{layer.name:<12} {plan.port}, {several} {', '.join(map(str, layer.channels))}")
        if layer.ports:
            lines.append(f"{layer.name:<12} goes to {', '.join(layer.ports)}, not to us")
        if layer.audio:
            hint = f"; as notes: on=midi(channel={free.pop(0)})" if free and not layer.channels else ""
            lines.append(f"{layer.name:<12} is played by an instrument of ours{hint}")
        if layer.osc:
            lines.append(f"{layer.name:<12} goes out by OSC, past the DAW")
    lines += [
        f"Channel {channel} is shared by {', '.join(names)}: give each its own to tell them apart."
        for channel, names in plan.shared().items()
    ]
    if plan.sound:
        lines.append(
            f'What our instruments play comes, on JACK, from "{CLIENT}:out_1" and "out_2"; or as stems.'
        )
    return lines or ["The piece has no layer yet."]


def _transport(name: str) -> list[str]:
    remote = REMOTES[name]
    first = next(iter(remote.rows))
    words = ", ".join(f'"{word}"' for word in remote.rows)
    return [
        f'At our prompt: daw("{name}", "{first}"), by OSC to port {remote.port}; there are {words}.',
        f"There: {remote.needs}.",
    ]


def _stems(name: str, plan: Plan | None) -> list[str]:
    file = "evening.py" if plan is None else f"{plan.title}.py"
    clips = (
        f"sempre daw live --clips {file} --scene 1          clips with the notes, into the set that is open"
    )
    return [
        *([clips] if name == "live" else []),
        f"sempre export {file} --cycles 16 -o {file[:-3]}.mid  the notes, with the tempo map",
        f"sempre export {file} --cycles 16 --stems stems    a sound file for each layer, and the notes",
    ]
