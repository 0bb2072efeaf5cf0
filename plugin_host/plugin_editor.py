"""The process of one plugin's own window: what is set there is kept in a preset, and nothing else notices.

Started as `python -m plugin_host.plugin_editor PLUGIN FILE`; a plugin that crashes in there ends only this.
"""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from pedalboard import VST3Plugin

    from plugin_host.plugin_loading import LoadedPlugin

__all__ = ["edit", "main", "open_window"]

RATE, BLOCK = 48_000, 256
X11 = "libX11.so.6"


def _pass_over(_display: int, _error: int) -> int:
    """Pass over what an X server complains of."""
    return 0


ON_ERROR = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(_pass_over)
"""Kept here, for X11 calls it as long as the process lives."""


def edit(path: Path, file: Path, show: Callable[[VST3Plugin], object]) -> None:
    """Show a plugin, then keep how it was left.

    Args:
        path: The plugin.
        file: A `.vstpreset`; if it is there already it is where the plugin begins.
        show: Opens its window and comes back when that is closed.

    Raises:
        OSError: The preset cannot be written; one that was there is as it was.
        PluginLoadError: The plugin or its preset cannot be loaded.
    """
    from plugin_host.plugin_loading import LoadedPlugin

    loaded = LoadedPlugin(path, RATE, BLOCK, str(file) if file.exists() else "")
    _play(loaded)
    show(loaded.plugin)
    # What was set last is in its state only after a block.
    _play(loaded)
    unseen = file.with_name(f"{file.name}.{os.getpid()}")
    unseen.write_bytes(loaded.plugin.preset_data)
    unseen.replace(file)


def _play(loaded: LoadedPlugin) -> None:
    if loaded.is_instrument:
        loaded.render([], 0)
    else:
        loaded.process(np.zeros((2, BLOCK), np.float32), [], 0)


def open_window(plugin: VST3Plugin) -> None:
    """Show a plugin's window until it is closed, or until Ctrl-C.

    On X11 a window without a window manager, or one that a plugin has taken away already, is an error, and
    the library's answer to errors is the end of the process: they are passed over here.
    """
    if sys.platform.startswith("linux"):
        with suppress(OSError):  # no X11: then there is no window of it either
            ctypes.CDLL(X11).XSetErrorHandler(ON_ERROR)
    with suppress(KeyboardInterrupt):
        plugin.show_editor()


def main(arguments: list[str]) -> None:
    """Run the process until the window is closed; says in one line what went wrong."""
    from plugin_host.errors import PluginLoadError

    answer = os.dup(1)
    # Plugins print; what we say must not be lost in that.
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        for stream in (1, 2):
            os.dup2(nowhere.fileno(), stream)
    try:
        edit(Path(arguments[0]), Path(arguments[1]), open_window)
    except (OSError, PluginLoadError, RuntimeError) as error:
        os.write(answer, " ".join(str(error).split()).encode())
        os._exit(1)
    # Not through the plugin's own end, in which some crash.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
