"""All voices of one instrument, rendered together: times, envelopes, levels, stealing."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from plugin_host.audio import Audio, Wide, count, single
from plugin_host.controls import Controls
from plugin_host.inserts import Inserts
from plugin_host.passage import Passage

__all__ = ["FADE", "LANES", "OWN", "Bank", "Voicing"]

LANES: Final = 6
"""Rows of what a bank renders: the sound, what goes to the reverb, to the echo; each left and right."""

FADE: Final = 0.005
"""Seconds in which a voice that is stolen or choked fades."""

# Columns that each voice has; an instrument's own begin at OWN.
AGE, OFF, RELEASE, CUT, ATTACK, LEFT, OWN = 0, 1, 2, 3, 4, 5, 5 + LANES

NOBODY: Final = -1
"""In the place of an event: a voice that no event can end any more."""
_ENDS = (OFF, CUT)
_INF = float("inf")
_NOTHING: Final[Mapping[str, Any]] = {}


class Voicing:
    """How a new voice stands in the mix: what the event says, or else what the instrument says.

    Args:
        controls: What the event says.
        level: Its loudness.
        pan: 0 left to 1 right.
        room: Level that goes to the reverb beside what the whole instrument sends.
        delay: Level that goes to the echo beside what the whole instrument sends.
        own: Parameters of the instrument that this voice has for itself, in their own units.

    Attributes:
        levels: What its left and right are in the channels of the room, if it has a place of its own.
    """

    __slots__ = ("controls", "lanes", "levels", "own")

    def __init__(
        self,
        controls: Controls,
        level: float,
        pan: float,
        room: float,
        delay: float,
        own: Mapping[str, Any] = _NOTHING,
    ) -> None:
        self.own = own
        self.levels: Audio | None = None
        angle = pan * np.pi / 2
        # The middle is as loud as the mono sound itself; the sides are 3 dB more, in one channel.
        left, right = level * float(np.cos(angle)) * 2**0.5, level * float(np.sin(angle)) * 2**0.5
        self.controls = controls
        self.lanes = (left, right, left * room, right * room, left * delay, right * delay)

    def scaled(self, factor: float, other: float | None = None) -> "Voicing":
        """The same, louder by a factor; the right side by another one, if that is given."""
        made = Voicing(self.controls, 0.0, 0.5, 0.0, 0.0, self.own)
        both = (factor, factor if other is None else other)
        made.levels = self.levels
        left, right, *sends = (lane * both[number % 2] for number, lane in enumerate(self.lanes))
        made.lanes = (left, right, sends[0], sends[1], sends[2], sends[3])
        return made


class Bank(ABC):
    """The voices of one instrument.

    Args:
        rate: Frames a second.
        columns: How many numbers of its own each voice has.
        spread: Signals that each voice makes: 1, or 2 for a voice in stereo of its own.

    Attributes:
        voiced: Parameters that an event may set for its own voice.
        steady: No voice fades in, is released or choked.
        apart: Of the block that was rendered last, the lanes of the voices that have places of their own,
            with their levels in the room; what `render` gave has them not.
    """

    voiced: frozenset[str] = frozenset()

    def __init__(self, rate: int, columns: int, spread: int = 1) -> None:
        self.rate = rate
        self.spread = spread
        self.rows: Wide = np.zeros((16, OWN + columns))
        self.ids: list[int] = []
        self.groups: list[int] = []
        self.inserts: list[Inserts | None] = []
        self.places: list[Audio | None] = []
        self.apart: list[tuple[Audio, Audio]] = []
        self.passages: list[Passage | None] = []
        self._passing = False
        self.steady = False
        self.fade = max(1, round(FADE * rate))

    @property
    def count(self) -> int:
        """Voices that sound or are about to."""
        return len(self.ids)

    @abstractmethod
    def begin(self, ident: int, voicing: Voicing, offset: int) -> None:
        """Start a voice `offset` frames into the next block."""

    def start(self, ident: int, voicing: Voicing, offset: int) -> None:
        """Start a voice with whatever it has for itself, `offset` frames into the next block."""
        self.begin(ident, voicing, offset)

    def foresee(self, controls: Controls) -> None:
        """Do ahead what an event will need that takes long, such as reading a file; on any thread."""
        del controls

    def turn(self, name: str, values: Audio) -> None:
        """Move a parameter for all voices that do not have their own; before the block is rendered.

        An instrument that lists a parameter in `voiced` or `shared` follows it.

        Args:
            name: Which.
            values: In its own unit, for each frame of the next block.
        """
        del name, values

    @abstractmethod
    def signal(self, frames: int) -> Audio:
        """The voices' sound before envelope and level.

        Args:
            frames: Length of the block.

        Returns:
            Shape (voices times spread, frames).
        """

    def times(self, frames: int) -> Wide:
        """Frames since each voice began, through the block: shape (voices, frames); negative before."""
        return self.rows[: self.count, AGE, None] + count(frames)

    def finished(self, frames: int) -> "np.ndarray[tuple[int], np.dtype[np.bool_]] | None":
        """Which voices have come to an end by themselves after this block; None if voices never do."""
        return None

    def add(
        self, ident: int, voicing: Voicing, offset: int, attack: float, release: float, own: tuple[float, ...]
    ) -> int:
        """Take in a voice.

        Args:
            ident: Its event.
            voicing: How it stands in the mix.
            offset: Frames into the next block.
            attack: Seconds to fade in.
            release: Seconds to fade out.
            own: The instrument's own numbers.

        Returns:
            Its place.
        """
        place = len(self.ids)
        if place == len(self.rows):
            self.rows = np.concatenate((self.rows, np.zeros_like(self.rows)))
        rise, fall = max(1.0, attack * self.rate), max(1.0, release * self.rate)
        self.rows[place] = (-offset, _INF, fall, _INF, rise, *voicing.lanes, *own)
        self.ids.append(ident)
        self.groups.append(voicing.controls.cut)
        self.inserts.append(Inserts.of(voicing.controls, self.rate, self.spread))
        self.places.append(voicing.levels)
        self.passages.append(None)
        self.steady = False
        return place

    def end(self, ident: int, offset: int) -> bool:
        """Let go of a note `offset` frames into the next block; whether it was ours and still held."""
        found = False
        for place, one in enumerate(self.ids):
            if one == ident and self.rows[place, OFF] == _INF:
                self.let_go(place, offset)
                found = True
        return found

    def join(self, ident: int, voicing: Voicing, age: int, frames: int) -> None:
        """Start a voice that has sounded elsewhere, as if it had done so here, and let it come in.

        Args:
            ident: Its event.
            voicing: How it stands in the mix.
            age: Frames since it began.
            frames: How long it takes to come in.
        """
        before = self.count
        self.start(ident, voicing, 0)
        # It may have slid to a voice that was there, or found none: those come in by themselves.
        for place in range(before, self.count):
            self.rows[place, AGE] = age
            self.passages[place] = Passage(frames)
            self._passing = True

    def leave(self, ident: int, frames: int, wait: int = 0) -> None:
        """Let the held voices of an event go, for they play on elsewhere.

        Args:
            ident: The event; what is left of its voices is nobody's.
            frames: How long it takes.
            wait: Frames before that.
        """
        for place, one in enumerate(self.ids):
            row = self.rows[place]
            if one == ident and row[OFF] == _INF and row[CUT] == _INF and self.held(place):
                self.ids[place] = NOBODY
                row[CUT] = row[AGE] + wait + frames
                self.steady = False
                self.passages[place] = Passage(frames, wait, out=True, before=self.passages[place])
                self._passing = True

    def let_go(self, place: int, offset: int) -> None:
        """Begin a voice's release."""
        self.rows[place, OFF] = max(self.rows[place, AGE] + offset, 0.0)
        self.steady = False

    def choke(self, place: int, offset: int) -> None:
        """Fade a voice at once, `offset` frames into the next block."""
        self.rows[place, CUT] = min(self.rows[place, CUT], self.rows[place, AGE] + offset)
        self.steady = False

    def choke_group(self, group: int, offset: int) -> None:
        """Fade the older voices of a group."""
        for place, one in enumerate(self.groups):
            if one == group:
                self.choke(place, offset)

    def steal(self, place: int, offset: int) -> None:
        """End a voice for a newer one: at once if it has not sounded yet, or else by a short fade."""
        if self.rows[place, AGE] <= 0:
            self.drop(place)
        else:
            self.choke(place, offset)

    def first_fading(self) -> int | None:
        """The voice that has been fading for longest."""
        places = np.flatnonzero(self.rows[: self.count, CUT] < _INF)
        return int(places[0]) if places.size else None

    def drop(self, place: int) -> None:
        """Take a voice away without a fade."""
        keep = np.ones(self.count, dtype=bool)
        keep[place] = False
        self._keep(keep)

    def oldest(self) -> tuple[bool, float, int] | None:
        """The voice to steal: (still held, minus its age, place); those already fading do not count."""
        best: tuple[bool, float, int] | None = None
        for place in range(self.count):
            row = self.rows[place]
            if row[CUT] < _INF:
                continue
            rank = (bool(row[OFF] == _INF and self.held(place)), -float(row[AGE]), place)
            if best is None or rank < best:
                best = rank
        return best

    def held(self, place: int) -> bool:
        """Whether a voice that was not let go needs to be; a drum does not."""
        return True

    def fading(self) -> int:
        """Voices that are being choked."""
        return int(np.count_nonzero(self.rows[: self.count, CUT] < _INF))

    def silence(self) -> None:
        """Forget every voice."""
        self.ids.clear()
        self.groups.clear()
        self.inserts.clear()
        self.places.clear()
        self.passages.clear()

    def render(self, frames: int) -> Audio | None:
        """Render the next block.

        Returns:
            Shape (LANES, frames); None if nothing sounds.
        """
        voices = self.count
        if not voices:
            return None
        rows = self.rows[:voices]
        sound = self.signal(frames)
        if not self.steady:
            self.shape(sound.reshape(voices, self.spread, frames), rows)
        for place, inserts in enumerate(self.inserts):
            if inserts is not None:
                first = place * self.spread
                sound[first : first + self.spread] = inserts.process(sound[first : first + self.spread])
        if self._passing:
            self._pass(sound.reshape(voices, self.spread, frames))
        lanes = rows[:, LEFT : LEFT + LANES].astype(np.float32)
        self.apart.clear()
        out = (
            self._divided(lanes, sound)
            if any(one is not None for one in self.places)
            else self.mix(lanes, sound)
        )
        rows[:, AGE] += frames
        over = self.finished(frames)
        if not self.steady:
            done = rows[:, AGE] >= np.minimum(rows[:, OFF] + rows[:, RELEASE], rows[:, CUT] + self.fade)
            over = done if over is None else over | done
            self.steady = bool((rows[:, AGE] > rows[:, ATTACK]).all() and (rows[:, _ENDS] == _INF).all())
        if over is not None and over.any():
            self._keep(~over)
        return out

    def _pass(self, sound: Audio) -> None:
        """Let voices come and go, in place."""
        for place, passage in enumerate(self.passages):
            if passage is not None:
                sound[place] *= passage.block(sound.shape[2])
                if passage.over:
                    # One that has gone stays silent until it is taken away, a moment later.
                    self.passages[place] = passage if self.ids[place] == NOBODY else None
        self._passing = any(one is not None for one in self.passages)

    def _divided(self, lanes: Audio, sound: Audio) -> Audio:
        """Sum the voices of each place by themselves, and those that have none."""
        groups: dict[int, list[int]] = {}
        for number, levels in enumerate(self.places):
            groups.setdefault(id(levels), []).append(number)
        rest = groups.pop(id(None), [])
        voices = sound.reshape(len(lanes), self.spread, -1)

        def together(places: list[int]) -> Audio:
            return self.mix(lanes[places], voices[places].reshape(-1, sound.shape[1]))

        for places in groups.values():
            levels = self.places[places[0]]
            if levels is not None:
                self.apart.append((levels, together(places)))
        return together(rest)

    def mix(self, lanes: Audio, sound: Audio) -> Audio:
        """Sum the voices into the lanes, by each voice's levels."""
        if self.spread == 1:
            return lanes.T @ sound
        # Each signal goes to the lanes of its own side only.
        sides = np.zeros((len(lanes), 2, LANES), np.float32)
        sides[:, 0, 0::2], sides[:, 1, 1::2] = lanes[:, 0::2], lanes[:, 1::2]
        return sides.reshape(-1, LANES).T @ sound

    def shape(self, sound: Audio, rows: Wide) -> None:
        """Fade in, release and choke, in place; what merely goes on costs nothing.

        Args:
            sound: Shape (voices, spread, frames).
            rows: The voices' numbers.
        """
        time = self.times(sound.shape[2])
        rising = np.flatnonzero(rows[:, AGE] < rows[:, ATTACK])
        if rising.size:
            now = time[rising]
            up = np.clip((now + 1) / rows[rising, ATTACK, None], 0, 1) * (now >= 0)
            sound[rising] *= single(up)[:, None]
        released = np.flatnonzero(rows[:, OFF] < _INF)
        if released.size:
            off, fall = rows[released, OFF, None], rows[released, RELEASE, None]
            left = np.clip(1 - (time[released] - off) / fall, 0, 1)
            # Level at both ends, so that no corner clicks, and between them near an exponential fall.
            sound[released] *= single(left * left * left * (4 - 3 * left))[:, None]
        cut = np.flatnonzero(rows[:, CUT] < _INF)
        if cut.size:
            left = np.clip(1 - (time[cut] - rows[cut, CUT, None]) / self.fade, 0, 1)
            sound[cut] *= single(left * left * (3 - 2 * left))[:, None]

    def _keep(self, keep: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> None:
        places = np.flatnonzero(keep)
        self.rows[: len(places)] = self.rows[places]
        self.ids = [self.ids[place] for place in places]
        self.groups = [self.groups[place] for place in places]
        self.inserts = [self.inserts[place] for place in places]
        self.places = [self.places[place] for place in places]
        self.passages = [self.passages[place] for place in places]
        self.kept([int(place) for place in places])

    def kept(self, places: list[int]) -> None:
        """Called when only these places stay; an instrument with lists of its own follows."""
        del places
