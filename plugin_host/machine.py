"""Everything between the events and the device: rack, rendering thread, routes and driver, put together."""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TypeVar

from bridge.clock import SharedClock, SystemClock
from bridge.worker import pause, start_thread
from plugin_host.audio import Audio
from plugin_host.audio_settings import AudioSettings
from plugin_host.desk import Desk, Instruments, preparer
from plugin_host.drivers import Driver
from plugin_host.drivers.keeper import Keeper
from plugin_host.errors import HostError
from plugin_host.fold_down import FoldDown, pair_of
from plugin_host.layouts import Layout
from plugin_host.recorder import Recorder
from plugin_host.render_ahead import Renderer
from plugin_host.routes import Routes, stages_of
from plugin_host.runway import Runway
from plugin_host.specs import Chain
from plugin_host.stem_recorder import Parted, StemRecorder
from plugin_host.stream_time import ExactTime, FittedTime, StreamTime
from plugin_host.take_file import check_take, open_take
from plugin_host.viewing import LevelBook, View

__all__ = ["Machine", "MakeRack"]

MakeRack = Callable[[int, int], Instruments]
"""Makes the instruments for a rate and a block."""

Hear = Callable[[int, Audio], object]
"""Takes a block that was rendered, with its place."""

WARM_UP = 8
"""Blocks rendered before the device starts: the first ones touch memory for the first time."""
FADE = 0.03
"""Seconds in which the sound fades when we leave."""
ANSWER = 1.0
"""Seconds within which the rendering thread answers a question, or we go on without."""
LOOK = 0.1
"""Seconds between two looks whether the rendering thread lives while we wait for it."""

_T = TypeVar("_T")


