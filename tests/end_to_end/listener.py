"""A JACK client in a process of its own that writes down every MIDI message with its exact frame.

Usage: listener.py PREFIX FILE. Connects itself to every MIDI output whose name begins with PREFIX, says
"ready", and writes rows of [frame, hex] as JSON when it is told to end. Port changes are rows as well,
[frame, "+name"] and [frame, "-name"], and so is a period that it missed: [frame, "slip"]. A server that was
late may run it twice in a period: what it hears the second time, when others have been run, counts.
"""

import json
import signal
import sys
import threading
from pathlib import Path

import jack


def main(prefix: str, path: Path) -> None:
    """Listen until SIGTERM."""
    client = jack.Client("listener", no_start_server=True)
    ear = client.midi_inports.register("in")
    rows: list[tuple[int, str]] = []
    known: set[str] = set()
    over = threading.Event()

    at = -1
    period: list[tuple[int, str]] = []

    def process(frames: int) -> None:
        nonlocal at, period
        first = client.last_frame_time
        heard = [(first + offset, bytes(data).hex()) for offset, data in ear.incoming_midi_events()]
        if first == at:
            # Others append, too: what is taken back is not always the end.
            for row in period:
                rows.remove(row)
        if at >= 0 and first != at + frames:
            rows.append((first, "slip"))
        rows.extend(heard)
        at, period = first, heard

    client.set_process_callback(process)
    client.activate()

    def on_term(_number: int, _frame: object) -> None:
        over.set()

    signal.signal(signal.SIGTERM, on_term)
    print("ready", flush=True)
    while not over.wait(0.005):
        try:
            ports = client.get_ports(is_midi=True, is_output=True)
        except jack.JackError:  # one of them went while they were listed
            continue
        there = {p.name for p in ports if p.name.startswith(prefix)}
        for name in there - known:
            try:
                client.connect(name, ear)
            except jack.JackError:
                # A port that was registered a moment ago: the server connects it at the next look.
                there.discard(name)
                continue
            rows.append((client.frame_time, f"+{name}"))
        rows += [(client.frame_time, f"-{name}") for name in known - there]
        known = there
    path.write_text(json.dumps(rows))
    client.deactivate()
    client.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
