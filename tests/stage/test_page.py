"""The stage: the page of a session, as browsers see it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bridge.clock import monotonic
from bridge.worker import pause
from patterns.inputs import Input

pytestmark = pytest.mark.timeout(150)
SEMPRE = "import sys; from repl.cli import main; sys.exit(main())"
PATIENCE = 30.0
VIEWS = ("code", "roll", "rings", "levels", "knobs")
PAGE = Path(__file__).parents[2] / "repl" / "stage" / "page"

PIECE = """\
# an evening: ä 🥁
bright = knob("bright", 200, 4000, 900)
dense = toggle("dense")
go = button("go")
drums = play(s("bd*4, ~ cp"), on=osc(9))
bass = play(note("c2 <eb2 g2>*2").cutoff(bright).gain(dense).pan(go), on=osc(9))
"""
HANDS = """\
bright = knob("bright", 200, 4000, 900, curve="log")
space = xy("space", x=(0, 1, .5), y=(200, 8000, 1000), curve=("linear", 2))
wet = toggle("wet")
go = button("go")
line = play(note("c2 e2").cutoff(bright).pan(space.x).hcutoff(space.y).room(wet).gain(go), on=osc(9))
"""
WAVES = ("sine", "triangle", "square", "sawtooth", "bass")
TURNED = (".cutoff(bright)", ".pan(dense)", "", "", "")
CROWD = """\
bright = knob("bright", 200, 4000, 900)
dense = toggle("dense")
dub = bus("dub")
""" + "".join(
    f'layer{n} = play(note("0 3 7 <10 12> 5 7 3 {n}").add(36 + {n}){TURNED[n % 5]},'
    f' on=instrument("{WAVES[n % 5]}", gain=.2){" | dub" if n % 4 == 0 else ""})\n'
    for n in range(20)
)
"""Twenty layers that sound, some of them through a bus; some follow a knob or a toggle, the others are known
for seconds ahead."""
SETTINGS = '[audio]\ndriver = "null"\n'
"""A mixer without a device, which measures as any other: so there are meters and a spectrum."""


class Show(NamedTuple):
    """A session and its page."""

    folder: Path
    urls: list[str]
    token: str
    session: subprocess.Popen[bytes]
    page: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """What the command says first."""
        return self.urls[0]

    @property
    def base(self) -> str:
        """The address without its token."""
        return self.url.partition("?")[0]

    def get(self, path: str) -> tuple[int, str, dict[str, str]]:
        """Ask for something: status, text and headers."""
        try:
            with urllib.request.urlopen(self.base + path, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode(), dict(answer.headers)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode(), dict(error.headers)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Show]]:
    """Starts a session of a piece, and its page, with more arguments for it."""
    own = {"XDG_RUNTIME_DIR": str(tmp_path), "JACK_DEFAULT_SERVER": "none-for-this-test"}
    surroundings = os.environ | own | {"JACK_NO_START_SERVER": "1"}
    begun: list[subprocess.Popen[bytes]] = []

    def run(name: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (tmp_path / name).open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-c", SEMPRE, *arguments],
                cwd=tmp_path,
                env=surroundings,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        begun.append(process)
        return process

    def wait(name: str, text: str) -> str:
        deadline = monotonic() + PATIENCE
        while not (found := re.search(text, (tmp_path / name).read_text())):
            assert monotonic() < deadline, (tmp_path / name).read_text()
            pause(0.02)
        return found.group()

    def show(piece: str, *arguments: str) -> Show:
        (tmp_path / "evening.py").write_text(piece)
        (tmp_path / "sempre.toml").write_text(SETTINGS)
        session = run("session.txt", "play", "evening.py")
        wait("session.txt", "from cycle 0")
        page = run("page.txt", "stage", "--port", "0", *arguments)
        urls = re.findall(r"http://\S+", wait("page.txt", r"(?s)http.*Ctrl-C"))
        return Show(tmp_path, urls, urls[0].partition("token=")[2], session, page)

    yield show
    for process in reversed(begun):
        process.terminate()
        process.wait(PATIENCE)


def test_the_page_is_for_whoever_has_its_address(start: Callable[..., Show]) -> None:
    """Without the token there is neither page nor session; with it both; the rest says nothing."""
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    show = start(PIECE)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", show.base)
    status, text, headers = show.get(f"?token={show.token}")
    assert (status, "<title>Sempre</title>" in text) == (200, True)
    policy = headers["content-security-policy"].split("; ")
    assert {"default-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"} < {
        *policy
    }
    assert headers["referrer-policy"] == "no-referrer"
    for path in ("", "?token=", "?token=wrong", f"?token={show.token}x"):
        status, text, _ = show.get(path)
        assert (status, "token" in text) == (403, True)
    for path in ("../server.py", "%2e%2e/server.py", "server.py", "no-such-file"):
        assert show.get(path)[0] in {403, 404}
    assert show.get("stage.js")[0] == 200

    live = f"ws{show.base.removeprefix('http')}live?token="
    for token in ("", "wrong"):
        with pytest.raises(InvalidStatus), connect(live + token):
            pass
    with connect(live + show.token) as socket:

        def wait(op: str) -> dict[str, Any]:
            while (message := json.loads(socket.recv(PATIENCE)))["op"] != op:
                pass
            return message

        assert wait("sources")["files"] == {"evening.py": PIECE}
        # Nonsense, and what a browser may not say, changes nothing; what it may say is heard after it.
        for text in (
            "rubbish",
            "[1]",
            "[" * 4000,
            "x" * 100_000,
            '{"op": "eval", "id": 1, "text": "drums = None"}',
            '{"op": "command", "name": "hush", "arguments": []}',
            '{"op": "turn", "name": "bright", "position": 7}',
        ):
            socket.send(text)
        socket.send('{"op": "time", "sent": 5}')
        assert abs(wait("time")["now"] - datetime.now(UTC).timestamp()) < 5
        assert {layer["name"] for layer in wait("status")["layers"]} == {"drums", "bass"}
        assert {row["layer"] for row in wait("haps")["rows"]} <= {"drums", "bass"}

    show.session.terminate()
    assert show.page.wait(PATIENCE) == 0  # the page ends with its session


def test_other_machines_need_the_token_too(start: Callable[..., Show]) -> None:
    """At each address that is printed; without a network there is one only."""
    show = start(PIECE, "--host", "0.0.0.0")
    assert re.match(r"http://127\.0\.0\.1:", show.urls[-1])
    for url in show.urls:
        there = show._replace(urls=[url])
        assert there.get(f"?token={show.token}")[0] == 200
        assert [there.get(path)[0] for path in ("", "?token=", "?token=wrong")] == [403] * 3


def test_a_port_that_is_taken_is_told(start: Callable[..., Show]) -> None:
    """And what to do then."""
    show = start(PIECE)
    port = show.base.rpartition(":")[2].strip("/")
    done = subprocess.run(
        [sys.executable, "-c", SEMPRE, "stage", "--port", port],
        env=os.environ | {"XDG_RUNTIME_DIR": str(show.folder)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 1
    assert "another port: sempre stage --port 0" in done.stderr


def test_the_page_is_small_and_asks_nobody_else() -> None:
    """Less than 200 kB of script, and no address of another machine in it."""
    files = [path for path in PAGE.iterdir() if path.is_file()]
    assert sum(path.stat().st_size for path in files if path.suffix == ".js") < 200_000
    for path in files:
        assert not re.findall(r"https?://(?!www\.w3\.org)", path.read_text()), path


@pytest.fixture
def browser() -> Iterator[Any]:
    """Chromium without a window."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium here")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield found
        found.close()


