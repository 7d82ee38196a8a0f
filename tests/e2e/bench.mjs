// How fast the built app is in a real browser, as distributions.
//   node tests/e2e/bench.mjs [NAME]     NG_ROUNDS=30 sets how often each is done
// A measurement is a file of bench/ that exports `name`, `unit` and `async run(stage, rounds)`, which answers numbers.
import fs from "node:fs";
import path from "node:path";
import { Stage } from "./support/stage.mjs";

const here = path.dirname(new URL(import.meta.url).pathname);
const rounds = Number(process.env.NG_ROUNDS ?? 20);
const wanted = process.argv[2];

const part = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];

function line(name, unit, numbers) {
  const sorted = [...numbers].sort((one, other) => one - other);
  const shown = [sorted[0], part(sorted, 0.5), part(sorted, 0.9), part(sorted, 0.99), sorted.at(-1)];
  const columns = shown.map((number) => number.toFixed(1).padStart(10)).join("");
  return `${`${name} (${unit})`.padEnd(46)}${columns}${String(sorted.length).padStart(8)}`;
}

const files = fs.readdirSync(path.join(here, "bench")).filter((file) => file.endsWith(".mjs"));
const measurements = await Promise.all(files.sort().map((file) => import(path.join(here, "bench", file))));
const chosen = measurements.filter(({ name }) => wanted === undefined || name === wanted);
if (chosen.length === 0) {
  console.error(`expected one of ${measurements.map(({ name }) => name).join(", ")}, found ${wanted}`);
  process.exit(1);
}
console.log(`${"".padEnd(46)}${["min", "p50", "p90", "p99", "max"].map((word) => word.padStart(10)).join("")}${"rounds".padStart(8)}`);
for (const { name, unit, run } of chosen) {
  const stage = new Stage(name, 1);
  try {
    const found = await run(stage, rounds);
    // One measurement may answer several rows: `{ "first part": [...], "second part": [...] }`.
    const rows = Array.isArray(found) ? { [name]: found } : found;
    for (const [row, numbers] of Object.entries(rows)) console.log(line(row, unit, numbers));
  } finally {
    await stage.clear();
  }
}
