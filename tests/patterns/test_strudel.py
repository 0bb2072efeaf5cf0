"""Our answers beside recorded answers of Strudel."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from patterns.core import Hap, Pattern
from patterns.differences import ANSWERS as INTENDED
from patterns.differences import READ as OUR_ANSWERS
from patterns.errors import MiniSyntaxError, PatternError
from patterns.kinds import is_controls, is_sequence
from patterns.registry import entries, namespace, strudel_names
from patterns.tonality import note_number

DATA = Path(__file__).parent / "data"
CLOSE = 1e-9


def cases() -> list[dict[str, Any]]:
    """Read all recorded answers; an expression asked twice the same way counts once."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for file in sorted(DATA.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            asked = (
                case["strudel"],
                case["python"],
                *(str(case.get(key)) for key in ("from", "to", "rng", "cps")),
            )
            found.setdefault(asked, case)
    return list(found.values())


def answer(case: Mapping[str, Any]) -> Pattern:
    """Build our pattern of a case."""
    return eval(case["python"], dict(namespace()))


def haps_of(pattern: Pattern, case: Mapping[str, Any]) -> list[Hap]:
    """Query our pattern as Strudel was."""
    rng = "precise" if case.get("rng") == "precise" else "strudel"
    return pattern.haps(case["from"], case["to"], rng=rng, cps=case.get("cps", 0.5))


def plain(value: Any) -> Any:
    """Write a value so that ours and Strudel's can be compared: notes as numbers, lists as lists."""
    if is_controls(value):
        found = value
        if set(found) == {"$frac"}:
            return float(Fraction(found["$frac"]))
        return {key: plain(part) for key, part in sorted(found.items()) if not key.startswith("_")}
    if is_sequence(value):
        return [plain(part) for part in value]
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, (int, float, Fraction)):
        return float(value)
    if isinstance(value, str):
        try:
            return note_number(value) if value[:1].isupper() else value
        except PatternError:
            return value
    return value


def same(one: Any, other: Any) -> bool:
    """Compare two values, numbers within rounding."""
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= CLOSE * max(1.0, abs(one))
    if is_controls(one) and is_controls(other):
        return set(one) == set(other) and all(same(one[key], other[key]) for key in one)
    if is_sequence(one) and is_sequence(other):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def rows(haps: list[Hap]) -> list[tuple[Any, ...]]:
    """List our haps as comparable rows."""
    return _sorted(
        [
            (
                (hap.whole.begin, hap.whole.end) if hap.whole else None,
                (hap.part.begin, hap.part.end),
                plain(hap.value),
            )
            for hap in haps
        ]
    )


