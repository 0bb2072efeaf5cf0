"""From the text of a piece to the layers that it asks for; running a piece only builds values."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from patterns.where import Literal
from repl.errors import LoadError
from repl.namespace import Collector, Playing, piece_namespace
from repl.report import PROMPT, Place, block, of_exception

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import CodeType

    from bridge.layer import Layer
    from repl.namespace import TempoRequest

LITERAL = "__literal__"
"""The name by which a piece reaches the maker of located strings."""

_OPENING = re.compile(r"(?P<prefix>[A-Za-z]{0,2})(?P<quote>'''|\"\"\"|'|\")")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one reading of a piece asks for.

    Args:
        file: Its name, as it is shown.
        source: Its text.
        layers: The playing layers by name.
        lines: For each layer, the text of the statement that binds it.
        names: What the piece bound at its top level.
        tempo: The tempo that it asks for, if it does.
        seed: The seed that it asks for, if it does.
        value: Of the last statement, if that was an expression (at the prompt).
    """

    file: str
    source: str
    layers: Mapping[str, Layer]
    lines: Mapping[str, str]
    names: Mapping[str, object]
    tempo: TempoRequest | None
    seed: int | None
    collector: Collector
    value: object = None
    unbound: frozenset[str] = field(default=frozenset())


def load_piece(source: str, file: str) -> Loaded:
    """Run a piece in a fresh namespace.

    Args:
        source: Its text.
        file: Its name; appears in every message.

    Raises:
        LoadError: It cannot be read, raised an exception, or plays something that has no name.
    """
    collector = Collector()
    space = piece_namespace(collector)
    known = set(space)
    tree = parse(source, file)
    _execute(tree, file, source, space)
    bound = _bound(tree)
    names = {name: value for name, value in space.items() if name not in known or name in bound}
    layers = collector.layers(names)
    _check_unbound(collector, layers, file, source)
    return Loaded(
        file,
        source,
        {name: playing.layer for name, playing in layers.items()},
        _segments(tree, source, layers),
        names,
        collector.tempo_request,
        collector.seed_request,
        collector,
    )


def load_statement(source: str, space: dict[str, object], collector: Collector) -> Loaded:
    """Run what was typed at the prompt, in the prompt's own namespace.

    Args:
        source: One or more statements; the value of a last expression is kept.
        space: The prompt's namespace, which it may change.
        collector: Of this one evaluation; `space` must have been given its functions.

    Raises:
        LoadError: As `load_piece`.
        KeyboardInterrupt: It was interrupted.
    """
    tree = parse(source, PROMPT)
    space[LITERAL] = Literal
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    if tree.body:
        _execute(tree, PROMPT, source, space)
    value: object = None
    if isinstance(last, ast.Expr):
        expression = ast.fix_missing_locations(ast.Expression(last.value))
        code = _compile(expression, PROMPT, source)
        value = _guarded(lambda: eval(code, space), PROMPT, source, space)
    bound = _bound(tree)
    names = {name: space[name] for name in bound if name in space}
    gone = frozenset(name for name in bound if not isinstance(space.get(name), Playing))
    layers = collector.layers(names)
    for name in bound:
        # `b = a` lets an older layer be known by a further name.
        value_of = space.get(name)
        if isinstance(value_of, Playing) and name not in layers:
            layers[name] = value_of
    _check_unbound(collector, layers, PROMPT, source)
    return Loaded(
        PROMPT,
        source,
        {name: playing.layer for name, playing in layers.items()},
        {},
        names,
        collector.tempo_request,
        collector.seed_request,
        collector,
        value,
        gone,
    )


def parse(source: str, file: str) -> ast.Module:
    """The syntax tree of a piece, every string constant of which knows its place.

    Raises:
        LoadError: It is not Python.
    """
    try:
        tree = ast.parse(source, file)
    except (SyntaxError, ValueError) as error:
        # A zero byte in the text is a ValueError before Python 3.12.
        raise LoadError(of_exception(error, file, source)) from error
    except (RecursionError, MemoryError) as error:
        raise LoadError(block("this file is nested too deeply to be read", None, source)) from error
    located = _Locate(source, file).visit(tree)
    return cast("ast.Module", ast.fix_missing_locations(located))


