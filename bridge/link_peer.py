"""The process that is a peer of Ableton Link: tells the engine where the beat is, and the others our tempo.

It runs no user code and sends no music: when it hangs or dies the music goes on at its last tempo, and the
supervisor starts it again. Started as `python -m bridge.link_peer CONFIG` when a piece follows Link.
"""

from __future__ import annotations

import math
import os
import sys
from functools import partial
from typing import TYPE_CHECKING, cast

from bridge.clock import SharedClock
from bridge.engine_link import EngineLink, Said
from bridge.inlet_process import begin
from bridge.link_line import FASTEST, SLOWEST, ClockFit, LinkLine
from bridge.worker import address, pause, settle_memory

if TYPE_CHECKING:
    from collections.abc import Callable

    from link import Link, SessionState

    from bridge.event import Seconds

TURN = 0.01
"""Seconds between two looks at what the others did."""
TOLD = 0.1
"""Seconds between two looks at the clocks, and two reports."""
BEAT = 1.0
"""Seconds between two signs of life."""
QUIET = 0.6
"""Seconds from our beginning to our joining. Of two peers that are less than half a second apart in age Link
lets chance decide whose tempo holds; the older one's is to hold, which is not ours."""
SEARCH = 1.0
"""Seconds after which nobody was found: on one machine peers meet in 5 ms, over a network in some 100."""
SETTLING = 0.5
"""Seconds after peers have met during which what is said of playing is news of how it was, no order."""
GOODBYE = 0.1
"""Seconds that leaving takes."""
STRIDE = 0.05
"""Seconds of one step of a ramp, which others have to be told in steps."""
FAR = 16
"""Beats that the tempo is measured over: Link tells times in whole microseconds."""


