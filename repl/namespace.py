"""What a piece can say: the registry's functions, the constructors, and what makes layers of patterns."""

from __future__ import annotations

import builtins
import inspect
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

from bridge.clock_targets import MidiClock, midi_clock
from bridge.layer import Layer, Target, Transition
from bridge.midi_file import from_midi
from bridge.targets import adm_osc, midi, mpe, osc, plugin, superdirt
from bridge.tempo import BEATS_PER_CYCLE, cps_of
from patterns.combine import stack, with_steps
from patterns.core import Pattern
from patterns.inputs import button, knob, macro, toggle, xy
from patterns.midi_inputs import bend_in, cc14_in, cc_in, gate_in, key_in, keys_in, nrpn_in, pressure_in
from patterns.midi_strokes import hits_in
from patterns.parameters import in_own_unit
from patterns.reading import reify
from patterns.registry import namespace as pattern_namespace
from patterns.where import PIECE, is_theirs
from plugin_host.addresses import moves_of
from plugin_host.looped import looped
from plugin_host.plugin_specs import au, lv2
from plugin_host.specs import Chain, audio_in, fx, instrument, sampler, soundfont, vst3
from repl.bus_names import agreed, bus
from repl.keyboards import keyboard
from repl.looping import LoopsByHand
from repl.model_files import model
from repl.quantities import SHORTEST, brief, cycles_given, number_given, place_given
from repl.rule_files import rules
from repl.style_files import style
from repl.transport import Jump, Loop, Wish, followed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

STREAMS = ("hash", "strudel", "precise")
"""Where chance may come from."""


@dataclass(frozen=True, slots=True)
class TempoRequest:
    """A tempo that a piece asks for.

    Args:
        bpm: Beats per minute.
        beats_per_cycle: Beats that make a cycle.
        over: Cycles in which it is reached evenly; 0 is at once.
    """

    bpm: float
    beats_per_cycle: float
    over: Fraction = Fraction(0)

    @property
    def cps(self) -> float:
        """Cycles per second."""
        return cps_of(self.bpm, self.beats_per_cycle)


@dataclass(eq=False, slots=True)
class Playing:
    """What `play` gives: a layer that waits for the name that it is bound to.

    Args:
        layer: What to play.
        name: The layer's name, once it has one.
        line: Of the statement at the top level of the piece that called `play`.
        waits: Whether it was said what its changes wait for.
    """

    layer: Layer
    name: str | None = None
    line: int = 0
    waits: bool = False

    def __repr__(self) -> str:
        """The layer's name, once it has one."""
        return f"play({self.name or '…'})"


