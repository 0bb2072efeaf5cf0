"use strict";

// What is evaluated when the cursor stands in a line: the lines around it up to blank ones, and all of every
// statement that reaches into them.

const BLANK = /^\s*$/;
// A line that goes on with the statement before it: indented, closing a bracket, or the second part of a
// compound statement.
const GOES_ON = /^(\s|[)\]}]|(elif|else|except|finally)\b)/;

/**
 * The block that a line belongs to.
 *
 * @param {string[]} lines All lines of the text.
 * @param {number} line A line's number, from 1.
 * @returns {[number, number] | null} Its first and last line, from 1; null for a blank line between blocks.
 */
function blockAt(lines, line) {
  const blank = (at) => BLANK.test(lines[at]);
  const goesOn = (at) => !blank(at) && GOES_ON.test(lines[at]);
  // The next line with something in it, upwards or downwards; -1 if there is none.
  const next = (at, step) => {
    at += step;
    while (at >= 0 && at < lines.length && blank(at)) at += step;
    return at >= 0 && at < lines.length ? at : -1;
  };
  const here = line - 1;
  if (here < 0 || here >= lines.length) return null;
  if (blank(here)) {
    const after = next(here, 1);
    if (after < 0 || !goesOn(after) || next(here, -1) < 0) return null;
  }
  let begin = blank(here) ? next(here, -1) : here;
  let end = begin;
  for (;;) {
    const before = next(begin, -1);
    if (before < 0 || !(goesOn(begin) || before === begin - 1)) break;
    begin = before;
  }
  for (;;) {
    const after = next(end, 1);
    if (after < 0 || !(goesOn(after) || after === end + 1)) break;
    end = after;
  }
  return [begin + 1, end + 1];
}

module.exports = { blockAt };
