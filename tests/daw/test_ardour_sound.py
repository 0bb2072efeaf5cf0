"""Sempre's own instruments inside Ardour: a recording and an export have their sound at the same frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from pedalboard.io import AudioFile

from plugin_host.daw_memory import SoundBond
from plugin_host.daw_sound import LEAST
from tests.daw.test_ardour_inside import SCRIPT, make, step
from tests.daw_plugin.conftest import formats as formats  # noqa: PLC0414 - a fixture, used by its name
from tests.daw_plugin.conftest import instances

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.daw.conftest import Ardour
    from tests.end_to_end.conftest import Session

pytestmark = [pytest.mark.daw, pytest.mark.jack, pytest.mark.timeout(240)]

PIECE = """
beat = play(s("bd ~ sd [~ hh]"), on=plugin("Beat", sound=instrument("drums")))
"""
SECONDS, RATE = 5, 48_000
STRUCK = [
    (0, "bd"),
    (48_000, "sd"),
    (84_000, "hh"),
    (96_000, "bd"),
    (144_000, "sd"),
    (180_000, "hh"),
    (192_000, "bd"),
]
"""Frames at which it strikes, at Ardour's 120 beats a minute."""
BY = 10
"""Frames by which a blow may be loud a little sooner or later than another: glue was at work a bar before."""


def onsets(path: Path) -> list[float]:
    """The frames at which a sound file becomes loud, as if it had 48,000 in a second."""
    with AudioFile(str(path)) as file:
        sound, rate = np.abs(file.read(file.frames)).max(axis=0), file.samplerate
    loud = np.flatnonzero(sound > 0.2 * sound.max())
    first = np.concatenate(([True], np.diff(loud) > rate // 10))
    return [int(frame) * RATE / rate for frame in loud[first]]


def test_an_export_has_the_onsets_of_the_recording(
    ardour: Ardour,
    play: Callable[[str, float], Session],
    formats: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """To the frame: what was recorded in real time, and what Ardour exports as fast as it can."""
    ours = play(PIECE, 180)
    run = ours.piece.parent / "run"
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(run))
    monkeypatch.setenv("LV2_PATH", f"{formats}:/usr/lib/lv2")
    ours.processes()
    session = tmp_path / "sounding"
    make(ardour, formats, session, "LV2+sound")

    def attempt() -> str:
        for left in [session / "STEP", session / "READY", *session.glob("interchange/*/audiofiles/*")]:
            left.unlink(missing_ok=True)
        steps = ("stop", "wait:READY", f"record:{SECONDS}", f"export:out:0:{SECONDS * RATE}")
        running = ardour.script(SCRIPT, "play", str(session), session.name, *steps)
        running.wait_for(lambda: any(map(sounds, instances(run))), "its sound is made")
        (session / "READY").touch()
        running.wait_for(lambda: step(session) == "over", "it is over")
        return running.finish()

    said = ardour.again(attempt)
    assert "SAVED" in said, said
    take, *_ = sorted(session.glob("interchange/*/audiofiles/*L.wav"))
    (exported,) = session.glob("export/*.wav")
    live, offline = onsets(take), onsets(exported)
    assert len(live) >= len(STRUCK), said
    assert len(offline) >= len(STRUCK), said
    for found in (live, offline):
        # Ardour tells its plugins when what leaves them now is heard: so it is later by the plugin's latency.
        assert abs(found[0] - LEAST) < 600
        for frame, (at, _) in zip(found, STRUCK, strict=False):
            assert abs(frame - found[0] - at) <= BY, found
    # The export has another rate.
    shift = offline[0] - live[0]
    assert all(abs(b - a - shift) <= 2 for a, b in zip(live, offline, strict=False)), (live, offline)


def sounds(path: Path) -> bool:
    """Whether an instance has sound."""
    bond = SoundBond(path)
    latency = bond.latency
    bond.close()
    return latency > 0
