// A canvas that is as large as its section, in the pixels of the screen.

export class Sheet {
  constructor(section) {
    this.section = section;
    this.canvas = section.querySelector("canvas");
    this.context = this.canvas.getContext("2d");
    this.width = this.height = 0;
    new ResizeObserver(() => this.fit()).observe(section);
    this.fit();
  }

  fit() {
    const scale = Math.min(window.devicePixelRatio || 1, 2); // more is not seen from a dance floor
    this.width = this.section.clientWidth;
    this.height = this.section.clientHeight;
    this.canvas.width = Math.max(1, Math.round(this.width * scale));
    this.canvas.height = Math.max(1, Math.round(this.height * scale));
    this.context.setTransform(scale, 0, 0, scale, 0, 0);
  }

  get seen() {
    return !this.section.hidden && this.width > 0 && this.height > 0;
  }

  clear() {
    this.context.clearRect(0, 0, this.width, this.height);
    return this.context;
  }
}
