"""In duet with a keyboard: what is played is learnt, and answered in its own manner in the next cycle."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, cast

from patterns.core import Pattern
from patterns.dice import Dice
from patterns.inputs import Source
from patterns.midi_inputs import reads_of
from patterns.models.artifact import Learnt
from patterns.models.cycles import heat_at, key_at, spread_over
from patterns.models.guard import TRIES, is_copy
from patterns.models.melodies import Melodies, MelodyState
from patterns.models.protocol import draw, narrowed
from patterns.models.scores import HOLD, REST, Note, key_of
from patterns.state import Held, History, Walk
from patterns.ticks import TICKS, to_cycles

__all__ = ["answered", "strokes_in"]

MOST_NOTES = 512
"""Notes of the player that are remembered; the oldest are forgotten first."""
COST = 16
"""Steps of a query's fuel that a cycle takes: most of them are silent."""
OWN = 0.85
"""How much of an answer is in the player's manner, and not in that of the corpus."""
BEYOND = 5
"""Semitones that an answer goes beyond the player's lowest and highest note."""

Phrase = tuple[tuple[int, int, int], ...]
Frames = tuple[tuple[int, ...], ...]


def answered(
    learnt: Learnt,
    source: Source,
    cycles: int,
    bar: int,
    keys: Pattern,
    heats: Pattern,
    name: Any,
    since: Any,
) -> Pattern:
    """Answer each stretch of so many cycles in which keys were struck in the next ones.

    Args:
        learnt: What is known before anything was played.
        source: The keys.
        cycles: How long a phrase is, and its answer.
        bar: Frames of a cycle.
        keys: The key, where it is given.
        heats: How daring.
        name: Of the fold.
        since: The cycle in which it begins.
    """
    reading = reads_of(source)

    def read(cycle: int, walk: Walk) -> Any:
        if cycle % cycles:
            return (None, 1.0, ())
        heard = strokes_in(source.name, cycle - cycles, cycles, bar, walk)
        key = key_at(keys, cycle, walk, (-1, False))[0]
        return (None if key < 0 else key, heat_at(heats, cycle, walk), (cycle, *heard))

    def step(before: dict[str, Any], given: Any, dice: Dice) -> dict[str, Any]:
        key, heat, row = given
        if not row:
            return {
                **before,
                "frames": before["next"][0] if before["next"] else (),
                "next": before["next"][1:],
            }
        _, velocity, *notes = row
        phrase: Phrase = tuple(notes)
        if not phrase:
            return {**before, "frames": (), "next": ()}
        phrases = _remembered((*before["phrases"], phrase))
        tonic = key_of([(pitch,) for one in phrases for _, _, pitch in one])[0] if key is None else key
        made = _new(learnt, phrases, tonic, cycles, bar, dice, heat)
        controls = {"velocity": velocity / 127}
        return {"frames": made[0], "next": made[1:], "phrases": phrases, "controls": controls}

    start: dict[str, Any] = {"frames": (), "next": (), "phrases": (), "controls": {}}
    reads = keys.reads | heats.reads | reading
    return spread_over("answer", step, start, read, reads, name, since, (), phrase=0, cost=COST)


def strokes_in(name: str, cycle: int, cycles: int, bar: int, walk: Walk) -> tuple[Any, ...]:
    """What was struck in some cycles: how hard on the whole, and the notes, the highest at a time.

    Args:
        name: Of the input: keys that are held.
        cycle: The first cycle.
        cycles: How many.
        bar: Frames of a cycle.
        walk: The query.
    """
    controls = walk.controls
    if not isinstance(controls, History):
        return (0,)
    begin, end = (to_cycles(one * TICKS - walk.shift) for one in (cycle, cycle + cycles))
    try:
        held: Held = controls.at(name, begin)
    except KeyError:
        held = ()
    sounding: dict[int, tuple[int, int]] = {}
    before = {key for key, _ in held}
    found: list[Note] = []
    strengths: list[int] = []
    last = cycles * bar
    for at, now in controls.changes(name, begin, end):
        frame = min(round((at - begin) * bar), last - 1)
        down: dict[int, int] = dict(cast("Held", now)) if isinstance(now, tuple) else {}
        for key in [key for key in sounding if key not in down]:
            begun, _ = sounding.pop(key)
            found.append(Note(begun, max(begun + 1, frame), key))
        for key, velocity in down.items():
            if key not in before and key not in sounding:
                sounding[key] = (frame, velocity)
                strengths.append(velocity)
        before &= down.keys()
    found += [Note(begun, last, key) for key, (begun, _) in sounding.items()]
    line: dict[int, Note] = {}
    for note in sorted(found):  # of several at one time the highest comes last
        line[note.begin] = note
    loud = round(sum(strengths) / len(strengths)) if strengths else 0
    return (loud, *(tuple(note) for note in line.values()))


