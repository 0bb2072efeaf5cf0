"""Take the picture of the stage in docs/stage.md: a session without a device, as Chromium shows it.

    python tools/draw_stage.py

writes docs/stage.png. It is another one each time, for the music goes on; so look at it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bridge.clock import monotonic
from bridge.worker import pause

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "stage.png"
SEMPRE = "import sys; from repl.cli import main; sys.exit(main())"
PATIENCE = 30.0
SECONDS = 9.0
"""Of music before the picture is taken: then all of the past is in it."""
PIECE = """\
# evening.py
tempo(112)
bright = knob("bright", 300, 6000, 1800, curve="log")
space = xy("space", x=(0, .6, .3), y=(0, .5, .2))
dense = toggle("dense")

kit = instrument("drums", kit="machine")
drums = play(s("bd*4, ~ cp, [~ hh]*4").sometimes_by(.2, ply(2)),
             on=kit)
bass = play(note("c2 [~ c2] <eb2 g2> [bb1 ~]").cutoff(bright),
            on=instrument("bass"))
chords = play(chord("<Cm9 Ab^7 Fm7 G7>").voicing()
              .struct("~ 1 ~ [1 1]").room(space.x),
              on=instrument("keys"))
arp = play(n("0 2 4 <6 8> 4 2").scale("C5:minor").fast(2)
           .off(1/8, add(note(12))).gain(.5).delay(space.y),
           on=instrument("pluck"))
lead = play(note("<g5 eb5> ~ <f5 c6> d5").slow(2)
            .gain(dense.range(.4, 1)), on=instrument("lead"))
"""


def main() -> None:
    """Let it play, and look."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        place = Path(folder)
        (place / "evening.py").write_text(PIECE)
        (place / "sempre.toml").write_text('[audio]\ndriver = "null"\n')
        session = _start(place, "session", "play", "evening.py")
        try:
            _wait(place / "session", "from cycle 0")
            stage = _start(place, "stage", "stage", "--port", "0")
            url = _wait(place / "stage", r"http://\S+token=\S+")
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            page: Any = browser.new_page(viewport={"width": 1080, "height": 600})
            page.goto(url)
            page.keyboard.press("o")
            page.wait_for_timeout(1000 * SECONDS)
            page.screenshot(path=PICTURE)
            browser.close()
            stage.terminate()
        finally:
            session.terminate()
            session.wait(PATIENCE)


def _start(place: Path, name: str, *arguments: str) -> subprocess.Popen[bytes]:
    own = {"XDG_RUNTIME_DIR": str(place), "JACK_NO_START_SERVER": "1", "JACK_DEFAULT_SERVER": "none"}
    with (place / name).open("wb") as out:
        return subprocess.Popen(
            [sys.executable, "-c", SEMPRE, *arguments],
            cwd=place,
            env=os.environ | own | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )


def _wait(said: Path, text: str) -> str:
    deadline = monotonic() + PATIENCE
    while not (found := re.search(text, said.read_text())):
        if monotonic() > deadline:
            raise SystemExit(said.read_text())
        pause(0.05)
    return found.group()


if __name__ == "__main__":
    main()
