"""The controls of synthesizers: frequency modulation, wavetables, noise."""

from __future__ import annotations

from patterns.control_rows import Control, envelope, modulation, words


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


SYNTHESIS: tuple[Control, ...] = (
    *(row for number in range(1, 9) for row in _operator(number)),
    *_matrix(),
    Control("noise", "How much noise is mixed in", "0 to 1"),
    Control("density", "How dense the crackle of noise is", "0 to 1"),
    Control("pw", "Width of the pulse", "0 to 1", (), ("pwrate", "pwsweep")),
    Control("pwrate", "Speed at which the width of the pulse swings", "Hz"),
    Control("pwsweep", "How far the width of the pulse swings", "0 to 1"),
    Control("wt", "Place in the wavetable", "0 to 1", ("wavetable_position",)),
    Control("wtenv", "Depth of the envelope of the wavetable's place", "-1 to 1"),
    *envelope("wt", "the wavetable's place", ("wtatt", "wtdec", "wtsus", "wtrel")),
    *modulation("wt", "the wavetable's place"),
    Control(
        "wtphaserand",
        "How much the phase of each voice is left to chance",
        "0 to 1",
        ("wavetable_phase_rand",),
    ),
    Control("warp", "How far the wavetable is bent", "0 to 1", ("wavetable_warp",)),
    words("warpmode", "How the wavetable is bent: asym, mirror, bendp and others", "wavetable_warp_mode"),
    Control("warpenv", "Depth of the envelope of the wavetable's bend", "-1 to 1"),
    *envelope("warp", "the wavetable's bend", ("warpatt", "warpdec", "warpsus", "warprel")),
    *modulation("warp", "the wavetable's bend"),
    words("byte_beat_expression", "Formula of a byte beat, of t: write it in pure(...)", "bbexpr"),
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
"""All of them."""
