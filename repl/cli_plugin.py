"""The command about Sempre inside a DAW: puts the plugin where DAWs look, and says where it is loaded."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

DPF = Path("/usr/share/dpf")
"""Where Debian has the framework."""
MADE = {"Sempre.lv2": "lv2", "Sempre.vst3": "vst3", "Sempre.clap": "clap", "Sempre-vst.so": "vst"}
"""What is built, each with the format that it is."""


def add(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add `sempre plugin`.

    Args:
        command: Makes a command of a name and its help.
    """
    plugin = command("plugin", help="put Sempre into your DAW, or say where it is loaded")
    plugin.add_argument("what", choices=("install", "status"), help="install: build it; status: who has it")
    plugin.add_argument(
        "--dpf", type=Path, default=None, metavar="FOLDER", help="DPF's source, to build with"
    )
    plugin.add_argument("--to", type=Path, default=None, metavar="FOLDER", help="another place than your own")
    plugin.set_defaults(run=_plugin)


def _plugin(options: argparse.Namespace) -> int:
    print(status() if options.what == "status" else install(options.dpf, options.to))  # noqa: T201 - the answer
    return 0


def install(dpf: Path | None, to: Path | None) -> str:
    """Build the plugin and put it where DAWs look for plugins.

    Args:
        dpf: Where the framework's source is; None for Debian's, or `DPF_PATH`.
        to: A folder for all formats; None for the user's own, one for each.

    Returns:
        What to say: where each is.

    Raises:
        ReplError: It cannot be built here; says what is missing.
    """
    from repl.errors import ReplError

    framework = dpf or Path(os.environ.get("DPF_PATH", DPF))
    lack = [name for name in ("make", "g++", "pkg-config") if shutil.which(name) is None]
    if not (framework / "Makefile.plugins.mk").is_file():
        lack.append("dpf-source")
    if lack:
        raise ReplError(
            f"building the plugin needs {', '.join(lack)}: sudo apt install {' '.join(lack)} "
            "(or give DPF's folder by --dpf)"
        )
    with tempfile.TemporaryDirectory(prefix="sempre-plugin-") as work:
        built = build(framework, Path(work))
        lines: list[str] = []
        for name, form in MADE.items():
            place = (to or folder_of(form)) / name
            place.parent.mkdir(parents=True, exist_ok=True)
            if place.is_dir():
                shutil.rmtree(place)
            copy = shutil.copytree if (built / name).is_dir() else shutil.copy2
            copy(built / name, place)
            lines.append(f"{form:5} {place}")
    return "\n".join([*lines, "in your DAW, look for new plugins; then sempre plugin status"])


def build(framework: Path, work: Path) -> Path:
    """Build the plugin in all formats; gives the folder that has them.

    Args:
        framework: DPF's source.
        work: A folder for it.

    Raises:
        ReplError: The compiler refused; the last lines say why.
    """
    from repl.errors import ReplError

    target = work / "bin"
    words = [f"DPF_PATH={framework}", f"DPF_TARGET_DIR={target}", f"DPF_BUILD_DIR={work / 'build'}"]
    command = ["make", "-s", f"-j{os.cpu_count() or 1}", "HAVE_OPENGL=false", *words, "all"]
    done = subprocess.run(command, cwd=source(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise ReplError("the plugin cannot be built:\n" + "\n".join(done.stderr.splitlines()[-12:]))
    # An LV2 plugin is described by texts, which it writes itself.
    bundle = target / "Sempre.lv2"
    binary = next(one for one in bundle.iterdir() if one.suffix in (".so", ".dylib", ".dll"))
    write = f"import ctypes; ctypes.CDLL({str(binary)!r}).lv2_generate_ttl({binary.stem!r}.encode())"
    subprocess.run([sys.executable, "-c", write], cwd=bundle, stdout=subprocess.DEVNULL, check=True)
    return target


def source() -> Path:
    """The folder of the plugin's source: in a checkout, or in what was installed.

    Raises:
        ReplError: It is in neither.
    """
    from repl.errors import ReplError

    here = Path(__file__).parent
    for place in (here.parent / "daw_plugin", here / "daw_plugin"):
        if (place / "Plugin.cpp").is_file():
            return place
    raise ReplError("the plugin's source is not there: install Sempre anew")


def folder_of(form: str) -> Path:
    """Where a user's own plugins of a format are.

    >>> folder_of("vst3").name in (".vst3", "VST3")
    True
    """
    if sys.platform == "darwin":
        names = {"lv2": "LV2", "vst3": "VST3", "clap": "CLAP", "vst": "VST"}
        return Path.home() / "Library" / "Audio" / "Plug-Ins" / names[form]
    return Path.home() / f".{form}"


def status() -> str:
    """Who has loaded the plugin, where each is, and who plans for it."""
    from bridge.bond_line import NAME, alive
    from bridge.bond_memory import SUFFIX, Bond
    from bridge.errors import BondError
    from repl.runtime import base_folder

    lines: list[str] = []
    for path in sorted((base_folder() / NAME).glob(f"*{SUFFIX}")):
        try:
            bond = Bond(path)
        except BondError as error:
            lines.append(str(error))
            continue
        who, now, owner = bond.who(), bond.now(), bond.owner
        bond.close()
        if not alive(who.process):
            path.unlink(missing_ok=True)  # its host was killed
            continue
        name = repr(who.name) if who.name else "without a name yet"
        where = "has not run yet"
        if now is not None:
            rolls = "rolls" if now.rolls else "stands"
            where = f"{rolls} at beat {now.beat:.2f}, {now.bpm:.4g} bpm, {now.rate:.0f} Hz"
        engine = f"planned for by {owner}" if owner and alive(owner) else "no engine: sempre play piece.py"
        lines.append(f"{name:20} {who.host} ({who.format}, process {who.process}): {where}; {engine}")
    return "\n".join(lines) or "no DAW has loaded the plugin: sempre plugin install puts it where they look"
