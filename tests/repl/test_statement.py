"""Where a statement ends: what Enter decides, and how a script's lines fall into statements."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repl.statement import finished, indent_after, parses, statements, tidy


@pytest.mark.parametrize(
    "text",
    [
        "1 + 1",
        "a = 1; b = 2",
        'play(s("bd"),\n     on=kit)',
        "for x in y:\n    f(x)\n",
        "for x in y:\n    f(x)\n    ",
        "1 +* 2",
        "x = \0",
        'note("""c2\ne2""")',
        "'unclosed",
        "return",
        "# only a remark",
        "a = 1\nb = 2",
    ],
)
def test_enter_runs(text: str) -> None:
    """What is whole, and what can never become so: its error says why."""
    assert finished(text)


@pytest.mark.parametrize(
    "text",
    [
        "play(",
        "for x in y:",
        "for x in y:\n    f(x)",
        'note("""c2',
        "@wrap",
        "x = \\",
        "if a:\n    b\nelse:",
        "try:\n    a\n",
    ],
)
def test_enter_goes_on(text: str) -> None:
    """What is open: brackets, blocks, long strings."""
    assert not finished(text)


def test_a_deep_nest_is_no_disaster() -> None:
    """Python gives up on it, and so the engine may say so."""
    finished("(" * 5000)
    assert not parses("(" * 5000 + ")" * 5000)


def test_the_next_line_is_indented_as_the_last() -> None:
    """One step deeper after a colon."""
    assert indent_after("a = 1") == ""
    assert indent_after("for x in y:") == "    "
    assert indent_after("for x in y:\n    f(") == "    "
    assert indent_after("if a:\n\tb:") == "\t    "


def test_a_pasted_block_is_tidied() -> None:
    """Common indent, foreign line ends, surrogates of broken input."""
    assert tidy("    a\r\n      b\r\n\r\n") == "a\n  b"
    assert tidy("a\udcff") == "a?"


def test_a_script_falls_into_statements() -> None:
    """Blocks end with an empty line or a line that is not theirs; remarks between are passed over."""
    script = [
        "# a remark",
        "a = 1",
        "",
        "if a:",
        "    b = 2",
        "else:",
        "    b = 3",
        "@wrap",
        "def f(",
        "    x,",
        "):",
        "    # inside",
        "    return x",
        "",
        "f(",
        "    1)",
        "for x in y:",
        "    x",
    ]
    assert list(statements(script)) == [
        "a = 1",
        "if a:\n    b = 2\nelse:\n    b = 3",
        "@wrap\ndef f(\n    x,\n):\n    # inside\n    return x",
        "f(\n    1)",
        "for x in y:\n    x",
    ]


def test_what_is_unfinished_at_the_end_comes_too() -> None:
    """The engine says what is missing."""
    assert list(statements(["play("])) == ["play("]


@given(st.text())
def test_any_text_can_be_judged(text: str) -> None:
    """Nothing that is typed raises here."""
    finished(text)
    parses(text)
    indent_after(text)
    assert "\r" not in tidy(text)


SIMPLE = st.sampled_from(["a = 1", "f(1,\n  2)", "x.y()", '"""one\n\ntwo"""'])
BLOCK = st.sampled_from(["for x in y:\n    x\n    z", "def f():\n    return 1", "if a:\n    b\nelse:\n    c"])


@given(st.lists(SIMPLE | BLOCK, max_size=8), st.booleans())
def test_statements_come_out_as_they_went_in(parts: list[str], airy: bool) -> None:
    """With empty lines between them or without."""
    text = ("\n\n" if airy else "\n").join(parts)
    found = list(statements(text.splitlines()))
    assert found == parts
    assert all(len(ast.parse(one).body) == 1 for one in found)