def _remembered(phrases: Sequence[Phrase]) -> tuple[Phrase, ...]:
    """The newest phrases, as many as have not too many notes together."""
    kept: list[Phrase] = []
    room = MOST_NOTES
    for phrase in reversed(phrases):
        room -= len(phrase)
        if room < 0 and kept:
            break
        kept.append(phrase)
    return tuple(reversed(kept))


def _new(
    learnt: Learnt, phrases: tuple[Phrase, ...], tonic: int, cycles: int, bar: int, dice: Dice, heat: float
) -> tuple[Frames, ...]:
    """The cycles of an answer; silence where each that is drawn is a copy of the corpus."""
    for _ in range(TRIES):
        made = _made(learnt.melodies, phrases, tonic, cycles, bar, dice, heat)
        if not is_copy(learnt.copies, [frame[0] for one in made for frame in one]):
            return made
        if any(learnt.copies.check([Note(*row) for row in phrase]).is_copy for phrase in phrases):
            return made  # the player knows that tune, too
    return (((REST,),) * bar,) * cycles


@lru_cache(8)
def _own(phrases: tuple[Phrase, ...], tonic: int, bar: int) -> tuple[Melodies, MelodyState]:
    """What the player's phrases teach, and the state after the last one."""
    model = Melodies()
    state = model.start(tonic, bar)
    for phrase in phrases:
        line = [Note(*row) for row in phrase]
        first = line[0].begin % bar
        state = model.learn(line, model.start(tonic, bar, first))
    return model, state


def _made(
    learnt: Melodies,
    phrases: tuple[Phrase, ...],
    tonic: int,
    cycles: int,
    bar: int,
    dice: Dice,
    heat: float,
) -> tuple[Frames, ...]:
    """The cycles of an answer: it goes on from the last phrase."""
    own, state = _own(phrases, tonic, bar)
    pitches = [pitch for phrase in phrases for _, _, pitch in phrase]
    low, high = min(pitches) - BEYOND, max(pitches) + BEYOND
    state = state._replace(at=0, bar=bar)
    bars: list[Frames] = []
    for _ in range(cycles):
        tokens = [REST] * bar
        at = 0
        while at < bar:
            state, pitch = _next(own, learnt, state, dice, heat, lambda value: low <= value <= high)
            room = bar - at
            state, length = _next(own, learnt, state, dice, heat, lambda value, room=room: value <= room)
            tokens[at] = pitch
            tokens[at + 1 : at + length] = [HOLD] * (length - 1)
            at += length
        bars.append(tuple((token,) for token in tokens))
    return tuple(bars)


def _next(
    own: Melodies, learnt: Melodies, state: MelodyState, dice: Dice, heat: float, may: Callable[[int], bool]
) -> tuple[MelodyState, int]:
    """Draw what comes next by both models: the player's manner counts most."""
    mixed: dict[int, float] = {}
    for model, weight in ((own, OWN), (learnt, 1 - OWN)):
        for value, chance in model.query(state).items():
            mixed[value] = mixed.get(value, 0.0) + weight * chance
    value = draw(narrowed(mixed, may, range(128)), dice, heat)
    return own.feed(state, value), value
