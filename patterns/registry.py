"""One table of all that a musician can call: methods, functions, completion and docs come from it."""

from __future__ import annotations

import builtins
import importlib
import inspect
import keyword
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial, wraps
from typing import Any, TypeVar

from patterns.core import Pattern
from patterns.reading import reify
from patterns.spelling import near
from patterns.strudel_names import STRUDEL
from patterns.tidal_names import TIDAL

MODULES = (
    "patterns.alignment",
    "patterns.timing",
    "patterns.spans",
    "patterns.rhythm",
    "patterns.builders",
    "patterns.signals",
    "patterns.values",
    "patterns.conditions",
    "patterns.chunking",
    "patterns.aligned",
    "patterns.tagging",
    "patterns.chance_rows",
    "patterns.choosing",
    "patterns.chosen_by",
    "patterns.listing",
    "patterns.controls",
    "patterns.midi_controls",
    "patterns.parameters",
    "patterns.harmony",
    "patterns.picking",
    "patterns.stepwise",
    "patterns.sampling",
    "patterns.morphing",
    "patterns.folding",
    "patterns.views",
    "patterns.strumming",
    "patterns.matching",
    "patterns.weaving",
    "patterns.cycling",
    "patterns.necklaces",
    "patterns.grammars",
    "patterns.performing",
    "patterns.reshaping",
    "patterns.single_lines",
    "patterns.transitions",
    "patterns.fades",
    "patterns.approaches",
    "patterns.noises",
    "patterns.engines.walks",
    "patterns.engines.chaos",
    "patterns.engines.urns",
    "patterns.engines.chains",
    "patterns.engines.productions",
    "patterns.engines.rewriting",
    "patterns.engines.cells",
    "patterns.engines.draws",
    "patterns.engines.points",
    "patterns.engines.evenness",
    "patterns.engines.series",
    "patterns.engines.resampling",
    "patterns.engines.breeding",
    "patterns.rules.composed",
    "patterns.rules.ready",
    "patterns.form.motifs",
    "patterns.form.phrases",
    "patterns.form.progressions",
    "patterns.form.layout",
    "patterns.form.arcs",
    "patterns.form.players",
    "patterns.form.grooves",
    "patterns.measures.live",
    "patterns.midi_inputs",
    "patterns.midi_strokes",
)
"""The modules whose rows make the language; each registers its own when it is imported."""

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: a name of the language.

    Args:
        name: Our name.
        kind: "function" makes patterns, "transform" changes one, "control" sets a control,
            "operation" combines values, "transition" leads from one pattern to another, "signal" and
            "constant" are values.
        group: Heading in the reference.
        call: The function, pattern first for a transform; or the value.
        doc: First line of its description.
        example: The first line of its example, or empty.
        signature: How to call it.
        strudel: Strudel's name; empty if Strudel has none.
        is_method: Whether patterns have it as a method.
        is_function: Whether it stands in the namespace of a piece.
        tidal: Tidal's name; if it is not said, the same in camel case where Tidal has that; empty if it
            has none.
    """

    name: str
    kind: str
    group: str
    call: Any
    doc: str
    example: str
    signature: str
    strudel: str
    is_method: bool
    is_function: bool
    tidal: str | None = None


_entries: dict[str, Entry] = {}
_values: dict[str, Any] = {}
_loaded: list[bool] = []


def camel(name: str) -> str:
    """Spell a name as Strudel would.

    >>> camel("euclid_rot")
    'euclidRot'
    """
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def _first_line(call: Any) -> str:
    text = inspect.getdoc(call) or ""
    return text.split("\n", 1)[0]


def _example(call: Any) -> str:
    for line in (inspect.getdoc(call) or "").splitlines():
        if line.strip().startswith(">>> "):
            return line.strip()[4:]
    return ""


def _signature(call: Any, skip: int) -> str:
    parameters = list(inspect.signature(call).parameters.values())[skip:]
    shown: list[str] = []
    for parameter in parameters:
        text = parameter.name
        if parameter.kind is parameter.VAR_POSITIONAL:
            text = f"*{text}"
        elif parameter.kind is parameter.VAR_KEYWORD:
            text = f"**{text}"
        if parameter.default is not parameter.empty:
            text += f"={parameter.default!r}"
        shown.append(text)
    return f"({', '.join(shown)})"


def is_free(name: str) -> bool:
    """Say whether a name may stand in a piece's namespace: no keyword, no builtin."""
    return not keyword.iskeyword(name) and not hasattr(builtins, name)


