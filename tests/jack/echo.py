"""A JACK client that is a loop of known length: what comes in as notes goes out again, as notes or as clicks.

Usage: echo.py NAME FRAMES midi|audio. Ports NAME:in and NAME:out. A note at a frame goes out so many frames
later, to the frame. It says "ready", and ends when its stdin is closed.
"""

import sys
from collections import deque

import jack

NOISE = 0.001
CLICK = 0.5


def main(name: str, delay: int, kind: str) -> None:
    """Echo until stdin is closed."""
    client = jack.Client(name, no_start_server=True)
    ear = client.midi_inports.register("in")
    sound_out = client.outports.register("out") if kind == "audio" else None
    notes_out = client.midi_outports.register("out") if kind == "midi" else None
    waiting: deque[tuple[int, bytes]] = deque()

    def process(frames: int) -> None:
        first = client.last_frame_time
        waiting.extend((first + offset + delay, bytes(data)) for offset, data in ear.incoming_midi_events())
        due: list[tuple[int, bytes]] = []
        while waiting and waiting[0][0] < first + frames:
            at, data = waiting.popleft()
            due.append((at - first, data))
        if sound_out is not None:
            sound = sound_out.get_array()
            sound[:] = NOISE
            for offset, data in due:
                if data[0] & 0xF0 == 0x90:
                    sound[offset:] = CLICK
        if notes_out is not None:
            notes_out.clear_buffer()
            for offset, data in due:
                notes_out.write_midi_event(offset, data)

    client.set_process_callback(process)
    client.activate()
    print("ready", flush=True)  # noqa: T201 - its report
    sys.stdin.read()
    client.deactivate(ignore_errors=True)
    client.close(ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
