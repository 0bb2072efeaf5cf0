"""Phrases that breed: those that suit best have offspring, and each cycle plays the best there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, cast

from patterns.arguments import called, listed, number, probability, values_of, whole
from patterns.core import Flat, Pattern
from patterns.dice import Dice
from patterns.engines.driven import GROUP, bars, driven
from patterns.errors import PatternError
from patterns.registry import function
from patterns.rules.declaring import Rule, Ruleset
from patterns.rules.judging import Judge, judge_of, rules_of_a_line
from patterns.state import Walk
from patterns.ticks import Time, settle

MOST_VALUES = 1024
MOST_STEPS = 64
MOST_PHRASES = 64
_MOST_GENERATIONS = 16
_OFTEN = 4  # generations in a cycle, where a pattern says how many
_RIVALS = 3  # phrases of which the best becomes a parent

_PRICE = 6  # what a note that is asked by rules costs, beside one that a function sees

Fitness = tuple[Callable[[list[Any]], Any], float]


def _given(fitness: Any) -> tuple[list[Fitness], list[Rule], list[Ruleset]]:
    """Read functions, rules and sets of them: one, or a list of them, each alone or with its weight."""
    wanted = "a function of a phrase, a rule, a ruleset, or a list of such"
    functions: list[Fitness] = []
    laws: list[Rule] = []
    sets: list[Ruleset] = []
    for row in listed(
        "evolve", wanted, cast("list[Any]", fitness) if isinstance(fitness, list) else [fitness]
    ):
        pair = cast("tuple[Any, ...]", row if isinstance(row, tuple) else (row, 1))
        one, weight = pair if len(pair) == 2 else (None, 1)
        times = float(number("evolve: a weight", weight))
        if isinstance(one, Rule):
            laws.append(_weighed(one, times))
        elif isinstance(one, Ruleset):
            sets.append(replace(one, rules=tuple(_weighed(law, times) for law in one.rules), kept={}))
        else:
            call = called("evolve", "a function of a phrase, such as lambda p: len(set(p)), or a rule", one)
            functions.append((call, times))
    if len(sets) > 1:
        raise PatternError(f"evolve wants one ruleset, found {len(sets)}; put all rules into one")
    return functions, laws, sets


def _weighed(law: Rule, times: float) -> Rule:
    """A rule as many times as heavy; a hard one stays hard."""
    if law.weight is None or times == 1:
        return law
    if times < 0:
        raise PatternError(f"evolve: the weight of a rule is from 0 on, found {times:g} for {law.name!r}")
    return replace(law, weight=law.weight * times)


def _fitness(functions: Sequence[Fitness], judges: Sequence[Judge], phrase: list[Any]) -> float:
    worth = sum(weight * float(number("evolve: a fitness", rule([*phrase]))) for rule, weight in functions)
    if judges:
        line = [_pitch(value) for value in phrase]
        worth -= sum(judge.cost(line) for judge in judges)
    return worth


def _pitch(value: Any) -> Any:
    return None if value is None or value == "~" else number("evolve: what rules see", value)


def _written(law: Rule) -> tuple[Any, ...]:
    """What two rules have in common that are one, written twice."""
    return law.name, law.weight, law.each, law.of, getattr(law.test, "__code__", law.test)


@function(GROUP, strudel="")
def evolve(
    fitness: Any,
    values: Any = None,
    steps: Any = None,
    generations: Any = 1,
    mutation: Any = 0.1,
    *,
    population: int = 16,
    start: Any = None,
    name: str = "",
    since: int = 0,
) -> Pattern:
    """Breed phrases: in each cycle the fittest have offspring, and the best of all is played.

    >>> rising = evolve(lambda p: sum(a <= b for a, b in zip(p, p[1:])), range(8), generations=4)
    >>> best = [hap.value for hap in rising.haps(30, 31)]
    >>> best == sorted(best)
    True

    A child takes the steps of one parent up to a point and those of another from there on, and then single
    steps change by chance. The two best live on unchanged, so the best never gets worse while the rules
    stay.

    >>> laws = [rule.repeats(1), rule.smooth(2), rule.recovered(2), rule.ends_on(0)]
    >>> tune = ruleset([part("tune", "c4", "c5", onsets=[1, 2, 2.5, 3])], laws)
    >>> [hap.value for hap in evolve(tune, generations=8).haps(20, 21)]
    [69, 67, 69, 72]

    Args:
        fitness: Says how good a phrase is, a list of values: a number, or true and false. Or what `composed`
            takes, a `ruleset` of one part, or a single rule such as `rule.leaps(5)`: the cheapest phrase is
            the best then, and a breach of a hard rule costs 1000. Or a list of all these, which are added up,
            each alone or with a weight: `[(stepwise, 3), ends_low, rule.repeats(2)]`.
        values: What phrases are made of: a list, a `range`, the letters of a text; None or "~" is a rest. For
            rules numbers or names of notes. What the part may have, where a ruleset is given alone.
        steps: Steps in a phrase, 1 to 64: 8 unless given, or the onsets of the ruleset's part, in their
            rhythm.
        generations: Generations in a cycle, 0 to 16: 0 stands still. Like the next one a number or a
            pattern, read when a cycle begins.
        mutation: How likely a step changes by chance, 0 to 1.
        population: Phrases that live at the same time, 4 to 64.
        start: A phrase that the first ones come from, each with changes of its own; else they are drawn.
        name: With a name the phrases live on through a change of the piece, in its layer: they breed on
            by the new rules.
        since: The cycle in which it begins, if it is not 0.

    Source: J. Holland, Adaptation in natural and artificial systems (1975); for melodies, A. Horner,
    D. Goldberg, Genetic algorithms and computer-assisted music composition (1991).
    """
    functions, laws, sets = _given(fitness)
    even = whole("evolve: steps=", 8 if steps is None else steps, 1, MOST_STEPS)
    judges = [judge_of(one, None if steps is None else even) for one in sets]
    length = len(judges[0].onsets) if judges else even
    if not 0 < length <= MOST_STEPS:
        raise PatternError(
            f"evolve: steps of a phrase are 1 to {MOST_STEPS}, found {length} in {sets[0].name}"
        )
    found = judges[0].values if judges and values is None else values_of("evolve", values)
    rhythm = judges[0] if judges and steps is None else None
    if laws:
        judges.append(judge_of(rules_of_a_line(laws), length))
    if not 0 < len(found) <= MOST_VALUES:
        raise PatternError(f"evolve wants 1 to {MOST_VALUES} values, found {len(found)}")
    count = whole("evolve: population=", population, 4, MOST_PHRASES)
    model = None if start is None else values_of("evolve: start=", start)

    def fitted(phrase: Sequence[Any], dice: Dice) -> list[Any]:
        row = [*phrase[:length]]
        return row + [dice.choose(found) for _ in range(length - len(row))]

    def mutated(phrase: list[Any], chance: float, dice: Dice) -> list[Any]:
        return [dice.choose(found) if dice.random() < chance else value for value in phrase]

    def first(chance: float, dice: Dice) -> list[list[Any]]:
        if model is None:
            return [fitted([], dice) for _ in range(count)]
        own = fitted(model, dice)
        return [own, *(mutated(own, max(chance, 1 / length), dice) for _ in range(count - 1))]

    def ranked(phrases: list[list[Any]]) -> list[list[Any]]:
        worth = [_fitness(functions, judges, phrase) for phrase in phrases]
        return [phrases[index] for index in sorted(range(len(phrases)), key=lambda index: -worth[index])]

    def parent(best_first: list[list[Any]], dice: Dice) -> list[Any]:
        return best_first[min(dice.whole(len(best_first)) for _ in range(_RIVALS))]

    def child(best_first: list[list[Any]], chance: float, dice: Dice) -> list[Any]:
        cut = dice.whole(length)
        mixed = parent(best_first, dice)[:cut] + parent(best_first, dice)[cut:]
        return mutated(mixed, chance, dice)

    def go(phrases: list[list[Any]], given: Sequence[Any], dice: Dice) -> list[list[Any]]:
        times = whole("evolve: generations=", given[0], 0, _MOST_GENERATIONS)
        chance = probability("evolve: mutation=", given[1])
        if not phrases:
            return ranked(first(chance, dice))
        living = ranked([fitted(phrase, dice) for phrase in phrases[:count]])  # the rules may be new
        for _ in range(times):
            living = ranked([*living[:2], *(child(living, chance, dice) for _ in range(count - 2))])
        return living

    often = generations if isinstance(generations, int) else _OFTEN
    cost = count * length * max(0, min(often, _MOST_GENERATIONS)) * (_PRICE if judges else 1) // 2
    written = [(getattr(rule, "__code__", rule), weight) for rule, weight in functions]
    asking = [_written(law) for law in (*laws, *(law for one in sets for law in one.rules))]
    made_of = (found, model, written, asking, [judge.onsets for judge in judges])
    best = driven("evolve", go, [], [generations, mutation], 1, name, since, _best, cost, made_of)
    return bars(best, Fraction(length)) if rhythm is None else _in_rhythm(best, rhythm)


def _best(phrases: list[list[Any]]) -> list[Any]:
    return phrases[0] if phrases else []


def _in_rhythm(rows: Pattern, rhythm: Judge) -> Pattern:
    """Play the parts of each list when the rules have their onsets, a bar in the time of the list."""
    inner, beats = rows.run, rhythm.beats

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        haps: list[Flat] = []
        for b, e, pb, pe, row, w in inner(begin, end, walk):
            if b is None:
                continue
            walk.spend(len(row))
            for value, (at, lasts) in zip(row, rhythm.onsets, strict=False):
                start = settle(b + (e - b) * at / beats)
                stop = min(e, settle(b + (e - b) * (at + lasts) / beats))
                if value is not None and value != "~" and start < pe and stop > pb:
                    haps.append((start, stop, max(pb, start), min(pe, stop), value, w))
        return haps

    return Pattern(run, None, None, rows.reads, discrete=True)
