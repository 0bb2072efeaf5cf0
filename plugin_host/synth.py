"""The synthesiser behind bass, pad and lead: detuned filtered waves with envelopes, glide and drive."""

import math
from dataclasses import replace
from functools import lru_cache
from itertools import compress
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from plugin_host.audio import Audio, Wide, count, hertz, single
from plugin_host.bank import AGE, CUT, OFF, OWN, Bank, Voicing
from plugin_host.controls import Controls
from plugin_host.patch import Patch
from plugin_host.swaying import is_smooth, looks, sway, ways
from plugin_host.wave_reading import LONG, SPAN, TURN, Course, Phase, Sides, WaveReader, fixed
from plugin_host.wavetable import RESONANCES, tables

__all__ = ["SynthBank"]

Places = NDArray[np.intp]
"""Which voices, by their places in the bank, in order."""
Number = TypeVar("Number", np.uint32, np.float64)

_INF: Final = float("inf")
_GOLDEN: Final = 0.6180339887498949


_PLACES: Final = {
    1: (0.0,),
    2: (-1.0, 1.0),
    3: (-1.0, 0.07, 0.93),
    5: (-1.0, -0.46, 0.04, 0.42, 1.0),
    7: (-1.0, -0.63, -0.29, 0.03, 0.26, 0.59, 1.04),
}
"""Where the waves of a note lie between the outermost; uneven, so that their beating does not repeat."""


(
    GOAL, START, SINCE, SPEED, REST, LIFT, DECAY, MOTION, DRIFT, GLIDE, VIBRATO, DRIVE, SUB, RESONANCE,
    FALL, FLOOR, RISEN, LEVEL, STEP, SINGS,
) = range(OWN, OWN + 20)  # fmt: skip
# GOAL and START are log2 of frequencies, SINCE the age at which a glide from one to the other began; SPEED in
# turns a frame. REST is log2 of the cutoff, LIFT the octaves by which the stroke opens it. FALL is the
# event's own decay in 1/frames, down to FLOOR, from the age RISEN on. LEVEL, STEP and SINGS say what the wave
# was made for: the filter in octaves above the root, the room for partials, the resonance.
_NEAR: Final = 0.004
"""Octaves that the filter may be away from what a wave was made for."""
_AHEAD: Final = 0.003
"""Octaves by which a wave is made ahead for a filter that moves slowly, so that it holds twice as long."""
_OFTEN: Final = [LIFT, MOTION, VIBRATO, SUB, FALL]
_COLUMNS: Final = {
    "decay": DECAY, "motion": MOTION, "glide": GLIDE, "vibrato": VIBRATO, "drive": DRIVE, "sub": SUB,
}  # fmt: skip


class Tone:
    """What one voice of the synthesiser has beside its row."""

    __slots__ = ("alone", "follows", "hard", "kept", "room")

    def __init__(self, kept: frozenset[str], room: int) -> None:
        self.alone = False  # whether it has parameters of its own
        self.kept = kept  # what does not follow when the whole instrument moves
        self.room = room  # where its waves lie
        self.follows = 0.0  # octaves by which the filter lies higher because of the note
        self.hard = 1.0  # share of the envelope that the stroke is worth


