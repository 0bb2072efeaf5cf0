"""The controls of devices: MIDI, time code, OSC."""

from __future__ import annotations

from patterns.control_rows import Control, words

DEVICES: tuple[Control, ...] = (
    Control("ccn", "Number of the MIDI controller", "0 to 127", example="ccn(74).ccv(sine.segment(16))"),
    Control("ccv", "Value of the MIDI controller", "0 to 1"),
    Control(
        "control",
        "Number and value of a MIDI controller, joined by a colon",
        "0 to 127, 0 to 1",
        spreads=("ccv",),
        example='control("74:.5")',
        key="ccn",
    ),
    Control("nrpnn", "Number of the NRPN, as two bytes", "0 to 127 each, such as 1:8", lists=True),
    Control("nrpv", "Value of the NRPN", "0 to 127"),
    Control("prog", "MIDI program", "0 to 127", ("prog_num",), key="progNum", strudel=""),
    Control("bend", "Pitch bend", "-1 to 1", ("midibend",), key="midibend", strudel=""),
    Control("touch", "Channel pressure", "0 to 1", ("miditouch",), key="miditouch", strudel=""),
    Control("poly_touch", "Pressure of the note's key, or of another as key:value", "0 to 1", lists=True),
    Control("timbre", "MIDI controller 74, in MPE of one note", "0 to 1", strudel=""),
    Control("release_velocity", "How fast the key is left", "0 to 1", ("relvel",), strudel=""),
    Control(
        "midibank", "MIDI bank, before its program", "0 to 16383, or two bytes as 0:3", lists=True, strudel=""
    ),
    words("sysexraw", "System message in hexadecimal", example='sysexraw(pure("f0 7d 01 f7"))'),
    Control("midichan", "MIDI channel", "1 to 16"),
    words("midiport", "MIDI port by name or number"),
    words("midicmd", "MIDI command: clock, start, stop, continue and so on"),
    words("midimap", "Name of a map from controls to MIDI controllers"),
    Control("ctl_num", "Number of a MIDI controller, in SuperDirt", "0 to 127"),
    Control("song_ptr", "Place in the song", "sixteenths"),
    Control(
        "sysex",
        "Maker and data of a system message, joined by a colon",
        "bytes",
        spreads=("sysexdata",),
        key="sysexid",
        lists=False,
    ),
    Control("sysexid", "Maker of a system message", "0 to 127, or three bytes", lists=True),
    Control("sysexdata", "Data of a system message, joined by colons", "0 to 127 each", lists=True),
    Control("frame_rate", "Frames a second of MIDI time code", "24, 25, 29.97 or 30"),
    Control("frames", "Frame of MIDI time code", "0 and more"),
    Control("seconds", "Second of MIDI time code", "0 to 59"),
    Control("minutes", "Minute of MIDI time code", "0 to 59"),
    Control("hours", "Hour of MIDI time code", "0 to 23"),
    words("oschost", "Host that OSC goes to"),
    Control("oscport", "Port that OSC goes to", "1 to 65535"),
    words("uid", "Number or name that a device knows the sound by"),
    words("val", "A value for a device of your own"),
)
"""All of them."""
