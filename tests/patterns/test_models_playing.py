"""What a model plays: the same whenever it is asked, true to what is given, and obedient to rules."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.carrying import states_at, take_over
from patterns.core import Hap, Pattern
from patterns.errors import PatternError, SempreError
from patterns.memory import Memory
from patterns.models.artifact import Learnt, read_learnt, write_learnt
from patterns.models.chorales import Frames
from patterns.models.copying import Copies
from patterns.models.melodies import Melodies
from patterns.models.playing import Improviser
from patterns.models.protocol import Card
from patterns.models.scores import Note, Score, frames_of
from patterns.registry import namespace
from patterns.state import DEFAULT_FUEL, NO_CONTROLS, Walk
from patterns.ticks import TICKS
from patterns.tonality import note_number

N: dict[str, Any] = dict(namespace())
note = cast("Callable[[Any], Pattern]", N["note"])

CHORDS = {"I": (72, 67, 64, 48), "IV": (72, 69, 65, 53), "V": (71, 67, 62, 43), "vi": (72, 69, 64, 45)}
PLANS = ("I IV V I", "I vi IV V", "vi IV V I", "I V vi IV", "IV I V I", "I V I V")


def hymn(plan: str, name: str) -> Score:
    """Chords in quarter notes, twice."""
    chords = [CHORDS[chord] for chord in plan.split() * 2]
    lines = [[Note(4 * i, 4 * i + 4, chord[voice]) for i, chord in enumerate(chords)] for voice in range(4)]
    return frames_of(name, lines, key=(0, False))


def learnt(pieces: list[Score], copies: Copies | None = None) -> Learnt:
    """What a training gives."""
    card = Card("hymns", "written here", "our own", len(pieces), {"train": len(pieces)}, {"nll": 0.5}, 7)
    frames, line, melodies = Frames(4, card), Frames(1, card), Melodies(card)
    frames.fit(pieces)
    line.fit(Score(p.name, tuple(f[:1] for f in p.frames), p.bars, p.tonic, p.minor) for p in pieces)
    melodies.fit(pieces)
    return Learnt(card, frames, line, melodies, copies or Copies(), 16)


PLAYER = Improviser(learnt([hymn(plan, plan) for plan in PLANS]), "hymns")
MODEL: Any = PLAYER  # a musician may give it anything
TUNE = note("c5 b4 c5 c5")

TASKS: dict[str, Callable[[], Pattern]] = {
    "continue": lambda: MODEL.continue_(key="<C A:minor>", heat=1.5),
    "continue a line": lambda: MODEL.continue_(note("c5 a4 g4 e4"), voices=1),
    "accompany": lambda: MODEL.accompany(TUNE),
    "accompany a bass": lambda: MODEL.accompany(bass=note("c3 f3 g2 c3")),
    "harmonise": lambda: MODEL.harmonise(TUNE),
    "fill": lambda: MODEL.fill(note("<[c5 b4] [e4 g4] c5>"), "<0 1 0>", key="C", heat=2),
    "vary": lambda: MODEL.vary(note("<[c5 b4 a4 g4] [e4 g4]>"), 0.5),
    "interpolate": lambda: MODEL.interpolate(note("c5 b4 a4 g4"), note("e4 g4"), "<0 .3 .7 1>"),
}


def heard(pattern: Pattern, begin: int, end: int, seed: int = 0) -> list[tuple[Any, ...]]:
    """When and what, in order."""
    return sorted(
        (hap.part.begin, hap.part.end, hap.whole.begin, note_number(hap.value["note"]))
        for hap in pattern.haps(begin, end, seed=seed)
        if hap.whole is not None
    )


def chords(haps: list[Hap]) -> list[tuple[int, ...]]:
    """What sounds in each sixteenth, from the highest."""
    last = max(hap.part.end for hap in haps)
    return [
        tuple(
            sorted(h.value["note"] for h in haps if h.whole and h.whole.begin <= at / 16 < h.whole.end)[::-1]
        )
        for at in range(int(last * 16))
    ]


@pytest.mark.parametrize("name", TASKS)
def test_any_cycle_can_be_asked_at_any_time(name: str) -> None:
    """Far ahead, backwards, in pieces, and with nothing held over the end of a cycle."""
    whole = heard(TASKS[name](), 0, 18)
    assert len(whole) > 18
    pattern, memory = TASKS[name](), Memory()
    parts: list[Any] = []
    for cycle in (17, 5, 16, 1, 15, 0, 2):
        answer = pattern.answer(cycle * TICKS, (cycle + 1) * TICKS, memory=memory)
        got = sorted((raw.begin, note_number(raw.value["note"])) for raw in answer.haps if raw.has_onset)
        wanted = sorted((begun * TICKS, pitch) for _, _, begun, pitch in whole if cycle <= begun < cycle + 1)
        assert got == wanted, cycle
        parts += got
    assert parts
    assert pattern.answer(10**6 * TICKS, (10**6 + 1) * TICKS).problems == []
    assert all(begin >= begun // 1 and end <= begun // 1 + 1 for begin, end, begun, _ in whole)


@settings(max_examples=20)
@given(st.sampled_from(sorted(TASKS)), st.integers(1, 3 * TICKS - 1))
def test_a_query_is_its_parts(name: str, cut: int) -> None:
    """What begins in a stretch begins in one of its parts."""
    pattern = TASKS[name]()

    def onsets(begin: int, end: int) -> list[Any]:
        haps = pattern.answer(begin, end).haps
        return sorted((raw.begin, str(raw.value["note"])) for raw in haps if raw.has_onset)

    assert onsets(0, 3 * TICKS) == sorted(onsets(0, cut) + onsets(cut, 3 * TICKS))


@pytest.mark.parametrize("name", TASKS)
def test_the_seed_decides(name: str) -> None:
    """The same seed plays the same, another one something else."""
    assert heard(TASKS[name](), 0, 8, 1) == heard(TASKS[name](), 0, 8, 1)
    assert heard(TASKS[name](), 0, 8, 1) != heard(TASKS[name](), 0, 8, 2)


def test_a_change_of_the_piece_goes_on_from_where_it_was() -> None:
    """Under one name: what was played before a change is what the new version goes on from."""
    old = MODEL.continue_(key="C", heat="<0.1 2!15>", name="hymn")  # it begins otherwise
    new = MODEL.continue_(key="C", heat=2, name="hymn")
    elsewhere = 0
    for seed in range(8):
        before, after = Memory(), Memory()
        walks = [Walk(0.5, seed, NO_CONTROLS, "hash", DEFAULT_FUEL, one) for one in (before, after)]
        old.answer(0, TICKS, memory=before, seed=seed)
        take_over(new, TICKS, states_at(old, TICKS, walks[0]), walks[1])
        found = [
            sorted(
                (raw.begin, raw.value["note"])
                for raw in pattern.answer(TICKS, 4 * TICKS, memory=memory, seed=seed).haps
                if raw.has_onset
            )
            for pattern, memory in ((new, after), (old, before), (new, None))
        ]
        assert found[0] == found[1]
        elsewhere += found[0] != found[2]
    assert elsewhere


def test_a_voice_that_is_given_is_kept() -> None:
    """`harmonise` sounds it, above the others; `accompany` sounds the others alone."""
    wanted = [(f"{i}/4", pitch) for i, pitch in enumerate((72, 71, 72, 72))]
    top = MODEL.harmonise(TUNE).haps(0, 1)
    assert {("0" if w == "0/4" else w, p) for w, p in wanted} <= {
        (str(h.whole.begin).replace("1/2", "2/4"), h.value["note"]) for h in top if h.whole
    }
    assert all(len(chord) == 4 for chord in chords(top))
    assert all(len(chord) <= 3 for chord in chords(MODEL.accompany(TUNE).haps(0, 4)))


def test_what_was_learnt_is_heard() -> None:
    """The chords to a melody are those that were learnt with it; a leading note has a dominant below."""
    found = chords(MODEL.harmonise(note("c5 a4 b4 c5"), key="C", heat=0.3).haps(0, 8, seed=3))
    third = [chord for at, chord in enumerate(found) if at % 16 == 8]
    assert sum(chord == CHORDS["V"] for chord in third) >= 5


def test_what_is_given_is_kept_where_nothing_is_asked() -> None:
    """No amount varies nothing; at its ends a way is one of its two; a gap is the one cycle that changes."""
    tune = note("<[c5 b4 a4 g4] [e4 g4]>")
    same = heard(tune, 0, 4)
    assert heard(MODEL.vary(tune, 0), 0, 4) == same
    assert heard(MODEL.interpolate(tune, "c4", 0), 0, 4) == same
    assert heard(MODEL.interpolate(note("c4"), tune, 1), 0, 4) == same
    filled = heard(MODEL.fill(tune, "<0 0 1 0>"), 0, 4)
    assert [row for row in filled if not 2 <= row[0] < 3] == [row for row in same if not 2 <= row[0] < 3]
    assert heard(MODEL.vary(tune, 1), 0, 4) != same


def test_a_way_leads_from_one_to_the_other() -> None:
    """The further, the fewer notes of the one and the more of the other."""
    one, other = note("c5 c5 c5 c5"), note("e4 e4 e4 e4")
    shares: list[float] = []
    for by in (0.1, 0.5, 0.9):
        found = [row[3] for row in heard(MODEL.interpolate(one, other, by), 0, 40)]
        shares.append(sum(pitch == 64 for pitch in found) / len(found))
    assert shares[0] < shares[1] < shares[2]


def test_rules_are_obeyed() -> None:
    """No chord that a rule forbids ever sounds; the rules are asked about all voices from the top."""

    def no_f(chord: tuple[int | None, ...], _before: tuple[int | None, ...]) -> bool:
        return chord[-1] is None or chord[-1] % 12 != 5

    free = [row[3] % 12 for row in heard(MODEL.continue_(), 0, 20)]
    bound = [row[3] % 12 for row in heard(MODEL.continue_(rules=no_f), 0, 20)]
    assert 5 in free
    assert 5 not in bound
    assert len(bound) > 100

    def silence(chord: tuple[int | None, ...], _before: tuple[int | None, ...]) -> bool:
        return chord[-1] is None

    assert MODEL.continue_(rules=silence).haps(0, 2) == []


def test_heat() -> None:
    """A cold model repeats itself, a hot one does not."""

    def kinds(heat: float) -> int:
        return len(set(chords(MODEL.continue_(heat=heat).haps(0, 12))))

    assert kinds(0.1) <= kinds(1) < kinds(3)


def test_keys_may_change() -> None:
    """The same music in another key is the same a few semitones away."""
    home = [row[3] for row in heard(MODEL.continue_(key="C"), 0, 3)]
    away = [row[3] for row in heard(MODEL.continue_(key="D"), 0, 3)]
    assert away == [pitch + 2 for pitch in home]


HEART = (60, 67, 65, 72, 61, 70, 58, 66, 62, 74, 59, 63, 71, 60, 68, 64)
BELOW = note("<[c3 cs3 d3 c3] [cs3 d3 c3 cs3] [d3 c3 cs3 d3] [c3 cs3 d3 c3]>")


def by_heart(guarded: bool) -> Any:
    """A model that knows one tune only, and may or may not look for it in what it plays."""
    line = [Note(4 * i, 4 * i + 4, pitch) for i, pitch in enumerate(HEART)]
    low = [Note(4 * i, 4 * i + 4, 48 + i % 3) for i in range(16)]
    known = Copies()
    if guarded:
        known.add("one", line)
    return Improviser(learnt([frames_of("one", [line, low, low, low], key=(0, False))], known), "one")


def test_a_small_corpus_is_not_passed_off_as_new() -> None:
    """A model that knows one tune only plays other ones, or none; without the check it plays that tune."""
    loose, strict = by_heart(guarded=False), by_heart(guarded=True)
    assert strict.learnt.copies.check(
        [Note(4 * i, 4 * i + 4, pitch) for i, pitch in enumerate(HEART)]
    ).is_copy
    assert strict.copied(note("<[c4 g4 f4 c5] [cs4 as4 as3 fs4]>"), cycles=2).run == 7
    assert strict.copied(loose.continue_(heat=0.05)).is_copy
    for seed in range(4):
        assert not strict.copied(strict.continue_(heat=0.05).seed(seed)).is_copy


DRAWN: dict[str, Callable[[Any], Any]] = {
    "accompany": lambda m: m.accompany(bass=BELOW, key="C", heat=0.05),
    "fill": lambda m: m.fill(note("c4*4"), 1, key="C", heat=0.05),
    "vary": lambda m: m.vary(note("e3*4"), 1, key="C", heat=0.05),
    "interpolate": lambda m: m.interpolate(note("e3*4"), note("g3*4"), 0.5, key="C", heat=0.05),
}


@pytest.mark.parametrize("name", DRAWN)
def test_whatever_draws_a_melody_looks_for_copies(name: str) -> None:
    """As `continue_` does."""
    loose, strict, make = by_heart(guarded=False), by_heart(guarded=True), DRAWN[name]
    assert strict.copied(make(loose)).is_copy
    for seed in range(4):
        assert not strict.copied(make(strict).seed(seed)).is_copy


def test_a_tune_of_the_corpus_that_is_given_is_the_givers() -> None:
    """It is varied, led elsewhere and filled as any other."""
    tune = note("<[c4 g4 f4 c5] [cs4 as4 as3 fs4] [d4 d5 b3 ds4] [b4 c4 gs4 e4]>")
    loose, strict = by_heart(guarded=False), by_heart(guarded=True)
    made = [
        [heard(one.vary(tune, 0.3, key="C", heat=4), 0, 4, seed) for seed in range(4)]
        for one in (loose, strict)
    ]
    assert made[0] == made[1]
    assert heard(tune, 0, 4) not in made[1]
    assert len(heard(strict.fill(tune, "<0 0 0 1>", key="C"), 3, 4)) == 4


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (MODEL.accompany, "wants a voice to play to"),
        (lambda: MODEL.continue_(voices=3), "plays 1 voice or 4, not 3"),
        (lambda: MODEL.continue_(beats=0), "whole number from 1 to 16"),
        (lambda: MODEL.continue_(rules=3), "takes functions of a chord"),
        (lambda: MODEL.continue_(since=0.5), "the number of a cycle"),
        (lambda: MODEL.continue_(name=3), "a short text"),
        (lambda: MODEL.harmonise(None), "wants a pattern of notes"),
        (lambda: MODEL.copied("c4", cycles=1e9), "from 1 to 64"),
    ],
)
def test_what_cannot_be_is_refused(call: Callable[[], object], said: str) -> None:
    """With what to do."""
    with pytest.raises((PatternError, TypeError), match=said):
        call()


@pytest.mark.parametrize("key", ["H", "C:dorian", "C:minor:2", "7:x"])
def test_a_key_that_is_none_is_reported(key: str) -> None:
    """And the music goes on in the key that it had."""
    answer = MODEL.continue_(key=N["pure"](key)).answer(0, TICKS)
    assert answer.haps
    assert answer.problems


def test_a_file_says_what_it_is() -> None:
    """The card comes back, and the same counts; what is damaged or something else is said."""
    known = learnt([hymn(plan, plan) for plan in PLANS])
    data = write_learnt(known)
    again = read_learnt(data, "hymns.model")
    assert again.card == known.card
    assert write_learnt(again) == data
    assert heard(Improviser(again, "x").continue_(), 0, 4) == heard(MODEL.continue_(), 0, 4)
    for bad, said in ((data[:-40], "damaged"), (b"\x00\xff", "no model"), (b"[]\nx", "no model")):
        with pytest.raises(PatternError, match=said):
            read_learnt(bad, "bad.model")


HOSTILE: list[Any] = [
    float("nan"), float("inf"), -1, 0, 1e12, 10**30, "1e999", "", "<0 -1 1e12>", None, {}, [1], TUNE, len
]  # fmt: skip
CALLS: dict[str, Callable[[Any], Any]] = {
    "phrase": MODEL.continue_,
    "cycles": lambda v: MODEL.continue_(TUNE, cycles=v),
    "voices": lambda v: MODEL.continue_(voices=v),
    "key": lambda v: MODEL.harmonise(TUNE, key=v),
    "heat": lambda v: MODEL.continue_(heat=v),
    "rules": lambda v: MODEL.continue_(rules=v),
    "beats": lambda v: MODEL.vary(TUNE, beats=v),
    "name": lambda v: MODEL.continue_(name=v),
    "since": lambda v: MODEL.continue_(since=v),
    "soprano": MODEL.accompany,
    "alto": lambda v: MODEL.accompany(alto=v),
    "melody": MODEL.harmonise,
    "fill": lambda v: MODEL.fill(v, v),
    "gaps": lambda v: MODEL.fill(TUNE, v),
    "vary": lambda v: MODEL.vary(v, v),
    "amount": lambda v: MODEL.vary(TUNE, v),
    "by": lambda v: MODEL.interpolate(TUNE, "c4", v),
    "other": lambda v: MODEL.interpolate(v, v, 0.5),
    "answer": lambda v: MODEL.answer(cycles=v),
    "channel": lambda v: MODEL.answer(channel=v, key=v),
    "copied": lambda v: MODEL.copied(v, v),
}


@pytest.mark.parametrize("name", CALLS)
def test_hostile_arguments_are_answered_or_refused(name: str) -> None:
    """Whatever is given: some notes, or an error that says what is wrong."""
    for value in HOSTILE:
        with suppress(SempreError, TypeError, ValueError):
            made = CALLS[name](value)
            if isinstance(made, Pattern):
                assert len(made.answer(0, TICKS).haps) < 500
