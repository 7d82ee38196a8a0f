// A cold start without a network: the browser process is new, the relay is gone, the app and a day are kept.
import { untilKept } from "../support/browser.mjs";
import { centreWithVisit } from "../support/centre.mjs";

export const name = "cold_start";

const SCREEN = "cold offline start: address entered to unlock screen usable";
const UNLOCK = "Unlock pressed to Today drawn, Argon2id included";
const BOTH = "cold offline start to Today, typing the phrase left out";

export const rows = {
  [SCREEN]: { unit: "ms", aim: { share: "p95", at: 1200 } },
  [UNLOCK]: { unit: "ms", aim: { share: "p95", at: 1300 } },
  [BOTH]: { unit: "ms" },
};

export async function run(stage, rounds) {
  const relay = await stage.startRelay();
  let device = await stage.launchBrowser();
  const { phrase } = await centreWithVisit(device.page, relay.url);
  await untilKept(device.page);
  await relay.stop();
  const found = { [SCREEN]: [], [UNLOCK]: [], [BOTH]: [] };
  for (let round = 0; round < rounds; round += 1) {
    await device.close();
    device = await device.reopen();
    await device.page.addInitScript(noteMoments);
    await device.page.goto(`${relay.url}/today`);
    await device.page.locator("#phrase").fill(phrase);
    await device.page.getByRole("button", { name: "Unlock", exact: true }).click();
    const { screen, pressed, today } = await device.page.evaluate(() => globalThis.moments);
    found[SCREEN].push(screen);
    found[UNLOCK].push(today - pressed);
    found[BOTH].push(screen + today - pressed);
  }
  return found;
}

/** Notes in the page when the phrase can be typed, when Unlock was pressed, and when a row of Today was painted. */
function noteMoments() {
  const painted = (selector) =>
    new Promise((done) => {
      const look = () => document.querySelector(selector) !== null;
      const watcher = new MutationObserver(() => {
        if (!look()) return;
        watcher.disconnect();
        requestAnimationFrame(() => done(performance.now()));
      });
      watcher.observe(document, { childList: true, subtree: true });
    });
  const pressed = new Promise((done) => {
    document.addEventListener("submit", (event) => done(event.timeStamp), { capture: true, once: true });
  });
  globalThis.moments = Promise.all([painted("#phrase"), pressed, painted(".today-rows .attendance")]).then(
    ([screen, press, today]) => ({ screen, pressed: press, today }),
  );
}
