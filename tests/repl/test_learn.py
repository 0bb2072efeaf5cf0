"""What is said at the prompt to a keyboard."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bridge.keyboard import Row
from bridge.midi_in_takes import Takes
from bridge.tempo import Tempo
from repl.commands import Commands
from repl.errors import ReplError
from repl.keyboards import keyboard, keyboards_in_session
from repl.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.repl.conftest import Desk

PIECE = """
piano = keyboard("keys", low="c3")
lead = play(note("c").gain(knob("level")).add(note(key_in())).mask(toggle("on")))
"""


class Prompt:
    """Commands, and what the process in which MIDI comes in is told."""

    def __init__(self, desk: Desk, takes: Path | None) -> None:
        self.told: list[dict[str, object]] = []
        self.mixer: list[tuple[bytes, bytes]] = []

        def tell_mixer(kind: bytes, body: bytes, *, stands: bool = False) -> None:
            del stands
            self.mixer.append((kind, body))

        commands = Commands(desk.music, self.told.append, takes, tell_mixer)
        self.say: dict[str, Callable[..., object]] = commands.table()


@pytest.fixture
def prompt(desk: Desk, tmp_path: Path) -> Prompt:
    """A session that plays the piece."""
    desk.save(PIECE)
    desk.play(1)
    return Prompt(desk, tmp_path / "takes" / "1.jsonl")


def test_knobs_and_layers_can_be_learnt(prompt: Prompt) -> None:
    """A switch always jumps; what a keyboard moves itself cannot be learnt."""
    prompt.say["learn"]("level", 0.2, 0.8)
    prompt.say["learn"]("on")
    prompt.say["learn"]("lead")
    prompt.say["unlearn"]("level")
    prompt.say["learnt"]()
    level, on, lead, *rest = prompt.told
    assert level["row"] == {"name": "level", "low": 0.2, "high": 0.8, "kind": "knob", "pickup": True}
    assert on["row"] == {"name": "on", "low": 0.0, "high": 1.0, "kind": "knob", "pickup": False}
    assert lead["row"] == {"name": "lead", "low": 0.0, "high": 1.0, "kind": "layer", "pickup": True}
    assert rest == [{"op": "unlearn", "names": ["level"]}, {"op": "learnt"}]


@pytest.mark.parametrize(
    ("command", "arguments", "named", "text"),
    [
        ("learn", ["levle"], {}, "did you mean 'level'"),
        ("learn", ["midi key"], {}, "no knob and no layer"),
        ("learn", ["level", 2], {}, "positions from 0 to 1"),
        ("take", ["my riff"], {}, "a name for it"),
        ("take", [], {"grid": 0}, "grid is a whole number"),
        ("take", [], {"cycles": 65}, "cycles is a whole number"),
        ("take", [], {}, "nothing was played yet"),
        ("record", ["take.mp3"], {}, "a .wav or .flac file \\(got take.mp3"),
        ("record", ["nowhere/take.wav"], {}, "there is no folder"),
        ("record", [True], {}, "or False to end it"),
        ("record", [""], {}, "a .wav or .flac file"),
    ],
)
def test_what_cannot_be_is_named(
    prompt: Prompt, command: str, arguments: list[object], named: dict[str, object], text: str
) -> None:
    """With what can be."""
    with pytest.raises(ReplError, match=text):
        prompt.say[command](*arguments, **named)


def test_the_sound_is_recorded(prompt: Prompt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mixer is told where to; what was marked of a keyboard stays as it is."""
    monkeypatch.chdir(tmp_path)
    for asked in ("flac", "evening.wav"):
        assert "record(False) ends it" in repr(prompt.say["record"](asked))
    prompt.say["record"]("wav", stems=True)
    assert json.loads(prompt.mixer.pop()[1])["stems"] is True
    assert "the take ends here" in repr(prompt.say["record"](False))
    paths = [json.loads(body)["path"] for kind, body in prompt.mixer if kind == b"T"]
    assert paths == [str(tmp_path / "take.flac"), str(tmp_path / "evening.wav"), None]
    assert not any(row.get("op") == "record" for row in prompt.told)


def test_a_recording_is_taken(prompt: Prompt, tmp_path: Path) -> None:
    """From where it was marked; the mark is in the file, so that it outlives an engine."""
    assert "from cycle 0" in repr(prompt.say["record"]())
    takes = Takes(tmp_path / "takes" / "1.jsonl", print)
    takes.tempo = Tempo.steady(0.5)
    takes.mark(str(prompt.told[-1]["cycle"]))
    takes.write("a", 2.5, bytes((0x90, 60, 127)))
    takes.write("a", 3.0, bytes((0x80, 60, 0)))
    takes.close()
    code = repr(prompt.say["take"]("riff", grid=4))
    assert 'riff = note("<~ [~ c4 ~@2]>").velocity("1")' in code


def test_keyboards_are_found_by_their_names(desk: Desk) -> None:
    """Those of the piece; what is bound to the same name at the prompt takes its place."""
    desk.save(PIECE)
    desk.play(1)
    (row,) = keyboards_in_session(desk.session)
    assert Row.from_json(json.loads(json.dumps(row))).sender == "mixer"
    assert (row["low"], row["high"]) == (48, 127)
    desk.session.space["piano"] = keyboard("drums", channel=10)
    desk.session.typed.add("piano")
    (row,) = keyboards_in_session(desk.session)
    assert (row["drums"], row["channel"]) == (True, 10)
    desk.session.space["piano"] = None
    assert keyboards_in_session(desk.session) == []


def test_what_keys_did_is_in_the_timeline_of_another_engine(desk: Desk) -> None:
    """Held keys go over the wire and are the same there."""
    desk.save('lead = play(n("0 1 2 3").of_keys())')
    desk.music.move([("midi keys", ((60, 90), (64, 80)), None)])
    desk.play(2)
    assert {note for _, note in desk.heard("note")} <= {60, 64, 72, 76}
    assert len(desk.heard("note")) >= 3
    commits = json.loads(json.dumps(desk.session.handover()))
    other = Session()
    for commit in commits:
        other.apply(commit)
    at = Fraction(1)
    assert other.controls.at("midi keys", at) == desk.session.controls.at("midi keys", at)
