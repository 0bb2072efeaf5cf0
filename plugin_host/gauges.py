"""Measures what can be looked at in the mixer: spectrum and loudness of the whole, of layers and buses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import numpy as np

from plugin_host.live_loudness import LiveLoudness
from plugin_host.spectrum import Spectrum
from plugin_host.view_ring import ViewRing
from plugin_host.viewing import SLOTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from plugin_host.audio import Audio

__all__ = ["MASTER", "Gauges"]

MASTER: Final = "master"
"""What the whole is called."""
_BUS: Final = "bus "


class _Gauge:
    """Of one sound, from one frame on."""

    def __init__(self, rate: int, weights: Sequence[float]) -> None:
        self.spectrum = Spectrum(rate, len(weights))
        self.loudness = LiveLoudness(rate, weights)

    def hear(self, sound: Audio) -> None:
        """Take the next part in."""
        self.spectrum.hear(sound)
        self.loudness.hear(sound)


class Gauges:
    """Reads what the mixer writes, and says what it is like; what it came too late for it leaves out.

    Attributes:
        lost: Frames that it came too late for.
    """

    def __init__(self) -> None:
        self._ring: ViewRing | None = None
        self._path = ""
        self._at = 0
        self._gauges: dict[str, _Gauge] = {}
        self._buses: list[str] = []
        self.lost = 0

    def wanted(self, names: Iterable[str]) -> list[str]:
        """What the mixer is to be asked for: these, and as many of its buses as there is room for."""
        return [*dict.fromkeys([*names, *self._buses])][:SLOTS]

    def look(self, told: Mapping[str, object]) -> None:
        """Take what is new in the ring.

        Args:
            told: What the mixer said of it; see `plugin_host.viewing.View.show`.
        """
        names = cast("list[str]", told["names"])
        weights, since = cast("list[float]", told["weights"]), cast("int", told["since"])
        if told["ring"] != self._path:
            # Another mixer, or another rate: all begins anew.
            self._path = str(told["ring"])
            self._ring = ViewRing(Path(self._path), cast("int", told["channels"]))
            self._at = self._ring.written
            self._gauges.clear()
        rate, ring = cast("int", told["rate"]), self._ring
        if ring is None:
            return
        rows = {MASTER: (0, weights)} | {
            name: (len(weights) + 2 * place, [1.0, 1.0]) for place, name in enumerate(names)
        }
        first, sound = ring.read(self._at)
        self.lost += first - self._at
        self._at = first + sound.shape[1]
        old = self._gauges
        self._gauges = {name: old.get(name) or _Gauge(rate, each) for name, (_, each) in rows.items()}
        for name, (channel, each) in rows.items():
            # Before that frame something else lay in this place.
            begin = 0 if name == MASTER else max(0, since - first)
            self._gauges[name].hear(sound[channel : channel + len(each), begin:])
        levels = cast("Mapping[str, object]", told["levels"])
        self._buses = [name[len(_BUS) :] for name in levels if name.startswith(_BUS)]

    def begin(self) -> None:
        """Count integrated loudness and true peak from here on."""
        for gauge in self._gauges.values():
            gauge.loudness.begin()

    def loudness(self) -> dict[str, dict[str, float]]:
        """LUFS of all that is looked at, of the last 0.4 s, of 3 s and since `begin`; the true peak in dB."""
        return {name: gauge.loudness.read()._asdict() for name, gauge in self._gauges.items()}

    def spectra(self, names: Iterable[str]) -> dict[str, list[float]]:
        """The strength of 64 bands of the whole and of some others, in dB.

        Args:
            names: Of layers and buses.
        """
        asked = {MASTER, *names}
        return {
            name: np.maximum(gauge.spectrum.read(), -200).round(1).tolist()
            for name, gauge in self._gauges.items()
            if name in asked
        }
