"use strict";

// The protocol counts characters; JavaScript, and VS Code with it, counts units of UTF-16, of which an emoji has two.

/** How many units the first so many characters of a text take. */
function toUnits(text, characters) {
  let units = 0;
  for (const character of text) {
    if (characters-- <= 0) return units;
    units += character.length;
  }
  return units + Math.max(characters, 0);
}

/** How many characters the first so many units of a text are. */
function toCharacters(text, units) {
  return [...text.slice(0, units)].length;
}

module.exports = { toUnits, toCharacters };
