"""Saves, as editors make them: each is noticed once, whatever steps it takes."""

import os
import queue
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from bridge.clock import monotonic
from bridge.worker import pause
from repl import watch as module
from repl.watch import Watch

PATIENCE = 5.0
QUIET = 0.2
"""Seconds after which nothing more is expected: many times the debounce."""


class Saves:
    """Takes down which files were saved."""

    watch: Watch

    def __init__(self) -> None:
        self._queue: queue.Queue[Path] = queue.Queue()
        self.together: list[list[Path]] = []

    def __call__(self, paths: Sequence[Path]) -> None:
        """Note those that came together."""
        self.together.append(list(paths))
        for path in paths:
            self._queue.put(path)

    def next(self) -> Path:
        """Wait for the next one."""
        return self._queue.get(timeout=PATIENCE)

    def any(self) -> bool:
        """Whether one has come."""
        return not self._queue.empty()

    def rest(self) -> list[Path]:
        """Wait until it is quiet; gives all that came."""
        found: list[Path] = []
        while True:
            try:
                found.append(self._queue.get(timeout=QUIET))
            except queue.Empty:
                return found


Start = Callable[..., Saves]


@pytest.fixture
def start() -> Iterator[Start]:
    """Watch files until the test ends."""
    watches: list[Watch] = []

    def begin(*files: Path, folders: Sequence[Path] = ()) -> Saves:
        saves = Saves()
        saves.watch = Watch(files, saves, folders)
        watches.append(saves.watch)
        return saves

    yield begin
    for one in watches:
        one.close()


@pytest.fixture
def piece(tmp_path: Path) -> Path:
    """A file that is there."""
    path = tmp_path / "piece.py"
    path.write_text("a = 1\n")
    return path


def in_place(path: Path, text: str) -> None:
    """As nano saves."""
    path.write_text(text)


def atomically(path: Path, text: str) -> None:
    """To another file, then moved over it."""
    other = path.with_name(".piece.py.new")
    other.write_text(text)
    other.replace(path)


def with_backup(path: Path, text: str) -> None:
    """As vim saves: the old file is moved away first."""
    path.rename(path.with_name("piece.py~"))
    path.write_text(text)
    path.with_name("piece.py~").unlink()


def in_steps(path: Path, text: str) -> None:
    """Emptied, and written a little later."""
    path.write_text("")
    pause(0.03)
    path.write_text(text)


@pytest.mark.parametrize("save", [in_place, atomically, with_backup, in_steps])
def test_each_save_is_noticed_once(start: Start, piece: Path, save: Callable[[Path, str], None]) -> None:
    """However an editor does it, and again and again."""
    saves = start(piece)
    for number in range(3):
        save(piece, f"a = {number + 2}\n")
        assert saves.next() == piece
        assert saves.rest() == []


def test_a_file_that_goes_and_comes_back(start: Start, piece: Path) -> None:
    """Both are noticed."""
    saves = start(piece)
    piece.unlink()
    assert saves.next() == piece
    piece.write_text("a = 2\n")
    assert saves.next() == piece
    assert saves.rest() == []


def test_a_file_that_is_not_there_yet(start: Start, tmp_path: Path) -> None:
    """It is noticed when it is."""
    saves = start(tmp_path / "later.py")
    (tmp_path / "later.py").write_text("a = 1\n")
    assert saves.next() == tmp_path / "later.py"


def test_the_same_content_is_no_change(start: Start, piece: Path) -> None:
    """Saving out of habit, touching, reading."""
    saves = start(piece)
    piece.write_text("a = 1\n")
    piece.touch()
    piece.read_text()
    assert saves.rest() == []


def test_many_quick_saves_give_few_calls(start: Start, piece: Path) -> None:
    """And the last content is always seen."""
    seen: list[str] = []
    saves = start(piece)
    for number in range(100):
        piece.write_text(f"a = {number}\n")
    assert saves.next() == piece
    seen.append(piece.read_text())
    assert len(saves.rest()) <= 10
    assert seen[-1] == "a = 99\n"


