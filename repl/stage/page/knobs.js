// Knobs, pads, toggles and buttons that the piece declares; a phone turns them, and all see it.

import { follow } from "./fingers.js";
import { restOf, said, within } from "./ranges.js";

/** How far an arrow key moves a pad. */
const STEP = 0.02;
const ARROWS = { ArrowLeft: [0, -STEP], ArrowRight: [0, STEP], ArrowDown: [1, -STEP], ArrowUp: [1, STEP] };

export class Knobs {
  constructor(section, live) {
    this.section = section;
    this.live = live;
    this.axes = new Map(); // by the input's name
    this.shown = "";
    live.on("knobs", (inputs, positions) => this.show(inputs, positions));
    live.on("turned", (name, position) => this.axes.get(name)?.hear(position));
  }

  show(inputs, positions) {
    const shown = JSON.stringify(inputs);
    if (shown !== this.shown) {
      this.shown = shown;
      this.axes.clear();
      this.section.replaceChildren(...controls(inputs).map((control) => this.make(control)));
    }
    for (const [name, position] of Object.entries(positions)) this.axes.get(name)?.hear(position);
  }

  make({ name, inputs }) {
    const axes = inputs.map((input) => new Axis(input, (position) => this.live.say({ op: "turn", name: input.name, position })));
    for (const axis of axes) this.axes.set(axis.input.name, axis);
    if (axes.length === 2) return pad(name, axes);
    const makers = { toggle, button };
    return (makers[inputs[0].kind] ?? fader)(...axes);
  }
}

/** What is shown of inputs, each with those that it moves: a pad has two. What comes by MIDI is moved there. */
function controls(inputs) {
  const found = new Map();
  for (const input of inputs) {
    if (!["knob", "toggle", "button", "x", "y"].includes(input.kind)) continue;
    const name = input.kind === "x" || input.kind === "y" ? input.name.slice(0, -2) : input.name;
    if (!found.has(name)) found.set(name, []);
    found.get(name).push(input);
  }
  return [...found].map(([name, each]) => ({ name, inputs: each.sort((one, other) => (one.kind < other.kind ? -1 : 1)) }));
}

/** One input: where it stands here, and what others do to it. */
class Axis {
  constructor(input, say) {
    this.input = input;
    this.say = say;
    this.position = restOf(input);
    this.held = false;
    this.heard = null; // what others have said while it was held here, unless it was moved here after that
    this.draw = () => {};
  }

  get text() {
    return said(this.input, this.position);
  }

  turn(position) {
    this.heard = null;
    this.say(position);
    this.stand(position);
  }

  hear(position) {
    if (this.held) this.heard = position; // no finger is led
    else this.stand(position);
  }

  release() {
    this.held = false;
    if (this.heard !== null) this.stand(this.heard);
    this.heard = null;
  }

  stand(position) {
    this.position = position;
    this.draw();
  }
}

function fader(axis) {
  const { input } = axis;
  const label = make("label");
  const row = make("span", "row");
  const value = make("span", "value"); // no output: a label is that of the first it holds
  value.setAttribute("aria-hidden", "true");
  row.append(input.name, value);
  const track = make("span", "track");
  const fill = make("i");
  const slider = sliderOf(axis);
  track.append(fill, slider);
  label.append(row, track);
  moved(track, [axis], () => {
    value.textContent = axis.text;
    fill.style.transform = `scaleX(${axis.position})`;
    tell(slider, axis);
  });
  return label;
}

function pad(name, axes) {
  const box = make("div", "control");
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", name);
  const row = make("span", "row");
  const value = make("span", "value");
  row.setAttribute("aria-hidden", "true");
  row.append(name, value);
  const field = make("span", "pad");
  const dot = make("i");
  const sliders = axes.map((axis) => sliderOf(axis));
  sliders.forEach((slider, at) => slider.setAttribute("aria-label", axes[at].input.name));
  sliders[1].setAttribute("aria-orientation", "vertical");
  field.append(dot, ...sliders);
  field.addEventListener("keydown", (event) => {
    const [at, by] = ARROWS[event.key] ?? [];
    if (by === undefined) return;
    event.preventDefault();
    sliders[at].focus();
    axes[at].turn(within(axes[at].position + (event.shiftKey ? 5 : 1) * by));
  });
  box.append(row, field);
  moved(field, axes, () => {
    const [x, y] = axes;
    value.textContent = `${x.text}, ${y.text}`;
    dot.style.left = `${100 * x.position}%`;
    dot.style.bottom = `${100 * y.position}%`;
    sliders.forEach((slider, at) => tell(slider, axes[at]));
  });
  return box;
}

/** Let fingers move what stands for one axis or for two, and draw it. */
function moved(element, axes, draw) {
  follow(element, {
    move(...shares) {
      axes.forEach((axis, at) => {
        axis.held = true;
        if (axis.position !== shares[at]) axis.turn(shares[at]);
      });
    },
    over: () => axes.forEach((axis) => axis.release()),
  });
  for (const axis of axes) axis.draw = draw;
  draw();
}

/** What keys move and a screen reader reads; fingers touch what it lies in. */
function sliderOf(axis) {
  const slider = make("input");
  Object.assign(slider, { type: "range", min: 0, max: 1, step: "any", name: axis.input.name });
  slider.addEventListener("input", () => axis.turn(Number(slider.value)));
  return slider;
}

function tell(slider, axis) {
  slider.value = axis.position;
  slider.setAttribute("aria-valuetext", axis.text);
}

function toggle(axis) {
  const element = pressed(axis);
  element.addEventListener("click", () => axis.turn(axis.position >= 0.5 ? 0 : 1));
  return element;
}

function button(axis) {
  const element = pressed(axis);
  const press = (down) => {
    if (down !== axis.position >= 0.5) axis.turn(down ? 1 : 0);
  };
  follow(element, { move: () => press(true), over: () => press(false) });
  const keys = [" ", "Enter"];
  element.addEventListener("keydown", (event) => keys.includes(event.key) && !event.repeat && press(true));
  element.addEventListener("keyup", (event) => keys.includes(event.key) && press(false));
  element.addEventListener("blur", () => press(false));
  return element;
}

/** A button that shows whether an input is on. */
function pressed(axis) {
  const element = make("button");
  element.type = "button";
  element.textContent = axis.input.name;
  axis.draw = () => element.setAttribute("aria-pressed", String(axis.position >= 0.5));
  axis.draw();
  return element;
}

function make(tag, kind = "") {
  const element = document.createElement(tag);
  if (kind) element.className = kind;
  return element;
}
