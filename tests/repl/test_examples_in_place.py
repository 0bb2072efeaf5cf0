"""Examples that are played where they are installed are called by their names alone."""

from pathlib import Path

from repl.report import file_as_shown
from repl.shelf import chosen
from tests.repl.conftest import Desk


def test_what_is_said_of_them(desk: Desk) -> None:
    """When they begin, and when something in them is wrong."""
    one = chosen("7")
    assert desk.save(one.text, str(one.file)).startswith("07_steps_of_a_scale.py: line, high, drone")
    assert file_as_shown("evening/07_steps.py") == "evening/07_steps.py"
    elsewhere = str(Path("/srv/music/07_steps.py"))
    assert file_as_shown(elsewhere) == elsewhere
