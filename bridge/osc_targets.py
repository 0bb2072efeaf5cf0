"""What a musician writes to send a layer by OSC: `osc`, `superdirt`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from bridge import osc_schema
from bridge.errors import BridgeError
from bridge.osc_stream import FRAMINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

CUSTOM = 0.2
"""Seconds by which a bundle leaves before its timetag: SuperDirt's custom."""


@lru_cache(maxsize=1024)
def _key(target: OscTarget) -> str:
    # Asked for with every event; writing it anew would take 10 us.
    return target.kind + json.dumps(asdict(target), sort_keys=True)


@dataclass(frozen=True, slots=True)
class OscTarget:
    """An address that takes OSC.

    Args:
        host: Name or address of the machine.
        port: 1 to 65535.
        path: OSC address of the message; may have names in braces.
        latency: Seconds by which a bundle is sent before its timetag.
        dirt: Whether to write the arguments as SuperDirt reads them.
        args: The arguments, see `bridge.osc_schema`; empty: names and values in turn.
        tcp: How packets are told apart in a stream, "length" or "slip"; empty is UDP.
        bundles: Whether to send bundles with timetags; else plain messages at their time.
    """

    host: str = "127.0.0.1"
    port: int = 57120
    path: str = "/dirt/play"
    latency: float = CUSTOM
    dirt: bool = False
    args: tuple[str | float, ...] | None = None
    tcp: str = ""
    bundles: bool = True

    @property
    def kind(self) -> str:
        """Sent by the output process as OSC."""
        return "osc"

    @property
    def key(self) -> str:
        """Equal for equal targets."""
        return _key(self)

    def to_json(self) -> dict[str, object]:
        """What the output process has to know: where to, how, and whether SuperDirt is to answer."""
        place: dict[str, object] = {"host": self.host, "port": self.port}
        if self.tcp:
            place["tcp"] = self.tcp
        if self.dirt:
            place["dirt"] = True
        return {"osc": place}


def osc(
    *where: int | str,
    port: int | None = None,
    path: str | None = None,
    host: str | None = None,
    latency: float | None = None,
    args: Sequence[str | float] | None = None,
    tcp: str | bool = False,
    bundles: bool = True,
) -> OscTarget:
    """Send a layer as OSC: one message an event, in a bundle with a timetag.

    Args:
        *where: The port, the path, the host: `osc(9000)`, `osc(9000, "/synth")`; or the host first:
            `osc("192.168.1.20", 9000, "/synth")`. Each may also be named.
        port: 1 to 65535.
        path: OSC address, beginning with a slash; a name in braces is filled in: `"/voice/{n}"`.
        host: Where to; this machine if not given.
        latency: Seconds by which a message leaves before it is meant, -1 to 1; 0.2 unless given, 0 without
            bundles.
        args: The arguments in order: `"note"`, `"velocity:f"` with a type (f, i, s, T), `"pan:f=.5"` with
            what is sent where the event does not say it, `"=text"` and numbers as they are. Besides what the
            event says there are `layer`, `cps`, `cycle` and `delta` (seconds). Without args: names and
            values in turn.
        tcp: "length" (OSC 1.0; True is the same) or "slip" (OSC 1.1) for a stream instead of datagrams.
        bundles: False sends plain messages at their time, for programs that know no bundles.

    >>> osc(9000, "/synth").path
    '/synth'
    >>> osc("192.168.1.20", 9000, path="/voice/{n}", args=["note:i", "velocity:f=.8"]).args
    ('note:i', 'velocity:f=.8')

    Raises:
        BridgeError: A value is out of range, or an argument is not written so.
    """
    names = ("port", "path", "host") if where and isinstance(where[0], int) else ("host", "port", "path")
    if len(where) > len(names):
        raise BridgeError(f"osc: too much: {', '.join(map(repr, where))}; it takes a port, a path and a host")
    given: dict[str, object] = dict(zip(names, where, strict=False))
    for name, value in (("port", port), ("path", path), ("host", host)):
        if value is not None:
            if name in given:
                raise BridgeError(f"osc: {name} is given twice, {given[name]!r} and {value!r}")
            given[name] = value
    chosen = _checked_port("osc", given.get("port"))
    way = str(given.get("path", "/play"))
    if not way.startswith("/"):
        raise BridgeError(f"osc: path must begin with a slash (got {way!r}); try {'/' + way!r}")
    framing = "length" if tcp is True else tcp or ""
    if framing and framing not in FRAMINGS:
        raise BridgeError(f'osc: tcp is "length" (OSC 1.0) or "slip" (OSC 1.1) (got {tcp!r})')
    early = latency if latency is not None else CUSTOM if bundles else 0.0
    _check_latency("osc", early)
    return OscTarget(
        str(given.get("host", "127.0.0.1")), chosen, way, early, False, _checked_args(args), framing, bundles
    )


def superdirt(host: str = "127.0.0.1", port: int = 57120, latency: float = CUSTOM) -> OscTarget:
    """Send a layer to SuperDirt in SuperCollider: `/dirt/play` bundles with the fields that it expects.

    Args:
        host: Where SuperCollider runs.
        port: Its UDP port.
        latency: Seconds by which a bundle leaves before its timetag; 0.2 is SuperDirt's custom.

    >>> superdirt().port
    57120
    """
    _check_latency("superdirt", latency)
    return OscTarget(host, _checked_port("superdirt", port), "/dirt/play", latency, dirt=True)


def _checked_port(verb: str, port: object) -> int:
    if not isinstance(port, int) or isinstance(port, bool) or not 1 <= port <= 65535:
        raise BridgeError(f"{verb}: port must be 1 to 65535 (got {port!r})")
    return int(port)


def _checked_args(args: object) -> tuple[str | float, ...] | None:
    if args is None:
        return None
    if isinstance(args, str) or not isinstance(args, list | tuple):
        raise BridgeError(f'osc: args is a list, such as ["note", "velocity:f=.8"] (got {args!r})')
    found: list[str | float] = []
    for one in cast("list[object]", args):
        if not isinstance(one, str | int | float):
            raise BridgeError(f"osc: an argument is text or a number (got {one!r})")
        # Without its place in the file: it goes into keys and messages.
        found.append(str(one) if isinstance(one, str) else one)
        osc_schema.parse(found[-1])
    return tuple(found)


def _check_latency(name: str, latency: float) -> None:
    if not -1 <= latency <= 1:
        raise BridgeError(f"{name}: latency is in seconds, -1 to 1 (got {latency})")
