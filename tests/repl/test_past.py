"""Going back to what was heard, and forth again: at boundaries, after a takeover, and in a replay."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

import pytest

from repl.commands import Commands
from repl.errors import LoadError, ReplError
from repl.past import MOST
from repl.replay import play_script, script_of
from repl.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from repl.commits import Commit
    from tests.repl.conftest import Desk, Played

KICK, SNARE, BOTH = (
    'a = play(s("bd*2"))',
    'a = play(s("sd*2"))',
    'a = play(s("sd*2"))\nb = play(s("hh"))',
)


class Player:
    """Somebody at the prompt of a desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.commands = Commands(desk.music).table()

    def say(self, text: str) -> str:
        """Type a statement; gives what it answers."""
        session = self.desk.session
        with session.attempt():
            loaded = session.statement(text, self.commands)
            targets = self.desk.music.try_statement(loaded)
        self.desk.music.accept_statement(loaded, targets)
        self.desk.play(0)
        return str(loaded.value)

    def sounds(self) -> dict[str, str]:
        """The first sound of each layer that plays, or will."""
        return sounds(self.desk.session)


def sounds(session: Session) -> dict[str, str]:
    """The first sound of each layer that plays, or will."""
    newest = {place: session.newest(place) for place in session.playing()}
    layers = {place: layer for place, layer in newest.items() if layer is not None}
    return {place: str(layer.pattern.haps(0, 1)[0].value["s"]) for place, layer in layers.items()}


@pytest.fixture
def player(desk: Desk) -> Player:
    """After three saves, in the third cycle."""
    desk.save(KICK)
    desk.play(2.15)
    desk.save(SNARE)
    desk.play(2)
    desk.save(BOTH)
    desk.play(2)
    return Player(desk)


def test_back_and_forth(player: Player, desk: Desk) -> None:
    """Change by change, each at the next boundary."""
    assert player.say("undo()") == "b from cycle 4 (undo goes 2 back, redo 1 forth)"
    desk.play(2)
    assert player.say("undo()") == "a from cycle 5 (undo goes 1 back, redo 2 forth)"
    desk.play(2)
    assert player.say("redo(2)") == "a, b from cycle 6 (undo goes 3 back, redo 0 forth)"
    desk.play(4)
    heard = sorted(row for row in desk.heard() if 3 <= row[0] < 8)
    assert heard == [
        *[(3, "hh"), (3, "sd"), (3.5, "sd"), (4, "sd"), (4.5, "sd"), (5, "bd"), (5.5, "bd")],
        *[(6, "hh"), (6, "sd"), (6.5, "sd"), (7, "hh"), (7, "sd"), (7.5, "sd")],
    ]


def test_what_is_the_same_is_not_touched(player: Player, desk: Desk) -> None:
    """Undoing what came to `b` sends nothing anew of `a`."""
    log = len(desk.recorder.log)
    player.say("undo()")
    touched = {str(getattr(e, "layer", "")) for kind, e in desk.recorder.log[log:] if kind == "send"}
    assert "a.py:a" not in touched


def test_nothing_before_and_nothing_after(player: Player) -> None:
    """The silence before the first piece is nothing that was heard."""
    assert player.say("undo(99)").endswith("(undo goes 1 back, redo 2 forth)")
    for line, said in (("undo()", "nothing was heard before that"), ("undo(0)", "whole number from 1")):
        with pytest.raises(ReplError, match=said):
            player.commands[line[:4]](*([0] if "0" in line else []))
    player.say("redo(2)")
    with pytest.raises(ReplError, match="nothing was undone after that"):
        player.commands["redo"]()


def test_all_kinds_of_changes(player: Player, desk: Desk, tmp_path: Path) -> None:
    """What was typed, mutes, hush, a file that ended, a failure's fallback."""
    states = [player.sounds()]
    steps: list[Callable[[], object]] = [
        lambda: player.say('a = play(s("cp"))'),
        lambda: player.say('x = "rim"; c = play(s(x))'),
        lambda: player.say('x = "cb"; c = play(s(x))'),
        lambda: desk.music.end_piece("a.py"),
        lambda: player.say("hush()"),
        lambda: desk.save(KICK),
    ]
    for step in steps:
        step()
        desk.play(2)
        states.append(player.sounds())
    for state in states[-2::-1]:
        player.say("undo()")
        desk.play(2)
        assert player.sounds() == state
    for state in states[1:]:
        player.say("redo()")
        desk.play(2)
        assert player.sounds() == state
    player.say('mute("a")')
    assert player.say("undo()").startswith("nothing muted (undo")
    assert desk.session.muted == frozenset()
    assert player.say("redo()").startswith("a muted (undo")


