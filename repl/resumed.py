"""What plays, as the scheduler of an engine has it that goes on with a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.place import Place
from bridge.recall import Recall

if TYPE_CHECKING:
    from bridge.scheduler import Scheduler
    from repl.session import Session


def go_on(scheduler: Scheduler, session: Session, suspect: str = "") -> None:
    """Let a scheduler play what a session has, where another engine stopped.

    Args:
        scheduler: That of the engine that goes on.
        session: All that was accepted.
        suspect: The place whose query took the former engine down; it goes back a version.
    """
    places = session.as_places(suspect)
    scheduler.solo, scheduler.former = session.solo_places(), session.former_mix()
    scheduler.resume(places, session.tempo, session.controls, session.transport)


def resumed(session: Session) -> list[Place]:
    """The playing places, with what their folds have reached.

    Args:
        session: All that was accepted.
    """
    out: list[Place] = []
    muted = session.muted_places()
    for name in session.sounding():
        versions = session.places[name]
        good = next((layer for _, layer in reversed(versions[:-1]) if layer is not None), None)
        recall = Recall.from_json(session.memories.get(name, {}), versions)
        if name in session.lent:
            recall.lend(*session.lent[name])
        first = versions[0][0]
        out.append(Place(name, list(versions), first, session.seed, good, muted=name in muted, recall=recall))
    return out