class _Locate(ast.NodeTransformer):
    """Makes `__literal__("bd sd", file, line, column)` of every string constant in an expression."""

    def __init__(self, source: str, file: str) -> None:
        self._lines = source.splitlines(keepends=True)
        self._file = file

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return node

    def visit_MatchValue(self, node: ast.MatchValue) -> ast.AST:
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        if isinstance(node.value, ast.Constant):
            return node  # a docstring
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return node  # an annotation may be a string

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is not None:
            node.value = cast("ast.expr", self.visit(node.value))
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.body = [cast("ast.stmt", self.visit(s)) for s in node.body]
        node.args = cast("ast.arguments", self.visit(node.args))
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if not isinstance(node.value, str):
            return node
        line, column, exact = self._inside(node)
        made = ast.Call(
            ast.Name(LITERAL, ast.Load()),
            [ast.Constant(node.value), ast.Constant(self._file), ast.Constant(line), ast.Constant(column)],
            [ast.keyword("exact", ast.Constant(exact))],
        )
        return ast.fix_missing_locations(ast.copy_location(made, node))

    def _inside(self, node: ast.Constant) -> tuple[int, int, bool]:
        """Line and column of the first character inside the quotes; whether offsets hold from there."""
        text = self._lines[node.lineno - 1]
        column = len(text.encode()[: node.col_offset].decode(errors="replace"))
        opening = _OPENING.match(text, column)
        if opening is None:
            return node.lineno, column + 1, False
        begin = opening.end()
        rest = text[begin:] + "".join(self._lines[node.lineno :])
        value = cast("str", node.value)
        exact = rest.startswith(value) and rest[len(value) :].startswith(opening["quote"])
        return node.lineno, begin + 1, exact


def _compile(tree: ast.Module | ast.Expression, file: str, source: str) -> CodeType:
    mode = "exec" if isinstance(tree, ast.Module) else "eval"
    try:
        return compile(tree, file, mode)
    except (SyntaxError, ValueError) as error:
        raise LoadError(of_exception(error, file, source)) from error
    except (RecursionError, MemoryError) as error:
        raise LoadError(block("this file is nested too deeply to be read", None, source)) from error


def _execute(tree: ast.Module, file: str, source: str, space: dict[str, object]) -> None:
    space[LITERAL] = Literal
    code = _compile(tree, file, source)
    _guarded(lambda: exec(code, space), file, source, space)


def _guarded(run: Callable[[], object], file: str, source: str, space: dict[str, object]) -> object:
    """Run a musician's code; whatever it raises becomes the block that they read."""
    try:
        return run()
    except KeyboardInterrupt:
        raise
    except LoadError:
        raise
    except (Exception, SystemExit) as error:
        raise LoadError(of_exception(error, file, source, space)) from error


_SCOPES = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
)
"""What has names of its own: binding one inside is not binding it in the piece."""


def _bound(tree: ast.AST) -> set[str]:
    """The names that the top level of a piece binds or deletes."""
    found: set[str] = set()
    waiting = list(ast.iter_child_nodes(tree))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
            found.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)
        if not isinstance(node, _SCOPES):
            waiting.extend(ast.iter_child_nodes(node))
    return found


def _segments(tree: ast.Module, source: str, layers: Mapping[str, Playing]) -> dict[str, str]:
    lines = source.splitlines()
    found: dict[str, str] = {}
    for node in tree.body:
        names = _bound(ast.Module([node], []))
        text = "\n".join(lines[node.lineno - 1 : node.end_lineno])
        for name in names & set(layers):
            found[name] = text
    return found


def _check_unbound(collector: Collector, layers: Mapping[str, Playing], file: str, source: str) -> None:
    bound = {id(p) for p in layers.values()}
    for playing in collector.made:
        if id(playing) not in bound:
            message = 'this play(...) has no name: write  drums = play(...)  or give it name="drums"'
            raise LoadError(block(message, Place(file, playing.layer.where), source))
