"""One bar from the bars before it: what is to be filled in, and what to do where the rules contradict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, partial
from typing import Any, NamedTuple, cast

from patterns.chance import hash_number
from patterns.combine import explain
from patterns.dice import Dice
from patterns.rules.changes import Change, Plan, Slots, chosen
from patterns.rules.context import Chord, Moment, Note, Place
from patterns.rules.contradicting import TRIES, Contradiction, contradiction, judged
from patterns.rules.declaring import Rule, Ruleset, chords_given, onsets_of, pitches_of
from patterns.rules.search import Broken, Row, Step, gone_on, searched
from patterns.state import Remark
from patterns.ticks import TICKS
from patterns.where import Where

__all__ = ["Composed", "Written", "bar_after", "chain", "chords_in", "opening", "rows_after", "tied"]

_ODD = 0x9E3779B97F4A7C15
_TO_UNIT = 2.0**-53
KEPT = 256
"""Bars and plans that a ruleset keeps: its other parts ask for the same ones."""
PULL = 0.7
"""What a semitone away from the next phrase's opening costs, one onset before it."""
NOTHING = "a part has no note that it may have, and rests"
SEAM = "no way leads from here to the beginning of the next phrase by all hard rules"

Written = tuple[tuple[tuple[Fraction, Fraction, Any], ...], ...]
"""A bar as it is kept: for each part its onsets and lengths in beats, and pitches."""
Onsets = Sequence[Sequence[tuple[Fraction, Fraction]]]


class Composed(NamedTuple):
    """A bar and what it took.

    Attributes:
        written: The bar.
        nodes: Notes that were tried.
        problems: What went wrong, each with its place.
        cost: Of the way that was chosen, beyond its end as far as it was tried.
        dropped: The rules that were left out.
    """

    written: Written
    nodes: int
    problems: tuple[tuple[str, tuple[Where, ...]], ...]
    cost: float
    dropped: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """What a bar is like before there are notes in it.

    Attributes:
        onsets: For each part when it begins something and how long that is, in beats.
        chords: Of the bar.
        places: Where anything begins.
        over: How many beats what begins in it sounds beyond its end.
    """

    onsets: Onsets
    chords: Sequence[Chord]
    places: Sequence[Place]
    over: Fraction


def _kept(rules: Ruleset, key: Any, make: Callable[[], Any]) -> Any:
    """Compute once what only depends on the rules and on a key."""
    found = rules.kept.get(key)
    if found is None:
        found = rules.kept[key] = make()
        while len(rules.kept) > KEPT:
            rules.kept.pop(next(iter(rules.kept)), None)
    return found


def _plan(rules: Ruleset, phrase: int, key: int) -> Plan:
    """The chords of a phrase, bar by bar."""

    def make() -> Plan:
        given = rules.chords
        if callable(given):
            given = chords_given(f"{rules.name}: chords=", given(phrase, Dice(key ^ _ODD, phrase)))
        rows = cast("Slots", given or [[]])
        slots = [rows[bar % len(rows)] for bar in range(rules.phrase)]
        counts = tuple(map(len, slots))
        noises = [_noise(key ^ _ODD, phrase * 4096 + at, rules.variety) for at in range(sum(counts))]

        def noise(at: int, chord: Chord) -> float:
            return noises[at](chord.root, chord.bass * 4096 + sum(1 << tone for tone in chord.tones))

        def change(chord: Chord, before: Change | None, bar: int, left: int) -> Change:
            return Change(chord, before, phrase, bar, rules.phrase, left, counts, rules.tonic, rules.tones)

        return chosen(slots, about(rules.rules, "chord"), noise, change, rules.name)

    return cast("Plan", _kept(rules, ("chords", phrase, key), make))


