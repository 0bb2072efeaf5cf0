"""Loops that were recorded while the music played: their layers, what was undone, and who keeps them."""

from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple, Protocol

import numpy as np

from plugin_host.audio import Audio, Wide, single
from plugin_host.reel import Reel

__all__ = ["MOST", "Keeping", "Loop", "Loops", "State", "halved", "merged", "one_round", "round_of"]

UNDO: Final = 16
"""How many states of a loop are remembered."""
MOST: Final = 6
"""Reels that sound together; beyond that the older ones are made one, beside the sound."""
FIRST: Final = 20.0
"""Seconds for which a fresh reel has room."""
PART: Final = 2048
"""Frames that are read at once where it does not matter when."""


class State(NamedTuple):
    """What a loop is at a time.

    Attributes:
        reels: What sounds together, the first below.
        turn: After how many cycles it comes round; 0 while there is nothing.
    """

    reels: tuple[Reel, ...] = ()
    turn: float = 0.0

    def read(self, cycles: Wide, ramps: "dict[int, Audio | float] | None" = None) -> Audio:
        """What it sounds like at some moments: float32, shape (2, frames).

        Args:
            cycles: Which, in cycles of the piece.
            ramps: How much of each reel is heard, by its identity; all of it, unless given.
        """
        out = np.zeros((2, len(cycles)), np.float32)
        for reel in self.reels:
            much = 1.0 if ramps is None else ramps.get(id(reel), 1.0)
            if reel.alone:
                out *= 1 - reel.cover(cycles) * np.float32(much)
            out += reel.read(cycles) * np.float32(much)
        return out


class Keeping(Protocol):
    """Whoever writes loops to files."""

    def keep(self, name: str, state: State) -> None:
        """Take down what a loop is now; waits for nobody."""
        ...


class Loop:
    """One loop; only the thread that renders changes it.

    Args:
        name: What it is called.
        keeping: Writes it to a file; None keeps it in memory only.

    Attributes:
        arrived: What was made beside the sound and is to be done before the next block.
        recording: How many recordings of it are going on.
    """

    def __init__(self, name: str, keeping: Keeping | None = None) -> None:
        self.name = name
        self._keeping = keeping
        self._states = [State()]
        self._here = 0
        self._heard = State()  # the reels that sound, those among them that are on their way out
        self._ramps: dict[int, Audio | float] = {}
        self._frames = 0
        self.arrived: deque[Callable[[], object]] = deque()
        self.recording = 0

    @property
    def state(self) -> State:
        """What it is now."""
        return self._states[self._here]

    @property
    def turn(self) -> float:
        """After how many cycles it comes round; 0 while there is nothing."""
        return self.state.turn

    @property
    def begin(self) -> float:
        """The cycle of the piece at which it began, within the first round."""
        reels = self.state.reels
        return reels[0].begin % self.turn if reels else 0.0

    def begin_with(self, state: State) -> None:
        """Be something from the start, before anybody plays it: what was kept in a file."""
        self._states, self._heard = [state], state

    def become(self, state: State, offset: int = 0) -> None:
        """Be something else from a frame of this block on; what was can come back by `undo`."""
        self._states[self._here + 1 :] = [state]
        self._states = self._states[-UNDO:]
        self._here = len(self._states) - 1
        self._turn_to(offset)

    def step_to(self, where: int, offset: int = 0) -> bool:
        """Go back in what was, -1, or forth again, 1; whether there is anything."""
        if not 0 <= self._here + where < len(self._states):
            return False
        self._here += where
        self._turn_to(offset)
        self.keep()
        return True

    def keep(self) -> None:
        """Have it written to its file, as it is now."""
        if self._keeping is not None:
            self._keeping.keep(self.name, self.state)

    def replaced(self, old: tuple[Reel, ...], new: Reel) -> None:
        """Several reels have been made one, which sounds like them."""

        def put(state: State) -> State:
            if state.reels[: len(old)] != old:
                return state
            return State((new, *state.reels[len(old) :]), state.turn)

        if all(reel.level == reel.target for reel in old) and put(self._heard) is not self._heard:
            self._states = [put(state) for state in self._states]
            self._heard = put(self._heard)

    def step(self, frames: int) -> None:
        """Another block begins."""
        self._frames = frames
        while self.arrived:
            self.arrived.popleft()()
        self._ramps.clear()
        gone = False
        for reel in self._heard.reels:
            gone |= reel.level == reel.target == 0.0
            if reel.level != reel.target:
                self._ramps[id(reel)] = self._moved(reel, 0)
        if gone:
            kept = tuple(one for one in self._heard.reels if one.level or one.target)
            self._heard = State(kept, self.turn)

    def read(self, cycles: Wide) -> Audio:
        """What it sounds like in this block, at some moments: float32, shape (2, frames).

        Args:
            cycles: Which, in cycles of the piece.
        """
        return self._heard.read(cycles, self._ramps)

    def _turn_to(self, offset: int) -> None:
        wanted = self.state.reels
        going = tuple(one for one in self._heard.reels if one not in wanted)
        for reel in wanted:
            if reel not in self._heard.reels:
                reel.level = reel.target = 0.0
            self._aim(reel, 1.0, offset)
        for reel in going:
            self._aim(reel, 0.0, offset)
        # What is on its way out lies below.
        self._heard = State((*going, *wanted), self.turn)

    def _aim(self, reel: Reel, target: float, offset: int) -> None:
        if reel.target != target:
            reel.target = target
            if id(reel) not in self._ramps:
                self._ramps[id(reel)] = self._moved(reel, offset)

    def _moved(self, reel: Reel, wait: int) -> Audio:
        """How much of a reel is heard in this block, from a frame of it on more or less of it."""
        way = 1 if reel.target > reel.level else -1
        steps = np.maximum(np.arange(self._frames) + 1 - wait, 0) / reel.seam
        part = np.clip(reel.level + way * steps, 0, 1)
        reel.level = float(part[-1])
        return single(part * part * (3 - 2 * part))


