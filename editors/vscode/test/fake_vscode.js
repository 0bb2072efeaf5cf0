"use strict";

// As much of VS Code as the extension uses, without a window: what it shows is kept to be looked at.

const Module = require("node:module");
const fs = require("node:fs");

class Position {
  constructor(line, character) {
    this.line = line;
    this.character = character;
  }
}

class Range {
  constructor(line, character, endLine, endCharacter) {
    this.start = new Position(line, character);
    this.end = new Position(endLine, endCharacter);
  }

  get isEmpty() {
    return this.start.line === this.end.line && this.start.character === this.end.character;
  }
}

class Document {
  constructor(fileName) {
    this.fileName = fileName;
    this.languageId = "python";
    this.uri = { fsPath: fileName, toString: () => fileName };
    this.text = fs.readFileSync(fileName, "utf8");
    this.isDirty = false;
    this.isUntitled = false;
  }

  get lines() {
    return this.text.split("\n");
  }

  get lineCount() {
    return this.lines.length;
  }

  lineAt(line) {
    const text = this.lines[line];
    return { text, range: new Range(line, 0, line, text.length) };
  }

  offset({ line, character }) {
    return this.lines.slice(0, line).reduce((sum, text) => sum + text.length + 1, 0) + character;
  }

  getText(range) {
    return range ? this.text.slice(this.offset(range.start), this.offset(range.end)) : this.text;
  }

  async save() {
    fs.writeFileSync(this.fileName, this.text);
    this.isDirty = false;
    fire("save", this);
  }
}

const listeners = { change: [], save: [] };
const on = (kind) => (listener) => {
  listeners[kind].push(listener);
  return { dispose() {} };
};
const fire = (kind, event) => listeners[kind].forEach((listener) => listener(event));

const shown = { output: [], problems: new Map(), commands: {}, bar: "" };
const settings = {};

const vscode = {
  Position,
  Range,
  Uri: { file: (path) => ({ fsPath: path, toString: () => path }) },
  Diagnostic: class {
    constructor(range, message, severity) {
      Object.assign(this, { range, message, severity });
    }
  },
  DiagnosticSeverity: { Error: 0 },
  StatusBarAlignment: { Left: 1 },
  window: {
    activeTextEditor: undefined,
    visibleTextEditors: [],
    createOutputChannel: () => ({ appendLine: (text) => shown.output.push(text), dispose() {} }),
    createTextEditorDecorationType: () => ({ dispose() {} }),
    createStatusBarItem: () => ({
      show() {
        shown.bar = this.text;
      },
      dispose() {},
    }),
    showInformationMessage: (text) => shown.output.push(text),
    onDidChangeVisibleTextEditors: () => ({ dispose() {} }),
  },
  languages: {
    createDiagnosticCollection: () => ({
      set: (uri, problems) => shown.problems.set(uri.toString(), problems),
      delete: (uri) => shown.problems.delete(uri.toString()),
      dispose() {},
    }),
  },
  commands: {
    registerCommand: (name, run) => {
      shown.commands[name] = run;
      return { dispose() {} };
    },
  },
  workspace: {
    textDocuments: [],
    getConfiguration: () => ({ get: (name, usual) => settings[name] ?? usual }),
    getWorkspaceFolder: () => undefined,
    onDidChangeTextDocument: on("change"),
    onDidSaveTextDocument: on("save"),
  },
};

/** Open a file in an editor; what is lit in it can be asked. */
function open(fileName) {
  const document = new Document(fileName);
  const editor = {
    document,
    selection: new Range(0, 0, 0, 0),
    marks: new Map(),
    setDecorations: (style, ranges) => editor.marks.set(style, ranges),
    lit: () => [...editor.marks.values()].flat().map((range) => document.getText(range)),
    put(line, character) {
      this.selection = new Range(line, character, line, character);
    },
    type(range, text) {
      const begin = document.offset(range.start);
      document.text = document.text.slice(0, begin) + text + document.text.slice(document.offset(range.end));
      document.isDirty = true;
      fire("change", { document, contentChanges: [{ range, text }] });
    },
  };
  vscode.window.activeTextEditor = editor;
  vscode.window.visibleTextEditors = [editor];
  vscode.workspace.textDocuments = [document];
  return editor;
}

const load = Module._load;
Module._load = function (name, ...rest) {
  return name === "vscode" ? vscode : load.call(this, name, ...rest);
};

module.exports = { open, shown, settings, Range };
