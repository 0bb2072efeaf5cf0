"""Patterns that remember: the same answer in any order, with and without memory."""

from __future__ import annotations

from typing import Any

# What a lambda of a test takes is what the line above it says.
# pyright: reportUnknownLambdaType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false, reportUnknownMemberType=false
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.core import Pattern, RawHap
from patterns.errors import OutOfFuel, PatternError
from patterns.folding import fold
from patterns.memory import CHECKPOINTS, LARGEST, Memory, pack, plain, unpack
from patterns.registry import namespace
from patterns.state import DEFAULT_FUEL
from patterns.ticks import TICKS

N: dict[str, Any] = dict(namespace())
mini, note = N["mini"], N["note"]


def up(value: int) -> int:
    """One more."""
    return value + 1


def wander(value: int, dice: Any) -> int:
    """A step up or down."""
    return max(40, min(80, value + dice.choose([-2, -1, 1, 2])))


def total(last: int, value: int) -> int:
    """A running total."""
    return last + value


def last_of(_last: Any, value: Any) -> Any:
    """The newest value."""
    return value


def grow(state: dict[str, Any]) -> dict[str, Any]:
    """Change the state in place, as musicians will."""
    state["held"].append(len(state["held"]))
    del state["held"][:-3]
    state["note"] += 1
    return state


PATTERNS: list[Pattern] = [
    fold(up, 0),
    fold(up, 0, per_cycle=7),
    fold(wander, 60, per_cycle=4, name="walk"),
    fold(grow, {"held": [], "note": 60}, per_cycle=3, show=lambda state: state["note"]),
    fold(up, 0, per_cycle=5, since=3),
    mini("1 [2 3] <4 5>*3").accumulate(lambda last, v: (last * 2 + v) % 97, 1),
    mini("[0,4,7] 2(3,8)").accumulate(lambda last, v, dice: last + v + dice.whole(3), 0, name="sum"),
    mini("1 2 3").slow(2.5).accumulate(lambda last, v: last + v, 0),
    mini("a b? [c d]?").count("c"),
    note("c e g").accumulate(lambda last, v: {"note": last["note"] + 1, "from": v["note"]}, {"note": 0}),
    fold(up, 0, per_cycle=4).fast("<1 3/2>"),
    fold(wander, 60, per_cycle=4).every(3, N["rev"]).late(0.1),
    note("c e g [a b]").add(note(fold(up, 0, per_cycle=8))).off(1 / 8, N["fast"](2)),
    mini("0 1").pick([fold(up, 0, per_cycle=3), fold(wander, 50)]),
    fold(up, 0, per_cycle=2).accumulate(lambda last, v: last + v, 0),
    fold(wander, 0, per_cycle=4).seed(3),
    mini("a*4").count().chunk(4, N["fast"](2)).iter(4),
]  # fmt: skip


def asked(pattern: Pattern, begin: Any, end: Any, memory: Memory | None = None) -> list[RawHap]:
    """The haps between two times in ticks."""
    return pattern.answer(begin, end, seed=5, memory=memory).haps


def joined(haps: list[RawHap]) -> list[tuple[Any, ...]]:
    """Haps in an order that does not depend on how they were asked for, fragments that touch made one."""
    rows = sorted(haps, key=lambda h: (h.begin or 0, h.end or 0, repr(h.value), h.part_begin))
    out: list[list[Any]] = []
    for h in rows:
        key = (h.begin, h.end, repr(h.value))
        if out and out[-1][0] == key and out[-1][2] == h.part_begin:
            out[-1][2] = h.part_end
        else:
            out.append([key, h.part_begin, h.part_end])
    return [tuple(row) for row in out]


which = st.integers(0, len(PATTERNS) - 1)
moment = st.integers(-3 * 24, 30 * 24)


@settings(deadline=None, max_examples=120)
@given(which, moment, st.integers(0, 72), st.integers(0, 72))
def test_a_query_in_two_parts_says_the_same(index: int, begin: int, first: int, second: int) -> None:
    """With one memory or without any, at any place."""
    unit = TICKS // 24
    a, b, c = begin * unit, (begin + first) * unit, (begin + first + second) * unit
    if not a < b < c:
        return
    pattern, memory = PATTERNS[index], Memory()
    whole = joined(asked(pattern, a, c))
    assert joined(asked(pattern, a, b, memory) + asked(pattern, b, c, memory)) == whole
    assert joined(asked(pattern, a, b) + asked(pattern, b, c)) == whole


