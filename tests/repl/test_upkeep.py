"""Months of a session: its logs stay small, its files stay there."""

import os
import subprocess
from pathlib import Path

from bridge.sent import LOGS
from repl.upkeep import FULL, KEPT, cut, look_after

LONG_AGO = 1_000_000_000


def test_a_log_that_is_full_is_cut_while_it_is_written(tmp_path: Path) -> None:
    """Its end is kept beside it, and whoever holds it open goes on at its beginning."""
    log = tmp_path / "mixer.log"
    with log.open("ab", buffering=0) as held:
        for _ in range(3):
            held.write(b"x" * FULL + b"the last words\n")
            look_after(tmp_path, [])
            assert log.stat().st_size == 0
            kept = (tmp_path / "mixer.log.old").read_bytes()
            assert len(kept) == KEPT
            assert kept.endswith(b"xxthe last words\n")
        held.write(b"and on\n")
        look_after(tmp_path, [])
    assert log.read_bytes() == b"and on\n"


def test_a_process_that_prints_for_ever_fills_no_disk(tmp_path: Path) -> None:
    """Its own descriptors, as C libraries write to them, not Python's."""
    log = tmp_path / "engine.log"
    with log.open("ab") as errors:
        noisy = subprocess.Popen(["yes", "a line of a library"], stdout=errors, stderr=errors)
    try:
        for _ in range(5):
            while log.stat().st_size <= FULL:
                pass
            look_after(tmp_path, [])
        assert noisy.poll() is None
        while log.stat().st_size < 100:
            pass
    finally:
        noisy.kill()
        noisy.wait()
    with log.open("rb") as written:
        assert b"\0" not in written.read(100)  # no hole where it had been: it goes on at the beginning


def test_what_is_not_full_is_left(tmp_path: Path) -> None:
    """And the log of what was sent, which has bounds of its own."""
    for name in ("output.log", *LOGS):
        (tmp_path / name).write_bytes(b"x" * (FULL if name == "output.log" else FULL + 1))
    assert not cut(tmp_path / "output.log")
    look_after(tmp_path, [])
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(["output.log", *LOGS])
    assert (tmp_path / LOGS[0]).stat().st_size == FULL + 1


def test_dead_engines_leave_nothing(tmp_path: Path) -> None:
    """The marks and stacks of those that live stay."""
    for pid in (7, 77, 777):
        (tmp_path / f"mark-{pid}").touch()
        (tmp_path / f"stack-{pid}.log").touch()
    look_after(tmp_path, [77])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mark-77", "stack-77.log"]


def test_nothing_looks_forgotten(tmp_path: Path) -> None:
    """Who tidies up temporary folders looks for what was not touched for days."""
    key = tmp_path / "key"
    key.touch()
    for path in (key, tmp_path):
        os.utime(path, (LONG_AGO, LONG_AGO))
    look_after(tmp_path, [])
    assert key.stat().st_atime > LONG_AGO
    assert tmp_path.stat().st_atime > LONG_AGO
    assert key.stat().st_mtime == LONG_AGO  # by which the newest session is known


def test_what_may_not_be_touched_stops_nobody(tmp_path: Path) -> None:
    """A log that is gone, a folder in its place."""
    (tmp_path / "a.log").mkdir()
    look_after(tmp_path, [], [tmp_path / "not here.log"])
    assert (tmp_path / "a.log").is_dir()
