// The outbox against servers that are not the relay: nothing is lost, and the reason is told.
import assert from "node:assert/strict";
import { deliverSync, setOffline, untilKept } from "../support/browser.mjs";
import { envelopesIn, relayAnswer, startWrongServer } from "../support/wrong_server.mjs";

export const name = "outbox_trouble";

const DATABASE = "outbox-trouble";
const CENTRE = "ab".repeat(32);
const html = { status: 200, headers: { "content-type": "text/html" }, body: "<h1>Welcome to the hall</h1>" };
const ofType = (status) => ({ status, headers: { "content-type": "application/octet-stream" }, body: "no" });

/** What a server answers, what the report must say, and how many of three rows stay. */
const CASES = [
  ["a login page with status 200", () => html, "not-a-relay", 3],
  ["a redirect to a login page", () => ({ status: 302, headers: { location: "/login" }, body: "" }), "not-a-relay", 3],
  ["a page that says not found", () => ({ ...html, status: 404 }), "not-a-relay", 3],
  ["a server in trouble", () => ({ ...html, status: 503 }), "server-error", 3],
  ["a refusal of the whole centre", () => ofType(403), "refused", 3],
  ["an answer for fewer envelopes", () => relayAnswer([0, 0]), "not-a-relay", 3],
  ["an answer cut short", (body) => cut(relayAnswer(each(body, 0)), 1), "not-a-relay", 3],
  ["an answer with other first bytes", (body) => otherMagic(relayAnswer(each(body, 0))), "not-a-relay", 3],
  ["a gap in the middle", () => relayAnswer([0, 3, 1]), "refused", 1],
  ["a relay that does not know the centre", () => relayAnswer([10, 10, 10]), "unknown-centre", 3],
  ["a relay that has an old copy of the centre", () => relayAnswer([0, 12, 12]), "unknown-centre", 2],
  ["a wish to send more slowly", () => relayAnswer([0, 13, 13]), "server-error", 2],
  ["one row that makes the whole request malformed", (body) => (body.includes("row-1") ? ofType(400) : relayAnswer(each(body, 0))), "refused", 1],
  ["three acceptances", (body) => relayAnswer(each(body, 0)), null, 0],
];

export async function run(stage) {
  const server = await startWrongServer();
  try {
    const device = await stage.launchBrowser();
    await device.page.goto(server.url);
    await untilKept(device.page);
    await checkAbsent(device.page);
    for (const [words, answer, trouble, left] of CASES) {
      stage.step(words);
      await fill(device.page, DATABASE, 3);
      server.answerWith(answer);
      const report = await device.page.evaluate((db) => globalThis.drainOutbox(db), DATABASE);
      assert.equal(report.trouble, trouble, words);
      assert.equal(report.left, left, words);
      assert.equal(await count(device.page, DATABASE), left, words);
      assert.equal(report.sent, 3 - left, words);
    }
    await checkBatches(stage, server, device);
    await checkOffline(stage, device);
    await checkSync(stage, server, device);
  } finally {
    await server.stop();
  }
}

const each = (body, code) => Array.from({ length: envelopesIn(body) }, () => code);
const cut = (reply, bytes) => ({ ...reply, body: reply.body.subarray(0, reply.body.length - bytes) });
const otherMagic = (reply) => ({ ...reply, body: Buffer.concat([Buffer.from("XXXX"), reply.body.subarray(4)]) });

async function checkAbsent(page) {
  const report = await page.evaluate(() => globalThis.drainOutbox("never-made"));
  assert.deepEqual([report.sent, report.left, report.trouble], [0, 0, null]);
  const names = await page.evaluate(async () => (await indexedDB.databases()).map((db) => db.name));
  assert.ok(!names.includes("never-made"), "draining must not create a database");
}

async function checkBatches(stage, server, device) {
  stage.step("600 rows go in key order, at most 256 a request, and two callers do not send twice");
  await fill(device.page, DATABASE, 600);
  server.pushes.length = 0;
  server.answerWith((body) => relayAnswer(each(body, 0)));
  await device.page.evaluate((db) => Promise.all([globalThis.drainOutbox(db), globalThis.drainOutbox(db)]), DATABASE);
  assert.deepEqual(server.pushes.map((push) => envelopesIn(push.body)), [256, 256, 88]);
  assert.equal(server.pushes[0].path, `/v1/${CENTRE}/push`);
  assert.ok(server.pushes[0].body.includes("row-0") && server.pushes[2].body.includes("row-599"));
}

async function checkOffline(stage, device) {
  stage.step("no network");
  await fill(device.page, DATABASE, 3);
  await setOffline(device, true);
  const report = await device.page.evaluate((db) => globalThis.drainOutbox(db), DATABASE);
  assert.deepEqual([report.trouble, report.left], ["offline", 3]);
  await setOffline(device, false);
}

async function checkSync(stage, server, device) {
  stage.step("with the page closed, a sync event makes the service worker push");
  // A picture of the same origin: the app is closed and lets its database go.
  await device.page.goto(`${server.url}/favicon.svg`);
  await fill(device.page, "neutral-ground", 3);
  await device.page.goto("about:blank");
  server.pushes.length = 0;
  const pushed = new Promise((done) => {
    server.answerWith((body) => {
      done(envelopesIn(body));
      return relayAnswer(each(body, 0));
    });
  });
  await deliverSync(device, server.url);
  assert.equal(await pushed, 3);
}

/** A new database as the engine leaves it, with `rows` rows in its outbox. */
async function fill(page, db, rows) {
  await page.evaluate(
    async ([name, total, centre]) => {
      const settled = (request) =>
        new Promise((done, failed) => {
          request.onsuccess = () => done(request.result);
          request.onerror = () => failed(request.error);
          request.onblocked = () => failed(new Error(`expected ${name} to be closed, found it open elsewhere`));
        });
      await settled(indexedDB.deleteDatabase(name));
      const open = indexedDB.open(name);
      open.onupgradeneeded = () => {
        for (const store of ["outbox", "meta"]) open.result.createObjectStore(store);
      };
      const handle = await settled(open);
      const bytes = (text) => new TextEncoder().encode(text);
      const work = handle.transaction(["outbox", "meta"], "readwrite");
      work.objectStore("meta").put(bytes(JSON.stringify({ url: "", centre })), bytes("relay"));
      for (let row = 0; row < total; row += 1) {
        work.objectStore("outbox").put(bytes(`row-${row}`), new Uint8Array([0, row >> 8, row & 0xff]));
      }
      await new Promise((done, failed) => {
        work.oncomplete = done;
        work.onabort = () => failed(work.error);
      });
      handle.close();
    },
    [db, rows, CENTRE],
  );
}

async function count(page, db) {
  return page.evaluate(async (name) => {
    const open = indexedDB.open(name);
    const handle = await new Promise((done) => {
      open.onsuccess = () => done(open.result);
    });
    const request = handle.transaction("outbox").objectStore("outbox").count();
    const total = await new Promise((done) => {
      request.onsuccess = () => done(request.result);
    });
    handle.close();
    return total;
  }, db);
}
