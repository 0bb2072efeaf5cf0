"""Controllers that are mapped: learnt, kept, and taken over without a jump."""

from pathlib import Path

import pytest

from bridge.midi_in_maps import NAME, Mapped, Maps, read_maps, write_maps


class Board:
    """Mappings in a folder, and what was said."""

    def __init__(self, folder: Path) -> None:
        self.said: list[str] = []
        self.path = folder / NAME
        self.maps = Maps(self.path, self.said.append)

    def move(self, cc: int, value: int, port: str = "nano", channel: int = 0) -> list[float]:
        """Where a controller moves its knobs to."""
        return [place for _, place in self.maps.feed(port, bytes((0xB0 | channel, cc, value)))]


@pytest.fixture
def board(tmp_path: Path) -> Board:
    """Nothing is mapped yet."""
    return Board(tmp_path)


def test_the_next_controller_is_learnt_and_kept(board: Board, tmp_path: Path) -> None:
    """Its number, channel and port; another session reads them from the file."""
    board.maps.learn({"name": "cutoff"})
    assert board.move(74, 10, channel=2) == [10 / 127]
    assert board.said[-1] == f"learn: CC 74 on channel 3 of nano moves cutoff; {NAME} has it"
    other = Board(tmp_path)
    assert other.maps.rows == [Mapped("cutoff", 74, 3, "nano")]
    assert "CC 74 on channel 3 of nano moves cutoff" in other.said[0]
    assert other.move(74, 127, "nanoKONTROL2", 2) == [1.0]
    assert other.move(74, 127, "KeyStep", 2) == []
    assert other.move(74, 127, channel=1) == []


def test_a_knob_does_not_jump(board: Board) -> None:
    """The controller has to come to where the knob is, or past it; then it has it."""
    board.maps.positions["cutoff"] = 0.5
    board.path.write_text(write_maps([Mapped("cutoff", 1)]))
    board.maps.look()
    assert board.move(1, 0) == []
    assert board.move(1, 20) == []
    assert board.move(1, 100) == [100 / 127]
    assert board.move(1, 120) == [120 / 127]
    board.maps.turned("cutoff", 0.1)
    assert board.move(1, 119) == []
    assert board.move(1, 13) == [13 / 127]
    board.maps.turned("cutoff", 13 / 127)
    assert board.move(1, 14) == [14 / 127], "it was itself that moved it"


def test_a_port_that_comes_back_has_to_pick_up_again(board: Board) -> None:
    """Nobody knows what was moved meanwhile."""
    board.maps.positions["cutoff"] = 0.0
    board.path.write_text(write_maps([Mapped("cutoff", 1, port="nano")]))
    board.maps.look()
    assert board.move(1, 1) == [1 / 127]
    board.maps.lose("nanoKONTROL")
    assert board.move(1, 90) == []


def test_a_range_may_be_turned_round_and_pick_up_left_out(board: Board) -> None:
    """Low is where the knob is with the controller down."""
    board.maps.positions["cutoff"] = 0.0
    board.maps.learn({"name": "cutoff", "low": 1.0, "high": 0.5, "pickup": False})
    assert board.move(7, 0) == [1.0]
    assert board.move(7, 127) == [0.5]


def test_a_layer_is_played_and_muted(board: Board) -> None:
    """Said when it changes, not for each value."""
    board.maps.learn({"name": "drums", "kind": "layer"})
    assert [board.move(20, value) for value in (0, 10, 64, 127, 63)] == [[0.0], [], [1.0], [], [0.0]]


def test_unlearning_and_waiting(board: Board) -> None:
    """What is let go is out of the file; who no longer wants to learn is not taught."""
    board.maps.learn({"name": "cutoff"})
    board.move(74, 10)
    board.maps.learn({"name": "other"})
    board.maps.unlearn(["cutoff"])
    assert board.move(74, 11) == []
    assert read_maps(board.path.read_text()) == []
    board.maps.unlearn(["x"])
    assert board.said[-1] == "unlearn: nothing is mapped to these"


def test_a_file_that_is_wrong_is_named_and_what_was_holds(board: Board) -> None:
    """And it is read again when it is right."""
    board.path.write_text(write_maps([Mapped("cutoff", 1)]))
    board.maps.look()
    for text, said in (
        ("[[map]]\nnam = 1", "map 1 must have name and cc"),
        ("[[map]\n", NAME),
        ('[[map]]\nname = "a"\ncc = 200', "cc is 0 to 127"),
    ):
        board.path.write_text(text)
        board.maps.look()
        assert said in board.said[-1]
        assert board.move(1, 5) == [5 / 127]
    board.path.unlink()
    board.maps.look()
    assert board.move(1, 6) == []


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """It holds for the session, and this is said."""
    board = Board(tmp_path / "nowhere")
    board.maps.learn({"name": "cutoff"})
    assert board.move(74, 10) == [10 / 127]
    assert "cannot be written" in board.said[-2]
