"""Orders in which the notes of a chord are played one after the other."""

from __future__ import annotations

from collections.abc import Callable


def _converge(count: int) -> list[int]:
    return [place // 2 if place % 2 == 0 else count - 1 - place // 2 for place in range(count)]


def _pinky(count: int) -> list[int]:
    return [each for place in range(count - 1) for each in (place, count - 1)] or list(range(count))


def _thumb(count: int) -> list[int]:
    return [each for place in range(1, count) for each in (0, place)] or list(range(count))


def _there_and_back(there: list[int], back: list[int]) -> list[int]:
    """Join two lines, each without its last note, so that the turns are not played twice."""
    return [*there[:-1], *back[:-1]] or there


MODES: dict[str, Callable[[int], list[int]]] = {
    "up": lambda n: list(range(n)),
    "down": lambda n: list(range(n))[::-1],
    "updown": lambda n: _there_and_back([*range(n)], [*range(n)][::-1]),
    "downup": lambda n: _there_and_back([*range(n)][::-1], [*range(n)]),
    "up-down": lambda n: [*range(n), *reversed(range(n))],
    "down-up": lambda n: [*reversed(range(n)), *range(n)],
    "converge": _converge,
    "diverge": lambda n: _converge(n)[::-1],
    "disconverge": lambda n: [*_converge(n), *_converge(n)[::-1][1:]],
    "pinkyup": _pinky,
    "pinkyupdown": lambda n: _there_and_back(_pinky(n), _pinky(n)[::-1]),
    "thumbup": _thumb,
    "thumbupdown": lambda n: _there_and_back(_thumb(n), _thumb(n)[::-1]),
}
MODES["up&down"], MODES["down&up"] = MODES["up-down"], MODES["down-up"]
"""Name → the places of the notes from the lowest, in the order of playing, for a number of notes."""
