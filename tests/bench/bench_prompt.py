"""How long the prompt takes to show a key while 20 layers play, and what its dashboard costs.

Usage: python tests/bench/bench_prompt.py [keys] [dashboard] [--seconds N]; without a name both of them; N
is how long each picture is looked at (10). A real `sempre` on a pseudo-terminal, with its real session; no
sound card is needed. After each letter a control has its turn, a loop on a terminal of its own that
computes for 4 ms and answers: what it needs beyond that is the machine's. Each figure stands beside its
budget; the exit code is 1 when one is missed.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import random
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

SEMPRE = [sys.executable, "-c", "import sys; from repl.cli import main; sys.exit(main())"]
LAYERS = 20
ROWS, COLUMNS = 24, 80
LARGE = (50, 200)
LATENCY = 16.0
"""Milliseconds after which 99 of 100 keys stand on the screen."""
SHARE = 10.0
"""Percent of a processor that the dashboard may take."""
CODE = (
    'drums = play(s("bd*4, ~ cp, hh*8").every(4, rev).gain("1 .8"))',
    'lead = play(note("c3 <eb3 g3> [~ bb3]").scale("c:minor").fast(2), on=instrument("keys"))',
    "bass = play(note(run(8)).add(12).velocity(sine.range(.3, .9)).legato(.5))",
)
"""What is typed, again and again: names that complete, texts with mini-notation, brackets."""
PIECE = "tempo(bpm=126)\n" + "".join(
    (f'hits{k} = play(s("bd*{k % 3 + 2}, hh*8").gain("1 .6"))\n' if k % 4 == 0 else "")
    + (
        f'line{k} = play(note("c3 <eb3 g3>*2 [~ bb3]*2").add({k}), on=instrument("keys"))\n'
        if k % 4 == 1
        else ""
    )
    + (
        f'tune{k} = play(note("c4*4 <e4 g4>*4").add({k}).sometimes(rev), on=midi(channel={k % 16 + 1}))\n'
        if k % 4 > 1
        else ""
    )
    for k in range(LAYERS)
)
BARE = """
import os, sys, time, tty
tty.setraw(0)
while key := os.read(0, 1):
    end = time.thread_time() + 0.004
    while time.thread_time() < end:
        pass
    os.write(1, key)
