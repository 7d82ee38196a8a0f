// The built relay with the app inside: it opens, keeps itself for offline use, and asks nobody else.
import assert from "node:assert/strict";
import { untilKept, setOffline } from "../support/browser.mjs";
import { startWrongServer } from "../support/wrong_server.mjs";

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

  stage.step("it waits for the end of a page that arrives in two parts");
  const server = await startWrongServer();
  const slow = await stage.launchBrowser({ serviceWorkers: "block" });
  try {
    const release = server.holdBackFrom("/", '<div id="shell"');
    await slow.page.goto(`${server.url}/`, { waitUntil: "commit" });
    await slow.page.waitForSelector("script[data-wasm]", { state: "attached" });
    await slow.page.evaluate(fetchAndCompile);
    release();
    await untilOpened(slow.page);
  } finally {
    await server.stop();
  }

  for (const [opened, home] of [[device, relay], [cold, relay], [slow, server]]) {
    assert.deepEqual(opened.strangers(home.url), [], "something asked another origin");
    const policy = opened.troubles.filter((line) => line.includes("Content Security Policy"));
    assert.deepEqual(policy, [], "the content security policy was broken");
    assert.deepEqual(opened.troubles.filter((line) => line.startsWith("uncaught")), []);
  }
}

async function opens(page, address) {
  await page.goto(address);
  await untilOpened(page);
}

/** The static shell gives way to the app. */
async function untilOpened(page) {
  await page.waitForFunction(() => document.body.children.length > 0 && !document.getElementById("shell"));
}

/** What the app does before it draws, so that it is as far as this when this is done. Runs in the page. */
async function fetchAndCompile() {
  const { wasm } = document.querySelector("script[data-wasm]").dataset;
  await WebAssembly.compileStreaming(fetch(wasm));
}
