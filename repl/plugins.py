"""`sempre plugins`: which plugins there are, and what each can be told."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bridge.asking import Answer, ask
from plugin_host.errors import HostError
from plugin_host.lv2_files import lv2_plugins
from plugin_host.plugin_files import AU, LV2, find_plugin, place_of, plugin_folders, plugins_in
from repl.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PATIENCE = 20.0
"""Seconds that a plugin may take; one that takes longer is not tried again until its file changes."""
PRESETS = ".vstpreset"
"""How the names of presets end."""
FILE = "plugins.json"
FORM = 1
"""Of the file; what another version wrote is looked for anew."""
FILES = 2000
"""Files of a plugin that are looked at to tell whether it has changed."""

Kept = dict[str, dict[str, object]]


def plugins() -> str:
    """All plugins that are found, as text for a terminal; each is looked at once, in a process of its own."""
    folders = plugin_folders(read_settings([]).plugin_folders)
    paths = plugins_in(folders)
    found = look(paths)
    said: list[str] = []
    for title, wanted in (("Instruments", True), ("Effects, to be written behind an instrument", False)):
        rows = [_row(path, found[path]) for path in paths if found[path].get("instrument") is wanted]
        if rows:
            said += [title, *rows, ""]
    broken = [(path, found[path]["missing"]) for path in paths if "missing" in found[path]]
    if broken:
        said += ["Not to be used; each is tried again when its file changes"]
        said += [f"  {path}\n      {why}" for path, why in broken] + [""]
    if find_spec("minihost") is not None:
        titles = sorted(f'  lv2("{title}")' for _, _, title in lv2_plugins())
        said += ["LV2", *titles, ""] if titles else []
    none = "no VST3 plugins in: " if not paths else "looked for in: "
    return "\n".join([*said, none + ", ".join(str(folder) for folder in folders)])


def show(name: str) -> str:
    """What one plugin can be told: its presets and parameters.

    Args:
        name: As for `vst3`, or `lv2:` or `au:` and as for `lv2` or `au`.

    Raises:
        PluginLoadError: There is none of that name.
    """
    path = place_of(name, read_settings([]).plugin_folders)
    if path.startswith(LV2):
        found = ask({path: ("plugin_host.plugin_probe", "look_at_plugin", path)}, PATIENCE)[path]
        written = f'lv2("{name.removeprefix(LV2)}")'
    else:
        word = "au" if name.startswith(AU) else "vst3"
        found, written = look([Path(path)])[Path(path)], f'{word}("{Path(path).stem}")'
    if "missing" in found:
        return f"{path}\ncannot be used: {found['missing']}"
    late = cast("float", found["latency"])
    said = [
        f"{found['name']} {found['version']} by {found['maker']}" if found["maker"] else str(found["name"]),
        path,
        f"write: {written}" if found["instrument"] else f"write: ... | {written}",
    ]
    if late:
        said.append(f"it is {1000 * late:.1f} ms late, by its own account")
    presets = cast("list[str]", found["presets"])
    if presets:
        said += ["", "presets of its own:", *(f'  preset="{one}"' for one in presets)]
    rows = cast("list[dict[str, object]]", found["parameters"])
    width = max((len(str(row["name"])) for row in rows), default=0)
    said += ["", f"{len(rows)} parameters:", *(f"  {row['name']:<{width}}  {_range(row)}" for row in rows)]
    return "\n".join(said)


def edit(name: str, file: Path | None = None) -> str:
    """Open a plugin's own window, in a process of its own, and keep how it is left as a preset.

    Args:
        name: As for `vst3`.
        file: The preset; else one of the plugin's name, here. If it is there the plugin begins with it.

    Raises:
        HostError: There is no display, or the window could not be kept open; the preset is as it was.
        PluginLoadError: There is no plugin of that name.
    """
    if name.startswith((LV2, AU)):
        raise HostError(f"{name}: only windows of VST3 plugins are opened; `sempre plugins show` tells all")
    path = find_plugin(name, read_settings([]).plugin_folders)
    file = Path(f"{path.stem}{PRESETS}") if file is None else file
    if file.suffix.lower() != PRESETS:
        raise HostError(f"{file}: the name of a preset ends with {PRESETS}")
    shown = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    if sys.platform.startswith("linux") and not shown:
        raise HostError(
            "a plugin's window needs a display, and none is set here (DISPLAY); "
            f"without one, `sempre plugins show {path.stem}` tells its parameters"
        )
    command = [sys.executable, "-P", "-m", "plugin_host.plugin_editor", str(path), str(file)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    try:
        said, _ = process.communicate()
    except KeyboardInterrupt:
        # It was told, too: it closes its window and keeps what was set.
        said, _ = process.communicate()
    if process.returncode:
        why = said.decode(errors="replace") or _ending(process.returncode)
        kept = "as it was" if file.exists() else "not written"
        raise HostError(f"the window of {path.stem}: {why}; {file} is {kept}")
    return f'{file} holds what you set; write: vst3("{path.stem}", preset="{file.as_posix()}")'


def _ending(code: int) -> str:
    """How a window's process ended, in words.

    >>> _ending(-11)
    'it crashed (SIGSEGV)'
    """
    if code < 0:
        with suppress(ValueError):
            return f"it crashed ({signal.Signals(-code).name})"
    return f"it ended with code {code}"


def look(paths: Sequence[Path], patience: float = PATIENCE) -> dict[Path, Answer]:
    """What is known of plugins; those that are new or have changed are looked at, as many at once as pays.

    Args:
        paths: Which.
        patience: Seconds that one may take.
    """
    store = _store()
    kept = _read(store)
    stamps = {path: _stamp(path) for path in paths}
    fresh = [path for path in paths if kept.get(str(path), {}).get("stamp") != stamps[path]]
    together = max(1, (os.cpu_count() or 1))
    for first in range(0, len(fresh), together):
        some = fresh[first : first + together]
        questions = {str(path): ("plugin_host.plugin_probe", "look_at_plugin", str(path)) for path in some}
        for path, answer in zip(some, ask(questions, patience).values(), strict=True):
            kept[str(path)] = {"stamp": stamps[path], "found": answer}
        # After each: a scan that is broken off goes on there, behind the one that it broke off for.
        _write(store, kept)
    return {path: cast("Answer", kept[str(path)]["found"]) for path in paths}


def refused(paths: Sequence[Path]) -> dict[Path, str]:
    """Why plugins could not be used when they were last looked at; none is looked at now.

    Args:
        paths: Which.
    """
    kept = _read(_store())
    answers = {path: cast("Answer", kept.get(str(path), {}).get("found", {})) for path in paths}
    return {path: str(answer["missing"]) for path, answer in answers.items() if "missing" in answer}


def _row(path: Path, found: Mapping[str, object]) -> str:
    count = len(cast("list[object]", found["parameters"]))
    title = f'vst3("{path.stem}")' if found["instrument"] else f'| vst3("{path.stem}")'
    return f"  {title:<32} {found['name']} {found['version']} by {found['maker']}, {count} parameters"


def _range(row: Mapping[str, object]) -> str:
    words = cast("list[str]", row["words"])
    if words:
        return " or ".join(repr(one) for one in words[:12]) + (" …" if len(words) > 12 else "")
    title = f" ({row['title']})" if row["title"] != row["name"] else ""
    low, high = row["low"], row["high"]
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return f"any{title}"
    return f"{low:g}…{high:g} {row['unit']}".rstrip() + title


def _stamp(path: Path) -> list[int]:
    """What changes when a plugin does: the newest time and the size of all its files."""
    files = [path] if path.is_file() else [one for one in sorted(path.rglob("*"))[:FILES] if one.is_file()]
    states = [one.stat() for one in files]
    return [max((one.st_mtime_ns for one in states), default=0), sum(one.st_size for one in states)]


def _store() -> Path | None:
    from plugin_host.kept_sounds import cache_folder

    folder = cache_folder()
    return None if folder is None else folder / FILE


def _read(store: Path | None) -> Kept:
    try:
        table: object = json.loads(store.read_text(encoding="utf-8")) if store is not None else {}
    except (OSError, ValueError):
        return {}
    if not isinstance(table, dict):
        return {}
    read = cast("dict[str, object]", table)
    return cast("Kept", read["plugins"]) if read.get("form") == FORM else {}


def _write(store: Path | None, kept: Kept) -> None:
    if store is None:
        return
    unseen = store.with_name(f"{FILE}.{os.getpid()}")
    try:
        store.parent.mkdir(parents=True, exist_ok=True)
        unseen.write_text(json.dumps({"form": FORM, "plugins": kept}), encoding="utf-8")
        unseen.replace(store)
    except OSError:
        return  # then they are looked at each time
