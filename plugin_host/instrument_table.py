"""The built-in instruments and their parameters, in musical units."""

from plugin_host.parameters import Parameter

__all__ = ["BUS", "COMMON", "INSTRUMENTS", "PLAIN_WAVES", "SAMPLER", "SOUNDFONT"]

WAVES = ("saw", "square", "triangle", "sine")

PLAIN_WAVES = {"sawtooth": "saw", "square": "square", "triangle": "triangle", "sine": "sine"}
"""Instruments that are nothing but a wave, as players of other systems expect them: by name, the wave."""


def _common(room: float, delay: float, duck: float) -> tuple[Parameter, ...]:
    return (
        Parameter("gain", 1.0, 0, 2, "", "how loud the whole instrument is"),
        Parameter("pan", 0.5, 0, 1, "", "0 is left, 0.5 the middle, 1 right"),
        Parameter("room", room, 0, 1, "", "how much goes to the shared reverb"),
        Parameter("delay", delay, 0, 1, "", "how much goes to the shared echo"),
        Parameter("duck", duck, 0, 1, "", "how far it gives way to the kick drum"),
    )


COMMON = _common(0.0, 0.0, 0.0)

_TUNE = Parameter("tune", 0.0, -24, 24, "semitones", "how much higher every note is, those that sound, too")

BUS: tuple[Parameter, ...] = (
    *COMMON,
    Parameter(
        "space", "shared", choices=("shared", "own"), doc="whether it has an echo and a reverb of its own"
    ),
)

SAMPLER: tuple[Parameter, ...] = (
    Parameter("attack", 0.0, 0, 10, "s", "how long it fades in; 0 leaves it to the sound: a thousandth"),
    Parameter(
        "release",
        0.0,
        0,
        10,
        "s",
        "how long it fades out when it ends early; 0 leaves it to the sound: 0.02, with a pitch 0.2",
    ),
    Parameter("tune", 0.0, -48, 48, "semitones", "by how much every note is moved"),
    Parameter(
        "pitched", "auto", choices=("auto", "no"), doc="whether the names of its files may say their pitch"
    ),
    *_common(0.0, 0.0, 0.0),
)

SOUNDFONT: tuple[Parameter, ...] = (
    Parameter(
        "bank", 0.0, 0, 16383, "", "the bank of the preset; 128 is commonly the drums", built=True, whole=True
    ),
    Parameter("program", 0.0, 0, 127, "", "the program of the preset, from 0", built=True, whole=True),
    *(one for one in SAMPLER if one.name != "pitched"),
)