def recorded(case: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """List Strudel's haps as comparable rows."""

    def span(times: list[str] | None) -> tuple[Fraction, Fraction] | None:
        return None if times is None else (Fraction(times[0]), Fraction(times[1]))

    return _sorted([(span(whole), span(part), plain(value)) for whole, part, value in case["haps"]])


def _sorted(found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(found, key=lambda row: (row[1], row[0] or (), _rounded(row[2])))


def _rounded(value: Any) -> str:
    if is_controls(value):
        found = value
        return str([(key, _rounded(part)) for key, part in found.items()])
    return f"{value:.6f}" if isinstance(value, float) else str(value)


def differences(ours: list[tuple[Any, ...]], theirs: list[tuple[Any, ...]]) -> list[str]:
    """Say in words where two lists of rows differ."""
    found: list[str] = []
    for index in range(max(len(ours), len(theirs))):
        one = ours[index] if index < len(ours) else None
        other = theirs[index] if index < len(theirs) else None
        if one is None or other is None or one[:2] != other[:2] or not same(one[2], other[2]):
            found.append(f"ours {_said(one)}, Strudel's {_said(other)}")
    return found


def _said(row: tuple[Any, ...] | None) -> str:
    if row is None:
        return "nothing"
    whole, part, value = row
    return f"{whole and f'{whole[0]}-{whole[1]}'} [{part[0]}-{part[1]}] {value!r}"


CASES = cases()

DERIVED_STEPS = {
    'chord("C^7").s("x").rootNotes("<2 3>")',
    'note("b3 b c").transpose("2M")',
    "binary(5)",
    'binaryN("<5 9>",4)',
    '"0*8".sometimesBy(.4, add(1))',
    '"0*4".someCyclesBy(.5, add(1))',
    '"0 1 2 3".someCycles(add(1))',
    '"0 2".scale("C:major").scaleTranspose("<1 -1>")',
    '"c3 e3".transpose("3M")',
    '"<0 1 2 3>*4".iter(4).off("<1/8 1/4>", add(12))',
    '"0 1 2".off("<1/8 1/4>", add(12))',
    'binaryN("5 6",4)',
    "binary(5.7)",
    "randrun(0)",
    '"0 1 2 3".shuffle(0)',
    '"0 1 2 3".scramble(0)',
    '"0*8".degradeBy(.3).seed("<1 2>")',
    '"0 1".someCycles(x=>x.add(1))',
    '"0 1".someCyclesBy(.2,x=>x.fast(2))',
    'n("0 2").scale("C:major").scaleTranspose("<1 -1>")',
    'n("0").scale("C:major").scaleTranspose("1.4 1.5 1.6 -1.4 -1.5 -1.6")',
    'note("c3 e3").transpose("3M 3m")',
    'note("c3 f#3 bb3").transpose("2m")',
    'note("c3 f#3 bb3").transpose("-2m")',
    'note("c3").transpose("1A 5d 8P -8P 9M 4A")',
    'note("c3 eb3").transpose("<7 -5>")',
    '"c3 eb3".transpose("3M")',
    '"60 61".transpose("3M")',
    '"c eb".transpose("2M")',
    'note("c eb").transpose("2M")',
    'note("c").transpose("P5")',
    'note("c").transpose("5P")',
    's("a").note("c3").transpose("<1P -2M 4P 3m>")',
    'n("0 4").scale("C:minor").transpose("2M")',
    'note("c4").scale("C:minor").transpose("2M")',
    'n("0 2 4 6").scale("C:major").rev().scaleTranspose("<0 2 4>")',
    '"a".bjork("3:8")',
    '"a".bjork("3:8:2")',
    '"0 .5 1".range(2,"<4 8>")',
    '"a:.5".as("s:gain")',
    '"a:.5 b".as("s:gain")',
    '"c3:.5".as("note:clip")',
    '"0 1".as("n")',
    's("a").ad(".1:.2")',
    's("a").ad(".1")',
    's("a").ds(".1")',
    's("a").ds(".1:.5")',
    's("a").ar(".1")',
    's("a").ar(".1:.3")',
    's("a").adsr(".1:.2:.5:.3")',
    's("a").sysex("1:2")',
    's("a").control("1:2")',
    's("a").striate(0)',
    's("a").chop(0)',
    's("a").hurry("<2 4>")',
    's("a").slice(8,"0 1 <2 3>*2 [4 5]").rarely(x=>x.speed(-1))',
    's("a").loopAtCps(2,"<1 .5>")',
    's("a").n("0 1").slice(4,"0 1 2 3").sometimes(x=>x.speed(2))',
    's("a").splice(8,"<0 1 2 3>*4").sometimes(x=>x.speed(-1))',
    's("bd*4 cp").sometimesBy(.3,x=>x.speed(2).gain(.5)).degradeBy(.1)',
    '"0 1".someCycles(x=>x.fast(2)).degrade()',
    '"0 1".someCycles(x=>x.fast(2))',
    'stack("a b".every(2,rev),"<c d>*4".linger(.25)).chunkBack(4,x=>x.ply(2))',
    'n(irand(8).segment(4)).scale("<C:minor D:dorian>").rarely(x=>x.transpose(12))',
    's("bd(<3 5>,8)").sometimesBy(.4,x=>x.speed("<1 -1>")).chop(2)',
    '"1 2".transpose("3M")',
}
"""Cases in which we know the steps and Strudel does not, or the other way round."""


def name(case: dict[str, Any]) -> str:
    """Name a case by Strudel's expression."""
    return case["strudel"][:60]


ANSWERED = [case for case in CASES if "haps" in case]
REFUSED = [case for case in CASES if "error" in case]


@pytest.mark.parametrize("case", [c for c in ANSWERED if c["strudel"] not in INTENDED], ids=name)
def test_same_haps_as_strudel(case: dict[str, Any]) -> None:
    """The haps of a case are Strudel's: times exactly, values within rounding."""
    assert differences(rows(haps_of(answer(case), case)), recorded(case)) == []


@pytest.mark.parametrize("case", [c for c in ANSWERED if c["strudel"] in INTENDED], ids=name)
def test_intended_differences_are_still_there(case: dict[str, Any]) -> None:
    """What is listed as different is different: the list does not outlive its reasons."""
    assert differences(rows(haps_of(answer(case), case)), recorded(case))


@pytest.mark.parametrize("case", ANSWERED, ids=name)
def test_same_steps_as_strudel(case: dict[str, Any]) -> None:
    """The number of steps is Strudel's."""
    steps = answer(case).steps
    if case["strudel"] in INTENDED or case["strudel"] in DERIVED_STEPS:
        return
    assert (None if steps is None else str(steps)) == case["steps"]


@pytest.mark.parametrize("case", REFUSED, ids=name)
def test_what_strudel_refuses(case: dict[str, Any]) -> None:
    """A text that Strudel cannot read we cannot read either, but for our own answers."""
    if case["strudel"] in OUR_ANSWERS:
        assert answer(case).answer(0, 1000).problems == []
    else:
        with pytest.raises(MiniSyntaxError, match=r"column \d+: .*found .*expected"):
            answer(case)


def test_every_intended_difference_is_a_case() -> None:
    """Each name in the lists above is a recorded case."""
    known = {case["strudel"] for case in CASES}
    assert set(INTENDED) | set(OUR_ANSWERS) | DERIVED_STEPS <= known


def test_map_of_names() -> None:
    """Strudel's names lead to ours."""
    names = strudel_names()
    assert names["iterBack"] == "iter_back"
    assert names["and"] == "both"
    assert len(entries()) >= 300
