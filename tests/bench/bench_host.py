"""Eight plugins on a JACK server while everything around them goes wrong.

Run as `python tests/bench/bench_host.py [--seconds N]` (120); needs jackd, and a compiler with DPF for its
own synthesiser (apt-get install dpf-source g++ make pkg-config). The engine of a session of eight plugin
instruments with moving parameters, effects and sends evaluates deep patterns without a break, its piece is
saved every 2 s with lines that keep the interpreter in C, and one of the plugins' processes is killed each
minute. A plain JACK client beside it, and a thread before all others on each processor, say what the server
or the machine lost by itself: stretches of about 2 s in which one of them lost a period are counted apart. At
the end the way that all of this avoids: a callback in the process that computes.
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
from typing import NamedTuple, cast

from bridge.errors import PeerGone
from bridge.worker import connect
from repl.runtime import door, key_of
from tests.bench.bench_offline import built
from tests.bench.bench_session import BUSY, jack_server, report, session, to_session

PLUGINS = 8
ILL = 15.0
"""Seconds after a plugin's failure in which what it owes is told apart."""
PERIOD = 256 / 48_000
"""Seconds, of the server."""
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
HEAVY = "_ = sum(range(400_000))\n"
"""A call in C that keeps the interpreter for about 10 ms, in each version of the piece."""
CONTROL = """
import sys, threading, time
import jack
client = jack.Client(sys.argv[1], no_start_server=True)
ports = [client.outports.register(name) for name in ("l", "r")]
lost, calls, following, before = [0], [0], [None], [0]
late = 2e9 * client.blocksize / client.samplerate
def process(frames):
    now, at = client.last_frame_time, time.monotonic_ns()
    if following[0] is not None and (now != following[0] or at - before[0] > late):
        lost[0] += max(1, (now - following[0]) // frames)
    following[0], before[0] = (now + frames) & 0xFFFFFFFF, at
    calls[0] += 1
    for port in ports:
        port.get_array()[:] = 0
client.set_process_callback(process)
client.activate()
print("ready", flush=True)
def busy():
    while True:
        sum(k * k for k in range(1_000_000))
        sorted(range(60_000), key=lambda k: -k)
if sys.argv[1] == "busy":
    threading.Thread(target=busy, daemon=True).start()
for line in sys.stdin:
    print(lost[0], calls[0], flush=True)
"""
"""A plain client, which counts the periods that it lost; called busy, its process computes beside it.

One that comes more than a period late counts, too. The dummy server's counter does not know of a machine
that stood still: its periods follow at once then, and whoever is a moment slower than a plain client does
without one.
"""


STILL = """
import os, sys, threading, time
from collections import deque
period, stood = float(sys.argv[1]), [0]
def look(processor):
    os.sched_setaffinity(0, {processor})
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(90))
    away = deque()
    before = time.monotonic()
    while True:
        time.sleep(.001)
        now = time.monotonic()
        away.append((now, now - before - .0013))
        while away[0][0] < now - 3 * period:
            away.popleft()
        if sum(one for _, one in away if one > 0) > period:
            stood[0] += 1
            away.clear()
        before = now
for processor in os.sched_getaffinity(0):
    threading.Thread(target=look, args=(processor,), daemon=True).start()
print("ready", flush=True)
for line in sys.stdin:
    print(stood[0], 0, flush=True)
"""
"""On each processor a thread before which nothing comes: how often that was away for one of three periods.

A machine that is a guest on another is taken a processor away, for some ms and for one of them alone: what
was computed in 2 ms takes 7 to 12 then, of the thread's own time. A plain client that had its turn on the
other processor knows nothing of that, and three periods are what we keep ready.
"""


class Client:
    """A JACK client in a process of its own, or what else counts there.

    Args:
        program: What it runs.
        argument: What it is given.
    """

    def __init__(self, argument: str, program: str = CONTROL) -> None:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            [sys.executable, "-c", program, argument], stdin=pipe, stdout=pipe, text=True
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._ask, self._answer = self._process.stdin, self._process.stdout
        self._answer.readline()

    def counts(self) -> tuple[int, int]:
        """The periods that it lost until now, and its calls."""
        self._ask.write("\n")
        self._ask.flush()
        lost, calls = map(int, self._answer.readline().split())
        return lost, calls

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()


