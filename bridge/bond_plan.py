"""What is planned for one instance of the plugin inside a DAW: pages of a beat each, around its host.

The host's time is the only one here: a layer's cycles are the host's beats. A page depends on its beat alone,
so that a loop or a jump finds what was planned before; the nearest ones are planned first, one at a time.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from bridge.bond_memory import EVENTS, MESSAGE, PAGES, Planned
from bridge.errors import BridgeError
from bridge.event import TimedEvent
from bridge.midi import encode
from bridge.midi_bytes import NOTE_ON, messages
from bridge.place import Place
from bridge.targets import PluginTarget, alone
from patterns.errors import SempreError
from patterns.parameter_names import SUCCEEDS, only_moves

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bridge.bond_memory import Bond, Now
    from bridge.layer import Layer
    from bridge.place import Planned as Occurrence
    from bridge.planner import Planner

AHEAD = 2.5
"""Seconds that are planned beyond where the host is, as for any other sink."""
LEAST = 8
"""Beats that are planned ahead at least: a host that renders offline gets through them in no time."""
LIVE = 0.1
"""Seconds before its time at which a page is planned once more whose layers read live input."""
LANDED = 4
"""Places that are remembered at which the host has landed: a loop comes back to one of them."""
AFTER = 4
"""Beats that are kept planned behind each of these, and behind the song's begin."""
BEHIND = 64
"""Beats that are kept planned once they have been."""
LEAD = 0.03
"""Seconds after now before which a change does not take hold: its pages are there by then."""
NUDGED = Fraction(1, 2)
"""Beats by which an event may be nudged out of its own beat."""


@dataclass(frozen=True, slots=True)
class Part:
    """A layer that an instance plays.

    Args:
        layer: What.
        seed: That of the piece, or of the host's session.
        heard: Whether it is neither muted nor silent for the solo of another.
    """

    layer: Layer
    seed: int
    heard: bool = True


class Version(NamedTuple):
    """What plays from a beat on.

    Attributes:
        begin: The beat.
        parts: By the names of their places.
        number: Counts the versions.
        places: The same as the planner takes them: one line that goes on from the version before.
        fresh: The same as if it had played since ever, for the beats before its begin.
    """

    begin: int
    parts: Mapping[str, Part]
    number: int
    places: Mapping[str, Place]
    fresh: Mapping[str, Place]


