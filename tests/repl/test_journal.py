"""What is written down of a session, and what happens when it cannot be."""

from __future__ import annotations

import errno
import json
import os
import time
from typing import TYPE_CHECKING

import pytest

from repl import journal as module
from repl.commits import Commit
from repl.journal import Journal, parts, repair, rows_of
from repl.journal_settings import JournalSettings, state_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEADER: Commit = {"kind": "journal", "format": 1, "pieces": ["a.py"]}


class Writer:
    """A journal in a folder of its own; what it asks of the main thread is done at once."""

    def __init__(self, folder: Path, name: str = "a", **settings: object) -> None:
        self.said: list[str] = []
        self.settings = JournalSettings(folder=str(folder / "kept"), **settings)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] - any settings
        runtime = folder / f"run-{name}"
        runtime.mkdir(exist_ok=True)
        self.journal = Journal(
            self.settings,
            runtime,
            name,
            HEADER,
            lambda: {"kind": "state", "commits": []},
            self.work,
            self.said.append,
        )

    def work(self, work: Callable[[], object]) -> None:
        work()

    def end(self) -> None:
        self.journal.close({"kind": "end"})


def kinds(path: Path) -> list[object]:
    """The kinds of a file's rows."""
    return [row["kind"] for row in rows_of(path.read_bytes())[0]]


def until(true: Callable[[], bool]) -> None:
    """Wait for the journal's own thread."""
    deadline = time.monotonic() + 5
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)  # noqa: TID251 - another thread is at work


def test_the_next_engine_goes_on_in_the_same_file(tmp_path: Path) -> None:
    """Whatever name it would have chosen; and a line that was torn is taken away."""
    first = Writer(tmp_path)
    first.journal.note({"kind": "seed", "seed": 1})
    first.end()
    (path,) = (tmp_path / "kept").iterdir()
    with path.open("ab") as file:
        file.write(b'{"kind": "mix", "mu')
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    second = Writer(tmp_path, "a")
    second.journal.note({"kind": "engine", "term": 2})
    second.end()
    assert kinds(path) == ["journal", "seed", "end", "engine", "end"]
    assert list((tmp_path / "kept").iterdir()) == [path]


def test_a_last_line_is_repaired(tmp_path: Path) -> None:
    """One that only lacks its end is kept."""
    path = tmp_path / "a.jsonl"
    for data, left in [
        (b'{"kind":"a"}\n{"kind"', b'{"kind":"a"}\n'),
        (b'{"kind":"a"}\n{"kind":"b"}', b'{"kind":"a"}\n{"kind":"b"}\n'),
        (b'{"kind', b""),
        (b"", b""),
    ]:
        path.write_bytes(data)
        repair(path)
        assert path.read_bytes() == left


def test_a_full_disk_is_said_once_and_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When there is room again, the journal goes on in a line of its own and says what is missing."""
    writer = Writer(tmp_path)
    writer.journal.note({"kind": "one"})
    until(lambda: (tmp_path / "kept" / "a.jsonl").exists() and len(kinds(tmp_path / "kept" / "a.jsonl")) == 2)
    write = os.write
    full = True

    def some(file: int, data: bytes) -> int:
        if not full:
            return write(file, data)
        if data.startswith(b'{"kind": "two"'):
            return write(file, data[:5])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module.os, "write", some)
    for kind in ("two", "three", "four"):
        writer.journal.note({"kind": kind})
    until(lambda: len(writer.said) == 1)
    until(lambda: writer.journal._lost == 3)  # pyright: ignore[reportPrivateUsage] - counted, not told
    full = False
    writer.journal.note({"kind": "five"})
    writer.end()
    assert writer.said[0].startswith("the journal cannot be written in ")
    assert writer.said[1:] == ["the journal goes on; 3 rows of it are lost"]
    rows, torn = rows_of((tmp_path / "kept" / "a.jsonl").read_bytes())
    assert ([row["kind"] for row in rows], torn) == (["journal", "one", "lost", "five", "end"], 1)


def test_a_folder_that_cannot_be_made_is_said_once(tmp_path: Path) -> None:
    """A file stands in its place."""
    (tmp_path / "kept").write_text("")
    writer = Writer(tmp_path)
    for _ in range(5):
        writer.journal.note({"kind": "one"})
    writer.end()
    assert len(writer.said) == 1
    assert "the music plays on" in writer.said[0]


def test_a_long_session_is_divided_and_loses_its_beginning(tmp_path: Path) -> None:
    """Each part begins with all that still matters; together they stay within what is allowed."""
    writer = Writer(tmp_path, megabytes=1.0)
    row: Commit = {"kind": "moved", "rows": [["cutoff", "1/2", 0.5]] * 20}
    for _ in range(400):
        for _ in range(20):
            writer.journal.note(row)
        until(writer.journal._rows.empty)  # pyright: ignore[reportPrivateUsage] - its thread has taken all
    writer.end()
    found = sorted((tmp_path / "kept").iterdir(), key=module.part_of)
    assert sum(path.stat().st_size for path in found) <= 1e6
    assert len(found) > 5
    assert module.part_of(found[0]) > 1
    for path in found:
        assert kinds(path)[:2] == ["journal", "state"]
    assert parts(found[-1]) == found
    assert parts(found[2]) == found[:3]
    found[1].unlink()
    assert parts(found[-1]) == found[2:]


def test_old_sessions_go(tmp_path: Path) -> None:
    """The oldest first, and never the one that is being written."""
    for k in range(5):
        writer = Writer(tmp_path, f"s{k}", sessions=3)
        writer.end()
        path = tmp_path / "kept" / f"s{k}.jsonl"
        until(path.exists)
        os.utime(path, (k, k))
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == ["s2.jsonl", "s3.jsonl", "s4.jsonl"]


def test_it_can_be_switched_off(tmp_path: Path) -> None:
    """Then there is no file, and no thread to wait for."""
    writer = Writer(tmp_path, on=False)
    writer.journal.note({"kind": "one"})
    writer.end()
    assert not (tmp_path / "kept").exists()


def test_what_cannot_be_read_is_counted() -> None:
    """Every other line counts."""
    lines = [json.dumps({"kind": "a"}), "{", "[1]", '{"kind": 3}', "", json.dumps({"kind": "b"})]
    rows, torn = rows_of("\n".join(lines).encode())
    assert ([row["kind"] for row in rows], torn) == (["a", "b"], 3)


def test_the_tests_write_into_no_home(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The platform's folder is another while they run."""
    assert tmp_path_factory.getbasetemp() in state_folder().parents
