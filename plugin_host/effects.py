"""Effects that run on from block to block, and sound files.

They are pedalboard's. Where it cannot be loaded (a bare Linux may lack libatomic) instruments sound without
them, and `missing` says what to install.
"""

import wave
from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from plugin_host.audio import Audio, single
from plugin_host.convolution import Convolution
from plugin_host.ducker import Ducker
from plugin_host.motion import Moving, values_at
from plugin_host.parameters import Parameter
from plugin_host.shaped import Shaped
from plugin_host.shapers import SHAPERS
from plugin_host.specs import Effect
from plugin_host.whole_blocks import WholeBlocks

if TYPE_CHECKING:
    from pedalboard import Plugin

    from plugin_host.plugin_effect import PluginEffect

_reason = ""
try:
    from plugin_host import pedals
except ImportError as error:
    pedals = None  # type: ignore[assignment] # mypy knows no name that is a module or nothing
    _reason = str(error)

__all__ = ["Effects", "Filter", "missing", "read_sound"]

STEP = 32
"""Frames for which an effect of pedalboard's keeps its values while they move: 0.7 ms at 48 kHz."""
JOIN = 0.05
"""Seconds that an effect must have heard before it is heard itself."""
_SMOOTH = frozenset({"ladder", "phaser", "reverb"})
"""Effects of pedalboard's that move without clicks in steps; they remember for too long to have two."""

# JUCE's ladder saturates: a full-scale sine comes out with its third harmonic at -25 dB. At an eighth of
# the level that is 36 dB less, and the filter is as good as linear.
_CLEAN = np.float32(0.125)


def missing() -> str | None:
    """Why there are no effects, and what to do; None if all is well."""
    if pedals is not None:
        return None
    fix = "sudo apt install libatomic1" if "libatomic" in _reason else "pip install pedalboard"
    return f"instruments sound without effects, for pedalboard cannot be loaded ({fix}): {_reason}"