@dataclass(slots=True)
class Collector(LoopsByHand):
    """Takes down what one evaluation asks for; nothing is done before the session does it."""

    made: list[Playing] = field(default_factory=list[Playing])
    singles: list[Playing] = field(default_factory=list[Playing])
    tempo_request: TempoRequest | None = None
    seed_request: int | None = None
    rng_request: str = ""
    quantum_request: Fraction | None = None
    follow_request: tuple[str | None] | None = None
    clocks: list[MidiClock] = field(default_factory=list[MidiClock])
    moves: list[Wish] = field(default_factory=list["Wish"])
    doubts: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    buses: dict[str, Chain] = field(default_factory=dict[str, Chain])

    def play(
        self,
        pattern: Pattern | str,
        on: Target | None = None,
        *,
        name: str | None = None,
        quantum: float | None = None,
        seed: int | None = None,
        rng: str | None = None,
        transition: Transition | None = None,
    ) -> Playing:
        """Play a pattern, in a layer called as the name that you bind it to.

        Args:
            pattern: What to play.
            on: Where: an instrument, `midi(...)`, `osc(...)`, `superdirt()`. Without it `s` goes to the
                drum kit or to the samples of that name, and `note` to the keys.
            name: The layer's name, where it cannot be bound to one (in a loop).
            quantum: Cycles that a change of this layer waits for; 0 is at once. Unless given it is 1, or what
                `quantum` says for the file.
            seed: The layer's own seed, which `reseed` does not change; else it is made of the piece's.
            rng: Where its chance comes from: "hash", or "strudel" and "precise" for the streams of Strudel,
                which with seed 0 are those that Strudel plays.
            transition: How a new version of the layer takes over from the one before, such as `clutch` or
                `xfade_in(cycles=4)`; at once unless given.

        Example: `drums = play(s("bd*4, ~ cp"))`
        """
        agreed(on, self.buses)
        playing = _playing("play", pattern, on, quantum)
        playing.layer = replace(playing.layer, seed=_seed("play", seed), rng=_rng("play", rng))
        if transition is not None:
            playing.layer = replace(playing.layer, transition=_transition(transition, playing.layer.pattern))
        playing.name, playing.waits = _checked_name(name), quantum is not None
        self.made.append(playing)
        return playing

    def once(self, pattern: Pattern | str, on: Target | None = None) -> None:
        """Play one cycle of a pattern now, without making a layer of it.

        Args:
            pattern: What to play.
            on: Where, as for `play`.

        In a file it plays when its line is new or has changed, not at every save.
        """
        self.singles.append(_playing("once", pattern, on, None))

    def single(self, pattern: Pattern, on: Chain, lasts: Fraction, quantum: float) -> None:
        """Play a pattern once; see `LoopsByHand.single`."""
        playing = _playing("capture", pattern, on, quantum)
        playing.layer = replace(playing.layer, waits=playing.layer.quantum, lasts=lasts)
        self.singles.append(playing)

    def tempo(
        self,
        bpm: float | None = None,
        beats_per_cycle: float = BEATS_PER_CYCLE,
        *,
        cps: float | None = None,
        over: float = 0,
    ) -> None:
        """Set the tempo, at once or in a ramp from the tempo that is.

        Args:
            bpm: Beats per minute, 0.1 to 1,000.
            beats_per_cycle: Beats that make a cycle, 4 unless given; 0.25 to 1,024.
            cps: Cycles per second, instead of bpm: 0.5 is 120 bpm where a cycle has four beats.
            over: Cycles in which it is reached, evenly in time; 0 (at once) to 65,536.

        Example: `tempo(bpm=112)`, and `tempo(140, over=8)` while it plays
        """
        beats = number_given("beats_per_cycle", beats_per_cycle)
        if cps is not None and bpm is not None:
            raise TypeError("tempo: it takes bpm or cps, not both of them")
        given = number_given("bpm", bpm) if cps is None else number_given("cps", cps) * 60 * beats
        request = TempoRequest(given, beats, cycles_given("tempo", over, "over="))
        try:
            cps_of(request.bpm, request.beats_per_cycle)
        except ValueError as error:
            raise error if cps is None else ValueError(f"{error}: so many are cps={cps}") from None
        self.tempo_request = request
        if cps is None and request.bpm < SLOW:
            self.doubts.append((_calling_lines()[0], _slow(request)))

    def midi_clock(self, port: str | None = None, *, always: bool = True, on: bool = True) -> None:
        """Let a machine or a program follow our tempo, by MIDI clock: ticks, start, stop and position.

        Args:
            port: A part of the port's name; without it our own virtual port "Sempre".
            always: Let ticks go on while the music stands; False is silence then.
            on: False takes the clock from a port that has it.

        Example: `midi_clock("Volca")`
        """
        self.clocks.append(midi_clock(port, always=always, on=on))

    def follow(
        self,
        clock: str | None,
        *,
        start_stop: bool = False,
        transport: bool = False,
        timebase: bool = False,
    ) -> None:
        """Follow the tempo and the beat of another; switching while it plays lets nothing jump.

        Args:
            clock: "link" is Ableton Link; "midi:" and a part of the port's name that sends MIDI clock;
                "jack" is JACK's transport; "plugin" is your DAW, by Sempre inside it; None is our own clock.
            start_stop: With Link, start and stop with the others, and they with us.
            transport: With MIDI, start, stop and be where the other is; else its tempo and beat are met only.
            timebase: With JACK, tell everybody our tempo, bars and beats.

        A MIDI clock that is followed wins over every `tempo`; with Link, `tempo` is everybody's. The beat is
        met by bending the tempo, a tenth at most; when the other drops out, its last tempo goes on.

        Example: `follow("link")`
        """
        said = followed(clock, start_stop=start_stop, transport=transport, timebase=timebase)
        self.follow_request = (said,)

    def set_cycle(self, cycle: float, *, quantum: float = 1) -> None:
        """Go to a cycle of the piece, at the next cycle's begin; notes that sound ring out.

        Args:
            cycle: Which, 0 to 1,000,000; halves and thirds are places too.
            quantum: Wait for a multiple of so many cycles; 0 goes at once.

        In a file it counts when its line is new or has changed: the first edition of a piece begins there.

        Example: `set_cycle(16)`
        """
        self.moves.append(Jump(place_given("set_cycle", cycle), cycles_given("set_cycle", quantum)))

    def loop(self, begin: Pattern | str | float | None, end: float | None = None) -> Any:
        """Play some cycles again and again; `loop(None)` goes on behind them.

        Args:
            begin: The first; from elsewhere the music goes there at the next cycle's begin.
            end: The first that is not played any more.

        With one argument it is the control of that name: `s("pad") | loop(1)`.

        Example: `loop(16, 24)`
        """
        if begin is None and end is None:
            self.moves.append(Loop(None))
        elif end is None:
            return cast("Callable[[object], Pattern]", pattern_namespace()["loop"])(begin)
        else:
            section = place_given("loop", begin), place_given("loop", end)
            if section[1] - section[0] < SHORTEST:
                raise ValueError(
                    f"loop: the end comes after the begin, by 1/{SHORTEST.denominator} cycle at least "
                    f"(got {brief(begin)}, {brief(end)})"
                )
            self.moves.append(Loop(section))
        return None

    def reseed(self, number: int, *, rng: str | None = None) -> None:
        """Set the seed of the piece: another number, other random choices, the same each time.

        Args:
            number: Any whole number.
            rng: Where the chance of its layers comes from, see `play`; "hash" unless given.

        `seeds()` at the prompt shows the seed of the piece and that of each layer.
        """
        if number is None:  # pyright: ignore[reportUnnecessaryComparison] - a musician may write anything
            raise TypeError("reseed: the seed must be a whole number (got None)")
        self.seed_request = _seed("reseed", number)
        self.rng_request = _rng("reseed", rng)

    def quantum(self, cycles: float) -> None:
        """Let changes of this file wait for a multiple of so many cycles, where a layer says nothing else.

        Args:
            cycles: 1 where nothing is said; 0 is at once, 1/4 the next beat where a cycle has four.

        Example: `quantum(4)`
        """
        self.quantum_request = cycles_given("quantum", cycles)

    def layers(self, names: Mapping[str, object]) -> dict[str, Playing]:
        """The layers by the names that they were bound to, or were given, in the order of the piece."""
        found: dict[str, Playing] = {}
        made = {id(playing): place for place, playing in enumerate(self.made)}
        for name, value in names.items():
            if isinstance(value, Playing) and id(value) in made:
                value.name = value.name or name
                found[value.name] = value
        for playing in self.made:
            if playing.name is not None and playing.name not in found:
                found[playing.name] = playing
        # A name that the language has keeps its old place in the namespace: `voice = play(...)` comes early.
        return dict(sorted(found.items(), key=lambda one: made[id(one[1])]))


