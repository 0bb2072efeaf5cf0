"""Reading pieces: every string knows its place, every `play` has a name, every mistake has a block."""

import ast
from textwrap import dedent
from time import thread_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.watchman import Overtime
from patterns.errors import MiniSyntaxError
from patterns.mini_build import build
from patterns.where import Literal
from repl.errors import LoadError
from repl.loader import Loaded, load_piece, load_statement
from repl.namespace import Collector, Playing, collecting, piece_namespace


def load(source: str) -> Loaded:
    """Read a piece that is indented like the test around it."""
    return load_piece(dedent(source), "a.py")


def refusal(source: str) -> str:
    """What is said about a piece that cannot be loaded."""
    with pytest.raises(LoadError) as caught:
        load(source)
    return caught.value.block


class Prompt:
    """A prompt's namespace, into which statements are typed."""

    def __init__(self) -> None:
        self.space = piece_namespace(Collector())

    def type(self, source: str) -> Loaded:
        """Run one."""
        collector = Collector()
        self.space.update(collecting(collector))
        return load_statement(source, self.space, collector)

    def refusal(self, source: str) -> str:
        """What is said about one that fails."""
        with pytest.raises(LoadError) as caught:
            self.type(source)
        return caught.value.block


# Where strings stand.

PLACES = {
    "double quotes": ('x = "bd sd"', 1, 6, True),
    "single quotes": ("x = 'bd sd'", 1, 6, True),
    "triple quotes": ('x = """bd sd"""', 1, 8, True),
    "triple single quotes": ("x = '''bd sd'''", 1, 8, True),
    "many lines": ('x = """bd\n  sd"""', 1, 8, True),
    "on the next line": ('x = (\n  "bd")', 2, 4, True),
    "raw": ('x = r"bd sd"', 1, 7, True),
    "raw with a backslash": ('x = r"bd\\sd"', 1, 7, True),
    "unicode prefix": ('x = u"bd"', 1, 7, True),
    "an escape": ('x = "bd\\x20sd"', 1, 6, False),
    "a line that goes on": ('x = "bd \\\nsd"', 1, 6, False),
    "joined": ('x = "bd " "sd"', 1, 6, False),
    "joined with nothing": ('x = "bd" ""', 1, 6, True),
    "joined in other quotes": ("x = 'bd ' \"sd\"", 1, 6, False),
    "empty": ('x = ""', 1, 6, True),
    "a quote of the other kind": ('x = "it\'s"', 1, 6, True),
    "after unicode": ('é = "→"; x = "bd"', 1, 15, True),
    "after a wide character": ('y = "鼓"; x = "bd"', 1, 15, True),
    "after a tab": ('if 1:\n\tx = "bd"', 2, 7, True),
    "after a form feed": ('y = 1\n\x0cx = "bd"', 2, 7, True),
    "after a line separator in a string": ('y = "\u2028"\nx = "bd"', 2, 6, True),
    "a byte order mark": ('\ufeffx = "bd"', 1, 6, True),
    "Windows line ends": ('y = 1\r\nx = """bd\r\nsd"""', 2, 8, True),
    "old Macintosh line ends": ('y = 1\rx = "bd"', 2, 6, True),
    "a default argument": ('def f(a="bd"): return a\nx = f()', 1, 10, True),
    "a keyword argument": ('x = dict(a="bd")["a"]', 1, 13, True),
    "a dictionary's key": ('x = next(iter({"bd": 1}))', 1, 17, True),
    "a class body": ('class A:\n  a = "bd"\nx = A.a', 2, 8, True),
    "a comprehension": ('x = [a for a in ["bd"]][0]', 1, 19, True),
    "a lambda": ('x = (lambda: "bd")()', 1, 15, True),
    "a decorator": ('def d(a): return lambda f: a\n@d("bd")\ndef x(): pass', 2, 5, True),
    "a conditional": ('x = "bd" if 1 else "sd"', 1, 6, True),
    "a case's body": ('match 1:\n  case 1:\n    x = "bd"', 3, 10, True),
    "a case's guard": ('match 1:\n  case _ if (x := "bd"): pass', 2, 20, True),
    "an annotated name": ('x: "str" = "bd"', 1, 13, True),
    "a generator": ('x = next(a for a in ("bd",))', 1, 23, True),
}


