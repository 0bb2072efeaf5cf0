"""Trying a piece before it is heard: the cycles that are about to sound, and two far ones."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from bridge.clock import ManualClock
from bridge.scheduler import Scheduler
from bridge.tempo import Tempo
from bridge.transport import Transport
from bridge.trouble import Trouble
from patterns.core import Problem
from patterns.errors import SempreError
from repl.errors import LoadError
from repl.report import Once, Place, block, of_problem
from repl.sinks import default_target, encode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from bridge.event import TimedEvent
    from bridge.layer import Layer, Target
    from bridge.place import Place as Former
    from bridge.sink import Sink
    from patterns.memory import Memory

FAR_AWAY = (97, 1009)
"""Cycles beyond the next boundary that are tried too; primes, so that they fall into few periods."""
MOVING = 8.0
"""Samples a second of a signal that moves between onsets. At the 100 or so that are heard, eight plugins with
a moving parameter each took 0.74 s to try; now 0.12 s."""
SHOWN = 4
"""Errors of one rehearsal that are shown; the rest is counted."""


@dataclass(slots=True)
class Trial:
    """A sink that encodes what it gets, as the real one would, and keeps what cannot be played."""

    latency: float = 0.0
    troubles: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    targets: dict[str, Target] = field(default_factory=dict[str, "Target"])

    def send(self, target: Target, events: Sequence[TimedEvent], cps: float) -> None:
        """Encode and forget."""
        self.targets[target.key] = target
        for event in events:
            try:
                encode(target, event, cps, 0.0)
            except (SempreError, TypeError, ValueError) as error:
                self.troubles.append((event.layer, str(error)))

    def cancel(self, ids: Iterable[int]) -> None:
        """Nothing is held."""

    def panic(self) -> None:
        """Nothing sounds."""


def rehearse(
    layers: Mapping[str, Layer],
    file: str,
    source: str,
    *,
    cycle: float,
    cps: float,
    seed: int,
    limit: Callable[[float], AbstractContextManager[None]] | None = None,
    former: Sequence[Former] = (),
    prepared: dict[str, tuple[Layer, Memory]] | None = None,
    line: Callable[[Fraction], Transport] = lambda _: Transport(),
    modules: Mapping[str, str] | None = None,
    far: Sequence[int] = FAR_AWAY,
    near: Callable[[], object] = bool,
) -> list[Target]:
    """Try layers at the next cycle and far from it, in virtual time.

    Args:
        layers: By place.
        file: For messages.
        source: For messages.
        cycle: The cycle that passes.
        cps: Cycles per second.
        seed: The piece's seed.
        limit: Guards each query.
        former: What plays now: named folds go on from there.
        prepared: Takes, for each place, what the folds of its layer have been computed to. Such a layer
            is not asked about far cycles: it would have to go all the way there.
        line: Which cycle of the piece is played when, at a cycle that passes.
        modules: The texts of the musician's own modules, for messages.
        far: Cycles beyond the next one that are tried, too.
        near: Called when the next one is all right.

    Returns:
        Every target that they name, or that their events go to.

    Raises:
        LoadError: Something in it fails; carries up to `SHOWN` blocks.
    """
    show = Once()
    blocks: list[str] = []
    # A layer that is silent in all these cycles has its instrument ready when it begins, too.
    targets = {layer.target.key: layer.target for layer in layers.values() if layer.target is not None}
    known: dict[str, tuple[Layer, Memory]] = {} if prepared is None else prepared

    def trouble(found: Trouble) -> None:
        if found.problem.plays_on:
            return  # it is told when it sounds
        text = of_problem(found.problem, file, source, modules)
        if not found.problem.where and found.layer in layers:
            text = block(found.problem.message, Place(file, layers[found.layer].where), source)
        if show(text, found.kind and f"{found.layer} {found.kind}") == text:
            blocks.append(text)

    here = math.floor(cycle) + 1
    for begin in (here, *(here + further for further in far)):
        trial = Trial()
        clock = ManualClock(begin / cps)
        sinks: dict[str, Sink] = {"midi": trial, "osc": trial, "plugin": trial, "audio": trial}
        tempo = Tempo.steady(cps)
        scheduler = Scheduler(
            clock,
            sinks,
            tempo,
            default_target,
            on_trouble=trouble,
            limit=limit,
            seed=seed,
            stream_rate=MOVING,
        )
        scheduler.portion = scheduler.far  # nobody waits for its first beat
        if begin == here:
            scheduler.transport = line(Fraction(begin))
            before = [one for one in former if one.name in layers]
            scheduler.places |= {one.name: replace(one, planned=Fraction(begin), good=None) for one in before}
        for place, layer in layers.items():
            memory = scheduler.prepare(place, layer, Fraction(begin)) if begin == here else None
            if memory is not None and memory.used:
                known[place] = (layer, memory)
            if begin == here or place not in known:
                scheduler.set_layer(place, layer, Fraction(begin), memory)
        scheduler.step()
        for place, text in trial.troubles:
            trouble(Trouble(place, Problem(text, ()), fallen_back=False))
        targets |= trial.targets
        if begin == here and not blocks:
            near()
    if blocks:
        more = f"\n(and {len(blocks) - SHOWN} more)" if len(blocks) > SHOWN else ""
        raise LoadError("\n".join(blocks[:SHOWN]) + more)
    return list(targets.values())
