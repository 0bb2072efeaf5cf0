"""The written reference and the table that it comes from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from patterns import registry
from patterns.control_table import TABLE
from patterns.guide import FAMILIES, SECTIONS, TOUR, WISHES
from patterns.reference import anchor, reference

PAGE = Path(__file__).parents[2] / "docs" / "patterns.md"


def test_the_page_is_current() -> None:
    """The page in docs is what the registry says; write it anew with `python -m patterns.reference`."""
    assert PAGE.read_text(encoding="utf-8") == reference()


def test_the_page_begins_on_one_page() -> None:
    """A tour of ten lines, an index by what one wants, and every link leads to a heading."""
    text = reference()
    beginning = text.partition("## How to read it")[0]
    assert len(beginning.splitlines()) < 60
    assert TOUR.count("play(") == len(TOUR.splitlines()) - 2 == 10
    headings = {anchor(line.lstrip("# ")) for line in text.splitlines() if line.startswith("#")}
    linked = set(re.findall(r"\]\((#[^)]+)\)", text))
    assert linked <= headings
    assert {anchor(section) for section in SECTIONS} <= linked


def test_every_section_is_introduced() -> None:
    """And there is no introduction to what is not there; a wish leads to words that exist."""
    names = {entry.name for entry in registry.entries()} | {"play", "knob"}
    assert set(SECTIONS) == {entry.group for entry in registry.entries()}
    assert all(words.endswith(".") for words in SECTIONS.values())
    assert FAMILIES.keys() <= {control.name for control in TABLE}
    for _, words, section in WISHES:
        assert section in SECTIONS
        named = [re.findall(r"[a-z_][a-z_0-9]*", code)[0] for code in re.findall(r"`([^`]+)`", words)]
        assert set(named) <= names, words


def test_every_name_is_on_the_page() -> None:
    """In a row, as another name of one, or between two numbers."""
    text = reference()
    ranges = [(a, b) for a, b in re.findall(r"`([a-z_]+\d+)` to `([a-z_]+\d+)`", text)]
    for entry in registry.entries():
        shown = re.search(rf"`\.?{re.escape(entry.name)}[`(]", text)
        stem = entry.name.rstrip("0123456789")
        between = [low <= entry.name <= high for low, high in ranges if low.rstrip("0123456789") == stem]
        assert shown or any(between), entry.name


def test_every_module_has_its_place_on_the_map() -> None:
    """docs/concepts.md says where each module of the language belongs, and names none that has gone."""
    page = (
        (PAGE.parent / "concepts.md").read_text(encoding="utf-8").partition("## Where the language lives")[2]
    )
    named = re.findall(
        r"`([a-z_0-9]+)`", "\n".join(line for line in page.splitlines() if line.startswith("|"))
    )
    files = Path(registry.__file__).parent.rglob("*.py")
    assert sorted(named) == sorted(path.stem for path in files if path.stem != "__init__")


@pytest.mark.parametrize("entry", registry.entries(), ids=lambda entry: entry.name)
def test_every_name_is_described(entry: registry.Entry) -> None:
    """Each name says what it does in one sentence, and each function shows an example."""
    assert entry.doc.endswith(".")
    assert len(entry.doc) > 8
    if entry.kind in {"function", "transform", "operation"}:
        assert entry.example


def test_examples_of_operations_and_controls_run() -> None:
    """The examples in the table can be played."""
    names = dict(registry.namespace())
    for entry in registry.entries():
        if entry.kind in {"operation", "control"} and entry.example:
            pattern = eval(entry.example, dict(names))
            answer = pattern.answer(0, 1000)
            assert answer.problems == [], entry.name


def test_namespace_hides_no_builtin() -> None:
    """What a piece sees does not stand in the way of Python's own names."""
    import builtins

    assert not [name for name in registry.namespace() if hasattr(builtins, name)]


def test_missing_methods_are_explained() -> None:
    """A misspelt method names the nearest one; Strudel's spelling leads to ours."""
    pattern = registry.namespace()["silence"]
    with pytest.raises(AttributeError, match=r"no 'fastt'; did you mean fast"):
        getattr(pattern, "fastt")  # noqa: B009 - written out, a checker would refuse it
    with pytest.raises(AttributeError, match=r"Strudel's iterBack is called iter_back"):
        getattr(pattern, "iterBack")  # noqa: B009 - as above
