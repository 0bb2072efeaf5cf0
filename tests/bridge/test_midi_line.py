"""A slow line: notes at their time, controllers when it is free, the newest value always."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bridge.midi_line import Line

DIN = 31_250
MS = 0.001


def run(line: Line, offers: list[tuple[float, str]], until: float) -> list[tuple[float, str]]:
    """What leaves, with its time, when these are offered at their times."""
    out: list[tuple[float, str]] = []
    for at, data in offers:
        out += [(t, d.hex()) for t, d in line.ready(at)]
        if line.offer(at, bytes.fromhex(data)):
            out.append((at, data))
    return out + [(t, d.hex()) for t, d in line.ready(until)]


def cc(number: int, value: int) -> str:
    """A controller on channel 1."""
    return f"b0{number:02x}{value:02x}"


def test_a_free_line_takes_everything_at_once() -> None:
    """A message of three bytes needs 0.96 ms of a DIN plug."""
    offers = [(n * MS, cc(1, n)) for n in range(20)]
    assert run(Line(DIN), offers, 1.0) == offers


def test_controllers_that_come_too_fast_are_thinned_to_the_newest() -> None:
    """A hundred in 10 ms: about ten of them leave, the last one among them."""
    offers = [(n * MS / 10, cc(1, n)) for n in range(100)]
    sent = run(Line(DIN), offers, 1.0)
    assert 10 <= len(sent) <= 12
    assert sent[-1][1] == cc(1, 99)
    assert all(b - a >= 0.00096 - 1e-9 for (a, _), (b, _) in pairwise(sent))


def test_notes_do_not_wait_for_controllers() -> None:
    """They leave at their own time; the controllers find their turn behind."""
    burst = [(0.0, cc(n, 1)) for n in range(30)]
    notes = [(0.005, "903c40"), (0.005, "903e40")]
    sent = run(Line(DIN), burst + notes, 1.0)
    assert (0.005, "903c40") in sent
    assert (0.005, "903e40") in sent
    assert len(sent) == 32
    behind = [t for t, d in sent if d.startswith("b0") and t > 0.005]
    assert behind[0] >= 0.005 + 2 * 0.00096 - 1e-9


def test_every_controller_gets_its_turn() -> None:
    """Forty of them at 100 Hz are four times what a DIN plug takes: each is heard every 60 ms or so."""
    offers = [(n / 100, cc(number, n)) for n in range(100) for number in range(40)]
    sent = run(Line(DIN), offers, 1.0)
    for number in range(40):
        times = [t for t, d in sent if d.startswith(f"b0{number:02x}")]
        assert max(b - a for a, b in pairwise([0.0, *times, 1.0])) < 0.06


def test_what_belongs_together_stays_together() -> None:
    """Bank and program, a parameter and its value, both halves of 14 bits; only a newer one replaces it."""
    line = Line(DIN)
    program, parameter, pair = "b00001b02002c003", "b06301b06208b00664b02600", "b00110b02111"
    offers = [
        (0.0, "f07d01f7"),
        (0.0, program + cc(7, 1)),
        (0.0, parameter),
        (0.0, parameter.replace("6208", "6209")),
        (0.0, parameter.replace("64b0", "65b0")),
        (0.0, pair),
        (0.0, cc(7, 2)),
        (0.0, "f07d01f7"),
    ]
    sent = [d for _, d in run(line, offers, 1.0)]
    assert sent == [
        "f07d01f7",
        program,
        cc(7, 2),
        parameter.replace("64b0", "65b0"),
        parameter.replace("6208", "6209"),
        pair,
    ]


def test_a_registered_parameter_is_one_unit_with_what_closes_it() -> None:
    """Two of them are two units."""
    one, other = "b06500b06400b00602b02600b0657fb0647f", "b06500b06406b0060fb02600b0657fb0647f"
    assert [d for _, d in run(Line(DIN), [(0.0, one + other)], 1.0)] == [one, other]


def test_panic_forgets_what_waits() -> None:
    """Nothing comes behind it."""
    line = Line(DIN)
    line.offer(0.0, bytes.fromhex(cc(1, 1)))
    assert line.next_at == 0.0 or line.next_at is not None
    line.clear()
    assert line.next_at is None
    assert line.ready(9.0) == []


KIND = st.sampled_from(["note", "cc"])


@given(
    st.lists(
        st.tuples(st.integers(0, 60), KIND, st.integers(0, 5), st.integers(0, 127)),
        max_size=60,
    )
)
def test_whatever_is_offered_notes_keep_their_time_and_the_last_values_arrive(
    rows: list[tuple[int, str, int, int]],
) -> None:
    """And the line is never given a controller while it is busy."""
    rows = sorted(rows, key=lambda row: row[0])
    offers = [
        (at * MS / 2, f"90{which:02x}{value:02x}" if kind == "note" else cc(which, value))
        for at, kind, which, value in rows
    ]
    sent = run(Line(DIN), offers, 10.0)
    assert [s for s in sent if s[1].startswith("90")] == [o for o in offers if o[1].startswith("90")]
    for number in range(6):
        wanted = [d for _, d in offers if d.startswith(f"b0{number:02x}")]
        heard = [d for _, d in sent if d.startswith(f"b0{number:02x}")]
        assert heard[-1:] == wanted[-1:]
        assert len(heard) <= len(wanted)
    free_at = -1.0
    for at, data in sent:
        if data.startswith("b0"):
            assert at >= free_at - 1e-9
        free_at = max(free_at, at) + 0.00096
