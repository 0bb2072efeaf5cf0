// Fingers on the page: each holds what it has begun on until it lets go, wherever it wanders, however many there are.

import { within } from "./ranges.js";

/**
 * Let a finger, a pen or a mouse move something.
 * @param {Element} element where it begins
 * @param {{move: function(number, number), over?: function()}} hand is told where the finger is, from 0 to 1, from the
 *     left and from below, and when it is gone
 */
export function follow(element, { move, over = () => {} }) {
  let finger = null;
  const tell = ({ clientX, clientY }) => {
    const { left, bottom, width, height } = element.getBoundingClientRect();
    move(within((clientX - left) / width), within((bottom - clientY) / height));
  };
  element.addEventListener("pointerdown", (event) => {
    if (finger !== null || event.button !== 0) return;
    finger = event.pointerId;
    element.setPointerCapture(finger);
    tell(event);
  });
  element.addEventListener("pointermove", (event) => {
    if (event.pointerId === finger) tell(event);
  });
  for (const kind of ["pointerup", "pointercancel"]) {
    element.addEventListener(kind, (event) => {
      if (event.pointerId !== finger) return;
      finger = null;
      over();
    });
  }
  // What is held for long is played, not asked for its menu.
  element.addEventListener("contextmenu", (event) => event.preventDefault());
}
