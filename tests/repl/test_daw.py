"""`sempre daw`: what it says, what it writes, and a Live that does what AbletonOSC's documents say."""

from __future__ import annotations

import queue
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from repl.cli import main
from repl.daw import daw
from repl.daw_ardour import ardour_script
from repl.daw_live import Live, write_clips
from repl.daw_pages import TITLES
from repl.daw_plan import LayerPlan, plan_of
from repl.daw_reaper import midi_input, reaper_patterns, reaper_project
from repl.daw_remote import REMOTES, messages_for, steer
from repl.errors import ReplError

PIECE = """
tempo(112, 3)
drums = play(s("bd*4"))
bass = play(note("c2 g2").velocity(.5), on=midi(channel=3))
lead = play(note("c4"), on=midi(channel=3))
wide = play(note("c5"), on=mpe(voices=2, zone="upper"))
deep = play(note("c1").midichan(7), on=midi(channel=9))
rest = play(silence, on=midi(channel=12))
away = play(note("c"), on=midi("Volca"))
dirt = play(s("bd"), on=superdirt())
"""


@pytest.fixture
def piece(tmp_path: Path) -> Path:
    """A piece whose layers go everywhere."""
    file = tmp_path / "evening.py"
    file.write_text(PIECE)
    return file


def test_where_layers_go(piece: Path) -> None:
    """By our port with channels, by others, to our instruments, by OSC; also those that rest for now."""
    plan = plan_of([piece])
    assert (plan.title, plan.bpm, plan.beats, plan.port) == ("evening", 112, 3, "Sempre")
    assert plan.layers == (
        LayerPlan("drums", audio=True),
        LayerPlan("bass", (3,)),
        LayerPlan("lead", (3,)),
        LayerPlan("wide", (14, 15, 16)),
        LayerPlan("deep", (7,)),
        LayerPlan("rest", (12,)),
        LayerPlan("away", ports=("Volca",)),
        LayerPlan("dirt", osc=True),
    )
    assert plan.shared() == {3: ["bass", "lead"]}
    assert [track.name for track in plan.tracks] == ["bass", "lead", "wide", "deep", "rest"]
    assert plan.sound


