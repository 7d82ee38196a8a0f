// The browser's processes are taken away at random moments while somebody types a note and what is typed is sent.
// The words must be back, and in the end the relay has every envelope once.
import assert from "node:assert/strict";
import { untilKept } from "../support/browser.mjs";
import { centreWithVisit, press, unlock, untilSent, walk } from "../support/centre.mjs";
import { watchDisk } from "../support/disk_watch.mjs";
import { killAll, processTree } from "../support/process_tree.mjs";
import { envelopesHeld } from "../support/relay.mjs";
import { logOf, untilSealed } from "../support/store.mjs";

export const name = "kill_while_typing";

const KILLS = Number(process.env.NG_KILLS ?? 20);
/** A kill, a start and a moment of typing take some seconds each. */
export const patienceMs = 60_000 + KILLS * 20_000;
const MOST_LOST_MS = 300;

const WORDS = (
  "mia shows her dad the drawing of the harbour and says the boat is called Puffin he asks which colour it had " +
  "before she laughs takes a blue crayon sits beside him at low table by window they build tower with wooden bricks"
).split(" ");

export async function run(stage) {
  const relay = await stage.startRelay();
  let device = await stage.launchBrowser();
  const { phrase, visit } = await centreWithVisit(device.page, relay.url);
  await untilKept(device.page);
  await walk(device.page, visit);
  await device.page.locator("#composer-text").waitFor();

  const losses = [];
  let [kept, told] = ["", 0];
  for (let round = 1; round <= KILLS; round += 1) {
    const disk = await watchDisk(device.folder);
    const typing = await typeUntilKilled(stage, device);
    await disk.stop();
    device = await device.reopen();
    await openVisit(device.page, `${relay.url}${visit}`, phrase);
    const found = await written(device.page);
    const said = typing.said();
    if (said !== "") told += 1;
    assert.ok(found.startsWith(said), `the screen said that this was saved:\n${said}\nfound\n${found}`);
    const lost = lostMs(kept, found, typing);
    const late = disk.lateBetween(typing.killedAt - lost, typing.killedAt);
    const last = typing.killedAt - typing.pressed.findLast((key) => key.at <= typing.killedAt).at;
    stage.step(
      `kill ${round}: ${typing.pressed.length} keys, the last ${last} ms before it, lost ${lost} ms` +
        (late > 0 ? `, ${late} of them while the disk held up any flush` : ""),
    );
    assert.ok(lost - late <= MOST_LOST_MS, `expected at most ${MOST_LOST_MS} ms lost, found ${lost - late}`);
    losses.push(lost);
    kept = found;
  }
  assert.ok(told > 0, "the screen never said that anything was saved");
  stage.step(`lost milliseconds over ${KILLS} kills: ${spread(losses)}`);
  await sentOnce(stage, device, relay);
}

/** Everything that was written is sent, and the relay holds each envelope of the tablet once and no other. */
async function sentOnce(stage, { page }, relay) {
  await walk(page, "/sync");
  await press(page, "Send now");
  await untilSent(page);
  await untilSealed(page, { outbox: "none" });
  await relay.stop();
  const mine = await logOf(page);
  assert.equal(envelopesHeld(relay.database), mine.size);
  stage.step(`the relay holds the tablet's ${mine.size} envelopes, each once`);
}

async function openVisit(page, address, phrase) {
  await page.goto(address);
  await unlock(page, phrase);
  await page.locator("#composer-text").waitFor();
}

/** Every word of the note in order: the entries that were added, then the one being written. */
async function written(page) {
  const entries = await page.locator('.timeline-line[data-tag="observed"] .timeline-words').allTextContents();
  return entries.join("") + (await page.locator("#composer-text").inputValue());
}

/** Types as a person does and now and then adds the entry, until the processes are gone at a moment of chance. */
async function typeUntilKilled(stage, device) {
  const { page } = device;
  const gone = new Promise((done) => device.context.once("close", done));
  await page.locator("#composer-text").click();
  await page.keyboard.press("Control+End");
  const killed = killLater(device.pid, stage.chance.between(400, 4000));
  const pressed = [];
  let said = "";
  try {
    await page.exposeFunction("saidSaved", (words) => (said = words));
    await page.evaluate(tellWhatIsSaved);
    await type(page, stage.chance, pressed);
  } catch (trouble) {
    if (!/closed|crashed/i.test(String(trouble))) throw trouble;
  }
  await gone;
  return { pressed, killedAt: await killed, said: () => said };
}

/** Tells in the page what is written whenever the screen says that it is saved. */
function tellWhatIsSaved() {
  const status = document.getElementById("composer-status");
  const text = document.getElementById("composer-text");
  new MutationObserver(() => {
    if (status.dataset.state !== "saved") return;
    const lines = document.querySelectorAll('.timeline-line[data-tag="observed"] .timeline-words');
    const entries = Array.from(lines, (line) => line.textContent);
    globalThis.saidSaved(entries.join("") + text.value);
  }).observe(status, { attributes: true });
}

/** Takes the browser and everything it started away after so long; resolves with the moment. */
function killLater(pid, delay) {
  return new Promise((done) => {
    setTimeout(() => {
      const processes = processTree(pid);
      done(Date.now());
      killAll(processes);
    }, delay);
  });
}

async function type(page, chance, pressed) {
  let blank = (await page.locator("#composer-text").inputValue()) === "";
  for (;;) {
    const letters = blank ? chance.pick(WORDS) : ` ${chance.pick(WORDS)}`;
    for (const letter of letters) {
      pressed.push({ letter, at: Date.now() });
      await page.keyboard.type(letter);
      // The pace of a person who types quickly; this is the load and waits for nothing.
      await page.waitForTimeout(chance.between(25, 160));
    }
    blank = chance.next() < 0.15;
    if (blank) await addEntry(page);
  }
}

async function addEntry(page) {
  await page.keyboard.press("Control+Enter");
  await page.waitForFunction(() => document.getElementById("composer-text").value === "");
}

/** How long before the kill the first lost key was pressed; 0 if none was lost. */
function lostMs(before, after, { pressed, killedAt }) {
  const typed = pressed.filter((key) => key.at <= killedAt);
  const whole = before + typed.map((key) => key.letter).join("");
  assert.ok(whole.startsWith(after), `expected the beginning of\n${whole}\nfound\n${after}`);
  const survived = after.length - before.length;
  assert.ok(survived >= 0, `earlier words were lost:\n${before}\nfound\n${after}`);
  return survived === typed.length ? 0 : killedAt - typed[survived].at;
}

function share(losses, part) {
  const sorted = [...losses].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)];
}

function spread(losses) {
  return `min ${share(losses, 0)}, median ${share(losses, 0.5)}, p95 ${share(losses, 0.95)}, max ${share(losses, 1)}`;
}
