"""What a prompt knows and decides, without a terminal: typed and heard goes in, lines come out."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, cast

from bridge.clock import monotonic, wall_now
from repl.dashboard_picture import Line
from repl.lately import Lately
from repl.reference import Name, describe, is_own, question, read_lines, read_texts
from repl.seen import Seen
from repl.statement import tidy
from repl.toolbar import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from repl.client import Message
    from repl.reference import Lines, Texts

PANIC = frozenset({"panic", "panic()"})
LEAVE = frozenset({"exit", "exit()", "quit", "quit()"})
DETACH = frozenset({"detach", "detach()"})
DASHBOARD = frozenset({"dashboard", "dashboard()"})
PLAYS_ON = "the music plays on: `sempre attach` comes back to it, `sempre stop` ends it"

OWN = (
    Name("dashboard", "prompt", "What sounds, how loud it is and what was said, on the whole screen (F2)."),
    Name("detach", "prompt", "Leave the prompt; the music plays on."),
    Name("exit", "prompt", "Leave the prompt; while music plays it is asked what becomes of it."),
)
"""What the prompt itself does."""
LOG = 1000
"""Texts that the dashboard's log goes back."""
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
    """An evaluation, or a question about a name, that has no answer yet."""

    ident: int
    text: str
    sent: bool
    op: str = "eval"


