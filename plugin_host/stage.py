"""The room: sounds with places come in, the channels of a layout come out."""

from collections.abc import Callable, Sequence
from typing import Final, Protocol

import numpy as np

from plugin_host.audio import Audio, Wide, single
from plugin_host.block_filter import BlockFilter, butterworth, one_pole
from plugin_host.layouts import STEREO, Layout
from plugin_host.placing import Placing
from plugin_host.seat import Seat
from plugin_host.vbap import Panner, Vbap, directions

__all__ = ["LFE_HZ", "Stage"]

LFE_HZ: Final = 120.0
"""Above which the LFE has nothing; 24 dB an octave."""
PAIR: Final = 90.0
"""Degrees to either side at which left and right of a sound lie whose spread is 1."""
USUAL: Final = 1 / 3
"""The spread of what says none: left and right are where a stereo pair stands, and are points."""
BLUR: Final = 67.5
"""Degrees to every side for each 1 of spread beyond that: 45 for a spread of 1."""
AIR_HZ: Final = 2000.0
"""Where the air begins to take something away; above 6 kHz it is nearly all of it."""
AIR: Final = 1.0
"""dB that each 1 of distance beyond 1 takes. In dry air at 20 degrees 10 m take as much from 8 kHz."""
AIR_MOST: Final = 18.0
"""dB beyond which it takes no more; as the filter is, 12 are left of them."""
_SCATTER: Final = (0, 0, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41)
"""Milliseconds by which the room's own sound differs from loudspeaker to loudspeaker."""
_VOICES: Final = 256
"""Places of notes whose levels are remembered."""
_SEATS: Final = 16
"""Sounds that are dulled by the air for which there is memory at first."""


class Finish(Protocol):
    """What makes other channels of those of the room."""

    def process(self, sound: Audio) -> Audio:
        """The next block."""
        ...

    def renew(self) -> None:
        """Forget what still rings."""
        ...


