"""Being found on the network by zeroconf (Bonjour), where that library is installed."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from bridge.worker import start_thread

if TYPE_CHECKING:
    from collections.abc import Callable

    import zeroconf

OSC, QUERY = "_osc._udp.local.", "_oscjson._tcp.local."


class Announcement:
    """What we say of ourselves: made in a thread of its own, for it takes a second.

    Args:
        name: What we are called; somebody else of that name makes it another one.
        host: The address at which we listen: "127.0.0.1", or "0.0.0.0" for the network.
        port: For OSC.
        query_port: For OSCQuery; 0 if there is none.
        notice: Takes one line for the musician.
    """

    def __init__(
        self, name: str, host: str, port: int, query_port: int, notice: Callable[[str], object]
    ) -> None:
        self._name = name
        self._host = host
        self._ports = {OSC: port, QUERY: query_port}
        self._notice = notice
        self._open: zeroconf.Zeroconf | None = None
        self._closed = False
        start_thread("discovery", self._announce)

    def close(self) -> None:
        """Say goodbye."""
        self._closed = True
        found, self._open = self._open, None
        if found is not None:
            found.close()

    def _announce(self) -> None:
        try:
            import zeroconf
        except ImportError:
            return
        here = self._host if self._host != "0.0.0.0" else own_address()
        try:
            made = zeroconf.Zeroconf(interfaces=[here])
            for kind, port in self._ports.items():
                if port:
                    info = zeroconf.ServiceInfo(
                        kind,
                        f"{self._name}.{kind}",
                        parsed_addresses=[here],
                        port=port,
                        properties={"txtvers": "1"},
                        server=f"{self._name.lower().replace(' ', '-')}-{port}.local.",
                    )
                    made.register_service(info, allow_name_change=True)
        except (OSError, zeroconf.Error) as error:
            self._notice(
                f"OSC: we cannot be found by zeroconf ({error}); the address {here} works all the same"
            )
            return
        self._open = made
        if self._closed:
            self.close()


def own_address() -> str:
    """Our address on the network; this machine's own if there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        try:
            # Nothing is sent: it only asks by which address one would go out.
            one.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(one.getsockname()[0])
