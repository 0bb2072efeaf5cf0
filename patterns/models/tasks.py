"""What a model does in each cycle: go on, play to given voices, fill a gap, vary, lead over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from patterns.arguments import probability
from patterns.core import Pattern, sounding
from patterns.dice import Dice
from patterns.errors import PatternError
from patterns.models.artifact import Learnt
from patterns.models.chorales import Frames, FrameState
from patterns.models.composing import Rule, Tokens, advance, compose, likelihood, rekeyed
from patterns.models.copying import Copies
from patterns.models.cycles import Step, heat_at, key_at, notes_of, spread_over
from patterns.models.hearing import frames_in, highest, struck
from patterns.models.scores import FRAMES_IN_BEAT, REST, Note, key_of, line_of
from patterns.state import Walk
from patterns.ticks import TICKS

__all__ = ["Setting", "continued", "filled", "key_in", "led", "played_to", "varied"]

RECENT = 4
"""Cycles in which a melody is compared with the corpus."""
TRIES = 6
"""Cycles that are drawn where the melody is a copy of the corpus, or to suit what comes after a gap."""
_PULL = 30.0  # times likelier, halfway, is a note of one of the two

State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Setting:
    """What all tasks have in common.

    Args:
        title: The function that asks, for messages.
        learnt: What was learnt.
        model: Of so many voices as are played.
        bar: Frames in a cycle.
        keys: The key, where it is given.
        home: The key where it is not.
        heats: How daring.
        rules: What every chord must agree with.
        name: Of the fold.
        since: The cycle in which it begins.
    """

    title: str
    learnt: Learnt
    model: Frames
    bar: int
    keys: Pattern
    home: tuple[int, bool]
    heats: Pattern
    rules: tuple[Rule, ...]
    name: Any
    since: Any

    def spread(
        self,
        step: Step,
        sources: Sequence[Pattern],
        more: Callable[[int, Walk], tuple[Any, ...]],
        keep: Sequence[int] | None = None,
        start: State | None = None,
    ) -> Pattern:
        """Make the cycles: `step` is given the tonic, whether it is minor, the heat, and more.

        Args:
            step: Makes a cycle.
            sources: The patterns that `more` reads.
            more: What else is given.
            keep: The voices that sound; all, if None.
            start: The state before the first cycle; silence, if None.
        """

        def read(cycle: int, walk: Walk) -> Any:
            key = key_at(self.keys, cycle, walk, self.home)
            return (*key, heat_at(self.heats, cycle, walk), *more(cycle, walk))

        reads = frozenset[str]().union(*(one.reads for one in (self.keys, self.heats, *sources)))
        places = tuple(place for one in sources for place in one.places)
        first = start or kept((), self.model.start(self.home[1], self.bar), self.home[0])
        return spread_over(self.title, step, first, read, reads, self.name, self.since, places, keep)

    def opened(self, before: State, tonic: int, minor: bool) -> FrameState:
        """The state as a cycle begins, seen from its key."""
        state = FrameState(*before["state"])
        return rekeyed(state, tonic - before["tonic"], minor=minor, bar=self.bar)

    def frames(self, pattern: Pattern, cycle: int, walk: Walk) -> tuple[Tokens, ...]:
        """What a pattern has in a cycle, in as many voices as the model."""
        return frames_in(notes_of(pattern, cycle, walk, self.bar), self.model.voices, self.bar)


def kept(frames: Sequence[Tokens], state: FrameState, tonic: int, line: Sequence[int] = ()) -> State:
    """The state of a fold: what sounds in the cycle, what the model knows after it, the key, the melody."""
    return {"frames": tuple(frames), "state": tuple(state), "tonic": tonic, "line": tuple(line)}


def key_in(cycles: Sequence[Sequence[Note]]) -> tuple[int, bool]:
    """The key of some cycles of notes."""
    return key_of([(note.pitch,) for notes in cycles for note in notes for _ in range(note.begin, note.end)])


def continued(setting: Setting, heard: Sequence[Sequence[Note]]) -> Pattern:
    """Go on from some cycles."""
    model, bar = setting.model, setting.bar
    tonic = setting.home[0]
    state = model.start(setting.home[1], bar)
    line: list[int] = []
    for notes in heard:
        frames = frames_in(notes, model.voices, bar)
        state = advance(model, state, frames, tonic)
        line += melody_of(frames)
    first = kept((), state, tonic, line[-RECENT * bar :])

    def step(before: State, given: Any, dice: Dice) -> State:
        tonic, minor, heat = given
        begun = setting.opened(before, tonic, minor)
        line = before["line"]

        def drawn() -> tuple[list[Tokens], FrameState]:
            return compose(model, begun, bar, dice, tonic=tonic, heat=heat, rules=setting.rules)

        made, state = _new(setting.learnt.copies, line, drawn)
        return kept(made, state, tonic, (*line, *melody_of(made))[-RECENT * bar :])

    return setting.spread(step, (), lambda _cycle, _walk: (), start=first)


def melody_of(frames: Sequence[Tokens]) -> list[int]:
    """What is heard as the melody of some frames: their highest notes, whichever voice has them."""
    voices = range(len(frames[0]) if frames else 0)
    notes = [note for voice in voices for note in line_of([frame[voice] for frame in frames])]
    return [frame[0] for frame in frames_in(highest(notes), 1, len(frames))]


def _new(
    copies: Copies, line: Sequence[int], drawn: Callable[[], tuple[list[Tokens], FrameState]]
) -> tuple[list[Tokens], FrameState]:
    """Draw until the melody is no copy; a cycle whose every draw is one keeps its lowest voices only."""
    found = drawn()
    for _ in range(TRIES):
        if not copies.check(line_of([*line, *melody_of(found[0])])).is_copy:
            return found
        found = drawn()
    made, state = found
    return [(REST, *frame[1:]) for frame in made], state


def played_to(setting: Setting, given: Mapping[int, Pattern], keep: Sequence[int] | None) -> Pattern:
    """Play the other voices to some that are given.

    Args:
        setting: What all tasks have.
        given: Patterns by the number of their voice.
        keep: The voices that sound; all, if None.
    """
    bar = setting.bar
    order = sorted(given)

    def more(cycle: int, walk: Walk) -> tuple[Any, ...]:
        lines = [frames_in(notes_of(given[voice], cycle, walk, bar), 1, bar) for voice in order]
        return (tuple(tuple(frame[0] for frame in line) for line in lines),)

    def step(before: State, given: Any, dice: Dice) -> State:
        tonic, minor, heat, lines = given
        known = dict(zip(order, lines, strict=True))

        def may(frame: int, voice: int) -> tuple[int] | None:
            return (known[voice][frame],) if voice in known else None

        made, state = compose(
            setting.model, setting.opened(before, tonic, minor), bar, dice,
            tonic=tonic, heat=heat, given=may, rules=setting.rules,
        )  # fmt: skip
        return kept(made, state, tonic)

    return setting.spread(step, [given[voice] for voice in order], more, keep)


def filled(setting: Setting, source: Pattern, gaps: Pattern) -> Pattern:
    """Fill in the cycles that are marked."""
    model, bar = setting.model, setting.bar

    def more(cycle: int, walk: Walk) -> tuple[Any, ...]:
        after = setting.frames(source, cycle + 1, walk)[: 2 * FRAMES_IN_BEAT]
        return share("fill: gaps", gaps, cycle, walk), setting.frames(source, cycle, walk), after

    def step(before: State, given: Any, dice: Dice) -> State:
        tonic, minor, heat, gap, frames, after = given
        state = setting.opened(before, tonic, minor)
        if not gap:
            return kept(frames, advance(model, state, frames, tonic), tonic)
        drawn = [
            compose(model, state, bar, dice, tonic=tonic, heat=heat, rules=setting.rules)
            for _ in range(TRIES)
        ]
        made, late = max(drawn, key=lambda one: likelihood(model, one[1], after, tonic))
        return kept(made, late, tonic)

    return setting.spread(step, (source, gaps), more)


def varied(setting: Setting, source: Pattern, amounts: Pattern) -> Pattern:
    """Draw some notes anew."""
    model, bar = setting.model, setting.bar

    def more(cycle: int, walk: Walk) -> tuple[Any, ...]:
        return share("vary: amount", amounts, cycle, walk), setting.frames(source, cycle, walk)

    def step(before: State, given: Any, dice: Dice) -> State:
        tonic, minor, heat, part, frames = given
        beats = range(-(-bar // FRAMES_IN_BEAT))
        fresh = {(b, voice) for b in beats for voice in range(model.voices) if dice.random() < part}

        def may(frame: int, voice: int) -> tuple[int] | None:
            return None if (frame // FRAMES_IN_BEAT, voice) in fresh else (frames[frame][voice],)

        made, state = compose(
            model, setting.opened(before, tonic, minor), bar, dice,
            tonic=tonic, heat=heat, given=may, rules=setting.rules,
        )  # fmt: skip
        return kept(struck(made), state, tonic)

    return setting.spread(step, (source, amounts), more)


def led(setting: Setting, one: Pattern, other: Pattern, ways: Pattern) -> Pattern:
    """Lead from one music to another."""
    model, bar = setting.model, setting.bar

    def more(cycle: int, walk: Walk) -> tuple[Any, ...]:
        both = (setting.frames(one, cycle, walk), setting.frames(other, cycle, walk))
        return (share("interpolate: by", ways, cycle, walk), *both)

    def step(before: State, given: Any, dice: Dice) -> State:
        tonic, minor, heat, far, first, last = given
        state = setting.opened(before, tonic, minor)
        if far in (0, 1):
            frames = last if far else first
            return kept(frames, advance(model, state, frames, tonic), tonic)

        def lean(frame: int, voice: int) -> dict[int, float]:
            found = {first[frame][voice]: _PULL ** (2 * (1 - far))}
            token = last[frame][voice]
            found[token] = max(found.get(token, 0.0), _PULL ** (2 * far))
            return found

        made, late = compose(model, state, bar, dice, tonic=tonic, heat=heat, rules=setting.rules, lean=lean)
        return kept(made, late, tonic)

    return setting.spread(step, (one, other, ways), more)


def share(title: str, pattern: Pattern, cycle: int, walk: Walk) -> float:
    """What a pattern says as a cycle begins, 0 to 1; 0 where it says nothing."""
    for *_, value, where in sounding(pattern, cycle * TICKS, walk):
        try:
            return probability(title, value)
        except PatternError as error:
            walk.report(error.message, where)
    return 0.0
