"""What an editor knows of a piece: pyright judges pieces by the files that `sempre stubs` writes."""

from __future__ import annotations

import ast
import doctest
import inspect
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from patterns.registry import entries
from repl import cli
from repl.declarations import CONFIG, STUB, declarations, write
from repl.namespace import Collector, piece_namespace

ROOT = Path(__file__).parents[2]
SNIPPET = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
PYRIGHT = Path(sys.executable).with_name("pyright")

ORDINARY = """
tempo(112)
reseed(3)
kit = instrument("drums", room=.07) | fx.compressor(-24, 3) | fx.gain(5)
drums = play(s("bd*4, ~ cp").every(4, rev).every(3, fast(2)).sometimes_by(.3, lambda p: p.add(note(12))),
             on=kit)
moved = note("c e").add.out("0 1").add.squeeze("0 12").jux(rev).off(1/8, add(12))
slow_ = moved.when("1 0", lambda p: p.slow(2))
tune = play(n("0 2 4").scale("C:minor").echo_with(3, 1/8, lambda p, i: p.add(i)).layer(rev, fast(2)),
            on=midi("x", channel=3))
cut = knob("cut", 0, 1).range(200, 4000)
wide = stack("a b", s("bd"), ["c", "d"]).struct("1 ~ 1").filter(lambda v: v != 1)
once(s("cr").cutoff(cut).gain(sine.range(.3, .8)) | pan(.2))
form = arrange((2, s("bd")), (1, s("sd")))
some = choose(1, 2, "a").segment(4).with_value(lambda v: v + 1)
for number in range(3):
    play(s("bd").fast(number + 1).late("<0 .25>"), name=f"layer {number}")
roots = root_notes(chord("<C Am7>").anchor("c5"))
thick = mini("<0 1>").pick(["a b", "c"]).ply(2)
swung = superimpose(fast(2))(s("hh*8").swing_by(1/3, 4).degrade_by(.2).euclid(3, 8))
"""

MISTAKES = {
    "p.fasst(2)": '"fasst" is unknown',
    's("bd").every(3)': 'missing for parameter "change"',
    's("bd").rev(1)': "Expected 0 positional",
    's("bd").add.sqeeze(1)': '"sqeeze" is unknown',
    "p.every(4, 3)": 'cannot be assigned to parameter "change"',
    "play(p, onn=midi())": 'No parameter named "onn"',
    "fasst(2, p)": '"fasst" is not defined',
    "fast()": 'No overloads for "fast"',
    "fast(2).slow(2)": '"slow" is unknown',
    'instrument("drumms")': 'No overloads for "instrument"',
    "fx.reverb(rom=1)": 'No parameter named "rom"',
    "fx.revrb()": '"revrb" is unknown',
}


def all_examples() -> str:
    """The examples of all names, one after the other."""
    # A hap may be without a whole, which an example knows better; and a bare value is what it shows.
    lines = ["# pyright: reportOptionalMemberAccess=false, reportUnusedExpression=false"]
    for entry in entries():
        text = inspect.getdoc(entry.call) or ""
        found = [each.source.rstrip() for each in doctest.DocTestParser().get_examples(text)]
        lines += [f"# {entry.name}", *(found or [entry.example])]
    return "\n".join(lines) + "\n"