@contextmanager
def client(argument: str, program: str = CONTROL) -> Generator[Client, None, None]:
    """A client for as long as that."""
    made = Client(argument, program)
    try:
        yield made
    finally:
        made.close()


class Counts(NamedTuple):
    """What is counted, from the beginning or in a stretch.

    Args:
        missing: Blocks that the device had to do without.
        skipped: Periods that the server left out for us.
        late: Events that came after their time.
        owed: Blocks that plugins did not have in time, but for those that had been killed.
        lost: Periods that the server left out for the plain client, or began more than one late, and times
            that a processor was away for one of three.
        calls: Those that it had.
    """

    missing: int
    skipped: int
    late: int
    owed: int
    lost: int
    calls: int


class Ordeal(NamedTuple):
    """What became of it.

    Args:
        quiet: Added up: the stretches in which neither the server nor the machine lost a period.
        other: The same of those in which it did.
        stretches: How many there are of each.
        pulled: What 99 of 100 of the device's calls took at most, in periods.
        kills: Processes of plugins that were killed.
        killed: Blocks that these owed meanwhile.
        saves: New versions of the piece.
        first: Events that came late in its first seconds.
    """

    quiet: Counts
    other: Counts
    stretches: tuple[int, int]
    pulled: float
    kills: int
    killed: int
    saves: int
    first: int


def status(folder: Path) -> dict[str, object]:
    """How the mixer is."""
    (one,) = (folder / "run" / "sempre").glob("[0-9]*")
    connection = connect(door(one, "mixer"), key_of(one), patience=5)
    connection.send_json(b"S", {})
    _, body = connection.receive()
    connection.close()
    return cast("dict[str, object]", json.loads(body))


def owed(told: Mapping[str, object]) -> dict[str, tuple[int, int]]:
    """By route: blocks of plugins that were not there in time, and how often the plugin failed."""
    meters = cast("dict[str, dict[str, int]]", told["meters"])
    return {
        name: (meter["missing"], meter["failures"]) for name, meter in meters.items() if "missing" in meter
    }


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


class Books:
    """Counts what goes wrong, in stretches.

    Args:
        folder: The session's.
        control: The plain client.
        still: What looks whether a processor stands still.
    """

    def __init__(self, folder: Path, control: Client, still: Client) -> None:
        self._folder, self._control, self._still = folder, control, still
        self._routes: dict[str, tuple[int, int]] = {}
        self._ill_until: dict[str, float] = {}
        self._owed = self.killed = 0
        self.pulled = 0.0
        self._before = self._count()
        self.first = self._before.late
        self.sums = {quiet: Counts(0, 0, 0, 0, 0, 0) for quiet in (True, False)}
        self.stretches = {True: 0, False: 0}

    def _count(self) -> Counts:
        told = status(self._folder)
        now, routes = time.monotonic(), owed(told)
        for name, (blocks, failures) in routes.items():
            before, failures_before = self._routes.get(name, (blocks, failures))
            if failures > failures_before:
                self._ill_until[name] = now + ILL
            if now < self._ill_until.get(name, 0.0):
                self.killed += blocks - before
            else:
                self._owed += blocks - before
        self._routes = routes
        self.pulled = float(cast("float", told["pulled"]))
        whole = [int(cast("int", told[name])) for name in ("missing", "skipped", "late")]
        lost, calls = self._control.counts()
        return Counts._make([*whole, self._owed, lost + self._still.counts()[0], calls])

    def close_stretch(self) -> None:
        """Enter what has happened since the last one."""
        now = self._count()
        stretch = Counts._make(mine - before for mine, before in zip(now, self._before, strict=True))
        self._before = now
        quiet = stretch.lost == 0
        self.sums[quiet] = Counts._make(map(sum, zip(self.sums[quiet], stretch, strict=True)))
        self.stretches[quiet] += 1


