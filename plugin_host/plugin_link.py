"""The mixer's side of a plugin in a process of its own: starts it, watches it, begins anew, gives up."""

from __future__ import annotations

import contextlib
import json
import shutil
import signal
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, ClassVar, NamedTuple, cast

import numpy as np

from bridge.clock import SystemClock
from bridge.worker import Child, Line, pause, start_thread
from plugin_host.errors import PluginLoadError
from plugin_host.plugin_ring import SLOTS, Message, PluginRing, Tempo
from plugin_host.problems import Failure

if TYPE_CHECKING:
    from collections.abc import Callable

    from plugin_host.audio import Audio
    from plugin_host.tapes import Tapes

__all__ = ["LOUDEST", "PluginLink", "PluginOrder", "PluginSetup"]

LOAD = 20.0
"""Seconds within which a plugin must be loaded."""
HANG = 0.5
"""Seconds of sound that a plugin may owe before it counts as hung."""
SICK = 0.1
"""Seconds of what is no sound after which a plugin is begun anew: in a filter what is no number stays so."""
FAILURES, WITHIN = 3, 60.0
"""So many failures in so many seconds, and a plugin is left alone."""
LOUDEST = 16.0
"""Amplitude beyond which a block is not let through: 24 dB over full scale is no music."""
TOLD = (10, 100, 1000, 10_000)
"""Missing blocks of which the musician is told."""
BEHIND = 16
"""Blocks that a process owes beyond which it is not called any more: it is at work, or hangs."""
PATIENCE = 1.0
"""Seconds within which a process is gone that was killed."""
LOOK = 0.0001
"""Seconds between two looks for a block when time does not count."""


@dataclass(frozen=True, slots=True)
class PluginSetup:
    """How plugins are played.

    Args:
        folders: The musician's folders of plugins, beside the system's.
        logs: Where plugins' prints go; None is a folder for the moment.
        ahead: Blocks rendered before they are mixed, at most 14.
        load: Seconds within which a plugin must be loaded.
        tapes: Takes down what they give, or gives it instead of them.
        live: Whether time counts: a block that is not there is left out. Else it is awaited.
    """

    folders: tuple[Path, ...] = ()
    logs: Path | None = None
    ahead: int = 0
    load: float = LOAD
    tapes: Tapes | None = None
    live: bool = False


class PluginOrder(NamedTuple):
    """Which plugin is to be played, and how.

    Attributes:
        name: As the musician wrote it.
        config: For `plugin_host.plugin_worker`: path, preset, values and host.
        rate: Frames a second.
        block: Frames in a block.
        setup: How plugins are played.
        report: Takes a line for the musician, each of which is said once, but for failures.
    """

    name: str
    config: dict[str, object]
    rate: int
    block: int
    setup: PluginSetup
    report: Callable[[str], None]


