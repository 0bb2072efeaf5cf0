"""Loops that are recorded while the music plays: in phase to the frame, without clicks, and undone."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from bridge.tempo import Tempo
from bridge.transport import Transport
from plugin_host.audio import Audio, single
from plugin_host.loop_file import LoopKeeper, kept_file, turn_of
from plugin_host.looped import looped
from plugin_host.loops import Loops, State
from plugin_host.rack import Rack
from plugin_host.recordings import Wanted
from plugin_host.specs import Chain, audio_in, instrument

RATE, BLOCK = 48000, 256
CYCLE = 9600
"""Frames in a cycle at 5 cycles a second: short, so that a test is."""
STEADY = Tempo.steady(RATE / CYCLE)

Event = tuple[float, float, dict[str, object]]
"""When it begins, in cycles, how many it lasts, and what it says."""


def noise(frames: int, seed: int = 1) -> Audio:
    """Something of which each frame differs."""
    return single(np.random.Generator(np.random.PCG64(seed)).uniform(-0.5, 0.5, frames))


def play(
    events: Sequence[Event],
    sound: Audio,
    *,
    tempo: Tempo = STEADY,
    chain: Chain | None = None,
    rack: Rack | None = None,
    late: int = 0,
    frames: int | None = None,
) -> tuple[Audio, Rack]:
    """What events on a loop give while a sound comes in at its frames; shape (2, frames)."""
    rack = rack or Rack(RATE, BLOCK)
    rack.inputs.have(("in_1",))
    rack.inputs.late = late
    rack.inputs.beat.tempo = tempo
    rack.set_chains({0: chain or looped("riff", audio_in(1))})
    rows: list[tuple[int, bool, int, dict[str, object]]] = []
    for ident, (begin, length, controls) in enumerate(events):
        rows.append((round(tempo.time_at(begin) * RATE), True, ident, controls))
        rows.append((round(tempo.time_at(begin + length) * RATE), False, ident, {}))
    rows.sort(key=lambda row: row[:3])
    out: list[Audio] = []
    heard = np.concatenate((np.zeros(late, np.float32), sound))
    for first in range(0, frames or len(sound), BLOCK):
        part = heard[first : first + BLOCK]
        rack.inputs.sound[0] = np.pad(part, (0, BLOCK - len(part)))
        rack.inputs.look(first / RATE, RATE)
        while rows and rows[0][0] < first + BLOCK:
            at, starts, ident, controls = rows.pop(0)
            if starts:
                rack.begin(0, ident, controls, at - first)
            else:
                rack.end(ident, at - first)
        out.append(rack.render_open())
    return np.concatenate(out, axis=1), rack


RECORD: Event = (2, 4, {"s": "record"})
"""Four cycles from cycle 2 on."""


def test_what_was_played_comes_round_in_phase_to_the_frame() -> None:
    """One event a cycle: no seam between them; the loop's end passes into what came before its beginning."""
    sound = noise(16 * CYCLE)
    out, rack = play([RECORD, *((n, 1, {"gain": 1}) for n in range(6, 16))], sound)
    assert not rack.problems
    assert not out[:, : 6 * CYCLE].any()
    (reel,) = rack.inputs.loops.named("riff").state.reels
    assert reel.room == reel.length == 4 * CYCLE + reel.seam  # what it did not fill is given back
    loop = sound[2 * CYCLE : 6 * CYCLE]
    seam = 240
    for begin in (6, 10):
        first = begin * CYCLE
        heard = out[0, first : first + 4 * CYCLE]
        # The first 5 ms it comes in; then frame for frame, over the borders of events as well.
        inner = slice(seam if begin == 6 else 0, 4 * CYCLE - seam)
        assert np.abs(heard[inner] - loop[inner]).max() < 1e-6
        assert out[0].tolist() == out[1].tolist()
    last = slice(10 * CYCLE - seam, 10 * CYCLE)
    part = np.arange(seam) / seam
    up = part * part * (3 - 2 * part)
    wanted = loop[-seam:] * (1 - up) + sound[2 * CYCLE - seam : 2 * CYCLE] * up
    assert np.abs(out[0, last] - wanted).max() < 1e-6


