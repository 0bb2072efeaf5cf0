"""The list of what each instrument reads, held against what is heard."""

from pathlib import Path

import numpy as np
import pytest

from bridge.event import TimedEvent
from plugin_host.audio import Audio
from plugin_host.instrument_table import INSTRUMENTS, PLAIN_WAVES
from plugin_host.offline import render
from plugin_host.reading import read_by
from plugin_host.specs import Chain, instrument, sampler
from plugin_host.wav import write_wav

RATE = 16000

CHANGED: dict[str, object] = {
    "s": "hh", "n": 1, "note": 55, "velocity": 0.3, "gain": 0.3, "pan": 0.9, "attack": 0.05, "decay": 0.02,
    "sustain": 0.9, "release": 0.3, "clip": 0.3, "cutoff": 300, "lpf": 300, "resonance": 0.9, "lpq": 0.9,
    "hpf": 2000, "hcutoff": 2000, "speed": 0.5, "begin": 0.3, "end": 0.5, "cut": 1, "room": 0.9,
    "delay": 0.9, "delaytime": 0.1, "delaysync": 0.05, "delayfeedback": 0.9,
    "shape": 0.8, "crush": 2, "unit": "c", "accelerate": 1, "loop": 1, "loopBegin": 0.2,
    "loopEnd": 0.3, "azim": 40, "elev": 60, "distance": 3, "x": 1, "y": -1, "z": 1, "spread": 0.9,
}  # fmt: skip
"""A value of each control that is heard where the control is read."""
BESIDE: dict[str, dict[str, object]] = {
    "sustain": {"decay": 0.05},
    "resonance": {"cutoff": 800},
    "lpq": {"lpf": 800},
    "release": {"clip": 0.2},
    "loopBegin": {"loop": 1, "loopEnd": 0.3},
    "loopEnd": {"loop": 1},
    "spread": {"azim": 20},
    "delaytime": {"delay": 0.9},
    "delaysync": {"delay": 0.9},
    "delayfeedback": {"delay": 0.9, "delaytime": 0.1},
    # In the middle of a pair, what is above or behind sounds as in front.
    **{control: {"pan": 0.9} for control in ("elev", "y", "z")},
}
"""What must be said as well for a control to mean anything."""
SILENT = {"lpenv": 4, "vowel": "a", "bank": "tr909", "vib": 4, "fm": 2, "coarse": 8, "cc74": 0.5}
"""Controls that none of ours reads."""


def chain_of(name: str, folder: Path) -> Chain:
    """An instrument, dry, alike in every hit, and with more than one voice."""
    if name != "sampler":
        more = {"drums": {"variation": 0}, "bass": {"voices": 4}}.get(name, {})
        return instrument(name, room=0, delay=0, **more)
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, (2, 1, 6000)).astype(np.float32)
    for number, sound in enumerate(("bd", "bd", "hh")):
        (folder / sound).mkdir(exist_ok=True)
        write_wav(folder / sound / f"{number}.wav", noise[number % 2] * (1 + number) / 3, RATE)
    return sampler(folder)


def heard(name: str, chain: Chain, controls: dict[str, object]) -> Audio:
    """Two events, the second over the first."""
    base: dict[str, object] = {"s": "bd"} if name in {"drums", "sampler"} else {"note": 50}
    length = 0.2 * (float(str(controls["clip"])) if "clip" in controls else 1)
    events = [TimedEvent(at, length, base | controls, "x", number) for number, at in enumerate((0.0, 0.1))]
    return render(events, {"x": chain}, 0.4, RATE)


@pytest.mark.parametrize("name", ["drums", "bass", "keys", "pad", "lead", "sine", "sampler"])
def test_what_is_read_is_heard_and_nothing_else_is(name: str, tmp_path: Path) -> None:
    """Each control in turn; `nudge` and `orbit` are read before an instrument is asked, a pair has no LFE."""
    chain = chain_of(name, tmp_path)
    read = read_by(chain.instrument)
    found: set[str] = {"nudge", "legato", "orbit", "lfe"}
    for control, value in {**CHANGED, **SILENT}.items():
        beside = BESIDE.get(control, {})
        plain, said = heard(name, chain, beside), heard(name, chain, {**beside, control: value})
        if not np.array_equal(plain, said):
            found.add(control)
    assert found == read


def test_every_instrument_is_in_the_list() -> None:
    """The plain waves are one instrument with four waves."""
    lists = {name: read_by(instrument(name).instrument) for name in INSTRUMENTS}
    assert {lists[name] for name in PLAIN_WAVES} == {lists["sine"]}
