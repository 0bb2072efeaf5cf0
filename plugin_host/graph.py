"""The buses of a rack, and the order in which its strips are rendered."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from queue import SimpleQueue
from weakref import WeakValueDictionary

from plugin_host.audio import Audio
from plugin_host.inlet import Inlet
from plugin_host.specs import Chain
from plugin_host.strip import Strip

__all__ = ["Graph", "copies_of", "deliver"]


class Graph:
    """Finds each strip its bus, and keeps the order: whoever gives before whoever takes.

    A bus is there as long as somebody plays into it, and until it has rung out. Equal buses are one.

    Args:
        make: Builds a strip; on any thread.

    Attributes:
        buses: Those that are being rendered.
    """

    def __init__(self, make: Callable[[Chain], Strip]) -> None:
        self._make = make
        self._kept: WeakValueDictionary[str, Strip] = WeakValueDictionary()
        # Whoever builds has its turn while it holds what is in it; who renders never does.
        self._turn: SimpleQueue[None] = SimpleQueue()
        self._turn.put(None)
        self._strips: tuple[Strip, ...] = ()
        self._order: list[Strip] = []
        self.buses: list[Strip] = []
        self._cps = 0.0

    def strip(self, chain: Chain) -> Strip:
        """A strip, with the buses that it plays into; on any thread.

        Args:
            chain: What it plays; a bus that is there already is that one.

        Raises:
            PluginLoadError: Its plugin is not there or cannot be loaded.
        """
        if chain.instrument.kind != "bus" and chain.to is None:
            return self._make(chain)
        self._turn.get()
        try:
            if chain.instrument.kind == "bus":
                return self._bus(chain)
            bus = None if chain.to is None else self._bus(chain.to)
        finally:
            self._turn.put(None)
        strip = self._make(chain)
        strip.into = bus
        return strip

    def _bus(self, chain: Chain) -> Strip:
        found = self._kept.get(chain.key)
        if found is None:
            found = self._kept[chain.key] = self._make(chain)
            found.into = None if chain.to is None else self._bus(chain.to)
        return found

    def order(self, strips: Sequence[Strip]) -> Sequence[Strip]:
        """Everything that is to be rendered, in an order in which it can be.

        Args:
            strips: Those of the routes, and those that ring out; the order of these stays.
        """
        asked = tuple(strips)
        if asked != self._strips:
            self._strips = asked
            ringing = [bus for bus in self.buses if not bus.idle]
            self._order = _sorted(asked, ringing)
            self.buses = [strip for strip in self._order if strip.is_bus]
            self.set_tempo(self._cps)
        return self._order

    def silence(self) -> None:
        """Forget what sounds in the buses."""
        for bus in self.buses:
            bus.silence()

    def set_tempo(self, cps: float) -> None:
        """Let the echoes of buses keep time.

        Args:
            cps: Cycles a second.
        """
        self._cps = cps
        for bus in self.buses:
            if bus.space is not None and cps > 0:
                bus.space.echo.set_tempo(cps)


def copies_of(strips: Mapping[int, Strip]) -> dict[int, list[Strip]]:
    """The strips on other orbits, by the routes of those of which they are copies.

    What moves a chain moves these, too: a signal in it knows of no orbit.

    Args:
        strips: By route.
    """
    routes = {strip.chain: route for route, strip in strips.items()}
    found: dict[int, list[Strip]] = {}
    for strip in strips.values():
        plain = strip.chain.without_orbit
        if plain is not strip.chain and plain in routes:
            found.setdefault(routes[plain], []).append(strip)
    return found


def deliver(strip: Strip, dry: Audio, to_room: Audio, to_delay: Audio) -> bool:
    """Hand what a strip gave on to its bus; whether it has one."""
    bus = strip.into
    if bus is None or not isinstance(bus.bank, Inlet):
        return False
    bus.bank.take(dry, to_room, to_delay)
    return True


def _sorted(strips: Sequence[Strip], ringing: Iterable[Strip]) -> list[Strip]:
    """Strips, then buses: each before the one that it plays into."""
    buses: dict[int, Strip] = {}
    for strip in (*strips, *ringing):
        bus = strip if strip.is_bus else strip.into
        while bus is not None:
            buses[id(bus)] = bus
            bus = bus.into
    own = [strip for strip in strips if id(strip) not in buses]
    # The longer way comes first; among equals the key decides, so that sums are the same everywhere.
    return own + sorted(buses.values(), key=lambda one: (-len(one.chain.path), one.chain.key))
