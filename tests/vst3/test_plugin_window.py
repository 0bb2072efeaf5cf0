"""A plugin's own window on a real X server: opened by the command, clicked into, closed, killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from bridge.event import TimedEvent
from plugin_host.offline import render
from plugin_host.plugin_link import PluginSetup
from plugin_host.specs import Chain, vst3
from tests.vst3.screen import Screen, lacking

# Alone: a click before a busy machine has drawn the window is lost. The first of them builds the plugin.
pytestmark = [pytest.mark.vst3, pytest.mark.realtime, pytest.mark.timeout(60)]

NAME, TITLE, FACE = "Sempre Window", "Pedalboard", "Sempre's face"
SEMPRE = "import sys; from repl.cli import main; sys.exit(main())"


@pytest.fixture(scope="module")
def screen() -> Iterator[Screen]:
    """Nobody sees it; without its programs the test is skipped, where `CI` is set it fails."""
    if absent := lacking():
        tell = pytest.fail if os.environ.get("CI") else pytest.skip
        tell(f"it needs {' and '.join(absent)} (apt-get install xvfb xdotool)")
    made = Screen()
    yield made
    made.close()


class Edited:
    """`sempre plugins edit` of the plugin, as a user runs it; its preset is `soft.vstpreset`."""

    def __init__(self, windowed: Path, folder: Path, screen: Screen) -> None:
        self.file = folder / "soft.vstpreset"
        self._windowed, self._screen = windowed, screen
        self._opened: list[subprocess.Popen[str]] = []
        (folder / "sempre.toml").write_text(f"[plugins]\nfolders = [{str(windowed)!r}]\n")

    def __call__(self) -> "subprocess.Popen[str]":
        """Open the window."""
        words = ["plugins", "edit", NAME, "--preset", self.file.name]
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", SEMPRE, *words],
            cwd=self.file.parent,
            env=os.environ | {"DISPLAY": self._screen.name},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._opened.append(process)
        self._screen.window(FACE)
        self.window = self._screen.window(TITLE)
        return process

    def end(self) -> None:
        """End what is left."""
        for process in self._opened:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()

    def level(self) -> float:
        """How loud a note is from the preset."""
        events = [TimedEvent(0.0, 0.05, {"note": 60, "velocity": 1.0}, "a", 1)]
        chains: dict[str, Chain] = {"a": vst3(NAME, preset=self.file)}
        sound = render(events, chains, 0.1, plugins=PluginSetup((self._windowed,)), master=False)
        return float(np.abs(sound).max())


@pytest.fixture
def edit(windowed: Path, tmp_path: Path, screen: Screen) -> Iterator[Edited]:
    """Opens the window."""
    made = Edited(windowed, tmp_path, screen)
    yield made
    made.end()


def said(process: "subprocess.Popen[str]") -> str:
    """What it has told by its end."""
    text, _ = process.communicate(timeout=20)
    return text


def test_what_is_clicked_in_the_window_is_kept(edit: Edited, screen: Screen) -> None:
    """By its cross and by Ctrl-C; the next window begins there, and leaves it if nothing is clicked."""
    process = edit()
    screen.click(150, 20)
    screen.ask_to_close(edit.window)
    assert f'{edit.file.name} holds what you set; write: vst3("SempreWindow"' in said(process)
    assert process.returncode == 0
    assert edit.level() == pytest.approx(0.75)
    process = edit()
    screen.ask_to_close(edit.window)
    said(process)
    assert edit.level() == pytest.approx(0.75)
    process = edit()
    screen.click(100, 20)
    os.killpg(process.pid, signal.SIGINT)
    assert "holds what you set" in said(process)
    assert edit.level() == pytest.approx(0.5)


def test_a_window_that_dies_leaves_the_preset(edit: Edited, screen: Screen) -> None:
    """By a crash in the plugin or killed from outside: it is said; the file is as it was, or not there."""
    process = edit()
    screen.click(150, 80)
    assert "the window of SempreWindow: it crashed (SIGSEGV); soft.vstpreset is not written" in said(process)
    assert process.returncode == 1
    process = edit()
    screen.click(50, 20)
    screen.ask_to_close(edit.window)
    said(process)
    before = edit.file.read_bytes()
    process = edit()
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    os.kill(int(children[0]), signal.SIGKILL)
    assert "it crashed (SIGKILL); soft.vstpreset is as it was" in said(process)
    assert edit.file.read_bytes() == before
    assert [one.name for one in edit.file.parent.glob("soft*")] == [edit.file.name]


def test_a_plugin_without_a_window_says_so(plugins: Path, tmp_path: Path, screen: Screen) -> None:
    """And nothing is written."""
    (tmp_path / "sempre.toml").write_text(f"[plugins]\nfolders = [{str(plugins)!r}]\n")
    done = subprocess.run(
        [sys.executable, "-P", "-c", SEMPRE, "plugins", "edit", "Sempre Probe"],
        cwd=tmp_path,
        env=os.environ | {"DISPLAY": screen.name},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "no available editor" in done.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["sempre.toml"]
