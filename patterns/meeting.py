"""How the values of two patterns meet in a query: with one value, a signal, or the haps of the other."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from patterns.combine import explain
from patterns.core import BAD_VALUE, Flat, Run, Sample
from patterns.errors import OutOfFuel
from patterns.seams import Seams, cut
from patterns.state import Walk
from patterns.ticks import TICKS, Time
from patterns.where import Where

Meet = Callable[[Any, Any], Any]

CROWD = 12  # overlapping haps that are simply all looked at


def merge_values(left: Any, right: Any) -> Any:
    """Merge dicts of controls, the right one winning; of two plain values the right one stays.

    A plain value beside controls is kept as `value`, until a control such as `.s()` takes it.
    """
    if isinstance(left, dict):
        return {**left, **right} if isinstance(right, dict) else left  # pyright: ignore[reportUnknownVariableType] - a cast costs 50 ns for each hap
    return {"value": left, **right} if isinstance(right, dict) else right  # pyright: ignore[reportUnknownVariableType] - as above


def with_value(inner: Run, value: Any, places: tuple[Where, ...], meet: Meet) -> Run:
    """Combine the values of a pattern with one that is the same in each cycle."""
    merging = meet is merge_values and value.__class__ is dict

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        found = inner(begin, end, walk)
        if end > (begin // TICKS + 1) * TICKS:
            found = cut(found)
        try:
            if merging:
                return [
                    (b, e, pb, pe, v | value if v.__class__ is dict else {"value": v, **value}, w + places)
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


def with_signal(inner: Run, sample: Sample, meet: Meet, seams: Seams | None = None) -> Run:
    """Combine the values of a pattern with those of a signal at the onsets."""
    merging = meet is merge_values
    if seams is not None and seams.anew:
        return _with_pieces(inner, sample, meet, seams)

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        found = inner(begin, end, walk)
        if not found:
            return found
        if seams is not None:
            length, first, _ = seams
            if begin - (begin - first) % length + length < end:
                found = cut(found, length, first)
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
        except OutOfFuel:
            raise
        except BAD_VALUE:
            pass
        kept: list[Flat] = []
        for b, e, pb, pe, v, w in found:
            try:
                kept.append((b, e, pb, pe, meet(v, sample(pb if b is None else b, walk)), w))
            except OutOfFuel:
                raise
            except BAD_VALUE as error:
                walk.report(explain(error), w)
        return kept

    return run


def _with_pieces(inner: Run, sample: Sample, meet: Meet, seams: Seams) -> Run:
    """Combine with a signal that has a new value after each of its seams."""
    length, first, _ = seams
    merging = meet is merge_values

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        found = inner(begin, end, walk)
        if not found:
            return found
        walk.fuel -= len(found)
        if walk.fuel < 0:
            walk.spend(0)
        seam = begin - (begin - first) % length
        if end > seam + length:
            found = cut(found, length, first)
        else:
            try:
                if merging:
                    return [
                        (
                            b, e, pb, pe,
                            v | u
                            if (u := sample(pb if b is None else b if b >= seam else seam, walk)).__class__
                            is dict
                            and v.__class__ is dict
                            else merge_values(v, u),
                            w,
                        )
                        for b, e, pb, pe, v, w in found
                    ]  # fmt: skip
                return [
                    (b, e, pb, pe, meet(v, sample(pb if b is None else b if b >= seam else seam, walk)), w)
                    for b, e, pb, pe, v, w in found
                ]
            except OutOfFuel:
                raise
            except BAD_VALUE:
                pass
        kept: list[Flat] = []
        for b, e, pb, pe, v, w in found:
            moment = pb if b is None else max(b, (pb - first) // length * length + first)
            try:
                kept.append((b, e, pb, pe, meet(v, sample(moment, walk)), w))
            except OutOfFuel:
                raise
            except BAD_VALUE as error:
                walk.report(explain(error), w)
        return kept

    return run


def with_each(inner: Run, other: Run, meet: Meet) -> Run:
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


def with_events(inner: Run, other: Run, meet: Meet) -> Run:
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
