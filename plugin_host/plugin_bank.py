"""A plugin as an instrument of the rack: notes become MIDI, and blocks come from its process."""

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING

import numpy as np

from plugin_host.audio import Audio, single
from plugin_host.bank import LANES, Voicing
from plugin_host.controls import Controls
from plugin_host.errors import nearest
from plugin_host.gap import Gap
from plugin_host.passage import PASSAGE, Passage
from plugin_host.plugin_files import place_of
from plugin_host.plugin_link import PluginLink, PluginOrder, PluginSetup
from plugin_host.plugin_ring import Turn
from plugin_host.plugin_values import HOST, OURS, PRESET
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
LEVEL = 8192
"""The pitch bend of a note that stays where it is; so far from there a plugin bends by BEND half-tones."""
BEND = 2.0
"""Half-tones: what MIDI 1.0 has unless a plugin is told otherwise."""
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
        self._bent = (-1, LEVEL)  # the pitch bend, and since which block
        # Where parameters have been told to be, and since which block.
        self._turned: dict[tuple[int, bool], tuple[int, float]] = {}
        self._born = link.born
        self._quiet = int(RING_OUT * link.rate)
        self._muted = 0
        self._waits = False
        self._passage: Passage | None = None
        self._warm: dict[int, int] = {}  # notes that are struck already and not to be heard yet

    @property
    def count(self) -> int:
        """1 while it sounds: how many voices a plugin has is its own affair."""
        return int(bool(self.ids) or self._quiet < RING_OUT * self.rate)

    @property
    def lead(self) -> int:
        """Frames by which it is told earlier than it gives: rendered ahead, and late by its own account."""
        return self.link.ahead * self.link.block + self.link.latency

    def foresee(self, controls: Controls) -> None:
        """Nothing is read ahead for a plugin."""
        del controls

    def begin(self, ident: int, voicing: Voicing, offset: int) -> None:
        """Strike a key, `offset` frames into the block that is rendered ahead for."""
        if self._waits:
            self.cool([*self._warm])
        note, data = self._strike(voicing.controls, offset)
        self._struck[note] = self._since, data
        self._own(ident, note)
        if self._passage is not None and self._passage.goes:
            self._passage = None

    def warm(self, ident: int, controls: Controls) -> None:
        """Strike a key that is to be heard later, from `join` on, and has sounded for a while by then.

        Only where nothing else is heard meanwhile; the plugin's notes cannot be kept apart.
        """
        if self.ids or not (self._waits or self._quiet >= RING_OUT * self.rate) or not self.link.sounding:
            return
        self._waits = True
        note, data = self._strike(controls, 0)
        self._struck[note] = (self.link.told, data)
        self._owner[note], self._warm[ident] = ident, note

    def cool(self, idents: Iterable[int]) -> None:
        """Let go of keys that were struck for later, and are not wanted after all."""
        for ident in idents:
            note = self._warm.pop(ident, None)
            if note is not None and self._owner.get(note) == ident:
                self._let_go(note, 0)

    @property
    def early(self) -> int:
        """Frames by which it comes in before its time, where it is warm; it is not told of it earlier."""
        return min(self.lead, round(PASSAGE * self.rate)) if self._warm else 0

    def join(self, ident: int, voicing: Voicing, age: int, frames: int) -> None:
        """Take over a note that has sounded elsewhere; one that is warm comes in, any other begins.

        Args:
            ident: Its event.
            voicing: How it stands in the mix.
            age: Frames since it began, of which no plugin can be told.
            frames: How long it takes to come in.
        """
        del age
        if self._warm and self._waits:
            self._passage = Passage(frames, self.lead - self.early)
            self._waits = False
        note = self._warm.pop(ident, -1)
        if self._owner.get(note) == ident:
            self._own(ident, note)
        else:
            self.begin(ident, voicing, 0)

    def _own(self, ident: int, note: int) -> None:
        self._owner[note], self._notes[ident] = ident, note
        self.ids.append(ident)
        self._quiet = 0
        self._waits = False

    def _strike(self, controls: Controls, offset: int) -> tuple[int, bytes]:
        """Send the message of a note; gives its key, and the message."""
        asked = 60.0 if controls.note is None else controls.note
        note = min(max(round(asked), 0), 127)
        if note in self._owner:
            self._let_go(note, offset)
        self._bend(asked, note, offset)
        velocity = min(max(round(127 * controls.velocity * controls.gain), 1), 127)
        data = bytes((0x90, note, velocity))
        self.link.post(offset, data)
        return note, data

    def _bend(self, asked: float, note: int, offset: int) -> None:
        """Bend the plugin by what a note is away from its key; there is one bend for all that is held."""
        bend = LEVEL + round((asked - note) * LEVEL / BEND) if abs(asked - note) <= BEND else LEVEL
        if bend == self._bent[1]:
            return
        name = self.link.name
        if self._owner:
            self._report(
                f"the plugin {name!r} has one bend for all its notes: others are held, so some are rounded"
            )
            return
        if bend != LEVEL:
            known = "one that has no bend, or another range, plays them elsewhere"
            self._report(f"the plugin {name!r} is bent for notes between half-tones, 2 each way: {known}")
        self._bent = self._since, bend
        self.link.post(offset, _bend_to(bend))

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
        self._turned[index, are_positions] = self._since, float(values[-1])

    @property
    def _since(self) -> int:
        """The block from which on its process knows what it is told; -1 if there is none."""
        return self.link.told if self.link.sounding else -1

    def _tell_again(self) -> None:
        """Tell a process that has begun anew where its parameters are, and which keys are held.

        Not what the last process did not live to hear: it may have died of it.
        """
        self._born = self.link.born
        reached = self.link.reached
        for key, (since, value) in self._turned.items():
            if since < reached:
                self.link.post(0, Turn(key[0], value, key[1]).data)
                self._turned[key] = self._since, value
        if self._bent[1] != LEVEL and self._bent[0] < reached:
            self._bent = self._since, self._bent[1]
            self.link.post(0, _bend_to(self._bent[1]))
        for note, (since, data) in self._struck.items():
            if since < reached:
                self.link.post(0, data)
                self._struck[note] = self._since, data

    def silence(self) -> None:
        """Let go of every note; a plugin that rings on all the same is not heard until the next one."""
        for note in [*self._owner]:
            self._let_go(note, 0)
        # Not pedalboard's reset: it loads most plugins anew, and so takes seconds.
        self._warm.clear()
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
            if self._passage.over and not self._passage.goes:
                self._passage = None
            elif self._passage.over and not self._waits:
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

    def coming(self) -> Audio | None:
        """The next blocks together, shape (blocks, 2, frames); None where the next one has to be rendered."""
        known = self._born == self.link.born and not self._gap.is_open
        if not known or self._muted or self._waits or self._passage is not None:
            return None
        given = self.link.coming(QUIET)
        if given is not None:
            self._quiet = 0
            for one in given:
                self._gap.heard(one)
        return given

    def pass_over(self) -> None:
        """Go on to the block after next, for this one was among those that came together."""
        self.link.pass_over()

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


def _bend_to(value: int) -> bytes:
    return bytes((0xE0, value & 127, value >> 7))


def tell_tempo(strips: "Iterable[Strip]", cps: float) -> None:
    """Tell all plugins, and effects that keep time, how fast the music goes.

    Args:
        strips: In which they play.
        cps: Cycles a second.
    """
    for strip in strips if cps > 0 else ():
        if isinstance(strip.bank, PluginBank):
            strip.bank.link.set_tempo(cps)
        for effect in strip.effects.plugins.values():
            effect.link.set_tempo(cps)
        strip.effects.keep_time(cps)


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
    given = dict(instrument.values)
    preset, host = str(given.get(PRESET, "")), given.get(HOST, "")
    values = {name: value for name, value in given.items() if name not in OURS}
    tapes = setup.tapes
    number = 0 if tapes is None else tapes.next(instrument.name)
    gone = tapes is not None and tapes.frozen(number) is not None
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
