"""Looks which audio outputs there are; asked through `bridge.asking`. JACK's are found with its MIDI."""

from __future__ import annotations

__all__ = ["look_at_miniaudio", "look_at_portaudio"]


def look_at_portaudio() -> dict[str, object]:
    """The outputs of PortAudio, the usual one first, or what is missing."""
    try:
        import sounddevice
    except (ImportError, OSError):
        return {"missing": "PortAudio is not installed"}
    try:
        devices = [one for one in sounddevice.query_devices() if one["max_output_channels"] >= 2]
        usual = sounddevice.default.device[1]
    except sounddevice.PortAudioError as error:
        return {"missing": f"PortAudio does not answer ({error})"}
    devices.sort(key=lambda one: one["index"] != usual)
    if not devices:
        return {"missing": "PortAudio finds no audio output"}
    return {"outputs": [one["name"] for one in devices]}


def look_at_miniaudio() -> dict[str, object]:
    """The outputs of miniaudio, or what is missing."""
    try:
        import miniaudio
    except ImportError:
        return {"missing": "miniaudio is not installed"}
    useless = {miniaudio.Backend.NULL, miniaudio.Backend.CUSTOM, miniaudio.Backend.JACK}
    try:
        found = miniaudio.Devices([one for one in miniaudio.Backend if one not in useless])
        names = [one["name"] for one in found.get_playbacks()]
    except miniaudio.MiniaudioError:
        names = []
    return {"outputs": names} if names else {"missing": "miniaudio finds no audio output"}
