"""What a sound of the synthesiser is made of."""

from dataclasses import dataclass

__all__ = ["Patch"]


@dataclass(frozen=True, slots=True)
class Patch:
    """A sound of the synthesiser.

    Args:
        wave: "saw", "square", "triangle" or "sine".
        cutoff: The filter at rest, in Hz.
        resonance: How much it sings, 0 to 1.
        env: Octaves by which each note opens it.
        decay: Seconds until it has closed again (to a third).
        attack: Seconds to fade in.
        release: Seconds to fade out.
        sustain: Level that a held note falls to, 0 to 1.
        fall: Seconds in which it falls there (to a third).
        glide: Seconds to slide between overlapping notes; needs voices = 1.
        drive: How hard each voice is driven, 0 to 1.
        sub: Level of a plain sine at the root.
        voices: Notes at once.
        detune: Cents from the middle to the outermost wave.
        spread: Waves in a note, 1 to 7.
        width: How far they stand from each other, 0 to 1.
        vibrato: Semitones.
        motion: Octaves by which the filter drifts.
        follow: How far the filter follows the note, 0 to 1.
        tune: Semitones by which every note is higher.
    """

    wave: str = "saw"
    cutoff: float = 1000.0
    resonance: float = 0.0
    env: float = 0.0
    decay: float = 0.3
    attack: float = 0.003
    release: float = 0.1
    sustain: float = 1.0
    fall: float = 0.3
    glide: float = 0.0
    drive: float = 0.0
    sub: float = 0.0
    voices: int = 8
    detune: float = 0.0
    spread: int = 1
    width: float = 0.0
    vibrato: float = 0.0
    motion: float = 0.0
    follow: float = 0.3
    tune: float = 0.0
