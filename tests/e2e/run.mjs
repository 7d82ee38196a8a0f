// Plays the journeys of journeys/ one after the other and ends with `N passed, N failed`.
//   node tests/e2e/run.mjs [NAME]     NG_SEED=123 plays the same chances again, NG_KILLS=100 kills more often
// A journey that needs longer than others exports `patienceMs`.
import fs from "node:fs";
import path from "node:path";
import { Stage } from "./support/stage.mjs";
import { dist, evidence } from "./support/paths.mjs";

const PATIENCE_MS = 8 * 60_000;

const here = path.dirname(new URL(import.meta.url).pathname);
const wanted = process.argv[2];
const seed = process.env.NG_SEED ? Number(process.env.NG_SEED) : Math.floor(Math.random() * 2 ** 31);

const journeys = [];
for (const file of fs.readdirSync(path.join(here, "journeys")).sort()) {
  if (file.endsWith(".mjs")) journeys.push(await import(path.join(here, "journeys", file)));
}
const chosen = journeys.filter((journey) => wanted === undefined || journey.name === wanted);
if (chosen.length === 0) {
  console.error(`expected one of ${journeys.map((journey) => journey.name).join(", ")}, found ${wanted ?? "no journey"}`);
  process.exit(1);
}

const page = path.join(dist, "index.html");
if (!fs.existsSync(page) || fs.readFileSync(page, "utf8").includes('data-build="dev')) {
  console.error("expected a release build in dist/, found none; make one with: cargo xtask journeys");
  process.exit(1);
}

fs.rmSync(evidence, { recursive: true, force: true });
console.log(`seed ${seed}`);
let passed = 0;
let failed = 0;
for (const journey of chosen) {
  const start = performance.now();
  const stage = new Stage(journey.name, seed);
  let timer;
  const patienceMs = Math.max(PATIENCE_MS, journey.patienceMs ?? 0);
  const patience = new Promise((_, give_up) => {
    timer = setTimeout(() => give_up(new Error(`not done within ${patienceMs / 1000} s`)), patienceMs);
  });
  try {
    await Promise.race([journey.run(stage), patience]);
    passed += 1;
    console.log(`ok      ${journey.name} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  } catch (trouble) {
    failed += 1;
    console.log(`FAILED  ${journey.name} (seed ${seed})\n${trouble.stack ?? trouble}`);
    await stage.keepEvidence(evidence);
  } finally {
    clearTimeout(timer);
    await stage.clear();
  }
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
