"""How fast a session starts and reloads, and how exactly its notes arrive while the engine is busy.

Usage: python tests/bench/bench_session.py [start] [reload] [delivery] [ordeal] [kills] [saves] [lateness]
[peers] [--seconds N]; without a name all of them; N is how long each of the last six listens (20).
They need jackd.
Each figure stands beside its budget; the exit code is 1 when one is missed.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from pythonosc.osc_bundle import OscBundle

from bridge.errors import PeerGone
from bridge.worker import Connection, connect
from repl.runtime import door, key_of

SEMPRE = [sys.executable, "-c", "import sys; from repl.cli import main; sys.exit(main())"]
LISTENER = Path(__file__).parents[1] / "end_to_end" / "listener.py"
RATE = 48_000
NOTES_A_SECOND = 64
LINE = f'tempo(160)\nline = play(note("c3*{NOTES_A_SECOND * 3 // 2}").legato(.5), on=midi())\n'
DEBOUNCE = 15
"""Milliseconds of quiet after a save, of `repl.watch`: before them nobody can know that it is over."""
CHANGED = 8 * 2 / 3
"""Notes a second of a layer that each save of `saves` changes: eight a cycle."""
BINS = (0.0, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, math.inf)
"""Edges of the histogram of errors, in ms."""

BUSY = """
import random
deep = stack(*[s(f"a{i}({3 + i % 5},8,{i})").n(f"0 <{i} 2> [3 4]").every(3, rev)
               .off(1 / 8, lambda p: p.gain(.5)).jux(fast(2)) for i in range(8)])
for cycle in range(40):
    deep.haps(cycle, cycle + 1)
_ = sorted([random.random() for _ in range(60_000)])
"""
"""About 0.2 s of patterns, and one call in C that keeps the interpreter for up to 50 ms."""

THREAD = f"""
import threading
def keep_busy():
    while True:
        exec({BUSY!r}, globals())
threading.Thread(target=keep_busy, daemon=True).start()
"""

LOAD = """
import os, random, sys, threading, time
def busy():
    while True:
        sum(k * k for k in range(1_000_000))
        sorted([random.random() for _ in range(60_000)])
if sys.argv[1] == "busy":
    threading.Thread(target=busy, daemon=True).start()
seconds = float(sys.argv[2])
threading.Timer(seconds + 2, lambda: os._exit(0)).start()
"""
BARE = f"""
import os, sys, time
os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(60))
step, late = 0.5 / {NOTES_A_SECOND}, []
due = time.monotonic() + step
end = due + float(sys.argv[1])
while due < end:
    time.sleep(max(0.0, due - time.monotonic() - 0.001))
    while (now := time.monotonic()) < due:
        pass
    late.append(now - due)
    due += step
print(sorted(late)[int(len(late) * 0.99)] * 1000)
"""
"""Sleeps and spins like the thread that sends, at its priority, and sends nothing: what the machine adds."""

SLEEPER = f"""
import rtmidi
port = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name="sleeper")
port.open_virtual_port("out")
time.sleep(1.5)
while True:
    port.send_message([0x90, 48, 100])
    time.sleep(0.5 / {NOTES_A_SECOND})
    port.send_message([0x80, 48, 0])
    time.sleep(0.5 / {NOTES_A_SECOND})
"""
ISOBAR = f"""
import isobar
timeline = isobar.Timeline(160, output_device=isobar.MidiOutputDevice("isobar", virtual=True))
time.sleep(1.5)
notes = {{"note": isobar.PSequence([48]), "duration": 160 / 60 / {NOTES_A_SECOND}, "gate": 0.5}}
timeline.schedule(notes)
timeline.run()
"""

LATENESS = 0.3
"""Milliseconds after its time at which one message in a hundred may leave."""

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
    env = os.environ | {"XDG_RUNTIME_DIR": str(run), "XDG_CACHE_HOME": str(folder / "cache")}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # as where Sempre was installed
    asked = time.time()
    # Whoever was started in the background of a script ignores Ctrl-C, and so would what he starts.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        [*SEMPRE, "play", "piece.py", "--seconds", "7200"], cwd=folder, env=env, stdout=subprocess.DEVNULL
    )
    signal.signal(signal.SIGINT, before)
    try:
        yield process, asked
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(15)


def to_session(folder: Path, name: str) -> Connection:
    """A connection to one of the session's doors; none is there while an engine takes over."""
    until = time.monotonic() + 20
    while True:
        for one in (folder / "run" / "sempre").glob("[0-9]*"):
            if (one / f"{name}.sock").exists():
                try:
                    return connect(door(one, name), key_of(one), patience=5)
                except PeerGone:
                    if time.monotonic() > until:
                        raise
        if time.monotonic() > until:
            raise RuntimeError("the session has gone, or its engine does not start")
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
    for _ in range(6):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
            receiver.bind(("127.0.0.1", 0))
            port = receiver.getsockname()[1]
            source = f'a = play(note("c3*8"), on=osc({port}))\nb = play(s("bd*4"), on=instrument("drums"))\n'
            with session(folder, source) as (_, asked):
                receiver.settimeout(20)
                times.append(OscBundle(receiver.recv(4096)).timestamp - asked)
    report("command to first event, computing the kit", times.pop(0), "s", 2.0)
    report("command to first event, median of 5", statistics.median(times), "s", 1.3, f"max {max(times):.3f}")


