"""What is measured of what the mixer plays: each sound from its own frame on, whoever else is looked at."""

from pathlib import Path

import numpy as np
import pytest

from plugin_host.audio import Audio, single
from plugin_host.gauges import MASTER, Gauges
from plugin_host.layouts import STEREO
from plugin_host.viewing import SLOTS, View

RATE, BLOCK = 48_000, 480


class Tones:
    """Instruments that give a tone for each name that is looked at."""

    def __init__(self) -> None:
        self.names: tuple[str, ...] = ()
        self.at = 0

    def view(self, names: tuple[str, ...]) -> None:
        """Know who is looked at."""
        self.names = names

    def tone(self, hertz: float) -> Audio:
        """The next block of one."""
        wave = 0.5 * np.sin(2 * np.pi * hertz / RATE * np.arange(self.at, self.at + BLOCK))
        return single(np.stack([wave, wave]))

    def viewed(self) -> list[Audio | None]:
        """The number in each name is its frequency."""
        return [self.tone(float(name)) for name in self.names]


class Stage:
    """A view of such instruments, and what measures it."""

    def __init__(self, folder: Path) -> None:
        self.tones, self.gauges = Tones(), Gauges()
        self.view = View(folder, RATE, STEREO)

    def play(self, seconds: float, *names: str, often: int = 5) -> None:
        """Play on, looking at every fifth block."""
        for number in range(round(seconds * RATE / BLOCK)):
            if number % often == 0:
                told = self.view.show(self.tones, self.gauges.wanted(names))
                self.gauges.look({**told, "levels": {"bus 440": {}, "layer 90": {}}})
            self.view.hear(0, self.tones.tone(1000))
            self.tones.at += BLOCK


def hertz_of(gauges: Gauges, name: str) -> float:
    """Where somebody's spectrum is highest."""
    bands = gauges.spectra([name])[name]
    return 20 * 1000 ** ((bands.index(max(bands)) + 0.5) / 64)


def test_each_is_measured_whoever_else_comes_and_goes(tmp_path: Path) -> None:
    """The place of a sound in the ring changes; its measures go on, without a frame of another's."""
    stage = Stage(tmp_path)
    for names in (["200"], ["3000", "200"], ["200", "3000"], ["200"]):
        stage.play(0.5, *names)
        for name in names:
            assert hertz_of(stage.gauges, name) == pytest.approx(float(name), rel=0.12)
            bands = 10 ** (np.array(stage.gauges.spectra([name])[name]) / 10)
            assert 10 * np.log10(bands.sum()) == pytest.approx(-6.02, abs=0.3)
    assert hertz_of(stage.gauges, MASTER) == pytest.approx(1000, rel=0.12)
    loudness = stage.gauges.loudness()
    assert loudness[MASTER]["integrated"] == pytest.approx(-6, abs=0.2)
    assert loudness[MASTER]["peak"] == pytest.approx(-6.02, abs=0.1)
    assert stage.gauges.lost == 0


def test_buses_are_measured_unasked_and_drawn_when_asked_for(tmp_path: Path) -> None:
    """As far as there is room behind those that were asked for."""
    stage = Stage(tmp_path)
    stage.play(0.6)
    assert stage.gauges.loudness().keys() == {MASTER, "440"}
    assert stage.gauges.spectra([]).keys() == {MASTER}
    many = [str(one) for one in range(100, 100 + SLOTS)]
    assert stage.gauges.wanted(many) == many
    assert stage.gauges.wanted(many[:2]) == [*many[:2], "440"]


def test_who_comes_late_goes_on_with_the_newest(tmp_path: Path) -> None:
    """What was between is lost, and counted; what is shown is right again at once."""
    stage = Stage(tmp_path)
    stage.play(0.5, "200")
    stage.play(2.0, "200", often=10_000)
    stage.play(0.5, "200")
    assert stage.gauges.lost > RATE
    assert hertz_of(stage.gauges, "200") == pytest.approx(200, rel=0.12)


def test_another_mixer_begins_anew(tmp_path: Path) -> None:
    """It has another ring; one can also begin to count anew without."""
    stage = Stage(tmp_path)
    stage.play(1.0)
    stage.view.close(stage.tones)
    stage.view = View(tmp_path, RATE, STEREO)
    told = stage.view.show(stage.tones, [])
    stage.gauges.look({**told, "levels": {}})
    assert stage.gauges.loudness()[MASTER]["integrated"] == -200
    stage.play(1.0)
    assert stage.gauges.loudness()[MASTER]["integrated"] == pytest.approx(-6, abs=0.2)
    stage.gauges.begin()
    assert stage.gauges.loudness()[MASTER]["integrated"] == -200
