"""What plays a chain: voices of our own, a plugin, or what others give to a bus."""

from collections.abc import Callable

from plugin_host.bank import Bank
from plugin_host.inlet import Inlet
from plugin_host.instrument_table import COMMON
from plugin_host.instruments import bank_of
from plugin_host.intake import Inputs
from plugin_host.plugin_bank import PluginBank, plugin_bank
from plugin_host.plugin_link import PluginSetup
from plugin_host.samples import Library
from plugin_host.specs import Instrument

__all__ = ["kind_of", "player", "standing"]


def player(
    instrument: Instrument,
    rate: int,
    block: int,
    library: Library,
    plugins: PluginSetup,
    inputs: Inputs | None,
    report: Callable[[str], None],
) -> Bank | PluginBank:
    """Build what plays an instrument; takes as long as a plugin takes to load.

    Args:
        instrument: Which one; of a bus there is only what others give.
        rate: Frames a second.
        block: Frames in a block.
        library: The musician's samples.
        plugins: How plugins are played.
        inputs: What comes in; nothing, unless given.
        report: Takes a line about what could not be played.

    Raises:
        HostError: Its plugin or its sounds are not there, or cannot be loaded.
    """
    if instrument.kind == "bus":
        return Inlet(instrument.name, rate, block, report)
    if instrument.kind == "vst3":
        return plugin_bank(instrument, rate, block, plugins, report)
    return bank_of(instrument, rate, library, report, inputs or Inputs(block))


def kind_of(instrument: Instrument) -> str:
    """The name by which an instrument's loudness is known."""
    return instrument.name if instrument.kind == "builtin" else instrument.kind


def standing(instrument: Instrument) -> dict[str, float]:
    """How an instrument stands in the mix, and its other numbers.

    A plugin's parameters are its own: how it stands in the mix is said by effects and events.
    """
    if instrument.kind == "vst3":
        return {one.name: float(one.default) for one in COMMON}
    return {name: one for name, one in instrument.values if isinstance(one, float)}
