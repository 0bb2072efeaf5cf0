"""One instrument follows another while it plays: it goes on as that, or hands its held notes over."""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

from plugin_host.controls import Controls, read_controls
from plugin_host.kinship import same_shape
from plugin_host.strip import Strip

__all__ = ["Held", "Succeeding", "Succession"]


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

    def succeed(self, former: int, route: int, held: Sequence[Held], *, alone: bool) -> bool:
        """Let a route follow another from the next block on; whether the former's instrument just goes on.

        Args:
            former: Which plays.
            route: Which is to play; it has its instrument.
            held: The notes that are to sound on there.
            alone: Whether nobody else plays on the former any more.
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
        make_room: Sees that one more voice may sound.
        report: Takes a line about what cannot be played as it was meant.
    """

    def __init__(
        self,
        strips: MutableMapping[int, Strip],
        make_room: Callable[[int], object],
        report: Callable[[str], None],
    ) -> None:
        self._strips = strips
        self._make_room = make_room
        self._report = report

    def hand_over(self, former: int, route: int, held: Sequence[Held], *, alone: bool) -> bool:
        """Let a route follow another; whether the former's instrument just goes on.

        If both are of one shape and nobody else plays on the former, it goes on with all that sounds, and
        its parameters glide; else the new one takes the held notes over, and the old one rings out.

        Args:
            former: Which plays.
            route: Which is to play.
            held: The notes that are to sound on there.
            alone: Whether nobody else plays on the former any more.
        """
        old, new = self._strips.get(former), self._strips.get(route)
        if old is None or new is None or old is new or old.asleep:
            return False
        if alone and not new.bank.count and same_shape(old.chain, new.chain):
            # It goes on; the one that was built for its place waits where it was, as whoever may come back.
            mine, its = old.chain, new.chain
            self._strips[former], self._strips[route] = new, old
            old.become(its)
            new.become(mine)
            return True
        playing = {*old.bank.ids}
        sounding = [(one, read_controls(one.controls, self._report)) for one in held if one.ident in playing]
        for one, controls in sounding:
            self._join(new, one, controls)
        # Told so much earlier than it is heard on the new one, and given by the old one so much later.
        wait = max(0, new.lead - old.lead + old.instrument_lead)
        old.leave([one.ident for one, _ in sounding], wait, alone=alone)
        return False

    def _join(self, strip: Strip, one: Held, controls: Controls) -> None:
        self._make_room(0)
        strip.begin(one.ident, controls, 0, age=round(one.age * strip.rate))
