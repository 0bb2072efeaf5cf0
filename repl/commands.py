"""What can be said at the prompt besides what a piece can say; each command acts when it is called."""

from __future__ import annotations

import json
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from patterns.core import Pattern
from patterns.form.steering import FormReading
from patterns.lanes import score_of, whole
from patterns.svg import picture
from patterns.views import Drawing, explained
from plugin_host.specs import Chain
from repl.bus_names import names_of
from repl.daw_remote import steer
from repl.errors import ReplError
from repl.going_back import GoingBack, Remembers
from repl.learn import ByHand
from repl.looking import look
from repl.namespace import Playing
from repl.session import layer_name
from repl.steering import Steering, Steers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from patterns.lanes import Score
    from repl.commits import Commit
    from repl.moving import Moving
    from repl.session import Session


CUE = b"C"
"""What the mixer is told to take out of the mix."""
HOW_TO_ASK = """\
?fast  or  help(fast)    what it does, its arguments, an example
?                        everything there is
explain(drums, 2)        what a layer does in two cycles, event by event
layers()                 what plays"""


class Desk(Remembers, Steers, Protocol):
    """What the commands need of an engine."""

    session: Session

    @property
    def passed(self) -> float:
        """How many cycles have passed."""
        ...

    @property
    def cycle(self) -> float:
        """Where the music is."""
        ...

    def accept(self, commit: Commit) -> None:
        """Apply a commit here, at the understudy's, and in the music."""
        ...

    def end_layers(self, places: list[str]) -> None:
        """End layers at their next boundary."""
        ...

    def silence(self) -> None:
        """Sound off now, everywhere."""
        ...

    def turn(self, name: str, value: float) -> None:
        """Give a knob a value."""
        ...

    def tap(self) -> float | None:
        """Take a tap of the beat; gives the tempo from the second on."""
        ...

    def nudge(self, later: float) -> None:
        """Move all that is to come, in seconds."""
        ...

    @property
    def moving(self) -> Moving:
        """Moves the music within the piece."""
        ...


class TellMixer(Protocol):
    """How the mixer is told something."""

    def __call__(self, kind: bytes, body: bytes, *, stands: bool = False) -> object:
        """Tell it; what stands is told again to one that begins anew."""
        ...


def _no_mixer(kind: bytes, body: bytes, *, stands: bool = False) -> None:
    """Say nothing: there is none."""
    del kind, body, stands


def _no_meters(_names: object, *, anew: bool) -> str:
    """Say that there is nothing to measure."""
    del anew
    raise ReplError("there are no meters here")


