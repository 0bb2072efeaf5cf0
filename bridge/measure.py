"""How long a loop takes on JACK: notes out by one port, notes or sound back by another, counted in frames.

Asked through `bridge.asking`: a process of its own, which no session disturbs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.errors import PortNotFound
from bridge.port_names import find
from bridge.worker import pause

if TYPE_CHECKING:
    import jack

KEY, CHANNEL = 60, 0
WAIT = 1.0
"""Seconds for which a note is waited for."""
QUIET = 0.3
"""Seconds for which the noise of an audio input is listened to first."""
LOUDER = 4.0
"""How many times louder than that noise the beginning of a sound is; a small step keeps silence silent."""
STEP = 0.005
REST = 0.08
"""Seconds between two notes, about: each goes out at another moment, so that periods even out."""


def measure(to: str, back: str, kind: str, times: str, channel: str) -> dict[str, object]:
    """Send notes and note after how many frames each is back.

    Args:
        to: A part of the name of the port to which they go.
        back: A part of the name of the port from which they come back; for audio empty for the first input.
        kind: "midi" or "audio".
        times: How many notes.
        channel: 1 to 16.
    """
    try:
        import jack
    except (ImportError, OSError):
        return {"missing": "the JACK library is not installed"}
    try:
        client = jack.Client("Sempre measures", no_start_server=True)
    except jack.JackError:
        return {"missing": "no JACK server runs"}
    audio = kind == "audio"
    ways = [p.name for p in client.get_ports(is_midi=True, is_input=True)]
    returns = [p.name for p in client.get_ports(is_midi=not audio, is_audio=audio, is_output=True)]
    target, source = find(to, ways), find(back, returns)
    if target is None or source is None:
        client.close()
        lost = PortNotFound(to, ways) if target is None else PortNotFound(back, returns)
        return {"missing": str(lost).replace("MIDI", "audio") if target and audio else str(lost)}
    loop = _Loop(client, int(channel) - 1, audio=audio)
    client.activate()
    client.connect(loop.out, target)
    client.connect(source, loop.ear)
    loop.learn_noise()
    frames = [loop.ping(number) for number in range(int(times))]
    found: dict[str, object] = {
        "to": target,
        "back": source,
        "rate": client.samplerate,
        "period": client.blocksize,
        "frames": [one for one in frames if one is not None],
        "missed": frames.count(None),
    }
    client.deactivate()
    client.close()
    return found


class _Loop:
    """Sends a note at a time and watches for it; everything that is timed happens in the process callback."""

    def __init__(self, client: jack.Client, channel: int, *, audio: bool) -> None:
        self.out = client.midi_outports.register("out")
        self._notes = None if audio else client.midi_inports.register("in")
        self._sound = client.inports.register("in") if audio else None
        self.ear = self._notes or self._sound or self.out
        self._client = client
        self._channel = channel
        self._loudest = 0.0
        self._limit = 2.0
        self._key = KEY
        self._ending = b""
        self._asked = False
        self._sent: int | None = None
        self._came: int | None = None
        client.set_process_callback(self._process)

    def learn_noise(self) -> None:
        """Learn how loud it is while nothing is played."""
        if self._sound is not None:
            pause(QUIET)
            self._limit = self._loudest * LOUDER + STEP

    def ping(self, number: int) -> int | None:
        """Frames after which a note is back; None if it is not."""
        self._key = KEY + number % 12
        self._came = self._sent = None
        self._asked = True
        waited = 0.0
        while self._came is None and waited < WAIT:
            pause(0.005)
            waited += 0.005
        self._ending = bytes((0x80 | self._channel, self._key, 0))
        # A sound has to die away.
        pause(REST * (1 + number % 7 / 7) + (0.0 if self._sound is None else 2 * QUIET))
        return None if self._came is None or self._sent is None else (self._came - self._sent) & 0xFFFFFFFF

    def _process(self, _frames: int) -> None:
        first = self._client.last_frame_time
        self.out.clear_buffer()
        offset = self._first_note() if self._sound is None else self._first_sound()
        if offset is not None and self._sent is not None and self._came is None:
            self._came = first + offset
        if self._ending:
            self.out.write_midi_event(0, self._ending)
            self._ending = b""
        if self._asked:
            self._asked = False
            self.out.write_midi_event(0, bytes((0x90 | self._channel, self._key, 100)))
            self._sent = first

    def _first_note(self) -> int | None:
        found: int | None = None
        for offset, data in () if self._notes is None else self._notes.incoming_midi_events():
            message = bytes(data)
            if found is None and message[0] & 0xF0 == 0x90 and message[1] == self._key and message[2]:
                found = offset
        return found

    def _first_sound(self) -> int | None:
        if self._sound is None:
            return None
        sound = abs(self._sound.get_array())
        self._loudest = max(self._loudest, float(sound.max()))
        loud = (sound > self._limit).nonzero()[0]
        return int(loud[0]) if len(loud) else None
