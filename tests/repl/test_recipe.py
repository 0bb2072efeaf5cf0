"""The recipe beside a render: what stands in it, and that it makes the same bytes, or says why not."""

import json
import shutil
import wave
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from repl.cli import main

MODULE = "riff_of_the_recipe"
PIECE = """import riff_of_the_recipe
tempo(120)
hats = play(s(riff_of_the_recipe.hats).degrade_by(.3))
boom = play(s("boom"))
"""
EMPTY = """{"recipe": 1, "job": {}, "pieces": [], "modules": [], "settings": {}, "samples": [],
"plugins": [], "versions": {}, "written": []}"""
SETTINGS = '[samples]\nfolders = ["sounds"]\n\n[session]\nseed = 11\n'


@pytest.fixture(autouse=True)
def no_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """A render is a process of its own: what pieces of other tests took was taken by others of that name."""
    monkeypatch.setattr("repl.model_files._taken", {})


def sample(path: Path, level: float) -> None:
    """A click of 2000 frames."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 48000, 0, "NONE", ""))
        file.writeframes((np.linspace(level, 0, 2000) * 32767).astype("<i2").tobytes())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A piece with a sample, a setting and a module of its own, rendered with its stems."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "evening.py").write_text(PIECE)
    (tmp_path / "riff_of_the_recipe.py").write_text('hats = "hh*8"\n')
    (tmp_path / "sempre.toml").write_text(SETTINGS)
    sample(tmp_path / "sounds" / "boom" / "a.wav", 0.8)
    words = ["render", "evening.py", "--cycles", "1", "-o", "out/evening.wav", "--stems", "out/stems"]
    (tmp_path / "out").mkdir()
    assert main(words) == 0
    assert "how it was made: out/evening.wav.recipe.json" in capsys.readouterr().out
    return tmp_path


def read(path: Path) -> dict[str, object]:
    """A recipe."""
    return cast("dict[str, object]", json.loads(path.read_text(encoding="utf-8")))


def test_all_of_a_recipe(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What stands in it; and with nothing but it and the sample the same bytes come out elsewhere."""
    table = read(folder / "out" / "evening.wav.recipe.json")
    assert (table["recipe"], table["seed"]) == (1, 11)
    assert cast("list[dict[str, str]]", table["pieces"])[0]["text"] == PIECE
    module = cast("list[dict[str, str]]", table["modules"])[0]
    assert (module["name"], module["file"]) == (MODULE, f"{MODULE}.py")
    assert [Path(row["path"]).name for row in cast("list[dict[str, str]]", table["samples"])] == ["a.wav"]
    assert {"sempre", "python", "numpy", "pedalboard"} <= cast("dict[str, str]", table["versions"]).keys()
    written = [row["file"] for row in cast("list[dict[str, str]]", table["written"])]
    assert "evening.wav" in written
    assert "stems/evening_boom_120bpm.wav" in written

    for gone in ("evening.py", "sempre.toml", "riff_of_the_recipe.py"):
        (folder / gone).unlink()
    shutil.move(folder / "out", folder / "kept")
    first = (folder / "kept" / "evening.wav").read_bytes()
    recipe = str(folder / "kept" / "evening.wav.recipe.json")
    assert main(["render", "--recipe", recipe, "-o", "other.wav", "--stems", "parts"]) == 0
    told = capsys.readouterr().out
    assert told.count("the same bytes") == len(written)
    assert "then" not in told
    assert (folder / "other.wav").read_bytes() == first
    stem = "evening_boom_120bpm.wav"
    assert (folder / "parts" / stem).read_bytes() == (folder / "kept" / "stems" / stem).read_bytes()
    assert main(["render", "--recipe", recipe]) == 0
    assert sorted(file.name for file in (folder / "kept").iterdir()) == [
        "evening.wav", "evening.wav.recipe.json", "stems"
    ]  # fmt: skip


