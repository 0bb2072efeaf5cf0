"""A session that was played on a keyboard, played again from its journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repl.replay import play_script, script_of

if TYPE_CHECKING:
    from tests.repl.conftest import Played

PIECE = """
tempo(120)
arp = play(n("0 1 2 3").of_keys(latch=True).gain(cc_in(1, .2, 1)))
lead = play(note("0 7").add(key_in(default="c3", quantum=1)))
fill = play(s("cp cp*2").on_key("d2", quantum=1/4))
gated = play(s("bd*8").mask(gate_in("c2")))
"""


def test_what_keys_did_plays_again(written: type[Played]) -> None:
    """Chords, transposition, strokes and gates; an engine that takes over between."""
    played = written()
    played.save(PIECE)
    played.play(2.3)
    now = played.clock.now
    played.music.move([("midi latch", ((60, 90), (64, 80)), now() + 0.13), ("midi cc 1", 0.5, None)])
    played.music.move([("midi key", 60.0, now() + 0.13), ("midi hit 38", 1.0, now() + 0.131)])
    played.play(1.1)
    played.music.move([("midi gate 36", 1.0, now() + 0.13), ("midi hit 38", 0.5, now() + 0.2)])
    played.play(0.3)
    played.start(term=2)
    played.play(1.5)
    played.music.move([("midi gate 36", 0.0, None), ("midi latch", ((72, 1),), now() + 0.13)])
    played.play(3.0)
    played.finish()
    events = played.events()
    notes = {one.event.controls.get("note") for one in events}
    assert {60, 64, 72, 76, 48.0, 55.0, 67.0} <= notes
    assert sum(one.event.controls.get("s") == "cp" for one in events) == 6
    assert any(one.event.controls.get("s") == "bd" for one in events)
    replayed = play_script(script_of(played.rows))
    assert replayed.events == events
