// From a key pressed in the composer to the words "Saved on this tablet", which follow the completed transaction.
import { centreWithVisit, walk } from "../support/centre.mjs";

export const name = "key_press";

const DURABLE = "key press to durable, sealed under the local key";
const KEYS_A_ROUND = 20;

export const rows = {
  [DURABLE]: { unit: "ms", aim: { share: "p95", at: 30 } },
};

export async function run(stage, rounds) {
  const relay = await stage.startRelay();
  const { page } = await stage.launchBrowser();
  const { visit } = await centreWithVisit(page, relay.url);
  await walk(page, visit);
  await page.locator("#composer-text").click();
  await page.evaluate(noteKeys);
  for (let key = 1; key <= rounds * KEYS_A_ROUND; key += 1) {
    await page.keyboard.type(key % 6 === 0 ? " " : "a");
    await page.waitForFunction((keys) => globalThis.keyTimes.length === keys, key);
  }
  return { [DURABLE]: await page.evaluate(() => globalThis.keyTimes) };
}

/** Notes in the page how long each key took, from the browser's own time of the key. */
function noteKeys() {
  globalThis.keyTimes = [];
  const status = document.getElementById("composer-status");
  let pressed = null;
  document.addEventListener("keydown", (event) => {
    pressed = event.timeStamp;
  }, { capture: true });
  new MutationObserver(() => {
    if (pressed === null || status.dataset.state !== "saved") return;
    globalThis.keyTimes.push(performance.now() - pressed);
    pressed = null;
  }).observe(status, { attributes: true });
}
