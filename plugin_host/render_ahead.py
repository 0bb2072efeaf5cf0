"""The rendering thread: does what others have asked for, and keeps blocks ready for the device."""

from collections.abc import Callable
from queue import Empty, SimpleQueue

import numpy as np

from bridge.clock import Clock
from bridge.worker import realtime, start_thread
from plugin_host.audio import Audio
from plugin_host.desk import Desk
from plugin_host.drivers.driver import Pull
from plugin_host.fold_down import FoldDown
from plugin_host.intake import Intake
from plugin_host.metering import Shares
from plugin_host.runway import Runway
from plugin_host.stream_time import StreamTime

__all__ = ["Orders", "Renderer"]

Orders = SimpleQueue[Callable[[], object]]
"""What other threads want done on the rendering thread, in order."""

PRIORITY = 60
"""Below an audio server's 70, above everything that is not audio."""
LOOK = 0.02
"""Seconds after which the thread looks for orders while no device asks for anything."""
MOMENT = 0.0005
"""Seconds until it is looked again for the blocks of plugins: two of them compute one in about that time."""
CALM = 0.02
"""Share by which each block moves the average load: it follows about a quarter of a second."""


class Renderer:
    """Renders the desk's blocks ahead of a device.

    Args:
        desk: What is played; only the rendering thread touches it once that runs.
        clock: For measuring the load.

    Attributes:
        load: Share of the time that rendering takes, as of the last quarter of a second.
        worst: The largest share that a block took.
        pulled: The share of its period that each call of the device took.
        intake: What the device hears.
        cues: Whether the device's last two channels are those of the cue.
        tap: Given each block that was rendered, with the device's frame at which it begins; it must not wait.
        view: The same, for screens.
    """

    def __init__(self, desk: Desk, clock: Clock) -> None:
        self.desk = desk
        self.orders: Orders = SimpleQueue()
        self.load = 0.0
        self.pulled = Shares()
        self.worst = 0.0
        self.tap: Callable[[int, Audio], object] | None = None
        self.view: Callable[[int, Audio], object] | None = None
        self._stream: tuple[Runway, StreamTime, FoldDown | None] | None = None
        self._rate = 0
        self.cues = False
        self.intake: Intake | None = None
        self._clock = clock
        self._wake: SimpleQueue[None] = SimpleQueue()
        self._running = True
        self._look = LOOK

    def use(self, runway: Runway, time: StreamTime, rate: int, fold: FoldDown | None = None) -> Pull:
        """Serve another device from now on.

        Args:
            runway: Where its blocks are put.
            time: Where its frames lie on the timeline.
            rate: Its frames per second.
            fold: Makes as many channels of ours as it has.

        Returns:
            What the device calls for sound. It stays tied to this runway and time, so that a last call of
            a device that is being replaced does no harm.
        """

        def pull(position: int, frames: int) -> Audio:
            begun = self._clock.now()
            time.look(position)
            audio = runway.read(position, frames)
            self._wake.put(None)
            self.pulled.take((self._clock.now() - begun) * rate / frames)
            return audio

        self._stream, self._rate = (runway, time, fold), rate
        self._wake.put(None)
        return pull

    def order(self, work: Callable[[], object]) -> None:
        """Have something done on the rendering thread, between two blocks; from any thread."""
        self.orders.put(work)
        self._wake.put(None)

    def step(self) -> bool:
        """Do what was ordered, then render a block if the device will need one.

        Returns:
            Whether a block was rendered.
        """
        while not self.orders.empty():
            self.orders.get()()
        if self._stream is None:
            return False
        runway, time, fold = self._stream
        position = runway.vacancy()
        if position is None:
            return False
        if runway.in_time and self.desk.awaits:
            # After a standstill several blocks are made at once, and plugins have three ready.
            self._look = MOMENT
            return False
        begun = self._clock.now()
        if self.intake is not None:
            # The latest that is sure to be there: what the device hears while this block waits to be played.
            back = runway.ahead + runway.block
            self.desk.hear(self.intake, position - back, back)
        audio = self.desk.play(time.place(position))
        out = audio if fold is None else fold.process(audio)
        runway.write(np.concatenate((out, self.desk.cue())) if self.cues else out)
        if self.tap is not None:
            self.tap(position, audio)
        if self.view is not None:
            self.view(position, audio)
        share = (self._clock.now() - begun) * self._rate / runway.block
        self.load += CALM * (share - self.load)
        self.worst = max(self.worst, share)
        return True

    def start(self) -> None:
        """Begin to render in a thread of its own."""
        start_thread("render", self.run)

    def run(self) -> None:
        """Render on this thread until `stop`."""
        realtime(PRIORITY)
        while self._running:
            if not self.step():
                self._sleep()

    def stop(self) -> None:
        """End the thread after its block."""
        self._running = False
        self._wake.put(None)

    def _sleep(self) -> None:
        look, self._look = self._look, LOOK
        try:
            self._wake.get(timeout=look)
            while True:
                self._wake.get_nowait()
        except Empty:
            return
