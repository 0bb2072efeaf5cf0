"""One instrument follows another while it plays: it goes on as that, or hands its held notes over."""

from collections.abc import Callable, Collection, Mapping, MutableMapping, Sequence
from typing import Final, NamedTuple, Protocol, runtime_checkable

from plugin_host.bus_succession import Beside, bring_buses, nobody
from plugin_host.controls import Controls, read_controls
from plugin_host.graph import Graph
from plugin_host.kinship import same_shape
from plugin_host.plugin_bank import PluginBank
from plugin_host.strip import Strip

__all__ = ["GONE", "Held", "Succeeding", "Succession"]

GONE: Final = -1
"""In the place of a route: what played there is no more, and so cannot be heard out."""


class Held(NamedTuple):
    """A note that sounds on.

    Attributes:
        ident: Its event.
        controls: What that says.
        age: Seconds since it began.
    """

    ident: int
    controls: Mapping[str, object]
    age: float


@runtime_checkable
class Succeeding(Protocol):
    """Instruments that can follow each other."""

    def has(self, route: int) -> bool:
        """Whether a route has its instrument."""
        ...

    def voices(self, route: int) -> list[int]:
        """The events whose voices sound on a route."""
        ...

    def succeed(
        self, former: int, route: int, held: Sequence[Held], *, alone: bool, beside: Beside = nobody
    ) -> bool:
        """Let a route follow another from the next block on; whether what the former has now can be put away.

        That is so where its instrument just goes on, or has a plugin that failed for good.

        Args:
            former: Which plays, or `GONE`.
            route: Which is to play; it has its instrument.
            held: The notes that are to sound on there.
            alone: Whether nobody else plays on the former any more.
            beside: The routes which everybody leaves at this moment, with those that follow them.
        """
        ...

    def warm(self, route: int, held: Sequence[Held]) -> None:
        """Have notes begin on a route without being heard, where that makes them sound as they will have to.

        Args:
            route: Which is to play soon.
            held: The notes that will have to sound on there.
        """
        ...

    def cool(self, route: int, idents: Collection[int]) -> None:
        """Let go of notes that were warmed and are not wanted after all.

        Args:
            route: On which.
            idents: Their events.
        """
        ...

    def foresee_soon(self, route: int, several: Sequence[Callable[[], Mapping[str, object]]]) -> None:
        """Have read, beside the sound, what events need.

        Args:
            route: Where they may have to sound.
            several: What they say.
        """
        ...


class Succession:
    """Lets strips follow each other.

    Args:
        strips: The rack's, by route.
        graph: Their buses.
        make_room: Sees that one more voice may sound.
        report: Takes a line about what cannot be played as it was meant.
    """

    def __init__(
        self,
        strips: MutableMapping[int, Strip],
        graph: Graph,
        make_room: Callable[[int], object],
        report: Callable[[str], None],
    ) -> None:
        self._strips = strips
        self._graph = graph
        self._make_room = make_room
        self._report = report

    def hand_over(
        self, former: int, route: int, held: Sequence[Held], *, alone: bool, beside: Beside = nobody
    ) -> bool:
        """Let a route follow another; whether the former's instrument just goes on.

        If both are of one shape and nobody else plays on the former, it goes on with all that sounds, and
        its parameters glide; else the new one takes the held notes over, and the old one rings out. The same
        holds for the buses on the way.

        Args:
            former: Which plays, or `GONE`.
            route: Which is to play.
            held: The notes that are to sound on there.
            alone: Whether nobody else plays on the former any more.
            beside: The routes which everybody leaves at this moment, with those that follow them.
        """
        old, new = self._strips.get(former), self._strips.get(route)
        if new is None or old is new:
            return False
        if old is None:
            for one in held:
                self._join(new, one, read_controls(one.controls, self._report))
            return False
        if old.into is not new.into:
            bring_buses(self._strips, self._graph, former, route, beside)
        if old.asleep:
            return False
        there = None if old.into is None else old.into.chain
        if alone and there == new.chain.to and not new.bank.count and same_shape(old.chain, new.chain):
            # It goes on; the one that was built for its place waits where it was, as whoever may come back.
            mine, its = old.chain, new.chain
            self._strips[former], self._strips[route] = new, old
            old.become(its)
            new.become(mine)
            return True
        early = new.bank.early if isinstance(new.bank, PluginBank) else 0
        playing = {*old.bank.ids}
        sounding = [(one, read_controls(one.controls, self._report)) for one in held if one.ident in playing]
        for one, controls in sounding:
            self._join(new, one, controls)
        # Told so much earlier than it is heard on the new one, and given by the old one so much later.
        wait = max(0, new.lead - old.lead + old.instrument_lead - early)
        old.leave([one.ident for one, _ in sounding], wait, alone=alone)
        return False

    def warm(self, route: int, held: Sequence[Held]) -> None:
        """Have notes begin in a plugin without being heard; see `plugin_host.plugin_bank`."""
        strip = self._strips.get(route)
        if strip is not None and isinstance(strip.bank, PluginBank):
            for one in held:
                strip.bank.warm(one.ident, read_controls(one.controls, self._report))

    def cool(self, route: int, idents: Collection[int]) -> None:
        """Let go of those of them that have not been taken over."""
        strip = self._strips.get(route)
        if strip is not None and isinstance(strip.bank, PluginBank):
            strip.bank.cool(idents)

    def _join(self, strip: Strip, one: Held, controls: Controls) -> None:
        self._make_room(0)
        strip.begin(one.ident, controls, 0, age=round(one.age * strip.rate))
