"""Voicings of chords, derived by rule from their intervals, and the choice among them.

A dictionary gives, for a chord's intervals, the ways in which its notes may lie over one another; each
way is a row of semitones above the root. Which of them sounds, and in which octave, the anchor decides.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from patterns.chord_names import parse_chord, split_chord
from patterns.errors import PatternError
from patterns.spelling import near

Steps = tuple[int, ...]
Rule = Callable[[Steps], list[Steps]]

MODES = ("below", "duck", "above", "root")
_MOST_OFFSET = 64
_OCTAVE, _NINTH, _THIRTEENTH = 12, 14, 21
_DYAD = 2


def _stacked(classes: Sequence[int]) -> Steps:
    """Put pitch classes over one another, each as low as it can lie above the one before."""
    row = [classes[0]]
    for each in classes[1:]:
        row.append(row[-1] + ((each - row[-1]) % 12 or 12))
    return tuple(row)


def _inversions(classes: Sequence[int]) -> list[Steps]:
    return [_stacked([*classes[turn:], *classes[:turn]]) for turn in range(len(classes))]


def _classes(steps: Steps) -> list[int]:
    return sorted({step % 12 for step in steps})


def _third(steps: Steps) -> int | None:
    """The third, or what a suspended chord has in its place."""
    return next((step for step in (4, 3, 5, 2) if step in steps), None)


def _fifth(steps: Steps) -> int | None:
    return next((step for step in (7, 6, 8) if step in steps), None)


def _seventh(steps: Steps) -> int | None:
    return next((step for step in (10, 11, 9) if step in steps), None)


def _close(steps: Steps) -> list[Steps]:
    """All inversions in close position, and the chord as its name spells it if that is wider."""
    rows = _inversions(_classes(steps))
    return rows if max(steps) < _OCTAVE else [tuple(steps), *rows[1:]]


def _triads(steps: Steps) -> list[Steps]:
    return _inversions([step for step in (0, _third(steps), _fifth(steps)) if step is not None])


def _guide_tones(steps: Steps) -> list[Steps]:
    third, other = _third(steps), _seventh(steps)
    if other is None:
        other = _fifth(steps)
    tones = [step for step in (third, other) if step is not None]
    return _inversions(tones or [0])


def _left_hand(steps: Steps) -> list[Steps]:
    """Third, fifth, seventh and ninth without the root, from the third or from the seventh."""
    third, fifth, seventh = _third(steps), _fifth(steps), _seventh(steps)
    if third is None or seventh is None:
        return _triads(steps)
    ninths = [step for step in (13, 15, _NINTH) if step in steps]
    thirteenths = [step for step in (20, _THIRTEENTH) if step in steps]
    dark = fifth == 6 and third == 3  # a ninth would rub against the diminished fifth: the root stays
    ninth = 12 if dark else (ninths or [_NINTH])[0]
    dominant = third == 4 and seventh == 10
    middle = (thirteenths or ([_THIRTEENTH] if dominant and fifth == 7 else []))[:1]
    inner = middle[0] % 12 if middle else 7 if fifth is None else fifth
    order = [third, inner, seventh, ninth % 12]
    return [_stacked(order), _stacked([*order[2:], *order[:2]])]


def _legacy(steps: Steps) -> list[Steps]:
    return _left_hand(steps) if _seventh(steps) is not None else _triads(steps)


def _open(steps: Steps) -> list[Steps]:
    """Close voicings whose second note from the top lies an octave lower."""
    return [
        tuple(sorted([*row[:-2], row[-2] - _OCTAVE, row[-1]])) if len(row) > _DYAD else row
        for row in _close(steps)
    ]


def _extended(steps: Steps) -> list[Steps]:
    """Close voicings with a ninth, where the chord has none and would bear it."""
    bears = not {13, 14, 15} & set(steps) and _fifth(steps) == 7 and _third(steps) in {3, 4}
    return _close((*steps, _NINTH) if bears else steps)


def _spread(steps: Steps) -> list[Steps]:
    """A bass, and over it the chord in close position with each of its tones in turn on top.

    The root is the bass where that leaves the upper tones in one hand; under a doubled root it is the
    third, in minor the fifth or the seventh. Tensions stand in the place of what would be there twice.
    """
    third, fifth, seventh = _third(steps), _fifth(steps), _seventh(steps)
    tensions = [step for step in steps if step > _OCTAVE or step not in {0, third, fifth, seventh}]
    if third is None:
        return _close(steps)
    t, f, minor = third, (tensions[-1] % 12 if tensions else 7) if fifth is None else fifth, third == 3
    high, full = t + 12, f + 12
    if seventh is None:
        rows = [(0, t, f, 12, high) if minor else (0, f, 12, high), (0, f, 12, high, full)]
        rows += [(low, 12, high, full, 24) for low in ((f,) if minor else (t, f))]
    elif minor:
        s = seventh
        rows = [
            (0, t, f, s, high),
            (0, f, s, high, full),
            (t, s, 12, high, s + 12),
            (s, high, full, s + 12, 24),
        ]
    elif seventh == 11:
        s = seventh
        rows = [(0, f, s, high, full), (0, high, full, s + 12), (f, 12, high, s + 12, high + 12)]
    else:
        s = seventh
        rows = [(0, f, s, 12, high), (0, s, 12, high, full), (t, s, 12, high, s + 12), (t, s, high, full, 24)]
    return [_with_tensions(row, tensions) for row in rows]


def _with_tensions(row: Steps, tensions: Sequence[int]) -> Steps:
    """Put tensions in the place of tones that stand twice in a row, or of its fifth; the bass stays."""
    notes = list(row)
    for tension in tensions:
        if tension % 12 in {note % 12 for note in notes}:
            continue
        classes = [note % 12 for note in notes]
        place = next((i for i in range(len(notes) - 1, 0, -1) if classes.count(classes[i]) > 1), 1)
        old = notes[place]
        notes[place] = old + (tension - old + 6) % 12 - 6
    return tuple(sorted(set(notes)))


DICTIONARIES: dict[str, Rule] = {
    "close": _close,
    "default": _spread,
    "ireal": _spread,
    "ireal-ext": _extended,
    "triads": _triads,
    "guidetones": _guide_tones,
    "lefthand": _left_hand,
    "legacy": _legacy,
    "open": _open,
}
"""Name → rule from the intervals of a chord to its voicings."""


def rows_of(dictionary: Any, quality: str, steps: Steps) -> list[Steps]:
    """List the voicings that a dictionary has for a chord.

    >>> rows_of("guidetones", "^7", (0, 4, 7, 11))
    [(4, 11), (11, 16)]

    Args:
        dictionary: A name, or a table from qualities to lists of rows of semitones above the root.
        quality: What stands after the root, such as `m7`.
        steps: The intervals of the chord.

    Raises:
        PatternError: There is no such dictionary, or it lacks the chord; the message names the nearest.
    """
    if isinstance(dictionary, Mapping):
        table = cast("Mapping[str, Any]", dictionary)
        if quality not in table:
            known = ", ".join(map(repr, table)) or "nothing"
            raise PatternError(f"your dictionary of voicings has no {quality!r}; it has {known}")
        rows = table[quality]
        if not isinstance(rows, Sequence) or isinstance(rows, str) or not rows:
            raise PatternError(f"your dictionary has a list of voicings for each chord, found {rows!r}")
        return [_row(row) for row in cast("Sequence[Any]", rows)]
    rule = DICTIONARIES.get(dictionary)
    if rule is None:
        alike = near(str(dictionary), DICTIONARIES, most=2)
        hint = f"; the nearest is {' or '.join(alike)}" if alike else f"; there are {', '.join(DICTIONARIES)}"
        raise PatternError(f"no dictionary of voicings is called {dictionary!r}{hint}")
    return rule(steps)


def _row(row: Any) -> Steps:
    steps = row.split() if isinstance(row, str) else row
    try:
        found = tuple(sorted(int(step) for step in steps))
    except (TypeError, ValueError):
        found = ()
    if not found:
        raise PatternError(f"a voicing is a row of semitones such as '0 4 7', found {row!r}")
    return found


@lru_cache(maxsize=2048)
def _named_rows(name: str, dictionary: str) -> tuple[int, tuple[Steps, ...], int | None]:
    root, steps, bass = parse_chord(name)
    return root, tuple(rows_of(dictionary, split_chord(name)[1], steps)), bass


def _placed(root: int, row: Steps, anchor: float, mode: str) -> tuple[int, ...]:
    if mode == "above":
        lift = math.floor((anchor - root - row[0]) / 12)
    elif mode == "root":
        lift = math.floor((anchor - root) / 12)
    else:
        lift = math.floor((anchor - root - row[-1]) / 12)
    return tuple(root + step + 12 * lift for step in row)


def voiced(name: str, anchor: float, mode: str, dictionary: Any = "default", offset: int = 0) -> list[int]:
    """Choose the notes of a chord near an anchor.

    >>> voiced("C^7", 72, "below", "lefthand")
    [59, 62, 64, 67]

    Args:
        name: The chord, such as `Am7` or `C/G`.
        anchor: Number of the note to keep near.
        mode: "below": the top note is the anchor or the nearest below; "duck": as below, without the
            anchor itself; "above": the lowest note is the anchor or, as in Strudel, the nearest below;
            "root": the root is the lowest note, the anchor or the nearest below.
        dictionary: Name of a dictionary, or a table of your own.
        offset: How many positions further up, or down if negative, -64 to 64.
    """
    if mode not in MODES:
        alike = near(mode, MODES, most=1)
        hint = f"; the nearest is {alike[0]}" if alike else ""
        raise PatternError(f"the mode of a voicing is below, duck, above or root, found {mode!r}{hint}")
    if abs(offset) > _MOST_OFFSET:
        raise PatternError(
            f"the offset of a voicing is from -{_MOST_OFFSET} to {_MOST_OFFSET}, found {offset}"
        )
    if isinstance(dictionary, str):
        root, rows, bass = _named_rows(name, dictionary)
    else:
        root, steps, bass = parse_chord(name)
        rows = tuple(rows_of(dictionary, split_chord(name)[1], steps))
    if mode == "root":
        rows = _on_the_root(rows)
    placed = list(dict.fromkeys(_placed(root, row, anchor, mode) for row in rows))
    if mode == "root":
        first, places = 0, sorted(placed, key=lambda notes: (notes[0], notes[-1]))
    else:  # of those that are equally near the first of the rule
        edge, other = (0, -1) if mode == "above" else (-1, 0)
        places = sorted(placed, key=lambda notes: (notes[edge], notes[other]))
        first = places.index(next(notes for notes in placed if notes[edge] == places[-1][edge]))
    turns, index = divmod(first + offset, len(places))
    notes = [note + 12 * turns for note in places[index]]
    if mode == "duck":
        notes = [note for note in notes if note != anchor] or notes
    return notes if bass is None else _with_bass(notes, bass)


def _on_the_root(rows: Sequence[Steps]) -> tuple[Steps, ...]:
    """Keep the voicings that stand on the root; where there is none, put the root beneath them."""
    rooted = [tuple(step - row[0] for step in row) for row in rows if row[0] % 12 == 0]
    if rooted:
        return tuple(rooted)
    return tuple(
        (0, *(step + 12 * (math.floor(-row[0] / 12) + 1 if row[0] <= 0 else 0) for step in row))
        for row in rows
    )


def _with_bass(notes: list[int], bass: int) -> list[int]:
    lowest = min(notes)
    if lowest % 12 == bass:
        return notes
    return [lowest - ((lowest - bass) % 12), *notes]
