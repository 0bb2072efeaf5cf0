"""Nets beside the counts: what they see and say, and that the same seed plays the same everywhere."""

from __future__ import annotations

import importlib
import math
import random
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from struct import iter_unpack, pack
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.chance import hash_number
from patterns.core import Pattern
from patterns.dice import Dice
from patterns.errors import PatternError
from patterns.memory import Memory
from patterns.models.artifact import Learnt, read_learnt, write_learnt
from patterns.models.chorales import Frames, FrameState
from patterns.models.composing import compose, no_parallels
from patterns.models.copying import Copies
from patterns.models.melodies import Melodies
from patterns.models.nets import GRADE, GRAIN, Net, Shape, asked, parts_of, said, seen
from patterns.models.netted import NettedFrames
from patterns.models.playing import Improviser
from patterns.models.protocol import Card
from patterns.models.scores import HOLD, REST, Note, Score, frames_of
from patterns.registry import namespace
from patterns.ticks import TICKS
from patterns.tonality import note_number
from repl.errors import LoadError, ReplError
from repl.loader import load_piece
from repl.model_files import model
from repl.net_numpy import NumpyReckoner, tables_of
from repl.net_onnx import OnnxReckoner, write_onnx
from tests.repl.parallels import parallels

N: dict[str, Any] = dict(namespace())
SHAPE = Shape(4, 40, 81, 16, 12)
PLANS = (
    (72, 67, 64, 48), (71, 67, 62, 43), (72, 69, 65, 53), (72, 69, 64, 45),
    (74, 67, 59, 55), (76, 67, 60, 48), (74, 69, 65, 50), (71, 65, 62, 43),
)  # fmt: skip


def numbers_of(shape: Shape, seed: int = 1) -> Net:
    """A net that has learnt nothing: small numbers by chance, so that what it remembers matters."""
    chance = random.Random(seed)
    spread = {"see": 0.5, "recall": 0.9, "turn": 1.2, "speak": 0.9}
    numbers: list[int] = []
    for name, rows, columns in parts_of(shape):
        width = spread.get(name.split()[0], 0.3)
        numbers += [round(chance.gauss(0, width) * GRADE) for _ in range(rows * columns)]
    return Net(shape, 1.0, pack(f"<{len(numbers)}h", *numbers))


def hymn(number: int) -> Score:
    """Quarter notes in four voices."""
    chords = [PLANS[hash_number(number * 100 + at) % len(PLANS)] for at in range(16)]
    lines = [[Note(4 * i, 4 * i + 4, chord[voice]) for i, chord in enumerate(chords)] for voice in range(4)]
    return frames_of(f"hymn {number}", lines, key=(0, False))


@cache
def counted() -> Learnt:
    """What a training without a net gives."""
    pieces = [hymn(number) for number in range(6)]
    card = Card("hymns", "written here", "our own", len(pieces))
    frames, line, melodies = Frames(4, card), Frames(1, card), Melodies(card)
    frames.fit(pieces)
    line.fit(Score(p.name, tuple(f[:1] for f in p.frames), p.bars, p.tonic, p.minor) for p in pieces)
    melodies.fit(pieces)
    return Learnt(card, frames, line, melodies, Copies(), 16)


def netted(share: float = 1.0) -> NettedFrames:
    """The net, beside what was counted."""
    learnt = counted()
    assert learnt.frames is not None
    return NettedFrames(learnt.frames, NumpyReckoner(numbers_of(SHAPE)), share)


def player(share: float = 0.7) -> Any:
    """A model of which a net is a part, as a musician has it."""
    net = numbers_of(SHAPE)
    net = Net(net.shape, share, net.weights)
    return Improviser(counted().with_net(net, NumpyReckoner(net)), "hymns")


def heard(pattern: Pattern, begin: int, end: int, seed: int = 0) -> list[tuple[Any, ...]]:
    """When and what, in order."""
    haps = pattern.haps(begin, end, seed=seed)
    return sorted((h.whole.begin, note_number(h.value["note"])) for h in haps if h.whole is not None)


pitches = st.integers(0, 100) | st.just(-1)
states = st.integers(2, 20).flatmap(
    lambda bar: st.builds(
        FrameState,
        st.just(bar),
        st.integers(0, bar - 1),
        st.integers(0, 1),
        st.lists(pitches | st.just(HOLD) | st.just(REST), max_size=3).map(tuple),
        st.tuples(*[pitches] * 4),
        st.tuples(*[st.integers(1, 16)] * 4),
        st.tuples(*[pitches] * 4),
    )
)


