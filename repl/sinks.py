"""How events reach the sending processes: where one goes by default, and as which bytes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bridge import midi, osc
from bridge.event import SinkEvent, TimedEvent
from bridge.layer import Target, route_of
from bridge.midi_controllers import only_midi
from bridge.targets import MidiTarget, OscTarget, PluginTarget
from bridge.values import loudness, number, pitch
from patterns.errors import SempreError
from patterns.parameter_names import OVER, only_moves
from plugin_host.instrument_table import INSTRUMENTS
from plugin_host.specs import Chain, instrument

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bridge.process_sink import ProcessSink


def default_target(controls: Mapping[str, object]) -> Target:
    """Where an event goes whose layer names no target.

    A sound that has the name of a built-in instrument goes there; any other sound to the drum kit, which
    also looks among the sample folders; what only MIDI knows to our port; a note alone to the keys.
    """
    sound = controls.get("s")
    if isinstance(sound, str):
        name = SHORT.get(sound, sound)
        return _built_in(name if name in INSTRUMENTS else "drums")
    return OUR_PORT if only_midi(controls) else _built_in("keys")


OUR_PORT = MidiTarget()
"""Our own virtual port."""

SHORT = {"saw": "sawtooth", "sqr": "square", "tri": "triangle", "sin": "sine"}
"""Other names of the plain waves."""


_BUILT_IN: dict[str, Chain] = {}


def _built_in(name: str) -> Chain:
    chain = _BUILT_IN.get(name)
    if chain is None:
        chain = _BUILT_IN[name] = instrument(name)
    return chain


def describe(target: Target) -> dict[str, object]:
    """What the sending process has to know of a target."""
    return {"chain": target.to_json()} if isinstance(target, Chain) else target.to_json()


def encode(
    target: Target,
    event: TimedEvent,
    cps: float,
    cycle: float,
    tell: Callable[[str], None] = lambda _: None,
) -> list[SinkEvent]:
    """An event as what its sending process takes.

    Args:
        target: Where it goes.
        event: What is due.
        cps: Cycles per second.
        cycle: The cycle at the onset.
        tell: Takes a line for the musician about what is played otherwise than it was meant.

    Raises:
        SempreError: The target cannot play it.
        ValueError: A value is out of range or no number.
    """
    if isinstance(target, PluginTarget):
        # Here the plugin says when; what lasts has an end for it to say.
        until = 0.0 if only_moves(event.controls) else 1.0
        return [SinkEvent(event.id, 0.0, until, route_of(target.key), sound_body(event), b"")]
    if isinstance(target, MidiTarget):
        return midi.encode(target, event, tell)
    if isinstance(target, OscTarget):
        return osc.encode(target, event, cps, cycle)
    body = json.dumps(audio_controls(event, cps), allow_nan=False).encode()
    # What only moves parameters has no end that anybody would have to be told.
    until = event.at if only_moves(event.controls) else event.at + event.duration
    return [SinkEvent(event.id, event.at, until, route_of(target.key), body, b"")]


def sound_body(event: TimedEvent) -> bytes:
    """What is said to an instrument inside a DAW, where the host says the tempo.

    Raises:
        PatternError: The note's name does not exist.
        ValueError: A value is no number.
    """
    controls = audio_controls(event, 0.0)
    del controls["cps"]
    return json.dumps(controls, allow_nan=False, sort_keys=True).encode()


def controls_or_trouble(event: TimedEvent, cps: float, troubles: list[str]) -> dict[str, object] | None:
    """As `audio_controls`; where an event says what cannot be, that is told, and there is nothing.

    Args:
        event: What is to be played.
        cps: Cycles a second.
        troubles: Takes the line, once.
    """
    try:
        return audio_controls(event, cps)
    except (SempreError, TypeError, ValueError) as error:
        text = f"{event.layer}: {error}; such events are left out"
        if text not in troubles:
            troubles.append(text)
        return None


def audio_controls(event: TimedEvent, cps: float) -> dict[str, object]:
    """What the mixer is told of an event: its controls, the note as a number, and the tempo for the echo.

    Raises:
        PatternError: The note's name does not exist.
        ValueError: A value is no number.
    """
    controls: dict[str, object] = {
        name: value if isinstance(value, str | int) else number(name, value)
        for name, value in event.controls.items()
    }
    note = pitch(controls)
    if note is not None:
        controls["note"] = note
    loudness(controls)
    if OVER in controls:
        controls[OVER] = event.duration
    return controls | {"cps": cps}


def readiness(
    targets: Sequence[Target],
    mixer: ProcessSink,
    output: ProcessSink,
    inside: Callable[[], bool] = lambda: True,
) -> Callable[[], bool]:
    """Have the mixer build what is new; gives what says whether all sinks of some targets are there.

    Args:
        targets: Where layers go.
        mixer: Builds instruments.
        output: Sends MIDI and OSC. A plugin in a DAW needs neither.
        inside: Says whether the instruments are there that sound inside one.
    """
    audio = [target for target in targets if target.kind == "audio"]
    sent = any(target.kind not in ("audio", "plugin") for target in targets)
    mixer.prepare(audio)
    routes = {route_of(target.key) for target in audio}

    def ready() -> bool:
        sounds = not audio or (mixer.connected and routes <= mixer.ready)
        return sounds and (not sent or output.connected) and inside()

    return ready


def notices_of(status: Mapping[str, object]) -> list[str]:
    """The lines for the musician in what a process says of itself.

    >>> notices_of({"notices": ["the disk is full"]})
    ['the disk is full']
    """
    found = status.get("notices", [])
    return [str(text) for text in found] if isinstance(found, list) else []  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType] - JSON
