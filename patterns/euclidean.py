"""Hits spread as evenly as possible over steps."""

from __future__ import annotations

from functools import lru_cache

from patterns.errors import PatternError

MOST_STEPS = 4096


@lru_cache(maxsize=1024)
def euclidean(hits: int, steps: int, rotation: int = 0) -> tuple[bool, ...]:
    """Spread `hits` over `steps`; negative hits are where the others are not.

    >>> "".join("x" if hit else "." for hit in euclidean(3, 8))
    'x..x..x.'

    Args:
        hits: Number of hits; more than the steps fill all steps.
        steps: Number of steps, 1 to 4096; none or less is empty.
        rotation: Steps by which all hits come later; beyond the number of steps, as in Strudel, none.

    Raises:
        PatternError: There are more than 4096 steps.

    Source: E. Bjorklund, The theory of rep-rate pattern generation in the SNS timing system (2003).
    """
    if steps <= 0:
        return ()
    if steps > MOST_STEPS:
        raise PatternError(f"a euclidean rhythm has at most {MOST_STEPS} steps, found {steps}")
    if hits < 0:
        inverse = euclidean(-hits, steps, rotation)
        return tuple(not hit for hit in inverse)
    hits = min(hits, steps)
    heads: list[list[bool]] = [[True] for _ in range(hits)]
    tails: list[list[bool]] = [[False] for _ in range(steps - hits)]
    while len(tails) > 1 and heads:
        pairs = min(len(heads), len(tails))
        joined: list[list[bool]] = [heads[i] + tails[i] for i in range(pairs)]
        heads, tails = joined, heads[pairs:] or tails[pairs:]
    rhythm = [hit for group in (*heads, *tails) for hit in group]
    turn = rotation % steps if abs(rotation) <= steps else 0
    return tuple(rhythm[-turn:] + rhythm[:-turn]) if turn else tuple(rhythm)
