// Unique strings in every field of names and free text; afterwards every byte that others could hold is searched.
import assert from "node:assert/strict";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { untilKept } from "../support/browser.mjs";
import { canaryPhone, canaryWord, recordRequests, search, searchFolder, searchRows } from "../support/canaries.mjs";
import {
  acceptFamily, bookVisit, enrol, lock, planSession, press, startCentre, today, unlock, untilSent, walk,
} from "../support/centre.mjs";
import { channelName, channelsOf, isForVolunteer } from "../support/envelope_rows.mjs";
import { devicesOf } from "../support/membership.mjs";
import { readRows } from "../support/store.mjs";

export const name = "canary";

/** Not secret: proves that a search finds what is there. */
const CONTROL = "XqControlKanarek";

export async function run(stage) {
  const seeds = plantSeeds(stage.chance);
  const metricsPort = await freePort();
  const relay = await stage.startRelay({
    args: ["--metrics-listen", `127.0.0.1:${metricsPort}`],
    env: { NEUTRAL_GROUND_LOG_FILTER: "trace" },
  });
  const ruth = await device(stage);
  const teal = await device(stage);

  stage.step("every field is filled");
  const places = await fillEverything(ruth, teal, relay, seeds);
  const secrets = { ...seeds.canaries, ...places.secrets };

  stage.step("the co-ordinator's screens show every one of them, so they are really stored");
  const shown = await everythingShown(ruth.page, places);
  const unseen = Object.entries(seeds.canaries).filter(([, words]) => !shown.includes(words));
  assert.deepEqual(unseen, [], "a string that no screen shows may never have been stored");

  stage.step("locked: no row, no key, no page holds one");
  await checkLocked(ruth, secrets, secrets.phrase);
  await checkLocked(teal, secrets, secrets["second-phrase"]);

  stage.step("the volunteer's tablet holds nothing of the office");
  checkVolunteer(teal.rows, ruth.rows);

  stage.step("addresses, requests and metrics");
  const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  assert.match(metrics, /relay_envelopes_pushed_total\{outcome="accepted"\} [1-9]/);
  assert.deepEqual(search(metrics, secrets, "the metrics"), []);
  await ruth.page.evaluate((words) => fetch(`/healthz?${words}`), CONTROL);
  checkRequests([...ruth.asked, ...teal.asked], secrets);

  stage.step("the relay's files while it runs and after it, and its log at the most talkative level");
  checkRelayFiles(relay, secrets, ruth.rows);
  await relay.stop();
  checkRelayFiles(relay, secrets, ruth.rows);
  assert.match(relay.log(), /route="app"/, "the log must tell of requests");
  // Not even an address that was asked for is in the log, so the control is not.
  assert.deepEqual(search(relay.log(), { ...secrets, control: CONTROL }, "the log"), []);

  stage.step("the tablets' whole profile folders");
  for (const held of [ruth, teal]) {
    await held.close();
    assert.ok(searchFolder(held.folder, { control: CONTROL }).length > 0, "the search must find the control");
    // The browser's own history keeps the address of the invite, which is worth nothing once it is used.
    const { "invite-secret": _used, ...lasting } = secrets;
    assert.deepEqual(searchFolder(held.folder, lasting), []);
  }
}

async function device(stage) {
  const opened = await stage.launchBrowser();
  return Object.assign(opened, { asked: recordRequests(opened.context) });
}

