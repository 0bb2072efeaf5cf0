"""A screen that nobody sees, and a hand that clicks on it: for the windows of plugins."""

import ctypes
import shutil
import subprocess
import time

from bridge.worker import pause

NEEDED = ("Xvfb", "xdotool")
NAMES = (b"WM_PROTOCOLS", b"WM_DELETE_WINDOW")
"""What every window manager brings along; windows look for them when they open."""
CLIENT_MESSAGE, LONGS = 33, 24
PATIENCE = 15.0


def _pass_over(_display: int, _error: int) -> int:
    return 0


ON_ERROR = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(_pass_over)


def lacking() -> list[str]:
    """Which of the programs for it are not there."""
    return [name for name in NEEDED if shutil.which(name) is None]


class Screen:
    """An X server without a monitor, of which this is the window manager."""

    def __init__(self) -> None:
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", "1", "-screen", "0", "640x480x24", "-nolisten", "tcp"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._server.stdout is not None
        self.name = f":{self._server.stdout.readline().strip()}"
        self._x11 = ctypes.CDLL("libX11.so.6")
        self._x11.XSetErrorHandler(ON_ERROR)  # a window that has just gone is no reason to end
        self._x11.XOpenDisplay.restype = self._x11.XInternAtom.restype = ctypes.c_ulong
        self._display = ctypes.c_void_p(self._x11.XOpenDisplay(self.name.encode()))
        self._protocols, self._deletion = (self._x11.XInternAtom(self._display, name, 0) for name in NAMES)

    def close(self) -> None:
        """Switch it off."""
        self._x11.XCloseDisplay(self._display)
        self._server.terminate()
        self._server.wait()
        assert self._server.stdout is not None
        self._server.stdout.close()

    def _tell(self, *words: str) -> str:
        command = ["xdotool", *words]
        told = subprocess.run(
            command, env={"DISPLAY": self.name}, capture_output=True, text=True, check=False
        )
        return told.stdout

    def window(self, title: str) -> int:
        """Wait until a window of such a title is there; gives its number."""
        until = time.monotonic() + PATIENCE
        while not (found := self._tell("search", "--onlyvisible", "--name", title).split()):
            assert time.monotonic() < until, f"no window {title!r}"
            pause(0.02)
        return int(found[-1])

    def click(self, across: int, down: int) -> None:
        """Press the mouse's left button at a place of the screen, and let it go."""
        self._tell("mousemove", str(across), str(down), "click", "1")

    def ask_to_close(self, window: int) -> None:
        """What a window manager does when a window's cross is clicked."""
        said = (0, 1, self._display.value, window, self._protocols, 32, self._deletion)
        event = (ctypes.c_long * LONGS)(CLIENT_MESSAGE, *(one or 0 for one in said))
        self._x11.XSendEvent(self._display, ctypes.c_ulong(window), 0, 0, ctypes.byref(event))
        self._x11.XSync(self._display, 0)
