"""Strings, textures and tuned noise: long loops in which every partial is a band of its own."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from plugin_host.audio import Audio, Wide, count, hertz, single
from plugin_host.bank import AGE, ATTACK, OWN, Bank, Voicing
from plugin_host.bending import travelled
from plugin_host.inserts import Inserts

__all__ = ["Cloud", "CloudBank"]

Number = TypeVar("Number", np.float32, np.float64)

SIZE: Final = 1 << 17
"""Frames of a loop: 2.7 s at 48 kHz, long enough that nobody hears it come round."""
LENGTH: Final = SIZE + 12_288
"""Frames that are kept of it: it goes on after its end for the longest block (8,192 frames, a tritone up), so
that no block has to come round in its middle."""
ANCHORS: Final = tuple(range(30, 115, 12))
"""Notes that loops are made for; others are read at most a tritone higher or lower."""
ANCHOR, STEP, START, BRIGHT, SWAY, FALL, FLOOR, FOLLOWS = range(OWN, OWN + 8)
SLOW: Final = 0.11
"""Hz in which the colour sways."""
_GOLDEN: Final = 0.6180339887498949
_QUIETEST: Final = 1e-5
"""Of a partial; 100 dB below the first it is left out."""


@dataclass(frozen=True, slots=True)
class Cloud:
    """A sound of bands.

    Args:
        kind: "strings", "texture" or "noise".
        width: Of the bands: in cents for strings and textures, in octaves for noise.
        brightness: How much there is of the upper ones, 0 to 1.
        attack: Seconds to fade in.
        release: Seconds to fade out.
        motion: How far its colour sways, 0 to 1.
        tune: Semitones by which every note is higher.
    """

    kind: str
    width: float
    brightness: float
    attack: float
    release: float
    motion: float = 0.0
    tune: float = 0.0


def _partials(cloud: Cloud, root: float, top: float, *, bright: bool) -> tuple[Wide, Wide, Wide]:
    """Pitches in Hz, levels and widths in Hz of the bands."""
    tilt = 1.9 - 0.6 * cloud.brightness - (0.65 if bright else 0.0)
    spread = 2.0 ** (cloud.width / 1200) - 1
    k = count(int(max(top / root, 1))) + 1
    if cloud.kind == "strings":
        pitches = k * root
        # What a body of wood does to all notes alike: broad hills where violins and violas have them.
        hills = sum(gain * np.exp(-(np.log2(pitches / at) ** 2) / 0.5) for at, gain in
                    ((290, 0.5), (520, 0.6), (1150, 0.5), (2700, 0.9 if bright else 0.4)))  # fmt: skip
        return pitches, k**-tilt * (0.45 + hills), spread * pitches
    # A texture: some partials stand out, others are hardly there, the same for every note; an octave below.
    chance = np.random.default_rng(2).random((2, 512))[int(bright)]
    at = np.concatenate(([0.5], k))
    levels = np.concatenate(([0.3], k ** -(tilt + 0.5) * chance[np.minimum(k.astype(int), 511)] ** 2))
    return at * root, levels, spread * at * root * np.sqrt(at)


def _lines(cloud: Cloud, root: float, rate: int, *, bright: bool) -> Wide:
    """The strength of each line of a loop's spectrum, where a note of `root` Hz is made of `cloud`."""
    grid = count(SIZE // 2 + 1) * (rate / SIZE)
    lines = np.zeros_like(grid)
    # Read a tritone higher, what lies above comes down again as what it is not.
    top = min(18_000.0, 0.45 * rate) / 2**0.5
    if cloud.kind == "noise":
        inside = (grid > 10) & (grid < top)
        lines[inside] = np.exp(-0.5 * (np.log2(grid[inside] / root) / (0.42 * cloud.width)) ** 2)
        lines[inside] /= np.sqrt(grid[inside])  # as strong in each octave
        return lines
    for pitch, level, width in zip(*_partials(cloud, root, top, bright=bright), strict=True):
        if level < _QUIETEST or pitch >= top:
            continue
        low, high = (int((pitch + side * 4 * width) * SIZE / rate) for side in (-1, 1))
        low, high = max(low, 1), min(high + 2, len(grid))
        bell = np.exp(-0.5 * ((grid[low:high] - pitch) / max(width, 0.25)) ** 2)
        # As loud however wide: the power of a band is the sum over its lines.
        lines[low:high] += level * bell / np.sqrt(np.sum(bell * bell) + 1e-12)
    return lines


@lru_cache(maxsize=6)
def loops(kind: str, width: float, brightness: float, rate: int) -> Audio:
    """The loops of a cloud: shape (colours times left and right, anchors times LENGTH); 18 MB at most.

    Source: bands of random phase by an inverse Fourier transform, after Nasca, "PADsynth", 2004.
    """
    cloud = Cloud(kind, width, brightness, 0, 0)
    colours = (False, True) if kind != "noise" else (False,)
    out = np.empty((len(colours), 2, len(ANCHORS), LENGTH), np.float32)
    for colour, bright in enumerate(colours):
        for place, anchor in enumerate(ANCHORS):
            lines = _lines(cloud, hertz(anchor), rate, bright=bright)
            for side in (0, 1):
                # The same phases for both colours: between them a band gets louder, and does not cancel.
                turn = np.random.default_rng(100 * anchor + side).random(len(lines))
                wave = np.fft.irfft(lines * np.exp(2j * np.pi * turn), SIZE)
                wave /= np.sqrt(np.mean(wave * wave)) + 1e-12
                out[colour, side, place, :SIZE] = wave
                out[colour, side, place, SIZE:] = wave[: LENGTH - SIZE]
    return out.reshape(2 * len(colours), len(ANCHORS) * LENGTH)


def _lines_of(
    begins: NDArray[Number], slopes: NDArray[Number], along: NDArray[Number], out: NDArray[Number]
) -> None:
    """Straight lines, one for each beginning and slope; a product of matrices takes a quarter of the time."""
    np.matmul(np.stack((begins, slopes), axis=1), np.stack((np.ones_like(along), along)), out=out)


class CloudBank(Bank):
    """The voices of a cloud.

    Args:
        rate: Frames a second.
        cloud: Its sound.
    """

    voiced = frozenset({"attack", "release", "motion", "tune"})

    def __init__(self, rate: int, cloud: Cloud) -> None:
        super().__init__(rate, 8, spread=2)
        self.bend: Wide | None = None  # octaves by which voices that follow leave their pitch in this block
        self.cloud = cloud
        self.loops = loops(cloud.kind, cloud.width, cloud.brightness, rate)
        self._room: Audio = np.empty((0, 0, 0), np.float32)  # for what is read in a block
        self._at: Wide = np.empty((0, 0))
        self._whole = np.empty((0, 0), np.int64)

    def begin(self, ident: int, voicing: Voicing, offset: int) -> None:
        """Start a note."""
        cloud, controls = replace(self.cloud, **voicing.own), voicing.controls
        note = (60.0 if controls.note is None else controls.note) + cloud.tune
        anchor = min(range(len(ANCHORS)), key=lambda one: abs(ANCHORS[one] - note))
        step = hertz(note) / hertz(ANCHORS[anchor])
        # A place of its own for each note: two of one pitch are two players, not one twice as loud.
        start = SIZE * ((ident * _GOLDEN) % 1.0)
        bright = controls.velocity**1.5
        attack = cloud.attack * (1.4 - 0.8 * controls.velocity)
        attack = attack if controls.attack is None else controls.attack
        release = cloud.release if controls.release is None else controls.release
        fall = 0.0 if controls.decay is None else 6.9 / max(controls.decay * self.rate, 1.0)
        sway = 2 * np.pi * ((ident * _GOLDEN**2) % 1.0)
        if controls.cut:
            self.choke_group(controls.cut, offset)
        follows = float("tune" not in voicing.own)
        own = (float(anchor), step, start, bright, sway, fall, controls.sustain, follows)
        place = self.add(ident, voicing, offset, max(attack, 0.002), max(release, 0.005), own)
        self.inserts[place] = Inserts.of(controls, self.rate, self.spread, lowpass=True)

    def turn(self, name: str, values: Audio) -> None:
        """Move what is no part of the loops; attack and release are those of the next notes."""
        if name in self.voiced:
            if name == "tune" and self.count:
                self.bend = (values.astype(np.float64) - self.cloud.tune) / 12
            now: dict[str, Any] = {name: float(values[-1])}
            self.cloud = replace(self.cloud, **now)

    def signal(self, frames: int) -> Audio:
        """The loops, each at its own pitch."""
        rows = self.rows[: self.count]
        first = rows[:, START] + rows[:, STEP] * np.maximum(rows[:, AGE], 0)
        first -= np.floor(first / SIZE) * SIZE
        first += rows[:, ANCHOR] * LENGTH
        if self._room.shape[1] < self.count or self._room.shape[2] != frames:
            most = (len(self.rows), frames)
            self._room = np.empty((len(self.loops) + 2, *most), np.float32)
            self._at, self._whole = np.empty(most, np.float64), np.empty(most, np.int64)
        at, whole, part = self._at[: self.count], self._whole[: self.count], self._room[-2, : self.count]
        if self.bend is not None:
            self._move(rows, self.bend, at)
        elif (rows[:, AGE] < 0).any():
            late = np.maximum(count(frames) + np.minimum(rows[:, AGE, None], 0), 0)
            np.add(first[:, None], rows[:, STEP, None] * late, out=at)
        else:
            _lines_of(first, rows[:, STEP], count(frames), at)
        np.copyto(whole, at, casting="unsafe")
        at -= whole
        np.copyto(part, at, casting="same_kind")
        read, rise = self._room[:-2, : self.count], self._room[-1, : self.count]
        for loop, sound in zip(self.loops, read, strict=True):
            # "clip" reads without a copy of the result; no place is ever outside.
            loop.take(whole, mode="clip", out=sound)
            loop[1:].take(whole, mode="clip", out=rise)
            rise -= sound
            rise *= part
            np.add(sound, rise, out=sound)
        out: Audio = np.empty((self.count, 2, frames), np.float32)
        sides = out.swapaxes(0, 1)
        if len(read) > 2:
            bright = read[2:]
            bright -= read[:2]
            bright *= self._bright(rows, frames)
            np.add(read[:2], bright, out=sides)
        else:
            sides[:] = read
        falling = np.flatnonzero(rows[:, FALL])
        if falling.size:
            since = np.maximum(self.times(frames)[falling] - rows[falling, ATTACK, None], 0)
            floor = rows[falling, FLOOR, None]
            fallen = np.exp(single(-rows[falling, FALL, None] * since))
            out[falling] *= single(floor + (1 - floor) * fallen)[:, None]
        return out.reshape(2 * self.count, frames)

    def _move(self, rows: Wide, bend: Wide, out: Wide) -> None:
        """Where each voice reads while its pitch moves; it stays where that ends."""
        octaves = rows[:, FOLLOWS, None] * bend
        places, ends = travelled(rows[:, AGE], rows[:, STEP], rows[:, START], octaves)
        places -= np.floor(places / SIZE) * SIZE
        np.add(places, rows[:, ANCHOR, None] * LENGTH, out=out)
        after = np.maximum(rows[:, AGE] + len(bend), 0)
        rows[:, STEP] *= np.exp2(octaves[:, -1])
        rows[:, START] = np.mod(ends - rows[:, STEP] * after, SIZE)
        self.bend = None

    def _bright(self, rows: Wide, frames: int) -> Audio:
        """How bright each voice is, frame by frame: straight from one end of the block to the other."""
        ends = rows[:, AGE, None] + np.array([0, frames])
        sway = np.sin(rows[:, SWAY, None] + ends * (2 * np.pi * SLOW / self.rate))
        begin, end = np.clip(rows[:, BRIGHT, None] + 0.5 * self.cloud.motion * sway, 0, 1).T
        way: Audio = np.empty((len(rows), frames), np.float32)
        _lines_of(single(begin), single(end - begin), single(count(frames) / frames), way)
        return way

    def finished(self, frames: int) -> "np.ndarray[tuple[int], np.dtype[np.bool_]] | None":
        """Those that an event's decay has brought down by 80 dB."""
        rows = self.rows[: self.count]
        return (rows[:, FALL] * (rows[:, AGE] - rows[:, ATTACK]) > 9.2) & (rows[:, FLOOR] < 1e-4)
