"""Declarations of the language for editors and type checkers, made from the registry.

`python -m patterns.stubs` writes `vocabulary.pyi`, the methods of patterns; a test says when it is out
of date. The function forms are for whoever declares what a piece sees.
"""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any

from patterns.manual import WRITTEN
from patterns.registry import Entry, entries

PAGE = Path(__file__).with_name("vocabulary.pyi")
WIDTH = 110

TYPES = """\
PatternLike = Pattern | str | float | Fraction | Sequence[Any] | Mapping[str, Any]
\"\"\"What may stand where a pattern is expected: text is mini-notation, a list is a sequence.\"\"\"

Change = Callable[[Pattern], Any]
\"\"\"A function of a pattern, as `every` and `jux` take it: `rev`, `fast(2)`, `lambda p: p.rev()`.\"\"\"

Transform = Callable[[PatternLike], Pattern]
\"\"\"What `fast(2)` without a pattern gives: a function to be applied later.\"\"\"
"""

HEAD = f"""\
\"\"\"The methods of patterns. Made from the registry by `python -m patterns.stubs`; a test compares.\"\"\"

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from patterns.alignment import Operation
from patterns.core import Pattern

{TYPES}
class Vocabulary:
"""

_BY_PARAMETER = {
    "pairs": "Sequence[Any]",
    "lookup": "Sequence[Any] | Mapping[Any, Any]",
    ("echo_with", "change"): "Callable[[Pattern, int], Any]",
    ("within", "end"): "PatternLike | Change",
    ("pure", "value"): "Any",
    ("choose", "values"): "Any",
    ("evolve", "fitness"): "Callable[[Any], Any] | object",
    ("gibbs", "alone"): "Mapping[Any, Any] | Sequence[Any] | Callable[[Any, Any], Any] | None",
    ("gibbs", "pair"): "Mapping[Any, Any] | Callable[[Any, Any], Any] | None",
    ("groove", "template"): "Any",
    ("markov", "phrases"): "PatternLike | Mapping[Any, Any] | Sequence[Any]",
    ("part", "notes"): "Any",
    ("part", "onsets"): "Any",
    ("ruleset", "chords"): "Any",
}
"""The type of an argument by its name, or by the names of function and argument."""

_BY_DESCRIPTION = (
    ("or a function of", "PatternLike | Callable[[Any], Any]"),
    ("a list or a dict of functions", "Sequence[Change] | Mapping[Any, Change]"),
    ("a list of functions", "Sequence[Change]"),
    ("a dict of functions", "Mapping[Any, Change]"),
    ("function of a pattern and a number", "Callable[[Pattern, int], Any]"),
    ("function of two values", "Callable[[Any, Any], Any]"),
    ("function that combines two patterns", "Callable[[Pattern, Pattern], Any]"),
    ("function that takes one of the values first", "Callable[..., Any]"),
    ("function of the cycle", "Callable[[Any], Any]"),
    ("^the transition", "Callable[..., Any]"),
    ("^a function", "Change"),
    ("^the function", "Change"),
    ("^functions", "Change"),
)
"""What the description of an argument says, or begins with → its type; the first that fits."""

_WORDS = "Any|Callable|Fraction|Mapping|Pattern|Sequence|bool|dict|float|int|list|None|str|tuple"
_KNOWN = re.compile(rf"(?:\b(?:{_WORDS})\b|[\[\], |]|\.\.\.)+")
_NO_TYPE = {"Any", "", "object"}


def method_stubs() -> str:
    """Write the declarations of all methods."""
    parts = [HEAD]
    for entry in entries():
        if entry.is_method:
            parts.append(textwrap.indent("\n".join(_method(entry)), "    "))
            parts.append("\n\n")
    return "".join(parts).rstrip("\n") + "\n"


def function_stubs(*, without: Container[str] = ()) -> str:
    """Write the declarations of everything that stands in the namespace of a piece, but for some names."""
    found = [entry for entry in entries() if entry.is_function and entry.name not in without]
    imports = sorted({line for entry in found for line in _imports(entry.call)})
    written = "\n\n".join("\n".join(_function(entry)) for entry in found)
    return "\n".join([*imports, "", written, ""])


