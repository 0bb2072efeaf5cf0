"""Settings: what is right is taken over, what is wrong is named with its line, and nothing raises."""

import json
import sys
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.output import open_midi
from bridge.port_settings import Ports
from bridge.surface_settings import PORT, SurfaceSettings
from bridge.targets import midi
from plugin_host.audio_settings import AudioSettings
from repl.journal_settings import JournalSettings, journal_settings
from repl.settings import KEYS, Settings, parse_settings, read_settings

FILE = Path("sempre.toml")

WHOLE = """\
[midi]
backend = "system"
name = "Studio"

[audio]
driver = "null"
device = "USB"
rate = 44100
profile = "tight"

[latency]
midi = 0.02
osc = -0.1
audio = 1

[osc]
port = 9100
listen = "network"
remote = "off"
tablets = ["192.168.1.20:9000", "ipad.local:9001"]
reply_port = 9000
discovery = false

[session]
seed = 7
bpm = 112.5
"""


def problem(source: str) -> str:
    """The only problem of a text."""
    problems = parse_settings(source, FILE).problems
    assert len(problems) == 1, problems
    return problems[0]


def test_everything_that_can_be_said() -> None:
    """Each section and key, with its value."""
    settings = parse_settings(WHOLE, FILE)
    assert settings.problems == ()
    assert (settings.midi.backend, settings.midi.name) == ("system", "Studio")
    assert (settings.audio.driver, settings.audio.device, settings.audio.rate) == ("null", "USB", 44100)
    assert settings.audio.profile == "tight"
    assert (settings.latency.midi, settings.latency.osc, settings.latency.audio) == (0.02, -0.1, 1.0)
    assert (settings.osc.port, settings.osc.listen, settings.osc.remote) == (9100, "network", "off")
    assert settings.osc.tablets == ("192.168.1.20:9000", "ipad.local:9001")
    assert (settings.osc.reply_port, settings.osc.discovery) == (9000, False)
    assert (settings.seed, settings.bpm) == (7, 112.5)


def test_the_processes_understand_it() -> None:
    """What travels to them is JSON, and they take it, set or not."""
    for settings in (parse_settings(WHOLE, FILE), Settings()):
        sent = json.loads(json.dumps(settings.to_json()))
        assert AudioSettings.read(sent["audio"]).driver == settings.audio.driver
        assert sent["session"] == ({"seed": 7, "bpm": 112.5} if settings.file else {})
        assert sent["samples"] == []
        surfaces = SurfaceSettings.read({**sent["osc"], "tablets": ["127.0.0.1:9000"]})
        assert surfaces.port == (9100 if settings.file else PORT) == settings.osc.port
        assert surfaces.host == ("0.0.0.0" if settings.file else "127.0.0.1")
        assert (surfaces.remote, surfaces.tablets) == (settings.osc.remote, (("127.0.0.1", 9000),))
    assert open_midi.__doc__ is not None
    for backend in ("auto", "jack", "system", "rtmidi-jack", "none"):
        assert f'"{backend}"' in open_midi.__doc__
        assert parse_settings(f'[midi]\nbackend = "{backend}"', FILE).problems == ()


def test_no_file(tmp_path: Path) -> None:
    """The usual settings, and a line that says so."""
    settings = read_settings([tmp_path / "evening.py"], tmp_path)
    assert settings == Settings()
    assert settings.said() == "settings: no sempre.toml here, the usual ones hold"


