// A colour for each layer: far apart in hue, alike to the eye in lightness, the same as long as the page is open.

const GOLDEN = 0.618034;
const dot = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
const known = new Map(); // by layer: its hue, and its colours by lightness

/** Give a layer its colour, if it has none yet. */
export function meet(name) {
  let one = known.get(name);
  if (!one) known.set(name, (one = { hue: ((known.size * GOLDEN * 360 + 80) % 360).toFixed(0), shades: new Map() }));
  return one;
}

/** The colour of a layer; lightness in percent. */
export function colourOf(name, lightness = 76) {
  const { hue, shades } = meet(name);
  let shade = shades.get(lightness);
  if (!shade) shades.set(lightness, (shade = plain(`oklch(${lightness}% ${lightness > 85 ? 0.1 : 0.17} ${hue})`)));
  return shade;
}

/** The same colour as #rrggbb: it is read hundreds of times in a frame, and this is read fastest. */
function plain(colour) {
  dot.fillStyle = colour;
  dot.fillRect(0, 0, 1, 1);
  const [red, green, blue] = dot.getImageData(0, 0, 1, 1).data;
  return `#${((1 << 24) | (red << 16) | (green << 8) | blue).toString(16).slice(1)}`;
}
