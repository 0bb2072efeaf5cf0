// The lines within a layer: pitches by their height, and what has no pitch by its name, in the order in which it comes.

export class Lanes {
  constructor(live) {
    this.known = new Map();
    live.on("sources", () => (this.known = new Map())); // other pieces may have other notes
  }

  lane(row) {
    // Looked for once a row: it is asked for in each frame.
    if (row.lane?.of === this.known) return row.lane;
    let lane = this.known.get(row.layer);
    if (!lane) this.known.set(row.layer, (lane = { pitches: [], labels: new Map(), of: this.known }));
    row.lane = lane;
    if (row.pitch === null) {
      if (!lane.labels.has(row.label)) lane.labels.set(row.label, lane.labels.size);
    } else if (!lane.pitches.includes(row.pitch)) {
      lane.pitches.push(row.pitch);
      lane.pitches.sort((one, other) => one - other);
    }
    return lane;
  }

  /** How high a row lies in its layer, from 0 at the bottom to 1: pitches in proportion. */
  height(row) {
    const { pitches, labels } = this.lane(row);
    if (row.pitch === null) return (labels.get(row.label) + 1) / (labels.size + 1);
    return (row.pitch - pitches[0] + 1) / (pitches.at(-1) - pitches[0] + 2);
  }

  /** Which line of its layer a row is on, from the outermost, and of how many: all of them equally wide. */
  line(row) {
    const { pitches, labels } = this.lane(row);
    const of = pitches.length + labels.size;
    return [row.pitch === null ? labels.get(row.label) : of - 1 - pitches.indexOf(row.pitch), of];
  }
}
