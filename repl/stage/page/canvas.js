// Canvases that are as large as their section, in the pixels of the screen: what seldom changes lies beneath what moves,
// and is drawn anew only when it is another.

/** As many pixels as the screen has; more than two to a side are not seen from a dance floor. */
export const scale = () => Math.min(window.devicePixelRatio || 1, 2);

export class Sheet {
  /**
   * @param {Element} section with a canvas for what moves
   * @param {number} beneath how many lie beneath it
   */
  constructor(section, beneath = 1) {
    this.section = section;
    this.canvas = section.querySelector("canvas");
    this.context = this.canvas.getContext("2d");
    this.grounds = Array.from({ length: beneath }, () => {
      const canvas = this.canvas.cloneNode();
      this.canvas.before(canvas);
      return { paint: canvas.getContext("2d"), key: null };
    });
    this.width = this.height = 0;
    this.sizes = 0; // how often it has got another size, which empties it
    new ResizeObserver(() => this.fit()).observe(section);
    this.fit();
  }

  fit() {
    this.width = this.section.clientWidth;
    this.height = this.section.clientHeight;
    for (const paint of [this.context, ...this.grounds.map((one) => one.paint)]) resize(paint, this.width, this.height);
    for (const ground of this.grounds) ground.key = null;
    this.sizes += 1;
  }

  get seen() {
    return !this.section.hidden && this.width > 0 && this.height > 0;
  }

  /** Draw what lies beneath, unless it is what was drawn under this key before: letters cost most of all. */
  beneath(key, draw, at = 0) {
    const ground = this.grounds[at];
    if (key === ground.key) return;
    ground.key = key;
    ground.paint.clearRect(0, 0, this.width, this.height);
    draw(ground.paint);
  }

  clear() {
    this.context.clearRect(0, 0, this.width, this.height);
    return this.context;
  }
}

/** Give a canvas a size, in the pixels of the page; that empties it. */
export function resize(paint, width, height) {
  paint.canvas.width = Math.max(1, Math.round(width * scale()));
  paint.canvas.height = Math.max(1, Math.round(height * scale()));
  paint.setTransform(scale(), 0, 0, scale(), 0, 0);
}