def test_files_of_one_folder_are_told_apart(start: Start, piece: Path, tmp_path: Path) -> None:
    """Only what was saved is said, others in the folder are nobody's business."""
    other = tmp_path / "other.py"
    other.write_text("b = 1\n")
    saves = start(piece, other)
    other.write_text("b = 2\n")
    (tmp_path / "notes.txt").write_text("x")
    assert saves.rest() == [other]


@pytest.mark.parametrize("name", ["two words", "größe ♪", "a:b", "-n"])
def test_folders_of_any_name(start: Start, tmp_path: Path, name: str) -> None:
    """With spaces, beyond ASCII, like an option."""
    folder = tmp_path / name
    folder.mkdir()
    file = folder / f"{name}.py"
    file.write_text("a = 1\n")
    saves = start(file)
    atomically(file, "a = 2\n")
    assert saves.rest() == [file]


def test_paths_stay_as_they_were_given(start: Start, piece: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Relative ones, and ones that go up and down."""
    (piece.parent / "sub").mkdir()
    monkeypatch.chdir(piece.parent / "sub")
    saves = start(Path("../piece.py"))
    piece.write_text("a = 2\n")
    assert saves.next() == Path("../piece.py")


def test_links_are_noticed_at_both_ends(start: Start, piece: Path, tmp_path: Path) -> None:
    """What is saved may be the file that the link leads to, or the link itself."""
    (tmp_path / "set").mkdir()
    link = tmp_path / "set" / "link.py"
    link.symlink_to(piece)
    saves = start(link)
    piece.write_text("a = 2\n")
    assert saves.rest() == [link]
    new = tmp_path / "set" / "new"
    new.write_text("a = 3\n")
    new.replace(link)
    assert saves.rest() == [link]


def test_a_busy_folder_does_not_keep_us_from_looking(start: Start, piece: Path, tmp_path: Path) -> None:
    """A recording grows in the same folder, many times a second."""
    saves = start(piece)
    until = monotonic() + 1.0
    found: list[Path] = []
    piece.write_text("a = 2\n")
    with (tmp_path / "take.wav").open("wb", buffering=0) as take:
        while monotonic() < until and not found:
            take.write(b"x")
            pause(0.002)
            found = [saves.next()] if saves.any() else []
    assert found == [piece]


def test_a_file_that_is_never_quiet_is_looked_at(start: Start, piece: Path) -> None:
    """Bounded by the longest save, whatever goes on."""
    saves = start(piece)
    until = monotonic() + 2.0
    number = 0
    while monotonic() < until and not saves.any():
        number += 1
        piece.write_text(f"a = {number}\n")
        pause(0.002)
    assert saves.any()


def test_folders_that_send_no_events(start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is made after we began, and goes, and comes: a look now and then finds it."""
    monkeypatch.setattr(module, "ROUND", 0.02)
    folder = tmp_path / "set"
    file = folder / "piece.py"
    saves = start(file)
    for number in range(2):
        folder.mkdir()
        file.write_text(f"a = {number}\n")
        assert saves.next() == file
        file.unlink()
        folder.rmdir()
        assert saves.next() == file


def test_after_closing_nothing_is_said(piece: Path) -> None:
    """Also when closed twice."""
    saves = Saves()
    one = Watch([piece], saves)
    one.close()
    one.close()
    piece.write_text("a = 2\n")
    assert saves.rest() == []


def test_a_file_that_cannot_be_read_counts_as_gone(start: Start, piece: Path) -> None:
    """Here a link that leads in a circle; whoever is told of it reads it and says why it cannot."""
    saves = start(piece)
    piece.unlink()
    piece.symlink_to(piece)
    assert saves.rest() == [piece]
    saves = start(piece)
    piece.unlink()
    piece.write_text("a = 2\n")
    assert saves.rest() == [piece]


def test_what_is_saved_at_one_go_comes_together(start: Start, tmp_path: Path) -> None:
    """As `git checkout` does it: twenty files are taken away and written anew, and one is renamed."""
    files = [tmp_path / f"{number}.py" for number in range(20)]
    for file in files:
        file.write_text("a = 1\n")
    saves = start(*files, tmp_path / "new.py")
    for file in files[:-1]:
        file.unlink()
        file.write_text("a = 2\n")
    files[-1].rename(tmp_path / "new.py")
    assert sorted(saves.rest()) == sorted([*files, tmp_path / "new.py"])
    assert len(saves.together) == 1


def test_a_checkout_of_git_comes_together(start: Start, tmp_path: Path) -> None:
    """Another branch of twelve files, one of them new and one gone: each is told once, in one change."""
    git = shutil.which("git")
    if git is None:
        pytest.skip("git is not installed: apt-get install git")
    outside = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")

    def run(*words: str) -> None:
        subprocess.run([git, "-C", tmp_path, *who, *words], check=True, capture_output=True, env=outside)

    files = [tmp_path / f"{number}.py" for number in range(12)]
    run("init", "--initial-branch=early")
    for branch, there in (("early", files[1:]), ("late", files[:-1])):
        run("checkout", "-B", branch)
        for file in files:
            file.unlink(missing_ok=True)
        for file in there:
            file.write_text(f"a = {branch!r}\n")
        run("add", "--all")
        run("commit", "--message", branch)
    saves = start(*files)
    # A machine that stands still between two of git's files for longer than the debounce makes two changes
    # of one: out of six checkouts one at least must have come at one go.
    for number, branch in enumerate(("early", "late") * 3, 1):
        run("checkout", branch)
        assert sorted([saves.next(), *saves.rest()]) == sorted(files)
        if len(saves.together) == number:
            break
        saves.together = [[]] * number
    else:
        pytest.fail("not one of six checkouts was one change")


def test_a_file_that_goes_while_another_is_saved(start: Start, piece: Path, tmp_path: Path) -> None:
    """Neither is missed, whatever comes between."""
    other = tmp_path / "other.py"
    other.write_text("b = 0\n")
    saves = start(piece, other)
    piece.unlink()
    for number in range(1, 4):
        pause(0.03)
        other.write_text(f"b = {number}\n")
    assert set(saves.rest()) == {piece, other}


def test_a_folder_and_what_comes_into_it(start: Start, tmp_path: Path) -> None:
    """New files of Python, also moved there; neither backups nor anything else."""
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "a.py").write_text("a = 1\n")
    saves = start(folders=[folder])
    for name in ("b.py", ".#b.py", "b.py~", "notes.txt", "4913"):
        (folder / name).write_text("b = 1\n")
    (tmp_path / "c.py").write_text("c = 1\n")
    (tmp_path / "c.py").rename(folder / "c.py")
    assert sorted(saves.rest()) == [folder / "b.py", folder / "c.py"]
    (folder / "a.py").unlink()
    (folder / "b.py").rename(folder / "d.py")
    assert sorted(saves.rest()) == [folder / "a.py", folder / "b.py", folder / "d.py"]


def test_a_folder_that_sends_no_events(start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is made after we began: a look now and then finds what is in it."""
    monkeypatch.setattr(module, "ROUND", 0.02)
    saves = start(folders=[tmp_path / "set"])
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "a.py").write_text("a = 1\n")
    assert saves.next() == tmp_path / "set" / "a.py"
    assert saves.rest() == []


def test_files_that_turn_out_to_matter(start: Start, piece: Path, tmp_path: Path) -> None:
    """Modules of a piece: they are watched from then on, and what changed since they were read is said."""
    riffs, later = tmp_path / "riffs.py", tmp_path / "lib" / "later.py"
    riffs.write_text("x = 1\n")
    saves = start(piece)
    saves.watch.also({riffs: "x = 1\n", later: None})
    assert saves.rest() == []
    riffs.write_text("x = 2\n")
    assert saves.rest() == [riffs]
    saves.watch.also({riffs: "x = 1\n"})
    assert saves.rest() == []
    other = tmp_path / "other.py"
    other.write_text("x = 4\n")
    saves.watch.also({other: "x = 3\n", tmp_path / "gone.py": "x = 3\n"})
    assert set(saves.rest()) == {other, tmp_path / "gone.py"}
