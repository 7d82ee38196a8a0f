// The three themes, the four widths, and what is checked or pictured in them.
import fs from "node:fs";
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { screenshots } from "./paths.mjs";

export const THEMES = ["light", "dark", "hall"];

export const WIDTHS = { 390: 844, 820: 1180, 1180: 820, 1440: 900 };

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Sets the theme as the app's own switch does, without leaving the screen. */
export async function setTheme(page, theme) {
  await page.evaluate((name) => {
    document.documentElement.dataset.theme = name;
  }, theme);
}

/** Runs axe on the rendered screen in each theme; answers one line per violation. */
export async function violations(page, themes = THEMES) {
  const before = await page.evaluate(() => document.documentElement.dataset.theme ?? null);
  const found = [];
  // What has scrolled half below a sticky bar is no small target; at the top nothing has.
  await page.evaluate(() => scrollTo(0, 0));
  for (const theme of themes) {
    await setTheme(page, theme);
    await settled(page);
    const report = await new AxeBuilder({ page }).withTags(RULES).analyze();
    for (const { id, help, nodes } of report.violations) {
      for (const node of nodes) found.push(`${theme}: ${id}: ${help}: ${node.target.join(" ")}: ${node.failureSummary}`);
    }
  }
  await page.evaluate((name) => {
    if (name === null) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = name;
  }, before);
  return found;
}

/** Pictures of the screen at each width in docs/screenshots, named `NAME-WIDTH.png`; answers their paths. */
export async function picture(page, name, { widths = Object.keys(WIDTHS).map(Number), folder = screenshots } = {}) {
  const before = page.viewportSize();
  fs.mkdirSync(folder, { recursive: true });
  const files = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: WIDTHS[width] });
    await settled(page);
    const file = path.join(folder, `${name}-${width}.png`);
    await page.screenshot({ path: file, animations: "disabled" });
    files.push(file);
  }
  if (before) await page.setViewportSize(before);
  return files;
}

/** Two frames painted and no animation running: colours and places are final. */
async function settled(page) {
  await page.evaluate(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    await frame();
    await frame();
    const running = document.getAnimations().filter((animation) => animation.effect?.getTiming().iterations !== Infinity);
    await Promise.allSettled(running.map((animation) => animation.finished));
  });
}
