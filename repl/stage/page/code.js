// The code that plays, with what sounds lit up in it.
//
// The text is laid out once; each atom's rectangle is measured once and kept; a canvas above the text is all that
// changes from frame to frame, so no frame has to lay anything out.

import { colourOf } from "./colours.js";

const SEEN = 0.09; // seconds for which the shortest sound is lit
const FADE = 0.18; // seconds in which it goes out
const PACE = 0.03; // seconds between two pictures: what glows needs no more, as what moves does
const SIZES = [1, 0.92, 0.84, 0.76, 0.68]; // of the text, so that all of it is seen, if it can be
const WORDS = new Set(
  "and as assert break class continue def del elif else except False finally for from global if import in is lambda None nonlocal not or pass raise return True try while with yield".split(" "),
);
const TOKEN =
  /(?<comment>#.*)|(?<string>[rRbBfFuU]{0,2}("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?))|(?<number>\b\d[\d_.]*)|(?<name>[A-Za-z_]\w*)/g;

/** A text in coloured pieces: [kind, text] in order; kind is empty for what has none. */
export function pieces(source) {
  const found = [];
  let last = 0;
  for (const match of source.matchAll(TOKEN)) {
    if (match.index > last) found.push(["", source.slice(last, match.index)]);
    let [kind] = Object.entries(match.groups).find(([, text]) => text !== undefined);
    const text = match[0];
    if (kind === "name") kind = WORDS.has(text) ? "word" : source[match.index + text.length] === "(" ? "name" : "";
    found.push([kind, text]);
    last = match.index + text.length;
  }
  if (last < source.length) found.push(["", source.slice(last)]);
  return found;
}

/** The lines of a source as elements, coloured. */
function linesOf(source) {
  const lines = [document.createElement("div")];
  for (const [kind, text] of pieces(source)) {
    text.split("\n").forEach((part, at) => {
      if (at > 0) lines.push(document.createElement("div"));
      if (!part) return;
      const node = kind ? document.createElement("span") : document.createTextNode(part);
      if (kind) {
        node.className = kind;
        node.textContent = part;
      }
      lines[lines.length - 1].append(node);
    });
  }
  return lines;
}

export class Code {
  constructor(section, live) {
    this.section = section;
    this.live = live;
    this.files = new Map();
    this.drawn = 0;
    live.on("sources", (sources) => this.show(sources));
    new ResizeObserver(() => this.resize()).observe(section);
    document.fonts?.ready.then(() => this.resize());
  }

  show(sources) {
    for (const [name, file] of this.files) {
      if (!(name in sources)) {
        file.box.remove();
        this.files.delete(name);
      }
    }
    for (const [name, source] of Object.entries(sources)) {
      let file = this.files.get(name);
      if (file && file.source === source) continue;
      if (!file) {
        const box = document.createElement("div");
        box.className = "file";
        const title = document.createElement("h2");
        title.textContent = name.split(/[\\/]/).pop();
        title.title = name;
        const text = document.createElement("pre");
        text.translate = false;
        const canvas = document.createElement("canvas");
        canvas.setAttribute("aria-hidden", "true");
        box.append(title, text);
        this.section.append(box);
        file = { box, text, canvas, paint: canvas.getContext("2d"), places: new Map(), source: "", dark: true };
        this.files.set(name, file);
      }
      const before = file.source && new Set(file.source.split("\n"));
      file.lines = linesOf(source);
      if (before) source.split("\n").forEach((line, at) => file.lines[at].classList.toggle("new", !before.has(line)));
      file.source = source;
      file.text.replaceChildren(...file.lines, file.canvas);
    }
    this.resize();
  }

  /** Make the text as large as it may be to be seen as a whole; a longer one is scrolled. */
  resize() {
    for (const size of SIZES) {
      this.section.style.fontSize = `${size}em`;
      if (this.section.scrollHeight <= this.section.clientHeight) break;
    }
    this.forget();
  }

  /** The text may lie elsewhere now. */
  forget() {
    for (const file of this.files.values()) {
      file.places.clear();
      file.fitted = false;
    }
  }

  fit(file) {
    const scale = Math.min(window.devicePixelRatio || 1, 2);
    file.width = file.text.clientWidth;
    file.height = file.text.clientHeight;
    file.canvas.width = Math.max(1, file.width * scale);
    file.canvas.height = Math.max(1, file.height * scale);
    file.canvas.style.width = `${file.width}px`;
    file.canvas.style.height = `${file.height}px`;
    file.paint.setTransform(scale, 0, 0, scale, 0, 0);
    file.fitted = true;
  }

  /** The rectangles of a place in a file, measured at its first time. */
  rectangles(file, place) {
    const key = keyOf(place);
    let found = file.places.get(key);
    if (!found) {
      const [, line, column, length] = place;
      found = this.measure(file, line, column, length);
      file.places.set(key, found);
    }
    return found;
  }

  measure(file, line, column, length) {
    const element = file.lines?.[line - 1];
    if (!element || column < 1) return [];
    const range = document.createRange();
    const from = position(element, column - 1);
    const to = position(element, column - 1 + length);
    if (!from || !to) return [];
    range.setStart(...from);
    range.setEnd(...to);
    const zero = file.text.getBoundingClientRect();
    return [...range.getClientRects()].map((one) => [one.x - zero.x, one.y - zero.y, one.width, one.height]);
  }

  draw(now) {
    if (this.section.hidden || !this.live.status) return; // the layers have their colours with the first status
    if (Math.abs(now - this.drawn) < PACE) return;
    this.drawn = now;
    const lit = new Map();
    for (const row of this.live.rows.values()) {
      if (row.at > now) continue;
      const since = now - Math.max(row.until, row.at + SEEN);
      if (since >= FADE) continue;
      const glow = (since <= 0 ? 1 : 1 - since / FADE) * (0.35 + 0.65 * row.strength);
      for (const place of row.where) {
        const file = this.files.get(place[0]);
        if (!file) continue;
        if (!lit.has(file)) lit.set(file, new Map());
        // Several that sound at one place light it once, as the strongest does.
        const places = lit.get(file);
        const key = keyOf(place);
        const fresh = Math.max(0, 1 - (now - row.at) / 0.2);
        const known = places.get(key);
        if (!known || glow + fresh > known.glow + known.fresh) places.set(key, { place, glow, fresh, layer: row.layer });
      }
    }
    for (const file of this.files.values()) {
      const places = lit.get(file);
      if (!places && file.dark) continue;
      if (!file.fitted) this.fit(file);
      const paint = file.paint;
      paint.clearRect(0, 0, file.width, file.height);
      for (const { place, glow, fresh, layer } of places?.values() ?? []) {
        for (const [x, y, width, height] of this.rectangles(file, place)) {
          paint.globalAlpha = glow * (0.4 + 0.5 * fresh);
          paint.fillStyle = colourOf(layer, 55);
          paint.fillRect(x - 2, y, width + 4, height);
          paint.globalAlpha = glow;
          paint.fillStyle = colourOf(layer, 80);
          paint.fillRect(x - 2, y + height - 2, width + 4, 2);
        }
      }
      file.dark = !places;
    }
  }
}

/** A place within its file, made once: it is asked for in every frame. */
function keyOf(place) {
  return (place.key ??= `${place[1]}:${place[2]}:${place[3]}`);
}

/** The text node and offset of a character of a line, counted in characters. */
function position(element, characters) {
  const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let last = null;
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const text = [...node.data];
    if (characters <= text.length) return [node, text.slice(0, characters).join("").length];
    characters -= text.length;
    last = node;
  }
  return last && [last, last.data.length];
}
