// The page of the ways to unlock, and this device's lock on the unlock screen.
import { Frame } from "./frame.mjs";

const LOCK = "Unlock with this device's lock";

/** The ways of whoever is here. */
export class Unlocking extends Frame {
  async open() {
    await this.follow("/more", "More");
    await this.main.getByRole("link", { name: "Ways to unlock" }).click();
    await this.heading("Ways to unlock").waitFor();
  }

  get addButton() {
    return this.main.getByRole("button", { name: "Add this device's lock" });
  }

  get removeButton() {
    return this.main.getByRole("button", { name: "Take this device's lock away" });
  }

  get offer() {
    return this.page.getByText(/^What unlocks this device, your fingerprint, face or code,/);
  }

  /** Presses Add and waits until it is there. */
  async add() {
    await this.addButton.click();
    await this.removeButton.waitFor();
  }

  async remove() {
    await this.removeButton.click();
    await this.addButton.waitFor();
  }

  /** On the unlock screen: the button. */
  get lockButton() {
    return this.main.getByRole("button", { name: LOCK });
  }

  get wordsInstead() {
    return this.main.getByRole("button", { name: "Use my four words instead" });
  }

  get lockInstead() {
    return this.main.getByRole("button", { name: "Use this device's lock instead" });
  }

  /** Waits for the sentence in the summary of what is wrong, which has the focus. */
  async refused(words) {
    await this.main.locator(".error-summary").getByText(words).waitFor();
    await this.page.waitForFunction(() => document.activeElement?.classList.contains("error-summary"));
  }

  async inside() {
    await this.pages.waitFor();
  }
}