"""
"""The control: about what drawing a prompt of this toolkit takes."""
ESCAPES = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]")
CURSOR = b"\x1b[6n"
F2 = b"\x1bOQ"

missed: list[str] = []


def report(name: str, value: float, unit: str, budget: float, note: str = "") -> None:
    """Print one figure beside its budget."""
    ok = value <= budget
    if not ok:
        missed.append(name)
    print(f"{name:44} {value:9.3f} {unit:3} (budget {budget:g}{', MISSED' if not ok else ''}) {note}")


class Terminal:
    """`sempre` on a pseudo-terminal, with 20 layers that play."""

    def __init__(self, folder: Path) -> None:
        (folder / "piece.py").write_text(PIECE)
        (folder / "run").mkdir(mode=0o700)
        self._master, slave = pty.openpty()
        self.resize(ROWS, COLUMNS)
        env = os.environ | {
            "XDG_RUNTIME_DIR": str(folder / "run"),
            "TERM": "xterm-256color",
            "JACK_NO_START_SERVER": "1",
        }
        self._folder = folder
        self._env = env
        self.process = subprocess.Popen(
            [*SEMPRE, "piece.py"],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=folder,
            env=env,
            start_new_session=True,
        )
        os.close(slave)
        self.written = 0
        self.wait_for(b"late 0", 60.0)
        self.read(3.0)

    def resize(self, rows: int, columns: int) -> None:
        """Give the window another size."""
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def press(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self._master, keys)

    def read_some(self, seconds: float) -> bytes:
        """What is written within so long, or as soon as anything is."""
        if not select.select([self._master], [], [], max(0.0, seconds))[0]:
            return b""
        found = os.read(self._master, 65536)
        self.written += len(found)
        for _ in range(found.count(CURSOR)):
            os.write(self._master, b"\x1b[1;1R")
        return found

    def read(self, seconds: float) -> None:
        """Take what is written for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.read_some(left)

    def wait_for(self, text: bytes, seconds: float) -> None:
        """Read until a text was written."""
        end, found = time.monotonic() + seconds, b""
        while text not in found:
            assert time.monotonic() < end, f"never {text!r}: {found[-2000:]!r}"
            found = ESCAPES.sub(b"", found + self.read_some(0.1))

    def shown_after(self, key: str) -> float:
        """Press a key, and say after how many seconds its sign was written."""
        while self.read_some(0.0):
            pass
        begun = time.perf_counter()
        self.press(key.encode())
        while time.perf_counter() - begun < 1.0:
            if key.encode() in ESCAPES.sub(b"", self.read_some(0.1)):
                return time.perf_counter() - begun
        return 1.0

    def processor_time(self) -> float:
        """Seconds of processors that the prompt has taken."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def close(self) -> None:
        """End the session."""
        subprocess.run(
            [*SEMPRE, "stop"], cwd=self._folder, env=self._env, stdout=subprocess.DEVNULL, check=False
        )
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        os.close(self._master)


class Bare:
    """The control, on a terminal of its own."""

    def __init__(self) -> None:
        self._master, slave = pty.openpty()
        self._process = subprocess.Popen([sys.executable, "-c", BARE], stdin=slave, stdout=slave)
        os.close(slave)
        time.sleep(0.5)

    def answers_after(self, key: str) -> float:
        """Press a key, and say after how many seconds it was written."""
        begun = time.perf_counter()
        os.write(self._master, key.encode())
        os.read(self._master, 1)
        return time.perf_counter() - begun

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        os.close(self._master)


def bench_keys(terminal: Terminal, _seconds: float) -> None:
    """From a key's being sent to its sign's being written; of letters, for no meter is drawn with them."""
    chance = random.Random(1)
    times: list[float] = []
    control: list[float] = []
    bare = Bare()
    for _ in range(4):
        for line in CODE:
            for key in line:
                took = terminal.shown_after(key)
                if key.isalpha():
                    times.append(1000 * took)
                    control.append(1000 * bare.answers_after(key))
                terminal.read(chance.uniform(0.01, 0.08))  # as fast as fingers are, and faster
            terminal.press(b"\x03")
            terminal.read(0.3)
    bare.close()
    print(f"{'the control':44} {spread(control)}")
    report(
        "key to its sign on the screen, p99",
        sorted(times)[int(0.99 * len(times))],
        "ms",
        LATENCY,
        spread(times),
    )


def spread(times: list[float]) -> str:
    """How times are spread, in milliseconds."""
    ordered = sorted(times)
    p50, p90, p99 = (ordered[int(part * len(ordered))] for part in (0.5, 0.9, 0.99))
    return f"p50 {p50:.1f}, p90 {p90:.1f}, p99 {p99:.1f}, largest {ordered[-1]:.1f} ms of {len(ordered)}"


def bench_dashboard(terminal: Terminal, seconds: float) -> None:
    """What the prompt's process takes, with its line alone and with the dashboard."""
    share(terminal, "the line and its status bar", seconds)
    terminal.press(F2)
    terminal.wait_for(b"Esc back", 10.0)
    terminal.read(2.0)
    share(terminal, f"the dashboard on {COLUMNS} by {ROWS}", seconds)
    terminal.resize(*LARGE)
    terminal.read(2.0)
    share(terminal, f"the dashboard on {LARGE[1]} by {LARGE[0]}", seconds)
    terminal.press(b"q")
    terminal.resize(ROWS, COLUMNS)
    terminal.read(1.0)


def share(terminal: Terminal, name: str, seconds: float) -> None:
    """Report what is shown by the processor time that it takes."""
    spent, written, begun = terminal.processor_time(), terminal.written, time.monotonic()
    terminal.read(seconds)
    passed = time.monotonic() - begun
    told = f"{(terminal.written - written) / passed / 1000:.1f} kB a second"
    report(name, 100 * (terminal.processor_time() - spent) / passed, "%", SHARE, told)


BENCHES = {"keys": bench_keys, "dashboard": bench_dashboard}


def main() -> int:
    """Run those that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHES, []], metavar="NAME")
    parser.add_argument("--seconds", type=float, default=10.0)
    given = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f}", flush=True)
    with tempfile.TemporaryDirectory(prefix="sempre-") as folder:
        terminal = Terminal(Path(folder))
        try:
            for name in given.names or BENCHES:
                BENCHES[name](terminal, given.seconds)
        finally:
            terminal.close()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
