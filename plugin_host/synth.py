"""The synthesiser behind bass, pad and lead: detuned filtered waves with envelopes, glide and drive."""

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

import numpy as np

from plugin_host.audio import Audio, Wide, count, hertz, single
from plugin_host.bank import AGE, CUT, OFF, Bank, Voicing
from plugin_host.controls import Controls
from plugin_host.wavetable import RESONANCES, SIZE, Tables, tables

__all__ = ["Patch", "SynthBank"]

_INF: Final = float("inf")
_GOLDEN: Final = 0.6180339887498949


@dataclass(frozen=True, slots=True)
class Patch:
    """A sound of the synthesiser.

    Args:
        wave: "saw", "square", "triangle" or "sine".
        cutoff: The filter at rest, in Hz.
        resonance: How much it sings, 0 to 1.
        env: Octaves by which each note opens it.
        decay: Seconds until it has closed again (to a third).
        attack: Seconds to fade in.
        release: Seconds to fade out.
        sustain: Level that a held note falls to, 0 to 1.
        fall: Seconds in which it falls there (to a third).
        glide: Seconds to slide between overlapping notes; needs voices = 1.
        drive: How hard each voice is driven, 0 to 1.
        sub: Level of a plain sine at the root.
        voices: Notes at once.
        detune: Cents from the middle to the outermost wave.
        spread: Waves in a note, 1 to 7.
        width: How far they stand from each other, 0 to 1.
        vibrato: Semitones.
        motion: Octaves by which the filter drifts.
        follow: How far the filter follows the note, 0 to 1.
    """

    wave: str = "saw"
    cutoff: float = 1000.0
    resonance: float = 0.0
    env: float = 0.0
    decay: float = 0.3
    attack: float = 0.003
    release: float = 0.1
    sustain: float = 1.0
    fall: float = 0.3
    glide: float = 0.0
    drive: float = 0.0
    sub: float = 0.0
    voices: int = 8
    detune: float = 0.0
    spread: int = 1
    width: float = 0.0
    vibrato: float = 0.0
    motion: float = 0.0
    follow: float = 0.3


_PLACES: Final = {
    1: (0.0,),
    2: (-1.0, 1.0),
    3: (-1.0, 0.07, 0.93),
    5: (-1.0, -0.46, 0.04, 0.42, 1.0),
    7: (-1.0, -0.63, -0.29, 0.03, 0.26, 0.59, 1.04),
}
"""Where the waves of a note lie between the outermost; uneven, so that their beating does not repeat."""


class Tone:
    """What one voice of the synthesiser has beside its row: phases, pitch, filter."""

    __slots__ = (
        "corner", "drift", "fall", "floor", "follows", "goal", "hard", "kept", "key", "level", "patch",
        "phases", "ratios", "resonance", "risen", "since", "start", "table",
    )  # fmt: skip

    def __init__(self, ident: int, goal: float, patch: Patch, kept: frozenset[str]) -> None:
        self.goal = self.start = goal  # log2 of the frequency
        self.since = 0.0  # age at which a glide began
        self.patch, self.kept = patch, kept  # how it sounds, and what of that does not follow the others
        self.corner: float | None = None  # log2 of the cutoff at rest, where the event says it
        self.resonance: float | None = None  # the same
        self.follows = 0.0  # octaves by which the filter lies higher because of the note
        self.hard = 1.0  # share of the envelope that the stroke is worth
        self.ratios: Wide | None = None  # of its waves, where their detuning is its own
        self.fall = 0.0  # of the event's own decay, in 1/frames, down to `floor`
        self.floor = 0.0
        self.risen = 0.0  # the age at which the attack is over, and the decay begins
        seed = (ident * _GOLDEN) % 1.0
        self.drift = seed
        waves = patch.spread
        self.phases: Wide = np.mod(seed + count(waves) * _GOLDEN, 1.0) if waves > 1 else np.zeros(1)
        self.table: Audio | None = None
        self.level = _INF  # the filter, in octaves above the root, that `table` was made for
        self.key: tuple[int, float] = (0, 0.0)

    def pitch(self, age: Wide, glide: float) -> Wide:
        """log2 of the frequency at each age; `glide` in frames."""
        return self.goal + (self.start - self.goal) * np.exp(-4.6 * np.maximum(age - self.since, 0) / glide)