class Effects:
    """A row of effects that run on from block to block, and whose parameters may move.

    Args:
        effects: What to apply, in order.
        rate: Frames a second.
        load: Loads those that are plugins.

    Raises:
        PluginLoadError: One of those cannot be loaded.
    """

    def __init__(
        self, effects: Sequence[Effect], rate: int, load: "Callable[[Effect], PluginEffect] | None" = None
    ) -> None:
        self._effects = tuple(effects)
        self._load = load
        self._parts: list[_Stepped | _Faded | Shaped | PluginEffect] = []
        self._of: dict[int, _Stepped | _Faded | Shaped] = {}
        self.plugins: dict[int, PluginEffect] = {}
        for kind, numbers in groupby(range(len(self._effects)), lambda one: _kind(self._effects[one])):
            self._add(kind, [*numbers], rate)

    def _add(
        self, kind: "type[_Stepped | _Faded | Shaped] | None", numbers: Sequence[int], rate: int
    ) -> None:
        """Add effects that stand side by side and move in the same manner."""
        if kind is None and self._load is not None:
            for number in numbers:
                self.plugins[number] = self._load(self._effects[number])
                self._parts.append(self.plugins[number])
        elif kind is None:
            return
        elif issubclass(kind, Shaped):
            for number in numbers:
                self._of[number] = Shaped(self._effects[number], rate)
                self._parts.append(self._of[number])
        elif pedals is not None:
            part = kind([self._effects[one] for one in numbers], numbers[0], rate)
            self._parts.append(part)
            self._of.update(dict.fromkeys(numbers, part))

    def __bool__(self) -> bool:
        """Whether there is any effect."""
        return bool(self._effects)

    @property
    def duckers(self) -> list[tuple[str, Ducker]]:
        """Those that give way to another sound, each with the other's name."""
        return [
            (str(self._effects[number]["by"]), part.shaper)
            for number, part in self._of.items()
            if isinstance(part, Shaped) and isinstance(part.shaper, Ducker)
        ]

    def behind(self, ducker: Ducker) -> int:
        """Frames by which what such an effect gives is heard later, for what is late behind it."""
        parts = self._of.items()
        return self.lead(
            next(one for one, part in parts if isinstance(part, Shaped) and part.shaper is ducker)
        )

    def lead(self, number: int = -1) -> int:
        """Frames by which those behind one of them are late, and told earlier; without one, all of them."""
        plugins = sum(one.latency for place, one in self.plugins.items() if place > number)
        own = (one.latency for place, one in self._of.items() if place > number and isinstance(one, Shaped))
        return plugins + sum(own)

    def keep_time(self, cps: float) -> None:
        """Tell those that go by the tempo of it.

        Args:
            cps: Cycles a second, above 0.
        """
        for part in self._of.values():
            if isinstance(part, Shaped):
                part.keep_time(cps)

    def load_rooms(self, read: Callable[[str], Audio | None], block: int) -> None:
        """Read the impulse responses of those that convolve; one that is not there leaves its sound dry.

        Args:
            read: Reads a file.
            block: Frames in the blocks that will come.
        """
        for number, part in self._of.items():
            if isinstance(part, Shaped) and isinstance(part.shaper, Convolution):
                response = read(str(self._effects[number]["file"]))
                if response is not None:
                    part.shaper.load(response, block)

    def move(
        self, number: int, parameter: Parameter, goal: float, offset: int, frames: int, *, smooth: bool
    ) -> None:
        """Let a parameter move from a frame of the next block on.

        Args:
            number: Of the effect.
            parameter: Of that.
            goal: Where it is to be, from 0 to 1 of its range.
            offset: Frames into the block.
            frames: How many it takes.
            smooth: Whether it begins and ends gently.
        """
        part = self._of.get(number)
        if part is not None:
            part.moving(number, parameter).move(goal, offset, frames, smooth=smooth)

    def process(self, sound: Audio) -> Audio:
        """Apply them to the next block.

        Args:
            sound: Shape (2, frames); as many frames each time, since JUCE starts an effect anew for a
                longer block.

        Returns:
            The same shape.
        """
        for part in self._parts:
            sound = part.process(sound)
        return sound

    @property
    def steady(self) -> bool:
        """Whether several blocks at once come out as one after the other: nothing moves or listens."""
        return not (self.plugins or self.duckers or any(part.moves for part in self._of.values()))

    def several(self, sound: Audio, block: int) -> Audio:
        """Apply them to several blocks in a row, bit by bit as `process` does; only while they are steady.

        Args:
            sound: Shape (2, frames of them all).
            block: Frames of one.
        """
        for part in self._parts:
            if isinstance(part, _Stepped):
                sound = part.several(sound, block)
            else:
                blocks = np.split(sound, sound.shape[1] // block, axis=1)
                sound = np.concatenate([np.array(part.process(single(one))) for one in blocks], axis=1)
        return sound

    def rest(self, frames: int) -> None:
        """Let what moves get on by a block in which nothing is to be heard."""
        for part in self._parts:
            part.rest(frames)

    @property
    def latency(self) -> int:
        """Frames by which they are late."""
        own = sum(part.whole.latency for part in self._parts if isinstance(part, _Stepped))
        return own + self.lead()

    def before(self, number: int) -> int:
        """Blocks by which what comes to an effect is late, because plugins stand before it."""
        return sum(one.link.lag for place, one in self.plugins.items() if place < number)

    def renew(self) -> None:
        """Forget everything that still rings."""
        for part in self._parts:
            part.renew()

    def close(self) -> None:
        """Let go of what they hold outside this process."""
        for one in self.plugins.values():
            one.close()


class _Stepped:
    """Effects of pedalboard's that smooth their values themselves; they get new ones every `STEP` frames."""

    def __init__(self, effects: Sequence[Effect], first: int, rate: int) -> None:
        self.whole = WholeBlocks()
        self._effects, self._first, self._rate = effects, first, rate
        self._each, self._board = _board(effects, rate)
        self._moving: dict[tuple[int, str], tuple[Parameter, Moving]] = {}

    def moving(self, number: int, parameter: Parameter) -> Moving:
        """Where a parameter is."""
        place = number - self._first
        found = self._moving.get((place, parameter.name))
        if found is None:
            begins = parameter.position(float(self._effects[place][parameter.name]))
            found = self._moving[place, parameter.name] = (parameter, Moving(begins))
        return found[1]

    def _ways(self, frames: int) -> list[tuple[int, str, Audio]]:
        """What moves in the next block, frame by frame."""
        ways: list[tuple[int, str, Audio]] = []
        for (place, name), (parameter, moving) in self._moving.items():
            values = moving.block(frames)
            if values is not None:
                ways.append((place, name, values_at(parameter, values)))
        return ways

    def process(self, sound: Audio) -> Audio:
        frames = sound.shape[1]
        sound = np.ascontiguousarray(sound)
        return self.whole.fill(self._through(sound, self._ways(frames), frames), frames)

    @property
    def moves(self) -> bool:
        """Whether anything has moved yet."""
        return bool(self._moving)

    def several(self, sound: Audio, block: int) -> Audio:
        """Several blocks in a row: JUCE takes them one by one itself."""
        if self._board is None:
            return sound
        out = self._board.process(np.ascontiguousarray(sound), self._rate, block, reset=False)
        return self.whole.fill(out, sound.shape[1])

    def _through(self, sound: Audio, ways: Sequence[tuple[int, str, Audio]], frames: int) -> Audio:
        board = self._board
        if board is None:
            return sound
        if not ways:
            return board.process(sound, self._rate, frames, reset=False)
        out: list[Audio] = []
        for first in range(0, frames, STEP):
            last = min(first + STEP, frames)
            for place, name, values in ways:
                _turn(self._each[place], name, float(values[last - 1]), self._rate)
            # The size of the whole block all the same: with another one JUCE would start the effects anew.
            out.append(board.process(sound[:, first:last], self._rate, frames, reset=False))
        return np.concatenate(out, axis=1)

    def rest(self, frames: int) -> None:
        for place, name, values in self._ways(frames):
            _turn(self._each[place], name, float(values[-1]), self._rate)

    def renew(self) -> None:
        if self._board is not None:
            self._board.reset()
        self.whole = WholeBlocks()


class _Faded(_Stepped):
    """Effects of pedalboard's that would click: while they move there are two of each.

    One has the values of the block's beginning, the other those of its end, and the sound fades from one to
    the other; then they change places. The second joins when something moves for the first time; until it has
    heard enough, the first stays as it is.
    """

    def __init__(self, effects: Sequence[Effect], first: int, rate: int) -> None:
        super().__init__(effects, first, rate)
        moves = any(one.moves for one in effects)
        self._other, self._other_board = _board(effects, rate)
        self._joined = moves
        self._heard = int(JOIN * rate) if moves else 0
        self._late = False

    @property
    def moves(self) -> bool:
        """Whether anything has moved yet, or is going to."""
        return self._joined

    def process(self, sound: Audio) -> Audio:
        frames = sound.shape[1]
        ways = self._ways(frames)
        self._joined = self._joined or bool(ways)
        sound = np.ascontiguousarray(sound)
        out = self._through(sound, (), frames)
        if not self._joined or self._other_board is None:
            return self.whole.fill(out, frames)
        self._late = self._late or bool(ways)
        if self._late:
            for (place, name), (parameter, moving) in self._moving.items():
                _turn(self._other[place], name, parameter.at(moving.value), self._rate)
        other = self._other_board.process(sound, self._rate, frames, reset=False)
        self._heard += frames
        if not self._late or self._heard < JOIN * self._rate:
            return self.whole.fill(out, frames)
        self._late = False
        if out.shape == other.shape == sound.shape:
            share = np.arange(1, frames + 1, dtype=np.float32) / np.float32(frames)
            out = out + share * (other - out)
        self._each, self._other = self._other, self._each
        self._board, self._other_board = self._other_board, self._board
        return self.whole.fill(single(out), frames)

    def renew(self) -> None:
        super().renew()
        if self._other_board is not None:
            self._other_board.reset()


def _kind(effect: Effect) -> "type[_Stepped | _Faded | Shaped] | None":
    if effect.name == "vst3":
        return None
    if effect.name in SHAPERS:
        return Shaped
    return _Stepped if effect.name in _SMOOTH else _Faded


def _turn(plugin: "Plugin", name: str, value: float, rate: int) -> None:
    if pedals is not None:
        pedals.turn(plugin, name, value, rate)


def _board(effects: Sequence[Effect], rate: int) -> "tuple[list[Plugin], Plugin | None]":
    if pedals is None:
        return [], None
    each = pedals.made(effects, rate)
    return each, pedals.board(each, rate)


class Filter:
    """A low-pass or high-pass filter for one voice, 12 dB an octave.

    Args:
        kind: "lowpass" or "highpass".
        cutoff: In Hz.
        resonance: How much it sings, 0 to 1.
        rate: Frames a second.
    """

    __slots__ = ("_plugin", "_rate")

    def __init__(self, kind: str, cutoff: float, resonance: float, rate: int) -> None:
        self._rate = rate
        self._plugin: Plugin | None = (
            pedals.ladder(kind, cutoff, resonance, rate) if pedals is not None else None
        )

    def process(self, sound: Audio) -> Audio:
        """Filter the next block: shape (channels, frames)."""
        if self._plugin is None:
            return sound
        frames = sound.shape[1]
        return self._plugin.process(sound * _CLEAN, self._rate, frames, reset=False) / _CLEAN


def read_sound(path: Path, most: int | None = None, frames: int | None = None) -> tuple[Audio, int]:
    """Read a sound file (WAV, AIFF, FLAC, OGG, MP3; without pedalboard 16-bit WAV only).

    Args:
        path: Which.
        most: Bytes that it may take in memory.
        frames: How many there are, if the file's head is not to be trusted.

    Returns:
        Its samples, shape (channels, frames), and its frames a second.

    Raises:
        OSError: There is no such file.
        ValueError: It is no sound file that can be read, or too large.
    """
    if pedals is not None:
        return pedals.read(path, most, frames)
    try:
        with wave.open(str(path)) as file:
            if file.getsampwidth() != 2:
                raise ValueError(f"{path.name}: {missing()}")
            size = 4 * file.getnframes() * file.getnchannels()
            if most is not None and size > most:
                raise ValueError(f"it takes {size / 1e6:.0f} MB in memory, more than sounds may have")
            raw = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
            sound = raw.reshape(-1, file.getnchannels()).T.astype(np.float32) / np.float32(32768)
            return sound, file.getframerate()
    except (EOFError, wave.Error) as error:
        raise ValueError(f"{path.name}: {missing()}") from error
