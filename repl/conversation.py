"""What a prompt knows and decides, without a terminal: typed and heard goes in, lines come out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from bridge.clock import monotonic
from repl.lately import Lately
from repl.reference import Name, describe, question, read_texts
from repl.statement import tidy
from repl.toolbar import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from repl.client import Message
    from repl.reference import Texts

PANIC = frozenset({"panic", "panic()"})
LEAVE = frozenset({"exit", "exit()", "quit", "quit()"})

TWICE = 1.0
"""Seconds within which the same text from engine and supervisor is one and the same news."""
STUBBORN = 0.3
"""Seconds after a Ctrl-C from which on another one gives the input back without waiting any longer."""


class Sends(Protocol):
    """Takes messages for one end of the session."""

    def send(self, message: Message) -> bool:
        """Send a message; False if nobody is there to take it."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """An evaluation that has no answer yet."""

    ident: int
    text: str
    sent: bool


class Conversation:
    """The state of one prompt; every method is called in one and the same thread.

    Args:
        engine: Where evaluations go.
        supervisor: Where panic and stop go, engine or no engine.
        show: Called with each text for the musician and its tone: "result", "info" or "error".
        changed: Called after anything that the terminal depends on has changed.
        now: Tells seconds.
    """

    def __init__(
        self,
        engine: Sends,
        supervisor: Sends,
        show: Callable[[str, str], object],
        changed: Callable[[], object],
        now: Callable[[], float] = monotonic,
    ) -> None:
        self.names: tuple[Name, ...] = ()
        self.texts: Texts = {}
        self.status: Status | None = None
        self.leaving = False
        self.exit_code: int | None = None
        self._engine = engine
        self._supervisor = supervisor
        self._show = show
        self._changed = changed
        self._now = now
        self._asked: Asked | None = None
        self._number = 0
        self._interrupted: float | None = None
        self._here = False
        self._never = True
        self._due: list[str] | None = []
        self._away_since: float | None = None
        self._replaced_at: float | None = None
        self._heard: dict[tuple[str, str], float] = {}
        self._lately = Lately()

    @property
    def waiting(self) -> bool:
        """Whether something is being evaluated."""
        return self._asked is not None

    @property
    def absence(self) -> str:
        """What to say in place of a status."""
        return "the engine starts" if self._never else "no engine; the music that was sent plays on"

    @property
    def sent(self) -> bool:
        """Whether an engine has what is being evaluated; else it waits for one."""
        return self._asked is not None and self._asked.sent

    # What the musician does.

    def enter(self, typed: str) -> None:
        """Take one thing that was typed: a command of the prompt, or something to evaluate."""
        text = tidy(typed)
        bare = text.strip()
        if not bare:
            return
        if self.command(bare):
            return
        asked = question(bare)
        if asked is not None:
            self._show(describe(asked, self.names), "info")
            return
        self._number += 1
        self._interrupted = None
        self._asked = Asked(self._number, text, sent=False)
        self._ask()
        self._changed()

    def command(self, text: str) -> bool:
        """Do what needs no engine, `panic` and `exit`, at once; False if the text is neither."""
        bare = text.strip()
        if bare in PANIC:
            self.panic()
        elif bare in LEAVE:
            self.stop()
        else:
            return False
        return True

    def panic(self) -> None:
        """Sound off now, past an engine that hangs."""
        if self._tell("panic"):
            self._show("panic: sound off", "info")
        else:
            self._show("panic: nobody answers, the session is gone", "error")

    def stop(self) -> None:
        """End the session."""
        if self.leaving:
            return
        self.leaving = True
        self._show("stopping", "info")
        if not self._tell("stop"):
            self.exit_code = 0
        self._changed()

    def interrupt(self) -> None:
        """Interrupt what is being evaluated; a second time, do not even wait for it any longer."""
        if self._asked is None:
            return
        now = self._now()
        if not self._asked.sent:
            self._give_up("not evaluated: there is no engine yet")
        elif self._interrupted is not None and now - self._interrupted > STUBBORN:
            self._give_up("it does not let itself be interrupted; its answer will be shown when it comes")
        else:
            if self._interrupted is None:
                self._interrupted = now
            self._engine.send({"op": "interrupt"})

    # What the engine says and does.

    def engine_open(self) -> None:
        """An engine is there."""
        self._here = True
        self._never = False
        self._engine.send({"op": "names"})
        self._ask()
        self._changed()

    def engine_gone(self) -> None:
        """The engine is gone; another one comes."""
        if self._here:
            self._away_since = self._now()
        self._here = False
        self.status = None
        if self._asked is not None and self._asked.sent and not self.leaving:
            self._give_up("the engine ended while it evaluated this; nothing of it was taken over")
        self._changed()

    def engine_says(self, message: Message) -> None:
        """Take a message from the engine."""
        op = message.get("op")
        if op == "status":
            self.status = Status.read(self._lately(message, self._now()))
            self._changed()
        elif op == "result":
            self._result(message)
        elif op == "message":
            self._news("engine", _text(message), error=message.get("level") == "error")
        elif op == "names":
            self.names = Name.read_all(message.get("names"))
            self.texts = read_texts(message.get("texts"))

    def tick(self) -> None:
        """Let time pass: says that the engine is back, should nobody else have said it."""
        if not self._here or self._away_since is None or self._now() - self._away_since < TWICE:
            return
        away, self._away_since = self._away_since, None
        if self._replaced_at is None or self._replaced_at < away - TWICE:
            self._show("the engine is back", "info")

    # What the supervisor says and does.

    def supervisor_open(self) -> None:
        """The supervisor is there; it gets what was asked of it before."""
        self._due, due = None, self._due or []
        for op in due:
            self._supervisor.send({"op": op})

    def supervisor_says(self, message: Message) -> None:
        """Take a message from the supervisor."""
        op = message.get("op")
        if op == "bye":
            # When we have asked for the end ourselves, it has come only when the door closes, too: then
            # all ports and devices are free for the next session.
            if not self.leaving:
                self._end(0, "the session has ended")
        elif op == "engine":
            self._replaced_at = self._now()
            self._news("supervisor", _text(message), error=False)
        elif op in ("notice", "said"):
            self._news("supervisor", _text(message), error=message.get("error") is True)

    def supervisor_gone(self) -> None:
        """The supervisor is gone, and the session with it."""
        self._end(1, "the session is gone: its supervisor does not answer any more")

    def _end(self, code: int, text: str) -> None:
        if self.exit_code is not None:
            return
        self.exit_code = 0 if self.leaving else code
        if not self.leaving:
            self._show(text, "error" if code else "info")
        self._changed()

    def _tell(self, op: str) -> bool:
        """Ask something of the supervisor, or note it until its door opens; False if it is gone."""
        if self._due is not None:
            self._due.append(op)
            return self.exit_code is None
        return self._supervisor.send({"op": op})

    def _ask(self) -> None:
        asked = self._asked
        if asked is not None and not asked.sent:
            sent = self._engine.send({"op": "eval", "id": asked.ident, "text": asked.text})
            self._asked = Asked(asked.ident, asked.text, sent)

    def _result(self, message: Message) -> None:
        text = _text(message)
        if text:
            self._show(text, "result" if message.get("ok") is not False else "error")
        if self._asked is not None and message.get("id") == self._asked.ident:
            self._asked = None
            self._engine.send({"op": "names"})
            self._changed()

    def _give_up(self, text: str) -> None:
        self._asked = None
        self._show(text, "error")
        self._changed()

    def _news(self, source: str, text: str, *, error: bool) -> None:
        """Show a text once, though both ends may tell it: the supervisor for those who come late."""
        if not text:
            return
        now = self._now()
        self._heard = {key: at for key, at in self._heard.items() if now - at < TWICE}
        other = "supervisor" if source == "engine" else "engine"
        if self._heard.pop((other, text), None) is not None:
            return
        self._heard[source, text] = now
        self._show(text, "error" if error else "info")


def _text(message: Message) -> str:
    """The text of a message, without anything that would move the cursor."""
    text = cast("object", message.get("text"))
    return text.rstrip("\n") if isinstance(text, str) else ""
