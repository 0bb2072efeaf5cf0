"""`sempre daw reaper`: a project with a track for each layer, and what is said by OSC."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from repl.daw_plan import LayerPlan, Plan

MIDI_INPUT = 4096
ANY_PORT = 63 << 5
"""Reaper's numbers of inputs: this bit is MIDI, then five bits of channel and the port; 0 and 63 are all."""

_PATTERNS = """\
# What Reaper and Sempre say to each other by OSC; written by `sempre daw reaper`.
# Put it into the folder OSC in Reaper's resource path, and choose it as pattern config of an OSC device.
DEVICE_TRACK_COUNT {tracks}
DEVICE_SEND_COUNT 0
DEVICE_RECEIVE_COUNT 0
DEVICE_FX_COUNT 0
DEVICE_FX_PARAM_COUNT 0
DEVICE_FX_INST_PARAM_COUNT 0
DEVICE_MARKER_COUNT 0
DEVICE_REGION_COUNT 0
REAPER_TRACK_FOLLOWS REAPER
DEVICE_TRACK_FOLLOWS DEVICE
DEVICE_TRACK_BANK_FOLLOWS DEVICE
DEVICE_FX_FOLLOWS DEVICE

PLAY t/play
STOP t/stop
RECORD t/record
TEMPO f/tempo/raw
BEAT s/beat/str
TIME f/time
ACTION i/action

TRACK_NAME s/track/@/name
TRACK_VOLUME n/track/@/volume
TRACK_MUTE b/track/@/mute
TRACK_SOLO b/track/@/solo
TRACK_REC_ARM b/track/@/recarm
"""


def reaper_patterns(plan: Plan) -> str:
    """The OSC patterns: transport and tempo for `daw("reaper", …)`, and the tracks' mute, solo and volume."""
    return _PATTERNS.format(tracks=max(8, len(plan.tracks)))


def reaper_project(plan: Plan) -> str:
    """The project: the tempo, and tracks that are armed and hear one layer each."""
    beats = round(float(plan.beats)) or 4
    lines = [
        '<REAPER_PROJECT 0.1 "7.0" 0',
        f"  TEMPO {plan.bpm:.10g} {beats} 4",
        "  SAMPLERATE 48000 0 0",
    ]
    for track in plan.tracks:
        lines += [
            "  <TRACK",
            f"    NAME {quoted(track.name)}",
            f"    REC 1 {midi_input(track)} 1 0 0 0 0",
            "  >",
        ]
    return "\n".join([*lines, ">", ""])


def midi_input(layer: LayerPlan) -> int:
    """The number of an input that hears a layer's channel on every port; all channels, if it has several."""
    channel = layer.channels[0] if len(layer.channels) == 1 else 0
    return MIDI_INPUT + ANY_PORT + channel


def quoted(text: str) -> str:
    r"""A text in a project: in the first kind of quotation mark that is not in it.

    >>> quoted('say "hi"')
    '\'say "hi"\''
    """
    for mark in "\"'`":
        if mark not in text:
            return f"{mark}{text}{mark}"
    return f"`{text.replace('`', chr(39))}`"
