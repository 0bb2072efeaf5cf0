"""Many saves in virtual time: nothing is missed, nothing doubled, and nothing grows."""

import gc

from tests.bench.bench_day import day
from tests.bench.bench_reload import WARM, reloads


def test_save_after_save() -> None:
    """Each layer has all its events in each cycle; no object of a save is left when its edition is forgotten.

    The bench does it ten thousand times, and counts bytes.
    """
    found = reloads(WARM + 60, 6, lambda: len(gc.get_objects()))
    assert found.wrong == []
    assert found.cycles >= 30
    assert found.growth < 60 * 5


def test_a_stretch_of_a_day() -> None:
    """No layer misses a note, none sounds too long, beside saves and what is changed by hand.

    The bench does it for a day.
    """
    found = day(130)
    assert found.wrong == []
    assert found.cycles >= 60
    assert found.saves == 5