@pytest.mark.parametrize("name", TITLES)
def test_a_page_says_what_a_musician_needs(
    name: str, piece: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ports, tracks, clock and transport, latency, for this very piece; and whether anybody tried it."""
    assert main(["daw", name, str(piece)]) == 0
    said = capsys.readouterr().out
    for heading in ("Ports", "Tracks", "Clock and transport", "Latency"):
        assert f"\n{heading}\n" in said
    assert re.search(r"bass +Sempre, channel 3\n", said)
    assert re.search(r"wide +Sempre, channels 14, 15, 16\n", said)
    assert re.search(r"drums +is played by an instrument of ours; as notes: on=midi\(channel=1\)", said)
    assert "Channel 3 is shared by bass, lead" in said
    assert ("Tried: " in said) == (name == "ardour")
    assert ("Not tried by us" in said) == (name != "ardour")
    assert "{" not in said
    assert main(["daw", name]) == 0
    assert "evening.py" in capsys.readouterr().out


def blocks(text: str) -> list[list[str]]:
    """The tracks of a project, each as its lines; every block is closed."""
    depth, found = 0, list[list[str]]()
    for line in text.splitlines():
        plain = line.strip()
        if plain == "<TRACK":
            found.append([])
        elif depth == 2 and plain != ">":
            found[-1].append(plain)
        depth += plain.startswith("<") - (plain == ">")
        assert depth >= 0
    assert depth == 0
    return found


def test_a_project_for_reaper(piece: Path) -> None:
    """Tempo and metre; tracks that are armed and hear one channel of any port."""
    text = reaper_project(plan_of([piece]))
    assert text.startswith("<REAPER_PROJECT ")
    assert "  TEMPO 112 3 4\n" in text
    tracks = blocks(text)
    assert [track[0] for track in tracks] == [f'NAME "{n}"' for n in ("bass", "lead", "wide", "deep", "rest")]
    inputs = [track[1].split() for track in tracks]
    assert {(row[0], row[1], row[3]) for row in inputs} == {("REC", "1", "1")}
    numbers = [int(row[2]) for row in inputs]
    assert all(number & 4096 and number >> 5 & 63 == 63 for number in numbers)
    assert [number & 31 for number in numbers] == [3, 3, 0, 7, 12]
    assert midi_input(LayerPlan("x", (16,))) & 31 == 16


def test_patterns_for_reaper(piece: Path) -> None:
    """Every line is a setting or a message with a type that Reaper has; ours are among them."""
    rows: dict[str, list[str]] = {}
    for line in reaper_patterns(plan_of([piece])).splitlines():
        if line and not line.startswith("#"):
            word, *rest = line.split()
            rows[word] = rest
    for word, patterns in rows.items():
        if not word.startswith(("DEVICE_", "REAPER_")):
            assert all(re.fullmatch(r"[nfbtrsi](/[a-z@]+)+", pattern) for pattern in patterns), word
    sent = {row[0] for words in REMOTES["reaper"].rows.values() for row in words}
    assert sent <= {pattern[1:] for patterns in rows.values() for pattern in patterns}


def test_the_script_for_ardour_has_every_track(piece: Path) -> None:
    """With the channels as bits; a name may contain anything."""
    piece.write_text(PIECE + 'play(note("c"), on=midi(channel=1), name=\'say "hi" \\\\ ]]\')\n')
    script = ardour_script(plan_of([piece]), "evening.lua")
    assert '{ name = "bass", channels = 0x4 },' in script
    assert '{ name = "wide", channels = 0xe000 },' in script
    assert r'{ name = "say \"hi\" \\ ]]", channels = 0x1 },' in script
    assert 'local title, bpm, beats = "evening", 112.0, 3' in script
    assert 'local port = "Sempre:out"' in script


def test_files_are_written_where_a_daw_reads_them(piece: Path, tmp_path: Path) -> None:
    """For Ardour and Reaper; what the others cannot read is said."""
    folder = tmp_path / "set-up"
    said = daw("reaper", [piece], folder)
    assert sorted(file.name for file in folder.iterdir()) == ["Sempre.ReaperOSC", "evening.RPP"]
    assert str(folder / "evening.RPP") in said
    daw("ardour", [piece], folder)
    assert (folder / "evening.ardour.lua").read_text().startswith("-- Makes an Ardour session")
    for name in ("live", "bitwig"):
        with pytest.raises(ReplError, match="reads no project"):
            daw(name, [piece], folder)
    with pytest.raises(ReplError, match="say for which piece"):
        daw("reaper", [], folder)
    with pytest.raises(ReplError, match="cannot write to"):
        daw("reaper", [piece], piece)


def read(packets: list[bytes]) -> list[list[object]]:
    """What python-osc reads in them."""
    messages = [OscMessage(packet) for packet in packets]
    return [[message.address, *cast("list[object]", message.params)] for message in messages]


def test_the_table_of_transports() -> None:
    """Every word of every DAW is a message; what it lacks says what to do."""
    for name, remote in REMOTES.items():
        assert {"start", "stop", "record"} <= remote.rows.keys()
        assert {"tempo", "rewind"} <= remote.rows.keys() | remote.lacks.keys()
        for word in remote.rows:
            value = {"tempo": 92.5, "scene": 3}.get(word)
            assert all(packet.startswith(b"/") for packet in messages_for(name, word, value))
        for word, hint in remote.lacks.items():
            with pytest.raises(ReplError, match=re.escape(hint)):
                messages_for(name, word)
    assert read(messages_for("ardour", "record")) == [["/rec_enable_toggle"], ["/transport_play"]]
    assert read(messages_for("reaper", "tempo", 92.5)) == [["/tempo/raw", 92.5]]
    assert read(messages_for("live", "scene", 3)) == [["/live/scene/fire", 2]]


@pytest.mark.parametrize(
    ("name", "what", "value", "told"),
    [
        (["reaper"], "start", None, "the DAWs are"),
        ("cubase", "start", None, "the DAWs are ardour, reaper, live, bitwig"),
        ("reaper", "dance", None, "reaper knows start, stop"),
        ("reaper", "tempo", None, r'as in daw\("reaper", "tempo", 112\)'),
        ("reaper", "tempo", 5000, "20 to 999"),
        ("reaper", "tempo", True, "20 to 999"),
        ("live", "scene", 0, "1 to 1000"),
        ("live", "stop", 3, "takes no number"),
    ],
)
def test_what_cannot_be_steered_is_said(name: Any, what: str, value: Any, told: str) -> None:
    """With the words that there are."""
    with pytest.raises(ReplError, match=told):
        messages_for(name, what, value)


def test_steering_reaches_a_port() -> None:
    """By UDP, at the port that was asked for; a host that does not exist is an error in a line."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind(("127.0.0.1", 0))
        ear.settimeout(5)
        port = ear.getsockname()[1]
        assert steer("reaper", "tempo", 140, port=port) == f"reaper: tempo 140 to 127.0.0.1:{port}"
        assert read([ear.recv(1000)]) == [["/tempo/raw", 140.0]]
    with pytest.raises(ReplError, match="port is 1 to 65535"):
        steer("reaper", "start", port=70_000)
    with pytest.raises(ReplError, match="nothing can be sent"):
        steer("reaper", "start", host="no.such.host.invalid")


class FakeLive:
    """Live with AbletonOSC, by its documents: what is heard is done at ticks, answers go to one port.

    A clip that is made is there one tick later, as users found; notes for a clip that is not there are an
    error, and so is what does not exist.
    """

    TICK = 0.03

    def __init__(self) -> None:
        self.ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.ear.bind(("127.0.0.1", 0))
        self.ear.setblocking(False)
        self.port: int = self.ear.getsockname()[1]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            self.replies: int = probe.getsockname()[1]
        self.tempo = 120.0
        self.tracks: list[str] = ["1-MIDI", "bass"]
        self.scenes = 1
        self.clips: dict[tuple[int, int], dict[str, Any]] = {
            (1, 1): {"name": "old", "notes": [], "length": 1.0}
        }
        self.later: list[Any] = []
        self.heard: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def close(self) -> None:
        """End it."""
        self.over.set()
        self.thread.join(5)
        self.ear.close()

    def _run(self) -> None:
        while not self.over.wait(self.TICK):
            waiting, self.later = self.later, []
            for work in waiting:
                work()
            while True:
                try:
                    data, sender = self.ear.recvfrom(65_536)
                except BlockingIOError:
                    break
                message = OscMessage(data)
                self.heard.put(message.address)
                try:
                    answer = self._do(message.address, *message.params)
                except (LookupError, ValueError) as error:
                    self._send("/live/error", [f"{message.address}: {error!r}"], sender[0])
                    continue
                if answer is not None:
                    self._send(message.address, answer, sender[0])

    def _send(self, address: str, values: list[Any], host: str) -> None:
        builder = OscMessageBuilder(address)
        for value in values:
            builder.add_arg(value)
        self.ear.sendto(builder.build().dgram, (host, self.replies))

    def _do(self, address: str, *a: Any) -> list[Any] | None:
        match address:
            case "/live/test":
                return ["ok"]
            case "/live/song/set/tempo":
                self.tempo = a[0]
            case "/live/song/get/num_scenes":
                return [self.scenes]
            case "/live/song/get/num_tracks":
                return [len(self.tracks)]
            case "/live/song/get/track_names":
                return [*self.tracks]
            case "/live/song/create_scene":
                self.scenes += 1
            case "/live/song/create_midi_track":
                self.tracks.append(f"{len(self.tracks) + 1}-MIDI")
            case "/live/track/set/name":
                self.tracks[a[0]] = a[1]
            case "/live/clip_slot/get/has_clip":
                self._slot(a)
                return [*a, (a[0], a[1]) in self.clips]
            case "/live/clip_slot/create_clip":
                self._slot(a)
                if a[2] <= 0 or (a[0], a[1]) in self.clips:
                    raise ValueError("no room for a clip")
                self.later.append(lambda: self.clips.update({(a[0], a[1]): {"notes": [], "length": a[2]}}))
            case "/live/clip_slot/delete_clip":
                del self.clips[a[0], a[1]]
            case "/live/clip/set/name":
                self.clips[a[0], a[1]]["name"] = a[2]
            case "/live/clip/get/name":
                return [*a, self.clips[a[0], a[1]]["name"]]
            case "/live/clip/add/notes":
                notes = self.clips[a[0], a[1]]["notes"]
                if not a[2:] or len(a[2:]) % 5:
                    raise ValueError("five values a note")
                for first in range(2, len(a), 5):
                    pitch, start, length, velocity, mute = a[first : first + 5]
                    assert isinstance(pitch, int)
                    assert mute is False
                    notes.append((pitch, start, length, velocity))
            case _:
                raise LookupError("unknown address")
        return None

    def _slot(self, a: tuple[Any, ...]) -> None:
        if a[0] >= len(self.tracks) or a[1] >= self.scenes:
            raise IndexError("no such slot")


@pytest.fixture
def fake() -> Iterator[FakeLive]:
    """A Live that answers."""
    found = FakeLive()
    yield found
    found.close()


def test_clips_are_written_into_live(fake: FakeLive, piece: Path) -> None:
    """Onto tracks by name, in one scene, in the place of the old clip, each note at its beat."""
    fake.scenes = 2
    said = write_clips([piece], 2, scene=3, live=Live(port=fake.port, replies=fake.replies))
    assert fake.tempo == 112
    assert fake.scenes == 3
    assert fake.tracks == ["1-MIDI", "bass", "drums", "lead", "wide", "deep", "away", "dirt"]
    clips = {fake.tracks[track]: clip for (track, slot), clip in fake.clips.items() if slot == 2}
    assert set(clips) == {"bass", "drums", "lead", "wide", "deep", "away", "dirt"}
    assert all(clip["length"] == 6 for clip in clips.values())
    assert clips["bass"]["name"] == "bass"
    assert clips["bass"]["notes"] == [
        (36, 0.0, 1.5, 64), (43, 1.5, 1.5, 64), (36, 3.0, 1.5, 64), (43, 4.5, 1.5, 64)
    ]  # fmt: skip
    assert [note[1] for note in clips["drums"]["notes"]] == [k * 0.75 for k in range(8)]
    assert fake.clips[1, 1]["name"] == "old", "another scene is left alone"
    assert "notes in 7 clips of 6 beats, scene 3" in said
    again = write_clips([piece], 1, scene=3, live=Live(port=fake.port, replies=fake.replies))
    assert "7 clips of 3 beats" in again
    assert len(fake.tracks) == 8, "no track is made twice"
    assert len(fake.clips[1, 2]["notes"]) == 2


def test_many_notes_go_in_many_messages(fake: FakeLive, piece: Path) -> None:
    """None is lost, none doubled."""
    piece.write_text('a = play(note("c*32"))')
    write_clips([piece], 4, live=Live(port=fake.port, replies=fake.replies))
    begins = [note[1] for note in fake.clips[2, 0]["notes"]]
    assert begins == [k / 8 for k in range(128)]


def test_what_live_refuses_is_said(fake: FakeLive, piece: Path) -> None:
    """In its own words; and a Live that is not there says what to do."""
    live = Live(port=fake.port, replies=fake.replies)
    with pytest.raises(ReplError, match="Live says: /live/song/get/nothing"):
        live.ask("/live/song/get/nothing")
    live.close()
    with pytest.raises(ReplError, match="--cycles"):
        write_clips([piece], 0)
    with pytest.raises(ReplError, match="--scene"):
        write_clips([piece], 1, scene=0)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("", 0))
        with pytest.raises(ReplError, match="is taken"):
            Live(replies=taken.getsockname()[1])


def test_nobody_there(monkeypatch: pytest.MonkeyPatch, piece: Path) -> None:
    """An answer is waited for, and then it is said what is to be switched on."""
    monkeypatch.setattr("repl.daw_live.ANSWER", 0.02)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        with pytest.raises(ReplError, match="AbletonOSC chosen as a control surface"):
            write_clips([piece], 1, live=Live(port=port, replies=0))


def test_clips_are_for_live(piece: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And for nothing else."""
    assert main(["daw", "reaper", "--clips", str(piece)]) == 1
    assert main(["daw", "live", str(piece), "--clips", str(piece)]) == 1
    assert "sempre daw live --clips FILE" in capsys.readouterr().err
