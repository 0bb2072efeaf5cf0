"""Looks which MIDI ports there are; asked through `bridge.asking`, for a call to a dead server can hang."""

from __future__ import annotations

import sys

from bridge.errors import BridgeError

JACK_LIBRARY = "the JACK library is not installed"
JACK_SERVER = "no JACK server runs"


def look_at_jack() -> dict[str, object]:
    """The ports of the server that runs, or what is missing."""
    try:
        import jack
    except (ImportError, OSError):
        return {"missing": JACK_LIBRARY}
    try:
        client = jack.Client("Sempre looks", no_start_server=True)
    except jack.JackError:
        return {"missing": JACK_SERVER}
    found: dict[str, object] = {
        "rate": client.samplerate,
        "period": client.blocksize,
        "outputs": [p.name for p in client.get_ports(is_midi=True, is_input=True)],
        "inputs": [p.name for p in client.get_ports(is_midi=True, is_output=True)],
        "audio": [p.name for p in client.get_ports(is_audio=True, is_input=True, is_physical=True)],
    }
    client.close()
    return found


def look_at_system() -> dict[str, object]:
    """The ports of ALSA, CoreMIDI or WinMM, or what is missing."""
    from bridge.rt_midi import input_names, load_binding

    try:
        binding = load_binding("system", "Sempre")
        return {"outputs": binding.names(), "inputs": input_names(), "virtual": sys.platform != "win32"}
    except BridgeError as error:
        return {"missing": str(error)}
