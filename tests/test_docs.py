"""Every piece of code in the documentation is run, and every error that it names exists."""

import re
from pathlib import Path

import pytest

import bridge.errors
import patterns.errors
import plugin_host.errors
import repl.errors
from repl.loader import load_piece
from repl.rehearsal import rehearse
from repl.session import place_name
from repl.settings import parse_settings

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SNIPPET = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_snippet_plays(page: Path) -> None:
    """As a musician would load it: it is read, run, and asked for near and far cycles."""
    for number, source in enumerate(SNIPPET.findall(page.read_text())):
        name = f"{page.name}#{number}"
        loaded = load_piece(source, name)
        places = {place_name(name, layer): value for layer, value in loaded.layers.items()}
        rehearse(places, name, source, cycle=0, cps=0.5, seed=0)


def test_every_error_is_in_the_tree() -> None:
    """docs/errors.md draws the whole tree of exceptions."""
    page = (ROOT / "docs" / "errors.md").read_text()
    named = set(re.findall(r"[A-Z]\w*(?:Error|OutOfFuel|Found|Gone|Lost)|OutOfFuel", page))
    modules = (patterns.errors, bridge.errors, plugin_host.errors, repl.errors)
    there = {
        name
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, patterns.errors.SempreError)
    }
    assert not {n for n in named if n not in there} - {"ValueError", "TypeError"}


def test_the_settings_page_is_read_without_a_complaint(tmp_path: Path) -> None:
    """What docs/settings.md shows is what `sempre.toml` takes."""
    page = (ROOT / "docs" / "settings.md").read_text()
    block = "\n".join(line[4:] for line in page.splitlines() if line.startswith("    "))
    for folder in ("samples", "plugins"):
        (tmp_path / folder).mkdir()
    settings = parse_settings(block, tmp_path / "sempre.toml")
    assert not settings.problems
    assert settings.seed == 7
