"""Notes written down as mini-notation: the text that plays them again, in steps that can be edited."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from typing import NamedTuple, TypeVar, cast

from patterns.core import Pattern
from patterns.registry import namespace

NAMES = ("c", "c#", "d", "eb", "e", "f", "f#", "g", "ab", "a", "bb", "b")
REST = "~"
Thing = TypeVar("Thing")


class Struck(NamedTuple):
    """A note as it was played.

    Attributes:
        begin: In cycles.
        end: In cycles.
        key: 0 to 127.
        velocity: 1 to 127.
    """

    begin: Fraction
    end: Fraction
    key: int
    velocity: int


class _Chord(NamedTuple):
    begin: Fraction
    end: Fraction
    keys: tuple[int, ...]
    velocity: int


@dataclass(frozen=True, slots=True)
class Voice:
    """Notes of which none sounds into another, as texts of the same shape.

    Args:
        verb: "note", or "s" for drums by their names.
        what: Mini-notation of what is struck.
        velocity: Mini-notation of how hard.
        legato: Mini-notation of how long, where notes sound beyond their cycle; else empty.
    """

    verb: str
    what: str
    velocity: str
    legato: str = ""

    @property
    def code(self) -> str:
        """As a musician writes it."""
        tail = f".legato({_quoted(self.legato)})" if self.legato else ""
        return f'{self.verb}("{self.what}").velocity({_quoted(self.velocity)}){tail}'

    @property
    def pattern(self) -> Pattern:
        """What the code plays."""
        build = cast("Callable[[str], Pattern]", namespace()[self.verb])
        made = build(self.what).velocity(self.velocity)
        return made.legato(self.legato) if self.legato else made


@dataclass(frozen=True, slots=True)
class Turns:
    """What a MIDI controller did.

    Args:
        number: Of the controller.
        what: Mini-notation of its values, 0 to 1.
    """

    number: int
    what: str

    @property
    def code(self) -> str:
        """As a musician writes it."""
        return f'cc({self.number}, "{self.what}")'

    @property
    def pattern(self) -> Pattern:
        """What the code plays."""
        return cast("Callable[[int, str], Pattern]", namespace()["cc"])(self.number, self.what)


def write_turns(
    number: int, changes: Iterable[tuple[Fraction, int]], cycles: int, *, grid: int | None = None
) -> Turns:
    """Write down what a controller did; each value holds until the next, and is said again in each cycle.

    >>> write_turns(74, [(Fraction(0), 0), (Fraction(1, 2), 127)], 2).code
    'cc(74, "<[0 1] 1>")'

    Args:
        number: Of the controller.
        changes: When, in cycles, and to which of 128 values.
        cycles: How many there are.
        grid: Steps in a cycle; of several values in one the last counts.
    """
    values: dict[Fraction, int] = {}
    for at, value in sorted(changes, key=lambda change: change[0]):
        values[at if grid is None else Fraction(math.floor(at * grid), grid)] = value
    by_cycle: list[dict[Fraction, int]] = [{} for _ in range(cycles)]
    said: int | None = None
    for at, value in values.items():
        if value != said and 0 <= at < cycles:
            by_cycle[math.floor(at)][at] = said = value
    texts: list[str] = []
    now = REST
    for cycle, inside in enumerate(by_cycle):
        steps: list[tuple[str, Fraction]] = []
        for begin, end in pairwise([*sorted({Fraction(cycle), *inside}), Fraction(cycle + 1)]):
            now = _share(inside[begin]) if begin in inside else now
            steps.append((now, end - begin))
        texts.append(_sequence(_whole(steps)))
    return Turns(number, _cycles(texts))


def write_down(
    notes: Iterable[Struck],
    cycles: int,
    *,
    grid: int | None = None,
    drums: Mapping[int, str] | None = None,
) -> list[Voice]:
    """Write notes down; stacked, the voices play them again, and over again after the last cycle.

    >>> print(*(v.code for v in write_down([Struck(Fraction(0), Fraction(1, 2), 60, 102)], 1)))
    note("c4 ~").velocity(".8")

    Args:
        notes: In any order.
        cycles: How many there are; what begins later is left out.
        grid: Steps in a cycle to which beginnings and ends go; without it they stay as they are.
        drums: Names for keys, for percussion; used if every key has one.

    Raises:
        ValueError: The grid or the number of cycles is no number from 1 on.
    """
    if cycles < 1 or (grid is not None and grid < 1):
        raise ValueError(f"cycles and grid are numbers from 1 on (got {cycles} and {grid})")
    chords = _chords(_on_grid(note, grid) for note in notes)
    chords = [chord for chord in chords if 0 <= chord.begin < cycles]
    names = drums or {}
    verb = "s" if names and all(key in names for chord in chords for key in chord.keys) else "note"
    spell: Callable[[int], str] = names.__getitem__ if verb == "s" else note_name
    return [_voice(verb, row, cycles, spell) for row in _rows(chords)]


def note_name(key: int) -> str:
    """A key's name, c3 being 48.

    >>> note_name(61)
    'c#4'
    """
    return f"{NAMES[key % 12]}{key // 12 - 1}"


def _on_grid(note: Struck, grid: int | None) -> Struck:
    if grid is None:
        return note
    begin = Fraction(math.floor(note.begin * grid + Fraction(1, 2)), grid)
    end = Fraction(math.floor(note.end * grid + Fraction(1, 2)), grid)
    return note._replace(begin=begin, end=max(end, begin + Fraction(1, grid)))


def _chords(notes: Iterable[Struck]) -> list[_Chord]:
    """Notes that begin and end together and are struck alike are one."""
    found: dict[tuple[Fraction, Fraction, int], set[int]] = {}
    for note in notes:
        if note.end > note.begin:
            found.setdefault((note.begin, note.end, note.velocity), set()).add(note.key)
    return sorted(_Chord(begin, end, tuple(sorted(keys)), v) for (begin, end, v), keys in found.items())


def _rows(chords: Sequence[_Chord]) -> list[list[_Chord]]:
    """Rows in which nothing overlaps: each chord goes where something ended last."""
    rows: list[list[_Chord]] = []
    for chord in chords:
        free = [row for row in rows if row[-1].end <= chord.begin]
        if free:
            max(free, key=lambda row: row[-1].end).append(chord)
        else:
            rows.append([chord])
    return rows


def _voice(verb: str, row: Sequence[_Chord], cycles: int, spell: Callable[[int], str]) -> Voice:
    by_cycle: list[list[_Chord]] = [[] for _ in range(cycles)]
    for chord in row:
        by_cycle[math.floor(chord.begin)].append(chord)
    what: list[str] = []
    velocity: list[str] = []
    legato: list[str] = []
    for cycle, found in enumerate(by_cycle):
        steps = _steps(cycle, found)
        what.append(_sequence([(_keys(c, spell), width) for c, width in steps]))
        velocity.append(_sequence([(_loud(c), width) for c, width in steps]))
        legato.append(_sequence([(_long(c, cycle), width) for c, width in steps]))
    louds = {chord.velocity for chord in row}
    beyond = any(chord.end > math.floor(chord.begin) + 1 for chord in row)
    return Voice(
        verb,
        _cycles(what),
        _loud(row[0]) if len(louds) == 1 else _cycles(velocity),
        _cycles(legato) if beyond else "",
    )


def _steps(cycle: int, chords: Sequence[_Chord]) -> list[tuple[_Chord | None, int]]:
    """Chords and rests of one cycle with their widths, as small as can be."""
    edges: list[tuple[_Chord | None, Fraction]] = []
    here = Fraction(cycle)
    for chord in chords:
        if chord.begin > here:
            edges.append((None, chord.begin - here))
        end = min(chord.end, Fraction(cycle + 1))
        edges.append((chord, end - chord.begin))
        here = end
    if here < cycle + 1:
        edges.append((None, cycle + 1 - here))
    return _whole(edges)


def _whole(edges: Sequence[tuple[Thing, Fraction]]) -> list[tuple[Thing, int]]:
    """The same with whole numbers for widths, as small as can be."""
    whole = math.lcm(*(width.denominator for _, width in edges))
    widths = [int(width * whole) for _, width in edges]
    share = reduce(math.gcd, widths)
    return [(thing, width // share) for (thing, _), width in zip(edges, widths, strict=True)]


def _sequence(steps: Sequence[tuple[str, int]]) -> str:
    words = [word if width == 1 else f"{word}@{width}" for word, width in steps]
    return words[0].partition("@")[0] if len(words) == 1 else " ".join(words)


def _cycles(texts: Sequence[str]) -> str:
    """All cycles in one text: those of a period once."""
    count = len(texts)
    period = next(
        p for p in range(1, count + 1) if count % p == 0 and [*texts] == [*texts[:p]] * (count // p)
    )
    if period == 1:
        return texts[0]
    return "<" + " ".join(f"[{text}]" if " " in text else text for text in texts[:period]) + ">"


def _keys(chord: _Chord | None, spell: Callable[[int], str]) -> str:
    if chord is None:
        return REST
    names = [spell(key) for key in chord.keys]
    return names[0] if len(names) == 1 else f"[{','.join(names)}]"


def _loud(chord: _Chord | None) -> str:
    return REST if chord is None else _share(chord.velocity)


def _share(value: int) -> str:
    """One of 128 values as 0 to 1, in as few digits as mean the same."""
    for digits in (0, 1, 2, 3):
        text = f"{value / 127:.{digits}f}"
        if round(float(text) * 127) == value:
            break
    return text.lstrip("0") if text[0] == "0" and text.strip("0.") else text


def _long(chord: _Chord | None, cycle: int) -> str:
    if chord is None:
        return REST
    slot = min(chord.end, Fraction(cycle + 1)) - chord.begin
    return f"{float((chord.end - chord.begin) / slot):.6g}"


def _quoted(text: str) -> str:
    return f'"{text}"'
