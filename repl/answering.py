"""What typing at the prompt does: a statement is run, tried and played, and its answer is sent back."""

from __future__ import annotations

import contextlib
import io
import signal
from typing import TYPE_CHECKING

from bridge.watchman import Overtime, Watchman
from patterns.core import Pattern
from repl.errors import LoadError
from repl.looking import drawn
from repl.remarks import layers_of, remarks
from repl.report import PROMPT, of_exception

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from repl.absent import Places
    from repl.music import Music

LONGEST_ANSWER = 20_000
"""Characters of an answer that are shown; what is printed beyond is counted, not kept."""
FOR_EVER = 3600.0
"""Seconds that a statement may take: only Ctrl-C ends it before."""


class Answering:
    """Runs what is typed, one statement at a time, in the engine's main thread.

    Args:
        music: What it changes.
        commands: What can be said besides what a piece can say.
        places: Where files and plugins are looked for that a statement names.
    """

    def __init__(
        self, music: Music, commands: Mapping[str, Callable[..., object]], places: Places | None = None
    ) -> None:
        self._music = music
        self._places = places
        self._commands = commands
        # Of its own: an interruption that comes too late must not hit anything else.
        self._watchman = Watchman("watch over typing", poke=_poke)

    def interrupt(self) -> None:
        """Ctrl-C: end what is being run, if anything is; called in any thread."""
        self._watchman.expire()

    def answer(self, text: str, who: str = "") -> tuple[str, bool]:
        """Run a statement; gives what it printed and its value, and whether all went well.

        Args:
            text: The statement.
            who: Whose it is, for the journal.
        """
        printed = Printed()
        # The order matters: what `Overtime` may hit lies inside the limit, what puts things back outside.
        with contextlib.redirect_stdout(printed), self._music.noting.by(who):
            try:
                said = self._run(text, printed)
            except LoadError as error:
                wrong = error.block
            except (Overtime, KeyboardInterrupt):
                wrong = "interrupted; the music went on"
            except Exception as error:  # noqa: BLE001 - seam three, an evaluation: the main thread must go on
                wrong = of_exception(error, PROMPT, text)
            else:
                return printed.text("\n".join(said)), True
            self._music.noting.refused(wrong, text=text)
            return printed.text(wrong), False

    def _run(self, text: str, printed: Printed) -> list[str]:
        """Run a statement; gives what is to be remarked on it."""
        session = self._music.session
        with session.attempt():
            with self._watchman.limit(FOR_EVER):
                loaded = session.statement(text, self._commands)
                targets = self._music.try_statement(loaded)
                if loaded.value is not None:
                    printed.write(self._shown(loaded.value))
            self._music.accept_statement(loaded, targets)
            return remarks(loaded, among=layers_of(session), places=self._places)

    def _shown(self, value: object) -> str:
        """A value as it is answered; a command without its brackets has done nothing, and says so."""
        name = next((name for name, command in self._commands.items() if command == value), "")
        if isinstance(value, Pattern) and value.reads:
            return drawn(self._music.session, value)
        return f"nothing was done yet: write {name}()" if name else repr(value)


class Printed(io.TextIOBase):
    """Takes what is printed, up to a bound; whoever closes it does no harm."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._room = LONGEST_ANSWER
        self._lost = 0

    def writable(self) -> bool:
        """It can be printed to."""
        return True

    def write(self, text: str) -> int:
        """Keep the text, or as much of it as there is room for."""
        kept = text[: self._room]
        self._room -= len(kept)
        self._lost += len(text) - len(kept)
        if kept:
            self._parts.append(kept)
        return len(text)

    def close(self) -> None:
        """Nothing: what follows is printed too."""

    def text(self, last: str = "") -> str:
        """All of it, and a last line."""
        said = "".join(self._parts).rstrip("\n")
        lost = f"… ({self._lost} more characters)" if self._lost else ""
        lines = "\n".join(part for part in (said + lost, last) if part)
        return lines.encode(errors="replace").decode()  # a lone surrogate cannot be shown


def _wakes_up() -> bool:
    return hasattr(signal, "SIGUSR1") and hasattr(signal, "pthread_kill")


def hear_pokes() -> None:
    """Let a wait of the main thread (a sleep, a socket) end when Ctrl-C wants to interrupt it."""
    if _wakes_up():
        signal.signal(signal.SIGUSR1, lambda _number, _frame: None)


def _poke(thread: int) -> None:
    # Without a handler the signal would end the process.
    if _wakes_up() and callable(signal.getsignal(signal.SIGUSR1)):
        signal.pthread_kill(thread, signal.SIGUSR1)
