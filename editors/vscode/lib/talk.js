"use strict";

// The other end of `sempre talk`: starts it, sends it questions, gives its answers. See docs/protocol.md.

const { spawn } = require("node:child_process");
const { EventEmitter } = require("node:events");

const PROTOCOL = 1;

/** Cuts what comes into lines, wherever it was cut on its way. */
class Lines {
  constructor(take) {
    this.take = take;
    this.rest = "";
  }

  feed(text) {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop();
    for (const line of lines) if (line.trim()) this.take(line);
  }
}

/**
 * One session, as long as it lasts.
 *
 * Emits "message" with each message that is no answer, and "gone" with a text when the session is over.
 */
class Talk extends EventEmitter {
  /**
   * @param {string[]} command What is started, such as ["sempre", "talk", "evening.py"].
   * @param {{cwd?: string, env?: object, client?: string}} options
   */
  constructor(command, options = {}) {
    super();
    this.asked = new Map();
    this.count = 0;
    this.said = "";
    this.process = spawn(command[0], command.slice(1), { cwd: options.cwd, env: options.env });
    const lines = new Lines((line) => this.hear(line));
    this.process.stdout.setEncoding("utf8").on("data", (text) => lines.feed(text));
    this.process.stderr.setEncoding("utf8").on("data", (text) => {
      this.said = (this.said + text).slice(-2000);
    });
    this.process.stdin.on("error", () => {}); // it has ended: "gone" says so
    this.process.on("error", (error) => this.end(`${command[0]} cannot be started: ${error.message}`));
    this.process.on("close", () => this.end(this.said.trim() || "the session has ended"));
    this.tell({ op: "hello", protocol: PROTOCOL, client: options.client || "an editor" });
  }

  /** Say something that has no answer. */
  tell(message) {
    if (this.process) this.process.stdin.write(JSON.stringify(message) + "\n");
  }

  /** Say something; the answer is a promise. It is never refused: an answer that failed has ok false. */
  ask(message) {
    const id = ++this.count;
    return new Promise((resolve) => {
      if (!this.process) resolve({ op: "result", ok: false, text: "there is no session" });
      this.asked.set(id, resolve);
      this.tell({ ...message, id });
    });
  }

  /** Leave; the music plays on. */
  leave() {
    if (this.process) this.process.stdin.end();
  }

  hear(line) {
    let message;
    try {
      message = JSON.parse(line);
    } catch {
      return; // no line of ours
    }
    const answered = message.id !== undefined && this.asked.get(message.id);
    if (answered) {
      this.asked.delete(message.id);
      answered(message);
    } else if (message.op === "bye") {
      this.said = message.text;
    } else {
      this.emit("message", message);
    }
  }

  end(text) {
    if (!this.process) return;
    this.process = null;
    for (const resolve of this.asked.values()) resolve({ op: "result", ok: false, text });
    this.asked.clear();
    this.emit("gone", text);
  }
}

module.exports = { Talk, Lines, PROTOCOL };