@pytest.mark.parametrize("late", [0, 100, 1500])
def test_what_comes_in_late_lies_where_it_was_played(late: int) -> None:
    """What is heard some frames after the music that it belongs to is put back by so many."""
    sound = noise(11 * CYCLE)
    out, _ = play([RECORD, (6, 8, {})], sound, late=late)
    loop = sound[2 * CYCLE : 6 * CYCLE]
    assert np.abs(out[0, 6 * CYCLE + 240 : 10 * CYCLE - 240] - loop[240:-240]).max() < 1e-6


def test_what_a_device_skips_is_missing_and_nothing_slips() -> None:
    """Two thousand frames are never rendered: silent there, all else where it was; a late end is mended."""
    sound = noise(16 * CYCLE)
    rack = Rack(RATE, BLOCK)
    rack.inputs.have(("in_1",))
    rack.inputs.beat.tempo = STEADY
    rack.set_chains({0: looped("riff", audio_in(1))})
    out = np.zeros(16 * CYCLE + BLOCK, np.float32)
    first, gap = 0, 2000
    todo: list[tuple[int, int, dict[str, object]]] = [(2 * CYCLE, 1, {"s": "record"})]
    todo += [(6 * CYCLE + 500, -1, {}), (7 * CYCLE, 2, {})]
    while first < 16 * CYCLE - BLOCK:
        rack.inputs.sound[0] = sound[first : first + BLOCK]
        rack.inputs.look(first / RATE, RATE)
        while todo and todo[0][0] < first + BLOCK:
            at, ident, said = todo.pop(0)
            if ident > 0:
                rack.begin(0, ident, said, at - first)
            else:
                rack.end(-ident, at - first)
        out[first : first + BLOCK] = rack.render_open()[0]
        first += BLOCK
        if first == 3 * CYCLE // BLOCK * BLOCK:
            first += gap
    assert rack.inputs.loops.named("riff").turn == 4.0
    again = out[10 * CYCLE + 300 : 14 * CYCLE - 300]
    wanted = sound[2 * CYCLE + 300 : 6 * CYCLE - 300].copy()
    begin = 3 * CYCLE // BLOCK * BLOCK - 2 * CYCLE - 300
    wanted[begin : begin + gap] = 0
    assert np.abs(again - wanted).max() < 1e-6


def test_a_line_of_time_that_is_told_late_is_made_up_for() -> None:
    """A recording begins before anybody knows where the music is: it lies where it belongs all the same."""
    sound = noise(16 * CYCLE)
    rack = Rack(RATE, BLOCK)
    rack.inputs.have(("in_1",))
    rack.inputs.beat.tempo = Tempo.steady(RATE / CYCLE, begin=-1000.3)
    rack.set_chains({0: looped("riff", audio_in(1))})
    out = np.zeros(16 * CYCLE, np.float32)
    for first in range(0, 16 * CYCLE, BLOCK):
        rack.inputs.sound[0] = sound[first : first + BLOCK]
        if first == 3 * CYCLE // BLOCK * BLOCK:
            rack.inputs.beat.keep(STEADY, Transport())
        rack.inputs.look(first / RATE, RATE)
        for at, ident, said in ((2 * CYCLE, 1, {"s": "record"}), (6 * CYCLE, -1, {}), (7 * CYCLE, 2, {})):
            if first <= at < first + BLOCK:
                if ident > 0:
                    rack.begin(0, ident, said, at - first)
                else:
                    rack.end(-ident, at - first)
        out[first : first + BLOCK] = rack.render_open()[0]
    loop = rack.inputs.loops.named("riff")
    assert (loop.turn, loop.begin) == (4.0, pytest.approx(2.0, abs=1e-6))
    wanted = sound[2 * CYCLE + 240 : 6 * CYCLE - 240]
    assert np.abs(out[10 * CYCLE + 240 : 14 * CYCLE - 240] - wanted).max() < 1e-6


