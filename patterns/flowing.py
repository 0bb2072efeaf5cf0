"""What is continuous in a pattern, apart from the rest."""

from patterns.combine import stack
from patterns.core import Pattern

__all__ = ["flowing"]


def flowing(pattern: Pattern) -> Pattern:
    """Leave out what can only have onsets, where it is played at once with something continuous.

    A stream is sampled some hundred times a second: the notes beside it need not be asked for each time.

    >>> from patterns.combine import fastcat, pure, signal
    >>> both = stack([fastcat([pure(1), pure(2)]), signal(lambda time, walk: time)])
    >>> len(both.haps(0, 1)), len(flowing(both).haps(0, 1))
    (3, 1)

    Args:
        pattern: What is sampled.
    """
    if not pattern.layers:
        return pattern
    return stack([flowing(layer) for layer in pattern.layers if not layer.discrete])
