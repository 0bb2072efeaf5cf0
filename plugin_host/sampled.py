"""Voices that play recorded sounds."""

from collections.abc import Callable

import numpy as np

from plugin_host.audio import Audio, Wide, single
from plugin_host.bank import AGE, ATTACK, OWN, Bank, Voicing
from plugin_host.controls import Controls
from plugin_host.cubic import Cubic
from plugin_host.inserts import Inserts
from plugin_host.recordings import Recording, Wanted
from plugin_host.sample_way import ENDLESS, way_of
from plugin_host.samples import Library
from plugin_host.sound_store import SoundStore
from plugin_host.zones import Zone, Zones

__all__ = ["BASE_NOTE", "SampleBank"]

BASE_NOTE = 36.0
"""The note at which a sample sounds as it was recorded; Strudel's choice, c2."""
ATTACK_TIME = 0.001
"""Seconds in which a sample fades in, unless somebody says otherwise."""
RELEASE_TIME = 0.02
"""Seconds in which a sample fades out that is cut short, unless somebody says otherwise."""
RELEASE_OF_NOTES = 0.2
"""The same for an instrument with a pitch, whose notes all end before they have rung out."""
GROUPS = 1 << 24
"""Added to the groups of an SFZ file, which have nothing to do with those of `cut`."""

CUTS = -(1 << 24)
"""From here down, the groups of single samples, which a negative `cut` means."""

FROM, STEP, RAMP, LENGTH, TRIM, GATED, FALL, FLOOR, HOLD, TURN, SIZE, LAPS, LEAVES = range(OWN, OWN + 13)


