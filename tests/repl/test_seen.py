"""What a screen keeps of what it is told: notes by their id, lanes, levels that fall, where the music is."""

from hypothesis import given
from hypothesis import strategies as st

from repl.seen import FALL, LANE, PAST, Seen


def row(
    ident: str, at: float, label: str = "c3", pitch: float | None = 48.0, layer: str = "bass"
) -> dict[str, object]:
    """A row of an engine's message; it lasts half a second."""
    return {
        "id": ident, "layer": layer, "at": at, "until": at + 0.5,
        "label": label, "pitch": pitch, "strength": 0.5, "where": [],
    }  # fmt: skip


def haps(*rows: dict[str, object], gone: tuple[str, ...] = (), whole: bool = False) -> dict[str, object]:
    """An engine's message."""
    return {"op": "haps", "whole": whole, "rows": [*rows], "gone": [*gone]}


def test_notes_come_move_and_are_taken_back() -> None:
    """By their ids, as editors are told."""
    seen = Seen()
    seen.take(haps(row("a", 10.0), row("b", 11.0)), 9.0)
    assert [note.at for note in seen.notes(9.0, 12.0)["bass"]] == [10.0, 11.0]
    seen.take(haps(row("b", 10.25), gone=("a",)), 9.0)
    assert [note.at for note in seen.notes(9.0, 12.0)["bass"]] == [10.25]
    assert seen.notes(10.75, 12.0) == {}
    seen.take(haps(row("c", 10.0), whole=True), 9.0)
    assert [note.at for note in seen.notes(0.0, 99.0)["bass"]] == [10.0]


def test_lanes_lie_as_notes_do_and_stay_a_while() -> None:
    """High notes first, then what has no pitch; a lane does not go with the last of its notes."""
    seen = Seen()
    seen.take(haps(row("a", 1.0), row("b", 1.0, "g3", 55.0), row("c", 1.0, "bd", None)), 0.0)
    assert seen.lanes("bass") == ["g3", "c3", "bd"]
    seen.take(haps(row("d", 1 + LANE)), 1.0 + PAST)
    assert seen.lanes("bass") == ["g3", "c3", "bd"]
    assert len(seen.notes(0.0, 99.0)["bass"]) == 4
    seen.take(haps(), 2.0 + LANE)
    assert seen.lanes("bass") == ["c3"]
    assert len(seen.notes(0.0, 99.0)["bass"]) == 1


def test_levels_rise_at_once_and_fall() -> None:
    """So that a drum that is over between two reports is seen."""
    seen = Seen()
    levels = {"layers": {"drums": {"peak": -6.0}}, "master": {"peak": -3.0}, "buses": {}, "inputs": {}}
    seen.take({"op": "status", "levels": levels}, 1.0)
    assert seen.level("drums", 1.0) == -6.0
    assert seen.level("drums", 1.5) == -6.0 - FALL / 2
    assert seen.level("bass", 1.0) is None
    quiet = {**levels, "layers": {"drums": {"peak": -60.0}}}
    seen.take({"op": "meters", "levels": quiet, "loudness": {"master": {"short": -14.5}}}, 1.5)
    assert seen.level("drums", 1.5) == -6.0 - FALL / 2
    assert seen.loudness == -14.5
    seen.take({"op": "status", "levels": {**levels, "layers": {}}}, 1.5)
    assert seen.level("drums", 1.5) is None


def test_the_cycle_goes_on_between_two_reports() -> None:
    """By the time of day that a report is for, and not at all while the piece stands."""
    seen = Seen()
    seen.take({"op": "status", "cycle": 8.0, "cps": 0.5, "at": 100.0}, 100.3)
    assert seen.cycle(101.0) == 8.5
    assert seen.when(9.0) == 102.0
    seen.take({"op": "status", "cycle": 8.0, "cps": 0.5, "at": 100.0, "stands": True}, 100.3)
    assert seen.cycle(101.0) == 8.0
    assert seen.when(9.0) is None


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
FIELDS = ("rows", "gone", "levels", "loudness", "cycle", "cps", "beats", "at", "stands", "whole")


@given(st.sampled_from(["haps", "meters", "status"]), st.dictionaries(st.sampled_from(FIELDS), ANY))
def test_nonsense_is_passed_over(op: str, message: dict[str, object]) -> None:
    """An engine that goes mad takes no prompt with it."""
    seen = Seen()
    seen.take({**message, "op": op}, 1.0)
    seen.notes(0.0, 2.0)
    seen.when(seen.cycle(2.0))
    seen.level("master", 2.0)