@pytest.mark.parametrize("case", PLACES)
def test_every_string_knows_its_place(case: str) -> None:
    """Line and column of its first character, and whether offsets inside can be counted from there."""
    source, line, column, exact = PLACES[case]
    value = load_piece(source, "a.py").names["x"]
    assert isinstance(value, Literal)
    assert (value.file, value.line, value.column, value.exact) == ("a.py", line, column, exact)


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="'\\"), max_size=12),
    st.text("é鼓a", max_size=5),
)
def test_what_stands_there_is_the_string(text: str, before: str) -> None:
    """The law behind the table: the characters at the place are those of the string."""
    source = f"y = '{before}'; x = '{text}'"
    value = load_piece(source, "a.py").names["x"]
    assert isinstance(value, Literal)
    assert value == text
    assert source[value.column - 1 :].startswith(f"{text}'")


LEFT_ALONE = {
    "f-strings": "s = f'bd {\"sd\"}'\nassert type(s) is str",
    "a module's docstring": "'''doc'''\nassert type(__doc__) in (str, type(None))",
    "a function's docstring": "def f():\n  'doc'\nassert type(f.__doc__) is str",
    "bytes": "assert type(b'bd') is bytes",
    "a string in match": "match 'bd':\n  case 'sd': raise ValueError\n  case 'bd': pass",
    "a mapping in match": "match {'a': 1}:\n  case {'a': a, **rest}: assert a == 1",
    "a class in match": "match 'bd':\n  case str('sd' | 'bd' as x): assert x == 'bd'",
    "annotations": "def f(a: 'int', *b: 'int', c: 'int' = 1, **d: 'int') -> 'int': ...\n"
    "assert type(f.__annotations__['return']) is str",
    "a coroutine's annotations": "async def f(a: 'int') -> 'int': ...\n"
    "assert all(type(v) is str for v in f.__annotations__.values())",
    "annotations are evaluated": "def f(a: 1 + 1): ...\nassert f.__annotations__['a'] == 2",
    "slots": "class A:\n  __slots__ = ('a', 'b')\nA().a = 1",
    "type's three arguments": "A = type('A', (), {'b': 1})\nassert A.b == 1",
    "keywords by dictionary": "assert dict(**{'a': 1}) == {'a': 1}",
    "formatting": "assert '{} %s'.format(1) % 'b' == '1 b'",
    "the future": "from __future__ import annotations\ndef f(a: nowhere): ...",
    "async": "async def f():\n  async for a in b('x'): yield a\n  await c('y')",
    "try and star": "try:\n  raise ExceptionGroup('g', [ValueError('v')])\nexcept* ValueError: pass",
    "globals by name": "globals()['x'] = 1\nassert x == 1",
}


@pytest.mark.parametrize("case", LEFT_ALONE)
def test_python_stays_python(case: str) -> None:
    """Places are given only where a string is a value, and a placed string is as good as any."""
    load_piece(LEFT_ALONE[case], "a.py")


def test_a_bad_atom_in_many_lines_has_its_line_and_column() -> None:
    """Offsets inside mini-notation become the line and column of the file."""
    source = 'x = 1\ndrums = s("""\n  bd sd\n  hh ]cp\n""")\n'
    assert refusal(source).startswith("a.py:4:6:")


def test_a_bad_note_far_down() -> None:
    """The haps of a pattern carry the place of their atom."""
    text = load('x = """c3\n  e3 g3"""').names["x"]
    assert isinstance(text, str)
    (where,) = build(text).haps(0, 1)[2].where
    assert (where.line, where.column) == (2, 6)


def test_where_offsets_cannot_be_counted_the_string_is_named() -> None:
    """With an escape before the bad atom, the place is the beginning of the string."""
    text = load('x = "a\\x20[b"').names["x"]
    assert isinstance(text, str)
    with pytest.raises(MiniSyntaxError) as caught:
        build(text)
    assert caught.value.where is not None
    assert (caught.value.where.line, caught.value.where.column) == (1, 6)


# Which layers play.

