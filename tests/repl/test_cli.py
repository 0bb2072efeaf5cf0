"""The `sempre` command: help, nonsense, and files that are not there."""

import os
import signal
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from pedalboard.io import AudioFile

from repl import cli, launch, runtime
from repl.errors import SessionError
from repl.prompt_settings import PromptSettings

ROOT = Path(__file__).parents[2]
SEMPRE = [sys.executable, "-P", "-c", "import sys; from repl.cli import main; sys.exit(main())"]


def leave(*arguments: str) -> int:
    """Run a command that ends by itself, as argparse does."""
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert isinstance(caught.value.code, int)
    return caught.value.code


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[Path]]]:
    """What would have been started."""
    asked: list[tuple[str, list[Path]]] = []

    def start(
        files: Sequence[Path], *, leash: bool, record: Path | None = None, again: object = None
    ) -> launch.Started:
        del again
        asked.append(("play" if leash else "prompt", list(files)))
        raise SessionError("not in a test")

    monkeypatch.setattr(launch, "start", start)
    return asked


def test_the_version_is_the_project_s(capsys: pytest.CaptureFixture[str]) -> None:
    """One number, in one place too many."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert leave("--version") == 0
    assert capsys.readouterr().out == f"sempre {project['version']}\n"


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], *([c, "--help"] for c in cli.COMMANDS)])
def test_help(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Each command has one, with the name of the program and no more than a screen."""
    assert leave(*arguments) == 0
    said = capsys.readouterr().out
    assert said.startswith("usage: sempre")
    assert len(said.splitlines()) < 40


NONSENSE: dict[tuple[str, ...], str] = {
    ("play",): "the following arguments are required: FILE",
    ("play", "a.py", "--seconds", "soon"): "seconds must be above 0 and at most 86400 (got 'soon')",
    ("play", "a.py", "--seconds", "0"): "(got '0')",
    ("play", "a.py", "--seconds", "-1"): "(got '-1')",
    ("play", "a.py", "--seconds", "nan"): "(got 'nan')",
    ("play", "a.py", "--seconds", "inf"): "(got 'inf')",
    ("play", "a.py", "--secnds", "3"): "unrecognized arguments: --secnds",
    ("render", "a.py"): "say what to write: -o FILE.wav, --stems FOLDER, or both",
    ("render", "a.py", "-o", "x.wav", "--seed", "x"): "argument --seed: invalid int value",
    ("stop", "it"): "unrecognized arguments: it",
    ("--nonsense",): "unrecognized arguments: --nonsense",
    ("a.py", "--nonsense"): "unrecognized arguments: --nonsense",
}