@settings(deadline=None, max_examples=80)
@given(which, st.lists(st.tuples(moment, st.integers(1, 60)), min_size=1, max_size=8))
def test_the_order_of_queries_makes_no_difference(index: int, queries: list[tuple[int, int]]) -> None:
    """What is remembered is what would be computed."""
    unit = TICKS // 24
    pattern, memory = PATTERNS[index], Memory()
    for begin, length in queries:
        a, c = begin * unit, (begin + length) * unit
        assert asked(pattern, a, c, memory) == asked(pattern, a, c)


@pytest.mark.parametrize("index", range(len(PATTERNS)))
def test_playing_on_is_seeking(index: int) -> None:
    """Each cycle after the other, in 40 windows, gives what asking for a far cycle gives."""
    pattern, memory = PATTERNS[index], Memory()
    played: list[RawHap] = []
    for window in range(60 * 40):
        played += asked(pattern, window * TICKS // 40, (window + 1) * TICKS // 40, memory)
    assert joined(played) == joined(asked(pattern, 0, 60 * TICKS))
    far = joined([h for h in played if h.part_begin >= 59 * TICKS])
    assert far == joined(asked(pattern, 59 * TICKS, 60 * TICKS))


def values(pattern: Pattern, begin: int, end: int) -> list[Any]:
    """What begins between two cycles."""
    return [hap.value for hap in pattern.haps(begin, end) if hap.has_onset]


def test_before_cycle_0_the_start_is_held() -> None:
    """Time has no beginning; memory has."""
    assert values(fold(up, 3), -4, 2) == [3, 3, 3, 3, 3, 4]
    assert values(mini("1 2").accumulate(lambda last, v: last + v, 10), -1, 1) == [10, 10, 11, 13]
    assert values(mini("a b").count(), -1, 1) == [0, 0, 0, 1]
    assert values(fold(up, 0, since=2), 0, 5) == [0, 0, 0, 1, 2]


def test_chance_is_that_of_the_index() -> None:
    """Another seed, stream or name: other choices; the same: the same, wherever one begins to ask."""
    one, other = (fold(wander, 60, per_cycle=8, name=name) for name in ("one", "other"))
    assert values(one, 4, 8) != values(other, 4, 8)
    assert one.haps(4, 8, seed=1) != one.haps(4, 8, seed=2)
    assert values(one.seed(1), 4, 8) != values(one.seed(2), 4, 8)
    rolls = values(fold(lambda _v, dice: dice.random(), 0.5, per_cycle=64), 1, 65)
    assert abs(sum(rolls) / len(rolls) - 0.5) < 0.02
    assert len(set(rolls)) == len(rolls)


def test_what_dice_can_do() -> None:
    """Whole numbers, choices and weights come out as often as they should."""

    def step(_last: Any, dice: Any) -> Any:
        return (dice.whole(4), dice.choose(["a", "b", "c"]), dice.weighted({"x": 3, "y": 1, "z": 0}))

    drawn = values(fold(step, (0, "a", "x"), per_cycle=100), 1, 21)
    assert {d[0] for d in drawn} == {0, 1, 2, 3}
    assert {d[1] for d in drawn} == {"a", "b", "c"}
    share = sum(d[2] == "x" for d in drawn) / len(drawn)
    assert {d[2] for d in drawn} == {"x", "y"}
    assert abs(share - 0.75) < 0.05


@pytest.mark.parametrize("wrong", ["dice.whole(0)", "dice.choose([])", "dice.weighted({})", "dice.choose(3)"])
def test_dice_say_what_they_want(wrong: str) -> None:
    """The step is skipped, and the problem names the function."""
    pattern = fold(eval(f"lambda v, dice: {wrong}"), 1)
    answer = pattern.answer(0, 2 * TICKS)
    assert [h.value for h in answer.haps] == [1, 1]
    assert wrong.partition("(")[0] in str(answer.problems[0])


def test_a_default_is_the_musicians_own() -> None:
    """`n=n` in a lambda of a loop is no wish for dice; a parameter called dice is."""
    assert values(fold(lambda v, n=2: v + n, 0), 0, 3) == [0, 2, 4]
    assert values(fold(lambda v, dice=None: v + dice.whole(1), 0), 0, 3) == [0, 0, 0]


def test_a_chord_has_its_turns_in_order() -> None:
    """What begins together is taken as the pattern gives it, at any cut."""
    pattern = mini("[1,10,100] 1").accumulate(lambda last, v: last * 2 + v, 0)
    assert values(pattern, 0, 1) == values(pattern, 0, 1) == [1, 12, 124, 249]
    assert sorted(values(mini("a,b,c").count(), 1, 2)) == [3, 4, 5]


def test_a_step_may_change_what_it_is_given() -> None:
    """It gets a copy, and so does whoever hears of it."""
    kept: list[Any] = []

    def step(state: list[int]) -> list[int]:
        state.append(len(state))
        kept.append(state)
        return state

    pattern, memory = fold(step, [0]), Memory()
    first = pattern.answer(0, 4 * TICKS, memory=memory).haps
    for state in kept:
        state.clear()
    for hap in first:
        hap.value.append("spoilt")
    assert [h.value for h in pattern.answer(0, 4 * TICKS, memory=memory).haps] == [
        list(range(n + 1)) for n in range(4)
    ]


def test_a_step_that_raises_is_skipped() -> None:
    """The state stays, the problem is told, and music goes on."""
    pattern = fold(lambda v: 1 // (v - 3) * 0 + v + 1 if v == 3 else v + 1, 0)
    answer = pattern.answer(0, 7 * TICKS)
    assert [h.value for h in answer.haps] == [0, 1, 2, 3, 3, 3, 3]
    assert "division" in str(answer.problems[0])
    summed = mini("1 x 3").accumulate(lambda last, v: last + v, 0).answer(0, TICKS)
    assert [h.value for h in summed.haps] == [1, 1, 4]
    assert summed.problems[0].where[0].column == 3


@pytest.mark.parametrize(
    ("step", "text"),
    [
        (lambda v: None, "return"),
        (lambda v: fold(up, 0), "type Pattern"),
        (lambda v: [v], "too large"),
        (eval("lambda v: undefined"), "undefined"),
    ],
)  # fmt: skip
def test_a_step_with_a_bad_result_is_skipped(step: Any, text: str) -> None:
    """Nothing, a pattern, lists without end, an unknown name: the last good state stays."""
    answer = fold(step, 1).answer(0, 60 * TICKS)
    assert len(answer.haps) == 60
    assert text in str(answer.problems[0])


def test_a_state_that_grows_stays_bounded() -> None:
    """A text that doubles and a number that squares end at a limit, in no time."""
    for step, start in ((lambda v: v + v, "x"), (lambda v: v * v, 3), (lambda v: v + v, [1])):
        answer = fold(step, start, per_cycle=64).answer(0, TICKS)
        assert len(answer.haps) == 64
        assert "too large" in str(answer.problems[0])
    with pytest.raises(PatternError, match="too large"):
        plain([0] * (LARGEST + 1))


def test_far_away_is_refused_in_words() -> None:
    """Without a checkpoint it is too far; with one it is near."""
    pattern = fold(up, 0, per_cycle=16, name="climb")
    with pytest.raises(OutOfFuel, match=r"'climb' .* cycle 1000000.* since=1000000"):
        pattern.haps(1_000_000, 1_000_001)
    with pytest.raises(OutOfFuel, match=r"this fold .* since=1000000"):
        mini("a*16").count().haps(1_000_000, 1_000_001)
    memory = Memory()
    for cycle in range(0, 40_000, 5_000):
        pattern.answer(cycle * TICKS, (cycle + 1) * TICKS, memory=memory)
    assert pattern.answer(40_000 * TICKS, 40_001 * TICKS, memory=memory).haps[0].value == 640_000


def test_months_do_not_add_up() -> None:
    """Checkpoints are bounded in number, near ones dense, far ones sparse; all of them are right."""
    pattern, memory = fold(up, 0, per_cycle=4, name="n"), Memory()
    for cycle in range(20_000):
        pattern.answer(cycle * TICKS, (cycle + 1) * TICKS, memory=memory)
    rows = memory.named()["n"].rows()
    assert len(rows) <= CHECKPOINTS
    assert all(position == state for position, state in rows)
    assert rows[0][0] < 8_000
    back = pattern.answer(10 * TICKS, 11 * TICKS, memory=memory, fuel=DEFAULT_FUEL).haps
    assert [h.value for h in back] == [40, 41, 42, 43]


def test_two_folds_of_one_name_are_named() -> None:
    """They would share a state; the same one built again may."""
    two = N["stack"](fold(up, 0, name="x"), fold(lambda v: v + 2, 0, name="x"))
    with pytest.raises(PatternError, match="two folds of one layer are called 'x'"):
        two.haps(0, 1)
    built = mini("0 0").add(mini("0 1").pick([fold(up, 0, name="y"), fold(up, 0, name="y")]))
    assert values(built, 2, 3) == [2, 2]


ONE_NAME = {
    "other rhythms": "stack(mini('a b').count('x'), mini('a b c').count('x'))",
    "faster": "stack(mini('a b').count('x'), mini('a b').fast(2).count('x'))",
    "later in the cycle": "stack(mini('a').count('x'), mini('a').late(1/8).count('x'))",
    "one more at once": "stack(mini('a').count('x'), mini('a,b').count('x'))",
    "other values": "stack(mini('1 2').accumulate(total, 0, 'x'), mini('1 3').accumulate(total, 0, 'x'))",
    "other controls": "stack(s('a').accumulate(last_of, 0, 'x'), s('b').accumulate(last_of, 0, 'x'))",
    "in an argument": "s('a*2').count('x').add(s('a*3').count('x'))",
    "from cycle 3 on": "stack(mini('~ ~ ~ a').slow(4).count('x'), mini('~ ~ ~ [a a]').slow(4).count('x'))",
}
ONE_FOLD = {
    "written twice": "stack(mini('a b').count('x'), mini('a b').count('x'))",
    "the same thing": "[stack(each.count('x'), each.count('x').late(.1)) for each in [s('a b?')]][0]",
    "the same events said otherwise": "stack(mini('a b').count('x'), mini('a*2').count('x'))",
    "the order of what is counted at once": "stack(mini('a,b').count('x'), mini('b,a').count('x'))",
    "sums": "stack(mini('1 2').accumulate(total, 0, 'x'), mini('1 2').accumulate(total, 0, 'x'))",
    "another name": "stack(mini('a b').count('x'), mini('a b c').count('y'))",
    "no name": "stack(mini('a b').count(), mini('a b c').count())",
    "other streams": "stack(mini('a b').count('x'), mini('a b c').count('x').seed(3))",
}


@pytest.mark.parametrize("case", ONE_NAME)
def test_one_name_over_other_events_is_named(case: str) -> None:
    """Each of the two would be given what the other has reached."""
    pattern = eval(ONE_NAME[case], {**N, "total": total, "last_of": last_of})
    with pytest.raises(PatternError, match="two folds of one layer are called 'x'"):
        pattern.answer(0, 4 * TICKS, memory=Memory())


@pytest.mark.parametrize("case", ONE_FOLD)
def test_one_fold_may_be_written_twice(case: str) -> None:
    """What goes over the same events has the same state, wherever it stands; without memory, too."""
    pattern = eval(ONE_FOLD[case], {**N, "total": total})
    memory = Memory()
    for cycle in (0, 1, 7):
        answer = pattern.answer(cycle * TICKS, (cycle + 1) * TICKS, memory=memory)
        assert answer.problems == []
        assert answer.haps == pattern.answer(cycle * TICKS, (cycle + 1) * TICKS).haps


def test_what_differs_late_is_told_and_goes_on() -> None:
    """In the middle of a concert a layer is not given up for it."""
    pattern = N["stack"](mini("a a").count("x"), mini("<a a a [a a]>*2").count("x"))
    memory = Memory()
    told = []
    for cycle in range(4):
        answer = pattern.answer(cycle * TICKS, (cycle + 1) * TICKS, memory=memory)
        assert len(answer.haps) >= 3
        told.append([problem.message for problem in answer.problems])
    assert told[0] == []
    assert "two folds of one layer are called 'x'" in told[1][0]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("fold(3, 0)", "wants a function"),
        ("fold(rev_of, mini('a'))", "plain value"),
        ("fold(rev_of, 0, per_cycle=0)", "per_cycle"),
        ("fold(rev_of, 0, name=3)", "name="),
        ("fold(rev_of, 0, show=3)", "show="),
        ("fold(rev_of, 0, since=.5)", "number of a cycle"),
        ("mini('a').accumulate(mini('b'), 0)", "wants a function"),
        ("mini('a').count(3)", "name="),
        ("fold(rev_of, {1, 2})", "type set"),
    ],
)
def test_what_a_fold_wants_is_said_at_once(code: str, text: str) -> None:
    """A mistake raises where it is written."""
    with pytest.raises((PatternError, TypeError), match=text):
        eval(code, {**N, "rev_of": up})


plains = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.fractions(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(plains)
def test_a_state_is_the_same_after_it_was_written_down(state: Any) -> None:
    """As JSON and back, with the kind of each part."""
    import json

    back = unpack(json.loads(json.dumps(pack(state))))
    assert back == state
    assert repr(back) == repr(state) == repr(plain(state))
