"""How the prompt looks: Python in colours, mini-notation inside its strings, the status bar."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from prompt_toolkit.lexers import Lexer
from prompt_toolkit.styles import Style
from pygments.lexers.python import PythonLexer
from pygments.token import Token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prompt_toolkit.document import Document
    from prompt_toolkit.formatted_text import StyleAndTextTuples


class Kind(Protocol):
    """A kind of token; it contains the kinds that are more exact."""

    def __contains__(self, kind: object, /) -> bool:
        """Whether the other kind is this one or a more exact one."""
        ...


_MINI = re.compile(r"(?P<mark>[\[\]{}<>()|,*/!@?:%.~^_-]+)|(?P<word>[^\[\]{}<>()|,*/!@?:%.~^_-]+)")

_KINDS: tuple[tuple[Kind, str], ...] = (
    (Token.Comment, "class:code.comment"),
    (Token.Literal.String.Affix, "class:code.keyword"),
    (Token.Literal.String, "class:code.string"),
    (Token.Literal.Number, "class:code.number"),
    (Token.Keyword, "class:code.keyword"),
    (Token.Operator.Word, "class:code.keyword"),
    (Token.Operator, "class:code.operator"),
    (Token.Name.Builtin, "class:code.builtin"),
)

STYLE = Style.from_dict(
    {
        "prompt": "ansicyan bold",
        "code.comment": "ansibrightblack italic",
        "code.string": "ansigreen",
        "code.mini": "ansiyellow",
        "code.number": "ansimagenta",
        "code.keyword": "ansiblue bold",
        "code.operator": "",
        "code.builtin": "ansicyan",
        "result": "",
        "info": "ansicyan",
        "error": "ansired",
        "waiting": "ansibrightblack",
        "bottom-toolbar": "reverse",
        "bar.on": "bold",
        "bar.dim": "nobold",
        "bar.warn": "ansired bold",
        "aside": "noreverse",
        "aside.call": "noreverse bold",
        "aside.argument": "noreverse bold underline ansicyan",
        "aside.doc": "noreverse ansicyan",
        "board.head": "reverse",
        "board.dim": "ansibrightblack",
        "board.now": "ansiwhite",
        "board.chosen": "reverse",
        "board.meter": "ansigreen",
        "board.loud": "ansiyellow",
        "board.sounds": "bold reverse",
        "board.layer0": "ansicyan",
        "board.layer1": "ansigreen",
        "board.layer2": "ansiyellow",
        "board.layer3": "ansimagenta",
        "board.layer4": "ansiblue",
        "completion-menu": "bg:ansibrightblack ansiwhite",
        "completion-menu.completion.current": "bg:ansicyan ansiblack",
        "completion-menu.meta.completion": "bg:ansibrightblack ansiwhite",
        "completion-menu.meta.completion.current": "bg:ansicyan ansiblack",
    }
)
"""The terminal's own sixteen colours, so that it fits dark and light ones alike."""


class CodeLexer(Lexer):
    """Colours Python, and in its strings the signs of mini-notation."""

    def __init__(self) -> None:
        self._python = PythonLexer(ensurenl=False, stripnl=False)

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        """Give the coloured pieces of each line."""
        lines = colour(document.text, self._python)

        def line(number: int) -> StyleAndTextTuples:
            return lines[number] if 0 <= number < len(lines) else []

        return line


def colour(source: str, python: PythonLexer) -> list[StyleAndTextTuples]:
    """The lines of a source in coloured pieces.

    Args:
        source: Any text; what is not Python stays plain.
        python: From Pygments; it must neither add nor strip newlines.
    """
    lines: list[StyleAndTextTuples] = [[]]
    for token, text in python.get_tokens(source):
        for style, piece in _pieces(token, text):
            first, *rest = piece.split("\n")
            if first:
                lines[-1].append((style, first))
            lines.extend([(style, part)] if part else [] for part in rest)
    return lines


def _pieces(token: Kind, text: str) -> Iterator[tuple[str, str]]:
    style = next((style for kind, style in _KINDS if token in kind), "")
    if style != "class:code.string" or text.strip("\"'") != text:
        yield style, text
        return
    for found in _MINI.finditer(text):
        yield ("class:code.mini" if found["mark"] else style), found.group()
