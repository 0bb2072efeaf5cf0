"""What an event says to a voice, read into numbers once, with everything doubtful reported."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from patterns.parameter_names import OVER, moved_by, only_moves
from plugin_host.places import SAID, place_of

__all__ = ["RANGES", "Controls", "Told", "read_controls"]

RANGES: dict[str, tuple[float, float]] = {
    "note": (-24.0, 151.0),
    "n": (-1e6, 1e6),
    "velocity": (0.0, 1.0),
    "gain": (0.0, 4.0),
    "pan": (0.0, 1.0),
    "attack": (0.0, 30.0),
    "decay": (0.0, 60.0),
    "sustain": (0.0, 1.0),
    "release": (0.0, 60.0),
    "cutoff": (20.0, 24000.0),
    "resonance": (0.0, 1.0),
    "hpf": (0.0, 20000.0),
    "speed": (-16.0, 16.0),
    "begin": (0.0, 1.0),
    "end": (0.0, 1.0),
    "cut": (-1e6, 1e6),
    "accelerate": (-16.0, 16.0),
    "loop": (0.0, 1e6),
    "loop_begin": (0.0, 1.0),
    "loop_end": (0.0, 1.0),
    "room": (0.0, 1.0),
    "delay": (0.0, 1.0),
    "delaytime": (0.03, 4.0),
    "delaysync": (1 / 128, 16.0),
    "delayfeedback": (0.0, 0.98),
    "shape": (0.0, 1.0),
    "crush": (1.0, 32.0),
}
"""Numbers a voice reads, and the range that each is kept in."""
_KEPT = RANGES | SAID

_ALIASES = {
    "lpf": "cutoff", "hcutoff": "hpf", "lpq": "resonance", "loopBegin": "loop_begin", "loopEnd": "loop_end",
}  # fmt: skip
_UNITS = {"r": "r", "rate": "r", "c": "c", "s": "s"}
_GATES = frozenset({"legato", "clip"})

Report = Callable[[str], None]


class Told(NamedTuple):
    """What an event says about a parameter.

    Attributes:
        address: Which.
        value: Where it is to be.
        is_position: Whether that is a position from 0 to 1, or in the parameter's own unit.
    """

    address: str
    value: float
    is_position: bool


@dataclass(frozen=True, slots=True)
class Controls:
    """What one event says; None where it says nothing and the instrument decides.

    Args:
        s: Name of the sound.
        n: Which variant of it.
        note: Pitch as a note number; fractions are microtones.
        velocity: How hard it is played, 0 to 1.
        gain: How loud, 0 to 4; 1 leaves it.
        pan: 0 left to 1 right.
        attack: Seconds to fade in.
        decay: Seconds to fall.
        sustain: What the decay falls to, 0 to 1. Without a decay it is the event's length, and not read here.
        release: Seconds to fade out.
        cutoff: The low-pass filter, in Hz.
        resonance: How much that sings, 0 to 1.
        hpf: The high-pass filter, in Hz.
        speed: How fast a sample is played; negative is backwards.
        begin: Where in the sample to begin, 0 to 1.
        end: Where in the sample to end, 0 to 1.
        cut: Group in which a new sound ends the older; 0 is none; a negative one is of one sample only.
        unit: What `speed` counts: "r" its own speed, "c" whole sounds a second, "s" its own, with a length
            in seconds.
        accelerate: By how much its speed has grown at its end: 1 doubles it.
        loop: Whether it goes round until the event ends.
        loop_begin: Where it goes back to, 0 to 1.
        loop_end: Where it goes back, 0 to 1.
        room: How much goes to the reverb, 0 to 1.
        delay: How much goes to the echo, 0 to 1.
        delaytime: Seconds from echo to echo of its orbit.
        delaysync: The same in cycles.
        delayfeedback: How much of them comes round again.
        shape: How hard it is driven, 0 to 1.
        crush: How many bits are left, 1 to 32.
        gated: Whether the end of the event ends a sample, too.
        moves: What it says about parameters of the instrument and its effects.
        over: Seconds that those take on their way; None is at once.
        sounds: Whether it is a note, too.
        place: Where it is in the room, by the names of `plugin_host.places.PLACE`, as far as it says so.
    """

    s: str | None = None
    n: int = 0
    note: float | None = None
    velocity: float = 0.8
    gain: float = 1.0
    pan: float | None = None
    attack: float | None = None
    decay: float | None = None
    sustain: float = 0.0
    release: float | None = None
    cutoff: float | None = None
    resonance: float | None = None
    hpf: float | None = None
    speed: float = 1.0
    begin: float = 0.0
    end: float = 1.0
    cut: int = 0
    unit: str = "r"
    accelerate: float = 0.0
    loop: bool = False
    loop_begin: float = 0.0
    loop_end: float = 1.0
    room: float | None = None
    delay: float | None = None
    delaytime: float | None = None
    delaysync: float | None = None
    delayfeedback: float | None = None
    shape: float | None = None
    crush: float | None = None
    gated: bool = False
    moves: tuple[Told, ...] = ()
    over: float | None = None
    sounds: bool = True
    place: Mapping[str, float] = field(default_factory=dict[str, float])


def _number(name: str, value: object, report: Report) -> float | None:
    low, high = _KEPT[name]
    if isinstance(value, float) and low <= value <= high:  # nearly always
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        report(f"{name}={value!r} is no number; left out")
        return None
    if low <= value <= high:
        return float(value)
    kept = min(max(float(value), low), high)
    if name != "pan":  # jux moves what is far left further to the left: nothing to tell
        report(f"{name}={value:g} lies outside {low:g}…{high:g}; taken as {kept:g}")
    return kept


def read_controls(given: Mapping[str, object], report: Report) -> Controls:
    """Read an event's controls; never raises. A pan beyond left or right is left or right.

    Args:
        given: Names with values, as the event has them; names that no voice reads are passed over.
        report: Takes one line about each thing that could not be used as it was.

    >>> read_controls({"s": "bd:3", "gain": 9}, print).n
    gain=9 lies outside 0…4; taken as 4
    3
    """
    s: str | None = None
    numbers: dict[str, Any] = {}
    gated = False
    unit = ""
    moves: list[Told] = []
    placed: set[str] = set()
    for key, value in given.items():
        name = _ALIASES.get(key, key)
        if name in _GATES or (name == "sustain" and "decay" not in given):
            gated = True
        elif name in _KEPT:
            number = _number(name, value, report)
            if number is not None:
                numbers[name] = number
                if name in SAID:
                    placed.add(name)
        elif name == "s":
            s = str(value)
        elif name == "unit":
            unit = _UNITS.get(str(value), "")
            if not unit:
                report(f"unit={value!r}: give r, c or s; taken as r")
        elif (
            isinstance(value, int | float) and (meant := moved_by(name)) is not None and math.isfinite(value)
        ):
            moves.append(Told(meant[0], float(value), meant[1]))
    if s is not None and ":" in s:
        s, _, variant = s.partition(":")
        try:
            numbers.setdefault("n", float(int(variant)))
        except ValueError:
            report(f"s={given['s']!r}: {variant!r} is no number of a variant; taken as 0")
    whole = {"n": int(numbers.pop("n", 0.0)), "cut": int(numbers.pop("cut", 0.0))}
    loop = numbers.pop("loop", 0.0) > 0
    place = place_of({name: numbers.pop(name) for name in placed}) if placed else {}
    over = given.get(OVER) if moves else None
    return Controls(
        s=s,
        gated=gated,
        n=whole["n"],
        cut=whole["cut"],
        unit=unit or "r",
        loop=loop,
        place=place,
        moves=tuple(moves),
        over=float(over) if isinstance(over, int | float) else None,
        sounds=not (moves and only_moves(given)),
        **numbers,
    )
