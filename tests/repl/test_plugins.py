"""`sempre plugins` without any plugin: what is kept, and what is said where there is nothing."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from plugin_host.errors import HostError
from repl import plugins as scan
from repl.settings import parse_settings, read_settings


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without plugins, and an empty cache."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LV2_PATH", str(tmp_path / "lv2"))

    def folders(more: Sequence[Path]) -> list[Path]:
        return [*more, tmp_path / "vst3"]

    monkeypatch.setattr(scan, "plugin_folders", folders)
    return tmp_path


def test_where_there_are_none_it_is_said_where_they_would_be(bare: Path) -> None:
    """A bare machine."""
    assert scan.plugins() == f"no VST3 plugins in: {bare / 'vst3'}"


def test_what_is_no_plugin_is_named(bare: Path) -> None:
    """And the others are listed all the same."""
    broken = bare / "vst3" / "Broken.vst3"
    broken.parent.mkdir()
    broken.write_text("this is none")
    said = scan.plugins()
    assert str(broken) in said
    assert "cannot be loaded" in said


def test_what_is_kept_is_not_asked_for_again(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless its file, or the form of what is kept, has changed; rubbish is as nothing."""
    asked: list[str] = []

    def ask(questions: dict[str, object], patience: float) -> dict[str, dict[str, object]]:
        del patience
        asked.extend(questions)
        return {name: {"missing": "nothing"} for name in questions}

    monkeypatch.setattr(scan, "ask", ask)
    plugin = bare / "X.vst3"
    plugin.write_text("1")
    for _ in range(2):
        assert scan.look([plugin]) == {plugin: {"missing": "nothing"}}
    assert scan.refused([plugin, bare / "Y.vst3"]) == {plugin: "nothing"}
    assert len(asked) == 1
    plugin.write_text("12")
    scan.look([plugin])
    assert len(asked) == 2
    (bare / "cache" / "sempre" / scan.FILE).write_text('["rubbish"')
    scan.look([plugin])
    assert len(asked) == 3


def test_folders_of_plugins_are_set(bare: Path) -> None:
    """Seen from the file; one that is not there is told of with its line."""
    (bare / "mine").mkdir()
    (bare / "sempre.toml").write_text('[plugins]\nfolders = ["mine"]\n')
    read = read_settings([], bare)
    assert read.plugin_folders == (bare / "mine",)
    assert read.to_json()["plugins"] == [str(bare / "mine")]
    wrong = parse_settings('[plugins]\nfolders = ["gone"]\n', bare / "sempre.toml")
    assert "plugins.folders: 'gone' is no folder that is there" in wrong.problems[0]


def test_a_window_needs_a_display(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said, with what can be done without one; on other systems there always is one."""
    (bare / "Thing.vst3").mkdir()
    monkeypatch.setattr(scan.sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(HostError, match=r"needs a display.*sempre plugins show Thing"):
        scan.edit("./Thing.vst3")
    with pytest.raises(HostError, match=r"ends with \.vstpreset"):
        scan.edit("./Thing.vst3", Path("thing.state"))


def test_a_window_that_cannot_open_leaves_the_preset_as_it_was(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is no plugin, for one."""
    (bare / "Thing.vst3").write_text("none")
    kept = bare / "thing.vstpreset"
    kept.write_bytes(b"as it was")
    monkeypatch.setenv("DISPLAY", ":0")
    with pytest.raises(HostError, match=r"cannot be loaded.*is as it was"):
        scan.edit("./Thing.vst3", kept)
    assert kept.read_bytes() == b"as it was"


@pytest.mark.parametrize(
    ("name", "path", "written"),
    [
        ("au:AUDelay", "Components/AUDelay.component", 'au("AUDelay")'),
        ("Delay", "VST3/Delay.vst3", 'vst3("Delay")'),
    ],
)
def test_what_is_to_be_written_is_of_the_kind_that_was_asked_for(
    name: str, path: str, written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An Audio Unit is no VST3 plugin."""
    none: list[object] = []
    found: dict[str, object] = {"name": "Delay", "maker": "", "version": "", "instrument": False}
    found |= {"latency": 0.0, "presets": none, "parameters": none}

    def place_of(_: str, __: Sequence[Path]) -> str:
        return path

    def look(paths: Sequence[Path]) -> dict[Path, dict[str, object]]:
        return dict.fromkeys(paths, found)

    monkeypatch.setattr(scan, "place_of", place_of)
    monkeypatch.setattr(scan, "look", look)
    assert f"write: ... | {written}" in scan.show(name).splitlines()
