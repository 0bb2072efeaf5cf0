"""What editors and type checkers are told of the language."""

from __future__ import annotations

import ast

from patterns import registry, stubs
from patterns.core import Pattern


def test_the_declarations_are_current() -> None:
    """The methods in vocabulary.pyi are those of the registry; `python -m patterns.stubs` writes them."""
    assert stubs.PAGE.read_text(encoding="utf-8") == stubs.method_stubs()


def test_every_method_is_declared_once_and_described() -> None:
    """Nothing is missing, nothing is there twice."""
    (words,) = (n for n in ast.parse(stubs.method_stubs()).body if isinstance(n, ast.ClassDef))
    methods = [node for node in words.body if isinstance(node, ast.FunctionDef)]
    assert sorted(m.name for m in methods) == sorted(e.name for e in registry.entries() if e.is_method)
    assert all(ast.get_docstring(method) for method in methods)


def test_a_word_of_the_language_hides_no_part_of_a_pattern() -> None:
    """Methods that are set later would cover what a pattern itself is made of."""
    own = {"answer", "haps", "query", "run", "steps"} | set(Pattern.__slots__)
    assert not own & {entry.name for entry in registry.entries() if entry.is_method}
