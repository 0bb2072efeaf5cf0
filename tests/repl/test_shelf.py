"""`sempre examples`: what it lists, finds, shows, copies and plays."""

import re
import tomllib
from collections.abc import Sequence
from html import unescape
from pathlib import Path

import pytest

from repl import cli, launch
from repl.errors import ReplError, SessionError
from repl.shelf import KINDS, STYLES, chosen, examples, shelf


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which somebody stands."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What `sempre examples` answers."""
    assert cli.main(["examples", *words]) == 0
    return capsys.readouterr().out


def test_the_list_has_each_with_its_number_and_its_idea(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written into a file or a wide terminal, it is whole; in a narrow one no line is broken."""
    monkeypatch.setenv("COLUMNS", "80")
    assert max(map(len, said(capsys).splitlines())) == 80
    monkeypatch.setenv("COLUMNS", "120")
    lines = said(capsys).splitlines()
    for one in examples():
        assert [
            line for line in lines if line.split()[:2] == [str(one.number), one.name] and one.idea in line
        ]
        assert not one.idea.endswith(".")
    assert max(map(len, lines)) <= 120
    headed = [lines[lines.index(text) + 1].split()[1] for text in KINDS.values() if text]
    assert headed == ["first_light", "ambient"]


@pytest.mark.parametrize(
    "words", ["3", "spread_evenly", "spread evenly", "Spread-Evenly", "03_spread_evenly.py", "spread"]
)
def test_an_example_has_many_names(words: str) -> None:
    """A number, a name, as it is spoken, its file, a part."""
    assert chosen(words).file.name == "03_spread_evenly.py"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("house", "house"),
        ("Drum and bass", "drum_and_bass"),
        ("lo-fi", "lo_fi"),
        ("jazz", "jazz_trio"),
        ("chorale", "choir"),
    ],
)
def test_a_style_is_called_as_it_is_spoken(words: str, name: str) -> None:
    """Also by what is written above it."""
    one = chosen(words)
    assert (one.kind, one.name) == ("style", name)


def test_what_is_listed_comes_with_an_installed_sempre() -> None:
    """All of the folder is in the wheel, where the shelf looks first; every style of it is listed."""
    project = tomllib.loads((shelf().parent / "pyproject.toml").read_text())
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert included["examples"] == "repl/examples"
    assert all(one.file.is_relative_to(shelf()) and one.file.is_file() for one in examples())
    assert {*STYLES} == {file.stem for file in (shelf() / "styles").glob("*.py")}


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("0", "from 1 to"),
        ("99", "no 99"),
        ("four on the flor", "did you mean four_on_the_floor?"),
        ("four", "four_on_the_floor or four_chords"),
        ("zzz", "`sempre examples` lists them"),
        ("", "`sempre examples` lists them"),
    ],
)
def test_what_is_not_there_is_told(words: str, text: str) -> None:
    """With what is near."""
    with pytest.raises(ReplError, match=text):
        chosen(words)


def test_one_is_shown_as_it_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    """A name of several words needs no quotes."""
    assert said(capsys, "show", "four", "on", "the", "floor").strip() == chosen("1").text.strip()


def test_copies_are_the_same_and_nothing_is_overwritten(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is typed next is said; what is there is left."""
    assert (
        said(capsys, "copy", "1", "night_ferry") == "sempre 01_four_on_the_floor.py\nsempre night_ferry.py\n"
    )
    assert (here / "night_ferry.py").read_text() == (shelf() / "night_ferry.py").read_text()
    (here / "night_ferry.py").write_text("mine")
    assert cli.main(["examples", "copy", "night_ferry"]) == 1
    assert "is left as it is" in capsys.readouterr().err
    assert (here / "night_ferry.py").read_text() == "mine"


def test_all_of_them_are_copied_at_once(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder to learn from."""
    said(capsys, "copy", "all")
    assert len([*here.glob("*.py")]) == len(examples()) > 30


@pytest.mark.parametrize("verb", ["play", "show", "copy"])
def test_a_verb_alone_asks_which(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One line."""
    assert cli.main(["examples", verb]) == 1
    assert f"say which: sempre examples {verb} 1" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["2"], ["play", "2"], ["lo-fi"]])
def test_one_is_played_with_the_prompt_and_its_text_is_read(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The text is above the prompt, and how to change it."""
    asked: list[Path] = []

    def start(files: Sequence[Path], *, leash: bool, record: Path | None = None) -> launch.Started:
        asked.extend(files)
        assert not leash
        assert record is None
        raise SessionError("not in a test")

    monkeypatch.setattr(launch, "start", start)
    assert cli.main(["examples", *words]) == 1
    one = chosen(words[-1])
    assert asked == [one.file]
    out = capsys.readouterr().out
    assert one.text in out
    assert f"sempre examples copy {one.number}" in out


def test_the_page_lists_them_all() -> None:
    """docs/examples.md: each in its place, with a link to its file and its idea; the README counts them."""
    docs = shelf().parent / "docs"
    page = (docs / "examples.md").read_text()
    rows = re.findall(r"^\| (\d+) \| \[(\w+)\]\((\S+)\) \| (.+) \|$", page, re.MULTILINE)
    there = [(str(one.number), one.name, one.file, one.idea) for one in examples()]
    assert [
        (number, name, (docs / link).resolve(), unescape(idea)) for number, name, link, idea in rows
    ] == there
    readme = (docs.parent / "README.md").read_text()
    short = sum(one.kind == "lesson" for one in examples())
    assert f"[{short} short pieces](docs/examples.md)" in readme
