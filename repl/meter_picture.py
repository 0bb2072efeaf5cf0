"""How loud everything is, drawn with letters: bars, loudness, spectra."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, cast

from repl.toolbar import cells

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SILENCE = -200.0
"""dB of nothing."""
FLOOR = -60.0
"""dB at the left end of a bar."""
WIDE = 30
"""Columns of a bar: 2 dB each."""
NAME = 16
"""Columns of a name."""
WEAKEST, STRONGEST = -84.0, -12.0
"""dB of the lowest and the highest step of a spectrum: in music a band holds a small part of the whole."""
STEPS = " ▁▂▃▄▅▆▇█"
PARTS = " ▏▎▍▌▋▊▉"

Level = dict[str, float]


def together(several: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """Levels that follow each other as one: the highest peak, and the mean power.

    Args:
        several: Each as a report has it; the last says what there is.

    >>> quiet, loud = ({"layers": {}, "master": {"peak": one, "rms": one}} for one in (-200.0, -6.0))
    >>> together([quiet, loud, quiet])["master"]
    {'peak': -6.0, 'rms': -10.8}
    """
    if not several:
        return {"master": {"peak": SILENCE, "rms": SILENCE}}
    found: dict[str, object] = {}
    for kind, newest in several[-1].items():
        all_of_it = [cast("dict[str, Any]", one.get(kind, {})) for one in several]
        if kind == "master":
            found[kind] = _one(all_of_it)
        else:
            names = cast("dict[str, object]", newest)
            found[kind] = {name: _one([each[name] for each in all_of_it if name in each]) for name in names}
    return found


def _one(rows: Sequence[Level]) -> Level:
    told = [row for row in rows if row]
    power = sum(10 ** (row["rms"] / 10) for row in told) / max(len(told), 1)
    peak = max((row["peak"] for row in told), default=SILENCE)
    return {"peak": peak, "rms": round(10 * math.log10(max(power, 1e-20)), 1)}


def picture(report: Mapping[str, object]) -> str:
    """Draw what the meters say.

    Args:
        report: As clients get it: `levels`, `loudness`, `spectrum`, `seconds`.

    >>> quiet = {"peak": -200.0, "rms": -200.0}
    >>> told = {"levels": {"layers": {"bass": {"peak": -6.0, "rms": -20.0}}, "master": quiet}, "seconds": 9}
    >>> print(picture({**told, "loudness": {}, "spectrum": {}}))
                     -60 dB    -40       -20       0   peak    rms
    bass             ████████████████████       │     -6.0  -20.0
    master                                               -      -
    """
    levels = cast("dict[str, dict[str, Level]]", report["levels"])
    rows = [
        *levels.get("layers", {}).items(),
        *((f"bus {name}", row) for name, row in levels.get("buses", {}).items()),
        *((f"in: {name}", row) for name, row in levels.get("inputs", {}).items()),
        ("master", cast("Level", levels["master"])),
    ]
    lines = [f"{'':{NAME}} -60 dB    -40       -20       0   peak    rms"]
    lines += [
        f"{_named(name)} {_bar(row)}  {_number(row['peak'])}  {_number(row['rms'])}" for name, row in rows
    ]
    loudness = cast("dict[str, Level]", report["loudness"])
    if loudness:
        lines += ["", *_loudness(loudness, cast("float", report["seconds"]))]
    spectra = cast("dict[str, list[float]]", report["spectrum"])
    if spectra:
        lines += ["", *(f"{_named(name)} {_spectrum(bands)}" for name, bands in spectra.items()), _scale()]
    return "\n".join(line.rstrip() for line in lines)


def _bar(row: Level) -> str:
    """The level as far as it goes, and a stroke where the peak is."""
    full = min(max((row["rms"] - FLOOR) / -FLOOR, 0.0), 1.0) * WIDE
    whole = int(full)
    drawn = ["█"] * whole + [PARTS[int((full - whole) * len(PARTS))]] * (whole < WIDE)
    drawn += [" "] * (WIDE - len(drawn))
    if row["peak"] > FLOOR:
        place = min(math.floor((row["peak"] - FLOOR) / -FLOOR * WIDE), WIDE - 1)
        if place > whole or (place == whole and drawn[place] == " "):
            drawn[place] = "│"
    return "".join(drawn)


def _loudness(loudness: Mapping[str, Level], seconds: float) -> Iterator[str]:
    since = f"in {seconds:.0f} s" if seconds < 120 else f"in {seconds / 60:.0f} min"
    yield f"{'LUFS':{NAME}}    now  in 3 s {since:>9}   true peak"
    for name, row in loudness.items():
        figures = (row[one] for one in ("momentary", "short", "integrated", "peak"))
        now, short, whole, peak = (_number(one) for one in figures)
        yield f"{_named(name)} {now:>6}  {short:>6} {whole:>9}   {peak:>6} dB"


def _spectrum(bands: Sequence[float]) -> str:
    span = STRONGEST - WEAKEST
    steps = (round((one - WEAKEST) / span * (len(STEPS) - 1)) for one in bands)
    return "".join(STEPS[min(max(one, 0), len(STEPS) - 1)] for one in steps)


def _scale() -> str:
    """Where 50 Hz to 10 kHz lie below the 64 bands from 20 Hz to 20 kHz."""
    line = [" "] * 72
    for hertz, text in ((20, "20 Hz"), (100, "100"), (500, "500"), (2000, "2k"), (10_000, "10k")):
        place = round(64 * math.log(hertz / 20) / math.log(1000))
        line[place : place + len(text)] = text
    return f"{'':{NAME}} {''.join(line)}"


def _named(name: str) -> str:
    cut = name if cells(name) <= NAME else f"{name[: NAME - 1]}…"
    return cut + " " * (NAME - cells(cut))


def _number(decibels: float) -> str:
    return f"{decibels:5.1f}" if decibels > -120 else "    -"
