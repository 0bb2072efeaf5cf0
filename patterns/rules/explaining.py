"""Why a bar is as it is: each note that was chosen, and what kept each other one away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from patterns.core import BAD_VALUE
from patterns.errors import PatternError
from patterns.rules.barwise import bar_after, chain, opening, rows_after
from patterns.rules.composed import bars_before, key_of
from patterns.rules.context import Bar, Moment, Note
from patterns.rules.declaring import Rule, Ruleset
from patterns.rules.search import Row, Step

__all__ = ["explained"]

_FAR = 1 << 24
_SHOWN = 8  # notes that a rule kept away: beyond it their number is told
_LETTERS = ("c", "c#", "d", "eb", "e", "f", "f#", "g", "ab", "a", "bb", "b")


def explained(rules: Ruleset, bar: Any, seed: int = 0) -> str:
    """Say which rule chose or forbade what in a bar.

    Args:
        rules: By which it is composed.
        bar: Its number.
        seed: Of the composition.

    Raises:
        PatternError: That is no number of a bar.
    """
    if not isinstance(bar, int) or not -_FAR < bar < _FAR:
        raise PatternError(f"why wants the number of a bar, found {bar!r}")
    key = key_of(seed)
    past = bars_before(rules, bar, seed)
    made = bar_after(rules, past, bar, key) if past else opening(rules, bar, key)
    laws = [one for one in rules.rules if one not in made.dropped]
    at, ends = chain(rules, past, bar, key)
    rows, _ = rows_after(rules, laws, bar, ends, key)
    number = bar % rules.phrase + 1
    out = [f"{rules.name}, bar {bar}: bar {number} of {rules.phrase} in its phrase, {made.nodes} notes tried"]
    out += [f"  {message}" for message, _ in made.problems]
    for row in rows:
        pitches = {
            step.part: next(p for beat, _, p in made.written[step.part] if beat == row.place.beat - 1)
            for step in row.steps
        }
        chord = row.place.chord
        out.append(f"beat {float(row.place.beat):g}{f', {chord.name}' if chord is not None else ''}")
        whole = _moment(row, at, rules, pitches)
        for step in row.steps:
            out += _step(rules, row, step, at, pitches)
        costs = [f"{one.name} {cost:g}" for one, cost in _breaches(row.rules, whole) if cost]
        out += [f"  costs: {', '.join(costs)}"] if costs else []
        at = whole
    if at is not None and rows:
        costs = [f"{one.name} {cost:g}" for one, cost in _breaches(rows[-1].closing, Bar(at)) if cost]
        out += [f"the whole bar costs: {', '.join(costs)}"] if costs else []
    return "\n".join(out)


def _step(rules: Ruleset, row: Row, step: Step, at: Moment | None, pitches: dict[int, Any]) -> list[str]:
    """What one part chose, and what kept others away: what each rule forbade, then what was dearer."""
    chosen = pitches[step.part]
    forbade: dict[str, list[Any]] = {}
    dearer: list[str] = []
    here = _cost(rules, row, step, at, pitches, chosen, {})
    for pitch in step.pitches:
        if pitch == chosen:
            continue
        by: dict[str, list[Any]] = {}
        there = _cost(rules, row, step, at, pitches, pitch, by)
        for name in by:
            forbade.setdefault(name, []).append(pitch)
        if by:
            continue
        more = [
            f"{name} {cost - here.get(name, 0):+g}"
            for name, cost in there.items()
            if cost != here.get(name, 0)
        ]
        more += [f"{name} {-cost:+g}" for name, cost in here.items() if name not in there]
        dearer.append(f"{_named(rules, step, pitch)} ({', '.join(more) or 'chance'})")
    note = _moment(row, at, rules, pitches).notes[step.part]
    own = [] if note is None else _breaches(step.rules, note)
    costs = [f"{one.name} {cost:g}" for one, cost in own if cost]
    out = [f"  {step.name} {_named(rules, step, chosen)}" + (f", costs: {', '.join(costs)}" if costs else "")]
    for name, away in forbade.items():
        listed = ", ".join(_named(rules, step, pitch) for pitch in away[:_SHOWN])
        rest = f" and {len(away) - _SHOWN} more" if len(away) > _SHOWN else ""
        out.append(f"    {name}: forbade {listed}{rest}")
    if dearer:
        rest = f" and {len(dearer) - _SHOWN} more" if len(dearer) > _SHOWN else ""
        out.append(f"    might have been {', '.join(dearer[:_SHOWN])}{rest}")
    return out


def _cost(
    rules: Ruleset,
    row: Row,
    step: Step,
    at: Moment | None,
    pitches: dict[int, Any],
    pitch: Any,
    by: dict[str, list[Any]],
) -> dict[str, float]:
    """What a note costs by each rule beside the notes that were chosen; `by` takes down what forbids it."""
    moment = _moment(row, at, rules, {**pitches, step.part: pitch})
    asked: list[tuple[Sequence[Rule], Any]] = [
        (other.rules, note) for other in row.steps if (note := moment.notes[other.part]) is not None
    ]
    costs: dict[str, float] = {}
    for laws, what in [*asked, (row.rules, moment), (row.closing, Bar(moment))]:
        for one, cost in _breaches(laws, what):
            if one.weight is None and cost:
                by.setdefault(one.name, []).append(pitch)
            elif cost:
                costs[one.name] = costs.get(one.name, 0) + cost
    return costs


def _breaches(laws: Sequence[Rule], asked: Any) -> list[tuple[Rule, float]]:
    """What each rule says, with its weight; a hard one counts as 1."""
    found: list[tuple[Rule, float]] = []
    for one in laws:
        try:
            found.append((one, one.breach(asked) * (1 if one.weight is None else one.weight)))
        except BAD_VALUE:
            continue  # a note that was never tried there may be beyond what the function is made for
    return found


def _moment(row: Row, at: Moment | None, rules: Ruleset, pitches: dict[int, Any]) -> Moment:
    """The moment with these pitches."""
    count = len(rules.parts)
    notes: list[Note | None] = [None] * count
    latest: list[Note | None] = [None] * count if at is None else at.latest[:]
    for part in row.held:
        notes[part] = None if at is None else at.notes[part]
    made = Moment(row.place, notes, at, latest)
    for step in row.steps:
        pitch = pitches[step.part]
        if pitch is not None:
            note = Note(pitch, step.name, latest[step.part], step.length, made)
            notes[step.part] = latest[step.part] = note
    return made


def _named(rules: Ruleset, step: Step, pitch: Any) -> str:
    """How a note is written."""
    if pitch is None:
        return "a rest"
    if rules.parts[step.part].sound or pitch != int(pitch):
        return f"{pitch:g}"
    return f"{_LETTERS[int(pitch) % 12]}{int(pitch) // 12 - 1}"
