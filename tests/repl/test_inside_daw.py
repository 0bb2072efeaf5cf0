"""A DAW as a clock that is followed: what the plugin says of it, in the words of every other clock."""

import pytest

from bridge.bond_memory import Now
from bridge.chase import Heard
from repl.inside_daw import as_clock
from repl.obeying import Whom
from repl.transport import followed, sets_tempo

NOW = Now(True, 9.0, 90.0, 48_000.0, 4.0, 288_000, 300_000, 5.0, 3, False, False, 0.0, (0.0,) * 8)


def test_it_is_asked_for_by_its_name() -> None:
    """It starts, stops and leads; the tempo is its own."""
    said = followed("plugin", start_stop=False, transport=False, timebase=False)
    assert said == "plugin"
    assert Whom.read(said) == Whom(None, obeys=True, plugin=True)
    assert not sets_tempo(said)
    with pytest.raises(ValueError, match=r'timebase= goes with "jack"'):
        followed("plugin", start_stop=False, transport=False, timebase=True)


def test_where_it_is_becomes_ticks() -> None:
    """24 of a quarter note: beat 9 at 90 bpm is tick 216, each of 60/90/24 s; a song counts seconds, too."""
    said = as_clock(NOW, 12.5, 8.0, 11.8)
    assert Heard.from_json(said) == Heard(12.5, 60 / 90 / 24, 216)
    assert (said["state"], said["rolling"], said["moves"]) == ("locked", True, 3)
    assert (said["begun"], said["began"], said["seconds"]) == (192.0, 11.8, 6.0)


def test_one_that_stands_has_no_tick() -> None:
    """Only its tempo is known then."""
    said = as_clock(NOW._replace(rolls=False), 12.5, 8.0, 11.8)
    assert (said["state"], said["tick"], said["rolling"]) == ("stopped", None, False)
