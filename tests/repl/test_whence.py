"""The text that bound a name of the musician's: typed, in a piece, in a module."""

from pathlib import Path
from typing import Any, cast

import pytest

from repl.absent import Places
from repl.loader import load_piece
from repl.manual import source
from repl.questions import Questions
from repl.session import Session
from repl.whence import source_of

PIECE = '# evening\ndrums = play(\n    s("bd*4"),\n)\n\n\ndef riff(a):\n    return note(a)\n\n\na = b = 3\n'


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """One piece, and two things that were typed."""
    session = Session()
    session.files = {"evening.py": load_piece(PIECE, "evening.py")}
    session.history = [
        {"kind": "typed", "source": "b = 4"},
        {"kind": "typed", "source": "for c in (1, 2):\n    d = c"},
        {"kind": "typed", "source": "b ="},
    ]
    return session


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("drums", 'evening.py:2\ndrums = play(\n    s("bd*4"),\n)'),
        ("riff", "evening.py:7\ndef riff(a):\n    return note(a)"),
        ("a", "evening.py:11\na = b = 3"),
        ("b", "<prompt>:1\nb = 4"),
        ("d", "<prompt>:1\nfor c in (1, 2):\n    d = c"),
        ("s", ""),
        ("", ""),
    ],
)
def test_where_a_name_comes_from(session: Session, name: str, text: str) -> None:
    """What was typed holds before what a piece says; what is only used is not bound."""
    assert source_of(session, name) == text


def test_it_is_a_question_to_the_engine(session: Session) -> None:
    """Answered under the number that it was asked under."""
    questions = Questions(session, dict, Places())
    answer = questions.answer({"op": "source", "id": 7, "text": "a"})
    assert answer == {"op": "source", "id": 7, "text": "evening.py:11\na = b = 3", "ok": True}
    assert questions.answer({"op": "source", "id": 8, "text": "zz"})["ok"] is False


def test_what_can_be_completed_comes_with_lines_about_it(session: Session) -> None:
    """The knobs of the pieces among it."""
    questions = Questions(session, lambda: {"inputs": [{"name": "cutoff"}]}, Places())
    answer = cast("dict[str, Any]", questions.answer({"op": "names"}))
    assert answer["texts"]["knob"] == ["cutoff"]
    assert answer["lines"]["scale"]["minor"] == "0 2 3 5 7 8 10"


@pytest.mark.parametrize("name", ["every", "fx.reverb", "play", "mute", "stack", "rev"])
def test_the_language_shows_its_own_text(name: str) -> None:
    """Of functions, what they are made of."""
    assert "def " in source(name)


@pytest.mark.parametrize("name", ["cutoff", "add", "sine", "nonsense"])
def test_what_has_no_text_of_its_own_shows_none(name: str) -> None:
    """Controls and signals are rows of a table."""
    assert source(name) == ""
