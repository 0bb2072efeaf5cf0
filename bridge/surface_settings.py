"""What a musician has set for OSC that comes in."""

from __future__ import annotations

import contextlib
import socket
from dataclasses import dataclass, field
from typing import cast

from bridge.osc_server import Peer

PORT = 9010
"""Where we listen unless it is set; the next one answers OSCQuery."""


@dataclass(slots=True)
class SurfaceSettings:
    """Section `[osc]`.

    Args:
        port: UDP and TCP port for OSC.
        listen: "loopback": only programs of this machine are heard; "network": everybody.
        remote: From where commands (`/sempre/...`) are taken: "off", "loopback" or "network".
        tablets: Surfaces that are told everything from the start, by address and port.
        reply_port: The port on which surfaces listen; 0: the one from which they send.
        discovery: Whether we are to be found by zeroconf.
        name: What we are called there.
        announce_here: Whether to be found though only this machine is listened to.
        ports: For machines that said so themselves, the port on which they listen.
    """

    port: int = PORT
    listen: str = "loopback"
    remote: str = "loopback"
    tablets: tuple[tuple[str, int], ...] = ()
    reply_port: int = 0
    discovery: bool = True
    name: str = "Sempre"
    announce_here: bool = False
    ports: dict[str, int] = field(default_factory=dict[str, int])

    @staticmethod
    def read(section: dict[str, object]) -> SurfaceSettings:
        """From the section as it was checked; the names of tablets are looked up here, once."""
        settings = SurfaceSettings()
        for key in ("port", "listen", "remote", "reply_port", "discovery", "name"):
            if key in section:
                setattr(settings, key, section[key])
        found: list[tuple[str, int]] = []
        for one in cast("list[str]", section.get("tablets", [])):
            host, _, port = one.rpartition(":")
            with contextlib.suppress(OSError, ValueError):
                found.append((socket.gethostbyname(host), int(port)))
        settings.tablets = tuple(found)
        settings.ports = dict(found)
        return settings

    @property
    def host(self) -> str:
        """The address at which we listen."""
        return "0.0.0.0" if self.listen == "network" else "127.0.0.1"

    def answer_to(self, peer: Peer) -> Peer:
        """Where a surface is told things that sends from there."""
        if peer.way != "udp":
            return peer
        port = self.ports.get(peer.host, self.reply_port) or peer.port
        return Peer(peer.way, peer.host, port)
