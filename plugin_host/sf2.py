"""SoundFont files: the presets that they hold, and their zones."""

import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from plugin_host.errors import HostError, nearest
from plugin_host.recordings import Cut, Loop, Wanted
from plugin_host.zones import Zone

__all__ = ["Preset", "SoundFont", "soundfont_zones"]

LARGEST: Final = 1 << 26
"""Bytes of one table; the largest banks have a few million."""
MOST: Final = 50_000
"""Zones of one preset."""
RELEASE: Final = 0.02
"""The shortest end of a note, in seconds: what most files say, a thousandth, would click."""
FALL: Final = 0.6
"""Our decays reach -60 dB, those of the format -100 dB, in the time that is told."""

(
    _START, _END, _LOOP_START, _LOOP_END, _START_FAR, _END_FAR, _PAN, _ATTACK, _HOLD, _DECAY, _SUSTAIN,
    _RELEASE, _INSTRUMENT, _KEYS, _VELOCITIES, _LOOP_START_FAR, _QUIETER, _LOOP_END_FAR, _SEMITONES, _CENTS,
    _SAMPLE, _MODE, _SCALE, _GROUP, _ROOT,
) = (
    0, 1, 2, 3, 4, 12, 17, 34, 35, 36, 37,
    38, 41, 43, 44, 45, 48, 50, 51, 52,
    53, 54, 56, 57, 58,
)  # fmt: skip
"""The numbers of the generators that are played."""
_USUAL: Final[Mapping[int, int]] = {
    _ATTACK: -12000,
    _HOLD: -12000,
    _DECAY: -12000,
    _RELEASE: -12000,
    _SCALE: 100,
    _ROOT: -1,
}
"""What generators are that nobody names; all others are 0."""
_ONLY_BELOW: Final = frozenset(
    {
        _START,
        _END,
        _LOOP_START,
        _LOOP_END,
        _START_FAR,
        _END_FAR,
        _LOOP_START_FAR,
        _LOOP_END_FAR,
        _SAMPLE,
        _MODE,
        _GROUP,
        _ROOT,
    }
)
"""Generators that mean nothing in a preset."""
_READ_ONLY: Final = 0x8000

Report = Callable[[str], None]
Generators = dict[int, int]
Span = tuple[int, int]


class Preset(NamedTuple):
    """One sound of a bank.

    Args:
        name: As the file has it.
        bank: 0 to 16383; 128 is commonly the drums.
        program: 0 to 127.
    """

    name: str
    bank: int
    program: int


class _Sample(NamedTuple):
    start: int
    end: int
    loop_start: int
    loop_end: int
    rate: int
    root: int
    cents: int
    kind: int


@dataclass(frozen=True, slots=True)
class _Layer:
    """The generators of one zone, with its ranges."""

    generators: Generators
    keys: Span = (0, 127)
    velocities: Span = (0, 127)