def _playing(verb: str, pattern: object, on: Target | None, quantum: object) -> Playing:
    if isinstance(pattern, Playing):
        pattern = pattern.layer.pattern
    made = reify(pattern) if isinstance(pattern, str | Pattern) else None
    if made is None:
        raise TypeError(f'{verb} takes a pattern, such as s("bd*4") (got {brief(pattern)})')
    if on is not None and not hasattr(on, "kind"):
        raise TypeError(f"{verb}: on= takes an instrument, midi(...) or osc(...) (got {brief(on)})")
    if isinstance(on, Chain) and (source := on.instrument).kind == "bus":
        raise TypeError(f"{verb}: a bus makes no sound of its own: write on=instrument(...) | {source.name}")
    if isinstance(on, Chain) and (ways := moves_of(on)):
        # Signals in a chain are heard as those of `param` are, in each layer that plays there the same.
        signals = [in_own_unit(address, move.pattern) for address, move in ways if move.pattern is not None]
        made = with_steps(stack([made, *signals]), made.steps)
    line, statement = _calling_lines()
    return Playing(Layer(made, on, cycles_given(verb, quantum), line), line=statement)


def _seed(verb: str, seed: object) -> int | None:
    if seed is not None and not isinstance(seed, int):
        raise TypeError(f"{verb}: the seed must be a whole number (got {brief(seed)})")
    return seed


def _rng(verb: str, rng: object) -> str:
    if rng is not None and rng not in STREAMS:
        raise ValueError(f"{verb}: rng= is one of {', '.join(STREAMS)} (got {brief(rng)})")
    return str(rng or "")


