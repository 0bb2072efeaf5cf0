"""Scenes in a file of the project: kept by one session, there in the next."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from repl.chronicle import entries
from repl.errors import ReplError
from repl.loader import load_piece
from repl.own_modules import beside
from repl.replay import play_script, script_of
from repl.scene_file import NAME, SceneFile
from repl.session import Session
from tests.repl.conftest import Desk
from tests.repl.test_past import Player

if TYPE_CHECKING:
    from pathlib import Path

    from tests.repl.conftest import Played

PIECE = """
from riffs import low
kick = "{}"
a = play(s(kick).gain(knob("loud", default=0.5)))
b = play(s(low))
"""


class Evening:
    """Sessions one after the other in one project, each begun where it likes."""

    def __init__(self, project: Path) -> None:
        self.project = project
        (project / "riffs.py").write_text('low = "lt"\n')
        self.said: list[str] = []

    def begin(self, home: Path, file: str) -> tuple[Desk, Player]:
        """Begin a session; its scenes are kept."""
        desk = Desk(Session(home=home))
        self.scenes = SceneFile(home, [file])
        self.scenes.bring(desk.music.remember, self.say)
        desk.surround(replace(desk.around, kept=lambda: self.scenes.keep(desk.session, self.say)))
        return desk, Player(desk)

    def say(self, text: str, *, error: bool = False) -> None:
        """Something is said."""
        self.said.append(text)
        assert error

    def save(self, desk: Desk, source: str, file: str) -> None:
        """Save the piece, with what it imports."""
        (desk.session.home / file).write_text(source)
        loaded = load_piece(source, file, beside(file, desk.session.home))
        desk.music.accept_piece(loaded, desk.music.try_piece(loaded))
        desk.play(0)


@pytest.fixture
def evening(tmp_path: Path) -> Evening:
    """A project below the folder that sessions are begun in."""
    (tmp_path / "set").mkdir()
    return Evening(tmp_path / "set")


def test_the_next_session_has_them(evening: Evening, tmp_path: Path) -> None:
    """With layers of pieces and of the prompt, mutes and knobs, also when it is begun elsewhere."""
    desk, player = evening.begin(tmp_path, "set/piece.py")
    evening.save(desk, PIECE.format("bd"), "set/piece.py")
    player.say('snap = "rim"')
    player.say('snap = "cp"; old = play(s("hh"))')
    player.say("c = play(s(snap).fast(2))")
    player.say('snap = "cb"')
    desk.play(1)
    player.say('turn("loud", .25); mute("b")')
    desk.play(1)
    assert player.say('scene("verse")').startswith("verse is kept: a, b, c, old; loud")
    (evening.project / "riffs.py").write_text('low = "ht"\n')
    late, other = evening.begin(evening.project, "piece.py")
    assert other.say("scenes()") == "['verse']"
    evening.save(late, PIECE.format("sd"), "piece.py")
    late.play(1)
    assert other.sounds()["piece.py:a"] == "sd"
    assert other.say('scene("verse")').startswith("verse: c, old, a, b from cycle 1; b muted; loud")
    late.play(4)
    assert other.sounds() == {"piece.py:a": "bd", "piece.py:b": "lt", ":c": "cp", ":old": "hh"}
    assert {gain for at, gain in late.heard("gain") if at > 1} == {0.25}
    assert evening.said == []


def test_a_session_with_nothing_else_begins_with_one(evening: Evening) -> None:
    """And keeps those that it has when it keeps another; what is as it was is not touched."""
    desk, player = evening.begin(evening.project, "piece.py")
    evening.save(desk, PIECE.format("bd"), "piece.py")
    player.say('scene("verse")')
    before = json.loads((evening.project / NAME).read_text())
    late, other = evening.begin(evening.project, "piece.py")
    assert other.say('scene("verse")') == "verse: a, b from cycle 0"
    late.play(2)
    assert late.heard()[0] == (0, "bd")
    evening.save(late, PIECE.format("bd"), "piece.py")
    assert other.say('scene("verse")') == "verse: it is as it was"
    other.say('c = play(s("cp"))')
    other.say('scene("chorus")')
    after = json.loads((evening.project / NAME).read_text())
    assert after["scenes"].keys() == {"verse", "chorus"}
    assert after["scenes"]["verse"] == before["scenes"]["verse"]
    lines = next(iter(before["texts"].values()))["text"]
    assert lines == PIECE.format("bd").split("\n")


def test_a_replay_needs_no_file(written: type[Played], evening: Evening) -> None:
    """What the file gave stands in the journal."""
    desk, player = evening.begin(evening.project, "a.py")
    desk.save('a = play(s("bd*2? cp"))\n')
    player.say('c = play(s("hh*3"))')
    player.say('scene("verse")')
    played = written()
    SceneFile(evening.project, ["a.py"]).bring(played.music.remember, evening.say)
    (evening.project / NAME).unlink()
    played.save('a = play(s("sd*4"))\n')
    played.play(2.3)
    played.say('scene("verse")')
    played.play(4)
    played.finish()
    replayed = play_script(script_of(played.rows))
    assert not replayed.troubles
    assert {one.event.controls["s"] for one in replayed.events} == {"bd", "cp", "sd", "hh"}
    assert [one.to_json(0.0) for one in replayed.events] == [one.to_json(0.0) for one in played.events()]
    assert next(entries(played.rows)).what == f"has the scene verse of {evening.project / NAME}"


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"format": 2}', '{"format": 1, "scenes": {"x": 3}, "texts": {}}']
)
def test_what_is_no_file_of_scenes_is_left_alone(evening: Evening, text: str) -> None:
    """It is said, and what is in it is not lost."""
    place = evening.project / NAME
    place.write_text(text)
    desk, player = evening.begin(evening.project, "piece.py")
    assert str(place) in evening.said[0]
    desk.save('a = play(s("bd"))\n')
    if "texts" not in text:
        player.say('scene("verse")')
        assert len(evening.said) == 2
        assert place.read_text() == text


def test_a_folder_that_cannot_be_written(evening: Evening) -> None:
    """The scene lasts as long as the session."""
    desk, player = evening.begin(evening.project / "nowhere", "piece.py")
    desk.save('a = play(s("bd"))\n')
    assert player.say('scene("verse")').startswith("verse is kept")
    assert "scenes last as long as the session" in evening.said[0]
    with pytest.raises(ReplError):
        evening.scenes.write(desk.session)
