"""The sending half of the output process: each outlet owns an agenda and sends what is due from it."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, cast

from bridge.clock import monotonic, wall_at
from bridge.clock_out import ClockOut
from bridge.event import Agenda, Due, SinkEvent, by_id
from bridge.osc_line import DirtCall, StreamLine
from bridge.osc_write import stamped
from bridge.sent import DROPPED, LOOSE, NOWHERE, OFF, ON
from bridge.worker import realtime, start_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from bridge.clock import SharedClock
    from bridge.clock_out import Course
    from bridge.event import Seconds
    from bridge.sent import SentLog

SPIN = 0.001
"""Seconds before a deadline at which a thread stops sleeping and spins: measured, this brings lateness
from 0.1 ms to 0.02 ms at p99."""
NEAR = 0.0004
"""Seconds before a deadline in which nothing that was posted is done: to sort in a batch of events takes
0.15 ms. After what was sent one is done in any case."""
LOOK = 0.005
"""Seconds after which a thread that waits for a time looks at the clock again at the latest."""
IDLE = 0.02
"""The same while nothing is to come: what is posted wakes it. Each turn takes the interpreter for a moment
from the thread that sends, and it has to be far short of a standstill."""
LATE = 0.002
"""Seconds after its time at which an onset counts as late; measured, a busy machine needs 0.1 to 0.8 ms."""
DROP_AFTER = 0.25
"""Seconds of lateness after which an onset would disturb more than it gives."""
STANDSTILL = 0.1
"""Seconds between two turns that mean that we stood still: a stopped process, a suspended machine."""
RECOVERY = 0.3
"""Seconds after a standstill during which late onsets are dropped at once: they would come in a burst."""

Route = dict[str, object]


class Outlet:
    """Events in from any thread, an agenda that only the sending thread touches.

    Args:
        name: For messages.
        key: See `bridge.event.Agenda`.
        notice: Takes one line for the musician.

    Attributes:
        news: Called when something has to be reported at once.
    """

    drop_after_standstill = 0.02
    """Seconds of lateness that an onset may have after a standstill."""
    live_lag = 0.002
    """Seconds after its key at which a note is sent that is played on a keyboard."""

    def __init__(
        self, name: str, key: Callable[[SinkEvent], Hashable], notice: Callable[[str], None]
    ) -> None:
        self.name = name
        self.agenda = Agenda(key, drop_after=DROP_AFTER, missed=self._missed_one)
        self.log: SentLog | None = None
        self.clocks = ClockOut()
        self.notice = notice
        self.news: Callable[[], object] = lambda: None
        self.routes: dict[int, Route] = {}
        self._inbox: deque[Callable[[], object]] = deque()
        self._said: set[str] = set()
        self._turned: Seconds | None = None
        self._handed: list[Due] = []
        self._recovered: Seconds = 0.0

    @property
    def text(self) -> str:
        """One line that says where this outlet sends."""
        return self.name

    def set_routes(self, routes: dict[int, Route]) -> None:
        """Learn of routes; those that are known stay."""
        self.routes = self.routes | routes

    def add(self, events: Iterable[SinkEvent]) -> None:
        """Take events, from any thread."""
        self._post(lambda: [self.agenda.add(e) for e in events])

    def cancel(self, ids: list[int]) -> None:
        """Take back events that have not begun, from any thread."""
        self._post(lambda: self.agenda.cancel(ids))

    def panic(self) -> None:
        """Silence everything, from any thread."""
        self._post(self.silence)

    def follow(self, course: Course) -> None:
        """Send MIDI clock by another line of time; where there is no MIDI, nothing follows from it."""

    def listen(self, part: str | None) -> None:
        """Follow the MIDI clock of a port that has this in its name, or none."""
        if part is not None:
            self.notice(f"MIDI clock: {self.name} cannot listen to {part!r}")

    def follow_transport(self, *, on: bool, leads: bool) -> None:
        """Follow JACK's transport or no more; `leads` tells everybody our tempo and beat."""
        del leads
        if on:
            self.say_once(f"JACK transport: {self.name} has none; that needs a JACK server")

    def move_transport(self, what: str, frame: int) -> None:
        """Let JACK's transport start, stop, or go to a frame; where there is none, nothing follows."""

    def heard(self) -> dict[str, object] | None:
        """What is known of the clock that is followed; None if none is."""
        return None

    def held(self, patience: float = 1.0) -> list[tuple[int, Seconds]]:
        """What has not begun; asked from any thread, answered by the sending one."""
        answer: queue.SimpleQueue[list[tuple[int, Seconds]]] = queue.SimpleQueue()
        self._post(lambda: answer.put(self.agenda.held()))
        try:
            return answer.get(timeout=patience)
        except queue.Empty:
            return []

    def close(self) -> None:
        """Silence and let go."""

    def keep_log(self, log: SentLog) -> None:
        """Write down from now on what is sent."""
        self.log = log

    def note(
        self, due: Due | None, data: bytes, at: Seconds, route: int, frame: int = -1, *, there: bool = True
    ) -> None:
        """Write down what was sent; called by the sending thread.

        Args:
            due: What it belongs to; None for what belongs to no event, such as a reset.
            data: The bytes.
            at: When it left.
            route: Where to.
            frame: The same as a frame of the server.
            there: Whether its port is there; else it was not sent.
        """
        log = self.log
        if log is None or data[:1] > b"\xf0":  # the clock's ticks are no events: 50 a second would fill it
            return
        if due is None:
            log.row(LOOSE if there else NOWHERE, 0, route, at, at, frame, data)
        else:
            kind = NOWHERE if not there else ON if due.on else OFF
            log.row(kind, due.event.layer, route, due.at, at, frame, data)

    def silence(self) -> None:
        """End what sounds, forget what is to come; called by the sending thread."""
        for due in self.agenda.silence():
            self._try_to_transmit(due)

    def transmit(self, due: Due) -> None:
        """Send one thing now; called by the sending thread."""
        raise NotImplementedError

    def due(self, until: Seconds, now: Seconds) -> list[Due]:
        """What is to be sent on this turn; after a standstill nothing but ends and what is hardly late.

        What ended in the turn before it ends once more: it may not have left.
        """
        again: list[Due] = []
        if self._turned is not None and now - self._turned > STANDSTILL:
            self._recovered = now + RECOVERY
            # Seen: a server that skipped the period in which it began had lost what was written to it.
            again = self.agenda.ends_of(self._handed)
        self._turned = now
        self.agenda.drop_after = self.drop_after_standstill if now < self._recovered else DROP_AFTER
        self._handed = self.agenda.due(until, now)
        return [*again, *self._handed] if again else self._handed

    def _missed_one(self, event: SinkEvent, late: Seconds) -> None:
        if self.log is not None:
            self.log.row(DROPPED, event.layer, event.route, event.at, event.at + late, -1, event.on)

    def _try_to_transmit(self, due: Due) -> None:
        try:
            self.transmit(due)
        except Exception as error:  # noqa: BLE001 - seam two: a port that fails must not end the thread that sends
            self.say_once(f"{self.name}: {type(error).__name__}: {error}")

    def drain(self, most: int = 1 << 30) -> None:
        """Do what other threads have posted, in its order; called by the sending thread."""
        inbox = self._inbox
        while inbox and most > 0:
            inbox.popleft()()
            most -= 1

    def say_once(self, text: str) -> None:
        """Give a notice, but each text only once."""
        if text not in self._said:
            self._said.add(text)
            self.notice(text)

    def order(self, work: Callable[[], object]) -> None:
        """Have something done by the sending thread, from any other."""
        self._post(work)

    def _post(self, work: Callable[[], object]) -> None:
        self._inbox.append(work)


