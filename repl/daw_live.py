"""Live by AbletonOSC: clips with the notes of a piece, a track for each layer and all in one scene."""

from __future__ import annotations

import contextlib
import socket
from typing import TYPE_CHECKING, NamedTuple

from bridge.clock import SystemClock
from bridge.osc_read import OscError, read_packet
from bridge.osc_write import write_message
from bridge.worker import pause
from repl.errors import ReplError
from repl.export import PPQ, tracks_of
from repl.opened import open_pieces, play_layers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from repl.export import Track

    Values = Sequence[object]

PORT, REPLIES = 11_000, 11_001
"""Where AbletonOSC listens, and where it answers: always there, on the machine that asked last."""
ANSWER = 1.5
"""Seconds for an answer; AbletonOSC looks for messages ten times a second."""
TRIES = 4
"""How often is asked; a datagram may be lost."""
AGAIN = 0.05
"""Seconds between two questions whether something is done."""
AT_ONCE = 40
"""Notes in one message: 1,000 bytes, which every network carries whole."""


class ClipNote(NamedTuple):
    """A note as Live has it.

    Attributes:
        key: 0 to 127.
        begin: Beats from the clip's beginning.
        length: Beats.
        velocity: 1 to 127.
    """

    key: int
    begin: float
    length: float
    velocity: int


class Live:
    """A line to Live.

    Args:
        host: Where it runs.
        port: Where AbletonOSC listens.
        replies: Where it answers.

    Raises:
        ReplError: The port for answers is taken.
    """

    def __init__(self, host: str = "127.0.0.1", port: int = PORT, replies: int = REPLIES) -> None:
        self._place = (host, port)
        self._clock = SystemClock()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.bind(("", replies))
        except OSError:
            self._socket.close()
            raise ReplError(
                f"port {replies}, on which Live answers, is taken: does another program speak to AbletonOSC?"
            ) from None

    def close(self) -> None:
        """That was all."""
        self._socket.close()

    def tell(self, address: str, *values: object) -> None:
        """Say something that has no answer."""
        try:
            self._socket.sendto(write_message(address, values), self._place)
        except OSError as error:
            raise ReplError(f"nothing can be sent to {self._place[0]}:{self._place[1]} ({error})") from None

    def ask(self, address: str, *values: object) -> Values:
        """Ask, and wait for the answer; its values come after those by which it was asked.

        Raises:
            ReplError: There is no answer, or Live says that something is wrong.
        """
        for _ in range(TRIES):
            self.tell(address, *values)
            answer = self._hear(address, values)
            if answer is not None:
                return answer
        raise ReplError(
            f"Live does not answer at {self._place[0]}:{self._place[1]}. Is it open, and AbletonOSC chosen "
            "as a control surface (Settings > Link, Tempo & MIDI)? It is at github.com/ideoforms/AbletonOSC"
        )

    def until(self, address: str, values: Values, wanted: Callable[[object], bool], what: str) -> None:
        """Ask until the answer is as it should be: Live does what it is told a moment later.

        Raises:
            ReplError: It never is.
        """
        for _ in range(20):
            answer = self.ask(address, *values)
            if answer and wanted(answer[0]):
                return
            # Live may answer all twenty between two of its steps.
            pause(AGAIN)
        raise ReplError(f"Live does not do it: {what}")

    def _hear(self, address: str, asked: Values) -> Values | None:
        """The answer, if it comes in time; what else is heard is passed over."""
        until = self._clock.now() + ANSWER
        while (left := until - self._clock.now()) > 0:
            self._socket.settimeout(left)
            try:
                packet = self._socket.recv(65_536)
            except TimeoutError:
                return None
            except OSError:
                continue  # nobody listens there: Windows and Linux say so at the next receive
            with contextlib.suppress(OscError):
                for timed in read_packet(packet):
                    message = timed.message
                    if message.address == "/live/error":
                        raise ReplError(f"Live says: {' '.join(map(str, message.arguments))}")
                    if message.address == address and list(message.arguments[: len(asked)]) == list(asked):
                        return message.arguments[len(asked) :]
        return None


