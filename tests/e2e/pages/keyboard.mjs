// A person without a mouse: keys only, and after each of them somebody must be able to see where they are.
import assert from "node:assert/strict";

const MOST_TABS = 120;

/** Works a page by its keyboard. */
export class Keyboard {
  constructor(page) {
    this.page = page;
  }

  async press(key) {
    await this.page.keyboard.press(key);
  }

  /** Presses Tab until this control has the focus; each stop on the way must be visible. */
  async tabTo(target) {
    await target.waitFor();
    let wrapped = false;
    for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
      if (await hasFocus(target)) return;
      await this.press("Tab");
      // Past the last control the focus leaves the page for the browser's own, once, and comes round to the top.
      const left = await this.page.evaluate(() => document.activeElement === document.body);
      if (left && !wrapped) {
        wrapped = true;
        continue;
      }
      await this.seen();
    }
    throw new Error(`expected to reach ${target} with ${MOST_TABS} presses of Tab, found no way`);
  }

  /** Reaches a control and presses Enter on it. */
  async activate(target) {
    await this.tabTo(target);
    await this.press("Enter");
  }

  /** Reaches a field and types into it. */
  async type(target, text) {
    await this.tabTo(target);
    await this.page.keyboard.insertText(text);
  }

  /** Reaches a date or time field, which takes digits part by part. */
  async typeDigits(target, digits) {
    await this.tabTo(target);
    await this.page.keyboard.type(digits);
  }

  /** Reaches a group of radio buttons by its first or chosen one and goes to another with the arrows. */
  async choose(group, answer) {
    const radios = group.getByRole("radio");
    const wanted = group.getByRole("radio", { name: answer });
    const count = await radios.count();
    const chosen = group.getByRole("radio", { checked: true });
    await this.tabTo((await chosen.count()) > 0 ? chosen : radios.first());
    for (let at = 0; at < count && !(await hasFocus(wanted)); at += 1) await this.press("ArrowDown");
    if (!(await wanted.isChecked())) await this.press("Space");
    assert.ok(await wanted.isChecked(), `expected ${wanted} to be chosen`);
    await this.seen();
  }

  /** Reaches a checkbox and ticks it. */
  async tick(checkbox) {
    await this.tabTo(checkbox);
    if (!(await checkbox.isChecked())) await this.press("Space");
    assert.ok(await checkbox.isChecked(), `expected ${checkbox} to be ticked`);
  }

  /** Waits until something on the page has the focus again after an answer. */
  async kept() {
    await this.page.waitForFunction(() => document.activeElement !== null && document.activeElement !== document.body);
  }

  /** The focus is on something, inside the window, not covered, and drawn so that it can be seen. */
  async seen() {
    const fault = await this.page.evaluate(async () => {
      // The browser scrolls to what has the focus by the next frame.
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      const at = document.activeElement;
      if (at === null || at === document.body) return "nothing has the focus";
      const words = `${at.tagName} ${at.id} ${at.className} ${(at.textContent ?? "").trim().slice(0, 40)}`;
      const drawn = [at, at.closest("label"), at.parentElement].filter((part) => part !== null);
      const ring = drawn.some((part) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(part);
        return outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
      });
      // The parts of a date or time field draw their own.
      const inParts = at.matches("input[type=date], input[type=time]");
      if (!ring && !inParts && at.tabIndex >= 0) return `no ring is drawn round ${words}`;
      const box = (at.closest("label") ?? at).getBoundingClientRect();
      const left = Math.max(box.left, 0);
      const top = Math.max(box.top, 0);
      const right = Math.min(box.right, innerWidth);
      const bottom = Math.min(box.bottom, innerHeight);
      if (right - left < 1 || bottom - top < 1) return `outside the window: ${words}`;
      // Somewhere along its middle it must be on top.
      const shown = [0.1, 0.3, 0.5, 0.7, 0.9].some((part) => {
        const found = document.elementFromPoint((left + right) / 2, top + (bottom - top) * part);
        return found !== null && drawn.some((own) => own.contains(found) || found.contains(own));
      });
      return shown ? null : `covered by something else: ${words}`;
    });
    assert.equal(fault, null, fault ?? "");
  }
}

async function hasFocus(target) {
  return target.evaluate((element) => element === document.activeElement);
}
