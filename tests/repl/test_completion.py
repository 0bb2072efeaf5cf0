"""Completion, colours and the answer to `?`: what is typed, seen by its letters."""

import io
import tokenize

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import fragment_list_to_text
from pygments.lexers.python import PythonLexer

from repl.colours import CodeLexer, colour
from repl.completion import NameCompleter, in_text
from repl.reference import Name, describe

NAMES = (
    Name("drums", "layer", "A layer that plays."),
    Name("every", "transform", "Apply a function now and then."),
    Name("fx.reverb", "effect", "A room."),
    Name("fx.delay", "effect", "An echo."),
    Name("rev", "transform", "Turn round."),
    Name("round", "method", "Round values."),
    Name("tempo", "session", "Set the tempo."),
)


def offered(text: str, *, tab: bool = False) -> list[str]:
    """What the menu would hold with the cursor at the end."""
    completer = NameCompleter(lambda: NAMES)
    event = CompleteEvent(completion_requested=tab, text_inserted=not tab)
    return [c.text for c in completer.get_completions(Document(text), event)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("te", ["tempo"]),
        ("TE", ["tempo"]),
        ("t", []),
        ("re", ["rev"]),
        ('s("bd").re', ["rev"]),
        ('s("bd").', ["every", "rev", "round"]),
        ("x.ro", ["round"]),
        ("keys | fx.", ["reverb", "delay"]),
        ("fx.de", ["delay"]),
        ("?te", ["tempo"]),
        ("tempo", []),
        ('s("te', []),
        ("# te", []),
        ("1 te", ["tempo"]),
        ("x = (\n te", ["tempo"]),
    ],
)
def test_what_is_offered(text: str, names: list[str]) -> None:
    """Functions at the beginning of a word, methods after a dot, nothing inside a text."""
    assert offered(text) == names


def test_tab_asks_for_everything() -> None:
    """Also where nothing is typed yet."""
    assert offered("", tab=True) == ["drums", "every", "rev", "tempo"]


@given(st.text(alphabet="ab \n\\\"'#()", max_size=12))
def test_texts_are_seen_as_python_sees_them(source: str) -> None:
    """After what Python reads without complaint, the cursor is in code or behind a remark."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, IndentationError):
        return
    if any(t.type == tokenize.ERRORTOKEN for t in tokens) or "\\" in source:
        return
    remark = any(t.type == tokenize.COMMENT and t.end[0] == source.count("\n") + 1 for t in tokens)
    assert in_text(source) == remark


def test_mini_notation_stands_out() -> None:
    """Its signs have a style of their own, its words that of a text."""
    (line,) = colour('s("bd*4 [~ cp]")  # x', PythonLexer(ensurenl=False, stripnl=False))
    styles = {text: style for style, text, *_ in line}
    assert styles["bd"] == "class:code.string"
    assert styles["*"] == styles["[~"] == "class:code.mini"
    assert styles["# x"] == "class:code.comment"


@given(st.text(alphabet="ab0 \n\t\"'#()[]~*ü🥁\\", max_size=30))
def test_colours_change_no_letter(source: str) -> None:
    """Line by line, what is shown is what was typed."""
    document = Document(source)
    line = CodeLexer().lex_document(document)
    shown = [fragment_list_to_text(line(n)) for n in range(document.line_count)]
    assert shown == document.lines


def test_a_question_about_a_name() -> None:
    """Its kind and line; a method also with its pattern before it; a wrong one with its neighbours."""
    assert describe("drums", NAMES) == "drums (layer): A layer that plays."
    assert describe("rev", NAMES).startswith("rev (transform): Turn round.\n  rev(")
    assert describe("x.rev", NAMES).startswith("rev (transform)")
    assert describe("fx.delay", NAMES).startswith(
        "fx.delay (effect): An echo.\n  fx.delay(delay_seconds=0.375,"
    )
    assert describe("tempi", NAMES) == "nothing is called 'tempi'; did you mean tempo?"
    assert describe("rolledBy", NAMES) == (
        "nothing is called 'rolledBy'; Tidal's rolledBy is called rolled_by here"
    )
    assert describe("qqq", NAMES) == "nothing is called 'qqq'; `?` lists what there is"


def test_a_question_about_everything() -> None:
    """By kinds; before an engine has spoken it says so."""
    assert "transform:\n  every rev" in describe("", NAMES)
    assert "ask again" in describe("", ())


def test_rows_that_make_no_sense_are_passed_over() -> None:
    """Whatever an engine sends, there are names."""
    assert Name.read_all({"a": 1}) == ()
    assert Name.read_all([None, {"name": 3}, {"name": ""}, {"name": "a", "doc": None}]) == (
        Name("a", "", "None"),
    )