def test_it_follows_the_tempo() -> None:
    """Twice as fast it is an octave higher and stays in phase; back at its own tempo it is as it was."""
    steps = np.arange(16 * CYCLE)
    # 20 periods in a cycle: at each tempo that is so.
    sound = single(0.5 * np.sin(2 * np.pi * 20 * steps / CYCLE))
    tempo = STEADY.changed(7.5 * CYCLE / RATE, 2 * RATE / CYCLE)
    tempo = tempo.changed(9.5 * CYCLE / RATE, RATE / CYCLE)
    out, _ = play([RECORD, (6, 20, {})], sound, tempo=tempo)
    times = steps / RATE
    cycles = np.array([tempo.cycle_at(float(one)) for one in times[: 12 * CYCLE]])
    wanted = 0.5 * np.sin(2 * np.pi * 20 * cycles)
    settled = slice(6 * CYCLE + 240, 12 * CYCLE)
    assert np.abs(out[0, settled] - wanted[settled]).max() < 2e-3


def test_a_ramp_while_it_is_recorded_and_while_it_plays() -> None:
    """Where the tempo moves, each cycle still is where it was: a sine tied to the cycles comes out as one."""
    tempo = Tempo.steady(4.0).ramped(0.2, 6.0, Fraction(14))
    frames = 3 * RATE
    cycles = np.array([tempo.cycle_at(n / RATE) for n in range(frames)])
    sound = single(0.5 * np.sin(2 * np.pi * 20 * cycles))
    out, _ = play([RECORD, (6, 20, {})], sound, tempo=tempo)
    first = round(tempo.time_at(6) * RATE) + 240
    assert np.abs(out[0, first:frames] - sound[first:frames]).max() < 5e-3


def test_a_tempo_without_whole_frames_stays_in_phase() -> None:
    """131 beats a minute: a round is no whole number of frames, and after ten of them nothing has slipped."""
    tempo = Tempo.steady(131 / 60 * 2.4)
    frames = round(tempo.time_at(24) * RATE)
    sound = np.zeros(frames, np.float32)
    clicks = [round(tempo.time_at(one) * RATE) for one in range(24)]
    sound[clicks[2]] = sound[clicks[3]] = 0.5
    out, _ = play([(2, 2, {"s": "record"}), (4, 20, {"gain": 1})], sound, tempo=tempo)
    heard = np.flatnonzero(np.abs(out[0]) > 0.3)
    beside = [int(np.abs(heard - click).min()) for click in clicks[5:]]
    assert max(beside) <= 1
    assert len(heard) <= 20  # nothing is heard twice


def test_layers_are_added_and_undone_one_by_one() -> None:
    """Each round of an overdub is a layer; undo takes the last away without a click, redo brings it back."""
    sound = np.repeat(single([0.0, 0.0, 0.1, 0.2, 0.0, 0.4, 0.01, 0.02, 0.03, 0.0]), CYCLE)
    sound = np.pad(sound, (0, 16 * CYCLE))
    events: list[Event] = [
        (2, 2, {"s": "record"}),
        (4, 30, {}),
        (5, 4, {"s": "overdub"}),
        (12.25, 0.1, {"s": "undo"}),
        (14.25, 0.1, {"s": "undo"}),
        (16.25, 0.1, {"s": "undo"}),
        (18.25, 0.1, {"s": "redo"}),
        (20.25, 0.1, {"s": "clear"}),
        (22.25, 0.1, {"s": "undo"}),
    ]
    out, rack = play(events, sound)
    assert not rack.problems

    def at(cycle: float) -> float:
        return round(float(out[0, round(cycle * CYCLE)]), 4)

    assert [at(n + 0.5) for n in (4, 5, 6, 7)] == [0.1, 0.2, 0.1, 0.6]  # what was played over the fifth cycle
    assert [at(n + 0.5) for n in (10, 11)] == [0.14, 0.62]
    assert [at(n + 0.5) for n in (12, 13)] == [0.11, 0.6]
    assert [at(n + 0.5) for n in (14, 15)] == [0.1, 0.2]
    assert [at(n + 0.5) for n in (16, 17)] == [0.0, 0.0]
    assert [at(n + 0.5) for n in (18, 19)] == [0.1, 0.2]
    assert [at(n + 0.5) for n in (20, 21)] == [0.0, 0.0]
    assert [at(n + 0.5) for n in (22, 23)] == [0.1, 0.2]
    for cycle in range(12, 24, 2):
        here = slice(round((cycle + 0.2) * CYCLE), round((cycle + 0.3) * CYCLE))
        assert 0 < np.abs(np.diff(out[0, here])).max() < 0.004  # it goes in 5 ms


