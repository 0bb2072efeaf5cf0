"""The buses of a rack, and the order in which its strips are rendered."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from queue import SimpleQueue
from typing import Protocol
from weakref import WeakKeyDictionary, WeakValueDictionary, finalize

from plugin_host.audio import Audio
from plugin_host.controls import Controls
from plugin_host.ducker import Ducker
from plugin_host.echo import Echo
from plugin_host.inlet import Inlet
from plugin_host.late import Late
from plugin_host.loop_bank import LoopBank
from plugin_host.plugin_bank import tell_tempo
from plugin_host.rendered_strip import RenderedStrip
from plugin_host.specs import Chain
from plugin_host.strip import Strip

__all__ = ["Graph", "copies_of", "deliver", "tell_echo"]

_NOTHING = (None, None, None)


class Listening(Protocol):
    """What hears another strip: an effect that gives way to it, a loop that records it."""

    key: Audio | None


Ducked = dict[int, list[tuple[Listening, list[tuple[Strip, Late]]]]]
"""By the identity of a strip: what of it hears others, and whom, and how much later."""


class Graph:
    """Finds each strip its bus, and keeps the order: whoever gives before whoever takes.

    A bus is there as long as somebody plays into it, and until it has rung out. Equal buses are one. Who
    gives way to another is rendered after it; in a ring of those one hears the other a block later.

    Args:
        make: Builds a strip; on any thread.
        routes: The strips by their routes, as they are at any time.

    Attributes:
        buses: Those that are being rendered.
        cued: The strips that are heard beforehand, by their identities.
        viewed: The strips that are looked at, for each name that was asked for.
        cps: The tempo that all were told of, in cycles a second; 0 before the first.
    """

    def __init__(self, make: Callable[[Chain], Strip], routes: Mapping[int, Strip]) -> None:
        self._make, self._routes = make, routes
        self._players: dict[str, set[int]] = {}
        self._ducked: Ducked = {}
        self.cued: frozenset[int] = frozenset()
        self._cued_names: frozenset[str] = frozenset()
        self._kept: WeakValueDictionary[str, Strip] = WeakValueDictionary()
        self._ends: WeakKeyDictionary[Strip, finalize[[], Strip]] = WeakKeyDictionary()
        # Whoever builds has its turn while it holds what is in it; who renders never does.
        self._turn: SimpleQueue[None] = SimpleQueue()
        self._turn.put(None)
        self._strips: tuple[Strip, ...] = ()
        self._order: list[Strip] = []
        self._ringing: list[Strip] = []  # buses into which nobody plays any more
        self.buses: list[Strip] = []
        self._viewed_names: tuple[str, ...] = ()
        self.viewed: list[list[Strip]] = []
        self.cps = 0.0

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
            self._close_with(found)
            found.into = None if chain.to is None else self._bus(chain.to)
        return found

    def _close_with(self, bus: Strip) -> None:
        """Nobody closes what is everybody's: a bus's plugins leave with the last who refers to it."""
        former = self._ends.pop(bus, None)
        if former is not None:
            former.detach()
        end = self._ends[bus] = finalize(bus, bus.effects.close)
        end.atexit = False

    def trade(self, one: Strip, other: Strip) -> None:
        """Let two buses of one shape change places: what sounds in the one goes on in the other, and glides.

        Args:
            one: Which plays.
            other: Which is to play.
        """
        places = (one, one.chain, one.into), (other, other.chain, other.into)
        mine = dict(vars(one))
        vars(one).update(vars(other))
        vars(other).update(mine)
        for bus, chain, into in places:
            bus.into = into
            bus.become(chain)
            self._close_with(bus)
        self._strips = ()  # who gives way to whom is to be found anew

    def order(self, strips: Sequence[Strip]) -> Sequence[Strip]:
        """Everything that is to be rendered, in an order in which it can be.

        Args:
            strips: Those of the routes, and those that ring out; the order of these stays.
        """
        asked = tuple(strips)
        if asked != self._strips or (self._ringing and any(bus.idle for bus in self._ringing)):
            self._strips = asked
            needed = {id(strip) for strip in _sorted(asked, ())}
            self._ringing = [bus for bus in self.buses if not bus.idle and id(bus) not in needed]
            there = _sorted(asked, self._ringing)
            self._ducked = self._find_keys(there)
            self.cued = frozenset(id(one) for name in self._cued_names for one in self._named(name, there))
            for one in there:
                if one.resting:
                    one.cued = id(one) in self.cued
            self._order = _keys_first(there, self._ducked) if self._ducked else there
            self.buses = [strip for strip in self._order if strip.is_bus]
            self.viewed = [self._named(name, there) for name in self._viewed_names]
            for strips_of in self.viewed:
                for one in strips_of:
                    one.is_key = True  # so it keeps what it gives
            tell_tempo(self._order, self.cps)
            self.set_tempo(self.cps)
            self._say_whose()
        return self._order

    def plays(self, layer: str, route: int) -> None:
        """Note that a layer plays on a route: others may give way to it by its name.

        Args:
            layer: Its name.
            route: Where.
        """
        routes = self._players.setdefault(layer, set())
        if route not in routes:
            routes.add(route)
            self._strips = ()

    def view(self, names: Sequence[str]) -> None:
        """Have these layers and buses keep what they give to each block, for whoever looks."""
        self._viewed_names, self._strips = tuple(names), ()

    def given(self) -> list[Audio | None]:
        """What they gave to the block that was rendered last, in their order; None for silence."""
        given = ([one.heard for one in strips if one.heard is not None] for strips in self.viewed)
        return [sum(sounds[1:], sounds[0]) if sounds else None for sounds in given]

    def follows(self, former: int, route: int) -> None:
        """Let all layers that play on a route play on another, which has its notes."""
        for routes in self._players.values():
            if former in routes:
                routes.add(route)
        self._strips = ()

    def players(self) -> dict[str, list[Strip]]:
        """The strips on which each layer plays, of those that are there."""
        found: dict[str, list[Strip]] = {}
        for name, routes in self._players.items():
            strips = [self._routes[route] for route in sorted(routes) if route in self._routes]
            if strips:
                found[name] = strips
        return found

    def _say_whose(self) -> None:
        """Let plugins know whose they are, who may have to say so."""
        players: dict[int, list[str]] = {}
        for name, strips in self.players().items():
            for one in strips:
                players.setdefault(id(one), []).append(repr(name))
        for strip in self._order:
            names = sorted(players.get(id(strip), ()))
            if strip.is_bus:
                whose = f" on the bus {strip.chain.instrument.name!r}"
            else:
                whose = f" of the layer{'s' * (len(names) > 1)} {', '.join(names)}" if names else ""
            for link in strip.links:
                # Who has left it is still the one whom its failures would tell something.
                link.whose = whose or link.whose

    def cue(self, names: frozenset[str]) -> None:
        """Have just these layers and buses heard beforehand."""
        self._cued_names, self._strips = names, ()

    def _named(self, name: str, strips: Sequence[Strip]) -> list[Strip]:
        """The strips on which a layer plays, and the buses that are called so."""
        routes = sorted(self._players.get(name, ()))
        found = [self._routes[route] for route in routes if route in self._routes]
        found += [one for one in strips if one.is_bus and one.chain.instrument.name == name]
        return [*dict.fromkeys(found)]

    def listen(self, strip: Strip) -> None:
        """Let a strip's effects hear what they give way to, before it is rendered."""
        for ducker, keys in self._ducked.get(id(strip), ()):
            heard = [late.passed(one.heard) for one, late in keys]
            sounds = [sound for sound in heard if sound is not None]
            ducker.key = sum(sounds[1:], sounds[0]) if sounds else None

    def _find_keys(self, strips: Sequence[Strip]) -> Ducked:
        found: Ducked = {}
        before = [row for rows in self._ducked.values() for row in rows]
        known = {(id(one), id(key)): late for one, keys in before for key, late in keys}
        for strip in strips:
            strip.is_key = False
        for strip in strips:
            for name, ducker in _listeners(strip):
                keys: list[tuple[Strip, Late]] = []
                for one in self._named(name, strips):
                    if one is not strip:
                        one.is_key = True
                        frames = _later(strip, ducker, one)
                        late = known.get((id(ducker), id(one)))
                        same = late is not None and late.frames == frames
                        keys.append((one, late if late and same else Late(frames, one.block)))
                found.setdefault(id(strip), []).append((ducker, keys))
        for strip in strips:
            if not strip.is_key:
                strip.heard = None
        return found

    def stand_still(self, moving: Collection[int]) -> None:
        """Know that nothing but these routes, and their copies, will ever move in a render."""
        copies = copies_of(self._routes)
        also = {id(one) for route in moving for one in copies.get(route, ())}
        for route, strip in self._routes.items():
            if isinstance(strip, RenderedStrip) and route not in moving and id(strip) not in also:
                strip.stand_still()

    def close(self) -> None:
        """Let go of what buses hold outside this process."""
        for bus in [*self._kept.values()]:
            bus.effects.close()

    def silence(self) -> None:
        """Forget what sounds in the buses."""
        for bus in self.buses:
            bus.silence()

    def set_tempo(self, cps: float, strips: Iterable[Strip] = ()) -> None:
        """Let the echoes of buses keep time, and tell plugins.

        Args:
            cps: Cycles a second.
            strips: All but buses.
        """
        if cps != self.cps:
            self.cps = cps
            tell_tempo((*strips, *self.buses), cps)
        for bus in self.buses:
            if bus.space is not None and cps > 0:
                bus.space.echo.set_tempo(cps)


