"""Buses as a musician meets them: in a piece, at the prompt, in a render and in stems."""

from pathlib import Path

import numpy as np
import pytest
from pedalboard.io import AudioFile

from plugin_host.specs import Chain
from repl.answering import Answering
from repl.commands import Commands
from repl.errors import LoadError
from repl.loader import load_piece
from repl.remarks import remarks
from repl.render import render_files
from repl.stems import write_stems
from tests.repl.conftest import Desk

PIECE = """\
group = bus("group", gain=.8) | fx.compressor(-30)
kit, low = instrument("drums") | group, instrument("bass") | group
drums = play(s("bd*4"), on=kit)
bass = play(note("c2*2"), on=low)
keys = play(note("c4 e4"), on=instrument("keys"))
"""


def test_a_bus_stands_for_all_that_play_into_it(desk: Desk) -> None:
    """Muted, solo and ended by its name, or by what it is bound to; a layer that leaves it is heard again."""
    desk.save(PIECE)
    answering = Answering(desk.music, Commands(desk.music).table())

    def typed(text: str) -> str:
        answer, ok = answering.answer(text)
        assert ok, answer
        desk.play(0)
        return answer

    typed("mute(group)")
    assert desk.session.muted == {"group"}
    muted = {name for name, place in desk.scheduler.places.items() if place.muted}
    assert muted == {"a.py:drums", "a.py:bass"}
    desk.save(PIECE.replace('instrument("bass") | group', 'instrument("bass")'))
    desk.play(3)
    assert [name for name, place in desk.scheduler.places.items() if place.muted] == ["a.py:drums"]
    typed("unmute('group')")
    assert not any(place.muted for place in desk.scheduler.places.values())
    typed("solo('group')")
    assert desk.scheduler.solo == {"a.py:drums"}
    answer, ok = answering.answer("explain('group')")
    assert not ok
    assert "no layer is called 'group'" in answer
    answer, ok = answering.answer("mute('grup')")
    assert "did you mean 'group'?" in answer


def test_one_name_is_one_bus(desk: Desk) -> None:
    """Two that differ are an error of the second line; nothing is swapped."""
    with pytest.raises(LoadError, match=r"(?s)a.py:2.*bus 'group' is there already"):
        desk.save(
            'a = play(s("bd"), on=instrument("drums") | bus("group"))\n'
            'b = play(note("c"), on=instrument("bass") | (bus("group") | fx.chorus()))'
        )


def test_an_event_chooses_its_orbit(desk: Desk) -> None:
    """Each is a target of its own; without one it is the chain."""
    desk.save('a = play(s("bd hh").orbit("0 2"), on=instrument("drums"))')
    desk.play(1.9)
    targets = {target for target, _ in desk.recorder.held.values()}
    chains = [one for one in targets if isinstance(one, Chain)]
    ends = sorted(chain.path[-1].instrument.name if chain.to else "" for chain in chains)
    assert ends == ["", "orbit2"]


def test_a_piece_with_buses_is_rendered(tmp_path: Path) -> None:
    """Nothing is said to be unread, and its stems are the bus and what stands beside it."""
    piece = tmp_path / "evening.py"
    piece.write_text(PIECE + 'far = play(s("rim").orbit(1).room(.5), on=instrument("drums"))\n')
    said = render_files([piece], 2.0, tmp_path / "evening.wav")
    assert "orbit" not in said
    write_stems([piece], tmp_path / "stems", cycles=1)
    names = sorted(file.name for file in (tmp_path / "stems").glob("*.wav"))
    assert names == [f"evening_{one}_120bpm.wav" for one in ("group", "keys", "orbit1")]
    for name in names:
        with AudioFile(str(tmp_path / "stems" / name)) as file:
            assert float(np.abs(file.read(file.frames)).max()) > 0.01


def test_giving_way_to_what_plays_beside_it_is_not_remarked() -> None:
    """A statement, or another file of the set, means a layer or a bus of the piece."""
    beside = load_piece(PIECE, "a.py").layers
    for name in ("group", "keys"):
        statement = f'pad = play(note("c"), on=instrument("pad") | fx.duck("{name}"))\n'
        assert remarks(load_piece(statement, "b.py"), among=beside) == []
        assert len(remarks(load_piece(statement, "b.py"))) == 1


def test_a_bus_is_no_instrument() -> None:
    """What to write is said where it is written."""
    with pytest.raises(LoadError, match=r"a bus makes no sound of its own: write on=instrument\(...\) \| a"):
        load_piece('d = play(s("bd*4"), on=bus("a"))\n', "a.py")


def test_giving_way_to_nobody_is_remarked(desk: Desk) -> None:
    """With what there is; once, and it plays."""
    row = 'fx.duck("gruop") | fx.duck("group") | fx.duck("keys")'
    loaded = load_piece(f'{PIECE}pad = play(note("c"), on=instrument("pad") | {row})\n', "a.py")
    told = "a.py:6: fx.duck(by='gruop'): no layer or bus is called so; did you mean 'group'?"
    assert remarks(loaded) == [told]
