"""What the tests of every package share: a JACK server of their own."""

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Generator, Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import Phase, settings

from tests.witness import Witness

# The same cases on every run and no stop-watch: the machines are shared, and a failure must be seen again.
settings.register_profile(
    "house", derandomize=True, deadline=None, phases=[Phase.explicit, Phase.generate, Phase.shrink]
)
# On other versions of Python it is the language that is tried, and not the laws anew: a fifth of the cases.
settings.register_profile("brief", settings.get_profile("house"), max_examples=20)
settings.load_profile("house")

RATE = 48_000
PERIOD = 256
PATIENCE = 8.0  # seconds for a server to answer; a started one needs 0.2 s


def _answers(name: str) -> bool:
    """Whether the server called `name` takes clients."""
    try:
        waited = subprocess.run(
            ["jack_wait", "-s", name, "-w", "-t", str(int(PATIENCE))],
            timeout=PATIENCE + 2,  # a JACK client can hang while it opens
            capture_output=True,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return waited.returncode == 0


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(5)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _forget_dead_servers() -> None:
    """Clear JACK's list of servers where none runs: it has eight places, and killed servers keep theirs."""
    programs = (entry / "comm" for entry in Path("/proc").glob("[0-9]*"))
    names: set[str] = set()
    for program in programs:
        with contextlib.suppress(OSError):
            names.add(program.read_text().strip())
    if not names & {"jackd", "jackdbus"}:
        for left in Path("/dev/shm").glob("jack*"):
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)  # what a killed server knew of its clients
            else:
                left.unlink(missing_ok=True)


def _start(name: str, log: Path, outputs: int) -> subprocess.Popen[bytes] | None:
    """Start a server without a sound card: in real time where allowed, else without.

    In synchronous mode (-S) each period waits for its clients: on a busy machine a late listener then
    hears everything later, where it would else lose what was in the period.
    """
    for priority in (["-R", "-P", "70"], ["--no-realtime"]):
        with log.open("wb") as out:
            server = subprocess.Popen(
                [
                    *("jackd", "-n", name, "-S", *priority),
                    *("-d", "dummy", "-r", str(RATE), "-p", str(PERIOD), "-P", str(outputs)),
                ],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        if _answers(name) and server.poll() is None:
            return server
        _end(server)
    return None


@pytest.fixture(scope="session")
def start_jack(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[str], subprocess.Popen[bytes]]]:
    """Start JACK servers (48 kHz, periods of 256) by name, with so many outputs; all end with the session.

    Without jackd the test is skipped; where `CI` is set it fails.
    """
    servers: list[subprocess.Popen[bytes]] = []

    def start(name: str, outputs: int = 2) -> subprocess.Popen[bytes]:
        absent = pytest.fail if os.environ.get("CI") else pytest.skip
        if shutil.which("jackd") is None or shutil.which("jack_wait") is None:
            absent("jackd is not installed (apt-get install jackd2)")
        log = tmp_path_factory.mktemp("jack") / "jackd.log"
        _forget_dead_servers()
        server = _start(name, log, outputs)
        if server is None:
            absent(f"jackd does not start: {log.read_text(errors='replace')[-400:]}")
        assert server is not None
        servers.append(server)
        return server

    yield start
    for server in servers:
        _end(server)


@pytest.fixture(scope="session")
def jack_server(start_jack: Callable[[str], subprocess.Popen[bytes]]) -> Iterator[str]:
    """Run a private JACK server and yield its name.

    While it runs `JACK_DEFAULT_SERVER` names it, so that every client opened by this process or its
    children finds it and no other.
    """
    name = f"sempre-test-{os.getpid()}"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("JACK_DEFAULT_SERVER", name)
        environment.setenv("JACK_NO_START_SERVER", "1")
        environment.setenv("JACK_NO_AUDIO_RESERVATION", "1")
        start_jack(name)
        yield name


@pytest.fixture(scope="session", autouse=True)
def no_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what sessions write down, and what they keep for the next, out of the user's home."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        environment.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


PEERS = frozenset({"jack", "link", "vst3", "daw", "browser", "editor", "realtime", "supercollider"})
AGAIN = 2
"""How often a test that measures the wall clock is made again, if the machine stood still meanwhile."""

_begun = pytest.StashKey[float]()
_witness = pytest.StashKey[Witness]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let tests with a peer be made again where they failed while the machine stood still."""
    for item in items:
        if PEERS.intersection(mark.name for mark in item.iter_markers()):
            item.add_marker(pytest.mark.flaky(reruns=AGAIN, condition=partial(_stood_still, item)))
            if _witness not in config.stash:
                config.stash[_witness] = Witness()


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the witness."""
    if _witness in config.stash:
        config.stash[_witness].close()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Note when each test begins."""
    item.stash[_begun] = time.monotonic()


def _stood_still(item: pytest.Item, error: BaseException | None) -> bool:
    # Asked after each test, also after one that passed.
    stood = item.config.stash[_witness].stood(item.stash[_begun]) if error is not None else []
    if stood:
        longest = max(end - begin for begin, end in stood)
        print(f"the machine stood still {len(stood)} times, for {longest * 1000:.0f} ms")  # noqa: T201 - to whoever reads the run
    return bool(stood)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where `CI` is set, a test that needs a peer and skips has failed: there the peers are installed."""
    report = yield
    marked = PEERS.intersection(mark.name for mark in item.iter_markers())
    if os.environ.get("CI") and report.skipped and marked and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{', '.join(sorted(marked))}: {reason} (a skip is a failure where CI is set)"
    return report