class LinkPeer:
    """Joins when an engine says what it wants, and leaves when we end; touched by one thread.

    Args:
        make: Makes the library's peer with a first tempo, in beats per minute.
        now: The time of our timeline.
        send: Tells the engine.
        notice: Takes one line for the musician.
    """

    def __init__(
        self,
        make: Callable[[float], Link],
        now: Callable[[], Seconds],
        send: Callable[[Said], object],
        notice: Callable[[str], object],
    ) -> None:
        self._make = make
        self._now = now
        self._send = send
        self._notice = notice
        self._link: Link | None = None
        self._fit = ClockFit()
        self._made: Seconds = 0.0
        self._told: Seconds = -math.inf
        self._beats = 4.0
        self._number = 0
        self._steps: list[list[float]] = []
        self._stepped: Seconds = -math.inf
        self._playing = False
        self._flips = 0
        self._met: Seconds = -math.inf
        self._last: tuple[object, ...] = ()
        self._peers = -1

    # What the engine says.

    def take(self, said: Said) -> None:
        """Take what an engine says; what is for prompts is passed over."""
        op = said.get("op")
        if op == "link set":
            self._set(said)
        elif op in ("link tempo", "link begin", "link play") and self._link is not None:
            self._do(str(op), said, self._link)

    def meet(self) -> None:
        """Another engine: its orders are counted anew."""
        self._number = 0
        self._send({"op": "link", "state": "waiting", "n": 0})

    def _set(self, said: Said) -> None:
        self._beats = float(cast("float", said["beats"]))
        if self._link is None:
            self._link = self._make(clipped(cast("float", said["bpm"])))
            self._made = self._now()
        if self._link.startStopSyncEnabled != bool(said["start_stop"]):
            self._link.startStopSyncEnabled = bool(said["start_stop"])
            self._met = self._now()

    def _do(self, op: str, said: Said, link: Link) -> None:
        number = cast("int", said["n"])
        if op == "link tempo":
            self._steps = cast("list[list[float]]", said["steps"])
            self._stepped = -math.inf
            for bpm in (clipped(row[1]) - row[1] for row in self._steps):
                if bpm:
                    self._notice(f"Ableton Link: tempos are {SLOWEST:g} to {FASTEST:g} beats a minute")
                    break
            self._lead(link, self._now())
        else:
            state, at = link.captureSessionState(), self._micros(cast("float", said["at"]), link)
            if op == "link begin":
                if link.numPeers() == 0:
                    state.setTempo(clipped(cast("float", said["bpm"])), at)
                state.requestBeatAtTime(0.0, at, self._beats)
            else:
                self._playing = bool(said["playing"])
                state.setIsPlaying(self._playing, at)
            link.commitSessionState(state)
        self._number = number
        self._told = -math.inf

    # Turns.

    def turn(self) -> None:
        """Look at the clocks and at the others, and say what is news."""
        link = self._link
        if link is None:
            return
        now = self._now()
        if now - self._told >= TOLD:
            self._look(link)
        if not link.enabled and now - self._made >= QUIET:
            link.enabled = True
        self._lead(link, now)
        if not self._fit.trusted:
            return
        state, peers = link.captureSessionState(), link.numPeers()
        self._hear_transport(link, state, peers, now)
        news = (state.tempo(), peers, self._flips, self._beats, link.enabled)
        if news != self._last or now - self._told >= TOLD:
            self._last, self._told = news, now
            self._report(link, state, peers, now)
        if peers != self._peers:
            if peers or self._peers > 0:
                self._notice(f"Ableton Link: {peers} peer{'s' * (peers != 1)}")
            self._peers = peers

    def close(self) -> None:
        """Leave, so that the others know at once."""
        if self._link is not None:
            self._link.enabled = False
            # A thread of the library sends the goodbye; without it others believe us there for 5 s.
            pause(GOODBYE)

    def _hear_transport(self, link: Link, state: SessionState, peers: int, now: Seconds) -> None:
        if (peers == 0) != (self._peers <= 0):
            self._met = now
        if link.enabled and link.startStopSyncEnabled and state.isPlaying() != self._playing:
            self._playing = not self._playing
            # Whoever joins takes over what is; to start or to stop is asked of those who were there.
            self._flips += now - self._met > SETTLING

    def _look(self, link: Link) -> None:
        best, pair = math.inf, (0.0, 0.0)
        for _ in range(5):
            before = self._now()
            micros = link.clock().micros()
            after = self._now()
            if after - before < best:
                best, pair = after - before, (micros * 1e-6, (before + after) / 2)
        self._fit.look(*pair)

    def _report(self, link: Link, state: SessionState, peers: int, now: Seconds) -> None:
        first = math.ceil(state.beatAtTime(link.clock().micros(), self._beats))
        begin, end = (state.timeAtBeat(first + more, self._beats) * 1e-6 for more in (0, FAR))
        period = (end - begin) / FAR * self._fit.rate
        line = LinkLine(self._fit.ours(begin), float(first), period, self._beats, self._fit.noise)
        found = "joined" if peers else "alone" if now - self._made > QUIET + SEARCH else "waiting"
        self._send(
            {
                "op": "link",
                "state": found,
                "n": self._number,
                "busy": bool(self._steps),
                "peers": peers,
                "bpm": state.tempo(),
                "playing": self._playing,
                "flips": self._flips,
                "since": self._fit.ours(state.timeForIsPlaying() * 1e-6),
                "line": line.to_json(),
            }
        )

    def _lead(self, link: Link, now: Seconds) -> None:
        """Tell the others what has come of our changes of tempo: rows of a time, a tempo and its slope."""
        while self._steps and self._steps[0][0] <= now:
            begin, bpm, slope = self._steps[0]
            over = len(self._steps) > 1 and self._steps[1][0] <= now
            if slope and not over:
                if now - self._stepped < STRIDE:
                    return
                # At the tempo of its middle a step ends where the ramp is.
                self._stepped = now
                self._tell(link, now, bpm + slope * (now + STRIDE / 2 - begin))
                return
            if not slope:
                self._tell(link, begin, bpm)
            del self._steps[0]
            self._told = -math.inf

    def _tell(self, link: Link, at: Seconds, bpm: float) -> None:
        state = link.captureSessionState()
        state.setTempo(clipped(bpm), self._micros(at, link))
        link.commitSessionState(state)

    def _micros(self, at: Seconds, link: Link) -> int:
        if not self._fit.trusted:
            return link.clock().micros()
        return round(self._fit.other(at) * 1e6)


def clipped(bpm: float) -> float:
    """The nearest tempo that Link takes.

    >>> clipped(10), clipped(112.5)
    (20.0, 112.5)
    """
    return min(FASTEST, max(SLOWEST, float(bpm)))


def make(bpm: float) -> Link:
    """A peer of the library, which is an extra."""
    import link

    return link.Link(bpm)


def main(arguments: list[str]) -> None:
    """Run the process until the supervisor says stop or is gone."""
    _, runtime, key, parent, over = begin(arguments)
    said: list[Callable[[], None]] = []
    clock = SharedClock(runtime / "clock")
    engine: list[EngineLink] = []
    peer = LinkPeer(
        make,
        clock.now,
        lambda message: engine[0].send(message),  # noqa: PLW0108 - there is none yet
        lambda text: parent.say({"op": "notice", "text": text}),
    )
    engine.append(
        EngineLink(
            address(runtime, "engine"),
            key,
            lambda: said.append(peer.meet),
            lambda message: said.append(partial(peer.take, message)),
            lambda: None,
        )
    )
    parent.listen()
    settle_memory()
    parent.say({"op": "ready"})
    beaten = -math.inf
    while not over:
        while said:
            said.pop(0)()
        peer.turn()
        now = clock.now()
        if now - beaten >= BEAT:
            beaten = now
            parent.say({"op": "beat"})
        pause(TURN)
    peer.close()
    # The library's own threads must not keep us.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
