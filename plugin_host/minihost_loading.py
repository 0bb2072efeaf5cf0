"""Plugins by minihost, which is optional: LV2, the tempo, and parameters that move frame by frame.

Only processes that may crash import it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from plugin_host.audio import Audio
from plugin_host.errors import PluginLoadError, nearest
from plugin_host.lv2_files import bundle_elsewhere
from plugin_host.plugin_files import LV2
from plugin_host.plugin_ring import Message, Tempo, Turn

if TYPE_CHECKING:
    import minihost

__all__ = ["MinihostPlugin"]

BEATS = 4.0
"""Beats that a cycle has for a plugin."""
PLACES = 257
"""Places of a parameter at which the plugin is asked what it calls them."""
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")
_CONTROLLERS = re.compile(r"MIDI Ch\. \d+ CC")
"""What DPF's plugins have 2080 of; they stand for MIDI controllers."""


class MinihostPlugin:
    """A plugin that runs on from block to block; only the thread that first imported this may use it.

    Args:
        path: The plugin's file, or `lv2:` and the URI of an LV2 plugin.
        rate: Frames a second.
        block: Frames in a block.
        preset: A file of its maker's (`.vstpreset`), or the name of a program of its own.
        values: Parameters by their names, in the plugin's own units.
        cps: Cycles a second.

    Raises:
        PluginLoadError: It cannot be loaded, has no such preset or parameter, or minihost is not installed.
    """

    def __init__(
        self,
        path: str,
        rate: int,
        block: int,
        preset: str = "",
        values: Mapping[str, object] | None = None,
        cps: float = 0.5,
    ) -> None:
        self._rate, self._block, self._cps, self._beat = rate, block, cps, 0.0
        try:
            self.plugin = _opened(path, rate, block)
        except ImportError as error:
            raise PluginLoadError("it needs minihost: pip install minihost") from error
        except RuntimeError as error:
            raise PluginLoadError(f"{path} cannot be loaded: {' '.join(str(error).split())}") from error
        if self.is_instrument and not self.plugin.accepts_midi:
            raise PluginLoadError("it takes neither notes nor sound: nothing can be played on it")
        infos = [self.plugin.get_param_info(number) for number in range(self.plugin.num_params)]
        self._titles = {
            number: str(info["name"])
            for number, info in enumerate(infos)
            if not _CONTROLLERS.match(str(info["name"]))
        }
        self._numbers = [*self._titles]
        self._scales: dict[int, tuple[Audio, Audio] | None] = {}
        self._out = np.zeros((max(self.plugin.num_output_channels, 1), block), np.float32)
        self._in = np.zeros((max(self.plugin.num_input_channels, 1), block), np.float32)
        if preset:
            self._set_preset(preset)
        for name, value in (values or {}).items():
            self._set(name, value)

    @property
    def is_instrument(self) -> bool:
        """Whether it makes sound from notes."""
        return self.plugin.num_input_channels == 0

    @property
    def reported(self) -> int:
        """Frames by which it says that it is late."""
        return int(self.plugin.latency_samples)

    @property
    def latency(self) -> int:
        """Frames by which it is late, by its own account; one of more than a second is none."""
        said = self.reported
        return said if 0 <= said <= self._rate else 0

    @property
    def state(self) -> bytes:
        """All that it would keep in a project."""
        return bytes(self.plugin.get_state())

    def restore(self, state: bytes) -> None:
        """Take back what `state` gave."""
        self.plugin.set_state(state)

    @property
    def names(self) -> list[list[str]]:
        """What its parameters are called, in Python and by the plugin, in the order that `Turn` counts."""
        return [[_plain(title), title] for title in self._titles.values()]

    @property
    def programs(self) -> list[str]:
        """The names of its own programs."""
        return [str(self.plugin.get_program_name(number)) for number in range(self.plugin.num_programs)]

    def rows(self) -> list[dict[str, object]]:
        """What can be set in it: name, title, low, high, unit and words of each."""
        found: list[dict[str, object]] = []
        for number, title in self._titles.items():
            scale = self._scale(number)
            low, high = (None, None) if scale is None else (float(scale[1][0]), float(scale[1][-1]))
            words = [] if scale is not None else self._words(number)
            unit = str(self.plugin.get_param_info(number)["label"])
            found.append(
                {
                    "name": _plain(title),
                    "title": title,
                    "low": low,
                    "high": high,
                    "unit": unit,
                    "words": words,
                }
            )
        return found

    def render(self, messages: Sequence[Message], first: int) -> Audio:
        """The next block of an instrument.

        Args:
            messages: MIDI, values of parameters and the tempo, with frames; those before the block count as
                at its beginning.
            first: The block's first frame.

        Returns:
            float32, shape (2, block).
        """
        midi: list[tuple[int, int, int, int]] = []
        turns: list[tuple[int, int, float]] = []
        for frame, data in messages:
            at = min(max(frame - first, 0), self._block - 1)
            tempo, turn = Tempo.read(data), Turn.read(data)
            if tempo is not None:
                self._cps = tempo.cps
            elif turn is not None:
                if turn.number < len(self._numbers):
                    number = self._numbers[turn.number]
                    turns.append((at, number, self._position(number, turn)))
            else:
                midi.append((at, data[0], data[1] if len(data) > 1 else 0, data[2] if len(data) > 2 else 0))
        bpm = self._cps * 60 * BEATS
        self.plugin.set_transport(bpm, position_samples=max(first, 0), position_beats=self._beat)
        self._beat += self._block / self._rate * self._cps * BEATS
        self.plugin.process_auto(self._in, self._out, midi, turns)
        if len(self._out) == 1:
            return np.repeat(self._out, 2, axis=0)
        return self._out[:2].copy()

    def process(self, sound: Audio, messages: Sequence[Message], first: int) -> Audio:
        """The next block of an effect.

        Args:
            sound: What it is to shape, shape (2, block).
            messages: As for `render`.
            first: The block's first frame.

        Returns:
            float32, shape (2, block); late by `latency`.
        """
        if len(self._in) == 1:
            # What takes one channel gets both, half each, and is heard in the middle.
            self._in[0] = sound.mean(axis=0)
        else:
            self._in[:2] = sound
        return self.render(messages, first)

    def _position(self, number: int, turn: Turn) -> float:
        """Where a parameter is to be, from 0 to 1."""
        value = turn.value
        if not turn.is_position:
            scale = self._scale(number)
            if scale is not None:
                value = float(np.interp(value, scale[1], scale[0]))
        return min(max(value, 0.0), 1.0)

    def _scale(self, number: int) -> tuple[Audio, Audio] | None:
        """Positions of a parameter and what it calls them, rising; None if those are no rising numbers."""
        if number not in self._scales:
            places = np.linspace(0, 1, PLACES, dtype=np.float32)
            found = [_number(self.plugin.param_to_text(number, float(place))) for place in places]
            named = np.array([np.nan if one is None else one for one in found], np.float32)
            rising = bool(np.isfinite(named).all() and (np.diff(named) >= 0).all() and named[-1] > named[0])
            self._scales[number] = (places, named) if rising else None
        return self._scales[number]

    def _words(self, number: int) -> list[str]:
        """What a parameter calls its places, each once."""
        places = np.linspace(0, 1, PLACES)
        return [*dict.fromkeys(str(self.plugin.param_to_text(number, float(place))) for place in places)][:40]

    def _set(self, name: str, value: object) -> None:
        number = next((n for n, title in self._titles.items() if name in (_plain(title), title)), None)
        if number is None:
            known = [_plain(title) for title in self._titles.values()]
            raise PluginLoadError(f"it has no parameter {name!r}; {nearest(name, known)}")
        scale = self._scale(number)
        if scale is not None:
            low, high = float(scale[1][0]), float(scale[1][-1])
            if not isinstance(value, int | float) or not low <= value <= high:
                raise PluginLoadError(f"{name}={value!r}: give {low:g}…{high:g}")
            self.plugin.set_param(number, float(np.interp(value, scale[1], scale[0])))
            return
        places = np.linspace(0, 1, PLACES)
        for place in places:
            if str(value) == str(self.plugin.param_to_text(number, float(place))):
                self.plugin.set_param(number, float(place))
                return
        words = " or ".join(repr(one) for one in self._words(number)[:12])
        raise PluginLoadError(f"{name}={value!r}: give {words}")

    def _set_preset(self, preset: str) -> None:
        if preset.lower().endswith(".vstpreset"):
            import minihost

            try:
                minihost.load_vstpreset(preset, self.plugin)  # pyright: ignore[reportUnknownMemberType] - half typed
            except (OSError, RuntimeError, ValueError) as error:
                raise PluginLoadError(f"the preset {preset} cannot be read: {error}") from error
            return
        known = self.programs
        if preset not in known:
            told = nearest(preset, known) if known else "it has no programs of its own"
            raise PluginLoadError(f"it has no preset {preset!r}; {told}")
        self.plugin.program = known.index(preset)


def _opened(path: str, rate: int, block: int) -> minihost.Plugin:
    import minihost

    if path.startswith(LV2):
        uri = path.removeprefix(LV2)
        bundle = bundle_elsewhere(uri)
        if bundle is not None:
            return minihost.Plugin(str(bundle), rate, block)
        # By its URI alone: of a bundle with several it would open the first.
        plain = escape(uri, quote=True)
        return minihost.Plugin.from_descriptor(f'<PLUGIN name="" format="LV2" file="{plain}"/>', rate, block)
    return minihost.Plugin(path, rate, block)


def _number(text: str) -> float | None:
    """The number at the beginning of what a plugin calls a place.

    >>> _number("440.5 Hz"), _number("off")
    (440.5, None)
    """
    found = _NUMBER.match(text.strip())
    value = float(found.group()) if found else None
    return value if value is not None and isfinite(value) else None


def _plain(title: str) -> str:
    """A parameter's name as Python can have it.

    >>> _plain("Envelope Decay"), _plain("Osc. 2 (fine)")
    ('envelope_decay', 'osc_2_fine')
    """
    return re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")