def round_of(state: State) -> int:
    """Frames in which a loop comes round, at the tempo of its first reel.

    Args:
        state: With at least one reel.
    """
    first = state.reels[0]
    return max(1, round(first.round * state.turn / first.turn))


def one_round(state: State) -> Iterator[Audio]:
    """What a loop is in one round, in short parts: those who render have their turn between them.

    Args:
        state: With at least one reel.
    """
    first, frames = state.reels[0], round_of(state)
    for begin in range(0, frames, PART):
        steps = np.arange(begin, min(begin + PART, frames), dtype=np.float64)
        yield state.read(first.begin + steps * (state.turn / frames))


def merged(reels: tuple[Reel, ...]) -> Reel:
    """One reel that sounds like several together; takes long.

    Args:
        reels: At least one, the first below.
    """
    first, turn = reels[0], max(reel.turn for reel in reels)
    sound = np.concatenate([*one_round(State(reels, turn))], axis=1)
    return Reel.of(sound, first.rate, first.begin, turn)


def halved(state: State) -> Reel:
    """The first half of a loop, which comes round twice as often; takes long.

    Args:
        state: With at least one reel.
    """
    first = state.reels[0]
    sound = np.concatenate([*one_round(state)], axis=1)[:, : round_of(state) // 2]
    return Reel.of(sound, first.rate, first.begin, state.turn / 2)


class Loops:
    """All loops of a session, by name; a rack that takes another's place goes on with them.

    Args:
        keeping: Writes them to files; None keeps them in memory only.
        folder: Where such files are.
    """

    def __init__(self, keeping: Keeping | None = None, folder: Path = Path("loops")) -> None:
        self._keeping, self.folder = keeping, folder
        self._all: dict[str, Loop] = {}
        self._spare: deque[Reel] = deque()

    def __contains__(self, name: str) -> bool:
        """Whether somebody has spoken of a loop."""
        return name in self._all

    def named(self, name: str) -> Loop:
        """The loop of a name; one that holds nothing yet, if there is none."""
        found = self._all.get(name)
        return self._all.setdefault(name, Loop(name, self._keeping)) if found is None else found

    def opened(self, name: str, read: Callable[[], State | None]) -> Loop:
        """The loop of a name; on any thread but the one that renders.

        Args:
            name: Which.
            read: Reads what was kept of it, if nobody has spoken of it yet.
        """
        if name not in self._all:
            loop, kept = Loop(name, self._keeping), read()
            if kept is not None:
                loop.begin_with(kept)
            self._all.setdefault(name, loop)
        return self._all[name]

    def stock(self, rate: int) -> None:
        """See that there is a reel for the next recording; on any thread."""
        if not self._spare:
            reel = Reel(round(FIRST * rate), rate)
            reel.sound.fill(0)  # the system gives memory when it is first touched
            self._spare.append(reel)

    def reel(self, rate: int) -> Reel:
        """A reel to record on."""
        while self._spare:
            found = self._spare.popleft()
            if found.rate == rate:
                return found
        return Reel(round(FIRST * rate), rate)

    def step(self, frames: int) -> None:
        """Another block begins."""
        for loop in [*self._all.values()]:
            loop.step(frames)
