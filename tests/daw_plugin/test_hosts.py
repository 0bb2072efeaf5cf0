"""The plugin in real hosts: what they load, what comes out of it and when, and what it does meanwhile."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pedalboard import VST3Plugin

import plugin_host.plugin_parameters  # or pedalboard asks a thousand texts of each of 2,000 parameters: 30 s
from bridge.bond_memory import MESSAGE, Bond, Planned
from bridge.worker import pause
from tests.bridge.conftest import Receiver
from tests.bridge.test_jack_transport import conductor as conductor  # noqa: PLC0414 - a fixture, used by its name
from tests.daw_plugin.conftest import SOURCE, Message, Watched, heard, instances, rolling
from tests.jack.conductor import Conductor

pytestmark = [pytest.mark.plugin, pytest.mark.timeout(120)]
assert plugin_host.plugin_parameters.parameters_of
RATE, PERIOD = 48_000, 256
ROUNDS = int(os.environ.get("SEMPRE_PLUGIN_ROUNDS", "50"))
"""How often a host loads the plugin and lets go of it."""
FORBIDDEN = (
    *("malloc", "calloc", "realloc", "free", "aligned_alloc", "lock", "wait", "open", "read", "write"),
    *("mmap", "munmap", "sleep", "syscall", "schedule_work"),
)
LOADS = """
import sys
from pathlib import Path
from pedalboard import VST3Plugin
import plugin_host.plugin_parameters

