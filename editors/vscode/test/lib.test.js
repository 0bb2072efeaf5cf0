"use strict";

const test = require("node:test");
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { blockAt } = require("../lib/blocks");
const { Lights, Shifted } = require("../lib/lights");
const { Lines } = require("../lib/talk");
const { toUnits, toCharacters } = require("../lib/columns");

const cases = JSON.parse(fs.readFileSync(path.join(__dirname, "../../blocks.json"), "utf8"));

for (const { name, text, line, block } of cases) {
  test(`a block: ${name}`, () => assert.deepEqual(blockAt(text, line), block));
}

test("a line that is not there is no block", () => {
  assert.equal(blockAt(["a = 1"], 2), null);
  assert.equal(blockAt([], 1), null);
});

test("lines are put together wherever they were cut", () => {
  const text = '{"a": 1}\n{"b": "ä\\n"}\n\n{"c": 3}\n';
  for (let size = 1; size <= text.length; size++) {
    const heard = [];
    const lines = new Lines((line) => heard.push(line));
    for (let at = 0; at < text.length; at += size) lines.feed(text.slice(at, at + size));
    assert.deepEqual(heard, ['{"a": 1}', '{"b": "ä\\n"}', '{"c": 3}']);
  }
});

test("columns count characters, not units", () => {
  const text = '🎹🥁 = s("bd")';
  assert.equal(toUnits(text, 2), 4);
  assert.equal(toCharacters(text, 4), 2);
  assert.equal(text.slice(toUnits(text, 8)), 'bd")');
  assert.equal(toUnits("ab", 7), 7);
});

function row(id, at, until, ...where) {
  return { id, at, until, strength: 1, where };
}

function places(lights, now) {
  return (lights.lit(now).get("a.py") ?? []).map((place) => [place.line, place.column, place.length]);
}

test("what sounds is lit from its begin to its end", () => {
  const lights = new Lights();
  lights.take({ whole: true, gone: [], rows: [row("1", 10, 11, ["a.py", 1, 5, 2]), row("2", 11, 11.001, ["a.py", 1, 8, 2])] });
  assert.deepEqual(places(lights, 9.9), []);
  assert.ok(Math.abs(lights.until(9.9) - 0.1) < 1e-9);
  assert.deepEqual(places(lights, 10), [[1, 5, 2]]);
  assert.deepEqual(places(lights, 11.05), [[1, 8, 2]]); // too short to be seen, so for a moment longer
  assert.deepEqual(places(lights, 11.2), []);
  assert.equal(lights.until(11.2), Infinity);
  places(lights, 20);
  assert.equal(lights.rows.size, 0);
});

test("what is taken back, moved or all forgotten is not lit", () => {
  const lights = new Lights();
  const where = ["a.py", 1, 5, 2];
  lights.take({ whole: true, gone: [], rows: [row("1", 10, 11, where), row("2", 12, 13, where)] });
  lights.take({ whole: false, gone: ["1"], rows: [row("2", 10.5, 11, where)] });
  assert.deepEqual(places(lights, 10.2), []);
  assert.deepEqual(places(lights, 10.6), [[1, 5, 2]]);
  assert.deepEqual(places(lights, 12.5), []);
  lights.take({ whole: true, gone: [], rows: [] });
  assert.deepEqual(places(lights, 10.6), []);
});

test("two that sound at one place are one, as strong as the stronger", () => {
  const lights = new Lights();
  const soft = { ...row("1", 1, 2, ["a.py", 1, 5, 2]), strength: 0.2 };
  lights.take({ whole: true, gone: [], rows: [soft, row("2", 1, 2, ["a.py", 1, 5, 2])] });
  assert.deepEqual(lights.lit(1.5).get("a.py").map((one) => one.strength), [1]);
});

/** The text after an edit, and the same edit as an editor tells of it. */
function edit(text, begin, end, put) {
  const all = [...text];
  const place = (at) => {
    const lines = all.slice(0, at).join("").split("\n");
    return [lines.length, [...lines[lines.length - 1]].length + 1];
  };
  const [line, column] = place(begin);
  const [endLine, endColumn] = place(end);
  const after = [...all.slice(0, begin), put, ...all.slice(end)].join("");
  return [after, { line, column, endLine, endColumn, text: put }];
}

test("places go along with whatever is edited", () => {
  // Every edit of a small text, and after it another one: the word is found where it has gone, or is gone.
  const text = "ab\nxWORDy\ncd";
  const at = text.indexOf("WORD");
  let looked = 0;
  for (let begin = 0; begin <= text.length; begin++) {
    for (let end = begin; end <= text.length; end++) {
      for (const put of ["", "1", "2\n3", "\n", "🥁"]) {
        const shifted = new Shifted();
        const [once, first] = edit(text, begin, end, put);
        shifted.take(first);
        const [twice, second] = edit(once, 0, 1, "\n9");
        shifted.take(second);
        const place = shifted.place({ line: 2, column: 2, length: 4 });
        const touched = begin < at + 4 && end > at;
        if (touched || place === null) {
          // An edit within the word, or one that replaces it, puts it out; nothing else does.
          if (!touched) assert.ok(begin < 1 || once.indexOf("WORD") < 1, `${begin}-${end} ${JSON.stringify(put)}`);
          continue;
        }
        const line = [...twice.split("\n")[place.line - 1]];
        assert.equal(line.slice(place.column - 1, place.column + 3).join(""), "WORD");
        looked++;
      }
    }
  }
  assert.ok(looked > 100);
});
