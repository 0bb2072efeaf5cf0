"""Ardour sends MIDI clock, and a session of ours follows it: tempo, start, stop, continue."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, cast

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.daw.conftest import Ardour, Running
    from tests.end_to_end.conftest import Session

pytestmark = [pytest.mark.daw, pytest.mark.jack, pytest.mark.timeout(240)]

PIECE = """
tempo(bpm=101)
a = play(note("60 62 64 65"), on=midi())
"""
FOLLOWING = PIECE + 'follow("midi:MIDI Clock out", transport=True)\n'
LEAD = Path(__file__).with_name("lead.lua")


def test_ardour_is_followed(ardour: Ardour, play: Callable[[str, float], Session]) -> None:
    """Its 120 bpm to 0.05; its start from cycle 0, its stop, its going on."""
    ardour.configure(send_midi_clock="1")
    ardour.again(lambda: _followed(ardour, play))


def _followed(ardour: Ardour, play: Callable[[str, float], Session]) -> None:
    folder = ardour.folder / "lead"
    shutil.rmtree(folder, ignore_errors=True)
    running = ardour.script(LEAD, str(folder), "lead")
    running.wait_for((folder / "READY").exists, "it is ready")
    session = play(PIECE, 60.0)
    session.wait_for("from cycle 0")
    before = session.said()
    session.save(FOLLOWING)
    session.wait_for("is followed", before)
    # Without its window it sends ticks only while it rolls: until then the music goes on as it was.
    rows = session.statuses(1.0)
    assert not any(row["stands"] for row in rows)
    assert rows[-1]["bpm"] == pytest.approx(101)
    _move(folder, running, "GO-1", "ROLLING-1")
    began = time.monotonic()
    _until(session, running, lambda row: cast("float", row["cycle"]) < 0.6)
    assert time.monotonic() - began < 1.0
    _until(session, running, lambda row: row["followed"] == "locked")
    assert time.monotonic() - began < 3.0
    time.sleep(began + 5.0 - time.monotonic())
    rows = session.statuses(3.0)
    # Two seconds are a cycle: it began at cycle 0 when Ardour did.
    assert rows[-1]["cycle"] == pytest.approx((time.monotonic() - began) / 2, abs=0.3)
    assert median(cast("float", row["bpm"]) for row in rows) == pytest.approx(120, abs=0.05)
    _move(folder, running, "HALT-1", "STOPPED-1")
    stood = _until(session, running, lambda row: bool(row["stands"]))[-1]["cycle"]
    assert {row["cycle"] for row in session.statuses(1.0)} == {stood}
    _move(folder, running, "GO-2", "ROLLING-2")
    # Ardour 7 tells its song position in ticks, where the standard has sixteenths: from there it goes on.
    rows = _until(session, running, lambda row: not row["stands"])
    assert cast("float", rows[-1]["cycle"]) >= cast("float", stood)
    (folder / "END").touch()
    running.finish()


def _move(folder: Path, running: Running, ask: str, done: str) -> None:
    (folder / ask).touch()
    running.wait_for((folder / done).exists, done)


def _until(
    session: Session, running: Running, test: Callable[[dict[str, object]], object]
) -> list[dict[str, object]]:
    """The reports up to the first for which something is true."""
    rows: list[dict[str, object]] = []

    def there() -> bool:
        rows.extend(session.statuses(0.3))
        return any(test(row) for row in rows)

    running.wait_for(there, "the session follows")
    last = next(i for i, row in enumerate(rows) if test(row))
    return rows[: last + 1]
