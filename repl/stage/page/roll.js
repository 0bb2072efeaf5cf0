// The piano roll: a lane for each layer, what sounds glows at the line of now, what comes moves towards it.
//
// All notes stand on a strip out of sight that is drawn when others are told; a frame shows a part of it, paler what is
// past, and draws what sounds above it.

import { resize, scale } from "./canvas.js";
import { colourOf } from "./colours.js";

const PAST = 1.6; // seconds to the left of now
const AHEAD = 2.4; // seconds to its right
const SPARE = 2; // seconds that the strip is longer, so that it can be moved
const NOW = PAST / (PAST + AHEAD);

export class Roll {
  constructor(sheet, live, lanes) {
    this.sheet = sheet;
    this.live = live;
    this.lanes = lanes;
    this.strip = document.createElement("canvas").getContext("2d");
    this.from = 0; // the time at the beginning of the strip
    this.key = "";
  }

  draw(now) {
    const { sheet, live } = this;
    if (!sheet.seen) return;
    this.measure();
    const second = sheet.width / (PAST + AHEAD);
    const key = `${sheet.sizes} ${live.told} ${live.cast}`;
    const gone = now - PAST - this.from;
    if (key !== this.key || gone < 0 || gone > SPARE) this.lay(now, key, second);
    sheet.beneath(live.cast, (ground) => this.names(ground));
    const paint = sheet.clear();
    const shift = (now - PAST - this.from) * second;
    this.show(paint, shift, this.gutter, this.line, 0.35);
    this.show(paint, shift, this.line, sheet.width, 1);
    for (const row of live.rows.values()) {
      if (row.at > now || row.until <= now) continue;
      const top = this.top(row);
      if (top === undefined) continue;
      const left = Math.max(this.gutter, this.line + (row.at - now) * second);
      const wide = Math.max(2, this.line + (row.until - now) * second - left - 1);
      paint.globalAlpha = 0.35 + 0.65 * row.strength;
      paint.fillStyle = colourOf(row.layer, 84);
      paint.fillRect(left, top, wide, this.thick);
      const fresh = 1 - (now - row.at) / 0.25;
      if (fresh <= 0) continue;
      paint.globalAlpha = 0.5 * fresh * row.strength;
      paint.fillStyle = colourOf(row.layer, 92);
      const grow = 6 * fresh;
      paint.fillRect(left - grow, top - grow, wide + 2 * grow, this.thick + 2 * grow);
    }
    paint.globalAlpha = 1;
    paint.fillStyle = "#ffffff40";
    paint.fillRect(this.line, 0, 1.5, sheet.height);
  }

  /** Show a part of the strip: from one place of the picture to another. */
  show(paint, shift, from, to, alpha) {
    const { height } = this.sheet;
    const fine = scale();
    paint.globalAlpha = alpha;
    paint.drawImage(this.strip.canvas, (from + shift) * fine, 0, (to - from) * fine, height * fine, from, 0, to - from, height);
  }

  /** Where all of it is. */
  measure() {
    const { width, height } = this.sheet;
    this.line = width * NOW;
    this.lane = height / Math.max(1, this.live.layers.length);
    this.size = Math.max(10, Math.min(this.lane * 0.3, width / 40));
    this.thick = Math.max(3, Math.min(this.lane / 9, 14));
    // In narrow lanes the names stand beside the notes, in wide ones above them.
    this.gutter = this.lane < 4 * this.size ? Math.min(9 * this.size, this.line * 0.4) : 0;
    this.room = this.lane - this.thick - (this.gutter ? 3 : this.size * 1.2);
  }

  /** How far down a row lies; undefined for one of no layer. */
  top(row) {
    const at = this.index.get(row.layer);
    return at === undefined ? at : (at + 1) * this.lane - this.lanes.height(row) * this.room - this.thick - 1;
  }

  /** Draw the strip: all notes as they come. */
  lay(now, key, second) {
    const { sheet, live, strip } = this;
    const width = (PAST + AHEAD + SPARE) * second;
    if (this.sizes !== sheet.sizes) {
      this.sizes = sheet.sizes;
      resize(strip, width, sheet.height);
    }
    strip.clearRect(0, 0, width, sheet.height);
    this.key = key;
    this.from = now - PAST;
    this.index = new Map(live.layers.map(({ name }, at) => [name, at]));
    for (const row of live.rows.values()) {
      const left = (row.at - this.from) * second;
      const right = (row.until - this.from) * second;
      const top = this.top(row);
      if (top === undefined || right < 0 || left > width) continue;
      strip.globalAlpha = 0.7 * (0.35 + 0.65 * row.strength);
      strip.fillStyle = colourOf(row.layer, 66);
      strip.fillRect(left, top, Math.max(2, right - left - 1), this.thick);
    }
    strip.globalAlpha = 1;
  }

  /** Draw the lanes, each with the name of its layer. */
  names(paint) {
    paint.font = `${this.size}px system-ui, sans-serif`;
    paint.textBaseline = "top";
    const down = Math.min(5, (this.lane - this.size) / 2);
    this.live.layers.forEach(({ name, sounding }, at) => {
      paint.fillStyle = at % 2 ? "#10121a" : "#0c0d12";
      paint.fillRect(0, at * this.lane, this.sheet.width, this.lane);
      paint.fillStyle = sounding ? colourOf(name) : "#8a8ea2";
      paint.fillText(sounding ? name : `${name} (muted)`, 10, at * this.lane + down, (this.gutter || this.line) - 20);
    });
  }
}
