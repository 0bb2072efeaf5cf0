"""How two patterns meet: whose rhythm counts, and how a pattern inside a pattern is opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from patterns.combine import MEMORY, explain, fast, fmap, late, pure, with_steps
from patterns.core import BAD_VALUE, Flat, Pattern
from patterns.state import Walk
from patterns.ticks import TICKS, Time, common, exact, to_cycles

Meet = Callable[[Any, Any], Any]


def app_left(left: Pattern, right: Pattern, meet: Meet) -> Pattern:
    """Combine values; the rhythm is the left one's."""
    inner = left.run
    other = right.run
    sample = right.sample
    reads = left.reads | right.reads
    period = common(left.period, right.period)
    if right.atom is not None:
        value = right.atom[0]
        places = right.places

        def run_fixed(begin: Time, end: Time, walk: Walk) -> list[Flat]:
            kept: list[Flat] = []
            for b, e, pb, pe, v, w in inner(begin, end, walk):
                try:
                    kept.append((b, e, pb, pe, meet(v, value), w + places))
                except BAD_VALUE as error:
                    walk.report(explain(error), w + places)
            return kept

        if left.atom is not None:
            try:
                return with_steps(pure(meet(left.atom[0], value), left.places + places), left.steps)
            except BAD_VALUE:
                pass  # it will be reported by each query, with its place
        return Pattern(run_fixed, left.steps, period, reads)

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        kept: list[Flat] = []
        found = inner(begin, end, walk)
        walk.spend(len(found))
        for b, e, pb, pe, v, w in found:
            where = w
            try:
                if sample is not None:
                    kept.append((b, e, pb, pe, meet(v, sample(pb if b is None else b, walk)), w))
                    continue
                for _, _, rb, re, u, x in other(pb, pe, walk) if b is None else other(b, e, walk):
                    nb = rb if rb > pb else pb
                    ne = re if re < pe else pe
                    if nb < ne or (nb == ne and pb == pe):
                        where = w + x
                        kept.append((b, e, nb, ne, meet(v, u), where))
            except BAD_VALUE as error:
                walk.report(explain(error), where)
        return kept

    return Pattern(run, left.steps, period, reads)


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
        run, common(left.steps, right.steps), common(left.period, right.period), left.reads | right.reads
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


def inner_join(
    outer: Pattern, build: Callable[[Any], Pattern], reads: frozenset[str] = frozenset()
) -> Pattern:
    """Play, for each value of `outer` and while it lasts, the pattern built from it; its rhythm counts."""
    source = outer.run
    made = opener(build)

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

    return Pattern(run, None, None, outer.reads | reads)


def outer_join(
    outer: Pattern, build: Callable[[Any], Pattern], reads: frozenset[str] = frozenset()
) -> Pattern:
    """As `inner_join`, but the outer rhythm counts."""
    source = outer.run
    made = opener(build)

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

    return Pattern(run, outer.steps, None, outer.reads | reads)


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
    outer: Pattern, build: Callable[[Any], Pattern], reads: frozenset[str] = frozenset()
) -> Pattern:
    """Fit one cycle of the inner pattern into each outer hap."""
    source = outer.run
    made = opener(build)

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        kept: list[Flat] = []
        for hap in source(begin, end, walk):
            b, e, pb, pe, v, w = hap
            walk.spend(1)
            start, stop = (pb, pe) if b is None else (b, e)
            try:
                inner = made(v)
            except BAD_VALUE as error:
                walk.report(explain(error), w)
                continue
            _within(kept, focus(inner, start, stop).run(pb, pe, walk), hap)
        return kept

    return Pattern(run, None, None, outer.reads | reads)


def trigger_join(
    outer: Pattern, build: Callable[[Any], Pattern], *, restart: bool, reads: frozenset[str] = frozenset()
) -> Pattern:
    """Start the inner pattern's cycle (or, with `restart`, its cycle 0) anew at each outer onset."""
    source = outer.run
    made = opener(build)

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

    return Pattern(run, None, None, outer.reads | reads)


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
