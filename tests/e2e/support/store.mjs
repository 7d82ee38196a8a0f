// The tablet's database as any script of its origin can read it: rows of bytes, nothing opened.

/** Every row of every database of the page's origin: `{ db, table, key, value }`, bytes as they are. */
export async function readRows(page) {
  const rows = await page.evaluate(async () => {
    const settled = (request) =>
      new Promise((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
      });
    const base64 = (value) => {
      const bytes = value instanceof Uint8Array ? value : value instanceof ArrayBuffer ? new Uint8Array(value) : null;
      const text = bytes ?? new TextEncoder().encode(JSON.stringify(value));
      return btoa(Array.from(text, (byte) => String.fromCharCode(byte)).join(""));
    };
    const all = [];
    for (const { name } of await indexedDB.databases()) {
      const handle = await settled(indexedDB.open(name));
      for (const table of handle.objectStoreNames) {
        const store = handle.transaction(table).objectStore(table);
        const [keys, values] = await Promise.all([settled(store.getAllKeys()), settled(store.getAll())]);
        keys.forEach((key, at) => all.push([name, table, base64(key), base64(values[at])]));
      }
      handle.close();
    }
    return all;
  });
  return rows.map(([db, table, key, value]) => ({
    db,
    table,
    key: Buffer.from(key, "base64"),
    value: Buffer.from(value, "base64"),
  }));
}

const DAY = 24 * 60 * 60 * 1000;

/** Puts other bytes into a row of the centre's database, found by the text of its key. */
async function changeRow(page, table, key, change) {
  const rows = (await readRows(page)).filter((row) => row.db === "neutral-ground" && row.table === table);
  const row = rows.find((row) => row.key.toString("utf8") === key);
  const changed = change(Buffer.from(row.value)).toString("base64");
  await page.evaluate(
    async ([table, key, changed]) => {
      const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      const done = (request) =>
        new Promise((done, failed) => {
          request.onsuccess = () => done(request.result);
          request.onerror = () => failed(request.error);
        });
      const handle = await done(indexedDB.open("neutral-ground"));
      const store = handle.transaction(table, "readwrite", { durability: "strict" }).objectStore(table);
      await done(store.put(bytes(changed), bytes(key)));
      handle.close();
    },
    [table, row.key.toString("base64"), changed],
  );
}

/** Sets back when the tablet says that it last met the relay: its clock cannot be moved from here. */
export async function metAMonthAgo(page) {
  await changeRow(page, "meta", "known-relay", (bytes) => {
    // In CBOR: an array of five, the key (34 bytes), the incarnation (17 bytes), then the time, eight bytes behind 0x1b.
    const at = 1 + 34 + 17;
    if (bytes[at] !== 0x1b) throw new Error("expected the time of the last meeting, found something else");
    bytes.writeBigInt64BE(bytes.readBigInt64BE(at + 1) - BigInt(31 * DAY), at + 1);
    return bytes;
  });
}

/** Every envelope in the tablet's log, by its key. */
export async function logOf(page) {
  const rows = await readRows(page);
  const log = rows.filter(({ table }) => table === "log");
  return new Map(log.map(({ key, value }) => [key.toString("hex"), value.toString("base64")]));
}

/** Waits until nothing is in the table `pending`, and something or nothing in the outbox; answers how much. */
export async function untilSealed(page, { outbox }) {
  const counted = await page.waitForFunction(
    async (wanted) => {
      const open = indexedDB.open("neutral-ground");
      await new Promise((done, failed) => {
        open.onsuccess = done;
        open.onerror = () => failed(open.error);
      });
      const work = open.result.transaction(["outbox", "pending"]);
      const count = (table) =>
        new Promise((done) => {
          const request = work.objectStore(table).count();
          request.onsuccess = () => done(request.result);
        });
      const [waiting, pending] = await Promise.all([count("outbox"), count("pending")]);
      open.result.close();
      const fits = pending === 0 && (wanted === "some" ? waiting > 0 : waiting === 0);
      return fits ? { waiting } : null;
    },
    outbox,
    { polling: 50 },
  );
  return (await counted.jsonValue()).waiting;
}
