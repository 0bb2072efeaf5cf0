"""A JACK client that hears when sound begins after a silence, to the frame.

Usage: onset.py PREFIX. It connects itself to the first audio output whose name begins so, says "ready" once
it hears that, and prints the frame of each onset. It ends when its stdin is closed.
"""

import sys
import threading
from collections import deque

import jack
import numpy as np

LOUD = 0.01
QUIET = 2400
"""Frames of silence after which sound begins anew."""


def main(prefix: str) -> None:
    """Listen until stdin is closed."""
    client = jack.Client("onset", no_start_server=True)
    ear = client.inports.register("in")
    found: deque[int] = deque()
    silent = [QUIET]
    over = threading.Event()

    def process(frames: int) -> None:
        loud = np.flatnonzero(np.abs(ear.get_array()) > LOUD)
        if not len(loud):
            silent[0] += frames
            return
        if silent[0] + loud[0] >= QUIET:
            found.append(client.last_frame_time + int(loud[0]))
        silent[0] = frames - 1 - int(loud[-1])

    client.set_process_callback(process)
    client.activate()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    connected = False
    while not over.wait(0.01):
        if not connected:
            ports = [p for p in client.get_ports(is_audio=True, is_output=True) if p.name.startswith(prefix)]
            if ports:
                client.connect(ports[0], ear)
                connected = True
                print("ready", flush=True)  # noqa: T201 - its report
        while found:
            print(found.popleft(), flush=True)  # noqa: T201 - its report
    client.deactivate(ignore_errors=True)
    client.close(ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1])
