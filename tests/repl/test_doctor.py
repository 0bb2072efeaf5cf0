"""What the doctor says of machines that are not well, and of those that are."""

import json
import socket
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from repl import machine as machines
from repl import ours
from repl.checks import CHECKS, NOTE, OK, WRONG, Finding, package
from repl.cli import main
from repl.doctor import as_text, examine
from repl.machine import Machine, Room
from repl.settings import parse_settings

GIGABYTE = 1 << 30
WELL = Machine(
    platform="linux",
    system="Debian GNU/Linux 12",
    family="debian",
    release=12.0,
    python=(3, 11, 9),
    executable="/home/ada/bin/python",
    packages={"numpy": "", "pedalboard": ""},
    optional={"link": "", "zeroconf": ""},
    found={
        "midi": {
            "jack": {"rate": 48000, "period": 256, "outputs": [{"name": "a", "write": "a"}]},
            "system": {"outputs": []},
            "taken": "jack",
        },
        "audio": {"jack": {"outputs": [{"name": "system:playback_1", "write": "system"}]}, "taken": "jack"},
    },
    realtime=True,
    memlock=-1,
    user="ada",
    groups=("ada", "audio"),
    clock="tsc",
    rooms={"takes": Room(Path("/home/ada"), 40 * GIGABYTE, writable=True)},
    plugins={"/home/ada/.vst3": 3},
)
NOTHING: Mapping[str, object] = {
    "midi": {
        "jack": {"missing": "no JACK server runs"},
        "system": {"missing": "no ALSA sequencer (sudo modprobe snd-seq)"},
        "taken": None,
    },
    "audio": {
        "jack": {"missing": "no JACK server runs"},
        "sounddevice": {"missing": "PortAudio is not installed"},
        "miniaudio": {"missing": "miniaudio finds no audio output"},
        "taken": None,
    },
}


def settings_of(text: str) -> Machine:
    """A machine that is well, with these settings and nothing that can sound."""
    return replace(WELL, found=NOTHING, settings=parse_settings(text, Path("/home/ada/sempre.toml")))


def test_a_machine_that_is_well() -> None:
    """Nothing is to be done, and each check has something to say."""
    found = examine(WELL)
    assert list(found) == list(CHECKS)
    assert all(findings for findings in found.values())
    assert {finding.state for findings in found.values() for finding in findings} == {OK}
    assert as_text("Debian", found).endswith("all is well")


ILL: dict[str, tuple[str, Machine, str, str, str]] = {
    "an old Python": ("Python", replace(WELL, python=(3, 10, 2)), WRONG, "tried are CPython", "uv tool"),
    "another Python": ("Python", replace(WELL, implementation="PyPy"), WRONG, "PyPy 3.11", "uv tool"),
    "a missing package": (
        "packages",
        replace(WELL, packages={"numpy": "No module named 'numpy'"}),
        WRONG,
        "numpy cannot be loaded",
        "/home/ada/bin/python -m pip install numpy",
    ),
    "a missing library": (
        "packages",
        replace(WELL, packages={"pedalboard": "libatomic.so.1: cannot open shared object file"}),
        WRONG,
        "libatomic.so.1",
        "sudo apt install libatomic1",
    ),
    "a library of newer Debians": (
        "packages",
        replace(WELL, release=13.0, packages={"rtmidi": "libasound.so.2: cannot open"}),
        WRONG,
        "libasound",
        "sudo apt install libasound2t64",
    ),
    "no answer about packages": (
        "packages",
        replace(WELL, packages={"missing": "no answer within 10 s"}),
        NOTE,
        "cannot be known",
        "",
    ),
    "somebody of our name": (
        "packages",
        replace(WELL, strangers=("patterns 0.3",)),
        WRONG,
        "patterns 0.3 installs something under a name of ours",
        "pipx install",
    ),
    "an optional part": (
        "packages",
        replace(WELL, optional={"link": "No module named 'link'", "zeroconf": ""}),
        OK,
        "not here: link",
        "pip install 'sempre[link]'",
    ),
    "nothing to be heard on": (
        "audio",
        replace(WELL, found=NOTHING),
        WRONG,
        "nothing will be heard: no JACK server runs; PortAudio is not installed",
        "sudo apt install libportaudio2",
    ),
    "a device that is asked for": (
        "audio",
        settings_of('[audio]\ndriver = "miniaudio"'),
        WRONG,
        "nothing will be heard: miniaudio finds no audio output",
        "aplay -l",
    ),
    "no MIDI": ("MIDI", replace(WELL, found=NOTHING), NOTE, "no ALSA sequencer", "sudo modprobe snd-seq"),
    "MIDI that is asked for": (
        "MIDI",
        settings_of('[midi]\nbackend = "system"'),
        WRONG,
        "no ALSA sequencer",
        "sudo modprobe",
    ),
    "no JACK": (
        "JACK",
        replace(WELL, found=NOTHING),
        NOTE,
        "it is optional",
        "systemctl --user start pipewire",
    ),
    "JACK that is asked for": (
        "JACK",
        settings_of('[audio]\ndriver = "jack"'),
        WRONG,
        "no JACK server runs",
        "pipewire",
    ),
    "a plugin that crashes": (
        "plugins",
        replace(WELL, refused={"Krach": "the library ended with code -11"}),
        NOTE,
        "Krach cannot be used: the library ended with code -11",
        'sempre plugins show "Krach"',
    ),
    "no multicast": (
        "Link",
        replace(WELL, multicast="Network is unreachable"),
        NOTE,
        "Network is unreachable",
        "ip route get",
    ),
    "a port that is taken": (
        "OSC",
        replace(WELL, busy=(9010,)),
        WRONG,
        "another program has 9010",
        "ss -lntup",
    ),
    "no real time": (
        "real time",
        replace(WELL, realtime=False, groups=("ada",)),
        NOTE,
        "may not run in real time",
        "sudo usermod -aG audio ada",
    ),
    "little memory to be locked": (
        "real time",
        replace(WELL, memlock=8 << 20),
        NOTE,
        "8192 kB may be locked",
        "memlock unlimited",
    ),
    "a slow clock": ("clock", replace(WELL, clock="hpet"), NOTE, "hpet", "available_clocksource"),
    "a processor that saves power": (
        "clock",
        replace(WELL, governor="powersave"),
        NOTE,
        "saves power",
        "sudo cpupower frequency-set -g performance",
    ),
    "a disk that is nearly full": (
        "disk",
        replace(WELL, rooms={"takes": Room(Path("/t"), 300 << 20, writable=True)}),
        NOTE,
        "takes: 300 MB are free at /t",
        "df -h /t",
    ),
    "a disk that is full": (
        "disk",
        replace(WELL, rooms={"takes": Room(Path("/t"), 1 << 20, writable=True)}),
        WRONG,
        "1 MB are free",
        "df -h /t",
    ),
    "a folder of others": (
        "disk",
        replace(WELL, rooms={"journals": Room(Path("/j"), GIGABYTE, writable=False)}),
        WRONG,
        "journals: /j cannot be written to",
        "ls -ld /j",
    ),
    "wrong settings": (
        "settings",
        settings_of("[audio]\nrat = 3"),
        WRONG,
        "did you mean 'rate'?",
        "edit /home/ada/sempre.toml",
    ),
    "doors that are open to others": (
        "session",
        replace(WELL, doors="/tmp/sempre-7 is open to others"),
        WRONG,
        "open to others",
        "",
    ),
    "a session that hangs": (
        "session",
        replace(WELL, session="it gives no answer"),
        WRONG,
        "gives no answer",
        "sempre stop",
    ),
}