LAYERS: dict[str, tuple[str, list[str]]] = {
    "bound": ('a = play(s("bd"))', ["a"]),
    "two in one line": ('a = play(s("bd")); b = play(s("sd"))', ["a", "b"]),
    "a tuple": ('a, b = play(s("bd")), play(s("sd"))', ["a", "b"]),
    "chained": ('a = b = play(s("bd"))', ["a"]),
    "known by two names": ('a = play(s("bd"))\nb = a', ["a"]),
    "in a loop": ('for n in "xy":\n  play(s("bd"), name=n)', ["x", "y"]),
    "in a list": ('[play(s("bd"), name=n) for n in ("x", "y")]', ["x", "y"]),
    "from a function": ('def f(n): return play(s("bd"))\na, b = f(1), f(2)', ["a", "b"]),
    "in a condition": ('if True:\n  a = play(s("bd"))\nelse:\n  b = play(s("sd"))', ["a"]),
    "named and bound": ('a = play(s("bd"), name="x")', ["x"]),
    "a walrus": ('(a := play(s("bd")))', ["a"]),
    "annotated": ('a: object = play(s("bd"))', ["a"]),
    "global": ('def f():\n  global a\n  a = play(s("bd"))\nf()', ["a"]),
    "a name of ours": ('note = play(s("bd"))', ["note"]),
    "unicode": ('größe = play(s("bd"))', ["größe"]),
    "text": ('a = play("bd")', ["a"]),
    "what plays already": ('a = play(s("bd"))\nb = play(a)', ["a", "b"]),
    "material": ('a = s("bd")', []),
    "nothing": ("", []),
}


@pytest.mark.parametrize("case", LAYERS)
def test_layers_are_called_by_what_they_are_bound_to(case: str) -> None:
    """A top-level name bound to `play` is a layer; in loops `name=` says which."""
    source, names = LAYERS[case]
    assert sorted(load_piece(source, "a.py").layers) == names


def test_a_layer_knows_its_line_and_the_statement_that_makes_it() -> None:
    """The line for messages is that of `play`, the statement that of the top level."""
    loaded = load(
        """
        def voice(name):
            return play(s("bd"), name=name)

        kick = play(s("bd"))
        for name in ("x", "y"):
            voice(name)
        both = (
            play(s("sd")))
        """
    )
    assert loaded.layers["kick"].where == 5
    assert loaded.layers["x"].where == 3
    assert loaded.lines["kick"] == 'kick = play(s("bd"))'
    assert loaded.lines["y"].startswith("for name in")
    assert loaded.lines["both"] == 'both = (\n    play(s("sd")))'


UNHEARD = {
    "bound to nothing": ('play(s("bd"))', ["a.py:1:", "no name", "drums = play"]),
    "in a list": ('x = [play(s("bd"))]', ["a.py:1:", 'name="drums"']),
    "only the last of a loop": ('for n in "ab":\n  x = play(s("bd"))', ["a.py:2:", "no name"]),
    "lost in a function": ('def f():\n  x = play(s("bd"))\nf()', ["a.py:2:", "no name"]),
    "bound twice": ('a = play(s("bd"))\na = play(s("sd"))', ["a.py:1:", "a is bound again further down"]),
    "deleted": ('a = play(s("bd"))\ndel a', ["a.py:1:", "no name"]),
    "called the same": (
        'for n in "aa":\n  play(s("bd"), name="x")',
        ["a.py:2:", "two layers are called 'x'"],
    ),
    "called like a bound one": (
        'a = play(s("bd"), name="b")\nb = play(s("sd"))',
        ["a.py:1:", "two layers are called 'b'"],
    ),
}


@pytest.mark.parametrize("case", UNHEARD)
def test_a_play_that_would_not_be_heard_is_a_mistake(case: str) -> None:
    """It is named with its line and what to write instead."""
    source, said = UNHEARD[case]
    text = refusal(source)
    for part in said:
        assert part in text


def test_what_is_played_once_knows_its_statement() -> None:
    """So that a save plays it again only if its line has changed."""
    loaded = load('once(s("bd"))\na = 1\nonce(note("c3"))')
    assert [single.text for single in loaded.singles] == ['once(s("bd"))', 'once(note("c3"))']


def test_tempo_and_seed_are_asked_for() -> None:
    """The last word counts."""
    loaded = load("tempo(90)\ntempo(120, 3)\nreseed(7)")
    assert loaded.tempo is not None
    assert (loaded.tempo.bpm, loaded.tempo.beats_per_cycle, loaded.seed) == (120, 3, 7)
    assert load("a = 1").tempo is None


# What goes wrong.

