"""Where loudspeakers stand: the usual layouts by name, and a musician's own from a file."""

import csv
import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from plugin_host.errors import HostError, nearest
from plugin_host.paths import expanded

__all__ = ["FIELD", "LAYOUTS", "STEREO", "Layout", "Speaker", "read_layout"]

MOST: Final = 64
"""Loudspeakers of a layout."""
NEAR: Final = 0.5
"""Degrees within which two loudspeakers would be one."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """One loudspeaker.

    Args:
        name: What it is called.
        azimuth: Degrees to the left of the front, -180 to 180; right is negative.
        elevation: Degrees above the ears, -90 to 90.
        lfe: Whether it has the lowest sounds only, so that nothing is ever placed there.
        zone: The room that it stands in, where there are several; empty for the main one.
    """

    name: str
    azimuth: float = 0.0
    elevation: float = 0.0
    lfe: bool = False
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """Loudspeakers, in the order of the channels.

    Args:
        name: What it is called.
        speakers: At least one that is no LFE.
        mask: Which places a WAV file says its channels have, as a number of bits; 0 says nothing.
        kind: "speakers"; "ambisonics", whose channels are no loudspeakers; "binaural", two ears.
    """

    name: str
    speakers: tuple[Speaker, ...]
    mask: int = 0
    kind: str = "speakers"

    @property
    def channels(self) -> int:
        """How many channels go out."""
        return len(self.speakers)

    @property
    def heard(self) -> tuple[int, ...]:
        """The channels in which sounds are placed."""
        return tuple(place for place, one in enumerate(self.speakers) if not one.lfe)

    @property
    def zones(self) -> dict[str, tuple[int, ...]]:
        """The channels of each room in which sounds are placed; "" is the main one, or else the first.

        >>> read_layout("5.1").zones
        {'': (0, 1, 2, 4, 5)}
        """
        found: dict[str, tuple[int, ...]] = {}
        for place in self.heard:
            zone = self.speakers[place].zone
            found[zone] = (*found.get(zone, ()), place)
        return found if "" in found else {"": next(iter(found.values())), **found}

    @property
    def lfe(self) -> int | None:
        """The channel of the lowest sounds, if there is one; the first of several."""
        return next((place for place, one in enumerate(self.speakers) if one.lfe), None)

    @property
    def weights(self) -> tuple[float, ...]:
        """How much each channel counts for the loudness.

        Source: ITU-R BS.1770-4, annex 1, table 3 and annex 3: 1.41 for what stands at the sides, 60 to 120
            degrees from the front and less than 30 degrees up or down; 0 for the LFE. An ambisonic sound
            counts as much as from one loudspeaker in front.
        """
        if self.kind == "ambisonics":
            return tuple((2 * int(place**0.5) + 1) / self.channels for place in range(self.channels))
        return tuple(_weight(one) for one in self.speakers)


def _weight(speaker: Speaker) -> float:
    if speaker.lfe:
        return 0.0
    return 1.41 if abs(speaker.elevation) < 30 and 60 <= abs(speaker.azimuth) <= 120 else 1.0


def _made(name: str, mask: int, *places: tuple[str, float, float]) -> Layout:
    return Layout(name, tuple(Speaker(one, turn, rise, one == "LFE") for one, turn, rise in places), mask)


_FRONT: Final = (("L", 30.0, 0.0), ("R", -30.0, 0.0), ("C", 0.0, 0.0), ("LFE", 0.0, 0.0))
_AROUND: Final = (("Ls", 110.0, 0.0), ("Rs", -110.0, 0.0))
_SEVEN: Final = (("Lrs", 135.0, 0.0), ("Rrs", -135.0, 0.0), ("Lss", 90.0, 0.0), ("Rss", -90.0, 0.0))
_TOP: Final = (("Ltf", 45.0, 45.0), ("Rtf", -45.0, 45.0), ("Ltr", 135.0, 45.0), ("Rtr", -135.0, 45.0))

STEREO: Final = _made("stereo", 0x3, *_FRONT[:2])

LAYOUTS: Final = {
    one.name: one
    for one in (
        STEREO,
        _made("quad", 0x33, ("L", 45, 0), ("R", -45, 0), ("Ls", 135, 0), ("Rs", -135, 0)),
        _made("5.1", 0x3F, *_FRONT, *_AROUND),
        _made("7.1", 0x63F, *_FRONT, *_SEVEN),
        _made("5.1.4", 0x2D03F, *_FRONT, *_AROUND, *_TOP),
        _made("7.1.4", 0x2D63F, *_FRONT, *_SEVEN, *_TOP),
    )
}
"""The usual ones, by name. Channels have the order of the bits in a WAV file's mask.