/** A canary for every field of text; `answers` is what is typed, `canaries` says which field holds which. */
function plantSeeds(chance) {
  const canaries = {};
  const plant = (field) => (canaries[field] = canaryWord(chance));
  const sentence = (field) => `They say ${plant(field)} about it.`;
  const adult = (side) => ({
    [`${side}-first`]: plant(`${side}-first`),
    [`${side}-last`]: plant(`${side}-last`),
    [`${side}-relationship`]: plant(`${side}-relationship`),
    [`${side}-phone`]: (canaries[`${side}-phone`] = canaryPhone(chance)),
    [`${side}-email`]: `${(canaries[`${side}-email`] = canaryWord(chance).toLowerCase())}@example.org`,
    [`${side}-address`]: `7 ${plant(`${side}-street`)} Row\n${plant(`${side}-town`)}`,
  });
  const answers = {
    centre: { name: `${plant("centre-name")} Centre`, venue: `${plant("venue-name")} Hall`, rooms: [plant("room-0"), plant("room-1")] },
    coordinator: `${plant("coordinator-first")} ${plant("coordinator-last")}`,
    tablet: plant("tablet-name"),
    referral: {
      "referrer-name": plant("referrer-name"),
      "referrer-organisation": plant("referrer-organisation"),
      "referrer-phone": (canaries["referrer-phone"] = canaryPhone(chance)),
      "child-0-first": plant("child-first"),
      "child-0-last": plant("child-last"),
      "child-0-born": "03/05/2019",
      ...adult("resident"),
      ...adult("visiting"),
      reason: sentence("reason"),
      allergies: sentence("allergies"),
      "other-needs": `${plant("other-needs")}\n${plant("other-needs-line-2")}`,
    },
    risk: { controls: `${plant("controls")} only\n${plant("controls-line-2")}`, "risk-reason": sentence("risk-reason") },
    collectors: `${plant("collector-name")}, ${plant("collector-relationship")}`,
  };
  return {
    canaries,
    answers,
    volunteer: { name: `${plant("volunteer-first")} ${plant("volunteer-last")}`, role: "Volunteer", tablet: plant("second-tablet-name") },
    absence: `${plant("absence-reason")} again`,
    entry: sentence("note-entry"),
    draft: sentence("note-draft"),
  };
}

/** Plays through every screen that takes text; answers where things are, and the secrets that came up on the way. */
async function fillEverything(ruth, teal, relay, seeds) {
  const { page } = ruth;
  const phrase = await startCentre(page, relay.url, seeds.answers);
  const { referral, family } = await acceptFamily(page, seeds.answers);
  const session = await planSession(page, today());
  const { coordinator, centre } = seeds.answers;
  const visit = await bookVisit(page, session, { supervisor: coordinator, room: centre.rooms[1] });
  const joined = await enrol(page, teal.page, seeds.volunteer);
  for (const held of [ruth, teal]) await untilKept(held.page);

  await walk(teal.page, visit);
  await teal.page.getByRole("button", { name: /^Not coming/ }).first().click();
  await teal.page.locator(".absence-line").fill(seeds.absence);
  await teal.page.locator(".absence-reasons button").first().click();
  await teal.page.locator(".timeline-line", { hasText: seeds.absence }).waitFor();

  await walk(page, visit);
  await page.locator("#composer-text").fill(seeds.entry);
  await press(page, "Add to the note");
  await page.locator(".timeline-line", { hasText: seeds.entry }).waitFor();
  await page.locator("#composer-text").fill(seeds.draft);
  await page.locator('#composer-status[data-state="saved"]').waitFor();
  await page.locator(".timeline-line", { hasText: seeds.absence }).waitFor();
  for (const held of [ruth, teal]) await untilSent(held.page);
  const secrets = { phrase, "second-phrase": joined.phrase, "invite-secret": new URL(joined.link).hash.slice(1) };
  return { referral, family, visit, session, secrets };
}

/** Everything that the co-ordinator's screens say and hold in their fields. */
async function everythingShown(page, { referral, family, visit, session }) {
  const texts = [];
  const read = async () => {
    texts.push(await page.evaluate(() => document.body.textContent));
    texts.push(...(await page.locator("input, textarea").evaluateAll((fields) => fields.map((field) => field.value))));
  };
  const screens = [["/centre", "#venue-name"], [referral, "#risk-decided"], ["/people", "#everybody"], [session, "#session-visits"], [visit, "#composer-text"]];
  for (const [address, there] of screens) {
    await walk(page, address);
    await page.locator(there).first().waitFor();
    await read();
  }
  await walk(page, family);
  for (const side of ["resident", "visiting"]) {
    await page.locator(`.side[data-side="${side}"]`).getByRole("button", { name: /^Open and log/ }).click();
    await page.locator(`.side[data-side="${side}"] .desk-opened`).waitFor();
    await read();
  }
  return texts.join("\n");
}

