// The app is closed; the browser wakes the service worker when the network is back, and the relay gets the outbox.
import assert from "node:assert/strict";
import { deliverSync, setOffline, untilKept } from "../support/browser.mjs";
import { centreWithVisit, enrol, unlock, untilSent, walk } from "../support/centre.mjs";
import { untilSealed } from "../support/store.mjs";

export const name = "background_sync";

const TABLET = "Teal";
const ARRIVAL = '.timeline-line[data-tag="event"]';

export async function run(stage) {
  const relay = await stage.startRelay();
  const desk = await stage.launchBrowser();
  const { visit } = await centreWithVisit(desk.page, relay.url);
  const tablet = await stage.launchBrowser();
  const { phrase } = await enrol(desk.page, tablet.page, { name: "Priya Nair", role: "Volunteer", tablet: TABLET });
  await untilKept(tablet.page);
  await untilSent(tablet.page);
  const pushes = pushesOf(tablet.context);
  await walk(desk.page, visit);
  await desk.page.locator("#composer-text").waitFor();

  stage.step("without a network, an arrival is recorded and the app is closed");
  await setOffline(tablet, true);
  await walk(tablet.page, visit);
  await tablet.page.locator(".step-big").click();
  await tablet.page.locator(ARRIVAL).waitFor();
  const waiting = await untilSealed(tablet.page, { outbox: "some" });
  assert.equal(await desk.page.locator(ARRIVAL).count(), 0, "nothing can have reached the desk");
  const blank = await tablet.context.newPage();
  await tablet.page.close();
  pushes.length = 0;

  stage.step(`the network is back; a sync event reaches the service worker while ${waiting} envelopes wait`);
  await setOffline(tablet, false);
  await deliverSync(tablet, relay.url);
  await desk.page.locator(ARRIVAL, { hasText: TABLET }).waitFor();
  assert.deepEqual(tablet.context.pages().map((page) => page.url()), ["about:blank"], "the app must still be closed");
  assert.ok(pushes.length > 0 && pushes.every((push) => push.byServiceWorker), "only the service worker may have pushed");

  stage.step("the outbox is empty before the app is opened again");
  // A picture of the same origin reads the database without the app.
  await blank.goto(`${relay.url}/favicon.svg`);
  await untilSealed(blank, { outbox: "none" });

  stage.step("opened again, the app knows that all is sent, and nothing is doubled");
  await blank.goto(`${relay.url}${visit}`);
  await unlock(blank, phrase);
  await untilSent(blank);
  for (const page of [blank, desk.page]) {
    await page.locator(ARRIVAL).first().waitFor();
    assert.equal(await page.locator(ARRIVAL).count(), 1);
  }
}

function pushesOf(context) {
  const pushes = [];
  context.on("request", (request) => {
    if (request.url().endsWith("/push")) pushes.push({ byServiceWorker: request.serviceWorker() !== null });
  });
  return pushes;
}