class TimedOutlet(Outlet):
    """An outlet with a thread that sleeps until the next deadline, then sends.

    Args:
        clock: The session's timeline.
        spin: Whether to spin through the last millisecond.
    """

    def __init__(
        self,
        name: str,
        key: Callable[[SinkEvent], Hashable],
        notice: Callable[[str], None],
        clock: SharedClock,
        *,
        spin: bool,
    ) -> None:
        super().__init__(name, key, notice)
        self._clock = clock
        self._spin = SPIN if spin else 0.0
        self._news = threading.Event()
        self._open = True
        self._gone = threading.Event()
        self._left: Seconds = IDLE  # to the next deadline, at the end of a turn
        self._sent = False

    def start(self) -> None:
        """Begin to send."""
        start_thread(self.name, self._run)

    def close(self) -> None:
        """Silence, then end the thread; bounded in time."""
        self._open = False
        self._news.set()
        self._gone.wait(0.5)

    def _post(self, work: Callable[[], object]) -> None:
        super()._post(work)
        self._news.set()

    def _run(self) -> None:
        realtime(60)
        while self._open:
            wait = self.turn()
            if wait > 0:
                self._news.wait(wait)
                self._news.clear()
        self.silence()
        self._gone.set()

    def turn(self) -> Seconds:
        """Send what is due; called again and again by the sending thread, which gets how long to wait."""
        if self._sent or not 0 < self._left < NEAR:
            self.drain(1)
        self.beat()
        now = self._clock.now()
        dues = self.due(now, now - LATE)
        for due in dues:
            self._try_to_transmit(due)
        self._sent = bool(dues)
        following = self.next_at
        self._left = IDLE if following is None else following - self._clock.now()
        if self._inbox:
            return 0.0
        return IDLE if following is None else min(LOOK, self._left - self._spin)

    @property
    def next_at(self) -> Seconds | None:
        """When something may have to be sent next, or None."""
        return self.agenda.next_at

    def beat(self) -> None:
        """What is to be done on each turn besides sending."""


