"""The process of one plugin: renders it ahead of the mixer, and may crash without harm.

Started as `python -m plugin_host.plugin_worker CONFIG`.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np

from bridge.worker import Parent, ordinary, pause, realtime, settle_memory, start_thread
from plugin_host.plugin_ring import PluginRing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from plugin_host.audio import Audio
    from plugin_host.plugin_ring import Message

PRIORITY = 55
"""Below the mixer's 60: what it mixes must not wait for what it will mix."""
WARM_UP = 8
"""Blocks rendered before it says that it is there: the first ones touch memory for the first time."""
LONGEST_LOG = 1 << 20
"""Bytes that a plugin's prints may fill before they are thrown away."""
LOOK = 1.0
"""Seconds between two looks whether the mixer is there."""
TIDY = 1000
"""Blocks between two looks at the log."""


def serve(plugin: Loaded, ring: PluginRing, ahead: int, calls: Iterable[object]) -> None:
    """Render whatever is wanted, until the mixer is gone.

    Args:
        plugin: What plays.
        ring: Shared with the mixer.
        ahead: How many blocks the mixer wants ready; what is older than that comes too late for it.
        calls: Something comes out of it whenever more is wanted, until the mixer is gone.
    """
    block, done, rendered = ring.block, 0, 0
    for _ in calls:
        while done < (wanted := ring.wanted):
            done = max(done, wanted - ahead)
            told, first = ring.fetch((done + 1) * block), done * block
            if plugin.is_instrument:
                audio = plugin.render(told, first)
            else:
                audio = plugin.process(ring.fed(done), told, first)
            ring.give(done, audio)
            done += 1
            rendered += 1
            if rendered % TIDY == 0:
                _tidy()


def _leave_with() -> None:
    """Leave with the mixer, whatever else goes on here: a plugin that hangs never comes to look."""
    mixer = os.getppid()
    while os.getppid() == mixer:
        pause(LOOK)
    os._exit(0)


def _tidy() -> None:
    if os.fstat(1).st_size > LONGEST_LOG:
        os.ftruncate(1, 0)


class Loaded(Protocol):
    """A plugin, by whichever library; only the thread that loaded it may use it."""

    @property
    def is_instrument(self) -> bool:
        """Whether it makes sound from notes."""
        ...

    @property
    def reported(self) -> int:
        """Frames by which it says that it is late; right only after it has rendered a block."""
        ...

    @property
    def latency(self) -> int:
        """Frames by which it is late, as far as that can be; right only after it has rendered a block."""
        ...

    @property
    def names(self) -> list[list[str]]:
        """What its parameters are called, in the order in which messages count them."""
        ...

    @property
    def state(self) -> bytes:
        """All that it would keep in a project; right only after it has rendered a block."""
        ...

    def restore(self, state: bytes) -> None:
        """Take back what `state` gave."""
        ...

    def render(self, messages: Sequence[Message], first: int) -> Audio:
        """The next block of an instrument: shape (2, block)."""
        ...

    def process(self, sound: Audio, messages: Sequence[Message], first: int) -> Audio:
        """The next block of an effect: shape (2, block) in and out."""
        ...


def load(config: dict[str, object], block: int) -> Loaded:
    """Import the library and load the plugin, both on this thread: it belongs to it from then on."""
    from plugin_host.errors import PluginLoadError
    from plugin_host.plugin_files import LV2

    path, rate = str(config["path"]), int(cast("int", config["rate"]))
    preset, values = str(config.get("preset", "")), cast("dict[str, object]", config.get("values", {}))
    plugin: Loaded
    if config.get("host") == "minihost" or path.startswith(LV2):
        from plugin_host.minihost_loading import MinihostPlugin

        cps = float(cast("float", config.get("cps", 0.5)))
        plugin = MinihostPlugin(path, rate, block, preset, values, cps)
    else:
        from plugin_host.plugin_loading import LoadedPlugin

        plugin = LoadedPlugin(Path(path), rate, block, preset, values)
    if plugin.is_instrument == bool(config.get("effect")):
        raise PluginLoadError(
            "it is an instrument: its place is at the beginning of a chain"
            if plugin.is_instrument
            else "it is an effect and makes no sound of notes: it stands behind an instrument"
        )
    state = Path(str(config["state"]))
    if state.exists():
        plugin.restore(state.read_bytes())
    silence = np.zeros((2, block), np.float32)
    for count in range(WARM_UP):
        if plugin.is_instrument:
            plugin.render([], count * block)
        else:
            plugin.process(silence, [], count * block)
    # A state that is taken before the first block lacks what was just set. Where nothing can be written the
    # plugin plays all the same: one that begins anew is then told its preset and values once more.
    unseen = state.with_suffix(".new")
    with contextlib.suppress(OSError):
        unseen.write_bytes(plugin.state)
        unseen.replace(state)
    return plugin


def main(arguments: list[str]) -> None:
    """Run the process until the mixer is gone."""
    ordinary()  # the mixer is not, but a plugin may load for seconds
    config = cast("dict[str, object]", json.loads(arguments[0]))
    block, ahead = int(cast("int", config["block"])), int(cast("int", config["ahead"]))
    # Whatever hangs below, even with Python's lock held: nobody needs us any longer than this.
    faulthandler.dump_traceback_later(float(cast("float", config["patience"])) + 5.0, exit=True)
    start_thread("watch over the mixer", _leave_with)
    # Read where it is rendered: a thread that passed the lines on had to be woken 190 times a second, too.
    parent = Parent(log=Path(str(config["log"])))
    from plugin_host.errors import PluginLoadError

    try:
        ring = PluginRing(Path(str(config["ring"])), block)
        plugin = load(config, block)
    except (OSError, PluginLoadError) as error:
        parent.say({"op": "failed", "text": str(error)})
        os._exit(0)
    faulthandler.cancel_dump_traceback_later()
    settle_memory()
    parent.say({"op": "ready", "latency": plugin.latency, "reported": plugin.reported, "names": plugin.names})
    if config.get("realtime"):
        realtime(PRIORITY)
    with np.errstate(all="ignore"):
        serve(plugin, ring, ahead, parent.lines())
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
