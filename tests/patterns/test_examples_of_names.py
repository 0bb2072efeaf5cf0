"""Every name of the language has a description and an example, and every example runs."""

from __future__ import annotations

import doctest
import inspect
import re
from typing import Any

import pytest

from patterns import registry
from patterns.core import Pattern
from patterns.manual import WRITTEN
from patterns.ticks import TICKS

ROWS = registry.entries()
DESCRIBED = [entry for entry in ROWS if entry.kind in WRITTEN]
TABLED = [entry for entry in ROWS if entry not in DESCRIBED]


def names_for(call: Any) -> dict[str, Any]:
    """What an example sees: its module, and the names of a piece that the module does not define."""
    module = inspect.getmodule(call)
    return {**registry.namespace(), **(vars(module) if module else {})}


def run(text: str, names: dict[str, Any], name: str) -> list[str]:
    """Run the examples in a description; gives what was wrong, or that there was none."""
    test = doctest.DocTestParser().get_doctest(text, names, name, None, 0)
    said: list[str] = []
    outcome = doctest.DocTestRunner(verbose=False).run(test, out=said.append)
    return said if outcome.attempted else ["no example"]


@pytest.mark.parametrize("entry", DESCRIBED, ids=lambda entry: entry.name)
def test_functions_show_an_example_that_runs(entry: registry.Entry) -> None:
    """In the description itself, where `help`, an editor and the reference find it; it uses the name."""
    text = inspect.getdoc(entry.call) or ""
    assert run(text, names_for(entry.call), entry.name) == []
    examples = " ".join(example.source for example in doctest.DocTestParser().get_examples(text))
    called = getattr(entry.call, "__name__", entry.name)
    assert re.search(rf"\b({entry.name}|{called})\b", examples), "the example does not use the name"
    assert entry.example


@pytest.mark.parametrize("entry", TABLED, ids=lambda entry: entry.name)
def test_rows_of_tables_show_an_example_that_plays(entry: registry.Entry) -> None:
    """Operations, controls, signals and constants: two cycles of the example, without a problem."""
    assert len(entry.doc) > 8
    assert re.search(rf"\b{entry.name}\b", entry.example), "the example does not use the name"
    pattern = eval(entry.example, dict(registry.namespace()))
    assert isinstance(pattern, Pattern)
    answer = pattern.answer(0, 2 * TICKS)
    assert answer.problems == []
    assert answer.haps or entry.kind == "constant"