Source: ITU-R BS.775 for 5.1, BS.2051 for the others; with the upper ones at 45 degrees, within its limits.
"""


FIELD: Final = Layout("ambix3", tuple(Speaker(f"ACN {place}") for place in range(16)), kind="ambisonics")
"""The whole sphere in ambisonics of third order, for decoders of others: AmbiX, order ACN, scaled as SN3D."""

_OTHERS: Final = {one.name: one for one in (FIELD, Layout("binaural", STEREO.speakers, 0x3, "binaural"))}


def read_layout(text: str) -> Layout:
    """The layout of a name, or of a file that ends with `.toml` or `.csv`.

    Args:
        text: "stereo", "quad", "5.1", "7.1", "5.1.4", "7.1.4", "ambix3", "binaural", or the path of a file.

    Raises:
        HostError: No such name, or a file that is not there or makes no sense; says where in it.

    >>> read_layout("7.1.4").channels
    12
    >>> read_layout("5.1").heard
    (0, 1, 2, 4, 5)
    """
    known = LAYOUTS | _OTHERS
    if text in known:
        return known[text]
    path = expanded(text)
    kind = path.suffix.lower()
    if kind not in {".toml", ".csv"}:
        raise HostError(
            f"no layout {text!r}; {nearest(text, known)} A file of your own ends with .toml or .csv"
        )
    try:
        source = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "it is no text"
        raise HostError(f"the layout {path} cannot be read: {why}") from None
    rows = _from_toml(path, source) if kind == ".toml" else _from_csv(path, source)
    return _checked(path, rows)


def _from_toml(path: Path, source: str) -> list[tuple[str, Mapping[str, object]]]:
    try:
        table = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise HostError(f"the layout {path} is no TOML: {error}") from None
    rows: object = table.get("speakers")
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in cast("list[object]", rows)):
        raise HostError(f"the layout {path} has no [[speakers]]: write one for each, with name and azimuth")
    return [
        (f"{path}, speaker {number}", one)
        for number, one in enumerate(cast("list[dict[str, object]]", rows), 1)
    ]


def _from_csv(path: Path, source: str) -> list[tuple[str, Mapping[str, object]]]:
    reader = csv.DictReader(source.splitlines(), skipinitialspace=True)
    if "name" not in (reader.fieldnames or ()):
        raise HostError(f"{path}:1: the first line names the columns: name,azimuth,elevation,lfe,zone")
    return [(f"{path}:{reader.line_num}", row) for row in cast("Iterable[dict[str, object]]", reader)]


_KNOWN: Final = ("name", "azimuth", "elevation", "lfe", "zone")
_YES: Final = frozenset({"true", "yes", "1"})
_NO: Final = frozenset({"", "none", "false", "no", "0"})


def _checked(path: Path, rows: Sequence[tuple[str, Mapping[str, object]]]) -> Layout:
    speakers: list[Speaker] = []
    for where, row in rows:
        for key in row:
            if key not in _KNOWN:
                raise HostError(f"{where}: nobody knows {key!r}; a speaker has {', '.join(_KNOWN)}")
        name = str(row.get("name") or "").strip()
        if not name or any(name == one.name for one in speakers):
            raise HostError(f"{where}: {name!r}: each speaker has a name of its own")
        said = str(row.get("lfe", "")).strip().lower()
        if said not in _YES | _NO:
            raise HostError(f"{where}: lfe is true or false (got {said!r})")
        place = (_degrees(where, row, "azimuth", 180), _degrees(where, row, "elevation", 90))
        zone = str(row.get("zone") or "").strip()
        speakers.append(Speaker(name, *place, lfe=said in _YES, zone=zone))
    heard = [one for one in speakers if not one.lfe]
    if not heard or len(speakers) > MOST:
        raise HostError(f"the layout {path} has {len(heard)} speakers to be heard; 1 to {MOST} may be")
    for number, one in enumerate(heard):
        for other in heard[:number]:
            if one.zone == other.zone and _apart(one, other) < NEAR:
                raise HostError(f"the layout {path}: {other.name!r} and {one.name!r} stand at one place")
    return Layout(path.stem, tuple(speakers))


def _degrees(where: str, row: Mapping[str, object], name: str, most: float) -> float:
    value = row.get(name)
    try:
        number = float(str(value)) if value not in {None, ""} else 0.0
    except ValueError:
        number = math.nan
    if not -most <= number <= most:
        raise HostError(f"{where}: {name} is {-most:g} to {most:g} degrees (got {value!r})")
    return number


def _apart(one: Speaker, other: Speaker) -> float:
    """Degrees between two loudspeakers, as seen from the middle."""
    up, down = math.radians(one.elevation), math.radians(other.elevation)
    turn = math.cos(math.radians(one.azimuth - other.azimuth))
    cosine = math.sin(up) * math.sin(down) + math.cos(up) * math.cos(down) * turn
    return math.degrees(math.acos(min(max(cosine, -1.0), 1.0)))
