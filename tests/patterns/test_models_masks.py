"""Rules mask a model: judged by what sounds, not by what drew it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any, cast

import pytest

import patterns.models
from patterns.carrying import states_at, take_over
from patterns.core import Pattern
from patterns.errors import PatternError
from patterns.memory import Memory
from patterns.models.artifact import read_learnt
from patterns.models.playing import Improviser
from patterns.registry import namespace
from patterns.state import DEFAULT_FUEL, NO_CONTROLS, Walk
from patterns.ticks import TICKS
from tests.patterns.rules_checked import CHORD_TONES, names_of_chords, shipped

N: dict[str, Any] = dict(namespace())
note = cast("Callable[[Any], Pattern]", N["note"])
rule = N["rule"]
MODEL: Any = Improviser(
    read_learnt((Path(patterns.models.__file__).parent / "chorale.model").read_bytes(), "chorale"), "chorale"
)
CHOIR = shipped("chorale.py")
UPWARDS = ("bass", "tenor", "alto", "soprano")
TUNE = "<[e5 d5 c5 d5] [e5 e5 e5@2] [d5 d5 d5@2] [e5 g5 g5@2]>"


def sixteenths(haps: Sequence[Any]) -> list[tuple[int, int]]:
    """Each sixteenth of each note, with its pitch."""
    return [
        (at, hap.value["note"])
        for hap in haps
        for at in range(int(hap.begin * 16 // TICKS), int(hap.end * 16 // TICKS))
    ]


def frames(pattern: Pattern, cycles: int, seed: int = 0, first: int = 0) -> list[list[int]]:
    """What sounds in each sixteenth, from the highest, by way of the haps."""
    found: list[list[int]] = [[] for _ in range(16 * cycles)]
    memory = Memory()
    for cycle in range(first, first + cycles):
        answer = pattern.answer(cycle * TICKS, (cycle + 1) * TICKS, memory=memory, seed=seed)
        for at, pitch in sixteenths(answer.haps):
            found[at - 16 * first].append(pitch)
    return [sorted(chord, reverse=True) for chord in found]


def parallels(chords: Sequence[Sequence[int]]) -> int:
    """Fifths, octaves and unisons in which two voices go together, counted from what sounds."""
    count = 0
    for before, now in pairwise(chords):
        if len(before) != len(now):
            continue
        for one, two in combinations(range(len(now)), 2):
            moved = before[one] != now[one] and before[two] != now[two]
            apart = (before[one] - before[two]) % 12, (now[one] - now[two]) % 12
            count += moved and apart[0] == apart[1] and apart[0] in {0, 7}
    return count


def problems(pattern: Pattern, cycles: int) -> Counter[str]:
    """What is told, and how often."""
    memory = Memory()
    found: Counter[str] = Counter()
    for cycle in range(cycles):
        answer = pattern.answer(cycle * TICKS, (cycle + 1) * TICKS, memory=memory)
        found.update(problem.message for problem in answer.problems)
    return found


def test_the_rules_of_a_chorale_are_kept() -> None:
    """Over two seams of phrases; ten thousand frames are in tests/bench/bench_models.py."""
    chords = frames(MODEL.continue_(rules=CHOIR), 34)
    assert parallels(chords) == 0
    names = names_of_chords(CHOIR, 34)
    ranges = [(60, 79), (55, 74), (48, 67), (40, 60)]
    whole = [chord for chord in chords if len(chord) == 4]
    assert len(whole) > 0.97 * len(chords)
    for at, chord in enumerate(chords):
        symbol = names[at // 16][at % 16 // 4].partition("/")[0]
        assert {pitch % 12 for pitch in chord} <= CHORD_TONES[symbol], at
        if len(chord) == 4:
            assert all(low <= pitch <= high for pitch, (low, high) in zip(chord, ranges, strict=True))
            assert all(one - two <= 12 for one, two in pairwise(chord[:3]))
    assert len({tuple(chord) for chord in whole}) > 30


def test_the_checker_finds_what_is_wrong() -> None:
    """One that finds nothing would prove nothing; nor would a model that has none without the mask."""
    assert parallels([(72, 64, 55, 48), (74, 65, 55, 50)]) == 1
    assert parallels([(72, 64, 55, 48), (74, 65, 57, 48)]) == 0
    assert parallels([(72, 64, 55, 48), (72, 64, 55, 48), (71, 62, 55, 43)]) == 0
    assert parallels(frames(MODEL.continue_(rules=()), 16)) > 0


LAWS = [rule.parallels(), rule.leaps(7), rule.no_crossing(*UPWARDS), rule.smooth(weight=0.5)]
TASKS: dict[str, Callable[[], Pattern]] = {
    "continue_": lambda: MODEL.continue_(rules=LAWS, key="<C A:minor>"),
    "a phrase": lambda: MODEL.continue_("c4 e4 g4 c5", rules=CHOIR),
    "accompany": lambda: MODEL.accompany(bass=N["composed"](CHOIR, "bass"), rules=CHOIR),
    "harmonise": lambda: MODEL.harmonise(note(TUNE), rules=LAWS),
    "fill": lambda: MODEL.fill(N["composed"](CHOIR), "<0 1>", rules=CHOIR),
    "vary": lambda: MODEL.vary(note(TUNE), 0.5, rules=[rule.leaps(5)]),
    "interpolate": lambda: MODEL.interpolate(note(TUNE), "c5 g4", "<.3 .7>", rules=[rule.leaps(9)]),
}


@pytest.mark.parametrize("name", TASKS)
def test_any_cycle_can_be_asked_at_any_time(name: str) -> None:
    """Also that at the seam of a phrase, and backwards; and the seed decides."""
    whole = frames(TASKS[name](), 18)
    pattern, memory = TASKS[name](), Memory()
    for cycle in (16, 3, 15, 17, 0):
        answer = pattern.answer(cycle * TICKS, (cycle + 1) * TICKS, memory=memory)
        chords: list[list[int]] = [[] for _ in range(16)]
        for at, pitch in sixteenths(answer.haps):
            chords[at - 16 * cycle].append(pitch)
        assert [sorted(chord, reverse=True) for chord in chords] == whole[16 * cycle : 16 * cycle + 16], cycle
    other = [frames(TASKS[name](), 3, seed) for seed in (1, 1, 2)]
    assert other[0] == other[1] != other[2]


@pytest.mark.parametrize("name", ["continue_", "harmonise"])
def test_a_list_of_rules_is_enough(name: str) -> None:
    """No parts, no chords: the rules are asked of the model's own voices."""
    assert parallels(frames(TASKS[name](), 34)) == 0


