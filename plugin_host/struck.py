"""Plucked strings and bells: sums of partials that ring out, in closed form, so that nothing drifts."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from plugin_host.audio import Audio, Wide, count, hertz, single
from plugin_host.bank import AGE, OWN, Bank, Voicing
from plugin_host.inserts import Inserts

__all__ = ["BARS", "BELLS", "Bells", "Pluck", "StruckBank"]

Turning = NDArray[np.complex64]
Number = TypeVar("Number", np.float32, np.complex64, np.complex128)

FINE: Final = 32
"""Frames of a run: all runs of a partial are one product of two short tables, which costs no exponential."""
SLOWEST, FOLLOWS = OWN, OWN + 1
"""The columns that tell how soon a voice's longest partial falls, in nepers a frame, and whether its pitch
moves with the instrument's."""
GONE: Final = 9.2
"""Nepers after which a voice has rung out: 80 dB."""


@dataclass(frozen=True, slots=True)
class Struck:
    """The partials of one note.

    Args:
        pitches: In Hz, shape (channels, partials).
        levels: Their amplitudes at the stroke, of the same shape.
        falls: Seconds in which each falls by 60 dB, of the same shape.
    """

    pitches: Wide
    levels: Wide
    falls: Wide


@dataclass(frozen=True, slots=True)
class Pluck:
    """A plucked string.

    Args:
        brightness: How much is heard of its upper partials, 0 to 1.
        position: Where it is plucked, 0.02 at its end to 0.5 in its middle.
        decay: How long it rings, as a multiple.
        stiffness: How much sharper its upper partials are, 0 to 1.

    Source: an ideal string plucked at a point, with the stiffness and the losses of a real one; Fletcher and
        Rossing, "The Physics of Musical Instruments", 1998, chapter 2.
    """

    brightness: float
    position: float
    decay: float
    stiffness: float
    channels = 1

    def note(self, note: float, velocity: float, seconds: float | None, rate: int) -> Struck:
        """The partials of a note."""
        k = count(40) + 1
        pitches = hertz(note) * k * np.sqrt(1 + 4e-4 * self.stiffness * k * k)
        # The first keeps its pitch, whatever the others do.
        pitches *= hertz(note) / pitches[0]
        soft = 0.02 + 0.5 * (1 - self.brightness) ** 2 * (1.35 - velocity)
        levels = np.sin(np.pi * k * self.position) / k**0.7 * np.exp(-soft * (k - 1))
        # Higher strings are shorter; of each, the highs go first, and the sooner, the higher they lie.
        held = 4.2 * self.decay * 2.0 ** ((48 - note) / 22) if seconds is None else max(seconds, 0.01)
        falls = held / (1 + 0.14 * (k - 1) + (pitches / 5200) ** 2)
        levels[pitches > 0.45 * rate] = 0
        return Struck(pitches[None], levels[None], falls[None])


BELLS: Final = (
    (0.5, 0.4, 1.0), (1.0, 1.0, 0.78), (1.19, 0.5, 0.62), (1.505, 0.3, 0.5), (2.0, 0.95, 0.5),
    (2.52, 0.28, 0.4), (2.66, 0.3, 0.37), (3.01, 0.5, 0.33), (4.17, 0.5, 0.25), (5.43, 0.4, 0.19),
    (6.79, 0.3, 0.15), (8.21, 0.22, 0.12), (9.7, 0.16, 0.1),
)  # fmt: skip
"""A tuned church bell: its partials beside the note that is heard, how strong, and how long each rings; after
the names and heights in Fletcher and Rossing, chapter 21 (hum, prime, tierce, quint, nominal …)."""
BARS: Final = (
    (1.0, 1.0, 1.0), (2.756, 0.42, 0.42), (5.404, 0.3, 0.2), (8.933, 0.17, 0.11), (13.34, 0.09, 0.06),
)  # fmt: skip
"""A free bar, as in a glockenspiel: the roots of its equation, chapter 2."""
BOWLS: Final = (
    (1.0, 1.0, 1.0), (2.72, 0.7, 0.72), (5.01, 0.42, 0.5), (7.83, 0.22, 0.34), (11.1, 0.1, 0.2),
)  # fmt: skip
"""A singing bowl: few partials, far apart, all of them long."""

