"use strict";

// What VS Code shows and does; the session's side is in lib/.

const path = require("node:path");
const vscode = require("vscode");
const { blockAt } = require("./lib/blocks");
const { Lights } = require("./lib/lights");
const { Talk } = require("./lib/talk");
const { toUnits, toCharacters } = require("./lib/columns");

// Lit in so many strengths: softer sounds are paler.
const STRENGTHS = 4;
// Seconds between two drawings at least: a frame of a screen.
const FRAME = 1 / 60;

/** One window of VS Code, and the session that it plays in. */
class Stage {
  constructor(context) {
    this.talk = null;
    this.lights = new Lights();
    this.timer = null;
    this.shown = new Set();
    this.output = vscode.window.createOutputChannel("Sempre");
    this.problems = vscode.languages.createDiagnosticCollection("sempre");
    this.bar = vscode.window.createStatusBarItem(vscode.StatusBarAlignment.Left, 10);
    this.bar.command = "sempre.start";
    this.styles = Array.from({ length: STRENGTHS }, (_, at) =>
      vscode.window.createTextEditorDecorationType({
        backgroundColor: `rgba(255, 190, 60, ${(0.12 + (0.38 * (at + 1)) / STRENGTHS).toFixed(2)})`,
        borderRadius: "2px",
      }),
    );
    context.subscriptions.push(this.output, this.problems, this.bar, ...this.styles);
    this.showBar("not playing");
  }

  /** The session, started or joined if need be; null if there is nothing to play. */
  async session() {
    if (this.talk) return this.talk;
    const document = vscode.window.activeTextEditor?.document;
    if (!document || document.languageId !== "python") {
      vscode.window.showInformationMessage("Sempre: open a piece first");
      return null;
    }
    if (document.isDirty || document.isUntitled) await document.save();
    const folder = path.dirname(document.fileName);
    const settings = vscode.workspace.getConfiguration("sempre");
    const root = vscode.workspace.getWorkspaceFolder(document.uri)?.uri.fsPath ?? folder;
    const program = settings.get("command", "sempre").replace("${workspaceFolder}", root);
    const talk = new Talk([program, "talk", document.fileName], { cwd: folder, client: "VS Code" });
    this.talk = talk;
    talk.on("message", (message) => this.hear(message));
    talk.on("gone", (text) => this.gone(text));
    talk.tell({ op: "watch", topics: ["haps", "status", "messages", "typed"] });
    this.showBar("starting");
    return talk;
  }

  hear(message) {
    if (message.op === "haps") {
      this.lights.take(message);
      this.draw();
    } else if (message.op === "status") {
      const layers = message.layers.filter((layer) => layer.sounding).length;
      this.showBar(`${message.cycle.toFixed(1)}  ${Math.round(message.bpm)} bpm  ${layers} layers`);
    } else if (message.op === "message" || message.op === "error") {
      this.say(message.text, message.level === "error" || message.op === "error", message.at);
    } else if (message.op === "typed") {
      this.output.appendLine(`${message.who}: ${message.text}`);
    } else if (message.op === "engine" && !message.here) {
      this.showBar("no engine; what was sent plays on");
    }
  }

  gone(text) {
    this.talk = null;
    this.lights.clear();
    this.draw();
    this.showBar("not playing");
    this.say(text, false);
  }

  /** Print a text, and mark the place that it tells of. */
  say(text, failed, at) {
    if (!text) return;
    this.output.appendLine(text);
    if (!failed || !at) return;
    const uri = vscode.Uri.file(at.file);
    const document = vscode.workspace.textDocuments.find((one) => one.fileName === at.file);
    const line = Math.min(Math.max(at.line - 1, 0), Math.max((document?.lineCount ?? at.line) - 1, 0));
    const range = at.column
      ? rangeOf(document, { line: line + 1, column: at.column, length: at.length })
      : new vscode.Range(line, 0, line, 1000);
    const problem = new vscode.Diagnostic(range, at.text, vscode.DiagnosticSeverity.Error);
    problem.source = "Sempre";
    this.problems.set(uri, [problem]);
  }

  showBar(text) {
    this.bar.text = `$(play) Sempre: ${text}`;
    this.bar.show();
  }

  async evaluate(document, text, line, whole = false) {
    const talk = await this.session();
    if (!talk) return;
    this.problems.delete(document.uri);
    const answer = await talk.ask({ op: "evaluate", text, file: document.fileName, line, whole });
    this.lights.settled(document.fileName);
    this.say(answer.text, !answer.ok, answer.at);
  }