def add(entry: Entry, value: Any) -> None:
    """Put a row into the table.

    Raises:
        ValueError: There is a row of that name, for another function.
    """
    known = _entries.get(entry.name)
    if known is not None and known.call is not entry.call:
        raise ValueError(f"{entry.name} is in the table already")
    name = camel(entry.name)
    strudel = entry.strudel if entry.strudel in STRUDEL else ""
    tidal = entry.tidal if entry.tidal is not None else name if name in TIDAL else ""
    entry = replace(entry, strudel=strudel, tidal=tidal)
    _entries[entry.name] = entry
    if entry.is_function:
        _values[entry.name] = value


def _curried(call: Callable[..., Any], name: str) -> Callable[..., Any]:
    """Make the function form of a transform: `rev(p)`, `fast(2, p)`, and `fast(2)` to be applied later."""
    parameters = list(inspect.signature(call).parameters.values())[1:]
    positional = [p for p in parameters if p.kind in {p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD}]
    required = [p for p in positional if p.default is p.empty]
    endless = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    most = len(positional)

    @wraps(call)
    def form(*arguments: Any, **options: Any) -> Any:
        if endless or len(arguments) < len(required):
            given = arguments
        elif (
            len(arguments) > most
            or (len(arguments) > len(required) and not options and not positional)
            or (len(arguments) == len(required) + 1 and isinstance(arguments[-1], Pattern))
        ):
            return call(reify(arguments[-1]), *arguments[:-1], **options)
        else:
            given = arguments
        if not endless and (len(given) < len(required) and not {p.name for p in required} <= set(options)):
            raise TypeError(
                f"{name}{_signature(call, 1)} wants at least {len(required)} arguments, found {len(given)}"
            )

        def transform(pattern: Any) -> Any:
            return call(reify(pattern), *given, **options)

        transform.__name__ = name
        return transform

    return form


def transform(
    group: str,
    *,
    name: str = "",
    strudel: str | None = None,
    tidal: str | None = None,
    method_only: bool = False,
    form: Callable[[Callable[..., Any], str], Callable[..., Any]] = _curried,
) -> Callable[[Function], Function]:
    """Register a function of a pattern, which comes first, as method and as function.

    Args:
        group: Heading in the reference.
        name: Name of the language, where it differs from the function's.
        strudel: Strudel's name; the same in camel case if not given, empty if it has none.
        tidal: Tidal's name; if not given the same in camel case where Tidal has that, empty if it has none.
        method_only: Do not offer the function form.
        form: Makes the function form from function and name.
    """

    def register(call: Function) -> Function:
        own = name or call.__name__
        free = is_free(own) and not method_only
        entry = Entry(
            own, "transform", group, call, _first_line(call), _example(call), _signature(call, 1),
            camel(own) if strudel is None else strudel, is_method=True, is_function=free, tidal=tidal,
        )  # fmt: skip
        setattr(Pattern, own, call)
        add(entry, form(call, own) if free else None)
        return call

    return register


def function(
    group: str,
    *,
    name: str = "",
    strudel: str | None = None,
    tidal: str | None = None,
    kind: str = "function",
) -> Callable[[Function], Function]:
    """Register a function that makes patterns."""

    def register(call: Function) -> Function:
        own = name or call.__name__
        add(
            Entry(
                own, kind, group, call, _first_line(call), _example(call), _signature(call, 0),
                camel(own) if strudel is None else strudel,
                is_method=False, is_function=is_free(own), tidal=tidal,
            ),
            call,
        )  # fmt: skip
        return call

    return register


