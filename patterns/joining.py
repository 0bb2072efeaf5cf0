"""How two patterns meet: whose rhythm counts, and how a pattern inside a pattern is opened."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from patterns.combine import MEMORY, changed, explain, fast, fmap, late
from patterns.core import BAD_VALUE, Flat, Pattern, Run, Sample
from patterns.state import Walk
from patterns.ticks import TICKS, Time, common, exact, to_cycles
from patterns.where import Where

Meet = Callable[[Any, Any], Any]

CROWD = 12  # overlapping haps that are simply all looked at


def merge_values(left: Any, right: Any) -> Any:
    """Merge dicts of controls, the right one winning; of two plain values the right one stays."""
    if isinstance(right, dict) and isinstance(left, dict):
        return {**left, **right}  # pyright: ignore[reportUnknownVariableType] - a cast costs 50 ns for each hap
    return right  # pyright: ignore[reportUnknownVariableType] - as above


def app_left(left: Pattern, right: Pattern, meet: Meet) -> Pattern:
    """Combine values; the rhythm is the left one's."""
    if right.atom is not None:
        value, places = right.atom[0], right.places
        try:
            made = changed(left, lambda v, w: (meet(v, value), w + places))
        except BAD_VALUE:
            made = None  # it will be reported by each query, with its place
        if made is not None:
            return made
        run = _meet_value(left.run, value, places, meet)
    elif right.sample is not None:
        run = _meet_signal(left.run, right.sample, meet)
    elif right.discrete:
        run = _meet_events(left.run, right.run, meet)
    else:
        run = _meet_all(left.run, right.run, meet)
    period = common(left.period, right.period)
    return Pattern(run, left.steps, period, left.reads | right.reads, discrete=left.discrete)


def _meet_value(inner: Run, value: Any, places: tuple[Where, ...], meet: Meet) -> Run:
    """Combine the values of a pattern with one that is always the same."""
    merging = meet is merge_values and value.__class__ is dict

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        found = inner(begin, end, walk)
        try:
            if merging:
                return [
                    (b, e, pb, pe, v | value if v.__class__ is dict else value, w + places)
                    for b, e, pb, pe, v, w in found
                ]
            return [(b, e, pb, pe, meet(v, value), w + places) for b, e, pb, pe, v, w in found]
        except BAD_VALUE:
            pass
        kept: list[Flat] = []
        for b, e, pb, pe, v, w in found:
            try:
                kept.append((b, e, pb, pe, meet(v, value), w + places))
            except BAD_VALUE as error:
                walk.report(explain(error), w + places)
        return kept

    return run


def _meet_signal(inner: Run, sample: Sample, meet: Meet) -> Run:
    """Combine the values of a pattern with those of a signal at the onsets."""
    merging = meet is merge_values

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        found = inner(begin, end, walk)
        walk.fuel -= len(found)
        if walk.fuel < 0:
            walk.spend(0)
        try:
            if merging:
                return [
                    (
                        b, e, pb, pe,
                        v | u
                        if (u := sample(pb if b is None else b, walk)).__class__ is dict
                        and v.__class__ is dict
                        else merge_values(v, u),
                        w,
                    )
                    for b, e, pb, pe, v, w in found
                ]  # fmt: skip
            return [
                (b, e, pb, pe, meet(v, sample(pb if b is None else b, walk)), w)
                for b, e, pb, pe, v, w in found
            ]
        except BAD_VALUE:
            pass
        kept: list[Flat] = []
        for b, e, pb, pe, v, w in found:
            try:
                kept.append((b, e, pb, pe, meet(v, sample(pb if b is None else b, walk)), w))
            except BAD_VALUE as error:
                walk.report(explain(error), w)
        return kept

    return run


def _meet_all(inner: Run, other: Run, meet: Meet) -> Run:
    """Combine with what a pattern says during each hap: one that may have something continuous in it."""

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        kept: list[Flat] = []
        found = inner(begin, end, walk)
        walk.spend(len(found))
        for hap in found:
            b, e, pb, pe, _, _ = hap
            _meet_each(kept, hap, other(pb, pe, walk) if b is None else other(b, e, walk), meet, walk)
        return kept

    return run


def _meet_each(kept: list[Flat], hap: Flat, others: Iterable[Flat], meet: Meet, walk: Walk) -> None:
    """Combine a hap with those of some others that sound in its part."""
    b, e, pb, pe, v, w = hap
    where = w
    for _, _, rb, re, u, x in others:
        nb = rb if rb > pb else pb
        ne = re if re < pe else pe
        if nb < ne or (nb == ne and pb == pe):
            where = w + x
            try:
                kept.append((b, e, nb, ne, meet(v, u), where))
            except BAD_VALUE as error:
                walk.report(explain(error), where)


def _meet_events(inner: Run, other: Run, meet: Meet) -> Run:
    """Combine with a pattern without anything continuous: it is asked once, not for each hap."""
    merging = meet is merge_values

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        found = inner(begin, end, walk)
        if not found:
            return found
        if len(found) == 1:
            begin, end = found[0][2], found[0][3]
        rights = other(begin, end, walk)
        walk.fuel -= len(found) + len(rights)
        if walk.fuel < 0:
            walk.spend(0)
        kept: list[Flat] = []
        if not rights:
            return kept
        append = kept.append
        count = len(rights)
        lined_up = begin < end
        for one, next_one in pairwise(rights):
            if next_one[2] < one[3]:
                lined_up = False
                break
        if not lined_up:
            _meet_crowd(kept, found, rights, meet, walk)
            return kept
        # One after the other: the place in `rights` moves on with the haps, back only for another voice.
        index = 0
        _, _, rb, re, u, x = rights[0]
        for hap in found:
            b, e, pb, pe, v, w = hap
            if pb < rb:
                index = 0
                _, _, rb, re, u, x = rights[0]
            while re <= pb and index + 1 < count:
                index += 1
                _, _, rb, re, u, x = rights[index]
            if rb <= pb and pe <= re:
                if merging and v.__class__ is dict and u.__class__ is dict:
                    both = v | u
                else:
                    try:
                        both = meet(v, u)
                    except BAD_VALUE as error:
                        walk.report(explain(error), w + x)
                        continue
                append((b, e, pb, pe, both, w + x))
            else:
                last = index
                while last < count and rights[last][2] < pe:
                    last += 1
                _meet_each(kept, hap, rights[index:last], meet, walk)
        return kept

    return run


def _meet_crowd(kept: list[Flat], found: list[Flat], rights: list[Flat], meet: Meet, walk: Walk) -> None:
    """Combine haps with others that overlap: only those are looked at that begin near enough."""
    if len(rights) <= CROWD:
        for hap in found:
            pb, pe = hap[2], hap[3]
            near = [other for other in rights if other[2] <= pe and other[3] >= pb]
            _meet_each(kept, hap, near, meet, walk)
        return
    order = sorted(range(len(rights)), key=lambda place: rights[place][2])
    starts = [rights[place][2] for place in order]
    longest = max(other[3] - other[2] for other in rights)
    for hap in found:
        first = bisect_left(starts, hap[2] - longest)
        last = bisect_right(starts, hap[3])
        _meet_each(kept, hap, [rights[place] for place in sorted(order[first:last])], meet, walk)


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
