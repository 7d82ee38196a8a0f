// The PIN: chosen inside, typed at the lock by whoever rests.
import { countTaps } from "../support/taps.mjs";
import { Frame } from "./frame.mjs";

/** The ways of one person on a shared tablet. */
export class Shared extends Frame {
  get pad() {
    return this.page.getByRole("group", { name: "Digits" });
  }

  get warning() {
    return this.page.getByRole("complementary", { name: "About to lock" });
  }

  /** Chooses a PIN on its own page. */
  async choosePin(pin) {
    await this.follow("/pin", "Your PIN");
    await this.typePin(pin);
    await this.page.waitForURL((url) => url.pathname === "/");
  }

  /** Types a PIN into both fields of its page and sends it. */
  async typePin(pin) {
    await this.main.getByLabel("Six digits").fill(pin);
    await this.main.getByLabel("The same again").fill(pin);
    await this.main.getByRole("button", { name: "Keep this PIN" }).click();
  }

  /** Taps the digits; the sixth sends them. */
  async tapPin(pin) {
    for (const digit of pin) await this.pad.getByRole("button", { name: digit, exact: true }).click();
  }

  /** Hands the tablet over: two taps and the PIN. Answers the number of taps. */
  async handOver(initials, pin) {
    return countTaps(this.page, async () => {
      await this.page.locator(".me-initials").click();
      await this.page.getByRole("button", { name: `Hand over to ${initials}`, exact: true }).click();
      await this.tapPin(pin);
      await this.isHere(initials);
    });
  }

  /** The frame belongs to this person. */
  async isHere(initials) {
    await this.page.locator(".frame:not([hidden]) .me-initials", { hasText: initials }).waitFor();
  }

  async locked() {
    await this.page.locator(".frame").waitFor({ state: "hidden" });
    await this.main.getByRole("heading", { level: 1, name: "Who is here?" }).waitFor();
  }

  /** What has the focus, its text and its caret. */
  async caret() {
    return this.page.evaluate(() => {
      const { id, value, selectionStart } = document.activeElement;
      return { id, value, at: selectionStart };
    });
  }
}
