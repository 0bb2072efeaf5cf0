"""Following files: rehearsed first, accepted when all is well, and never a word too many."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repl.following import Following

if TYPE_CHECKING:
    from pathlib import Path

    from repl.partner import Rehearsal
    from tests.repl.conftest import Desk

GOOD = 'a = play(s("bd"))\n'


class Stage:
    """Files in a folder, an understudy that answers when the test wants, and what is said."""

    def __init__(self, desk: Desk, folder: Path, *names: str) -> None:
        self.desk = desk
        self.folder = folder
        self.rehearsals: list[Rehearsal] = []
        self.said: list[tuple[str, bool]] = []
        self.accepted = 0
        paths = {name: folder / name for name in names or ("a.py",)}
        self.following = Following(
            paths, desk.music, self.rehearsals.append, self._say, desk.waiting.append, self._accept
        )

    def _say(self, text: str, *, error: bool = False) -> None:
        self.said.append((text, error))

    def _accept(self) -> None:
        self.accepted += 1

    def save(self, text: str | bytes, name: str = "a.py") -> None:
        """Save a file, and let it be noticed."""
        (self.folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        self.following.saved(name)

    def answer(self, error: str | None = None, number: int = 0) -> None:
        """The understudy has tried an edition."""
        self.rehearsals.pop(number).done(error)
        self.desk.work()
        self.desk.play(0)

    def last(self) -> str:
        """What was said last."""
        self.desk.work()
        return self.said[-1][0]


@pytest.fixture
def stage(desk: Desk, tmp_path: Path) -> Stage:
    """One file."""
    return Stage(desk, tmp_path)


def test_a_good_save_plays(stage: Stage) -> None:
    """Where, and from which cycle on, is said."""
    stage.save(GOOD)
    assert stage.desk.session.playing() == []
    stage.answer()
    assert stage.said == [("a.py: a from cycle 0", False)]
    assert stage.desk.session.playing() == ["a.py:a"]
    assert stage.accepted == 1


def test_the_rehearsal_knows_where_the_music_is(stage: Stage) -> None:
    """Its cycles, its tempo, its seed."""
    stage.save(GOOD)
    stage.answer()
    stage.desk.play(6.15)
    stage.save("reseed(4)")
    asked = stage.rehearsals[0]
    assert (round(asked.cycle, 6), asked.cps, asked.seed, asked.source) == (3, 0.5, 0, "reseed(4)")


def test_a_bad_save_changes_nothing(stage: Stage) -> None:
    """The block, and what plays on."""
    stage.save("1 / 0")
    stage.answer("a.py:1:1: no")
    assert stage.said.pop() == ("a.py:1:1: no\nnothing of it plays yet", True)
    stage.save(GOOD)
    stage.answer()
    stage.save("1 / 0")
    stage.answer("a.py:1:1: no")
    assert stage.said.pop() == ("a.py:1:1: no\nthe version before plays on", True)
    assert stage.desk.session.playing() == ["a.py:a"]


def test_what_fails_only_in_the_engine_changes_nothing(stage: Stage) -> None:
    """The understudy may have been luckier."""
    stage.save("1 / 0")
    stage.answer()
    assert stage.last().startswith("a.py:1:1: ZeroDivisionError")
    stage.save("while True: pass")
    stage.answer()
    assert stage.last().startswith("a.py: it did not come to an end within 1.5 s")


def test_only_the_last_of_quick_saves_counts(stage: Stage) -> None:
    """Whatever order the answers come in."""
    stage.save(GOOD)
    stage.save("syntax error here")
    stage.save(GOOD.replace("bd", "sd"))
    stage.answer("no", number=1)
    stage.answer(number=1)
    stage.answer()
    assert stage.said == [("a.py: a from cycle 0", False)]
    assert "sd" in stage.desk.session.files["a.py"].source


def test_a_file_that_goes(stage: Stage) -> None:
    """Its layers end; an edition that is still being rehearsed does not play any more."""
    stage.following.saved("a.py")
    assert stage.last() == "a.py: there is no such file; it plays as soon as it is there"
    stage.save(GOOD)
    stage.answer()
    stage.save(GOOD.replace("bd", "sd"))
    (stage.folder / "a.py").unlink()
    stage.following.saved("a.py")
    stage.answer()
    assert stage.last() == "a.py: the file is gone; its layers end"
    assert stage.desk.session.playing() == []
    stage.save(GOOD)
    stage.answer()
    assert stage.desk.session.playing() == ["a.py:a"]


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"\xff\xfe\x00", "not UTF-8 text (byte 0)"), (b"a = '\xe9'", "not UTF-8 text (byte 5)")],
)
def test_what_is_no_text_is_refused(stage: Stage, content: bytes, said: str) -> None:
    """Another encoding, a picture."""
    stage.save(GOOD)
    stage.answer()
    stage.save(content)
    assert said in stage.last()
    assert stage.last().endswith("the version before plays on")
    assert stage.rehearsals == []


def test_a_byte_order_mark_is_no_matter(stage: Stage) -> None:
    """Nor are the line ends of another system."""
    stage.save(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert stage.rehearsals[0].source == GOOD
    stage.answer()
    assert stage.desk.session.playing() == ["a.py:a"]


def test_what_cannot_be_read(stage: Stage) -> None:
    """A folder of that name."""
    (stage.folder / "a.py").mkdir()
    stage.following.saved("a.py")
    assert stage.last() == "a.py: cannot be read (Is a directory)\nnothing of it plays yet"


def test_two_files(desk: Desk, tmp_path: Path) -> None:
    """Each has its own answer, its own layers and its own end."""
    stage = Stage(desk, tmp_path, "a.py", "two words/b.py")
    (tmp_path / "two words").mkdir()
    stage.save(GOOD)
    stage.save(GOOD.replace("bd", "hh"), "two words/b.py")
    stage.answer("no")
    stage.answer()
    assert [text for text, _ in stage.said] == [
        "no\nnothing of it plays yet",
        "two words/b.py: a from cycle 0",
    ]
    assert desk.session.playing() == ["two words/b.py:a"]


def test_a_piece_without_layers(stage: Stage) -> None:
    """It is accepted, and says so."""
    stage.save("x = 1")
    stage.answer()
    assert stage.last() == "a.py: no layers"


def test_taking_over_looks_after_what_was_saved_meanwhile(stage: Stage, desk: Desk) -> None:
    """A save that nobody could notice is not lost; what is known already is not done again."""
    stage.save(GOOD)
    stage.answer()
    stage.following.take_over()
    assert stage.rehearsals == []
    (stage.folder / "a.py").write_text(GOOD.replace("bd", "sd"))
    stage.following.take_over()
    stage.answer()
    assert "sd" in desk.session.files["a.py"].source
    (stage.folder / "a.py").unlink()
    stage.following.take_over()
    assert stage.last() == "a.py: the file is gone; its layers end"


def test_taking_over_does_not_try_again_what_the_engine_may_have_died_of(stage: Stage, desk: Desk) -> None:
    """It had passed its rehearsal and was being taken up; the next save tries it again."""
    deadly = "1 / 0  # or worse"
    stage.save(deadly)
    stage.answer()
    stage.following.take_over()
    assert stage.rehearsals == []
    stage.save(deadly)
    assert len(stage.rehearsals) == 1


def test_a_current_folder_that_changes(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the files are was settled before any piece ran."""
    monkeypatch.chdir("/")
    stage.save(f"import os\nos.chdir('/')\n{GOOD}")
    stage.answer()
    stage.save(GOOD)
    stage.answer()
    assert stage.desk.session.playing() == ["a.py:a"]
