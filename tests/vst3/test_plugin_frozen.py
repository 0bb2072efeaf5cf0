"""Plugins that are not the same twice: named, and their sound kept, so that a recipe makes the same bytes."""

import json
from pathlib import Path

import pytest

from plugin_host.audio import Audio
from plugin_host.effects import read_sound
from repl.cli import main

pytestmark = [pytest.mark.vst3, pytest.mark.timeout(60)]  # the first of them builds the plugin

PIECE = """tempo(120)
lead = play(note("c3 e3 g3 e3"), on=vst3({path!r}, chance={chance}) | fx.chorus())
sure = play(note("c4 g4"), on=vst3({path!r}))
kick = play(s("bd*4"))
"""
RECIPE = "evening.wav.recipe.json"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where we are."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def render(plugins: Path, chance: int, *words: str) -> int:
    """Render a piece with two plugins, of which one throws dice if it is asked to."""
    Path("evening.py").write_text(PIECE.format(path=str(plugins / "SempreProbe.vst3"), chance=chance))
    return main(["render", "evening.py", "--seconds", ".6", "-o", "evening.wav", *words])


def sound(path: Path) -> Audio:
    """Every frame."""
    return read_sound(path)[0]


def test_a_plugin_that_throws_dice_is_named_and_its_sound_kept(
    plugins: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the mix and in the stems; the recipe then makes the same bytes, also when the plugin is gone."""
    assert render(plugins, 1, "--check", "--stems", "stems") == 0
    told = capsys.readouterr().out
    assert told.count("is not the same twice") == 2
    table = json.loads((folder / RECIPE).read_text())
    assert [(row["part"], row["name"]) for row in table["frozen"]] == [
        (part, str(plugins / "SempreProbe.vst3")) for part in ("mix", "stems")
    ]
    kept = [folder / row["file"] for row in table["frozen"]]
    assert all(sound(one).any() for one in kept)

    assert main(["render", "--recipe", RECIPE, "-o", "again.wav", "--stems", "again"]) == 0
    told = capsys.readouterr().out
    assert "OTHER" not in told
    assert (folder / "again.wav").read_bytes() == (folder / "evening.wav").read_bytes()

    kept[0].write_bytes(kept[0].read_bytes()[:-4])
    assert main(["render", "--recipe", RECIPE, "-o", "third.wav"]) == 1
    assert "changed or lost" in capsys.readouterr().err


SHAPED = """tempo(120)
kick = play(s("bd*4"), on=instrument("drums") | vst3({shaper!r}, chance=1))
sure = play(note("c3"), on=instrument("bass") | vst3({shaper!r}, gain=.5))
dice = play(note("c4 g4"), on=vst3({probe!r}, chance=1) | vst3({shaper!r}, gain=.5) | fx.gain(-3))
"""


def test_effects_that_throw_dice_are_kept_too(
    plugins: Path,
    shaper: Path,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What shapes a sound that is not the same twice is kept with it; what is the same is left as it is."""
    monkeypatch.setenv("SEMPRE_PROBE", "late")
    names = {"shaper": str(shaper / "SempreShaper.vst3"), "probe": str(plugins / "SempreProbe.vst3")}
    Path("evening.py").write_text(SHAPED.format(**names))
    words = ["render", "evening.py", "--seconds", ".6", "-o", "evening.wav", "--stems", "stems", "--check"]
    assert main(words) == 0
    told = capsys.readouterr().out
    assert told.count("is not the same twice") == 4
    assert told.count("was not given the same twice") == 2
    table = json.loads((folder / RECIPE).read_text())
    rows = [(Path(row["name"]).stem, row["latency"]) for row in table["frozen"] if row["part"] == "mix"]
    assert sorted(rows) == [("SempreProbe", 700), ("SempreShaper", 100), ("SempreShaper", 100)]
    for one in names.values():
        Path(one).rename(f"{one}.gone")
    try:
        Path(f"{names['shaper']}.gone").rename(names["shaper"])
        again = main(["render", "--recipe", RECIPE, "-o", "again.wav", "--stems", "again"])
    finally:
        for one in names.values():
            if Path(f"{one}.gone").exists():
                Path(f"{one}.gone").rename(one)
    told = capsys.readouterr().out
    assert "SempreProbe.vst3: not there any more" in told
    assert "OTHER" not in told
    assert again == 0
    assert (folder / "again.wav").read_bytes() == (folder / "evening.wav").read_bytes()


def test_without_the_check_a_recipe_says_that_it_came_out_otherwise(
    plugins: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """So this test's dice do fall otherwise; nothing that was right is replaced."""
    assert render(plugins, 1) == 0
    before = (folder / "evening.wav").read_bytes()
    assert main(["render", "--recipe", RECIPE]) == 1
    assert "evening-again.wav: OTHER bytes" in capsys.readouterr().out
    assert (folder / "evening.wav").read_bytes() == before


def test_plugins_that_are_the_same_twice(
    plugins: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Are left as they are; and a plugin that was changed since is named."""
    assert render(plugins, 0, "--check") == 0
    assert "rendered twice: the same bytes" in capsys.readouterr().out
    table = json.loads((folder / RECIPE).read_text())
    assert table["frozen"] == []
    assert [Path(row["path"]).name for row in table["plugins"]] == ["SempreProbe.vst3"]
    table["plugins"][0]["sha256"] = "0"
    (folder / RECIPE).write_text(json.dumps(table))
    assert main(["render", "--recipe", RECIPE]) == 0
    assert "SempreProbe.vst3: changed since then" in capsys.readouterr().out


def test_a_check_without_plugins_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is rendered twice for that."""
    (folder / "plain.py").write_text('a = play(s("bd"))\n')
    assert main(["render", "plain.py", "--seconds", "1", "-o", "plain.wav", "--check"]) == 0
    assert "no plugin plays" in capsys.readouterr().out