class SynthBank(Bank):
    """The voices of a synthesiser.

    Args:
        rate: Frames a second.
        patch: Its sound.
    """

    voiced = frozenset(
        {
            "cutoff", "resonance", "env", "decay", "attack", "release", "glide", "drive", "sub", "detune",
            "vibrato", "motion", "tune",
        }
    )  # fmt: skip

    def __init__(self, rate: int, patch: Patch) -> None:
        stereo = patch.spread > 1 and patch.width > 0
        super().__init__(rate, 20, spread=2 if stereo else 1)
        self.patch = patch
        self.tones: list[Tone] = []
        self.ways: dict[str, Audio] = {}  # of what moves in this block
        self.alike = True  # no voice has anything of its own
        self.stirred = True  # something was begun or moved since the last block
        self.settled = False  # no filter moves any more unless something is stirred
        self.has: set[int] = set()  # columns of _OFTEN that are not 0 for all voices
        self.slides = False  # a voice has slid from one pitch to another
        self.bend: Wide | None = None  # octaves by which voices that follow leave their pitch in this block
        places = np.array(_PLACES[patch.spread])
        self.ratios = self._ratios(patch)
        self.phases: Wide = np.zeros((len(self.rows), patch.spread))  # in turns
        self.turns: Wide = np.zeros_like(self.phases)  # the ratios of each voice
        self.going: Wide = np.zeros_like(self.phases)  # turns a frame
        self.steps: Phase = np.zeros(self.phases.shape, np.uint32)  # the same, as phases
        self.sides = np.zeros(len(self.rows), np.uint32)  # where the wave lies that each has now
        self.pairs = np.zeros_like(self.sides)  # that and where its other wave lies, together
        loud = np.where(np.abs(places) < 0.1, 1.0, 0.82)
        loud = loud / np.sqrt(np.sum(loud * loud))
        if stereo:
            side = np.resize([1.0, -1.0], patch.spread) * np.abs(places) ** 0.5 * patch.width
            angle = (side + 1) * np.pi / 4
            weights = single(loud * np.stack((np.cos(angle), np.sin(angle))) * np.sqrt(2))
        else:
            weights = single(loud[None])
        # Beside those that sound, some that are fading.
        self.reader = WaveReader(weights, patch.voices + 8)
        self.top = float(np.log2(min(20000.0, 0.45 * rate)))
        # Made now, not when the first note of some height comes.
        for step in range(21):
            tables(patch.wave, _nearest(patch.resonance), step)

    def begin(self, ident: int, voicing: Voicing, offset: int) -> None:
        """Start a note, or slide to it from one that is still held if there is one voice only."""
        controls, own = voicing.controls, voicing.own
        patch = replace(self.patch, **own) if own else self.patch
        note = 48.0 if controls.note is None else controls.note
        goal = math.log2(hertz(note)) + patch.tune / 12
        self.stirred = True
        if patch.voices == 1:
            for place in range(self.count):
                row = self.rows[place]
                if row[CUT] == _INF and row[OFF] == _INF and patch.glide > 0:
                    self._slide(place, ident, goal, float(row[AGE] + offset))
                    return
        self._give_way(offset)
        if controls.cut:
            self.choke_group(controls.cut, offset)
        tone = Tone(frozenset(own), self.reader.take())
        tone.alone = bool(own)
        tone.follows = patch.follow * (note - 48) / 12
        rest, resonance = math.log2(patch.cutoff) + tone.follows, _nearest(patch.resonance)
        if controls.cutoff is not None:
            rest, tone.kept = math.log2(controls.cutoff), tone.kept | {"cutoff"}
        if controls.resonance is not None:
            resonance, tone.kept = _nearest(controls.resonance), tone.kept | {"resonance"}
        self.alike = self.alike and not own
        tone.hard = 0.35 + 0.65 * controls.velocity
        attack = patch.attack if controls.attack is None else max(controls.attack, 0.001)
        fall = floor = risen = 0.0
        if controls.decay is not None:
            fall = 6.9 / max(controls.decay * self.rate, 1.0)
            floor, risen = controls.sustain, attack * self.rate
        release = patch.release if controls.release is None else max(controls.release, 0.003)
        seed = (ident * _GOLDEN) % 1.0
        speed = 2.0**goal / self.rate
        numbers = (
            goal, goal, 0.0, speed, rest, patch.env * tone.hard, patch.decay, patch.motion, seed, patch.glide,
            patch.vibrato, patch.drive, patch.sub, resonance, fall, floor, risen, _INF, 0.0, 0.0,
        )  # fmt: skip
        place = self.add(ident, voicing, offset, attack, release, numbers)
        if len(self.phases) < len(self.rows):
            self.phases, self.turns, self.going = (_twice(x) for x in (self.phases, self.turns, self.going))
            self.steps, self.sides, self.pairs = (_twice(x) for x in (self.steps, self.sides, self.pairs))
        self.phases[place] = np.mod(seed + count(patch.spread) * _GOLDEN, 1.0) if patch.spread > 1 else 0.0
        self.turns[place] = self._ratios(patch) if "detune" in own else self.ratios
        self.sides[place], self.pairs[place] = tone.room, 2 * tone.room + SPAN
        self.tones.append(tone)

    def turn(self, name: str, values: Audio) -> None:
        """Move the whole instrument: each voice follows but where its event has said otherwise."""
        if name not in self.voiced:
            return
        value = float(values[-1])
        now: dict[str, Any] = {name: value}
        if name == "tune" and self.tones:
            self.bend = (values.astype(np.float64) - self.patch.tune) / 12
        self.patch = replace(self.patch, **now)
        self.stirred = True
        if name == "detune":
            self.ratios = self._ratios(self.patch)
        if name in {"drive", "sub"}:
            self.ways[name] = values
        for tone, row, turns in zip(self.tones, self.rows, self.turns, strict=False):
            if name in tone.kept:
                continue
            if name == "cutoff":
                row[REST] = math.log2(value) + tone.follows
            elif name == "env":
                row[LIFT] = value * tone.hard
            elif name == "detune":
                turns[:] = self.ratios
            elif name == "resonance":
                row[RESONANCE] = _nearest(value)
            elif name in _COLUMNS:
                row[_COLUMNS[name]] = value

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
            highest = math.log2(hertz(48.0 if controls.note is None else controls.note))
            step = int(self._steps(np.array([highest]))[0])
            tables(self.patch.wave, _nearest(controls.resonance), step)

    def _steps(self, highest: Wide) -> Wide:
        """Room for partials below `top`, in half octaves, with the outermost wave's detuning."""
        steps = 2 * (self.top - self.patch.detune / 1200 - highest)
        return np.floor(np.minimum(np.maximum(steps, 0, out=steps), 20, out=steps), out=steps)

    def _slide(self, place: int, ident: int, goal: float, age: float) -> None:
        row = self.rows[place : place + 1]
        row[0, START] = self._pitch(row, np.array([[age]]), max(self.patch.glide, 1.0 / self.rate))[0, 0]
        row[0, GOAL], row[0, SINCE], row[0, SPEED] = goal, age, 2.0**goal / self.rate
        self.ids[place] = ident

    def _pitch(self, rows: Wide, age: Wide, glide: "Wide | float") -> Wide:
        """log2 of the frequencies on their way, without vibrato; `glide` in seconds."""
        past = np.exp(np.maximum(age - rows[:, SINCE, None], 0) * (-4.6 / self.rate) / glide)
        return rows[:, GOAL, None] + (rows[:, START] - rows[:, GOAL])[:, None] * past

    def _give_way(self, offset: int) -> None:
        """Fade the oldest if as many notes sound as may."""
        if self.patch.voices == 1:
            for place in reversed(range(self.count)):
                self.steal(place, offset)
        elif self.count - self.fading() >= self.patch.voices:
            oldest = self.oldest()
            if oldest is not None:
                self.steal(oldest[2], offset)

    def signal(self, frames: int) -> Audio:
        """The waves of every note."""
        rows = self.rows[: self.count]
        out: Audio = np.empty((self.count, self.spread, frames), np.float32)
        phases, turns = self.phases[: self.count], self.turns[: self.count]
        going, steps = self.going[: self.count], self.steps[: self.count]
        if self.stirred:
            self.has = set(compress(_OFTEN, np.any(rows[:, _OFTEN], axis=0).tolist()))
            self.slides = bool((rows[:, START] != rows[:, GOAL]).any())
            np.multiply(turns, rows[:, SPEED, None], out=going)
            steps[:] = fixed(going)
        runs = waits = highest = None
        if self.slides or VIBRATO in self.has or self.bend is not None:
            highest, runs = self._moving(rows, frames)
        elif frames > LONG:
            begun = np.minimum(rows[:, AGE, None], 0) + (count(frames) + 1)
            runs = rows[:, SPEED, None] * np.maximum(begun, 0)
        elif rows[:, AGE].min() < 0:
            waits = np.maximum(-rows[:, AGE], 0)
        course = Course(phases, turns, steps, frames, waits, runs)
        sides = self.sides[: self.count]
        after = self._follow(rows, frames, highest, sides)
        subs = SUB in self.has or "sub" in self.ways
        self.reader.read(sides, after, course, out, self._sub if subs else None)
        if after is not sides:
            sides[:] = after
        if runs is not None:
            phases += turns * runs[:, -1:]
        elif waits is not None:
            phases += going * np.maximum(frames - waits, 0)[:, None]
        else:
            phases += going * frames
        phases -= np.floor(phases)
        if self.bend is not None:
            self._stay_bent(rows, self.bend)
        self._shrink(rows, out)
        if self.alike:
            out = _driven(out, self._way("drive", 0)) if self.tones else out
        else:
            for place in range(self.count):
                out[place] = _driven(out[place], self._way("drive", place))
        self.alike = self.alike or not any(tone.alone for tone in self.tones)
        return out.reshape(-1, frames)

    def _moving(self, rows: Wide, frames: int) -> tuple[Wide, Wide]:
        """How high voices come that glide or sway, as log2 of the frequency, and how far, in turns."""
        smooth = not self.slides and self.bend is None and is_smooth(rows[:, AGE], frames, self.rate)
        age = rows[:, AGE, None] + (looks(frames) if smooth else count(frames))
        pitch = rows[:, GOAL, None]
        if self.slides:
            pitch = self._pitch(rows, age, np.maximum(rows[:, GLIDE, None], 1.0 / self.rate))
        if VIBRATO in self.has:
            pitch = pitch + sway(age, rows[:, DRIFT, None], self.rate) * (rows[:, VIBRATO, None] / 12)
        if self.bend is not None:
            self.bend = np.array([[float("tune" not in tone.kept)] for tone in self.tones]) * self.bend
            pitch = pitch + self.bend
        step = np.exp2(pitch)
        step *= 1 / self.rate
        if smooth:
            return pitch.max(axis=1), step @ ways(frames)
        step[age < 0] = 0
        return pitch.max(axis=1), np.cumsum(step, axis=1)

    def _stay_bent(self, rows: Wide, bend: Wide) -> None:
        """Let the voices keep the pitch to which they have come."""
        rows[:, GOAL] += bend[:, -1]
        rows[:, START] += bend[:, -1]
        rows[:, SPEED] = np.exp2(rows[:, GOAL]) / self.rate
        self.bend, self.stirred = None, True

    def _follow(self, rows: Wide, frames: int, highest: Wide | None, sides: Sides) -> Sides:
        """Lay the waves that the voices come to in this block, and say where each has its wave then."""
        still, asleep = not self.stirred, self.settled and not self.stirred
        if asleep and highest is None:
            return sides
        self.stirred = False
        steps = rows[:, STEP]
        if highest is not None or not still:
            steps = self._steps(rows[:, GOAL] if highest is None else highest)
        other = rows[:, STEP] != steps
        if asleep and not other.any():
            return sides
        level = self._filter(rows, np.maximum(rows[:, AGE] + (frames - 1), 0)) - rows[:, GOAL]
        away = level - rows[:, LEVEL]
        far = np.abs(away)
        fresh = far >= _NEAR
        fresh |= other
        if not still:
            fresh |= rows[:, SINGS] != rows[:, RESONANCE]
        (places,) = fresh.nonzero()
        after = sides
        if places.size:
            after = sides.copy()
            after[places] = self.pairs[places] - sides[places]
            ahead = np.copysign(_AHEAD, away[places])
            ahead[far[places] >= 2 * _NEAR] = 0
            self._lay(rows, places, level[places] + ahead, steps[places], sides, after)
        # What falls, falls to one side: where its end is near, so is all that comes before.
        end = np.minimum(rows[:, REST], self.top + 1) - rows[:, GOAL]
        self.settled = MOTION not in self.has and bool((np.abs(rows[:, LEVEL] - end) < _NEAR).all())
        return after

    def _lay(self, rows: Wide, places: Places, level: Wide, steps: Wide, sides: Sides, after: Sides) -> None:
        """Write the waves that some voices come to, and of those that begin also the one they have."""
        mine = rows[places]
        numbers = (places, sides[places], after[places], level, steps, mine[:, RESONANCE], mine[:, LEVEL])
        for place, side, other, octaves, step, resonance, before in zip(
            *(one.tolist() for one in numbers), strict=True
        ):
            source = tables(self.patch.wave, resonance, int(step))
            if before == _INF:
                first = self._filter(rows[place : place + 1], np.zeros(1)) - rows[place, GOAL]
                self.reader.lay(side, source, float(first[0]))
            self.reader.lay(other, source, octaves)
        rows[places, LEVEL], rows[places, STEP] = level, steps
        rows[places, SINGS] = mine[:, RESONANCE]

    def _filter(self, rows: Wide, age: Wide) -> Wide:
        """log2 of the cutoffs at an age each."""
        seconds = age * (1 / self.rate)
        level = rows[:, REST].copy()
        if LIFT in self.has:
            level += rows[:, LIFT] * np.exp(-seconds / rows[:, DECAY])
        if MOTION in self.has:
            level += rows[:, MOTION] * np.sin(2 * np.pi * (0.13 * seconds + rows[:, DRIFT]))
        return np.minimum(level, self.top + 1)

    def _sub(self, first: int, phase: Phase) -> Audio:
        """A sine at the root."""
        sine = phase.view(np.int32).astype(np.float32)
        sine *= np.float32(2 * np.pi / TURN)
        np.sin(sine, out=sine)
        if "sub" not in self.ways:
            sine *= single(self.rows[first : first + len(sine), SUB, None])
        else:
            for number in range(len(sine)):
                sine[number] *= self._way("sub", first + number)
        return sine

    def _shrink(self, rows: Wide, out: Audio) -> None:
        """Let what is held fall to the patch's level, and what an event gives a decay."""
        frames = out.shape[2]
        if self.patch.sustain < 1:
            slow = -1 / (self.patch.fall * self.rate)
            begun = np.empty((len(rows), 2), np.float32)
            begun[:, 0], begun[:, 1] = np.exp(rows[:, AGE] * slow), self.patch.sustain
            begun[:, 0] *= 1 - self.patch.sustain
            # A product of two short tables; what has not begun is silent, whatever it is multiplied by.
            out *= (begun @ _falling(slow, frames))[:, None]
        if FALL in self.has:
            falling = np.flatnonzero(rows[:, FALL])
            mine = rows[falling, :, None]
            since = np.maximum(self.times(frames)[falling] - mine[:, RISEN], 0)
            fallen = np.exp(single(-mine[:, FALL] * since))
            out[falling] *= single(mine[:, FLOOR] + (1 - mine[:, FLOOR]) * fallen)[:, None]

    def render(self, frames: int) -> Audio | None:
        """Render the next block."""
        out = super().render(frames)
        self.ways.clear()
        return out

    def _way(self, name: str, place: int) -> "Audio | float":
        """A parameter of a voice in this block, frame by frame if it moves."""
        way = self.ways.get(name) if name not in self.tones[place].kept else None
        return float(self.rows[place, _COLUMNS[name]]) if way is None else way

    def kept(self, places: list[int]) -> None:
        """Only these stay."""
        staying = set(places)
        for place, tone in enumerate(self.tones):
            if place not in staying:
                self.reader.give(tone.room)
        self.tones = [self.tones[place] for place in places]
        for one in (self.phases, self.turns, self.going, self.steps, self.sides, self.pairs):
            one[: len(places)] = one[places]

    def silence(self) -> None:
        """Forget every voice."""
        super().silence()
        self.kept([])

    def finished(self, frames: int) -> "np.ndarray[tuple[int], np.dtype[np.bool_]] | None":
        """Those that an event's decay has brought down by 80 dB."""
        rows = self.rows[: self.count]
        if FALL not in self.has:
            return None
        return (rows[:, FALL] * (rows[:, AGE] - rows[:, RISEN]) > 9.2) & (rows[:, FLOOR] < 1e-4)


def _twice(rows: NDArray[Number]) -> NDArray[Number]:
    return np.concatenate((rows, np.zeros_like(rows)))


def _driven(sound: Audio, drive: "Audio | float") -> Audio:
    if isinstance(drive, float) and not drive:
        return sound
    push = 1 + 5 * drive if isinstance(drive, np.ndarray) else np.float32(1 + 5 * drive)
    sound *= push
    np.tanh(sound, out=sound)
    sound /= np.tanh(np.float32(0.8) * push) / np.float32(0.8)
    return sound


@lru_cache(maxsize=32)
def _falling(slow: float, frames: int) -> Audio:
    """A fall by so many nepers a frame, and one that stays at 1."""
    return np.stack((np.exp(single(count(frames) * slow)), np.ones(frames, np.float32)))


@lru_cache(maxsize=256)
def _nearest(resonance: float) -> float:
    return min(RESONANCES, key=lambda one: abs(one - resonance))
