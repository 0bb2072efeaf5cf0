"""The prompt, by its keys: a fake session behind real doors, a pipe for the keyboard, a recorded screen."""

import io
import json
import os
import re
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from bridge.clock import monotonic
from bridge.errors import PeerGone
from bridge.worker import Connection, Door, address, pause
from repl.client import Message
from repl.prompt import run
from repl.prompt_settings import PromptSettings
from repl.runtime import keep_project

KEY = b"a key for tests"
PATIENCE = 12.0
ENTER = "\r"
CTRL_C = "\x03"
CTRL_D = "\x04"
ESCAPE = "\x1b"
ALT_ENTER = "\x1b\r"


def until(true: Callable[[], object], what: str) -> None:
    """Wait for something that other threads bring about."""
    deadline = monotonic() + PATIENCE
    while not true():
        assert monotonic() < deadline, f"never: {what}"
        pause(0.002)


class FakeDoor:
    """One door of a session that notes what it is told and answers by a rule."""

    def __init__(self, runtime: Path, name: str, answer: Callable[[Message], list[Message]]) -> None:
        self.heard: list[Message] = []
        self._answer = answer
        self._clients: list[Connection] = []
        self._door = Door(address(runtime, name), KEY, self._serve)

    def say(self, message: object) -> None:
        """Tell every client."""
        for client in list(self._clients):
            client.send_json(b"J", message)

    def say_raw(self, body: bytes) -> None:
        """Tell every client something that need not be JSON."""
        for client in list(self._clients):
            client.send(b"J", body)

    @property
    def has_client(self) -> bool:
        """Whether somebody is in."""
        return bool(self._clients)

    def ops(self) -> list[object]:
        """What was asked for, but for names."""
        return [m.get("op") for m in self.heard if m.get("op") != "names"]

    def texts(self) -> list[object]:
        """What was to be evaluated."""
        return [m["text"] for m in self.heard if m.get("op") == "eval"]

    def vanish(self) -> None:
        """Close as a process that dies does."""
        self._door.close()
        for client in self._clients:
            client.close()
        self._clients.clear()

    def _serve(self, connection: Connection) -> None:
        self._clients.append(connection)
        try:
            while True:
                message = cast("Message", json.loads(connection.receive()[1]))
                self.heard.append(message)
                for reply in self._answer(message):
                    connection.send_json(b"J", reply)
                    if reply["op"] == "bye":
                        return
        except PeerGone:
            return


NAMES: list[object] = [
    {"name": "rev", "kind": "transform", "doc": "Turn each cycle round."},
    {"name": "tempo", "kind": "session", "doc": "Set the tempo."},
    {"name": "drums", "kind": "layer", "doc": "A layer that plays."},
    {"kind": "nameless"},
    "nonsense",
]


def engine_rule(message: Message) -> list[Message]:
    """Answer as an engine would: a few known texts, and nothing at all to an endless loop."""
    if message["op"] == "names":
        return [{"op": "names", "names": NAMES}]
    if message["op"] == "eval":
        text = str(message["text"])
        if "while True" in text or "hang" in text:
            return []
        if text == "1 +* 2":
            return [{"op": "result", "id": message["id"], "text": "<prompt>:1:4: syntax error", "ok": False}]
        return [{"op": "result", "id": message["id"], "text": f"got {text}", "ok": True}]
    return []


def supervisor_rule(message: Message) -> list[Message]:
    """End when told so."""
    return [{"op": "bye"}] if message["op"] == "stop" else []


class Screen(DummyOutput):
    """A screen that remembers every character that was written."""

    def __init__(self) -> None:
        self._pieces: list[str] = []

    def write(self, data: str) -> None:
        self._pieces.append(data.replace("\x1b", "?"))  # as every real output does; `write_raw` does not

    def write_raw(self, data: str) -> None:
        self._pieces.append(data)

    def fileno(self) -> int:
        return 1

    @property
    def text(self) -> str:
        """All that was written, in one line without escapes."""
        return re.sub(r"\s+", " ", "".join(self._pieces))