def test_a_loop_that_lasts_longer_has_room_for_a_longer_layer(tmp_path: Path) -> None:
    """All of it is there twice, a layer over both, then the first half again; undo goes back all the way."""
    sound = np.repeat(single([0.0, 0.0, 0.1, 0.2, 0.0, 0.0, 0.01, 0.02, 0.03, 0.04]), CYCLE)
    sound = np.pad(sound, (0, 16 * CYCLE))
    events: list[Event] = [
        (2, 2, {"s": "record"}),
        (4, 30, {}),
        (4.5, 0.1, {"s": "multiply"}),
        (6, 4, {"s": "overdub"}),
        (14.25, 0.1, {"s": "halve"}),
        (18.25, 0.1, {"s": "undo"}),
        (22.25, 0.1, {"s": "undo"}),
        (23.25, 0.1, {"s": "undo"}),
    ]
    rack = Rack(RATE, BLOCK)
    keeper = LoopKeeper(tmp_path, print)
    rack.inputs.loops = Loops(keeper, tmp_path)
    out, _ = play(events, sound, rack=rack)
    assert not rack.problems

    def at(first: int, last: int) -> list[float]:
        return [round(float(out[0, round((n + 0.75) * CYCLE)]), 4) for n in range(first, last)]

    assert at(4, 6) == [0.1, 0.2]
    assert at(10, 14) == [0.11, 0.22, 0.13, 0.24]
    assert at(14, 18) == pytest.approx([0.11, 0.22, 0.11, 0.22], abs=1e-4)
    assert at(18, 22) == [0.11, 0.22, 0.13, 0.24]
    assert at(22, 23) == [0.1]
    assert rack.inputs.loops.named("riff").turn == 2
    before = out[0, 14 * CYCLE : 18 * CYCLE]
    assert np.abs(np.diff(before)).max() < 0.12  # only what the sound does itself


def test_what_holds_nothing_keeps_its_length() -> None:
    """It is said."""
    _, rack = play([(0, 0.1, {"s": "multiply"}), (1, 0.1, {"s": "halve"})], noise(3 * CYCLE))
    assert rack.problems == ["loop riff: what holds nothing, or is being recorded, keeps its length"]


def test_replacing_silences_what_was_there_as_long_as_it_lasts() -> None:
    """Half a loop is replaced; the rest stays, and the borders are 5 ms long."""
    sound = np.repeat(single([0.0, 0.0, 0.1, 0.2, 0.0, 0.3, 0.0, 0.0, 0.0, 0.0]), CYCLE)
    out, _ = play([(2, 2, {"s": "record"}), (4, 8, {}), (5, 0.5, {"s": "replace"})], sound)
    levels = [round(float(out[0, round((6 + part) * CYCLE)]), 3) for part in (0.5, 1.25, 1.75, 2.5)]
    assert levels == [0.1, 0.3, 0.2, 0.1]
    inside = np.abs(np.diff(out[0, round(6.6 * CYCLE) : round(7.9 * CYCLE)]))
    assert inside[np.abs(np.arange(len(inside)) - 0.4 * CYCLE) > 2].max() < 0.004


