"""How two patterns meet: whose rhythm counts, and how a pattern inside a pattern is opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from patterns.combine import (
    MEMORY,
    all_discrete,
    changed,
    explain,
    fast,
    fmap,
    late,
    reads_of,
    shared_steps,
)
from patterns.core import BAD_VALUE, Flat, Pattern, Run
from patterns.meeting import Meet, merge_values, with_each, with_events, with_signal, with_value
from patterns.seams import in_cycles
from patterns.state import Walk
from patterns.ticks import TICKS, Time, common, exact, to_cycles, whole_cycles
from patterns.where import Where

__all__ = [
    "Meet",
    "app_both",
    "app_left",
    "app_right",
    "built_ahead",
    "focus",
    "inner_join",
    "known_values",
    "merge_values",
    "opener",
    "outer_join",
    "squeeze_join",
    "times",
    "trigger_join",
]

FEW = 8  # values for which the inner patterns are built before they are asked for


def app_left(left: Pattern, right: Pattern, meet: Meet) -> Pattern:
    """Combine values; the rhythm is the left one's."""
    if right.atom is not None:
        value, places = right.atom[0], right.places
        try:
            made = changed(left, lambda v, w: (meet(v, value), w + places))
        except BAD_VALUE:
            made = None  # it will be reported by each query, with its place
        if made is not None:
            return in_cycles(made)
        run = with_value(left.run, value, places, meet)
    elif right.sample is not None:
        run = with_signal(left.run, right.sample, meet, right.seams)
    elif right.discrete:
        run = with_events(left.run, right.run, meet)
    else:
        run = with_each(left.run, right.run, meet)
    period = common(left.period, right.period)
    return Pattern(run, left.steps, period, left.reads | right.reads, discrete=left.discrete)


def app_right(left: Pattern, right: Pattern, meet: Meet) -> Pattern:
    """Combine values; the rhythm is the right one's."""
    return app_left(right, left, lambda u, v: meet(v, u))


def app_both(left: Pattern, right: Pattern, meet: Meet) -> Pattern:
    """Combine values where both sound; the rhythm is what they share."""
    inner = left.run
    other = right.run

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        kept: list[Flat] = []
        found = other(begin, end, walk)
        for b, e, pb, pe, v, w in inner(begin, end, walk):
            walk.spend(len(found))
            for rb, re, rpb, rpe, u, x in found:
                nb = rpb if rpb > pb else pb
                ne = rpe if rpe < pe else pe
                if nb > ne or (nb == ne and begin != end):
                    continue
                whole: tuple[Any, Any] = (None, None) if b is None or rb is None else (max(b, rb), min(e, re))
                try:
                    kept.append((*whole, nb, ne, meet(v, u), w + x))
                except BAD_VALUE as error:
                    walk.report(explain(error), w + x)
        return kept

    return Pattern(
        run,
        shared_steps([left, right]),
        common(left.period, right.period),
        left.reads | right.reads,
        discrete=left.discrete and right.discrete,
    )


def opener(build: Callable[[Any], Pattern]) -> Callable[[Any], Pattern]:
    """Remember the patterns that a pure function of a value has built, up to `MEMORY` of them."""
    built: dict[Any, Pattern] = {}

    def remembered(value: object) -> Pattern:
        key: Any = (type(value), value)  # 1, 1.0 and True are equal but not the same
        try:
            known = built.get(key)
        except TypeError:  # a dict among the values
            return build(value)
        if known is None:
            if len(built) >= MEMORY:
                built.clear()
            known = built[key] = build(value)
        return known

    return remembered


def known_values(pattern: Pattern) -> list[Any] | None:
    """List the values that are written in a pattern, each once; None if they are many or not known."""
    found: dict[Any, None] = {}

    def note(value: Any, places: tuple[Where, ...]) -> tuple[Any, tuple[Where, ...]]:
        found[type(value), value] = None
        return value, places

    try:
        if changed(pattern, note) is None or len(found) > FEW:
            return None
    except TypeError:  # a dict among the values
        return None
    return [value for _, value in found]