@dataclass
class Desk:
    """A prompt that runs in a thread, its keyboard and its screen."""

    runtime: Path
    keys: PipeInput
    screen: Screen
    engine: FakeDoor
    supervisor: FakeDoor
    codes: list[int] = field(default_factory=list[int])
    thread: threading.Thread | None = None

    def type(self, text: str) -> None:
        """Press keys."""
        self.keys.send_text(text)

    def shows(self, text: str) -> None:
        """Wait until the screen shows it."""
        until(lambda: text in self.screen.text, f"{text!r} in ...{self.screen.text[-400:]!r}")

    def asked(self, *texts: str) -> None:
        """Wait until just these were evaluated."""
        until(lambda: len(self.engine.texts()) >= len(texts), f"{texts} in {self.engine.heard}")
        assert self.engine.texts() == list(texts)

    def code(self) -> int:
        """Wait for the end; the exit code."""
        until(lambda: self.codes, "the prompt ends")
        return self.codes[0]


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a session, in a project folder in which the prompt is started."""
    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.chdir(project)
    folder = tmp_path / "run"
    folder.mkdir(mode=0o700)
    (folder / "key").write_bytes(KEY)
    return folder


@contextmanager
def started(runtime: Path, settings: PromptSettings | None = None) -> Generator[Desk, None, None]:
    """A prompt that has found its session."""
    supervisor = FakeDoor(runtime, "supervisor", supervisor_rule)
    engine = FakeDoor(runtime, "engine", engine_rule)
    with create_pipe_input() as keys:
        desk = Desk(runtime, keys, Screen(), engine, supervisor)
        work = threading.Thread(
            target=lambda: desk.codes.append(run(runtime, settings=settings, input=keys, output=desk.screen)),
            daemon=True,
        )
        desk.thread = work
        work.start()
        until(lambda: engine.has_client and supervisor.has_client and engine.heard, "the prompt comes in")
        yield desk
        supervisor.vanish()
        engine.vanish()
        work.join(PATIENCE)
        assert not work.is_alive()


@pytest.fixture
def desk(runtime: Path) -> Iterator[Desk]:
    """A prompt that has found its session."""
    with started(runtime) as found:
        yield found


def test_a_line_is_evaluated_and_its_answer_shown(desk: Desk) -> None:
    """The plainest thing there is."""
    desk.type("1 + 1" + ENTER)
    desk.shows("got 1 + 1")
    desk.asked("1 + 1")


def test_an_error_is_shown_and_the_prompt_goes_on(desk: Desk) -> None:
    """A syntax error is the engine's to explain; the next line works."""
    desk.type("1 +* 2" + ENTER)
    desk.shows("<prompt>:1:4: syntax error")
    desk.type("3" + ENTER)
    desk.shows("got 3")


def test_enter_begins_another_line_while_the_statement_is_open(desk: Desk) -> None:
    """An open bracket goes on, a block ends with an empty line, indentation comes by itself."""
    desk.type('play(s("bd"),' + ENTER + "on=kit)" + ENTER)
    desk.shows("got play")
    desk.type("for x in y:" + ENTER + "f(x)" + ENTER + ENTER)
    until(lambda: len(desk.engine.texts()) == 2, "both were run")
    desk.asked('play(s("bd"),\non=kit)', "for x in y:\n    f(x)")


def test_alt_enter_always_runs(desk: Desk) -> None:
    """Even what is not finished; the engine says what is missing."""
    desk.type("play(" + ALT_ENTER)
    desk.asked("play(")


def test_a_pasted_block_runs_as_a_whole(desk: Desk) -> None:
    """One Enter, one evaluation, and the common indent is gone."""
    desk.type("\x1b[200~    a = 1\n    def f():\n        return a\n\x1b[201~")
    desk.type(ENTER)
    desk.asked("a = 1\ndef f():\n    return a")


def test_a_pasted_block_that_was_changed_is_as_if_typed(desk: Desk) -> None:
    """Then Enter begins another line, for more may follow."""
    desk.type("\x1b[200~def f():\n    return 1\x1b[201~0" + ENTER + ENTER)
    desk.asked("def f():\n    return 10")


def test_nonsense_and_unicode_go_through(desk: Desk) -> None:
    """Bytes, control characters, other scripts: whatever is typed, the prompt lives on."""
    desk.type("\x00\x01\x02\x1b[99~\x7f\x7f" + CTRL_C)
    desk.type("鼓 = 'bd ünïcödé 🥁'" + ENTER)
    desk.shows("got 鼓 = 'bd ünïcödé 🥁'")
    desk.keys.send_bytes(b"\xff\xfe'" + CTRL_C.encode())
    desk.type("5" + ENTER)
    desk.shows("got 5")


