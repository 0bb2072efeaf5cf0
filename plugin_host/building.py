"""Chains built before they are wanted, or several at once: nothing waits for a plugin that could go on."""

import os
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from bridge.worker import start_thread
from plugin_host.errors import HostError, PluginLoadError
from plugin_host.plugin_link import PluginSetup
from plugin_host.specs import Chain
from plugin_host.strip import Strip

__all__ = ["Building"]

_KEPT: Final = 16
"""How many chains are kept that were built ahead and not set yet."""


class Building:
    """Where the strips of a rack are built.

    Args:
        build: Builds one; on any thread.
        plugins: How plugins are played.
    """

    def __init__(self, build: Callable[[Chain], Strip], plugins: PluginSetup) -> None:
        self._build, self._plugins = build, plugins
        self._ahead: dict[Chain, Strip] = {}

    def ahead(self, chain: Chain) -> None:
        """Build a chain that is about to be wanted; on any thread."""
        if chain in self._ahead:
            return
        while len(self._ahead) >= _KEPT:
            # Built, but never wanted after all.
            unused = self._ahead.pop(next(iter(self._ahead)), None)
            if unused is not None:
                unused.close()
        self._ahead[chain] = self._build(chain)

    def several(self, chains: Mapping[int, Chain]) -> dict[int, Callable[[], Strip]]:
        """For each route what gives its strip, or raises why it cannot be built.

        Most of the time that a plugin takes to load its process spends by itself: where time does not count,
        as many begin at once as there are processors. Tapes count them one after the other.
        """
        slow = {route: one for route, one in chains.items() if one.plugins and one not in self._ahead}
        if len(slow) < 2 or self._plugins.live or self._plugins.tapes is not None:
            slow = {}
        return {route: partial(self._strip, one) for route, one in chains.items()} | self._at_once(slow)

    def _at_once(self, chains: Mapping[int, Chain]) -> dict[int, Callable[[], Strip]]:
        todo = iter([*chains.items()])  # shared: each takes the next one
        built: dict[int, Strip] = {}
        refused: dict[int, HostError] = {}

        def work() -> None:
            for route, chain in todo:
                try:
                    built[route] = self._build(chain)
                except HostError as error:
                    refused[route] = error

        def give(route: int) -> Strip:
            if route in refused:
                raise refused[route]
            return built[route]

        workers = [start_thread("builds", work) for _ in range(min(len(chains), os.cpu_count() or 1))]
        for one in workers:
            one.join()
        return {route: partial(give, route) for route in built.keys() | refused.keys()}

    def _strip(self, chain: Chain) -> Strip:
        built = self._ahead.pop(chain, None)
        if built is None and self._plugins.live and chain.plugins:
            raise PluginLoadError("it was not loaded beside the sound, and may not be loaded within it")
        return built or self._build(chain)

    def close(self) -> None:
        """Let go of what was never wanted."""
        for strip in self._ahead.values():
            strip.close()
