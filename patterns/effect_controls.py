"""The controls of filters and effects."""

from __future__ import annotations

from patterns.control_rows import Control, envelope, modulation, words


def _filter(short: str, kind: str) -> tuple[Control, ...]:
    """The family of one filter."""
    letters = tuple(f"{short}{letter}" for letter in "adsr")
    whose = f"the {kind} envelope"
    return (
        Control(f"{short}env", f"Depth of {whose}", "octaves", (f"{short}e",)),
        *envelope(short, whose, (letters[0], letters[1], letters[2], letters[3])),
        *modulation(short, f"the {kind} filter"),
        Control(f"{short}depthfrequency", f"How far the {kind} filter swings", "Hz", (f"{short}depthfreq",)),
    )


_FILTERS = (
    Control(
        "cutoff",
        "Frequency of the low-pass filter",
        "Hz",
        ("lpf", "lp", "ctf"),
        ("resonance", "lpenv"),
        example='s("saw").cutoff(sine.range(200, 4000))',
    ),
    Control("resonance", "Resonance of the low-pass filter", "0 to 1, or Q", ("lpq",)),
    *_filter("lp", "low-pass"),
    Control(
        "hpf",
        "Frequency of the high-pass filter",
        "Hz",
        ("hp", "hcutoff"),
        ("hresonance", "hpenv"),
        key="hcutoff",
    ),
    Control("hresonance", "Resonance of the high-pass filter", "0 to 1, or Q", ("hpq",)),
    *_filter("hp", "high-pass"),
    Control(
        "bpf", "Frequency of the band-pass filter", "Hz", ("bp", "bandf"), ("bandq", "bpenv"), key="bandf"
    ),
    Control("bandq", "Resonance of the band-pass filter", "Q", ("bpq",)),
    *_filter("bp", "band-pass"),
    words("ftype", "Kind of the filters: 12db, 24db or ladder, or 0, 1, 2"),
    Control(
        "fanchor", "Where the envelope of a filter rests on its frequency", "0 below, .5 around, 1 above"
    ),
    Control("drive", "How hard a ladder filter is driven", "0 and more"),
    Control("djf", "One knob for low-pass (below .5) and high-pass (above)", "0 to 1"),
)


def _distortion(kind: str, doc: str) -> Control:
    return Control(
        kind,
        doc,
        "0 and more",
        spreads=("distortvol", "distorttype"),
        key="distort",
        preset=(("distortvol", 1), ("distorttype", kind)),
    )