def test_what_moves_the_cursor_is_not_obeyed(desk: Desk) -> None:
    """A text with escape codes cannot clear the screen."""
    desk.engine.say({"op": "message", "text": "evil \x1b[2J text", "level": "info"})
    desk.shows("evil ?[2J text")


def test_messages_that_make_no_sense_are_passed_over(desk: Desk) -> None:
    """An engine that goes mad does not take the prompt with it."""
    for body in (b"", b"[1, 2", b"\xff", b"[]", b"7", b'{"op": 3}', b"{}"):
        desk.engine.say_raw(body)
        desk.supervisor.say_raw(body)
    for message in (
        {"op": "status", "cycle": "x", "layers": [1, {"name": None}], "late": float("nan"), "load": None},
        {"op": "result", "id": "x", "text": 7},
        {"op": "names", "names": {"a": 1}},
        {"op": "message", "text": None},
    ):
        desk.engine.say(message)
    desk.type("1" + ENTER)
    desk.shows("got 1")


def test_messages_come_above_a_line_that_stays(desk: Desk) -> None:
    """What is typed so far is drawn again below, and can be finished."""
    desk.type("12")
    desk.shows("12")
    desk.engine.say({"op": "message", "text": "evening.py:3: wrong", "level": "error"})
    desk.shows("evening.py:3: wrong")
    desk.type("34" + ENTER)
    desk.asked("1234")


def test_the_status_bar_follows_the_engine(desk: Desk) -> None:
    """Cycle, tempo, layers with their marks, late events, load."""
    desk.engine.say(
        {
            "op": "status",
            "cycle": 12.34,
            "bpm": 112.0,
            "layers": [{"name": "drums", "muted": True}, {"name": "bass", "solo": True}],
            "late": 3,
            "dropped": 0,
            "load": 0.25,
            "midi": "JACK",
            "audio": "null",
            "playing": True,
        }
    )
    for text in ("cycle 12.3", "112", "drums[mute]", "bass[solo]", "late 3", "25%"):
        desk.shows(text)


def test_the_bar_goes_on_while_something_is_evaluated(desk: Desk) -> None:
    """And a line that is typed meanwhile runs afterwards."""
    desk.type("hang" + ENTER)
    desk.shows("Ctrl-C interrupts")
    desk.engine.say({"op": "status", "cycle": 77.7, "bpm": 99})
    desk.shows("77.7")
    desk.type("2 + 2" + ENTER)
    desk.shows("2 + 2")
    assert desk.engine.texts() == ["hang"]
    desk.engine.say({"op": "result", "id": 1, "text": "done", "ok": True})
    desk.shows("got 2 + 2")


def test_ctrl_c_interrupts_an_evaluation(desk: Desk) -> None:
    """The engine is told, and its answer frees the line."""
    desk.type("while True: pass" + ENTER + ENTER)
    desk.shows("Ctrl-C interrupts")
    desk.type(CTRL_C)
    until(lambda: "interrupt" in desk.engine.ops(), "the engine hears of it")
    desk.engine.say({"op": "result", "id": 1, "text": "interrupted; the music went on", "ok": False})
    desk.shows("interrupted; the music went on")
    desk.type("1" + ENTER)
    desk.shows("got 1")


def test_a_second_ctrl_c_gives_the_line_back(desk: Desk) -> None:
    """An evaluation that never answers does not take the prompt with it; its answer may still come."""
    desk.type("hang" + ENTER)
    desk.shows("Ctrl-C interrupts")
    deadline = monotonic() + PATIENCE
    while "does not let itself be interrupted" not in desk.screen.text:
        assert monotonic() < deadline
        desk.type(CTRL_C)
        pause(0.1)
    desk.type(CTRL_C + "1" + ENTER)
    desk.shows("got 1")
    desk.engine.say({"op": "result", "id": 1, "text": "late answer", "ok": True})
    desk.shows("late answer")


def test_ctrl_c_clears_the_line(desk: Desk) -> None:
    """Nothing is sent, and the next line is clean."""
    desk.type("play(" + ENTER + "junk" + CTRL_C + "7" + ENTER)
    desk.asked("7")
    assert "interrupt" not in desk.engine.ops()


