"""A playing place as the scheduler knows it: its versions, and what of it was sent."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from bridge.event import Seconds, TimedEvent
from bridge.layer import layer_seed
from bridge.recall import Recall
from bridge.targets import MidiTarget, OscTarget
from patterns.cycle_cache import CycleCache
from patterns.parameter_names import SUCCEEDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bridge.layer import Layer, Target
    from bridge.tempo import Tempo
    from patterns.where import Where

SOURCES = 16
"""Sources of kept answers that are told apart; beyond it they are asked for anew."""


@dataclass(frozen=True, slots=True)
class Planned:
    """An occurrence as the scheduler knows it: in cycles, so that a tempo change can move it."""

    id: int
    onset: Fraction
    length: Fraction
    sustain: float | None
    nudge: float
    controls: Mapping[str, object]
    target: Target
    where: tuple[Where, ...] | None = None

    @property
    def heard(self) -> bool:
        """Whether it can be heard, and so muted; else it is about who plays."""
        return SUCCEEDS not in self.controls

    def timed(self, layer: str, tempo: Tempo) -> TimedEvent:
        """The same occurrence in seconds."""
        begin = tempo.time_at(self.onset)
        duration = self.sustain
        if duration is None:
            duration = tempo.time_at(self.onset + self.length) - begin
        return TimedEvent(begin + self.nudge, max(0.0, duration), self.controls, layer, self.id, self.where)

    def ends_at(self, tempo: Tempo) -> Seconds:
        """When it has rung out."""
        timed = self.timed("", tempo)
        return timed.at + timed.duration


class Mix(NamedTuple):
    """Which places were heard, up to a cycle.

    Attributes:
        until: The cycle; those after it are as the places themselves say.
        muted: The names of places.
        solo: The names of those that were heard alone; none: all were heard.
    """

    until: Fraction
    muted: frozenset[str]
    solo: frozenset[str]


@dataclass(slots=True)
class Place:
    """A playing place: which version plays from which cycle on, and what was sent.

    `good` is the version that answered last, `former` the one that did before it: the way back.
    It is planned up to `planned`; from there to `stale` what was sent may be of another version.
    `seed` is that of the piece, `recall` what the folds of each version have reached, `flows` the cycles in
    which something continuous was found, and in which versions. `loose` is what no jump moves: what is played
    once. `sources` tells whose answers the cache has: of which version, since which stretch of the transport.
    """

    name: str
    versions: list[tuple[Fraction, Layer | None]]
    planned: Fraction
    seed: int
    good: Layer | None = None
    former: Layer | None = None
    muted: bool = False
    cleaned: Seconds = -math.inf
    sent: dict[int, Planned] = field(default_factory=dict[int, Planned])
    cache: CycleCache = field(default_factory=CycleCache)
    recall: Recall = field(default_factory=Recall)
    flows: dict[int, list[Layer]] = field(default_factory=dict[int, "list[Layer]"])
    loose: bool = False
    stale: Fraction = Fraction(0)
    sources: dict[tuple[Fraction, int, Fraction | None], object] = field(
        default_factory=dict["tuple[Fraction, int, Fraction | None]", object]
    )

    def at(self, cycle: Fraction, *, before: bool = False) -> Layer | None:
        """The version that plays at a cycle, or just before it."""
        playing = None
        for begin, layer in self.versions:
            if begin < cycle or (begin == cycle and not before):
                playing = layer
        return playing

    def audible(self, cycle: Fraction, solo: frozenset[str], former: Mix | None) -> bool:
        """Whether it is heard at a cycle: by the solos of now, and by what held before a change."""
        muted = self.muted
        if former is not None and cycle < former.until:
            muted, solo = self.name in former.muted, former.solo
        return not muted and (not solo or self.name in solo)

    @property
    def live(self) -> bool:
        """Whether a version of it reads live input."""
        return any(layer is not None and layer.pattern.reads for _, layer in self.versions)

    def version(self, cycle: Fraction) -> tuple[Fraction, Layer | None]:
        """The version that plays at a cycle, with the cycle from which it does."""
        found = self.versions[0]
        for version in self.versions:
            if version[0] <= cycle:
                found = version
        return found

    def source(self, version: tuple[Fraction, Layer | None], since: Fraction | None) -> object:
        """Whose answers are kept: a version's, since the stretch began in which it is asked."""
        key = (version[0], id(version[1]), None if since is None or since <= version[0] else since)
        if key not in self.sources and len(self.sources) >= SOURCES:
            self.sources.clear()
        return self.sources.setdefault(key, (version, since))

    def found_flow(self, layer: Layer, cycle: Fraction) -> None:
        """Remember that a version has something continuous in a cycle."""
        known = self.flows.setdefault(math.floor(cycle), [])
        if not any(one is layer for one in known):
            known.append(layer)

    def flowing(self, layer: Layer, begin: Fraction, end: Fraction) -> bool:
        """Whether a version is known to have something continuous between two cycles."""
        cycles = range(math.floor(begin), math.ceil(end))
        return any(one is layer for cycle in cycles for one in self.flows.get(cycle, ()))

    def seed_for(self, layer: Layer) -> int:
        """The seed of one version."""
        return layer_seed(self.seed, self.name, layer)

    def forget(self, past: Fraction, to_come: Callable[[Planned], bool]) -> None:
        """Forget what is over before a cycle, and is not still to come for being nudged."""
        # As floats, a tenth of the time of fractions: a hair sooner or later is all the same.
        limit = float(past)
        over = [
            ident
            for ident, one in self.sent.items()
            if (onset := float(one.onset)) < limit and onset + float(one.length) < limit and not to_come(one)
        ]
        for ident in over:
            del self.sent[ident]
        self.cache.forget_before(math.ceil(past))

    def cut(self, cycle: Fraction, tempo: Tempo) -> list[Planned]:
        """Let what has begun before a cycle end there at the latest; gives what is shorter now."""
        until = tempo.time_at(cycle)
        cut = [
            replace(
                one,
                length=min(one.length, cycle - one.onset),
                sustain=one.sustain and max(0.0, until - tempo.time_at(one.onset)),
            )
            for one in self.sent.values()
            if one.onset < cycle and one.ends_at(tempo) > until
        ]
        self.sent.update((one.id, one) for one in cut)
        return cut

    def drop_past(self, cycle: Fraction) -> None:
        """Forget versions that were over before `cycle`."""
        oldest = math.ceil(cycle) - 1
        for old in [c for c in self.flows if c < oldest]:
            del self.flows[old]
        if len(self.versions) < 2 or self.versions[1][0] > cycle:
            return
        while len(self.versions) > 1 and self.versions[1][0] <= cycle:
            del self.versions[0]
        self.recall.keep(self.versions, self.good, self.former)

    @property
    def early(self) -> Seconds:
        """The seconds by which the targets of its versions want to be sent to early."""
        targets = [layer.target for _, layer in self.versions if layer is not None]
        return max([0.0, *(t.latency for t in targets if isinstance(t, MidiTarget | OscTarget))])

    @property
    def over(self) -> bool:
        """Nothing plays any more and nothing will."""
        return all(layer is None for _, layer in self.versions)


def seed_at(place: Place, cycle: float) -> int | None:
    """The seed of what plays at a place; None if nothing does."""
    layer = place.at(exact(cycle)) or next((layer for _, layer in place.versions if layer is not None), None)
    return place.seed_for(layer) if layer is not None else None


def exact(cycle: float | Fraction) -> Fraction:
    """A cycle as a fraction."""
    # 2**20 steps a cycle: finer than a sample at any tempo, and small numbers make fast fractions.
    return cycle if isinstance(cycle, Fraction) else Fraction(round(cycle * 1048576), 1048576)
