"""The parameters of a plugin, each of which is looked into only when somebody asks what it may be.

As it loads a plugin, pedalboard asks each parameter a thousand times for its text, and looks each up by its
name, which takes 10 ms where there are 2,000 of them: more than 20 s in all. Most are never named.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, cast

from pedalboard import _pedalboard as names

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["Handle", "UnreadParameter", "parameters_of"]

READ = frozenset(
    {
        *("ranges", "min_value", "max_value", "step_size", "approximate_step_size", "type"),
        *("valid_values", "range", "_value_to_raw_value_ranges"),
    }
)
"""What the library finds out by asking for a thousand texts."""


class Handle(Protocol):
    """A parameter of a plugin as the library itself has it."""

    name: str
    raw_value: float


class _Inside(Protocol):
    """What a plugin of the library's has and its stubs do not tell."""

    _parameters: list[Handle]


class UnreadParameter(names.AudioProcessorParameter):
    """A parameter that is asked for its range when that is needed for the first time.

    Args:
        plugin: Whose it is.
        handle: It, as the library has it; good until the plugin takes a state.
        python_name: What it is called in Python.
    """

    def __init__(self, plugin: object, handle: Handle, python_name: str) -> None:
        # Past the class that we inherit from, which would set an attribute of the plugin's parameter.
        self.__dict__.update(
            name=handle.name, python_name=python_name, _handle=handle, _plugin=plugin, _unread=True
        )

    def rebind(self, handle: Handle) -> None:
        """Go on with another handle of the same parameter."""
        self.__dict__["_handle"] = handle

    def __getattr__(self, name: str) -> object:
        if name in READ and self.__dict__.get("_unread"):
            self.__dict__["_unread"] = False
            super().__init__(self.__dict__["_plugin"], self.__dict__["name"])
            return getattr(self, name)
        return super().__getattr__(name)

    @contextmanager
    def _AudioProcessorParameter__get_cpp_parameter(self) -> Generator[Handle]:  # noqa: N802 - the library's name for it
        yield self.__dict__["_handle"]


def handles_of(plugin: object) -> list[Handle]:
    """What the library has of all parameters, in its order."""
    return cast("_Inside", plugin)._parameters  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - no other way


def parameters_of(plugin: object) -> dict[str, UnreadParameter]:
    """The parameters of a plugin by their names in Python; of those that are called alike, the last."""
    found: dict[str, UnreadParameter] = {}
    for handle in handles_of(plugin):
        if not any(one.match(handle.name) for one in names.PARAMETER_NAME_REGEXES_TO_IGNORE):
            python_name = names.to_python_parameter_name(handle)
            if python_name:
                found[python_name] = UnreadParameter(plugin, handle, python_name)
    return found


# Wherever the library wants to know all of them: when it loads a plugin, and each time something is set.
names._PythonExternalPluginMixin._get_parameters = parameters_of  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - no other way
