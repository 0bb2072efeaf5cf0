"""The model that comes along is what its script makes."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.timeout(120)  # five seconds of the processor, on whatever machine
def test_the_script_makes_the_model_that_comes_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Byte for byte."""
    spec = importlib.util.spec_from_file_location("make_model", ROOT / "tools" / "make_model.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    committed = script.OUTPUT
    assert committed == ROOT / "patterns" / "models" / "chorale.model"
    monkeypatch.setattr(script, "OUTPUT", tmp_path / "chorale.model")
    script.main()
    assert script.OUTPUT.read_bytes() == committed.read_bytes()