@given(states)
def test_what_a_net_sees_is_within_its_tables(state: FrameState) -> None:
    """Each thing once, and none beyond the last row, whatever the voices do."""
    for found, size in ((seen(SHAPE, state), SHAPE.sights), (asked(SHAPE, state), SHAPE.questions)):
        assert len(set(found)) == len(found)
        assert min(found) >= 0
        assert max(found) < size


@given(pitches, st.lists(st.floats(-60, 60), min_size=SHAPE.answers, max_size=SHAPE.answers))
def test_what_a_net_says_is_a_chance(own: int, answers: list[float]) -> None:
    """All together 1; a voice that sounds may hold, wherever it is, and one that is silent may not."""
    found = said(SHAPE, own, answers)
    assert math.isclose(sum(found.values()), 1, abs_tol=1e-9)
    assert min(found.values()) >= 0
    assert (HOLD in found) == (own >= 0)


def test_pitches_differ_for_a_net_as_they_do_for_an_ear() -> None:
    """Two states that differ in one thing are seen as two; what it has heard changes what it says."""
    model = netted()
    state = model.start()
    for token in (72, 67, 64, 48):
        state = model.feed(state, token)
    for other in (
        state._replace(at=5), state._replace(minor=1), state._replace(bar=12),
        state._replace(held=(72, 67, 64, 47)), state._replace(ages=(1, 1, 1, 5)),
    ):  # fmt: skip
        assert seen(SHAPE, state) != seen(SHAPE, other)
    moved = state._replace(now=(74,))
    assert asked(SHAPE, moved) != asked(SHAPE, state._replace(now=(HOLD,)))
    assert asked(SHAPE, moved) != asked(SHAPE, moved._replace(held=(72, 66, 64, 48)))
    elsewhere = model.start()
    for token in (72, 67, 64, 48) * 3:
        elsewhere = model.feed(elsewhere, token)
    assert model.says(elsewhere._replace(at=1, ages=state.ages)) != model.says(state)


def by_hand(net: Net) -> Any:
    """The same net, reckoned number by number from the description of its tables."""
    flat = [number / GRADE for (number,) in iter_unpack("<h", net.weights)]
    tables: dict[str, list[list[float]]] = {}
    for name, rows, columns in parts_of(net.shape):
        tables[name] = [flat[row * columns : (row + 1) * columns] for row in range(rows)]
        flat = flat[rows * columns :]
    hidden = net.shape.hidden

    def grained(value: float) -> float:
        return round(value * GRAIN) / GRAIN

    def added(rows: list[list[float]]) -> list[float]:
        return [math.fsum(column) for column in zip(*rows, strict=True)]

    def times(vector: Sequence[float], rows: list[list[float]]) -> list[float]:
        return added([[one * number for number in row] for one, row in zip(vector, rows, strict=True)])

    class Hand:
        shape = net.shape

        def start(self) -> str:
            return b64encode(bytes(4 * hidden)).decode()

        def step(self, memory: str, sights: Sequence[int]) -> str:
            was = [one for (one,) in iter_unpack("<f", b64decode(memory))]
            x = added([*(tables["see"][i] for i in sights), *tables["gate"]])
            u = times(was, tables["recall"])
            after: list[float] = []
            for i in range(hidden):
                reset, update = (
                    grained(1 / (1 + math.exp(-x[i + k * hidden] - u[i + k * hidden]))) for k in (0, 1)
                )
                echo = u[i + 2 * hidden] + tables["echo"][0][i]
                new = grained(math.tanh(x[i + 2 * hidden] + reset * echo))
                after.append(grained((1 - update) * new + update * was[i]))
            return b64encode(pack(f"<{hidden}f", *after)).decode()

        def answer(self, memory: str, voice: int, questions: Sequence[int]) -> Sequence[float]:
            was = [one for (one,) in iter_unpack("<f", b64decode(memory))]
            rows = [times(was, tables[f"turn {voice}"]), *tables[f"lean {voice}"]]
            rows += [tables[f"look {voice}"][i] for i in questions]
            between = [grained(max(0.0, one)) for one in added(rows)]
            return added([times(between, tables[f"speak {voice}"]), *tables[f"tone {voice}"]])

    return Hand()


def drawn(reckoner: Any, frames: int = 12) -> list[Any]:
    """What a net plays by itself, and what it remembers then."""
    learnt = counted()
    assert learnt.frames is not None
    model = NettedFrames(learnt.frames, reckoner, 0.8)
    made, state = compose(model, model.start(), frames, Dice(4, 4), heat=1.2)
    return [*made, state]


