"""Ways to an audio device; each library is imported only when its driver is tried."""

from plugin_host.audio_settings import AudioSettings
from plugin_host.drivers.driver import Driver, NoDevice, Pull
from plugin_host.drivers.null_driver import NullDriver

__all__ = ["Driver", "NoDevice", "NullDriver", "Pull", "open_driver", "try_driver"]


def try_driver(name: str, settings: AudioSettings) -> Driver:
    """Open one kind of driver.

    Args:
        name: "jack", "sounddevice", "miniaudio" or "null".
        settings: Device, rate and block.

    Raises:
        NoDevice: It has nothing to play on.
    """
    heard = settings.inputs, settings.input_device
    if name == "jack":
        from plugin_host.drivers.jack_driver import JackDriver

        return JackDriver(settings.device, settings.channels, settings.cues, *heard)
    if name == "sounddevice":
        from plugin_host.drivers.sounddevice_driver import SounddeviceDriver

        return SounddeviceDriver(
            settings.rate, settings.block, settings.device, settings.channels, settings.cues, *heard
        )
    if name == "miniaudio":
        from plugin_host.drivers.miniaudio_driver import MiniaudioDriver

        return MiniaudioDriver(
            settings.rate, settings.block, settings.device, settings.channels, settings.cues, *heard
        )
    return _nothing(settings, "switched off in the settings")


def open_driver(settings: AudioSettings) -> Driver:
    """Open the best driver that has a device; the null driver where there is none.

    The order is JACK if a server runs, PortAudio, miniaudio. A driver named in the settings is the only
    one tried.

    Args:
        settings: What the musician wants.
    """
    wanted = ("jack", "sounddevice", "miniaudio") if settings.driver == "auto" else (settings.driver,)
    reasons: dict[str, str] = {}
    for name in wanted:
        try:
            return try_driver(name, settings)
        except NoDevice as error:
            reasons[name] = str(error)
    # A missing library is what the musician can mend at once; otherwise the last reason says it.
    missing = [text for name, text in reasons.items() if "missing" in text and name == "sounddevice"]
    reason = missing[0] if missing else list(reasons.values())[-1]
    return _nothing(settings, reason)


def _nothing(settings: AudioSettings, reason: str) -> NullDriver:
    return NullDriver(
        settings.rate,
        settings.block,
        reason=reason,
        channels=settings.channels,
        cue=settings.cues,
        inputs=settings.inputs,
    )