@pytest.mark.parametrize("what", ILL)
def test_what_is_not_well_is_named_with_what_mends_it(what: str) -> None:
    """And nothing else is."""
    check, machine, state, said, mend = ILL[what]
    found = list(CHECKS[check](machine))
    worst = next((one for one in found if one.state == state and said in one.said), None)
    assert worst is not None, found
    assert mend in worst.mend
    assert bool(mend) == bool(worst.mend)
    others = examine(machine)
    del others[check]
    if machine.found is WELL.found:
        assert {finding.state for findings in others.values() for finding in findings} == {OK}


def test_what_is_switched_off_is_not_missing() -> None:
    """`[midi] backend = "none"` means it."""
    machine = settings_of('[midi]\nbackend = "none"\n[audio]\ndriver = "null"\n[osc]\nport = 0')
    found = examine(machine)
    for name in ("MIDI", "audio", "OSC"):
        assert [finding.state for finding in found[name]] == [OK]
        assert "switched off" in found[name][0].said


@pytest.mark.parametrize("platform", ["darwin", "win32", "linux", "freebsd14"])
def test_every_system_has_commands_of_its_own(platform: str) -> None:
    """No apt on macOS, nor on a Linux that nobody knows."""
    machine = replace(
        WELL, platform=platform, family="", found=NOTHING, busy=(9010,), realtime=False, multicast="no"
    )
    mends = [finding.mend for findings in examine(machine).values() for finding in findings]
    assert not any("apt" in mend for mend in mends)
    if platform != "linux":
        assert not any("systemctl" in mend or "sudo" in mend for mend in mends if "modprobe" not in mend)
    assert "portaudio" in package(machine, "portaudio")


def test_the_text_counts() -> None:
    """Each thing has a line, what mends it the next, and what is wrong is counted at the end."""
    found = {"audio": [Finding(WRONG, "no device", "plug one in")], "MIDI": [Finding(NOTE, "none\nat all")]}
    assert as_text("Here", found).splitlines() == [
        "Here",
        "",
        "wrong  audio        no device",
        "                    → plug one in",
        "note   MIDI         none",
        "                    at all",
        "",
        "1 thing is wrong; 1 thing could be better",
    ]


def test_this_machine_is_examined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """All for real: a port is taken, which is wrong, so the exit code says so; the rest says something."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        (tmp_path / "sempre.toml").write_text(f"[osc]\nport = {port}\n")
        assert main(["doctor", "--json"]) == 1
    rows = json.loads(capsys.readouterr().out)["findings"]
    assert {row["check"] for row in rows} == set(CHECKS)
    said = {row["check"]: row for row in rows}
    assert said["OSC"]["state"] == WRONG
    assert str(port) in said["OSC"]["said"]
    assert said["Python"]["state"] == OK
    assert said["packages"]["state"] == OK
    assert said["session"]["said"] == "none runs"


def test_who_installs_under_our_names_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """By what the environment's own records say."""

    def ask(questions: Mapping[str, object], _patience: float) -> dict[str, dict[str, object]]:
        return {name: {} for name in questions}

    def survey(_settings: object) -> dict[str, object]:
        return {}

    monkeypatch.setattr(
        ours, "packages_distributions", lambda: {"patterns": ["sempre", "patterns"], "numpy": ["numpy"]}
    )
    monkeypatch.setattr(machines, "ask", ask)
    monkeypatch.setattr(machines, "survey", survey)
    assert machines.look_at_machine().strangers == ("patterns",)
