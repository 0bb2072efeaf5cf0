// The rings: a ring for each layer, once round is a cycle; a hand goes round, and what it touches sounds. Within a
// layer's ring each pitch, or each sound, has a ring of its own.

import { colourOf } from "./colours.js";

const FULL = 2 * Math.PI;
const TOP = -FULL / 4;
const PACE = 12; // pictures a second of what does not sound
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
    const middle = [sheet.width / 2, sheet.height / 2];
    const outer = Math.min(...middle) * 0.95;
    const step = (outer * (1 - INNER)) / Math.max(1, live.layers.length);
    const beats = Math.max(1, Math.min(16, Math.round(live.status?.beats ?? 4)));
    sheet.beneath(`${beats} ${live.cast}`, (ground) => {
      this.edge = new Map(live.layers.map(({ name }, at) => [name, outer - step * at]));
      this.beats(ground, middle, outer, beats);
      ground.strokeStyle = "#232736";
      for (const size of this.edge.values()) {
        ground.beginPath();
        ground.arc(...middle, size, 0, FULL);
        ground.stroke();
      }
      this.names(ground);
    });
    const cps = live.cps || 0.5;
    // What does not sound is drawn a few times a second, with what has come and what is over.
    sheet.beneath(`${live.told} ${Math.floor(now * PACE)} ${live.cast}`, (ground) => {
      for (const row of live.rows.values()) {
        // Half a cycle back to half a cycle ahead: more would lie on what is there already.
        if (row.until < now - 0.5 / cps || row.at > now + 0.5 / cps) continue;
        this.arc(ground, row, middle, step, row.until < now ? 0.3 : 0.65, 0.6, 64);
      }
    }, 1);
    const sounding = new Set();
    for (const row of live.rows.values()) {
      if (row.at > now || row.until <= now) continue;
      this.arc(paint, row, middle, step, 1, 0.95, 86);
      sounding.add(row.layer);
    }
    paint.globalAlpha = 1;
    const hand = TOP + FULL * (live.cycle(now) % 1);
    paint.strokeStyle = "#ffffffb0";
    paint.lineWidth = 2;
    paint.beginPath();
    paint.moveTo(...middle);
    paint.lineTo(middle[0] + outer * Math.cos(hand), middle[1] + outer * Math.sin(hand));
    paint.stroke();
    for (const [name, [x, y, size]] of this.lamps) {
      if (!sounding.has(name)) continue;
      paint.fillStyle = colourOf(name, 88);
      paint.fillRect(x, y, size, size);
    }
  }

  /** The arc of a row. */
  arc(paint, row, middle, step, alpha, thick, lightness) {
    const edge = this.edge.get(row.layer);
    if (edge === undefined) return;
    const [at, of] = this.lanes.line(row);
    const wide = (step * 0.86) / of;
    const radius = edge - step * 0.07 - wide * (at + 0.5);
    const begin = TOP + FULL * (this.live.cycle(row.at) % 1);
    const length = Math.min(1, (row.until - row.at) * (this.live.cps || 0.5)) * FULL;
    const gap = Math.min(0.04, 2 / radius, length / 3);
    paint.lineWidth = Math.max(1.5, wide * thick * (0.5 + 0.5 * row.strength));
    paint.globalAlpha = alpha;
    paint.strokeStyle = colourOf(row.layer, lightness);
    paint.beginPath();
    paint.arc(...middle, radius, begin, begin + length - gap);
    paint.stroke();
  }

  /** A faint line where each beat begins. */
  beats(paint, [x, y], outer, beats) {
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

  /** The names of the layers in the upper corners, from the outermost: the first half to the left; each has a lamp. */
  names(paint) {
    const { width, height } = this.sheet;
    const { layers } = this.live;
    this.lamps = new Map();
    const half = Math.ceil(layers.length / 2);
    const size = Math.max(8, Math.min(20, height / 18, (height * 0.8) / half / 1.3));
    paint.font = `600 ${size.toFixed(1)}px system-ui, sans-serif`;
    paint.textBaseline = "top";
    layers.forEach(({ name, sounding: on }, at) => {
      const left = at < half;
      const top = 8 + (at % half) * size * 1.3;
      const lamp = size * 0.6;
      paint.textAlign = left ? "left" : "right";
      paint.fillStyle = on ? colourOf(name, 68) : "#8a8ea2";
      const room = 10 + 1.6 * lamp;
      paint.fillText(on ? name : `${name} (muted)`, left ? room : width - room, top, width / 4);
      this.lamps.set(name, [left ? 10 : width - 10 - lamp, top + size * 0.15, lamp]);
      paint.fillStyle = "#232736";
      paint.fillRect(...this.lamps.get(name), lamp);
    });
    paint.textAlign = "left";
  }
}
