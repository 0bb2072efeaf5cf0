"""How errors look: the place, what happened, what to try, and the line with a caret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patterns.core import Pattern, Problem
from patterns.where import Where, written_at
from repl.errors import LoadError
from repl.loader import load_piece
from repl.report import KNOWN, Once, Place, block, of_exception, of_problem, place_in_dump


def said(source: str) -> str:
    """The block for a piece that fails."""
    with pytest.raises(LoadError) as caught:
        load_piece(source, "a.py")
    return caught.value.block


BLOCKS = {
    "syntax": (
        "x = play(s('bd')\n",
        "a.py:1:9: syntax error: '(' was never closed\n    1 | x = play(s('bd')\n      |         ^",
    ),
    "a name": (
        "x = 1\ny = noote('c3')\n",
        (
            "a.py:2:5: nothing is called 'noote'; did you mean 'note'?\n"
            "    2 | y = noote('c3')\n"
            "      |     ^^^^^"
        ),
    ),
    "a name of Tidal": (
        "rolledBy",
        (
            "a.py:1:1: nothing is called 'rolledBy'; Tidal's rolledBy is called rolled_by here\n"
            "    1 | rolledBy\n"
            "      | ^^^^^^^^"
        ),
    ),
    "an operator of Tidal": (
        "s('bd') + n(1)",
        (
            "a.py:1:1: TypeError: unsupported operand type(s) for +: 'Pattern' and 'Pattern'; between "
            "patterns write .add(…) and the like, or stack(…)\n"
            "    1 | s('bd') + n(1)\n"
            "      | ^^^^^^^^^^^^^^"
        ),
    ),
    "a word of the language that was bound anew": (
        "for n in range(4):\n    pass\nx = play(n('0 2'))",
        (
            "a.py:3:10: TypeError: 'int' object is not callable; "
            "n is a word of the language, but was bound to something else here\n"
            "    3 | x = play(n('0 2'))\n"
            "      |          ^^^^^^^^"
        ),
    ),
    "a text that is called": (
        "s = 'bd'\nx = play(s('sn'))",
        (
            "a.py:2:10: TypeError: 'str' object is not callable; "
            "s is a word of the language, but was bound to something else here\n"
            "    2 | x = play(s('sn'))\n"
            "      |          ^^^^^^^"
        ),
    ),
    "a variable that was forgotten and is a control": (
        "x = play(note('c').cutoff(200 * fm))",
        (
            "a.py:1:27: TypeError: unsupported operand type(s) for *: 'int' and 'function'; "
            "fm is a function of the language: is a line fm = … missing?\n"
            "    1 | x = play(note('c').cutoff(200 * fm))\n"
            "      |                           ^^^^^^^^"
        ),
    ),
    "a method of a function": (
        "x = note('c').cutoff(cut.range(200, 400))",
        (
            "a.py:1:22: a function has no .range; "
            "cut is a function of the language: is a line cut = … missing?\n"
            "    1 | x = note('c').cutoff(cut.range(200, 400))\n"
            "      |                      ^^^^^^^^^"
        ),
    ),
    "a function where a number is wanted": (
        "x = sine.range(0, v)",
        (
            "a.py:1:5: range wants a number, found the function 'v'\n"
            "    1 | x = sine.range(0, v)\n"
            "      |     ^^^^^^^^^^^^^^^^"
        ),
    ),
    "a piece's own name that is called": (
        "cloud = 3\ncloud(2)",
        "a.py:2:1: TypeError: 'int' object is not callable\n    2 | cloud(2)\n      | ^^^^^^^^",
    ),
    "a name of Tidal that has nothing here": (
        "mono",
        (
            "a.py:1:1: nothing is called 'mono'; Tidal's mono is not here: write .cut(1), or legato_to_next\n"
            "    1 | mono\n"
            "      | ^^^^"
        ),
    ),
    "a method of Strudel": (
        "x = note('c3').juxBy(.5, rev)",
        (
            "a.py:1:5: a Pattern has no .juxBy; Strudel's and Tidal's juxBy is called jux_by here\n"
            "    1 | x = note('c3').juxBy(.5, rev)\n"
            "      |     ^^^^^^^^^^^^^^^^"
        ),
    ),
    "a line of Tidal": (
        'd1 $ sound "bd"',
        (
            "a.py:1:4: syntax error: invalid syntax; this looks like Tidal; "
            'here it is drums = play(s("bd sn").every(4, rev))\n'
            '    1 | d1 $ sound "bd"\n'
            "      |    ^"
        ),
    ),
    "a name like no other": (
        "qwoqw\n",
        "a.py:1:1: nothing is called 'qwoqw'; `?` lists what there is\n    1 | qwoqw\n      | ^^^^^",
    ),
    "one of the piece's own names": (
        "velvet = 1\nx = velvt\n",
        "a.py:2:5: nothing is called 'velvt'; did you mean 'velvet'?\n    2 | x = velvt\n      |     ^^^^^",
    ),
    "a method": (
        "x = note('c3').fsat(2)\n",
        (
            "a.py:1:5: a Pattern has no .fsat; did you mean .fast?\n"
            "    1 | x = note('c3').fsat(2)\n"
            "      |     ^^^^^^^^^^^^^^^"
        ),
    ),
    "an attribute of a number": (
        "x = (1).zzz\n",
        "a.py:1:5: an int has no .zzz\n    1 | x = (1).zzz\n      |     ^^^^^^^",
    ),
    "a helper function": (
        "def half(x):\n  return x / 0\n\ny = [half(n) for n in (1,)]\n",
        "a.py:2:10: ZeroDivisionError: division by zero\n    2 |   return x / 0\n      |          ^^^^^",
    ),
    "a function that calls back": (
        "x = sorted([1, 2], key=lambda v: v.zz)\n",
        (
            "a.py:1:34: an int has no .zz\n"
            "    1 | x = sorted([1, 2], key=lambda v: v.zz)\n"
            "      |                                  ^^^^"
        ),
    ),
    "after unicode": (
        "é = '→'; y = 1 / 0\n",
        (
            "a.py:1:14: ZeroDivisionError: division by zero\n"
            "    1 | é = '→'; y = 1 / 0\n"
            "      |              ^^^^^"
        ),
    ),
    "after wide characters": (
        "s = '鼓鼓'; 1 / 0\n",
        (
            "a.py:1:11: ZeroDivisionError: division by zero\n"
            "    1 | s = '鼓鼓'; 1 / 0\n"
            "      |             ^^^^^"
        ),
    ),
    "after an emoji, where it is compiled": (
        "é = '🥁'; return 5\n",
        (
            "a.py:1:10: syntax error: 'return' outside function\n"
            "    1 | é = '🥁'; return 5\n"
            "      |           ^^^^^^^^"
        ),
    ),
    "after a tab": (
        "if 1:\n\tx = 1 / 0\n",
        "a.py:2:6: ZeroDivisionError: division by zero\n    2 | \tx = 1 / 0\n      | \t    ^^^^^",
    ),
    "an error over several lines": (
        "x = int(\n  'a'\n)\n",
        "a.py:1:5: ValueError: invalid literal for int() with base 10: 'a'\n    1 | x = int(\n      |     ^",
    ),
    "a missing key": (
        "x = {}['a']\n",
        "a.py:1:5: KeyError: 'a'\n    1 | x = {}['a']\n      |     ^^^^^^^",
    ),
}


@pytest.mark.parametrize("case", BLOCKS)
def test_blocks(case: str) -> None:
    """Character for character, as the musician reads it."""
    source, wanted = BLOCKS[case]
    assert said(source) == wanted


def test_mini_notation_has_a_caret_inside_the_string() -> None:
    """Also in the second line of one."""
    text = said('x = note("""c3 e3\n  g3 ]b3""")\n')
    where, line, caret = text.splitlines()
    assert where.startswith("a.py:2:6: ")
    assert line == '    2 |   g3 ]b3""")'
    assert caret.index("^") == line.index("]")