REFUSED = {
    "a bracket": (
        "x = (1,\n",
        ["a.py:1:5: syntax error: '(' was never closed", "    1 | x = (1,\n      |     ^"],
    ),
    "after unicode": ("é = ü = 1 +* 2\n", ["a.py:1:12: syntax error"]),
    "return outside": ("return 1\n", ["a.py:1:", "syntax error: 'return' outside function"]),
    "a zero byte": ('x = 1\ny = "a\0b"\n', ["a.py:2:7: a zero byte"]),
    "brackets": ("(" * 10_000 + ")" * 10_000, ["a.py:1:", "too many nested parentheses"]),
    "a sum without end": ("x = " + "1+" * 100_000 + "1", ["a.py: this is nested too deeply"]),
    "signs without end": ("x = " + "-" * 100_000 + "1", ["nested too deeply"]),
    "exit": ("import sys\nsys.exit('bye')\n", ["a.py:2:1: SystemExit: bye"]),
    "quit": ("quit()\n", ["a.py:1:", "SystemExit"]),
    "recursion": ("def f():\n  f()\nf()\n", ["a.py:2:3: RecursionError"]),
    "memory": ("x = [0] * 10**15\n", ["a.py:1:5: MemoryError"]),
    "no exception of ours": ("class A(BaseException): pass\nraise A('no')\n", ["a.py:2:1: A: no"]),
    "generator's exit": ("raise GeneratorExit\n", ["a.py:1:1: GeneratorExit"]),
    "an exception that cannot speak": (
        "class A(Exception):\n  def __str__(self): raise ValueError\nraise A\n",
        ["a.py:3:1: A, which cannot say what it is (ValueError)"],
    ),
    "a word too long": ("raise ValueError('x' * 10**6)", ["a.py:1:1: ValueError: xxx", "more characters)"]),
    "an inner syntax error": ("x = 1\neval('1 +')\n", ["a.py:2:1: syntax error in <string>, line 1"]),
    "a module that is not there": ("import nothing_such\n", ["a.py:1:1: ModuleNotFoundError"]),
    "a group": ("raise ExceptionGroup('g', [ValueError(1)])\n", ["a.py:1:1: ExceptionGroup: g"]),
    "a builtin": ("import builtins\nbuiltins.len = None\n", ["a.py: it changes Python's own 'len'"]),
    "a lone surrogate": ("x = '\ud800'\n", ["UnicodeEncodeError"]),
}


@pytest.mark.parametrize("case", REFUSED)
def test_whatever_is_wrong_becomes_a_block(case: str) -> None:
    """With place and reason; nothing but `LoadError` gets out."""
    source, said = REFUSED[case]
    text = refusal(source)
    for part in said:
        assert part in text


def test_an_interruption_passes() -> None:
    """Ctrl-C and the watchman are not the piece's errors."""
    for kind in (KeyboardInterrupt, Overtime):
        space: dict[str, object] = {"kind": kind}
        with pytest.raises(kind):
            load_statement("raise kind", space, Collector())


def test_builtins_are_put_back() -> None:
    """What a piece does to Python's own names ends with it, also when it fails."""
    real = len
    refusal("import builtins\nbuiltins.len = None\n1 / 0\n")
    refusal("import builtins\ndel builtins.len\n")
    assert len is real
    assert load("def len(x): return 7\nx = len([])").names["x"] == 7
    assert load("play = 3\nx = play").names["x"] == 3


@pytest.mark.parametrize("source", ["", "\n\n", "# only a remark", "'doc'", "\ufeff", "pass"])
def test_a_piece_that_says_nothing_plays_nothing(source: str) -> None:
    """No file is too small."""
    assert not load_piece(source, "a.py").layers


def test_a_large_piece_is_read_in_time() -> None:
    """20,000 strings, about a megabyte: reading grows with the length, not with its square."""
    source = "".join(f"v{k} = 'bd sd hh {k}' # some words that make the line longer\n" for k in range(20_000))
    begun = thread_time()
    assert len(load_piece(source, "a.py").names) == 20_000
    assert thread_time() - begun < 5


def test_many_calls_in_one_expression() -> None:
    """Nesting that Python itself can take is no problem of ours."""
    source = "x = pure(1)" + ".fast(1)" * 150
    assert "x" in load_piece(source, "a.py").names
    source = "x = " + "+".join(["'a'"] * 900)
    assert load_piece(source, "a.py").names["x"] == "a" * 900


