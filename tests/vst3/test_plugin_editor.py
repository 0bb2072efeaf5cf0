"""What is set in a plugin's window comes back from a preset; a crash in there leaves the preset as it was."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bridge.event import TimedEvent
from plugin_host.audio import Audio
from plugin_host.offline import render
from plugin_host.plugin_link import PluginSetup
from plugin_host.specs import Chain, vst3

pytestmark = [pytest.mark.vst3, pytest.mark.timeout(60)]  # the first of them builds the plugin

NAME = "Sempre Probe"
WINDOW = """
import os, signal, sys
from pathlib import Path
from plugin_host.plugin_editor import edit
def show(plugin):
    {deed}
edit(Path(sys.argv[1]), Path(sys.argv[2]), show)
os._exit(0)
"""


def left(plugins: Path, file: Path, deed: str) -> int:
    """Have somebody do something in the window of the probe; gives how its process ended."""
    command = [sys.executable, "-P", "-c", WINDOW.format(deed=deed)]
    return subprocess.run([*command, plugins / "SempreProbe.vst3", file], check=False).returncode


def heard(plugins: Path, chain: Chain) -> Audio:
    """One note."""
    events = [TimedEvent(0.0, 0.05, {"note": 60, "velocity": 1.0}, "a", 1)]
    return render(events, {"a": chain}, 0.1, plugins=PluginSetup((plugins,)), master=False)


def test_what_is_set_in_the_window_is_a_preset(plugins: Path, tmp_path: Path) -> None:
    """And where the next one begins; a window in which the plugin crashes changes nothing of it."""
    file = tmp_path / "soft.vstpreset"
    assert left(plugins, file, "plugin.gain = 0.5") == 0
    plain = heard(plugins, vst3(NAME))
    assert np.allclose(heard(plugins, vst3(NAME, preset=file)), plain / 2, atol=1e-4)
    before = file.read_bytes()
    assert left(plugins, file, "os.kill(os.getpid(), signal.SIGSEGV)") == -11
    assert file.read_bytes() == before
    assert left(plugins, file, "pass") == 0
    assert np.allclose(heard(plugins, vst3(NAME, preset=file)), plain / 2, atol=1e-4)
    assert [one.name for one in tmp_path.iterdir()] == ["soft.vstpreset"]
