"""What can go wrong with instruments, effects and the mixer."""

import difflib
from collections.abc import Iterable

from patterns.errors import SempreError

__all__ = ["HostDied", "HostError", "PluginLoadError", "UnknownEffect", "nearest"]


class HostError(SempreError):
    """Something about an instrument, an effect or the mixer is not as it should be."""


class PluginLoadError(HostError):
    """A plugin could not be loaded."""


class HostDied(HostError):
    """The process that held the sound is gone."""


class UnknownEffect(HostError, AttributeError):
    """There is no effect of that name; also an AttributeError, since `fx.name` looks it up."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Say which known names are like `name`, as the end of a message.

    Args:
        name: What was asked for.
        known: What there is.

    Returns:
        "did you mean 'a' or 'b'?", or the list of all names if nothing is like it.

    >>> nearest("revreb", ["reverb", "delay"])
    "did you mean 'reverb'?"
    >>> nearest("xyz", ["reverb", "delay"])
    'there are: delay, reverb'
    """
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.55)
    if close:
        return "did you mean " + " or ".join(repr(one) for one in close) + "?"
    return "there are: " + ", ".join(names[:40]) + (" …" if len(names) > 40 else "")
