"""The voices of the drum kit."""

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar, Final

import numpy as np

from plugin_host.audio import Audio, single
from plugin_host.bank import Voicing
from plugin_host.controls import Controls
from plugin_host.drum_table import ALIASES, GENERAL_MIDI
from plugin_host.errors import nearest
from plugin_host.instrument_table import INSTRUMENTS
from plugin_host.kit import CHOKES, LAYERS, drum_kit
from plugin_host.recordings import Recording
from plugin_host.sampled import BASE_NOTE, SampleBank
from plugin_host.samples import Library

__all__ = ["DrumBank"]

SHARP: Final = 1e-6
"""Seconds in which a hit fades in: at once, for drums rise by themselves; a thousandth takes their stroke."""


class DrumBank(SampleBank):
    """The voices of the drum kit; sounds that it lacks come from the musician's samples.

    Args:
        rate: Frames a second.
        library: The musician's samples.
        kit: One of `plugin_host.kit.KITS`.
        tune: Semitones higher or lower.
        decay: How long the drums ring; 1 lets them ring out.
        drive: How hard they are driven together, 0 to 1.
        variation: How much one hit differs in level from the next, 0 to 1.
        report: Takes one line about what could not be played.
    """

    def __init__(
        self,
        rate: int,
        library: Library,
        kit: str,
        tune: float,
        decay: float,
        drive: float,
        variation: float,
        report: Callable[[str], None],
    ) -> None:
        super().__init__(rate, library.store, library, SHARP, 0.0, report)
        self.names = library
        self.kit = drum_kit(rate, kit)
        self.drum_tune, self.ring = tune, decay
        self.push: Audio | None = None  # the drive in this block, where it moves
        self.drive = np.float32(drive)
        self.variation = variation
        self.turns: dict[str, int] = {}

    voiced = frozenset({"tune", "decay", "variation"})
    _NAMES: ClassVar[dict[str, str]] = {"tune": "drum_tune", "decay": "ring"}

    def set(self, name: str, value: float) -> None:
        """Give a parameter another value for the hits from now on."""
        setattr(self, self._NAMES.get(name, name), value)

    def get(self, name: str) -> float:
        """What a parameter is."""
        return float(getattr(self, self._NAMES.get(name, name)))

    def turn(self, name: str, values: Audio) -> None:
        """Move the whole kit: the drive frame by frame, the others for the next hits."""
        if name == "drive":
            self.push = values
        self.set(name, float(values[-1]))

    def render(self, frames: int) -> Audio | None:
        """Render the next block."""
        out = super().render(frames)
        self.push = None
        return out

    def begin(self, ident: int, voicing: Voicing, offset: int) -> None:
        """Strike a drum."""
        controls = voicing.controls
        name = controls.s
        step = controls.speed * 2.0 ** (self.drum_tune / 12)
        if name is None:
            note = 36.0 if controls.note is None else controls.note
            name = GENERAL_MIDI.get(round(note), "")
            if not name:
                self.report(f"no drum at note {note:g}; General MIDI's drums lie between 35 and 82")
                return
        elif controls.note is not None:
            step *= 2.0 ** ((controls.note - BASE_NOTE) / 12)
        name = self._known(name)
        sound = self.kit.get(name)
        if sound is None:
            # Where an event names no instrument, whatever none of them is called comes here.
            known = (*self.kit, *ALIASES, *self.names, *INSTRUMENTS)
            if name not in self.names:
                self.report(f"no sound {name!r}; {nearest(name, known)}")
            else:
                voicing.controls = replace(controls, s=name)  # it may differ in capitals
                super().begin(ident, voicing, offset)
            return
        layer = min(LAYERS - 1, int(controls.velocity * 0.999 * LAYERS))
        takes = sound.variants[controls.n % len(sound.variants)][layer]
        turn = self.turns.get(name, 0)
        self.turns[name] = turn + 1
        source = takes[turn % len(takes)]
        if self.ring < 1.0:
            source = source[: max(64, int(len(source) * (0.25 + 0.75 * self.ring)))]
            source = source * np.exp(np.linspace(0, -6.9 * (1 - self.ring), len(source), dtype=np.float32))
        # Golden-ratio steps: no two neighbours alike, the same in every run.
        shade = 1 + 0.12 * self.variation * (((turn + 1) * 0.6180339887) % 1 - 0.5)
        varied = voicing.scaled(shade)
        take = Recording(source[None], source[None])
        self.play(ident, varied, offset, take, step, CHOKES.get(name, 0) or self.group_of(controls, name))

    def foresee(self, controls: Controls) -> None:
        """Have the musician's sample read, where it is one."""
        name = None if controls.s is None else self._known(controls.s)
        if name is not None and name not in self.kit:
            super().foresee(replace(controls, s=name))

    def _known(self, name: str) -> str:
        """A name as the kit or the library has it."""
        name = name.lower() if name not in self.names else name
        return ALIASES.get(name, name)

    def mix(self, lanes: Audio, sound: Audio) -> Audio:
        """Sum the drums, and drive them together a little, which holds their peaks."""
        out = super().mix(lanes, sound)
        drive = self.drive if self.push is None else self.push
        if np.any(drive):
            push = single(1 + 2 * drive)
            out[:2] = np.tanh(push * out[:2]) * ((1 + drive * 0.3) / push)
        return out
