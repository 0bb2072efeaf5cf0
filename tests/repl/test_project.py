"""`sempre new`: what it makes plays at once, nothing is ever overwritten, and nonsense is told in a line."""

import json
import re
from pathlib import Path

import pytest

from bridge.clock import monotonic
from repl import cli
from repl.declarations import CONFIG, STUB
from repl.loader import load_piece
from repl.rehearsal import rehearse
from repl.session import place_name
from repl.settings import KEYS, parse_settings, read_settings


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which somebody stands."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def project(here: Path) -> Path:
    """A new project."""
    assert cli.main(["new", "evening"]) == 0
    return here / "evening"


def test_a_new_project_has_what_its_page_says(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    """Each thing in the README's table is there; what it is called stands where it should."""
    assert f"sempre {Path('evening', 'piece.py')}" in capsys.readouterr().out
    page = (project / "README.md").read_text()
    assert page.startswith("# evening\n")
    for name in re.findall(r"^\| `([^`]+)` ", page, re.MULTILINE):
        assert (project / name).exists(), name
    assert {file.name for file in project.iterdir()} >= {STUB, CONFIG, ".gitignore", "samples"}
    assert not [file for file in project.rglob("*") if file.is_file() and "NAME" in file.read_text()]


def test_its_piece_plays_at_once(project: Path) -> None:
    """As its first save would be: rehearsed near and far, with the settings of its folder."""
    file = project / "piece.py"
    piece = load_piece(file.read_text(), str(file))
    places = {place_name(piece.file, name): layer for name, layer in piece.layers.items()}
    rehearse(places, piece.file, piece.source, cycle=0, cps=0.5, seed=0)
    assert [*piece.modules.texts] == [str(project / "kit.py")], "the kit is what plays"
    assert {"drums", "bass"} <= piece.layers.keys(), "the README mutes and hears them alone"
    assert not piece.doubts
    settings = read_settings([file])
    assert settings.file == project / "sempre.toml"
    assert settings.problems == ()
    assert settings.sample_folders == (project / "samples",)


def test_each_setting_that_is_commented_out_holds_when_it_is_not(project: Path) -> None:
    """Taking a `#` away never leads to a complaint; what stands there is what holds anyway."""
    text = (project / "sempre.toml").read_text()
    opened = re.sub(r"^# (\w+ = )", r"\1", text, flags=re.MULTILINE)
    settings = parse_settings(opened, project / "sempre.toml")
    assert settings.problems == ()
    assert len(settings.read) == opened.count(" = ") > 15
    assert {key.partition(".")[0] for key in settings.read} == KEYS.keys(), "each section is shown"


def test_editors_can_read_what_is_meant_for_them(project: Path) -> None:
    """VS Code takes these files as they are; the task plays a piece."""
    read = {file.stem: json.loads(file.read_text()) for file in (project / ".vscode").iterdir()}
    assert read.keys() == {"settings", "extensions", "tasks"}
    assert read["tasks"]["tasks"][0]["args"] == ["${file}"]
    assert read["settings"]["files.autoSave"] == "off", "to save is to play"


def test_a_project_is_there_in_a_second(here: Path) -> None:
    """It writes a dozen small files: 0.1 s where it was measured."""
    began = monotonic()
    assert cli.main(["new", "quick"]) == 0
    assert monotonic() - began < 1


def test_a_path_and_an_empty_folder_will_do(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders on the way are made; standing in an empty one, a dot is enough."""
    assert cli.main(["new", "sets/2027/spring"]) == 0
    assert (here / "sets" / "2027" / "spring" / "piece.py").read_text().startswith("# spring: ")
    (here / "empty").mkdir()
    monkeypatch.chdir(here / "empty")
    assert cli.main(["new", "."]) == 0
    assert (here / "empty" / "piece.py").read_text().startswith("# empty: ")


NONSENSE = {
    "there": "nothing in it is touched",
    "there/file": "is a file",
    "there/file/below": "cannot write there",
    "song.py": "try: sempre new song",
    "what?": "no name for a folder",
    "a\nb": "no name for a folder",
    "dot.": "no name for a folder",
    "/": "no name for a folder",
    "x" * 300: "cannot write",
}


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_is_told_and_nothing_is_touched(
    here: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line says what is wrong and what to try."""
    (here / "there").mkdir()
    (here / "there" / "file").write_text("mine")
    assert cli.main(["new", name]) == 1
    said = capsys.readouterr().err
    assert said.startswith("sempre: ")
    assert NONSENSE[name] in said
    assert [file.read_text() for file in here.rglob("*") if file.is_file()] == ["mine"]


def test_a_second_project_of_a_name_leaves_the_first(project: Path) -> None:
    """Not even a file that was removed from it is put back."""
    (project / "piece.py").write_text("mine")
    (project / "sempre.toml").unlink()
    assert cli.main(["new", "evening"]) == 1
    assert (project / "piece.py").read_text() == "mine"
    assert not (project / "sempre.toml").exists()
