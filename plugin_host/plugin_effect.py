"""A plugin that shapes a sound, in a process of its own: where that fails, the sound goes on without it."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from bridge.worker import pause
from plugin_host.audio import Audio, single
from plugin_host.errors import PluginLoadError, nearest
from plugin_host.gap import Gap
from plugin_host.motion import Moving
from plugin_host.plugin_files import place_of
from plugin_host.plugin_link import BEHIND, LOOK, TOLD, PluginLink, PluginOrder
from plugin_host.plugin_ring import Turn
from plugin_host.plugin_values import HOST, OURS, PLUGIN, PRESET

if TYPE_CHECKING:
    from collections.abc import Callable

    from plugin_host.plugin_link import PluginSetup
    from plugin_host.plugin_ring import PluginRing
    from plugin_host.specs import Effect

__all__ = ["EffectLink", "PluginEffect"]

STEP = 64
"""Frames between two values of a parameter that moves."""


class EffectLink(PluginLink):
    """An effect that works in another process: each block comes back `lag` blocks after it was given.

    Args:
        order: Which plugin, and how.

    Attributes:
        lag: Blocks.
    """

    silenced = given_up = "the sound goes on without it"

    def __init__(self, order: PluginOrder) -> None:
        super().__init__(order._replace(config=order.config | {"effect": True}))
        # Its messages are about the block that it is given, not about one that is still to come.
        self.lag, self.ahead = self.ahead, 0
        self._first: tuple[PluginRing | None, int] = (None, 0)  # the block that its process was given first

    def shape(self, sound: Audio) -> Audio | None:
        """Give it a block, and take the one of `lag` blocks ago; None if that is not there or unfit.

        Args:
            sound: Shape (2, block).
        """
        now, playing = self._now, self._playing
        self._now += 1
        block = now - self.lag
        if not self._live:
            playing = self._playing or self._last
        if playing is None:
            return None
        self._last = ring, child = playing
        ring.feed(now, sound)
        owed = ring.want(now + 1)
        if self._live:
            if owed <= BEHIND:
                child.say({})
        else:
            if now % max(self.lag // 2, 1) == 0 or ring.done <= block:
                child.say({})
            until = self._clock.now() + self._load
            while ring.done <= block and self._playing is playing and self._clock.now() < until:
                pause(LOOK)
        if self._first[0] is not ring:
            self._first = (ring, now)
        if self.born == 1 and block < self._first[1]:
            return np.zeros_like(sound)
        if self.born > 1 and block < self._first[1] + -(-self.latency // self.block):
            # It has begun anew, and what it gives first is not what it was given.
            return None
        audio = ring.take(block)
        self._in_time = audio is not None
        if self._live:
            self._watch(ring, child)
        elif audio is None and self._playing is playing:
            self._fail(child, "hangs")
        if audio is not None:
            return audio if self._fit(block, audio, child) else None
        self.missing += 1
        if self.missing in TOLD and self._live:
            self._tell(f"was not in time: {self.missing} blocks were heard without it")
        return None


class PluginEffect:
    """One plugin in a row of effects.

    Args:
        effect: Which, with its preset and parameters.
        rate: Frames a second.
        block: Frames in a block.
        setup: How plugins are played.
        report: Takes lines for the musician.

    Raises:
        PluginLoadError: It is not there or cannot be loaded.
    """

    def __init__(
        self, effect: Effect, rate: int, block: int, setup: PluginSetup, report: Callable[[str], None]
    ) -> None:
        given = dict(effect.values)
        name, preset, host = str(given[PLUGIN]), str(given.get(PRESET, "")), given.get(HOST, "")
        values = {each: value for each, value in given.items() if each not in OURS}
        path = place_of(name, setup.folders)
        config: dict[str, object] = {"path": path, "preset": preset, "values": values, "host": host}
        self.link = EffectLink(PluginOrder(name, config, rate, block, setup, report))
        self._report = report
        try:
            self.link.start()
        except PluginLoadError as error:
            self.link.leave()
            raise PluginLoadError(f"the effect {name!r}: {error}") from error
        except BaseException:
            self.link.leave()
            raise
        self._born = self.link.born
        self._moving: dict[tuple[str, bool], Moving] = {}
        self._since: dict[tuple[str, bool], int] = {}  # the block in which they were told last
        self._wet = Gap(block)
        self._given: deque[Audio] = deque(maxlen=self.link.lag + 2)
        self._waits = False

    @property
    def latency(self) -> int:
        """Frames by which it is late."""
        return self.link.lag * self.link.block + self.link.latency

    def turn(
        self, name: str, goal: float, offset: int, frames: int, *, is_position: bool, smooth: bool
    ) -> None:
        """Let a parameter move from a frame of the next block on.

        Args:
            name: As the plugin calls it, or as Python does.
            goal: Where it is to be, in its own unit or from 0 to 1.
            offset: Frames into the block.
            frames: How many it takes.
            is_position: Whether that is from 0 to 1.
            smooth: Whether it begins and ends gently.
        """
        # Where it stands nobody knows but the plugin: it goes from where it is told to be first.
        moving = self._moving.setdefault((name, is_position), Moving(goal))
        moving.move(goal, offset, frames, smooth=smooth)

    def stands(self, name: str, value: float) -> None:
        """Know where a parameter is, before it moves for the first time."""
        self._moving.setdefault((name, False), Moving(value))

    def process(self, sound: Audio) -> Audio:
        """The next block: shape (2, frames) in and out."""
        frames = sound.shape[1]
        self._tell(frames)
        self._given.append(single(np.array(sound)))
        if self._waits and sound.any():
            self._waits = False
        wet = self.link.shape(sound)
        if self._waits:
            return np.zeros_like(sound)
        out, share = self._wet.join(wet), self._wet.share
        return out if share is None else single(out + self._dry(frames) * (1 - share))

    def _tell(self, frames: int) -> None:
        """Tell it where its parameters are; one that has begun anew, where they were.

        Not what the last process did not live to hear: it may have died of it.
        """
        again = self._born != self.link.born
        self._born = self.link.born
        since = self.link.told if self.link.sounding else -1
        for (name, is_position), moving in self._moving.items():
            values = moving.block(frames)
            index = self.link.parameters.get(name)
            if index is None:
                if self.link.parameters:
                    like = nearest(name, self.link.parameters)
                    self._report(f"the plugin {self.link.name!r} has no parameter {name!r}; {like}")
                continue
            if values is not None:
                for first in range(0, frames, STEP):
                    value = float(values[min(first + STEP, frames) - 1])
                    self.link.post(first, Turn(index, value, is_position).data)
            elif again and self._since.get((name, is_position), -1) < self.link.reached:
                self.link.post(0, Turn(index, moving.value, is_position).data)
            else:
                continue
            self._since[name, is_position] = since

    def _dry(self, frames: int) -> Audio:
        """What it was given, as late as it would give it back."""
        late = self.latency
        line = np.concatenate([np.zeros((2, late), np.float32), *self._given], axis=1)
        first = line.shape[1] - frames - late
        return line[:, first : first + frames]

    def rest(self, frames: int) -> None:
        """Let what moves get on by a block in which nothing is to be heard."""
        self._tell(frames)

    def renew(self) -> None:
        """Be silent until it is given something again."""
        self._waits = True
        self._given.clear()

    def close(self) -> None:
        """End its process; takes no time."""
        self.link.close()
