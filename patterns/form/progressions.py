"""Progressions of chords by their functions: tonic, subdominant, dominant; keys, cadences, substitutes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from patterns.arguments import probability, told, whole
from patterns.arguments import time as cycles_of
from patterns.chance import hash_number
from patterns.core import Flat, Pattern
from patterns.dice import Dice
from patterns.errors import PatternError
from patterns.kinds import is_sequence
from patterns.registry import function, nearest
from patterns.state import Walk
from patterns.ticks import TICKS, Time, settle
from patterns.tonality import SIGNS, STEPS

__all__ = ["Chord", "Key", "phrase_of_chords", "progression", "read_key"]

GROUP = "Motifs and phrases"

_LETTERS = "CDEFGAB"
_KEY = re.compile(r"([A-Ga-g])([#b]{0,2})[: ]?(major|minor|maj|min|m|M|)")
_MAJOR, _MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)
_PLAIN = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")

# Qualities of the degrees, as triads and with sevenths; the dominant of minor is major, as in harmonic minor.
_TRIADS = {False: ("", "m", "m", "", "", "m", "o"), True: ("m", "o", "", "m", "", "", "")}
_SEVENTHS = {
    False: ("^7", "m7", "m7", "^7", "7", "m7", "h7"),
    True: ("m7", "h7", "^7", "m7", "7", "^7", "7"),
}
_DEGREES: dict[bool, dict[str, tuple[tuple[int, float], ...]]] = {
    False: {"T": ((0, 6), (5, 3), (2, 1)), "S": ((3, 4), (1, 4)), "D": ((4, 6), (6, 1))},
    True: {"T": ((0, 6), (5, 3), (2, 2)), "S": ((3, 5), (1, 2)), "D": ((4, 6), (6, 2))},
}
"""Minor? → function → degrees that have it, and how often."""
_NEXT = {
    "T": (("S", 5.0), ("D", 2.0), ("T", 2.0)),
    "S": (("D", 5.0), ("S", 2.0), ("T", 1.0)),
    "D": (("T", 5.0), ("D", 1.0)),
}
"""Function → what follows it, and how often."""
CADENCES: dict[str, tuple[tuple[str, int], ...]] = {
    "authentic": (("S", -1), ("D", 4), ("T", 0)),
    "half": (("S", -1), ("D", 4)),
    "plagal": (("S", 3), ("T", 0)),
    "deceptive": (("S", -1), ("D", 4), ("T", 5)),
}
"""Name → the last chords of a phrase: function and degree; -1 is any degree of the function."""
_ENDS = (
    (("half", 5.0), ("deceptive", 2.0), ("plagal", 1.0)),
    (("authentic", 6.0), ("plagal", 1.0)),
)
"""How the first phrases of two end, and the second."""
_RELATED: dict[bool, tuple[tuple[int, bool, float], ...]] = {
    False: ((4, False, 4), (5, True, 3), (3, False, 3), (1, True, 1), (2, True, 1)),
    True: ((2, False, 4), (4, True, 3), (3, True, 2), (5, False, 2), (6, False, 1)),
}
"""Minor? → related keys: degree of the tonic, whether minor, how often. They differ by one sign at most."""
_DICE = 0x5EED_C0DA  # so that other things of the same seed fall otherwise
GROUP_OF = 4
"""Phrases of which the first and the last are at home."""


class Key(NamedTuple):
    """A key.

    Attributes:
        tonic: Its name, such as `Eb`.
        minor: Whether it is minor.
    """

    tonic: str
    minor: bool

    def root(self, degree: int, alteration: int = 0) -> str:
        """Spell the root at a degree.

        >>> Key("Eb", False).root(3), Key("A", True).root(6), Key("C", False).root(1, -1)
        ('Ab', 'G', 'Db')

        Args:
            degree: 0 the tonic.
            alteration: Semitones above it.
        """
        steps = _MINOR if self.minor else _MAJOR
        pitch = (pitch_class(self.tonic) + steps[degree % 7] + alteration) % 12
        letter = _LETTERS[(_LETTERS.index(self.tonic[0]) + degree) % 7]
        away = (pitch - STEPS[letter.lower()] + 6) % 12 - 6
        return letter + "#" * away + "b" * -away if abs(away) <= 2 else _PLAIN[pitch]

    def chord(self, degree: int, *, sevenths: bool = True) -> Chord:
        """Give the chord of a degree.

        >>> Key("C", False).chord(4).name, Key("A", True).chord(1).name
        ('G7', 'Bh7')
        """
        table = _SEVENTHS if sevenths else _TRIADS
        return Chord(self.root(degree), table[self.minor][degree % 7])


class Chord(NamedTuple):
    """A chord: the name of its root, and its quality."""

    root: str
    quality: str

    @property
    def name(self) -> str:
        """Its symbol."""
        return self.root + self.quality


def pitch_class(name: str) -> int:
    """Give the pitch class of a note's name without an octave.

    >>> pitch_class("Eb"), pitch_class("B#")
    (3, 0)
    """
    return (STEPS[name[0].lower()] + sum(SIGNS[sign] for sign in name[1:])) % 12


def read_key(name: str, given: Any) -> Key:
    """Read a key such as `Eb:minor`; without a mode it is major.

    >>> read_key("progression", "f# minor")
    Key(tonic='F#', minor=True)

    Raises:
        PatternError: It is none.
    """
    found = _KEY.fullmatch(given.strip()) if isinstance(given, str) else None
    if found is None:
        raise PatternError(f"{name} wants a key such as C:major or F#:minor, found {told(given)}")
    return Key(found[1].upper() + found[2], found[3] in {"minor", "min", "m"})


def _functions(length: int, cadence: str, dice: Dice) -> list[tuple[str, int]]:
    """The functions of a phrase, with degrees where the cadence says which."""
    ending = CADENCES[cadence][-min(length, 3 if length > 3 else 2) :]
    if length == 1:
        return [("T", 0)]
    count = length - len(ending)
    found = [("T", 0)] if count else []
    while len(found) < count:
        found.append((dice.weighted(_NEXT[found[-1][0]]), -1))
    if found and found[-1][0] == "D" and ending[0][0] == "S":
        found[-1] = ("T", -1) if count > 1 else ("T", 0)
    return [*found, *ending]


def _as_degrees(key: Key, functions: Sequence[tuple[str, int]], dice: Dice) -> list[int]:
    """Choose a degree for each function, no two alike in a row where there is a choice."""
    found: list[int] = []
    for place, (role, fixed) in enumerate(functions):
        after = functions[place + 1][1] if place + 1 < len(functions) else -1
        among = [row for row in _DEGREES[key.minor][role] if row[0] not in {*found[-1:], after}]
        found.append(fixed if fixed >= 0 else dice.weighted(among or _DEGREES[key.minor][role]))
    return found


def _substituted(
    key: Key, degrees: Sequence[int], chance: float, dice: Dice, *, sevenths: bool
) -> list[Chord]:
    """Put another chord in the place of some: never of the first and the last."""
    made = [key.chord(degree, sevenths=sevenths) for degree in degrees]
    flat = key.minor  # where the sixth degree is low already
    for place in range(1, len(degrees) - 1):
        here, after = degrees[place], degrees[place + 1]
        drawn, which = dice.random(), dice.random()
        if drawn >= chance:
            continue
        ways: list[Chord] = []
        # What is diminished is no goal.
        if after not in {0, 6} and made[place + 1].quality not in {"o", "h7"}:
            target = Key(key.root(after), minor=False)
            ways.append(Chord(target.root(4), "7"))  # secondary dominant
            ways.append(Chord(target.root(1, -1), "7"))  # its tritone substitute
        if here == 4 and after == 0:
            ways.append(Chord(key.root(1, -1), "7"))
        if here == 0:
            ways.append(key.chord(5, sevenths=sevenths))  # the relative
        if here in {1, 3} and not flat:
            ways.append(Chord(key.root(3), "m7" if sevenths else "m"))  # of the minor mode
            ways.append(Chord(key.root(5, -1), "^7" if sevenths else ""))
        if here == 3 and flat:
            ways.append(Chord(key.root(3), "7" if sevenths else ""))  # of the dorian mode
        if ways:
            made[place] = ways[min(int(which * len(ways)), len(ways) - 1)]
    return made


def _keys(home: Key, number: int, key: int, modulate: float) -> tuple[Key, Key]:
    """The key of a phrase and that of the phrase before it."""

    def at(phrase: int) -> Key:
        group, place = divmod(phrase, GROUP_OF)
        dice = Dice(key, group, 1)
        if place in {0, GROUP_OF - 1} or dice.random() >= modulate:
            return home
        near = [((degree, minor), weight) for degree, minor, weight in _RELATED[home.minor]]
        degree, minor = dice.weighted(near)
        if place == 2 and dice.random() < 0.5:
            degree, minor = dice.weighted(near)
        return Key(home.root(degree), minor)

    return at(number), at(number - 1)


def _pivot(key: Key, before: Key) -> int:
    """The degree of a new key whose chord is at home in the old one as well; the tonic if there is none."""
    old = {
        (pitch_class(before.chord(degree).root), before.chord(degree, sevenths=False).quality)
        for degree in range(7)
    }
    for degree in (3, 1, 5, 0, 2, 6):
        chord = key.chord(degree, sevenths=False)
        if (pitch_class(chord.root), chord.quality) in old:
            return degree
    return 0


def phrase_of_chords(
    home: Key,
    number: int,
    key: int,
    *,
    length: int = 4,
    cadences: Sequence[str] = (),
    modulate: float = 0.0,
    substitute: float = 0.0,
    sevenths: bool = True,
) -> tuple[Key, list[Chord]]:
    """Make the chords of a phrase, by its number: the same number, the same chords.

    >>> [chord.name for chord in phrase_of_chords(Key("C", False), 1, 0, cadences=["authentic"])[1]][-2:]
    ['G7', 'C^7']

    Args:
        home: The key of the whole.
        number: Of the phrase.
        key: Of the dice.
        length: Chords in it.
        cadences: Names of cadences by turns; by chance if there are none.
        modulate: How likely the two middle ones of four phrases are in a related key.
        substitute: How likely a chord between the first and the last is another.
        sevenths: Whether the chords have sevenths.
    """
    dice = Dice(key, number)
    here, before = _keys(home, number, key, modulate)
    drawn = dice.weighted(_ENDS[number % 2])
    cadence = cadences[number % len(cadences)] if cadences else drawn
    degrees = _as_degrees(here, _functions(length, cadence, dice), dice)
    if here != before and length > 2:
        degrees[0] = _pivot(here, before)
    return here, _substituted(here, degrees, substitute, dice, sevenths=sevenths)


@function(GROUP, strudel="")
def progression(
    key: Any = "C:major",
    length: int = 4,
    *,
    per_cycle: Any = 1,
    cadences: Any = "",
    modulate: float = 0,
    substitute: float = 0,
    sevenths: bool = True,
    seed: int = 0,
) -> Pattern:
    """Let chords follow one another by their functions, phrase by phrase, each with a cadence at its end.

    >>> [hap.value for hap in progression("C:major", cadences="authentic").haps(2, 4)]
    ['G7', 'C^7']

    `chord(progression("A:minor")).voicing()` makes notes of them, `.root_notes()` a bass.

    Args:
        key: Tonic and mode, such as `C:major`, `F#:minor`.
        length: Chords of a phrase, 1 to 64.
        per_cycle: Chords in a cycle, up to 64; 1/2 holds each for two.
        cadences: Names by turns, such as "half authentic": authentic, half, plagal, deceptive. Unless given
            chance decides, so that of two phrases the first stays open and the second closes.
        modulate: Probability, 0 to 1, that the two middle ones of four phrases are in related keys; they
            come in by a chord that both keys have, and the fourth is at home again.
        substitute: Probability, 0 to 1, that a chord between the first and the last is another: a secondary
            dominant, its tritone substitute, a relative, a chord of the other mode.
        sevenths: False for triads.
        seed: Decides; not the layer's seed, so that all layers that follow it have the same chords.

    Any phrase can be asked for at any time.

    Source: H. Riemann, Vereinfachte Harmonielehre (1893); M. Rohrmeier, Towards a generative syntax of
    tonal harmony (2011), here as chains of functions.
    """
    home = read_key("progression", key)
    count = whole("progression: length=", length, 1, 64)
    names = _cadences(cadences)
    leaves = probability("progression: modulate=", modulate)
    other = probability("progression: substitute=", substitute)
    pace = _pace(per_cycle)
    dice = hash_number(whole("progression: seed=", seed, -(2**63), 2**63) ^ _DICE)
    options: Mapping[str, Any] = {
        "length": count,
        "cadences": names,
        "modulate": leaves,
        "substitute": other,
        "sevenths": bool(sevenths),
    }

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        first, last = int(begin * pace // TICKS), int(-(-end * pace // TICKS))
        found: list[Flat] = []
        phrase: tuple[int, list[Chord]] = (0, [])
        for place in range(first, max(last, first + 1)):
            number, index = divmod(place, count)
            if not phrase[1] or phrase[0] != number:
                walk.spend(count)
                phrase = number, phrase_of_chords(home, number, dice, **options)[1]
            start, stop = settle(place * TICKS / pace), settle((place + 1) * TICKS / pace)
            found.append((start, stop, max(start, begin), min(stop, end), phrase[1][index].name, ()))
        return found

    return Pattern(run, pace, None, discrete=True)


def _pace(given: Any) -> Fraction:
    pace = cycles_of("progression: per_cycle=", given)
    if not Fraction(1, 1024) <= pace <= 64:
        raise PatternError(f"progression: per_cycle= wants 1/1024 to 64 chords in a cycle, found {given!r}")
    return pace


def _cadences(given: Any) -> list[str]:
    names = given.split() if isinstance(given, str) else given
    if not is_sequence(names):
        raise TypeError(f'progression: cadences= wants names such as "half authentic", found {told(given)}')
    for name in names:
        if name not in CADENCES:
            hint = nearest(str(name), list(CADENCES)) or f"; there is {', '.join(CADENCES)}"
            raise PatternError(f"no cadence is called {told(name)}{hint}")
    return list(names)
