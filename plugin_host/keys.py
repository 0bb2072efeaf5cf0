"""The electric piano: two pairs of sine operators, in closed form, so that nothing drifts or clicks."""

from typing import Final

import numpy as np

from plugin_host.audio import Audio, Wide, count, hertz, single
from plugin_host.bank import AGE, OWN, Bank, Voicing
from plugin_host.bending import travelled

__all__ = ["KeysBank"]

STEP, BODY, TINE, FALL, BARK, BASE, SHINE, RING, PHASE, FOLLOWS = range(OWN, OWN + 10)

SOME: Final = 32
"""Frames of a run: how far a key falls within one is the same for all its runs."""


class KeysBank(Bank):
    """The voices of the electric piano.

    Args:
        rate: Frames a second.
        brightness: How much the hammer is heard, 0 to 1.
        tine: How much bell there is at the beginning, 0 to 1.
        decay: How long a held note rings, as a multiple.
        release: Seconds to fade once let go.
        tremolo: How far it moves from side to side, 0 to 1.
        speed: How fast it moves, in Hz.
        tune: Semitones by which every note is higher.

    Source: frequency modulation after Chowning, "The Synthesis of Complex Audio Spectra by Means of
        Frequency Modulation", 1973; a 1:1 pair for the body and a 1:14 pair for the tine, as is common.
    """

    voiced = frozenset({"brightness", "tine", "decay", "release", "tune"})

    def __init__(
        self,
        rate: int,
        brightness: float,
        tine: float,
        decay: float,
        release: float,
        tremolo: float,
        speed: float,
        tune: float = 0.0,
    ) -> None:
        super().__init__(rate, 10)
        self.brightness, self.tine, self.decay = brightness, tine, decay
        self.release, self.tremolo, self.speed = release, tremolo, speed
        self.turned = 0.0  # of the tremolo, in whole turns
        self.ways: dict[str, Audio] = {}
        self.tune = tune
        self.bend: Wide | None = None  # octaves by which the keys that follow leave their pitch in this block
        self.bent = False  # whether any key has ever moved

    def begin(self, ident: int, voicing: Voicing, offset: int) -> None:
        """Strike a key."""
        controls = voicing.controls
        note = (60.0 if controls.note is None else controls.note) + voicing.own.get("tune", self.tune)
        pitch = hertz(note)
        hard = controls.velocity
        # High keys are struck on shorter bars: less bark, quicker fall.
        reach = float(np.clip(1.25 - (note - 48) / 48, 0.15, 1.4))
        open_ = 1.0 if controls.cutoff is None else float(np.clip(np.log2(controls.cutoff / pitch) / 4, 0, 1))
        brightness = voicing.own.get("brightness", self.brightness)
        shine = 4.4 * hard**1.5 * reach * open_
        body = 0.5 * reach * open_ + brightness * shine
        # The tine lies 14 times as high; it is left out where it would come near half the rate.
        room = float(np.clip((0.42 * self.rate - 14 * pitch) / 6000, 0, 1))
        ring = (0.3 + 2.2 * hard * hard) * room * open_
        tine = voicing.own.get("tine", self.tine) * ring
        decay = 2.6 * voicing.own.get("decay", self.decay)
        seconds = (decay if controls.decay is None else controls.decay) * 2.0 ** ((60 - note) / 30)
        release = voicing.own.get("release", self.release) if controls.release is None else controls.release
        attack = 0.0015 if controls.attack is None else max(controls.attack, 0.0015)
        # What does not follow when brightness or tine move has the event's own.
        follows = (0.5 * reach * open_, shine * ("brightness" not in voicing.own))
        rings = ring * ("tine" not in voicing.own)
        own = (pitch / self.rate, body, tine, 1.0 / max(seconds * self.rate, 1), 0.35 * hard, *follows, rings)
        bends = (0.0, float("tune" not in voicing.own))
        self.add(ident, voicing, offset, attack, max(release, 0.005), (*own, *bends))

    def signal(self, frames: int) -> Audio:
        """Body and tine of every key."""
        rows = self.rows[: self.count]
        turns = self._turns(rows, frames)
        turns -= np.floor(turns)
        phase = single(turns)
        phase *= np.float32(2 * np.pi)
        # Products of short tables take a tenth of the time; what has not begun is silent, whatever it is.
        long = self._fallen(rows, rows[:, FALL], frames)
        short = self._fallen(rows, np.full(self.count, 6.5 / self.rate), frames)
        strike = np.sqrt(long)
        strike *= short
        strike += long
        strike *= np.float32(0.5)
        bright, tines = self.ways.pop("brightness", None), self.ways.pop("tine", None)
        if bright is None:
            strike *= single(rows[:, BODY, None])
        else:
            goal = rows[:, SHINE, None] * bright + rows[:, BASE, None]
            strike *= self._follow(rows, BODY, goal, SHINE)
        body = np.sin(phase)
        body *= strike
        body += phase
        np.sin(body, out=body)
        bell = phase * np.float32(14)
        np.sin(bell, out=bell)
        bell *= short
        if tines is None:
            bell *= single(rows[:, TINE, None])
        else:
            bell *= self._follow(rows, TINE, rows[:, RING, None] * tines, RING)
        bell += phase
        np.sin(bell, out=bell)
        body *= np.float32(0.6)
        bell *= np.float32(0.4)
        body += bell
        long *= np.float32(0.62)
        short *= np.float32(0.38)
        long += short
        body *= long
        return body

    def _turns(self, rows: Wide, frames: int) -> Wide:
        """Turns since each key was struck, frame by frame."""
        if self.bend is None:
            turns = self.times(frames) * rows[:, STEP, None]
            if self.bent:
                turns += rows[:, PHASE, None]
            return turns
        octaves = rows[:, FOLLOWS, None] * self.bend
        turns, ends = travelled(rows[:, AGE], rows[:, STEP], rows[:, PHASE], octaves)
        rows[:, STEP] *= np.exp2(octaves[:, -1])
        rows[:, PHASE] = np.mod(ends - rows[:, STEP] * np.maximum(rows[:, AGE] + frames, 0), 1.0)
        self.bend, self.bent = None, True
        return turns

    @staticmethod
    def _fallen(rows: Wide, falls: Wide, frames: int) -> Audio:
        """How far each key has fallen, frame by frame; `falls` in nepers a frame."""
        begun = np.exp(-np.maximum(rows[:, AGE], 0) * falls)
        waits = np.minimum(rows[:, AGE], 0)
        some = np.exp(single(-falls[:, None] * (SOME * count(-(-frames // SOME)) + waits[:, None])))
        some *= single(begun)[:, None]
        fine = np.exp(single(-falls[:, None] * count(SOME)))
        return (some[:, :, None] * fine[:, None]).reshape(len(rows), -1)[:, :frames]

    @staticmethod
    def _follow(rows: Wide, column: int, goal: Wide, moves: int) -> Audio:
        """A column on its way, frame by frame, for the keys that follow; it stays where that ends."""
        out = np.where(rows[:, moves, None] != 0, goal, rows[:, column, None])
        rows[:, column] = out[:, -1]
        return single(out)

    def turn(self, name: str, values: Audio) -> None:
        """Move tone and tremolo; decay and release are those of the next keys."""
        if name in {"brightness", "tine", "tremolo", "rate"}:
            self.ways[name] = values
        if name == "tune" and self.count:
            self.bend = (values.astype(np.float64) - self.tune) / 12
        setattr(self, {"rate": "speed"}.get(name, name), float(values[-1]))

    def mix(self, lanes: Audio, sound: Audio) -> Audio:
        """Sum the keys and let them move from side to side."""
        out = super().mix(lanes, sound)
        frames = sound.shape[1]
        deep = self.ways.get("tremolo", self.tremolo)
        if self.tremolo or "tremolo" in self.ways:
            fast = self.ways.get("rate")
            steps = count(frames) * (self.speed / self.rate)
            turn = self.turned + (steps if fast is None else np.cumsum(fast, dtype=np.float64) / self.rate)
            sway = single(0.7 * deep * np.sin(2 * np.pi * np.mod(turn, 1.0)))
            out[0::2] *= 1 + sway
            out[1::2] *= 1 - sway
        return out

    def render(self, frames: int) -> Audio | None:
        """Render the next block."""
        out = super().render(frames)
        fast = self.ways.get("rate")
        gone = frames * self.speed if fast is None else float(np.sum(fast, dtype=np.float64))
        self.turned = (self.turned + gone / self.rate) % 1.0
        self.ways.clear()
        return out

    def finished(self, frames: int) -> "np.ndarray[tuple[int], np.dtype[np.bool_]] | None":
        """Those that have rung out: 60 dB down."""
        rows = self.rows[: self.count]
        return rows[:, AGE] * rows[:, FALL] > 6.9
