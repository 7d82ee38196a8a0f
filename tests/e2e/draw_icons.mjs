// Draws the PNG icons of the manifest from the SVGs in public/icons. Run it after a change of the drawing:
//   node tests/e2e/draw_icons.mjs
import fs from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";
import { chromiumProgram, root } from "./support/paths.mjs";

const folder = path.join(root, "public", "icons");
const PICTURES = [
  ["icon.svg", "icon-192.png", 192],
  ["icon.svg", "icon-512.png", 512],
  ["maskable.svg", "maskable-192.png", 192],
  ["maskable.svg", "maskable-512.png", 512],
  // The one size for home screens that round the corners themselves.
  ["maskable.svg", "icon-180.png", 180],
];

const browser = await chromium.launch({ executablePath: chromiumProgram, args: ["--no-sandbox", "--disable-gpu"] });
for (const [drawing, name, size] of PICTURES) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const svg = fs.readFileSync(path.join(folder, drawing), "utf8").replace("<svg ", `<svg width="${size}" height="${size}" style="display:block" `);
  await page.setContent(`<body style="margin:0;background:transparent">${svg}</body>`);
  await page.screenshot({ path: path.join(folder, name), omitBackground: true });
  await page.close();
}
await browser.close();
