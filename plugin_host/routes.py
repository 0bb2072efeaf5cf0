"""Which chain plays on which route: built beside the sound, handed over when ready."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from queue import SimpleQueue
from typing import cast

from bridge.worker import start_thread
from plugin_host.errors import HostError
from plugin_host.specs import Chain

__all__ = ["Routes"]

MOST = 48
"""Chains that are kept ready. A musician who turns a parameter of an instrument makes a new chain with each
save; those unused the longest are put away, and are built again should an event need them."""

Chains = Mapping[int, Chain]


class Routes:
    """Builds chains in a thread of its own and says which are ready.

    Args:
        prepare: Does what takes long for a chain, so that installing it is quick; any thread.
        install: Told all chains that are ready, each time there is a new one.
        notice: Takes one line for the musician.
        most: How many chains are kept ready.
    """

    def __init__(
        self,
        prepare: Callable[[Chain], object],
        install: Callable[[Chains], object],
        notice: Callable[[str], None],
        most: int = MOST,
    ) -> None:
        self.prepare = prepare
        self._install = install
        self._notice = notice
        self._most = most
        self._known: dict[int, Chain] = {}
        self._ready: OrderedDict[int, Chain] = OrderedDict()  # those used last stand at the end
        self._refused: set[int] = set()
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
            if number in self._ready:
                self._ready.move_to_end(number)
                continue
            try:
                self.prepare(chain)
            except (HostError, OSError, TypeError, ValueError) as error:
                self._refused.add(number)
                self._notice(f"{chain.instrument.name!r} cannot be built and stays silent: {error}")
                continue
            self._ready[number] = chain
            while len(self._ready) > self._most:
                self._ready.popitem(last=False)
            # One at a time: the first instrument sounds while the next is still being built.
            self._install(dict(self._ready))

    def _renew(self, prepare: Callable[[Chain], object]) -> None:
        self.prepare = prepare
        numbers = list(self._ready)
        self._ready.clear()
        self._build(numbers)


def _chain(entry: object) -> Chain:
    """Read a route: `{"chain": {...}}`, or the chain itself."""
    if not isinstance(entry, Mapping):
        raise TypeError(f"expected a chain, got {entry!r}")
    table = cast("Mapping[str, object]", entry)
    inner = table.get("chain", table)
    if not isinstance(inner, Mapping):
        raise TypeError(f"expected a chain, got {inner!r}")
    return Chain.from_json(cast("Mapping[str, object]", inner))
