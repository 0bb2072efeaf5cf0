"""Modules of the musician's own: files beside a piece, read anew for each edition of it."""

from __future__ import annotations

import sys
from pathlib import Path
from textwrap import dedent

import pytest

from patterns.core import Pattern
from patterns.ticks import TICKS
from repl.commits import file_commit
from repl.errors import LoadError
from repl.loader import Loaded, load_piece
from repl.own_modules import beside
from repl.report import of_problem
from repl.session import Session


class Folder:
    """A folder of files, and pieces that are loaded there."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def write(self, **files: str) -> None:
        """Write modules; `lib__steps` is `lib/steps.py`."""
        for name, text in files.items():
            file = self.place / f"{name.replace('__', '/')}.py"
            file.parent.mkdir(exist_ok=True)
            file.write_text(dedent(text))

    def load(self, source: str, file: str = "a.py") -> Loaded:
        """Load a piece that lies there."""
        return load_piece(source, file, beside(file, self.place))

    def refused(self, source: str) -> str:
        """What is said of a piece that cannot be loaded."""
        with pytest.raises(LoadError) as refusal:
            self.load(source)
        return refusal.value.block


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """With a module in it that plays drums, and a package."""
    found = Folder(tmp_path)
    found.write(
        riffs="""
            from lib import steps
            low = note(steps.scale)
            drums = play(s("bd*4"))

            def up(pattern, by):
                return pattern.add(by.semitones)
        """,
        lib__steps="from .deeper import scale\n",
        lib__deeper='scale = "c2 e2"\n',
    )
    return found


def values(loaded: Loaded, name: str) -> list[object]:
    """What the first cycle of a layer says."""
    return [hap.value for hap in loaded.layers[name].pattern.haps(0, 1)]


def test_the_language_is_known_in_modules(folder: Folder) -> None:
    """Without an import; what they bind comes into the piece, and nothing else with a star."""
    loaded = folder.load("from riffs import *\nbass = play(low)\n")
    assert sorted(loaded.layers) == ["bass", "drums"]
    assert values(loaded, "bass") == [{"note": "c2"}, {"note": "e2"}]
    assert not {"note", "play"} & loaded.names.keys()


@pytest.mark.parametrize(
    "line",
    [
        "import lib.deeper\nx = lib.deeper.scale",
        "import lib.deeper as d\nx = d.scale",
        "from lib import deeper\nx = deeper.scale",
        "from lib.deeper import scale as x",
        "def f():\n    from lib.steps import scale\n    return scale\nx = f()",
    ],
)
def test_all_ways_to_import(folder: Folder, line: str) -> None:
    """As Python has them; folders need no `__init__.py`, and may have one."""
    bass = f"{line}\nbass = play(note(x))\n"
    for _ in range(2):
        assert values(folder.load(bass), "bass") == [{"note": "c2"}, {"note": "e2"}]
        folder.write(lib____init__="")


def test_an_edition_has_what_is_on_the_disk(folder: Folder) -> None:
    """Each is read anew, nothing stays behind with Python, and the old edition is as it was."""
    piece = "from lib import deeper\nbass = play(note(deeper.scale))\n"
    before = folder.load(piece)
    folder.write(lib__deeper='scale = "g2"\n')
    assert values(folder.load(piece), "bass") == [{"note": "g2"}]
    assert values(before, "bass") == [{"note": "c2"}, {"note": "e2"}]
    assert before.modules.texts == {"lib/__init__.py": "", "lib/deeper.py": 'scale = "c2 e2"\n'}
    assert not [name for name in sys.modules if name.startswith("piece")]


def test_pieces_share_nothing(folder: Folder) -> None:
    """What one does to a module is not seen by another."""
    folder.write(shared="rows = []\n")
    piece = 'import shared\nshared.rows.append("c")\na = play(note(" ".join(shared.rows)))\n'
    assert [len(values(folder.load(piece), "a")) for _ in range(2)] == [1, 1]


def test_what_was_given_is_all_there_is(folder: Folder) -> None:
    """An understudy, a journal and a recipe have the texts; the disk may say what it likes by then."""
    session, twin = Session(), Session(home=folder.place / "elsewhere")
    loaded = folder.load("import math, riffs\nbass = play(riffs.low)\ndrums = riffs.drums\n")
    commit = file_commit(loaded, {"a.py:bass": 0, "a.py:drums": 0})  # type: ignore[dict-item] - read as text
    folder.write(riffs="low = 1 / 0\n")
    for one in (session, twin):
        one.apply(commit)
        assert values(one.files["a.py"], "bass") == [{"note": "c2"}, {"note": "e2"}]
    with pytest.raises(LoadError, match="No module named 'riffs'"):
        load_piece(loaded.source, "a.py", beside("a.py", folder.place, {}))


def test_at_the_prompt(folder: Folder) -> None:
    """What lies beside the pieces can be imported there, and the understudy gets the texts."""
    session = Session(home=folder.place)
    line = "import lib.deeper; lead = play(note(lib.deeper.scale))"
    loaded = session.statement(line, {})
    assert values(loaded, "lead") == [{"note": "c2"}, {"note": "e2"}]
    folder.write(lib__deeper='scale = "g2"\n')
    assert values(session.statement(line, {}), "lead") == [{"note": "g2"}]
    told = session.statement(line, {}, loaded.modules.texts)
    assert values(told, "lead") == [{"note": "c2"}, {"note": "e2"}]


def test_theirs_come_before_those_that_are_installed(folder: Folder) -> None:
    """For them alone: Python's own, and ours, find what they always found."""
    folder.write(queue='name = "c "\n', patterns='name = "g"\n')
    loaded = folder.load("import queue, patterns\na = play(note(queue.name + patterns.name))\n")
    assert len(values(loaded, "a")) == 2
    assert hasattr(sys.modules["queue"], "SimpleQueue")


