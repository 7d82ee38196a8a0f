// Several devices at once: how a person joins, and what can be read from a device's folder without a phrase.
import fs from "node:fs";
import path from "node:path";
import assert from "node:assert/strict";
import { untilKept } from "../support/browser.mjs";
import { Desk } from "./desk.mjs";
import { Hall } from "./hall.mjs";
import { Outside } from "./outside.mjs";

export const DESK_SCREEN = { width: 1280, height: 900 };

/** Opens a device at a relay and starts a centre there. */
export async function startCentre(stage, relay, names) {
  const device = await stage.launchBrowser({ viewport: DESK_SCREEN });
  await device.page.goto(relay.url);
  const phrase = await new Outside(device.page).startCentre(names);
  return { device, phrase, desk: new Desk(device.page) };
}

/** Invites a person, opens the link on a device of theirs (`options` as for `launchBrowser`), compares the six digits on both, approves. */
export async function enrol(stage, desk, { name, roles, tablet }, options = {}) {
  const link = await desk.invite({ name, roles });
  await desk.open("People");
  const device = await stage.launchBrowser(options);
  await device.page.goto(link);
  const outside = new Outside(device.page);
  await outside.nameTablet(tablet);
  const phrase = await outside.rehearse("Join");
  const shown = await outside.sixDigits();
  assert.equal(await desk.waitingDigits(name), shown, "both screens show the same six digits");
  await desk.approve(name);
  await outside.inside();
  await untilKept(device.page);
  return { device, phrase, link, hall: new Hall(device.page) };
}

/** A person who is a member already joins on another tablet. */
export async function anotherTablet(stage, desk, person, tablet) {
  const link = await desk.linkForAnother(person);
  const device = await stage.launchBrowser();
  const outside = new Outside(device.page);
  await device.page.goto(link);
  await outside.nameTablet(tablet);
  await outside.rehearse("Join");
  assert.equal(await outside.sixDigits(), await desk.waitingDigits(person));
  await desk.main.getByText(`The tablet calls itself \u201c${tablet}\u201d.`).waitFor();
  await desk.approve(person);
  await outside.inside();
  return new Hall(device.page);
}

/** Whether a text lies readable in any file below a folder, in either encoding a browser uses. */
export function liesReadable(folder, text) {
  const needles = [Buffer.from(text, "utf8"), Buffer.from(text, "utf16le")];
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true }).some((entry) => {
    if (!entry.isFile()) return false;
    const bytes = fs.readFileSync(path.join(entry.parentPath, entry.name));
    return needles.some((needle) => bytes.includes(needle));
  });
}
