"""A chain is changed in a piece that plays: what the mixer says of it, from the save to the voices."""

from __future__ import annotations

import json
import time
from itertools import pairwise
from typing import TYPE_CHECKING, cast

import pytest

from bridge.worker import connect
from repl.runtime import door, key_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.end_to_end.conftest import Start

pytestmark = pytest.mark.timeout(60)

PIECE = """tempo(240)
pad = play(note("[c4,e4,g4]").slow(32), on={on})
"""


def loud(meters: Mapping[str, object], name: str) -> float:
    """The level of a route, or of the whole, in dB."""
    return cast("float", cast("Mapping[str, object]", meters[name])["rms"])


def test_held_notes_sound_on_through_saves(start: Start, tmp_path: Path) -> None:
    """Other numbers, a plugin that is not there, another instrument: three notes, and never silence."""
    session = start(PIECE.format(on='instrument("pad", cutoff=900)'), 20)
    session.processes()
    folder = next((tmp_path / "run" / "sempre").glob("[0-9]*"))
    mixer = connect(door(folder, "mixer"), key_of(folder), patience=2)

    def listen(seconds: float) -> list[dict[str, dict[str, object]]]:
        found: list[dict[str, dict[str, object]]] = []
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            mixer.send_json(b"S", {})
            answer = json.loads(mixer.receive()[1])
            found.append(cast("dict[str, dict[str, object]]", answer["meters"]))
            time.sleep(0.1)
        return found

    while loud(listen(0.1)[-1], "master") < -60:
        assert session.process.poll() is None
    routes: list[set[str]] = []
    for on in (
        'instrument("pad", cutoff=900)',
        'instrument("pad", cutoff=4000)',
        'vst3("No Such Plugin")',
        'instrument("strings")',
    ):
        before = session.said()
        if routes:
            session.save(PIECE.format(on=on))
            session.wait_for("plays on as before" if "vst3" in on else "pad", before)
        heard = listen(2.5)
        # What has been told to somebody else is not told again: one reading may be empty.
        for one, two in pairwise(heard):
            assert max(loud(one, "master"), loud(two, "master")) > -60, on
        assert [one["master"]["voices"] for one in heard[-5:]] == [3] * 5, on
        routes.append(
            {name for one in heard[-8:] for name in one if name.isdigit() and loud(one, name) > -60}
        )
    # One route at a time, another one after each change that can be made.
    assert [len(one) for one in routes] == [1, 1, 1, 1]
    assert routes[0] != routes[1] == routes[2] != routes[3]
    assert loud(heard[-1], "layer pad") > -60
    mixer.close()
