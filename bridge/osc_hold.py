"""Messages of bundles until they are due; what comes too late, or is meant for another day, is dropped."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.event import Seconds
    from bridge.osc_read import Message
    from bridge.osc_server import Peer

LATE = 1.0
"""Seconds after its timetag until which a message still counts; it is done at once."""
FURTHEST = 60.0
"""Seconds ahead beyond which a timetag is a mistake, of a clock most likely."""
MOST = 4096
"""Messages that are held."""


@dataclass(slots=True)
class Hold:
    """A queue by time, bounded in number and in how far it goes.

    Attributes:
        late: How many came after their time and were done all the same.
        dropped: How many were not taken.
    """

    late: int = 0
    dropped: int = 0
    _heap: list[tuple[Seconds, int, Seconds, Peer, Message]] = field(
        default_factory=list["tuple[Seconds, int, Seconds, Peer, Message]"]
    )
    _count: int = 0

    def judge(self, at: Seconds, now: Seconds) -> str:
        """What becomes of a message that is meant for a time: "hold", "do", or why it is dropped."""
        if now - at > LATE:
            self.dropped += 1
            return f"comes {now - at:.1f} s after its timetag"
        if at - now > FURTHEST:
            self.dropped += 1
            return f"has a timetag {at - now:.0f} s ahead"
        if at <= now:
            # Some milliseconds are no lateness: a sender that means "now" writes its own now.
            self.late += now - at > 0.02
            return "do"
        if len(self._heap) >= MOST:
            self.dropped += 1
            return f"is one of more than {MOST} to come"
        return "hold"

    def add(self, release: Seconds, at: Seconds, peer: Peer, message: Message) -> None:
        """Hold a message.

        Args:
            release: When it is to be given out.
            at: When it is meant.
            peer: Who sent it.
            message: The message.
        """
        self._count += 1
        heapq.heappush(self._heap, (release, self._count, at, peer, message))

    def due(self, now: Seconds) -> list[tuple[Seconds, Peer, Message]]:
        """What is to be given out by now, in order of time, then of coming."""
        found: list[tuple[Seconds, Peer, Message]] = []
        while self._heap and self._heap[0][0] <= now:
            _, _, at, peer, message = heapq.heappop(self._heap)
            found.append((at, peer, message))
        return found

    @property
    def next_at(self) -> Seconds | None:
        """When the next one is to be given out."""
        return self._heap[0][0] if self._heap else None
