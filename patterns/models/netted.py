"""Frames of which a net is a part: what it says is mixed with what was counted."""

from __future__ import annotations

from functools import lru_cache

from patterns.models.chorales import Frames, FrameState
from patterns.models.nets import Reckoner, asked, said, seen
from patterns.models.protocol import Allowed, Card, Odds, narrowed
from patterns.models.scores import FRAMES_IN_BEAT, HOLD

__all__ = ["NettedFrames"]

KEPT = 64
"""Frames whose memory is kept: a frame is asked for each of its voices, and in several attempts."""
_FEW = 1e-9


class NettedFrames(Frames):
    """Frames that know two ways to guess: by counts, and by a net; what they say is mixed.

    Counts know by heart what came, and nothing of what is further back than the note before; a net of one
    recurrent step in each frame hears how the piece has gone so far.

    Args:
        counts: What was counted.
        net: Who reckons what the net says.
        share: How much the net counts, 0 to 1.
    """

    __slots__ = ("_stepped", "counts", "net", "share")

    def __init__(self, counts: Frames, net: Reckoner, share: float) -> None:
        super().__init__(counts.voices, counts.card)
        self._take(counts)
        self.counts, self.net, self.share = counts, net, share
        self._stepped = lru_cache(KEPT)(net.step)

    def start(self, minor: bool = False, bar: int = 4 * FRAMES_IN_BEAT) -> FrameState:
        """The state before anything was played."""
        return super().start(minor, bar)._replace(memory=self.net.start())

    def query(self, state: FrameState, allowed: Allowed = None) -> Odds:
        """Say what the next voice may do, see `Frames.query`."""
        mixed = {token: self.share * chance for token, chance in self.says(state).items()}
        if self.share < 1:
            for token, chance in super().query(state).items():
                mixed[token] = mixed.get(token, 0.0) + (1 - self.share) * chance
        return narrowed(mixed, allowed, self._possible(len(state.now)))

    def feed(self, state: FrameState, value: int) -> FrameState:
        """The state after the next voice did something."""
        after = super().feed(state, value)
        return after if after.now else after._replace(memory=self._heard(state))

    def chance(self, state: FrameState, value: int) -> tuple[float, float]:
        """Say how likely a token is, and how likely its pitch is, see `Frames.chance`."""
        says = self.says(state)
        exact = says.get(value, _FEW)
        own = state.held[len(state.now)]
        twin = own if value == HOLD else HOLD if value == own and own >= 0 else None
        pitch = exact + (says.get(twin, 0.0) if twin is not None else 0.0)
        if self.share < 1:
            counted = super().chance(state, value)
            exact = self.share * exact + (1 - self.share) * counted[0]
            pitch = self.share * pitch + (1 - self.share) * counted[1]
        return exact, pitch

    def says(self, state: FrameState) -> dict[int, float]:
        """What the net alone says of the next voice."""
        shape, voice = self.net.shape, len(state.now)
        answers = self.net.answer(self._heard(state), voice, asked(shape, state))
        return said(shape, state.held[voice], answers)

    def with_card(self, card: Card, least: int = 1) -> NettedFrames:
        """The same with another card, see `Frames.with_card`."""
        return NettedFrames(super().with_card(card, least), self.net, self.share)

    def _heard(self, state: FrameState) -> str:
        """What the net remembers once it has seen the frame before: the same for all voices of a frame."""
        return self._stepped(state.memory, tuple(seen(self.net.shape, state)))
