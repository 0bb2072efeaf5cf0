"""`sempre plugin`: the plugin is built in every format, and who has loaded it is told."""

import ctypes
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from bridge.bond_line import NAME
from bridge.bond_memory import SUFFIX
from repl import cli, cli_plugin
from repl.errors import ReplError
from tests.daw_plugin.conftest import SOURCE, Host
from tests.daw_plugin.conftest import formats as formats  # noqa: PLC0414 - a fixture, used by its name
from tests.daw_plugin.conftest import host as host  # noqa: PLC0414 - the same
from tests.daw_plugin.conftest import library as library  # noqa: PLC0414 - the same

TOOLS = ("g++", "make", "pkg-config")


@pytest.fixture
def installed(formats: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What `sempre plugin install` puts into a folder; the compiler's part is kept by `formats`."""

    def build(framework: Path, work: Path) -> Path:
        assert (framework, work.is_dir()) == (cli_plugin.DPF, True)
        return formats

    monkeypatch.setattr(cli_plugin, "build", build)
    monkeypatch.delenv("DPF_PATH", raising=False)
    said = cli_plugin.install(None, tmp_path)
    assert [line.split()[0] for line in said.splitlines()[:-1]] == ["lv2", "vst3", "clap", "vst"]
    return tmp_path


ENTRIES = {
    "Sempre.lv2/Sempre_dsp.so": "lv2_descriptor",
    "Sempre.vst3/Contents/x86_64-linux/Sempre.so": "GetPluginFactory",
    "Sempre.clap": "clap_entry",
    "Sempre-vst.so": "main",
}


@pytest.mark.plugin
@pytest.mark.timeout(120)
def test_install_builds_each_format(installed: Path) -> None:
    """Each file can be loaded and has what hosts of its format ask for."""
    assert sorted(path.name for path in installed.iterdir()) == sorted(cli_plugin.MADE)
    for name, entry in ENTRIES.items():
        loaded = next(installed.glob(name.replace("x86_64-linux", "*")))
        assert hasattr(ctypes.CDLL(str(loaded)), entry)


@pytest.mark.plugin
@pytest.mark.timeout(120)
def test_lv2_says_what_it_is(installed: Path) -> None:
    """An LV2 plugin has texts: its name in the world, its macros, and what they are called."""
    texts = "".join(path.read_text() for path in (installed / "Sempre.lv2").glob("*.ttl"))
    assert "<urn:sempre:plugin>" in texts
    for words in ("Macro 1", "Macro 8", "Mute", "Quantum", "Engine"):
        assert f'lv2:name "{words}"' in texts or f'lv2:name """{words}"""' in texts


def test_what_is_there_already_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An older plugin leaves nothing behind, and each user's formats have folders of their own."""
    home, dpf = tmp_path / "home", tmp_path / "dpf"
    monkeypatch.setattr(Path, "home", lambda: home)
    monkeypatch.setattr(shutil, "which", str)
    dpf.mkdir()
    (dpf / "Makefile.plugins.mk").touch()

    def build(framework: Path, work: Path) -> Path:
        assert framework == dpf
        for name in cli_plugin.MADE:
            new = work / name / "new" if name.endswith((".lv2", ".vst3")) else work / name
            new.parent.mkdir(parents=True, exist_ok=True)
            new.write_text("new")
        return work

    monkeypatch.setattr(cli_plugin, "build", build)
    old = cli_plugin.folder_of("lv2") / "Sempre.lv2" / "old"
    old.parent.mkdir(parents=True)
    old.touch()
    said = cli_plugin.install(dpf, None)
    assert [path.name for path in old.parent.iterdir()] == ["new"]
    for name, form in cli_plugin.MADE.items():
        assert (cli_plugin.folder_of(form) / name).exists()
        assert str(cli_plugin.folder_of(form) / name) in said


@pytest.mark.parametrize("name", TOOLS)
def test_a_tool_that_is_missing_is_named(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the command that brings it; nothing is made."""

    def which(one: str) -> str | None:
        return None if one == name else f"/usr/bin/{one}"

    monkeypatch.setattr(shutil, "which", which)
    monkeypatch.setenv("DPF_PATH", str(tmp_path))
    (tmp_path / "Makefile.plugins.mk").touch()
    assert cli.main(["plugin", "install", "--to", str(tmp_path / "to")]) == 1
    assert f"building the plugin needs {name}: sudo apt install {name} " in capsys.readouterr().err
    assert not (tmp_path / "to").exists()


def test_a_missing_framework_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the package that has it, and the way to give another folder."""
    monkeypatch.setattr(shutil, "which", str)
    assert cli.main(["plugin", "install", "--dpf", str(tmp_path), "--to", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert "needs dpf-source: sudo apt install dpf-source" in said
    assert "--dpf" in said


def test_what_the_compiler_says_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last lines of it."""

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 2, "", "\n".join(f"error {n}" for n in range(30)))

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(ReplError, match=r"cannot be built:\nerror 18\n(.*\n)*error 29$"):
        cli_plugin.build(tmp_path, tmp_path)


def test_the_source_is_found_in_what_was_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a checkout it lies beside the packages, in a wheel within `repl`."""
    assert cli_plugin.source() == SOURCE
    monkeypatch.setattr(cli_plugin, "__file__", str(tmp_path / "repl" / "cli_plugin.py"))
    with pytest.raises(ReplError, match="install Sempre anew"):
        cli_plugin.source()
    shutil.copytree(SOURCE, tmp_path / "repl" / "daw_plugin")
    assert cli_plugin.source() == tmp_path / "repl" / "daw_plugin"


def test_status_without_an_instance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What to do is said."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert cli.main(["plugin", "status"]) == 0
    assert capsys.readouterr().out.startswith("no DAW has loaded the plugin: sempre plugin install")


@pytest.mark.plugin
def test_status_with_an_instance(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    """Its name, its host, where that is, and who plans for it: before, while and after somebody does."""

    def status() -> str:
        assert cli.main(["plugin", "status"]) == 0
        (line,) = capsys.readouterr().out.splitlines()
        assert f"(test, process {os.getpid()})" in line
        return line

    assert status().startswith("without a name yet ")
    assert "has not run yet; no engine: sempre play piece.py" in status()
    host.run(33.25, 90.0, 0, 64)
    host.bond.bind(os.getpid(), name="Bass", piece="piece.py", seed=0)
    said = status()
    assert said.startswith("'Bass' ")
    assert f"rolls at beat 33.25, 90 bpm, 48000 Hz; planned for by {os.getpid()}" in said
    host.run(34.0, 90.0, 64, 64, rolls=False)
    host.bond.leave()
    assert "stands at beat 34.00, 90 bpm, 48000 Hz; no engine" in status()
    assert host.path.exists()


@pytest.mark.plugin
def test_a_host_that_was_killed_leaves_nothing(host: Host, tmp_path: Path) -> None:
    """Its file is removed; the others are told, and one that is no instance is named and left alone."""
    with subprocess.Popen(["true"]) as gone:
        pass
    data = bytearray(host.path.read_bytes())
    data[12:16] = gone.pid.to_bytes(4, "little")
    folder = tmp_path / "sempre" / NAME
    dead, other = folder / f"dead{SUFFIX}", folder / f"other{SUFFIX}"
    dead.write_bytes(data)
    other.write_bytes(b"an older plugin's")
    said = cli_plugin.status().splitlines()
    assert len(said) == 2
    assert any(f"process {os.getpid()}" in line for line in said)
    assert f"{other} was made by another version of the plugin: sempre plugin install" in said
    assert not dead.exists()
    assert host.path.exists()
    assert other.exists()
