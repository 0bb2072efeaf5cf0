"""An effect of our own in a row of effects: its parameters as they move, frame by frame."""

from plugin_host.audio import Audio
from plugin_host.ducker import Ducker
from plugin_host.limiting import Limiting
from plugin_host.motion import Moving, values_at
from plugin_host.parameters import Parameter
from plugin_host.shapers import SHAPERS, Shaper
from plugin_host.specs import Effect
from plugin_host.timed_echo import TimedEcho

__all__ = ["Shaped"]


class Shaped:
    """An effect of our own: each frame has the values that hold there.

    Args:
        effect: Which.
        rate: Frames a second.
    """

    def __init__(self, effect: Effect, rate: int) -> None:
        self.shaper: Shaper = SHAPERS[effect.name](rate)
        self._values: dict[str, Audio | float] = {
            name: value for name, value in effect.values if not isinstance(value, str)
        }
        self._moving: dict[str, tuple[Parameter, Moving]] = {}

    @property
    def latency(self) -> int:
        """Frames by which it is late."""
        return self.shaper.latency if isinstance(self.shaper, Limiting) else 0

    def keep_time(self, cps: float) -> None:
        """Know the tempo, in cycles a second, if it goes by it."""
        if isinstance(self.shaper, TimedEcho):
            self.shaper.keep_time(cps)

    def moving(self, number: int, parameter: Parameter) -> Moving:
        """Where a parameter is."""
        del number
        found = self._moving.get(parameter.name)
        if found is None:
            begins = parameter.position(float(self._values[parameter.name]))
            found = self._moving[parameter.name] = (parameter, Moving(begins))
        return found[1]

    @property
    def moves(self) -> bool:
        """Whether anything has moved yet, or may do so by itself, as what follows the tempo."""
        return bool(self._moving) or isinstance(self.shaper, TimedEcho)

    def process(self, sound: Audio) -> Audio:
        """The next block."""
        for name, (parameter, moving) in self._moving.items():
            values = moving.block(sound.shape[1])
            self._values[name] = (
                parameter.at(moving.value) if values is None else values_at(parameter, values)
            )
        return self.shaper.process(sound, self._values)

    def rest(self, frames: int) -> None:
        """Let what moves get on by a block in which nothing is to be heard."""
        for name, (parameter, moving) in self._moving.items():
            if moving.block(frames) is not None:
                self._values[name] = parameter.at(moving.value)
        if isinstance(self.shaper, Ducker):
            self.shaper.follow(frames, self._values)

    def renew(self) -> None:
        """Forget everything that still rings."""
        self.shaper.renew()
