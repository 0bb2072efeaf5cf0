"""The description of a loop that is recorded while the music plays, and of what is recorded."""

import re
from collections.abc import Mapping

from plugin_host.instrument_table import COMMON
from plugin_host.parameters import checked_moving
from plugin_host.places import with_place
from plugin_host.specs import Chain, Instrument

__all__ = ["loop_chain", "looped", "source_name"]

_WORD = re.compile(r"[A-Za-z_][\w-]*")


def looped(name: str, source: object = None, **params: object) -> Chain:
    """A loop that is recorded while the music plays; its events play it in phase, or record onto it.

    Args:
        name: What it is called, a word.
        source: What is recorded: `audio_in(1)`, or a layer or bus by its name; nothing, unless given.
        **params: gain, pan, room, delay, duck. A signal moves its parameter.

    Raises:
        HostError: It has no such parameter.
        TypeError: A value of a wrong kind.
        ValueError: A value out of range, or a name that is no word.

    >>> looped("riff", "keys").instrument["source"]
    'keys'
    """
    return loop_chain(name, source_name("looped", source), params)


def loop_chain(name: str, source: str, params: Mapping[str, object]) -> Chain:
    """A loop, with its source as `source_name` gives it.

    Raises:
        HostError: It has no such parameter.
        TypeError: A value of a wrong kind.
        ValueError: A value out of range, or a name that is no word.
    """
    if not isinstance(name, str) or not _WORD.fullmatch(name):  # pyright: ignore[reportUnnecessaryIsInstance] - a musician may write anything
        raise ValueError(f'a loop has a name, a word such as "riff" (got {name!r})')
    values, moves = checked_moving("looped", with_place(COMMON, params), (), params)
    return Chain(Instrument("loop", name, (*values, ("source", source)), moves))


def source_name(what: str, source: object) -> str:
    """What is recorded, in one word: "in:" and inputs, or the name of a layer or bus; "" is nothing.

    Args:
        what: Which function asks, for the message.
        source: What it was given: inputs, a bus, a layer, a name.

    Raises:
        TypeError: It is nothing that can be recorded.

    >>> from plugin_host.specs import audio_in
    >>> source_name("looped", audio_in(1, 2))
    'in:1+2'
    """
    if isinstance(source, Chain):
        kinds = {"input": "in:", "bus": ""}
        if source.instrument.kind in kinds:
            return kinds[source.instrument.kind] + source.instrument.name
        source = f"an instrument, {source.instrument.name}"
    else:
        name = "" if source is None else getattr(source, "name", source)
        if isinstance(name, str):
            return name
    raise TypeError(
        f'{what} records audio_in(1), or a layer or bus such as "keys", by its name (got {source})'
    )
