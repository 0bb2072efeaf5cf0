// The rings: a ring for each layer, once round is a cycle; a hand goes round, and what it touches sounds. Within a
// layer's ring each pitch, or each sound, has a ring of its own.

import { colourOf } from "./colours.js";

const FULL = 2 * Math.PI;
const TOP = -FULL / 4;
const INNER = 0.16; // of the radius: what is left free in the middle

export class Rings {
  constructor(sheet, live, lanes) {
    this.sheet = sheet;
    this.live = live;
    this.lanes = lanes;
  }

  draw(now) {
    const { sheet, live } = this;
    if (!sheet.seen) return;
    const paint = sheet.clear();
    const names = live.layers.map((layer) => layer.name);
    const middle = [sheet.width / 2, sheet.height / 2];
    const outer = Math.min(...middle) * 0.95;
    const step = (outer * (1 - INNER)) / Math.max(1, names.length);
    const edge = new Map(names.map((name, at) => [name, outer - step * at]));
    this.beats(paint, middle, outer);
    paint.lineCap = "butt";
    paint.lineWidth = 1;
    paint.strokeStyle = "#232736";
    for (const size of edge.values()) {
      paint.beginPath();
      paint.arc(...middle, size, 0, FULL);
      paint.stroke();
    }
    const cps = live.cps || 0.5;
    const sounding = new Set();
    for (const row of live.rows.values()) {
      const size = edge.get(row.layer);
      // A cycle back to half a cycle ahead: more would lie on what is there already.
      if (size === undefined || row.until < now - 0.5 / cps || row.at > now + 0.5 / cps) continue;
      const [at, of] = this.lanes.line(row);
      const wide = (step * 0.86) / of;
      const radius = size - step * 0.07 - wide * (at + 0.5);
      const begin = TOP + FULL * (live.cycle(row.at) % 1);
      const length = Math.min(1, (row.until - row.at) * cps) * FULL;
      const sounds = row.at <= now && now < row.until;
      if (sounds) sounding.add(row.layer);
      const gap = Math.min(0.04, 2 / radius, length / 3);
      paint.lineWidth = Math.max(1.5, wide * (sounds ? 0.95 : 0.6) * (0.5 + 0.5 * row.strength));
      paint.globalAlpha = sounds ? 1 : row.until < now ? 0.3 : 0.65;
      paint.strokeStyle = colourOf(row.layer, sounds ? 86 : 64);
      paint.beginPath();
      paint.arc(...middle, radius, begin, begin + length - gap);
      paint.stroke();
    }
    paint.globalAlpha = 1;
    const hand = TOP + FULL * (live.cycle(now) % 1);
    paint.strokeStyle = "#ffffffb0";
    paint.lineWidth = 2;
    paint.beginPath();
    paint.moveTo(...middle);
    paint.lineTo(middle[0] + outer * Math.cos(hand), middle[1] + outer * Math.sin(hand));
    paint.stroke();
    this.names(paint, live.layers, sounding);
  }

  /** A faint line where each beat begins. */
  beats(paint, [x, y], outer) {
    const beats = Math.max(1, Math.min(16, Math.round(this.live.status?.beats ?? 4)));
    paint.strokeStyle = "#1b1e2a";
    paint.lineWidth = 1;
    paint.beginPath();
    for (let beat = 0; beat < beats; beat++) {
      const [across, down] = [Math.cos(TOP + (FULL * beat) / beats), Math.sin(TOP + (FULL * beat) / beats)];
      paint.moveTo(x + outer * INNER * across, y + outer * INNER * down);
      paint.lineTo(x + outer * across, y + outer * down);
    }
    paint.stroke();
  }

  /** The names of the layers in the upper corners, from the outermost: the first half to the left. */
  names(paint, layers, sounding) {
    const { width, height } = this.sheet;
    const half = Math.ceil(layers.length / 2);
    const size = Math.max(8, Math.min(16, height / 34, (height * 0.4) / half / 1.3));
    paint.font = `600 ${size.toFixed(1)}px system-ui, sans-serif`;
    paint.textBaseline = "top";
    layers.forEach(({ name, sounding: on }, at) => {
      const left = at < half;
      paint.textAlign = left ? "left" : "right";
      paint.fillStyle = on ? colourOf(name, sounding.has(name) ? 88 : 68) : "#8a8ea2";
      paint.fillText(on ? name : `${name} (muted)`, left ? 10 : width - 10, 8 + (at % half) * size * 1.3, width / 4);
    });
    paint.textAlign = "left";
  }
}