@pytest.mark.parametrize("typed", ["panic", "panic()", "  panic  "])
def test_panic_goes_to_the_supervisor(desk: Desk, typed: str) -> None:
    """Past the engine, and the answer is there at once."""
    desk.type(typed + ENTER)
    desk.shows("panic: sound off")
    until(lambda: desk.supervisor.ops() == ["panic"], "the supervisor hears of it")
    assert desk.engine.texts() == []


def test_panic_works_while_the_engine_hangs(desk: Desk) -> None:
    """It is typed blindly, and does not wait for the answer."""
    desk.type("hang" + ENTER)
    desk.shows("Ctrl-C interrupts")
    desk.type("panix\x7fc" + ENTER)
    desk.shows("panic: sound off")
    until(lambda: desk.supervisor.ops() == ["panic"], "the supervisor hears of it")
    desk.engine.say({"op": "result", "id": 1, "text": "done", "ok": True})
    desk.type("1" + ENTER)
    desk.shows("got 1")
    desk.asked("hang", "1")


PLAYING: Message = {"op": "status", "playing": True, "layers": [{"name": "drums"}], "bpm": 112}
SILENT: Message = {"op": "status", "playing": False, "layers": [], "bpm": 112}


@pytest.mark.parametrize("typed", [CTRL_D, "exit" + ENTER, "quit()" + ENTER])
def test_leaving_asks_and_stops(desk: Desk, typed: str) -> None:
    """While music plays it is asked what becomes of it; s stops it."""
    desk.engine.say(PLAYING)
    desk.shows("bpm 112")
    desk.type(typed)
    desk.shows("leave, and the music?")
    assert desk.supervisor.ops() == []
    desk.type("s")
    desk.shows("stopping")
    assert desk.code() == 0
    until(lambda: desk.supervisor.ops() == ["stop"], "the supervisor hears of it")


@pytest.mark.parametrize("answer", [ENTER, CTRL_D])
def test_leaving_asks_and_leaves_it_playing(desk: Desk, answer: str) -> None:
    """Enter, or Ctrl-D a second time: the music plays on, and it is said how to come back."""
    desk.type(CTRL_D)
    desk.shows("leave, and the music?")
    desk.type("x" + answer)
    desk.shows("the music plays on: `sempre attach` comes back to it")
    assert desk.code() == 0
    assert desk.supervisor.ops() == []


@pytest.mark.parametrize("answer", [ESCAPE, CTRL_C])
def test_leaving_asks_and_stays(desk: Desk, answer: str) -> None:
    """One pressed Ctrl-D once too often; what is typed right after the answer is for the line."""
    desk.type(CTRL_D)
    desk.shows("leave, and the music?")
    desk.type(answer + "1" + ENTER)
    desk.shows("got 1")
    assert not desk.codes


def test_what_does_not_play_is_ended_without_a_question(desk: Desk) -> None:
    """Nobody asks what becomes of silence, unless somebody else is at the session."""
    desk.engine.say(SILENT)
    desk.supervisor.say({"op": "joined", "count": 2})
    desk.shows("no layers")
    desk.type(CTRL_D)
    desk.shows("leave, and the music?")
    desk.type(ESCAPE)
    pause(0.2)
    desk.supervisor.say({"op": "joined", "count": 1})
    desk.type("exit" + ENTER)
    assert desk.code() == 0
    until(lambda: desk.supervisor.ops() == ["stop"], "the supervisor hears of it")


def test_detach_leaves_without_a_question(desk: Desk) -> None:
    """The word for those who know what they want."""
    desk.type("detach" + ENTER)
    assert desk.code() == 0
    assert desk.supervisor.ops() == []
    assert desk.engine.texts() == []


def test_a_terminal_that_is_closed_ends_nothing(desk: Desk) -> None:
    """Nobody said that the music shall end."""
    desk.type("half a li")
    desk.shows("half a li")
    desk.keys.close()
    assert desk.code() == 0
    assert desk.supervisor.ops() == []


