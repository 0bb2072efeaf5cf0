"""Draw the figures of the pages: each is the code that stands above it, as `svg` draws it.

    python tools/draw_figures.py

writes docs/figures/*.svg, the same bytes each time; a test says when one is out of date.
"""

from __future__ import annotations

from pathlib import Path

from patterns.core import Pattern
from patterns.registry import namespace

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "figures"

FIGURES: dict[str, tuple[str, int]] = {
    "steps": ('note("c2 <eb2 g2> [~ bb1]")', 2),
    "layers": ('s("bd*2, ~ cp, hh*8").gain("1 .6 .8 .4")', 1),
    "add": ('n("0 5").add("1 2 3")', 1),
    "add_out": ('n("0 5").add.out("1 2 3")', 1),
    "add_squeeze": ('n("0 5").add.squeeze("1 2 3")', 1),
    "signal": ('s("hh(11,16)").gain(sine)', 2),
    "tutorial_drums": ('s("bd ~ ~ bd ~ ~ bd ~, ~ sd ~ sd, hh*8")', 1),
    "tutorial_scale": ('n("0 2 <4 7> [5 4]").scale("C4:minor")', 2),
    "tutorial_chords": ('chord("<Cm9 Ab^7>").voicing()', 2),
    "tutorial_off": ('n("0 2 4 ~").scale("C4:minor").off(1/8, add(note(12)))', 1),
    "tutorial_signal": ('s("hh*16").velocity(sine.range(.1, 1))', 1),
    "tutorial_mask": ('s("bd*4, ~ cp").mask("<0 1!3>")', 4),
}
"""Name of the file → the code, and the number of cycles."""


def figure(name: str) -> str:
    """Draw one of them.

    Args:
        name: As in `FIGURES`.
    """
    code, cycles = FIGURES[name]
    pattern = eval(code, dict(namespace()))
    if not isinstance(pattern, Pattern):
        raise TypeError(f"{code} is no pattern")
    return str(pattern.svg(cycles, title=code))


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for each in FIGURES:
        (FOLDER / f"{each}.svg").write_text(figure(each), encoding="utf-8")
        print(f"{each}.svg is drawn")