class SampleBank(Bank):
    """The voices of a sampler.

    Args:
        rate: Frames a second.
        store: Where the recordings are kept.
        library: Sounds by name, or one instrument of many zones.
        attack: Seconds to fade in; 0 leaves it to the sound.
        release: Seconds to fade out when cut short; 0 leaves it to the sound.
        report: Takes one line about what could not be played.
        tune: Half-tones by which every note is moved.
    """

    def __init__(
        self,
        rate: int,
        store: SoundStore,
        library: Library | Zones,
        attack: float,
        release: float,
        report: Callable[[str], None],
        tune: float = 0.0,
    ) -> None:
        super().__init__(rate, 13, spread=2)
        self.store = store
        self.library = library
        self.attack, self.release = attack, release
        self.report = report
        self.tune = tune
        self._cuts: dict[tuple[int, str, int], int] = {}
        self.recordings: list[Recording] = []
        self.sources: list[Audio] = []
        self._cubic = Cubic(0, 0, self.spread)

    voiced = frozenset({"attack", "release", "tune"})

    def set(self, name: str, value: float) -> None:
        """Give a parameter another value for what begins from now on."""
        if name in self.voiced:
            setattr(self, name, value)

    def get(self, name: str) -> float:
        """What a parameter is."""
        return float(getattr(self, name))

    def start(self, ident: int, voicing: Voicing, offset: int) -> None:
        """Start a sample with what its event says of the sampler itself."""
        before = {name: self.get(name) for name in voicing.own}
        for name, value in voicing.own.items():
            self.set(name, value)
        self.begin(ident, voicing, offset)
        for name, value in before.items():
            self.set(name, value)

    def turn(self, name: str, values: Audio) -> None:
        """Move what the next samples begin with."""
        self.set(name, float(values[-1]))

    def begin(self, ident: int, voicing: Voicing, offset: int) -> None:
        """Start a sample, or all those that a note is made of."""
        controls = voicing.controls
        if isinstance(self.library, Zones):
            self.strike(ident, voicing, offset, self.library)
            return
        sound = self.library.sound(controls.s or "", self.report)
        if sound is None:
            return
        if sound.zones is not None and controls.note is not None:
            self.strike(ident, voicing, offset, sound.zones)
            return
        recording = self.store.fetch(Wanted(sound.variant(controls.n)))
        if recording is not None:
            group = self.group_of(controls, controls.s or "")
            self.play(ident, voicing, offset, recording, self.transposed(controls), group)

    def group_of(self, controls: Controls, sound: str) -> int:
        """The group that an event ends; a negative one ends only the same sample, as in SuperDirt."""
        if controls.cut >= 0:
            return controls.cut
        own = (controls.cut, sound, controls.n)
        return self._cuts.setdefault(own, CUTS - len(self._cuts))

    def strike(self, ident: int, voicing: Voicing, offset: int, zones: Zones) -> None:
        """Start every zone that a note has."""
        controls = voicing.controls
        note = self._note(controls)
        struck = zones.struck(note, _velocity(controls), ident)
        # Before any of them begins: those of one note do not end each other.
        for group in sorted({zone.group for zone in struck if zone.group}):
            self.choke_group(GROUPS + group, offset)
        if controls.cut:
            self.choke_group(controls.cut, offset)
        for zone in struck:
            recording = self.store.fetch(zone.wanted)
            if recording is None:
                continue
            step = controls.speed * 2.0 ** (((note - zone.root) * zone.track + zone.tune) / 12)
            level = zone.level * (0.1 + 0.9 * controls.velocity) ** (1.5 * (zone.velocity - 1))
            own = voicing.scaled(level * min(1.0, 1 - zone.pan), level * min(1.0, 1 + zone.pan))
            self.play(ident, own, offset, recording, step, 0, zone)
            if zone.ended_by and not controls.cut and self.count:
                self.groups[-1] = GROUPS + zone.ended_by

    def foresee(self, controls: Controls) -> None:
        """Have the files read that an event needs."""
        if isinstance(self.library, Zones):
            self._foresee_note(controls, self.library)
            return
        sound = self.library.find(controls.s or "")
        if sound is None:
            return
        if sound.zones is not None and controls.note is not None:
            self._foresee_note(controls, sound.zones)
        else:
            self.store.foresee((Wanted(sound.variant(controls.n)),))

    def _foresee_note(self, controls: Controls, zones: Zones) -> None:
        self.store.foresee(zones.foreseen(self._note(controls), _velocity(controls)))

    def _note(self, controls: Controls) -> float:
        return (60.0 if controls.note is None else controls.note) + self.tune

    def transposed(self, controls: Controls) -> float:
        """How fast to play, by speed and note."""
        note = BASE_NOTE if controls.note is None else controls.note
        return controls.speed * 2.0 ** ((note - BASE_NOTE + self.tune) / 12)

    def play(
        self,
        ident: int,
        voicing: Voicing,
        offset: int,
        recording: Recording,
        step: float,
        group: int,
        zone: Zone | None = None,
    ) -> None:
        """Start a voice.

        Args:
            ident: Its event.
            voicing: How it stands in the mix.
            offset: Frames into the next block.
            recording: Its samples.
            step: Half-tones aside, how fast it is played; negative is backwards.
            group: Those of this group that sound already are choked; 0 is none.
            zone: What else is said of it.
        """
        controls = voicing.controls
        way = way_of(recording, controls, step, self.rate, zone)
        if way is None:
            return
        if group:
            self.choke_group(group, offset)
        attack, decay, release = controls.attack, controls.decay, controls.release
        hold, floor = 0.0, controls.sustain
        if zone is None:
            attack = _either(attack, self.attack, None, ATTACK_TIME)
            release = _either(release, self.release, None, RELEASE_TIME)
        else:
            attack = _either(attack, self.attack, zone.attack, ATTACK_TIME)
            release = _either(release, self.release, zone.release, RELEASE_OF_NOTES)
            if decay is None:
                decay, hold, floor = zone.decay, zone.hold * self.rate, zone.sustain
        fall = 0.0 if decay is None else 6.9 / max(decay * self.rate, 1)
        own = (
            way.start,
            way.step,
            way.ramp,
            way.length,
            float(way.trimmed),
            float(way.gated),
            fall,
            floor,
            hold,
        )
        round_ = (way.turn, way.size, ENDLESS, float(way.leaves))
        place = self.add(ident, voicing, offset, attack, max(release, 0.002), own + round_)
        if group:
            self.groups[place] = group
        self.inserts[place] = Inserts.of(controls, self.rate, self.spread, lowpass=True)
        self.recordings.append(recording)
        self.sources.append(way.source)

    def held(self, place: int) -> bool:
        """A sample rings out by itself unless the event asked for a length."""
        return bool(self.rows[place, GATED])

    def end(self, ident: int, offset: int) -> bool:
        """Let go of a note; only samples whose event asked for a length do so."""
        found = False
        for place, one in enumerate(self.ids):
            if one == ident and self.rows[place, GATED]:
                self.let_go(place, offset)
                self._leave_loop(place, offset)
                found = True
        return found

    def _leave_loop(self, place: int, offset: int) -> None:
        """Let a sound that goes round while its note is held play on to its end."""
        row = self.rows[place]
        if not row[LEAVES]:
            return
        at = row[FROM] + row[STEP] * max(row[AGE] + offset, 0.0)
        whole = self.recordings[place].whole
        row[LAPS] = max(0.0, (at - row[TURN]) // row[SIZE] + 1)
        row[LENGTH] = np.ceil((whole.shape[1] + row[LAPS] * row[SIZE] - row[FROM]) / row[STEP])
        row[LEAVES] = 0.0
        self.sources[place] = whole

    def signal(self, frames: int) -> Audio:
        """The samples themselves."""
        spread = self.spread
        rows = self.rows[: self.count]
        out = np.zeros((self.count * spread, frames), dtype=np.float32)
        bent = (rows[:, STEP] != 1.0) | (rows[:, TURN] > 0) | (rows[:, RAMP] != 0)
        time = self.times(frames)
        self._bent(np.flatnonzero(bent), out, time)
        # As lists, once: single numbers of an array cost ten times as much.
        whole = rows[:, (AGE, LENGTH, FROM)].astype(np.int64).tolist()
        trim = rows[:, TRIM] > 0
        is_bent, is_trimmed = bent.tolist(), trim.tolist()
        for place in np.flatnonzero(~bent | trim).tolist():
            age, length, start = whole[place]
            first, last = max(0, -age), min(frames, length - age)
            if last <= first:
                continue
            into = out[place * spread : (place + 1) * spread, first:last]
            if not is_bent[place]:
                at = start + age + first
                into[:] = self.sources[place][:, at : at + last - first]
            if is_trimmed[place]:
                into *= np.clip((length - time[place, first:last]) / self.fade, 0, 1).astype(np.float32)
                into *= np.clip((time[place, first:last] + 1) / (0.2 * self.fade), 0, 1).astype(np.float32)
        falling = np.flatnonzero(rows[:, FALL])
        if falling.size:
            mine = rows[falling, :, None]
            since = np.maximum(time[falling] - mine[:, ATTACK] - mine[:, HOLD], 0)
            fallen = mine[:, FLOOR] + (1 - mine[:, FLOOR]) * np.exp(single(-mine[:, FALL] * since))
            out.reshape(self.count, spread, frames)[falling] *= single(fallen)[:, None]
        return out

    def _bent(self, places: "np.ndarray[tuple[int], np.dtype[np.int64]]", out: Audio, time: Wide) -> None:
        """The samples that are played at another speed or go round, read between their frames."""
        if not places.size:
            return
        rows, frames, late = self.rows[places], time.shape[1], bool((time[:, 0] < 0).any())
        if len(places) < len(time):
            time = time[places]
        if self._cubic.voices < len(places) or self._cubic.frames != frames:
            self._cubic = Cubic(len(self.rows), frames, self.spread)
        at = self._cubic.places(len(places))
        np.multiply(rows[:, STEP, None], np.maximum(time, 0) if late else time, out=at)
        at += rows[:, FROM, None]
        ramping = np.flatnonzero(rows[:, RAMP])
        if ramping.size:
            since = np.maximum(time[ramping], 0)
            at[ramping] += 0.5 * rows[ramping, RAMP, None] * since * since
        turning = np.flatnonzero(rows[:, TURN])
        if turning.size:
            size, laps = rows[turning, SIZE, None], rows[turning, LAPS, None]
            past = np.floor((at[turning] - rows[turning, TURN, None]) / size) + 1
            at[turning] -= np.clip(past, 0, laps) * size
        sources = [self.sources[place] for place in places.tolist()]
        np.maximum(at, 1, out=at)
        np.minimum(at, np.array([source.shape[1] - 3 for source in sources])[:, None], out=at)
        weights = self._cubic.weigh(len(places))
        edges = np.flatnonzero((time[:, 0] < 0) | (time[:, -1] >= rows[:, LENGTH]))
        for number in edges.tolist():
            now = time[number]
            weights[:, number, (now < 0) | (now >= rows[number, LENGTH])] = 0
        into = out.reshape(-1, self.spread, frames)
        if len(places) == len(into):
            self._cubic.read(sources, weights, into)
        else:
            heard = np.empty((len(places), self.spread, frames), np.float32)
            self._cubic.read(sources, weights, heard)
            into[places] = heard

    def finished(self, frames: int) -> "np.ndarray[tuple[int], np.dtype[np.bool_]] | None":
        """Those whose sample is over."""
        rows = self.rows[: self.count]
        return rows[:, AGE] >= rows[:, LENGTH]

    def kept(self, places: list[int]) -> None:
        """Only these stay."""
        self.recordings = [self.recordings[place] for place in places]
        self.sources = [self.sources[place] for place in places]

    def silence(self) -> None:
        """Forget every voice."""
        super().silence()
        self.recordings.clear()
        self.sources.clear()


def _velocity(controls: Controls) -> int:
    return min(max(round(127 * controls.velocity), 1), 127)


def _either(event: float | None, instrument: float, zone: float | None, usual: float) -> float:
    """Seconds of an envelope: what the event says, or else the instrument, or else the sound."""
    if event is not None:
        return event
    return instrument or (usual if zone is None else zone)