def write_clips(
    files: Sequence[Path], cycles: int, *, scene: int = 1, seed: int | None = None, live: Live | None = None
) -> str:
    """Write the layers of pieces as clips into Live; gives what is to be said about it.

    Each layer goes to the track that has its name, which is made if there is none; its clip in that scene is
    replaced.

    Args:
        files: The pieces, played together from cycle 0.
        cycles: How many cycles the clips are long, 1 to 1024.
        scene: In which scene, counted from 1.
        seed: Another seed than the pieces' own.
        live: A line to Live, which is closed; without it one to this machine.

    Raises:
        LoadError: A piece cannot be loaded.
        ReplError: Nothing in it can be played by notes, or Live does not answer.
    """
    if not 1 <= cycles <= 1024:
        raise ReplError(f"clips: --cycles must be 1 to 1024 (got {cycles})")
    if not 1 <= scene <= 1000:
        raise ReplError(f"clips: --scene must be 1 to 1000 (got {scene})")
    opened = open_pieces(files, seed)
    troubles: list[str] = []
    events = play_layers(opened.pieces, opened.tempo, opened.seed, opened.seconds(cycles), troubles)
    length = float(cycles * opened.beats)
    clips = {track.name: clip_notes(track, length) for track in tracks_of(opened, events, PPQ, troubles)}
    clips = {name: notes for name, notes in clips.items() if notes}
    if not clips:
        raise ReplError("\n".join([*dict.fromkeys(troubles), "nothing in it can be played by notes"]))
    line = Live() if live is None else live
    try:
        line.ask("/live/test")
        line.tell("/live/song/set/tempo", float(opened.bpm))
        _make_scenes(line, scene)
        names = [str(name) for name in line.ask("/live/song/get/track_names")]
        for name, notes in clips.items():
            track = names.index(name) if name in names else _make_track(line, names, name)
            _write_clip(line, track, scene - 1, name, length, notes)
    finally:
        line.close()
    count = sum(map(len, clips.values()))
    said = f"Live: {count} notes in {len(clips)} clips of {length:g} beats, scene {scene}: {', '.join(clips)}"
    return "\n".join([*dict.fromkeys(troubles), said, "notes only: AbletonOSC takes no controllers or bends"])


def clip_notes(track: Track, length: float) -> list[ClipNote]:
    """The notes of a track, in beats; what rings beyond the clip's end ends there."""
    sounding: dict[tuple[int, int], tuple[int, int]] = {}
    found: list[ClipNote] = []

    def end(place: tuple[int, int], tick: int) -> None:
        begun = sounding.pop(place, None)
        if begun is not None:
            begin = begun[0] / PPQ
            found.append(ClipNote(place[1], begin, min(tick / PPQ, length) - begin, begun[1]))

    for tick, data in track.rows:
        kind, place = data[0] & 0xF0, (data[0] & 15, data[1])
        if kind in (0x80, 0x90):
            end(place, tick)
        if kind == 0x90 and data[2]:
            sounding[place] = (tick, data[2])
    for place in list(sounding):
        end(place, round(length * PPQ))
    return sorted((note for note in found if note.length > 0), key=lambda note: (note.begin, note.key))


def _make_scenes(line: Live, wanted: int) -> None:
    (there,) = line.ask("/live/song/get/num_scenes")[:1]
    for number in range(int(str(there)), wanted):
        line.tell("/live/song/create_scene", -1)
        line.until("/live/song/get/num_scenes", (), lambda n, k=number: int(str(n)) > k, "make a scene")


def _make_track(line: Live, names: list[str], name: str) -> int:
    number = len(names)
    line.tell("/live/song/create_midi_track", -1)
    line.until("/live/song/get/num_tracks", (), lambda n: int(str(n)) > number, "make a track")
    line.tell("/live/track/set/name", number, name)
    names.append(name)
    return number


def _write_clip(line: Live, track: int, slot: int, name: str, length: float, notes: list[ClipNote]) -> None:
    place = (track, slot)
    (there,) = line.ask("/live/clip_slot/get/has_clip", *place)[:1]
    if there:
        line.tell("/live/clip_slot/delete_clip", *place)
        line.until("/live/clip_slot/get/has_clip", place, lambda n: not n, f"delete the old clip of {name}")
    line.tell("/live/clip_slot/create_clip", *place, length)
    # Notes that come before the clip is there are lost: so it is waited for.
    line.until("/live/clip_slot/get/has_clip", place, bool, f"make a clip for {name}: is it a MIDI track?")
    line.tell("/live/clip/set/name", *place, name)
    for first in range(0, len(notes), AT_ONCE):
        values: list[object] = []
        for note in notes[first : first + AT_ONCE]:
            values += [note.key, note.begin, note.length, note.velocity, False]
        line.tell("/live/clip/add/notes", *place, *values)
        # One after the other: a question is answered when what was told before it is done.
        line.ask("/live/clip/get/name", *place)
