"""The controls of a sound: which it is, how loud and long, where, how high."""

from __future__ import annotations

from patterns.control_rows import Control, words

_SOUND = (
    words("s", "Sound: a sample, drum or synth", "sound", spreads=("n", "gain"), example='s("bd sd:3")'),
    words("note", "Note: a name or a number", spreads=("n",), example='note("c3 eb3 60")'),
    Control(
        "n",
        "Number of the sample, or degree of the scale",
        numeric=False,
        example='n("0 2 4").scale("C:minor")',
        lists=True,
    ),
    Control("freq", "Frequency", "Hz, above 0", example="freq(440)"),
    words("bank", "Bank of samples", example='s("bd").bank("tr909")'),
    words("source", "Name of a source of sound, for instruments that have several", "src"),
    words("chord", "Chord by name, for voicing", example='chord("<C Am7>").voicing()'),
    words(
        "dictionary",
        "Dictionary of voicings",
        "dict",
        example='chord("C^7").dictionary("lefthand").voicing()',
    ),
    words("anchor", "Note that the voicing keeps near", example='chord("C").anchor("c5").voicing()'),
    words(
        "mode",
        "How the voicing meets its anchor: below, duck, above or root",
        spreads=("anchor",),
        example='chord("C").mode("above:c4").voicing()',
    ),
    Control("offset", "How many positions further up the voicing lies", "whole number"),
    Control("octaves", "Octaves by which n moves when it has gone through the voicing", "1 and more"),
    words("unit", "Unit of speed: r for rate, c for cycles, s for seconds"),
    words("vowel", "Vowel of the formant filter: a e i o u", example='s("saw").vowel("<a e i>")'),
    words("color", "Colour in which the event is drawn", "colour", example='s("bd").color("red")'),
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
    Control(
        "azim",
        "Where in the room the sound is, around the listener",
        "degrees, 0 in front, 90 left, -90 right",
        example='s("hh*8").azim(saw.range(-180, 180))',
        strudel="",
    ),
    Control("elev", "How high it is", "-90 to 90 degrees, 90 is overhead", strudel=""),
    Control("distance", "How far it is", "0 to 100, 1 as the loudspeakers", strudel=""),
    Control("x", "How far to the right it is", "-100 to 100, 1 as the loudspeakers", strudel="", alone=False),
    Control("y", "How far in front it is, behind if negative", "-100 to 100", strudel="", alone=False),
    Control("z", "How far above the ears it is", "-100 to 100", strudel="", alone=False),
    Control("lfe", "How much goes to the LFE, the loudspeaker of the lowest sounds", "0 to 1", strudel=""),
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

SOUNDS: tuple[Control, ...] = (*_SOUND, *_LOUDNESS, *_PLACE, *_SAMPLES, *_PITCH)
"""All of them, in the order of the reference."""