def chords_in(rules: Ruleset, bar: int, key: int) -> list[Chord]:
    """The chords of a bar, evenly over it; none if the rules have none."""
    return _plan(rules, bar // rules.phrase, key).bars[bar % rules.phrase]


def frame_of(rules: Ruleset, bar: int, key: int) -> Frame:
    """The chords of a bar, and when its parts begin something."""

    def make() -> Frame:
        chords = chords_in(rules, bar, key)
        rows: list[Sequence[tuple[Fraction, Fraction]]] = []
        for index, part in enumerate(rules.parts):
            given = part.onsets
            if callable(given):
                place = _place(rules, bar, Fraction(0), chords, 0, ends=False, struck=())
                given = cast("Any", given)(place, Dice(key ^ (index + 1) * _ODD, bar))
            rows.append(onsets_of(part.name, given, rules.beats))
        last = max((at + length for row in rows for at, length in row), default=Fraction(0))
        over = max(Fraction(0), last - rules.beats)
        return Frame(rows, chords, _places(rules, bar, rows, chords), over)

    return cast("Frame", _kept(rules, ("frame", bar, key), make))


def tied(rules: Ruleset, bar: int, key: int) -> Any:
    """Say for how long notes of a bar sound beyond its end, in ticks."""
    over = frame_of(rules, bar, key).over
    return over * TICKS / rules.beats if over else 0


def _place(
    rules: Ruleset, bar: int, at: Fraction, chords: Sequence[Chord], left: int, *, ends: bool, struck: Any
) -> Place:
    chord = chords[int(at * len(chords) / rules.beats)] if chords else None
    phrase, number = divmod(bar, rules.phrase)
    return Place(
        bar, number, rules.phrase, phrase, at + 1, float(at + 1), rules.beats, chord, rules.tones,
        rules.tonic, left, ends, {part.name: index for index, part in enumerate(rules.parts)}, tuple(struck),
        frozenset(part.name for part in rules.parts if part.sound),
    )  # fmt: skip


def _places(rules: Ruleset, bar: int, onsets: Onsets, chords: Sequence[Chord]) -> list[Place]:
    """The moments of a bar at which something begins."""
    struck: dict[Fraction, list[int]] = {}
    for part, rows in enumerate(onsets):
        for at, _ in rows:
            struck.setdefault(at, []).append(part)
    left = len(struck)
    last = bar % rules.phrase == rules.phrase - 1
    found: list[Place] = []
    for at in sorted(struck):
        left -= 1
        ends = last and not left
        found.append(_place(rules, bar, at, chords, left, ends=ends, struck=struck[at]))
    return found


def _stood(rules: Ruleset, bar: int, key: int, written: Written) -> tuple[Onsets, Sequence[Place]]:
    """When and where something begins in a written bar: as in its frame, if these rules wrote it."""
    frame = frame_of(rules, bar, key)
    onsets = [[row[:2] for row in part] for part in written]
    return onsets, frame.places if onsets == frame.onsets else _places(rules, bar, onsets, frame.chords)


def about(rules: Iterable[Rule], each: str, part: str = "") -> tuple[Rule, ...]:
    """The rules that ask something: those that forbid come first, the cheapest way to be done with a note."""
    found = [one for one in rules if one.each == each and (not part or not one.of or part in one.of)]
    return tuple(sorted(found, key=lambda one: one.weight is not None))


def rows_after(
    rules: Ruleset,
    laws: Sequence[Rule],
    bar: int,
    ends: Sequence[Fraction],
    key: int,
    given: Written | None = None,
) -> tuple[list[Row], list[Fraction]]:
    """Say what is to be filled in in a bar, and when the last note of each part ends.

    Args:
        rules: Whose parts.
        laws: The rules that count.
        bar: Its number.
        ends: When the last note of each part before it ends, in beats of this bar.
        key: Of its chance.
        given: Its notes, if they are fixed.
    """
    frame = frame_of(rules, bar, key)
    onsets, places = (frame.onsets, frame.places) if given is None else _stood(rules, bar, key, given)
    asked = [about(laws, "note", part.name) for part in rules.parts]
    moments, bars = about(laws, "moment"), about(laws, "bar")
    until = list(ends)
    reached = [0] * len(rules.parts)
    rows: list[Row] = []
    for number, place in enumerate(places):
        at = place.beat - 1
        steps: list[Step] = []
        held = [part for part, end in enumerate(until) if end > at and part not in place.struck]
        for part in place.struck:
            index = reached[part]
            reached[part] += 1
            length = onsets[part][index][1]
            voice = rules.parts[part]
            fixed = None if given is None else (given[part][index][2],)
            pitches = fixed or pitches_of(voice, place, place.chord, rules.tones)
            steps.append(Step(part, voice.name, length, pitches, asked[part]))
            until[part] = at + length
        closing = bars if not place.left else ()
        noise = _noise(key, bar * 1024 + number, rules.variety)
        rows.append(Row(place, tuple(steps), tuple(held), moments, closing, noise))
    return rows, [end - rules.beats for end in until]


def _noise(key: int, at: int, variety: float) -> Callable[[int, Any], float]:
    """Chance that hangs on the place, the part and the pitch, and not on the way there."""
    base = hash_number(key ^ hash_number(at))

    def noise(part: int, pitch: Any) -> float:
        mixed = hash_number(-1 if pitch is None else pitch) ^ (base + part * _ODD)
        mixed = (mixed * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
        mixed = ((mixed ^ (mixed >> 29)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
        return variety * (mixed >> 11) * _TO_UNIT

    return noise if variety else lambda part, pitch: 0.0


def chain(
    rules: Ruleset, past: Sequence[Written], bar: int, key: int
) -> tuple[Moment | None, list[Fraction]]:
    """Put together what was before a bar, and say when its last notes end in beats of the bar."""
    count = len(rules.parts)
    at: Moment | None = None
    ends = [Fraction(-1)] * count
    for back, written in enumerate(past):
        _, places = _stood(rules, bar - len(past) + back, key, written)
        reached = [0] * count
        for place in places:
            beat = place.beat - 1
            notes: list[Note | None] = [
                at.notes[part] if at is not None and ends[part] > beat else None for part in range(count)
            ]
            latest: list[Note | None] = [None] * count if at is None else at.latest[:]
            at = Moment(place, notes, at, latest)
            for part in place.struck:
                _, length, pitch = written[part][reached[part]]
                reached[part] += 1
                ends[part] = beat + length
                notes[part] = None
                if pitch is not None:
                    name = rules.parts[part].name
                    notes[part] = latest[part] = Note(pitch, name, latest[part], length, at)
        ends = [end - rules.beats for end in ends]
    return at, ends


def opening(rules: Ruleset, bar: int, key: int) -> Composed:
    """Compose the first bar of a phrase: by itself, for it can be asked from both sides."""
    return cast("Composed", _kept(rules, ("opening", bar, key), lambda: _bar(rules, (), bar, key)))


def bar_after(rules: Ruleset, past: tuple[Written, ...], bar: int, key: int) -> Composed:
    """Compose a bar that follows others.

    Args:
        rules: What it keeps.
        past: The bars before it, the last one last.
        bar: Its number.
        key: Of its chance.
    """

    def make() -> Composed:
        if not bar % rules.phrase:  # the rules have changed here: what follows may be as it would have been
            made = opening(rules, bar, key)
            start, ends = chain(rules, past, bar, key)
            laws = [one for one in rules.rules if one not in made.dropped]
            rows, _ = rows_after(rules, laws, bar, ends, key, made.written)
            with suppress(Broken):
                if searched(rows, start, len(rules.parts), 1, rules.limit).moment is not None:
                    return made
        return _bar(rules, past, bar, key)

    return cast("Composed", _kept(rules, (bar, key, past), make))


def _bar(rules: Ruleset, past: tuple[Written, ...], bar: int, key: int) -> Composed:
    start, ends = chain(rules, past, bar, key)
    count = len(rules.parts)
    nodes = 0
    problems = [] if bar % rules.phrase else [*_plan(rules, bar // rules.phrase, key).problems]
    dropped: list[Rule] = []
    while True:
        laws = [one for one in rules.rules if one not in dropped]
        rows, until = rows_after(rules, laws, bar, ends, key)
        judge = partial(judged, rows, start, count)
        alone = cache(partial(judge, frozenset(laws), max(TRIES, rules.limit // 4)))
        try:
            if past:
                beyond = _led(rules, laws, bar, rows, until, key)
            else:
                beyond = rows + _ahead(rules, laws, bar, until, key)
            out = searched(beyond, start, count, rules.width, rules.limit, lambda: alone().moment is None)  # noqa: B023 - asked at once
            nodes += out.nodes
            nodes += alone().nodes if out.moment is None or alone.cache_info().currsize else 0
            if out.moment is not None or not rows:
                break
            if alone().moment is not None:
                # What comes after is not to be had: the bar alone may be.
                out = searched(rows, start, count, rules.width, rules.limit)
                nodes += out.nodes
            if out.moment is None:
                out.moment = alone().moment  # it is none of the best, but keeps what must be
            if out.moment is not None:
                if not (bar + 1) % rules.phrase:
                    problems.append((Remark(f"{rules.name}: {SEAM}"), rules.where))
                break
            found = contradiction(laws, alone(), judge, rules.limit)
            nodes += found.nodes
            if not found.rules:
                gone_on(rows, out, count)
                problems.append((Remark(f"{rules.name}: {NOTHING}"), rules.where))
                break
            dropped.append(found.rules[-1])
            problems.append((Remark(_contradiction(rules, found)), found.rules[-1].where))
        except Broken as error:
            dropped.append(error.rule)
            told = f"{rules.name}: the rule {error.rule.name!r} fails and is left out: {explain(error.error)}"
            problems.append((told, error.rule.where))
    written = _written(rules, bar, out.moment, key)
    return Composed(written, nodes, tuple(problems), out.cost, tuple(dropped))


def _ahead(rules: Ruleset, laws: Sequence[Rule], bar: int, ends: Sequence[Fraction], key: int) -> list[Row]:
    """Say with which onsets beyond its end a bar is tried: of its own phrase only."""
    rows: list[Row] = []
    while len(rows) < rules.ahead and (bar + 1) % rules.phrase:
        bar += 1
        more, ends = rows_after(rules, laws, bar, ends, key)
        if not more:
            break
        rows += more
    return rows[: rules.ahead]


def _led(
    rules: Ruleset, laws: Sequence[Rule], bar: int, rows: list[Row], ends: Sequence[Fraction], key: int
) -> list[Row]:
    """Lead a bar towards the opening of the next phrase; the last two are tried with all up to there.

    The parts are drawn to where they will begin, the more the nearer that is.
    """
    left = -(bar + 1) % rules.phrase
    after = bar + 1 + left
    target = opening(rules, after, key).written
    goals = {part: row[0][2] for part, row in enumerate(target) if row and not rules.parts[part].sound}
    far = len(rows) * (left + 1)
    if left <= (0 if all(part.sound for part in rules.parts) else 1):
        if left:
            more, ends = rows_after(rules, laws, bar + 1, ends, key)
            rows = rows + more
            far = len(rows)
        behind = rows_after(rules, laws, after, ends, key, target)[0]
    else:
        behind = _ahead(rules, laws, bar, ends, key)
    drawn = [replace(row, noise=_drawn(row.noise, goals, far - at)) for at, row in enumerate(rows)]
    return drawn + behind


def _drawn(
    noise: Callable[[int, Any], float], goals: Mapping[int, Any], far: int
) -> Callable[[int, Any], float]:
    """Let a note cost more the farther it is from where its part is to be."""

    def cost(part: int, pitch: Any) -> float:
        goal = goals.get(part)
        away = 0 if pitch is None or goal is None else abs(pitch - goal)
        return noise(part, pitch) + PULL * away / far

    return cost


def _contradiction(rules: Ruleset, found: Contradiction) -> str:
    """Say which rules contradict, and which of them goes."""
    names = [repr(one.name) for one in found.rules]
    last = names[-1]
    if len(names) == 1:
        if found.proved:
            return f"{rules.name}: the rule {last} cannot be kept by any note, and is left out"
        return f"{rules.name}: no way was found that keeps the rule {last}, which is left out"
    listed = f"{', '.join(names[:-1])} and {last}"
    if found.proved:
        return f"{rules.name}: the rules {listed} contradict one another; {last} is left out"
    return f"{rules.name}: no way was found that keeps the rules {listed} together; {last} is left out"


def _written(rules: Ruleset, bar: int, last: Moment | None, key: int) -> Written:
    """Write down a bar, out of the moments that lead to the last one."""
    pitches: list[list[Any]] = [[] for _ in rules.parts]
    at = last
    while at is not None and at.place.bar >= bar:
        if at.place.bar == bar:
            for part in at.place.struck:
                note = at.notes[part]
                pitches[part].append(None if note is None else note.pitch)
        at = at.before
    onsets = frame_of(rules, bar, key).onsets
    return tuple(
        tuple((*row, pitch) for row, pitch in zip(rows, reversed(found), strict=True))
        for rows, found in zip(onsets, pitches, strict=True)
    )