def test_parts_speeds_and_gates() -> None:
    """What says where it begins, or how fast it goes, plays from there; the event's end ends it."""
    steps = np.arange(4 * CYCLE)
    rise_ = np.concatenate((np.zeros(2 * CYCLE), 0.5 * steps / steps[-1], np.zeros(14 * CYCLE)))
    sound = single(rise_)

    def heard(controls: dict[str, object], length: float = 1.0) -> Audio:
        events: list[Event] = [RECORD, (6.5, length, controls)]
        return play(events, sound)[0][0, round(6.5 * CYCLE) :]

    half = round(0.5 * CYCLE)
    assert heard({})[half] == pytest.approx(0.5 * 1 / 4, abs=1e-3)  # in phase: at cycle 7 one of four is over
    assert heard({"begin": 0.5})[half] == pytest.approx(0.5 * (2 + 0.5) / 4, abs=1e-3)
    assert heard({"begin": 0.5, "speed": 2})[half] == pytest.approx(0.5 * (2 + 1) / 4, abs=1e-3)
    assert heard({"speed": -1})[half] == pytest.approx(0.5 * (4 - 0.5) / 4, abs=1e-3)
    assert heard({"note": 72})[half] == pytest.approx(0.5 * 1 / 4, abs=1e-3)
    assert heard({"speed": 0.25 * RATE / CYCLE, "unit": "c"})[half] == pytest.approx(0.5 * 0.5 / 4, abs=1e-3)
    gated = heard({}, 0.5)
    assert gated[half - 1] > 0.1
    assert not gated[half + 240 :].any()
    assert not heard({"begin": 0.25, "end": 0.375})[half + 240 :].any()  # its part is over


def test_a_jump_in_the_piece_takes_the_loop_along() -> None:
    """From cycle 8 on it is cycle 2 of the piece that plays, and so the second half of the loop."""
    sound = np.repeat(single([0.0, 0.1, 0.2, 0.3, 0.4, 0.0]), CYCLE)
    rack = Rack(RATE, BLOCK)
    rack.inputs.beat.transport = Transport().jumped(Fraction(8), Fraction(3))
    events: list[Event] = [(1, 4, {"s": "record"}), *((n, 1, {}) for n in range(5, 12))]
    out, _ = play(events, sound, rack=rack, frames=12 * CYCLE)
    levels = [round(float(out[0, round((n + 0.5) * CYCLE)]), 3) for n in range(5, 12)]
    assert levels == [0.1, 0.2, 0.3, 0.3, 0.4, 0.1, 0.2]


def test_another_chain_goes_on_where_the_first_one_was() -> None:
    """A piece that is saved again plays the loop on: it belongs to no chain, and what is recorded goes on."""
    from plugin_host.specs import fx

    sound = noise(16 * CYCLE)
    plain, other = looped("riff", audio_in(1)), looped("riff", audio_in(1)) | fx.gain(0.0)
    rack = Rack(RATE, BLOCK)
    first, _ = play([(2, 4, {"s": "record"})], sound[: 4 * CYCLE], rack=rack, chain=plain)
    assert not first.any()
    out: list[Audio] = []
    for place in range(4 * CYCLE, 16 * CYCLE, BLOCK):
        rack.inputs.sound[0] = np.resize(sound[place : place + BLOCK], BLOCK)
        rack.inputs.look(place / RATE, RATE)
        if place == 5 * CYCLE // BLOCK * BLOCK:
            rack.set_chains({0: other})
        if place <= 6 * CYCLE < place + BLOCK:
            rack.end(0, 6 * CYCLE - place)
            rack.begin(0, 9, {}, 6 * CYCLE - place)
        out.append(rack.render_open())
    heard = np.concatenate(out, axis=1)[0]
    begin = 6 * CYCLE - 4 * CYCLE
    loop = sound[2 * CYCLE : 6 * CYCLE]
    assert np.abs(heard[begin + 240 : begin + 4 * CYCLE - 240] - loop[240:-240]).max() < 1e-5


def test_a_layer_is_recorded_by_its_name() -> None:
    """What a layer gives behind its effects lies in the loop at its frame, without any lag."""
    rack = Rack(RATE, BLOCK)
    rack.inputs.beat.tempo = STEADY
    rack.set_chains({0: looped("riff", "tune", room=0), 1: instrument("sine", room=0, delay=0)})
    rack.plays("tune", 1)
    out: list[Audio] = []
    for first in range(0, 8 * CYCLE, BLOCK):
        rack.inputs.look(first / RATE, RATE)
        for at, begins, route, ident, said in (
            (CYCLE, True, 0, 1, {"s": "record"}),
            (CYCLE + 1234, True, 1, 2, {"note": 60}),
            (CYCLE + 4321, False, 1, 2, {}),
            (3 * CYCLE, False, 0, 1, {}),
            (3 * CYCLE, True, 0, 3, {}),
        ):
            if first <= at < first + BLOCK:
                if begins:
                    rack.begin(route, ident, said, at - first)
                else:
                    rack.end(ident, at - first)
        out.append(rack.render_open())
    heard = np.concatenate(out, axis=1)[0]
    assert np.abs(heard[CYCLE : 3 * CYCLE]).max() > 0.05
    seam = 240
    again = heard[3 * CYCLE + seam : 5 * CYCLE - seam]
    assert np.abs(again - heard[CYCLE + seam : 3 * CYCLE - seam]).max() < 1e-6