  async evaluateBlock() {
    const editor = vscode.window.activeTextEditor;
    if (!editor) return;
    const { document, selection } = editor;
    let lines = [selection.start.line + 1, selection.end.line + 1];
    if (selection.isEmpty) {
      lines = blockAt(document.getText().split(/\r\n|\r|\n/), lines[0]);
      if (!lines) return;
    } else if (selection.end.character === 0 && lines[1] > lines[0]) {
      lines[1] -= 1; // whole lines are selected up to the begin of the next one
    }
    const end = document.lineAt(lines[1] - 1).range.end;
    await this.evaluate(document, document.getText(new vscode.Range(lines[0] - 1, 0, end.line, end.character)), lines[0]);
  }

  /** All of the text as it stands, saved or not: as saving it would be heard. */
  async evaluateFile() {
    const document = vscode.window.activeTextEditor?.document;
    if (document) await this.evaluate(document, document.getText(), 1, true);
  }

  async command(name, ...given) {
    if (!this.talk) return;
    const answer = await this.talk.ask({ op: "command", name, arguments: given });
    this.say(answer.text, !answer.ok);
  }

  edited({ document, contentChanges }) {
    if (document.languageId !== "python") return;
    for (const change of contentChanges) {
      const { start, end } = change.range;
      // What stands before an edit is as it was. What it took away is told in units only: a character of two
      // in there shifts what follows it in that line, until the next save.
      const column = toCharacters(document.lineAt(start.line).text, start.character) + 1;
      const taken = end.line === start.line ? end.character - start.character : end.character;
      this.lights.edited(document.fileName, {
        line: start.line + 1,
        column,
        endLine: end.line + 1,
        endColumn: end.line === start.line ? column + taken : taken + 1,
        text: change.text,
      });
    }
  }

  saved(document) {
    this.lights.settled(document.fileName);
    this.problems.delete(document.uri);
  }

  /** Show what sounds now, and come back when that changes. */
  draw() {
    clearTimeout(this.timer);
    const now = Date.now() / 1000;
    const on = vscode.workspace.getConfiguration("sempre").get("lights", true);
    const lit = on ? this.lights.lit(now) : new Map();
    for (const editor of vscode.window.visibleTextEditors) {
      const places = lit.get(editor.document.fileName) ?? [];
      if (!places.length && !this.shown.has(editor)) continue;
      this.styles.forEach((style, at) => {
        const mine = places.filter((place) => Math.min(Math.floor(place.strength * STRENGTHS), STRENGTHS - 1) === at);
        editor.setDecorations(style, mine.map((place) => rangeOf(editor.document, place)));
      });
      if (places.length) this.shown.add(editor);
      else this.shown.delete(editor);
    }
    const soon = this.lights.until(now);
    if (Number.isFinite(soon)) this.timer = setTimeout(() => this.draw(), Math.max(soon, FRAME) * 1000);
  }

  close() {
    clearTimeout(this.timer);
    if (this.talk) this.talk.leave();
  }
}

/** A place of the protocol, which counts characters from 1, as VS Code counts: units of UTF-16 from 0. */
function rangeOf(document, place) {
  const line = place.line - 1;
  const text = document && line < document.lineCount ? document.lineAt(line).text : "";
  const begin = toUnits(text, place.column - 1);
  return new vscode.Range(line, begin, line, toUnits(text, place.column - 1 + place.length));
}

let stage = null;

function activate(context) {
  stage = new Stage(context);
  const commands = {
    "sempre.start": () => stage.session(),
    "sempre.evaluateBlock": () => stage.evaluateBlock(),
    "sempre.evaluateFile": () => stage.evaluateFile(),
    "sempre.hush": () => stage.command("hush"),
    "sempre.panic": () => stage.talk?.tell({ op: "panic" }),
    "sempre.interrupt": () => stage.talk?.tell({ op: "interrupt" }),
    "sempre.leave": () => stage.talk?.leave(),
    "sempre.stop": () => stage.talk?.tell({ op: "stop" }),
  };
  for (const [name, run] of Object.entries(commands)) {
    context.subscriptions.push(vscode.commands.registerCommand(name, run));
  }
  context.subscriptions.push(
    vscode.workspace.onDidChangeTextDocument((event) => stage.edited(event)),
    vscode.workspace.onDidSaveTextDocument((document) => stage.saved(document)),
    vscode.window.onDidChangeVisibleTextEditors(() => stage.draw()),
  );
  return stage;
}

function deactivate() {
  if (stage) stage.close();
  stage = null;
}

module.exports = { activate, deactivate };
