"""How a session is, as its prompts and screens are told it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from bridge.clock import monotonic, processor_time
from bridge.place import seed_at
from repl.moving import where_it_is
from repl.session import layer_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from bridge.event import Seconds
    from bridge.process_sink import ProcessSink
    from bridge.scheduler import Scheduler
    from repl.clients import Message
    from repl.session import Session

Told = dict[str, object]
"""What a sending process says of itself."""


class Share:
    """The share of one processor that this process takes.

    Args:
        spent: Tells seconds of processor time.
        now: Tells seconds.

    >>> spent, now = iter([1.0, 1.2]), iter([10.0, 10.5])
    >>> Share(lambda: next(spent), lambda: next(now))()
    0.4
    """

    def __init__(
        self, spent: Callable[[], float] = processor_time, now: Callable[[], float] = monotonic
    ) -> None:
        self._spent, self._now = spent, now
        self._last = spent(), now()

    def __call__(self) -> float:
        """That since it was last asked."""
        (spent, at), self._last = self._last, (self._spent(), self._now())
        passed = self._last[1] - at
        return round((self._last[0] - spent) / passed, 3) if passed > 0 else 0.0


def status_of(
    session: Session,
    scheduler: Scheduler,
    told: Mapping[ProcessSink, Told],
    followed: str,
    now: Seconds,
    cpu: float = 0.0,
    at: float = 0.0,
) -> Message:
    """Say where the music is, what plays, and how the processes are that sound it.

    Args:
        session: What has been accepted.
        scheduler: What plays it; asked in its own thread.
        told: What each sending process said last: output, then mixer.
        followed: The clock that is followed, in words; empty for our own.
        now: The time for which it is said.
        cpu: The share of one processor that the engine takes.
        at: The time of day then, in seconds since 1970.
    """
    output, mixer = told.values()
    cps = scheduler.tempo.cps_at(now)
    layers = _layers(scheduler, now)
    return {
        "op": "status",
        "at": round(at, 4),
        "cycle": scheduler.position(now) if session.begun else 0.0,
        **where_it_is(scheduler, now),
        "followed": followed,
        "bpm": cps * 60 * session.beats,
        "beats": session.beats,
        "cps": cps,
        "layers": layers,
        "seed": scheduler.seed,
        "late": _count(output, "late") + _count(mixer, "late"),
        "late_of": _by_layer(told, "late_of"),
        "dropped_of": _by_layer(told, "dropped_of"),
        "dropped": _count(output, "dropped") + _count(mixer, "dropped"),
        "sounding": _count(output, "sounding") + _count(mixer, "sounding"),
        "load": mixer.get("load", 0.0),
        "cpu": cpu,
        "midi": output.get("driver", ""),
        "audio": mixer.get("driver", ""),
        "levels": levels_told(mixer.get("meters"), {str(layer["name"]) for layer in layers}),
        "plugins": plugins_told(mixer.get("meters")),
        "playing": bool(layers),
    }


def levels_told(meters: object, layers: Collection[str]) -> dict[str, object]:
    """How loud all that has a name was in the last quarter of a second, from what the mixer says.

    Args:
        meters: The mixer's.
        layers: Those that play; a name that does not, the mixer may still know.

    Returns:
        By name, peak and rms in dB: "layers", "buses" and "inputs", and the "master" alone.

    >>> levels_told({"7": {}, "bus drums": {"peak": -6.0, "rms": -20.0, "missing": 0}}, ())["buses"]
    {'drums': {'peak': -6.0, 'rms': -20.0}}
    """
    found = cast("dict[str, Told]", meters) if isinstance(meters, dict) else {}
    told: dict[str, Told] = {
        "layers": {},
        "buses": {},
        "inputs": {},
        "master": _level(found.get("master", {})),
    }
    for each, row in found.items():
        kind, _, name = each.partition(" ")
        if kind in KINDS and (kind != "layer" or name in layers):
            told[KINDS[kind]][name] = _level(row)
    return {**told}


def plugins_told(meters: object) -> dict[str, Told]:
    """The plugins that have failed and are played, from what the mixer says.

    Args:
        meters: The mixer's.

    Returns:
        By name, with whose each is: how often it failed, and whether it is left alone for that.

    >>> plugins_told({"7": {}, "plugin 'Probe' of the layer 'bass'": {"failures": 3.0, "left_alone": 1.0}})
    {"'Probe' of the layer 'bass'": {'failures': 3, 'left_alone': True}}
    """
    found = cast("dict[str, dict[str, float]]", meters) if isinstance(meters, dict) else {}
    return {
        name.removeprefix(PLUGIN): {
            "failures": int(row.get("failures", 0)),
            "left_alone": bool(row.get("left_alone", 0)),
        }
        for name, row in found.items()
        if name.startswith(PLUGIN)
    }


PLUGIN = "plugin "
"""What stands before the name of a plugin that has failed where the mixer tells of it."""
KINDS = {"layer": "layers", "bus": "buses", "input": "inputs"}
"""What stands before a name where the mixer tells of it, and where we do."""


def _level(row: Told) -> Told:
    return {name: row.get(name, -200.0) for name in ("peak", "rms")}


def _layers(scheduler: Scheduler, now: Seconds) -> list[Told]:
    solo, cycle = scheduler.solo, scheduler.tempo.cycle_at(now)
    return [
        {
            "name": layer_name(name),
            "muted": place.muted,
            "solo": name in solo,
            "sounding": not place.muted and (not solo or name in solo),
            "seed": seed_at(place, cycle),
        }
        for name, place in scheduler.places.items()
        if ":" in name and not place.over  # what is played once has no such name
    ]


def _by_layer(told: Mapping[ProcessSink, Told], name: str) -> dict[str, int]:
    """What the sending processes count by layer, by the layers' names."""
    total: dict[str, int] = {}
    for sink, status in told.items():
        for number, count in cast("Mapping[str, int]", status.get(name, {})).items():
            layer = layer_name(sink.layer_name(number)) or "an earlier layer"
            total[layer] = total.get(layer, 0) + count
    return total


def _count(status: Told, name: str) -> int:
    value = status.get(name, 0)
    return value if isinstance(value, int) else 0