def test_a_long_recording_gets_room_beside_the_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reel that is half full is made larger, and no frame is lost; one that may not grow says so."""
    monkeypatch.setattr("plugin_host.loops.FIRST", 0.2)
    sound = noise(20 * CYCLE)
    out, rack = play([(1, 8, {"s": "record"}), (9, 8, {})], sound)
    assert not rack.problems
    assert (
        np.abs(out[0, 9 * CYCLE + 240 : 17 * CYCLE - 240] - sound[CYCLE + 240 : 9 * CYCLE - 240]).max() < 1e-6
    )
    monkeypatch.setattr("plugin_host.loop_bank.LONGEST", 0.3)
    out, rack = play([(1, 8, {"s": "record"}), (9, 8, {})], sound)
    assert any("longer than 0.3 s" in one for one in rack.problems)
    assert out[0, 9 * CYCLE + 240 : 10 * CYCLE].any()
    assert not out[0, 14 * CYCLE : 16 * CYCLE].any()


def test_many_layers_become_few_and_sound_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond some layers the older ones are made one, beside the sound."""
    sound = noise(24 * CYCLE)
    events: list[Event] = [(1, 1, {"s": "record"}), (2, 8, {"s": "overdub"}), (10, 12, {})]
    few, rack = play(events, sound)
    assert len(rack.inputs.loops.named("riff").state.reels) <= 6
    monkeypatch.setattr("plugin_host.loop_bank.MOST", 100)
    many, rack = play(events, sound)
    assert len(rack.inputs.loops.named("riff").state.reels) == 9
    assert np.abs(few - many).max() < 1e-5


def test_what_cannot_be_is_said() -> None:
    """In words, once; nothing else is the worse for it."""
    sound = noise(12 * CYCLE)
    events: list[Event] = [
        (1, 1, {}),
        (2, 0.01, {"s": "record"}),
        (3, 0.1, {"s": "undo"}),
        (4, 1, {"s": "bd"}),
    ]
    out, rack = play(events, sound)
    assert not out.any()
    texts = " | ".join(rack.problems)
    for part in ("holds nothing yet", "less than 10 ms", "nothing to undo", "s='bd' is none of record"):
        assert part in texts
    _, rack = play([RECORD], sound, chain=looped("riff"))
    assert "nothing is said to be recorded" in rack.problems[0]
    _, rack = play([RECORD], sound, chain=looped("riff", audio_in(2)))
    assert "no audio comes in at input 2" in rack.problems[0]
    for wrong in ("", "a b", 3):
        with pytest.raises(ValueError, match="a loop has a name"):
            looped(wrong)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] - a musician may write anything
    with pytest.raises(TypeError, match="records audio_in"):
        looped("riff", instrument("bass"))
    chain = looped("riff", audio_in(1, 2), gain=0.5)
    assert Chain.from_json(chain.to_json()) == chain


class Written(LoopKeeper):
    """Writes at once, for whoever looks afterwards."""

    def keep(self, name: str, state: State) -> None:
        """Write it now."""
        self.write(name, state)


def with_loops(loops: Loops) -> Rack:
    """A rack that has these loops."""
    rack = Rack(RATE, BLOCK)
    rack.inputs.loops = loops
    return rack


