"""Completion at the prompt: the engine's names, each with its line of help."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from prompt_toolkit.completion import CompleteEvent, Completer, Completion

from repl.reference import ATTRIBUTES, Name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from prompt_toolkit.document import Document

SHORTEST = 2
"""Letters of a word before the menu opens by itself; Tab opens it always."""

_WORD = re.compile(r"(?P<before>\?|(?P<owner>[^\W\d]\w*)?\.)?(?P<word>[^\W\d]\w*)?$")
_QUOTED = re.compile(r"\"\"\"|'''|\"|'|#|\n|\\.")


class NameCompleter(Completer):
    """Completes names of functions, methods after a dot, commands and layers; nothing inside strings.

    Args:
        names: Gives what there is now.
    """

    def __init__(self, names: Callable[[], Iterable[Name]]) -> None:
        self._names = names

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        """Yield what could stand at the cursor."""
        before = document.text_before_cursor
        found = _WORD.search(before)
        if found is None or in_text(before):
            return
        word = found["word"] or ""
        asked = complete_event.completion_requested
        dotted = (found["before"] or "").endswith(".")
        if not asked and len(word) < SHORTEST and not dotted:
            return
        for name in candidates(self._names(), word, found["owner"] or "", dotted=dotted):
            own = name.name.rpartition(".")[2]
            if own != word:
                yield Completion(
                    own,
                    start_position=-len(word),
                    display=own + name.call,
                    display_meta=name.doc or name.kind,
                )


def candidates(names: Iterable[Name], word: str, owner: str, *, dotted: bool) -> list[Name]:
    """The names that begin with `word`, case apart.

    Args:
        names: All there are.
        word: What is typed of it so far.
        owner: What stands before the dot, if a name does.
        dotted: Whether a dot stands before it: then only what patterns have as methods, or what
            the engine lists with the owner's name, as `fx.reverb`.
    """
    small = word.lower()
    everything = list(names)
    if dotted:
        owned = [n for n in everything if owner and n.name.startswith(f"{owner}.")]
        chosen = owned or [n for n in everything if n.method or n.kind in ATTRIBUTES]
    else:
        chosen = [n for n in everything if n.kind != "method" and "." not in n.name]
    return [n for n in chosen if n.name.rpartition(".")[2].lower().startswith(small)]


def in_text(source: str) -> bool:
    """Whether the end of the source lies within a string or a comment.

    >>> in_text('s("bd'), in_text('s("bd")'), in_text("x  # the")
    (True, False, True)
    """
    open_quote = ""
    for found in _QUOTED.finditer(source):
        mark = found.group()
        if not open_quote:
            open_quote = mark if mark[0] in "\"'#" else ""
        elif mark == "\n":
            open_quote = "" if len(open_quote) == 1 else open_quote
        elif open_quote == "#":
            continue
        elif mark == open_quote:
            open_quote = ""
        elif mark == open_quote * 3:
            # "" closes and a third quote opens again.
            open_quote = mark[0]
    return bool(open_quote)
