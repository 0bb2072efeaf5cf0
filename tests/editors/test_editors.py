"""The clients for editors, each run by its editor, with a real session."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.editor, pytest.mark.timeout(180)]
EDITORS = Path(__file__).parents[2] / "editors"


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    """What an editor finds: the program, and a place for sessions of its own."""
    sempre = tmp_path / "program"
    command = "import sys; from repl.cli import main; sys.exit(main())"
    sempre.write_text(f"#!/bin/sh\nexec '{sys.executable}' -P -c '{command}' \"$@\"\n")
    sempre.chmod(0o700)
    own = {"SEMPRE": str(sempre), "XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)}
    server = {"JACK_DEFAULT_SERVER": "none-for-this-test", "JACK_NO_START_SERVER": "1"}
    return os.environ | own | server | {"PYTHONPATH": str(EDITORS.parent)}


def run(command: list[str], surroundings: dict[str, str], folder: Path) -> str:
    """What a program says; that it fails is an error, that it is not there a reason to skip."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"no {command[0]} here")
    done = subprocess.run(
        command,
        env=surroundings,
        cwd=folder,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=150,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    return done.stdout


def test_vs_code(surroundings: dict[str, str]) -> None:
    """Under Node, with as much of VS Code as the extension uses."""
    said = run(["node", "--test", "test/"], surroundings, EDITORS / "vscode")
    assert "# fail 0" in said
    assert "# skipped 0" in said


def test_neovim(surroundings: dict[str, str]) -> None:
    """In Neovim itself, without a terminal."""
    begin = ["nvim", "--headless", "-u", "NONE", "--cmd", "set rtp+=nvim"]
    assert "all well" in run([*begin, "-c", "luafile nvim/test/run.lua"], surroundings, EDITORS)


def test_emacs(surroundings: dict[str, str]) -> None:
    """In Emacs itself, in batch; its compiler has nothing to say either."""
    begin = ["emacs", "-Q", "--batch", "-L", "emacs"]
    tests = ["-l", "emacs/test/test-sempre.el", "-f", "ert-run-tests-batch-and-exit"]
    said = run([*begin, *tests], surroundings, EDITORS)
    assert "0 unexpected" in said
    assert "skipped" not in said
    compiled = Path(surroundings["HOME"]) / "sempre.el"
    shutil.copy(EDITORS / "emacs" / compiled.name, compiled)
    strict = ["--eval", "(setq byte-compile-error-on-warn t)", "-f", "batch-byte-compile", str(compiled)]
    run([*begin, *strict], surroundings, EDITORS)
