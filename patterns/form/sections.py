"""Forms: where a piece is, what it aims at there, and what comes back how."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from patterns.arguments import apply, probability, told, whole
from patterns.chance import hash_number
from patterns.combine import SILENCE, reads_of, signal
from patterns.core import Flat, Pattern
from patterns.cyclewise import split
from patterns.dice import Dice
from patterns.errors import PatternError
from patterns.form.following import followed
from patterns.form.plans import Place, Plan, place_at
from patterns.form.steering import input_of, legs_of
from patterns.inputs import button
from patterns.kinds import is_controls
from patterns.moving import shift, visit
from patterns.reading import reify
from patterns.registry import nearest
from patterns.seams import asked_in_cycles
from patterns.signals import eased
from patterns.state import Walk
from patterns.ticks import TICKS, Time, to_cycles

__all__ = ["Form"]

_LONGEST = 65_536  # cycles of a section
_VARIED = 1 << 20  # streams of chance from here on belong to variations


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """Where a piece is: signals that any layer can read, and what each section plays.

    Args:
        plan: Its sections, and the way through them.
        blend: Cycles in which a section comes from the levels of the one before to its own.
    """

    plan: Plan
    blend: int

    @property
    def energy(self) -> Pattern:
        """How much is going on, 0 to 1; a signal."""
        return self.target("energy")

    @property
    def density(self) -> Pattern:
        """How much there is at once, 0 to 1; a signal."""
        return self.target("density")

    @property
    def brightness(self) -> Pattern:
        """How bright the sound is, 0 to 1; a signal."""
        return self.target("brightness")

    @property
    def tension(self) -> Pattern:
        """How much it wants to go on, 0 to 1; a signal."""
        return self.target("tension")

    @property
    def register(self) -> Pattern:
        """How high it lies, 0 to 1; a signal."""
        return self.target("register")

    def target(self, name: str) -> Pattern:
        """Follow what the sections say about any quality, 0 to 1; where they say nothing it is 0.5.

        >>> song = form(section("a", 4, heat=[0, 1]), section("b", 4, heat=1))
        >>> [hap.value for hap in song.target("heat").segment(1).haps(0, 5)]
        [0.0, 0.25, 0.5, 0.75, 1.0]
        """
        said = {one for each in self.plan.sections for one in (*each.targets, *each.signals)}
        known = sorted(said | _QUALITIES)
        if name not in known:
            hint = nearest(str(name), known) or f"; there is {', '.join(known)}"
            raise PatternError(f"no section says anything of {told(name)}{hint}")
        signals = [each.signals[name] for each in self.plan.sections if name in each.signals]
        reads = self._reads | reads_of(signals)
        return signal(lambda time, walk: self._level(name, time, walk), reads=reads)

    @property
    def progress(self) -> Pattern:
        """How much of the section is over, 0 to 1; a signal."""

        def share(time: Time, walk: Walk) -> float:
            place, at = self._place(time, walk)
            return min(1.0, (at - place.begin) / place.length)

        return self._signal(share)

    @property
    def visit(self) -> Pattern:
        """How often the section has been there before: 0 the first time; a signal, anew in each cycle."""
        return self._by_cycle(lambda place, _: place.visit)

    @property
    def sections(self) -> Pattern:
        """The name of the section, for `pick` and its like; empty after the end; a signal."""
        return self._by_cycle(lambda place, _: self._name(place))

    def section(self, *names: str) -> Pattern:
        """Be true while one of these sections plays: for `mask`, `when` and their like.

        >>> song = form(section("verse", 2), section("bridge", 2))
        >>> [hap.value for hap in s("bd").mask(song.section("bridge")).haps(0, 4)]
        [{'s': 'bd'}, {'s': 'bd'}]
        """
        wanted = {self._known(name) for name in names}
        return self._by_cycle(lambda place, _: place.section in wanted)

    def begins(self, cycles: int = 1) -> Pattern:
        """Be true in the first cycles of each section.

        Args:
            cycles: How many, 1 to 65536.
        """
        count = whole("begins", cycles, 1, _LONGEST)
        return self._by_cycle(lambda place, cycle: cycle - place.begin < count)

    def ends(self, cycles: int = 1) -> Pattern:
        """Be true in the last cycles of each section, as for a fill.

        >>> song = form(section("a", 2), section("b", 3))
        >>> [hap.value for hap in song.ends().segment(1).haps(0, 5)]
        [False, True, False, False, True]

        Args:
            cycles: How many, 1 to 65536.
        """
        count = whole("ends", cycles, 1, _LONGEST)
        return self._by_cycle(
            lambda place, cycle: place.section >= 0 and place.begin + place.length - cycle <= count
        )

    @property
    def building(self) -> Pattern:
        """How far a build has come, 0 to 1; 0 while nothing is built; a signal."""
        return self._signal(lambda time, walk: _built(*self._place(time, walk)))

    def parts(self, parts: Mapping[str, Any], share: float = 0, change: Any = None) -> Pattern:
        """Play in each section what is said for it, from its begin, and varied when it comes back.

        >>> song = form(section("a", 2), section("b", 1))
        >>> [hap.value for hap in song.parts({"a": "0 1", "b": "<7 8>"}).haps(0, 4)]
        [0, 1, 0, 1, 7, 0, 1]

        Args:
            parts: A pattern for each section's name; those that are not named are silent.
            share: Probability, 0 to 1, that a cycle of a section that comes back is another; of each visit
                at least one is, unless it is 0. The others are as the first time, chance and all.
            change: What is done to those cycles; unless given chance falls differently in them.
        """
        if not is_controls(parts):
            raise TypeError(
                f'parts wants a pattern for each section, as in {{"verse": …}}, found {told(parts)}'
            )
        named = {self._known(name): reify(value) for name, value in parts.items()}
        return self._playing(named, probability("parts: share=", share), change)

    def again(self, pattern: Any, share: float = 0.25, change: Any = None) -> Pattern:
        """Begin a pattern anew with each section, and vary it when a section comes back.

        >>> song = form(section("a", 2), section("b", 1))
        >>> [hap.value for hap in song.again("<0 1 2>", 0).haps(0, 5)]
        [0, 1, 0, 0, 1]

        Args:
            pattern: What is played.
            share: As for `parts`.
            change: As for `parts`.
        """
        made = reify(pattern)
        every = dict.fromkeys(range(len(self.plan.sections)), made)
        return self._playing(every, probability("again: share=", share), change)

    def __repr__(self) -> str:
        """Its sections, and how long they are."""
        return f"form({', '.join(f'{each.name} {each.cycles}' for each in self.plan.sections)})"

    # Inside.

    @property
    def _reads(self) -> frozenset[str]:
        """The inputs that it follows: its own, and the buttons that speak to it."""
        pressed = [button(name) for name, *_ in self.plan.buttons]
        return frozenset[str]({input_of(self.plan)}) | reads_of(pressed)

    def _place(self, time: Time, walk: Walk) -> tuple[Place, float]:
        """Where a time is, and its cycle: that of the piece, however time is bent around the form."""
        passed = walk.outside(time)
        at = passed + walk.shift
        return place_at(self.plan, self._legs(passed, walk), int(at // TICKS)), float(at / TICKS)

    def _legs(self, passed: Time, walk: Walk) -> Any:
        try:
            said = walk.controls.at(f"form {self.plan.name}", to_cycles(passed))
        except KeyError:
            said = None
        return legs_of(self.plan, said)

    def _level(self, target: str, time: Time, walk: Walk) -> float:
        place, at = self._place(time, walk)
        own = self._own(target, place, at, walk)
        since = at - place.begin
        if since < self.blend and place.begin > 0:
            legs = self._legs(walk.outside(time), walk)
            before = place_at(self.plan, legs, place.begin - 1)
            old = self._own(target, before, place.begin, walk)
            own = old + (own - old) * eased(since / self.blend)
        rises = _built(place, at) if target in _RISING else 0.0
        return own + (1 - own) * rises

    def _own(self, target: str, place: Place, at: float, walk: Walk) -> float:
        if place.section < 0:
            return 0.0
        section = self.plan.sections[place.section]
        if target in section.signals:
            return followed(section.signals[target], round(at * TICKS), self.plan.seed, walk)
        return section.level(target, (at - place.begin) / section.cycles)

    def _signal(self, sample: Callable[[Time, Walk], Any]) -> Pattern:
        return signal(sample, reads=self._reads)

    def _by_cycle(self, value: Callable[[Place, int], Any]) -> Pattern:
        def sample(time: Time, walk: Walk) -> Any:
            place, at = self._place(time, walk)
            return value(place, math.floor(at))

        return asked_in_cycles(self._signal(sample))

    def _name(self, place: Place) -> str:
        return self.plan.sections[place.section].name if place.section >= 0 else ""

    def _known(self, name: Any) -> int:
        found = self.plan.numbered(name) if isinstance(name, str) else -1
        if found < 0:
            names = [each.name for each in self.plan.sections]
            hint = nearest(str(name), names) or f"; there is {', '.join(names)}"
            raise PatternError(f"the form has no section {told(name)}{hint}")
        return found

    def _playing(self, named: Mapping[int, Pattern], share: float, change: Any) -> Pattern:
        other = {} if change is None else {one: apply("parts", change, p) for one, p in named.items()}
        key = hash_number(self.plan.seed)

        def run(cycle: int, begin: Time, end: Time, walk: Walk) -> list[Flat]:
            place, at = self._place(cycle * TICKS, walk)
            pattern = named.get(place.section, SILENCE)
            inside = math.floor(at) - place.begin
            gap = (cycle - inside) * TICKS
            varied = share > 0 and place.visit > 0 and _varied(key, place, inside, share)
            if varied and other:
                pattern = other.get(place.section, SILENCE)
            before = walk.stream, walk.drawn
            if varied and not other:
                walk.stream, walk.drawn = _VARIED + (hash_number(key ^ place.visit) & 0xFFFFFF), {}
            try:
                return shift(visit(pattern, begin - gap, end - gap, walk, gap), gap)
            finally:
                walk.stream, walk.drawn = before

        reads = reads_of([*named.values(), *other.values()]) | self._reads
        made = split(SILENCE, run)
        return Pattern(made.run, None, None, reads)


_QUALITIES = {"energy", "density", "brightness", "tension", "register"}
_RISING = {"energy", "density", "brightness", "tension"}


def _built(place: Place, at: float) -> float:
    if place.build is None:
        return 0.0
    begin, end = place.build
    return min(1.0, max(0.0, (at - begin) / (end - begin)))


def _varied(key: int, place: Place, inside: int, share: float) -> bool:
    """Whether a cycle of a section that has come back is another; one of each visit is in any case."""
    visit = hash_number(key ^ hash_number(place.section + 1)) ^ hash_number(place.visit)
    certain = Dice(visit, 0, 1).whole(place.length)
    return inside == certain or Dice(visit, inside).random() < share
