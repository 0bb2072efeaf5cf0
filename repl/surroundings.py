"""What the music needs of the engine around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from bridge.event import Seconds
    from bridge.layer import Target
    from bridge.tempo import Tempo
    from repl.commits import Commit
    from repl.linking import Start


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the music needs of the engine around it.

    Args:
        tell: Hands a commit to the understudy.
        later: Has work done in the main thread.
        post: Has work done in the scheduler's thread.
        get_ready: Waits until the sinks have what they need for these targets.
        first_cycle: Told when cycle 0 begins.
        limit: Guards one query of a rehearsal.
        inputs: Told when the pieces may have other inputs than before.
        turned: Told when an input was moved at the prompt.
        note: Writes a row into the journal; called in both threads.
        lead: Tells a Link session of our tempo: when its changes begin, and the line.
        kept: Told when a scene has been kept.
        meet: See `repl.linking.Linking.meet`.
        ahead: Seconds of sound that are made before they are heard: what changes in them comes late.
    """

    tell: Callable[[Commit], None]
    later: Callable[[Callable[[], object]], None]
    post: Callable[[Callable[[], None]], None]
    get_ready: Callable[[Sequence[Target]], None]
    first_cycle: Callable[[Seconds], None]
    limit: Callable[[float], AbstractContextManager[None]] | None = None
    inputs: Callable[[], None] = lambda: None
    turned: Callable[[str, float], None] = lambda _name, _position: None
    note: Callable[[Commit], None] = lambda _: None
    kept: Callable[[], None] = lambda: None
    lead: Callable[[Seconds, Tempo], None] = lambda _before, _tempo: None
    meet: Callable[[Seconds, float], Start | None] = lambda _early, _bpm: None
    ahead: Callable[[], Seconds] = lambda: 0.0