def bench_reload(folder: Path, _seconds: float) -> None:
    """From a file's save to the new version being ready for the next boundary."""
    for busy in (False, True):
        with tempfile.TemporaryDirectory(dir=folder) as inner, beside(busy=busy):
            _reload(Path(inner), "beside a busy process" if busy else "on a quiet machine")


@contextmanager
def beside(*, busy: bool) -> Generator[None, None, None]:
    """Beside a process that keeps a core busy, or alone."""
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"]) if busy else None
    try:
        yield
    finally:
        if process is not None:
            process.kill()
            process.wait()


def _reload(folder: Path, where: str) -> None:
    lines = "".join(f'n{k} = play(note("c3 [e3 g{k % 5 + 1}]*2 <a3 b3>"))\n' for k in range(10))
    filler = "".join(
        f"# part {k}\nx{k} = {k} / 7\n" + f'm{k} = note("c e [g b]").add({k}).every({k % 5 + 2}, rev)\n'
        for k in range(63)
    )
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
    note = f"max {times[-1]:.1f}; 199 lines, 10 layers, 63 patterns; {DEBOUNCE} ms of it are debounce"
    report(f"save to swap ready {where}, median of 20", statistics.median(times), "ms", 50 + DEBOUNCE, note)


def until_said(supervisor: Connection) -> Callable[[], None]:
    """Waits until the session says that a piece plays."""

    def wait() -> None:
        while True:
            message = json.loads(supervisor.receive()[1])
            if message["op"] == "said" and "from cycle" in message["text"]:
                return

    return wait


