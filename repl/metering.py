"""The engine's side of meters: has them measured while somebody looks, and passes on what they say."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, cast
from weakref import WeakKeyDictionary

from bridge.clock import monotonic
from bridge.worker import pause
from repl.errors import ReplError
from repl.meter_picture import picture, together
from repl.status import levels_told

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from repl.clients import Client, Clients, Message

METERS = "meters"
"""The topic of clients that look, the name of the process that measures, and of its messages."""
LOOK = "look"
"""What a client says that wants to look, or no longer."""
MOST = 7
"""Layers and buses that can be looked at beside the whole: what `plugin_host.viewing` has room for."""
KEEP = 120.0
"""Seconds for which it is measured on after somebody asked at the prompt."""
PATIENCE = 5.0
"""Seconds that the prompt waits for the process; it starts in half a second on an idle machine."""
SETTLED = 0.45
"""Seconds after which there is something to be seen."""
SECOND = 20
"""Reports in a second."""
TURN = 0.02
"""Seconds between two looks at whether it is there."""


class Metering:
    """Knows who looks at what; starts the process for the first and lets it go after the last.

    Args:
        clients: Those who may look.
        need: Tells the supervisor whether the process is needed.
        post: Has work done in the scheduler's thread.
    """

    def __init__(
        self,
        clients: Callable[[], Clients],
        need: Callable[[bool], object],
        post: Callable[[Callable[[], None]], object],
    ) -> None:
        self._clients, self._need, self._post = clients, need, post
        self._wants: WeakKeyDictionary[Client, tuple[str, ...]] = WeakKeyDictionary()
        self._asked: tuple[str, ...] = ()
        self._until = 0.0
        self._number = 0
        self._process: Client | None = None
        self._told: Message = {}
        self._needed = False
        self._playing: frozenset[str] = frozenset()
        self._report: Message = {}
        self._lately: deque[dict[str, object]] = deque(maxlen=SECOND)

    def hear(self, client: Client, message: Message) -> None:
        """Take what the process measured, or who wants to look; called in the clients' threads."""
        if message.get("op") == LOOK:
            self._post(lambda: self._begin(client, message.get("of")))
            return
        if self._process is not client:
            self._process, self._told, self._needed = client, {}, True
        self._tell()
        if "levels" in message:
            levels = levels_told(message["levels"], self._playing)
            self._lately.append(levels)
            self._report = {**message, "levels": levels}
            self._clients().broadcast(self._report, topic=METERS)

    def step(self, status: Mapping[str, object]) -> None:
        """See who still looks; four times a second, in the scheduler's thread.

        Args:
            status: What prompts are told.
        """
        layers = cast("Sequence[Mapping[str, object]]", status["layers"])
        self._playing = frozenset(str(layer["name"]) for layer in layers)
        self._see()

    def picture(self, names: Sequence[str], *, anew: bool = False) -> str:
        """Draw how loud everything is now; in the main thread.

        Args:
            names: Layers and buses whose spectra are wanted, too.
            anew: Whether the integrated loudness begins with this.

        Raises:
            ReplError: Nothing is measured, or too much is wanted.
        """
        if len(names) > MOST:
            raise ReplError(f"meters: {MOST} layers and buses at a time at most (got {len(names)})")
        if anew:
            self._number += 1
        self._asked, self._until = tuple(names), monotonic() + KEEP
        self._report = {}
        self._lately.clear()
        self._post(self._see)
        deadline = monotonic() + PATIENCE
        while not self._shows(names):
            if monotonic() > deadline:
                raise ReplError("the meters say nothing; the music plays on: see sempre log, or try again")
            pause(TURN)
        # A drum is silent in most twentieths of a second: what is drawn is all since it was asked for.
        return picture({**self._report, "levels": together([*self._lately])})

    def _shows(self, names: Sequence[str]) -> bool:
        report = self._report
        seen = cast("Mapping[str, object]", report.get("spectrum", {}))
        fresh = report.get("number") == self._number and cast("float", report["seconds"]) >= SETTLED
        return fresh and all(name in seen for name in names)

    def _begin(self, client: Client, names: object) -> None:
        if isinstance(names, list):
            self._wants[client] = tuple(str(one) for one in cast("list[object]", names))
            client.topics |= {METERS}
        else:
            self._wants.pop(client, None)
            client.topics -= {METERS}
        self._see()

    def _see(self) -> None:
        needed = self._clients().wanted(METERS) or monotonic() < self._until
        if needed != self._needed:
            self._needed = needed
            self._need(needed)
        self._tell()

    def _tell(self) -> None:
        """Tell the process what is looked at, if that is news."""
        names = [*self._asked] if monotonic() < self._until else []
        names += [name for each in self._wants.copy().values() for name in each]
        wish: Message = {"op": "look at", "of": [*dict.fromkeys(names)], "number": self._number}
        if self._process is not None and wish != self._told:
            self._told = wish
            self._process.send(wish)