def judged(folder: Path) -> dict[str, dict[int, str]]:
    """What pyright in strict mode says, by file and line."""
    if not PYRIGHT.exists():
        pytest.skip("pyright is no part of this environment: make setup installs it")
    write(folder)
    settings = json.loads((folder / CONFIG).read_text())
    (folder / CONFIG).write_text(json.dumps(settings | {"typeCheckingMode": "strict"}))
    done = subprocess.run(
        [PYRIGHT, "--outputjson", "--pythonpath", sys.executable, "-p", folder],
        capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    found: dict[str, dict[int, str]] = {}
    said: list[dict[str, Any]] = json.loads(done.stdout)["generalDiagnostics"]
    for one in said:
        lines = found.setdefault(Path(one["file"]).name, {})
        line = one["range"]["start"]["line"]
        lines[line] = f"{lines.get(line, '')}{one['message']}\n"
    return found


def folder_of(piece: Path) -> str:
    """The folder of the examples in which a piece lies; empty for that of the whole ones."""
    return "/".join(piece.relative_to(ROOT / "examples").parts[:-1])


def judged_as(text: str) -> str:
    """A piece, with how it is judged: in strict mode a function of one's own had to say types."""
    return f"{text}\n# pyright: standard\n" if re.search(r"\bdef |\blambda ", text) else text


@pytest.mark.timeout(120)  # 5 s alone; pyright starts a process of its own on a machine that may be busy
def test_pieces_are_understood_and_mistakes_are_found(tmp_path: Path) -> None:
    """In strict mode mostly, without import lines: no errors in pieces, pages, and examples of all names.

    Pieces are all that come with Sempre: whole ones, lessons, styles, and what a new project begins with.
    """
    (tmp_path / "examples_of_names.py").write_text(all_examples())
    (tmp_path / "ordinary.py").write_text(ORDINARY)
    (tmp_path / "mistakes.py").write_text('p = s("bd")\n' + "".join(f"x = {line}\n" for line in MISTAKES))
    pieces = [*(ROOT / "examples").glob("**/*.py")]
    assert {"", "lessons", "styles", "project", "rules"} == {folder_of(piece) for piece in pieces}
    for piece in pieces:
        place = tmp_path / folder_of(piece) / piece.name
        place.parent.mkdir(exist_ok=True)
        place.write_text(judged_as(piece.read_text()))
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for number, snippet in enumerate(SNIPPET.findall(page.read_text())):
            (tmp_path / f"{page.stem}_{number}.py").write_text(judged_as(snippet))
    found = judged(tmp_path)
    mistakes = found.pop("mistakes.py")
    assert found == {}
    for line, (code, message) in enumerate(MISTAKES.items(), start=1):
        assert message in mistakes.get(line, "nothing"), code
    assert len(mistakes) == len(MISTAKES)


def test_all_that_a_piece_sees_is_declared() -> None:
    """No more and no less than its namespace."""
    declared: set[str] = set()
    for node in ast.parse(declarations()).body:
        match node:
            case ast.ImportFrom(names=names):
                declared |= {alias.asname for alias in names if alias.asname is not None}
            case ast.FunctionDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
                declared.add(name)
            case ast.Assign(targets=[ast.Name(id=name)]):
                declared.add(name)
            case _:
                pass
    names = {name for name in piece_namespace(Collector()) if not name.startswith("__")}
    assert {name for name in declared if not name.startswith("_")} == names


def test_the_command_writes_and_never_overwrites_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The declarations are made anew; the musician's settings for pyright stay."""
    folder = tmp_path / "set"
    assert cli.main(["stubs", str(folder)]) == 0
    assert capsys.readouterr().out.count("is written") == 2
    assert (folder / STUB).read_text() == declarations()
    assert Path(json.loads((folder / CONFIG).read_text())["extraPaths"][0], "patterns").is_dir()
    (folder / CONFIG).write_text("{}")
    (folder / STUB).write_text("old")
    assert cli.main(["stubs", str(folder)]) == 0
    assert "stays as it is" in capsys.readouterr().out
    assert (folder / CONFIG).read_text() == "{}"
    assert (folder / STUB).read_text() == declarations()


def test_settings_within_a_project_stay_in_force(tmp_path: Path) -> None:
    """A second file would cover them; one without pyright's settings does not count."""
    (tmp_path / "pyproject.toml").write_text("[tool.pyright]\n")
    assert "pyproject.toml stays as it is" in write(tmp_path)[1]
    assert not (tmp_path / CONFIG).exists()
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    assert f"{CONFIG} is written" in write(tmp_path)[1]


def test_a_folder_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line says why."""
    (tmp_path / "file").write_text("")
    assert cli.main(["stubs", str(tmp_path / "file")]) == 1
    assert "sempre: cannot write to" in capsys.readouterr().err
