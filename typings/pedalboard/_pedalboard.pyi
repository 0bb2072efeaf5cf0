# How pedalboard looks at the parameters of plugins.
import re
from collections.abc import Callable

from pedalboard import AudioProcessorParameter as Parameter

PARAMETER_NAME_REGEXES_TO_IGNORE: set[re.Pattern[str]]

class AudioProcessorParameter(Parameter):
    def __init__(self, plugin: object, parameter_name: str, search_steps: int = ...) -> None: ...
    def __getattr__(self, name: str) -> object: ...

class _PythonExternalPluginMixin:
    _get_parameters: Callable[..., object]

def to_python_parameter_name(parameter: object) -> str | None: ...
