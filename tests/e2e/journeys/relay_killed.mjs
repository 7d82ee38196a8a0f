// The relay is taken away while envelopes are on their way to it; what it acknowledged is in its database.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { untilKept } from "../support/browser.mjs";
import { enrol, planSession, press, startCentre, today, unlock, untilSent, walk } from "../support/centre.mjs";
import { envelopesHeld } from "../support/relay.mjs";
import { logOf, readRows, untilSealed } from "../support/store.mjs";

export const name = "relay_killed";
export const patienceMs = 8 * 60_000 + Number(process.env.NG_KILLS ?? 0) * 15_000;

const ROUNDS = Number(process.env.NG_KILLS ?? 10);
const SESSIONS_A_ROUND = 3;
const SALT = 253;
const COMMITMENT = 285;
const SIGNATURE = 64;

export async function run(stage) {
  let relay = await stage.startRelay();
  const ruth = await stage.launchBrowser();
  await startCentre(ruth.page, relay.url);
  let second = await stage.launchBrowser();
  const { phrase } = await enrol(ruth.page, second.page, { name: "Amara Osei", role: "Co-ordinator", tablet: "Laptop" });
  await untilKept(second.page);
  for (const device of [ruth, second]) await untilSent(device.page);
  await second.close();
  await slowDown(ruth.page);

  const tally = { cut: 0, unheard: 0 };
  for (let round = 1; round <= ROUNDS; round += 1) {
    await killWhilePushing(stage, ruth.page, relay);
    const { acknowledged, waiting } = await envelopesOf(ruth.page);
    const kept = copyOf(relay);
    assertHolds(kept.bytes, acknowledged);
    const held = envelopesHeld(kept.file);
    assert.ok(held >= acknowledged.length, `acknowledged ${acknowledged.length}, the relay kept ${held}`);
    if (waiting > 0) tally.cut += 1;
    if (held > acknowledged.length) tally.unheard += 1;
    fs.rmSync(kept.folder, { recursive: true });
    stage.step(`kill ${round}: ${acknowledged.length} acknowledged, ${held} at the relay, ${waiting} still to send`);
    relay = await relay.restart();
  }
  stage.step(`${tally.cut} kills left something to send, ${tally.unheard} took an answer away`);
  assert.ok(tally.cut > 0, "no kill came in the middle of anything");

  stage.step("in the end all is sent, once");
  await walk(ruth.page, "/sync");
  await press(ruth.page, "Send now");
  await untilSent(ruth.page);
  await untilSealed(ruth.page, { outbox: "none" });
  await relay.stop();
  const mine = await logOf(ruth.page);
  assert.equal(envelopesHeld(relay.database), mine.size, "the relay must hold each envelope once and no other");
  relay = await relay.restart();

  stage.step("a device that was away gets every one of them from the relay alone");
  await ruth.close();
  second = await second.reopen();
  await second.page.goto(`${relay.url}/sessions`);
  await unlock(second.page, phrase);
  const rows = second.page.locator('main a[href^="/sessions/"]:not([href$="/new"])');
  await rows.nth(ROUNDS * SESSIONS_A_ROUND - 1).waitFor();
  assert.equal(await rows.count(), ROUNDS * SESSIONS_A_ROUND);
  const theirs = await logOf(second.page);
  const missing = [...mine].filter(([key, envelope]) => theirs.get(key) !== envelope);
  assert.deepEqual(missing, []);
}

/** A connection on which an answer takes a while, so that a kill can come between the two. */
async function slowDown(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  const wide = { offline: false, downloadThroughput: -1, uploadThroughput: -1 };
  await session.send("Network.emulateNetworkConditions", { ...wide, latency: 40 });
}

/** Plans sessions; a moment of chance after the first push began, the relay's process is gone. */
async function killWhilePushing(stage, page, relay) {
  const pushing = page.waitForRequest((request) => request.url().endsWith("/push"));
  const killed = pushing.then(
    () => new Promise((done) => setTimeout(() => done(relay.kill()), stage.chance.between(0, 120))),
  );
  for (let session = 0; session < SESSIONS_A_ROUND; session += 1) await planSession(page, today());
  await killed;
}

/** The signed bytes that are acknowledged, because they are in the log and not in the outbox, and how many wait. */
async function envelopesOf(page) {
  const rows = await readRows(page);
  const outbox = rows.filter(({ table }) => table === "outbox").map(({ value }) => value.toString("base64"));
  const log = rows.filter(({ table }) => table === "log").map(({ value }) => value);
  const acknowledged = log.filter((envelope) => !outbox.includes(envelope.toString("base64")));
  assert.ok(acknowledged.every((envelope) => envelope.subarray(0, 4).equals(Buffer.from("NGEV"))));
  return { acknowledged, waiting: outbox.length };
}

/** The database as the dead process left it, to be looked at without touching the original. */
function copyOf(relay) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ng-left-"));
  const files = fs.readdirSync(relay.folder).map((file) => {
    fs.copyFileSync(path.join(relay.folder, file), path.join(folder, file));
    return fs.readFileSync(path.join(folder, file));
  });
  return { folder, file: path.join(folder, path.basename(relay.database)), bytes: Buffer.concat(files) };
}

/** Each envelope by its salt, its commitment or its signature: a page of the file may part one of them. */
function assertHolds(bytes, envelopes) {
  const parts = (envelope) => [
    envelope.subarray(SALT, COMMITMENT),
    envelope.subarray(COMMITMENT, COMMITMENT + 32),
    envelope.subarray(envelope.length - SIGNATURE),
  ];
  const lost = envelopes.filter((envelope) => !parts(envelope).some((part) => bytes.includes(part)));
  assert.equal(lost.length, 0, `${lost.length} of ${envelopes.length} acknowledged envelopes are not in the database`);
}
