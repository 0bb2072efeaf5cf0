"""Counts of the last minute: they go away, they survive a process, and no event is lost or counted twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from repl.lately import MINUTE, Lately
from repl.toolbar import Status, bar, text


def shown(lately: Lately, now: float, late: int, **of: int) -> str:
    """What the bar says of what is late."""
    report: dict[str, object] = {"late": late, "late_of": of, "playing": True}
    return text(bar(Status.read(lately(report, now)), 120)).partition("late ")[2]


def test_what_was_late_is_forgotten_after_a_minute() -> None:
    """Each event by itself; the layer that has most of the last minute is named."""
    lately = Lately()
    assert shown(lately, 0, 0) == "0"
    assert shown(lately, 10, 3, drums=3) == "3 (drums)"
    assert shown(lately, 30, 5, drums=3, bass=2) == "5 (drums)"
    assert shown(lately, 69, 5, drums=3, bass=2) == "5 (drums)"
    assert shown(lately, 71, 5, drums=3, bass=2) == "2 (bass)"
    assert shown(lately, 91, 5, drums=3, bass=2) == "0"
    assert shown(lately, 92, 6, drums=4, bass=2) == "1 (drums)"


def test_what_a_prompt_finds_is_shown_for_a_minute() -> None:
    """It may have come late itself."""
    lately = Lately()
    assert shown(lately, 500, 7, drums=7) == "7 (drums)"
    assert shown(lately, 561, 7, drums=7) == "0"


def test_a_process_that_counts_anew_takes_nothing_back() -> None:
    """The mixer was started again: its count begins with 0."""
    lately = Lately()
    shown(lately, 0, 9, drums=9)
    assert shown(lately, 100, 9, drums=9) == "0"
    assert shown(lately, 101, 0) == "0"
    assert shown(lately, 102, 2, drums=2) == "2 (drums)"


def test_dropped_events_go_with_them() -> None:
    """They are counted for as long."""
    lately = Lately()
    assert lately({"dropped": 2}, 0)["dropped"] == 2
    assert lately({"dropped": 2}, MINUTE + 1)["dropped"] == 0


@given(st.lists(st.tuples(st.floats(0, 20), st.integers(0, 3)), max_size=40))
def test_the_law(steps: list[tuple[float, int]]) -> None:
    """What is shown is what came in the minute before, however the reports fall."""
    lately, now, total = Lately(), 0.0, 0
    came: list[tuple[float, int]] = []
    for wait, more in steps:
        now += wait
        total += more
        came.append((now, more))
        wanted = sum(count for at, count in came if at > now - MINUTE)
        assert lately({"late": total}, now)["late"] == wanted


NUMBERS = st.booleans() | st.integers() | st.floats()
ANY = NUMBERS | st.none() | st.text() | st.dictionaries(st.text(), st.none())


@given(st.lists(st.fixed_dictionaries({"late": ANY, "dropped": ANY, "late_of": ANY}), max_size=4))
def test_any_report_is_taken(reports: list[dict[str, object]]) -> None:
    """What makes no sense counts as nothing."""
    lately = Lately()
    for report in reports:
        Status.read(lately(report, 0))
