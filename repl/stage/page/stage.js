// The stage: one page that shows a session, for a projector, a tablet and a curious ear.

import { Sheet } from "./canvas.js";
import { Code } from "./code.js";
import { Knobs } from "./knobs.js";
import { Lanes } from "./lanes.js";
import { Levels } from "./levels.js";
import { Live } from "./live.js";
import { Rings } from "./rings.js";
import { Roll } from "./roll.js";

const $ = (name) => document.getElementById(name);
const token = new URLSearchParams(location.search).get("token") ?? "";

let socket = null;
const live = new Live((message) => {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
});

/** Join the session, and again when the way there was cut. */
function join(wait = 300) {
  const secure = location.protocol === "https:" ? "wss" : "ws";
  socket = new WebSocket(`${secure}://${location.host}/live?token=${encodeURIComponent(token)}`);
  socket.addEventListener("open", () => {
    wait = 300;
    say("");
    for (let at = 0; at < 5; at++) setTimeout(() => live.ask(), at * 150);
  });
  socket.addEventListener("message", ({ data }) => live.hear(JSON.parse(data)));
  socket.addEventListener("close", () => {
    live.rows.clear();
    say("no way to the session; trying again", true);
    setTimeout(() => join(Math.min(wait * 1.6, 5000)), wait);
  });
}

function say(text, wrong = false) {
  $("news").textContent = text.split("\n")[0];
  $("news").classList.toggle("wrong", wrong);
}

live.on("news", say);

const lanes = new Lanes(live);
const views = {
  code: new Code($("code"), live),
  roll: new Roll(new Sheet($("roll")), live, lanes),
  rings: new Rings(new Sheet($("rings"), 2), live, lanes),
  levels: new Levels(new Sheet($("levels")), live),
};
new Knobs($("knobs"), live);

// What is shown.

function show(view, on) {
  $(view).hidden = !on;
  document.querySelector(`[data-view="${view}"]`).setAttribute("aria-pressed", String(on));
  localStorage.setItem(`view ${view}`, on ? "1" : "0");
}

for (const button of document.querySelectorAll("[data-view]")) {
  const { view } = button.dataset;
  const kept = localStorage.getItem(`view ${view}`);
  if (kept !== null) show(view, kept === "1");
  button.addEventListener("click", () => show(view, $(view).hidden));
}

$("full").hidden = !document.fullscreenEnabled;
$("full").addEventListener("click", () => {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen();
});

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches?.("input")) return;
  const button = document.querySelector(`nav [title="${CSS.escape(event.key)}"]`);
  if (button) button.click();
  const size = { "+": 1.1, "-": 1 / 1.1 }[event.key];
  if (size) {
    const now = parseFloat(getComputedStyle(document.body).fontSize);
    document.documentElement.style.setProperty("--size", `${(now * size).toFixed(1)}px`);
  }
});

// The layers in words, for who does not see the pictures.

let read = "";
live.on("status", ({ layers }) => {
  if (live.cast === read) return;
  read = live.cast;
  const words = layers.map(({ name, sounding }) => (sounding ? name : `${name}, muted`));
  const list = $("layers");
  list.replaceChildren(...words.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
});

// The clock.

const cycleText = document.querySelector("#clock b");
let beats = 0;
let lastCycle = "";
let lastBeat = -1;

live.on("status", (status) => {
  const followed = status.followed ? `, follows ${status.followed}` : "";
  $("tempo").textContent = `${status.bpm.toFixed(1).replace(/\.0$/, "")} bpm${followed}`;
  const wanted = Math.max(1, Math.min(16, Math.round(status.beats ?? 4)));
  if (wanted !== beats) {
    beats = wanted;
    $("beats").replaceChildren(...Array.from({ length: beats }, () => document.createElement("i")));
  }
});

function drawClock(now) {
  if (!live.status) return;
  const cycle = live.cycle(now);
  const text = live.status.playing ? String(Math.floor(cycle)) : "–";
  if (text !== lastCycle) cycleText.textContent = lastCycle = text;
  const beat = live.status.playing ? Math.floor((cycle % 1) * beats) : -1;
  if (beat !== lastBeat) {
    [...$("beats").children].forEach((dot, at) => dot.classList.toggle("now", at === beat));
    lastBeat = beat;
  }
}

// Frames. What they cost is counted, so that it can be seen: stage.frames in the console.

const frames = { count: 0, spent: 0, worst: 0 };
globalThis.stage = { frames, live };

function frame() {
  requestAnimationFrame(frame); // first of all: once much is drawn it costs 1.5 ms to ask for the next one
  const began = performance.now();
  const now = live.now();
  for (const view of Object.values(views)) view.draw(now);
  drawClock(now);
  if (frames.count % 30 === 0) live.tidy(now);
  const spent = performance.now() - began;
  frames.count += 1;
  frames.spent += spent;
  frames.worst = Math.max(frames.worst, spent);
}

join();
setInterval(() => live.ask(), 5000);
requestAnimationFrame(frame);
