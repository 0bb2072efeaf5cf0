"""Following files: rehearsed first, accepted when all is well, and never a word too many."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from repl import following
from repl.errors import LoadError
from repl.following import Following
from repl.loader import load_piece
from repl.noting import Noting
from repl.own_modules import beside
from repl.partner import LOADED, NEAR, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bridge.layer import Target
    from repl.commits import Commit
    from repl.loader import Loaded
    from repl.own_modules import OwnModules
    from repl.partner import Rehearsal
    from tests.repl.conftest import Desk

GOOD = 'a = play(s("bd"))\n'


class Stage:
    """Files in a folder, an understudy that answers when the test wants, and what is said."""

    def __init__(self, desk: Desk, folder: Path, *names: str, folders: Sequence[str] = ()) -> None:
        self.desk = desk
        self.folder = folder
        self.rehearsals: list[Rehearsal] = []
        self.said: list[tuple[str, bool]] = []
        self.accepted = 0
        self.watched: dict[Path, str | None] = {}
        self.following = Following(
            names or (() if folders else ("a.py",)),
            desk.music,
            self.rehearsals.append,
            self._say,
            desk.waiting.append,
            self._accept,
            home=folder,
            folders=folders,
            also=self.watched.update,
        )

    def _say(self, text: str, *, error: bool = False) -> None:
        self.said.append((text, error))

    def _accept(self) -> None:
        self.accepted += 1

    def save(self, text: str | bytes, name: str = "a.py") -> None:
        """Save a file, and let it be noticed."""
        (self.folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        self.following.saved(name)

    def rehearse(self) -> None:
        """The understudy tries all that waits, with the modules that are there."""
        while self.rehearsals:
            job = self.rehearsals.pop(0)
            modules, error = beside(job.file, self.folder), None
            try:
                load_piece(job.source, job.file, modules)
            except LoadError as refusal:
                error = refusal.block
            job.done(Outcome(error, modules.texts, modules.sought))
        self.desk.work()
        self.desk.play(0)

    def write(self, **files: str | None) -> None:
        """Files change at one go, in the set's folder, and are noticed; None takes one away."""
        (self.folder / "set").mkdir(exist_ok=True)
        paths = {self.folder / "set" / f"{name}.py": text for name, text in files.items()}
        for path, text in paths.items():
            path.write_text(text) if text is not None else path.unlink()
        self.following.noticed(paths)

    def answer(self, error: str | None = None, number: int = 0) -> None:
        """The understudy has tried an edition."""
        self.rehearsals.pop(number).done(Outcome(error, {}))
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


def test_a_preset_that_is_saved_is_taken_up_at_once(stage: Stage) -> None:
    """The layer's plugin is another then, as if its line were changed; the same bytes change nothing."""
    preset = stage.folder / "soft.vstpreset"
    preset.write_bytes(b"VST3\xff one")
    stage.save(f'a = play(note("c"), on=vst3("Mine", preset={preset.as_posix()!r}))\n')
    stage.rehearse()
    assert stage.watched[preset] is None

    def keys() -> list[str]:
        layers = stage.desk.session.files["a.py"].layers.values()
        return [layer.target.key for layer in layers if layer.target is not None]

    (first,) = keys()
    preset.write_bytes(b"VST3\xff two")
    stage.following.noticed([preset])
    stage.rehearse()
    (second,) = keys()
    assert second != first
    stage.following.noticed([preset])
    stage.rehearse()
    assert keys() == [second]


