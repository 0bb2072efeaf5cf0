// The meters: the spectrum of all behind the bars of each layer, bus and the whole.

import { colourOf } from "./colours.js";

const LOWEST = -60; // dB at the bottom
const HOLD = 1.2; // seconds for which a peak stands

export class Levels {
  constructor(sheet, live) {
    this.sheet = sheet;
    this.live = live;
    this.peaks = new Map();
  }

  draw(now) {
    const { sheet, live } = this;
    const heard = live.meters ?? live.status;
    // It is told twenty times a second: what has not changed since stands there already.
    if (!sheet.seen || (heard === this.heard && sheet.sizes === this.sizes)) return;
    this.heard = heard;
    this.sizes = sheet.sizes;
    const paint = sheet.clear();
    const levels = heard?.levels;
    if (!levels) return;
    const { width, height } = sheet;
    const up = (decibels) => Math.max(0, Math.min(1, 1 - decibels / LOWEST)) * (height - 42); // the loudness in words stands above
    const spectrum = live.meters?.spectrum?.master ?? [];
    paint.fillStyle = "#232a40";
    spectrum.forEach((level, band) => {
      // What is flat to the ear falls by 4.5 dB an octave: lifted, so that a full mix fills the picture.
      const size = up(level + (band / spectrum.length) * 30);
      paint.fillRect((band * width) / spectrum.length, height - 18 - size, width / spectrum.length - 1, size);
    });
    const rows = [
      ...live.layers.flatMap(({ name }) => (levels.layers?.[name] ? [[name, levels.layers[name], colourOf(name)]] : [])),
      ...Object.entries(levels.buses ?? {}).map(([name, level]) => [name, level, "#8a90a8"]),
      ...(levels.master?.peak === undefined ? [] : [["master", levels.master, "#e9e7df"]]),
    ];
    const each = width / Math.max(1, rows.length);
    sheet.beneath(JSON.stringify(rows.map(([name]) => name)), (ground) => {
      ground.font = `${Math.max(9, Math.min(13, each / 4))}px system-ui, sans-serif`;
      ground.textAlign = "center";
      ground.fillStyle = "#9a9cab";
      rows.forEach(([name], at) => ground.fillText(name, at * each + each / 2, height - 4, each - 4));
    });
    rows.forEach(([name, level, colour], at) => {
      const left = at * each + each * 0.2;
      const known = this.peaks.get(name);
      if (!known || level.peak >= known.level || now - known.at > HOLD) this.peaks.set(name, { level: level.peak, at: now });
      paint.fillStyle = colour;
      paint.globalAlpha = 0.85;
      paint.fillRect(left, height - 18 - up(level.rms), each * 0.6, up(level.rms));
      paint.globalAlpha = 1;
      const peak = this.peaks.get(name).level;
      paint.fillStyle = peak > -1 ? "#ff6b57" : colour;
      if (peak > LOWEST) paint.fillRect(left, height - 18 - up(peak), each * 0.6, 2);
    });
    const loud = live.meters?.loudness?.master;
    if (loud && loud.short > -100) {
      paint.font = "13px system-ui, sans-serif";
      paint.fillStyle = "#9a9cab";
      paint.fillText(`${loud.short.toFixed(1)} LUFS`, 8, 14);
    }
  }
}
