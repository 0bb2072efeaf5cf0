// What the positions of an input mean, from 0 to 1: as the piece has said it.

/** The value at a position. */
export function valueAt({ low = 0, high = 1, curve = "linear" }, position) {
  if (curve === "log") return position > 0 && position < 1 ? low * (high / low) ** position : position ? high : low;
  return low + (high - low) * (typeof curve === "number" ? position ** curve : position);
}

/** The position of a value; the nearer end for what lies beyond. */
export function positionOf({ low = 0, high = 1, curve = "linear" }, value) {
  if (high === low) return 0;
  if (curve === "log") return value / low > 0 ? within(Math.log(value / low) / Math.log(high / low)) : 0;
  const share = within((value - low) / (high - low));
  return typeof curve === "number" ? share ** (1 / curve) : share;
}

/** Where an input stands that nobody has moved. */
export function restOf(input) {
  return positionOf(input, Number(input.default ?? input.low ?? 0));
}

/** A position in words. */
export function said(input, position) {
  const wide = Math.abs((input.high ?? 1) - (input.low ?? 0)) >= 50;
  return valueAt(input, position).toFixed(wide ? 0 : 2);
}

export function within(share) {
  return Math.min(1, Math.max(0, share));
}
