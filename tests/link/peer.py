"""A Link peer that is not Sempre, with an ear for OSC: what a session in the same network is held against.

Usage: peer.py BPM [PORT]. Reads JSON lines and answers each with one: {"op": "look"},
{"op": "tempo", "bpm": 90}, {"op": "play", "on": true}, {"op": "heard"} (the OSC since the last time, each
with the beat of its timetag), {"op": "leave"}.
"""

import json
import math
import socket
import struct
import sys
import threading
import time

import link

QUANTUM = 4.0
PART = 4
"""Parts of a beat on which notes come."""
EPOCH = 2_208_988_800
"""Seconds from 1900, where timetags count from, to 1970."""


def bundle_time(packet: bytes) -> float | None:
    """The wall clock's time of a bundle's timetag."""
    if not packet.startswith(b"#bundle\0"):
        return None
    seconds, part = struct.unpack_from(">II", packet, 8)
    return seconds - EPOCH + part / 2**32


class Peer:
    """The peer and its ear.

    Args:
        bpm: Its first tempo.
        port: Where it listens for OSC; 0 is nowhere.
    """

    def __init__(self, bpm: float, port: int) -> None:
        self.link = link.Link(bpm)
        self.link.startStopSyncEnabled = True
        self.heard: list[list[float]] = []
        if port:
            self.ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.ear.bind(("127.0.0.1", port))
            threading.Thread(target=self.listen, daemon=True).start()
        self.link.enabled = True

    def micros_at(self, wall: float) -> float:
        """What Link's clock shows when the wall clock shows that; of several looks the closest."""
        looks: list[tuple[float, float]] = []
        for _ in range(9):
            before = time.time()
            micros = self.link.clock().micros()
            after = time.time()
            looks.append((after - before, micros - (before + after) / 2 * 1e6))
        return wall * 1e6 + min(looks)[1]

    def listen(self) -> None:
        """Write down of each bundle where it lies: in the cycle, and beside a quarter of a beat."""
        while True:
            wall = bundle_time(self.ear.recv(65536))
            if wall is None:
                continue
            state = self.link.captureSessionState()
            micros = self.micros_at(wall)
            # Beats between two whole microseconds: the library takes no others.
            begin = state.beatAtTime(math.floor(micros), QUANTUM)
            beat = begin + (micros - math.floor(micros)) * state.tempo() / 60e6
            beside = (beat - round(beat * PART) / PART) * 60 / state.tempo()
            self.heard.append([wall, beat % QUANTUM, beside])

    def answer(self, said: dict[str, object]) -> dict[str, object]:
        """Do what was asked."""
        state = self.link.captureSessionState()
        now = self.link.clock().micros()
        if said["op"] == "tempo":
            state.setTempo(float(str(said["bpm"])), now)
            self.link.commitSessionState(state)
        elif said["op"] == "play":
            state.setIsPlayingAndRequestBeatAtTime(bool(said["on"]), now, 0, QUANTUM)
            self.link.commitSessionState(state)
        elif said["op"] == "heard":
            heard, self.heard = self.heard, []
            return {"heard": heard}
        elif said["op"] == "leave":
            self.link.enabled = False
        state = self.link.captureSessionState()
        return {"peers": self.link.numPeers(), "bpm": state.tempo(), "playing": state.isPlaying()}


def main(arguments: list[str]) -> None:
    """Answer until the input ends."""
    peer = Peer(float(arguments[0]), int(arguments[1]) if len(arguments) > 1 else 0)

    def say(answer: object) -> None:
        print(json.dumps(answer), flush=True)

    say(peer.answer({"op": "look"}))
    for line in sys.stdin:
        say(peer.answer(json.loads(line)))
    peer.link.enabled = False


if __name__ == "__main__":
    main(sys.argv[1:])
