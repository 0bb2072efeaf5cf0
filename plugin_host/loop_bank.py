"""An instrument that plays a loop in phase with the cycles, and records onto it."""

from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from plugin_host.audio import Audio, Wide, single
from plugin_host.bank import AGE, ATTACK, CUT, FADE, OFF, OWN, RELEASE, Bank, Voicing
from plugin_host.controls import Controls
from plugin_host.dub import VERBS, Dub, Ear, reached
from plugin_host.intake import Inputs
from plugin_host.loop_file import kept_file, turn_of
from plugin_host.loops import MOST, Loop, State, halved, merged
from plugin_host.recordings import Wanted
from plugin_host.reel import SEAM, Reel
from plugin_host.sound_store import SoundStore

__all__ = ["LoopBank"]

LONGEST: Final = 600.0
"""Seconds that a recording may last."""
BASE_NOTE: Final = 60.0
HAIR: Final = 1e-7
"""Cycles before the end of a part at which it is over: cycles are floats here."""

# Columns of a voice: the cycle of the loop that it plays is BASE and SPEED times the passed one, from LOW on
# and below HIGH.
BASE, SPEED, LOW, HIGH = OWN, OWN + 1, OWN + 2, OWN + 3


class LoopBank(Bank):
    """Plays and records one loop.

    An event without `s` plays it as long as it lasts. Where it says no `begin`, `end`, `speed` or `note`, it
    is in phase: what was played at the beginning of the loop's cycles is heard at their beginning. Else it
    plays that part from its own beginning on, at the tempo that is. An event whose `s` is "record", "overdub"
    or "replace" does that as long as it lasts; "undo", "redo" and "clear" are done at once.

    Args:
        rate: Frames a second.
        inputs: What comes in, where the music is, and the loops.
        name: Of the loop.
        source: What is recorded: "in:" and inputs as `audio_in` names them, or a layer or bus by its name.
        report: Takes one line about what cannot be done.
        store: Reads what was kept of it, and has done what may take long.

    Attributes:
        hears: The layer or bus that is recorded; "" if none.
        ear: Takes what that gives.
        lead: Frames by which its notes are told earlier than they are heard.
    """

    def __init__(
        self,
        rate: int,
        inputs: Inputs,
        name: str,
        source: str,
        report: Callable[[str], None],
        store: SoundStore,
    ) -> None:
        super().__init__(rate, 4, spread=2)
        self._inputs, self._report, self._soon = inputs, report, store.soon
        loops = inputs.loops
        self.loop: Loop = loops.opened(name, lambda: _kept(loops.folder, name, store, report))
        self._places = source.removeprefix("in:").split("+") if source.startswith("in:") else []
        self.hears = "" if self._places else source
        self.ear = Ear(inputs.block, max(8, round(SEAM * rate)), inputs.beat)
        self.lead = 0
        self._turned = inputs.beat.turned
        self._dubs: list[Dub] = []
        self._made: deque[tuple[State, State]] = deque()  # what was made beside the sound, and of what

    def foresee(self, controls: Controls) -> None:
        """Have something to record on."""
        if controls.s in VERBS:
            self._inputs.loops.stock(self.rate)

    def begin(self, ident: int, voicing: Voicing, offset: int) -> None:
        """Play, record, or do what the event says, `offset` frames into the next block."""
        controls = voicing.controls
        if controls.s in VERBS:
            self._record(ident, voicing, offset)
        elif controls.s in {"undo", "redo"}:
            if not self.loop.step_to(-1 if controls.s == "undo" else 1, offset):
                self._report(f"loop {self.loop.name}: there is nothing to {controls.s}")
        elif controls.s == "clear":
            self.loop.become(State(), offset)
            self.loop.keep()
        elif controls.s in {"multiply", "halve"}:
            self._change_length(controls, offset)
        elif controls.s in {None, "play"}:
            self._play(ident, voicing, offset)
        else:
            self._report(
                f"loop {self.loop.name}: s={controls.s!r} is none of record, overdub, replace, undo, redo, "
                "clear, multiply, halve; without s it plays"
            )

    def _change_length(self, controls: Controls, offset: int) -> None:
        """Let the loop come round more seldom, with all of it as often as before; or its first half alone."""
        loop, state = self.loop, self.loop.state
        if not state.reels or loop.recording:
            self._report(f"loop {loop.name}: what holds nothing, or is being recorded, keeps its length")
        elif controls.s == "multiply":
            loop.become(State(state.reels, max(2, controls.n) * state.turn), offset)
            loop.keep()
        else:
            self._soon(lambda: self._made.append((State((halved(state),), state.turn / 2), state)))

    def _play(self, ident: int, voicing: Voicing, offset: int) -> None:
        controls, beat = voicing.controls, self._inputs.beat
        here = float(beat.cycles(self.lead)[offset])
        turn = self.loop.turn
        if not turn and not self.loop.recording:
            name = self.loop.name
            self._report(f'loop {name} holds nothing yet: capture("{name}", audio_in(1), 4) records 4 cycles')
        base, speed, low, high = beat.shift(here), 1.0, -np.inf, np.inf
        if _has_own_way(controls):
            if not turn:
                return
            speed = controls.speed * 2 ** (((controls.note or BASE_NOTE) - BASE_NOTE) / 12)
            if controls.unit == "c":
                speed *= turn / beat.cps
            first, last = sorted((controls.begin, controls.end))
            if controls.end < controls.begin:
                speed = -speed
            low, high = self.loop.begin + first * turn, self.loop.begin + last * turn
            # Backwards it begins with the last of it.
            base = (low if speed > 0 else high) - speed * here
        attack = FADE if controls.attack is None else controls.attack
        release = FADE if controls.release is None else controls.release
        self.add(ident, voicing, offset, max(attack, FADE), max(release, FADE), (base, speed, low, high))

    def _record(self, ident: int, voicing: Voicing, offset: int) -> None:
        name, inputs = self.loop.name, self._inputs
        for place in self._places:
            if inputs.place(place) is None:
                there = ", ".join(inputs.names) or "there is none"
                self._report(
                    f"loop {name}: no audio comes in at input {place} ({there}), and silence is recorded; "
                    "inputs = 2 under [audio] in sempre.toml opens two; a render has none"
                )
        if not self._places and not self.hears:
            self._report(
                f'loop {name}: nothing is said to be recorded; say what, as in looped("{name}", audio_in(1))'
            )
            return
        late = self.lead + (inputs.late if self._places else 0)
        self._begin_dub(ident, str(voicing.controls.s), offset, late)
        # It holds a voice that is silent, so that all of it comes in before its strip is let go.
        release = (late + 2 * self.ear.seam) / self.rate + 2 * FADE
        self.add(ident, voicing.scaled(0.0), offset, FADE, release, (0.0, 0.0, -np.inf, np.inf))

    def _begin_dub(self, ident: int, verb: str, offset: int, late: int) -> None:
        beat = self._inputs.beat
        self._keep_line()
        cycle, reel = float(beat.cycles(self.lead)[offset]), self._inputs.loops.reel(self.rate)
        at = self.ear.upcoming + offset
        self._dubs.append(Dub(ident, verb, self.loop, reel, at, late, cycle, beat.shift(cycle)))

    def end(self, ident: int, offset: int) -> bool:
        """Let a note go, or end a recording."""
        for dub in self._dubs:
            if dub.ident == ident and dub.end is None:
                self._stop(dub, offset)
        return super().end(ident, offset)

    def _keep_line(self) -> None:
        """Let what is being recorded follow a line of time that was told late."""
        turned = self._inputs.beat.turned - self._turned
        if turned:
            self._turned += turned
            for dub in self._dubs:
                dub.turn_by(turned)

    def _stop(self, dub: Dub, offset: int) -> None:
        self._keep_line()
        cycle = float(self._inputs.beat.cycles(self.lead)[offset])
        if not dub.stop(cycle, self.ear.upcoming + offset, offset):
            self._report(f"loop {self.loop.name}: less than 10 ms is no loop; it stays as it was")

    def join(self, ident: int, voicing: Voicing, age: int, frames: int) -> None:
        """Go on with what has sounded elsewhere; a recording stays where it is."""
        if voicing.controls.s in {None, "play"}:
            super().join(ident, voicing, age, frames)

    def leave(self, ident: int, frames: int, wait: int = 0) -> None:
        """Let a voice go, for it plays on elsewhere; a recording stays."""
        if all(dub.ident != ident for dub in self._dubs):
            super().leave(ident, frames, wait)

    def render(self, frames: int) -> Audio | None:
        """Record what comes in, and give what is played."""
        while self._made:
            made, former = self._made.popleft()
            if self.loop.state is former:  # else somebody has changed it meanwhile
                self.loop.become(made)
                self.loop.keep()
        if self.hears:
            both = self.ear.key if self.ear.key is not None else (None, None)
            self._record_on(both[0], both[1])
        elif self._places:
            found = [self._inputs.place(place) for place in self._places]
            rows = [None if one is None else self._inputs.sound[one] for one in found]
            self._record_on(rows[0], rows[-1])
        return super().render(frames)

    def _record_on(self, left: Audio | None, right: Audio | None) -> None:
        """Take in a block, and put on the reels what is theirs."""
        ear, cycles = self.ear, self._inputs.beat.cycles(self.lead)
        self._keep_line()
        for dub in [*self._dubs]:
            if dub.end is not None:
                continue
            dub.goes_on(float(cycles[0]), ear.upcoming)
            turn = self.loop.turn
            if dub.verb == "record" or not turn:
                continue
            at = reached(cycles, dub.cycle + turn)
            if at is not None:
                # A round is full: the next one is another layer, which can be undone by itself.
                self._stop(dub, at)
                self._begin_dub(dub.ident, dub.verb, at, dub.late)
        ear.hear(left, right)
        for dub in self._dubs:
            dub.take(ear)
            self._see_to(dub)
        self._dubs = [dub for dub in self._dubs if not dub.over]

    def _see_to(self, dub: Dub) -> None:
        """Find room for what is still to come, and let many layers become few; beside the sound."""
        reel, loop = dub.reel, self.loop
        if dub.over:
            self._soon(lambda: _trim(loop, reel))
            reels = loop.state.reels
            if len(reels) > MOST:
                self._soon(lambda: _merge(loop, reels[:-1]))
        elif dub.full:
            self._report(f"loop {loop.name}: its recording is longer than {LONGEST:g} s; the rest is silent")
        elif not dub.growing and reel.length > reel.room // 2 and reel.room < LONGEST * self.rate:
            dub.growing = True
            self._soon(lambda: _grow(dub))

    def signal(self, frames: int) -> Audio:
        """What each voice reads off the loop."""
        passed = self._inputs.beat.cycles(self.lead)[:frames]
        out = np.zeros((len(self.ids) * 2, frames), np.float32)
        read: dict[tuple[float, float], Audio] = {}
        for place, row in enumerate(self.rows[: len(self.ids)]):
            way = float(row[BASE]), float(row[SPEED])
            if way[1] == 0.0:
                continue
            cycles = way[0] + way[1] * passed
            if way not in read:
                read[way] = self.loop.read(cycles)
            out[2 * place : 2 * place + 2] = read[way]
            past = cycles >= row[HIGH] - HAIR if way[1] > 0 else cycles <= row[LOW] + HAIR
            if past.any():
                # The end of its part is as an event's end: what comes next, on the same place, joins it.
                row[OFF] = min(row[OFF], row[AGE] + int(past.argmax()))
                self.steady = False
        return out

    def shape(self, sound: Audio, rows: Wide) -> None:
        """Fade in, release and choke so that one event after the other, on the same place, leaves no seam."""
        time = self.times(sound.shape[2])
        rising = np.flatnonzero(rows[:, AGE] <= rows[:, ATTACK])
        if rising.size:
            sound[rising] *= _smooth(np.clip(time[rising] / rows[rising, ATTACK, None], 0, 1))[:, None]
        for begin, length in ((OFF, RELEASE), (CUT, None)):
            falling = np.flatnonzero(rows[:, begin] < np.inf)
            if falling.size:
                over = self.fade if length is None else rows[falling, length, None]
                left = 1 - (time[falling] - rows[falling, begin, None]) / over
                sound[falling] *= _smooth(np.clip(left, 0, 1))[:, None]

    def silence(self) -> None:
        """Forget every voice, and give up what is being recorded; the loop stays."""
        super().silence()
        for dub in self._dubs:
            dub.give_up()
        self._dubs.clear()


