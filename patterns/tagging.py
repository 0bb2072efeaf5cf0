"""Marking events with a word that stays with them, and finding them by it."""

from __future__ import annotations

from typing import Any

from patterns import combine
from patterns.core import Flat, Pattern
from patterns.joining import app_left
from patterns.registry import transform
from patterns.where import Where, place

GROUP = "Applying functions"


class Tag(Where):
    """The place of a tag, which travels with the events as the places of their words do.

    Attributes:
        word: The tag.
    """

    word: str


def _tag(word: str) -> Tag:
    made = Tag(*place(word, 0, len(word)))
    made.word = str(word)
    return made


def _word(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError(f"{name} wants a word, such as 'loud', found {value!r}")
    return value


def _value(value: Any, _: None) -> Any:
    return value


@transform(GROUP)
def tag(pattern: Pattern, word: str) -> Pattern:
    """Mark events with a word; it stays with them, whatever is done to them.

    >>> [hap.value for hap in stack(mini("a b").tag("low"), "c").fast(2).tagged("low").haps(0, 1/2)]
    ['a', 'b']

    Args:
        pattern: The pattern.
        word: The mark, taken as it is.
    """
    return app_left(pattern, combine.pure(None, (_tag(_word("tag", word)),)), _value)


@transform(GROUP, strudel="")
def tagged(pattern: Pattern, word: str) -> Pattern:
    """Keep the events that are marked with a word.

    >>> [hap.value for hap in mini("a b").tag("low").stack("c").tagged("low").haps(0, 1)]
    ['a', 'b']

    Args:
        pattern: The pattern.
        word: The mark that `tag` gave.
    """
    wanted = _word("tagged", word)

    def test(hap: Flat) -> bool:
        return any(isinstance(where, Tag) and where.word == wanted for where in hap[5])

    return combine.keep_haps(pattern, test)
