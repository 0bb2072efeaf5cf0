"""From the regions of an SFZ file to zones: which recording, for which notes, how."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from plugin_host.errors import HostError
from plugin_host.recordings import Facts, Loop, Wanted, facts
from plugin_host.sfz import Opcodes, Region, read_regions
from plugin_host.zones import Zone

__all__ = ["sfz_zones"]

MOST: Final = 50_000
"""Regions of one instrument."""
RELEASE: Final = 0.02
"""Seconds in which a region fades that does not say how long."""
NAMED: Final = 3
"""Of several files that are not there, so many are named."""

TOLD: Final = 12
"""What is wrong with a file is told in so many lines, and the rest is counted."""

_CONTROLLERS: Final = {7: 100, 10: 64, 11: 127}
"""Where controllers stand unless the file says; the others stand at 0."""
_RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "lovel": (0, 127), "hivel": (0, 127), "lorand": (0, 1), "hirand": (0, 1), "seq_length": (1, 100),
    "seq_position": (1, 100), "tune": (-9600, 9600), "transpose": (-127, 127),
    "pitch_keytrack": (-1200, 1200), "volume": (-144, 24), "amplitude": (0, 1600), "pan": (-100, 100),
    "amp_veltrack": (0, 100),
    "ampeg_attack": (0, 100), "ampeg_hold": (0, 100), "ampeg_decay": (0, 100), "ampeg_sustain": (0, 100),
    "ampeg_release": (0, 100), "offset": (0, 2**31), "end": (-1, 2**31), "loop_start": (0, 2**31),
    "loop_end": (0, 2**31), "group": (0, 2**23), "off_by": (0, 2**23), "note_offset": (-127, 127),
    "octave_offset": (-10, 10),
}  # fmt: skip
_KEYS: Final = frozenset({"lokey", "hikey", "key", "pitch_keycenter", "sw_last", "sw_default"})
_WORDS: Final = {
    "loop_mode": ("no_loop", "one_shot", "loop_continuous", "loop_sustain"),
    "trigger": ("attack", "release", "first", "legato", "release_key"),
}
_KNOWN: Final = frozenset({*_RANGES, *_KEYS, *_WORDS, "sample", "sw_lokey", "sw_hikey", "default_path"})
_SILENT: Final = re.compile(
    r".*label.*|set_h?d?cc\d+|hint_.*|note_polyphony|polyphony|off_mode|(?:lo|hi)cc\d+"
)
"""Opcodes that are used elsewhere, or without which it sounds as it should."""
_BOUND: Final = re.compile(r"(lo|hi)cc(\d+)")
_STARTED: Final = re.compile(r"(?:on|start)_(?:lo|hi)cc\d+|sw_down|sw_up|sw_previous")
"""Opcodes of regions that no note alone begins."""
_KEY: Final = re.compile(r"([a-g])([#b♯♭]?)(-?\d+)", re.IGNORECASE)
_CLASS: Final = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}

Report = Callable[[str], None]


def sfz_zones(path: Path, report: Report) -> list[Zone]:
    """Read an SFZ file.

    Args:
        path: Which.
        report: Takes one line about each thing that is passed over.

    Raises:
        HostError: It cannot be read, or nothing in it can be played.
    """
    told = 0

    def few(text: str) -> None:
        nonlocal told
        told += 1
        if told <= TOLD:
            report(text)

    try:
        regions = read_regions(path, few)
        if len(regions) > MOST:
            raise HostError(f"{path.name} has {len(regions)} regions; {MOST} is the most")
        return _Reader(path, few).zones(regions)
    finally:
        if told > TOLD:
            report(f"{path.name}: {told - TOLD} more things like these")


class _Reader:
    """Makes zones, and notes what is passed over."""

    def __init__(self, path: Path, report: Report) -> None:
        self._path = path
        self._report = report
        self._foreign: dict[str, str] = {}
        self._left: Counter[str] = Counter()
        self._absent: dict[str, str] = {}
        self._facts = cache(_facts)
        self._listed = cache(_listed)

    def zones(self, regions: list[Region]) -> list[Zone]:
        """All that can be played."""
        zones = [zone for region in regions if (zone := self._zone(region)) is not None]
        name = self._path.name
        if self._foreign:
            several = ", ".join(sorted(self._foreign))
            where = next(iter(self._foreign.values()))
            self._report(f"{name}: not played, and passed over: {several} (first: {where})")
        for reason, many in self._left.items():
            self._report(f"{name}: {many} of {len(regions)} regions are left out: {reason}")
        absent = list(self._absent.items())
        for sample, where in absent[:NAMED]:
            self._report(f"{where}: there is no file {sample!r}")
        if len(absent) > NAMED:
            self._report(f"{name}: {len(absent) - NAMED} more files are not there")
        if not zones:
            why = f"all {len(regions)} are left out" if regions else "there is none"
            raise HostError(f"{name} has no region that can be played: {why}")
        return zones

    def _zone(self, region: Region) -> Zone | None:
        told = _Told(region.opcodes, self._report)
        control = _Told(region.control, self._report)
        for name, opcode in region.opcodes.items():
            if name not in _KNOWN and not _SILENT.fullmatch(name):
                self._foreign.setdefault(name, opcode.where)
        reason = _left_out(told, control)
        if reason:
            self._left[reason] += 1
            return None
        sample = region.opcodes.get("sample")
        if sample is None or not sample.value or sample.value.startswith("*"):
            self._left[
                "they name no file" if sample is None else f"{sample.value or 'a sample'} is no file"
            ] += 1
            return None
        file = self._file(control.text("default_path"), sample.value)
        if file is None:
            self._absent.setdefault(sample.value, sample.where)
            return None
        return self._made(told, control, file)

    def _made(self, told: "_Told", control: "_Told", file: Path) -> Zone:
        shift = control.number("note_offset", 0) + 12 * control.number("octave_offset", 0)
        key = told.key("key") if told.has("key") else None
        low, high = told.key("lokey", key, 0), told.key("hikey", key, 127)
        if told.text("pitch_keycenter") == "sample":
            said = self._facts(file)
            root = 60 if said is None or said.root is None else said.root
        else:
            root = told.key("pitch_keycenter", key, 60)
        mode = told.text("loop_mode")
        last = int(told.number("end", 0))
        sustain = told.number("ampeg_sustain", 100) / 100
        attack, decay = told.seconds("ampeg_attack"), told.seconds("ampeg_decay")
        return Zone(
            self._wanted(told, mode, file),
            int(low + shift),
            int(high + shift),
            int(told.number("lovel", 0)),
            int(told.number("hivel", 127)),
            root=root + shift,
            track=told.number("pitch_keytrack", 100) / 100,
            tune=told.number("tune", 0) / 100 + told.number("transpose", 0),
            level=10 ** (told.number("volume", 0) / 20) * told.number("amplitude", 100) / 100,
            pan=told.number("pan", 0) / 100,
            velocity=told.number("amp_veltrack", 100) / 100,
            attack=attack,
            hold=told.number("ampeg_hold", 0),
            decay=(decay or 0.001) if sustain < 1 else None,
            sustain=sustain,
            release=RELEASE if (release := told.seconds("ampeg_release")) is None else release,
            gated=mode != "one_shot",
            sustained=mode == "loop_sustain",
            first=int(told.number("offset", 0)),
            last=last + 1 if last > 0 else None,
            turn=int(told.number("seq_position", 1)) - 1,
            turns=int(told.number("seq_length", 1)),
            chance=(told.number("lorand", 0), told.number("hirand", 1)),
            group=int(told.number("group", 0)),
            ended_by=int(told.number("off_by", 0)),
        )

    def _wanted(self, told: "_Told", mode: str, file: Path) -> Wanted:
        if mode in {"no_loop", "one_shot"}:
            return Wanted(file, bent=True)
        if not (told.has("loop_start") or told.has("loop_end")):
            return Wanted(file, loop=True, whole=bool(mode), bent=True)
        # What the region leaves out the file may say.
        said = self._facts(file)
        own = None if said is None else said.loop
        if own is None and not mode:
            return Wanted(file, bent=True)
        begin = int(told.number("loop_start", own.begin if own is not None else 0))
        end = int(told.number("loop_end", own.end - 1 if own is not None else -1))
        return Wanted(file, Loop(begin, end + 1), bent=True)

    def _file(self, folder: str, name: str) -> Path | None:
        """Where a sample is: with the letters as they are, or else with others, as where it was made."""
        place = self._path.parent
        parts = (folder + name).replace("\\", "/").split("/")
        exact = place.joinpath(*[part for part in parts if part])
        if exact.is_file():
            return exact
        for part in parts:
            if part in {"", "."}:
                continue
            if part == "..":
                place = place.parent
                continue
            found = self._listed(place).get(part.casefold())
            if found is None:
                return None
            place = place / found
        return place if place.is_file() else None


class _Told:
    """The opcodes of a region, as what they mean; one that means nothing is named, and passed over."""

    def __init__(self, opcodes: Opcodes, report: Report) -> None:
        self.opcodes = opcodes
        self._report = report

    def text(self, name: str) -> str:
        """A word or a text; "" if it is not there."""
        opcode = self.opcodes.get(name)
        if opcode is None:
            return ""
        words = _WORDS.get(name)
        if words is not None and opcode.value not in words:
            self._report(f"{opcode.where}: {name}={opcode.value}: give {', '.join(words)}")
            return ""
        return opcode.value

    def number(self, name: str, usual: float) -> float:
        """A number within its range."""
        opcode = self.opcodes.get(name)
        if opcode is None:
            return usual
        low, high = _RANGES[name]
        try:
            number = float(opcode.value)
        except ValueError:
            number = float("nan")
        if not low <= number <= high:
            self._report(f"{opcode.where}: {name}={opcode.value}: give a number from {low:g} to {high:g}")
            return usual
        return number

    def seconds(self, name: str) -> float | None:
        """A number, or None if it is not there."""
        return self.number(name, 0.0) if name in self.opcodes else None

    def key(self, name: str, *usual: int | None) -> int:
        """A key, by its number or its name (c4 is 60); -1 is none."""
        opcode = self.opcodes.get(name)
        key = None if opcode is None else _key(opcode.value)
        if key is None:
            if opcode is not None:
                self._report(f"{opcode.where}: {name}={opcode.value}: give a key from 0 to 127, or c-1 to g9")
            key = next((one for one in usual if one is not None), -1)
        return key

    def has(self, name: str) -> bool:
        """Whether it is there."""
        return name in self.opcodes


def _left_out(told: _Told, control: _Told) -> str:
    """Why a region plays at no note that we know of; "" if it does."""
    trigger = told.text("trigger")
    if trigger and trigger != "attack":
        return f"trigger={trigger}"
    if told.number("end", 0) < 0:
        return "end=-1"
    started = next((name for name in told.opcodes if _STARTED.fullmatch(name)), "")
    if started or -1 in {told.key("lokey", 0), told.key("hikey", 127)}:
        return started or "no key begins them"
    if told.has("sw_last") and told.has("sw_default") and told.key("sw_last") != told.key("sw_default"):
        return f"another key switch than {control.text('sw_default') or told.text('sw_default')}"
    for name, opcode in told.opcodes.items():
        bound = _BOUND.fullmatch(name)
        if bound is not None:
            stands = control.opcodes.get(f"set_cc{bound[2]}")
            here, there = (
                _whole(stands.value if stands else "", _CONTROLLERS.get(int(bound[2]), 0)),
                opcode.value,
            )
            if (bound[1] == "lo" and here < _whole(there, 0)) or (
                bound[1] == "hi" and here > _whole(there, 127)
            ):
                return f"controller {bound[2]} stands at {here}"
    return ""


def _whole(text: str, usual: int) -> int:
    return int(text) if re.fullmatch(r"\d{1,4}", text) else usual


def _key(text: str) -> int | None:
    named = _KEY.fullmatch(text)
    if named is not None:
        sign = {"": 0, "#": 1, "♯": 1, "b": -1, "♭": -1}[named[2]]
        key = 12 * (int(named[3]) + 1) + _CLASS[named[1].lower()] + sign
    elif re.fullmatch(r"-?\d{1,4}", text):
        key = int(text)
    else:
        return None
    return key if -1 <= key <= 127 else None


def _facts(file: Path) -> Facts | None:
    try:
        return facts(file)
    except OSError:  # it is told of when it is played
        return None


def _listed(folder: Path) -> dict[str, str]:
    """What is in a folder, without regard to capitals."""
    try:
        return {one.name.casefold(): one.name for one in folder.iterdir()}
    except OSError:
        return {}
