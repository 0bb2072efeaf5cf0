"""The words that patterns understand, for editors and type checkers: `vocabulary.pyi` lists them.

The registry gives `Pattern` its methods when the language is loaded, which no type checker can see.
`python -m patterns.stubs` writes them down with their arguments and descriptions beside this module.
"""

from __future__ import annotations


class Vocabulary:
    """Stands for all methods of the language; the registry sets them on `Pattern`."""

    __slots__ = ()
