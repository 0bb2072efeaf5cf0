"""A JACK client that is a keyboard: what it is told to play leaves at exact frames.

Usage: keys.py NAME. Its port is NAME:out. Lines of JSON on stdin: {"to": PORT} connects it;
{"play": [[FRAMES, HEX], ...]} plays, so many frames from now, and is answered, when all has been played, by
{"played": [[FRAME, HEX], ...]} with the frames of the server. It says {"ready": NAME}, {"connected": PORT},
and ends when its stdin is closed.
"""

import contextlib
import json
import sys
import threading
from collections import deque

import jack

AHEAD = 1024
"""Frames between being told and the first that is played."""


def main(name: str) -> None:
    """Play until stdin is closed."""
    client = jack.Client(name, no_start_server=True)
    port = client.midi_outports.register("out")
    told: deque[list[list[object]]] = deque()
    done: deque[list[list[object]]] = deque()
    waiting: list[tuple[int, bytes]] = []
    played: list[list[object]] = []
    over = threading.Event()

    def process(frames: int) -> None:
        port.clear_buffer()
        first = client.last_frame_time
        while told and not waiting:
            begin = first + AHEAD
            waiting.extend((begin + int(str(at)), bytes.fromhex(str(text))) for at, text in told.popleft())
        while waiting and waiting[0][0] < first + frames:
            at, data = waiting.pop(0)
            offset = max(0, at - first)
            port.write_midi_event(offset, data)
            played.append([first + offset, data.hex()])
            if not waiting:
                done.append(list(played))
                played.clear()

    wanted: deque[str] = deque()

    def read() -> None:
        for line in sys.stdin:
            message = json.loads(line)
            if "to" in message:
                wanted.append(str(message["to"]))
            else:
                told.append(message["play"])
        over.set()

    client.set_process_callback(process)
    client.activate()
    threading.Thread(target=read, daemon=True).start()
    print(json.dumps({"ready": client.name}), flush=True)  # noqa: T201 - its report
    while not over.wait(0.005):
        for _ in range(len(wanted)):
            target = wanted.popleft()
            try:
                with contextlib.suppress(jack.JackErrorCode):
                    client.connect(port, target)
                    print(json.dumps({"connected": target}), flush=True)  # noqa: T201 - its report
                    continue
            except jack.JackError:
                pass
            wanted.append(target)
        while done:
            print(json.dumps({"played": done.popleft()}), flush=True)  # noqa: T201 - its report
    client.deactivate(ignore_errors=True)
    client.close(ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1])
