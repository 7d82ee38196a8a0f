// The built relay with the app inside: it opens, keeps itself for offline use, and asks nobody else.
import assert from "node:assert/strict";
import { untilKept, setOffline } from "../support/browser.mjs";

export const name = "first_open";

export async function run(stage) {
  const relay = await stage.startRelay({ embedded: true });
  const device = await stage.launchBrowser();

  stage.step("the optimised app starts from the embedded files");
  await opens(device.page, `${relay.url}/`);
  await untilKept(device.page);

  stage.step("it opens cold with the relay gone");
  await relay.stop();
  await device.close();
  const cold = await device.reopen();
  await opens(cold.page, `${relay.url}/`);

  stage.step("an address inside the app opens without a network too");
  await setOffline(cold, true);
  await opens(cold.page, `${relay.url}/some/place`);

  for (const opened of [device, cold]) {
    assert.deepEqual(opened.strangers(relay.url), [], "something asked another origin");
    const policy = opened.troubles.filter((line) => line.includes("Content Security Policy"));
    assert.deepEqual(policy, [], "the content security policy was broken");
    assert.deepEqual(opened.troubles.filter((line) => line.startsWith("uncaught")), []);
  }
}

/** The static shell gives way to the app. */
async function opens(page, address) {
  await page.goto(address);
  await page.waitForFunction(() => document.body.children.length > 0 && !document.getElementById("shell"));
}