class Commands(ByHand, GoingBack, Steering):
    """The commands of one engine.

    Args:
        desk: The engine.
        tell: Tells the process in which MIDI comes in.
        takes: Where that writes down what is played.
        mixer: Tells the mixer.
        meters: Draws how loud everything is.
    """

    def __init__(
        self,
        desk: Desk,
        tell: Callable[[dict[str, object]], object] = bool,
        takes: Path | None = None,
        mixer: TellMixer = _no_mixer,
        meters: Callable[..., str] = _no_meters,
    ) -> None:
        ByHand.__init__(self, desk, tell, takes, mixer)
        GoingBack.__init__(self, desk)
        Steering.__init__(self, desk)
        self._desk = desk
        self._meters = meters
        self._tell_mixer = mixer
        # Whoever takes over tells a mixer that begins anew, too.
        for commit in desk.session.history:
            if commit["kind"] == "cue":
                self._cue(cast("list[str]", commit["names"]))

    def table(self) -> dict[str, Callable[..., object]]:
        """The commands by the name under which they are called."""
        return {
            "hush": self.hush,
            "panic": self.panic,
            "mute": self.mute,
            "unmute": self.unmute,
            "solo": self.solo,
            "unsolo": self.unsolo,
            "cue": self.cue,
            "turn": self.turn,
            "tap": self.tap,
            "nudge_clock": self.nudge_clock,
            "pause": self.pause,
            "resume": self.resume,
            **self.going_back(),
            **self.steering(),
            "daw": self.daw,
            "layers": self.layers,
            "meters": self.meters,
            "seeds": self.seeds,
            "help": self.help,
            "explain": self.explain,
            "svg": self.svg,
            "learn": self.learn,
            "unlearn": self.unlearn,
            "learnt": self.learnt,
            "record": self.record,
            "take": self.take,
        }

    def hush(self, *layers: str | Playing) -> None:
        """End layers; without a name, all of them. What sounds rings out.

        Args:
            *layers: Names of layers.
        """
        if layers:
            self._desk.end_layers(self._places(layers))
        else:
            self._desk.accept({"kind": "hush"})

    def panic(self) -> None:
        """Sound off now: ends every layer and every note, on every port and instrument."""
        self._desk.silence()

    def mute(self, *layers: str | Playing) -> None:
        """Let layers go on unheard.

        Args:
            *layers: Names of layers; a bus stands for all that play into it.
        """
        if not layers:
            raise ReplError('mute takes names of layers, such as mute("drums"); hush() ends them all')
        names = self._names(layers)
        self._mix(self._desk.session.muted | names, self._desk.session.solo)

    def unmute(self, *layers: str | Playing) -> None:
        """Let layers be heard again; without a name, all of them.

        Args:
            *layers: Names of layers.
        """
        muted = self._desk.session.muted
        names = self._names(layers, muted) if layers else muted
        self._mix(muted - names, self._desk.session.solo)

    def solo(self, *layers: str | Playing) -> None:
        """Let only these layers be heard; `unsolo()` lets all be heard again.

        Args:
            *layers: Names of layers; a bus stands for all that play into it.
        """
        if not layers:
            raise ReplError('solo takes names of layers, such as solo("drums"); unsolo() lets all be heard')
        self._mix(self._desk.session.muted, self._names(layers))

    def unsolo(self, *layers: str | Playing) -> None:
        """Let all layers be heard that are not muted; with names, end the solo of these.

        Args:
            *layers: Names of layers.
        """
        solo = self._desk.session.solo
        names = self._names(layers, solo) if layers else solo
        self._mix(self._desk.session.muted, solo - names)

    def cue(self, *layers: str | Playing) -> str:
        """Hear layers beforehand: they leave the mix for a pair of outputs of their own, until `cue()`.

        Args:
            *layers: Names of layers, and of buses; none ends it. Layers that play one and the same instrument
                go together.

        The outputs are those that `cue = true` under `[audio]` opens.

        Example: `cue("lead")`
        """
        names = sorted(self._names(layers)) if layers else []
        self._desk.accept({"kind": "cue", "names": names})
        self._cue(names)
        return Drawing(f"to be cued: {', '.join(names)}" if names else "all is in the mix")

    def _cue(self, names: list[str]) -> None:
        self._tell_mixer(CUE, json.dumps(names).encode(), stands=True)

    def turn(self, knob: str, value: float) -> None:
        """Turn a knob of the piece.

        Args:
            knob: Its name.
            value: 0 to 1, whatever the pattern makes of it.

        Example: `turn("cutoff", .4)`
        """
        playing = self._desk.session.playing()
        newest = [self._desk.session.places[place][-1][1] for place in playing]
        read = {name for layer in newest if layer is not None for name in layer.pattern.reads}
        there = sorted(name for name in read if not isinstance(name, FormReading))
        if knob not in there:
            raise ReplError(f"no layer follows a knob called {knob!r}{_hint(knob, there)}")
        if not isinstance(value, int | float) or not 0 <= value <= 1:  # pyright: ignore[reportUnnecessaryIsInstance] - a musician may write anything
            raise ReplError(f"turn: a knob goes from 0 to 1 (got {value!r})")
        self._desk.turn(str(knob), float(value))

    def tap(self) -> str:
        """Set the tempo by tapping the beat: from the second tap on, by the median of the last eight gaps.

        After two seconds without a tap it begins anew.
        """
        bpm = self._desk.tap()
        return Drawing("tap again" if bpm is None else f"{bpm:.1f} bpm")

    def nudge_clock(self, ms: float) -> None:
        """Move the music against another's: the tempo bends for a second, and nothing jumps.

        Args:
            ms: Milliseconds by which all that follows comes later; negative is earlier; -1,000 to 1,000.

        Example: `nudge_clock(-15)`
        """
        if isinstance(ms, bool) or not isinstance(ms, int | float) or not -1000 <= ms <= 1000:  # pyright: ignore[reportUnnecessaryIsInstance] - a musician may write anything
            raise ReplError(f"nudge_clock: ms must be -1000 to 1000 (got {ms!r})")
        followed = self._desk.session.follow
        if followed is not None:
            # It would be undone at once: the other's beat is what we are bent to.
            raise ReplError(
                f"nudge_clock: {followed.rpartition(':')[2]} is followed, and says where the beat is; "
                "[latency] in sempre.toml moves all that is played, nudge() a layer, follow(None) lets go"
            )
        self._desk.nudge(ms / 1000)

    def pause(self) -> str:
        """Let the piece stand where it is: what sounds ends, time passes. `resume()` goes on from there."""
        return Drawing("the piece stands" if self._desk.moving.pause() else "it stands already")

    def resume(self) -> str:
        """Let the piece go on from where it stands."""
        return Drawing("the piece goes on" if self._desk.moving.resume() else "it does not stand")

    def daw(
        self, name: str, what: str, value: float | None = None, *, host: str = "127.0.0.1", port: int = 0
    ) -> str:
        """Steer the transport of a DAW by OSC; `sempre daw NAME` says what has to be switched on there.

        Args:
            name: "ardour", "reaper", "live" or "bitwig".
            what: "start", "stop", "record", "rewind", "tempo", or in Live "scene".
            value: Beats per minute, or the number of the scene.
            host: Where it runs; this machine unless given.
            port: Where it listens, 1 to 65535; its usual port unless given.

        Example: `daw("reaper", "tempo", 112)`
        """
        return Drawing(steer(name, what, value, host, port))

    def layers(self) -> list[str]:
        """The names of the layers that play."""
        return sorted({layer_name(place) for place in self._desk.session.playing()})

    def meters(self, *layers: str | Playing, anew: bool = False) -> str:
        """Show how loud everything is: peak and rms, loudness in LUFS, the spectrum.

        Args:
            *layers: Names of layers and buses whose loudness and spectra are to be shown beside the whole's.
            anew: Whether the integrated loudness and the true peak count from now on.

        They are measured from the first time on that one asks, and for two minutes after the last.

        Example: `meters("drums")`
        """
        return Drawing(self._meters(sorted(self._names(layers)) if layers else [], anew=bool(anew)))

    def help(self, thing: object = None) -> str:
        """Say what something is: a name as text, a function, a method, an instrument.

        Args:
            thing: As in `help(fast)`, `help("fast")`, `help(fx.reverb)`; without it, how to ask.
        """
        from repl.manual import about

        return Drawing(HOW_TO_ASK if thing is None else about(thing))

    def explain(self, what: Pattern | Playing | str, cycles: int = 1, *, begin: int | None = None) -> str:
        """Say what a layer or pattern does: a drawing, then each event with exact times and its place.

        Args:
            what: A layer, also by name, or a pattern.
            cycles: Number of cycles, 1 to 16.
            begin: The first cycle; that in which a layer is now, unless given, and 0 for a pattern. A version
                that has not begun is shown from where it will.

        Of a layer it is shown what is heard: with its seed, the inputs as they are, and what named folds
        have carried over from versions before.
        """
        return explained(*self._looked_at(what, cycles, begin))

    def svg(
        self,
        what: Pattern | Playing | str,
        file: str,
        cycles: int = 1,
        *,
        begin: int | None = None,
        title: str = "",
    ) -> str:
        """Draw a layer or pattern as a picture for a page, into a file.

        Args:
            what: A layer, also by name, or a pattern.
            file: Where to; its name ends in .svg.
            cycles: Number of cycles, 1 to 16.
            begin: The first cycle; that in which a layer is now, unless given, and 0 for a pattern.
            title: What stands above it.

        Example: `svg(drums, "drums.svg", 4)`
        """
        _, score = self._looked_at(what, cycles, begin)
        path = Path(file).expanduser()
        path = path if path.suffix else path.with_suffix(".svg")
        if path.suffix.lower() != ".svg":
            raise ReplError(f'svg writes files such as "drums.svg" (got {str(file)!r})')
        try:
            path.write_text(picture(score, title), encoding="utf-8")
        except OSError as error:
            raise ReplError(f"cannot write {path}: {error.strerror or error}") from None
        return Drawing(f"{path} is written")

    def _looked_at(self, what: object, cycles: int, begin: int | None) -> tuple[Pattern, Score]:
        """A pattern, or that of a layer, and what is in some cycles of it."""
        if isinstance(what, Pattern):
            return what, score_of(what, cycles, begin=begin or 0)
        (name,) = self._names((cast("str | Playing", what),), buses=False)
        session = self._desk.session
        place = next(each for each in session.playing() if layer_name(each) == name)
        first = None if begin is None else whole("begin", begin)
        found = look(session, place, self._desk.cycle, first)
        if found is None:
            raise ReplError(f"{name} is ending")
        return found.pattern, score_of(found.pattern, cycles, begin=found.begin, ask=found.walk)

    def seeds(self) -> dict[str, int]:
        """The seed of the piece, and those of the layers that play, by name.

        `reseed(number)` sets that of the piece, `play(..., seed=number)` that of a layer. Each change of
        them is written into the session's journal, and `sempre replay` plays with them again.
        """
        session = self._desk.session
        by_place = session.seeds()
        named = {layer_name(place): by_place[place] for place in sorted(by_place, key=layer_name)}
        return {"the piece": session.seed, **named}

    def _mix(self, muted: Iterable[str], solo: Iterable[str]) -> None:
        self._desk.accept({"kind": "mix", "muted": sorted(muted), "solo": sorted(solo)})

    def _places(self, layers: tuple[str | Playing, ...]) -> list[str]:
        names, session = self._names(layers), self._desk.session
        return [p for p in session.playing() if names & names_of(layer_name(p), session.newest(p))]

    def _buses(self) -> set[str]:
        session = self._desk.session
        return {one for p in session.playing() for one in names_of(layer_name(p), session.newest(p))}

    def _names(
        self, layers: tuple[str | Playing, ...], more: Iterable[str] = (), *, buses: bool = True
    ) -> frozenset[str]:
        there = sorted({*self.layers(), *(self._buses() if buses else ()), *more})
        names: set[str] = set()
        for layer in layers:
            name: object = layer.name if isinstance(layer, Playing) else layer
            if isinstance(layer, Chain) and layer.instrument.kind == "bus":
                name = layer.instrument.name
            if not isinstance(name, str):
                kind = type(name).__name__
                raise ReplError(f'this takes names of layers, such as "drums" (got something of type {kind})')
            if name not in there:
                raise ReplError(f"no layer is called {name!r}{_hint(name, there)}")
            names.add(str(name))
        return frozenset(names)


def _hint(name: object, there: list[str]) -> str:
    near = get_close_matches(str(name), there, n=1)
    return f"; did you mean {near[0]!r}?" if near else f" (there: {', '.join(there) or 'none'})"