class Machine:
    """Plays events into a device; the device may come and go.

    Args:
        settings: What the musician wants of the device.
        clock: The session's timeline.
        notice: Takes one line for the musician.
        load: Imports the instruments and returns what makes them. It runs on the thread that will render
            them, since plugins belong to the thread that first loads their library.

    Attributes:
        levels: How loud it is; asked on the rendering thread.
        ready: The routes whose instruments are built, or cannot be.
        on_ready: Called, beside the sound, when there is one more.

    Raises:
        HostError: The instruments could not be made; the log says why.
    """

    def __init__(
        self,
        settings: AudioSettings,
        clock: SharedClock,
        notice: Callable[[str], None],
        load: Callable[[], MakeRack],
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._notice = notice
        self._load = load
        self._rates: SimpleQueue[int] = SimpleQueue()
        self._built: SimpleQueue[tuple[Renderer, MakeRack]] = SimpleQueue()
        self._runway: Runway | None = None
        self._time: StreamTime | None = None
        self._missing_before = 0
        self._ahead = settings.ahead
        self._takes: list[Recorder | StemRecorder] = []
        self._view: View | None = None
        self.ready: tuple[int, ...] = ()
        self.on_ready: Callable[[], object] = tuple
        thread = start_thread("render", self._render)
        # The device is opened while the other thread imports: together they take as long as one.
        self.keeper = Keeper(settings, self._attach, self._pulls, notice, SystemClock())
        self._rate = self.keeper.driver.rate
        self._rates.put(self._rate)
        self.renderer, self._make = self._await(thread.is_alive)
        self.desk = self.renderer.desk
        self.levels = LevelBook(self.desk.meters)
        self.routes = Routes(preparer(self.desk.rack), self._install, notice, refuse=self._refuse)
        self.desk.heirs.on_spare = self.routes.put_away
        self.routes.start()
        self.keeper.start()

    @property
    def text(self) -> str:
        """One line that says where the sound goes."""
        return self.keeper.driver.text

    @property
    def live_lag(self) -> float:
        """Seconds after its key at which a note sounds that is played by hand: what is rendered ahead."""
        ready = self._runway.ahead if self._runway is not None else 0
        return (ready + self.desk.rack.block + self.desk.rack.latency) / self._rate + 0.002

    def tend(self) -> None:
        """Look after the device, and render farther ahead where blocks were missing; a few times a second."""
        self.keeper.tend()
        runway = self._runway
        if self._settings.adapts and runway is not None and runway.go_farther():
            self._ahead = runway.ahead // runway.block
            self._notice(
                f"the sound broke off for a moment: it is made {1000 * runway.ahead / self._rate:.0f} ms "
                'ahead from now on, and keys sound later (profile = "normal" under [audio] keeps 16 ms)'
            )

    def order(self, work: Callable[[], object]) -> None:
        """Have something done on the rendering thread, between two blocks; from any thread."""
        self.renderer.order(work)

    def ask(self, question: Callable[[], _T]) -> _T | None:
        """Have something answered on the rendering thread; from any other.

        Args:
            question: What to find out.

        Returns:
            The answer, or None if there is none within a second.
        """
        answer: SimpleQueue[_T] = SimpleQueue()
        self.order(lambda: answer.put(question()))
        try:
            return answer.get(timeout=ANSWER)
        except Empty:
            return None

    def status(self) -> Mapping[str, object]:
        """How things are; asked on the rendering thread."""
        renderer, driver = self.renderer, self.keeper.driver
        runway, time = self._runway, self._time
        worst, renderer.worst = renderer.worst, 0.0
        return {
            **self.desk.counts(),
            "load": round(renderer.load, 4),
            "peak_load": round(worst, 4),
            "pulled": renderer.pulled.below(0.99),
            "missing": self._missing_before + (runway.missing if runway else 0),
            "skipped": driver.skipped,
            "anchors": time.anchors if time else 0,
            "ahead": (runway.ahead if runway else 0) / driver.rate,
            "driver": driver.text,
            "rate": driver.rate,
            "meters": self.levels.tell("engine"),
            "notices": [],
        }

    def show(self, view: View | None, former: View | None = None) -> None:
        """Let a screen look from the next block on; or no longer, if nobody has taken its place.

        Args:
            view: What it looks through; None for nothing.
            former: What it has looked through.
        """

        def change() -> None:
            if view is None and self._view is not former:
                return
            if self._view is not None:
                self._view.close(self.desk.rack)
            self._view = view
            self.renderer.view = None if view is None else view.hear
            self.levels.viewed = view is not None

        self.order(change)

    @property
    def rate(self) -> int:
        """Frames a second, now."""
        return self._rate

    @property
    def layout(self) -> Layout:
        """The loudspeakers."""
        return self._settings.layout

    def record(self, path: Path | None, *, stems: bool = False) -> None:
        """Record what is played from the next block on; a take that runs ends.

        Args:
            path: Where to, `.wav` or `.flac`; None only ends it.
            stems: Each instrument for itself as well, in a folder beside it.

        Raises:
            HostError: No file of that name can be written.
        """
        takes: list[Recorder | StemRecorder] = []
        hear: Hear | None = None
        if path is not None:
            layout = self._settings.layout
            check_take(path, layout.channels)
            opened = partial(open_take, mask=layout.mask)
            take = Recorder(path, self._rate, self._notice, channels=layout.channels, opened=opened)
            takes, hear = [take], take.hear
            if stems:
                parts = StemRecorder(path, self._rate, self._notice, self.desk.rack.latency)
                takes, hear = [take, parts], partial(self._hear_parts, take, parts)
        former, self._takes = self._takes, takes
        self.order(lambda: self._listen(hear, parts=stems and bool(takes)))
        for one in former:
            one.stop()
        for one in takes:
            one.start()

    def _listen(self, hear: Hear | None, *, parts: bool) -> None:
        """Have each block heard; on the rendering thread."""
        self.renderer.tap = hear
        rack = self.desk.rack
        if isinstance(rack, Parted):
            rack.parts = {} if parts else None

    def _hear_parts(self, take: Recorder, stems: StemRecorder, position: int, audio: Audio) -> None:
        take.hear(position, audio)
        rack = self.desk.rack
        if isinstance(rack, Parted) and rack.parts is not None:
            stems.hear(position, audio.shape[1], rack.parts)
            rack.parts = {}

    def cue(self, names: Collection[str]) -> None:
        """Have just these layers and buses heard on the outputs of the cue, and not in the mix."""
        if names and not self.renderer.cues:
            ask = "" if self._settings.cue else ": say cue = true under [audio] in sempre.toml"
            self._notice(f"nothing is cued, for there are no outputs for it{ask}; all goes on in the mix")
            return
        self.order(lambda: self.desk.hear_before(names))

    def leave(self) -> None:
        """Fade out and let the device go; takes some 60 ms, and longer while a take is written to its end."""
        driver = self.keeper.driver
        if self._runway is not None:
            self._runway.leave(int(FADE * driver.rate))
            pause(FADE + 2 * driver.block / driver.rate)
        self.renderer.stop()
        self.keeper.stop()
        for take in self._takes:
            take.leave()
        self.desk.close()

    def learn(self, table: Mapping[str, object]) -> None:
        """Take a table of routes; before the first of their events."""
        stages = stages_of(table)
        self.order(lambda: self.desk.learn(stages))
        self.routes.learn(table)

    def _render(self) -> None:
        make = self._load()
        rack = make(self._rates.get(), self._settings.block)
        for _ in range(WARM_UP):
            rack.render()
        lead = self._settings.ahead * self._settings.block
        desk = Desk(rack, self._notice, lead, self._settings.layout.channels)
        renderer = Renderer(desk, SystemClock())
        self._built.put((renderer, make))
        renderer.run()

    def _await(self, lives: Callable[[], bool]) -> tuple[Renderer, MakeRack]:
        while True:
            try:
                return self._built.get(timeout=LOOK)
            except Empty:
                if not lives():
                    raise HostError("the instruments could not be made; the log says why") from None

    def _attach(self, driver: Driver) -> None:
        block = self._settings.block
        if driver.rate != self._rate:
            self._rate = driver.rate
            if self._takes:
                self._notice(f"the device has another rate now, {driver.rate}: the take ends here")
                self.record(None)
            rack = self._make(driver.rate, block)
            self.order(lambda: self.desk.replace_rack(rack))
            self.routes.renew(preparer(rack))
        if self._runway is not None:
            self._missing_before += self._runway.missing
        runway = self._runway = Runway(driver.rate, block, self._ahead, driver.channels)
        fold: FoldDown | None = None
        layout = self._settings.layout
        if driver.channels - driver.cue < layout.channels:
            fold = FoldDown(pair_of(layout), driver.rate)
            self._notice(
                f"the device has fewer outputs than the {layout.channels} of {layout.name}: "
                "it plays a stereo mix of them; a take still has them all"
            )
        self.renderer.cues = driver.cue > 0
        if driver.cue < self._settings.cues:
            self._notice(f"nothing can be cued: the device has no two outputs beyond the {layout.channels}")
        self.renderer.intake = driver.intake
        kind = ExactTime if driver.exact else FittedTime
        time = self._time = kind(self._clock, driver.rate)
        driver.start(self.renderer.use(runway, time, driver.rate, fold))
        if driver.deaf:
            self._notice(driver.deaf)

    def _pulls(self) -> int:
        return self._runway.pulls if self._runway else 0

    def _install(self, chains: Mapping[int, Chain]) -> None:
        self.order(lambda: self.desk.set_chains(chains))
        self.ready = tuple(chains.keys() | self.desk.refused)
        self.on_ready()

    def _refuse(self, route: int) -> None:
        self.desk.refused.add(route)
        # Nobody is to wait for it: the one before it plays on.
        self.ready = (*self.ready, route)
        self.on_ready()