def test_what_is_given_fits_what_was_composed() -> None:
    """By one set of rules a composed bass and the voices above it have the same chords."""
    above = frames(TASKS["accompany"](), 8)
    names = names_of_chords(CHOIR, 8)
    for at, chord in enumerate(above):
        tones = CHORD_TONES[names[at // 16][at % 16 // 4].partition("/")[0]]
        assert {pitch % 12 for pitch in chord} <= tones


def line(**more: Any) -> list[int]:
    """The notes of a single line in the order in which they begin."""
    haps = MODEL.continue_(voices=1, **more).haps(0, 12)
    return [hap.value["note"] for hap in haps]


def test_weights_weigh() -> None:
    """A weighted rule is broken more seldom, the more it weighs, and never told."""

    def leaps(weight: float) -> int:
        pitches = line(rules=[rule.leaps(2, weight=weight)], heat=3)
        return sum(abs(one - two) > 2 for one, two in pairwise(pitches))

    assert leaps(0) > leaps(0.5) > leaps(4)
    assert not problems(MODEL.continue_(rules=[rule.smooth(weight=4)]), 4)


def test_a_scale_and_a_range_are_kept() -> None:
    """Of the part, and of the rules."""
    part = N["part"]("line", "d4", "d5", notes="scale")
    dorian = N["ruleset"]([part], [rule.leaps(4)], scale="D:dorian")
    pitches = line(rules=dorian)
    assert {pitch % 12 for pitch in pitches} <= {2, 4, 5, 7, 9, 11, 0}
    assert 62 <= min(pitches) < max(pitches) <= 74
    assert all(abs(one - two) <= 4 for one, two in pairwise(pitches))


def test_bars_are_asked_too() -> None:
    """A rule of whole bars: it is drawn again."""

    def busy(bar: Any) -> bool:
        return len(bar.values("soprano")) >= 7

    def short(**more: Any) -> int:
        haps = MODEL.continue_(voices=1, heat=2, **more).haps(0, 16)
        return sum(count < 7 for count in Counter(int(hap.whole.begin) for hap in haps).values())

    assert short(rules=[rule(busy, each="bar")]) < short(rules=())


def test_where_nothing_is_left_it_is_said_once() -> None:
    """The music goes on; the same words in each cycle are one message for whoever tells them."""

    def never(_asked: Any) -> bool:
        return False

    silent = problems(MODEL.continue_(rules=[rule(never)]), 3)
    assert list(silent.values()) == [3]
    assert "a voice rests" in next(iter(silent))
    broken = MODEL.continue_(rules=[rule(never, each="moment")])
    assert "least bad" in next(iter(problems(broken, 3)))
    assert broken.haps(0, 1)


def test_a_change_of_rules_goes_on_from_what_was_played() -> None:
    """Under one name: the first cycle by the new rules follows the last by the old ones."""
    old = MODEL.continue_(rules=CHOIR, name="hymn")
    new = MODEL.continue_(rules=[CHOIR, rule.leaps(5, of="soprano")], name="hymn")
    for seed in range(3):
        before, after = Memory(), Memory()
        walks = [Walk(0.5, seed, NO_CONTROLS, "hash", DEFAULT_FUEL, one) for one in (before, after)]
        answers = [old.answer(0, 2 * TICKS, memory=before, seed=seed)]
        take_over(new, 2 * TICKS, states_at(old, 2 * TICKS, walks[0]), walks[1])
        answers.append(new.answer(2 * TICKS, 6 * TICKS, memory=after, seed=seed))
        chords: list[list[int]] = [[] for _ in range(96)]
        for at, pitch in [row for answer in answers for row in sixteenths(answer.haps)]:
            chords[at].append(pitch)
        assert parallels([sorted(chord, reverse=True) for chord in chords]) == 0
        assert all(chords)


def test_a_rule_that_fails_is_left_out() -> None:
    """And named; the others are kept."""

    def broken(note: Any) -> bool:
        return note.pitch / 0 > 1

    told = problems(MODEL.continue_(rules=[rule(broken), rule.parallels()]), 2)
    assert list(told.values()) == [2]
    assert "'broken' fails and is left out" in next(iter(told))


def test_functions_of_chords_may_stand_beside_rules() -> None:
    """Both are kept."""

    def no_f(chord: tuple[int | None, ...], _before: Any) -> bool:
        return chord[-1] is None or chord[-1] % 12 != 5

    pitches = line(rules=[no_f, rule.leaps(4)])
    assert all(pitch % 12 != 5 for pitch in pitches)
    assert all(abs(one - two) <= 4 for one, two in pairwise(pitches))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: MODEL.continue_(voices=1, rules=CHOIR), "chorale is for 4 parts, and this has 1: soprano"),
        (lambda: MODEL.continue_(rules=[CHOIR, CHOIR]), "one set of rules, and here are 2"),
        (lambda: MODEL.continue_(rules=[rule.leaps(3), 3]), "takes functions"),
        (lambda: MODEL.continue_(rules=[rule.leaps(3, of="flute")]), "is about 'flute'"),
        (lambda: MODEL.continue_(rules=shipped("groove.py")), "is for 3 parts"),
    ],
)
def test_what_cannot_be_is_refused(call: Callable[[], object], said: str) -> None:
    """With what there is."""
    with pytest.raises((PatternError, TypeError), match=said):
        call()
