"""What a commit does to what plays: the same when it is accepted and when a journal is replayed."""

from __future__ import annotations

import contextlib
import math
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from bridge.clock import StandingClock
from bridge.scheduler import Scheduler
from bridge.tempo import Tempo
from bridge.transport import Transport
from repl.bus_names import names_of
from repl.commits import Commit, boundaries_of
from repl.session import layer_name
from repl.sinks import default_target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from contextlib import AbstractContextManager

    from bridge.clock import Clock
    from bridge.event import Seconds
    from bridge.layer import Layer
    from patterns.memory import Memory
    from repl.session import Session

    Deed = Callable[[Scheduler], None]
    """Done in the scheduler's thread."""
    Known = tuple[Layer, Memory]
    """A layer, and what its folds have been computed to."""


def deed_of(commit: Commit, session: Session) -> Deed | None:
    """What a commit does, by a session that has just applied it; None if nothing is heard of it.

    Args:
        commit: Any kind of it.
        session: What it does depends on what was accepted before.
    """
    kind = commit["kind"]
    if kind in {"file", "end", "typed", "ended", "recalled"}:
        return set_layers(session, boundaries_of(commit))
    if kind == "hush":
        return Scheduler.panic if commit.get("panic") else Scheduler.hush
    if kind == "mix":
        return mix(session, commit.get("since"))
    if kind == "seed":
        seed, known = session.seed, reseeded(session)
        return lambda scheduler: scheduler.set_seed(seed, known(scheduler))
    if kind == "tempo":
        tempo = Tempo.from_json(cast("list[list[float | str]]", commit["tempo"]))
        rest = bool(commit.get("rest"))
        return lambda scheduler: scheduler.retime(joined(scheduler.tempo, tempo) if rest else tempo)
    if kind == "transport":
        transport = Transport.from_json(cast("list[list[object]]", commit["passages"]))
        since = Fraction(cast("str", commit["since"]))
        return lambda scheduler: scheduler.set_transport(transport, since)
    return None


def set_layers(
    session: Session, boundaries: Mapping[str, Fraction], known: Mapping[str, Memory] | None = None
) -> Deed | None:
    """Let places get the layers that a session has at them now.

    Args:
        session: It has applied the change.
        boundaries: The places that are changed, and the cycles from which they are.
        known: What the folds of these layers have been computed to; None lets it be computed.
    """
    if not boundaries:
        return None
    muted, solo = session.muted, session.solo_places()
    # As the session has them: on their way from the versions before, where they say so.
    playing = {p: session.since(p, boundary) or [(boundary, None)] for p, boundary in boundaries.items()}

    def work(scheduler: Scheduler) -> None:
        for place, versions in playing.items():
            for begin, layer in versions:
                memory = known.get(place) if known is not None else None
                if known is None and layer is not None:
                    memory = scheduler.prepare(place, layer, begin)
                scheduler.set_layer(place, layer, begin, memory)
            is_muted = not muted.isdisjoint(names_of(layer_name(place), versions[-1][1]))
            if place in scheduler.places and is_muted != scheduler.places[place].muted:
                scheduler.set_muted(place, muted=is_muted)
        if solo != scheduler.solo:
            scheduler.set_solo(solo)

    return work


def reached(session: Session, scheduler: Scheduler, boundaries: Mapping[str, Fraction]) -> dict[str, Memory]:
    """What the folds are of layers that are on their way out: it may take longer than the scheduler can wait.

    Args:
        session: It has applied the change.
        scheduler: Knows where the music is.
        boundaries: The places that are changed, and the cycles from which they are.
    """
    trial = Scheduler(scheduler.clock, {}, scheduler.tempo, default_target, seed=session.seed)
    trial.transport = scheduler.transport
    trial.places = {place.name: place for place in session.as_places()}
    found = {
        place: trial.prepare(place, layer, begin)
        for place, boundary in boundaries.items()
        for begin, layer in session.since(place, boundary)
        if layer is not None
    }
    return {place: memory for place, memory in found.items() if memory is not None and memory.used}


def joined(before: Tempo, rest: Tempo) -> Tempo:
    """A line of time with another from where that begins."""
    first = rest.segments[0].begin
    return Tempo((*(one for one in before.segments if one.begin < first), *rest.segments))


def standing(clock: Clock) -> AbstractContextManager[Seconds]:
    """Hold a clock that can be held; gives the time."""
    return clock.standing() if isinstance(clock, StandingClock) else contextlib.nullcontext(clock.now())


def mix(session: Session, since: object = None) -> Deed:
    """Let those places be heard that are to be heard in a session.

    Args:
        session: It has applied the change.
        since: The boundary from which it holds, as a commit says it; None is as soon as possible.
    """
    muted, solo = session.muted_places(), session.solo_places()
    boundary = None if since is None else Fraction(str(since))
    return lambda scheduler: scheduler.set_mix(muted, solo, boundary)


def play_once(layers: Iterable[Layer]) -> Deed:
    """Play layers for one cycle, as soon as possible."""
    waiting = list(layers)

    def work(scheduler: Scheduler) -> None:
        for layer in waiting:
            scheduler.once(layer)

    return work


def reseeded(session: Session) -> Callable[[Scheduler], dict[str, Known]]:
    """How to find out what the folds of all that plays now are with a session's seed."""
    seed, playing = session.seed, {place: session.newest(place) for place in session.playing()}

    def known(scheduler: Scheduler) -> dict[str, Known]:
        trial = Scheduler(scheduler.clock, {}, scheduler.tempo, default_target, seed=seed)
        trial.transport = scheduler.transport
        found: dict[str, Known] = {}
        cycle = Fraction(max(0, math.floor(scheduler.tempo.cycle_at(scheduler.clock.now()))))
        for place, layer in playing.items():
            memory = trial.prepare(place, layer, cycle) if layer is not None else None
            if layer is not None and memory is not None and memory.used:
                found[place] = (layer, memory)
        return found

    return known
