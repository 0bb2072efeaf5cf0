"""Voices that play recorded sounds: the drum kit and the musician's own samples."""

from collections.abc import Callable

import numpy as np

from plugin_host.audio import Audio, Wide, single
from plugin_host.bank import AGE, ATTACK, OWN, Bank, Voicing
from plugin_host.controls import Controls
from plugin_host.drum_table import ALIASES, GENERAL_MIDI
from plugin_host.errors import nearest
from plugin_host.inserts import Inserts
from plugin_host.instrument_table import INSTRUMENTS
from plugin_host.kit import CHOKES, LAYERS, drum_kit
from plugin_host.samples import Library

__all__ = ["DrumBank", "SampleBank"]

BASE_NOTE = 36.0
"""The note at which a sample sounds as it was recorded; Strudel's choice, c2."""

FROM, STEP, LENGTH, TRIM, GATED, FALL, FLOOR = range(OWN, OWN + 7)


class SampleBank(Bank):
    """The voices of a folder of samples.

    Args:
        rate: Frames a second.
        library: The samples.
        attack: Seconds to fade in.
        release: Seconds to fade out when cut short.
        report: Takes one line about what could not be played.
    """

    def __init__(
        self, rate: int, library: Library, attack: float, release: float, report: Callable[[str], None]
    ) -> None:
        super().__init__(rate, 7, spread=2)
        self.library = library
        self.attack, self.release = attack, release
        self.report = report
        self.sources: list[Audio] = []
        self.fours: list[Audio] = []  # each frame of a source with its neighbours: (channels, frames - 3, 4)

    def begin(self, ident: int, voicing: Voicing, offset: int) -> None:
        """Start a sample."""
        controls = voicing.controls
        source = self.library.sound(controls.s or "", controls.n, self.report)
        if source is not None:
            self.play(ident, voicing, offset, source, self.transposed(controls), controls.cut)

    def foresee(self, controls: Controls) -> None:
        """Read the sample's file."""
        name = controls.s or ""
        if name in self.library or not name:
            self.library.sound(name, controls.n, self.report)

    def transposed(self, controls: Controls) -> float:
        """How fast to play, by speed and note."""
        note = BASE_NOTE if controls.note is None else controls.note
        return controls.speed * 2.0 ** ((note - BASE_NOTE) / 12)

    def play(self, ident: int, voicing: Voicing, offset: int, source: Audio, step: float, group: int) -> None:
        """Start a voice.

        Args:
            ident: Its event.
            voicing: How it stands in the mix.
            offset: Frames into the next block.
            source: Its samples, shape (channels, frames).
            step: Frames of the source for each frame played; negative is backwards.
            group: Those of this group that sound already are choked; 0 is none.
        """
        controls = voicing.controls
        frames = source.shape[1]
        begin, end = sorted((controls.begin * frames, controls.end * frames))
        if step == 0 or end - begin < 1 or frames < 8:
            return
        if group:
            self.choke_group(group, offset)
        trimmed = controls.begin > 0 or controls.end < 1 or step < 0
        start = begin if step > 0 else end - 1
        length = max(1.0, np.ceil((end - begin) / abs(step)))
        fall = 0.0 if controls.decay is None else 6.9 / max(controls.decay * self.rate, 1)
        attack = self.attack if controls.attack is None else controls.attack
        release = self.release if controls.release is None else max(controls.release, 0.002)
        own = (start, step, length, float(trimmed), float(controls.gated), fall, controls.sustain)
        place = self.add(ident, voicing, offset, attack, release, own)
        self.groups[place] = group
        self.inserts[place] = Inserts.of(controls, self.rate, self.spread, lowpass=True)
        self.sources.append(source)
        self.fours.append(np.lib.stride_tricks.sliding_window_view(source, 4, axis=1))

    def held(self, place: int) -> bool:
        """A sample rings out by itself unless the event asked for a length."""
        return bool(self.rows[place, GATED])

    def end(self, ident: int, offset: int) -> bool:
        """Let go of a note; only samples whose event asked for a length do so."""
        found = False
        for place, one in enumerate(self.ids):
            if one == ident and self.rows[place, GATED]:
                self.let_go(place, offset)
                found = True
        return found

    def signal(self, frames: int, time: Wide) -> Audio:
        """The samples themselves."""
        spread = self.spread
        out = np.zeros((self.count * spread, frames), dtype=np.float32)
        self._bent(out, time)
        for place, source in enumerate(self.sources):
            row = self.rows[place]
            age, length = int(row[AGE]), int(row[LENGTH])
            first, last = max(0, -age), min(frames, length - age)
            if last <= first:
                continue
            into = out[place * spread : (place + 1) * spread, first:last]
            if row[STEP] == 1.0:
                at = int(row[FROM]) + age + first
                into[:] = source[:, at : at + last - first]
            if row[TRIM]:
                into *= np.clip((length - time[place, first:last]) / self.fade, 0, 1).astype(np.float32)
                into *= np.clip((time[place, first:last] + 1) / (0.2 * self.fade), 0, 1).astype(np.float32)
            if row[FALL]:
                fallen = np.exp(-row[FALL] * np.maximum(time[place, first:last] - row[ATTACK], 0))
                into *= single(row[FLOOR] + (1 - row[FLOOR]) * fallen)
        return out

    def _bent(self, out: Audio, time: Wide) -> None:
        """The samples that are played at another speed, read between their frames.

        Source: the cubic of Catmull and Rom, "A Class of Local Interpolating Splines", 1974.
        """
        places = np.flatnonzero(self.rows[: self.count, STEP] != 1.0)
        if not places.size:
            return
        rows = self.rows[places]
        lasts = np.array([self.sources[place].shape[1] - 3 for place in places])[:, None]
        at = np.clip(rows[:, FROM, None] + rows[:, STEP, None] * np.maximum(time[places], 0), 1, lasts)
        whole = at.astype(np.int64)
        part = single(at - whole)
        square = part * part
        cube = square * part
        weights = np.empty((*part.shape, 4), dtype=np.float32)
        weights[..., 0] = square - 0.5 * (cube + part)
        weights[..., 1] = 1.5 * cube - 2.5 * square + 1
        weights[..., 2] = 2 * square + 0.5 * part - 1.5 * cube
        weights[..., 3] = 0.5 * (cube - square)
        over = time[places] >= rows[:, LENGTH, None]
        weights[over | (time[places] < 0)] = 0
        for number, place in enumerate(places):
            four = self.fours[place][:, whole[number] - 1]
            into = out[place * self.spread : (place + 1) * self.spread]
            np.einsum("cfk,fk->cf", four, weights[number], out=into[: len(four)])
            if len(four) < len(into):
                into[1:] = into[0]

    def finished(self, frames: int) -> "np.ndarray[tuple[int], np.dtype[np.bool_]] | None":
        """Those whose sample is over."""
        rows = self.rows[: self.count]
        return rows[:, AGE] >= rows[:, LENGTH]

    def kept(self, places: list[int]) -> None:
        """Only these stay."""
        self.sources = [self.sources[place] for place in places]
        self.fours = [self.fours[place] for place in places]

    def silence(self) -> None:
        """Forget every voice."""
        super().silence()
        self.sources.clear()
        self.fours.clear()


