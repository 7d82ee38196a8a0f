// How fast the built app is in a real browser, as distributions, beside what it aims at. Asserts nothing about time.
//   node tests/e2e/bench.mjs [NAME]     NG_ROUNDS=30 sets how often each is done
// A measurement is a file of bench/ that exports `name`, `rows` and `async run(stage, rounds)`. `rows` says of each row
// its unit and perhaps its aim, `{ share, at }`: the share of the rounds that should stay at or under that number.
// `run` answers the numbers of each row.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Stage } from "./support/stage.mjs";

const here = path.dirname(new URL(import.meta.url).pathname);
const rounds = Number(process.env.NG_ROUNDS ?? 20);
const wanted = process.argv[2];
const SHARES = { min: 0, median: 0.5, p95: 0.95, max: 1 };

const part = (sorted, share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];

function line(words, { unit, aim }, numbers) {
  const sorted = [...numbers].sort((one, other) => one - other);
  const columns = Object.values(SHARES).map((share) => part(sorted, share).toFixed(1).padStart(10));
  const beside = aim ? besideAim(part(sorted, SHARES[aim.share]), aim) : "";
  return `${`${words} (${unit})`.padEnd(58)}${columns.join("")}${String(sorted.length).padStart(8)}${beside}`;
}

function besideAim(found, { share, at }) {
  return `   ${share} at most ${at}: ${(found / at).toFixed(2)} of it`;
}

const files = fs.readdirSync(path.join(here, "bench")).filter((file) => file.endsWith(".mjs"));
const measurements = await Promise.all(files.sort().map((file) => import(path.join(here, "bench", file))));
const chosen = measurements.filter(({ name }) => wanted === undefined || name === wanted);
if (chosen.length === 0) {
  console.error(`expected one of ${measurements.map(({ name }) => name).join(", ")}, found ${wanted}`);
  process.exit(1);
}
const load = os.loadavg()[0].toFixed(1);
console.log(`${os.cpus().length} cores, load ${load}; browser and relay share them; nothing is slowed down on purpose`);
console.log(`${"".padEnd(58)}${Object.keys(SHARES).map((word) => word.padStart(10)).join("")}${"rounds".padStart(8)}`);
for (const { name, rows, run } of chosen) {
  const stage = new Stage(name, 1);
  try {
    const found = await run(stage, rounds);
    for (const [words, numbers] of Object.entries(found)) console.log(line(words, rows[words], numbers));
  } finally {
    await stage.clear();
  }
}
