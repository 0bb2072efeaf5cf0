"""A process that plays tones on a driver and listens to its input; prints what it heard.

Run as `python pulse_ear.py DRIVER`, where the output leads back to the input.
"""

import json
import sys
import time
from typing import NamedTuple

import numpy as np

from bridge.worker import pause
from plugin_host.audio import Audio, single
from plugin_host.audio_settings import AudioSettings
from plugin_host.drivers import Driver, try_driver

EVERY, LENGTH = 12_000, 1200
"""Frames between the beginnings of two tones, and of each."""


class Heard(NamedTuple):
    """What came in: whether it was enough, at which frames tones began, and whether the sides differ."""

    heard: bool
    deaf: str
    names: tuple[str, ...]
    begins: list[int]
    turned: bool


def listen(driver: Driver, patience: float) -> Heard:
    """Play and listen until three tones were heard."""
    asked = [0]

    def pull(position: int, frames: int) -> Audio:
        at = np.arange(position, position + frames)
        asked[0] = position + frames
        wave = np.where(at % EVERY < LENGTH, 0.5 * np.sin(2 * np.pi * 1000 / 48_000 * at), 0)
        return single(np.stack([wave, -wave]))

    driver.start(pull)
    intake = driver.intake
    assert intake is not None, driver.deaf
    read, parts = None, [np.zeros((2, 0), np.float32)]
    deadline = time.monotonic() + patience
    begins: list[int] = []
    while time.monotonic() < deadline and len(begins) < 4:
        pause(0.01)
        if read is None and asked[0]:
            read = asked[0]
        while read is not None and read + 256 <= asked[0]:
            part = np.empty((2, 256), np.float32)
            intake.read(read, part)
            parts.append(part)
            read += 256
        sound = np.concatenate(parts, axis=1)
        loud = np.flatnonzero(np.abs(sound[0]) > 0.2)
        begins = [
            int(one) for one, gap in zip(loud, np.diff(loud, prepend=-EVERY), strict=True) if gap > 2000
        ]
    driver.stop()
    sound = np.concatenate(parts, axis=1)
    turned = bool(np.allclose(sound[0], -sound[1], atol=0.01))
    return Heard(len(begins) >= 4, driver.deaf, intake.names, begins, turned)


def main(name: str) -> None:
    """Three times at most: the sound server itself may stand still on a busy machine."""
    for _ in range(3):
        found = listen(try_driver(name, AudioSettings(name, inputs=2)), 6.0)
        if found.heard:
            sys.stdout.write(json.dumps(found._asdict()) + "\n")
            return
    sys.exit("nothing was heard")


if __name__ == "__main__":
    main(sys.argv[1])
