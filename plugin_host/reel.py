"""One recording that goes round in cycles: where on it each moment of a cycle lies, and reading it there."""

from typing import Final

import numpy as np

from plugin_host.audio import Audio, Wide, single

__all__ = ["SEAM", "Reel", "rise"]

SEAM: Final = 0.005
"""Seconds in which the end passes over into what was heard before the beginning."""
GUARD: Final = 16
"""Frames of silence on either side, so that a reader may look around."""
_TAPS: Final = 16
_PARTS: Final = 2048
"""Places between two frames at which it can be read: the error of the nearest lies 70 dB below 5 kHz."""
_BIAS: Final = 0.4937
"""Where frames are rounded to: not at a half, where a whole number of half frames would waver."""
_BENT: Final = 0.01
"""Frames by which a moment may lie beside the straight line from one mark to the next."""


def _kernels() -> Audio:
    """For each place between two frames, how much of the frames around it is heard there.

    Source: Kaiser's window, beta 8, over the sinc; each row made to add up to 1.
    """
    beyond = np.arange(_PARTS)[:, None] / _PARTS
    away = np.arange(_TAPS) - (_TAPS // 2 - 1) - beyond
    shape = np.i0(8 * np.sqrt(np.maximum(0, 1 - (away / (_TAPS / 2)) ** 2)))
    rows = np.sinc(away) * shape
    return single(rows / rows.sum(axis=1, keepdims=True))


_ROWS: Final = _kernels()
_AROUND: Final = np.arange(_TAPS) - (_TAPS // 2 - 1)


def rise(frames: int) -> Audio:
    """From 0 to 1, level at both ends; with what falls alike it adds up to 1."""
    return single(_smooth(np.arange(frames) / frames))


def _smooth(part: Wide) -> Wide:
    return part * part * (3 - 2 * part)


class Reel:
    """What was recorded, with a moment of what came before.

    It is written by one thread and read by the same; its place grows beside the sound.

    Args:
        frames: How many there is room for.
        rate: Frames a second.
        alone: Whether what was there before is silent where this is.

    Attributes:
        begin: The cycle of the piece at which it begins.
        span: How many cycles it lasts; 0 while it is being recorded.
        turn: After how many cycles it comes round.
        level: How much of it is heard.
        target: Where that goes.
    """

    def __init__(self, frames: int, rate: int, *, alone: bool = False) -> None:
        self.rate, self.alone = rate, alone
        self.begin = self.span = self.turn = 0.0
        self.level = self.target = 1.0
        self.seam = max(8, round(SEAM * rate))
        self.sound: Audio = np.zeros((2, frames + 2 * GUARD), np.float32)
        self.length = 0  # frames that are written, those before the beginning among them
        self._marks: list[tuple[float, float]] = []  # cycles since the beginning, and the frame there
        self._cycles: Wide = np.zeros(2)
        self._frames: Wide = np.zeros(2)

    @staticmethod
    def of(sound: Audio, rate: int, begin: float, turn: float) -> "Reel":
        """A reel of a sound that goes round as it is.

        Args:
            sound: Shape (1 or 2, frames): one round.
            rate: Frames a second.
            begin: The cycle of the piece at which it begins.
            turn: How many cycles it lasts.
        """
        frames = sound.shape[1]
        made = Reel(frames + round(rate * SEAM) + 8, rate)
        made.seam = min(made.seam, frames // 2)
        made.begin = begin
        both = np.broadcast_to(sound, (2, frames))
        made.write(both[:, frames - made.seam :])
        made.write(both)
        made.mark(0.0, 0)
        made.mark(turn, frames)
        made.seal(turn, turn)
        made.fade_out(made.length)
        return made

    @property
    def room(self) -> int:
        """Frames for which there is room."""
        return self.sound.shape[1] - 2 * GUARD

    @property
    def round(self) -> int:
        """Frames in which it comes round, at the tempo that it was recorded at."""
        last = self._frames[-1] - self.seam
        return max(1, round(last * self.turn / self.span))

    def write(self, sound: Audio) -> int:
        """Add frames; gives how many found room."""
        size = max(0, min(sound.shape[1], self.room - self.length))
        first = GUARD + self.length
        self.sound[:, first : first + size] = sound[:, :size]
        before, self.length = self.length, self.length + size
        if before < self.seam <= self.length:
            self.sound[:, GUARD : GUARD + self.seam] *= rise(self.seam)
        return size

    def mark(self, cycle: float, frame: float) -> None:
        """Note which frame a moment is, in order.

        Args:
            cycle: Cycles since the beginning.
            frame: Frames since the beginning.
        """
        marks, at = self._marks, (cycle, frame + self.seam)
        if len(marks) >= 2:
            (one, first), (two, second) = marks[-2:]
            meant = first + (cycle - one) * (second - first) / (two - one)
            if abs(meant - at[1]) < _BENT:
                marks[-1] = at
                return
        if not marks or cycle > marks[-1][0]:
            marks.append(at)

    def seal(self, span: float, turn: float) -> None:
        """Say that it is as long as it will be: it can be read from now on; its last frames may still come.

        Args:
            span: How many cycles it lasts.
            turn: After how many it comes round.
        """
        (one, first), (two, second) = self._marks[:2]
        slope = (two - one) / (second - first)
        before = (one - first * slope, 0.0)
        marks = [before, *self._marks]
        self._cycles = np.array([cycle for cycle, _ in marks])
        self._frames = np.array([frame for _, frame in marks])
        self.span, self.turn = span, turn

    def fade_out(self, length: int) -> None:
        """All is written: let its end go, in as many cycles as what came before its beginning lasts.

        Args:
            length: Frames that count, those before the beginning among them.
        """
        self.sound[:, GUARD + length :] = 0
        self.length = min(self.length, length)
        edge, end, last = -float(self._cycles[0]), float(self._cycles[-1]), float(self._frames[-1])
        frames = round(last - float(np.interp(end - edge, self._cycles, self._frames)))
        until = GUARD + self.length
        first = max(GUARD, until - frames)
        self.sound[:, first:until] *= (1 - rise(frames))[: until - first]

    def read(self, cycles: Wide) -> Audio:
        """What is on it at some moments, in cycles of the piece: float32, shape (2, frames)."""
        turn = self.turn
        since = np.remainder(cycles - self.begin, turn)
        # A hair before the end is the beginning: cycles are floats here.
        since[since > turn - 1e-9] = 0.0
        out = self._read(np.interp(since, self._cycles, self._frames))
        if since.max() > turn + self._cycles[0]:
            # At its end what came before its beginning comes in.
            out += self._read(np.interp(since - turn, self._cycles, self._frames))
        return out

    def cover(self, cycles: Wide) -> Audio:
        """How far it hides what lies under it, 0 to 1, at some moments."""
        turn = self.turn
        since = np.remainder(cycles - self.begin, turn)
        edge = -self._cycles[0]
        rising = np.clip((since - turn) / edge + 1, 0, 1)
        falling = np.clip((self.span - since) / edge, 0, 1)
        return single(np.minimum(_smooth(rising) + _smooth(falling), 1))

    def _read(self, frames: Wide) -> Audio:
        last = self.sound.shape[1] - GUARD
        whole = np.floor(frames + _BIAS)
        beside = frames - whole
        places = np.minimum(whole.astype(np.int64) + GUARD, last)
        # At its own speed frames are taken as they are; a seam in it makes one step.
        if np.count_nonzero(np.abs(np.diff(beside)) > 1e-5) <= 1:
            return self.sound.take(places, axis=1, mode="clip")
        whole = np.floor(frames)
        places = np.minimum(whole.astype(np.int64) + GUARD, last)
        rows = _ROWS.take(np.rint((frames - whole) * _PARTS).astype(np.int64), axis=0, mode="clip")
        around = self.sound.take(places[:, None] + _AROUND, axis=1, mode="clip")
        return np.einsum("cft,ft->cf", around, rows)

    def copied(self, room: int) -> tuple[Audio, int]:
        """Another place, with what is written, and how much that is; on any thread.

        Args:
            room: Frames for which there is room, as many as are written at least.
        """
        length = self.length
        made = np.zeros((2, room + 2 * GUARD), np.float32)
        made.fill(0)  # the system gives memory when it is first touched: now, and not within the sound
        made[:, : GUARD + length] = self.sound[:, : GUARD + length]
        return made, length

    def move(self, place: Audio, length: int) -> None:
        """Go on in another place, from `copied`."""
        here = slice(GUARD + length, GUARD + self.length)
        place[:, here] = self.sound[:, here]
        self.sound = place