_EFFECTS = (
    Control("room", "How much goes to the reverb", "0 to 1", (), ("size",), example='s("cp").room(.4)'),
    Control("size", "Size of the room", "0 to 1, or seconds", ("roomsize", "sz", "rsize"), key="roomsize"),
    Control("roomfade", "Time that the reverb takes to fade", "seconds", ("rfade",)),
    Control("roomlp", "Low-pass filter of the reverb at its beginning", "Hz", ("rlp",)),
    Control("roomdim", "Low-pass filter of the reverb at its end", "Hz", ("rdim",)),
    Control(
        "iresponse",
        "Sample that the reverb takes as its room",
        "name",
        ("ir",),
        ("i",),
        numeric=False,
        key="ir",
    ),
    Control("irspeed", "Speed of the sample that is the room", "factor"),
    Control("irbegin", "Where the sample that is the room begins", "0 to 1"),
    Control("dry", "How much stays dry", "0 to 1"),
    Control("delay", "How much goes to the delay", "0 to 1", (), ("delaytime", "delayfeedback")),
    Control("delaytime", "Time of the delay", "seconds", ("delayt", "dt")),
    Control("delaysync", "Time of the delay", "cycles"),
    Control("delayfeedback", "How much the delay repeats", "0 up to but not 1", ("delayfb", "dfb")),
    Control("delayspeed", "Speed of the tape in the delay", "factor, negative is backwards"),
    Control("crush", "Number of bits", "1 to 16, 16 is clean"),
    Control("coarse", "Samples held, for a lower sample rate", "1 and more"),
    Control("krush", "Distortion of a cheap amplifier", "0 and more"),
    Control("kcutoff", "Low-pass filter after krush", "Hz"),
    Control("triode", "Distortion as of a tube", "0 and more"),
    Control("shape", "Soft distortion", "0 up to but not 1", spreads=("shapevol",)),
    Control("distort", "Distortion", "0 and more", ("dist",), ("distortvol", "distorttype")),
    Control("distortvol", "Loudness after the distortion", "0 and more", ("distvol",)),
    words("distorttype", "Kind of distortion: soft, hard, cubic, diode and others", "disttype"),
    _distortion("soft", "Distortion that rounds"),
    _distortion("hard", "Distortion that cuts off"),
    _distortion("cubic", "Distortion by a cubic curve"),
    _distortion("diode", "Distortion as of a diode"),
    _distortion("asym", "Distortion that is stronger above than below"),
    _distortion("sinefold", "Distortion that folds back along a sine"),
    _distortion("chebyshev", "Distortion that adds harmonics by Chebyshev's polynomials"),
    Control(
        "phaser",
        "Speed of the phaser",
        "Hz",
        ("ph", "phaserrate"),
        ("phaserdepth", "phasercenter", "phasersweep"),
        key="phaserrate",
    ),
    Control("phaserdepth", "Depth of the phaser", "0 to 1", ("phd", "phasdp")),
    Control("phasercenter", "Middle of the phaser", "Hz", ("phc",)),
    Control("phasersweep", "How far the phaser sweeps", "Hz", ("phs",)),
    Control("chorus", "Depth of the chorus", "0 to 1"),
    Control(
        "tremolo",
        "Speed of the tremolo",
        "Hz",
        ("trem",),
        ("tremolodepth", "tremoloskew", "tremolophase"),
    ),
    Control(
        "tremolosync",
        "Speed of the tremolo",
        "times a cycle",
        ("tremsync",),
        ("tremolodepth", "tremoloskew", "tremolophase"),
    ),
    Control("tremolodepth", "Depth of the tremolo", "0 to 1", ("tremdepth",)),
    Control("tremoloskew", "How uneven the tremolo is", "0 to 1, .5 is even", ("tremskew",)),
    Control("tremolophase", "Where in its turn the tremolo begins", "0 to 1", ("tremphase",)),
    words("tremoloshape", "Shape of the tremolo: tri, sine, square, saw or ramp", "tremshape"),
    Control(
        "compressor",
        "Threshold of the compressor",
        "dB",
        (),
        ("compressorRatio", "compressorKnee", "compressorAttack", "compressorRelease"),
    ),
    Control("compressor_ratio", "Ratio of the compressor", "1 and more"),
    Control("compressor_knee", "How softly the compressor sets in", "dB"),
    Control("compressor_attack", "Time until the compressor is at work", "seconds"),
    Control("compressor_release", "Time until the compressor lets go", "seconds"),
    Control("transient", "Loudness of the beginning of the sound", "-1 to 1", (), ("transsustain",)),
    Control(
        "duck", "Orbit that this one pushes down", "0, 1, 2, …", ("duckorbit",), key="duckorbit", lists=True
    ),
    Control("duckdepth", "How far it is pushed down", "0 to 1", lists=True),
    Control("duckattack", "Time until it is back", "seconds", ("duckatt",), lists=True),
    Control("duckonset", "Time until it is down", "seconds", ("duckons",), lists=True),
    Control("leslie", "How much of the rotating loudspeaker is heard", "0 to 1"),
    Control("lrate", "Speed of the rotating loudspeaker", "Hz"),
    Control("lsize", "Size of the rotating loudspeaker", "metres"),
    Control("ring", "How much ring modulation is heard", "0 to 1"),
    Control("ringf", "Frequency of the ring modulator", "Hz"),
    Control("ringdf", "How far the ring modulator's frequency slides", "Hz"),
    Control("octer", "How much is heard an octave higher", "0 to 1"),
    Control("octersub", "How much is heard an octave lower", "0 to 1"),
    Control("octersubsub", "How much is heard two octaves lower", "0 to 1"),
    Control("fshift", "Shift of all frequencies", "Hz"),
    Control("fshiftnote", "Shift of all frequencies, as a part of the note's", "factor"),
    Control("fshiftphase", "Phase of the shift", "radians"),
    Control("tsdelay", "Time of the tape's delay", "seconds"),
    Control("xsdelay", "Delay of the spectrum's bands", "0 to 1"),
)

_SPECTRUM = (
    Control("freeze", "Whether the spectrum stands still", "0 or 1"),
    Control("real", "How the spectrum is conserved, its real part", "0 to 1"),
    Control("imag", "How the spectrum is conserved, its imaginary part", "0 to 1"),
    Control("binshift", "Shift of the bands of the spectrum", "0 to 1"),
    Control("hbrick", "Bands below are left out", "0 to 1"),
    Control("lbrick", "Bands above are left out", "0 to 1"),
    Control("comb", "Bands left out like the teeth of a comb", "0 to 1"),
    Control("smear", "How long the spectrum smears", "0 to 1"),
    Control("scram", "How far the bands of the spectrum are mixed up", "0 to 1"),
    Control("enhance", "How far the strong bands are strengthened", "0 to 1"),
    Control("partials", "Loudness of the partials, joined by colons", "0 to 1 each", lists=True),
    Control("phases", "Phases of the partials, joined by colons", "0 to 1 each", lists=True),
)

EFFECTS: tuple[Control, ...] = (*_FILTERS, *_EFFECTS, *_SPECTRUM)
"""All of them."""