@pytest.mark.parametrize("arguments", NONSENSE)
def test_nonsense(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """It is named, with exit code 2, and nothing is started."""
    assert leave(*arguments) == 2
    assert NONSENSE[arguments] in capsys.readouterr().err


def test_a_command_that_is_almost_one(
    capsys: pytest.CaptureFixture[str],
    started: list[tuple[str, list[Path]]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is not taken for a file, unless there is one of that name."""
    monkeypatch.chdir(tmp_path)
    assert cli.main(["plya", "a.py"]) == 2
    assert "no command or file 'plya'; did you mean 'play'?" in capsys.readouterr().err
    assert started == []
    (tmp_path / "plya").write_text("")
    assert cli.main(["plya"]) == 1
    assert started == [("prompt", [Path("plya")])]


def test_files_open_the_prompt(
    started: list[tuple[str, list[Path]]], capsys: pytest.CaptureFixture[str]
) -> None:
    """So does nothing at all; what goes wrong is one line."""
    cases: list[tuple[list[str], tuple[str, list[Path]]]] = [
        (["a.py", "b.py"], ("prompt", [Path("a.py"), Path("b.py")])),
        ([], ("prompt", [])),
        (["prompt", "../my set/a.py"], ("prompt", [Path("../my set/a.py")])),
        (["play", "a.py"], ("play", [Path("a.py")])),
    ]
    for arguments, wanted in cases:
        assert cli.main(arguments) == 1
        assert started[-1] == wanted
        assert capsys.readouterr().err == "sempre: not in a test\n"


def test_what_is_wrong_with_the_settings_is_said_before_the_prompt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`sempre attach` goes on with what can be read of them."""
    (tmp_path / "sempre.toml").write_text('[prompt]\nkeys = "vim"\nname = "Ada"\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(runtime, "newest", lambda: tmp_path)
    asked: list[PromptSettings] = []

    def run(_: Path, *, settings: PromptSettings, ours: bool) -> int:
        asked.append(settings)
        return int(ours)

    monkeypatch.setattr("repl.prompt.run", run)
    assert cli.main(["attach"]) == 0
    assert "keys" in capsys.readouterr().err
    assert asked == [PromptSettings(name="Ada")]


@pytest.mark.parametrize("command", ["attach", "status", "stop"])
def test_without_a_session(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """How to start one."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert cli.main([command]) == 1
    assert "no session runs: start one with `sempre FILE`" in capsys.readouterr().err


def test_ctrl_c_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """The exit code that shells expect."""

    def interrupted(_files: object, *, leash: bool, record: Path | None) -> launch.Started:
        raise KeyboardInterrupt(leash, record)

    monkeypatch.setattr(launch, "start", interrupted)
    assert cli.main(["a.py"]) == 130


def test_a_file_is_played_once_however_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice, by a way up and down, by a link."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.py").write_text("")
    (tmp_path / "link.py").symlink_to("a.py")
    (tmp_path / "circle.py").symlink_to("circle.py")
    names = ["a.py", "./a.py", "sub/../a.py", "link.py", str(tmp_path / "a.py"), "b.py", "circle.py"]
    found = launch.distinct([Path(name) for name in names])
    assert found == [Path("a.py"), Path("b.py"), Path("circle.py")]


def run(tmp_path: Path, *arguments: str, seconds: float = 15) -> subprocess.CompletedProcess[str]:
    """`sempre` in a process of its own."""
    (tmp_path / "run").mkdir(exist_ok=True)
    return subprocess.run(
        [*SEMPRE, *arguments],
        cwd=tmp_path,
        env=os.environ | {"XDG_RUNTIME_DIR": str(tmp_path / "run")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def sessions(tmp_path: Path) -> list[Path]:
    """The folders of sessions that have not ended."""
    return list((tmp_path / "run" / "sempre").glob("[0-9]*"))


def test_what_is_heard_is_recorded(tmp_path: Path) -> None:
    """From the command line to a file that is whole when the session has ended; another kind is refused."""
    (tmp_path / "evening.py").write_text('a = play(s("bd*4"))\n')
    (tmp_path / "sempre.toml").write_text('[audio]\ndriver = "null"\n')
    done = run(tmp_path, "play", "evening.py", "--seconds", "2", "--record", "take.flac", seconds=30)
    assert done.returncode == 0, done.stderr
    assert f"recording to {tmp_path / 'take.flac'}" in done.stdout + done.stderr
    with AudioFile(str(tmp_path / "take.flac")) as file:
        sound = file.read(file.frames)
        assert file.frames > 1.9 * file.samplerate
    assert float(np.abs(sound).max()) > 0.1
    done = run(tmp_path, "play", "evening.py", "--record", "take.mp3")
    assert done.returncode == 1
    assert "a .wav or .flac file (got" in done.stderr


def test_playing_a_file_that_is_not_there(tmp_path: Path) -> None:
    """Without a prompt nobody would wait for it: that is an error, also in a folder that is not there."""
    done = run(tmp_path, "play", "nowhere/evening.py")
    assert done.returncode == 1
    assert "nowhere/evening.py: there is no such file" in done.stdout
    assert sessions(tmp_path) == []


def test_playing_a_piece_that_fails(tmp_path: Path) -> None:
    """Its block is shown, and the session ends with code 1."""
    (tmp_path / "two words.py").write_text("x = 1\ny = nothing_such\n")
    done = run(tmp_path, "play", "two words.py", "--seconds", "5")
    assert done.returncode == 1
    assert "two words.py:2:5: nothing is called 'nothing_such'" in done.stdout
    assert sessions(tmp_path) == []


def test_a_folder_with_modules_called_like_ours(tmp_path: Path) -> None:
    """They are the musician's own: nothing of Sempre or Python is taken from there, a piece may take them."""
    for name in ("patterns", "repl", "bridge", "json", "queue", "random"):
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('taken from the wrong place')\n")
    (tmp_path / "mine.py").write_text("value = 's' + 'd'\n")
    (tmp_path / "a.py").write_text("import mine\nprint(mine.value)\na = play(s(mine.value))\n")
    done = run(tmp_path, "play", "a.py", "--seconds", "0.1")
    assert "a.py: a from cycle 0" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0


def test_ctrl_c_ends_a_session_that_plays(tmp_path: Path) -> None:
    """With everything that belongs to it, and without a word too many."""
    (tmp_path / "a.py").write_text('a = play(s("bd"))\n')
    (tmp_path / "run").mkdir()
    with subprocess.Popen(
        [*SEMPRE, "play", "a.py"],
        cwd=tmp_path,
        env=os.environ | {"XDG_RUNTIME_DIR": str(tmp_path / "run")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        said = ""
        while "from cycle 0" not in said:
            said += process.stdout.readline()
        (folder,) = sessions(tmp_path)
        # To the session's own group it says nothing: the music is not the terminal's.
        os.killpg(int(folder.name), signal.SIGINT)
        process.send_signal(signal.SIGINT)
        assert process.stdout.read().splitlines()[-1] == "stopping"
        assert process.wait(10) == 0
        assert process.stderr.read() == ""
    assert sessions(tmp_path) == []


def test_a_package_of_our_name_is_named(tmp_path: Path) -> None:
    """Somebody installed another one beside Sempre, its files where ours should be: no traceback."""
    (tmp_path / "patterns").mkdir()
    (tmp_path / "patterns" / "__init__.py").write_text("import a_module_that_is_nowhere\n")
    record = tmp_path / "patterns-0.3.dist-info"
    record.mkdir()
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: patterns\nVersion: 0.3\n")
    (record / "top_level.txt").write_text("patterns\n")
    done = subprocess.run(
        [*SEMPRE, "status"],
        env=os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        timeout=15,
        check=False,
    )
    assert done.returncode == 1
    assert "sempre: patterns 0.3 has put its files in the place of ours" in done.stderr
    assert "pipx install" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_session_that_was_left_is_not_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who starts another one beside it is told, and may end all."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert launch.beside() == []
    assert cli.main(["stop", "--all"]) == 1
    ended: list[Path] = []
    monkeypatch.setattr(launch, "stop_session", ended.append)
    first, second = runtime.create(os.getpid()), runtime.create(os.getppid())
    assert launch.beside() == [
        "2 sessions run already, and play on beside this one; `sempre stop --all` ends all of them"
    ]
    capsys.readouterr()
    assert cli.main(["stop", "--all"]) == 0
    assert sorted(ended) == sorted([first, second])
    assert capsys.readouterr().out == "stopped all 2\n"
    ended.clear()
    assert cli.main(["stop"]) == 0
    assert len(ended) == 1
    runtime.remove(second)
    assert launch.beside()[0].startswith("a session runs already, and plays on beside this one")