def test_ours_are_ours_where_sempre_lies() -> None:
    """A piece in the checkout's folder may say `from patterns.core import Pattern`, and means it."""
    root = Path(__file__).resolve().parents[2]
    loaded = load_piece("from patterns.core import Pattern\n", "a.py", beside("a.py", root))
    assert loaded.names["Pattern"] is Pattern


def test_what_python_needs_of_a_module(folder: Folder) -> None:
    """Dataclasses with annotations as text look for the module of their class; circles find what there is."""
    folder.write(
        kinds="from __future__ import annotations\nfrom dataclasses import dataclass\n"
        "@dataclass\nclass K:\n    a: int\n",
        one="import two\nx = 1\n",
        two="import one\ny = 2\n",
    )
    assert (
        folder.load("from kinds import K\nfrom one import x, two\nassert K(x).a == two.one.x\n").layers == {}
    )


MISTAKES: dict[str, tuple[dict[str, str], str, list[str]]] = {
    "a mini-notation": (
        {"bad": 'x = 1\nlow = note("c2 [e2")\n'},
        "import bad",
        ["bad.py:2:19: ", '    2 | low = note("c2 [e2")', f"      | {'^':>19}", "      (from a.py:1)"],
    ),
    "the syntax": ({"bad": "x = 1\nlow = note(\n"}, "import bad", ["bad.py:2:11: syntax error"]),
    "a word": (
        {"bad": "x = noote(1)\n"},
        "import bad",
        ["bad.py:1:5: nothing is called 'noote'; did you mean 'note'?"],
    ),
    "a call": ({}, "import riffs\nx = riffs.up(riffs.low, 2)", ["riffs.py:7:", "      (from a.py:2)"]),
    "a name": (
        {},
        "from riffs import lo",
        ["a.py:1:1: ", "riffs.py has nothing called 'lo'; did you mean 'low'?"],
    ),
    "a module": ({}, "import rifs", ["a.py:1:1: ", "No module named 'rifs'; did you mean 'riffs'?"]),
    "a module below": ({}, "import lib.step", ["a.py:1:1: ", "No module named 'lib.step'"]),
    "a module below no folder": ({}, "import riffs.low", ["a.py:1:1: ", "No module named 'riffs.low'"]),
    "the piece itself as a package": ({}, "from . import riffs", ["a.py:1:1: ", "write  import riffs"]),
    "a layer without a name": ({}, "import riffs", ["a.py:1: what riffs plays would not be heard"]),
    "the encoding": ({}, "import latin", ["latin.py: this is not UTF-8 text (byte 5)"]),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_errors_are_told_with_their_own_place(folder: Folder, mistake: str) -> None:
    """In the module, with the line and the caret, and where the piece came to it."""
    files, piece, expected = MISTAKES[mistake]
    folder.write(**files)
    (folder.place / "latin.py").write_bytes(b"a = '\xe9'")
    block = folder.refused(piece)
    assert [part for part in expected if part not in block] == [], block


def test_a_value_that_fails_later_is_told_in_its_module(folder: Folder) -> None:
    """A function of the module that raises while the music plays."""
    folder.write(late="def step(value):\n    return 1 / 0\nlow = note('0 1').with_value(step)\n")
    loaded = folder.load("from late import low\na = play(low)\n")
    problem = loaded.layers["a"].pattern.answer(0, TICKS).problems[0]
    assert of_problem(problem, "a.py", loaded.source, loaded.modules.texts).startswith("late.py:2:12: ")


def test_what_was_looked_for_in_vain_is_known(folder: Folder) -> None:
    """Should it come, the piece is another."""
    modules = beside("set/a.py", folder.place)
    with pytest.raises(LoadError):
        load_piece("import rifs", "set/a.py", modules)
    assert {"set/rifs.py", "set/rifs/__init__.py"} <= modules.sought
