"""A session that is ended and begun anew, as it is heard."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.conftest import SEMPRE
from tests.end_to_end.test_osc_in import SETTINGS, Ear

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.end_to_end.conftest import Session

pytestmark = pytest.mark.timeout(60)


def test_the_music_is_back(tmp_path: Path, start: Callable[[str, float], Session]) -> None:
    """The piece as it is now, by the settings as they are now; whoever had begun it is done, and well."""
    (tmp_path / "sempre.toml").write_text(SETTINGS.format(port=0))
    ear = Ear()
    own = os.environ | {"XDG_RUNTIME_DIR": str(tmp_path / "run")}

    def sempre(*words: str) -> str:
        command = [sys.executable, "-c", SEMPRE, *words]
        return subprocess.run(
            command, env=own, cwd=tmp_path.parent, text=True, capture_output=True, check=True
        ).stdout

    with ear.socket:
        session = start(f'a = play(note("c*8"), on=osc({ear.port}, "/note"))\n', 50.0)
        ear.until(lambda message: message.address == "/note")
        (tmp_path / "sempre.toml").write_text(SETTINGS.format(port=0) + "[session]\nbpm = 240\n")
        said = sempre("restart")
        try:
            ear.messages.clear()
            ear.until(lambda message: message.address == "/note")
            assert "piece.py: a from cycle 0" in said
            assert "it plays on" in said
            assert "240 bpm, layers: a" in sempre("status")
            assert session.process.wait(10) == 0
        finally:
            assert sempre("stop") == "stopped\n"