def test_beside_the_piece_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the working directory."""
    piece = tmp_path / "set" / "evening.py"
    piece.parent.mkdir()
    (tmp_path / "sempre.toml").write_text("session.bpm = 90", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert read_settings([piece]).bpm == 90
    assert read_settings([]).bpm == 90
    (piece.parent / "sempre.toml").write_text("session.bpm = 80", encoding="utf-8")
    assert read_settings([piece]).bpm == 80


def test_it_says_what_was_read(tmp_path: Path) -> None:
    """File and keys, and that something was wrong."""
    path = tmp_path / "sempre.toml"
    path.write_text("[session]\nbpm = 90\nseed = 1.5\n", encoding="utf-8")
    assert read_settings([], tmp_path).said() == (f"settings: {path}: session.bpm; 1 problem, see below")
    path.write_text("", encoding="utf-8")
    assert read_settings([], tmp_path).said() == f"settings: {path}: nothing"


def test_folders_of_samples(tmp_path: Path) -> None:
    """Relative to the file; one that is not there is reported, and the others hold."""
    (tmp_path / "drums").mkdir()
    path = tmp_path / "sempre.toml"
    path.write_text('[samples]\nfolders = ["drums", "drmus"]\n', encoding="utf-8")
    settings = read_settings([], tmp_path)
    assert settings.sample_folders == (tmp_path / "drums",)
    assert settings.to_json()["samples"] == [str(tmp_path / "drums")]
    assert settings.problems == (
        (
            f"{path}:2: samples.folders: 'drmus' is no folder that is there\n"
            '    2 | folders = ["drums", "drmus"]'
        ),
    )


def test_the_memory_for_sounds(tmp_path: Path) -> None:
    """Megabytes; the mixer is told of it only where it is set."""
    path = tmp_path / "sempre.toml"
    path.write_text("[samples]\nmemory = 64\n", encoding="utf-8")
    assert read_settings([], tmp_path).to_json()["sounds"] == {"memory": 64.0}
    path.write_text("[samples]\nmemory = 3\n", encoding="utf-8")
    settings = read_settings([], tmp_path)
    assert settings.to_json()["sounds"] == {}
    assert "samples.memory must be a number from 16 to 1e+06, not 3" in settings.problems[0]


def test_an_unknown_section() -> None:
    """With the nearest name and its line."""
    text = problem("[session]\nbpm = 90\n\n[adio]\nrate = 44100\n")
    assert text == "sempre.toml:4: there is no section [adio]; did you mean 'audio'?\n    4 | [adio]"


def test_an_unknown_key() -> None:
    """The rest of its section holds."""
    settings = parse_settings('[audio]\ndrivr = "null"\nrate = 44100\n', FILE)
    assert settings.problems == (
        "sempre.toml:2: [audio] has no 'drivr'; did you mean 'driver'?\n    2 | drivr = \"null\"",
    )
    assert settings.audio.rate == 44100


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('[audio]\ndriver = "jak"', "audio.driver must be one of auto, jack,"),
        ('[audio]\ndriver = "jak"', "did you mean 'jack'?, not 'jak'"),
        ("[audio]\nrate = 44.1", "audio.rate must be a whole number from 8000 to 192000, not 44.1"),
        ("[audio]\nrate = true", "must be a whole number"),
        ("[audio]\nprofile = 3", "must be one of tight, normal, safe"),
        ('[audio]\nlayout = "7.1.2"', "audio.layout: no layout '7.1.2'; did you mean"),
        ('[audio]\nlayout = "hall.csv"', "hall.csv cannot be read: No such file"),
        ('[midi]\nname = ""', "midi.name must be a text of 1 to 60 characters, not ''"),
        ("[latency]\nmidi = 20", "latency.midi must be a number from -1 to 1, not 20"),
        ("[latency]\nmidi = nan", "latency.midi must be a number from -1 to 1, not nan"),
        ("[session]\nbpm = 0", "session.bpm must be a number above 0 to 1000, not 0"),
        ('[session]\nseed = "a"', "session.seed must be a whole number, not 'a'"),
        ('[samples]\nfolders = "drums"', "must be a list of folders"),
        ("[samples]\nfolders = [1]", "must be a list of folders"),
    ],
)
def test_a_value_that_cannot_be(source: str, said: str) -> None:
    """Its line, what can stand there, and what stands there."""
    text = problem(source)
    assert text.startswith("sempre.toml:2: ")
    assert said in text


def test_a_key_without_a_section() -> None:
    """It is told where it belongs."""
    assert "stands outside of every section; it belongs under [session]" in problem("bpm = 90")
    assert "[midi] and its keys below" in problem("midi = 3")


def test_other_spellings_of_a_key_are_found() -> None:
    """Dotted keys and inline tables have a line, too."""
    assert problem("\nsession.bpm = -1").startswith("sempre.toml:2: ")
    assert problem("\nsession = {bpm = -1}").startswith("sempre.toml:2: ")
    assert problem('[midi]\nname = "x"\n["session"]\n"bpm" = -1').startswith("sempre.toml:4: ")


def test_a_line_that_is_no_toml() -> None:
    """It is named with its column and passed over."""
    settings = parse_settings("[session]\nbpm = = 90\nseed = 3\n", FILE)
    assert settings.seed == 3
    assert settings.bpm is None
    (text,) = settings.problems
    assert text.startswith("sempre.toml:2:7: not TOML: Invalid value")
    assert text.endswith("    2 | bpm = = 90\n      |       ^")


def test_what_is_no_toml_at_all() -> None:
    """A file of another kind: a few lines are named, then it is left unread."""
    settings = parse_settings("\n".join(f"this is line {n}" for n in range(100)), FILE)
    assert settings.problems[-1] == "sempre.toml: left unread, the usual settings hold"
    assert len(settings.problems) < 12


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    """Named, and the usual settings hold."""
    (tmp_path / "sempre.toml").write_bytes(b"\xff\xfe\x00")
    settings = read_settings([], tmp_path)
    assert "cannot be read" in settings.problems[0]
    assert settings.bpm is None


@given(st.text())
def test_no_text_stops_the_start(source: str) -> None:
    """Whatever stands in the file, there are settings, and they can be said and sent."""
    settings = parse_settings(source, FILE)
    assert settings.said()
    json.dumps(settings.to_json())


VALUES = st.recursive(
    st.integers(-(10**6), 10**6) | st.floats() | st.booleans() | st.text("ab/~", max_size=5),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from([(s, k) for s, keys in KEYS.items() for k in keys]), VALUES))
def test_no_value_stops_the_start(values: dict[tuple[str, str], object]) -> None:
    """Each key with anything at all: it is taken over, or there is a problem; and the processes take it."""
    source = "\n".join(f"{section}.{key} = {toml(value)}" for (section, key), value in values.items())
    settings = parse_settings(source, FILE)
    named = [p for p in settings.problems if "no folder that is there" not in p]
    assert len(settings.read) + len(named) == len(values)
    sent = json.loads(json.dumps(settings.to_json()))
    AudioSettings.read(sent["audio"])


def toml(value: object) -> str:
    """A value as TOML writes it."""
    if isinstance(value, list):
        return "[" + ", ".join(toml(one) for one in cast("list[object]", value)) + "]"
    return json.dumps(value).replace("NaN", "nan").replace("Infinity", "inf")


def test_places_of_tablets() -> None:
    """With their ports."""
    for wrong in ('"192.168.1.20:9000"', '["192.168.1.20"]', "[9000]", '["a b:1"]'):
        assert "192.168.1.20:9000" in problem(f"[osc]\ntablets = {wrong}")
    assert "true or false" in problem("[osc]\ndiscovery = 1")
    assert "0 to 65534" in problem("[osc]\nport = 65535")


def test_ports_by_parts_of_their_names() -> None:
    """A latency and a rate that no piece has to say."""
    source = '[midi.ports]\n"Volca" = { latency_ms = 12, rate = 31250 }\n"Osmose" = { latency_ms = -3 }'
    settings = parse_settings(source, Path("sempre.toml"))
    assert not settings.problems
    assert [(p.name, p.latency_ms, p.rate) for p in settings.midi.ports] == [
        ("Volca", 12.0, 31250),
        ("Osmose", -3.0, None),
    ]
    ports = Ports.from_json(cast("dict[str, object]", json.loads(json.dumps(settings.to_json()["midi"]))))
    assert ports.early(midi("volca keys")) == 0.012
    wrong = parse_settings('[midi.ports]\n"Volca" = { latency_ms = 5000 }', Path("sempre.toml"))
    assert "latency_ms from -1000 to 1000 for 'Volca'" in wrong.problems[0]


def test_where_journals_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the settings, or where the system keeps such things; and how many."""
    source = '[journal]\non = false\nfolder = "kept"\nsessions = 3\nmegabytes = 20'
    settings = parse_settings(source, Path("/music/sempre.toml"))
    assert not settings.problems
    sent = json.loads(json.dumps(settings.to_json()["journal"]))
    assert journal_settings(sent) == settings.journal == JournalSettings(False, "/music/kept", 3, 20.0)
    assert settings.journal.place == Path("/music/kept")
    assert "must be a folder" in problem("[journal]\nfolder = 3")
    assert "somebody that there is" in problem('[journal]\nfolder = "~nobody-of-that-name/a"')
    assert "from 1 to 100000" in problem("[journal]\nsessions = 0")
    monkeypatch.setenv("XDG_STATE_HOME", "/state")
    assert JournalSettings().place == Path("/state/sempre/journal")
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", "/home/me")
    monkeypatch.setattr(sys, "platform", "linux")
    assert JournalSettings().place == Path("/home/me/.local/state/sempre/journal")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert JournalSettings().place == Path("/home/me/Library/Application Support/sempre/journal")


def test_a_layout_lies_beside_the_settings(tmp_path: Path) -> None:
    """A file is seen from there, and told to the processes with its whole path; a name stays a name."""
    (tmp_path / "hall.csv").write_text("name,azimuth\nA,40\nB,-40\nC,180\n")
    (tmp_path / "sempre.toml").write_text('[audio]\nlayout = "hall.csv"\n')
    found = read_settings([], tmp_path)
    assert not found.problems
    assert found.audio.layout == str(tmp_path / "hall.csv")
    audio = cast("dict[str, object]", found.to_json()["audio"])
    assert AudioSettings.read(audio).channels == 3


@pytest.mark.parametrize(
    ("text", "adapts"),
    [("", True), ('[audio]\ndriver = "jack"\n', True), ('[audio]\nprofile = "normal"\n', False)],
)
def test_only_a_profile_that_was_chosen_reaches_the_mixer(tmp_path: Path, text: str, adapts: bool) -> None:
    """Where nobody chose one, the mixer works farther ahead on a machine that needs it."""
    (tmp_path / "sempre.toml").write_text(text)
    sent = json.loads(json.dumps(read_settings([], tmp_path).to_json()["audio"]))
    assert AudioSettings.read(sent).adapts == adapts