def test_leaving_works_while_something_is_evaluated(desk: Desk) -> None:
    """Ctrl-D waits for nobody; who stays is shown the answer."""
    desk.type("hang" + ENTER)
    desk.shows("Ctrl-C interrupts")
    desk.type(CTRL_D)
    desk.shows("leave, and the music?")
    desk.type(ESCAPE)
    pause(0.2)
    desk.engine.say({"op": "result", "id": 1, "text": "here it is", "ok": True})
    desk.shows("here it is")
    desk.type(CTRL_D)
    desk.shows("leave, and the music?")
    desk.type("s")
    assert desk.code() == 0
    until(lambda: desk.supervisor.ops() == ["stop"], "the supervisor hears of it")


def test_a_session_that_ends_while_it_is_asked(desk: Desk) -> None:
    """The question has no sense any more."""
    desk.type(CTRL_D)
    desk.shows("leave, and the music?")
    desk.supervisor.say({"op": "bye"})
    assert desk.code() == 0


def test_what_others_type_is_shown(desk: Desk) -> None:
    """Above the line that is typed, with the name, and whether it worked."""
    desk.type("half a li")
    desk.engine.say({"op": "typed", "who": "Ada", "text": 'mute("drums")', "ok": True})
    desk.engine.say({"op": "typed", "who": "Bo", "text": "1 +* 2", "ok": False})
    desk.shows('Ada: mute("drums")')
    desk.shows("Bo: 1 +* 2 (it did not work)")
    desk.type("ne" + ENTER)
    desk.asked("half a line")


def test_a_session_that_ends_elsewhere_ends_the_prompt(desk: Desk) -> None:
    """`sempre stop` in another terminal: said in a line, and no failure."""
    desk.supervisor.say({"op": "bye"})
    desk.shows("the session has ended")
    assert desk.code() == 0


def test_a_supervisor_that_vanishes_is_a_failure(desk: Desk) -> None:
    """One line, exit code 1, whatever was being typed."""
    desk.type("half a li")
    desk.supervisor.vanish()
    desk.shows("the session is gone")
    assert desk.code() == 1


def test_a_supervisor_that_vanishes_during_an_evaluation(desk: Desk) -> None:
    """The waiting ends too."""
    desk.type("hang" + ENTER)
    desk.shows("Ctrl-C interrupts")
    desk.supervisor.vanish()
    assert desk.code() == 1


def test_the_engine_is_replaced_under_a_typed_line(desk: Desk) -> None:
    """One line says so, the text stays, the new engine gets it."""
    desk.type("40 +")
    desk.shows("40 +")
    desk.engine.vanish()
    desk.shows("no engine")
    desk.supervisor.say({"op": "engine", "text": "the engine was replaced; the music went on"})
    desk.engine = FakeDoor(desk.runtime, "engine", engine_rule)
    until(lambda: desk.engine.has_client, "the prompt comes back")
    desk.type(" 2" + ENTER)
    desk.shows("got 40 + 2")
    pause(1.3)  # longer than the prompt waits before it would say so itself
    assert desk.screen.text.count("the engine was replaced") == 1
    assert "the engine is back" not in desk.screen.text


def test_an_engine_that_returns_unannounced_is_announced(desk: Desk) -> None:
    """Nobody else said it, so the prompt does."""
    desk.engine.vanish()
    desk.engine = FakeDoor(desk.runtime, "engine", engine_rule)
    desk.shows("the engine is back")
    assert desk.screen.text.count("the engine is back") == 1


def test_an_evaluation_that_dies_with_its_engine_is_given_up(desk: Desk) -> None:
    """The line is free again at once."""
    desk.type("hang" + ENTER)
    desk.shows("Ctrl-C interrupts")
    desk.engine.vanish()
    desk.shows("the engine ended while it evaluated this")
    desk.engine = FakeDoor(desk.runtime, "engine", engine_rule)
    desk.type("1" + ENTER)
    desk.shows("got 1")


def test_what_is_typed_without_an_engine_waits_for_one(desk: Desk) -> None:
    """And Ctrl-C takes it back."""
    desk.engine.vanish()
    desk.shows("no engine")
    desk.type("1" + ENTER)
    desk.shows("waiting for the engine")
    desk.type(CTRL_C)
    desk.shows("not evaluated")
    desk.type("2" + ENTER)
    desk.engine = FakeDoor(desk.runtime, "engine", engine_rule)
    desk.shows("got 2")
    desk.asked("2")


