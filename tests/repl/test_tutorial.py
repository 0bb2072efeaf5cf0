"""docs/tutorial.md, followed as a reader does: each text is saved, each line typed, each command given."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from repl import cli
from repl.answering import Answering
from repl.commands import Commands
from repl.errors import LoadError
from repl.loader import load_piece

if TYPE_CHECKING:
    from tests.repl.conftest import Desk

PAGE = (Path(__file__).parents[2] / "docs" / "tutorial.md").read_text(encoding="utf-8")
STEP = re.compile(r"^```python\n(.*?)^```|^    sempre> ([^\n]+)$", re.MULTILINE | re.DOTALL)
GIVEN = re.compile(r"^    sempre (.+)$", re.MULTILINE)


def steps() -> list[tuple[str, str]]:
    """What is to be saved and what is to be typed, in the order of the page."""
    blocks = STEP.finditer(PAGE)
    return [("save", one[1]) if one[1] is not None else ("type", one[2]) for one in blocks]


def test_whoever_follows_the_page_hears_it(desk: Desk) -> None:
    """All in one session: after each step the music plays two cycles, and something is heard of them."""
    answering = Answering(desk.music, Commands(desk.music).table())
    done = {"save": 0, "type": 0}
    for verb, text in steps():
        begin = desk.clock.now()
        if verb == "save":
            desk.save(text, "evening/piece.py")
        else:
            answer, well = answering.answer(text)
            assert well, answer
        desk.play(4)
        assert desk.troubles == []
        assert any(begin <= event.at < begin + 4 for _, event in desk.recorder.held.values()), text
        done[verb] += 1
    assert done["save"] > 10
    assert done["type"] > 8


def test_what_is_wrong_is_told_as_the_page_shows_it() -> None:
    """The line that the page wants to be saved, and the block below it."""
    wrong, told = re.findall(
        r"^Write this, and save:\n\n    (.+)\n\n.+\n\n((?:    .+\n)+)", PAGE, re.MULTILINE
    )[0]
    with pytest.raises(LoadError) as caught:
        load_piece(wrong, "evening/piece.py")
    assert str(caught.value) == "\n".join(line[4:] for line in told.splitlines())


def test_the_commands_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is understood; the first makes the folder that the others speak of."""
    monkeypatch.chdir(tmp_path)
    given = GIVEN.findall(PAGE)
    assert cli.main(given[0].split()) == 0
    for line in given[1:]:
        words = line.split()
        for word in words:
            if word.endswith(".py"):
                assert Path(word).exists(), line
        parser = cli._parser()  # pyright: ignore[reportPrivateUsage] - understood, not done: a render takes long
        parser.parse_args(words if words[0] in cli.COMMANDS else ["prompt", *words])