def test_it_is_loaded_and_tried_while_the_understudy_goes_on(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once each; nothing of it plays before the last word, nor if that is no, nor once another is saved."""
    done: list[str] = []

    def load(source: str, file: str, modules: OwnModules) -> Loaded:
        done.append("load")
        return load_piece(source, file, modules)

    def try_piece(loaded: Loaded) -> list[Target]:
        done.append("try")
        return tried(loaded)

    tried = stage.desk.music.try_piece
    monkeypatch.setattr(following, "load_piece", load)
    monkeypatch.setattr(stage.desk.music, "try_piece", try_piece)
    for text, error in ((GOOD, "far away"), (GOOD, None)):
        stage.save(text)
        for stage_of_it, so_far in ((LOADED, ["load"]), (NEAR, ["load", "try"])):
            stage.rehearsals[0].passed(stage_of_it, {})
            stage.desk.work()
            assert done == so_far
            assert stage.desk.session.playing() == []
        stage.answer(error)
        assert done == ["load", "try"]
        done.clear()
    assert stage.desk.session.playing() == ["a.py:a"]
    stage.save(GOOD + "b = 1\n")
    stage.save(GOOD + "b = 2\n")
    stage.rehearsals[0].passed(LOADED, {})
    stage.desk.work()
    assert done == []
    stage.answer()
    stage.rehearsals[0].passed(LOADED, {})
    stage.answer()  # without a word about the near cycle
    assert done == ["load", "try"]


def test_other_modules_are_loaded_anew(stage: Stage) -> None:
    """What the last word says of the modules counts."""
    (stage.folder / "kit.py").write_text("x = 1\n")
    stage.save("from kit import x\n" + GOOD)
    stage.rehearsals[0].passed(LOADED, {"kit.py": "y = 1\n"})
    stage.desk.work()
    stage.rehearse()
    assert stage.desk.session.playing() == ["a.py:a"]


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


def test_what_was_wrong_is_written_down(stage: Stage, desk: Desk) -> None:
    """In one line, with its file, whether it cannot be loaded or not even read."""
    rows: list[Commit] = []
    desk.music.noting = Noting(
        desk.session, desk.scheduler, replace(desk.around, note=rows.append), lambda: 0.0
    )
    stage.save("a = play(noote(1))")
    stage.answer("a.py:1:10: no such thing\n    1 | a = play(noote(1))")
    stage.save(b"\xff\xfe")
    stage.save(GOOD)
    stage.answer()
    refused = [(row["file"], row["error"]) for row in rows if row["kind"] == "refused"]
    assert refused == [
        ("a.py", "a.py:1:10: no such thing"),
        ("a.py", "a.py: this is not UTF-8 text (byte 0): save it as UTF-8"),
    ]


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


RIFFS = 'low = note("c2 e2")\n'
USING = "from riffs import low\n{} = play(low)\n"


@pytest.fixture
def folder(desk: Desk, tmp_path: Path) -> Stage:
    """A set in a folder: two pieces, and a module that both use."""
    stage = Stage(desk, tmp_path, folders=["set"])
    stage.write(riffs=RIFFS, one=USING.format("a"), two=USING.format("b"))
    stage.rehearse()
    return stage


def test_a_folder_begins_together(folder: Stage) -> None:
    """Every piece of it at one cycle; what they import is no piece."""
    assert [text for text, _ in folder.said] == ["set/one.py: a from cycle 0", "set/two.py: b from cycle 0"]
    assert {path.name for path in folder.watched} == {"riffs.py", "__init__.py"}


def test_an_empty_folder(desk: Desk, tmp_path: Path) -> None:
    """It is said, and the first file that comes plays."""
    (tmp_path / "set").mkdir()
    stage = Stage(desk, tmp_path, folders=["set"])
    stage.following.begin()
    assert stage.last() == "set: no piece is in this folder; it plays as soon as one is there"
    stage.write(one=GOOD, _draft=GOOD)
    stage.rehearse()
    assert stage.last() == "set/one.py: a from cycle 0"
    assert desk.session.playing() == ["set/one.py:a"]


def test_a_module_reloads_all_that_use_it(folder: Stage, desk: Desk) -> None:
    """Once each, at one boundary; a module that is broken changes nothing until it is mended."""
    desk.play(2.15)
    folder.write(riffs='low = note("g2 [a2")\n')
    assert [job.file for job in folder.rehearsals] == ["set/one.py", "set/two.py"]
    folder.rehearse()
    assert folder.last().startswith("set/riffs.py:1:19: ")
    assert folder.last().endswith("(from set/one.py:1, set/two.py:1)\nthe versions before play on")
    assert len(folder.said) == 3
    folder.write(riffs='low = note("g2")\n')
    desk.clock.advance(0.8)
    folder.rehearse()
    assert [text for text, _ in folder.said[-2:]] == [
        "set/one.py: a from cycle 2",
        "set/two.py: b from cycle 2",
    ]
    desk.play(4)
    heard = [row for row in desk.heard("note") if row[0] >= 1]
    assert heard[:6] == [(1, "c2"), (1, "c2"), (1.5, "e2"), (1.5, "e2"), (2, "g2"), (2, "g2")]


def test_what_is_saved_at_one_go_changes_at_one_boundary(folder: Stage, desk: Desk) -> None:
    """Though the rehearsals end before and after one, and one of the files is broken."""
    desk.play(2.15)
    folder.write(one=GOOD, two=GOOD.replace("bd", "sd"), three=GOOD, four="1 / 0")
    while folder.rehearsals:
        job = folder.rehearsals.pop(0)
        job.done(Outcome("no" if job.file == "set/four.py" else None, {}))
        desk.play(1.3)
    assert {text for text, _ in folder.said[2:]} == {
        "set/one.py: a from cycle 4",
        "set/riffs.py: no layers",
        "set/three.py: a from cycle 4",
        "set/two.py: a from cycle 4",
        "no\nnothing of it plays yet",
    }


def test_one_that_is_saved_again_meanwhile_goes_its_own_way(folder: Stage, desk: Desk) -> None:
    """The rest of what was saved with it does not wait for it."""
    folder.write(one=GOOD, two=GOOD)
    folder.write(two=GOOD.replace("bd", "sd"))
    folder.rehearse()
    said = [text for text, _ in folder.said[2:] if "riffs" not in text]
    assert said == ["set/one.py: a from cycle 0", "set/two.py: a from cycle 0"]
    assert "sd" in desk.session.files["set/two.py"].source


def test_a_piece_that_is_renamed(folder: Stage, desk: Desk) -> None:
    """The old one ends where the new one begins."""
    desk.play(2.15)
    folder.write(two=None, three=USING.format("b"))
    folder.rehearse()
    assert [text for text, _ in folder.said[2:]] == [
        "set/two.py: it is set/three.py now, and plays on",
        "set/three.py: b from cycle 2",
    ]
    desk.play(4)
    assert len([at for at, _ in desk.heard("note") if 1 <= at < 3]) == 8


def test_a_piece_that_becomes_a_module_and_back(folder: Stage, desk: Desk) -> None:
    """By what another one imports."""
    folder.write(one="from two import b\n")
    folder.rehearse()
    assert folder.said[2][0] == "set/two.py: other pieces import it: it is a module now; its layers end"
    assert desk.session.playing() == ["set/one.py:b"]
    folder.write(one=GOOD)
    folder.rehearse()
    assert sorted(desk.session.playing()) == ["set/one.py:a", "set/two.py:b"]


def test_a_module_that_comes_later(folder: Stage, desk: Desk) -> None:
    """A piece that looked for it in vain is tried again."""
    folder.write(one="from more import low\na = play(low)\n")
    folder.rehearse()
    assert "No module named 'more'" in folder.last()
    folder.write(more=RIFFS.replace("c2", "f2"))
    folder.rehearse()
    assert folder.last() == "set/one.py: a from cycle 0"


def test_a_module_of_a_piece_that_was_named(stage: Stage) -> None:
    """It is watched with the text that was read, wherever it lies; its changes are those of the piece."""
    (stage.folder / "riffs.py").write_text(RIFFS)
    stage.save("from riffs import low\na = play(low)\n")
    stage.rehearse()
    assert stage.watched == {stage.folder / "riffs.py": RIFFS, stage.folder / "riffs" / "__init__.py": None}
    (stage.folder / "riffs.py").write_text(RIFFS.replace("c2", "g2"))
    stage.following.noticed([stage.folder / "riffs.py"])
    stage.rehearse()
    assert stage.last() == "a.py: a from cycle 0"
    assert "g2" in stage.desk.session.files["a.py"].modules.texts["riffs.py"]


def test_taking_over_looks_at_modules_and_folders(folder: Stage, desk: Desk) -> None:
    """What was saved meanwhile is not missed, what may have been deadly is not tried again."""
    place = folder.folder / "set"
    again = Stage(desk, folder.folder, folders=["set"])
    again.following.take_over()
    assert again.rehearsals == []
    (place / "riffs.py").write_text(RIFFS.replace("c2", "g2"))
    (place / "three.py").write_text(GOOD)
    (place / "two.py").unlink()
    again.following.take_over()
    assert [job.file for job in again.rehearsals] == ["set/one.py", "set/three.py"]
    again.rehearse()
    assert sorted(desk.session.playing()) == ["set/one.py:a", "set/three.py:a"]
    (place / "riffs.py").write_text("low = 1 / 0  # or worse\n")
    again.following.take_over()
    again.answer()
    third = Stage(desk, folder.folder, folders=["set"])
    third.following.take_over()
    assert third.rehearsals == []