class PluginLink:
    """A plugin that plays in another process. Nothing that its process does or leaves undone holds us up.

    `render` and `post` belong to one thread, the rendering one; the others are called beside the sound.

    Args:
        order: Which plugin, and how.

    Raises:
        PluginLoadError: Nothing can be written where it would be played.

    Attributes:
        missing: Blocks that were not there in time.
        peak: Amplitude of the block that was rendered last.
        latency: Frames by which it is late.
        born: How many processes have been ready to play, one after the other.
        reached: The first block that the last of them which has ended did not come to, or not in health.
        bad: Blocks that were no sound, or too loud.
        failures: How often its process ended or hung.
        left_alone: Whether that was too often, so that it is not begun anew.
        whose: Who plays on it, as it is said behind its name; empty as long as nobody knows.
        parameters: The plugin's parameters by their names, with their numbers.
    """

    silenced: ClassVar[str] = "it is silenced"
    """What is heard while it gives what is not to be heard, in words."""
    given_up: ClassVar[str] = "it stays silent"
    """The same when it is not begun anew."""

    def __init__(self, order: PluginOrder) -> None:
        name, config, rate, block, setup, report = order
        self.name, self.rate, self.block, self.ahead = name, rate, block, setup.ahead
        self._live = setup.live
        self.missing = self.bad = self.failures = 0
        self.left_alone, self.whose = False, ""
        self._load, self._report, self._logs = setup.load, report, setup.logs
        try:
            self._folder = Path(tempfile.mkdtemp(prefix="sempre-plugin-", dir=setup.logs))
        except OSError as error:  # a full disk, say
            raise PluginLoadError(f"there is no place for its process: {error}") from error
        log = f"plugin-{''.join(one if one.isalnum() else '-' for one in Path(name).stem)}.log"
        self.log = (setup.logs or self._folder) / log
        self._config = config | {
            "rate": rate,
            "block": block,
            # What is older is not rendered any more; where time does not count all is.
            "ahead": max(setup.ahead, 1) if setup.live else SLOTS,
            "state": str(self._folder / "state"),
            "log": str(self.log),
            "patience": setup.load,
            "realtime": setup.live,
        }
        self.parameters: dict[str, int] = {}
        self._count = 0
        self._clock = SystemClock()
        self._times: list[float] = []
        self._closed = False
        self._said: SimpleQueue[str] = SimpleQueue()
        self._playing: tuple[PluginRing, Child] | None = None
        self._last: tuple[PluginRing, Child] | None = None
        self._living: dict[int, Child] = {}
        self._now = 0
        self.peak, self._cps, self._begun = 0.0, 0.5, False
        self.born = self.reached = self.latency = 0
        self._owed = self._sick = self.lag = 0
        self._seen = -1
        self._in_time = True  # the last block that was taken was there

    @property
    def sounding(self) -> bool:
        """Whether its process plays."""
        return self._playing is not None

    def start(self) -> None:
        """Start its process and wait until the plugin is loaded; beside the sound.

        Raises:
            PluginLoadError: It cannot be loaded, crashes at that, or does not come to an end.
        """
        if self._closed:
            return
        answer: SimpleQueue[Line] = SimpleQueue()
        try:
            ring, child = self._spawn(answer)
        except OSError as error:
            raise PluginLoadError(f"its process cannot be started: {error}") from error
        try:
            line = answer.get(timeout=self._load)
        except Empty:
            line = {"op": "failed", "text": f"it was not loaded within {self._load:g} s"}
        ring.forget_file()
        if line["op"] != "ready" or self._closed:
            _end(child)
            if not self._closed:
                printed = f"; what it printed is in {self.log}" if self._logs is not None else ""
                raise PluginLoadError(f"{line['text']}{printed}")
            return
        latency = line.get("latency")
        self.latency = latency if isinstance(latency, int) else 0
        said = line.get("reported")
        if isinstance(said, int) and not 0 <= said <= self.rate:
            self._report(
                f"the plugin {self.name!r} says that it is {said / self.rate:g} s late: "
                "no more than a second is made up for, and what it says is passed over"
            )
        for index, names in enumerate(cast("list[list[str]]", line.get("names", []))):
            for name in reversed(names):
                self.parameters.setdefault(name, index)
        ring.begin(self._now)
        self._living[id(child)] = child
        self._playing = (ring, child)
        self.born += 1
        if not answer.empty():  # it ended since, before anybody could take that for a failure
            self._ended(child)

    def _spawn(self, answer: SimpleQueue[Line]) -> tuple[PluginRing, Child]:
        self._count += 1
        ring = PluginRing.create(self._folder / f"ring{self._count}", self.block)
        config = self._config | {"ring": str(ring.path), "cps": self._cps}

        def on_end(child: Child, code: int) -> None:
            answer.put({"op": "failed", "text": _ending(code)})
            self._ended(child)

        command = [sys.executable, "-P", "-m", "plugin_host.plugin_worker", json.dumps(config)]
        name = f"plugin {self.name}"
        return ring, Child(name, command, lambda _, line: answer.put(line), on_end, self.log)

    @property
    def is_awaited(self) -> bool:
        """Whether its next block is asked for and not there yet, and those before it came in time."""
        playing, block = self._playing, self._now - self.lag
        return playing is not None and self._in_time and playing[0].done <= block < playing[0].wanted

    @property
    def told(self) -> int:
        """The block of which `post` speaks."""
        return self._now + self.ahead

    def set_tempo(self, cps: float) -> None:
        """Tell the plugin how fast the music goes, in cycles a second; at once, and each that begins anew."""
        if cps != self._cps:
            self._cps = cps
            # Before the first block is asked for it is what the piece begins with.
            self.post(0 if self._begun else -self.ahead * self.block, Tempo(cps).data)

    def post(self, offset: int, data: bytes) -> None:
        """Send a MIDI message for a frame of the block that comes `ahead` blocks after the next."""
        playing = self._playing
        if playing is not None:
            frame = self.told * self.block + offset
            if not playing[0].post(Message(frame, data)):
                self._report(f"{self.name!r} did not take all of its notes")

    def skip(self) -> None:
        """Let a block's time pass before the first one is rendered: what is ahead may be said meanwhile."""
        self._now += 1

    def render(self) -> Audio | None:
        """The next block, shape (2, block); None if it is not there, or not fit to be heard."""
        now = self._now
        self._now += 1
        self._begun = True
        if not self._live:
            return self._awaited(now)
        playing = self._playing
        if playing is None:
            return None
        ring, child = playing
        if ring.want(now + self.ahead + 1) <= BEHIND:
            child.say({})
        audio = ring.take(now)
        self._in_time = audio is not None
        self._watch(ring, child)
        if audio is None:
            self.missing += 1
            if self.missing in TOLD:
                self._tell(f"was not in time: {self.missing} blocks were silent")
            return None
        return audio if self._fit(now, audio, child) else None

    def close(self) -> None:
        """End its process; takes no time where time counts, and else leaves nothing behind."""
        if not self._closed:
            self._closed = True
            if self._live:
                start_thread("plugin leaves", self.leave)
            else:
                self.leave()

    def leave(self) -> None:
        """End its process and clear its files away."""
        self._closed = True
        playing, self._playing = self._playing, None
        if playing is not None:
            _end(playing[1])
        shutil.rmtree(self._folder, ignore_errors=True)

    def _awaited(self, block: int) -> Audio | None:
        """A block where time does not count: waited for as long as it is being worked on.

        What was rendered before its process ended is still given, so that it is the same each time.
        """
        playing = self._playing or self._last
        if playing is None:
            return None
        self._last = ring, child = playing
        ring.want(block + self.ahead + 1)
        if block % max(self.ahead // 2, 1) == 0 or ring.done <= block:
            child.say({})
        self._come(block, playing)
        audio = ring.take(block)
        if audio is not None:
            return audio if self._fit(block, audio, child) else None
        if self._playing is playing:
            self._fail(child, "hangs")
        self.missing += 1
        return None

    def _come(self, block: int, playing: tuple[PluginRing, Child]) -> bool:
        """Wait until a block is there, as long as it is being worked on; whether that takes too long."""
        until = self._clock.now() + self._load
        while playing[0].done <= block and self._playing is playing and self._clock.now() < until:
            pause(LOOK)
        return playing[0].done <= block and self._playing is playing

    def coming(self, above: float) -> Audio | None:
        """The next blocks together, where time does not count; None where the next one needs care.

        They are not passed over: `pass_over` does that, one by one.

        Args:
            above: How loud each must be.

        Returns:
            Shape (blocks, 2, frames of one).
        """
        playing, most = self._playing, self.ahead // 2  # while some are mixed the next ones are rendered
        if playing is None or self._live or not most:
            return None
        self._begun = True
        self._last = ring, child = playing
        ring.want(self._now + self.ahead + 1)
        child.say({})
        hangs = self._come(self._now + most - 1, playing)
        audio = ring.take_several(self._now, most)
        if hangs:
            self._fail(child, "hangs")
        peaks = np.maximum(audio.max(axis=(1, 2), initial=0), -audio.min(axis=(1, 2), initial=0))
        fit = (peaks > above) & (peaks <= LOUDEST)  # false for what is no number, too
        count = len(fit) if fit.all() else int(fit.argmin())
        self._sick = 0 if count else self._sick
        return audio[:count] if count else None

    def pass_over(self) -> None:
        """Go on to the block after next."""
        if self._playing is not None:
            self._playing[0].want(self._now + self.ahead + 1)
        self._now += 1

    def _watch(self, ring: PluginRing, child: Child) -> None:
        """End a process that does not come on."""
        done = ring.done
        self._owed = 0 if done != self._seen else self._owed + self.block
        self._seen = done
        if self._owed > HANG * self.rate:
            self._owed = 0
            self._fail(child, "hangs")

    def _fit(self, block: int, audio: Audio, child: Child) -> bool:
        """Whether a block may be heard; a plugin that goes on giving none that may is begun anew."""
        self.peak = peak = float(max(audio.max(), -audio.min()))
        if peak <= LOUDEST:  # also false for what is no number
            self._sick = 0
            return True
        self.bad += 1
        self._sick += self.block
        if self.bad == 1:
            loud = np.isfinite(peak)
            what = f"{20 * np.log10(peak):.0f} dB over full scale" if loud else "what is no number"
            self._tell(f"gave {what}: {self.silenced} until that is over")
        if self._sick > SICK * self.rate:
            well, self._sick = block + 1 - self._sick // self.block, 0
            self._fail(child, "gives no sound that can be heard")
            self.reached = min(self.reached, well)
        return False

    def _fail(self, child: Child, why: str) -> None:
        # `_ended` follows, in another thread, and begins anew.
        self._said.put(why)
        child.kill()
        if self._live:
            self._let_go()
        else:
            self._last = None
            until = self._clock.now() + PATIENCE
            while self._playing is not None and self._clock.now() < until:
                pause(LOOK)

    def _ended(self, child: Child) -> None:
        """Its process is gone: begin anew, unless that has been of no use."""
        if self._living.pop(id(child), None) is None or self._closed:
            return
        why = _ending(child.process.returncode) if self._said.empty() else self._said.get()
        again = self._note(why)
        self._let_go()
        _end(child)
        while again:
            try:
                self.start()
            except PluginLoadError as error:
                again = self._note(f"cannot be loaded anew ({error})")
            else:
                return

    def _let_go(self) -> None:
        playing, self._playing = self._playing, None
        if playing is not None:
            self.reached = playing[0].done

    def _note(self, why: str) -> bool:
        """Tell of a failure; whether it is worth while to begin anew."""
        now = self._clock.now()
        self._times = [*(one for one in self._times if now - one < WITHIN), now]
        self.failures += 1
        # Where time does not count all must come out the same each time: what fails is silent from there on.
        again = self._live and len(self._times) < FAILURES
        times = f" {self.failures} times" if self.failures > 1 else ""
        then = "it is loaded anew" if again else f"{self.given_up} until its layer is changed"
        self.left_alone = not again
        self._tell(f"{why}{times}; {then}")
        return again and not self._closed

    def _tell(self, what: str) -> None:
        """Say what has become of it; another of its name may have said the same."""
        self._report(Failure(f"the plugin {self.name!r}{self.whose} {what}"))


def _end(child: Child) -> None:
    child.kill()
    child.leave(1.0)


def _ending(code: int) -> str:
    """How a process ended, in words.

    >>> _ending(-11)
    'crashed (SIGSEGV)'
    """
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"crashed ({signal.Signals(-code).name})"
    return f"ended with code {code}"
