"""How loud a click is: by how much a sound bends more where something is changed than it does by itself."""

import numpy as np

from plugin_host.audio import Audio

__all__ = ["click"]


def click(sound: Audio, begin: int, end: int) -> float:
    """The loudest click within a passage, in dB of the loudest frame; minus infinity for none.

    A jump in level or slope is a second difference far beyond those of the sound itself: it is held against
    the sharpest of what was before and comes after. So there must be no onset in the sound.

    Args:
        sound: Shape (channels, frames); it goes on well before and after the passage.
        begin: The first frame at which anything is other than before.
        end: The frame from which on nothing is changed any more.

    >>> sine = np.sin(np.arange(9000) / 20)[None].astype(np.float32)
    >>> click(sine, 4000, 5000)
    -inf
    >>> round(click(np.where(np.arange(9000) < 4500, sine, sine + 0.1), 4000, 5000))
    -21
    """
    bends = np.abs(np.diff(sound.astype(np.float64), 2, axis=1))
    first = max(begin - 2, 0)
    own = max(float(bends[:, :first].max(initial=0)), float(bends[:, end:].max(initial=0)))
    more = float(bends[:, first:end].max(initial=0)) - own
    peak = float(np.abs(sound).max())
    return float(20 * np.log10(more / peak)) if more > 0 and peak else -np.inf
