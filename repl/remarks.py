"""What a piece says that is allowed and hardly meant: told in a line each, and played all the same."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from functools import cache
from typing import TYPE_CHECKING

from patterns.registry import entries
from repl.absent import Places, absent
from repl.bus_names import unheard
from repl.report import file_as_shown
from repl.session import layer_name
from repl.unknown_sounds import unknown_sounds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bridge.layer import Layer
    from patterns.where import Where
    from repl.loader import Loaded
    from repl.session import Session

_HASTE = re.compile(r"#\s*[^\W\d]\w*\s*[(\"']")
"""What a line must have to be looked at more closely."""
_QUOTED = re.compile(r"(?P<word>[^\W\d]\w*)\s*(?P<text>\"[^\"]*\"|'[^']*')$")
"""As Tidal writes it: `speed "1 2"`."""


def remarks(
    loaded: Loaded,
    former: Loaded | None = None,
    among: Mapping[str, Layer] | None = None,
    places: Places | None = None,
) -> list[str]:
    """Say what a piece or a statement hardly means.

    Args:
        loaded: What was loaded.
        former: The edition before, whose remarks have been made.
        among: All layers that play beside it, by name.
        places: Where files and plugins are looked for that it names; they are not unless it is given.
    """
    before = set(_made(former, among or {}, places)) if former is not None else set[str]()
    return [
        f"{file_as_shown(loaded.file)}{place}: {text}"
        for text, place in _made(loaded, among or {}, places).items()
        if text not in before
    ]


def layers_of(session: Session) -> dict[str, Layer]:
    """The newest edition of all layers that play in a session, by name.

    Args:
        session: It.
    """
    found = {layer_name(place): session.newest(place) for place in session.playing()}
    return {name: layer for name, layer in found.items() if layer is not None}


def _made(loaded: Loaded, among: Mapping[str, Layer], places: Places | None) -> dict[str, str]:
    """Each remark with its place."""
    found = {text: f":{line}:{column}" for text, line, column in _comments(loaded.source)}
    lack = () if places is None else absent(loaded.layers, places)
    doubts = (*loaded.doubts, *unheard(loaded.layers, among), *lack)
    found |= {text: f":{line}" if line else "" for line, text in doubts}
    if places is not None:
        for ways, name, text in unknown_sounds(loaded.layers, places.samples):
            found[text] = _written(ways, name, loaded)
    return found


def _written(ways: Sequence[Where], name: str, loaded: Loaded) -> str:
    """Where a word stands in a piece; nowhere if that is in another file, or computed."""
    lines = loaded.source.splitlines()
    for one in ways:
        is_here = one.file == loaded.file and 0 < one.line <= len(lines) and one.column
        if is_here and lines[one.line - 1][one.column - 1 :].startswith(name):
            return f":{one.line}:{one.column}"
    return ""


def _comments(source: str) -> Iterator[tuple[str, int, int]]:
    """The comments that were meant to be said, with line and column."""
    if not _HASTE.search(source):
        return
    code: list[str] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(source.removeprefix("\ufeff")).readline):
            if token.type in {tokenize.NEWLINE, tokenize.NL}:
                code = []
            elif token.type == tokenize.NAME:
                code.append(token.string)
            elif token.type == tokenize.COMMENT and not _words().isdisjoint(code):
                text = _meant(token.string)
                if text:
                    yield text, token.start[0], token.start[1] + 1
    except (tokenize.TokenError, SyntaxError):  # what Python reads and its own tokenizer does not
        return


def _meant(comment: str) -> str:
    """What is said of one comment: only if all of it is a call of one of our words.

    >>> _meant("# speed(2) is too fast"), _meant("# the drums"), _meant("# print(2)")
    ('', '', '')
    >>> _meant("# speed(2)")
    '# begins a comment in Python, so speed(2) is not heard; write | speed(2), or .speed(2)'
    """
    said = comment.lstrip("#").partition("#")[0].strip()
    quoted = _QUOTED.match(said)
    call = f"{quoted['word']}({quoted['text']})" if quoted is not None else said
    try:
        read = ast.parse(call, mode="eval").body
    except (SyntaxError, ValueError):
        return ""
    while isinstance(read, ast.Call) and isinstance(read.func, ast.Attribute):
        read = read.func.value
    if not isinstance(read, ast.Call) or not isinstance(read.func, ast.Name):
        return ""
    kind = _kinds().get(read.func.id)
    if kind is None:
        return ""
    ways = f"| {call}, or .{call}" if kind == "control" else f".{call}"
    return f"# begins a comment in Python, so {said} is not heard; write {ways}"


@cache
def _kinds() -> dict[str, str]:
    """The kinds of the words that stand after the dot of a pattern."""
    return {entry.name: entry.kind for entry in entries() if entry.is_method}


@cache
def _words() -> frozenset[str]:
    """The words of the language that pieces do not call other things: a line with one is about a pattern."""
    return frozenset(entry.name for entry in entries() if entry.is_function or len(entry.name) > 1)