class OscOutlet(TimedOutlet):
    """Sends bundles by UDP; their timetags, not the moment of sending, say when they sound.

    A timetag is written as its packet leaves. Written when the event was planned, seconds before, it was up
    to 40 ms beside the notes of a JACK server that had lost a few periods meanwhile.
    """

    drop_after_standstill = 0.2  # a bundle leaves that long before its timetag

    def __init__(self, notice: Callable[[str], None], clock: SharedClock) -> None:
        super().__init__("OSC", by_id, notice, clock, spin=False)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._addresses: dict[int, tuple[str, int]] = {}
        self._lines: dict[tuple[str, int, str], StreamLine] = {}
        self._streams: dict[int, StreamLine] = {}
        self._dirts: dict[tuple[str, int], DirtCall] = {}

    def close(self) -> None:
        """End the sending, then let go of the socket."""
        super().close()
        self._socket.close()

    def set_routes(self, routes: dict[int, Route]) -> None:
        """Look the hosts up once, here: a name server must not hold up a note."""
        for number, route in routes.items():
            place = cast("dict[str, object]", route["osc"])
            host, port = str(place["host"]), int(cast("int", place["port"]))
            framing = str(place.get("tcp", ""))
            try:
                where = (socket.gethostbyname(host), port)
            except OSError:
                self.say_once(f"no machine is called {host!r}: nothing is sent there by OSC")
                continue
            if framing:
                key = (*where, framing)
                if key not in self._lines:
                    self._lines[key] = StreamLine(*key, self.notice)
                self._streams[number] = self._lines[key]
                continue
            self._addresses[number] = where
            if place.get("dirt") and where not in self._dirts:
                self._dirts = {**self._dirts, where: DirtCall(where, partial(self._tell, where), self.notice)}
        super().set_routes(routes)

    def transmit(self, due: Due) -> None:
        """Send the packet; a receiver that is not there costs nothing."""
        if not due.on:
            return
        route = due.event.route
        stream = self._streams.get(route)
        where = self._addresses.get(route)
        packet = stamped(due.event.on, lambda when: wall_at(when, self._clock))
        if stream is not None:
            stream.send(packet)
        elif where is not None:
            self._tell(where, packet)
        there = stream is not None or where is not None
        self.note(due, packet, self._clock.now(), route, there=there)

    def beat(self) -> None:
        """Call SuperDirt now and then, and hear what it answers."""
        if not self._dirts:
            return
        now = monotonic()
        for dirt in self._dirts.values():
            dirt.turn(now)
        with contextlib.suppress(OSError):
            for _ in range(8):
                data, where = self._socket.recvfrom(4096)
                if where in self._dirts:
                    self._dirts[where].hear(data)

    def _tell(self, where: tuple[str, int], packet: bytes) -> None:
        with contextlib.suppress(OSError):
            self._socket.sendto(packet, where)


class NullOutlet(TimedOutlet):
    """Keeps time and sends nothing: where no MIDI system is to be had."""

    def __init__(self, reason: str, notice: Callable[[str], None], clock: SharedClock) -> None:
        super().__init__("no MIDI", by_id, notice, clock, spin=False)
        self._reason = reason

    @property
    def text(self) -> str:
        """Why nothing is sent."""
        return f"MIDI: none ({self._reason})"

    def transmit(self, due: Due) -> None:
        """Nothing to send to."""


class Lookout:
    """Calls a function now and then in a thread of its own, for what must not hold up the sending.

    Args:
        name: Of the thread.
        every: Seconds between two calls.
        look: What to do; gets the monotonic time.
    """

    def __init__(self, name: str, every: float, look: Callable[[float], None]) -> None:
        self._wake = threading.Event()
        self._open = True
        self._every = every
        self._look = look
        start_thread(name, self._run)

    def now(self) -> None:
        """Do it soon, not at the next turn."""
        self._wake.set()

    def close(self) -> None:
        """Stop calling."""
        self._open = False
        self._wake.set()

    def _run(self) -> None:
        while self._open:
            self._look(monotonic())
            self._wake.wait(self._every)
            self._wake.clear()
