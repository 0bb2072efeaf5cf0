"""A plugin as an instrument of the rack: notes become MIDI, and blocks come from its process."""

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING

import numpy as np

from plugin_host.audio import Audio, single
from plugin_host.bank import LANES, Voicing
from plugin_host.controls import Controls
from plugin_host.errors import nearest
from plugin_host.gap import Gap
from plugin_host.passage import Passage
from plugin_host.plugin_files import place_of
from plugin_host.plugin_link import PluginLink, PluginOrder, PluginSetup
from plugin_host.plugin_ring import Turn
from plugin_host.plugin_values import HOST, PRESET
from plugin_host.specs import Instrument

if TYPE_CHECKING:
    from plugin_host.strip import Strip

STEP = 64
"""Frames between two values of a parameter that moves; so many are then rendered at once."""

__all__ = ["PluginBank", "plugin_bank", "tell_tempo"]

ALL_OFF = (bytes((0xB0, 123, 0)), bytes((0xB0, 120, 0)))
"""All notes off, all sound off."""
QUIET = 1e-5
"""Amplitude below which a plugin counts as silent: -100 dB."""
RING_OUT = 12.0
"""Seconds of silence after which a plugin has rung out."""


class PluginBank:
    """All notes of one plugin; none of them can be heard apart from the others.

    Args:
        link: Its process.
        report: Takes a line about what could not be played as it was meant.
    """

    apart: tuple[()] = ()

    def __init__(self, link: PluginLink, report: Callable[[str], None]) -> None:
        self.rate = link.rate
        self.ids: list[int] = []
        self.link = link
        self._report = report
        self._gap = Gap(link.block)
        self._notes: dict[int, int] = {}
        self._owner: dict[int, int] = {}
        self._struck: dict[
            int, tuple[int, bytes]
        ] = {}  # what is held: since which block, and as what message
        self._turned: dict[tuple[int, bool], float] = {}  # where parameters have been told to be
        self._born = link.born
        self._quiet = int(RING_OUT * link.rate)
        self._muted = 0
        self._waits = False
        self._passage: Passage | None = None

    @property
    def count(self) -> int:
        """1 while it sounds: how many voices a plugin has is its own affair."""
        return int(bool(self.ids) or self._quiet < RING_OUT * self.rate)

    def foresee(self, controls: Controls) -> None:
        """Nothing is read ahead for a plugin."""
        del controls

    def begin(self, ident: int, voicing: Voicing, offset: int) -> None:
        """Strike a key, `offset` frames into the block that is rendered ahead for."""
        controls = voicing.controls
        asked = 60.0 if controls.note is None else controls.note
        note = min(max(round(asked), 0), 127)
        if note != asked:
            self._report(f"the plugin {self.link.name!r} plays half-tones: {asked:g} is played as {note}")
        if note in self._owner:
            self._let_go(note, offset)
        velocity = min(max(round(127 * controls.velocity * controls.gain), 1), 127)
        data = bytes((0x90, note, velocity))
        self.link.post(offset, data)
        self._struck[note] = (self.link.told if self.link.sounding else -1, data)
        self._owner[note], self._notes[ident] = ident, note
        self.ids.append(ident)
        self._quiet = 0
        self._waits = False
        self._passage = None

    def end(self, ident: int, offset: int) -> bool:
        """Let go of a note; whether it was ours and still held."""
        note = self._notes.get(ident)
        if note is None:
            return False
        self._let_go(note, offset)
        return True

    def _let_go(self, note: int, offset: int) -> None:
        self._disown(self._owner.pop(note))
        del self._struck[note]
        self.link.post(offset, bytes((0x80, note, 0)))

    def _disown(self, ident: int) -> None:
        if self._notes.pop(ident, None) is not None:
            self.ids.remove(ident)

    def leave(self, idents: Collection[int], passage: Passage | None) -> None:
        """Let notes go, for they play on elsewhere.

        Args:
            idents: Their events.
            passage: How the whole plugin goes, where nobody else plays on it: it is silent then.
        """
        if passage is None:
            for ident in idents:
                self.end(ident, 0)
            return
        # Their keys are let go when nothing is heard any more: one that fades within a key's release jumps.
        for ident in idents:
            self._disown(ident)
        self._passage = passage

    def turn(self, name: str, values: Audio, *, are_positions: bool) -> None:
        """Move a parameter, in steps of `STEP` frames.

        Args:
            name: As the plugin calls it, or as Python does.
            values: For each frame of the block that is rendered ahead for.
            are_positions: Whether they go from 0 to 1, or are in the parameter's own unit.
        """
        index = self.link.parameters.get(name)
        if index is None:
            if self.link.parameters:
                like = nearest(name, self.link.parameters)
                self._report(f"the plugin {self.link.name!r} has no parameter {name!r}; {like}")
            return
        for first in range(0, len(values), STEP):
            value = float(values[min(first + STEP, len(values)) - 1])
            self.link.post(first, Turn(index, value, are_positions).data)
        self._turned.pop((index, not are_positions), None)
        self._turned[index, are_positions] = float(values[-1])

    def _tell_again(self) -> None:
        """Tell a process that has begun anew where its parameters are, and which keys are held.

        Not of one that the last process did not live to hear: it may have died of it.
        """
        self._born = self.link.born
        for (index, are_positions), value in self._turned.items():
            self.link.post(0, Turn(index, value, are_positions).data)
        for since, data in self._struck.values():
            if since < self.link.reached:
                self.link.post(0, data)

    def silence(self) -> None:
        """Let go of every note; a plugin that rings on all the same is not heard until the next one."""
        for note in [*self._owner]:
            self._let_go(note, 0)
        # Not pedalboard's reset: it loads most plugins anew, and so takes seconds.
        for data in ALL_OFF:
            self.link.post(0, data)
        self._muted, self._waits = self.link.ahead, True
        self._quiet = int(RING_OUT * self.rate)

    def render(self, frames: int) -> Audio | None:
        """The next block, shape (LANES, frames); None if nothing sounds."""
        if self._born != self.link.born:
            self._tell_again()
        audio = self.link.render()
        if self._muted or self._waits:
            self._muted = max(0, self._muted - 1)
            audio = None
        sound = self._gap.join(audio)
        if self._passage is not None:
            sound = single(sound * self._passage.block(frames))
            # From its end on nothing is heard until a note begins, not even how a gap fades.
            if self._passage.over and not self._waits:
                self._waits = True
                for note in [note for note, ident in self._owner.items() if ident not in self._notes]:
                    self._let_go(note, 0)
        peak = self.link.peak if audio is not None else float(np.abs(sound).max())
        self._quiet = 0 if peak > QUIET else self._quiet + frames
        if not self.count:
            return None
        lanes = np.zeros((LANES, frames), np.float32)
        lanes[:2] = sound
        return lanes

    def close(self) -> None:
        """End its process; takes no time."""
        self.link.close()

    # A plugin takes part in no stealing of voices.

    def fading(self) -> int:
        """None of its voices is ours to fade."""
        return 0

    def first_fading(self) -> int | None:
        """The same."""
        return None

    def oldest(self) -> tuple[bool, float, int] | None:
        """None is there to be stolen."""
        return None

    def drop(self, place: int) -> None:
        """Never asked for."""

    def steal(self, place: int, offset: int) -> None:
        """Never asked for."""


