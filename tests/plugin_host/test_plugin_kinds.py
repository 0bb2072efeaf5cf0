"""Plugins that are no VST3: what a name leads to, and what is said where it leads nowhere."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from plugin_host.errors import HostError, PluginLoadError
from plugin_host.plugin_files import place_of
from plugin_host.plugin_specs import au, lv2
from plugin_host.specs import Chain


@pytest.mark.parametrize("word", [au, lv2])
def test_a_plugin_has_a_name(word: Callable[..., Chain]) -> None:
    """And spaces are none."""
    with pytest.raises(HostError, match=rf"{word.__name__} takes a plugin's name, as in {word.__name__}\("):
        word("  ")


def test_audio_units_are_a_thing_of_macos() -> None:
    """Elsewhere that is said."""
    if sys.platform != "darwin":
        with pytest.raises(PluginLoadError, match="Audio Units are a thing of macOS"):
            place_of("au:AUDelay")


def test_an_audio_unit_is_found_by_its_name_or_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where macOS keeps them; this test runs anywhere, loading one only there."""
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setenv("HOME", str(tmp_path))
    unit = tmp_path / "Library/Audio/Plug-Ins/Components/Warm Synth.component"
    unit.mkdir(parents=True)
    assert place_of("au:warm-synth") == place_of(f"au:{unit}") == str(unit)
    with pytest.raises(PluginLoadError, match=r"no plugin 'Warm Sinth' in .*; did you mean 'Warm Synth'\?"):
        place_of("au:Warm Sinth")
    with pytest.raises(PluginLoadError, match="there is no plugin at"):
        place_of(f"au:{tmp_path}/none.component")