def test_pieces_share_nothing() -> None:
    """Each is read in a fresh namespace."""
    load("x = 1")
    assert "nothing is called 'x'" in refusal("y = x")


# The prompt.


def test_the_last_expression_has_a_value() -> None:
    """And what comes before it is run."""
    prompt = Prompt()
    assert prompt.type("a = 2\na * 3").value == 6
    assert prompt.type("a = 3").value is None
    assert prompt.type("a").value == 3
    assert prompt.type("").value is None


def test_names_live_on() -> None:
    """One statement uses what another bound."""
    prompt = Prompt()
    prompt.type('kick = s("bd")')
    assert list(prompt.type("drums = play(kick)").layers) == ["drums"]


def test_another_word_for_a_layer_is_not_another_layer() -> None:
    """`old = drums` keeps an older version; `drums = old` lets it play again."""
    prompt = Prompt()
    first = prompt.type('drums = play(s("bd"))').layers["drums"]
    kept = prompt.type("old = drums")
    assert not kept.layers
    assert kept.unbound == {"old"}
    prompt.type('drums = play(s("sd"))')
    assert prompt.type("drums = old").layers == {"drums": first}


@pytest.mark.parametrize("source", ["drums = None", "del drums", "drums = 5", "from math import pi as drums"])
def test_a_name_that_is_bound_anew_ends_its_layer(source: str) -> None:
    """`del` and any other value."""
    prompt = Prompt()
    prompt.type('drums = play(s("bd"))')
    loaded = prompt.type(source)
    assert not loaded.layers
    assert loaded.unbound == {"drums"}


def test_other_ways_to_bind() -> None:
    """What a function binds globally, and a walrus in an expression."""
    prompt = Prompt()
    prompt.type('def f():\n  global drums\n  drums = play(s("bd"))')
    assert list(prompt.type("f()").layers) == ["drums"]
    walrus = prompt.type('(a := play(s("bd")))')
    assert list(walrus.layers) == ["a"]
    assert isinstance(walrus.value, Playing)


def test_an_unbound_play_is_refused_at_the_prompt_too() -> None:
    """With the same hint."""
    assert "<prompt>:1: this play(...) has no name" in Prompt().refusal('play(s("bd"))')


def test_errors_show_the_line_that_was_typed_now() -> None:
    """A function that was typed before has lines of its own, which are not those of this statement."""
    prompt = Prompt()
    collector = Collector()
    prompt.space.update(collecting(collector))
    load_statement("def f():\n  x = 1\n  return 1 / 0", prompt.space, collector, "<prompt 1>")
    with pytest.raises(LoadError) as caught:
        load_statement("a = 1\nb = 2 + f()\nc = 3", prompt.space, collector, "<prompt 2>")
    assert caught.value.block.startswith("<prompt>:2:9: ZeroDivisionError")
    assert "    2 | b = 2 + f()" in caught.value.block


def test_a_piece_is_read_though_the_parser_lost_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """CPython's own count of a tree's depth can be upset once by whoever parses in between."""
    parse = ast.parse
    failed: list[bool] = []

    def lose_count(*arguments: Any, **options: Any) -> Any:
        if not failed:
            failed.append(True)
            raise SystemError("AST constructor recursion depth mismatch (before=4, after=6)")
        return parse(*arguments, **options)

    monkeypatch.setattr(ast, "parse", lose_count)
    assert [*load_piece('drums = play(s("bd"))\n', "a.py").layers] == ["drums"]
    assert failed


@pytest.mark.parametrize(
    ("said", "waits"),
    [("quantum(4)", {"a": 4, "b": 0}), ("quantum(1/4)", {"a": 0.25, "b": 0}), ("", {"a": 1, "b": 0})],
)
def test_a_quantum_for_the_whole_file(said: str, waits: dict[str, float]) -> None:
    """Wherever it stands in the file; what a layer says itself holds for that layer."""
    loaded = load_piece(f'a = play(s("bd"))\nb = play(s("hh"), quantum=0)\n{said}\n', "a.py")
    assert {name: layer.quantum for name, layer in loaded.layers.items()} == waits


@pytest.mark.parametrize("wrong", ["-1", '"next"', "1e9"])
def test_a_quantum_that_is_none(wrong: str) -> None:
    """It is told with its line."""
    with pytest.raises(LoadError, match=r"a\.py:1:1: .*quantum"):
        load_piece(f"quantum({wrong})", "a.py")