class Eyes:
    """A page that is looked at, and all that went wrong in it."""

    def __init__(self, browser: Any, url: str, **given: object) -> None:
        self.page: Any = browser.new_page(**{"viewport": {"width": 1600, "height": 900}, **given})
        self.wrong: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", self._said)
        self.page.on("pageerror", self._failed)
        self.page.on("request", self._asks)
        self.page.goto(url)
        self.until("Boolean(globalThis.stage?.live.status) && stage.live.rows.size > 0")

    def _said(self, said: Any) -> None:
        if said.type == "error":
            self.wrong.append(said.text)

    def _failed(self, error: Any) -> None:
        self.wrong.append(str(error))

    def _asks(self, request: Any) -> None:
        self.asked.append(str(request.url))

    def lit(self) -> bool:
        """Whether anything is lit in the code."""
        return bool(
            self.page.evaluate(
                """() => [...document.querySelectorAll("#code canvas")].some((canvas) => {
                    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
                    return data.some((one) => one > 0);
                })"""
            )
        )

    def until(self, script: str) -> None:
        """Wait until something is true in the page."""
        deadline = monotonic() + PATIENCE
        # Not by the browser's own way of waiting: that evaluates text, which the page forbids.
        while not self.page.evaluate(script):
            assert monotonic() < deadline, f"never: {script}; {self.wrong}"
            self.page.wait_for_timeout(20)


