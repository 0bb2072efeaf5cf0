"""How much OSC comes in: real datagrams from another process, 200 inputs, one surface that is told of all.

Run as `python tests/bench/bench_osc.py`; prints a table and fails when a budget is broken. pytest does not
collect it.
"""

import json
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bridge.clock import create_page
from bridge.osc_write import write_message
from bridge.surface_settings import SurfaceSettings
from bridge.surfaces import Surfaces
from patterns.inputs import Input

INPUTS = 200
PACED = 10_000
"""Messages in a second that must all be taken."""
SECONDS = 3.0

SEND = """
import socket, sys, time
sys.path.insert(0, {root!r})
from bridge.osc_write import write_message
port, rate, seconds = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
one.connect(("127.0.0.1", port))
packets = [write_message("/ctl/input%d" % (n % {inputs}), [(n % 997) / 997]) for n in range({inputs} * 5)]
begun, sent = time.perf_counter(), 0
while (passed := time.perf_counter() - begun) < seconds:
    # In gusts of a millisecond, as a busy network brings them.
    wanted = int(passed * rate) if rate else sent + 50
    while sent < wanted:
        one.send(packets[sent % len(packets)])
        sent += 1
    time.sleep(0.001 if rate else 0)
print(sent)
"""


class Engine:
    """Takes what it is told and counts it."""

    waiting = 0
    rows = 0

    def link(self, *_calls: object) -> Any:
        """Be the line."""
        return self

    def send(self, message: dict[str, Any]) -> bool:
        """As the real line does: it is written as JSON."""
        self.rows += len(json.loads(json.dumps(message)).get("rows", ()))
        return True


def measure(rate: float) -> tuple[int, int, float]:
    """Messages sent, messages taken, and the share of a processor that this cost."""
    engine = Engine()
    with tempfile.TemporaryDirectory() as folder:
        clock = create_page(Path(folder) / "clock")
        process = Surfaces(SurfaceSettings(port=0), clock, lambda _: None, engine.link)
        process.book.declare([Input(f"input{n}") for n in range(INPUTS)], {})
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as tablet:
            tablet.sendto(write_message("/sempre/hello"), ("127.0.0.1", process.port))
            script = SEND.format(root=str(Path(__file__).parents[2]), inputs=INPUTS)
            sender = subprocess.Popen(
                [sys.executable, "-c", script, str(process.port), str(rate), str(SECONDS)],
                stdout=subprocess.PIPE,
            )
            begun, spent, taken = time.perf_counter(), time.process_time(), process.packets
            while sender.poll() is None:
                process.turn()
            passed, spent = time.perf_counter() - begun, time.process_time() - spent
            until = time.perf_counter() + 0.3
            while time.perf_counter() < until:
                process.turn()
            assert sender.stdout is not None
            sent = int(sender.stdout.read())
            sender.stdout.close()
            taken = process.packets - taken
        process.close()
        clock.close()
    return sent, taken, spent / passed


def main() -> None:
    """Print both cases."""
    sent, taken, load = measure(PACED)
    print(
        f"{INPUTS} inputs, paced: {sent / SECONDS:8.0f}/s sent, {max(0, sent - taken)} lost, "
        f"{100 * load:.0f} % of a core"
    )
    broken = taken < sent * 0.999 or sent < PACED * SECONDS * 0.95
    flood, survived, load = measure(0)
    print(
        f"{INPUTS} inputs, flood: {flood / SECONDS:8.0f}/s sent, {survived / SECONDS:8.0f}/s taken, "
        f"{100 * load:.0f} % of a core"
    )
    print(f"budget: {PACED} messages a second, all taken: {'broken' if broken else 'kept'}")
    if broken:
        sys.exit(1)


if __name__ == "__main__":
    main()