class Delivered(NamedTuple):
    """What a listener heard of notes that were meant to come at even distances."""

    errors: list[float]  # of each distance, in ms, sorted
    notes: int
    hung: int
    lost: int
    left_out: int
    slips: int

    @property
    def p99(self) -> float:
        """The error that one distance in a hundred exceeds, in ms."""
        return self.errors[int(len(self.errors) * 0.99)]

    def told(self) -> str:
        """The rest in a line, and how the errors are spread."""
        median, most = self.errors[len(self.errors) // 2], self.errors[-1]
        spread = ", ".join(
            f"<{high:g}: {sum(low <= e < high for e in self.errors) / len(self.errors):.2%}"
            for low, high in pairwise(BINS)
        )
        return (
            f"p50 {median:.4f} max {most:.4f}; {self.notes} notes, {self.lost} lost, {self.hung} hung, "
            f"{self.left_out} left out for {self.slips} slips of the listeners\n    ms {spread}"
        )


def delivered(
    rows: list[tuple[int, str]], control: list[tuple[int, str]], channel: int, rate: float
) -> Delivered:
    """Compare what came on a channel with a rate, beside what a listener missed that heard nothing."""
    slips = sorted(f for f, text in [*rows, *control] if text == "slip")
    onsets = [f for f, text in rows if text.startswith(f"9{channel:x}")]
    offs = sorted(f for f, text in rows if text.startswith(f"8{channel:x}"))
    period = RATE / rate
    errors: list[float] = []
    hung = lost = left_out = 0
    for begin, end in pairwise(onsets):
        # Where a client that does nothing but listen lost a period too, nobody can say what was sent.
        if any(begin - 1024 <= slip <= end + 1024 for slip in slips):
            left_out += 1
        else:
            errors.append(abs(end - begin - period) / RATE * 1000)
            lost += max(0, round((end - begin) / period) - 1)
            hung += bisect_left(offs, begin) == bisect_right(offs, end)
    return Delivered(sorted(errors), len(onsets), hung, lost, left_out, len(slips))


@contextmanager
def jack_server() -> Generator[None, None, None]:
    """A JACK server of our own, that everything started within finds."""
    name = f"sempre-bench-{os.getpid()}"
    os.environ.update(JACK_DEFAULT_SERVER=name, JACK_NO_START_SERVER="1", JACK_NO_AUDIO_RESERVATION="1")
    command = ["jackd", "-n", name, "-R", "-P", "70", "-d", "dummy", "-r", str(RATE), "-p", "256"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    subprocess.run(["jack_wait", "-s", name, "-w", "-t", "10"], stdout=subprocess.DEVNULL, check=True)
    try:
        yield
    finally:
        server.terminate()
        server.wait(10)


@contextmanager
def heard_on_jack(
    folder: Path, prefix: str, rates: Sequence[float] = (NOTES_A_SECOND,)
) -> Generator[list[Delivered], None, None]:
    """A JACK server with a listener at ports of that name; what each channel had is there afterwards."""
    files = folder / "heard.json", folder / "control.json"
    for file in files:
        file.unlink(missing_ok=True)
    found: list[Delivered] = []
    with jack_server():
        ears = [
            subprocess.Popen([sys.executable, str(LISTENER), what, str(file)], stdout=subprocess.DEVNULL)
            for what, file in zip((prefix, "-"), files, strict=True)
        ]
        try:
            yield found
        finally:
            for process in ears:
                process.terminate()
                process.wait(10)
    rows, control = (json.loads(file.read_text()) for file in files)
    found += [delivered(rows, control, channel, rate) for channel, rate in enumerate(rates)]


def bench_delivery(folder: Path, seconds: float) -> None:
    """How far apart notes arrive at a JACK client, while the engine compiles a file in a loop."""
    busy = "\n".join(f"def f{k}(a, b):\n    return [a * {k} + b for _ in range({k})]" for k in range(300))
    with heard_on_jack(folder, "Sempre") as found, session(folder, LINE):
        engine = to_session(folder, "engine")
        time.sleep(2)
        (folder / "busy.txt").write_text(busy)
        text = (
            f"import time\nbegun = time.monotonic()\nsource = open({str(folder / 'busy.txt')!r}).read()\n"
            f"while time.monotonic() < begun + {seconds}:\n    _ = compile(source, 'busy', 'exec')\n"
        )
        engine.send_json(b"J", {"op": "eval", "id": 1, "text": text})
        time.sleep(seconds + 0.5)
    report("delivered interval error, p99", found[0].p99, "ms", 0.1, found[0].told())


def bench_ordeal(folder: Path, seconds: float) -> None:
    """The same while deep patterns are evaluated, C calls hold the interpreter and the file is saved."""
    with heard_on_jack(folder, "Sempre") as found, session(folder, LINE):
        saves = _ordeal(folder, seconds)
    note = f"{saves} saves; {found[0].told()}"
    report("interval error beside evaluation and saves, p99", found[0].p99, "ms", 0.03, note)
    report("notes lost or hung", found[0].lost + found[0].hung, "", 0)


def bench_kills(folder: Path, seconds: float) -> None:
    """The same in a thread of its own, in every engine, and the engine is killed ten times on the way."""
    with heard_on_jack(folder, "Sempre") as found, session(folder, LINE):
        engine = to_session(folder, "engine")
        engine.send_json(b"J", {"op": "eval", "id": 1, "text": THREAD})
        while json.loads(engine.receive()[1])["op"] != "result":
            pass
        for turn in range(10):
            until = time.monotonic() + seconds / 10
            while time.monotonic() < until:
                _save(folder, turn)
                time.sleep(0.5)
            supervisor = to_session(folder, "supervisor")
            supervisor.send_json(b"J", {"op": "status"})
            while (message := json.loads(supervisor.receive()[1]))["op"] != "processes":
                pass
            supervisor.close()
            os.kill(message["processes"]["engine"], signal.SIGKILL)
            time.sleep(4)  # until there is another understudy
    report("the same, the engine killed ten times, p99", found[0].p99, "ms", 0.03, found[0].told())
    report("notes lost or hung", found[0].lost + found[0].hung, "", 0)


def bench_saves(folder: Path, seconds: float) -> None:
    """A save each second: one layer stays as it is, one is another at each of them, at its next boundary."""
    with heard_on_jack(folder, "Sempre", (NOTES_A_SECOND, CHANGED)) as found, session(folder, _edition(0)):
        waiting = until_said(to_session(folder, "supervisor"))
        waiting()
        until, saves = time.monotonic() + seconds, 0
        while (begun := time.monotonic()) < until:
            saves += 1
            _replace(folder, _edition(saves))
            waiting()
            time.sleep(max(0.0, begun + 1 - time.monotonic()))
    for what, one in zip(("what stays", "what changes"), found, strict=True):
        report(f"{what}: interval error, p99", one.p99, "ms", 0.03, f"{saves} saves; {one.told()}")
        report(f"{what}: notes lost or hung", one.lost + one.hung, "", 0)


def _edition(number: int) -> str:
    """An edition of the piece: another fourth note, at the same time."""
    last = ("d4", "f4", "a4", "b4")[number % 4]
    return f'{LINE}more = play(note("[c4 e4 g4 {last}]*2").legato(.5), on=midi(channel=2))\n'


def bench_lateness(folder: Path, seconds: float) -> None:
    """How late messages leave through rtmidi, which sends when it is told to: by what `sempre log` says.

    JACK is here only because this machine has no other MIDI. Nothing else of ours is its client: a server
    calls its clients above everybody's priority, all at once, as none would where rtmidi is needed. Before
    and after it a bare process keeps the same time, alone on the machine.
    """
    bare = [_bare(seconds / 2)]
    (folder / "sempre.toml").write_text('[midi]\nbackend = "rtmidi-jack"\n[audio]\ndriver = "null"\n')
    with jack_server(), session(folder, LINE):
        until_said(to_session(folder, "supervisor"))()
        saves = _ordeal(folder, seconds)
        told = subprocess.run(
            [*SEMPRE, "log", "--json"],
            env=os.environ | {"XDG_RUNTIME_DIR": str(folder / "run")},
            stdout=subprocess.PIPE,
            check=True,
        )
    bare.append(_bare(seconds / 2))
    rows = [json.loads(line) for line in told.stdout.splitlines()]
    sent = [row for row in rows if row["to"] == "our port" and row["kind"] in {"on", "off"}]
    late = sorted(row["late_ms"] for row in sent)
    dropped = sum(row["kind"] == "dropped" for row in rows)
    p50, p99, p999 = (late[int(len(late) * part)] for part in (0.5, 0.99, 0.999))
    beyond = sum(one > LATENESS for one in late)
    note = (
        f"p50 {p50:.3f} p99.9 {p999:.3f} max {late[-1]:.3f}; {len(late)} messages, {beyond} beyond "
        f"the budget; {saves} saves; p99 of a bare process before {bare[0]:.3f}, after {bare[1]:.3f}"
    )
    report("send-side lateness with rtmidi, p99", p99, "ms", LATENESS, note)
    report("messages sent before their time", sum(one < 0 for one in late), "", 0)
    report("notes dropped as too late", dropped, "", 0)


def _bare(seconds: float) -> float:
    """The lateness of a process that sends nothing, in ms at p99."""
    told = subprocess.run([sys.executable, "-c", BARE, str(seconds)], stdout=subprocess.PIPE, check=True)
    return float(told.stdout)


def _save(folder: Path, turn: int) -> None:
    """Save another edition, whose line of notes is the same."""
    _replace(folder, f'{LINE}more = play(note("c2 [e2 g2] <c3 b2>*{turn % 5 + 2}"), on=osc(9))\n')


def _replace(folder: Path, text: str) -> None:
    other = folder / "other"
    other.write_text(text)
    other.replace(folder / "piece.py")


def _ordeal(folder: Path, seconds: float) -> int:
    """Keep the engine's main thread busy, and save twice a second; gives the number of saves."""
    engine = to_session(folder, "engine")
    until, saves, saved = time.monotonic() + seconds, 0, 0.0
    while time.monotonic() < until:
        if time.monotonic() > saved + 0.5:
            saved, saves = time.monotonic(), saves + 1
            _save(folder, saves)
        engine.send_json(b"J", {"op": "eval", "id": saves, "text": BUSY})
        while json.loads(engine.receive()[1])["op"] != "result":
            pass
    engine.close()
    return saves


def bench_peers(folder: Path, seconds: float) -> None:
    """The same notes from a loop with `time.sleep`, and from isobar, idle and beside a busy thread.

    isobar is asked for by `SEMPRE_BENCH_ISOBAR`, a Python that has it. Both send through RtMidi, which
    gives all messages of a JACK period its first frame: 2.7 ms of error are its own.
    """
    peers = {"time.sleep": (sys.executable, SLEEPER, "sleeper")}
    isobar = os.environ.get("SEMPRE_BENCH_ISOBAR")
    if isobar:
        peers["isobar"] = (isobar, ISOBAR, "RtMidiOut Client")
    for name, (python, code, prefix) in peers.items():
        for load in ("idle", "busy"):
            with heard_on_jack(folder, prefix) as found:
                subprocess.run(
                    [python, "-c", LOAD + code, load, str(seconds)],
                    env=os.environ | {"MIDO_BACKEND": "mido.backends.rtmidi/UNIX_JACK"},
                    timeout=10 * seconds + 60,
                    check=False,
                )
            report(f"{name}, {load}, p99", found[0].p99, "ms", math.inf, found[0].told())


BENCHES = {
    "start": bench_start,
    "reload": bench_reload,
    "delivery": bench_delivery,
    "ordeal": bench_ordeal,
    "kills": bench_kills,
    "saves": bench_saves,
    "lateness": bench_lateness,
    "peers": bench_peers,
}


def main() -> int:
    """Run the named benchmarks."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", choices=[*BENCHES, []])
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args()
    for name in options.names or BENCHES:
        if name not in {"start", "reload"} and shutil.which("jackd") is None:
            print(f"{name}: jackd is not installed; skipped")
            continue
        with tempfile.TemporaryDirectory() as folder:
            BENCHES[name](Path(folder), options.seconds)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
