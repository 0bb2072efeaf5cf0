"""Which addresses an OSC address pattern means, in bounded time whatever the pattern."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bridge.osc_read import OscError

SPECIAL = frozenset("*?[{")
"""The characters that make an address a pattern."""
LONGEST = 256
"""Characters of a pattern that is looked at."""

Step = Callable[[str, set[int]], set[int]]
"""From the places in an address at which what came before may end, those at which this may end."""


def matching(pattern: str, addresses: Iterable[str]) -> list[str]:
    """The addresses that a pattern means.

    >>> matching("/ctl/{low,high}*", ["/ctl/low", "/ctl/high.x", "/ctl/mid"])
    ['/ctl/low', '/ctl/high.x']

    Raises:
        OscError: The pattern is too long, or a bracket is not closed.

    Source: OSC 1.0 specification. Not by regular expressions: `/*a*a*a*a*a*a` would take for ever.
    """
    if len(pattern) > LONGEST:
        raise OscError(f"an address pattern of {len(pattern)} characters")
    steps = _steps(pattern)
    return [address for address in addresses if _matches(steps, address)]


def _matches(steps: list[Step], address: str) -> bool:
    places = {0}
    for step in steps:
        places = step(address, places)
        if not places:
            return False
    return len(address) in places


def _steps(pattern: str) -> list[Step]:
    steps: list[Step] = []
    position = 0
    while position < len(pattern):
        char = pattern[position]
        if char in "[{":
            close = pattern.find("]" if char == "[" else "}", position)
            if close < 0:
                raise OscError(f"{pattern}: a bracket is not closed")
            inside = pattern[position + 1 : close]
            steps.append(_one_of(inside) if char == "[" else _words(inside.split(",")))
            position = close
        elif char == "*":
            steps.append(_any)
        elif char == "?":
            steps.append(_single(lambda found: found != "/"))
        else:
            steps.append(_words([char]))
        position += 1
    return steps


def _any(address: str, places: set[int]) -> set[int]:
    """Any number of characters of one part of the address."""
    found: set[int] = set()
    for place in sorted(places):
        while place not in found:
            found.add(place)
            if place >= len(address) or address[place] == "/":
                break
            place += 1  # noqa: PLW2901 - it walks
    return found


def _single(test: Callable[[str], bool]) -> Step:
    return lambda address, places: {p + 1 for p in places if p < len(address) and test(address[p])}


def _words(words: list[str]) -> Step:
    return lambda address, places: {p + len(w) for p in places for w in words if address.startswith(w, p)}


def _one_of(inside: str) -> Step:
    negative = inside.startswith("!")
    chars: set[str] = set()
    left = inside[1:] if negative else inside
    while left:
        if len(left) > 2 and left[1] == "-":
            low, high = sorted((ord(left[0]), ord(left[2])))
            chars.update(chr(c) for c in range(low, min(high, low + 512) + 1))
            left = left[3:]
        else:
            chars.add(left[0])
            left = left[1:]
    return _single(lambda found: found != "/" and (found in chars) != negative)