def memory():
    (line,) = [one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmRSS")]
    return int(line.split()[1])

rounds = int(sys.argv[2])
for number in range(rounds):
    plugin = VST3Plugin(sys.argv[1], initialization_timeout=0.01)
    plugin.process([], duration=0.02, sample_rate=48_000, buffer_size=128, reset=False)
    del plugin
    if number == rounds // 5:
        early = memory()
print(number + 1, memory() - early)
"""


def loaded(formats: Path) -> VST3Plugin:
    """The VST3 in pedalboard, which would wait 10 s for an instrument's first sound, and at each reset."""
    return VST3Plugin(str(formats / "Sempre.vst3"), initialization_timeout=0.01)


def note(beat: float, length: float, key: int) -> Planned:
    """A note of the plan."""
    return Planned(beat, length, bytes((0x90, key, 100)))


def tell(bond: Bond, beats: range, generation: int = 1) -> None:
    """Plan four notes and a controller in each beat, of which one note is longer than a bar."""
    for beat in beats:
        notes = [note(beat + n / 4, 0.2 if n else 5.3, 36 + (4 * beat + n) % 80) for n in range(4)]
        bond.write(beat, generation, [*notes, Planned(beat + 0.9, MESSAGE, bytes((0xB0, 74, beat % 128)))])


def sounding(messages: list[Message]) -> set[int]:
    """The keys that have begun and not ended."""
    held: set[int] = set()
    for _, data in messages:
        if data[0] == 0x90:
            held.add(data[1])
        elif data[0] == 0x80:
            held.discard(data[1])
    return held


# --- what it does while it makes sound -----------------------------------------------------------


def test_what_watches_sees_faults(watched: Watched) -> None:
    """The plugin's own calls while it is made, and calls that a plugin should not make."""
    for name in ("malloc", "free", "open", "mmap"):
        assert watched.made[name] > 0
    watched.ask("fault")
    counts = watched.counts()
    assert counts["malloc"] >= 3
    assert counts["free"] >= 3
    assert counts["lock"] == 1


def test_nothing_is_allocated_locked_or_waited_for(watched: Watched) -> None:
    """Over thousands of blocks: notes, jumps, loops, stops, mute, flushes, no page there, no engine."""
    bond, out = watched.bond, list[Message]()
    out += watched.roll(0, 120, 0, 200, speed=0)  # nobody is bound yet
    out += watched.roll(0, 120, 0, 200)
    bond.bind(os.getpid(), name="Bass", piece="", seed=0)
    bond.beat()
    tell(bond, range(5))
    tell(bond, range(6, 16))  # one is missing
    for half in range(2):
        bond.beat()
        out += watched.roll(4 * half, 120, 96_000 * half, 750)
    assert bond.counts().missing > 0
    assert watched.value("engine") == 2
    for _ in range(6):  # a loop of a bar
        bond.beat()
        out += watched.roll(4, 120, 96_000, 750)
    for bpm in (60, 97.3, 300):
        bond.beat()
        out += watched.roll(0.1, bpm, 0, 300)
        out += watched.roll(11.7, bpm, 500_000, 300)
        out += watched.roll(12, bpm, 0, 20, speed=0)
    for value in (1, 0):
        watched.turn("mute", value)
        watched.turn("macro3", value / 2)
        out += watched.roll(8 + value, 120, 0, 300)
    for generation in range(2, 30):  # an engine that plans anew, voids and flushes while it plays
        bond.beat()
        watched.say(*rolling(generation / 4, 120, 6000 * generation, 250))
        tell(bond, range(16), generation)
        bond.void(generation)
        bond.flush()
        out += heard(watched.answer())
    bond.leave()
    out += watched.roll(0, 120, 0, 100)
    bond.bind(os.getpid(), name="Bass", piece="", seed=0)
    out += watched.roll(0, 120, 0, 1300)  # it gives no sign for 3 s
    assert watched.value("engine") == 1
    counts = watched.counts()
    assert {name: counts[name] for name in FORBIDDEN} == dict.fromkeys(FORBIDDEN, 0)
    assert counts["blocks"] > 10_000
    assert counts["loudest"] == 0
    assert sum(data[0] == 0x90 for _, data in out) > 300
    assert sum(data[0] == 0xB0 for _, data in out) > 50
    assert not sounding(out)
    print(f"a block takes {counts['mean']:.0f} ns, 99 of 100 at most {counts['p99']:.0f} ns")  # noqa: T201 - figures, with pytest -s


def test_it_waits_where_the_host_renders(watched: Watched) -> None:
    """Faster than in real time it waits for a page, and is seen to: the one thing that it may not do live."""
    watched.ask("virtual", 0)
    bond = watched.bond
    bond.bind(os.getpid(), name="Bass", piece="", seed=0)
    bond.beat()
    tell(bond, range(4))
    assert len(watched.roll(0, 120, 0, 740)) > 15
    assert watched.counts()["sleep"] == 0
    watched.say(*rolling(740 * 128 / 24_000, 120, 740 * 128, 100))
    pause(0.3)
    tell(bond, range(4, 6))
    assert any(data[1] == 36 + 16 for _, data in heard(watched.answer()) if data[0] == 0x90)
    assert watched.counts()["sleep"] > 10
    assert 0.1 < bond.counts().waited < 2


def test_all_that_sounds_fits_into_one_block(watched: Watched, formats: Path) -> None:
    """Where a host gives no more room than is asked for, a jump ends 512 notes all the same."""
    text = (formats / "Sempre.lv2" / "Sempre_dsp.ttl").read_text()
    (room,) = {int(found) for found in re.findall(r"rsz:minimumSize (\d+)", text)}
    watched.ask("room", room)
    bond = watched.bond
    bond.bind(os.getpid(), name="Bass", piece="", seed=0)
    bond.beat()
    for beat in range(4):
        chord = [Planned(beat, 100, bytes((0x90 | beat, key, 100))) for key in range(128)]
        bond.write(beat, 1, chord)
    out = watched.roll(0, 120, 0, 700)
    assert len(out) == 512
    ends = watched.roll(40, 120, 10**7, 1)
    assert {(data[0] & 15, data[1]) for _, data in ends} == {(data[0] & 15, data[1]) for _, data in out}
    assert all(data[0] & 0xF0 == 0x80 for _, data in ends)


@pytest.mark.parametrize("bpm", [60.0, 120.0, 174.0])
def test_it_keeps_time_where_a_host_tells_only_what_changes(watched: Watched, bpm: float) -> None:
    """Three minutes without a word of where it is: the framework counts on in 32 bits, 100 frames off."""
    bond, out = watched.bond, list[Message]()
    bond.bind(os.getpid(), name="Bass", piece="", seed=0)
    watched.roll(0, bpm, 0, 1, speed=0)
    for second in range(180):
        bond.beat()
        first = second * bpm / 60
        for beat in range(int(first), int(first + bpm / 60) + 2):
            bond.write(beat, 1, [note(beat, 0.1, 60)])
        rows = watched.ask("go", 375, 128) if second else watched.ask(*rolling(0, bpm, 0, 375, once=True))
        out += heard(rows)
    begins = [frame for frame, data in out if data[0] == 0x90]
    assert len(begins) == round(3 * bpm)
    for number, frame in enumerate(begins):
        assert abs(frame - begins[0] - number * 60 * RATE / bpm) <= 1


# --- pedalboard: VST3 ----------------------------------------------------------------------------


def test_pedalboard_takes_it_for_an_instrument(formats: Path, run_folder: Path) -> None:
    """It is silent, and its file is there as long as it is loaded."""
    plugin = loaded(formats)
    assert plugin.is_instrument
    assert plugin.name == "Sempre"
    sound = plugin.process([], duration=0.5, sample_rate=RATE, buffer_size=128, reset=False)
    assert sound.shape[1] == RATE // 2
    assert not np.any(sound)
    (path,) = instances(run_folder)
    bond = Bond(path)
    assert bond.who().format == "VST3"
    now = bond.now()
    assert now is not None
    assert now.rate == RATE
    bond.close()
    del plugin
    assert not instances(run_folder)


def test_a_session_keeps_what_it_was_bound_to(formats: Path, run_folder: Path) -> None:
    """The state that a host saves has the name, the piece and the seed; another instance takes them over."""
    first = loaded(formats)
    (path,) = instances(run_folder)
    bond = Bond(path)
    bond.bind(os.getpid(), name="Bäss", piece="night.py", seed=2**64 - 5)
    state = first.raw_state
    bond.close()
    second = loaded(formats)
    (other,) = instances(run_folder) - {path}
    bond = Bond(other)
    before = bond.who()
    assert (before.name, before.set, before.seed) == ("", "", 0)
    second.raw_state = state
    who = bond.who()
    assert (who.name, who.set, who.seed) == ("Bäss", "night.py", 2**64 - 5)
    assert who.told > before.told
    assert who.id != int(path.stem.partition("-")[2], 16)
    bond.close()


@pytest.mark.timeout(60 + ROUNDS)
def test_it_is_loaded_and_let_go_of_again_and_again(formats: Path, run_folder: Path) -> None:
    """Without a crash, a file that is left, or memory: 10 MB of room for the host's own."""
    command = [sys.executable, "-c", LOADS, str(formats / "Sempre.vst3"), str(ROUNDS)]
    begin = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=SOURCE.parent)
    assert done.returncode == 0, done.stderr[-2000:]
    rounds, grown = map(int, done.stdout.split())
    print(f"{rounds} rounds in {time.monotonic() - begin:.1f} s, {grown} KiB more")  # noqa: T201 - figures, with pytest -s
    assert rounds == ROUNDS
    assert grown < 10_240
    assert not instances(run_folder)