def test_the_same_news_from_both_ends_is_shown_once(desk: Desk) -> None:
    """The supervisor repeats what the engine says, for prompts that come later."""
    desk.engine.say({"op": "message", "text": "evening.py: drums", "level": "info"})
    desk.supervisor.say({"op": "said", "text": "evening.py: drums"})
    desk.supervisor.say({"op": "notice", "text": "MIDI: port Sempre"})
    desk.shows("MIDI: port Sempre")
    assert desk.screen.text.count("evening.py: drums") == 1


def test_completion_offers_the_engines_names(desk: Desk) -> None:
    """With their line of help; Enter takes the chosen one, another runs."""
    desk.type("tem")
    desk.shows("Set the tempo.")
    desk.type("\t" + ENTER + "(90)" + ENTER)
    desk.asked("tempo(90)")


def test_a_question_is_answered_here(desk: Desk) -> None:
    """`?name` explains, `?` lists, an unknown name gets its neighbour."""
    desk.type("?drums" + ENTER)
    desk.shows("drums (layer): A layer that plays.")
    desk.type("?" + ENTER)
    desk.shows("says what one of them does")
    desk.type("dums?" + ENTER)
    desk.shows("did you mean drums?")
    assert desk.engine.texts() == []


def test_history_is_kept_in_the_project(desk: Desk) -> None:
    """`.sempre/history` in the working directory."""
    desk.type("6 * 7" + ENTER)
    desk.shows("got 6 * 7")
    desk.type("\x1b[A" + ENTER)
    until(lambda: len(desk.engine.texts()) == 2, "the line was run again")
    assert "+6 * 7" in Path(".sempre/history").read_text(encoding="utf-8")


