"""The table of controls: names, aliases, ranges and units; a new control is a new row."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Control:
    """One control.

    Args:
        name: The key in an event.
        doc: What it does, without a full stop.
        range: Range and unit, for people.
        aliases: Other names for the same key.
        spreads: Keys of the further values of a list such as `bd:3`.
        numeric: Whether its value must be a number.
        example: How to write it.
        strudel: Strudel's name where it is not ours in camel case; empty if it has none.
    """

    name: str
    doc: str
    range: str = ""
    aliases: tuple[str, ...] = ()
    spreads: tuple[str, ...] = ()
    numeric: bool = True
    example: str = ""
    strudel: str | None = None


def _words(name: str, doc: str, *aliases: str, spreads: tuple[str, ...] = (), example: str = "") -> Control:
    """Describe a control whose value may be a word."""
    return Control(name, doc, "", aliases, spreads, numeric=False, example=example)


TABLE: tuple[Control, ...] = (
    # --- what sounds ---
    _words("s", "Sound: a sample, drum or synth", "sound", spreads=("n", "gain"), example='s("bd sd:3")'),
    _words("note", "Note: a name or a number", spreads=("n",), example='note("c3 eb3 60")'),
    _words("n", "Number of the sample, or degree of the scale", example='n("0 2 4").scale("C:minor")'),
    Control("freq", "Frequency", "Hz, above 0", example="freq(440)"),
    _words("bank", "Bank of samples", example='s("bd").bank("tr909")'),
    _words("chord", "Chord by name, for voicing", example='chord("<C Am7>").voicing()'),
    _words("dictionary", "Dictionary of voicings", "dict"),
    _words("anchor", "Note that the voicing keeps near", example='chord("C").anchor("c5").voicing()'),
    _words("mode", "How the voicing meets its anchor: below, duck, above or root"),
    _words("unit", "Unit of speed: r for rate, c for cycles, s for seconds"),
    _words("vowel", "Vowel of the formant filter: a e i o u", example='s("saw").vowel("<a e i>")'),
    # --- how loud, how long ---
    Control("gain", "Loudness", "0 and more, 1 is unchanged", example='s("hh*4").gain("1 .5")'),
    Control("velocity", "How hard the note is struck", "0 to 1", ("vel",), example='note("c").velocity(.5)'),
    Control("postgain", "Loudness after the effects", "0 and more"),
    Control("accelerate", "Change of pitch while it sounds", "octaves a cycle"),
    Control(
        "legato", "Length as a part of the event's", "0 and more", ("clip",), example='note("c e").legato(.5)'
    ),
    Control("duration", "Length", "cycles", ("dur",)),
    Control("sustain", "Length, or level held by the envelope", "seconds, or 0 to 1", ("sus",)),
    Control("hold", "Time held before the decay", "seconds"),
    Control("attack", "Time to full loudness", "seconds", ("att",), example='note("c").attack(.1)'),
    Control("decay", "Time to the held level", "seconds", ("dec",)),
    Control("release", "Time to silence after the end", "seconds", ("rel",)),
    Control("nudge", "Later, or earlier if negative", "seconds"),
    # --- where ---
    Control("pan", "Place between left and right", "0 to 1, .5 is the middle", example='s("hh*4").pan(sine)'),
    Control("orbit", "Group of effects", "0, 1, 2, …", ("o",)),
    Control("channel", "MIDI channel", "1 to 16"),
    Control("cut", "Group in which each sound ends the one before", "0, 1, 2, …"),
    # --- samples ---
    Control("speed", "Speed of the sample", "1 is its own, -1 backwards", example='s("bd").speed("1 -1")'),
    Control("begin", "Where the sample begins", "0 to 1"),
    Control("end", "Where the sample ends", "0 to 1"),
    Control("loop", "Whether the sample loops", "0 or 1"),
    Control("loop_begin", "Where the loop begins", "0 to 1", ("loopb",)),
    Control("loop_end", "Where the loop ends", "0 to 1", ("loope",)),
    Control("squiz", "Raise by squeezing", "1 and more"),
    Control("stretch", "Stretch without changing the pitch", "factor"),
    # --- pitch ---
    Control("octave", "Octave", "3 is the one of middle C", ("oct",)),
    Control("detune", "Out of tune", "semitones", ("det",)),
    Control("penv", "Depth of the pitch envelope", "semitones"),
    Control("vib", "Speed of the vibrato", "Hz", ("vibrato",), ("vibmod",)),
    Control("vibmod", "Depth of the vibrato", "semitones", ("vmod",)),
    Control("glide", "Time to slide from the note before", "seconds", strudel=""),
    # --- filters ---
    Control(
        "cutoff",
        "Frequency of the low-pass filter",
        "Hz",
        ("lpf", "lp", "ctf"),
        ("resonance",),
        example='s("saw").cutoff(sine.range(200, 4000))',
    ),
    Control("resonance", "Resonance of the low-pass filter", "0 to 1, or Q", ("lpq",)),
    Control("lpenv", "Depth of the low-pass envelope", "octaves"),
    Control("lpattack", "Attack of the low-pass envelope", "seconds", ("lpa",)),
    Control("lpdecay", "Decay of the low-pass envelope", "seconds", ("lpd",)),
    Control("lpsustain", "Level held by the low-pass envelope", "0 to 1", ("lps",)),
    Control("lprelease", "Release of the low-pass envelope", "seconds", ("lpr",)),
    Control("hpf", "Frequency of the high-pass filter", "Hz", ("hp", "hcutoff"), ("hresonance",)),
    Control("hresonance", "Resonance of the high-pass filter", "0 to 1, or Q", ("hpq",)),
    Control("bpf", "Frequency of the band-pass filter", "Hz", ("bp", "bandf"), ("bandq",)),
    Control("bandq", "Resonance of the band-pass filter", "Q", ("bpq",)),
    Control("djf", "One knob for low-pass (below .5) and high-pass (above)", "0 to 1"),
    # --- effects ---
    Control("room", "How much goes to the reverb", "0 to 1", (), ("size",), example='s("cp").room(.4)'),
    Control("size", "Size of the room", "0 to 1", ("roomsize", "sz")),
    Control("dry", "How much stays dry", "0 to 1"),
    Control("delay", "How much goes to the delay", "0 to 1", (), ("delaytime", "delayfeedback")),
    Control("delaytime", "Time of the delay", "seconds", ("delayt", "dt")),
    Control("delayfeedback", "How much the delay repeats", "0 up to but not 1", ("delayfb", "dfb")),
    Control("crush", "Number of bits", "1 to 16, 16 is clean"),
    Control("coarse", "Samples held, for a lower sample rate", "1 and more"),
    Control("shape", "Soft distortion", "0 up to but not 1"),
    Control("distort", "Distortion", "0 and more", ("dist",)),
    Control("phaser", "Speed of the phaser", "Hz", ("ph",), ("phaserdepth",)),
    Control("phaserdepth", "Depth of the phaser", "0 to 1", ("phd",)),
    Control("chorus", "Depth of the chorus", "0 to 1"),
    Control("tremolo", "Speed of the tremolo", "Hz", ("trem",)),
    Control("tremolodepth", "Depth of the tremolo", "0 to 1", ("tremdepth",)),
    Control("compressor", "Threshold of the compressor", "dB"),
    Control("fm", "Depth of the frequency modulation", "index", ("fmi",)),
    Control("fmh", "Ratio of the modulator", "factor"),
    Control("noise", "How much noise is mixed in", "0 to 1"),
    Control("duck", "Orbit that this one pushes down", "0, 1, 2, …", ("duckorbit",)),
    # --- MIDI ---
    Control("ccn", "Number of the MIDI controller", "0 to 127", example="ccn(74).ccv(sine.segment(16))"),
    Control("ccv", "Value of the MIDI controller", "0 to 1"),
    Control("prog", "MIDI program", "0 to 127", ("prog_num",), strudel=""),
    Control("bend", "Pitch bend", "-1 to 1", ("midibend",), strudel=""),
    Control("touch", "Channel pressure", "0 to 1", ("miditouch",), strudel=""),
)
