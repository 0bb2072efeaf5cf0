"""The table of controls: names, aliases, ranges and units; a new control is a new row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Control:
    """One control.

    Args:
        name: How it is called.
        doc: What it does, without a full stop.
        range: Range and unit, for people.
        aliases: Other names for the same key.
        spreads: Keys of the further values of a list such as `bd:3`.
        numeric: Whether its value must be a number.
        example: How to write it.
        strudel: Strudel's name where it is not ours in camel case; empty if it has none.
        key: The key in an event, where it is not the name in camel case.
        lists: Whether a list such as `1:0:.5` is one value.
        fill: What a value missing from a list becomes: "" leaves it out, "first" repeats the first.
        preset: Keys and values that are set as well, unless the list says otherwise.
    """

    name: str
    doc: str
    range: str = ""
    aliases: tuple[str, ...] = ()
    spreads: tuple[str, ...] = ()
    numeric: bool = True
    example: str = ""
    strudel: str | None = None
    key: str = ""
    lists: bool = False
    fill: str = ""
    preset: tuple[tuple[str, Any], ...] = ()


def _words(name: str, doc: str, *aliases: str, spreads: tuple[str, ...] = (), example: str = "") -> Control:
    """Describe a control whose value may be a word."""
    return Control(name, doc, "", aliases, spreads, numeric=False, example=example)


_SOUND = (
    _words("s", "Sound: a sample, drum or synth", "sound", spreads=("n", "gain"), example='s("bd sd:3")'),
    _words("note", "Note: a name or a number", spreads=("n",), example='note("c3 eb3 60")'),
    Control(
        "n",
        "Number of the sample, or degree of the scale",
        numeric=False,
        example='n("0 2 4").scale("C:minor")',
        lists=True,
    ),
    Control("freq", "Frequency", "Hz, above 0", example="freq(440)"),
    _words("bank", "Bank of samples", example='s("bd").bank("tr909")'),
    _words("source", "Name of a source of sound, for instruments that have several", "src"),
    _words("chord", "Chord by name, for voicing", example='chord("<C Am7>").voicing()'),
    _words(
        "dictionary",
        "Dictionary of voicings",
        "dict",
        example='chord("C^7").dictionary("lefthand").voicing()',
    ),
    _words("anchor", "Note that the voicing keeps near", example='chord("C").anchor("c5").voicing()'),
    _words(
        "mode",
        "How the voicing meets its anchor: below, duck, above or root",
        spreads=("anchor",),
        example='chord("C").mode("above:c4").voicing()',
    ),
    Control("offset", "How many positions further up the voicing lies", "whole number"),
    Control("octaves", "Octaves by which n moves when it has gone through the voicing", "1 and more"),
    _words("unit", "Unit of speed: r for rate, c for cycles, s for seconds"),
    _words("vowel", "Vowel of the formant filter: a e i o u", example='s("saw").vowel("<a e i>")'),
    _words("color", "Colour in which the event is drawn", "colour", example='s("bd").color("red")'),
)

_LOUDNESS = (
    Control("gain", "Loudness", "0 and more, 1 is unchanged", example='s("hh*4").gain("1 .5")'),
    Control("velocity", "How hard the note is struck", "0 to 1", ("vel",), example='note("c").velocity(.5)'),
    Control("postgain", "Loudness after the effects", "0 and more"),
    Control("amp", "Loudness in SuperDirt, linear", "0 and more"),
    Control("overgain", "Loudness added to gain in SuperDirt", "0 and more"),
    Control("overshape", "Distortion added to shape in SuperDirt", "0 up to but not 1"),
    Control("busgain", "Loudness of what goes to the bus", "0 and more", ("bgain",)),
    Control("bus", "Bus that the sound is sent to", "0, 1, 2, …"),
    Control("accelerate", "Change of pitch while it sounds", "octaves a cycle"),
    Control(
        "legato",
        "Length as a part of the event's",
        "0 and more",
        ("clip",),
        example='note("c e").legato(.5)',
        key="clip",
    ),
    Control("duration", "Length", "cycles", ("dur",)),
    Control("sustain", "Length, or level held by the envelope", "seconds, or 0 to 1", ("sus",)),
    Control("hold", "Time held before the decay", "seconds"),
    Control("attack", "Time to full loudness", "seconds", ("att",), example='note("c").attack(.1)'),
    Control("decay", "Time to the held level", "seconds", ("dec",)),
    Control("release", "Time to silence after the end", "seconds", ("rel",)),
    Control(
        "adsr",
        "Attack, decay, level held and release, joined by colons",
        "seconds, 0 to 1 the level",
        spreads=("decay", "sustain", "release"),
        example='note("c").adsr(".1:.2:.5:.3")',
        key="attack",
    ),
    Control("ad", "Attack and decay", "seconds", spreads=("decay",), key="attack", fill="first"),
    Control(
        "ds",
        "Decay and level held, 0 if none is given",
        "seconds, 0 to 1",
        spreads=("sustain",),
        key="decay",
        preset=(("sustain", 0),),
    ),
    Control("ar", "Attack and release", "seconds", spreads=("release",), key="attack", fill="first"),
    Control("gate", "Time that a gated envelope is held", "0 or 1, or seconds", ("gat",)),
    Control("nudge", "Later, or earlier if negative", "seconds"),
    Control("fade_time", "Time of the fade at the end, and at the beginning", "seconds", ("fade_out_time",)),
    Control("fade_in_time", "Time of the fade at the beginning", "seconds"),
    Control("cps", "Tempo that the sound is told", "cycles a second, above 0"),
    Control("lock", "Whether times of the delay are in cycles", "0 or 1"),
)

_PLACE = (
    Control("pan", "Place between left and right", "0 to 1, .5 is the middle", example='s("hh*4").pan(sine)'),
    Control(
        "panspan", "How far the channels are spread, among several", "-inf to inf, 1 is the whole circle"
    ),
    Control("pansplay", "How far the channels spread from one another", "-1 to 1"),
    Control("panwidth", "How many channels share a sound", "1 and more"),
    Control("panorient", "Where the circle of channels begins", "-1 to 1"),
    Control("panchor", "Middle around which the channels are spread", "0 to 1"),
    Control("orbit", "Group of effects", "0, 1, 2, …", ("o",)),
    Control("channels", "Channels of the output that sound", "1, 2, …, several as 1:2", ("ch",), lists=True),
    Control("channel", "MIDI channel, or channel of the output", "1 to 16"),
    Control("cut", "Group in which each sound ends the one before", "0, 1, 2, …"),
    Control("spread", "How far the voices of the sound are apart, left to right", "0 to 1"),
)

_SAMPLES = (
    Control("speed", "Speed of the sample", "1 is its own, -1 backwards", example='s("bd").speed("1 -1")'),
    Control("begin", "Where the sample begins", "0 to 1"),
    Control("end", "Where the sample ends", "0 to 1"),
    Control("loop", "Whether the sample loops", "0 or 1"),
    Control("loop_begin", "Where the loop begins", "0 to 1", ("loopb",)),
    Control("loop_end", "Where the loop ends", "0 to 1", ("loope",)),
    Control("squiz", "Raise by squeezing", "1 and more"),
    Control("stretch", "Stretch without changing the pitch", "factor"),
    Control("waveloss", "How many of a hundred waves are left out", "0 to 100"),
)

_PITCH = (
    Control("octave", "Octave", "3 is the one of middle C", ("oct",)),
    Control("octave_r", "Octave of a degree, relative", "whole number"),
    Control("degree", "Degree of the instrument's own scale", "0 is its tonic"),
    Control("mtranspose", "Steps of the scale, in the instrument", "degrees"),
    Control("ctranspose", "Transposition, in the instrument", "semitones"),
    Control("harmonic", "Which partial of the note sounds", "1 and more"),
    Control("steps_per_octave", "Steps that an octave is divided in", "1 and more, 12 is usual"),
    Control("semitone", "Transposition by semitones", "semitones"),
    Control("detune", "Out of tune", "semitones", ("det",)),
    Control("unison", "How many voices sound as one", "1 and more"),
    Control("voice", "Which voice of a synth, or its character", "0 to 1"),
    Control("slide", "How far the pitch slides while it sounds", "factor, 0 is none"),
    Control("delta_slide", "How fast the slide changes", "factor"),
    Control("pitch_jump", "How far the pitch jumps while it sounds", "Hz"),
    Control("pitch_jump_time", "When the pitch jumps", "seconds"),
    Control("penv", "Depth of the pitch envelope", "semitones"),
    Control("pattack", "Attack of the pitch envelope", "seconds", ("patt",)),
    Control("pdecay", "Decay of the pitch envelope", "seconds", ("pdec",)),
    Control("psustain", "Level held by the pitch envelope", "0 to 1", ("psus",)),
    Control("prelease", "Release of the pitch envelope", "seconds", ("prel",)),
    Control("pcurve", "Curve of the pitch envelope", "0 straight, 1 exponential"),
    Control("vib", "Speed of the vibrato", "Hz", ("vibrato", "v"), ("vibmod",)),
    Control("vibmod", "Depth of the vibrato", "semitones", ("vmod",), ("vib",)),
    Control("glide", "Time to slide from the note before", "seconds", strudel=""),
)


def _modulation(short: str, what: str) -> tuple[Control, ...]:
    """The family that moves a filter's or wavetable's parameter, by rule."""
    return (
        Control(f"{short}rate", f"Speed at which {what} swings", "Hz"),
        Control(f"{short}sync", f"Speed at which {what} swings", "times a cycle"),
        Control(f"{short}depth", f"How far {what} swings", "0 and more"),
        Control(f"{short}shape", f"Shape in which {what} swings", "0 and more: tri, sine, ramp, saw, square"),
        Control(f"{short}dc", f"Middle around which {what} swings", "-1 to 1"),
        Control(f"{short}skew", f"How uneven {what} swings", "0 to 1, .5 is even"),
    )


def _envelope(short: str, what: str, aliases: tuple[str, str, str, str]) -> tuple[Control, ...]:
    """The four times and levels of an envelope, by rule."""
    attack, decay, sustain, release = aliases
    return (
        Control(f"{short}attack", f"Attack of {what}", "seconds", (attack,)),
        Control(f"{short}decay", f"Decay of {what}", "seconds", (decay,)),
        Control(f"{short}sustain", f"Level held by {what}", "0 to 1", (sustain,)),
        Control(f"{short}release", f"Release of {what}", "seconds", (release,)),
    )


def _filter(short: str, kind: str) -> tuple[Control, ...]:
    letters = tuple(f"{short}{letter}" for letter in "adsr")
    envelope = f"the {kind} envelope"
    return (
        Control(f"{short}env", f"Depth of {envelope}", "octaves", (f"{short}e",)),
        *_envelope(short, envelope, (letters[0], letters[1], letters[2], letters[3])),
        *_modulation(short, f"the {kind} filter"),
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
    _words("ftype", "Kind of the filters: 12db, 24db or ladder, or 0, 1, 2"),
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
    _words("distorttype", "Kind of distortion: soft, hard, cubic, diode and others", "disttype"),
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
    _words("tremoloshape", "Shape of the tremolo: tri, sine, square, saw or ramp", "tremshape"),
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


def _operator(number: int) -> tuple[Control, ...]:
    """One operator of the frequency modulation, by rule; the first has no number in its keys."""
    own = "" if number == 1 else str(number)
    also = (str(number),) if number == 1 else ()
    which = "" if number == 1 else f" of operator {number}"

    def aliases(*stems: str) -> tuple[str, ...]:
        plain = tuple(f"{stem}{own}" for stem in stems[1:])
        return plain + tuple(f"{stem}{digit}" for stem in stems for digit in also)

    return (
        Control(
            f"fm{own}",
            f"Depth of the frequency modulation{which}",
            "index",
            (f"fmi{own}", *(f"{stem}{digit}" for stem in ("fm", "fmi") for digit in also)),
            (f"fmh{own}",),
            key=f"fmi{own}",
        ),
        Control(f"fmh{own}", f"Ratio of the modulator{which}", "factor", aliases("fmh"), (f"fmi{own}",)),
        Control(
            f"fmattack{own}", f"Attack of the modulation{which}", "seconds", aliases("fmattack", "fmatt")
        ),
        Control(f"fmdecay{own}", f"Decay of the modulation{which}", "seconds", aliases("fmdecay", "fmdec")),
        Control(
            f"fmsustain{own}", f"Level held by the modulation{which}", "0 to 1", aliases("fmsustain", "fmsus")
        ),
        Control(
            f"fmrelease{own}", f"Release of the modulation{which}", "seconds", aliases("fmrelease", "fmrel")
        ),
        Control(
            f"fmenv{own}",
            f"Curve of the modulation's envelope{which}",
            "lin or exp",
            aliases("fmenv"),
            numeric=False,
        ),
        Control(
            f"fmwave{own}",
            f"Wave of the modulator{which}",
            "sine and so on",
            aliases("fmwave"),
            numeric=False,
        ),
    )


def _matrix() -> tuple[Control, ...]:
    """How far each operator moves each other one, 0 being the tone itself."""
    return tuple(
        Control(
            f"fmi{one}{other}",
            f"How far operator {one} moves operator {other}, 0 being the tone itself",
            "index",
            (f"fm{one}{other}",),
        )
        for one in range(9)
        for other in range(9)
    )


_SYNTHESIS = (
    *(row for number in range(1, 9) for row in _operator(number)),
    *_matrix(),
    Control("noise", "How much noise is mixed in", "0 to 1"),
    Control("density", "How dense the crackle of noise is", "0 to 1"),
    Control("pw", "Width of the pulse", "0 to 1", (), ("pwrate", "pwsweep")),
    Control("pwrate", "Speed at which the width of the pulse swings", "Hz"),
    Control("pwsweep", "How far the width of the pulse swings", "0 to 1"),
    Control("wt", "Place in the wavetable", "0 to 1", ("wavetable_position",)),
    Control("wtenv", "Depth of the envelope of the wavetable's place", "-1 to 1"),
    *_envelope("wt", "the wavetable's place", ("wtatt", "wtdec", "wtsus", "wtrel")),
    *_modulation("wt", "the wavetable's place"),
    Control(
        "wtphaserand",
        "How much the phase of each voice is left to chance",
        "0 to 1",
        ("wavetable_phase_rand",),
    ),
    Control("warp", "How far the wavetable is bent", "0 to 1", ("wavetable_warp",)),
    _words("warpmode", "How the wavetable is bent: asym, mirror, bendp and others", "wavetable_warp_mode"),
    Control("warpenv", "Depth of the envelope of the wavetable's bend", "-1 to 1"),
    *_envelope("warp", "the wavetable's bend", ("warpatt", "warpdec", "warpsus", "warprel")),
    *_modulation("warp", "the wavetable's bend"),
    _words("byte_beat_expression", "Formula of a byte beat, of t: write it in pure(...)", "bbexpr"),
    Control("byte_beat_start_time", "Time at which the byte beat begins", "samples", ("bbst",)),
    Control("curve", "Curve of the tone's pitch in a tiny synth", "0 square, 1 sine, 2 tangent"),
    Control("zrand", "Chance in a tiny synth's pitch", "0 to 1"),
    Control("znoise", "Noise in a tiny synth", "0 and more"),
    Control("zmod", "Speed at which a tiny synth's pitch swings", "Hz"),
    Control("zcrush", "Bits that a tiny synth loses", "0 and more"),
    Control("zdelay", "Time of a tiny synth's delay", "seconds"),
    Control("zzfx", "The twenty numbers of a tiny synth, joined by colons", "numbers", lists=True),
    Control("expression", "Expression of the instrument", "0 to 1"),
    Control("sustainpedal", "Pedal that holds the notes", "0 or 1"),
)

_MIDI = (
    Control("ccn", "Number of the MIDI controller", "0 to 127", example="ccn(74).ccv(sine.segment(16))"),
    Control("ccv", "Value of the MIDI controller", "0 to 1"),
    Control(
        "control",
        "Number and value of a MIDI controller, joined by a colon",
        "0 to 127, 0 to 1",
        spreads=("ccv",),
        example='control("74:.5")',
        key="ccn",
    ),
    Control("nrpnn", "Number of the NRPN, as two bytes", "0 to 127 each, such as 1:8", lists=True),
    Control("nrpv", "Value of the NRPN", "0 to 127"),
    Control("prog", "MIDI program", "0 to 127", ("prog_num",), key="progNum", strudel=""),
    Control("bend", "Pitch bend", "-1 to 1", ("midibend",), key="midibend", strudel=""),
    Control("touch", "Channel pressure", "0 to 1", ("miditouch",), key="miditouch", strudel=""),
    Control("poly_touch", "Pressure of the note's key, or of another as key:value", "0 to 1", lists=True),
    Control("timbre", "MIDI controller 74, in MPE of one note", "0 to 1", strudel=""),
    Control("release_velocity", "How fast the key is left", "0 to 1", ("relvel",), strudel=""),
    Control(
        "midibank", "MIDI bank, before its program", "0 to 16383, or two bytes as 0:3", lists=True, strudel=""
    ),
    _words("sysexraw", "System message in hexadecimal", example='sysexraw(pure("f0 7d 01 f7"))'),
    Control("midichan", "MIDI channel", "1 to 16"),
    _words("midiport", "MIDI port by name or number"),
    _words("midicmd", "MIDI command: clock, start, stop, continue and so on"),
    _words("midimap", "Name of a map from controls to MIDI controllers"),
    Control("ctl_num", "Number of a MIDI controller, in SuperDirt", "0 to 127"),
    Control("song_ptr", "Place in the song", "sixteenths"),
    Control(
        "sysex",
        "Maker and data of a system message, joined by a colon",
        "bytes",
        spreads=("sysexdata",),
        key="sysexid",
        lists=False,
    ),
    Control("sysexid", "Maker of a system message", "0 to 127, or three bytes", lists=True),
    Control("sysexdata", "Data of a system message, joined by colons", "0 to 127 each", lists=True),
    Control("frame_rate", "Frames a second of MIDI time code", "24, 25, 29.97 or 30"),
    Control("frames", "Frame of MIDI time code", "0 and more"),
    Control("seconds", "Second of MIDI time code", "0 to 59"),
    Control("minutes", "Minute of MIDI time code", "0 to 59"),
    Control("hours", "Hour of MIDI time code", "0 to 23"),
    _words("oschost", "Host that OSC goes to"),
    Control("oscport", "Port that OSC goes to", "1 to 65535"),
    _words("uid", "Number or name that a device knows the sound by"),
    _words("val", "A value for a device of your own"),
)

TABLE: tuple[Control, ...] = (
    *_SOUND,
    *_LOUDNESS,
    *_PLACE,
    *_SAMPLES,
    *_PITCH,
    *_FILTERS,
    *_EFFECTS,
    *_SPECTRUM,
    *_SYNTHESIS,
    *_MIDI,
)


def key_of(control: Control) -> str:
    """Give the key of a control in an event: Strudel's spelling, which is what goes out by OSC.

    >>> [key_of(control) for control in TABLE if control.name in {"gain", "legato", "loop_begin"}]
    ['gain', 'clip', 'loopBegin']
    """
    head, *rest = control.name.split("_")
    return control.key or head + "".join(part.capitalize() for part in rest)


KEYS: dict[str, str] = {
    name: key_of(control) for control in TABLE for name in (control.name, *control.aliases)
}
"""Every name of a control → its key in an event."""


def with_keys(controls: Mapping[str, Any]) -> dict[str, Any]:
    """Write a dict of controls with the keys that events have: whoever writes one writes names.

    >>> with_keys({"legato": 0.5, "hpf": 300, "mine": 1})
    {'clip': 0.5, 'hcutoff': 300, 'mine': 1}
    """
    return {KEYS.get(name, name): value for name, value in controls.items()}