def test_a_loop_is_there_again_in_the_next_session(tmp_path: Path) -> None:
    """In a file with its cycles, which goes round as it is; at the same cycles, frame for frame."""
    said: list[str] = []
    keeper = Written(tmp_path, said.append)
    sound = noise(16 * CYCLE)
    events: list[Event] = [(3, 2, {"s": "record"}), (5.5, 1, {"s": "overdub"}), (8, 6, {})]
    first, _ = play(events, sound, rack=with_loops(Loops(keeper, tmp_path)))
    path = tmp_path / "riff-1.wav"
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
    assert said == [f"loop riff: 2 cycles, kept in {path}"]
    assert turn_of(path) == (2.0, pytest.approx(1.0, abs=1e-4))
    again, rack = play([(8, 6, {})], np.zeros_like(sound), rack=with_loops(Loops(None, tmp_path)))
    assert not rack.problems
    assert np.abs(again - first)[:, 8 * CYCLE + 240 :].max() < 1e-6
    # What another session records takes the next number, and what was undone is as it was.
    other = Written(tmp_path, said.append)
    play([RECORD, (7, 0.1, {"s": "undo"})], sound, rack=with_loops(Loops(other, tmp_path)))
    assert kept_file(tmp_path, "riff") == tmp_path / "riff-2.wav"
    assert turn_of(tmp_path / "riff-2.wav")[0] == 2.0


def test_a_file_of_ones_own_is_a_loop(tmp_path: Path) -> None:
    """One cycle of it, at the tempo that is; it is never written to."""
    from plugin_host.wav import write_wav

    steps = np.arange(RATE)
    write_wav(tmp_path / "riff.wav", single(0.5 * np.sin(2 * np.pi * 20 * steps / RATE))[None], RATE, 32)
    before = (tmp_path / "riff.wav").read_bytes()
    keeper = Written(tmp_path, print)
    silence = np.zeros(8 * CYCLE, np.float32)
    out, _ = play([(1, 5, {})], silence, rack=with_loops(Loops(keeper, tmp_path)))
    wanted = 0.5 * np.sin(2 * np.pi * 20 * np.arange(8 * CYCLE) / CYCLE)
    settled = slice(CYCLE + 240, 6 * CYCLE)
    assert np.abs(out[0, settled] - wanted[settled]).max() < 2e-3
    play([RECORD], silence, rack=with_loops(Loops(keeper, tmp_path)))
    assert (tmp_path / "riff.wav").read_bytes() == before
    assert (tmp_path / "riff-1.wav").exists()


def test_a_loop_that_cannot_be_kept_or_read_plays_on_or_is_empty(tmp_path: Path) -> None:
    """A folder that is none, a file that is no sound: said, and nothing stops."""
    (tmp_path / "file").write_text("")
    said: list[str] = []
    sound = noise(12 * CYCLE)
    out, _ = play(
        [RECORD, (6, 6, {})], sound, rack=with_loops(Loops(Written(tmp_path / "file", said.append)))
    )
    assert out[:, 6 * CYCLE + 240 :].any()
    assert len(said) == 1
    assert said[0].startswith(f"loop riff is not kept in {tmp_path / 'file'}: ")
    (tmp_path / "riff-7.wav").write_bytes(b"RIFF????WAVEnothing")
    out, rack = play([(1, 4, {})], sound, rack=with_loops(Loops(None, tmp_path)))
    assert not out.any()
    assert any("riff-7.wav" in one for one in rack.problems)


def test_a_render_knows_the_file_that_it_has_played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read as samples are, so that the recipe has its digest."""
    from bridge.event import TimedEvent
    from plugin_host.offline import render
    from plugin_host.recordings import Recording, Report, read_recording
    from plugin_host.sound_store import SoundSetup

    monkeypatch.chdir(tmp_path)
    (tmp_path / "loops").mkdir()
    keeper = Written(tmp_path / "loops", print)
    play([RECORD], noise(8 * CYCLE), rack=with_loops(Loops(keeper, tmp_path / "loops")))
    seen: list[Path] = []

    def read(wanted: Wanted, rate: int, most: int, report: Report) -> Recording:
        seen.append(wanted.path)
        return read_recording(wanted, rate, most, report)

    event = TimedEvent(0.0, 0.5, {}, "riff", 1)
    out = render([event], {"riff": looped("riff")}, 0.5, cps=RATE / CYCLE, sounds=SoundSetup(read=read))
    assert out.any()
    assert seen == [Path("loops/riff-1.wav")]
