// The one place that pushes the outbox to the relay, for the service worker and for the page.
// It sees finished envelopes only: no document, no key. A row leaves only when the relay has it.
(() => {
  "use strict";
  const BATCH_ROWS = 256;
  const BATCH_BYTES = 1024 * 1024;
  const PATIENCE_MS = 30_000;
  // Halving a request that was refused as a whole finds the bad row; this bounds the search in one drain.
  const MOST_SPLITS = 24;
  const REQUEST_MAGIC = "NGP1";
  const ANSWER_MAGIC = "NGR1";
  const ANSWER_HEAD = 6;
  const ANSWER_ITEM = 9;
  // The relay's signature and its incarnation; the engine checks them at its next pull.
  const ANSWER_TAIL = 64 + 16;
  const ACCEPTED = 0;
  const DUPLICATE = 1;
  const MALFORMED = 7;
  const TOO_LARGE = 9;
  // The relay lacks the centre, or the record of it that the envelope names: no fault of this row.
  const NOT_KNOWN = [10, 12];
  const SLOW_DOWN = 13;
  const OCTETS = "application/octet-stream";

  const text = (words) => new TextEncoder().encode(words);
  const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

  /** Why nothing more could be sent; `word` is what the report says. */
  class Trouble extends Error {
    constructor(word, detail) {
      super(detail);
      this.word = word;
    }
  }

  const finished = (request) =>
    new Promise((done, failed) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(new Trouble("storage", String(request.error)));
    });

  const committed = (transaction) =>
    new Promise((done, failed) => {
      transaction.oncomplete = () => done();
      transaction.onabort = () => failed(new Trouble("storage", String(transaction.error)));
      transaction.onerror = () => failed(new Trouble("storage", String(transaction.error)));
    });

  /** Opens the database as it is, or answers null: creating it is the engine's business. */
  const openExisting = (name) =>
    new Promise((done, failed) => {
      const request = indexedDB.open(name);
      let absent = false;
      request.onupgradeneeded = () => {
        absent = true;
        request.transaction.abort();
      };
      request.onerror = () => (absent ? done(null) : failed(new Trouble("storage", String(request.error))));
      request.onsuccess = () => {
        const db = request.result;
        // An upgrade in another tab must not wait for this drain.
        db.onversionchange = () => db.close();
        const ready = ["outbox", "meta"].every((store) => db.objectStoreNames.contains(store));
        if (!ready) db.close();
        done(ready ? db : null);
      };
    });

  const readTarget = async (db) => {
    const row = await finished(db.transaction("meta").objectStore("meta").get(text("relay")));
    if (row === undefined) return null;
    try {
      const { url, centre } = JSON.parse(new TextDecoder().decode(row));
      if (!/^[0-9a-f]{64}$/.test(centre)) throw new Error("expected 64 hex digits for the centre");
      return new URL(`${url}/v1/${centre}/push`, self.location.origin).href;
    } catch (cause) {
      throw new Trouble("storage", `the row "relay" cannot be read: ${cause.message}`);
    }
  };

  /** The next rows after `after` in key order: at least one, at most a batch. */
  const readBatch = (db, after) =>
    new Promise((done, failed) => {
      const rows = [];
      let size = 0;
      const range = after === null ? null : IDBKeyRange.lowerBound(after, true);
      const request = db.transaction("outbox").objectStore("outbox").openCursor(range);
      request.onerror = () => failed(new Trouble("storage", String(request.error)));
      request.onsuccess = () => {
        const cursor = request.result;
        if (!cursor) return done(rows);
        const length = cursor.value?.byteLength ?? 0;
        if (rows.length > 0 && size + length > BATCH_BYTES) return done(rows);
        rows.push({ key: cursor.key, bytes: cursor.value });
        size += length;
        if (rows.length === BATCH_ROWS) return done(rows);
        cursor.continue();
      };
    });

  const encode = (rows) => {
    const body = new Uint8Array(rows.reduce((sum, row) => sum + 4 + row.bytes.byteLength, REQUEST_MAGIC.length));
    const view = new DataView(body.buffer);
    body.set(text(REQUEST_MAGIC));
    let at = REQUEST_MAGIC.length;
    for (const { bytes } of rows) {
      view.setUint32(at, bytes.byteLength);
      body.set(new Uint8Array(bytes.buffer ?? bytes, bytes.byteOffset ?? 0, bytes.byteLength), at + 4);
      at += 4 + bytes.byteLength;
    }
    return body;
  };

  /** One code per envelope, or null when these bytes are not a relay's answer to `count` envelopes. */
  const decode = (buffer, count) => {
    if (buffer.byteLength !== ANSWER_HEAD + ANSWER_ITEM * count + ANSWER_TAIL) return null;
    const view = new DataView(buffer);
    const magic = String.fromCharCode(...new Uint8Array(buffer, 0, ANSWER_MAGIC.length));
    if (magic !== ANSWER_MAGIC || view.getUint16(ANSWER_MAGIC.length) !== count) return null;
    return Array.from({ length: count }, (_, item) => view.getUint8(ANSWER_HEAD + ANSWER_ITEM * item));
  };

  const post = async (target, rows) => {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
    try {
      const answer = await fetch(target, {
        method: "POST",
        body: encode(rows),
        headers: { "content-type": OCTETS },
        credentials: "omit",
        cache: "no-store",
        // A hall's login page answers with a redirect; following it would look like success.
        redirect: "manual",
        referrerPolicy: "no-referrer",
        signal: patience.signal,
      });
      const binary = (answer.headers.get("content-type") ?? "").startsWith(OCTETS);
      return { status: answer.status, binary, body: await answer.arrayBuffer() };
    } catch (cause) {
      throw new Trouble("offline", String(cause));
    } finally {
      clearTimeout(timer);
    }
  };

  const judge = ({ status, binary, body }, rows) => {
    if (status >= 500 || status === 429) throw new Trouble("server-error", `status ${status}`);
    if (!binary) throw new Trouble("not-a-relay", `status ${status}`);
    if (status !== 200) throw new Trouble("refused", `status ${status}`);
    const codes = decode(body, rows.length);
    if (codes === null) throw new Trouble("not-a-relay", "an answer of another form");
    return codes;
  };

  const forget = async (db, keys) => {
    if (keys.length === 0) return;
    const transaction = db.transaction("outbox", "readwrite");
    const gone = committed(transaction);
    for (const key of keys) transaction.objectStore("outbox").delete(key);
    await gone;
  };

  /** Sends `rows`; where the relay refuses the request as such, halves it, so that one bad row stops no other. */
  const push = async (state, rows) => {
    const answer = await post(state.target, rows);
    const whole = answer.binary && (answer.status === 400 || answer.status === 413);
    if (whole && rows.length > 1 && state.splits < MOST_SPLITS) {
      state.splits += 1;
      const middle = Math.ceil(rows.length / 2);
      await push(state, rows.slice(0, middle));
      await push(state, rows.slice(middle));
      return;
    }
    if (whole && rows.length === 1) {
      state.refused.push({ key: hex(rows[0].key), code: answer.status === 413 ? TOO_LARGE : MALFORMED });
      return;
    }
    const codes = judge(answer, rows);
    const taken = rows.filter((_, item) => codes[item] === ACCEPTED || codes[item] === DUPLICATE);
    await forget(state.db, taken.map((row) => row.key));
    state.sent += taken.length;
    if (codes.some((code) => NOT_KNOWN.includes(code))) throw new Trouble("unknown-centre", "another relay, or an old copy of it");
    if (codes.includes(SLOW_DOWN)) throw new Trouble("server-error", "the relay asks to send more slowly");
    rows.forEach((row, item) => {
      if (!taken.includes(row)) state.refused.push({ key: hex(row.key), code: codes[item] });
    });
  };

  const isBytes = (value) => value instanceof Uint8Array || value instanceof ArrayBuffer;

  const pushAll = async (state) => {
    for (let after = null; ; ) {
      const rows = await readBatch(state.db, after);
      if (rows.length === 0) return;
      after = rows[rows.length - 1].key;
      const sound = rows.filter((row) => isBytes(row.bytes));
      for (const row of rows) {
        if (!isBytes(row.bytes)) state.refused.push({ key: hex(row.key), code: MALFORMED });
      }
      if (sound.length > 0) await push(state, sound);
    }
  };

  const drain = async (name) => {
    const report = { type: "drained", db: name, sent: 0, left: 0, refused: [], trouble: null };
    const state = { db: null, target: null, sent: 0, refused: report.refused, splits: 0 };
    try {
      state.db = await openExisting(name);
      if (state.db === null) return report;
      state.target = await readTarget(state.db);
      if (state.target !== null) await pushAll(state);
    } catch (trouble) {
      report.trouble = trouble instanceof Trouble ? trouble.word : "storage";
      console.warn(`outbox: ${report.trouble}: ${trouble.message}`);
    }
    report.sent = state.sent;
    if (state.db !== null) {
      try {
        report.left = await finished(state.db.transaction("outbox").objectStore("outbox").count());
      } catch {
        report.trouble ??= "storage";
      }
      state.db.close();
    }
    if (report.trouble === null && report.refused.length > 0) report.trouble = "refused";
    return report;
  };

  const announce = (report) => {
    const channel = new BroadcastChannel("ng-outbox");
    channel.postMessage(report);
    channel.close();
    return report;
  };

  // One drain runs and at most one waits, per tab: the waiting one begins after the rows of its caller were written.
  const waiting = new Map();

  self.drainOutbox = (name) => {
    const queued = waiting.get(name);
    if (queued) return queued;
    const turn = navigator.locks.request(`ng-outbox:${name}`, async () => {
      waiting.delete(name);
      return announce(await drain(name));
    });
    waiting.set(name, turn);
    return turn;
  };
})();
