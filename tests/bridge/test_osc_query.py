"""What other programs can ask: the description of what can be sent here, and where we are."""

import http.client
import json
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import zeroconf
from hypothesis import given
from hypothesis import strategies as st

from bridge.clock import create_page
from bridge.discovery import OSC, QUERY
from bridge.osc_query import answer, host_info, tree
from bridge.osc_remote import COMMANDS, DESCRIBED
from bridge.surface_book import Book
from bridge.surface_settings import SurfaceSettings
from bridge.surfaces import Surfaces
from bridge.worker import pause, start_thread
from patterns.inputs import Input

INPUTS = [
    Input("drums.cutoff", low=200, high=3200, curve="log", default=800),
    Input("fills", "toggle"),
    Input("pad.x", "x"),
    Input("pad.y", "y"),
]


def book() -> Book:
    """Some inputs."""
    made = Book()
    made.declare(INPUTS, {})
    return made


def asked(path: str, *, commands: bool = True, verb: str = "GET") -> tuple[int, Any]:
    """Status and body of the answer."""
    request = f"{verb} {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    made = book()
    data = answer(request, lambda: tree(made, commands=commands), lambda: host_info("Sempre", 9010))
    head, _, body = data.partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}\r\n".encode() in head + b"\r\n"
    return int(head.split()[1]), json.loads(body) if body else None


def test_an_input_is_described() -> None:
    """As the proposal has it: path, type, access, value, range, description."""
    assert asked("/ctl/drums/cutoff") == (
        200,
        {
            "FULL_PATH": "/ctl/drums/cutoff",
            "ACCESS": 3,
            "TYPE": "f",
            "VALUE": [0.5],
            "RANGE": [{"MIN": 0.0, "MAX": 1.0}],
            "DESCRIPTION": "knob drums.cutoff: 200 to 3200 (log)",
            "TAGS": ["knob"],
        },
    )
    status, pad = asked("/ctl/pad")
    assert (status, pad["TYPE"], pad["VALUE"]) == (200, "ff", [0, 0])
    assert {*pad["CONTENTS"]} == {"x", "y"}


def test_the_tree_holds_all_addresses_and_no_more() -> None:
    """Each node is where its path says."""
    _, root = asked("/")
    found: dict[str, str] = {}

    def walk(node: dict[str, Any], path: str) -> None:
        assert node["FULL_PATH"] == (path or "/")
        if node.get("ACCESS"):
            found[path] = node.get("TYPE", "")
        for name, child in node.get("CONTENTS", {}).items():
            walk(child, f"{path}/{name}")

    walk(root, "")
    inputs = {
        "/ctl/drums/cutoff": "f",
        "/ctl/fills": "f",
        "/ctl/pad": "ff",
        "/ctl/pad/x": "f",
        "/ctl/pad/y": "f",
    }
    assert found == inputs | {f"/sempre/{name}": types for name, (types, _) in DESCRIBED.items()}
    assert {*DESCRIBED} >= COMMANDS
    assert "sempre" not in asked("/", commands=False)[1]["CONTENTS"]


def test_one_attribute_can_be_asked_for() -> None:
    """And what a node does not have is no content; what is not there is not found."""
    assert asked("/ctl/fills?VALUE") == (200, {"VALUE": [0]})
    assert asked("/ctl?VALUE") == (204, None)
    assert asked("/ctl/nothing") == (404, None)
    assert asked("/", verb="POST") == (405, None)
    status, info = asked("/?HOST_INFO")
    assert (status, info["OSC_PORT"], info["OSC_TRANSPORT"]) == (200, 9010, "UDP")
    assert info["EXTENSIONS"]["LISTEN"] is False


@given(st.binary(max_size=80))
def test_any_request_is_answered(request: bytes) -> None:
    """With a status, whatever it is."""
    made = book()
    for begin in (b"", b"GET ", b"GET /"):
        data = answer(begin + request, lambda: tree(made, commands=True), lambda: host_info("x", 1))
        assert data.startswith(b"HTTP/1.1 ")


class Desk:
    """The process in a thread of its own."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.clock = create_page(folder / "clock")
        self.said: list[dict[str, Any]] = []
        self.process = Surfaces(SurfaceSettings(port=0, **settings), self.clock, self.said.append, self._link)
        self.process.book.declare(INPUTS, {})
        self._open = True
        self._thread = start_thread("surfaces", self._run)

    waiting = 0

    def _link(self, *_calls: Callable[..., object]) -> Any:
        return self

    def send(self, _message: object) -> bool:
        """Take a message for an engine."""
        return True

    def _run(self) -> None:
        while self._open:
            self.process.turn()

    def close(self) -> None:
        """End it."""
        self._open = False
        self._thread.join(5)
        self.process.close()
        self.clock.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """Start with these settings."""
    made: list[Desk] = []

    def begin(**settings: Any) -> Desk:
        made.append(Desk(tmp_path, **settings))
        return made[-1]

    yield begin
    for desk in made:
        desk.close()


def test_it_is_answered_by_http(start: Callable[..., Desk]) -> None:
    """By a client of the standard library; one that says nothing, or much, does no harm."""
    desk = start()
    port = desk.process.query_port
    rude = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
    rude[-1].sendall(b"x" * 9000)
    for _ in range(3):
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        client.request("GET", "/ctl/fills")
        response = client.getresponse()
        assert (response.status, response.getheader("Content-Type")) == (200, "application/json")
        assert json.loads(response.read())["FULL_PATH"] == "/ctl/fills"
        client.close()
    for one in rude:
        one.close()


class Found(zeroconf.ServiceListener):
    """Takes down what comes and goes."""

    def __init__(self) -> None:
        self.here: dict[str, tuple[int | None, list[str]]] = {}

    def add_service(self, zc: zeroconf.Zeroconf, type_: str, name: str) -> None:
        """Something is there."""
        info = zc.get_service_info(type_, name)
        if info is not None:
            self.here[name] = (info.port, info.parsed_addresses())

    def update_service(self, zc: zeroconf.Zeroconf, type_: str, name: str) -> None:
        """It is another now."""
        self.add_service(zc, type_, name)

    def remove_service(self, zc: zeroconf.Zeroconf, type_: str, name: str) -> None:
        """It is gone."""
        self.here.pop(name, None)


def test_we_are_found_and_say_goodbye(start: Callable[..., Desk]) -> None:
    """On this machine's own interface, by another client of zeroconf."""
    name = f"Sempre test {time.monotonic_ns()}"
    desk = start(name=name, announce_here=True)
    browser = zeroconf.Zeroconf(interfaces=["127.0.0.1"])
    found = Found()
    browsers: list[zeroconf.ServiceBrowser] = []
    try:
        browsers += [zeroconf.ServiceBrowser(browser, kind, listener=found) for kind in (OSC, QUERY)]
        wanted = {
            f"{name}.{OSC}": (desk.process.port, ["127.0.0.1"]),
            f"{name}.{QUERY}": (desk.process.query_port, ["127.0.0.1"]),
        }
        deadline = time.monotonic() + 10
        while {k: v for k, v in found.here.items() if k in wanted} != wanted and time.monotonic() < deadline:
            pause(0.02)
        assert {k: v for k, v in found.here.items() if k in wanted} == wanted, (found.here, desk.said)
        desk.close()
        while wanted.keys() & found.here.keys() and time.monotonic() < deadline:
            pause(0.02)
        assert not wanted.keys() & found.here.keys()
    finally:
        browser.close()