def _smooth(part: Wide) -> Audio:
    return single(part * part * (3 - 2 * part))


def _kept(folder: Path, name: str, store: SoundStore, report: Callable[[str], None]) -> State | None:
    """What was kept of a loop, as it was; None if nothing was."""
    path = kept_file(folder, name)
    if path is None:
        return None
    try:
        turn, begin = turn_of(path)
    except OSError as error:
        report(f"loop {name}: {path} cannot be read ({error.strerror}); it is empty")
        return None
    recording = store.read_now(Wanted(path, bent=True), f"loop {name} is empty")
    if recording is None:
        return None
    rate = round(store.rate * recording.step)
    return State((Reel.of(recording.whole, rate, begin, turn),), turn)


def _has_own_way(controls: Controls) -> bool:
    plain = controls.begin == 0 and controls.end == 1 and controls.speed == 1 and controls.unit == "r"
    return not plain or controls.note is not None


def _grow(dub: Dub) -> None:
    place, length = dub.reel.copied(2 * dub.reel.room)

    def move() -> None:
        if not dub.over:
            dub.reel.move(place, length)
        dub.growing = False

    dub.loop.arrived.append(move)


def _trim(loop: Loop, reel: Reel) -> None:
    """Give back what a reel has not filled: it was made for far more than most recordings."""
    place, length = reel.copied(reel.length)
    loop.arrived.append(lambda: reel.move(place, length))


def _merge(loop: Loop, old: tuple[Reel, ...]) -> None:
    made = merged(old)
    loop.arrived.append(lambda: loop.replaced(old, made))
