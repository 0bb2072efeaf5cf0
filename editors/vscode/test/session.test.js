"use strict";

// The extension with a real session. SEMPRE names the program; without it this is left out.

const test = require("node:test");
const assert = require("node:assert/strict");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { open, shown, settings, Range } = require("./fake_vscode");
const { activate, deactivate } = require("../extension");

const PATIENCE = 30_000;

async function until(what, true_) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const found = true_();
    if (found) return found;
    assert.ok(Date.now() < end, `never: ${what}; ${shown.output.join("\n")}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test("a piece is played, lit, changed, wrong, right again, and left", { skip: !process.env.SEMPRE }, async () => {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "sempre-")));
  const file = path.join(folder, "evening.py");
  fs.writeFileSync(file, 'drums = play(s("bd*4, ~ cp"), on=osc(9))\n');
  settings.command = process.env.SEMPRE;
  const stage = activate({ subscriptions: [] });
  try {
    const editor = open(file);
    await shown.commands["sempre.start"]();
    await until("bd is lit", () => editor.lit().includes("bd"));
    assert.ok(editor.lit().every((text) => ["bd", "cp"].includes(text)));
    await until("the bar counts", () => /bpm {2}1 layers/.test(shown.bar));

    // What is lit goes along with what is typed above it.
    editor.type(new Range(0, 0, 0, 0), "# 🥁 the drums\n");
    const right = () => editor.lit().includes("bd") && editor.lit().every((text) => ["bd", "cp"].includes(text));
    await until("bd is lit where it is now", right);

    // A mistake is marked where it is, behind characters of two units.
    editor.type(new Range(2, 0, 2, 0), '\nname = "🎹"; bass = play(note("c2 h2"), on=osc(9))\n');
    editor.put(3, 5);
    await shown.commands["sempre.evaluateBlock"]();
    const [problem] = await until("it is marked", () => shown.problems.get(file));
    assert.equal(editor.document.getText(problem.range), "h2");
    assert.match(problem.message, /no note is called 'h2'/);

    const at = problem.range;
    editor.type(at, "g2");
    await shown.commands["sempre.evaluateBlock"]();
    assert.equal(shown.problems.size, 0);
    await until("g2 is lit", () => editor.lit().includes("g2"));

    // The whole text is heard without being saved, and what is not in it any more ends; saving is as good.
    const before = fs.readFileSync(file, "utf8");
    editor.type(new Range(1, 0, 1, 0), "# ");
    await shown.commands["sempre.evaluateFile"]();
    await until("it was taken up", () => shown.output.some((text) => /evening\.py: bass/.test(text)));
    assert.equal(fs.readFileSync(file, "utf8"), before);
    await until("one layer", () => /1 layers/.test(shown.bar));
    editor.type(new Range(1, 0, 1, 2), "");
    await editor.document.save();
    await until("it was taken up", () => shown.output.some((text) => /evening\.py: drums, bass/.test(text)));
    await until("two layers", () => /2 layers/.test(shown.bar));

    // Of a selection whole lines are taken, and not the one at whose begin it ends.
    const line = editor.document.lineCount;
    const last = editor.document.lineAt(line - 1).text.length;
    editor.type(new Range(line - 1, last, line - 1, last), '\nlead = play(note("a4"), on=osc(9))\nwrong((');
    editor.selection = new Range(line, 3, line, 9);
    await shown.commands["sempre.evaluateBlock"]();
    await until("a4 is lit", () => editor.lit().includes("a4"));
    editor.type(new Range(line, 18, line, 20), "b5");
    editor.selection = new Range(line, 5, line + 1, 0);
    await shown.commands["sempre.evaluateBlock"]();
    assert.equal(shown.problems.size, 0);
    await until("b5 is lit", () => editor.lit().includes("b5"));
    editor.selection = new Range(line, 5, line + 1, 1);
    await shown.commands["sempre.evaluateBlock"]();
    assert.equal(shown.problems.size, 1);

    await shown.commands["sempre.hush"]();
    await until("it is dark", () => !editor.lit().length && stage.lights.until(Date.now() / 1000) === Infinity);
    const gone = new Promise((resolve) => stage.talk.once("gone", resolve));
    shown.commands["sempre.stop"]();
    await gone;
    assert.match(shown.bar, /not playing/);
  } finally {
    shown.commands["sempre.stop"]();
    deactivate();
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

test("a program that is not there is told", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "sempre-"));
  const file = path.join(folder, "evening.py");
  fs.writeFileSync(file, "");
  settings.command = path.join(folder, "no-such-program");
  activate({ subscriptions: [] });
  open(file);
  shown.output.length = 0;
  await shown.commands["sempre.start"]();
  await until("it is told", () => shown.output.some((text) => /cannot be started/.test(text)));
  deactivate();
  fs.rmSync(folder, { recursive: true, force: true });
});
