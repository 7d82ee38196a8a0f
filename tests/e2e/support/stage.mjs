// What one journey stands on: it starts relays and devices, and clears all of it away afterwards, failed or not.
import fs from "node:fs";
import path from "node:path";
import { launchBrowser } from "./browser.mjs";
import { chance } from "./chance.mjs";
import { startRelay } from "./relay.mjs";

export class Stage {
  #relays = [];
  #devices = [];

  constructor(name, seed) {
    this.name = name;
    this.seed = seed;
    this.chance = chance(seed);
  }

  /** Says where the journey is; the last line before a failure tells what went wrong. */
  step(words) {
    console.log(`        ${this.name}: ${words}`);
  }

  /** A relay that ends with the journey; what its `restart` and `replace` start does too. */
  async startRelay(options) {
    return this.#keepRelay(await startRelay(options));
  }

  /** A device that ends with the journey; its `reopen` does too. */
  async launchBrowser(options) {
    return this.#keepDevice(await launchBrowser(options));
  }

  /** Pictures of every open page, the devices' databases and the relays' words. */
  async keepEvidence(folder) {
    fs.mkdirSync(folder, { recursive: true });
    for (const [at, device] of this.#devices.entries()) {
      for (const [number, page] of device.context.pages().entries()) {
        const stem = path.join(folder, `${this.name}-device${at + 1}-page${number + 1}`);
        await page.screenshot({ path: `${stem}.png`, timeout: 5000 }).catch(() => {});
        const html = await page.content().catch(() => null);
        if (html !== null) fs.writeFileSync(`${stem}.html`, html);
      }
      // The database's own log says whether the browser found it whole.
      const database = path.join(device.folder, "Default", "IndexedDB");
      const copy = path.join(folder, `${this.name}-device${at + 1}-indexeddb`);
      if (fs.existsSync(database)) fs.cpSync(database, copy, { recursive: true, force: true });
      if (device.troubles.length > 0) console.log(`        device ${at + 1}:\n${device.troubles.join("\n")}`);
    }
    for (const [at, relay] of this.#relays.entries()) {
      fs.writeFileSync(path.join(folder, `${this.name}-relay${at + 1}.log`), relay.log());
    }
    console.log(`        pictures and logs are in ${folder}`);
  }

  async clear() {
    for (const device of this.#devices) await device.close().catch(() => {});
    for (const relay of this.#relays) await relay.stop().catch(() => {});
    for (const part of [...this.#devices, ...this.#relays]) part.remove();
  }

  #keepRelay(relay) {
    const restart = relay.restart;
    relay.restart = async () => this.#keepRelay(await restart());
    const replace = relay.replace;
    relay.replace = async () => this.#keepRelay(await replace());
    this.#relays.push(relay);
    return relay;
  }

  #keepDevice(device) {
    const reopen = device.reopen;
    device.reopen = async (changes) => this.#keepDevice(await reopen(changes));
    this.#devices.push(device);
    return device;
  }
}
