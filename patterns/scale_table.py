"""The scales by name: modes turned out of their parents, and those that stand alone."""

from __future__ import annotations

Steps = tuple[int, ...]

# Parent → the names of its modes, from the first degree on; several names of one mode are joined by "=".
_FAMILIES: tuple[tuple[Steps, tuple[str, ...]], ...] = (
    (
        (0, 2, 4, 5, 7, 9, 11),
        ("major=ionian", "dorian", "phrygian", "lydian", "mixolydian=dominant", "minor=aeolian", "locrian"),
    ),
    (
        (0, 2, 3, 5, 7, 9, 11),
        (
            "melodic minor=jazz minor",
            "dorian b2=phrygian #6=melodic minor second mode",
            "lydian augmented",
            "lydian dominant=lydian b7=acoustic",
            "mixolydian b6=hindu=melodic minor fifth mode",
            "locrian #2=half diminished",
            "altered=super locrian=superlocrian=pomeroy",
        ),
    ),
    (
        (0, 2, 3, 5, 7, 8, 11),
        (
            "harmonic minor",
            "locrian 6",
            "ionian augmented=major augmented",
            "dorian #4=ukrainian dorian=romanian minor",
            "phrygian dominant=spanish=hijaz",
            "lydian #9",
            "ultralocrian",
        ),
    ),
    (
        (0, 2, 4, 5, 7, 8, 11),
        ("harmonic major", "", "", "lydian diminished", "mixolydian b2", "", ""),
    ),
    (
        (0, 1, 4, 5, 7, 8, 11),
        (
            "double harmonic=double harmonic major=gypsy=byzantine",
            "",
            "",
            "hungarian minor=gypsy minor",
            "",
            "",
            "",
        ),
    ),
    (
        (0, 2, 4, 7, 9),
        (
            "major pentatonic=pentatonic",
            "egyptian",
            "malkos raga",
            "ritusen",
            "minor pentatonic=vietnamese 2",
        ),
    ),
    ((0, 4, 5, 7, 11), ("ionian pentatonic",)),
    (
        (0, 1, 3, 4, 6, 7, 9, 10),
        (
            "half-whole diminished=half whole=dominant diminished=octatonic",
            "diminished=whole-half diminished=whole half",
        ),
    ),
    ((0, 3, 5, 6, 7, 10), ("blues=minor blues", "major blues")),
)

_ALONE: dict[str, Steps] = {
    "neapolitan minor=balinese": (0, 1, 3, 5, 7, 8, 11),
    "neapolitan major": (0, 1, 3, 5, 7, 9, 11),
    "enigmatic": (0, 1, 4, 6, 8, 10, 11),
    "hungarian major": (0, 3, 4, 6, 7, 9, 10),
    "double harmonic lydian": (0, 1, 4, 6, 7, 8, 11),
    "lydian minor": (0, 2, 4, 6, 7, 8, 10),
    "leading whole tone": (0, 2, 4, 6, 8, 10, 11),
    "locrian major=arabian": (0, 2, 4, 5, 6, 8, 10),
    "oriental": (0, 1, 4, 5, 6, 9, 10),
    "flamenco": (0, 1, 3, 4, 6, 7, 10),
    "persian": (0, 1, 4, 5, 6, 8, 11),
    "todi raga": (0, 1, 3, 6, 7, 8, 11),
    "purvi raga": (0, 1, 4, 5, 6, 7, 8, 11),
    "kafi raga": (0, 3, 4, 5, 7, 9, 10, 11),
    "augmented heptatonic": (0, 3, 4, 5, 7, 8, 11),
    "minor hexatonic": (0, 2, 3, 5, 7, 11),
    "piongio": (0, 2, 5, 7, 9, 10),
    "prometheus": (0, 2, 4, 6, 9, 10),
    "mystery #1": (0, 1, 4, 6, 8, 10),
    "six tone symmetric": (0, 1, 4, 5, 8, 9),
    "augmented": (0, 3, 4, 7, 8, 11),
    "whole tone=wholetone": (0, 2, 4, 6, 8, 10),
    "chromatic": tuple(range(12)),
    "bebop=bebop dominant": (0, 2, 4, 5, 7, 9, 10, 11),
    "bebop major": (0, 2, 4, 5, 7, 8, 9, 11),
    "bebop minor": (0, 2, 3, 4, 5, 7, 9, 10),
    "minor bebop": (0, 2, 3, 5, 7, 8, 10, 11),
    "bebop locrian": (0, 1, 3, 5, 6, 7, 8, 10),
    "spanish heptatonic": (0, 1, 3, 4, 5, 7, 8, 10),
    "ichikosucho": (0, 2, 4, 5, 6, 7, 9, 11),
    "minor six diminished": (0, 2, 3, 5, 7, 8, 9, 11),
    "composite blues": (0, 2, 3, 4, 5, 6, 7, 9, 10),
    # Of five notes: a mode without its second and sixth degree takes the mode's name.
    "mixolydian pentatonic=indian": (0, 4, 5, 7, 10),
    "lydian pentatonic=chinese": (0, 4, 6, 7, 11),
    "lydian dominant pentatonic": (0, 4, 6, 7, 10),
    "lydian #5P pentatonic": (0, 4, 6, 8, 11),
    "whole tone pentatonic": (0, 4, 6, 8, 10),
    "locrian pentatonic": (0, 3, 5, 6, 10),
    "super locrian pentatonic": (0, 3, 4, 6, 10),
    "minor #7M pentatonic": (0, 3, 5, 7, 11),
    "minor six pentatonic": (0, 3, 5, 7, 9),
    "flat three pentatonic=kumoi": (0, 2, 3, 7, 9),
    "flat six pentatonic": (0, 2, 4, 7, 8),
    "vietnamese 1": (0, 3, 5, 7, 8),
    "scriabin": (0, 1, 4, 7, 9),
    "pelog": (0, 1, 3, 7, 8),
    "hirajoshi": (0, 2, 3, 7, 8),
    "kumoijoshi": (0, 1, 5, 7, 8),
    "in-sen=insen=in sen": (0, 1, 5, 7, 10),
    "iwato": (0, 1, 5, 6, 10),
}


def _turned(steps: Steps, degree: int) -> Steps:
    """Begin a scale at another of its degrees.

    >>> _turned((0, 2, 4, 5, 7, 9, 11), 1)
    (0, 2, 3, 5, 7, 9, 10)
    """
    first = steps[degree]
    return tuple(sorted((step - first) % 12 for step in steps))


def _table() -> dict[str, Steps]:
    found: dict[str, Steps] = {}
    for parent, modes in _FAMILIES:
        for degree, names in enumerate(modes):
            for name in names.split("=") if names else ():
                found[name] = _turned(parent, degree)
    for names, steps in _ALONE.items():
        for name in names.split("="):
            found[name] = steps
    return found


SCALES: dict[str, Steps] = _table()
"""Name → steps in semitones above the tonic."""
