"""The word `rule`: what makes a rule of a function, and the rules that are there already."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from patterns.registry import function
from patterns.rules.composed import GROUP
from patterns.rules.declaring import made_rule, part, ruleset
from patterns.rules.harmonic import Harmonic
from patterns.rules.leading import Leading
from patterns.rules.listening import Listening
from patterns.rules.melodic import Melodic
from patterns.rules.metric import Metric

__all__ = ["Rules", "rule"]


class Rules(Melodic, Leading, Harmonic, Metric, Listening):
    """Make a rule of a function: it is asked about each note, and answers whether that may be.

    >>> rule.leaps(7), rule.repeats(2, weight=1)
    (leaps up to 7 (hard), a note at most 2 times in a row (weight 1))
    >>> rather_high = rule(lambda note: note.pitch >= 67, weight=2)
    >>> rather_high
    a rule (weight 2)

    What a rule is asked about has `pitch`, `part`, `before`, `leap`, `place` and more: docs/rules.md lists
    all of it, and the rules that are there already.
    """

    def __call__(
        self,
        test: Callable[[Any], Any] | None = None,
        *,
        weight: float | None = None,
        each: str = "note",
        of: Any = None,
    ) -> Any:
        """Make a rule.

        Args:
            test: The function: of a note, a moment, a bar or a change of chords. True or nothing is kept,
                False is broken; a number says by how much.
            weight: What a breach costs; without it a breach is forbidden.
            each: What it is asked about: each "note", each "moment" at which something begins, each "bar",
                or each "chord" of a phrase, before there are notes.
            of: The parts whose notes it is asked about, all unless given.
        """
        if test is None:
            return partial(self, weight=weight, each=each, of=of)
        return made_rule(test, "", weight, each, of)

    def __repr__(self) -> str:
        """Say what is there."""
        there = [name for name in dir(self) if not name.startswith("_")]
        return f"rule: @rule over a function, or one of rule.{', rule.'.join(there)}"


rule = function(GROUP, name="rule", strudel="")(Rules())
function(GROUP, strudel="")(part)
function(GROUP, strudel="")(ruleset)
