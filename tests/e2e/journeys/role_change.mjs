// A volunteer becomes a co-ordinator and is one no more: the desk comes and goes on her tablet, and the families with it. Then she leaves.
import assert from "node:assert/strict";
import { canaryWord, searchFolder } from "../support/canaries.mjs";
import { untilKept } from "../support/browser.mjs";
import { readRows } from "../support/store.mjs";
import { Desk } from "../pages/desk.mjs";
import { Outside } from "../pages/outside.mjs";
import { DESK_SCREEN, enrol, startCentre } from "../pages/team.mjs";
import { CENTRE, ROOMS, TREVANE } from "../pages/today.mjs";

export const name = "role_change";

export async function run(stage) {
  const relay = await stage.startRelay();
  const word = canaryWord(stage.chance);

  stage.step("a centre with a family, a co-ordinator and a volunteer");
  const ruth = await startCentre(stage, relay, CENTRE);
  await ruth.desk.addRooms(ROOMS);
  const code = await ruth.desk.takeOn({ ...TREVANE, referral: { ...TREVANE.referral, reason: `Needs a ${word} start.` } });
  const joan = await enrol(stage, ruth.desk, { name: "Joan Tibbs", roles: ["Volunteer"], tablet: "Teal" }, { viewport: DESK_SCREEN });
  const hers = new Desk(joan.device.page);
  assert.equal(await hers.entry("Families").count(), 0);
  assert.equal(await officeRows(joan.device.page), 0);

  stage.step("Ruth makes her a co-ordinator; the desk appears on her tablet");
  await ruth.desk.openPerson("Joan Tibbs");
  await ruth.desk.tick("What they do", "Co-ordinator");
  await ruth.desk.main.getByText("They will read every referral and every family file.").waitFor();
  await ruth.desk.saveRoles("Co-ordinator and Volunteer");
  await hers.entry("Families").waitFor();
  await hers.open("Families");
  await hers.main.getByRole("link", { name: code }).waitFor();
  assert.ok((await officeRows(joan.device.page)) > 0);

  stage.step("nobody changes their own roles");
  await hers.openPerson("Joan Tibbs");
  await hers.main.getByText("Nobody changes their own roles").waitFor();
  assert.equal(await hers.group("What they do").count(), 0);

  stage.step("she is a volunteer again: the desk goes, and nothing of the families is left");
  await ruth.desk.untick("What they do", "Co-ordinator");
  await ruth.desk.main.getByText(/^They will no longer read referrals/).waitFor();
  await ruth.desk.saveRoles("Volunteer");
  await hers.entry("Families").waitFor({ state: "detached" });
  await untilNoOfficeRows(joan.device.page);

  stage.step("she has left: her tablet is shut out and erases itself");
  await ruth.desk.button("Joan Tibbs has left").click();
  await ruth.desk.page.getByRole("dialog").getByRole("button", { name: "They have left: shut them out" }).click();
  await ruth.desk.main.getByText("Has left", { exact: true }).waitFor();
  await ruth.desk.main.getByText("Shut out", { exact: true }).waitFor();
  const outside = new Outside(joan.device.page);
  await outside.heading("Keys on this tablet were ended").waitFor();
  await outside.button("I have read this").click();
  await outside.door("Join my centre").waitFor();
  await untilKept(joan.device.page);
  await joan.device.close();
  assert.deepEqual(searchFolder(joan.device.folder, { word }), []);

  stage.step("she comes back, as the same person");
  await ruth.desk.tick("What they do", "Volunteer");
  await ruth.desk.button("Take them back").click();
  await ruth.desk.main.getByText("Saved", { exact: true }).waitFor();
  const link = await ruth.desk.linkForAnother("Joan Tibbs");
  const device = await stage.launchBrowser({ viewport: DESK_SCREEN });
  await device.page.goto(link);
  const again = new Outside(device.page);
  await again.nameTablet("Plum");
  await again.rehearse("Join");
  assert.equal(await again.sixDigits(), await ruth.desk.waitingDigits("Joan Tibbs"));
  await ruth.desk.approve("Joan Tibbs");
  await again.inside();
}

/** Envelopes in what co-ordinators share: a key begins with the channel's sort, here a ring, and which one, here the second. */
async function officeRows(page) {
  const rows = await readRows(page);
  return rows.filter(({ table, key }) => table === "log" && key[0] === 0 && key[1] === 1).length;
}

/** What nobody on the tablet may read is erased as soon as the change is heard of. */
async function untilNoOfficeRows(page) {
  const end = Date.now() + 30_000;
  while ((await officeRows(page)) > 0) {
    assert.ok(Date.now() < end, "expected the office's ciphertext to be erased within half a minute");
    await page.waitForFunction(() => new Promise((done) => requestAnimationFrame(() => done(true))));
  }
}