class Stage:
    """Puts sounds into the channels of a layout.

    Args:
        layout: Where the loudspeakers are.
        rate: Frames a second.
        block: Frames in a block.
        panner: How directions become levels; amplitude panning unless given.
        around: Directions from which the room's own sound comes: azimuth and elevation; the loudspeakers'
            own, unless given.
        finish: Makes what is heard of the channels; nothing, unless given.
    """

    def __init__(
        self,
        layout: Layout,
        rate: int,
        block: int,
        panner: Panner | None = None,
        around: Sequence[tuple[float, float]] = (),
        finish: Finish | None = None,
    ) -> None:
        self.layout = layout
        self._block, self._finish = block, finish
        zones = layout.zones
        self._panner = panner or Vbap(layout, zones[""])
        self._zones: dict[str, Panner] = {}
        if panner is None:
            self._zones = {zone: Vbap(layout, among) for zone, among in zones.items() if zone}
        self.zones = frozenset(self._zones)
        self.channels = self._panner.channels
        self._share = np.arange(1, block + 1, dtype=np.float32) / np.float32(block)
        self._share *= self._share * (3 - 2 * self._share)
        self._bed = self.levels([[0.0, 0.0, 1.0, USUAL, 0.0]])[0, :, : self.channels]
        self._lfe = layout.lfe
        self._low = None if self._lfe is None else BlockFilter(butterworth(LFE_HZ, rate), block, 1)
        self._air = BlockFilter(one_pole(AIR_HZ, rate), block, 2 * _SEATS)
        self._aired: dict[Seat, int] = {}
        heard = [layout.speakers[place] for place in zones[""]]
        where = list(around) or [(one.azimuth, one.elevation) for one in heard]
        self._around = single(self._panner.gains(directions(*np.array(where).T)).T)
        self._sides = _sides(np.array([turn for turn, _ in where]))
        late = [round(_SCATTER[number % len(_SCATTER)] * rate / 1000) for number in range(len(where))]
        self._late = late
        self._room: Audio = np.zeros((2, max(late)), dtype=np.float32)
        self._seated: list[tuple[Seat, Audio]] = []
        self._plain = layout is STEREO and panner is None
        self._voices: dict[tuple[float | str, ...], Audio] = {}

    def levels(self, places: Sequence[Sequence[float]], zones: Sequence[str] = ()) -> Audio:
        """What left and right of sounds are in each channel, and in the LFE, which comes last.

        Args:
            places: Azimuth, elevation, distance, spread and lfe of each.
            zones: The room of each; nothing where all are in the main one.

        Returns:
            Shape (places, 2, channels + 1).
        """
        if any(zone in self._zones for zone in zones):
            out = np.empty((len(places), 2, self.channels + 1), dtype=np.float32)
            for zone in sorted({*zones}):
                rows = [number for number, one in enumerate(zones) if one == zone]
                panner = self._zones.get(zone, self._panner)
                out[rows] = self._levels([places[row] for row in rows], panner)
            return out
        return self._levels(places, self._panner)

    def _levels(self, places: Sequence[Sequence[float]], panner: Panner) -> Audio:
        azimuth, elevation, distance, spread, lfe = np.array(places, dtype=float).T
        half = PAIR * spread
        turn = np.stack([azimuth + half, azimuth - half], axis=1).ravel()
        where = directions(turn, np.repeat(elevation, 2))
        blur = BLUR * np.maximum(spread - USUAL, 0)
        near = np.minimum(distance, 1)
        found = panner.gains(
            where,
            np.repeat(blur, 2) if blur.any() else None,
            np.repeat(near, 2) if near.min() < 1 else None,
        ).reshape(len(half), 2, -1)
        # What is alike in left and right is as loud as in a pair of loudspeakers, however narrow it is.
        both = (found.sum(axis=1) ** 2 * panner.weights).sum(axis=1)
        far = 1 / np.maximum(distance, 1)
        out = np.empty((len(half), 2, self.channels + 1), dtype=np.float32)
        out[:, :, :-1] = found * (np.sqrt(2 / both) * far)[:, None, None]
        out[:, :, -1] = (0.5 * lfe * far)[:, None]
        return out

    def voice(self, place: Sequence[float], zone: str = "") -> Audio:
        """The levels of a note that has a place of its own: shape (2, channels + 1), the same for one place.

        Args:
            place: In the order of `plugin_host.places.PLACE`.
            zone: The room.
        """
        key: tuple[float | str, ...] = (*place, zone)
        found = self._voices.get(key)
        if found is None:
            if len(self._voices) >= _VOICES:
                self._voices.pop(next(iter(self._voices)))
            found = self._voices[key] = self.levels([place], [zone])[0]
        return found

    def take(self, placing: Placing, sound: Audio) -> bool:
        """Take what belongs to the next block and has a place; whether it has.

        Args:
            placing: Where it comes from.
            sound: Left and right; valid until `whole` is asked for.
        """
        if placing.seat is None:
            return False
        self._seated.append((placing.seat, placing.seated(sound)))
        return True

    def whole(self, bed: Audio, space: Callable[[Audio], Audio]) -> Audio:
        """The next block.

        Args:
            bed: Of everything that has no place, left and right; it is changed.
            space: Adds echo and reverb of everything to a sound, left and right.

        Returns:
            Shape (channels, frames).
        """
        seated, self._seated = self._seated, []
        if self._plain:
            if seated:
                bed += self._placed(seated)[:-1]
            return space(bed)
        out = np.zeros((self.channels + 1, self._block), dtype=np.float32)
        out[:-1] = self._bed.T @ bed
        if seated:
            out += self._placed(seated)
        whole = out[:-1]
        if self._low is not None and self._lfe is not None:
            whole[self._lfe] += self._low.process(out[-1:])[0]
        bed[:] = 0
        self._surround(whole, space(bed))
        return whole if self._finish is None else self._finish.process(whole)

    def renew(self) -> None:
        """Forget what still rings."""
        self._room[:] = 0
        self._air.renew()
        if self._finish is not None:
            self._finish.renew()
        if self._low is not None:
            self._low.renew()

    def _placed(self, seated: Sequence[tuple[Seat, Audio]]) -> Audio:
        """Everything that has a place, in the channels, the LFE last."""
        seats, sounds = [seat for seat, _ in seated], [sound for _, sound in seated]
        moved = [seat.moved for seat in seats]
        former = [seat.levels for seat in seats]
        if any(moved):
            movers = [seat for seat, move in zip(seats, moved, strict=True) if move]
            for seat, levels in zip(
                movers,
                self.levels([seat.now() for seat in movers], [seat.zone for seat in movers]),
                strict=True,
            ):
                seat.levels, seat.moved = levels, False
        now = np.concatenate([self._bedded(seat.levels) for seat in seats])
        sound = np.concatenate(self._aired_by(seats, sounds))
        out = now.T @ sound
        if any(moved):
            was = np.concatenate(
                [
                    self._bedded(seat.levels if one is None else one)
                    for seat, one in zip(seats, former, strict=True)
                ]
            )
            moving = np.repeat(moved, 2)
            # Back from where it is going to where it came from.
            out += (was - now)[moving].T @ (sound[moving] * (1 - self._share))
        for seat in seats:
            if seat.apart is not None:
                out += seat.apart
        return out

    def _bedded(self, levels: Audio | None) -> Audio:
        return np.zeros((2, self.channels + 1), np.float32) if levels is None else levels

    def _aired_by(self, seats: Sequence[Seat], sounds: Sequence[Audio]) -> list[Audio]:
        """The same, duller the farther they are."""
        out = list(sounds)
        dull = [_dulled(seat.now()[2]) for seat in seats]
        for gone in self._aired.keys() - set(seats):
            del self._aired[gone]
        far = [place for place, seat in enumerate(seats) if dull[place] or seat.dulled]
        for place, seat in enumerate(seats):
            if place not in far:
                self._aired.pop(seat, None)
        if not far:
            return out
        rows = self._rows([seats[place] for place in far])
        line = np.zeros((len(self._air.state), self._block), dtype=np.float32)
        for row, place in zip(rows, far, strict=True):
            line[row : row + 2] = sounds[place]
        low = self._air.process(line)
        for row, place in zip(rows, far, strict=True):
            seat = seats[place]
            share = single(seat.dulled + (dull[place] - seat.dulled) * self._share)
            seat.dulled = dull[place]
            out[place] = single(sounds[place] + share * (low[row : row + 2] - sounds[place]))
        return out

    def _rows(self, seats: Sequence[Seat]) -> list[int]:
        """Which two channels of the air's filter each has; a new one begins without memory."""
        for seat in seats:
            if seat in self._aired:
                continue
            taken = set(self._aired.values())
            row = next(row for row in range(0, 2 * len(taken) + 2, 2) if row not in taken)
            if row >= len(self._air.state):
                self._air.state = np.concatenate((self._air.state, np.zeros_like(self._air.state)))
            self._air.state[row : row + 2] = 0
            self._aired[seat] = row
        return [self._aired[seat] for seat in seats]

    def _surround(self, out: Audio, wet: Audio) -> None:
        """Let the room's own sound come from everywhere, from each direction a little later or earlier."""
        if not wet.any() and not self._room.any():
            return
        line = np.concatenate((self._room, wet), axis=1)
        before = self._room.shape[1]
        parts = np.empty((len(self._late), self._block), dtype=np.float32)
        for number, late in enumerate(self._late):
            parts[number] = self._sides[number] @ line[:, before - late : before - late + self._block]
        self._room = line[:, self._block :]
        out += self._around @ parts


def _dulled(distance: float) -> float:
    """What part of the brilliance the air takes away, 0 to 1."""
    return 1 - 10 ** (-min(AIR * max(distance - 1, 0.0), AIR_MOST) / 20)


def _sides(azimuth: Wide) -> Audio:
    """What each direction gets of left and right, each of which is heard with a power of 1 in all."""
    left = np.sqrt((1 + np.sin(np.radians(azimuth))) / 2)
    right = np.sqrt((1 - np.sin(np.radians(azimuth))) / 2)
    return single(np.stack([left / np.linalg.norm(left), right / np.linalg.norm(right)], axis=1))