def test_a_new_change_ends_what_could_be_redone(player: Player, desk: Desk) -> None:
    """And a save goes on from the files, also where an older layer had come back."""
    player.say("undo(2)")
    desk.play(2)
    desk.save('c = play(s("cp"))')
    assert player.sounds() == {"a.py:c": "cp"}
    with pytest.raises(ReplError, match="nothing was undone"):
        player.commands["redo"]()
    player.say("undo()")
    assert player.sounds() == {"a.py:a": "bd"}
    desk.save("")
    assert player.sounds() == {}


def test_loops_have_a_way_back_of_their_own(player: Player, desk: Desk) -> None:
    """It is told by the name."""
    session = desk.session
    loaded = session.statement('undo("riff"); redo("riff")', player.commands)
    assert [single.layer.pattern.haps(0, 1)[0].value["s"] for single in loaded.singles] == ["undo", "redo"]
    assert len(player.sounds()) == 2


def test_comments_are_no_change(player: Player, desk: Desk) -> None:
    """Nothing of it was heard."""
    desk.save(f"# well\n{BOTH}\n")
    assert player.say("undo()").startswith("b from cycle")


DEPENDENCE = {
    "its own line": ('x = 1\na = play(s("bd"))\nb = play(s("hh"))', '"hh"', '"cp"', "b"),
    "what both use": ('x = "bd"\na = play(s(x))\nb = play(s(x))', '"bd"', '"cp"', "a, b"),
    "one of another": ('a = play(s("bd"))\nb = play(a)', '"bd"', '"cp"', "a, b"),
    "a loop": ('for n in ("a", "b"):\n    play(s("bd"), name=n)', '"bd"', '"cp"', "a, b"),
    "one is gone": ('a = play(s("bd"))\nb = play(s("hh"))', 'a = play(s("bd"))\n', "", "a"),
}


@pytest.mark.parametrize("what", DEPENDENCE)
def test_a_change_is_that_of_the_layers_that_it_may_concern(desk: Desk, what: str) -> None:
    """No others come back, and none is forgotten."""
    piece, old, new, changed = DEPENDENCE[what]
    desk.save(piece)
    desk.play(2)
    desk.save(piece.replace(old, new))
    desk.play(2)
    assert Player(desk).say("undo()").startswith(f"{changed} from cycle")


def test_what_was_saved_at_one_go_is_one_change(player: Player, desk: Desk) -> None:
    """Also where the first of it changes nothing."""
    from repl.loader import load_piece

    with desk.music.together([]):
        for file, text in (("a.py", BOTH), ("b.py", KICK), ("c.py", KICK)):
            loaded = load_piece(text, file)
            desk.music.accept_piece(loaded, desk.music.try_piece(loaded))
    desk.play(2)
    player.say("undo()")
    assert player.sounds() == {"a.py:a": "sd", "a.py:b": "hh"}
    player.say("redo()")
    assert len(player.sounds()) == 4


def test_modules_come_back_as_they_were(desk: Desk, tmp_path: Path) -> None:
    """Their texts are kept with the edition."""
    from repl.loader import load_piece
    from repl.own_modules import beside

    player = Player(desk)
    for sound in ("bd", "sd"):
        (tmp_path / "riffs.py").write_text(f'low = s("{sound}")\n')
        loaded = load_piece("from riffs import low\na = play(low)\n", "a.py", beside("a.py", tmp_path))
        desk.music.accept_piece(loaded, desk.music.try_piece(loaded))
        desk.play(2)
    player.say("undo()")
    assert player.sounds() == {"a.py:a": "bd"}


def test_whoever_takes_over_can_go_on(player: Player, desk: Desk) -> None:
    """An understudy that was there all along, and one that comes now, know the same way back."""
    player.say('x = "rim"; c = play(s(x))')
    player.say('x = "cb"; c = play(s(x))')
    player.say("undo()")
    along, late = Session(), Session()
    for one, commits in ((along, desk.commits), (late, desk.session.handover())):
        for commit in cast("list[Commit]", json.loads(json.dumps(commits))):
            one.apply(commit)
        assert one.past.states == desk.session.past.states
        assert (one.past.at, one.past.now) == (desk.session.past.at, desk.session.past.now)
        assert sounds(one) == player.sounds()
    log = len(desk.commits)
    for line in ("undo()", "undo(2)", "redo(4)"):
        player.say(line)
    for one in (along, late):
        for commit in cast("list[Commit]", json.loads(json.dumps(desk.commits[log:]))):
            one.apply(commit)
        assert sounds(one) == player.sounds() == {"a.py:a": "sd", "a.py:b": "hh", ":c": "cb"}