# --- jalv: LV2 on JACK ---------------------------------------------------------------------------


class Jalv:
    """The LV2 plugin in jalv, on the JACK server of the tests.

    Args:
        formats: The folder that has it.
        folder: Where instances put their files.
    """

    def __init__(self, formats: Path, folder: Path) -> None:
        path = os.pathsep.join((str(formats), "/usr/lib/lv2", "/usr/local/lib/lv2"))
        self._process = subprocess.Popen(
            ["jalv", "-x", "-n", "sempre-jalv", "urn:sempre:plugin"],
            stdin=subprocess.PIPE,  # it ends where that is closed
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"LV2_PATH": path},
        )
        until = time.monotonic() + 10
        while not (found := instances(folder)) and time.monotonic() < until:
            assert self._process.poll() is None
            pause(0.02)
        (one,) = found
        self.bond = Bond(one)

    def close(self) -> None:
        """End it."""
        self.bond.close()
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@pytest.fixture
def jalv(jack_server: str, formats: Path, run_folder: Path) -> Iterator[Jalv]:
    """The plugin in jalv."""
    assert jack_server
    if shutil.which("jalv") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("jalv is not installed (apt-get install jalv)")
    made = Jalv(formats, run_folder)
    yield made
    made.close()


@pytest.mark.jack
@pytest.mark.timeout(90)
def test_jalv_plays_the_plan_to_the_frame(jalv: Jalv, conductor: Conductor) -> None:
    """From the begin, and after a jump: each note where the transport has its beat, within one frame."""
    bond, ears = jalv.bond, Receiver("ears", "sempre-jalv:lv2_events_out")
    bond.bind(os.getpid(), name="Bass", piece="", seed=0)
    for beat in range(64):
        bond.write(beat, 1, [note(beat + n / 4, 0.2, 40 + (4 * beat + n) % 64) for n in range(4)])
    conductor.do("lead 120")
    conductor.do("start")

    def begun(rows: list[tuple[int, str]]) -> list[tuple[int, int]]:
        bond.beat()
        return [(frame, int(data[2:4], 16)) for frame, data in rows if data.startswith("90")]

    moves, at = 0, 0
    for landing in (0, 32):
        if landing:
            conductor.do(f"locate {landing * 24_000}")
        rolling_, first, frame = False, 0, -1
        while not rolling_ or frame < landing * 24_000:
            moves += 1
            rolling_, first, frame = conductor.moved(moves)
        rows = begun(ears.wait_midi(lambda rows, at=at: len(begun(rows)) >= at + 24))
        # What still came from before the jump belongs to the stretch before it.
        here = [(heard_at, key) for heard_at, key in rows[at:] if heard_at >= first][:16]
        assert len(here) == 16
        begin = -(-frame // 6000)  # the first quarter of a beat that it passes
        for number, (heard_at, key) in enumerate(here):
            assert key == 40 + (begin + number) % 64
            assert abs(heard_at - first - ((begin + number) * 6000 - frame)) <= 1
        at = len(begun(ears.midi()))
    conductor.do("stop")
    while conductor.moved(moves + 1)[0]:
        moves += 1
    pause(0.2)
    assert not sounding([Message(frame, bytes.fromhex(data)) for frame, data in ears.midi()])
    assert bond.counts().late == 0
    ears.leave()


@pytest.mark.skipif(shutil.which("lv2_validate") is None and not os.environ.get("CI"), reason="lv2-dev")
def test_its_texts_are_valid(formats: Path) -> None:
    """By LV2's own check; it does not know two properties that the framework adds for a maker of devices."""
    texts = [str(formats / "Sempre.lv2" / name) for name in ("manifest.ttl", "Sempre_dsp.ttl")]
    done = subprocess.run(["lv2_validate", *texts], capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    faults = re.findall(r"^error: .*\n.*\n\s+(\S+)", said, re.MULTILINE)
    assert {*faults} == {f"http://moddevices.com/ns/mod#{name}" for name in ("brand", "label")}
    assert f"Found {len(faults)} errors" in said
    assert len(faults) == 4