def play(folder: Path, seconds: float, kill_at: float = 30.0) -> Ordeal:
    """Play, save, compute and kill.

    Args:
        folder: Where to; the plugin is there in `vst3`.
        seconds: For how long.
        kill_at: When the first process is killed; the next ones follow each minute.
    """
    run = folder / "vst3"
    audio = '[audio]\ndriver = "jack"\nprofile = "safe"\n'
    (folder / "sempre.toml").write_text(f'[plugins]\nfolders = ["{run}"]\n{audio}')
    with (
        jack_server(),
        client("plain") as control,
        client(str(PERIOD), STILL) as still,
        session(folder, PIECE) as (process, _),
    ):
        until = time.monotonic() + 40
        while not [*(folder / "run" / "sempre").glob("[0-9]*/supervisor.sock")]:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("the session did not come up; `sempre play` says why")
            time.sleep(0.1)
        while len(workers(folder)) < PLUGINS and time.monotonic() < until:
            time.sleep(0.2)
        time.sleep(4)
        engine, books = to_session(folder, "engine"), Books(folder, control, still)
        kills = saves = 0
        start = time.monotonic()
        while (passed := time.monotonic() - start) < seconds:
            try:
                engine.send_json(b"J", {"op": "eval", "id": saves, "text": BUSY})
                while json.loads(engine.receive()[1])["op"] != "result":
                    pass
            except PeerGone:  # the engine was replaced
                engine = to_session(folder, "engine")
            if passed > 60 * kills + kill_at and seconds - passed > 5:
                os.kill(workers(folder)[kills % PLUGINS], signal.SIGKILL)
                kills += 1
            if passed > 2 * saves:
                saves += 1
                more = f"more = play(note('c5*{saves % 3 + 1}'), on=instrument('pluck'))"
                other = folder / "other"
                other.write_text(f"{PIECE}\n{HEAVY}{more}\n")
                other.replace(folder / "piece.py")
                books.close_stretch()
    quiet, rest = (books.sums[one] for one in (True, False))
    stretches = books.stretches[True], books.stretches[False]
    return Ordeal(quiet, rest, stretches, books.pulled, kills, books.killed, saves, books.first)


def tell(found: Ordeal) -> None:
    """Report beside the budgets."""
    quiet, other, (some, rest) = found.quiet, found.other, found.stretches
    apart = f"in {some} of {some + rest} stretches; in the others {{}}"
    report("blocks that the device had to do without", quiet.missing, "", 0, apart.format(other.missing))
    calls = quiet.calls + other.calls
    note = f"server or machine {other.lost} of {calls}, in the others; {found.saves} saves"
    report("periods that the server left out for us", quiet.skipped, "", 0, note)
    note = f"{found.kills} kills, {found.killed} blocks of the killed; {other.owed} in the others"
    report("blocks that plugins owed, kills apart", quiet.owed, "", 0, note)
    late = quiet.late + other.late + found.first
    report("events late", late, "", 0, f"{found.first} of them in the first seconds")
    report("p99 of the device's calls", 100 * found.pulled, "% of a period", 10)


def inside(seconds: float) -> tuple[int, int]:
    """A callback in a process that computes: what all this is for; gives its lost periods and its calls."""
    with jack_server(), client("busy") as found, client("plain") as control:
        time.sleep(seconds)
        (lost, calls), (apart, of) = found.counts(), control.counts()
    print(
        f"a callback in the process that computes: {lost} of {lost + calls} periods lost; "
        f"a plain client beside it: {apart} of {apart + of}"
    )
    return lost, calls


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=120.0)
    seconds = parser.parse_args().seconds
    if shutil.which("jackd") is None:
        sys.exit("it needs a JACK server: apt-get install jackd2")
    with tempfile.TemporaryDirectory() as work:
        built(Path(work))
        tell(play(Path(work), seconds))
    inside(min(seconds, 30.0))


if __name__ == "__main__":
    main()
