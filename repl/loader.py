"""From the text of a piece to the layers that it asks for; running a piece only builds values."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from bridge.watchman import Overtime
from patterns.where import Literal
from repl.errors import LoadError
from repl.literals import LITERAL
from repl.namespace import Collector, Playing, piece_namespace
from repl.own_modules import OwnModules, beside
from repl.parsing import compiled, parse
from repl.report import PROMPT, Place, block, file_as_shown, lines_of, of_exception

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bridge.clock_targets import MidiClock
    from bridge.layer import Layer
    from repl.namespace import TempoRequest
    from repl.transport import Wish


class Single(NamedTuple):
    """What is to be played once.

    Attributes:
        layer: What.
        text: The statement that asks for it.
    """

    layer: Layer
    text: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one reading of a piece asks for.

    Args:
        file: Its name, as it is shown.
        source: Its text.
        layers: The playing layers by name.
        lines: For each layer, the text of the statement that binds or makes it.
        names: What the piece bound at its top level.
        tempo: The tempo that it asks for, if it does.
        seed: The seed that it asks for, if it does.
        singles: What it asks to be played once.
        value: Of the last statement, if that was an expression (at the prompt).
        clocks: The ports that it says something about, as to MIDI clock.
        moves: Where in the piece it says that the music is to be.
        follow: The clock that it says is to be followed, in a tuple, if it says so.
        doubts: What it says that is hardly meant, each with its line.
        unbound: Names that no longer mean a layer of that name (at the prompt).
        modules: The musician's own modules, as it found them.
        statements: The texts of the statements at its top level, with the names that each binds.
    """

    file: str
    source: str
    layers: Mapping[str, Layer]
    lines: Mapping[str, str]
    names: Mapping[str, object]
    tempo: TempoRequest | None
    seed: int | None
    singles: Sequence[Single] = ()
    value: object = None
    unbound: frozenset[str] = frozenset()
    clocks: tuple[MidiClock, ...] = ()
    moves: tuple[Wish, ...] = ()
    follow: tuple[str | None] | None = None
    doubts: tuple[tuple[int, str], ...] = ()
    modules: OwnModules = field(default_factory=OwnModules, compare=False)
    statements: tuple[tuple[str, frozenset[str]], ...] = field(default=(), compare=False)


def load_piece(source: str, file: str, modules: OwnModules | None = None) -> Loaded:
    """Run a piece in a fresh namespace.

    Args:
        source: Its text.
        file: Its name; appears in every message.
        modules: What it can import of the musician's own; what lies beside it unless given.

    Raises:
        LoadError: It cannot be read, raised an exception, or plays something that has no name.
    """
    collector = Collector()
    space = piece_namespace(collector)
    modules = modules or beside(file)
    modules.open(space)
    known = set(space)
    tree = parse(source, file)
    _execute(tree, file, source, space, modules)
    statements = _statements(tree, source)
    bound = _bound_by(statements)
    names = {n: value for n, value in space.items() if n != LITERAL and (n not in known or n in bound)}
    found = _loaded(statements, file, source, collector, names, collector.layers(names))
    return replace(found, modules=modules)


def load_statement(
    source: str,
    space: dict[str, object],
    collector: Collector,
    file: str = PROMPT,
    modules: OwnModules | None = None,
) -> Loaded:
    """Run what was typed at the prompt, in the prompt's own namespace.

    Args:
        source: One or more statements; the value of a last expression is kept.
        space: The prompt's namespace, which it may change.
        collector: Of this one evaluation; `space` must have been given its functions.
        file: Its name in messages, see `repl.report.prompt_file`.
        modules: What it can import of the musician's own, opened for `space`.

    Raises:
        LoadError: As `load_piece`.
        KeyboardInterrupt: It was interrupted.
    """
    tree = parse(source, file)
    before, modules = dict(space), modules or OwnModules()
    last = tree.body[-1] if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    _execute(ast.Module(tree.body[:-1] if last else tree.body, []), file, source, space, modules)
    value: object = None
    if last is not None:
        code = compiled(ast.Expression(last.value), file, source)
        value = _guarded(lambda: eval(code, space), file, source, space, modules)
    # What the text binds, and what changed by other ways: `global` in a function, say.
    statements = _statements(tree, source)
    bound = _bound_by(statements) | (before.keys() - space.keys())
    bound |= {n for n, now in space.items() if n != LITERAL and (n not in before or before[n] is not now)}
    names = {n: space[n] for n in bound if n in space}
    layers = collector.layers(names)
    for name, one in names.items():
        # `drums = old` lets an older version play again; `old = drums` is only another word for it.
        if isinstance(one, Playing) and one.name == name and name not in layers:
            layers[name] = one
    loaded = _loaded(statements, file, source, collector, names, layers)
    return replace(loaded, value=value, unbound=frozenset(bound - layers.keys()), modules=modules)


