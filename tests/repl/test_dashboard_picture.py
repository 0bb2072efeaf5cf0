"""The dashboard's picture: what stands where, at every size, in letters alone, and what moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repl.dashboard_picture import BLOCKS, LETTERS, Board, Line, Roll, draw
from repl.seen import Seen
from repl.toolbar import Shown, Status, cells, text

NOW = 1000.0
LAYERS = (Shown("drums"), Shown("bass", muted=True, sounding=False), Shown("night_ferry_bells", solo=True))


def row(
    ident: str, layer: str, at: float, until: float, label: str, pitch: float | None
) -> dict[str, object]:
    """A row of what sounds."""
    return {
        "id": ident, "layer": layer, "at": NOW + at, "until": NOW + until, "label": label, "pitch": pitch,
        "strength": 1.0,
    }  # fmt: skip


def seen() -> Seen:
    """Cycle 8 began a quarter of a second ago, half a cycle a second."""
    found = Seen()
    levels = {"layers": {"drums": {"peak": -12.0}, "bass": {"peak": -200.0}}, "master": {"peak": -3.0}}
    status = {"op": "status", "cycle": 8.125, "cps": 0.5, "beats": 4, "at": NOW, "levels": levels}
    found.take(status, NOW)
    rows = [
        row("1", "drums", -0.25, 0.25, "bd", None),
        row("2", "drums", 0.75, 1.25, "bd", None),
        row("3", "drums", 0.25, 0.75, "sd", None),
        row("4", "night_ferry_bells", -0.25, 1.75, "c4", 60.0),
    ]
    found.take({"op": "haps", "rows": rows}, NOW)
    return found


def board(**fields: object) -> Board:
    """What is drawn."""
    status = Status(cycle=8.1, bpm=120.0, layers=LAYERS, playing=True, load=0.2, audio="JACK")
    log = [
        Line(3.25, "drums: from cycle 4", "info"),
        Line(5.5, "a.py:3: wrong\n    3 | x\n      | ^", "error"),
    ]
    return Board(status, "", seen(), log, NOW, **{"chosen": "bass", **fields})  # pyright: ignore[reportArgumentType] - fields of a board


def lines(of: Board, columns: int = 80, rows: int = 24) -> list[str]:
    """The picture as text."""
    return [text(line).rstrip() for line in draw(of, columns, rows)]


def test_on_eighty_columns() -> None:
    """All there is: the session, the ruler, strips, the whole, the log, the keys."""
    assert lines(board(), rows=16) == [
        " cycle 8.1  bpm 120  late 0  load 20%  audio: JACK",
        "                               ·       8       ·       ·       ·       9       ·",
        " drums            █████▎·   bd         █╌╌╌│╌╌╌        █╌╌╌╌╌╌╌        ┊",
        "                            sd         ┊   │   █╌╌╌╌╌╌╌                ┊",
        "▶bass           M ·······              ┊   │                           ┊",
        " night_ferry_b… S           c4         █━━━│━━━━━━━━━━━━━━━━━━━━━━━━━━━┊",
        "",
        "",
        "",
        "",
        " all █████████████████████████████████████████████···   -3.0 dB",
        "── log ─────────────────────────────────────────────────────────────────────────",
        "    5.5  a.py:3: wrong",
        "             3 | x",
        "               | ^",
        " ↑↓ layer  m mute  s solo  h end it  u hear all  +- zoom  PgUp log  Esc back",
    ]


def test_in_letters_alone() -> None:
    """A terminal that knows nothing else sees the same."""
    drawn = lines(board(signs=LETTERS), rows=16)
    assert all(line.isascii() for line in drawn if "night" not in line)
    assert drawn[2] == " drums            =====..   bd         #---|---        #-------        :"


def test_what_sounds_now_is_told_from_what_was_and_what_comes() -> None:
    """By style, beside the line."""
    styles = {piece: style for style, piece in draw(board(), 80, 16)[2]}
    assert styles["█╌╌╌│╌╌╌"] == "class:board.layer0 class:board.sounds"
    later = {piece: style for style, piece in draw(board(), 80, 16)[3]}
    assert later["█╌╌╌╌╌╌╌"] == "class:board.layer0"
    past = Board(board().status, "", seen(), [], NOW + 0.5)
    assert any(style == "class:board.dim" and "█╌╌╌" in piece for style, piece in draw(past, 80, 16)[2])


@given(st.floats(0, 2e9), st.floats(0, 5), st.sampled_from([4.0, 8.0, 16.0, 32.0]))
def test_the_roll_moves_as_one(now: float, later: float, scale: float) -> None:
    """However time passes, two notes keep their distance, to the column."""
    one, other = (Roll.of(60, at, scale) for at in (now, now + later))
    notes = [now + step / 7 for step in range(10)]
    moved = {one.column(note) - other.column(note) for note in notes}
    assert len(moved) == 1
    assert moved.pop() == other.first - one.first


@pytest.mark.parametrize(("rows", "shown"), [(12, ["▶c"]), (24, [" a", " b", "▶c", " d"])])
def test_the_chosen_layer_is_always_there(rows: int, shown: list[str]) -> None:
    """Where there are more layers than lines."""
    status = Status(layers=tuple(Shown(name) for name in "abcdefghijklmnopqrstuvwxyz"), playing=True)
    drawn = lines(Board(status, "", Seen(), [], NOW, chosen="c"), rows=rows)
    assert [line[:2] for line in drawn if line[:2] in shown] == shown
    last = lines(Board(status, "", Seen(), [], NOW, chosen="z"), rows=rows)
    assert any(line.startswith("▶z") for line in last)


def test_the_log_is_scrolled_and_long_lines_go_on_below() -> None:
    """Nothing of an error is cut off."""
    log = [Line(float(number), f"{number} " + "x" * 50, "info") for number in range(30)]
    drawn = lines(Board(None, "no engine", Seen(), log, NOW, back=2), 40, 16)
    assert drawn[0] == " no engine"
    assert drawn[-5:-1] == [
        "── log (2 lines further) ───────────────",
        "         " + "x" * 22,
        "   28.0  28 " + "x" * 28,
        "         " + "x" * 22,
    ]


def test_without_layers_and_without_an_engine() -> None:
    """It says so."""
    assert "  no layers play yet" in lines(Board(Status(), "", Seen(), [], NOW))
    assert lines(Board(None, "the engine starts", Seen(), [], NOW))[0] == " the engine starts"


@given(st.integers(1, 220), st.integers(1, 70), st.integers(0, 30), st.booleans())
def test_it_fits_every_size(columns: int, rows: int, layers: int, letters: bool) -> None:
    """Exactly the rows, never more than the columns; wide characters too."""
    status = Status(cycle=1.0, bpm=99.0, layers=tuple(Shown(f"鼓{n}") for n in range(layers)), playing=True)
    found = seen()
    found.take(
        {"op": "haps", "rows": [row(f"x{n}", f"鼓{n}", n / 9, 1.0, "雷鳴雷鳴", None) for n in range(layers)]},
        NOW,
    )
    log = [Line(1.0, "鼓" * 300, "info")]
    signs = LETTERS if letters else BLOCKS
    drawn = draw(Board(status, "", found, log, NOW, signs=signs), columns, rows)
    assert len(drawn) == rows
    assert all(cells(text(line)) <= columns for line in drawn)
