// A real relay process on a free port with a store of its own.
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { dist, relayProgram } from "./paths.mjs";

const START_MS = 20_000;

/**
 * Starts a relay. `store` is a folder (a new one if absent), `embedded` serves the app that is inside the program
 * instead of `dist/`, `listen` names an address to come back to after a stop, `env` adds to its environment.
 */
export async function startRelay({ store, embedded = false, listen = "127.0.0.1:0", args = [], env = {} } = {}) {
  const folder = store ?? fs.mkdtempSync(path.join(os.tmpdir(), "ng-relay-"));
  const database = path.join(folder, "relay.sqlite");
  const words = ["serve", "--listen", listen, "--store", `sqlite:${database}`, ...args];
  if (!embedded) words.push("--app-dir", dist);
  const child = spawn(relayProgram, words, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
  const lines = [];
  child.stderr.on("data", (bytes) => lines.push(bytes.toString()));
  const ended = new Promise((done) => {
    child.once("exit", (code, signal) => done({ code, signal }));
    child.once("error", (error) => done({ code: null, signal: error.message }));
  });
  const url = await listening(child, lines, ended);
  const end = async (signal) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    return ended;
  };
  return {
    url,
    /** The same by a name, which passkeys want. */
    named: url.replace("127.0.0.1", "localhost"),
    folder,
    database,
    pid: child.pid,
    /** Everything it wrote so far. */
    log: () => lines.join(""),
    /** Asks it to finish; resolves when it has. */
    stop: () => end("SIGTERM"),
    /** Takes the process away in the middle of whatever it does. */
    kill: () => end("SIGKILL"),
    /** The same store at the same address, after `stop` or `kill`. */
    restart: () => startRelay({ store: folder, embedded, listen: new URL(url).host, args, env }),
    /** Another relay at this address, with an empty store and a key of its own, after `stop` or `kill`. */
    replace: () => startRelay({ embedded, listen: new URL(url).host, args, env }),
    remove: () => fs.rmSync(folder, { recursive: true, force: true }),
  };
}

function listening(child, lines, ended) {
  return new Promise((done, failed) => {
    let seen = "";
    const patience = setTimeout(() => {
      child.kill("SIGKILL");
      failed(new Error(`the relay did not listen within ${START_MS} ms\n${lines.join("")}`));
    }, START_MS);
    child.stdout.on("data", (bytes) => {
      lines.push(bytes.toString());
      seen += bytes.toString();
      const found = /^listening on (http:\/\/\S+)$/m.exec(seen);
      if (found) {
        clearTimeout(patience);
        done(found[1]);
      }
    });
    ended.then(({ code, signal }) => {
      clearTimeout(patience);
      failed(new Error(`the relay ended before it listened (code ${code}, ${signal})\n${lines.join("")}`));
    });
  });
}

/** Proves a database file with the relay's own program; answers how many envelopes it holds. */
export function envelopesHeld(file) {
  const told = execFileSync(relayProgram, ["check", file], { encoding: "utf8" });
  return Number(/envelopes (\d+)/.exec(told)[1]);
}
