// A new device is let into a centre with 5,000 documents that another device made with the app itself, one by one.
import { enrol, press, startCentre, today, untilSent, walk } from "../support/centre.mjs";
import { longestTask, noteLongTasks } from "../support/long_tasks.mjs";

export const name = "first_fill";

const DOCUMENTS = Number(process.env.NG_DOCUMENTS ?? 5000);
const NEWCOMER = { name: "Priya Nair", role: "Co-ordinator", tablet: "Amber" };
const OF = `first fill of ${DOCUMENTS.toLocaleString("en-GB")} documents`;
const LIST = `${OF}: let in to first rows of the list`;
const ALL = `${OF}: let in to every document readable`;
const LONGEST = `${OF}: longest task of the page`;
const HEAP = `${OF}: memory of the engine's WebAssembly`;
const UNLOCK = `${OF}: Unlock to first rows, next start`;
const HEAP_LATER = `${OF}: memory of the engine's WebAssembly, next start`;

export const rows = {
  [LIST]: { unit: "ms", aim: { share: "max", at: 5000 } },
  [ALL]: { unit: "ms", aim: { share: "max", at: 60_000 } },
  [LONGEST]: { unit: "ms", aim: { share: "max", at: 50 } },
  [HEAP]: { unit: "MiB", aim: { share: "max", at: 64 } },
  [UNLOCK]: { unit: "ms" },
  [HEAP_LATER]: { unit: "MiB", aim: { share: "max", at: 64 } },
};

export async function run(stage, rounds) {
  const relay = await stage.startRelay({ args: ["--device-rate", "100000"] });
  const desk = await stage.launchBrowser();
  await startCentre(desk.page, relay.url);
  await planSessions(desk.page, DOCUMENTS);
  await untilSent(desk.page);
  const found = { [LIST]: [], [ALL]: [], [LONGEST]: [], [HEAP]: [], [UNLOCK]: [], [HEAP_LATER]: [] };
  for (let round = 0; round < Math.min(rounds, 3); round += 1) await oneRound(stage, { relay, desk }, found);
  return found;
}

async function oneRound(stage, { relay, desk }, found) {
  // Without a service worker the engine's script comes over the network, where a line can be added to it.
  const options = { serviceWorkers: "block" };
  const device = await stage.launchBrowser(options);
  const { page } = device;
  await showMemory(page);
  await page.addInitScript(noteLongTasks);
  await page.goto(relay.url);
  const { phrase } = await enrol(desk.page, page, NEWCOMER);
  const letIn = performance.now();
  await walk(page, "/sessions");
  await firstRows(page);
  found[LIST].push(performance.now() - letIn);
  await walk(page, "/diagnostics");
  await page.waitForFunction(
    (wanted) => {
      const line = [...document.querySelectorAll(".facts div")].find((one) => one.textContent.startsWith("Documents"));
      return Number(line?.querySelector("dd").textContent) >= wanted;
    },
    DOCUMENTS,
    { timeout: 300_000, polling: 100 },
  );
  found[ALL].push(performance.now() - letIn);
  found[LONGEST].push(await longestTask(page));
  found[HEAP].push(await engineMemory(page));
  await untilSent(page);
  await device.close();

  const again = await device.reopen();
  await showMemory(again.page);
  await again.page.goto(`${relay.url}/sessions`);
  await again.page.locator("#phrase").fill(phrase);
  const begun = performance.now();
  await press(again.page, "Unlock");
  await firstRows(again.page);
  found[UNLOCK].push(performance.now() - begun);
  found[HEAP_LATER].push(await engineMemory(again.page));
  await again.close();
}

async function firstRows(page) {
  await page.locator('main a[href^="/sessions/"]:not([href="/sessions/new"])').first().waitFor({ timeout: 120_000 });
}

/** Adds a way to ask the engine's Worker how large its memory is. */
async function showMemory(page) {
  await page.context().route(/\/engine-[0-9a-f]+\.js$/, async (route) => {
    const answer = await route.fetch();
    const body = `${await answer.text()}\nglobalThis.engineMemory = () => wasm.memory.buffer.byteLength;\n`;
    await route.fulfill({ response: answer, body });
  });
}

async function engineMemory(page) {
  for (const worker of page.workers()) {
    const bytes = await worker.evaluate(() => globalThis.engineMemory?.()).catch(() => undefined);
    if (bytes !== undefined) return bytes / 1024 / 1024;
  }
  throw new Error("expected the engine's Worker, found none");
}

/** Plans so many sessions by the form itself, driven from inside the page: from outside each takes a quarter of a second. */
async function planSessions(page, sessions) {
  const answers = { "session-day": today(), "session-opens": "09:30", "session-closes": "12:30" };
  for (let planned = 0; planned < sessions; planned += 50) {
    await page.evaluate(planInside, { answers, times: Math.min(50, sessions - planned) });
  }
}

/** Runs in the page: walks to the form, fills it, sends it, and goes on when the session has its own address. */
async function planInside({ answers, times }) {
  const until = async (found) => {
    for (;;) {
      const there = found();
      if (there) return there;
      await new Promise((again) => setTimeout(again));
    }
  };
  for (let planned = 0; planned < times; planned += 1) {
    // A page that nobody touches locks itself.
    dispatchEvent(new Event("pointerdown"));
    const link = document.createElement("a");
    link.href = "/sessions/new";
    document.body.append(link);
    link.click();
    link.remove();
    const form = await until(() => document.getElementById("session-day")?.form);
    for (const [name, words] of Object.entries(answers)) {
      const field = document.getElementById(name);
      field.value = words;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    form.requestSubmit();
    await until(() => /\/sessions\/[0-9a-f]{32}$/.test(location.pathname));
  }
}