def test_history_follows_the_project(runtime: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the folder in which one happens to be."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    keep_project(runtime, str(tmp_path / "project"))
    with started(runtime) as desk:
        desk.type("6 * 7" + ENTER)
        desk.shows("got 6 * 7")
    assert "+6 * 7" in (tmp_path / "project" / ".sempre" / "history").read_text(encoding="utf-8")
    assert [*elsewhere.iterdir()] == []


def test_history_is_searched(desk: Desk) -> None:
    """Ctrl-R and a part of it; Enter takes it into the line, another one runs it."""
    for line in ("alpha = 1", "beta = 2", "gamma = 3"):
        desk.type(line + ENTER)
        desk.shows(f"got {line}")
    desk.type("\x12")
    desk.shows("I-search")
    desk.type("lph" + ENTER)
    pause(0.1)
    desk.type(ENTER)
    desk.asked("alpha = 1", "beta = 2", "gamma = 3", "alpha = 1")


def test_history_of_another_evening_is_searched(runtime: Path) -> None:
    """It is the project's."""
    with started(runtime) as desk:
        desk.type("mute('drums')" + ENTER)
        desk.shows("got mute")
    with started(runtime) as desk:
        desk.type("\x12mute" + ENTER)
        pause(0.1)
        desk.type(ENTER)
        desk.asked("mute('drums')")


def test_vi_keys(runtime: Path) -> None:
    """Esc, a word back, change it; and a search with the slash."""
    with started(runtime, PromptSettings(keys="vi")) as desk:
        desk.type("hats = one")
        desk.type(ESCAPE)
        pause(0.7)  # an Esc that stands alone takes its time
        desk.type("bcwtwo" + ENTER)
        desk.asked("hats = two")
        desk.shows("got hats = two")
        desk.type("3" + ENTER)
        desk.shows("got 3")
        desk.type(ESCAPE)
        pause(0.7)
        desk.type("/hats" + ENTER)
        pause(0.1)
        desk.type(ENTER)
        desk.asked("hats = two", "3", "hats = two")


def test_a_name_of_one_s_own_is_told(runtime: Path) -> None:
    """With each statement."""
    with started(runtime, PromptSettings(name="Ada")) as desk:
        desk.type("1" + ENTER)
        desk.shows("got 1")
        assert [m["who"] for m in desk.engine.heard if m["op"] == "eval"] == ["Ada"]


def test_a_folder_that_keeps_nothing_does_not_stop_anybody(runtime: Path) -> None:
    """A file where the folder should be."""
    Path(".sempre").write_text("in the way", encoding="utf-8")
    with started(runtime) as desk:
        desk.type("1" + ENTER)
        desk.shows("got 1")


def test_no_session_at_all(tmp_path: Path) -> None:
    """A folder that is not there: one line, exit code 1."""
    screen = Screen()
    with create_pipe_input() as keys:
        assert run(tmp_path / "nowhere", input=keys, output=screen) == 1
    assert "the session is gone" in screen.text


# Without a terminal.


def piped(
    runtime: Path, monkeypatch: pytest.MonkeyPatch, text: str, *, ours: bool = True
) -> tuple[int, str, FakeDoor, FakeDoor]:
    """Feed a text to a prompt that has no terminal; exit code, output and both doors."""
    supervisor = FakeDoor(runtime, "supervisor", supervisor_rule)
    engine = FakeDoor(runtime, "engine", engine_rule)
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    monkeypatch.setattr(sys, "stdout", out)
    code = run(runtime, ours=ours)
    supervisor.vanish()
    engine.vanish()
    return code, out.getvalue(), engine, supervisor


def test_a_pipe_is_read_and_answered_plainly(runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No escape codes, one answer a statement, and the session ends with the input."""
    code, out, engine, supervisor = piped(
        runtime, monkeypatch, "1 + 1\n\ndef f():\n    return 1\nf()\n# end\n"
    )
    assert code == 0
    assert engine.texts() == ["1 + 1", "def f():\n    return 1", "f()"]
    assert out == "got 1 + 1\ngot def f():\n    return 1\ngot f()\nstopping\n"
    assert supervisor.ops() == ["stop"]


def test_a_pipe_into_a_session_that_played_before(runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`echo 'mute("drums")' | sempre attach` ends nothing; `exit` in it does."""
    _, out, _, supervisor = piped(runtime, monkeypatch, "1\n", ours=False)
    assert out.startswith("got 1\nthe music plays on")
    assert supervisor.ops() == []
    _, out, _, supervisor = piped(runtime, monkeypatch, "exit\n", ours=False)
    assert supervisor.ops() == ["stop"]


def test_panic_in_a_pipe(runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It overtakes the answer that is waited for; `exit` does what it says, and the rest is not read."""
    _, out, engine, supervisor = piped(runtime, monkeypatch, "1\npanic\nexit\n2\n")
    assert out == "panic: sound off\ngot 1\nstopping\n"
    assert engine.texts() == ["1"]
    assert supervisor.ops() == ["panic", "stop"]


def test_a_broken_pipe_of_bytes(runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is no text is read as well as can be."""
    supervisor = FakeDoor(runtime, "supervisor", supervisor_rule)
    engine = FakeDoor(runtime, "engine", engine_rule)
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\xfe\n1\n"), encoding="ascii"))
    monkeypatch.setattr(sys, "stdout", out)
    assert run(runtime) == 0
    assert engine.texts() == ["\ufffd\ufffd", "1"]
    supervisor.vanish()
    engine.vanish()


def test_a_pipe_without_a_session(runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line and exit code 1."""
    monkeypatch.setattr("repl.prompt.PATIENCE", 0.0)
    read, write = os.pipe()
    out = io.StringIO()
    with os.fdopen(read) as source, os.fdopen(write, "w"):
        monkeypatch.setattr(sys, "stdin", source)
        monkeypatch.setattr(sys, "stdout", out)
        assert run(runtime) == 1
        monkeypatch.undo()
    assert out.getvalue() == "the session is gone: its supervisor does not answer any more\n"


F2 = "\x1bOQ"
ROW = {"id": "1", "layer": "bass", "at": 0.0, "until": 4e9, "label": "eb2", "pitch": 39.0, "strength": 0.8}


def test_the_dashboard_comes_with_a_key_and_the_line_stays(desk: Desk) -> None:
    """Text and cursor are as they were; what was said meanwhile stands in its log, then above the line."""
    desk.type("1 +\x1b[D\x1b[D")
    desk.type(F2)
    until(lambda: {"op": "watch"} in desk.engine.heard, "it asks for what sounds")
    desk.engine.say({"op": "status", "cycle": 4.0, "bpm": 99, "cps": 0.5, "layers": [{"name": "bass"}]})
    desk.engine.say({"op": "haps", "whole": True, "gone": [], "rows": [ROW]})
    desk.engine.say({"op": "message", "text": "evening.py:3: wrong", "level": "error"})
    for text in ("bass", "eb2", "evening.py:3: wrong", "Esc back"):
        desk.shows(text)
    assert desk.screen.text.count("evening.py:3: wrong") == 1
    desk.type("m")
    until(lambda: "command" in desk.engine.ops(), "it mutes")
    desk.type(ESCAPE)
    until(lambda: {"op": "look"} in desk.engine.heard, "it is left")
    until(lambda: desk.screen.text.count("evening.py:3: wrong") == 2, "it stands above the line")
    desk.type("7" + ENTER)
    desk.asked("17 +")


def test_the_dashboard_by_its_name_and_while_something_is_evaluated(desk: Desk) -> None:
    """What was typed ahead waits for the line, and orders nothing of layers."""
    desk.engine.say({"op": "status", "cycle": 4.0, "bpm": 99, "layers": [{"name": "bass"}]})
    desk.type("dashboard" + ENTER)
    desk.shows("Esc back")
    desk.type("q")
    until(lambda: {"op": "look"} in desk.engine.heard, "it is left")
    desk.type("hang" + ENTER)
    desk.shows("Ctrl-C interrupts")
    desk.type("mmm")
    desk.shows("mmm")
    desk.type(F2)
    until(lambda: desk.engine.heard.count({"op": "watch"}) == 2, "it is there again")
    desk.engine.say({"op": "result", "id": 1, "text": "done", "ok": True})
    desk.type("\x03")
    until(lambda: desk.engine.heard.count({"op": "look"}) == 2, "it is left again")
    desk.shows("done")
    desk.type(ENTER)
    desk.asked("hang", "mmm")
    assert "command" not in desk.engine.ops()


def test_a_call_is_explained_at_a_key(desk: Desk) -> None:
    """Below the line, with its arguments; another press takes it away, and so does Ctrl-C."""
    desk.type("rev(" + "\x1bOP")
    desk.shows("rev(pattern) Turn each cycle round.")
    desk.type(CTRL_C + "tempo(" + "\x18h")
    desk.shows("Set the tempo. Args: bpm: Beats per minute")
    desk.type("1)" + ENTER)
    desk.asked("tempo(1)")


def test_names_are_asked_for_when_the_layers_are_others(desk: Desk) -> None:
    """A piece that is saved changes what can be completed; a report that says the same does not."""

    def asked() -> int:
        return [message["op"] for message in desk.engine.heard].count("names")

    first = asked()
    for cycle in (1.0, 77.7):
        desk.engine.say({"op": "status", "cycle": cycle, "layers": [{"name": "bass"}]})
        desk.shows(str(cycle))
    until(lambda: asked() == first + 1, "it asks")
    desk.engine.say({"op": "status", "cycle": 3.0, "layers": []})
    until(lambda: asked() == first + 2, "it asks again")


def test_two_question_marks_show_the_text(desk: Desk) -> None:
    """Of what is one's own the engine knows it; of the language, who asks."""
    desk.type("??drums" + ENTER)
    until(lambda: "source" in desk.engine.ops(), "it is asked for")
    asked = next(message for message in desk.engine.heard if message["op"] == "source")
    assert asked["text"] == "drums"
    desk.engine.say({"op": "source", "id": asked["id"], "text": "evening.py:2 drums = play(...)", "ok": True})
    desk.shows("evening.py:2 drums = play(...)")
    desk.type("rev??" + ENTER)
    desk.shows("def rev(pattern: Pattern) -> Pattern:")
    desk.type("?rev" + ENTER)
    until(lambda: desk.screen.text.count("Turn each cycle round.") == 2, "it is described")
    assert desk.screen.text.count("def rev(") == 1


def test_what_the_prompt_does_itself_is_completed_and_explained(desk: Desk) -> None:
    """Like what the engine can do."""
    desk.type("?dashboard" + ENTER)
    desk.shows("on the whole screen (F2)")
    desk.type("detac")
    desk.shows("Leave the prompt; the music plays on.")


def test_a_session_that_ends_takes_the_dashboard_along(desk: Desk) -> None:
    """And a terminal that is closed."""
    desk.type(F2)
    desk.shows("Esc back")
    desk.supervisor.say({"op": "bye"})
    assert desk.code() == 0
    desk.shows("the session has ended")
