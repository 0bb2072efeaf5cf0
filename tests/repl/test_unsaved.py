"""Texts of editors that are played without being saved: they stand in for files until these are saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repl.errors import LoadError
from repl.following import Following
from repl.loader import load_piece
from repl.own_modules import beside
from repl.partner import Outcome
from repl.unsaved import clean

if TYPE_CHECKING:
    from pathlib import Path

    from repl.partner import Rehearsal
    from tests.repl.conftest import Desk

PIECE = 'from riffs import low\na = play(s("bd"))\nb = play(low)\n'
RIFFS = 'low = note("c2")\n'


class Desktop:
    """A piece, its module, an editor that plays texts of them, and what it and all others are told."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk = desk
        self.folder = folder
        self.jobs: list[Rehearsal] = []
        self.said: list[str] = []
        self.told: list[str] = []
        rehearse, later = self.jobs.append, desk.waiting.append
        self.following = Following(("a.py",), desk.music, rehearse, self._say, later, home=folder)

    def _say(self, text: str, *, error: bool = False) -> None:
        self.said.append(f"wrong: {text}" if error else text)

    def save(self, file: str, text: str) -> None:
        """Save a file."""
        (self.folder / file).write_text(text)
        self.following.saved(file)
        self.work()

    def play(self, file: str, text: str) -> str:
        """Play a text without saving it; gives what went wrong."""
        self.following.play(file, text, self.told.append)
        self.work()
        return self.told.pop()

    def work(self) -> None:
        """The understudy tries all that waits; what comes of it is done."""
        while self.jobs:
            job = self.jobs.pop(0)
            modules, error = beside(job.file, self.folder, unsaved=job.unsaved), None
            try:
                load_piece(job.source, job.file, modules)
            except LoadError as refusal:
                error = refusal.block
            job.done(Outcome(error, modules.texts, modules.sought))
        self.desk.work()
        self.desk.play(0)

    @property
    def heard(self) -> tuple[str, str]:
        """What plays: the text of the piece and that of its module."""
        piece = self.desk.session.files["a.py"]
        return piece.source, piece.modules.texts["riffs.py"]


@pytest.fixture
def desktop(desk: Desk, tmp_path: Path) -> Desktop:
    """Both are saved and play."""
    found = Desktop(desk, tmp_path)
    (tmp_path / "riffs.py").write_text(RIFFS)
    found.save("a.py", PIECE)
    assert found.heard == (PIECE, RIFFS)
    return found


def test_a_text_plays_as_if_it_were_saved(desktop: Desktop) -> None:
    """What is not in it any more ends, and nothing is written."""
    other = PIECE.replace("a = ", "# ")
    assert desktop.play("a.py", other.replace("\n", "\r\n")) == ""
    assert desktop.heard == (other, RIFFS)
    assert desktop.desk.session.playing() == ["a.py:b"]
    assert desktop.said[-1].startswith("a.py: b")
    assert (desktop.folder / "a.py").read_text() == PIECE
    assert desktop.play("riffs.py", 'low = note("e2")') == ""
    assert desktop.heard == (other, 'low = note("e2")')


def test_what_is_wrong_is_told_to_whoever_plays_it(desktop: Desktop) -> None:
    """And the version before plays on, also where a module is saved later."""
    said = [*desktop.said]
    wrong = desktop.play("a.py", "1 / 0")
    assert wrong.startswith("a.py:1:1: ZeroDivisionError")
    assert wrong.endswith("the version before plays on")
    assert "riffs.py:1:7" in desktop.play("riffs.py", "low = 1 / 0")
    assert desktop.said == said
    desktop.save("riffs.py", 'low = note("g2")')
    assert desktop.heard == (PIECE, 'low = note("g2")')


def test_it_stands_in_for_the_file_until_that_is_saved(desktop: Desktop) -> None:
    """Whatever else is saved meanwhile; what was saved while it was rehearsed counts more."""
    assert desktop.play("a.py", PIECE + "# unsaved") == ""
    desktop.save("riffs.py", 'low = note("g2")')
    assert desktop.heard == (PIECE + "# unsaved", 'low = note("g2")')
    assert desktop.play("riffs.py", "low = 7  # no pattern") != ""
    assert desktop.play("riffs.py", 'low = note("a2")') == ""
    desktop.save("a.py", PIECE + "# saved")
    assert desktop.heard == (PIECE + "# saved", 'low = note("a2")')
    desktop.save("riffs.py", RIFFS)
    assert desktop.heard == (PIECE + "# saved", RIFFS)

    desktop.following.play("a.py", PIECE + "# late", desktop.told.append)
    desktop.save("a.py", PIECE)
    assert desktop.told == [""]
    desktop.save("riffs.py", RIFFS + "\n")
    assert desktop.heard == (PIECE, RIFFS + "\n")


def test_the_next_engine_knows_it(desktop: Desktop) -> None:
    """It goes on with what was heard, and with the file once that is saved."""
    assert desktop.play("a.py", PIECE + "# unsaved") == ""
    assert desktop.play("riffs.py", 'low = note("a2")') == ""
    again = Desktop(desktop.desk, desktop.folder)
    again.following.take_over()
    assert again.jobs == []
    again.save("riffs.py", RIFFS + "\n")
    assert again.heard == (PIECE + "# unsaved", RIFFS + "\n")
    (again.folder / "a.py").write_text(PIECE + "# saved")
    third = Desktop(desktop.desk, desktop.folder)
    third.following.take_over()
    third.work()
    assert third.heard == (PIECE + "# saved", RIFFS + "\n")


def test_a_text_of_nothing_that_plays(desktop: Desktop) -> None:
    """Nobody would hear it."""
    assert desktop.play("b.py", "c = 1") == "b.py: no piece that plays, and none imports it"
    assert clean("a\rb\ud800") == "a\nb?"


def test_who_is_overtaken_by_a_save_is_told_what_is_wrong(desktop: Desktop) -> None:
    """His text is not what plays, but it is what he looks at."""
    desktop.following.play("a.py", PIECE + "c = (\n", desktop.told.append)
    desktop.save("a.py", PIECE + "# saved")
    assert "'(' was never closed" in desktop.told.pop()
    assert not desktop.told
    assert desktop.heard == (PIECE + "# saved", RIFFS)
