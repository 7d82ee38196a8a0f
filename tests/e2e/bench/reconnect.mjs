// The network comes back and there is nothing new: what is asked for, and how many bytes that is.
import { setOffline } from "../support/browser.mjs";
import { acceptFamily, bookVisit, planSession, startCentre, today, untilSent, walk, ANSWERS } from "../support/centre.mjs";

export const name = "reconnect";

const REQUESTS = "reconnect, nothing new: requests";
const ASKED = "reconnect, nothing new: body bytes sent";
const ANSWERED = "reconnect, nothing new: body bytes received";
const TIME = "reconnect, nothing new: online event to answer taken";

export const rows = {
  [REQUESTS]: { unit: "requests", aim: { share: "max", at: 1 } },
  [ASKED]: { unit: "bytes", aim: { share: "max", at: 300 } },
  [ANSWERED]: { unit: "bytes" },
  [TIME]: { unit: "ms", aim: { share: "p95", at: 15 } },
};

export async function run(stage, rounds) {
  const relay = await stage.startRelay();
  const device = await stage.launchBrowser();
  const { page } = device;
  await startCentre(page, relay.url);
  await acceptFamily(page);
  await bookVisit(page, await planSession(page, today()), { supervisor: ANSWERS.coordinator });
  await untilSent(page);
  await walk(page, "/today");
  const found = { [REQUESTS]: [], [ASKED]: [], [ANSWERED]: [], [TIME]: [] };
  for (let round = 0; round < rounds; round += 1) {
    await setOffline(device, true);
    const calls = [];
    const note = (request) => request.url().includes("/v1/") && calls.push(request);
    page.on("request", note);
    const answered = page.waitForResponse((response) => response.url().endsWith("/pull") && response.ok());
    const listens = page.waitForEvent("websocket");
    const begun = performance.now();
    await setOffline(device, false);
    const answer = await answered;
    await answer.finished();
    found[TIME].push(performance.now() - begun);
    // The live connection opens only after the answer was taken; nothing that follows belongs to the reconnect.
    await listens;
    page.off("request", note);
    const sizes = await Promise.all(calls.map((request) => request.sizes()));
    found[REQUESTS].push(calls.length);
    found[ASKED].push(sum(sizes.map(({ requestBodySize }) => requestBodySize)));
    found[ANSWERED].push(sum(sizes.map(({ responseBodySize }) => responseBodySize)));
  }
  return found;
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