def tell_tempo(strips: "Iterable[Strip]", cps: float) -> None:
    """Tell all plugins how fast the music goes.

    Args:
        strips: In which they play.
        cps: Cycles a second.
    """
    for strip in strips if cps > 0 else ():
        if isinstance(strip.bank, PluginBank):
            strip.bank.link.set_tempo(cps)
        for effect in strip.effects.plugins.values():
            effect.link.set_tempo(cps)


def plugin_bank(
    instrument: Instrument, rate: int, block: int, setup: PluginSetup, report: Callable[[str], None]
) -> PluginBank:
    """Find and load a plugin; takes as long as that takes.

    Args:
        instrument: Which one, with its preset and parameters.
        rate: Frames a second.
        block: Frames in a block.
        setup: How plugins are played.
        report: Takes lines for the musician.

    Raises:
        PluginLoadError: It is not there or cannot be loaded.
    """
    values = dict(instrument.values)
    preset, host = str(values.pop(PRESET, "")), values.pop(HOST, "")
    tapes = setup.tapes
    number = 0 if tapes is None else tapes.next(instrument.name)
    gone = tapes is not None and tapes.frozen(number)
    path = "" if gone else place_of(instrument.name, setup.folders)
    config: dict[str, object] = {"path": path, "preset": preset, "values": values, "host": host}
    order = PluginOrder(instrument.name, config, rate, block, setup, report)
    link = PluginLink(order) if tapes is None else tapes.link(number, order)
    try:
        link.start()
    except BaseException:
        link.leave()
        raise
    return PluginBank(link, report)
