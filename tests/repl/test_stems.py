"""Stems: what they add up to, their lengths, their names, and the command."""

from pathlib import Path

import mido
import numpy as np
import pytest
from numpy.typing import NDArray
from pedalboard.io import AudioFile

from plugin_host.layouts import STEREO, Layout, read_layout
from plugin_host.offline import render
from plugin_host.specs import Chain
from repl.cli import main
from repl.errors import ReplError
from repl.opened import open_pieces
from repl.render import RATE, play_through
from repl.sinks import audio_controls
from repl.stems import write_stems

PIECE = """
tempo(112)
kick = play(s("bd*4").gain(.8))
hats = play(s("hh*8").pan("<.2 .8>").delay(.3), on=instrument("drums", duck=.5))
bass = play(note("c2 eb2*2 ~ g1"), on=instrument("bass", duck=.6))
keys = play(note("<[c,eb,g] [c,f,ab]>").room(.6), on=instrument("keys") | fx.chorus())
both = play(stack(note("g5 ~"), note("c4 e4").s("pad")))
out = play(note("c e g"), on=midi(channel=4))
"""


def sound_of(file: Path) -> NDArray[np.float32]:
    """Every frame of a file."""
    with AudioFile(str(file)) as sound:
        assert (sound.samplerate, sound.num_channels) == (RATE, 2)
        return sound.read(sound.frames)


def unmastered(piece: Path, seconds: float, layout: Layout = STEREO) -> NDArray[np.float32]:
    """The mix of a piece before the master, as the mixer makes it: one strip an instrument."""
    opened = open_pieces([piece])
    events, _ = play_through(opened.pieces, seconds, opened.tempo, opened.seed, [])
    chains: dict[str, Chain] = {chain.key: chain for chain, _ in events}
    cps = opened.tempo.cps_at(0)
    timed = [
        type(e)(max(e.at, 0.0), e.duration, audio_controls(e, cps), chain.key, e.id) for chain, e in events
    ]
    return render(timed, chains, seconds, RATE, cps=cps, master=False, layout=layout)


def test_stems_add_up_to_the_mix(tmp_path: Path) -> None:
    """With ducking, echo, reverb and a layer on two instruments: nothing is lost or added."""
    piece = tmp_path / "evening.py"
    piece.write_text(PIECE)
    said = write_stems([piece], tmp_path / "stems", cycles=2)
    files = {file.name: sound_of(file) for file in (tmp_path / "stems").glob("*.wav")}
    assert set(files) == {f"evening_{n}_112bpm.wav" for n in ("kick", "hats", "bass", "keys", "both")}
    seconds = 2 * 4 * 60 / 112
    assert {sound.shape for sound in files.values()} == {(2, round(seconds * RATE))}
    assert min(float(np.abs(sound).max()) for sound in files.values()) > 0.01
    mix = unmastered(piece, seconds)
    total = np.sum([sound.astype(np.float64) for sound in files.values()], axis=0)
    assert float(np.abs(total - mix).max()) < 1e-5
    assert "no sound of ours, so no stem: out" in said
    song = mido.MidiFile(tmp_path / "stems" / "evening_112bpm.mid")
    assert [track.name for track in song.tracks] == ["Sempre", "kick", "hats", "bass", "keys", "both", "out"]


AROUND = """
tempo(112)
hats = play(s("hh*8").azim(saw.range(-180, 180)))
far = play(note("c4 eb4").room(.6).delay(.3), on=instrument("keys", azim=sine.range(-90, 90), distance=4))
kit = bus("kit", elev=45, lfe=.5) | fx.compressor()
kick = play(s("bd*4"), on=instrument("drums") | kit)
here = play(note("g3").room(.5), on=instrument("pad"))
"""