class Conversation:
    """The state of one prompt; every method is called in one and the same thread.

    Args:
        engine: Where evaluations go.
        supervisor: Where panic and stop go, engine or no engine.
        show: Called with each text for the musician and its tone: "result", "info" or "error".
        changed: Called after anything that the terminal depends on has changed.
        now: Tells seconds.
        wall: Tells seconds since 1970, in which what sounds is told.
        who: The name under which the others see what is typed here.
        asks: Whether `exit` may ask what becomes of the music; a pipe cannot answer.
    """

    def __init__(
        self,
        engine: Sends,
        supervisor: Sends,
        show: Callable[[str, str], object],
        changed: Callable[[], object],
        now: Callable[[], float] = monotonic,
        wall: Callable[[], float] = wall_now,
        *,
        who: str = "",
        asks: bool = True,
    ) -> None:
        self.names: tuple[Name, ...] = ()
        self.texts: Texts = {}
        self.lines: Lines = {}
        self.status: Status | None = None
        self.leaving = False
        self.asking = False
        """Whether it is being asked what becomes of the music."""
        self.watching = False
        """Whether the dashboard is wanted."""
        self.seen = Seen()
        self.log: deque[Line] = deque(maxlen=LOG)
        self.exit_code: int | None = None
        self._engine = engine
        self._supervisor = supervisor
        self._shown = show
        self._changed = changed
        self._now = now
        self._wall = wall
        self._who = who
        self._asks = asks
        self._joined = 1
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
        self._layers: set[str] = set()

    @property
    def waiting(self) -> bool:
        """Whether something is being evaluated."""
        return self._asked is not None

    @property
    def absence(self) -> str:
        """What to say in place of a status."""
        # One that is there has not reported yet.
        starts = self._never or self._here
        return "the engine starts" if starts else "no engine; the music that was sent plays on"

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
        whole = bare.startswith("??") or bare.endswith("??")
        if asked is not None and not (whole and is_own(asked, self.names)):
            self._show(describe(asked, self.names, source=whole), "info")
            return
        self._number += 1
        self._interrupted = None
        self._asked = Asked(self._number, text, sent=False)
        if asked is not None:
            self._asked = Asked(self._number, asked, sent=False, op="source")
        self._ask()
        self._changed()

    def command(self, text: str) -> bool:
        """Do what needs no engine, `panic`, `exit` and `detach`, at once; False if it is none of them."""
        bare = text.strip()
        if bare in PANIC:
            self.panic()
        elif bare in LEAVE:
            self.leave()
        elif bare in DETACH:
            self.detach()
        elif bare in DASHBOARD:
            self.watch()
        else:
            return False
        return True

    def watch(self) -> None:
        """Open the dashboard: what sounds and how loud it is are told from now on."""
        if not self._asks:
            self._show("the dashboard needs a terminal", "error")
            return
        self.watching = True
        self._look()
        self._changed()

    def unwatch(self) -> None:
        """Close it."""
        self.watching = False
        self._engine.send({"op": "watch", "on": False})
        self._engine.send({"op": "look"})
        self.seen.forget()
        self._changed()

    def order(self, name: str, *arguments: str) -> None:
        """Have a command done that is not typed, such as `mute` of a layer."""
        if not self._engine.send({"op": "command", "name": name, "arguments": [*arguments]}):
            self._show(f"{name}: there is no engine at the moment", "error")

    def panic(self) -> None:
        """Sound off now, past an engine that hangs."""
        if self._tell("panic"):
            self._show("panic: sound off", "info")
        else:
            self._show("panic: nobody answers, the session is gone", "error")

    def leave(self) -> None:
        """Go; what becomes of the music is asked, unless nothing plays for nobody, or nobody can answer."""
        silent = self.status is not None and not self.status.playing
        if not self._asks or (silent and self._joined == 1):
            self.stop()
            return
        self.asking = True
        self._changed()

    def stay(self) -> None:
        """Not go, after all."""
        self.asking = False
        self._changed()

    def detach(self, *, quietly: bool = False) -> None:
        """Leave the music playing.

        Args:
            quietly: Without a word: the terminal is gone.
        """
        if self.leaving or self.exit_code is not None:
            return
        self.asking = False
        self.exit_code = 0
        if not quietly:
            self._show(PLAYS_ON, "info")
        self._changed()

    def stop(self) -> None:
        """End the session."""
        if self.leaving:
            return
        self.asking = False
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
        if self.watching:
            self._look()
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
        if op in ("haps", "meters", "status"):
            self.seen.take(message, self._wall())
        if op == "status":
            self.status = Status.read(self._lately(message, self._now()))
            layers = {layer.name for layer in self.status.layers}
            if layers != self._layers:
                # A piece was saved, or another one has typed: what can be said is not what it was.
                self._layers = layers
                self._engine.send({"op": "names"})
            self._changed()
        elif op in ("result", "source"):
            self._result(message)
        elif op == "message":
            self._news("engine", _text(message), error=message.get("level") == "error")
        elif op == "typed":
            self._show(_overheard(message), "info")
        elif op == "names":
            told = Name.read_all(message.get("names"))
            self.names = tuple(sorted((*OWN, *told), key=lambda name: name.name.lower()))
            self.texts = read_texts(message.get("texts"))
            self.lines = read_lines(message.get("lines"))

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
        elif op == "joined":
            count = message.get("count")
            self._joined = count if isinstance(count, int) else 2  # somebody we do not know of
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

    def _show(self, text: str, tone: str) -> None:
        self.log.append(Line(self.status.cycle if self.status is not None else 0.0, text, tone))
        self._shown(text, tone)

    def _look(self) -> None:
        self._engine.send({"op": "watch"})
        self._engine.send({"op": "look", "of": []})

    def _ask(self) -> None:
        asked = self._asked
        if asked is not None and not asked.sent:
            more = {"who": self._who} if self._who else {}
            sent = self._engine.send({"op": asked.op, "id": asked.ident, "text": asked.text, **more})
            self._asked = replace(asked, sent=sent)

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


def _overheard(message: Message) -> str:
    r"""What another one typed, with the name.

    >>> print(_overheard({"who": "Ada", "text": "def f():\n    return 1", "ok": True}))
    Ada: def f():
             return 1
    """
    who = str(message.get("who", ""))
    lines = _text(message).splitlines() or [""]
    told = "" if message.get("ok") is not False else "   (it did not work)"
    return f"\n{' ' * (len(who) + 2)}".join([f"{who}: {lines[0]}", *lines[1:]]) + told
