// The session, as far as a page is told of it: what sounds, where the music is, how loud it is.

import { meet } from "./colours.js";

/** Seconds for which what is over is kept: it is still seen in the roll; in the rings for half a cycle. */
const KEPT = 2;

export class Live {
  /** @param {WebSocket|{send: Function}} socket */
  constructor(say) {
    this.say = say;
    this.rows = new Map();
    this.layers = [];
    this.told = 0; // how often what sounds was told
    this.cast = ""; // their names in one text, with those that are muted: as long as it is the same they are
    this.status = null;
    this.statusAt = 0;
    this.meters = null;
    this.ahead = 0; // how far the session's time of day is ahead of ours, in seconds
    this.best = Infinity;
    this.heard = { sources: [], knobs: [], news: [], turned: [], status: [] };
  }

  on(kind, listener) {
    this.heard[kind].push(listener);
  }

  tell(kind, ...given) {
    for (const listener of this.heard[kind]) listener(...given);
  }

  /** The session's time of day, in seconds since 1970. */
  now() {
    return Date.now() / 1000 + this.ahead;
  }

  /** The cycle at a time of day, from what was said last. */
  cycle(at) {
    if (!this.status) return 0;
    const moving = this.status.playing ? 1 : 0;
    return this.status.cycle + moving * (at - this.statusAt) * this.cps;
  }

  /** Ask what time it is there: a phone's clock may be wrong by seconds. */
  ask() {
    this.say({ op: "time", sent: Date.now() / 1000 });
  }

  hear(message) {
    const take = this[`take_${message.op}`];
    if (take) take.call(this, message);
  }

  take_time({ sent, now }) {
    const here = Date.now() / 1000;
    const way = here - sent;
    // The quickest answer is the best one; an old best is forgotten slowly, for clocks drift.
    if (way <= this.best) {
      this.best = way;
      this.ahead = now + way / 2 - here;
    }
    this.best *= 1.2;
  }

  take_haps({ whole, gone, rows }) {
    if (whole) this.rows.clear();
    for (const id of gone) this.rows.delete(id);
    for (const row of rows) this.rows.set(row.id, row);
    this.told += 1;
  }

  take_status(message) {
    this.status = message;
    this.statusAt = this.now();
    this.cps = message.cps ?? message.bpm / 240;
    this.layers = message.layers;
    this.cast = JSON.stringify(message.layers.map(({ name, sounding }) => [name, sounding]));
    for (const { name } of this.layers) meet(name); // in this order on every screen
    this.tell("status", message);
  }

  take_meters(message) {
    this.meters = message;
  }

  take_sources(message) {
    this.tell("sources", message.files);
  }

  take_inputs(message) {
    this.tell("knobs", message.inputs, message.positions);
  }

  take_turned({ name, position }) {
    this.tell("turned", name, position);
  }

  take_message({ text, level }) {
    this.tell("news", text, level === "error");
  }

  take_engine({ here }) {
    if (!here) this.tell("news", "no engine; what was sent plays on", true);
  }

  take_bye({ text }) {
    this.rows.clear();
    this.tell("news", text, true);
  }

  /** Forget what is long over. */
  tidy(now) {
    const kept = Math.max(KEPT, 0.5 / (this.cps || 0.5));
    for (const [id, row] of this.rows) if (row.until + kept < now) this.rows.delete(id);
  }
}
