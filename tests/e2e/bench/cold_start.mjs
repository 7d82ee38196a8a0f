// A cold start without a network: the browser process is new, the relay is gone, the app is kept.
import { untilKept } from "../support/browser.mjs";

export const name = "cold offline start to the first screen";

export const unit = "ms";

export async function run(stage, rounds) {
  const relay = await stage.startRelay();
  let device = await stage.launchBrowser();
  await device.page.goto(relay.url);
  await untilKept(device.page);
  await relay.stop();
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    await device.close();
    device = await device.reopen();
    await device.page.addInitScript(noteFirstScreen);
    await device.page.goto(relay.url);
    times.push(await device.page.evaluate(() => globalThis.firstScreen));
  }
  return times;
}

/** The static shell gives way to the app: from then on the screen answers. */
function noteFirstScreen() {
  globalThis.firstScreen = new Promise((done) => {
    const look = () => {
      if (!document.body || document.getElementById("shell") || document.readyState === "loading") return false;
      requestAnimationFrame(() => done(performance.now()));
      return true;
    };
    const watcher = new MutationObserver(() => {
      if (look()) watcher.disconnect();
    });
    watcher.observe(document, { childList: true, subtree: true });
  });
}