MATERIALS: Final = {"bell": (BELLS, 5.5), "bar": (BARS, 2.4), "bowl": (BOWLS, 9.0)}
"""Partials, and the seconds in which the longest falls by 60 dB at middle C."""


@dataclass(frozen=True, slots=True)
class Bells:
    """What is struck: a bell, a bar or a bowl.

    Args:
        material: Which.
        brightness: How hard the mallet is, 0 to 1.
        decay: How long it rings, as a multiple.
        beating: How far left and right lie apart, in Hz: what is cast is never quite round.
    """

    material: str
    brightness: float
    decay: float
    beating: float
    channels = 2

    def note(self, note: float, velocity: float, seconds: float | None, rate: int) -> Struck:
        """The partials of a note."""
        partials, longest = MATERIALS[self.material]
        ratios, levels, lengths = np.array(partials).T
        root = hertz(note)
        held = longest * self.decay * 2.0 ** ((60 - note) / 26) if seconds is None else max(seconds, 0.01)
        soft = 0.05 + 0.7 * (1 - self.brightness) ** 2 * (1.35 - velocity)
        levels = levels * np.exp(-soft * np.maximum(ratios - 1, 0))
        # Left and right beat against each other, the higher partials faster.
        apart = 0.5 * self.beating * np.array([[-1.0], [1.0]]) * np.sqrt(ratios)
        pitches = root * ratios + apart
        levels = np.where(pitches > 0.45 * rate, 0.0, levels)
        return Struck(pitches, levels, np.broadcast_to(held * lengths, pitches.shape))