@pytest.mark.browser
def test_what_sounds_is_seen(start: Callable[..., Show], browser: Any) -> None:
    """The code with its lights, roll, rings and clock; by mouse and by key; on two screens at once."""
    show = start(PIECE)
    eyes = Eyes(browser, show.url)
    page: Any = eyes.page
    assert page.locator("#code pre > div").nth(4).inner_text() == PIECE.splitlines()[4]
    deadline = monotonic() + PATIENCE
    while not eyes.lit():
        assert monotonic() < deadline, "nothing is lit"
    # What is lit lies on the atoms: their rectangles, as the page has measured them, hold their texts.
    lines, texts = PIECE.splitlines(), set[str]()
    # The bass follows a knob, so its next note is known only shortly before.
    while not {"bd", "c2"} <= texts:
        assert monotonic() < deadline, texts
        places: list[tuple[int, int, int]] = page.evaluate(
            "[...stage.live.rows.values()].flatMap((row) => row.where).map((w) => w.slice(1))"
        )
        texts = {lines[line - 1][at - 1 : at - 1 + size] for line, at, size in places}
        assert texts <= {"bd", "cp", "c2", "eb2", "g2"}

    before = int(page.locator("#clock b").inner_text())
    eyes.until(f"Number(document.querySelector('#clock b').textContent) > {before}")
    assert "bpm" in page.locator("#tempo").inner_text()

    assert page.locator("#rings").is_hidden()
    page.keyboard.press("o")
    assert page.locator("#rings").is_visible()
    rings = """async (rows) => {
        const { Lanes } = await import("./lanes.js");
        return rows.map(Lanes.prototype.line, new Lanes(stage.live));
    }"""
    drums = [{"layer": "drums", "pitch": None, "label": label} for label in ("bd", "cp", "bd")]
    notes = [{"layer": "bass", "pitch": pitch, "label": ""} for pitch in (36, 39, 48, 36, 39, 48)]
    # Each in a ring of its own: what came first outside, the highest pitch outside.
    assert page.evaluate(rings, drums) == [[0, 1], [1, 2], [0, 2]]
    assert page.evaluate(rings, notes)[3:] == [[2, 3], [1, 3], [0, 3]]
    page.keyboard.press("r")
    assert page.locator("#roll").is_hidden()
    page.get_by_role("button", name="Roll").click()
    assert page.get_by_role("button", name="Roll").get_attribute("aria-pressed") == "true"
    # What was chosen is kept; the code, which comes later than that, is seen all the same.
    page.reload()
    eyes.until("document.querySelector('#code').innerText.includes('drums')")
    assert page.locator("#rings").is_visible()
    assert page.locator("#code").is_visible()

    other = Eyes(browser, show.url, viewport={"width": 400, "height": 800}, has_touch=True)
    slider = other.page.get_by_role("slider", name="bright")
    slider.focus()
    for _ in range(3):
        other.page.keyboard.press("PageUp")
    value = other.page.locator("#knobs .value").inner_text()
    assert value != "900"
    eyes.until(f"document.querySelector('#knobs .value').textContent === '{value}'")
    other.page.get_by_role("button", name="dense").tap()
    eyes.until("document.querySelector('#knobs button').getAttribute('aria-pressed') === 'true'")

    (show.folder / "evening.py").write_text(PIECE.replace("~ cp", "~ rim"))
    eyes.until("document.querySelector('#code').innerText.includes('rim')")
    shot = page.screenshot(path=show.folder / "stage.png")
    assert len(shot) > 20_000
    assert eyes.wrong == other.wrong == []
    assert all(url.startswith((show.base, "data:")) for url in eyes.asked), eyes.asked
    show.session.terminate()
    eyes.until("document.querySelector('#news').classList.contains('wrong')")


