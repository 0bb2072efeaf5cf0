"""What those who are joined may ask of a session: what can be said, what can be turned, what plays."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from zlib import crc32

from repl.names import names
from repl.text_lines import knob_lines, lines, own_lines
from repl.texts import samplers, texts
from repl.whence import source_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from repl.absent import Places
    from repl.clients import Message
    from repl.session import Session

QUESTIONS = frozenset({"names", "inputs", "files", "source", "sources"})
"""What is ours of the messages of a client."""


class Questions:
    """Answers in the engine's main thread.

    Args:
        session: What has been accepted.
        inputs: Gives what surfaces are told.
        places: Where samples and plugins are looked for.
    """

    def __init__(self, session: Session, inputs: Callable[[], Message], places: Places) -> None:
        self._session = session
        self._answers: dict[str, Callable[[], Message]] = {
            "names": self._names,
            "inputs": inputs,
            "files": self.files,
            "sources": self._sources,
        }
        self._inputs, self._places = inputs, places

    def answer(self, message: Message) -> Message:
        """The answer to a question, with what it was asked under."""
        asked: Message = {name: message[name] for name in ("op", "id") if name in message}
        if message["op"] == "source":
            name = str(message.get("text"))
            text = source_of(self._session, name)
            return {**asked, "text": text or f"{name}: of what it was made is not kept", "ok": bool(text)}
        return {**asked, **self._answers[str(message["op"])]()}

    def files(self) -> Message:
        """The pieces and the modules that they import; each edition of a piece has another number."""
        pieces = self._session.files
        modules = (name for piece in pieces.values() for name in piece.modules.texts)
        return {
            "folder": str(self._session.home.absolute()),
            "files": [*dict.fromkeys([*pieces, *modules])],
            "editions": {name: crc32(piece.source.encode()) for name, piece in pieces.items()},
        }

    def _names(self) -> Message:
        places = self._places.samples, samplers(self._session), self._places.plugins
        knobs = knob_lines(cast("list[Message]", self._inputs().get("inputs", [])))
        own, known = own_lines(*places), lines()
        both = {kind: {**own.get(kind, {}), **known.get(kind, {})} for kind in {**own, **known}}
        return {
            "names": names(self._session),
            "texts": {**texts(*places), "knob": [*knobs]},
            "lines": {**both, "knob": knobs},
        }

    def _sources(self) -> Message:
        """The texts of the same files."""
        pieces = self._session.files
        found = {name: text for piece in pieces.values() for name, text in piece.modules.texts.items()}
        return {"files": {name: piece.source for name, piece in pieces.items()} | found}
