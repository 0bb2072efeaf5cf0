"""The figures and drawings of the pages are what the code beside them gives."""

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from patterns.registry import namespace

ROOT = Path(__file__).resolve().parents[1]
DRAWN: dict[str, Any] = runpy.run_path(str(ROOT / "tools" / "draw_figures.py"))
PAGES = sorted((ROOT / "docs").glob("*.md"))


@pytest.mark.parametrize("name", DRAWN["FIGURES"])
def test_figures_are_current(name: str) -> None:
    """Otherwise: python tools/draw_figures.py."""
    assert (ROOT / "docs" / "figures" / f"{name}.svg").read_text(encoding="utf-8") == DRAWN["figure"](name)


def test_every_figure_stands_in_a_page_with_its_code() -> None:
    """Whoever does not see it reads the code and what it shows; no figure is left over or missing."""
    pages = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    shown = {name: words for words, name in re.findall(r"!\[(.*?)\]\(figures/(\w+)\.svg\)", pages)}
    assert set(shown) == set(DRAWN["FIGURES"]) == {p.stem for p in (ROOT / "docs" / "figures").iterdir()}
    for name, (code, _) in DRAWN["FIGURES"].items():
        assert shown[name].startswith(f"{code}: ")


def test_explained_patterns_in_the_pages_are_current() -> None:
    """An indented line that ends in .explain() is followed by what it says."""
    found = 0
    for page in PAGES:
        lines = page.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines):
            if re.fullmatch(r"    \S.*\.explain\(\)", line):
                said = str(eval(line.strip(), dict(namespace()))).splitlines()
                assert [each[4:] for each in lines[number + 1 : number + 1 + len(said)]] == said, page.name
                found += 1
    assert found > 0