def test_a_sample_that_was_changed_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What comes out otherwise does not take the place of what is right."""
    sample(folder / "sounds" / "boom" / "a.wav", 0.3)
    first = (folder / "out" / "evening.wav").read_bytes()
    assert main(["render", "--recipe", "out/evening.wav.recipe.json"]) == 1
    told = capsys.readouterr().out
    assert "a.wav: changed since then" in told
    assert "out/evening-again.wav: OTHER bytes" in told
    assert "evening_hats_120bpm.wav: the same bytes" in told
    assert "evening_boom_120bpm-again.wav: OTHER bytes" in told
    assert (folder / "out" / "evening.wav").read_bytes() == first
    assert (folder / "out" / "evening-again.wav").read_bytes() != first
    (folder / "sounds" / "boom" / "a.wav").unlink()
    assert main(["render", "--recipe", "out/evening.wav.recipe.json"]) == 1
    assert "a.wav: not there any more" in capsys.readouterr().out


def test_other_versions_are_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Also where the bytes are the same all the same."""
    place = folder / "out" / "evening.wav.recipe.json"
    table = read(place)
    cast("dict[str, str]", table["versions"])["numpy"] = "1.0"
    cast("list[dict[str, str]]", table["pieces"])[0]["text"] += "# and more\n"
    place.write_text(json.dumps(table))
    assert main(["render", "--recipe", str(place)]) == 0
    told = capsys.readouterr().out
    assert f"numpy: 1.0 then, {np.__version__} now" in told
    assert "the text of evening.py in it was changed" in told


def test_the_map_of_a_sampler_counts_as_a_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A changed `.sfz` file is named as one that plays is."""
    monkeypatch.chdir(tmp_path)
    sample(tmp_path / "horn.wav", 0.8)
    (tmp_path / "horn.sfz").write_text("<region> sample=horn.wav key=60\n")
    (tmp_path / "evening.py").write_text('horn = play(note("c4"), on=sampler("horn.sfz"))\n')
    assert main(["render", "evening.py", "--seconds", ".5", "-o", "evening.wav"]) == 0
    table = read(tmp_path / "evening.wav.recipe.json")
    rows = cast("list[dict[str, str]]", table["samples"])
    assert [Path(row["path"]).name for row in rows] == ["horn.sfz", "horn.wav"]
    (tmp_path / "horn.sfz").write_text("<region> sample=horn.wav key=60 volume=-6\n")
    assert main(["render", "--recipe", "evening.wav.recipe.json"]) == 1
    assert "horn.sfz: changed since then" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "there is no recipe"),
        ("{", "cannot be read as a recipe"),
        ("[]", "this is no recipe"),
        ('{"recipe": "one"}', "this is no recipe"),
        ('{"recipe": 99}', "written by a later Sempre"),
        ('{"recipe": 1}', "this recipe lacks job, modules"),
        (EMPTY, "its job cannot be read"),
    ],
)
def test_what_is_no_recipe(
    text: str | None, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each is said in a line."""
    place = tmp_path / "x.recipe.json"
    if text is not None:
        place.write_text(text)
    assert main(["render", "--recipe", str(place)]) == 1
    assert told in capsys.readouterr().err


def test_a_module_stays_in_its_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A recipe from elsewhere writes nothing: its modules are never files again."""
    place = folder / "out" / "evening.wav.recipe.json"
    table = read(place)
    cast("list[dict[str, str]]", table["modules"])[0]["file"] = "../../../hacked.py"
    place.write_text(json.dumps(table))
    assert main(["render", "--recipe", str(place)]) == 1
    assert f"No module named '{MODULE}'" in capsys.readouterr().err
    assert not list(folder.rglob("hacked.py"))


def test_pieces_or_a_recipe_but_not_both(capsys: pytest.CaptureFixture[str]) -> None:
    """The command line says what it wants."""
    for words in (["x.py", "--recipe", "r"], ["-o", "x.wav"]):
        with pytest.raises(SystemExit):
            main(["render", *words])
        assert "pieces, or --recipe FILE" in capsys.readouterr().err


def test_a_recipe_names_the_models_of_its_pieces_and_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two renders in one process: only one of the pieces takes a model."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hymn.py").write_text('voices = play(model("chorale").continue_(voices=1))\n')
    (tmp_path / "beat.py").write_text('drums = play(s("bd*4"))\n')
    named: list[list[str]] = []
    for piece in ("hymn", "beat"):
        assert main(["render", f"{piece}.py", "--cycles", "1", "-o", f"{piece}.wav"]) == 0
        recipe = json.loads((tmp_path / f"{piece}.wav.recipe.json").read_text())
        named.append([Path(row["path"]).name for row in recipe["samples"]])
    assert named == [["chorale.model"], []]
