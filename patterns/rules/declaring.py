"""What a rule file declares: rules, parts, and the set that holds them together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, cast

from patterns.arguments import called, listed, number, told, whole
from patterns.core import Pattern
from patterns.errors import PatternError
from patterns.kinds import is_sequence
from patterns.rules.context import Chord, chord_of
from patterns.scale_table import SCALES
from patterns.scales import read_scale
from patterns.spelling import near
from patterns.where import Where, written_at

__all__ = ["EACH", "NAMELESS", "Part", "Rule", "Ruleset", "made_rule", "part", "ruleset"]

EACH = ("note", "moment", "bar", "chord")
"""What a rule may be asked about."""
NAMELESS = "these rules"
"""How rules are called that have no name."""
MOST_PARTS = 16
MOST_BARS = 64
MOST_NODES = 100_000

Test = Callable[[Any], Any]


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A small named question that each note, moment or bar is asked.

    Args:
        name: How it is called where music is explained.
        test: Answers True or nothing where it is kept, False where it is broken, or by how much.
        weight: What a breach costs; None forbids it.
        each: "note", "moment", "bar" or "chord".
        of: The parts that it is about, all if empty: the others are not asked.
        where: Where it is written.
    """

    name: str
    test: Test
    weight: float | None = None
    each: str = "note"
    of: tuple[str, ...] = ()
    where: tuple[Where, ...] = ()

    def __call__(self, asked: Any) -> Any:
        """Answer as its function does, so that one rule may ask another."""
        return self.test(asked)

    def breach(self, asked: Any) -> float:
        """Say by how much it is broken; 0 if it is kept."""
        found = self.test(asked)
        if found is True or found is None:
            return 0
        return 1 if found is False else max(0, found)

    def __repr__(self) -> str:
        """Say its name, and what it weighs."""
        return f"{self.name} ({'hard' if self.weight is None else f'weight {self.weight:g}'})"


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A voice or an instrument.

    Args:
        name: How rules and pieces call it.
        low: Its lowest note.
        high: Its highest.
        notes: What it may have: "chord", "scale", "any", a list, or a function of the place.
        onsets: When it has something: so many a bar, a list of beats, or a function of place and dice.
        sound: What it plays, where that is no note.
    """

    name: str
    low: int
    high: int
    notes: Any
    onsets: Any
    sound: str


@dataclass(frozen=True, slots=True, eq=False)
class Ruleset:
    """Parts and the rules that they keep; `ruleset` makes it.

    Args:
        parts: In the order in which they are filled in.
        rules: In order: of rules that contradict, the last one goes.
        name: How messages call it.
        chords: What each place of the bars may have, a function of the phrase and dice, or None.
        tones: Of the scale, c = 0.
        tonic: The first of them.
        beats: Beats of a bar.
        phrase: Bars of a phrase.
        recall: Bars back that rules may look.
        ahead: Onsets that are tried beyond the bar.
        width: Ways that are followed side by side.
        limit: Notes that a search of one bar tries at most.
        variety: How much chance weighs against weighted rules.
        where: Where it is written.
        kept: What was composed last: the same again for another part.
    """

    parts: tuple[Part, ...]
    rules: tuple[Rule, ...]
    name: str
    chords: Any
    tones: frozenset[int]
    tonic: int
    beats: int
    phrase: int
    recall: int
    ahead: int
    width: int
    limit: int
    variety: float
    where: tuple[Where, ...] = ()
    kept: dict[Any, Any] = field(default_factory=dict[Any, Any])

    def why(self, bar: int, *, seed: int = 0) -> str:
        """Explain a bar: what was chosen, what each rule forbade there, and what would have been dearer.

        Args:
            bar: Its number, from 0 on.
            seed: As `composed` was given it.
        """
        from patterns.rules.explaining import explained  # it stands on what composes, and that on this

        return explained(self, bar, seed)

    def index(self, name: Any) -> int:
        """Find a part.

        Raises:
            PatternError: None is called so; the message names the nearest.
        """
        names = [one.name for one in self.parts]
        if name in names:
            return names.index(name)
        alike = near(str(name), names)
        hint = f"did you mean {alike[0]}?" if alike else f"it has {', '.join(names)}"
        raise PatternError(f"{self.name} has no part called {told(name)}; {hint}")

    def __repr__(self) -> str:
        """Say what is in it."""
        parts = ", ".join(one.name for one in self.parts)
        return f"{self.name}: {len(self.rules)} rules for {parts}"


def made_rule(
    test: Any, name: str = "", weight: Any = None, each: Any = "note", of: Any = None, where: Any = None
) -> Rule:
    """Make a rule of a function, and check what was said with it."""
    called("rule", "a function, as in @rule over its def", test)
    if each not in EACH:
        raise PatternError(f'rule: each= wants "note", "moment", "bar" or "chord", found {told(each)}')
    heavy = None if weight is None else float(number("rule: weight=", weight))
    if heavy is not None and heavy < 0:
        raise PatternError(f"rule: weight= wants a number from 0 on, found {told(weight)}")
    parts = (
        () if of is None else tuple(of.split() if isinstance(of, str) else listed("rule: of=", "parts", of))
    )
    own = str(getattr(test, "__name__", "")).strip("_").replace("_", " ")
    title = name or (own if own != "<lambda>" else "") or "a rule"
    return Rule(
        title, test, heavy, each, tuple(map(str, parts)), written_at(test) if where is None else where
    )


def part(
    name: str,
    low: str | float = "c2",
    high: str | float = "c6",
    *,
    notes: Any = "scale",
    onsets: Any = 1,
    sound: str = "",
) -> Part:
    """Declare a voice or an instrument of a `ruleset`.

    >>> part("alto", "g3", "d5", notes="chord", onsets=4).low
    55

    Args:
        name: How rules and pieces call it: one word.
        low: Its lowest note.
        high: Its highest note.
        notes: What it may have: tones of the "chord" or the "scale", "any" note, a list of notes, or a
            function of the place that gives such a list. None in a list is a rest. With `sound` these are
            velocities.
        onsets: When: so many a bar, evenly; or a list of beats, counted from 1, each alone or with its
            length, as in `[1, (3, 4)]`; or a function of the place and of dice that gives one of these.
        sound: A sound such as "bd", for a part that plays no notes.
    """
    if not isinstance(name, str) or not name.isidentifier():  # pyright: ignore[reportUnnecessaryIsInstance] - a piece is not type-checked
        raise TypeError(f"part wants a name of one word first, found {told(name)}")
    bottom, top = int(number("part: low=", low)), int(number("part: high=", high))
    if not 0 <= bottom <= top <= 127:
        raise PatternError(
            f"part: low= and high= want two notes, the lower one first, found {low!r}, {high!r}"
        )
    if not (callable(notes) or is_sequence(notes) or notes in {"chord", "scale", "any"}):
        wanted = '"chord", "scale", "any", a list or a function of the place'
        raise PatternError(f"part: notes= wants {wanted}, found {told(notes)}")
    given = notes if callable(notes) or isinstance(notes, str) else _pitches(notes)
    if not callable(onsets):
        onsets_of(name, onsets, 4)
    if not isinstance(sound, str):  # pyright: ignore[reportUnnecessaryIsInstance] - as above
        raise TypeError(f"part: sound= wants the name of a sound, found {told(sound)}")
    return Part(str(name), bottom, top, given, onsets, str(sound))


def onsets_of(name: str, given: Any, beats: int) -> list[tuple[Fraction, Fraction]]:
    """Read the onsets of a bar: when and how long, in beats from 0 on.

    >>> onsets_of("bass", [1, 2.5], 4)
    [(Fraction(0, 1), Fraction(3, 2)), (Fraction(3, 2), Fraction(5, 2))]
    """
    if isinstance(given, int):
        count = whole(f"part {name}: onsets=", given, 0, 64)
        return [(Fraction(beats * k, count), Fraction(beats, count)) for k in range(count)]
    rows: list[tuple[Fraction, Fraction | None]] = []
    for one in listed(f"part {name}: onsets=", "a number or a list of beats", given, empty=True):
        beat, length = one if is_sequence(one) and len(one) == 2 else (one, None)
        at = Fraction(number(f"part {name}: a beat", beat)).limit_denominator(960) - 1
        if not 0 <= at < max(beats, 1):
            raise PatternError(f"part {name}: beats count from 1, found {told(beat)} in a bar of {beats}")
        long = None if length is None else Fraction(number(f"part {name}: a length", length))
        if long is not None and not 0 < long <= 4 * beats:
            raise PatternError(f"part {name}: a length wants beats above 0, found {told(length)}")
        rows.append((at, None if long is None else long.limit_denominator(960)))
    rows.sort(key=lambda row: row[0])
    if len(rows) > 64 or len({at for at, _ in rows}) < len(rows):
        raise PatternError(f"part {name}: onsets= wants up to 64 beats, each of them once")
    ends = [*(at for at, _ in rows[1:]), Fraction(beats)][: len(rows)]
    return [(at, end - at if long is None else long) for (at, long), end in zip(rows, ends, strict=True)]


def _pitches(given: Any) -> tuple[Any, ...]:
    """Read a list of pitches or values; None is a rest."""
    return tuple(
        None if one is None else _tidy(number("part: a note", one))
        for one in listed("part: notes=", "a list of notes", given)
    )


def _tidy(found: float | Fraction) -> float:
    return int(found) if found == int(found) else float(found)


def pitches_of(one: Part, place: Any, chord: Chord | None, tones: frozenset[int]) -> tuple[Any, ...]:
    """List what a part may have at a place."""
    if callable(one.notes):
        given: Any = cast("Callable[[Any], Any]", one.notes)(place)
        return () if is_sequence(given) and not given else _pitches(given)
    if not isinstance(one.notes, str):
        return one.notes
    span = range(one.low, one.high + 1)
    if one.notes == "any":
        return tuple(span)
    among = chord.tones if one.notes == "chord" and chord is not None else tones
    return tuple(pitch for pitch in span if pitch % 12 in among)


def chords_given(name: str, given: Any) -> list[list[tuple[Chord, ...]]]:
    """Read chords bar by bar: `C Am,F | F G7`, or a list with a text or a list for each bar.

    Between those of which one is to be chosen there is a comma.
    """
    bars: list[Any] = given.split("|") if isinstance(given, str) else listed(name, "chords", given)
    rows = [bar.split() if isinstance(bar, str) else listed(name, "chords of a bar", bar) for bar in bars]
    if not rows or not all(rows) or len(rows) > 4096:
        raise PatternError(f'{name}: each bar wants at least one chord, as in "C Am | F G7"')
    return [[tuple(chord_of(one) for one in str(chord).split(",")) for chord in row] for row in rows]


def ruleset(
    parts: Sequence[Part],
    rules: Sequence[Rule],
    *,
    scale: str = "C:major",
    chords: Any = None,
    beats: int = 4,
    phrase: int = 8,
    recall: int = 2,
    ahead: int = 2,
    width: int = 4,
    limit: int = 8000,
    variety: float = 1,
    name: str = "",
) -> Ruleset:
    """Put parts and rules together to what `composed` composes by.

    >>> line = ruleset([part("line", "c4", "c5", onsets=4)], [rule.leaps(2)])
    >>> [hap.value["note"] for hap in composed(line).haps(0, 1)]
    [65, 67, 65, 64]

    A bar is a cycle. Each phrase begins with a bar that is made by itself, and its last bar leads there: so
    any bar can be asked at any time, and no two phrases are alike.

    Args:
        parts: From `part`, in the order in which they are filled in: what others depend on comes first.
        rules: In order of weight in your mind: of hard ones that contradict each other the last one goes.
        scale: For parts that move in it.
        chords: Bar by bar, as in "C Am | F,Dm G7", again and again from each phrase's beginning; where there
            are commas one is chosen, by rules that ask each "chord". Or a function of the number of the
            phrase and of dice that gives this.
        beats: Beats of a bar, 1 to 32.
        phrase: Bars of a phrase, 1 to 64. To reach a bar its phrase is composed from its beginning.
        recall: Bars that rules may look back, 1 to 16.
        ahead: Onsets beyond its end that a bar is tried with, 0 to 64.
        width: Ways that are followed side by side, 1 to 256: more is better and slower.
        limit: Notes that each search of a bar tries at most, 1 to 100,000.
        variety: What chance weighs: with 0 the weighted rules alone choose.
        name: How messages call it; a rule file's is its own.

    Raises:
        PatternError: A number is out of its range, or a name is there twice.
    """
    voices = listed("ruleset", "a list of parts first", parts)
    laws = listed("ruleset", "a list of rules", rules, empty=True)
    if not all(isinstance(one, Part) for one in voices) or len(voices) > MOST_PARTS:
        raise TypeError(f"ruleset wants 1 to {MOST_PARTS} parts first, from part(…), found {told(parts)}")
    names = [one.name for one in voices]
    if len(set(names)) < len(names):
        raise PatternError("ruleset: two parts have one name, rename one")
    made = [one if isinstance(one, Rule) or not callable(one) else made_rule(one) for one in laws]
    for one in made:
        if not isinstance(one, Rule):
            raise TypeError(f"ruleset wants rules, made by @rule or rule.…, found {told(one)}")
        if strange := set(one.of) - set(names):
            raise PatternError(
                f"the rule {one.name!r} is about {sorted(strange)[0]!r}; parts: {', '.join(names)}"
            )
    if isinstance(chords, Pattern):
        raise TypeError('ruleset: chords= wants a text such as "C Am | F G7", a list or a function')
    tonic, steps = read_scale(scale.replace(":", " ") if isinstance(scale, str) else scale)  # pyright: ignore[reportUnnecessaryIsInstance] - a piece is not type-checked
    if any(step != int(step) for step in SCALES[steps]):
        raise PatternError(f"ruleset: scale= wants tones that are on a keyboard, found {scale!r}")
    heavy = float(number("ruleset: variety=", variety))
    if heavy < 0:
        raise PatternError(f"ruleset: variety= wants a number from 0 on, found {told(variety)}")
    return Ruleset(
        tuple(voices),
        tuple(made),
        str(name) or NAMELESS,
        chords if chords is None or callable(chords) else chords_given("ruleset: chords=", chords),
        frozenset(int(tonic + step) % 12 for step in SCALES[steps]),
        int(tonic) % 12,
        whole("ruleset: beats=", beats, 1, 32),
        whole("ruleset: phrase=", phrase, 1, MOST_BARS),
        whole("ruleset: recall=", recall, 1, 16),
        whole("ruleset: ahead=", ahead, 0, 64),
        whole("ruleset: width=", width, 1, 256),
        whole("ruleset: limit=", limit, 1, MOST_NODES),
        heavy,
    )