@dataclass(slots=True)
class BondPlan:
    """Keeps the pages of one instance as they have to be; used by one thread.

    Args:
        bond: The instance.
        planner: Asks layers.
        beats: Quarter notes in a cycle.
        tell: Takes a line about a layer, with its name, that could not be played as it was meant.
        sounds: Says how the plugin is to say an event that an instrument of ours plays.
    """

    bond: Bond
    planner: Planner
    beats: Fraction
    tell: Callable[[str, str], None]
    sounds: Callable[[PluginTarget, TimedEvent], bytes] | None = None
    _sounding: dict[int, tuple[Layer, Layer]] = field(default_factory=dict[int, "tuple[Layer, Layer]"])
    _versions: list[Version] = field(default_factory=list[Version])
    _written: dict[int, tuple[int, bytes]] = field(default_factory=dict[int, "tuple[int, bytes]"])
    _landed: deque[int] = field(default_factory=lambda: deque([0], LANDED + 1))
    _jumps: int = -1
    _bpm: float = 120.0

    def change(self, parts: Mapping[str, Part], now: Now | None, beats: Fraction) -> bool:
        """Play other parts from the next boundary on; says whether they are others.

        Args:
            parts: All that the instance plays.
            now: Where the host is; None if that is not known yet.
            beats: Quarter notes in a cycle.
        """
        last = self._versions[-1] if self._versions else None
        if last is not None and last.parts == parts and beats == self.beats:
            return False
        begin = self._boundary(parts, last, now)
        anew = beats != self.beats
        self.beats = beats
        parts_of_both = [*parts.values(), *(last.parts.values() if last is not None else ())]
        used = {id(part.layer) for part in parts_of_both}
        self._sounding = {one: known for one, known in self._sounding.items() if one in used}
        number = last.number + 1 if last is not None else self.bond.generation + 1
        places = {name: self._place(name, part, last, begin, anew=anew) for name, part in parts.items()}
        fresh = {name: self._place(name, part, None, begin, anew=True) for name, part in parts.items()}
        self._versions = [*self._versions[-1:], Version(begin, dict(parts), number, places, fresh)]
        return True

    def forget(self) -> None:
        """Let nothing that was planned be played, and end what sounds; all is planned anew."""
        self.bond.void(self._versions[-1].number + 1 if self._versions else self.bond.generation + 1)
        self.bond.flush()
        self._versions.clear()
        self._written.clear()

    def step(self, now: Now) -> bool:
        """Write the page that is needed first, if one is not as it has to be; says whether there was one."""
        if not self._versions:
            return False
        self._bpm = now.bpm if now.bpm > 0 else self._bpm
        here = math.floor(now.beat)
        if now.jumps != self._jumps:
            self._jumps = now.jumps
            if here not in self._landed:
                self._landed.append(here)
            if len(self._versions) > 1:
                # A jump is a boundary, too: in a loop of a bar the one of 16 bars may never come.
                self._versions = [self._versions[-1]._replace(begin=here)]
        if len(self._versions) > 1 and now.beat >= self._versions[-1].begin:
            self._versions = self._versions[-1:]
        soon = now.beat + LIVE * self._bpm / 60
        for beat in self._wanted(now, here):
            version, places = self._version(beat)
            known = self._written.get(beat)
            # Once more just before it is played, where it depends on what a hand does.
            again = here <= beat <= soon and any(p.layer.pattern.reads for p in version.parts.values())
            if known is not None and known[0] == version.number and not again:
                continue
            if self._write(beat, version, places):
                return True
        if len(self._versions) == 1:
            # All that matters is of this version: what is left of older ones is void.
            self.bond.void(self._versions[0].number)
        return False

    def _wanted(self, now: Now, here: int) -> Iterator[int]:
        """The beats that have to be planned, the nearest first."""
        ahead = max(LEAST, math.ceil(AHEAD * self._bpm / 60))
        seen: set[int] = set()
        for beat in range(here, here + ahead + 1):
            seen.add(beat)
            yield beat
        for first in reversed(self._landed):
            for beat in range(first, first + AFTER):
                # Two beats that share a page would push each other out.
                if beat not in seen and (beat - here) % PAGES > ahead:
                    seen.add(beat)
                    yield beat
        # What was played lately: whoever goes back a little hears the present version at once.
        yield from (
            beat for beat in range(here - 1, here - BEHIND, -1) if beat in self._written and beat not in seen
        )

    def _version(self, beat: int) -> tuple[Version, Mapping[str, Place]]:
        for version in reversed(self._versions):
            if version.begin <= beat:
                return version, version.places
        last = self._versions[-1]
        # With two of them the older one is still played here; with one, this beat lies behind its begin.
        first = self._versions[0]
        return (first, first.places) if len(self._versions) > 1 else (last, last.fresh)

    def _write(self, beat: int, version: Version, places: Mapping[str, Place]) -> bool:
        """Plan a beat; whether that was news."""
        planned = sorted(
            (
                one
                for name, part in version.parts.items()
                if part.heard
                for one in self._plan(beat, name, part, places)
            ),
            key=lambda one: one.beat,
        )
        body = b"".join(one.pack() for one in planned)
        if self._written.get(beat) == (version.number, body):
            return False
        left = self.bond.write(beat, version.number, planned)
        if left:
            self.tell("", f"more than {EVENTS} messages are said within a beat: a plugin takes no more")
        slot = beat % PAGES
        for other in [one for one in self._written if one % PAGES == slot and one != beat]:
            del self._written[other]
        self._written[beat] = (version.number, body)
        return True

    def _plan(self, beat: int, name: str, part: Part, places: Mapping[str, Place]) -> Iterator[Planned]:
        begin, end = (beat - NUDGED) / self.beats, (beat + 1 + NUDGED) / self.beats
        for one in self.planner.plan(places[name], begin, end):
            try:
                yield from self._messages(beat, name, part, one)
            except (SempreError, TypeError, ValueError) as error:
                self.tell(name, str(error))

    def _messages(self, beat: int, name: str, part: Part, one: Occurrence) -> Iterator[Planned]:
        """The messages and sounds of an occurrence that begin within a beat."""
        target = part.layer.target
        if not isinstance(target, PluginTarget) or not one.heard:
            return
        a_second = self._bpm / 60
        at = float(one.onset * self.beats) + one.nudge * a_second
        if not beat <= at < beat + 1:
            return
        length = float(one.length * self.beats) if one.sustain is None else one.sustain * a_second
        event = TimedEvent(at, max(0.0, length), one.controls, name, one.id, one.where)
        if target.sound is not None:
            if self.sounds is not None and SUCCEEDS not in one.controls:
                ends = not only_moves(one.controls)
                data = self.sounds(target, replace(event, duration=event.duration / a_second))
                yield Planned(at, event.duration if ends else MESSAGE, data)
            return
        for sent in encode(replace(target, latency=0.0), event):
            for data in messages(sent.on):
                if len(data) > 3:
                    raise BridgeError("a plugin inside a DAW takes messages of 3 bytes at most: no sysex")
                note = data[0] & 0xF0 == NOTE_ON and bool(sent.off)
                yield Planned(sent.at, sent.until - sent.at if note else MESSAGE, data)

    def _boundary(self, parts: Mapping[str, Part], last: Version | None, now: Now | None) -> int:
        """The beat from which a change holds: pages are whole, so it is a whole one."""
        if now is None or last is None:
            return 0 if now is None else math.floor(now.beat)
        soonest = now.beat + LEAD * max(self._bpm, 1.0) / 60 if now.rolls else now.beat
        if not now.rolls:
            return math.floor(soonest)
        changed = [part.layer.quantum for name, part in parts.items() if self._is_news(name, part, last)]
        quantum = (
            Fraction(now.quantum).limit_denominator(64)
            if now.quantum > 0
            else max(changed, default=Fraction(0))
        )
        grid = max(Fraction(1), quantum * self.beats)
        return math.ceil(math.ceil(Fraction(soonest) / grid) * grid)

    def _is_news(self, name: str, part: Part, last: Version) -> bool:
        """Whether a layer says something else, and is not only muted or heard again."""
        before = last.parts.get(name)
        return before is None or before.layer is not part.layer

    def _place(self, name: str, part: Part, last: Version | None, begin: int, *, anew: bool) -> Place:
        """A place for a layer that goes on from the one before it, where there is one."""
        layer = self._as_played(part.layer)
        known = last.places.get(name) if last is not None else None
        before = known.versions[-1][1] if known is not None else None
        start = Fraction(min(0, begin) - 4 * PAGES)
        if known is not None and not anew and before is layer and known.seed == part.seed:
            return known
        versions = [(start, layer)]
        if known is not None and not anew and before is not None:
            versions = [(start, before), (Fraction(begin) / self.beats, layer)]
        return Place(name, list(versions), start, part.seed, good=layer)

    def _as_played(self, layer: Layer) -> Layer:
        """A layer as it is asked; the same one each time."""
        known = self._sounding.get(id(layer))
        if known is None or known[0] is not layer:
            known = self._sounding[id(layer)] = layer, alone(layer)
        return known[1]