def test_a_replay_goes_back_too(written: type[Played]) -> None:
    """With the same events at the same times."""
    played = written()
    played.save(KICK)
    played.play(2.3)
    played.save(BOTH)
    played.play(2.1)
    played.say('mute("b"); c = play(s("cp"))')
    played.play(2.2)
    played.say("undo(2)")
    played.play(3.1)
    played.say("redo(2)")
    played.play(3)
    played.finish()
    replayed = play_script(script_of(played.rows))
    assert not replayed.troubles
    assert [one.to_json(0.0) for one in replayed.events] == [one.to_json(0.0) for one in played.events()]
    assert {one.event.controls["s"] for one in replayed.events} == {"bd", "sd", "cp", "hh"}


def test_only_so_much_is_kept(desk: Desk) -> None:
    """A session of months must not grow."""
    for number in range(MOST + 40):
        desk.save(f'a = play(s("bd").n({number}))')
        desk.play(0.1)
    past = desk.session.past
    assert (len(past.states), past.at) == (MOST + 1, MOST)
    assert len(past.editions) <= MOST + 2


SCENED = """\
a = play(s("bd*2").gain(knob("loud", default=0.5)))
b = play(s("hh"))
"""


def test_scenes(desk: Desk) -> None:
    """Kept by a new name, heard again by a known one: layers, mutes and knobs at the boundary."""
    player = Player(desk)
    desk.save(SCENED)
    desk.play(2.15)
    player.say('turn("loud", .25); mute("b")')
    desk.play(2)
    assert player.say('scene("verse")') == "verse is kept: a, b; loud"
    player.say('turn("loud", 1); unmute()')
    desk.save('a = play(s("sd*2").gain(knob("loud", default=0.5)))\nc = play(s("cp"))\n')
    desk.play(2)
    assert player.say('scene("chorus")') == "chorus is kept: a, c; loud"
    assert player.say("scenes()") == "['verse', 'chorus']"
    assert player.say('scene("verse", quantum=2)') == "verse: a, b, c from cycle 4; b muted; loud"
    assert desk.session.muted == {"b"}
    desk.play(6)
    gains = {at: gain for at, gain in desk.heard("gain") if 3 <= at < 6}
    assert gains == {3: 1, 3.5: 1, 4: 0.25, 4.5: 0.25, 5: 0.25, 5.5: 0.25}
    assert player.sounds() == {"a.py:a": "bd", "a.py:b": "hh"}
    assert player.say('scene("verse")') == "verse: it is as it was"
    assert player.say("undo()").startswith("a, b, c from cycle")
    assert (player.sounds(), desk.session.muted) == ({"a.py:a": "sd", "a.py:c": "cp"}, frozenset())


def test_scenes_are_handed_over(desk: Desk) -> None:
    """Whoever takes over has them, with what was typed; so has a replay."""
    player = Player(desk)
    desk.save(KICK)
    player.say('x = "rim"; c = play(s(x))')
    player.say('scene("one")')
    desk.play(2)
    player.say('x = "cb"; c = play(s(x))')
    desk.save(SNARE)
    late = Session()
    for commit in cast("list[Commit]", json.loads(json.dumps(desk.session.handover()))):
        late.apply(commit)
    assert late.past.scenes == desk.session.past.scenes
    log = len(desk.commits)
    player.say('scene("one")')
    for commit in cast("list[Commit]", json.loads(json.dumps(desk.commits[log:]))):
        late.apply(commit)
    assert sounds(late) == player.sounds() == {"a.py:a": "bd", ":c": "rim"}


def test_a_replay_has_scenes(written: type[Played]) -> None:
    """With the same events at the same times."""
    played = written()
    played.save(SCENED)
    played.play(2.3)
    played.say('scene("one")')
    played.say('turn("loud", 1); mute("b")')
    played.save(SNARE)
    played.play(2.2)
    played.say('scene("one", quantum=2)')
    played.play(4)
    played.finish()
    replayed = play_script(script_of(played.rows))
    assert not replayed.troubles
    assert [one.to_json(0.0) for one in replayed.events] == [one.to_json(0.0) for one in played.events()]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('scene("vers")', "did you mean 'verse'"),
        ("scene(3)", "scene takes a name"),
        ('scene("")', "scene takes a name"),
        ('scene("verse", quantum=-1)', "quantum"),
    ],
)
def test_what_is_no_scene(desk: Desk, line: str, said: str) -> None:
    """A slip of the finger keeps nothing."""
    player = Player(desk)
    player.say('scene("verse")')
    with pytest.raises(LoadError, match=said):
        player.say(line)
    assert list(desk.session.past.scenes) == ["verse"]
    player.say('scene("vers", keep=True)')
    assert list(desk.session.past.scenes) == ["verse", "vers"]
