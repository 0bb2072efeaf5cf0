"""The one place that loads foreign plugins; only processes that may crash import it."""

import contextlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import numpy as np
import pedalboard
from pedalboard import _pedalboard as names

from plugin_host.audio import Audio, single
from plugin_host.errors import PluginLoadError, nearest
from plugin_host.paths import expanded
from plugin_host.plugin_parameters import Handle, handles_of, parameters_of
from plugin_host.plugin_ring import Message, Turn
from plugin_host.whole_blocks import WholeBlocks

__all__ = ["LoadedPlugin"]

# pedalboard asks a plugin a thousand times for the text of each parameter; DPF's plugins have 2080 that only
# stand for MIDI controllers, and so took a minute.
names.PARAMETER_NAME_REGEXES_TO_IGNORE.add(re.compile(r"MIDI Ch\. \d+ CC"))


SILENCE = (
    *(bytes((0x80, key, 0)) for key in range(128)),
    bytes((0xB0, 123, 0)),
    bytes((0xB0, 120, 0)),
)
"""Every key let go, all notes off, all sound off."""
MOST_LATE = 60
"""Seconds by which a plugin may say that it is late; up to one second it is believed."""
STEP = 64
"""Frames for which a plugin keeps its values while they move: 1.3 ms at 48 kHz."""


