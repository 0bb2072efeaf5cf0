"""The map from Tidal's and Strudel's names to ours: whole, current, and used in hints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from patterns import strudel_names, tidal_names
from patterns.elsewhere import MOST_USED, SESSION, foreign, hint, of_method, ours, page, reason
from patterns.reference import anchor
from patterns.registry import entries, namespace
from patterns.ticks import TICKS

PAGE = Path(__file__).parents[2] / "docs" / "coming_from.md"
OWN = {entry.name for entry in entries()}


def test_the_page_is_current() -> None:
    """The page in docs is what the tables say; write it anew with `python -m patterns.elsewhere`."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_no_name_of_strudel_is_forgotten() -> None:
    """Each name that Strudel exports is something here, or there is a reason; never both."""
    assert len(strudel_names.STRUDEL) > 1100
    lost = [n for n in strudel_names.STRUDEL if not ours(n, "Strudel") and not reason(n, "Strudel")]
    assert lost == []
    assert [n for n in strudel_names.ABSENT if ours(n, "Strudel")] == []
    assert (set(strudel_names.RENAMED) | set(strudel_names.ABSENT)) <= strudel_names.STRUDEL


def test_no_name_of_tidal_is_forgotten() -> None:
    """Each name of Tidal's language is a row, or is renamed, or there is a reason; only one of these."""
    taken = {entry.tidal for entry in entries() if entry.tidal}
    assert tidal_names.TIDAL - taken == set()
    assert [n for n in tidal_names.ABSENT if ours(n, "Tidal")] == []
    assert not tidal_names.TIDAL & (set(tidal_names.RENAMED) | set(tidal_names.ABSENT))


@pytest.mark.parametrize("renamed", [strudel_names.RENAMED, tidal_names.RENAMED], ids=["Strudel", "Tidal"])
def test_what_is_named_instead_exists(renamed: dict[str, str]) -> None:
    """Whoever follows the map finds something."""
    words = {name: here.split(".")[0].removesuffix("()") for name, here in renamed.items()}
    commands = SESSION | {"hush", "panic"}
    assert {n: w for n, w in words.items() if w[:1].isalpha() and w not in OWN and w not in commands} == {}


def test_reasons_say_something() -> None:
    """A reason is a sentence, not a shrug."""
    for text in {*strudel_names.ABSENT.values(), *tidal_names.ABSENT.values()}:
        assert len(text) > 15


def test_hints_lead_to_names_that_are_there() -> None:
    """What a hint says to write can be written."""
    assert hint("someCyclesBy") == "Strudel's and Tidal's someCyclesBy is called some_cycles_by here"
    assert hint("every'") == "Tidal's every' is called every_offset here"
    assert hint("fastGap").endswith("is called fast_gap here")
    assert hint("resetCycles").startswith("Tidal's resetCycles is not here: ")
    assert hint("squeezeJoin") == "Strudel's and Tidal's squeezeJoin is called inhabit here"
    assert hint("range") == "range is a method here: pattern.range(…)"
    assert hint("noSuchThing") == ""
    assert of_method("euclid_bool").startswith("it stands alone")


def test_strangers_are_greeted() -> None:
    """Lines of other languages are told how they are written here; lines of ours are left alone."""
    assert "Tidal" in foreign('d1 $ s "bd" # n 1')
    assert "Tidal" in foreign('  p "drums" $ s "bd"')
    assert "Strudel" in foreign('$: s("bd")')
    assert "lambda" in foreign('s("bd").every(2, x => x.fast(2))')
    assert foreign('drums = play(s("bd ~ sn").late(.25)') == ""
    assert foreign("x = 3 *") == ""


def test_every_row_says_where_it_comes_from_truthfully() -> None:
    """No row claims a name that the other language does not have."""
    known = tidal_names.TIDAL | set(tidal_names.RENAMED) | {""}
    for entry in entries():
        assert entry.strudel in strudel_names.STRUDEL | {""}, entry.name
        assert entry.tidal in known, entry.name
    assert {"play", "once"}.isdisjoint(namespace())


def test_the_page_begins_with_what_is_used_most() -> None:
    """Twenty rows and the differences that bite, before any list of names; every link leads to a heading."""
    text = page()
    assert len(MOST_USED) == 20
    beginning = text.partition("## Where an answer is another one")[0]
    assert len(beginning.splitlines()) < 80
    assert "## What bites" in beginning
    headings = {anchor(line.lstrip("# ")) for line in text.splitlines() if line.startswith("#")}
    assert set(re.findall(r"\]\((#[^)]+)\)", text)) <= headings


@pytest.mark.parametrize("here", [here for _, _, here in MOST_USED if "=" not in here and here != "hush()"])
def test_what_is_used_most_can_be_written_so(here: str) -> None:
    """The last column of the first table; what plays and the tempo belong to the session."""
    scope: dict[str, object] = dict(namespace())
    scope |= {"p": eval('s("bd hh")', dict(scope)), "q": eval('n("0 2")', dict(scope))}
    for made in eval(f"[{here}]", scope):
        assert made.answer(0, 4 * TICKS).problems == []


def test_rotations_are_translated_truly() -> None:
    """Of the first table: Tidal's rotation is earlier, Strudel's and ours later."""
    scope = dict(namespace())
    hits = eval('s("bd").euclid_rot(3, 8, -2).haps(0, 1)', scope)
    assert [int(hap.whole.begin * 8) for hap in hits] == [1, 4, 6]
