"""PortAudio and miniaudio on a real sound server: what goes out comes in again."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.worker import pause
from plugin_host.drivers.sounddevice_driver import SounddeviceDriver

pytestmark = [pytest.mark.realtime, pytest.mark.timeout(60)]

EAR = Path(__file__).with_name("pulse_ear.py")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def pulse(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A PulseAudio of our own whose only output is heard by its only input; gives what leads there."""
    program = shutil.which("pulseaudio")
    if program is None:
        pytest.skip("no PulseAudio here: apt-get install pulseaudio libasound2-plugins")
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    alsa = tmp_path / ".asoundrc"
    alsa.write_text("pcm.!default pulse\nctl.!default pulse\n")
    around = os.environ | {
        "HOME": str(tmp_path),
        "XDG_RUNTIME_DIR": str(runtime),
        "XDG_CONFIG_HOME": str(tmp_path),
        "PULSE_SERVER": f"unix:{runtime}/socket",
        "PULSE_SINK": "loop",
        "PULSE_SOURCE": "loop.monitor",
        "JACK_NO_START_SERVER": "1",
    }
    modules = (
        f"module-native-protocol-unix socket={runtime}/socket auth-anonymous=1",
        "module-null-sink sink_name=loop rate=48000 channels=2",
    )
    loads = [f"--load={one}" for one in modules]
    command = [program, "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", *loads]
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(
            command, env={k: v for k, v in around.items() if k != "PULSE_SERVER"}, stdout=log, stderr=log
        )
    deadline = time.monotonic() + 10
    while not (runtime / "socket").exists():
        assert server.poll() is None, (tmp_path / "log").read_text()
        assert time.monotonic() < deadline, (tmp_path / "log").read_text()
        pause(0.02)
    yield around
    server.terminate()
    server.wait(10)


@pytest.mark.parametrize("driver", [SounddeviceDriver.name, "miniaudio"])
def test_what_goes_out_comes_in(pulse: dict[str, str], driver: str) -> None:
    """Four tones a quarter of a second apart, in two channels, through a real server and its monitor."""
    ran = subprocess.run(
        [sys.executable, str(EAR), driver],
        env=pulse | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout.splitlines()[-1])
    assert found["deaf"] == ""
    assert len(found["names"]) == 2
    assert found["turned"], found
    # The server itself may stand still for a while: most of the gaps are right.
    gaps = sorted(b - a for a, b in zip(found["begins"], found["begins"][1:], strict=False))
    assert gaps[len(gaps) // 2] == pytest.approx(12_000, abs=2500), found