INSTRUMENTS: dict[str, tuple[Parameter, ...]] = {
    "drums": (
        Parameter("kit", "room", choices=("room", "machine"), doc="drums with skins, or those of circuits"),
        Parameter("tune", 0.0, -12, 12, "semitones", "the whole kit higher or lower"),
        Parameter("decay", 1.0, 0.05, 1, "", "how long the drums ring; 1 lets them ring out"),
        Parameter("drive", 0.15, 0, 1, "", "how hard they are driven"),
        Parameter("variation", 0.5, 0, 1, "", "how much one hit differs from the next"),
        *_common(0.05, 0.0, 0.0),
    ),
    "bass": (
        Parameter("wave", "saw", choices=WAVES, doc="the shape of the wave"),
        Parameter("cutoff", 520.0, 40, 16000, "Hz", "the filter at rest"),
        Parameter("resonance", 0.25, 0, 1, "", "how much the filter sings"),
        Parameter("env", 3.4, 0, 7, "octaves", "how far each note opens the filter"),
        Parameter("decay", 0.28, 0.01, 10, "s", "how soon the filter closes again"),
        Parameter("release", 0.06, 0.005, 5, "s", "how long a note fades"),
        Parameter("glide", 0.04, 0, 2, "s", "how long it slides between notes that overlap, with one voice"),
        Parameter("drive", 0.22, 0, 1, "", "how hard it is driven"),
        Parameter("sub", 0.1, 0, 1, "", "how much of a plain sine is beneath, at the root"),
        Parameter("voices", 1, 1, 64, "", "how many notes sound at once; 1 glides", built=True, whole=True),
        *_common(0.0, 0.0, 0.3),
        _TUNE,
    ),
    "keys": (
        Parameter("brightness", 0.5, 0, 1, "", "how much the hammer is heard"),
        Parameter("tine", 0.4, 0, 1, "", "how much bell there is at the beginning"),
        Parameter("decay", 1.0, 0.1, 5, "times", "how long a held note rings"),
        Parameter("release", 0.18, 0.01, 5, "s", "how long a note fades once let go"),
        Parameter("tremolo", 0.25, 0, 1, "", "how far it moves from side to side"),
        Parameter("rate", 4.2, 0.1, 12, "Hz", "how fast it moves"),
        *_common(0.18, 0.1, 0.0),
        _TUNE,
    ),
    "pad": (
        Parameter("cutoff", 4600.0, 80, 18000, "Hz", "how open it is"),
        Parameter("resonance", 0.1, 0, 1, "", "how much the filter sings"),
        Parameter("detune", 16.0, 0, 60, "cents", "how far its seven voices spread"),
        Parameter("motion", 0.4, 0, 1, "", "how far the filter drifts"),
        Parameter("attack", 0.35, 0.002, 10, "s", "how long it fades in"),
        Parameter("release", 0.9, 0.01, 20, "s", "how long it fades out"),
        Parameter("voices", 16, 1, 64, "", "how many notes sound at once", built=True, whole=True),
        *_common(0.35, 0.05, 0.45),
        _TUNE,
    ),
    "lead": (
        Parameter("wave", "saw", choices=WAVES, doc="the shape of the wave"),
        Parameter("cutoff", 4200.0, 80, 18000, "Hz", "how open it is"),
        Parameter("resonance", 0.2, 0, 1, "", "how much the filter sings"),
        Parameter("env", 1.2, 0, 7, "octaves", "how far each note opens the filter"),
        Parameter("detune", 9.0, 0, 60, "cents", "how far its voices spread"),
        Parameter("vibrato", 0.25, 0, 1, "semitones", "how far a held note sways"),
        Parameter("attack", 0.005, 0.001, 5, "s", "how long it fades in"),
        Parameter("release", 0.14, 0.005, 10, "s", "how long it fades out"),
        Parameter("glide", 0.0, 0, 2, "s", "how long it slides between notes that overlap, with one voice"),
        Parameter("voices", 6, 1, 64, "", "how many notes sound at once; 1 glides", built=True, whole=True),
        *_common(0.2, 0.22, 0.0),
        _TUNE,
    ),
    "pluck": (
        Parameter("brightness", 0.55, 0, 1, "", "how much is heard of the upper partials"),
        Parameter(
            "position", 0.17, 0.02, 0.5, "", "where the string is plucked; 0.5 is its middle, and hollow"
        ),
        Parameter("stiffness", 0.25, 0, 1, "", "nylon to piano wire"),
        Parameter("decay", 1.0, 0.05, 5, "times", "how long a held note rings"),
        Parameter("release", 0.14, 0.005, 10, "s", "how long a note fades once let go"),
        *_common(0.16, 0.1, 0.0),
        _TUNE,
    ),
    "bells": (
        Parameter("material", "bell", choices=("bell", "bar", "bowl"), doc="what is struck"),
        Parameter("brightness", 0.5, 0, 1, "", "how hard the mallet is"),
        Parameter("decay", 1.0, 0.05, 5, "times", "how long it rings"),
        Parameter("beating", 0.7, 0, 8, "Hz", "how far left and right lie apart"),
        Parameter("release", 1.6, 0.005, 20, "s", "how long a note fades once let go"),
        *_common(0.3, 0.12, 0.0),
        _TUNE,
    ),
    "strings": (
        Parameter(
            "players", 22.0, 2, 120, "cents", "how far the players spread; more are softer", built=True
        ),
        Parameter("brightness", 0.5, 0, 1, "", "how much bow there is; velocity adds to it", built=True),
        Parameter("motion", 0.25, 0, 1, "", "how far the bows swell by themselves"),
        Parameter("attack", 0.16, 0.002, 10, "s", "how long a note of middling velocity fades in"),
        Parameter("release", 0.45, 0.005, 20, "s", "how long it fades out"),
        *_common(0.34, 0.0, 0.25),
        _TUNE,
    ),
    "texture": (
        Parameter("blur", 45.0, 2, 400, "cents", "how far each partial is smeared", built=True),
        Parameter("brightness", 0.55, 0, 1, "", "how much there is of the upper partials", built=True),
        Parameter("motion", 0.8, 0, 1, "", "how far the colour drifts"),
        Parameter("attack", 1.4, 0.002, 30, "s", "how long it fades in"),
        Parameter("release", 3.0, 0.005, 30, "s", "how long it fades out"),
        *_common(0.45, 0.12, 0.35),
        _TUNE,
    ),
    "noise": (
        Parameter(
            "width", 2.0, 0.05, 12, "octaves", "how wide the band around the note is; 12 is all", built=True
        ),
        Parameter("attack", 0.004, 0.001, 30, "s", "how long it fades in"),
        Parameter("release", 0.12, 0.005, 30, "s", "how long it fades out"),
        *_common(0.1, 0.05, 0.0),
        _TUNE,
    ),
    **{
        name: (
            Parameter("cutoff", 18000.0, 20, 18000, "Hz", "how open it is"),
            Parameter("resonance", 0.0, 0, 1, "", "how much the filter sings"),
            Parameter("attack", 0.002, 0.001, 5, "s", "how long it fades in"),
            Parameter("release", 0.03, 0.005, 10, "s", "how long it fades out"),
            Parameter("voices", 16, 1, 64, "", "how many notes sound at once", built=True, whole=True),
            *_common(0.0, 0.0, 0.0),
            _TUNE,
        )
        for name in PLAIN_WAVES
    },
}
