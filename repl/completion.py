"""Completion at the prompt: the names of the engine with a line of help each, and those within quotes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from prompt_toolkit.completion import CompleteEvent, Completer, Completion

from repl.reference import ATTRIBUTES, Name
from repl.signature import meant_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from prompt_toolkit.document import Document

    from repl.reference import Lines, Texts

SHORTEST = 2
"""Letters of a word before the menu opens by itself; Tab opens it always."""

_WORD = re.compile(r"(?P<before>\?|(?P<owner>[^\W\d]\w*)?\.)?(?P<word>[^\W\d]\w*)?$")
_QUOTED = re.compile(r"\"\"\"|'''|\"|'|#|\n|\\.")


TAKES = {
    "s": "sound", "sound": "sound", "scale": "scale", "chord": "chord", "dictionary": "dictionary",
    "dict": "dictionary", "mode": "mode", "arp": "arp", "instrument": "instrument", "sampler": "sampler",
    "soundfont": "soundfont", "vst3": "plugin", "lv2": "lv2", "turn": "knob", "follow": "clock",
    "by": "layer",
    "midi": "port", "mpe": "port", "midi_clock": "port", "port": "input", "keyboard": "instrument",
    **dict.fromkeys(("mute", "unmute", "solo", "unsolo", "hush", "cue", "meters", "explain", "svg"), "layer"),
}  # fmt: skip
"""What is meant by a text, by the function or the argument that takes it."""

_TAKER = re.compile(r"(?P<name>[^\W\d]\w*)\s*[(=]\s*[rR]?$")
_AFTER_OTHERS = re.compile(r"(?P<name>[^\W\d]\w*)\s*\((?:\s*(?:\"[^\"\n]*\"|'[^'\n]*'|[^\W\d]\w*)\s*,)+\s*$")
"""The same where other plain arguments stand before; only who takes layers takes several texts alike."""
_CLOCKS = {
    "link": "Ableton Link: tempo and phase with other programs in this network",
    "jack": "JACK's transport: where it is, and whether it rolls",
    "plugin": "your DAW, by Sempre inside it",
}
_PLAIN = re.compile(r"(?<![\w:.#^-])(?P<word>[\w-]*)$")
_PARTS = {
    "scale": re.compile(r"(?<![\w:#-])(?:[A-Ga-g][b#s]*-?\d*:)?(?P<word>[\w#-]*(?::[\w#-]*)*)$"),
    "chord": re.compile(r"(?<![\w.#^-])[A-G][b#]*(?P<word>[\w.#^-]*)$"),
    **dict.fromkeys(
        ("sampler", "soundfont", "plugin", "lv2", "port", "input", "knob", "clock"),
        re.compile(r"^(?P<word>.*)$"),
    ),
}
"""What is completed of a text: of a scale what follows its tonic, of a chord what follows its
root, of a path or the name of a plugin or a port all of it."""


class NameCompleter(Completer):
    """Completes names of functions, methods after a dot, commands, layers; in texts sounds, scales, chords.

    Args:
        names: Gives what there is now.
        texts: Gives what can stand within quotes, by what is meant.
        lines: Gives a line about some of them.
        ports: Gives the names of the ports that can be played, looked for when they are first wanted.
        inputs: The same for those that are heard.
    """

    def __init__(
        self,
        names: Callable[[], Iterable[Name]],
        texts: Callable[[], Texts] = dict[str, tuple[str, ...]],
        lines: Callable[[], Lines] = dict[str, dict[str, str]],
        ports: Callable[[], Mapping[str, str]] = dict[str, str],
        inputs: Callable[[], Mapping[str, str]] = dict[str, str],
    ) -> None:
        self._names = names
        self._texts, self._lines, self._ports, self._inputs = texts, lines, ports, inputs

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        """Yield what could stand at the cursor."""
        before = document.text_before_cursor
        begin = open_text(before)
        if begin is not None:
            yield from self._in_text(before, begin, asked=complete_event.completion_requested)
            return
        found = _WORD.search(before)
        if found is None:
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

    def _in_text(self, before: str, begin: int, *, asked: bool) -> Iterator[Completion]:
        """What could stand in a text that begins at a place, if it is known who takes it."""
        kind = _kind(before[:begin])
        found = _PARTS.get(kind, _PLAIN).search(before[begin:].lstrip("\"'"))
        if not kind or before[begin] == "#" or found is None or (not asked and len(found.group()) < SHORTEST):
            return
        word = found["word"]
        for name, line in self._meant(kind).items():
            # A chord's M7 is not its m7.
            same = name if kind == "chord" else name.lower()
            if same.startswith(word if kind == "chord" else word.lower()) and name != word:
                yield Completion(name, start_position=-len(word), display_meta=line)

    def _meant(self, kind: str) -> Mapping[str, str]:
        """What can stand there, with a line about each."""
        if kind == "port":
            return {name: f"MIDI goes out to {full}" for name, full in self._ports().items()}
        if kind == "input":
            return {name: f"MIDI comes in from {full}" for name, full in self._inputs().items()}
        if kind == "clock":
            heard = {f"midi:{name}": f"the MIDI clock of {full}" for name, full in self._inputs().items()}
            return {**_CLOCKS, **heard}
        if kind == "layer":
            return {name.name: name.doc for name in self._names() if name.kind == "layer"}
        lines = self._lines().get(kind, {})
        return {name: lines.get(name, kind) for name in self._texts().get(kind, ())}


def _kind(before: str) -> str:
    """What is meant by a text, by what stands before it; "" if that is not known."""
    taker = _TAKER.search(before)
    if taker is not None:
        kind = TAKES.get(taker["name"], "")
        # Of what can be played by MIDI `port=` is where that goes, of all else where it comes from.
        whose = meant_at(before) if kind == "input" else []
        return "port" if whose and TAKES.get(whose[0].name) == "port" else kind
    several = _AFTER_OTHERS.search(before)
    kind = TAKES.get(several["name"], "") if several is not None else ""
    return kind if kind == "layer" else ""


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
    return open_text(source) is not None


def open_text(source: str) -> int | None:
    """Where the string or the comment begins within which the source ends; None if it ends in code.

    >>> open_text('s("bd'), open_text('s("bd")')
    (2, None)
    """
    open_quote = ""
    begin = 0
    for found in _QUOTED.finditer(source):
        mark = found.group()
        if not open_quote:
            open_quote = mark if mark[0] in "\"'#" else ""
            begin = found.start()
        elif mark == "\n":
            open_quote = "" if len(open_quote) == 1 else open_quote
        elif open_quote == "#":
            continue
        elif mark == open_quote:
            open_quote = ""
        elif mark == open_quote * 3:
            # "" closes and a third quote opens again.
            open_quote = mark[0]
            begin = found.end() - 1
    return begin if open_quote else None
