// A program with every process it started, from the kernel's own list.
import fs from "node:fs";

/** `pid` and all its descendants. */
export function processTree(pid) {
  const children = new Map();
  for (const entry of fs.readdirSync("/proc")) {
    const parent = /^\d+$/.test(entry) ? parentOf(entry) : null;
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const tree = [pid];
  for (const found of tree) tree.push(...(children.get(found) ?? []));
  return tree;
}

/** Takes these processes away in one moment; those that have ended already are no trouble. */
export function killAll(pids) {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch (trouble) {
      if (trouble.code !== "ESRCH") throw trouble;
    }
  }
}

function parentOf(pid) {
  try {
    const status = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in brackets, may hold anything; the parent is the second word after it.
    return Number(status.slice(status.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return null;
  }
}