class LoadedPlugin:
    """A plugin that runs on from block to block; only the thread that first imported this may use it.

    Args:
        path: The plugin.
        rate: Frames a second.
        block: Frames in a block.
        preset: A file of its maker's (`.vstpreset`), or the name of a program of its own.
        values: Parameters by their names, in the plugin's own units.

    Raises:
        PluginLoadError: It cannot be loaded, or has no such preset or parameter.
    """

    def __init__(
        self, path: Path, rate: int, block: int, preset: str = "", values: Mapping[str, object] | None = None
    ) -> None:
        self._rate, self._block = rate, block
        self._step = (block + 0.5) / rate
        try:
            # Audio Units are there on macOS only, and so in none of the stubs.
            kind = "AudioUnitPlugin" if path.suffix == ".component" else "VST3Plugin"
            self.plugin: pedalboard.VST3Plugin = getattr(pedalboard, kind)(str(path))
        except (ImportError, RuntimeError, ValueError) as error:
            raise PluginLoadError(f"{path} cannot be loaded: {' '.join(str(error).split())}") from error
        self.parameters = parameters_of(self.plugin)
        self._known = [*self.parameters.values()]
        if preset:
            self._set_preset(preset)
        self._handles = self._find_handles()
        for name, value in (values or {}).items():
            self._set(name, value)
        self._whole = WholeBlocks()
        self._channels = self._find_channels()
        self._handles = self._find_handles()
        if self.is_instrument:
            # pedalboard has struck a key to see whether it sounds, and some go on sounding.
            self._play([Message(0, data) for data in SILENCE], 0, block)

    @property
    def is_instrument(self) -> bool:
        """Whether it makes sound from notes."""
        return bool(self.plugin.is_instrument)

    @property
    def reported(self) -> int:
        """Frames by which it says that it is late; right only after it has rendered a block."""
        return int(self.plugin.reported_latency_samples)

    @property
    def latency(self) -> int:
        """Frames by which it is late, by its own account; right only after it has rendered a block.

        An account of more than a second, or less than nothing, is none.
        """
        said = self.reported
        return self._whole.latency + (said if 0 <= said <= self._rate else 0)

    @property
    def state(self) -> bytes:
        """All that it would keep in a project; right only after it has rendered a block."""
        return bytes(self.plugin.raw_state)

    def restore(self, state: bytes) -> None:
        """Take back what `state` gave."""
        self.plugin.raw_state = state
        self._handles = self._find_handles()

    def render(self, messages: Sequence[Message], first: int) -> Audio:
        """The next block of an instrument.

        Args:
            messages: MIDI with frames; those before the block count as at its beginning.
            first: The block's first frame.

        Returns:
            float32, shape (2, block).
        """
        turns = [(frame - first, turn) for frame, data in messages if (turn := Turn.read(data)) is not None]
        if not turns:
            return self._play(messages, first, self._block)
        out: list[Audio] = []
        for begin in range(0, self._block, STEP):
            end = min(begin + STEP, self._block)
            last = end == self._block
            for at, turn in turns:
                if begin <= max(at, 0) < end:
                    self._turn(turn)
            part = [
                one
                for one in messages
                if one.data[0] >= 0x80
                and (one.frame - first < end or last)
                and (one.frame - first >= begin or not begin)
            ]
            out.append(self._play(part, first + begin, end - begin))
        return np.concatenate(out, axis=1)

    def process(self, sound: Audio, messages: Sequence[Message], first: int) -> Audio:
        """The next block of an effect.

        Args:
            sound: What it is to shape, shape (2, block).
            messages: Where its parameters are to be, with frames.
            first: The block's first frame.

        Returns:
            float32, shape (2, block); late by `latency`.
        """
        turns = [(frame - first, turn) for frame, data in messages if (turn := Turn.read(data)) is not None]
        step = STEP if turns else self._block
        out: list[Audio] = []
        for begin in range(0, self._block, step):
            end = min(begin + step, self._block)
            for at, turn in turns:
                if begin <= max(at, 0) < end:
                    self._turn(turn)
            out.append(self._through(sound[:, begin:end]))
        return self._whole.fill(np.concatenate(out, axis=1), self._block)

    def _through(self, sound: Audio) -> Audio:
        if self._channels == 1:
            # What takes one channel gets both, half each, and is heard in the middle.
            sound = single(sound.mean(axis=0, keepdims=True))
        given = self.plugin.process(
            np.ascontiguousarray(sound), self._rate, buffer_size=self._block, reset=False
        )
        return np.repeat(given, 2, axis=0) if self._channels == 1 else given

    def _play(self, messages: Sequence[Message], first: int, frames: int) -> Audio:
        # Half a frame more: pedalboard cuts off, and every tenth message would come a frame early.
        # The tempo is not for it: pedalboard tells plugins 120 bpm.
        midi = [
            (data, (max(frame - first, 0) + 0.5) / self._rate) for frame, data in messages if data[0] >= 0x80
        ]
        sound = self.plugin.process(
            midi,
            (frames + 0.5) / self._rate,
            self._rate,
            self._channels,
            buffer_size=self._block,
            reset=False,
        )
        return _stereo(sound, frames)

    @property
    def names(self) -> list[list[str]]:
        """What its parameters are called, in Python and by the plugin, in the order that `Turn` counts."""
        return [[name, one.name] for name, one in self.parameters.items()]

    def _turn(self, turn: Turn) -> None:
        """Set a parameter; one that leaves its range goes as far as that."""
        if turn.number >= len(self._handles):
            return
        handle, known = self._handles[turn.number], self._known[turn.number]
        if turn.is_position:
            handle.raw_value = min(max(turn.value, 0.0), 1.0)
            return
        value = turn.value
        low, high, _ = known.range
        if low is not None and high is not None:
            value = min(max(value, float(low)), float(high))
        with contextlib.suppress(TypeError, ValueError):  # of words only, or of other numbers
            handle.raw_value = known.get_raw_value_for(value)

    def _find_handles(self) -> list[Handle]:
        """The library's own parameters, in the order in which `Turn` counts.

        What it gives instead looks its parameter up at each change: 0.6 ms with the 2080 of a DPF plugin.
        They are the same as long as a plugin is not loaded anew, which happens at no block.
        """
        found: dict[str, Handle] = {}
        for handle in handles_of(self.plugin):
            found.setdefault(handle.name, handle)
        for one in self._known:
            one.rebind(found[one.name])
        return [found[one.name] for one in self._known]

    def _find_channels(self) -> int:
        """How many channels it has; found by trying, which also warms it up."""
        trouble = ""
        for channels in (2, 1):
            try:
                if self.is_instrument:
                    self.plugin.process(
                        [], self._step, self._rate, channels, buffer_size=self._block, reset=False
                    )
                else:
                    silence = np.zeros((channels, self._block), np.float32)
                    given = self.plugin.process(silence, self._rate, buffer_size=self._block, reset=False)
                    if self.reported > self._rate:
                        given = self._pass_by(silence)
                    self._whole.fill(np.zeros((2, given.shape[1]), np.float32), self._block)
            except ValueError as error:
                trouble = str(error)
            else:
                return channels
        if "expects 0 input channels" in trouble:
            raise PluginLoadError("it takes neither notes nor sound: nothing can be played on it")
        raise PluginLoadError(f"it has neither one nor two channels: {trouble}")

    def _pass_by(self, silence: Audio) -> Audio:
        """Let it have what pedalboard leaves out of its sound, as much as a plugin says that it is late.

        What it says is not true, or it would be of no use: nothing of the music is to be left out for it.
        """
        if self.reported > MOST_LATE * self._rate:
            raise PluginLoadError(f"it says that it is {self.reported / self._rate:.0f} s late")
        second = np.zeros((len(silence), self._rate), np.float32)
        for _ in range(self.reported // self._rate + 1):
            self.plugin.process(second, self._rate, buffer_size=self._block, reset=False)
        return silence

    def _set(self, name: str, value: object) -> None:
        owned = self.parameters
        plain = name if name in owned else next((own for own, one in owned.items() if one.name == name), None)
        if plain is None:
            raise PluginLoadError(f"it has no parameter {name!r}; {nearest(name, owned)}")
        try:
            owned[plain].raw_value = owned[plain].get_raw_value_for(cast("float | str | bool", value))
        except (TypeError, ValueError) as error:
            raise PluginLoadError(f"{name}={value!r}: {_allowed(owned[plain]) or error}") from error

    def _set_preset(self, preset: str) -> None:
        path = expanded(preset)
        if path.suffix.lower() == ".vstpreset":
            if not path.is_file():
                raise PluginLoadError(f"there is no preset {preset}")
            try:
                self.plugin.load_preset(str(path))
            except (RuntimeError, ValueError) as error:
                raise PluginLoadError(f"the preset {preset} cannot be read: {error}") from error
            return
        known = programs(self.parameters)
        if preset not in known:
            told = (
                nearest(preset, known)
                if known
                else "give a .vstpreset file, for it has no programs of its own"
            )
            raise PluginLoadError(f"it has no preset {preset!r}; {told}")
        self._set("program", preset)


def programs(parameters: Mapping[str, pedalboard.AudioProcessorParameter]) -> list[str]:
    """The names of a plugin's own programs, where it tells them as a parameter."""
    program = parameters.get("program")
    valid = program.valid_values if program is not None else None
    return [str(one) for one in valid] if valid else []


def _allowed(parameter: pedalboard.AudioProcessorParameter) -> str:
    """What a parameter may be, in words; empty if it does not tell."""
    if parameter.valid_values and isinstance(parameter.valid_values[0], str):
        return "give " + " or ".join(repr(one) for one in parameter.valid_values[:40])
    low, high, _ = parameter.range
    return "" if low is None or high is None else f"give {low:g}…{high:g} {parameter.units or ''}".rstrip()


def _stereo(sound: Audio, frames: int) -> Audio:
    """Whole stereo blocks, whatever a plugin gave."""
    out = np.zeros((2, frames), np.float32)
    out[:, : sound.shape[1]] = sound[:2, :frames]
    return out
