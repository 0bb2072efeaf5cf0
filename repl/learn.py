"""What can be said at the prompt to a keyboard: learn a controller, take down what was played."""

from __future__ import annotations

import json
import keyword
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bridge.midi_in_maps import LAYER
from patterns.inputs import MIDI
from patterns.views import Drawing
from repl.errors import ReplError
from repl.remote import inputs_in_session
from repl.session import layer_name
from repl.sound_take import take_file
from repl.take import read_takes, written

if TYPE_CHECKING:
    from collections.abc import Callable

    from repl.session import Session

    Tell = Callable[[dict[str, object]], object]
    TellMixer = Callable[[bytes, bytes], object]

TAKE = b"T"
"""What the mixer is told to record."""


class Desk(Protocol):
    """What these commands need of an engine."""

    session: Session

    @property
    def passed(self) -> float:
        """How many cycles have passed."""
        ...


class ByHand:
    """Commands for what comes in by MIDI.

    Args:
        desk: The engine.
        tell: Tells the process in which MIDI comes in.
        takes: Where that writes down what is played.
        mixer: Tells the mixer.
    """

    def __init__(self, desk: Desk, tell: Tell, takes: Path | None, mixer: TellMixer = max) -> None:
        self._music = desk
        self._mixer = mixer
        self._tell = tell
        self._takes = takes

    def learn(self, name: str, low: float = 0.0, high: float = 1.0, *, pickup: bool = True) -> None:
        """Let the MIDI controller that is moved next move a knob, or mute a layer; it is kept in a file.

        Args:
            name: Of a knob, toggle or button of the piece, of half a pad ("space.x"), or of a layer.
            low: Where the knob is with the controller down, 0 to 1.
            high: Where it is with the controller up, 0 to 1.
            pickup: Wait until the controller has come to where the knob is, so that nothing jumps.

        Example: `learn("cutoff")`, then move a fader
        """
        inputs = {one.name: one for one in inputs_in_session(self._music.session) if one.kind != MIDI}
        layers = {layer_name(place) for place in self._music.session.playing()}
        if name not in inputs and name not in layers:
            there = sorted({*inputs, *layers})
            near = get_close_matches(str(name), there, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f" (there: {', '.join(there) or 'none'})"
            raise ReplError(f"learn: no knob and no layer is called {name!r}{hint}")
        for limit in (low, high):
            if isinstance(limit, bool) or not isinstance(limit, int | float) or not 0 <= limit <= 1:  # pyright: ignore[reportUnnecessaryIsInstance] - a musician may write anything
                raise ReplError(f"learn: low and high are positions from 0 to 1 (got {limit!r})")
        kind = "knob" if name in inputs else LAYER
        jumps = name in inputs and inputs[name].kind in ("button", "toggle")
        row = {"name": str(name), "low": float(low), "high": float(high), "kind": kind}
        self._tell({"op": "learn", "row": {**row, "pickup": bool(pickup) and not jumps}})

    def unlearn(self, *names: str) -> None:
        """Let controllers no longer move these; and stop waiting for one.

        Args:
            *names: Of knobs or layers.
        """
        self._tell({"op": "unlearn", "names": [str(name) for name in names]})

    def learnt(self) -> None:
        """Say which controllers move what."""
        self._tell({"op": "learnt"})

    def record(self, sound: str | bool | None = None, *, stems: bool = False) -> str:
        """Mark where a take begins: this cycle; or record the sound, `record("take.flac")`.

        All that a keyboard plays is written down, marked or not. The sound is what is heard; a file that is
        there is kept, and the take gets a number.

        Args:
            sound: A .wav or .flac file, or only "wav" or "flac"; False ends the recording of the sound.

            stems: Each instrument for itself as well, before the master, in a folder beside the file.

        Example: `record("flac")`, and later `record(False)`
        """
        if sound is not None:
            return self._record_sound(sound, stems=stems)
        cycle = int(self._music.passed)
        self._tell({"op": "record", "cycle": str(cycle)})
        return Drawing(f"recording from cycle {cycle}; take() gives what was played")

    def _record_sound(self, sound: str | bool, *, stems: bool) -> str:
        if sound is False:
            self._mixer(TAKE, json.dumps({"path": None}).encode())
            return Drawing("the take ends here; where it is and how long is said when all of it is written")
        if not isinstance(sound, str):
            raise ReplError(f'record: a file such as "take.flac", or False to end it (got {sound!r})')
        path = take_file(sound)
        self._mixer(TAKE, json.dumps({"path": str(path), "stems": bool(stems)}).encode())
        return Drawing("recording what is heard; record(False) ends it")

    def take(self, name: str = "taken", *, cycles: int | None = None, grid: int | None = None) -> str:
        """Give what was played on a keyboard as code: since `record()`, else the last phrase.

        Args:
            name: What it is to be bound to.
            cycles: The last so many cycles in which anything was played, instead; 1 to 64.
            grid: Steps in a cycle to which notes go, 1 to 960, such as 16; without it as they were played.

        Example: `take("riff", grid=16)`, to be pasted into the piece
        """
        if not str(name).isidentifier() or keyword.iskeyword(str(name)):
            raise ReplError(f"take: a name for it, such as riff (got {name!r})")
        for what, value, most in (("cycles", cycles, 64), ("grid", grid, 960)):
            if value is not None and (isinstance(value, bool) or value not in range(1, most + 1)):
                raise ReplError(f"take: {what} is a whole number from 1 to {most} (got {value!r})")
        if self._takes is None:
            raise ReplError("take: nothing is written down here")
        now = Fraction(self._music.passed)
        rows, since = read_takes(self._takes)
        return Drawing(written(rows, now, name=str(name), cycles=cycles, grid=grid, since=since))