def transition(group: str, *, tidal: str | None = None) -> Callable[[Function], Function]:
    """Register a way from one pattern, which comes first, to another: as method and as function.

    As a function with named arguments alone it waits for its two patterns and the cycle of the change:
    `xfade_in(cycles=4)`.
    """

    def register(call: Function) -> Function:
        own = call.__name__
        wanted = [p.name for p in inspect.signature(call).parameters.values() if p.default is p.empty]

        @wraps(call)
        def form(*arguments: Any, **options: Any) -> Any:
            if not arguments:
                return partial(call, **options)
            if set(wanted[len(arguments) :]) - options.keys():
                raise TypeError(_by_name(own, wanted[3:], arguments))
            return call(*arguments, **options)

        entry = Entry(
            own, "transition", group, call, _first_line(call), _example(call), _signature(call, 0),
            camel(own), is_method=True, is_function=True, tidal=tidal,
        )  # fmt: skip
        setattr(Pattern, own, call)
        add(entry, form)
        return call

    return register


def _by_name(name: str, wanted: list[str], given: tuple[Any, ...]) -> str:
    """Say how a transition is written that has not got its two patterns, or not all that it wants."""
    if not wanted:
        return f"{name} stands alone: play(…, transition={name}), or {name}(old, new, at=…)"
    numbers = [repr(each) for each in given if isinstance(each, (int, float))]
    values = numbers if len(given) == len(numbers) == len(wanted) else ["…"] * len(wanted)
    call = f"{name}({', '.join(f'{each}={value}' for each, value in zip(wanted, values, strict=True))})"
    return f"{name} wants {' and '.join(wanted)} by name: write {call}; both patterns come later, of play"


def constant(
    name: str,
    value: Any,
    doc: str,
    group: str,
    *,
    kind: str = "signal",
    strudel: str | None = None,
    tidal: str | None = None,
    example: str = "",
) -> None:
    """Register a value, such as a signal; without an example of its own it is shown in steps, or in turns."""
    shown = example or (f"{name}.segment(8)" if kind == "signal" else f'cat(s("bd"), {name})')
    add(
        Entry(
            name, kind, group, value, doc, shown, "", camel(name) if strudel is None else strudel,
            is_method=False, is_function=True, tidal=tidal,
        ),
        value,
    )  # fmt: skip


def row(name: str) -> tuple[Entry, Any]:
    """Look up a row that is already there, and its value in the namespace."""
    return _entries[name], _values.get(name)


def load() -> None:
    """Import the modules of the language, once."""
    if not _loaded:
        _loaded.append(True)
        for module in MODULES:
            importlib.import_module(module)


def namespace() -> dict[str, object]:
    """Give what a piece sees of the language: functions, signals and constants by name."""
    load()
    return dict(_values)


def entries() -> list[Entry]:
    """List all rows by name."""
    load()
    return [_entries[name] for name in sorted(_entries)]


def strudel_names() -> dict[str, str]:
    """Map Strudel's names to ours."""
    load()
    return {entry.strudel: entry.name for entry in _entries.values() if entry.strudel}


def nearest(name: str, among: list[str]) -> str:
    """Name the nearest spelling, as the end of a message; empty if nothing is near."""
    found = near(name, among, likeness=0.6)
    return f"; did you mean {' or '.join(found)}?" if found else ""


def method(pattern: Pattern, name: str) -> Any:
    """Find a method that is not there yet, or say what it may have been meant to be."""
    if name.startswith("__"):
        raise AttributeError(name)
    if not _loaded:
        load()
        return getattr(pattern, name)
    from patterns.elsewhere import of_method  # it reads this table

    told = of_method(name)
    if told:
        raise AttributeError(f"a pattern has no {name!r}; {told}")
    methods = [entry.name for entry in _entries.values() if entry.is_method]
    raise AttributeError(f"a pattern has no {name!r}{nearest(name, methods)}")