def signature(call: Any, name: str, *, skip: int = 0) -> str:
    """Write the arguments of a function with their types, without brackets.

    >>> signature(lambda pattern, factor=2: None, "fast", skip=1)
    'factor: PatternLike = 2'

    Args:
        call: The function.
        name: Its name in the language.
        skip: How many of its arguments to leave out at the beginning.
    """
    parameters = list(inspect.signature(call).parameters.values())[skip:]
    shown: list[str] = []
    for parameter in parameters:
        if parameter.kind is parameter.KEYWORD_ONLY and not any(text.startswith("*") for text in shown):
            shown.append("*")
        shown.append(_declared(parameter, call, name))
    return ", ".join(shown)


def _method(entry: Entry) -> Iterator[str]:
    if entry.kind == "operation":
        yield "@property"
        yield f"def {entry.name}(self) -> Operation:"
        yield from _documented(f"{entry.doc}\n\n>>> {entry.example}")
        return
    text = (
        "*values: PatternLike"
        if entry.kind == "control"
        else signature(entry.call, entry.name, skip=0 if entry.kind == "function" else 1)
    )
    yield f"def {entry.name}({', '.join(['self', *([text] if text else [])])}) -> {_returned(entry.call)}:"
    yield from _documented(_description(entry))


def _function(entry: Entry) -> Iterator[str]:
    if entry.kind in {"signal", "constant"}:
        yield f"{entry.name}: Pattern"
        yield from _quoted(_description(entry))
    elif entry.kind == "operation":
        yield from _forms(entry, ["value: PatternLike"], [], [])
    elif entry.kind == "control":
        yield f"def {entry.name}(*values: PatternLike) -> Pattern:"
        yield from _documented(_description(entry))
    elif entry.kind == "transform":
        yield from _transform(entry)
    elif entry.kind == "transition":
        yield from _transition(entry)
    elif _has_methods(entry.call):
        yield f"{entry.name}: _{type(entry.call).__name__}"
        yield from _quoted(_description(entry))
    else:
        yield f"def {entry.name}({signature(entry.call, entry.name)}) -> {_returned(entry.call)}:"
        yield from _documented(_description(entry))


def _transform(entry: Entry) -> Iterator[str]:
    """The function form: `fast(2, p)` is a pattern, `fast(2)` a function to be applied later."""
    parameters = list(inspect.signature(entry.call).parameters.values())[1:]
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        yield f"def {entry.name}({signature(entry.call, entry.name, skip=1)}) -> Transform:"
        yield from _documented(_description(entry))
        return
    positional = [p for p in parameters if p.kind in {p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD}]
    needed = [_declared(p, entry.call, entry.name) for p in positional if p.default is p.empty]
    optional = [_declared(p, entry.call, entry.name) for p in positional if p.default is not p.empty]
    named = [_declared(p, entry.call, entry.name) for p in parameters if p.kind is p.KEYWORD_ONLY]
    if parameters and parameters[0].name == "lookup":
        # Numbers and the list that they choose from may come in either order.
        yield "@overload"
        yield f"def {entry.name}(pattern: Pattern, {needed[0]}, /) -> Pattern: ..."
    yield from _forms(entry, needed, optional, ["*", *named] if named else [])


def _transition(entry: Entry) -> Iterator[str]:
    """With both patterns it is a pattern; with named arguments alone it waits for them."""
    parameters = list(inspect.signature(entry.call).parameters.values())
    waiting = [
        f"{one.name}: {_type(one, entry.call, entry.name)} = ..."
        for one in parameters[2:]
        if one.kind is not one.VAR_POSITIONAL
    ]
    yield "@overload"
    yield f"def {entry.name}({signature(entry.call, entry.name)}) -> Pattern:"
    yield from _documented(_description(entry))
    yield "@overload"
    yield f"def {entry.name}(*, {', '.join(waiting)}) -> Callable[..., Pattern]: ..."


def _forms(entry: Entry, needed: list[str], optional: list[str], named: list[str]) -> Iterator[str]:
    given = [text.split(" = ")[0] for text in optional]
    later = "Pattern" if optional else "PatternLike"  # text after fewer arguments is the optional one
    yield "@overload"
    yield f"def {entry.name}({', '.join([*needed, f'pattern: {later}', '/', *named])}) -> Pattern:"
    yield from _documented(_description(entry))
    if optional:
        every = ", ".join([*needed, *given, "pattern: PatternLike", "/", *named])
        yield "@overload"
        yield f"def {entry.name}({every}) -> Pattern: ..."
    yield "@overload"
    yield f"def {entry.name}({', '.join([*needed, *optional, *named])}) -> Transform: ..."