def test_without_a_place_there_is_only_the_message() -> None:
    """Or as much of a place as is known."""
    assert block("no", None, "x") == "no"
    assert block("no", Place("a.py", 9, 2), "x") == "a.py:9: no"
    assert block("no", Place("a.py", 0), "x") == "a.py: no"
    assert block("no", Place("a.py", 1), "x") == "a.py:1: no\n    1 | x"
    assert of_exception(ValueError("no"), "a.py", "x") == "ValueError: no"


def test_a_long_line_is_shown_around_the_caret() -> None:
    """A line of ten thousand characters would hide what is meant."""
    line = "x" * 5000 + "bad" + "y" * 5000
    _, shown, caret = block("no", Place("a.py", 1, 5001, 3), line).splitlines()
    assert len(shown) < 200
    assert shown[caret.index("^") :].startswith("bad")
    assert caret.endswith("^^^")


@given(
    st.text(st.characters(codec="utf-8"), max_size=300),
    st.integers(-5, 400),
    st.integers(-5, 400),
    st.integers(-5, 400),
)
def test_any_place_can_be_shown(source: str, line: int, column: int, width: int) -> None:
    """A wrong place costs no more than its line."""
    assert "no" in block("no", Place("a.py", line, column, width), source)


def test_problems_name_the_atom_of_the_file() -> None:
    """Of several places the one in this file; of none only what is wrong."""
    here, there = Where("a.py", 1, 5, 3, 5), Where("b.py", 7, 2, 0, 1)
    assert of_problem(Problem("no", (there, here)), "a.py", "x = bad").splitlines()[0] == "a.py:1:5: no"
    assert of_problem(Problem("no", (there,)), "a.py", "x") == "b.py:7:2: no"
    assert of_problem(Problem("no", (there._replace(file="<prompt 3>"),)), "a.py", "") == "<prompt>:7:2: no"
    assert of_problem(Problem("no", ()), "a.py", "x") == "no"