def _transition(transition: Transition, pattern: Pattern) -> Transition:
    """Try a transition, so that a wrong one is an error of its own line and not of some later save."""
    if not callable(transition) or isinstance(transition, Pattern):
        raise TypeError(
            f"play: transition= takes one such as clutch or xfade_in(cycles=4) (got {brief(transition)})"
        )
    made = cast("object", transition(pattern, pattern, at=Fraction(0)))
    if not isinstance(made, Pattern):
        raise TypeError(f"play: transition= must make a pattern of two (it made {brief(made)})")
    return transition


def _checked_name(name: object) -> str | None:
    if name is None:
        return None
    if not isinstance(name, str):
        raise TypeError(f"play: name= takes text (got {brief(name)})")
    # A place is written `file:layer`, and what is played once is called "once 1".
    if not name.strip() or not name.isprintable() or ":" in name:
        raise ValueError(f"play: a name is one line of text without a colon (got {brief(name)})")
    # Without its place in the file: this name is a key, and goes into messages.
    return str(name)


SLOW = 20.0
"""Beats a minute below which something else is most likely meant: a beat of three seconds is hardly one."""


def _slow(request: TempoRequest) -> str:
    """What is said of a tempo that is hardly one: whose number counts cycles, most likely."""
    bpm, beats = request.bpm, request.beats_per_cycle
    given = f"{bpm:g}" if beats == BEATS_PER_CYCLE else f"{bpm:g}, {beats:g}"
    unit, here = ("second", f"cps={bpm:g}") if bpm < 4 else ("minute", f"cps={bpm:g} / 60")
    return f"tempo({given}) is a beat every {60 / bpm:.3g} seconds; {bpm:g} cycles a {unit} are tempo({here})"


def _calling_lines() -> tuple[int, int]:
    """The line of the musician's code that is being run, and that of its statement at the top level."""
    frame = inspect.currentframe()
    lines: list[tuple[str, int]] = []
    while frame is not None:
        if is_theirs(frame.f_globals):
            lines.append((frame.f_code.co_filename, frame.f_lineno))
        frame = frame.f_back
    file, statement = lines[-1] if lines else ("", 0)
    return next((line for name, line in lines if name == file), 0), statement


CONSTRUCTORS: dict[str, object] = {
    "adm_osc": adm_osc,
    "midi": midi,
    "mpe": mpe,
    "osc": osc,
    "plugin": plugin,
    "superdirt": superdirt,
    "instrument": instrument,
    "sampler": sampler,
    "soundfont": soundfont,
    "vst3": vst3,
    "lv2": lv2,
    "au": au,
    "bus": bus,
    "audio_in": audio_in,
    "looped": looped,
    "rules": rules,
    "style": style,
    "fx": fx,
    "from_midi": from_midi,
    "model": model,
    "knob": knob,
    "macro": macro,
    "toggle": toggle,
    "button": button,
    "xy": xy,
    "cc_in": cc_in,
    "cc14_in": cc14_in,
    "nrpn_in": nrpn_in,
    "bend_in": bend_in,
    "pressure_in": pressure_in,
    "key_in": key_in,
    "keys_in": keys_in,
    "gate_in": gate_in,
    "hits_in": hits_in,
    "keyboard": keyboard,
}
"""What builds targets, instruments and inputs."""


def collecting(collector: Collector) -> dict[str, Callable[..., object]]:
    """The functions that ask the session for something."""
    return {
        "play": collector.play,
        "once": collector.once,
        "capture": collector.capture,
        "overdub": collector.overdub,
        "replace": collector.replace,
        "undo": collector.undo,
        "redo": collector.redo,
        "clear": collector.clear,
        "multiply": collector.multiply,
        "halve": collector.halve,
        "tempo": collector.tempo,
        "follow": collector.follow,
        "set_cycle": collector.set_cycle,
        "loop": collector.loop,
        "midi_clock": collector.midi_clock,
        "reseed": collector.reseed,
        "quantum": collector.quantum,
    }


def piece_namespace(collector: Collector) -> dict[str, object]:
    """A fresh namespace for a piece: exactly the registry's names, the constructors and Python's builtins."""
    return {
        **pattern_namespace(),
        **CONSTRUCTORS,
        **collecting(collector),
        "__builtins__": cast("object", builtins),
        "__name__": PIECE,
    }
