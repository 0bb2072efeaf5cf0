"""From the description of an instrument to its voices."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from plugin_host.bank import Bank
from plugin_host.cloud import Cloud, CloudBank
from plugin_host.drum_bank import DrumBank
from plugin_host.errors import HostError
from plugin_host.input_bank import InputBank
from plugin_host.instrument_table import PLAIN_WAVES
from plugin_host.intake import Inputs
from plugin_host.keys import KeysBank
from plugin_host.loop_bank import LoopBank
from plugin_host.patch import Patch
from plugin_host.sample_folders import located
from plugin_host.sampled import SampleBank
from plugin_host.samples import Library
from plugin_host.sf2 import soundfont_zones
from plugin_host.sfz_zones import sfz_zones
from plugin_host.specs import PRESET, Instrument
from plugin_host.struck import Bells, Pluck, StruckBank
from plugin_host.synth import SynthBank
from plugin_host.zones import Zones

__all__ = ["LEVELS", "bank_of"]

LEVELS: Final = {
    "drums": 0.8, "bass": 0.27, "keys": 0.17, "pad": 0.1, "lead": 0.17, "sampler": 0.8,
    "input": 0.82**-1.5, "loop": 0.82**-1.5,  # at the usual velocity they are as loud as they came in
    "pluck": 0.19, "bells": 0.17, "strings": 0.06, "texture": 0.055, "noise": 0.06,
    "sawtooth": 0.14, "square": 0.085, "triangle": 0.15, "sine": 0.14,
}  # fmt: skip
"""How loud one voice of each instrument is, so that they stand well beside each other."""


def bank_of(
    instrument: Instrument, rate: int, library: Library, report: Callable[[str], None], inputs: Inputs
) -> Bank:
    """The voices of an instrument, as its parameters ask.

    Args:
        instrument: Which one.
        rate: Frames a second.
        library: The musician's samples, for the drums; a sampler's folder is its own.
        report: Takes one line about what could not be played.
        inputs: What comes in.

    Raises:
        HostError: It has no sounds, or they cannot be read.
    """
    if instrument.kind == "input":
        return InputBank(rate, inputs, instrument.name, report)
    if instrument.kind == "loop":
        return LoopBank(rate, inputs, instrument.name, str(instrument["source"]), report, library.store)
    value = {name: one for name, one in instrument.values if isinstance(one, float)}
    wave = str(dict(instrument.values).get("wave", "saw"))
    if instrument.kind == "sampler":
        return _sampler(instrument, rate, library, report)
    if instrument.name == "drums":
        settings = (value["tune"], value["decay"], value["drive"], value["variation"])
        kit = str(dict(instrument.values)["kit"])
        return DrumBank(rate, library, kit, *settings, report)
    if instrument.name == "keys":
        names = ("brightness", "tine", "decay", "release", "tremolo", "rate", "tune")
        return KeysBank(rate, *(value[name] for name in names))
    if instrument.name == "pluck":
        string = Pluck(value["brightness"], value["position"], value["decay"], value["stiffness"])
        return StruckBank(rate, string, value["release"], value["tune"])
    if instrument.name == "bells":
        material = str(dict(instrument.values)["material"])
        bells = Bells(material, value["brightness"], value["decay"], value["beating"])
        return StruckBank(rate, bells, value["release"], value["tune"])
    if instrument.name in _WIDTHS:
        return CloudBank(rate, _cloud(instrument.name, value))
    return SynthBank(rate, replace(_patch(instrument.name, wave, value), tune=value["tune"]))


_WIDTHS: Final = {"strings": "players", "texture": "blur", "noise": "width"}


def _cloud(name: str, value: dict[str, float]) -> Cloud:
    attack, release = value["attack"], value["release"]
    colour = (value.get("brightness", 0.5), attack, release, value.get("motion", 0.0), value["tune"])
    return Cloud(name, value[_WIDTHS[name]], *colour)


def _sampler(instrument: Instrument, rate: int, library: Library, report: Callable[[str], None]) -> Bank:
    values = dict(instrument.values)
    path = located(instrument.name, library.folders)
    own: Library | Zones
    if path.suffix.lower() == ".sfz":
        own = Zones(sfz_zones(path, report))
    elif path.suffix.lower() == ".sf2":
        preset = values.get(PRESET)
        bank, program = int(values["bank"]), int(values["program"])
        own = Zones(soundfont_zones(path, None if preset is None else str(preset), bank, program, report))
    else:
        own = Library([path], library.store, pitched=values["pitched"] != "no")
        if own.missing or not len(own):
            raise HostError(f"there are no sound files in {path}")
    attack, release, tune = (float(values[name]) for name in ("attack", "release", "tune"))
    return SampleBank(rate, library.store, own, attack, release, report, tune)


def _patch(name: str, wave: str, value: dict[str, float]) -> Patch:
    if name == "bass":
        return Patch(
            wave=wave,
            cutoff=value["cutoff"],
            resonance=value["resonance"],
            env=value["env"],
            decay=value["decay"],
            attack=0.002,
            release=value["release"],
            sustain=0.8,
            fall=0.5,
            glide=value["glide"],
            drive=value["drive"],
            sub=value["sub"],
            voices=int(value["voices"]),
        )
    if name == "pad":
        return Patch(
            cutoff=value["cutoff"],
            resonance=value["resonance"],
            attack=value["attack"],
            release=value["release"],
            voices=int(value["voices"]),
            detune=value["detune"],
            spread=7,
            width=0.9,
            motion=value["motion"],
        )
    if name in PLAIN_WAVES:
        return Patch(
            wave=PLAIN_WAVES[name],
            cutoff=value["cutoff"],
            resonance=value["resonance"],
            attack=value["attack"],
            release=value["release"],
            voices=int(value["voices"]),
            follow=0.0,
        )
    return Patch(
        wave=wave,
        cutoff=value["cutoff"],
        resonance=value["resonance"],
        env=value["env"],
        decay=0.35,
        attack=value["attack"],
        release=value["release"],
        sustain=0.75,
        fall=0.4,
        glide=value["glide"],
        voices=int(value["voices"]),
        detune=value["detune"],
        spread=3,
        width=0.5,
        vibrato=value["vibrato"],
        follow=0.5,
    )