def _declared(parameter: inspect.Parameter, call: Any, name: str) -> str:
    many = "*" if parameter.kind is parameter.VAR_POSITIONAL else ""
    stars = "**" if parameter.kind is parameter.VAR_KEYWORD else many
    text = f"{stars}{parameter.name}: {_type(parameter, call, name)}"
    if parameter.default is parameter.empty:
        return text
    plain = isinstance(parameter.default, (bool, int, float, str, type(None)))
    return f"{text} = {repr(parameter.default) if plain else '...'}"


def _type(parameter: inspect.Parameter, call: Any, name: str) -> str:
    special = _BY_PARAMETER.get((name, parameter.name))
    written = parameter.annotation if isinstance(parameter.annotation, str) else ""
    if special is None and written not in _NO_TYPE and _KNOWN.fullmatch(written):
        return written
    if _own(call, written) is not None:
        return f"_{written}"
    given = special or _BY_PARAMETER.get(parameter.name)
    if given is not None:
        return given
    described = f"^{_of_argument(call, parameter.name).lower()}"
    found = next((kind for words, kind in _BY_DESCRIPTION if words in described), "")
    if not found:  # names that speak for themselves may do without a description
        found = "Change" if parameter.name in {"change", "changes"} else "PatternLike"
    return f"{found} | None" if parameter.default is None else found


def _of_argument(call: Any, name: str) -> str:
    found = re.search(rf"^ *\**{name}: (.*)", inspect.getdoc(call) or "", re.MULTILINE)
    return found[1] if found else ""


def _returned(call: Any) -> str:
    written = getattr(call, "__annotations__", {}).get("return", "Pattern")
    if _own(call, written) is not None:
        return f"_{written}"
    return written if isinstance(written, str) and _KNOWN.fullmatch(written) else "Pattern"


def _own(call: Any, written: Any) -> type | None:
    """The class of ours that an annotation names, such as a form; patterns have their name everywhere."""
    found = getattr(call, "__globals__", {}).get(written) if isinstance(written, str) else None
    ours = isinstance(found, type) and found.__module__.startswith("patterns.") and written != "Pattern"
    return found if ours else None


def _has_methods(call: Any) -> bool:
    """Whether a function is an object of ours with functions of its own, such as `rule`."""
    return not inspect.isroutine(call) and type(call).__module__.startswith("patterns.")


def _imports(call: Any) -> Iterator[str]:
    """What has to be imported for a function's classes, under names that a piece does not see."""
    if _has_methods(call):
        own = type(call).__name__
        yield f"from {type(call).__module__} import {own} as _{own}"
    for written in getattr(call, "__annotations__", {}).values():
        found = _own(call, written)
        if found is not None:
            yield f"from {found.__module__} import {found.__name__} as _{found.__name__}"


def _description(entry: Entry) -> str:
    """The whole description of a function, or the line and the example of the table."""
    if entry.kind in WRITTEN:
        text = (inspect.getdoc(entry.call) or entry.doc).split("\n\nSource:")[0]
        # A method's own pattern is no argument to give.
        text = re.sub(r"^    pattern: .*\n?", "", text, flags=re.MULTILINE) if entry.is_method else text
        return re.sub(r"\n*Args:\s*(?=\n\w|\Z)", "\n", text)
    return f"{entry.doc}\n\n>>> {entry.example}" if entry.example else entry.doc


def _documented(text: str) -> Iterator[str]:
    for line in _quoted(text):
        yield f"    {line}" if line else ""


def _quoted(text: str) -> Iterator[str]:
    first, *rest = text.replace('"""', "'''").strip().splitlines()
    mark = 'r"""' if "\\" in text else '"""'
    if not rest:
        yield f'{mark}{first}"""'
        return
    yield f"{mark}{first}"
    yield from (line.rstrip() for line in rest)
    yield '"""'


if __name__ == "__main__":
    PAGE.write_text(method_stubs(), encoding="utf-8")
    print(f"{PAGE.name} is written")  # noqa: T201 - a command
