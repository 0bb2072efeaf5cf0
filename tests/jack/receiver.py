"""A JACK client that writes down, as lines of JSON, every MIDI message with its exact frame.

Usage: receiver.py NAME [PORT ...]. Its input is NAME:in; it connects itself to each PORT as soon as that
is there. Lines: ["ready"], ["port", name], ["midi", frame, hex, seconds], ["gone"] when the server has died;
the seconds are those of the monotonic clock when it was heard.
Written by the main thread: a slow pipe must not hold up the callback. It ends when its stdin is closed.
"""

import json
import sys
import threading
from collections import deque
from time import monotonic

import jack


def main(name: str, wanted: list[str]) -> None:
    """Listen until stdin is closed."""
    client = jack.Client(name, no_start_server=True)
    ear = client.midi_inports.register("in")
    rows: deque[list[object]] = deque()
    over = threading.Event()
    known: dict[int, list[tuple[int, str]]] = {}

    def process(_: int) -> None:
        first = client.last_frame_time
        now = monotonic()
        heard = [(first + offset, bytes(data).hex()) for offset, data in ear.incoming_midi_events()]
        # A server that was late may run us twice in a period.
        rows.extend(["midi", *row, now] for row in heard if row not in known.get(first, ()))
        known.clear()
        known[first] = heard

    def gone(*_: object) -> None:
        rows.append(["gone"])

    def wait_for_end() -> None:
        sys.stdin.read()
        over.set()

    client.set_process_callback(process)
    client.set_shutdown_callback(gone)
    client.activate()
    threading.Thread(target=wait_for_end, daemon=True).start()
    rows.append(["ready"])
    missing = set(wanted)
    while not over.wait(0.01):
        for port in sorted(missing):
            try:
                client.connect(port, ear)
            except jack.JackError:
                continue
            missing.discard(port)
            rows.append(["port", port])
        while rows:
            print(json.dumps(rows.popleft()), flush=True)  # noqa: T201 - its report
    client.deactivate(ignore_errors=True)
    client.close(ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