def test_the_innermost_line_of_a_dump() -> None:
    """What `faulthandler` wrote names it first, for any number of threads."""
    dump = (
        "Fatal Python error: Segmentation fault\n\n"
        "Thread 0x1 (most recent call first):\n"
        '  File "/lib/threading.py", line 100 in wait\n\n'
        "Current thread 0x2 (most recent call first):\n"
        '  File "/lib/ctypes.py", line 5 in string_at\n'
        '  File "my set/a.py", line 3 in f\n'
        '  File "my set/a.py", line 7 in <module>\n'
    )
    assert place_in_dump(dump, "my set/a.py") == Place("my set/a.py", 3)
    assert place_in_dump(dump, "b.py") is None
    assert place_in_dump("", "a.py") is None


def test_an_error_of_every_cycle_is_said_once_and_counted() -> None:
    """At ten, a hundred, a thousand."""
    once = Once()
    shown = [text for text in (once("bad\nsecond line") for _ in range(1000)) if text is not None]
    counts = ["bad (10 times by now)", "bad (100 times by now)", "bad (1000 times by now)"]
    assert shown == ["bad\nsecond line", *counts]
    once.forget()
    assert once("bad\nsecond line") == "bad\nsecond line"
    assert once("another") == "another"


def test_errors_that_are_never_the_same_do_not_add_up() -> None:
    """What is counted has a bound, and what goes on coming stays counted."""
    once = Once()
    for number in range(3 * KNOWN):
        once(f"bad value {number}")
        assert (once("steady") is not None) == (number in {0, 9, 99, 999})


COUNTED = {
    "a function that raises": "é = '🥁'; x = note('0').fmap(lambda v: v / 0)",
    "a fold whose step raises": "é = '🥁'; x = fold(lambda v: v / 0, 1, since=-1)",
    "in an f-string": "é = '🥁'; x = pure(1).fmap(lambda v: f'é {v / 0}')",
    "over Windows line ends": "é = 1\r\né = '🥁'; x = pure(1).fmap(lambda v: v / 0)",
}


@pytest.mark.parametrize("case", COUNTED)
def test_what_a_query_raises_is_told_in_characters(case: str) -> None:
    """Python counts the bytes of UTF-8: an accent would move the caret by one, an emoji by three."""
    source = COUNTED[case]
    x = load_piece(source, "a.py").names["x"]
    assert isinstance(x, Pattern)
    (problem,) = x.answer(0, 1).problems
    shown = of_problem(problem, "a.py", source)
    line = source.splitlines()[-1]
    assert f":{line.index('v / 0') + 1}: " in shown.splitlines()[0]
    assert shown.endswith(" ^^^^^")


@pytest.mark.parametrize("before", ["", "e", "é", "🥁", "é🥁鼓"])
def test_a_function_has_its_place_in_characters(before: str) -> None:
    """What folds name when something is wrong with all of them."""
    source = f"a = '{before}'; f = lambda value: value + 1"
    (where,) = written_at(load_piece(source, "a.py").names["f"])
    assert (where.line, where.column) == (1, source.index("value + 1") + 1)