def test_numpy_reckons_to_the_last_bit_what_the_description_says() -> None:
    """Number by number, added exactly: the same samples, and the same memory."""
    net = numbers_of(SHAPE)
    assert drawn(NumpyReckoner(net)) == drawn(by_hand(net))


def test_the_order_of_adding_changes_nothing() -> None:
    """A net that remembers the same numbers in another order says the very same, to the last bit."""
    net = numbers_of(SHAPE)
    order = np.array(random.Random(3).sample(range(SHAPE.hidden), SHAPE.hidden))
    gates = np.concatenate([order, order + SHAPE.hidden, order + 2 * SHAPE.hidden])
    tables = tables_of(net)
    for name, table in tables.items():
        rows = order if name.split()[0] in ("recall", "turn") else slice(None)
        columns = gates if name in ("see", "recall", "gate") else order if name == "echo" else slice(None)
        tables[name] = (table[rows][:, columns] * GRADE).astype("<i2")
    weights = b"".join(table.tobytes() for table in tables.values())
    assert weights != net.weights
    plain, mixed = NumpyReckoner(net), NumpyReckoner(Net(SHAPE, 1.0, weights))
    one, two = plain.start(), mixed.start()
    chance = random.Random(8)
    for _ in range(50):
        sights = chance.sample(range(SHAPE.sights), 20)
        one, two = plain.step(one, sights), mixed.step(two, sights[::-1])
        questions = chance.sample(range(SHAPE.questions), 9)
        assert plain.answer(one, 2, questions) == mixed.answer(two, 2, questions[::-1])
    assert one != plain.start()


@pytest.mark.torch
def test_torch_plays_the_same(tmp_path: Path) -> None:
    """For one seed the very same samples."""
    pytest.importorskip("torch", reason="torch is not installed")
    from repl.net_torch import TorchReckoner

    net = numbers_of(SHAPE)
    assert drawn(TorchReckoner(net)) == drawn(NumpyReckoner(net))


def test_onnx_plays_the_same(tmp_path: Path) -> None:
    """A net that was written as ONNX says its shape, and plays the very same samples."""
    net = numbers_of(SHAPE)
    (tmp_path / "net.onnx").write_bytes(write_onnx(net))
    reckoner = OnnxReckoner(tmp_path / "net.onnx")
    assert reckoner.shape == SHAPE
    assert drawn(reckoner) == drawn(NumpyReckoner(net))


def test_a_piece_takes_a_net_of_onnx(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of the model's own, or beside a model that has none; what is none is said."""
    monkeypatch.chdir(tmp_path)
    net = numbers_of(SHAPE)
    Path("net.onnx").write_bytes(write_onnx(net))
    Path("hymns.model").write_bytes(write_learnt(counted()))
    Path("bad.onnx").write_bytes(b"no model")
    three = Shape(3, 40, 81, 4, 4)
    Path("three.onnx").write_bytes(write_onnx(numbers_of(three)))
    text = 'voices = play(model("hymns", net="{}").continue_(key="C"))'
    loaded = load_piece(text.format("net.onnx"), "evening.py")
    other = Improviser(counted().with_net(Net(SHAPE, 0.8, b""), NumpyReckoner(net)), "hymns")
    assert heard(loaded.layers["voices"].pattern, 0, 2) == heard(other.continue_(key="C"), 0, 2)
    for name, what in (("bad.onnx", "no ONNX model"), ("three.onnx", "3 voices"), ("no.onnx", "no file")):
        with pytest.raises(LoadError, match=what):
            load_piece(text.format(name), "evening.py")


def foreign(shape: Shape | None, answers: int = SHAPE.answers) -> bytes:
    """A model of somebody else in single precision: it forgets by half, and wishes for the tonic's c."""
    onnx: Any = importlib.import_module("onnx")
    helper = onnx.helper
    single, whole = onnx.TensorProto.FLOAT, onnx.TensorProto.INT64
    wish = np.zeros((4, answers), np.float32)
    wish[:, 2 + 49] = 9  # the class of the tonic, after rest, striking anew, and the leaps
    nodes = [
        helper.make_node("Mul", ["memory", "half"], ["remembered"]),
        helper.make_node("Gather", ["wish", "voice"], ["answers"], axis=0),
    ]
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        "foreign",
        [
            value("memory", single, [SHAPE.hidden]), value("sights", whole, ["a"]),
            value("voice", whole, []), value("questions", whole, ["b"]),
        ],
        [value("remembered", single, [SHAPE.hidden]), value("answers", single, [answers])],
        [
            onnx.numpy_helper.from_array(np.float32(0.5), "half"),
            onnx.numpy_helper.from_array(wish, "wish"),
        ],
    )  # fmt: skip
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    if shape is not None:
        helper.set_model_props(made, {"sempre.shape": str(list(shape))})
    data: bytes = made.SerializeToString()
    return data