def _loaded(
    statements: Sequence[_Statement],
    file: str,
    source: str,
    collector: Collector,
    names: Mapping[str, object],
    layers: Mapping[str, Playing],
) -> Loaded:
    _check_heard(collector, layers, statements, file, source)
    lines = {
        name: next((s.text for s in reversed(statements) if name in s.binds), _text_at(statements, one.line))
        for name, one in layers.items()
    }
    return Loaded(
        file,
        source,
        {name: _waiting(playing, collector) for name, playing in layers.items()},
        lines,
        names,
        collector.tempo_request,
        collector.seed_request,
        [
            Single(_with_rng(one.layer, collector.rng_request), _text_at(statements, one.line))
            for one in collector.singles
        ],
        clocks=tuple(collector.clocks),
        moves=tuple(collector.moves),
        follow=collector.follow_request,
        doubts=tuple(collector.doubts),
        statements=tuple((one.text, frozenset(one.binds)) for one in statements),
    )


def _waiting(playing: Playing, collector: Collector) -> Layer:
    """A layer that does not say what its changes wait for follows its piece."""
    layer, asked = _with_rng(playing.layer, collector.rng_request), collector.quantum_request
    return layer if playing.waits or asked is None else replace(layer, quantum=asked)


def _with_rng(layer: Layer, rng: str) -> Layer:
    """A layer that does not choose where its chance comes from follows its piece."""
    return replace(layer, rng=rng) if rng and not layer.rng else layer


def _execute(tree: ast.Module, file: str, source: str, space: dict[str, object], modules: OwnModules) -> None:
    space[LITERAL] = Literal
    code = compiled(tree, file, source)
    _guarded(lambda: exec(code, space), file, source, space, modules)


def _guarded(
    run: Callable[[], object], file: str, source: str, space: dict[str, object], modules: OwnModules
) -> object:
    """Run a musician's code; whatever it raises becomes the block that they read."""
    table = builtins.__dict__
    before = table.copy()
    try:
        value = run()
    except (KeyboardInterrupt, Overtime, LoadError):
        raise
    except BaseException as error:
        table.update(before)
        raise LoadError(of_exception(error, file, source, space, modules.texts)) from error
    changed = [name for name in before if table.get(name) is not before[name]]
    if changed:
        # They are shared with all that plays, ourselves included.
        table.update(before)
        hint = "bind the name in the piece instead"
        raise LoadError(
            f"{file_as_shown(file)}: it changes Python's own {changed[0]!r} for everybody: {hint}"
        )
    return value


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
    waiting = [tree]
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


class _Statement(NamedTuple):
    """One statement at the top level."""

    node: ast.stmt
    begin: int
    end: int
    text: str
    binds: set[str]


def _statements(tree: ast.Module, source: str) -> list[_Statement]:
    lines = lines_of(source)
    plain = ":=" not in source
    found: list[_Statement] = []
    for node in tree.body:
        begin, end = node.lineno, node.end_lineno or node.lineno
        # Where nothing binds within an expression, an assignment binds its targets: no need to look into the
        # rest, which took half of the time of loading.
        parts = node.targets if plain and isinstance(node, ast.Assign) else [node]
        if plain and isinstance(node, ast.Expr):
            parts = []
        binds = {name for part in parts for name in _bound(part)}
        found.append(_Statement(node, begin, end, "\n".join(lines[begin - 1 : end]), binds))
    return found


def _bound_by(statements: Sequence[_Statement]) -> set[str]:
    return {name for statement in statements for name in statement.binds}


def _text_at(statements: Sequence[_Statement], line: int) -> str:
    return next((s.text for s in statements if s.begin <= line <= s.end), "")


def _check_heard(
    collector: Collector,
    layers: Mapping[str, Playing],
    statements: Sequence[_Statement],
    file: str,
    source: str,
) -> None:
    """Every `play` must be heard: one that would not be is a mistake."""
    heard = {id(p) for p in layers.values()}
    for playing in collector.made:
        if id(playing) in heard:
            continue
        by = next((s for s in statements if s.begin <= playing.line <= s.end), None)
        again = sorted(by.binds & layers.keys()) if by is not None and isinstance(by.node, ast.Assign) else []
        if playing.name in layers:
            message = f"two layers are called {playing.name!r}, so this one would not be heard: rename one"
        elif by is not None and isinstance(by.node, ast.Import | ast.ImportFrom):
            module = _module_of(by.node)
            message = (
                f"what {module} plays would not be heard: a layer of a module needs a name here, "
                f"as by  from {module} import drums"
            )
        elif again:
            message = (
                f"{again[0]} is bound again further down, so this play(...) would not be heard: rename one"
            )
        else:
            message = 'this play(...) has no name: write  drums = play(...)  or give it name="drums"'
        raise LoadError(block(message, Place(file, playing.layer.where), source))


def _module_of(node: ast.Import | ast.ImportFrom) -> str:
    return node.names[0].name if isinstance(node, ast.Import) else node.module or "."
