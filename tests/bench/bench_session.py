"""How fast a session starts and reloads, and how exactly its notes arrive while the engine is busy.

Usage: python tests/bench/bench_session.py [start] [reload] [delivery] [--seconds N]; without a name all of
them; N is how long `delivery` listens (20).
Each figure stands beside its budget; the exit code is 1 when one is missed. `delivery` needs jackd.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from pythonosc.osc_bundle import OscBundle

from bridge.worker import Connection, connect
from repl.runtime import door, key_of

SEMPRE = [sys.executable, "-c", "import sys; from repl.cli import main; sys.exit(main())"]
LISTENER = Path(__file__).parents[1] / "end_to_end" / "listener.py"
RATE = 48_000
NOTES_A_SECOND = 64

missed: list[str] = []


def report(name: str, value: float, unit: str, budget: float, note: str = "") -> None:
    """Print one figure beside its budget."""
    ok = value <= budget
    if not ok:
        missed.append(name)
    print(f"{name:44} {value:9.3f} {unit:3} (budget {budget:g}{', MISSED' if not ok else ''}) {note}")


@contextmanager
def session(folder: Path, source: str) -> Generator[tuple[subprocess.Popen[bytes], float], None, None]:
    """`sempre play` of a piece, and the wall time at which it was asked for."""
    piece = folder / "piece.py"
    piece.write_text(source)
    run = folder / "run"
    run.mkdir(exist_ok=True)
    asked = time.time()
    process = subprocess.Popen(
        [*SEMPRE, "play", "piece.py", "--seconds", "600"],
        cwd=folder,
        env=os.environ | {"XDG_RUNTIME_DIR": str(run)},
        stdout=subprocess.DEVNULL,
    )
    try:
        yield process, asked
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(15)


def to_session(folder: Path, name: str) -> Connection:
    """A connection to one of the session's doors."""
    while True:
        for one in (folder / "run" / "sempre").glob("[0-9]*"):
            if (one / f"{name}.sock").exists():
                return connect(door(one, name), key_of(one), patience=5)
        time.sleep(0.005)


def bench_start(folder: Path, _seconds: float) -> None:
    """From the command to its help, and to the first event."""
    times: list[float] = []
    for _ in range(7):
        begin = time.perf_counter()
        subprocess.run([*SEMPRE, "--help"], stdout=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - begin)
    report("sempre --help, median of 7", statistics.median(times), "s", 0.4)
    times.clear()
    for _ in range(5):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
            receiver.bind(("127.0.0.1", 0))
            port = receiver.getsockname()[1]
            source = f'a = play(note("c3*8"), on=osc({port}))\nb = play(s("bd*4"), on=instrument("drums"))\n'
            with session(folder, source) as (_, asked):
                receiver.settimeout(20)
                times.append(OscBundle(receiver.recv(4096)).timestamp - asked)
    report("command to first event, median of 5", statistics.median(times), "s", 2.0, f"max {max(times):.3f}")


def bench_reload(folder: Path, _seconds: float) -> None:
    """From a file's save to the new version being ready for the next boundary."""
    lines = "".join(f'n{k} = play(note("c3 [e3 g{k % 5 + 1}]*2 <a3 b3>"))\n' for k in range(10))
    filler = "".join(f"x{k} = {k}\n" for k in range(190))
    with session(folder, lines + filler):
        supervisor = to_session(folder, "supervisor")
        piece = folder / "piece.py"
        waiting = until_said(supervisor)
        waiting()
        times: list[float] = []
        for turn in range(20):
            other = folder / "other"
            other.write_text(lines.replace("c3", f"d{turn % 5 + 1}") + filler)
            other.replace(piece)
            begin = time.perf_counter()
            waiting()
            times.append((time.perf_counter() - begin) * 1000)
            time.sleep(0.1)
    times.sort()
    note = f"max {times[-1]:.1f}; 200 lines, 10 layers"
    report("save to swap ready, median of 20", statistics.median(times), "ms", 100, note)


def until_said(supervisor: Connection) -> Callable[[], None]:
    """Waits until the session says that a piece plays."""

    def wait() -> None:
        while True:
            message = json.loads(supervisor.receive()[1])
            if message["op"] == "said" and "from cycle" in message["text"]:
                return

    return wait


def bench_delivery(folder: Path, seconds: float) -> None:
    """How far apart notes arrive at a JACK client, while the engine compiles a file in a loop."""
    if shutil.which("jackd") is None:
        print("delivery: jackd is not installed; skipped")
        return
    name = f"sempre-bench-{os.getpid()}"
    os.environ.update(JACK_DEFAULT_SERVER=name, JACK_NO_START_SERVER="1", JACK_NO_AUDIO_RESERVATION="1")
    command = ["jackd", "-n", name, "-R", "-P", "70", "-d", "dummy", "-r", str(RATE), "-p", "256"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    subprocess.run(["jack_wait", "-s", name, "-w", "-t", "10"], stdout=subprocess.DEVNULL, check=True)
    heard, control = folder / "heard.json", folder / "control.json"
    listener = subprocess.Popen([sys.executable, str(LISTENER), "Sempre", str(heard)])
    bare = subprocess.Popen([sys.executable, str(LISTENER), "-", str(control)])
    busy = "\n".join(f"def f{k}(a, b):\n    return [a * {k} + b for _ in range({k})]" for k in range(300))
    try:
        with session(folder, f'line = play(note("c3*{NOTES_A_SECOND * 2}").legato(.5), on=midi())\n'):
            engine = to_session(folder, "engine")
            time.sleep(2)
            (folder / "busy.txt").write_text(busy)
            text = (
                f"import time\nbegun = time.monotonic()\nsource = open({str(folder / 'busy.txt')!r}).read()\n"
                f"while time.monotonic() < begun + {seconds}:\n    _ = compile(source, 'busy', 'exec')\n"
            )
            engine.send_json(b"J", {"op": "eval", "id": 1, "text": text})
            time.sleep(seconds + 0.5)
    finally:
        for process in (listener, bare):
            process.terminate()
            process.wait(10)
        server.terminate()
        server.wait(10)
    rows = json.loads(heard.read_text())
    slips = sorted(f for f, text in [*rows, *json.loads(control.read_text())] if text == "slip")
    onsets = [f for f, text in rows if text.startswith("90")]
    offs = [f for f, text in rows if text.startswith("80")]
    period = RATE / NOTES_A_SECOND
    errors: list[float] = []
    left_out = 0
    for begin, end in pairwise(onsets):
        # Where a client that does nothing but listen lost a period too, nobody can say what was sent.
        if any(begin - 1024 <= slip <= end + 1024 for slip in slips):
            left_out += 1
        else:
            errors.append(abs(end - begin - period) / RATE * 1000)
    errors.sort()
    note = (
        f"p50 {errors[len(errors) // 2]:.4f} max {errors[-1]:.4f}; {len(onsets)} notes, "
        f"{left_out} left out for {len(slips)} slips of the listeners, {len(onsets) - len(offs)} hung"
    )
    report("delivered interval error, p99", errors[int(len(errors) * 0.99)], "ms", 0.1, note)


BENCHES = {"start": bench_start, "reload": bench_reload, "delivery": bench_delivery}


def main() -> int:
    """Run the named benchmarks."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", choices=[*BENCHES, []])
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args()
    for name in options.names or BENCHES:
        with tempfile.TemporaryDirectory() as folder:
            BENCHES[name](Path(folder), options.seconds)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
