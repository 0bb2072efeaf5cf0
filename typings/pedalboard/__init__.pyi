# The part of pedalboard that plugin_host uses; the library's own names are not re-exported.
from collections.abc import Sequence
from enum import Enum
from typing import overload

import numpy as np
from numpy.typing import NDArray

class Plugin:
    def process(
        self, input_array: NDArray[np.float32], sample_rate: float, buffer_size: int = ..., reset: bool = ...
    ) -> NDArray[np.float32]: ...
    def reset(self) -> None: ...

class Pedalboard(Plugin):
    def __init__(self, plugins: Sequence[Plugin] | None = ...) -> None: ...

class Bitcrush(Plugin):
    def __init__(self, bit_depth: float = ...) -> None: ...

class Chorus(Plugin):
    def __init__(
        self,
        rate_hz: float = ...,
        depth: float = ...,
        centre_delay_ms: float = ...,
        feedback: float = ...,
        mix: float = ...,
    ) -> None: ...

class Clipping(Plugin):
    def __init__(self, threshold_db: float = ...) -> None: ...

class Compressor(Plugin):
    def __init__(
        self, threshold_db: float = ..., ratio: float = ..., attack_ms: float = ..., release_ms: float = ...
    ) -> None: ...

class Delay(Plugin):
    def __init__(self, delay_seconds: float = ..., feedback: float = ..., mix: float = ...) -> None: ...

class Distortion(Plugin):
    def __init__(self, drive_db: float = ...) -> None: ...

class Gain(Plugin):
    def __init__(self, gain_db: float = ...) -> None: ...

class HighpassFilter(Plugin):
    def __init__(self, cutoff_frequency_hz: float = ...) -> None: ...

class HighShelfFilter(Plugin):
    def __init__(self, cutoff_frequency_hz: float = ..., gain_db: float = ..., q: float = ...) -> None: ...

class LadderFilter(Plugin):
    class Mode(Enum):
        LPF12 = ...
        HPF12 = ...
        BPF12 = ...
        LPF24 = ...
        HPF24 = ...
        BPF24 = ...

    def __init__(
        self, mode: LadderFilter.Mode = ..., cutoff_hz: float = ..., resonance: float = ..., drive: float = ...
    ) -> None: ...

class Limiter(Plugin):
    def __init__(self, threshold_db: float = ..., release_ms: float = ...) -> None: ...

class LowpassFilter(Plugin):
    def __init__(self, cutoff_frequency_hz: float = ...) -> None: ...

class LowShelfFilter(Plugin):
    def __init__(self, cutoff_frequency_hz: float = ..., gain_db: float = ..., q: float = ...) -> None: ...

class NoiseGate(Plugin):
    def __init__(
        self, threshold_db: float = ..., ratio: float = ..., attack_ms: float = ..., release_ms: float = ...
    ) -> None: ...

class PeakFilter(Plugin):
    def __init__(self, cutoff_frequency_hz: float = ..., gain_db: float = ..., q: float = ...) -> None: ...

class Phaser(Plugin):
    def __init__(
        self,
        rate_hz: float = ...,
        depth: float = ...,
        centre_frequency_hz: float = ...,
        feedback: float = ...,
        mix: float = ...,
    ) -> None: ...

class Reverb(Plugin):
    def __init__(
        self,
        room_size: float = ...,
        damping: float = ...,
        wet_level: float = ...,
        dry_level: float = ...,
        width: float = ...,
        freeze_mode: float = ...,
    ) -> None: ...

class AudioProcessorParameter:
    name: str
    raw_value: float
    range: tuple[float | None, float | None, float | None]
    units: str | None
    valid_values: list[float | str | bool]
    string_value: str
    def get_raw_value_for(self, new_value: float | str | bool) -> float: ...

class VST3Plugin(Plugin):
    def __init__(
        self,
        path_to_plugin_file: str,
        parameter_values: dict[str, float | str | bool] = ...,
        plugin_name: str | None = ...,
        initialization_timeout: float = ...,
    ) -> None: ...
    name: str
    manufacturer_name: str
    version: str
    category: str
    is_instrument: bool
    is_effect: bool
    raw_state: bytes
    reported_latency_samples: int
    @property
    def parameters(self) -> dict[str, AudioProcessorParameter]: ...
    preset_data: bytes
    def show_editor(self, close_event: object = ...) -> None: ...
    def load_preset(self, preset_file_path: str) -> None: ...
    @overload
    def process(
        self, input_array: NDArray[np.float32], sample_rate: float, buffer_size: int = ..., reset: bool = ...
    ) -> NDArray[np.float32]: ...
    @overload
    def process(
        self,
        midi_messages: Sequence[tuple[bytes, float]],
        duration: float,
        sample_rate: float,
        num_channels: int = ...,
        buffer_size: int = ...,
        reset: bool = ...,
    ) -> NDArray[np.float32]: ...
    @staticmethod
    def get_plugin_names_for_file(filename: str) -> list[str]: ...
