"""What a save does not change is heard as if nobody had saved: the same bytes of sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugin_host.offline import render
from plugin_host.specs import instrument

if TYPE_CHECKING:
    from plugin_host.audio import Audio
    from tests.repl.conftest import Played

PIECE = """
drums = play(s("bd*4, ~ sd, hh*8").degrade_by(.2), on=instrument("drums"))
bass = play(note("c2 <eb2 g2> [~ bb1] f2").legato(1.4), on=instrument("bass"))
held = play(note("[c4,g4]/3"), on=instrument("keys"))
lead = play({}, on=instrument("lead", gain=0))
"""
CALM, BUSY = 'note("c5 g5")', 'note("<c5 d5>*4 [e5 f5]").off(1/8, add(note(12)))'
PLAYS = {
    "drums": instrument("drums"),
    "bass": instrument("bass"),
    "held": instrument("keys"),
    # Played in the same rack, and not to be heard.
    "lead": instrument("lead", gain=0),
}
UNTIL = 5.0
"""Seconds; a cycle has two, and the lead is changed within the first and the second."""


def heard(written: type[Played], *editions: tuple[float, str]) -> tuple[Audio, int]:
    """What is heard of a set whose lead is saved at some times, and how many notes the lead had."""
    played = written(begin=0.0)
    for at, lead in editions:
        played.play(at - played.clock.now())
        played.save(PIECE.format(lead))
    played.play(UNTIL - played.clock.now())
    events = [one.event for one in played.sink.held.values() if one.event.at < UNTIL]
    routes = {f"a.py:{name}": chain for name, chain in PLAYS.items()}
    leads = sum(event.layer == "a.py:lead" for event in events)
    return render(events, routes, UNTIL, master=False), leads


def test_what_is_unchanged_sounds_bit_for_bit_the_same(written: type[Played]) -> None:
    """Chance, notes that are held over the boundary and tails, while another layer becomes another."""
    alone, few = heard(written, (0.0, CALM))
    beside, many = heard(written, (0.0, CALM), (1.1, BUSY), (3.3, CALM))
    assert many > few
    assert alone.any()
    assert beside.tobytes() == alone.tobytes()
