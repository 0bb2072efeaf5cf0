"""Counts of what came in which context: from the most telling context that is known to the plainest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["Backoff", "Context"]

Context = tuple[int, ...]
Counts = dict[int, int]


class Backoff:
    """How often each value came, in contexts from the plainest to the most telling.

    What a context says counts the more, the oftener it was met and the fewer values came in it; the rest is
    left to the plainer ones.

    Source: I. Witten, T. Bell, The zero-frequency problem (1991), method C, over contexts of any kind in
    place of the last symbols, and with a weight for what is new: where contexts tell much and are met seldom,
    the plainer ones are to be heard more.

    Args:
        depth: How many contexts each value has.
        doubt: How much each kind of value that came in a context weighs for the plainer ones; 1 is method C.
    """

    __slots__ = ("_doubt", "_tables")

    def __init__(self, depth: int, doubt: float = 1.0) -> None:
        self._doubt = doubt
        self._tables: list[dict[Context, Counts]] = [{} for _ in range(depth)]

    @property
    def size(self) -> int:
        """How many counts there are."""
        return sum(len(counts) for table in self._tables for counts in table.values())

    def learn(self, contexts: Sequence[Context], value: int) -> None:
        """Count a value in its contexts, the plainest first."""
        for table, context in zip(self._tables, contexts, strict=True):
            counts = table.get(context)
            if counts is None:
                counts = table[context] = {}
            counts[value] = counts.get(value, 0) + 1

    def odds(self, contexts: Sequence[Context], base: Mapping[int, float]) -> dict[int, float]:
        """Say how likely each value is.

        >>> known = Backoff(2)
        >>> for value in (1, 1, 2):
        ...     known.learn([(), (5,)], value)
        >>> {value: round(odds, 2) for value, odds in known.odds([(), (5,)], {1: 0.5, 2: 0.5}).items()}
        {1: 0.64, 2: 0.36}

        Args:
            contexts: The plainest first.
            base: What is assumed where nothing is known; together 1.
        """
        share = 1.0
        more: dict[int, float] = {}
        for table, context in zip(self._tables, contexts, strict=True):
            counts = table.get(context)
            if counts is None:
                continue
            kinds = self._doubt * len(counts)
            total = sum(counts.values()) + kinds
            left = kinds / total
            share *= left
            for value in more:
                more[value] *= left
            for value, count in counts.items():
                more[value] = more.get(value, 0.0) + count / total
        found = {value: share * chance for value, chance in base.items()}
        for value, chance in more.items():
            found[value] = found.get(value, 0.0) + chance
        return found

    def chance(self, contexts: Sequence[Context], value: int, base: float) -> float:
        """Say how likely one value is, given how likely it is where nothing is known."""
        found = base
        for table, context in zip(self._tables, contexts, strict=True):
            counts = table.get(context)
            if counts is not None:
                kinds = self._doubt * len(counts)
                found = (counts.get(value, 0) + kinds * found) / (sum(counts.values()) + kinds)
        return found

    def pruned(self, least: int) -> Backoff:
        """The same without contexts, the two plainest apart, that were met fewer times than so many."""
        made = Backoff(len(self._tables), self._doubt)
        for level, table in enumerate(self._tables):
            made._tables[level] = {
                context: dict(counts)
                for context, counts in table.items()
                if level < 2 or sum(counts.values()) >= least
            }
        return made

    def rows(self) -> list[list[list[list[int]]]]:
        """As JSON has it: for each level the contexts in order, each with its values and their counts."""
        return [
            [
                [list(context), [part for pair in sorted(table[context].items()) for part in pair]]
                for context in sorted(table)
            ]
            for table in self._tables
        ]

    @staticmethod
    def of_rows(rows: Sequence[Any], doubt: float = 1.0) -> Backoff:
        """What `rows` wrote."""
        made = Backoff(len(rows), doubt)
        for table, level in zip(made._tables, rows, strict=True):
            for context, flat in level:
                table[tuple(context)] = dict(zip(flat[::2], flat[1::2], strict=True))
        return made
