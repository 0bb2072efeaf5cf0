"""The doors of a session against everybody who should not come in, and those who do not behave inside."""

import contextlib
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import bridge.worker
from bridge.clock import monotonic
from bridge.errors import PeerGone
from bridge.worker import Connection, address, connect, pause
from repl import runtime
from repl.clients import LONGEST, Client, Clients, Message

KEY = b"a key of the tests"
PATIENCE = 5.0


def until(true: Callable[[], object], what: str) -> None:
    """Wait for something that other threads bring about."""
    deadline = monotonic() + PATIENCE
    while not true():
        assert monotonic() < deadline, f"never: {what}"
        pause(0.005)


def threads(name: str) -> int:
    """How many threads of a name there are."""
    return sum(thread.name == name for thread in threading.enumerate())


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path, as sockets need it, that everybody may pass through."""
    made = Path(tempfile.mkdtemp(prefix="sempre-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def where(folder: Path) -> Iterator[str]:
    """A door behind which each message is said back."""
    before = {name: threads(name) for name in ("client", "client out")}

    def answer(client: Client, message: Message) -> None:
        client.send({"back": message})

    clients = Clients(address(folder, "engine"), KEY, answer)
    yield address(folder, "engine")
    clients.close()
    # Nobody who came is remembered: a session runs for months, and is asked for its status each minute.
    until(
        lambda: all(threads(name) <= count for name, count in before.items()),
        "the threads of those who left have ended",
    )


def knock(where: str) -> socket.socket:
    """Go to the door without a key."""
    found = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    found.settimeout(PATIENCE)
    found.connect(where)
    return found


def wait_for_the_end(client: socket.socket) -> None:
    """Read until the other end hangs up; an error if it does not."""
    with contextlib.suppress(ConnectionError):
        while client.recv(65536):
            pass


def assert_open(where: str) -> None:
    """Whoever has the key is let in, and answered."""
    with_key = connect(where, KEY)
    with_key.send_json(b"J", {"op": "hello"})
    assert with_key.receive() == (b"J", b'{"back": {"op": "hello"}}')
    with_key.close()


RUBBISH = {
    "nothing": b"",
    "a web browser": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "zeros": bytes(4096),
    "a gigabyte, it says": struct.pack("!i", 1 << 30) + b"x" * 65536,
    "a long one, it says": struct.pack("!iQ", -1, 1 << 62) + b"x",
    "half a length": b"\0\0",
    "a wrong answer": struct.pack("!i", 20) + b"x" * 20,
}


@pytest.mark.parametrize("what", RUBBISH)
def test_who_has_no_key_is_turned_away(what: str, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it says or leaves unsaid, and soon; meanwhile others come in."""
    monkeypatch.setattr(bridge.worker, "KNOCKING", 0.3)
    begun = monotonic()
    with knock(where) as client:
        client.sendall(RUBBISH[what])
        assert_open(where)
        wait_for_the_end(client)
    assert monotonic() - begun < PATIENCE


def test_a_wrong_key_is_refused(where: str) -> None:
    """And the right one is not."""
    with pytest.raises(PeerGone, match="does not take our key"):
        connect(where, b"another key")
    assert_open(where)


WORDS = {
    "a gigabyte": struct.pack("!i", 1 << 30) + b"J" * 65536,
    "just too much": struct.pack("!i", LONGEST + 1),
    "deep JSON": struct.pack("!i", 100_001) + b"J" + b"[" * 100_000,
    "no JSON": struct.pack("!i", 5) + b"J\xff{{}",
    "no text": struct.pack("!i", 1) + b"J",
}


@pytest.mark.parametrize("what", WORDS)
def test_who_talks_rubbish_inside_is_shown_out(what: str, where: str) -> None:
    """Its line is cut, the others' are not."""
    quiet = connect(where, KEY)
    rude = connect(where, KEY)
    raw = socket.socket(fileno=os.dup(_number(rude)))
    raw.sendall(WORDS[what])
    with pytest.raises(PeerGone):
        rude.receive()
    raw.close()
    quiet.send_json(b"J", {"op": "still here"})
    assert b"still here" in quiet.receive()[1]
    quiet.close()


def _number(connection: Connection) -> int:
    return connection._pipe.fileno()  # pyright: ignore[reportPrivateUsage] - to say what no client of ours says


def test_what_is_long_and_allowed_goes_through(where: str) -> None:
    """A pasted file of a megabyte."""
    client = connect(where, KEY)
    client.send_json(b"J", {"text": "x" * 1_000_000})
    assert len(client.receive()[1]) > 1_000_000
    client.close()


def test_who_never_reads_holds_nobody_up(folder: Path) -> None:
    """A stopped terminal: what it misses is dropped, and all others hear all."""
    clients = Clients(address(folder, "engine"), KEY, lambda _client, _message: None)
    stopped = connect(address(folder, "engine"), KEY)
    listening = connect(address(folder, "engine"), KEY)
    until(lambda: threads("client out") >= 2, "both are in")
    pause(0.05)
    begun = monotonic()
    for number in range(2000):
        clients.broadcast({"number": number, "text": "x" * 1000})
        if number % 50 == 0:
            while b'"number": %d,' % number not in listening.receive()[1]:
                pass
    assert monotonic() - begun < PATIENCE
    stopped.close()
    listening.close()
    clients.close()


def test_there_is_room_for_so_many(where: str) -> None:
    """Those beyond are turned away at once; when one goes, another may come."""
    inside = [connect(where, KEY) for _ in range(bridge.worker.MOST)]
    begun = monotonic()
    with pytest.raises(PeerGone):
        connect(where, KEY)
    assert monotonic() - begun < 1.0
    inside.pop().close()
    until(lambda: _comes_in(where), "there is room again")
    for client in inside:
        client.send_json(b"J", {})
        assert client.receive() == (b"J", b'{"back": {}}')
        client.close()


def _comes_in(where: str) -> bool:
    try:
        connect(where, KEY).close()
    except PeerGone:
        return False
    return True


KNOCK = """
import socket, sys
try:
    socket.socket(socket.AF_UNIX).connect(sys.argv[1])
    print("in")
except OSError as error:
    print(error.strerror)
"""


def test_the_folder_is_for_its_owner_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else may look into it, read the key, or even find the doors; as root we try it."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    session = runtime.create(os.getpid())
    for place, mode in ((session.parent, 0o700), (session, 0o700), (session / "key", 0o600)):
        assert place.stat().st_uid == os.getuid()
        assert place.stat().st_mode & 0o777 == mode
    door = runtime.door(session, "engine")
    clients = Clients(door, runtime.key_of(session), lambda _client, _message: None)
    with socket.socket(socket.AF_UNIX) as public:
        public.bind(str(folder / "public"))
        (folder / "public").chmod(0o777)
        public.listen()
        if os.getuid() == 0:
            assert _knocks_as_nobody(str(folder / "public")) == "in"  # else the next line would prove nothing
            assert _knocks_as_nobody(door) == "Permission denied"
    clients.close()


def _knocks_as_nobody(where: str) -> str:
    done = subprocess.run(
        ["/usr/bin/python3", "-c", KNOCK, where],
        user=65534,
        group=65534,
        extra_groups=[],
        cwd="/",
        capture_output=True,
        text=True,
        timeout=10,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.parametrize("mode", [0o755, 0o710, 0o707])
def test_a_folder_that_is_open_to_others_is_not_used(
    mode: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody may have made it before us."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    (folder / "sempre").mkdir()
    (folder / "sempre").chmod(mode)
    with pytest.raises(runtime.SessionError, match="open to others"):
        runtime.base_folder()