def _listeners(strip: Strip) -> "list[tuple[str, Listening]]":
    """What of a strip hears others, by their names."""
    found: list[tuple[str, Listening]] = [*strip.effects.duckers]
    if isinstance(strip.bank, LoopBank) and strip.bank.hears:
        found.append((strip.bank.hears, strip.bank.ear))
    return found


def _later(strip: Strip, ducker: Listening, key: Strip) -> int:
    """Frames by which a key is heard later than what gives way to it, for the plugins on its way.

    Of one that is heard sooner nothing can be known before it is rendered: what gives way is late then.
    """
    if not isinstance(ducker, Ducker):
        return 0
    out, own = (0 if one.into is None else one.into.lead for one in (key, strip))
    return max(0, out - own - strip.effects.behind(ducker))


def _keys_first(strips: Sequence[Strip], ducked: Ducked) -> list[Strip]:
    """The same strips, each behind those to which it gives way, and buses behind their members."""
    needs: dict[int, list[Strip]] = {
        number: [key for _, keys in rows for key, _ in keys] for number, rows in ducked.items()
    }
    for strip in strips:
        if strip.into is not None:
            needs.setdefault(id(strip.into), []).append(strip)
    done: dict[int, Strip] = {}
    begun: set[int] = set()

    def place(strip: Strip) -> None:
        if id(strip) in begun:
            return
        begun.add(id(strip))
        for one in needs.get(id(strip), ()):
            place(one)
        done[id(strip)] = strip

    for strip in strips:
        place(strip)
    there = {id(strip) for strip in strips}
    return [strip for number, strip in done.items() if number in there]


def tell_echo(shared: Echo, strip: Strip, controls: Controls) -> None:
    """Let the echo to which a strip sends be as an event says: its orbit's, its bus's, or that of all.

    Args:
        shared: That of all.
        strip: Where the event plays.
        controls: What it says.
    """
    asked = controls.delaytime, controls.delaysync, controls.delayfeedback
    if asked != _NOTHING:
        own = next((bus.space for bus in (strip, *strip.way) if bus.space is not None), None)
        (shared if own is None else own.echo).tell(*asked)


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
