"""Whose instrument follows whose: what the desk knows of it, and who plays for one that is not there."""

import json
from collections.abc import Callable, Collection, Iterable
from functools import partial
from typing import cast

from bridge.event import Agenda, Seconds, SinkEvent
from patterns.parameter_names import SUCCEEDS
from plugin_host.passage import PASSAGE
from plugin_host.succession import Held, Succeeding

__all__ = ["Heirs", "said", "succeeds"]

_MARK = f'{{"{SUCCEEDS}"'.encode()
WARM: Seconds = 1.0
"""Seconds for which notes sound unheard in a plugin that is to take them over."""
TOGETHER: Seconds = 0.001
"""Seconds within which layers that leave one instrument leave it together."""


def succeeds(event: SinkEvent) -> bool:
    """Whether an event says which instrument its layer leaves for its own."""
    return event.on.startswith(_MARK)


def said(event: SinkEvent) -> dict[str, object]:
    """What an event says.

    Raises:
        TypeError: It is no table.
        ValueError: It is no JSON.
    """
    return dict(cast("dict[str, object]", json.loads(event.on)))


class Heirs:
    """Lets one route follow another for a layer, when its time has come and its instrument is there.

    Until then, and where it cannot be built at all, the former one plays what is meant for it.

    Args:
        agendas: Where events are held.
        rack: The instruments, as they are at that moment.

    Attributes:
        on_spare: Told of a route whose instrument plays on under another number, or is of no more use.
    """

    def __init__(self, agendas: Collection[Agenda], rack: Callable[[], object]) -> None:
        self.on_spare: Callable[[int], object] = int
        self._agendas = agendas
        self._rack = rack
        self._owed: dict[int, dict[int, int]] = {}  # by route: the routes that its layers have left
        self._to_come: dict[int, tuple[Seconds, int, int, int]] = {}  # by event: when, layer, former, route
        self._warm: dict[int, list[int]] = {}  # by such an event: those whose notes were begun for it

    def expect(self, event: SinkEvent) -> None:
        """Know of a succession that is to come, and have read what the notes may need that are held then."""
        former, rack = _former(event), self._rack()
        if former is None or not isinstance(rack, Succeeding):
            return
        self._to_come[event.id] = (event.at, event.layer, former, event.route)
        mine = [one for one in self._known() if one.layer == event.layer and not succeeds(one)]
        rack.foresee_soon(event.route, [partial(said, one) for one in mine])

    def forget(self, idents: Iterable[int] | None = None) -> None:
        """Some are not to come any more; or none is."""
        for ident in [*self._to_come] if idents is None else idents:
            if ident in self._to_come:
                self._cool(ident, self._to_come.pop(ident)[3])

    def playing(self, route: int) -> int:
        """The route whose instrument plays what is meant for one, now."""
        seen = {route}
        while (owed := self._owed.get(route)) and not self._has(route):
            # Whoever left first: what that played on has done so for longest.
            route = next(iter(owed.values()))
            if route in seen:
                break
            seen.add(route)
        return route

    def foreseen(self, route: int) -> int:
        """The route whose instrument will play it, as far as is known: its own if that is there."""
        if not (self._owed or self._to_come) or self._has(route):
            return route
        formers = (former for _, _, former, own in self._to_come.values() if own == route)
        return self.playing(route if route in self._owed else next(formers, route))

    def begin(self, event: SinkEvent, at: Seconds) -> None:
        """Let an instrument follow another.

        Args:
            event: Says so.
            at: When.
        """
        former = _former(event)
        if former is not None and former != event.route:
            self._owed.setdefault(event.route, {})[event.layer] = former
            if self._has(event.route):
                self._settle(event.route, at)
        self._cool(event.id, event.route)
        self._to_come.pop(event.id, None)

    def warm(self, now: Seconds) -> None:
        """Let plugins begin the notes unheard that they are to take over: they cannot be told their age.

        Args:
            now: The present.
        """
        for ident, (at, layer, left, route) in self._to_come.items() if self._to_come else ():
            rack = self._rack()
            if at > now + WARM or not isinstance(rack, Succeeding) or not rack.has(route):
                continue
            begun, there = self._warm.setdefault(ident, []), {*rack.voices(self.playing(left))}
            held = [
                one
                for agenda in self._agendas
                for one in agenda.begun()
                if one.layer == layer and one.id in there and one.until > at + PASSAGE and one.id not in begun
            ]
            if held:
                rack.warm(route, [Held(one.id, said(one), max(0.0, now - one.at)) for one in held])
                begun += [one.id for one in held]

    def _cool(self, ident: int, route: int) -> None:
        rack, begun = self._rack(), self._warm.pop(ident, None)
        if begun and isinstance(rack, Succeeding):
            rack.cool(route, begun)

    def built(self, at: Seconds) -> list[int]:
        """Let those follow whose instruments have come late; gives their routes.

        Args:
            at: The present.
        """
        late = [route for route in self._owed if self._has(route)]
        for route in late:
            self._settle(route, at)
        return late

    def _has(self, route: int) -> bool:
        rack = self._rack()
        return not isinstance(rack, Succeeding) or rack.has(route)

    def _settle(self, route: int, at: Seconds) -> None:
        rack = self._rack()
        for layer, left in self._owed.pop(route, {}).items():
            former = self.playing(left)
            # It has left that, too, however little of that there was.
            self._owed.get(left, {}).pop(layer, None)
            if former == route or not isinstance(rack, Succeeding):
                continue
            there = {*rack.voices(former)}
            sounding = [one for agenda in self._agendas for one in agenda.begun() if one.id in there]
            mine = [one for one in sounding if one.layer == layer and one.until > at + PASSAGE]
            held = [Held(one.id, said(one), max(0.0, at - one.at)) for one in mine]
            leaving = self._leaving(left, route, at) | {layer}
            others = (one for agenda in self._agendas for one in agenda.to_come() if one.route == former)
            alone = all(one.layer in leaving for one in (*sounding, *others))
            beside = partial(self._beside, {former: route} if alone else {}, at)
            if rack.succeed(former, route, held, alone=alone, beside=beside):
                self.on_spare(former)

    def _leaving(self, left: int, route: int, at: Seconds) -> set[int]:
        """The layers that leave one instrument for the same other, together."""
        others = self._to_come.values()
        return {layer for when, layer, *way in others if when <= at + TOGETHER and way == [left, route]}

    def _beside(self, ways: dict[int, int], at: Seconds) -> dict[int, int]:
        """The routes that all their layers leave at a moment, each for one other: those, and the others.

        Args:
            ways: What is known of them.
            at: The moment.
        """
        rack = self._rack()
        leaving: dict[int, dict[int, int]] = {}
        for when, layer, left, route in self._to_come.values():
            if when <= at + TOGETHER:
                leaving.setdefault(self.playing(left), {})[layer] = route
        layers = {one.id: one.layer for agenda in self._agendas for one in agenda.begun()}
        to_come = {(one.route, one.layer) for agenda in self._agendas for one in agenda.to_come()}
        for left, others in leaving.items():
            voices = rack.voices(left) if isinstance(rack, Succeeding) else ()
            there = {layers[ident] for ident in voices if ident in layers}
            there |= {layer for route, layer in to_come if route == left}
            if there <= others.keys() and len({*others.values()}) == 1:
                ways[left] = next(iter(others.values()))
        return ways

    def _known(self) -> list[SinkEvent]:
        return [one for agenda in self._agendas for one in (*agenda.begun(), *agenda.to_come())]


def _former(event: SinkEvent) -> int | None:
    try:
        former: object = said(event).get(SUCCEEDS)
    except (TypeError, ValueError):
        return None
    return former if isinstance(former, int) else None