class DrumBank(SampleBank):
    """The voices of the drum kit; sounds that it lacks come from the musician's samples.

    Args:
        rate: Frames a second.
        library: The musician's samples.
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
        tune: float,
        decay: float,
        drive: float,
        variation: float,
        report: Callable[[str], None],
    ) -> None:
        super().__init__(rate, library, 0.0, 0.02, report)
        self.kit = drum_kit(rate)
        self.tune = 2.0 ** (tune / 12)
        self.ring = decay
        self.drive = np.float32(drive)
        self.variation = variation
        self.turns: dict[str, int] = {}

    def begin(self, ident: int, voicing: Voicing, offset: int) -> None:
        """Strike a drum."""
        controls = voicing.controls
        name = controls.s
        step = controls.speed * self.tune
        if name is None:
            note = 36.0 if controls.note is None else controls.note
            name = GENERAL_MIDI.get(round(note), "")
            if not name:
                self.report(f"no drum at note {note:g}; General MIDI's drums lie between 35 and 82")
                return
        elif controls.note is not None:
            step *= 2.0 ** ((controls.note - BASE_NOTE) / 12)
        name = name.lower() if name not in self.library else name
        name = ALIASES.get(name, name)
        sound = self.kit.get(name)
        if sound is None:
            # Where an event names no instrument, whatever none of them is called comes here.
            known = (*self.kit, *ALIASES, *self.library, *INSTRUMENTS)
            if name not in self.library:
                self.report(f"no sound {name!r}; {nearest(name, known)}")
            else:
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
        self.play(ident, varied, offset, source[None], step, CHOKES.get(name, 0) or controls.cut)

    def mix(self, lanes: Audio, sound: Audio) -> Audio:
        """Sum the drums, and drive them together a little, which holds their peaks."""
        out = super().mix(lanes, sound)
        if self.drive:
            push = np.float32(1 + 2 * self.drive)
            out[:2] = np.tanh(push * out[:2]) * ((1 + self.drive * 0.3) / push)
        return out
