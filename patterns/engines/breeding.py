"""Phrases that breed: those that suit best have offspring, and each cycle plays the best there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, cast

from patterns.arguments import called, listed, number, probability, values_of, whole
from patterns.core import Pattern
from patterns.dice import Dice
from patterns.engines.driven import GROUP, bars, driven
from patterns.errors import PatternError
from patterns.registry import function

MOST_VALUES = 1024
MOST_STEPS = 64
MOST_PHRASES = 64
_MOST_GENERATIONS = 16
_OFTEN = 4  # generations in a cycle, where a pattern says how many
_RIVALS = 3  # phrases of which the best becomes a parent

Rule = tuple[Callable[[list[Any]], Any], float]


def _rules(given: Any) -> list[Rule]:
    """Read one function, or a list of them, each alone or with its weight."""
    wanted = "a function of a phrase, or a list of such"
    rows = listed("evolve", wanted, cast("list[Any]", given) if isinstance(given, list) else [given])
    rules: list[Rule] = []
    for row in rows:
        pair = cast("tuple[Any, ...]", row if isinstance(row, tuple) else (row, 1))
        rule, weight = pair if len(pair) == 2 else (None, 1)
        call = called("evolve", "a function of a phrase, such as lambda p: len(set(p))", rule)
        rules.append((call, float(number("evolve: a weight", weight))))
    return rules


def _fitness(rules: Sequence[Rule], phrase: list[Any]) -> float:
    return sum(weight * float(number("evolve: a fitness", rule([*phrase]))) for rule, weight in rules)


@function(GROUP, strudel="")
def evolve(
    fitness: Any,
    values: Any,
    steps: int = 8,
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

    Args:
        fitness: Says how good a phrase is, a list of values: a number, or true and false. Or a list of such
            functions, which are added up, each alone or with a weight: `[(stepwise, 3), ends_low]`.
        values: What phrases are made of: a list, a `range`, the letters of a text; None or "~" is a rest.
        steps: Steps in a phrase, 1 to 64.
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
    rules, found = _rules(fitness), values_of("evolve", values)
    if not 0 < len(found) <= MOST_VALUES:
        raise PatternError(f"evolve wants 1 to {MOST_VALUES} values, found {len(found)}")
    length = whole("evolve: steps=", steps, 1, MOST_STEPS)
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
        worth = [_fitness(rules, phrase) for phrase in phrases]
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
    cost = count * length * max(0, min(often, _MOST_GENERATIONS)) // 2
    written = [(getattr(rule, "__code__", rule), weight) for rule, weight in rules]
    best = driven(
        "evolve", go, [], [generations, mutation], 1, name, since, _best, cost, (found, model, written)
    )
    return bars(best, Fraction(length))


def _best(phrases: list[list[Any]]) -> list[Any]:
    return phrases[0] if phrases else []
