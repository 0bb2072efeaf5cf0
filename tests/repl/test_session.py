"""What has been accepted: files, the prompt beside them, and the history from which it is made again."""

import json
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.controls import ControlTimeline
from bridge.layer import Layer
from bridge.tempo import Tempo
from repl.changes import Change, changes_of_end, changes_of_file, changes_of_statement, overrides_of
from repl.commits import Commit, end_commit, ended_commit, file_commit, tempo_commit, typed_commit
from repl.editions import new_singles, wanted_seed, wanted_tempo
from repl.errors import LoadError
from repl.loader import Loaded, load_piece
from repl.session import KEPT, Session, layer_name

NO_COMMANDS: Mapping[str, Callable[..., object]] = {}


class Desk:
    """Does with a session what the engine does, at cycles that the test says."""

    def __init__(self) -> None:
        self.session = Session()
        self.cycle = 0.0

    def _boundaries(self, changes: list[Change]) -> dict[str, Fraction]:
        here = Fraction(self.cycle)
        return {c.place: -(-here // c.quantum) * c.quantum if c.quantum else here for c in changes}

    def _commit(self, commit: Commit, loaded: Loaded | None = None) -> None:
        # As it is handed over: through JSON.
        self.session.apply(cast("Commit", json.loads(json.dumps(commit))), loaded)

    def save(self, source: str, file: str = "a.py") -> list[Change]:
        """Save a file."""
        loaded = load_piece(source, file)
        changes = changes_of_file(self.session, loaded)
        self._commit(file_commit(loaded, self._boundaries(changes), self.cycle), loaded)
        return changes

    def remove(self, file: str = "a.py") -> list[Change]:
        """Remove a file."""
        changes = changes_of_end(self.session, file)
        self._commit(end_commit(file, self._boundaries(changes), self.cycle))
        return changes

    def type(self, source: str) -> list[Change]:
        """Type a statement."""
        with self.session.attempt():
            loaded = self.session.statement(source, NO_COMMANDS)
        changes = changes_of_statement(self.session, loaded)
        overrides = overrides_of(self.session, loaded)
        self._commit(typed_commit(loaded, self._boundaries(changes), overrides, self.cycle), loaded)
        return changes

    def end(self, *places: str) -> None:
        """End layers, as `hush` with names does."""
        self._commit(ended_commit(dict.fromkeys(places, Fraction(int(self.cycle) + 1)), self.cycle))

    def say(self, **commit: object) -> None:
        """Any other commit."""
        self._commit(commit)

    def playing(self) -> dict[str, str]:
        """What plays, or will: the first value of each place's newest pattern."""
        found: dict[str, str] = {}
        for place in self.session.playing():
            layer = self.session.places[place][-1][1]
            assert layer is not None
            found[place] = sound(layer)
        return found


def sound(layer: Layer | None) -> str:
    """The sound that a layer's pattern begins with."""
    if layer is None:
        return ""
    value = cast("dict[str, object]", layer.pattern.haps(0, 1)[0].value)
    return str(value["s"])


def bind(name: str, what: str) -> str:
    """A line that plays a sound."""
    return f'{name} = play(s("{what}"))'


def replayed(session: Session) -> Session:
    """The session that a new understudy makes of the history."""
    fresh = Session()
    for commit in session.history:
        fresh.apply(cast("Commit", json.loads(json.dumps(commit))))
    return fresh


def versions(session: Session, now: float = -1.0) -> dict[str, list[tuple[Fraction, str]]]:
    """Each place with what it plays from when on, as far as it matters from now on.

    That nothing plays before the first version goes without saying, and silence is silence.
    """
    found: dict[str, list[tuple[Fraction, str]]] = {}
    for place, rows in session.places.items():
        current = max((b for b, _ in rows if b <= now), default=Fraction(-1))
        plain: list[tuple[Fraction, str]] = []
        for boundary, layer in rows:
            if boundary >= current and (sound(layer) or (plain and plain[-1][1])):
                plain.append((boundary, sound(layer)))
        if plain:
            found[place] = plain
    return found


# Files.


def test_saving_changes_what_is_there_and_ends_what_is_gone() -> None:
    """Each layer gets a version from its own boundary on."""
    desk = Desk()
    desk.save(f'{bind("a", "bd")}\nb = play(s("sd"), quantum=4)')
    assert desk.playing() == {"a.py:a": "bd", "a.py:b": "sd"}
    desk.cycle = 1.5
    changes = desk.save(bind("a", "hh"))
    assert [(c.place, c.layer is None, c.quantum) for c in changes] == [
        ("a.py:a", False, 1),
        ("a.py:b", True, 4),
    ]
    assert desk.session.places["a.py:b"][-1] == (Fraction(4), None)
    assert desk.playing() == {"a.py:a": "hh"}
    assert [b for b, _ in desk.session.places["a.py:a"]] == [0, 2]


def test_removing_a_file_ends_its_layers() -> None:
    """And one that comes back plays again."""
    desk = Desk()
    desk.save(bind("a", "bd"))
    desk.save(bind("a", "sd"), "b.py")
    assert [c.place for c in desk.remove()] == ["a.py:a"]
    assert desk.playing() == {"b.py:a": "sd"}
    assert desk.remove() == []
    desk.save(bind("a", "hh"))
    assert desk.playing() == {"a.py:a": "hh", "b.py:a": "sd"}


def test_two_files_never_share_a_place() -> None:
    """A layer is a file and a name; the prompt means the first file's."""
    desk = Desk()
    desk.save(bind("a", "bd"))
    desk.save(bind("a", "sd"), "b.py")
    desk.type(bind("a", "hh"))
    assert desk.playing() == {"a.py:a": "hh", "b.py:a": "sd"}
    # Saving the other one again changes nothing of the first.
    desk.save(bind("a", "sd"), "b.py")
    desk.save(bind("a", "bd") + "\nx = 1")
    assert desk.playing() == {"a.py:a": "hh", "b.py:a": "sd"}


def test_quick_saves_do_not_pile_up() -> None:
    """What was never heard is forgotten: a version that had the same boundary."""
    desk = Desk()
    desk.save(bind("a", "bd"))
    desk.cycle = 0.5
    for what in ("sd", "hh", "cp"):
        desk.save(bind("a", what))
    assert versions(desk.session) == {"a.py:a": [(0, "bd"), (1, "cp")]}


def test_few_versions_are_kept() -> None:
    """What plays, what comes, and what was good before."""
    desk = Desk()
    for cycle in range(10):
        desk.cycle = float(cycle)
        desk.save(bind("a", "bd"))
    assert len(desk.session.places["a.py:a"]) == KEPT


def test_what_has_ended_is_forgotten_in_time() -> None:
    """Not before it is over: its place must end at its boundary in every engine."""
    desk = Desk()
    desk.save(f'a = play(s("bd"), quantum=4)\n{bind("b", "sd")}')
    desk.cycle = 0.5
    desk.save(bind("b", "sd"))
    assert "a.py:a" in desk.session.places
    desk.cycle = 3.5
    desk.save(bind("b", "hh"))
    assert "a.py:a" in desk.session.places
    desk.cycle = 5.5
    desk.save(bind("b", "cp"))
    assert "a.py:a" not in desk.session.places


# The prompt beside them.


def test_the_prompt_overrides_a_line_until_that_line_changes() -> None:
    """Other lines may change meanwhile."""
    desk = Desk()
    desk.save(bind("a", "bd"))
    desk.type(bind("a", "sd"))
    assert desk.playing() == {"a.py:a": "sd"}
    assert desk.save(f"{bind('a', 'bd')}\n{bind('b', 'hh')}")[0].place == "a.py:b"
    assert desk.playing() == {"a.py:a": "sd", "a.py:b": "hh"}
    desk.save(bind("a", "cp"))
    assert desk.playing() == {"a.py:a": "cp"}
    desk.save(bind("a", "bd"))
    assert desk.playing() == {"a.py:a": "bd"}


def test_an_overridden_layer_ends_with_its_line() -> None:
    """Or with its file."""
    desk = Desk()
    desk.save(bind("a", "bd"))
    desk.type(bind("a", "sd"))
    desk.save("x = 1")
    assert desk.playing() == {}
    desk.save(bind("a", "bd"))
    desk.type(bind("a", "sd"))
    desk.remove()
    assert desk.playing() == {}
    assert desk.session.overrides == {}


@pytest.mark.parametrize("statement", ["del a", "a = None"])
def test_taking_a_name_away_ends_its_layer(statement: str) -> None:
    """The file's line does not bring it back until it changes."""
    desk = Desk()
    desk.save(bind("a", "bd"))
    desk.type("b = a")
    desk.type(statement)
    assert desk.playing() == {}
    desk.save(bind("a", "bd") + "\nx = 1")
    assert desk.playing() == {}
    desk.save(bind("a", "cp"))
    assert desk.playing() == {"a.py:a": "cp"}


def test_what_was_tried_at_the_prompt_may_move_into_the_file() -> None:
    """It does not play twice: the file takes over at the boundary at which its layer begins."""
    desk = Desk()
    desk.type(bind("a", "bd"))
    desk.cycle = 2.5
    changes = desk.save(bind("a", "bd"))
    assert [(c.place, c.layer is None) for c in changes] == [("a.py:a", False), (":a", True)]
    assert desk.playing() == {"a.py:a": "bd"}
    assert desk.session.places[":a"][-1][0] == desk.session.places["a.py:a"][-1][0] == 3
    desk.type(bind("a", "sd"))
    assert desk.playing() == {"a.py:a": "sd"}


def test_layers_of_loops_can_be_overridden_too() -> None:
    """They hold until the statement that makes them changes."""
    desk = Desk()
    loop = 'for n, w in (("x", "bd"), ("y", "sd")):\n    play(s(w), name=n)\n'
    desk.save(loop)
    desk.type(bind("x", "hh"))
    desk.save("k = 1\n" + loop)
    assert desk.playing() == {"a.py:x": "hh", "a.py:y": "sd"}
    desk.save(loop.replace("sd", "cp"))
    assert desk.playing() == {"a.py:x": "bd", "a.py:y": "cp"}


def test_the_prompt_sees_the_names_of_the_pieces() -> None:
    """What was typed wins; what was deleted comes back with the next save, or from Sempre itself."""
    desk = Desk()
    desk.save('kick = "bd"\nroot = 3')
    desk.type("root = 5")
    desk.save('kick = "sd"\nroot = 4')
    assert desk.session.statement("(str(kick), root)", NO_COMMANDS).value == ("sd", 5)
    desk.type("s = 7")
    desk.type("del s")
    assert desk.type('a = play(s("bd"))')


def test_a_statement_that_fails_binds_nothing() -> None:
    """Else the understudy, which never hears of it, would not know the names of later ones."""
    desk = Desk()
    desk.type("x = 1")
    with pytest.raises(LoadError):
        desk.type("x = 2\ny = 3\n1 / 0")
    assert desk.session.statement("x", NO_COMMANDS).value == 1
    with pytest.raises(LoadError, match="nothing is called 'y'"):
        desk.session.statement("y", NO_COMMANDS)


# Everything else that is accepted.


def test_hush_ends_everything() -> None:
    """Files stay known: the next save plays again."""
    desk = Desk()
    desk.save(bind("a", "bd"))
    desk.type(bind("b", "sd"))
    desk.say(kind="hush")
    assert desk.playing() == {}
    assert desk.session.as_places() == []
    desk.save(bind("a", "bd"))
    assert desk.playing() == {"a.py:a": "bd"}


def test_mute_and_solo_survive_a_save() -> None:
    """They are kept by name, and hold for the engine that takes over."""
    desk = Desk()
    desk.save(f"{bind('a', 'bd')}\n{bind('b', 'sd')}")
    desk.say(kind="mix", muted=["a"], solo=["b"])
    desk.cycle = 3.5
    desk.save(f"{bind('a', 'cp')}\n{bind('b', 'sd')}")
    assert {p.name: p.muted for p in desk.session.as_places()} == {"a.py:a": True, "a.py:b": False}
    assert desk.session.solo_places() == {"a.py:b"}


def test_a_solo_that_has_ended_silences_nobody() -> None:
    """Else all would be silent, and nothing would say why."""
    desk = Desk()
    desk.save(f"{bind('a', 'bd')}\n{bind('b', 'sd')}")
    desk.say(kind="mix", muted=[], solo=["b"])
    desk.save(bind("a", "bd"))
    assert desk.session.solo_places() == frozenset()


def test_states_are_taken_over() -> None:
    """Tempo with its beats, seed and knobs."""
    desk = Desk()
    tempo = Tempo.steady(0.5, 3.25).changed(7.0, 0.75)
    knobs = ControlTimeline()
    knobs.set("cutoff", Fraction(5, 3), 0.25)
    desk.say(**tempo_commit(tempo, 3.0))
    desk.say(kind="seed", seed=9)
    desk.say(kind="controls", controls=knobs.to_json())
    for session in (desk.session, replayed(desk.session)):
        assert (session.tempo, session.beats, session.begun, session.seed) == (tempo, 3.0, True, 9)
        assert session.controls.at("cutoff", Fraction(2)) == 0.25


def test_falling_back() -> None:
    """The version before takes the newest one's place; the first one's is taken by nothing."""
    desk = Desk()
    desk.save(bind("a", "bd"))
    desk.cycle = 1.5
    desk.save(bind("a", "sd"))
    desk.say(kind="fallback", place="a.py:a")
    assert versions(desk.session) == {"a.py:a": [(0, "bd"), (2, "bd")]}
    assert versions(replayed(desk.session)) == versions(desk.session)
    desk.say(kind="fallback", place="nowhere")
    other = Desk()
    other.save(bind("a", "bd"))
    other.session.fall_back("a.py:a")
    assert other.playing() == {}


def test_the_suspect_goes_back_a_version() -> None:
    """The engine that takes over does not ask again what took the former one down."""
    desk = Desk()
    desk.save(f"{bind('a', 'bd')}\n{bind('b', 'sd')}")
    desk.cycle = 1.5
    desk.save(f"{bind('a', 'hh')}\n{bind('b', 'sd')}")
    places = {p.name: p for p in desk.session.as_places("a.py:a")}
    assert [sound(v) for _, v in places["a.py:a"].versions] == ["bd", "bd"]
    assert sound(places["a.py:a"].good) == "bd"


def test_tempo_seed_and_singles_count_when_they_change() -> None:
    """Saving a file for another reason does not undo what was typed, nor plays `once` again."""
    first = load_piece('tempo(90)\nreseed(1)\nonce(s("bd"))', "a.py")
    same = load_piece('tempo(90)\nreseed(1)\nonce(s("bd"))\nx = 1\nonce(s("sd"))', "a.py")
    other = load_piece("tempo(91)\nreseed(2)", "a.py")
    assert wanted_tempo(first, None) == first.tempo
    assert wanted_seed(first, None) == 1
    assert [sound(layer) for layer in new_singles(first, None)] == ["bd"]
    assert wanted_tempo(same, first) is None
    assert wanted_seed(same, first) is None
    assert [sound(layer) for layer in new_singles(same, first)] == ["sd"]
    assert wanted_tempo(other, same) == other.tempo
    assert wanted_seed(other, same) == 2


# The history.


def test_a_thousand_saves_keep_a_short_history() -> None:
    """What no understudy needs any more is dropped; the newest edition stays."""
    desk = Desk()
    desk.type("x = 1")
    for number in range(1000):
        desk.cycle = number / 3
        desk.save(f"{bind('a', 'bd')}\nv{number} = {number}\n{bind(f'l{number % 7}', 'sd')}")
        desk.say(kind="tempo", tempo=Tempo.steady(0.5).to_json(), beats=4.0, begun=True)
        desk.say(kind="tried", file="a.py", texts={"a.py": str(number)})
        if number % 50 == 0:
            desk.say(kind="fallback", place="a.py:a")
            desk.end("a.py:a")
    assert len(desk.session.history) < 30
    assert versions(replayed(desk.session), desk.cycle) == versions(desk.session, desk.cycle)


def test_a_statement_finds_the_names_that_it_found() -> None:
    """A new understudy runs what was typed after the edition of the file that it was typed after."""
    desk = Desk()
    desk.save('kick = s("bd")')
    desk.type("a = play(kick)")
    for number in range(5):
        desk.cycle += 1
        desk.save(f'kick = s("sd")\nv = {number}')
    fresh = replayed(desk.session)
    assert versions(fresh) == versions(desk.session) == {":a": [(0, "bd")]}


def test_an_override_is_taken_over_although_its_edition_is_gone() -> None:
    """The line that it holds against goes with it."""
    desk = Desk()
    desk.save(bind("a", "bd"))
    desk.type(bind("a", "sd"))
    for number in range(6):
        desk.cycle += 1
        desk.save(f"{bind('a', 'bd')}\nv = {number}\n{bind('b', 'hh')}")
    fresh = Desk()
    fresh.session = replayed(desk.session)
    assert fresh.playing() == desk.playing() == {"a.py:a": "sd", "a.py:b": "hh"}
    assert fresh.save(bind("a", "bd"))[0].place == "a.py:b"
    assert fresh.playing() == {"a.py:a": "sd"}


def test_commands_of_a_replayed_statement_do_nothing() -> None:
    """What they did is a commit of its own."""
    session = Session()
    loaded: Commit = {
        "kind": "typed",
        "source": "hush(); mute('a'); x = 1",
        "boundaries": {},
        "overrides": {},
    }
    session.apply(loaded)
    assert session.space["x"] == 1


SOUNDS = st.sampled_from(["bd", "sd", "hh"])
NAMES = st.sampled_from("abcd")
PIECES = st.dictionaries(
    st.sampled_from("abc"), st.tuples(SOUNDS, st.sampled_from(["", ", quantum=4", ", quantum=0"])), max_size=3
)
Step = Callable[[Desk], object]


def save(file: str, rows: Mapping[str, tuple[str, str]]) -> Step:
    """Save a file with some layers."""
    source = "\n".join(f'{name} = play(s("{what}"){quantum})' for name, (what, quantum) in rows.items())
    return lambda desk: desk.save(source, file)


def mix(muted: set[str], solo: set[str]) -> Step:
    """Mute and solo."""
    return lambda desk: desk.say(kind="mix", muted=sorted(muted), solo=sorted(solo))


def end(name: str) -> Step:
    """Hush the layers of a name."""
    return lambda desk: desk.end(*[p for p in desk.session.playing() if layer_name(p) == name])


def wait(cycles: float) -> Step:
    """Let the music go on."""

    def step(desk: Desk) -> None:
        desk.cycle += cycles

    return step


def remove(file: str) -> Step:
    """Remove a file."""
    return lambda desk: desk.remove(file)


def type_in(name: str, what: str) -> Step:
    """Bind a name at the prompt; to nothing with no sound."""
    return lambda desk: desk.type(bind(name, what) if what else f"{name} = None")


def hush(_: None) -> Step:
    """End everything."""
    return lambda desk: desk.say(kind="hush")


def reseed(seed: int) -> Step:
    """Set the seed."""
    return lambda desk: desk.say(kind="seed", seed=seed)


FILES = st.sampled_from(["a.py", "b.py"])
STEPS: st.SearchStrategy[Step] = st.one_of(
    st.builds(save, FILES, PIECES),
    st.builds(remove, FILES),
    st.builds(type_in, NAMES, SOUNDS | st.just("")),
    st.builds(mix, st.sets(NAMES), st.sets(NAMES)),
    st.builds(end, NAMES),
    st.builds(hush, st.none()),
    st.builds(reseed, st.integers(0, 9)),
    st.builds(wait, st.floats(0.25, 6)),
)


@settings(deadline=None, max_examples=100)
@given(st.lists(STEPS, max_size=14), st.lists(STEPS, max_size=4))
def test_the_history_makes_an_equal_session(steps: list[Step], more: list[Step]) -> None:
    """The law of taking over: what is made of the history is equal, and stays so whatever comes next."""
    desk, other = Desk(), Desk()
    for step in steps:
        step(desk)
    other.session, other.cycle = replayed(desk.session), desk.cycle
    for step in [wait(0), *more]:
        step(desk)
        step(other)
        assert versions(other.session, desk.cycle) == versions(desk.session, desk.cycle)
        assert other.session.overrides == desk.session.overrides
        assert (other.session.muted, other.session.solo) == (desk.session.muted, desk.session.solo)
        assert other.session.seed == desk.session.seed
        assert set(other.session.files) == set(desk.session.files)
        assert other.session.solo_places() == desk.session.solo_places()