def test_a_net_of_somebody_else_plays(tmp_path: Path) -> None:
    """Any that has the same inputs and outputs; one that has others, or says no shape, is refused."""
    path = tmp_path / "foreign.onnx"
    path.write_bytes(foreign(SHAPE))
    learnt = counted()
    assert learnt.frames is not None
    model = NettedFrames(learnt.frames, OnnxReckoner(path), 1.0)
    made, state = compose(model, model.start(), 32, Dice(1, 1))
    struck = [token for frame in made for token in frame if token >= 0]
    assert len(struck) > 20
    assert sum(token % 12 == 0 for token in struck) > 0.9 * len(struck)
    assert state.memory == model.start().memory
    for data, what in (
        (foreign(None), "does not say its sempre.shape"),
        (foreign(SHAPE, 90), "its shape wants"),
        (foreign(SHAPE).replace(b"sights", b"slight"), "takes memory"),
    ):
        path.write_bytes(data)
        with pytest.raises(ReplError, match=what):
            OnnxReckoner(path)


def test_without_the_libraries_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is read."""
    from repl.cli import main

    real = importlib.import_module

    def absent(name: str, package: str | None = None) -> Any:
        if name in ("torch", "onnx", "onnxruntime"):
            raise ImportError(name)
        return real(name, package)

    monkeypatch.setattr(importlib, "import_module", absent)
    (tmp_path / "a.mid").write_bytes(b"x")
    assert main(["train", str(tmp_path), "--net", "-o", str(tmp_path / "a.model")]) == 1
    assert 'pip install "sempre[train]"' in capsys.readouterr().err
    assert main(["train", str(tmp_path), "--onnx", "a.onnx"]) == 1
    assert "--net" in capsys.readouterr().err
    with pytest.raises(ReplError, match=r"pip install .sempre\[onnx\]"):
        write_onnx(numbers_of(SHAPE))
    with pytest.raises(ReplError, match=r"pip install .sempre\[onnx\]"):
        OnnxReckoner(tmp_path / "a.onnx")


def test_numpy_is_loaded_for_a_net_only(tmp_path: Path) -> None:
    """What plays by counts alone does without it, and so does the engine until somebody takes a net."""
    net = numbers_of(SHAPE)
    (tmp_path / "netted.model").write_bytes(write_learnt(counted().with_net(net, NumpyReckoner(net))))
    code = (
        "import sys\n"
        "from repl.loader import load_piece\n"
        "for name in ('chorale', 'netted'):\n"
        "    load_piece(f'v = play(model({name!r}).continue_())', 'evening.py')\n"
        "    print('numpy' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert done.stdout.split() == ["False", "True"]


@pytest.mark.parametrize("net", [3, "", "a\0b", "nowhere.onnx"])
def test_a_net_is_the_name_of_a_file(net: Any) -> None:
    """As for models, and what is not there is said."""
    with pytest.raises((TypeError, ReplError), match=r"net=|no file"):
        model("chorale", net=net)


TUNE = N["note"]("c5 b4 c5 c5")
TASKS: dict[str, Callable[[Any], Pattern]] = {
    "continue": lambda m: m.continue_(key="<C A:minor>", heat=1.2),
    "accompany": lambda m: m.accompany(TUNE),
    "accompany a bass": lambda m: m.accompany(bass=N["note"]("c3 f3 g2 c3")),
    "harmonise": lambda m: m.harmonise(TUNE),
    "fill": lambda m: m.fill(N["note"]("<[c5,e4,g3] [e5,g4,c3] c5>"), "<0 1 0>", key="C"),
    "vary": lambda m: m.vary(N["note"]("<[c5,e4,g3] [e5,g4,c3]>"), 0.5),
    "interpolate": lambda m: m.interpolate(N["note"]("[c5,e4]"), N["note"]("[e4,c4]"), "<0 .3 .7 1>"),
}


@pytest.mark.parametrize("name", TASKS)
def test_any_cycle_can_be_asked_at_any_time(name: str) -> None:
    """With a net as without: in any order, of a memory or of none, and by the seed."""
    whole = heard(TASKS[name](player()), 0, 4)
    assert len(whole) > 8
    assert whole != heard(TASKS[name](Improviser(counted(), "hymns")), 0, 4)
    assert whole != heard(TASKS[name](player()), 0, 4, 1)
    pattern, memory = TASKS[name](player()), Memory()
    for cycle in (3, 1, 0):
        answer = pattern.answer(cycle * TICKS, (cycle + 1) * TICKS, memory=memory)
        got = sorted((raw.begin, note_number(raw.value["note"])) for raw in answer.haps if raw.has_onset)
        assert got == [(at * TICKS, pitch) for at, pitch in whole if cycle <= at < cycle + 1]
        assert answer.problems == []


def test_a_state_of_another_net_is_taken_for_silence() -> None:
    """So a piece plays on when its model has become one with a net, or another one."""
    model = netted()
    state = model.start()
    for memory in ("", "AAAA", NumpyReckoner(numbers_of(SHAPE._replace(hidden=3))).start()):
        assert model.query(state._replace(memory=memory)) == model.query(state)


def test_mixing_is_between_the_two() -> None:
    """What both say, by its share: all together 1, and what is asked of one token agrees with it."""
    counts, net, mixed = netted().counts, netted(1), netted(0.25)
    for state, token in mixed.walk(hymn(9)):
        odds = mixed.query(state)
        one, two = net.query(state), counts.query(state._replace(memory=""))
        assert math.isclose(sum(odds.values()), 1, abs_tol=1e-9)
        for each in (token, *list(odds)[:5]):
            wanted = 0.25 * one.get(each, 0) + 0.75 * two.get(each, 0)
            assert math.isclose(odds.get(each, 0), wanted, abs_tol=1e-9)
        exact, pitch = mixed.chance(state, token)
        assert math.isclose(exact, odds[token], rel_tol=1e-6)
        own = state.held[len(state.now)]
        twins = {token, own if token == HOLD else HOLD if token == own else token}
        assert math.isclose(pitch, sum(odds[twin] for twin in twins), rel_tol=1e-6)


def test_a_file_keeps_the_net() -> None:
    """Written and read again it plays the same; without one who reckons, what was counted plays."""
    net = numbers_of(SHAPE)
    known = counted().with_net(net, NumpyReckoner(net))
    data = write_learnt(known)
    again = read_learnt(data, "hymns.model", NumpyReckoner)
    assert again.net == net
    assert write_learnt(again) == data
    model = Improviser(again, "hymns")
    assert heard(model.continue_(), 0, 2) == heard(Improviser(known, "hymns").continue_(), 0, 2)
    plain = Improviser(read_learnt(data, "hymns.model"), "hymns")
    assert heard(plain.continue_(), 0, 2) == heard(Improviser(counted(), "hymns").continue_(), 0, 2)
    with pytest.raises(PatternError, match="bytes of numbers"):
        Net.from_json({**net.to_json(), "share": 1, "weights": "AAAA"})
    with pytest.raises(PatternError, match="2 voices"):
        counted().with_net(net, NumpyReckoner(numbers_of(Shape(2, 40, 60, 4, 4))))


def test_no_parallels_with_the_rule() -> None:
    """With the rule there is none at all; without it this net has them in plenty."""
    narrow = Shape(4, 55, 74, 8, 8)
    learnt = counted()
    assert learnt.frames is not None
    model = NettedFrames(learnt.frames, NumpyReckoner(numbers_of(narrow, 5)), 1.0)
    free, _ = compose(model, model.start(), 200, Dice(1, 1), begins=False)
    bound, _ = compose(model, model.start(), 2_000, Dice(1, 1), begins=False, rules=(no_parallels,))
    assert parallels(free) > 5
    assert parallels(bound) == 0
    assert sum(token >= 0 for frame in bound for token in frame) > 1000


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0.5, 1.0, 2.0]))
def test_a_mask_of_ones_own_is_obeyed(seed: int, heat: float) -> None:
    """Whatever is drawn, and however hot: no voice leaps by more than a fourth."""

    def small(chord: tuple[int | None, ...], before: tuple[int | None, ...]) -> bool:
        was, now = before[len(chord) - 1], chord[-1]
        return was is None or now is None or abs(now - was) <= 5

    model = netted(0.9)
    made, _ = compose(model, model.start(), 8, Dice(seed, 2), heat=heat, rules=(small,))
    for voice in range(4):
        held: int | None = None
        for frame in made:
            now = held if frame[voice] == HOLD else None if frame[voice] < 0 else frame[voice]
            assert held is None or now is None or abs(now - held) <= 5
            held = now