def built_ahead(values: Sequence[Any] | None, build: Callable[[Any], Pattern]) -> list[Pattern] | None:
    """Build the inner patterns for all values; None if they are many, not known, or wrong."""
    if values is None or len(values) > FEW:
        return None
    try:
        return [build(value) for value in values]
    except BAD_VALUE:
        return None  # it will be reported by each query, with its place


def _cycles(outer: Pattern) -> Run:
    """Ask a pattern with something continuous in it for whole cycles, and cut the answer to what was asked.

    A signal has then the value that it has when the cycle begins (or where it begins itself, later in the
    cycle), whatever stretch is asked for: else the parts of a cycle would not make up the whole. With
    Strudel's random numbers it is what Strudel takes: the value where the stretch begins.
    """
    source = outer.run
    if outer.discrete:
        return source

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        if walk.rng != "hash":
            return source(begin, end, walk)
        kept: list[Flat] = []
        first = begin // TICKS * TICKS
        last = max(first + TICKS, -(-end // TICKS) * TICKS)
        for cycle in range(first, last, TICKS):
            for b, e, pb, pe, v, w in source(cycle, cycle + TICKS, walk):
                nb = pb if pb > begin else begin
                ne = pe if pe < end else end
                if nb < ne or (begin == end and pb <= begin < pe):
                    kept.append((b, e, nb, ne, v, w))
        return kept

    return run


def _joined(
    run: Run,
    outer: Pattern,
    inners: list[Pattern] | None,
    reads: frozenset[str],
    together: Callable[..., Fraction | None],
    steps: Fraction | None = None,
) -> Pattern:
    """Make the pattern of a join; what its inner patterns have in common holds for it as well."""
    if inners is None:
        return Pattern(run, steps, None, outer.reads | reads)
    return Pattern(
        run,
        steps,
        together(outer.period, *(inner.period for inner in inners)),
        outer.reads | reads | reads_of(inners),
        discrete=outer.discrete and all_discrete(inners),
    )


def inner_join(
    outer: Pattern,
    build: Callable[[Any], Pattern],
    reads: frozenset[str] = frozenset(),
    *,
    ahead: bool = False,
    values: Sequence[Any] | None = None,
) -> Pattern:
    """Play, for each value of `outer` and while it lasts, the pattern built from it; its rhythm counts.

    Args:
        outer: The values.
        build: Makes a pattern of a value.
        reads: Live inputs that the built patterns read.
        ahead: Build the patterns for the values that are written in `outer` at once, to learn what they
            have in common: their period. Not where `build` calls a function of the musician, for such
            functions lie within one another, and each value would double the work.
        values: All values that there may be, if they are known although `outer` itself does not tell.
    """
    source = _cycles(outer)
    made = opener(build)
    inners = built_ahead(known_values(outer) if values is None else values, made) if ahead else None

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        kept: list[Flat] = []
        found = source(begin, end, walk)
        walk.spend(len(found))
        for _, _, pb, pe, v, w in found:
            try:
                inner = made(v)
            except BAD_VALUE as error:
                walk.report(explain(error), w)
                continue
            haps = inner.run(pb, pe, walk)
            kept += [(a, b, c, d, u, x + w) for a, b, c, d, u, x in haps] if w else haps
        return kept

    return _joined(run, outer, inners, reads, common)


def outer_join(
    outer: Pattern,
    build: Callable[[Any], Pattern],
    reads: frozenset[str] = frozenset(),
    *,
    ahead: bool = False,
) -> Pattern:
    """As `inner_join`, but the outer rhythm counts."""
    source = outer.run
    made = opener(build)
    inners = built_ahead(known_values(outer), made) if ahead else None

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        kept: list[Flat] = []
        for b, e, pb, pe, v, w in source(begin, end, walk):
            walk.spend(1)
            try:
                inner = made(v)
            except BAD_VALUE as error:
                walk.report(explain(error), w)
                continue
            kept += [(b, e, ipb, ipe, u, x + w) for _, _, ipb, ipe, u, x in inner.run(pb, pe, walk)]
        return kept

    return _joined(run, outer, inners, reads, common, outer.steps)


def _within(kept: list[Flat], haps: list[Flat], hap: Flat) -> None:
    """Cut inner haps to the whole and the part of the outer one."""
    b, e, pb, pe, _, w = hap
    for ib, ie, ipb, ipe, u, x in haps:
        nb = ipb if ipb > pb else pb
        ne = ipe if ipe < pe else pe
        if nb > ne or (nb == ne and pb != pe):
            continue
        if ib is None or b is None:
            kept.append((None if b is None else ib, None if b is None else ie, nb, ne, u, x + w))
            continue
        wb, we = max(ib, b), min(ie, e)
        if wb < we:
            kept.append((wb, we, nb, ne, u, x + w))


def squeeze_join(
    outer: Pattern,
    build: Callable[[Any], Pattern],
    reads: frozenset[str] = frozenset(),
    *,
    ahead: bool = False,
) -> Pattern:
    """Fit one cycle of the inner pattern into each outer hap; the arguments are those of `inner_join`."""
    source = _cycles(outer)
    made = opener(build)
    inners = built_ahead(known_values(outer), made) if ahead else None

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        kept: list[Flat] = []
        for found in source(begin, end, walk):
            walk.spend(1)
            hap = _in_its_cycle(found) if found[0] is None and walk.rng == "hash" else found
            b, e, pb, pe, v, w = hap
            start, stop = (pb, pe) if b is None else (b, e)
            try:
                inner = made(v)
            except BAD_VALUE as error:
                walk.report(explain(error), w)
                continue
            _within(kept, focus(inner, start, stop).run(pb, pe, walk), hap)
        return kept

    # Each hap plays the cycle in whose number it begins: a whole number of cycles later it is the same.
    return _joined(run, outer, inners, reads, whole_cycles)


def _in_its_cycle(hap: Flat) -> Flat:
    """Make an event of what a signal says in a cycle: the signal itself has none to fit anything into."""
    _, _, pb, pe, v, w = hap
    begin = pb // TICKS * TICKS
    return begin, begin + TICKS, pb, pe, v, w


def trigger_join(
    outer: Pattern,
    build: Callable[[Any], Pattern],
    *,
    restart: bool,
    reads: frozenset[str] = frozenset(),
    ahead: bool = False,
) -> Pattern:
    """Start the inner pattern's cycle (or, with `restart`, its cycle 0) anew at each outer onset."""
    source = outer.run
    made = opener(build)
    inners = built_ahead(known_values(outer), made) if ahead else None

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        kept: list[Flat] = []
        for hap in source(begin, end, walk):
            b, _, pb, pe, v, w = hap
            walk.spend(1)
            if b is None:
                continue
            try:
                inner = made(v)
            except BAD_VALUE as error:
                walk.report(explain(error), w)
                continue
            _within(kept, late(inner, b if restart else b % TICKS).run(pb, pe, walk), hap)
        return kept

    if restart:  # counted from each onset, the inner patterns' own periods do not matter
        return _joined(run, outer, inners, reads, _outer_alone)
    return _joined(run, outer, inners, reads, whole_cycles)


def _outer_alone(period: Fraction | None, *_inner: Fraction | None) -> Fraction | None:
    return period


def focus(pattern: Pattern, begin: Time, end: Time) -> Pattern:
    """Fit the cycle in which `begin` lies between two times in ticks, and go on at that pace."""
    length = to_cycles(end - begin)
    if length <= 0:
        return pattern
    whole = begin // TICKS * TICKS
    return late(fast(late(pattern, -whole), 1 / length), begin)


def times(pattern: Pattern) -> Pattern:
    """Read every value as a time or a factor: an exact fraction."""
    return fmap(pattern, exact)
