"""`sempre devices`: what is here, what to write for it, what is missing; whatever a library does."""

import json
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.asking import ask
from bridge.clock import monotonic
from bridge.port_names import find, name_part
from repl import cli, devices
from repl.settings import MidiSettings, OscSettings, Settings

NAMES = st.lists(
    st.one_of(
        st.text("ab :1", min_size=1, max_size=6),
        st.builds("{}:{} {}:0".format, st.sampled_from(["Volca", "volca", "Volca Keys"]), st.just("MIDI 1"),
                  st.integers(14, 30)),
    ),
    min_size=1,
    max_size=8,
    unique_by=str.lower,
)  # fmt: skip


@given(NAMES)
def test_what_is_to_be_written_finds_the_port(names: list[str]) -> None:
    """For every port of every machine, and no other port."""
    for name in names:
        assert find(name_part(name, names), names) == name


def test_a_name_that_is_all_of_it_comes_first() -> None:
    """Not the first port that happens to contain it."""
    there = ["Gizmo 2:in", "Old Gizmo:in", "Gizmo:in"]
    assert find("gizmo", there) == "Gizmo:in"
    assert find("gizmo:in", there) == "Gizmo:in"
    assert find("old", there) == "Old Gizmo:in"
    assert find("wobbler", there) is None


def answers(**given: dict[str, object]) -> dict[str, dict[str, object]]:
    """What the libraries say on a machine where the others are missing."""
    return {name: given.get(name, {"missing": "not installed"}) for name in devices.QUESTIONS}


def survey(
    monkeypatch: pytest.MonkeyPatch,
    platform: str,
    settings: Settings | None = None,
    **given: dict[str, object],
) -> dict[str, Any]:
    """The survey of such a machine."""

    def ask_nobody(*_: object) -> dict[str, dict[str, object]]:
        return answers(**given)

    monkeypatch.setattr(devices, "ask", ask_nobody)
    return devices.survey(settings or Settings(), platform)


def test_windows_is_told_of_loopback_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    """No port of our own there; the loopback port is written by its name, without WinMM's number."""
    system: dict[str, object] = {
        "outputs": ["Microsoft GS Wavetable Synth 0", "loopMIDI Port 1"],
        "inputs": ["loopMIDI Port 0"],
        "virtual": False,
    }
    found = survey(monkeypatch, "win32", system=system)
    assert found["midi"]["taken"] == "system"
    assert found["midi"]["own"] is None
    assert found["midi"]["system"]["outputs"][1] == {"name": "loopMIDI Port 1", "write": "loopMIDI Port"}
    text = devices._text(found)  # pyright: ignore[reportPrivateUsage] - how it is shown
    assert 'midi("loopMIDI Port")' in text
    assert "MIDI Settings app" in text
    assert "midi() alone leads nowhere" in text


def test_other_systems_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """CoreMIDI has virtual ports."""
    found = survey(monkeypatch, "darwin", system={"outputs": [], "inputs": [], "virtual": True})
    assert found["guidance"] == []
    assert found["midi"]["own"] == "Sempre"


def test_what_is_missing_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """For this system; what has no remedy is still in the JSON."""
    found = survey(
        monkeypatch,
        "linux",
        jack={"missing": "no JACK server runs"},
        system={"missing": "no ALSA sequencer (sudo modprobe snd-seq) and no JACK server runs"},
        miniaudio={"missing": "no answer within 4 s"},
    )
    rows = {row["for"]: (row["what"], row["fix"]) for row in found["missing"]}
    assert rows["system"] == ("no ALSA sequencer", "sudo modprobe snd-seq")
    assert rows["jack"][0] == "no JACK server runs"
    assert "qjackctl" in rows["jack"][1]
    assert rows["miniaudio"] == ("no answer within 4 s", "")
    assert found["midi"]["taken"] is None


def test_the_settings_are_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The backend that is set is the one that is taken, and a session of another name is told from others."""
    settings = Settings(midi=MidiSettings("system", "Left"), osc=OscSettings(port=0))
    jack: dict[str, object] = {
        "rate": 48000,
        "period": 256,
        "outputs": ["Left Hand:in"],
        "inputs": ["Left:out", "Left-01:out", "Lefty:out"],
        "audio": [],
    }
    found = survey(monkeypatch, "linux", settings, jack=jack)
    assert found["midi"]["taken"] == "system"
    assert found["midi"]["jack"]["ours"] == ["Left:out", "Left-01:out"]
    assert [port["write"] for port in found["midi"]["jack"]["inputs"]] == ["Lefty"]
    assert found["osc"]["in"] is None


def test_a_taken_osc_port_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A session, or another program, listens there."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        settings = Settings(osc=OscSettings(port=other.getsockname()[1]))
        assert survey(monkeypatch, "linux", settings)["osc"]["taken"] is True


@pytest.mark.skipif(not hasattr(signal, "pause"), reason="nothing here that hangs so simply")
def test_a_library_that_hangs_or_crashes_is_left() -> None:
    """It costs the time that was given, and its name is told."""
    begun = monotonic()
    found = ask({"hangs": ("signal", "pause"), "crashes": ("os", "abort"), "errs": ("json", "loads")}, 1.0)
    assert monotonic() - begun < 3.0
    assert found["hangs"] == {"missing": "no answer within 1 s"}
    assert "ended with code" in str(found["crashes"]["missing"])
    assert "ended with code" in str(found["errs"]["missing"])


def test_it_works_on_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever is here: text without a trace, and JSON that says the same."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert cli.main(["devices", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["platform"] == sys.platform
    assert found["sessions"] == []
    assert cli.main(["devices"]) == 0
    text = capsys.readouterr().out
    assert "MIDI through" in text
    assert found["osc"]["superdirt"] in text
