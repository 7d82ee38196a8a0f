// The ways in: from the press that sends a secret until the page of whoever it opens is drawn.
import { untilKept } from "../support/browser.mjs";
import { lock, startCentre } from "../support/centre.mjs";
import { fitLock } from "../support/device_lock.mjs";
import { longestTask, noteLongTasks } from "../support/long_tasks.mjs";
import { Shared } from "../pages/pin.mjs";
import { Unlocking } from "../pages/unlocking.mjs";

export const name = "unlock";

const PIN = "402918";
const PHRASE = "from cold by the phrase: Argon2id, then the centre";
const LONGEST = "the same: longest task of the page";
const LOCK = "from cold by this device's lock";
const REST = "from rest by the PIN";

export const rows = {
  [PHRASE]: { unit: "ms", aim: { share: "p95", at: 1000 } },
  [LONGEST]: { unit: "ms", aim: { share: "max", at: 100 } },
  [LOCK]: { unit: "ms" },
  [REST]: { unit: "ms" },
};

export async function run(stage, rounds) {
  const relay = await stage.startRelay();
  const { page } = await stage.launchBrowser();
  await fitLock(page);
  const phrase = await startCentre(page, relay.named);
  const pad = new Shared(page);
  const ways = new Unlocking(page);
  await pad.choosePin(PIN);
  await ways.open();
  await ways.add();
  await untilKept(page);
  const found = { [PHRASE]: [], [LONGEST]: [], [LOCK]: [], [REST]: [] };
  for (let round = 0; round < rounds; round += 1) {
    await page.reload();
    await ways.lockButton.waitFor();
    found[LOCK].push(await wayIn(page, () => ways.lockButton.click()));

    await page.reload();
    await ways.wordsInstead.click();
    await page.locator("#phrase").fill(phrase);
    await page.evaluate(noteLongTasks);
    const press = () => page.getByRole("button", { name: "Unlock", exact: true }).click();
    found[PHRASE].push(await wayIn(page, press));
    found[LONGEST].push(await longestTask(page));

    await lock(page);
    await pad.pad.waitFor();
    found[REST].push(await wayIn(page, () => pad.tapPin(PIN)));
  }
  return found;
}

/** How long after the last press of `comeIn` somebody's own page was painted, ms by the page's clock. */
async function wayIn(page, comeIn) {
  await page.evaluate(noteWayIn);
  await comeIn();
  return page.evaluate(() => globalThis.wayIn);
}

function noteWayIn() {
  globalThis.wayIn = new Promise((done) => {
    let pressed = 0;
    const note = (event) => (pressed = event.timeStamp);
    document.addEventListener("click", note, { capture: true });
    const watcher = new MutationObserver(() => {
      if (document.querySelector(".frame:not([hidden]) .me-initials") === null) return;
      watcher.disconnect();
      document.removeEventListener("click", note, { capture: true });
      requestAnimationFrame(() => done(performance.now() - pressed));
    });
    watcher.observe(document, { attributes: true, childList: true, subtree: true });
  });
}