async function checkLocked(held, canaries, phrase) {
  const { page } = held;
  await lock(page);
  // A phrase that is shown while it is typed is the one that a browser would remember.
  await press(page, "Show the words");
  await unlock(page, phrase);
  await lock(page);
  await plantControl(page);
  held.rows = await readRows(page);
  const control = searchRows(held.rows, { control: CONTROL });
  assert.ok(control.length > 0, "the search must find the control among the rows");
  assert.ok(held.rows.some(({ table }) => table === "log"), "the tablet's own rows must be among them");
  assert.deepEqual(searchRows(held.rows, canaries), []);
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  assert.deepEqual(search(kept, canaries, "local or session storage"), []);
  // The phrase's own words are English; the page may hold one of them by chance, never all four in order.
  const drawn = await page.evaluate(() => document.documentElement.outerHTML + document.title);
  assert.deepEqual(search(drawn, canaries, "the locked page"), []);
}

/** Puts the control where the app keeps its own things. */
async function plantControl(page) {
  await page.evaluate(async (words) => {
    localStorage.setItem("control", words);
    const open = indexedDB.open("control");
    await new Promise((done, failed) => {
      open.onupgradeneeded = () => open.result.createObjectStore("control");
      open.onsuccess = done;
      open.onerror = () => failed(open.error);
    });
    const work = open.result.transaction("control", "readwrite", { durability: "strict" });
    work.objectStore("control").put(new TextEncoder().encode(words), "control");
    await new Promise((done) => {
      work.oncomplete = done;
    });
    open.result.close();
  }, CONTROL);
}

/** Ring 3 and the own desk, nothing else; the co-ordinator's rows prove that office would be seen. */
function checkVolunteer(rows, officeRows) {
  const chain = rows.filter(({ table }) => table === "chain").map(({ value }) => value);
  const owners = devicesOf(chain);
  const [device] = rows.filter(({ table }) => table === "keyrings").map(({ key }) => key.toString("hex"));
  const member = owners.get(device);
  assert.ok(member, "the volunteer's device must be in the membership chain");
  const named = channelsOf(rows);
  const strange = named.filter(({ channel }) => !isForVolunteer(channel, member));
  assert.deepEqual(strange.map(({ place, channel }) => `${place}: ${channelName(channel)}`), []);
  assert.ok(named.filter(({ place }) => place === "an envelope in log").length > 5, "the day pack must be there");
  const others = channelsOf(officeRows).filter(({ channel }) => !isForVolunteer(channel, member));
  assert.ok(others.some(({ place }) => place === "an envelope in log"), "office envelopes must be seen where they are");
}

function checkRequests(asked, canaries) {
  const addresses = asked.map(({ address }) => address).join("\n");
  assert.ok(search(addresses, { control: CONTROL }, "addresses").length > 0);
  const withoutSecret = asked.map(({ address }) => address.split("#")[0]).join("\n");
  assert.deepEqual(search(withoutSecret, canaries, "addresses"), []);
  const pushes = asked.filter(({ address }) => address.endsWith("/push"));
  assert.ok(pushes.some(({ body }) => body.includes("NGEV")), "bodies of pushes must be seen");
  for (const { address, body } of asked) assert.deepEqual(search(body, canaries, `a request to ${address}`), []);
}

/** The database with its write-ahead log, and whatever else lies in the relay's folder. */
function checkRelayFiles(relay, canaries, rows) {
  const files = fs.readdirSync(relay.folder).map((file) => fs.readFileSync(path.join(relay.folder, file)));
  const [{ value }] = rows.filter(({ table }) => table === "chain");
  assert.ok(files.some((bytes) => bytes.includes(value)), "the search must find a membership record in the clear");
  assert.deepEqual(searchFolder(relay.folder, canaries), []);
}

async function freePort() {
  const server = net.createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}
