"""Commands by OSC, for editors and other programs: which are taken from whom, and what they are answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.osc_read import Message
    from bridge.osc_server import Peer

PREFIX = "/sempre/"
COMMANDS = frozenset(
    {
        *("hush", "mute", "unmute", "solo", "unsolo", "turn", "tempo", "seed", "layers"),
        *("set_cycle", "loop", "pause", "resume", "go", "build"),
    }
)
"""What the engine does on the way of the prompt's commands."""
DESCRIBED = {
    "eval": ("s", "Evaluate text as if it were typed at the prompt"),
    "hush": ("s", "End the layers of these names; without one, all"),
    "panic": ("", "Sound off now, past an engine that hangs"),
    "mute": ("s", "Let layers go on unheard"),
    "unmute": ("s", "Let layers be heard again; without a name, all"),
    "solo": ("s", "Let only these layers be heard"),
    "unsolo": ("", "Let all layers be heard"),
    "turn": ("sf", "Move an input: its name, 0 to 1"),
    "tempo": ("f", "Beats per minute"),
    "set_cycle": ("ff", "Go to a cycle of the piece, at the next multiple of so many cycles (1)"),
    "loop": ("ff", "Play from a cycle up to another again and again; without them, go on"),
    "pause": ("", "Let the piece stand where it is"),
    "resume": ("", "Let the piece go on"),
    "go": ("sf", "Go to a section of the form, after so many cycles (0)"),
    "build": ("fs", "Let all rise for so many cycles; then comes the next section, or the one named"),
    "seed": ("i", "The seed of the piece"),
    "layers": ("", "Answer the names of the layers"),
    "status": ("", "Answer cycle, beats per minute, whether anything plays, the names of the layers"),
    "ping": ("", "Answer"),
    "hello": ("i", "A surface is there, and listens on this port"),
}
"""What can be said below /sempre/: the types of its arguments, and what it does."""
OPEN = 64
"""Requests that may be without an answer; more are refused."""
LONGEST = 16_000
"""Characters of an answer that are sent: more does not fit into a datagram."""


class Remote:
    """Takes commands.

    Args:
        allowed: From where: "off", "loopback" or "network".
        to_engine: Sends the engine a message; False if there is none.
        say: Tells the supervisor.
        answer: Sends a peer a message: whom, the address, the arguments.
    """

    def __init__(
        self,
        allowed: str,
        to_engine: Callable[[dict[str, object]], bool],
        say: Callable[[dict[str, object]], object],
        answer: Callable[[Peer, str, list[object]], None],
    ) -> None:
        self._allowed = allowed
        self._to_engine = to_engine
        self._say = say
        self._answer = answer
        self._open: dict[int, tuple[Peer, str]] = {}
        self._number = 0
        self._status: dict[str, object] = {}

    def take(self, message: Message, peer: Peer) -> None:
        """Do what a peer commands, or say why not."""
        what = message.address.removeprefix(PREFIX)
        refusal = self._refusal(peer)
        if refusal:
            self._reply(peer, what, False, refusal)
        elif what == "panic":
            # Past the engine, which may be hanging.
            self._say({"op": "panic"})
            self._reply(peer, what, True, "")
        elif what == "ping":
            self._reply(peer, what, True, "")
        elif what == "status":
            self._answer(peer, f"{PREFIX}status/reply", self._state())
        elif what == "eval":
            text = "\n".join(str(one) for one in message.arguments)
            self._ask(peer, what, {"op": "eval", "text": text})
        elif what in COMMANDS:
            given = [a for a in message.arguments if isinstance(a, str | int | float)]
            self._ask(peer, what, {"op": "command", "name": what, "arguments": given})
        else:
            there = ", ".join(DESCRIBED)
            self._reply(peer, what, False, f"there is no {what!r} (there: {there})")

    def engine_says(self, message: dict[str, object]) -> None:
        """An answer of the engine, or its state."""
        if message.get("op") == "status":
            self._status = message
            return
        asked = self._open.pop(cast("int", message.get("id")), None)
        if asked is not None:
            self._reply(*asked, message.get("ok") is not False, str(message.get("text", "")))

    def engine_gone(self) -> None:
        """Nothing that was asked will be answered."""
        self._status = {}
        asked, self._open = self._open, {}
        for peer, what in asked.values():
            self._reply(peer, what, False, "the engine ended meanwhile; another one comes")

    def _refusal(self, peer: Peer) -> str:
        if self._allowed == "off":
            return 'commands by OSC are off: [osc] remote = "loopback" in sempre.toml takes them'
        if self._allowed != "network" and not peer.here:
            return 'commands are taken from this machine only: [osc] remote = "network" in sempre.toml'
        return ""

    def _ask(self, peer: Peer, what: str, request: dict[str, object]) -> None:
        if len(self._open) >= OPEN:
            self._reply(peer, what, False, f"{OPEN} requests wait for their answers already")
            return
        self._number += 1
        if self._to_engine({**request, "id": self._number}):
            self._open[self._number] = (peer, what)
        else:
            self._reply(peer, what, False, "there is no engine at the moment")

    def _state(self) -> list[object]:
        """Cycle, beats per minute, whether anything plays, and the names of the layers."""
        rows = cast("list[dict[str, object]]", self._status.get("layers", []))
        cycle, bpm = (float(cast("float", self._status.get(k, 0.0))) for k in ("cycle", "bpm"))
        return [cycle, bpm, int(bool(rows)), *(str(row.get("name")) for row in rows)]

    def _reply(self, peer: Peer, what: str, ok: bool, text: str) -> None:
        self._answer(peer, f"{PREFIX}{what}/reply", [int(ok), text.replace("\0", "")[:LONGEST]])