@pytest.mark.parametrize("name", ["7.1.4", "binaural", "stereo"])
def test_stems_of_a_layout_add_up_to_its_mix(tmp_path: Path, name: str) -> None:
    """Each is heard where it is in the mix, with its part of the LFE and of the room, in all channels."""
    piece, layout = tmp_path / "around.py", read_layout(name)
    piece.write_text(AROUND)
    write_stems([piece], tmp_path / "stems", seconds=1.5, tail=0.5, layout=layout)
    files = sorted((tmp_path / "stems").glob("*.wav"))
    assert len(files) == 4
    stems: list[NDArray[np.float32]] = []
    for file in files:
        with AudioFile(str(file)) as sound:
            assert sound.num_channels == layout.channels
            stems.append(sound.read(sound.frames))
    mix = unmastered(piece, 2.0, layout)
    # `unmastered` knows of more notes: those of the tail.
    frames = round(1.4 * RATE)
    assert float(np.abs(np.sum(stems, axis=0)[:, :frames] - mix[:, :frames]).max()) < 1e-5
    if name == "7.1.4":
        kinds, mask = files[0].read_bytes()[20:24], files[0].read_bytes()[40:44]
        assert (kinds, mask) == (b"\xfe\xff\x0c\x00", layout.mask.to_bytes(4, "little"))
        far, hats, _, kit = (np.abs(one).max(axis=1) for one in stems)
        assert kit[3] > 0.001 > max(far[3], hats[3])
        assert kit[8:].min() > 0.01


def test_reverb_and_echo_belong_to_the_stem(tmp_path: Path) -> None:
    """What is sent to them rings in the layer's own stem, also after the last cycle."""
    piece = tmp_path / "space.py"
    piece.write_text(
        'wet = play(s("cp ~").room(.8).delay(.5))\ndry = play(s("~ rim"), on=instrument("drums", room=0))'
    )
    write_stems([piece], tmp_path, cycles=1, tail=1.5)
    wet, dry = sound_of(tmp_path / "space_wet_120bpm.wav"), sound_of(tmp_path / "space_dry_120bpm.wav")
    assert wet.shape == dry.shape == (2, round(3.5 * RATE))
    last = slice(2 * RATE, None)
    assert float(np.abs(wet[:, last]).max()) > 100 * float(np.abs(dry[:, last]).max())
    assert float(np.abs(wet[:, last]).max()) > 0.001


def test_the_same_piece_gives_the_same_bytes(tmp_path: Path) -> None:
    """Also by the other command, in seconds."""
    piece = tmp_path / "evening.py"
    piece.write_text('tempo(120)\na = play(s("bd*4, hh*8").degrade_by(.3))')
    assert main(["export", str(piece), "--cycles", "2", "--stems", str(tmp_path / "one")]) == 0
    assert main(["render", str(piece), "--seconds", "4", "--stems", str(tmp_path / "two")]) == 0
    for name in ("evening_a_120bpm.wav", "evening_120bpm.mid"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_both_a_song_and_stems(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`-o` and `--stems` together write both, and neither is an error that says what to write."""
    piece = tmp_path / "evening.py"
    piece.write_text('a = play(s("bd*4"))')
    song = tmp_path / "song.mid"
    assert main(["export", str(piece), "--cycles", "1", "-o", str(song), "--stems", str(tmp_path)]) == 0
    assert song.exists()
    assert (tmp_path / "evening_a_120bpm.wav").exists()
    for command, file in (("export", "FILE.mid"), ("render", "FILE.wav")):
        with pytest.raises(SystemExit):
            main([command, str(piece)])
        assert f"-o {file}, --stems FOLDER, or both" in capsys.readouterr().err


def test_names_are_taken_by_every_system(tmp_path: Path) -> None:
    """Of layers that differ in what a file's name cannot say."""
    piece = tmp_path / "evening.py"
    piece.write_text(
        'tempo(92.5)\nplay(s("bd"), name="a/b")\nplay(s("hh"), name="a b")\nplay(s("cp"), name="A_B")'
    )
    write_stems([piece], tmp_path, cycles=1)
    found = sorted(file.name for file in tmp_path.glob("*.wav"))
    assert found == ["evening_A_B3_92.5bpm.wav", "evening_a_b2_92.5bpm.wav", "evening_a_b_92.5bpm.wav"]


def test_a_piece_without_sound_says_so(tmp_path: Path) -> None:
    """And a folder that cannot be made is named."""
    piece = tmp_path / "evening.py"
    piece.write_text('a = play(note("c"), on=midi())')
    with pytest.raises(ReplError, match="no sound to divide"):
        write_stems([piece], tmp_path / "stems", cycles=1)
    assert not (tmp_path / "stems").exists()
    piece.write_text('a = play(s("bd"))')
    (tmp_path / "taken").write_text("")
    with pytest.raises(ReplError, match="cannot write to"):
        write_stems([piece], tmp_path / "taken", cycles=1)
    with pytest.raises(ReplError, match="--cycles"):
        write_stems([piece], tmp_path, cycles=0)