class StruckBank(Bank):
    """The voices of a plucked or struck instrument.

    Args:
        rate: Frames a second.
        model: What is struck.
        release: Seconds to fade once let go.
        tune: Semitones by which every note is higher.
    """

    def __init__(self, rate: int, model: Pluck | Bells, release: float, tune: float = 0.0) -> None:
        super().__init__(rate, 2, spread=model.channels)
        self.tune = self._tuned = tune
        self.model, self.release = model, release
        self.voiced = frozenset(one.name for one in fields(model)) - {"material"} | {"release", "tune"}
        most = model.note(60, 1.0, None, rate).pitches.shape[1]
        self._turns = np.zeros((32, self.spread, most), np.complex128)  # per frame, as exponents
        self._levels: Turning = np.zeros(self._turns.shape, np.complex64)
        # Real and imaginary parts as rows of their own: what is heard is a product of real matrices.
        self._fine: Audio = np.zeros((32, self.spread, most, 2, FINE), np.float32)
        self._runs: Turning = np.zeros((32, self.spread, most, 0), np.complex64)

    def begin(self, ident: int, voicing: Voicing, offset: int) -> None:
        """Strike."""
        controls = voicing.controls
        if not self.count:
            self._tuned = self.tune
        note = (60.0 if controls.note is None else controls.note) + voicing.own.get("tune", self._tuned)
        model, release = self._with(voicing.own)
        struck = model.note(note, controls.velocity, controls.decay, self.rate)
        falls = 6.908 / (struck.falls * self.rate)
        release = release if controls.release is None else controls.release
        attack = 0.001 if controls.attack is None else max(controls.attack, 0.001)
        sounding = struck.levels != 0
        slowest = float(falls[sounding].min()) if sounding.any() else 1.0
        follows = float("tune" not in voicing.own)
        self._grow()
        if controls.cut:
            self.choke_group(controls.cut, offset)
        place = self.add(ident, voicing, offset, attack, max(release, 0.005), (slowest, follows))
        self.inserts[place] = Inserts.of(controls, self.rate, self.spread, lowpass=True)
        turns = np.asarray(2j * np.pi * struck.pitches / self.rate - falls, np.complex128)
        loud = np.sqrt(np.sum(struck.levels**2, axis=1, keepdims=True) / 2)
        self._turns[place] = turns
        # Sines: each partial begins at nothing, so the stroke is sharp and does not click.
        self._levels[place] = -1j * struck.levels / np.maximum(loud, 1e-9)
        fine = _powers(turns, FINE)
        self._fine[place, :, :, 0], self._fine[place, :, :, 1] = fine.real, -fine.imag
        self._runs[place] = _powers(turns * FINE, self._runs.shape[-1])

    def turn(self, name: str, values: Audio) -> None:
        """Let what is struck from now on be another; of what rings only the pitch is touched any more."""
        if name == "tune":
            self.tune = float(values[-1])
            return
        self.model, self.release = self._with({name: float(values[-1])})

    def _with(self, own: Mapping[str, Any]) -> tuple[Pluck | Bells, float]:
        """What is struck, with some parameters of its own, and the release."""
        if not own:
            return self.model, self.release
        model = {name: value for name, value in own.items() if name not in {"release", "tune"}}
        return replace(self.model, **model), own.get("release", self.release)

    def _grow(self) -> None:
        if self.count == len(self._turns):
            self._turns, self._levels = _twice(self._turns), _twice(self._levels)
            self._fine, self._runs = _twice(self._fine), _twice(self._runs)

    def _bend(self, runs: int) -> None:
        """Bring what rings to another pitch, at once: a block is short, and phases go on where they are."""
        live, age = self.count, self.rows[: self.count, AGE, None, None]
        turns = self._turns[:live]
        before = turns.imag.copy()
        turns.imag *= np.exp2(self.rows[:live, FOLLOWS] * (self.tune - self._tuned) / 12)[:, None, None]
        self._levels[:live] *= np.exp(1j * np.maximum(age, 0) * (before - turns.imag))
        self._tuned = self.tune
        fine = _powers(turns, FINE) * (turns.imag < 0.9 * np.pi)[..., None]  # what is too high has no place
        self._fine[:live, :, :, 0], self._fine[:live, :, :, 1] = fine.real, -fine.imag
        self._runs[:live] = _powers(turns * FINE, runs)

    def signal(self, frames: int) -> Audio:
        """The partials of every voice."""
        runs = -(-frames // FINE)
        if runs != self._runs.shape[-1]:
            self._runs = np.zeros((*self._turns.shape, runs), np.complex64)
            for place in range(self.count):
                self._runs[place] = _powers(self._turns[place] * FINE, runs)
        if self.tune != self._tuned:
            self._bend(runs)
        live = self.count
        coarse = self._now(self.rows[:live, AGE])[..., None] * self._runs[:live]
        parts = np.empty((*coarse.shape[:3], 2, runs), np.float32)
        parts[..., 0, :], parts[..., 1, :] = coarse.real, coarse.imag
        rows = (live, self.spread, 2 * coarse.shape[2])
        sound = np.matmul(parts.reshape(*rows, runs).swapaxes(2, 3), self._fine[:live].reshape(*rows, FINE))
        return single(sound.reshape(live * self.spread, runs * FINE)[:, :frames])

    def _now(self, age: Wide) -> Turning:
        """Every partial at an age of its voice: in whole turns exactly, within a turn in single precision."""
        live = len(age)
        turns = self._turns[:live]
        angle = turns.imag * (age[:, None, None] / (2 * np.pi))
        angle -= np.floor(angle)
        within = single(angle)
        within *= np.float32(2 * np.pi)
        now = np.empty(turns.shape, np.complex64)
        np.cos(within, out=now.real)
        np.sin(within, out=now.imag)
        now *= single(np.exp(turns.real * age[:, None, None]))
        now *= self._levels[:live]
        return now

    def finished(self, frames: int) -> "np.ndarray[tuple[int], np.dtype[np.bool_]] | None":
        """Those that have rung out."""
        rows = self.rows[: self.count]
        return rows[:, AGE] * rows[:, SLOWEST] > GONE

    def kept(self, places: list[int]) -> None:
        """Only these stay."""
        for one in (self._turns, self._levels, self._fine, self._runs):
            one[: len(places)] = one[places]


def _twice(rows: NDArray[Number]) -> NDArray[Number]:
    return np.concatenate((rows, np.zeros_like(rows)))


def _powers(turns: NDArray[np.complex128], many: int) -> NDArray[np.complex128]:
    """exp(0), exp(turns), exp(2 turns)…, along a new last axis; by doubling: an exponential takes 50 ns."""
    out = np.ones((*turns.shape, 1), np.complex128)
    while out.shape[-1] < many:
        out = np.concatenate((out, out * np.exp(turns * out.shape[-1])[..., None]), axis=-1)
    return out[..., :many]
