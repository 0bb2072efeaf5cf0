"""`sempre plugins`: each plugin is looked at once, in a process of its own, whatever it does there."""

import os
import re
from pathlib import Path

import pytest

from repl import plugins as scan
from repl.cli import main

pytestmark = [pytest.mark.vst3, pytest.mark.timeout(60)]  # the first of them builds the plugin


@pytest.fixture
def project(plugins: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose settings name that of the probe, and an empty cache; gives the probe."""
    (tmp_path / "sempre.toml").write_text(f"[plugins]\nfolders = [{str(plugins)!r}]\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return plugins / "SempreProbe.vst3"


def test_it_is_listed_and_shown(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """With what to write for it."""
    assert main(["plugins"]) == 0
    said, wrong = capfd.readouterr()
    assert 'vst3("SempreProbe")' in said
    assert re.search(r"Sempre Probe 1.0.0 by Sempre, \d+ parameters", said)
    assert str(project.parent) in said
    assert main(["plugins", "show", "sempre probe"]) == 0
    shown, also_wrong = capfd.readouterr()
    assert re.search(r"  crashnote +-1…127", shown)
    assert wrong + also_wrong == ""


def test_a_name_that_is_not_there(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Where it was looked for, and what is like it."""
    assert main(["plugins", "show", "Sempre Prob"]) == 1
    said = capfd.readouterr().err
    assert str(project.parent) in said
    assert "did you mean 'SempreProbe'?" in said


@pytest.mark.parametrize(
    ("wish", "why"), [("crash", "ended with code -11"), ("hang", "no answer within 3 s")]
)
def test_one_that_goes_wrong_is_not_tried_again(
    project: Path, monkeypatch: pytest.MonkeyPatch, wish: str, why: str
) -> None:
    """Until its file changes."""
    monkeypatch.setenv("SEMPRE_PROBE", wish)
    assert why in str(scan.look([project], 3.0)[project]["missing"])
    monkeypatch.delenv("SEMPRE_PROBE")
    assert why in str(scan.look([project])[project]["missing"]), "it has not changed"
    assert why in scan.plugins()
    assert why in scan.show("SempreProbe")
    binary = next(project.rglob("*.so"))
    status = binary.stat()
    os.utime(binary, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    assert scan.look([project])[project]["instrument"] is True
