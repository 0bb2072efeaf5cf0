"""A JACK client in a process of its own that moves the transport and says what becomes of it.

Reads lines "start", "stop", "locate FRAME", "lead BPM" (tell bars and beats); writes a row of JSON whenever
the transport starts, stops or jumps: [rolling, frame of the server, frame of the transport]; and with "query"
what it says now: ["query", rolling, frame, bpm, bar, beat, tick], without a master bpm is 0.
"""

import json
import queue
import sys
import threading
from typing import Any

import jack

BBT = 0x10


def main() -> None:
    """Follow what is said until it ends."""
    client = jack.Client("conductor", no_start_server=True)
    rows: queue.SimpleQueue[list[object]] = queue.SimpleQueue()
    last: list[tuple[bool, int]] = [(False, 0)]

    def process(frames: int) -> None:
        state, position = client.transport_query_struct()
        rolling, frame = state == jack.ROLLING, int(position.frame)
        was, expected = last[0]
        if rolling != was or (rolling and frame != expected):
            rows.put([rolling, client.last_frame_time, frame])
        last[0] = rolling, frame + frames

    client.set_process_callback(process)
    client.activate()
    print(json.dumps(["ready"]), flush=True)  # noqa: T201 - its report

    def say() -> None:
        while True:
            print(json.dumps(rows.get()), flush=True)  # noqa: T201 - its report

    threading.Thread(target=say, daemon=True).start()
    bpm = [0.0]

    def tell(_state: int, _frames: int, position: Any, _new: bool) -> None:
        beats = position.frame / position.frame_rate * bpm[0] / 60
        bar, beat = divmod(int(beats), 4)
        position.bar, position.beat, position.tick = bar + 1, beat + 1, int(beats % 1 * 1920)
        position.beats_per_bar, position.beat_type, position.ticks_per_beat = 4.0, 4.0, 1920.0
        position.beats_per_minute = bpm[0]
        position.bar_start_tick = bar * 4 * 1920.0
        position.valid |= BBT

    for line in sys.stdin:
        word, _, argument = line.strip().partition(" ")
        if word == "start":
            client.transport_start()
        elif word == "stop":
            client.transport_stop()
        elif word == "locate":
            client.transport_locate(int(argument))
        elif word == "lead":
            bpm[0] = float(argument)
            client.set_timebase_callback(tell)
        elif word == "query":
            state, p = client.transport_query_struct()
            told = bool(p.valid & BBT)
            found = [p.beats_per_minute, p.bar, p.beat, p.tick] if told else [0.0, 0, 0, 0]
            rows.put(["query", state == jack.ROLLING, int(p.frame), *found])
    client.deactivate()
    client.close()


if __name__ == "__main__":
    main()