class SynthBank(Bank):
    """The voices of a synthesiser.

    Args:
        rate: Frames a second.
        patch: Its sound.
    """

    voiced = frozenset(
        {
            "cutoff", "resonance", "env", "decay", "attack", "release", "glide", "drive", "sub", "detune",
            "vibrato", "motion",
        }
    )  # fmt: skip

    def __init__(self, rate: int, patch: Patch) -> None:
        stereo = patch.spread > 1 and patch.width > 0
        super().__init__(rate, 0, spread=2 if stereo else 1)
        self.patch = patch
        self.tones: list[Tone] = []
        self.ways: dict[str, Audio] = {}  # of what moves in this block
        self.alike = True  # no voice has anything of its own
        places = np.array(_PLACES[patch.spread])
        self.ratios = self._ratios(patch)
        loud = np.where(np.abs(places) < 0.1, 1.0, 0.82)
        loud = loud / np.sqrt(np.sum(loud * loud))
        if stereo:
            side = np.resize([1.0, -1.0], patch.spread) * np.abs(places) ** 0.5 * patch.width
            angle = (side + 1) * np.pi / 4
            self.weights = single(loud * np.stack((np.cos(angle), np.sin(angle))) * np.sqrt(2))
        else:
            self.weights = single(loud[None])
        self.top = np.log2(min(20000.0, 0.45 * rate))
        # Made now, not when the first note of some height comes.
        for step in range(21):
            tables(patch.wave, _nearest(patch.resonance), step)

    def begin(self, ident: int, voicing: Voicing, offset: int) -> None:
        """Start a note, or slide to it from one that is still held if there is one voice only."""
        controls, own = voicing.controls, voicing.own
        patch = replace(self.patch, **own) if own else self.patch
        note = 48.0 if controls.note is None else controls.note
        goal = float(np.log2(hertz(note)))
        if patch.voices == 1:
            for place in range(self.count):
                row = self.rows[place]
                if row[CUT] == _INF and row[OFF] == _INF and patch.glide > 0:
                    self._slide(place, ident, goal, float(row[AGE] + offset))
                    return
        self._give_way(offset)
        if controls.cut:
            self.choke_group(controls.cut, offset)
        tone = Tone(ident, goal, patch, frozenset(own))
        tone.follows = patch.follow * (note - 48) / 12
        if controls.cutoff is not None:
            tone.corner = float(np.log2(controls.cutoff))
        if controls.resonance is not None:
            tone.resonance = _nearest(controls.resonance)
        if "detune" in own:
            tone.ratios = self._ratios(patch)
        self.alike = self.alike and not own
        tone.hard = 0.35 + 0.65 * controls.velocity
        attack = patch.attack if controls.attack is None else max(controls.attack, 0.001)
        if controls.decay is not None:
            tone.fall = 6.9 / max(controls.decay * self.rate, 1.0)
            tone.floor = controls.sustain
            tone.risen = attack * self.rate
        release = patch.release if controls.release is None else max(controls.release, 0.003)
        self.add(ident, voicing, offset, attack, release, ())
        self.tones.append(tone)

    def turn(self, name: str, values: Audio) -> None:
        """Move the whole instrument: each voice follows but where its event has said otherwise."""
        if name not in self.voiced:
            return
        now: dict[str, Any] = {name: float(values[-1])}
        self.patch = replace(self.patch, **now)
        for tone in self.tones:
            if name not in tone.kept:
                tone.patch = replace(tone.patch, **now)
        if name == "detune":
            self.ratios = self._ratios(self.patch)
        if name in {"drive", "sub"}:
            self.ways[name] = values

    @staticmethod
    def _ratios(patch: Patch) -> Wide:
        return 2.0 ** (np.array(_PLACES[patch.spread]) * patch.detune / 1200)

    def foresee(self, controls: Controls) -> None:
        """Make the waves of a resonance that is not the patch's own: a few milliseconds, once."""
        for told in controls.moves:
            if told.address == "resonance":
                for step in range(21):
                    tables(self.patch.wave, _nearest(told.value), step)
        if controls.resonance is not None:
            highest = np.log2(hertz(48.0 if controls.note is None else controls.note))
            step = self._step(float(highest))
            tables(self.patch.wave, _nearest(controls.resonance), step)

    def _step(self, highest: float) -> int:
        """Room for partials below `top`, in half octaves, with the outermost wave's detuning."""
        return int(np.clip(2 * (self.top - highest - self.patch.detune / 1200), 0, 20))

    def _slide(self, place: int, ident: int, goal: float, age: float) -> None:
        tone = self.tones[place]
        now = np.array([age])
        tone.start = float(tone.pitch(now, max(self.patch.glide * self.rate, 1.0))[0])
        tone.goal, tone.since = goal, age
        self.ids[place] = ident

    def _give_way(self, offset: int) -> None:
        """Fade the oldest if as many notes sound as may."""
        if self.patch.voices == 1:
            for place in reversed(range(self.count)):
                self.steal(place, offset)
        elif self.count - self.fading() >= self.patch.voices:
            oldest = self.oldest()
            if oldest is not None:
                self.steal(oldest[2], offset)

    def signal(self, frames: int, time: Wide) -> Audio:
        """The waves of every note."""
        spread = self.spread
        out = np.empty((self.count * spread, frames), dtype=np.float32)
        for place, tone in enumerate(self.tones):
            age, patch = time[place], tone.patch
            glide = max(patch.glide * self.rate, 1.0)
            if tone.start != tone.goal or patch.vibrato:
                pitch = tone.pitch(age, glide)
                if patch.vibrato:
                    rise = np.clip(age / self.rate - 0.25, 0, 0.5) * (patch.vibrato / 6)
                    pitch = pitch + rise * np.sin(age * (2 * np.pi * 5.3 / self.rate) + tone.drift)
                step = 2.0**pitch / self.rate
                run = np.cumsum(np.where(age >= 0, step, 0.0))
                highest = float(pitch.max())
            else:
                highest = tone.goal
                run = np.clip(age - max(age[0], 0.0) + 1, 0, frames) * (2.0**tone.goal / self.rate)
            ratios = self.ratios if tone.ratios is None else tone.ratios
            phase = tone.phases[:, None] + ratios[:, None] * run
            tone.phases = np.mod(phase[:, -1], 1.0)
            sound = self._wave(tone, phase, float(age[-1]), highest)
            sub = self._way("sub", tone) if self.ways else patch.sub
            if not isinstance(sub, float) or sub:
                sound += single(sub * np.sin(2 * np.pi * np.mod(phase[0], 1.0)))
            if patch.sustain < 1:
                held = patch.sustain + (1 - patch.sustain) * np.exp(
                    np.maximum(age, 0) / (-patch.fall * self.rate)
                )
                sound *= single(held)
            if tone.fall:
                fallen = np.exp(-tone.fall * np.maximum(age - tone.risen, 0))
                sound *= single(tone.floor + (1 - tone.floor) * fallen)
            if not self.alike:
                sound = _driven(sound, self._way("drive", tone))
            out[place * spread : (place + 1) * spread] = sound
        if self.alike and self.tones:
            out = _driven(out, self._way("drive", self.tones[0]))
        self.alike = self.alike or not any(tone.kept for tone in self.tones)
        return out

    def render(self, frames: int) -> Audio | None:
        """Render the next block."""
        out = super().render(frames)
        self.ways.clear()
        return out

    def _way(self, name: str, tone: Tone) -> "Audio | float":
        """A parameter of a voice in this block, frame by frame if it moves."""
        way = self.ways.get(name) if name not in tone.kept else None
        return float(getattr(tone.patch, name)) if way is None else way

    def _wave(self, tone: Tone, phase: Wide, age: float, highest: float) -> Audio:
        """Read the filtered wave at these phases: shape (spread, frames)."""
        step = self._step(highest)
        level = self._filter(tone, max(age, 0.0)) - tone.goal
        resonance = _nearest(tone.patch.resonance) if tone.resonance is None else tone.resonance
        key = (step, resonance)
        source = tables(tone.patch.wave, resonance, step)
        before = tone.table
        if before is None:
            before = self._first(tone, source)
            tone.level, tone.key = level, key
            after = source.at(level)
        elif tone.key == key and abs(tone.level - level) < 0.004:
            after = before
        else:
            after = source.at(level)
            tone.level, tone.key = level, key
        tone.table = after
        place = np.mod(phase, 1.0) * SIZE
        whole = place.astype(np.int32)
        part = single(place - whole)
        low, high = before[whole], before[whole + 1]
        sound = low + part * (high - low)
        if after is not before:
            low, high = after[whole], after[whole + 1]
            share = np.arange(1, phase.shape[1] + 1, dtype=np.float32) / np.float32(phase.shape[1])
            sound += share * (low + part * (high - low) - sound)
        return single(self.weights @ sound)

    def _first(self, tone: Tone, source: Tables) -> Audio:
        """The wave at the beginning of a note."""
        return source.at(self._filter(tone, 0.0) - tone.goal)

    def _filter(self, tone: Tone, age: float) -> float:
        """log2 of the cutoff at an age."""
        patch = tone.patch
        seconds = age / self.rate
        level = math.log2(patch.cutoff) + tone.follows if tone.corner is None else tone.corner
        level += patch.env * tone.hard * math.exp(-seconds / patch.decay)
        if patch.motion:
            level += patch.motion * float(np.sin(2 * np.pi * (0.13 * seconds + tone.drift)))
        return min(level, self.top + 1)

    def kept(self, places: list[int]) -> None:
        """Only these stay."""
        self.tones = [self.tones[place] for place in places]

    def silence(self) -> None:
        """Forget every voice."""
        super().silence()
        self.tones.clear()

    def finished(self, frames: int) -> "np.ndarray[tuple[int], np.dtype[np.bool_]] | None":
        """Those that an event's decay has brought down by 80 dB."""
        return np.array(
            [
                tone.fall * (row[AGE] - tone.risen) > 9.2 and tone.floor < 1e-4
                for tone, row in zip(self.tones, self.rows, strict=False)
            ]
        )


def _driven(sound: Audio, drive: "Audio | float") -> Audio:
    if isinstance(drive, float) and not drive:
        return sound
    if isinstance(drive, float):
        push = np.float32(1 + 5 * drive)
        return single(np.tanh(push * sound) / np.float32(math.tanh(0.8 * push) / 0.8))
    pushes = 1 + 5 * drive
    return single(np.tanh(pushes * sound) / (np.tanh(np.float32(0.8) * pushes) / np.float32(0.8)))


@lru_cache(maxsize=256)
def _nearest(resonance: float) -> float:
    return min(RESONANCES, key=lambda one: abs(one - resonance))
