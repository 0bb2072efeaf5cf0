// The piano roll: a lane for each layer, what sounds glows at the line of now, what comes moves towards it.

import { colourOf } from "./colours.js";

const PAST = 1.6; // seconds to the left of now
const AHEAD = 2.4; // seconds to its right
const NOW = PAST / (PAST + AHEAD);

export class Roll {
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
    const height = sheet.height / Math.max(1, names.length);
    const width = sheet.width;
    const line = width * NOW;
    const second = width / (PAST + AHEAD);
    const size = Math.max(10, Math.min(height * 0.3, width / 40));
    paint.font = `${size}px system-ui, sans-serif`;
    paint.textBaseline = "top";
    names.forEach((name, at) => {
      const top = at * height;
      const silent = !live.layers[at].sounding;
      paint.fillStyle = at % 2 ? "#10121a" : "#0c0d12";
      paint.fillRect(0, top, width, height);
      paint.fillStyle = silent ? "#8a8ea2" : colourOf(name);
      paint.fillText(silent ? `${name} (muted)` : name, 10, top + 5, line - 20);
    });
    const index = new Map(names.map((name, at) => [name, at]));
    for (const row of live.rows.values()) {
      const at = index.get(row.layer);
      if (at === undefined) continue;
      const left = line + (row.at - now) * second;
      const right = line + (row.until - now) * second;
      if (right < 0 || left > width) continue;
      const place = this.lanes.height(row);
      const thick = Math.max(3, Math.min(height / 9, 14));
      const top = (at + 1) * height - place * (height - thick - size * 1.2) - thick;
      const sounds = row.at <= now && now < row.until;
      const over = row.until <= now;
      const strength = 0.35 + 0.65 * row.strength;
      paint.globalAlpha = over ? 0.25 * strength : strength * (sounds ? 1 : 0.7);
      paint.fillStyle = colourOf(row.layer, sounds ? 84 : 66);
      paint.fillRect(left, top, Math.max(2, right - left - 1), thick);
      if (sounds) {
        const fresh = Math.max(0, 1 - (now - row.at) / 0.25);
        paint.globalAlpha = 0.5 * fresh * row.strength;
        paint.fillStyle = colourOf(row.layer, 92);
        const grow = 6 * fresh;
        paint.fillRect(left - grow, top - grow, Math.max(2, right - left) + 2 * grow, thick + 2 * grow);
      }
    }
    paint.globalAlpha = 1;
    paint.fillStyle = "#ffffff40";
    paint.fillRect(line, 0, 1.5, sheet.height);
  }
}
