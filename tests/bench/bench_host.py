"""Eight plugins on a JACK server while everything around them goes wrong.

Run as `python tests/bench/bench_host.py [--seconds N]` (120); needs jackd, and a compiler with DPF for its
own synthesiser (apt-get install dpf-source g++ make pkg-config). The engine of a session of eight plugin
instruments with moving parameters, effects and sends evaluates deep patterns without a break, its piece is
saved every 2 s, and one of the plugins' processes is killed each minute. A plain JACK client beside it says
what the server or the machine lost by itself. At the end the way that all of this avoids: a callback in the
process that computes.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from bridge.worker import connect
from repl.runtime import door, key_of
from tests.bench.bench_offline import built
from tests.bench.bench_session import BUSY, jack_server, report, session, to_session

PLUGINS = 8
TEMPO = 120
PIECE = "\n".join(
    [
        f"tempo({TEMPO})",
        *(
            f'v{n} = play(note("<c{2 + n % 3},eb{3 + n % 2},g4 f3,ab3,c5>*4").gain(.5).room(.2)'
            f'.param("cutoff", sine.slow({n + 3})), on=vst3("Sempre Saws", release=.{n + 1})'
            f" | fx.lowpass(4000) | fx.chorus())"
            for n in range(PLUGINS)
        ),
        'beat = play(s("bd*4"), on=instrument("drums"))',
    ]
)
CONTROL = """
import sys, threading, time
import jack
client = jack.Client(sys.argv[1], no_start_server=True)
ports = [client.outports.register(name) for name in ("l", "r")]
lost, calls, following = [0], [0], [None]
def process(frames):
    now = client.last_frame_time
    if following[0] is not None and now != following[0]:
        lost[0] += max(1, (now - following[0]) // frames)
    following[0] = (now + frames) & 0xFFFFFFFF
    calls[0] += 1
    for port in ports:
        port.get_array()[:] = 0
client.set_process_callback(process)
client.activate()
def busy():
    while True:
        sum(k * k for k in range(1_000_000))
        sorted(range(60_000), key=lambda k: -k)
if sys.argv[1] == "busy":
    threading.Thread(target=busy, daemon=True).start()
sys.stdin.readline()
print(lost[0], calls[0])
"""
"""A plain client, which counts the periods that it lost; called busy, its process computes beside it."""


@contextmanager
def client(name: str) -> Generator[list[tuple[int, int]], None, None]:
    """A JACK client in a process of its own; at the end the list has its lost periods and its calls."""
    found: list[tuple[int, int]] = []
    pipe = subprocess.PIPE
    process = subprocess.Popen([sys.executable, "-c", CONTROL, name], stdin=pipe, stdout=pipe, text=True)
    try:
        yield found
        said, _ = process.communicate("\n", timeout=10)
        lost, calls = map(int, said.split())
        found.append((lost, calls))
    finally:
        process.kill()


def status(folder: Path) -> dict[str, object]:
    """How the mixer is."""
    (one,) = (folder / "run" / "sempre").glob("[0-9]*")
    connection = connect(door(one, "mixer"), key_of(one), patience=5)
    connection.send_json(b"S", {})
    _, body = connection.receive()
    connection.close()
    return cast("dict[str, object]", json.loads(body))


def missing(told: Mapping[str, object]) -> int:
    """Blocks of plugins that were not there in time."""
    meters = cast("dict[str, dict[str, int]]", told["meters"])
    return sum(meter.get("missing", 0) for meter in meters.values())


def workers(folder: Path) -> list[int]:
    """The processes of its plugins."""
    supervisor = to_session(folder, "supervisor")
    supervisor.send_json(b"J", {"op": "status"})
    while (message := json.loads(supervisor.receive()[1]))["op"] != "processes":
        pass
    supervisor.close()
    mixer = message["processes"].get("mixer")
    if mixer is None:
        return []
    command = ["pgrep", "-P", str(mixer), "-f", "plugin_host.plugin_worker"]
    found = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def play(folder: Path, seconds: float) -> None:
    """Play, save, compute and kill; then report."""
    run = folder / "vst3"
    (folder / "sempre.toml").write_text(f'[plugins]\nfolders = ["{run}"]\n[audio]\ndriver = "jack"\n')
    with jack_server(), client("plain") as control, session(folder, PIECE):
        until = time.monotonic() + 40
        while len(workers(folder)) < PLUGINS and time.monotonic() < until:
            time.sleep(0.2)
        time.sleep(4)
        engine = to_session(folder, "engine")
        begun, kills, saves, gaps = status(folder), 0, 0, 0
        start = time.monotonic()
        while (passed := time.monotonic() - start) < seconds:
            engine.send_json(b"J", {"op": "eval", "id": saves, "text": BUSY})
            while json.loads(engine.receive()[1])["op"] != "result":
                pass
            if passed > 2 * saves:
                saves += 1
                other = folder / "other"
                other.write_text(
                    f'{PIECE}\nmore = play(note("c5*{saves % 3 + 1}"), on=instrument("pluck"))\n'
                )
                other.replace(folder / "piece.py")
            if passed > 60 * kills + 30 and seconds - passed > 5:
                before = missing(status(folder))
                os.kill(workers(folder)[kills % PLUGINS], signal.SIGKILL)
                kills += 1
                time.sleep(4)
                gaps += missing(status(folder)) - before
        ended = status(folder)
    lost, calls = control[0]
    played = int(cast("int", ended["missing"])) - int(cast("int", begun["missing"]))
    skipped = int(cast("int", ended["skipped"])) - int(cast("int", begun["skipped"]))
    owed = missing(ended) - missing(begun) - gaps
    note = (
        f"the server left out {skipped} periods for us, {lost} of {calls} for a plain client; {saves} saves"
    )
    report("blocks that the device had to do without", played, "", 0, note)
    report(
        "blocks that plugins owed, kills apart", owed, "", 0, f"{kills} kills, {gaps} blocks of the killed"
    )
    report("events late", int(cast("int", ended["late"])) - int(cast("int", begun["late"])), "", 0)
    report("p99 of the device's calls", 100 * float(cast("float", ended["pulled"])), "% of a period", 10)


def inside(seconds: float) -> None:
    """A callback in a process that computes: what all this is for."""
    with jack_server(), client("busy") as found, client("plain") as control:
        time.sleep(seconds)
    (lost, calls), (apart, of) = found[0], control[0]
    print(
        f"a callback in the process that computes: {lost} of {lost + calls} periods lost; "
        f"a plain client beside it: {apart} of {apart + of}"
    )


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=120.0)
    seconds = parser.parse_args().seconds
    if shutil.which("jackd") is None:
        sys.exit("it needs a JACK server: apt-get install jackd2")
    with tempfile.TemporaryDirectory() as work:
        built(Path(work))
        play(Path(work), seconds)
    inside(min(seconds, 30.0))


if __name__ == "__main__":
    main()