class SoundFont:
    """A SoundFont file; its recordings stay where they are.

    Args:
        path: Which.

    Raises:
        HostError: It cannot be read, or is no SoundFont.

    Source: "SoundFont Technical Specification 2.04", Creative Technology, 2006.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._tables, self._at, self._frames = _chunks(path)
        except OSError as error:
            raise HostError(f"{path.name} cannot be read: {error.strerror or error}") from error
        lacking = [
            name
            for name in ("phdr", "pbag", "pgen", "inst", "ibag", "igen", "shdr")
            if name not in self._tables
        ]
        if lacking or not self._at:
            raise HostError(
                f"{path.name} is no SoundFont file that can be read: no {lacking[0] if lacking else 'sounds'}"
            )
        heads = _rows("20sHHHIII", self._tables["phdr"])
        self._preset_bags: list[int] = [row[3] for row in heads]
        self.presets = [Preset(_text(row[0]), row[2], row[1]) for row in heads[:-1]]
        self._instrument_bags: list[int] = [row[1] for row in _rows("20sH", self._tables["inst"])]
        heads = _rows("20sIIIIIBbHH", self._tables["shdr"])
        self._samples = [_Sample._make((*row[1:8], row[9])) for row in heads]

    def preset(self, name: str | None, bank: int, program: int) -> int:
        """The place of a preset.

        Args:
            name: Its name; capitals do not matter. None if bank and program say which.
            bank: Of the preset.
            program: Of the preset.

        Raises:
            HostError: There is none; names what is like it.
        """
        for place, one in enumerate(self.presets):
            if (
                (one.bank, one.program) == (bank, program)
                if name is None
                else one.name.casefold() == name.casefold()
            ):
                return place
        if name is not None:
            like = nearest(name, [one.name for one in self.presets])
            raise HostError(f"{self.path.name} has no preset {name!r}; {like}")
        there = ", ".join(
            f"{one.bank}:{one.program} {one.name}"
            for one in sorted(self.presets, key=lambda one: one[1:])[:40]
        )
        raise HostError(
            f"{self.path.name} has no bank {bank}, program {program}; there are: {there or 'none'}"
        )

    def zones(self, place: int, report: Report) -> list[Zone]:
        """The zones of a preset.

        Args:
            place: As `preset` gives it.
            report: Takes one line about what is left out.

        Raises:
            HostError: Nothing in it can be played.
        """
        zones: list[Zone] = []
        left = 0
        for upper in self._layers("p", self._preset_bags, place, _INSTRUMENT):
            for lower in self._layers("i", self._instrument_bags, upper.generators[_INSTRUMENT], _SAMPLE):
                keys, velocities = _both(upper.keys, lower.keys), _both(upper.velocities, lower.velocities)
                if keys[0] > keys[1] or velocities[0] > velocities[1]:
                    continue
                zone = self._zone(upper.generators, lower.generators, keys, velocities)
                left += zone is None
                zones += [] if zone is None else [zone]
                if len(zones) > MOST:
                    raise HostError(f"{self.path.name} has a preset of more than {MOST} zones")
        name = self.presets[place].name
        if not zones:
            raise HostError(f"{self.path.name} has nothing to play in {name!r}")
        if left:
            report(
                f"{self.path.name}: {left} zones of {name!r} are left out: the file lacks their recordings"
            )
        return zones

    def _layers(self, kind: str, bags: Sequence[int], place: int, last: int) -> Iterable[_Layer]:
        """The zones of a preset or an instrument, each with what a first zone says for all."""
        if not 0 <= place < len(bags) - 1:
            return
        rows: list[int] = [row[0] for row in _rows("HH", self._tables[f"{kind}bag"])]
        generators = _rows("Hh", self._tables[f"{kind}gen"])
        common = _Layer({})
        for bag in range(bags[place], min(bags[place + 1], len(rows) - 1)):
            layer = _layer(generators[rows[bag] : rows[bag + 1]], common)
            if last in layer.generators:
                yield layer
            elif bag == bags[place]:
                common = layer

    def _zone(self, above: Generators, below: Generators, keys: Span, velocities: Span) -> Zone | None:
        number = below[_SAMPLE]
        if not 0 <= number < len(self._samples) - 1:
            return None
        sample = self._samples[number]

        def value(which: int) -> int:
            more = 0 if which in _ONLY_BELOW else above.get(which, 0)
            return below.get(which, _USUAL.get(which, 0)) + more

        start = sample.start + value(_START) + 32768 * value(_START_FAR)
        end = sample.end + value(_END) + 32768 * value(_END_FAR)
        if (
            sample.kind & _READ_ONLY
            or not 0 <= start < end <= self._frames
            or not 1 <= sample.rate <= 400_000
        ):
            return None
        begins = sample.loop_start + value(_LOOP_START) + 32768 * value(_LOOP_START_FAR) - start
        ends = sample.loop_end + value(_LOOP_END) + 32768 * value(_LOOP_END_FAR) - start
        mode = value(_MODE) & 3
        loop = Loop(begins, ends) if mode in {1, 3} and 0 <= begins < ends <= end - start else False
        root = value(_ROOT) if value(_ROOT) >= 0 else sample.root if sample.root <= 127 else 60
        sustain = 10 ** (-min(max(value(_SUSTAIN), 0), 1440) / 200)
        group = max(value(_GROUP), 0)
        return Zone(
            Wanted(self.path, loop, bent=True, cut=Cut(self._at + 2 * start, end - start, sample.rate)),
            *keys,
            *velocities,
            root=root,
            track=value(_SCALE) / 100,
            tune=value(_SEMITONES) + (value(_CENTS) + sample.cents) / 100,
            level=10 ** (-min(max(value(_QUIETER), 0), 1440) / 200),
            pan=min(max(value(_PAN) / 500, -1.0), 1.0),
            attack=_seconds(value(_ATTACK)),
            hold=_seconds(value(_HOLD)),
            decay=max(FALL * _seconds(value(_DECAY)), 0.001) if sustain < 1 else None,
            sustain=sustain,
            release=max(FALL * _seconds(value(_RELEASE)), RELEASE),
            sustained=mode == 3,
            group=group,
            ended_by=group,
        )


def soundfont_zones(path: Path, preset: str | None, bank: int, program: int, report: Report) -> list[Zone]:
    """The zones of one preset of a file.

    Args:
        path: Which file.
        preset: Its name; None if bank and program say which.
        bank: Of the preset.
        program: Of the preset.
        report: Takes one line about what is left out.

    Raises:
        HostError: The file cannot be read, or has no such preset.
    """
    file = SoundFont(path)
    return file.zones(file.preset(preset, bank, program), report)


def _chunks(path: Path) -> tuple[dict[str, bytes], int, int]:
    """The tables of a file, and where its frames begin and how many there are."""
    tables: dict[str, bytes] = {}
    at = frames = 0
    with path.open("rb") as file:
        size = path.stat().st_size
        head = file.read(12)
        if head[:4] != b"RIFF" or head[8:] != b"sfbk":
            raise HostError(f"{path.name} is no SoundFont file")
        while len(head := file.read(8)) == 8:
            kind, length = head[:4], int.from_bytes(head[4:], "little")
            here = file.tell()
            if kind == b"LIST":
                file.seek(here + 4)  # what is in it follows at once
                continue
            if kind == b"smpl":
                at, frames = here, max(0, min(length, size - here)) // 2
            elif kind.isalpha() and length <= LARGEST:
                tables[kind.decode("latin-1")] = file.read(length)
            file.seek(here + length + length % 2)
    return tables, at, frames


def _rows(form: str, data: bytes) -> list[tuple[Any, ...]]:
    shape = struct.Struct("<" + form)
    return list(shape.iter_unpack(data[: len(data) // shape.size * shape.size]))


def _text(data: bytes) -> str:
    return data.split(b"\0")[0].decode("latin-1").strip()


def _layer(rows: Iterable[tuple[Any, ...]], common: _Layer) -> _Layer:
    generators = dict(common.generators)
    keys, velocities = common.keys, common.velocities
    for kind, amount in rows:
        if kind in {_KEYS, _VELOCITIES}:
            low, high = amount & 0xFF, amount >> 8 & 0xFF
            if kind == _KEYS:
                keys = (low, high)
            else:
                velocities = (low, high)
        else:
            generators[kind] = amount & 0xFFFF if kind in {_INSTRUMENT, _SAMPLE} else amount
    return _Layer(generators, keys, velocities)


def _both(one: Span, other: Span) -> Span:
    return max(one[0], other[0]), min(one[1], other[1], 127)


def _seconds(timecents: int) -> float:
    return 0.0 if timecents <= -12000 else min(2.0 ** (timecents / 1200), 100.0)
