"""Which chain plays on which route: built beside the sound, handed over when ready."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from queue import SimpleQueue
from typing import cast

from bridge.clock import Clock, SystemClock
from bridge.worker import start_thread
from plugin_host.errors import HostError
from plugin_host.specs import Chain

__all__ = ["Routes", "is_plugin", "stages_of"]

MOST = 48
"""Chains that are kept ready. A musician who turns a parameter of an instrument makes a new chain with each
save; those unused the longest are put away, and are built again should an event need them."""

PLUGINS = 8
"""Plugins that are kept ready however long they are not used: each is a process of its own."""
UNUSED = 60.0
"""Seconds without an event after which one more than that is put away."""

Chains = Mapping[int, Chain]


class Routes:
    """Builds chains in a thread of its own and says which are ready.

    Args:
        prepare: Does what takes long for a chain, so that installing it is quick; any thread.
        install: Told all chains that are ready, each time there is a new one.
        notice: Takes one line for the musician.
        most: How many chains are kept ready.
        clock: Says how long a plugin was not used.
        refuse: Told the number of each that cannot be built.
    """

    def __init__(
        self,
        prepare: Callable[[Chain], object],
        install: Callable[[Chains], object],
        notice: Callable[[str], None],
        most: int = MOST,
        clock: Clock | None = None,
        refuse: Callable[[int], object] = int,
    ) -> None:
        self.prepare = prepare
        self._install = install
        self._notice = notice
        self._most = most
        self._known: dict[int, Chain] = {}
        self._ready: OrderedDict[int, Chain] = OrderedDict()  # those used last stand at the end
        self._refused: set[int] = set()
        self._loading: set[int] = set()
        self._used: dict[int, float] = {}
        self._refuse = refuse
        self._clock = clock or SystemClock()
        self._inbox: SimpleQueue[Callable[[], None]] = SimpleQueue()

    def start(self) -> None:
        """Begin to build."""
        start_thread("routes", self._run)

    def learn(self, table: Mapping[str, object]) -> None:
        """Take a table of routes: those that are new are built, known ones stay; from any thread."""
        self._inbox.put(lambda: self._learn(table))

    def use(self, routes: Iterable[int]) -> None:
        """Note that events came for these routes; one that was put away is built again; from any thread."""
        numbers = dict.fromkeys(routes)
        self._inbox.put(lambda: self._build(numbers))

    def put_away(self, route: int) -> None:
        """A plugin of a route is not used any more, and need not wait for being so; from any thread."""
        self._inbox.put(lambda: self._put_away(route))

    def renew(self, prepare: Callable[[Chain], object]) -> None:
        """Build everything that is ready once more, for another rack; from any thread."""
        self._inbox.put(lambda: self._renew(prepare))

    def settle(self) -> None:
        """Do what has been asked for so far, on this thread; for tests."""
        while not self._inbox.empty():
            self._inbox.get()()

    def _run(self) -> None:
        while True:
            self._inbox.get()()

    def _learn(self, table: Mapping[str, object]) -> None:
        fresh: list[int] = []
        for name, entry in table.items():
            try:
                number, chain = int(name), _chain(entry)
            except (HostError, TypeError, ValueError) as error:
                self._notice(f"a route is not understood and stays silent: {error}")
                continue
            if self._known.get(number) != chain:
                self._known[number] = chain
                self._ready.pop(number, None)
                self._refused.discard(number)
            fresh.append(number)
        self._build(fresh)

    def _build(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            chain = self._known.get(number)
            if chain is None or number in self._refused:
                continue
            self._used[number] = self._clock.now()
            if number in self._ready:
                self._ready.move_to_end(number)
                continue
            if is_plugin(chain):
                # In a thread of its own: a plugin may take seconds, and none waits for another.
                if number not in self._loading:
                    self._loading.add(number)
                    start_thread("load", lambda n=number, c=chain, p=self.prepare: self._load(n, c, p))
                continue
            self._finish(number, chain, _tried(self.prepare, chain))

    def _load(self, number: int, chain: Chain, prepare: Callable[[Chain], object]) -> None:
        trouble = _tried(prepare, chain)
        self._inbox.put(lambda: self._loaded(number, chain, prepare, trouble))

    def _loaded(
        self, number: int, chain: Chain, prepare: Callable[[Chain], object], trouble: str | None
    ) -> None:
        self._loading.discard(number)
        if prepare is not self.prepare or self._known.get(number) != chain:
            self._build([number])
        else:
            self._finish(number, chain, trouble)

    def _finish(self, number: int, chain: Chain, trouble: str | None) -> None:
        if trouble is not None:
            self._refused.add(number)
            self._refuse(number)
            self._notice(
                f"{chain.instrument.name!r} cannot be built: {trouble}; "
                "a layer that was to change to it plays on as before, a new one is silent"
            )
            return
        self._ready[number] = chain
        while len(self._ready) > self._most:
            self._ready.popitem(last=False)
        self._put_plugins_away()
        # One at a time: the first instrument sounds while the next is still being built.
        self._install(dict(self._ready))

    def _put_plugins_away(self) -> None:
        plugins = [number for number, chain in self._ready.items() if is_plugin(chain)]
        for number in plugins[: max(0, len(plugins) - PLUGINS)]:
            if self._clock.now() - self._used[number] > UNUSED:
                del self._ready[number]

    def _put_away(self, route: int) -> None:
        chain = self._ready.get(route)
        if chain is not None and is_plugin(chain):
            del self._ready[route]
            self._install(dict(self._ready))

    def _renew(self, prepare: Callable[[Chain], object]) -> None:
        self.prepare = prepare
        numbers = [*self._ready, *self._loading]
        self._ready.clear()
        self._build(numbers)


def is_plugin(chain: Chain) -> bool:
    """Whether a chain is played in a process of its own."""
    return bool(chain.plugins)


def stages_of(table: Mapping[str, object]) -> dict[int, int]:
    """How many plugins, one after the other, play each route of a table; none are left out."""
    found: dict[int, int] = {}
    for name, entry in table.items():
        try:
            stages = len(_chain(entry).plugins)
            if stages:
                found[int(name)] = stages
        except (HostError, TypeError, ValueError):
            continue  # `learn` tells of it
    return found


def _tried(prepare: Callable[[Chain], object], chain: Chain) -> str | None:
    """Build a chain; what went wrong, or None."""
    try:
        prepare(chain)
    except (HostError, OSError, TypeError, ValueError) as error:
        return str(error)
    return None


def _chain(entry: object) -> Chain:
    """Read a route: `{"chain": {...}}`, or the chain itself."""
    if not isinstance(entry, Mapping):
        raise TypeError(f"expected a chain, got {entry!r}")
    table = cast("Mapping[str, object]", entry)
    inner = table.get("chain", table)
    if not isinstance(inner, Mapping):
        raise TypeError(f"expected a chain, got {inner!r}")
    return Chain.from_json(cast("Mapping[str, object]", inner))