@pytest.mark.browser
def test_fingers_and_keys_move_what_the_piece_declares(start: Callable[..., Show], browser: Any) -> None:
    """Two fingers on a phone at once; Tab and arrows at a desk; each sees what the other does."""
    show = start(HANDS)
    phone = Eyes(browser, show.url, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    desk = Eyes(browser, show.url)
    fingers = phone.page.context.new_cdp_session(phone.page)
    pad, track = (phone.page.locator(one).bounding_box() for one in (".pad", ".track"))

    def touch(kind: str, **where: tuple[float, float]) -> None:
        boxes = {"pad": (1, pad), "track": (2, track)}
        points: list[dict[str, float]] = []
        for name, (x, y) in where.items():
            number, box = boxes[name]
            at = {"x": box["x"] + x * box["width"], "y": box["y"] + (1 - y) * box["height"]}
            points.append({**at, "id": number})
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def stands(eyes: Eyes, **wanted: float) -> None:
        for name, value in wanted.items():
            found = f"document.querySelector('[name=\"{name.replace('_', '.')}\"]')"
            eyes.until(f"Math.abs({found}.value - {value}) < .02")

    # A finger on the pad, another one on the fader, both on their way at once.
    touch("touchStart", pad=(0.5, 0.5))
    touch("touchStart", pad=(0.5, 0.5), track=(0.1, 0.5))
    for step in (0.2, 0.4, 0.6, 0.8):
        touch("touchMove", pad=(step, 1 - step / 2), track=(1 - step, 0.5))
    stands(desk, space_x=0.8, space_y=0.6, bright=0.2)
    # No finger is led by somebody else; what was said meanwhile holds when it lets go.
    desk.page.get_by_role("slider", name="bright").focus()
    desk.page.keyboard.press("End")
    stands(desk, bright=1.0)
    desk.page.wait_for_timeout(200)
    stands(phone, bright=0.2)
    touch("touchEnd")
    stands(phone, space_x=0.8, space_y=0.6, bright=1.0)

    desk.page.locator("#full").focus()
    order: list[str] = []
    for _ in range(6):
        desk.page.keyboard.press("Tab")
        order.append(
            desk.page.evaluate(
                "(({ name, id, textContent }) => name || id || textContent)(document.activeElement)"
            )
        )
    assert order == ["code", "bright", "space.x", "space.y", "wet", "go"]
    desk.page.keyboard.down("Enter")
    phone.until("document.querySelectorAll('#knobs button')[1].getAttribute('aria-pressed') === 'true'")
    desk.page.keyboard.up("Enter")
    phone.until("document.querySelectorAll('#knobs button')[1].getAttribute('aria-pressed') === 'false'")
    desk.page.keyboard.press("Shift+Tab")
    desk.page.keyboard.press(" ")
    phone.until("document.querySelectorAll('#knobs button')[0].getAttribute('aria-pressed') === 'true'")
    desk.page.keyboard.press("Shift+Tab")
    for key in ("ArrowUp", "ArrowUp", "ArrowLeft", "Shift+ArrowRight"):
        desk.page.keyboard.press(key)
    stands(phone, space_x=0.88, space_y=0.64)
    assert desk.page.get_by_role("group", name="space").get_by_role("slider").count() == 2
    assert desk.page.locator("#layers").inner_text() == "line"

    # What the page writes beside a position is what the piece hears there.
    curves: list[Any] = ["linear", "log", 2, 0.5]
    for curve in curves:
        one = Input("n", low=200, high=8000, curve=curve, default=1000)
        asked = {"low": one.low, "high": one.high, "curve": one.curve, "default": one.default}
        script = "(input) => import('./ranges.js').then((m) => [m.valueAt(input, 0.3), m.restOf(input)])"
        assert desk.page.evaluate(script, asked) == pytest.approx([one.value_at(0.3), one.rest])
    assert phone.wrong == desk.wrong == []


@pytest.mark.browser
def test_a_frame_of_twenty_layers_is_cheap(start: Callable[..., Show], browser: Any) -> None:
    """At most 4 ms of script and layout a frame, by the browser's own account; the first paint within 1 s.

    The account is in time of the wall, so the best of several stretches counts: others use the machine, too.
    """
    show = start(CROWD)
    eyes = Eyes(browser, show.url)
    page: Any = eyes.page
    page.keyboard.press("o")
    eyes.until("stage.live.layers.length === 20")
    # All of it is drawn: a bar for each layer, the bus and the whole, the spectrum, the knob and the toggle.
    heard = "Object.values(stage.live.meters?.levels.layers ?? {}).filter((one) => one.peak > -60)"
    eyes.until(f"{heard}.length === 20")
    eyes.until("stage.live.meters.levels.buses.dub.peak > -60")
    eyes.until("stage.live.meters.spectrum.master.some((level) => level > -60)")
    assert [page.locator(f"#{one}").is_visible() for one in VIEWS] == [True] * 5
    assert page.locator("#knobs").get_by_role("slider").count() == 1
    assert page.locator("#knobs button").count() == 1
    session = page.context.new_cdp_session(page)
    # Of the thread itself: others use the machine, too.
    session.send("Performance.setTimeDomain", {"timeDomain": "threadTicks"})
    session.send("Performance.enable")

    def spent() -> tuple[float, int]:
        metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
        work = sum(metrics[name] for name in ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration"))
        return work, int(page.evaluate("stage.frames.count"))

    costs: list[float] = []
    for _ in range(8):
        before, frames = spent()
        page.wait_for_timeout(1000)
        after, more = spent()
        if more > frames:
            costs.append(1000 * (after - before) / (more - frames))
        if costs and min(costs) <= 4.0:
            break
    assert min(costs) <= 4.0, costs
    paints: list[float] = []
    for _ in range(4):
        page.reload()
        eyes.until("performance.getEntriesByName('first-contentful-paint').length")
        paints.append(
            float(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
        )
        if paints[-1] < 1000:
            break
    assert min(paints) < 1000, paints
