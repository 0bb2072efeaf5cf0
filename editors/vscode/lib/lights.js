"use strict";

// What sounds now, and where it is written. Rows come seconds ahead (docs/protocol.md); nothing here knows
// an editor or a clock: whoever draws asks with the time of day.

// Seconds for which the shortest sound is shown: less is not seen.
const SEEN = 0.08;
// Seconds after its end for which a row is kept.
const KEPT = 1;

/** Positions in one file while it is edited, from where they were when it was last evaluated. */
class Shifted {
  constructor() {
    this.edits = [];
  }

  /**
   * Take an edit: a range, whose lines and columns count from 1, was replaced.
   *
   * @param {{line: number, column: number, endLine: number, endColumn: number, text: string}} edit
   */
  take(edit) {
    const parts = edit.text.split(/\r\n|\r|\n/);
    const last = [...parts[parts.length - 1]].length;
    this.edits.push({
      ...edit,
      newLine: edit.line + parts.length - 1,
      newColumn: parts.length === 1 ? edit.column + last : last + 1,
    });
  }

  /** Where a position has gone; null if what was there is no more. */
  place({ line, column, length }) {
    for (const edit of this.edits) {
      const after = line > edit.endLine || (line === edit.endLine && column >= edit.endColumn);
      const before = line < edit.line || (line === edit.line && column + length <= edit.column);
      if (before) continue;
      if (!after) return null;
      if (line === edit.endLine) column += edit.newColumn - edit.endColumn;
      line += edit.newLine - edit.endLine;
    }
    return { line, column, length };
  }
}

class Lights {
  constructor() {
    this.rows = new Map();
    this.files = new Map();
  }

  /** Take a message of the kind "haps". */
  take(message) {
    if (message.whole) this.rows.clear();
    for (const id of message.gone) this.rows.delete(id);
    for (const row of message.rows) if (row.where.length) this.rows.set(row.id, row);
  }

  /** A file was edited. */
  edited(file, edit) {
    if (!this.files.has(file)) this.files.set(file, new Shifted());
    this.files.get(file).take(edit);
  }

  /** A file was saved or evaluated: what comes now is of its text as it stands. */
  settled(file) {
    this.files.delete(file);
  }

  /** The engine is gone, or the session. */
  clear() {
    this.rows.clear();
  }

  /**
   * What is lit at a time of day, by file.
   *
   * @param {number} now Seconds since 1970.
   * @returns {Map<string, {line: number, column: number, length: number, strength: number}[]>}
   */
  lit(now) {
    const found = new Map();
    for (const [id, row] of this.rows) {
      const until = Math.max(row.until, row.at + SEEN);
      if (until + KEPT < now) this.rows.delete(id);
      if (row.at > now || until <= now) continue;
      for (const [file, line, column, length] of row.where) {
        const spot = { line, column, length };
        const place = this.files.has(file) ? this.files.get(file).place(spot) : spot;
        if (place === null) continue;
        if (!found.has(file)) found.set(file, new Map());
        const key = `${place.line}:${place.column}:${place.length}`;
        const known = found.get(file).get(key);
        if (!known || known.strength < row.strength) found.get(file).set(key, { ...place, strength: row.strength });
      }
    }
    return new Map([...found].map(([file, places]) => [file, [...places.values()]]));
  }

  /** Seconds from now until something lights up or goes out; Infinity if nothing is to come. */
  until(now) {
    let soonest = Infinity;
    for (const row of this.rows.values()) {
      const end = Math.max(row.until, row.at + SEEN);
      if (row.at > now) soonest = Math.min(soonest, row.at);
      else if (end > now) soonest = Math.min(soonest, end);
    }
    return soonest - now;
  }
}

module.exports = { Lights, Shifted, SEEN };
