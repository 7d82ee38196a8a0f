// Whether the disk under a folder was late, and when. A write that must be on disk waits for everything that others
// have the disk write first; a test that bounds such a wait has to know which part of it was the disk's own.
import fs from "node:fs/promises";
import path from "node:path";

/** A flush that takes longer was held up by others: alone, a disk takes a few milliseconds. */
const LATE_MS = 50;
const BETWEEN_MS = 10;

/** Appends to a file of its own in `folder` and flushes it, over and over, until `stop`. */
export async function watchDisk(folder) {
  const file = path.join(folder, "disk-watch");
  const log = await fs.open(file, "a");
  const late = [];
  let going = true;
  const flushing = (async () => {
    while (going) {
      const from = Date.now();
      // What is appended changes the file's length, so that the flush has to write the file system's journal too, as
      // the browser's own store does.
      await log.write("x".repeat(200));
      await log.datasync();
      const to = Date.now();
      if (to - from > LATE_MS) late.push({ from, to });
      await new Promise((later) => setTimeout(later, BETWEEN_MS));
    }
  })();
  return {
    /** Ends the watch; resolves when the last flush is through. */
    stop: async () => {
      going = false;
      await flushing;
      await log.close();
      await fs.rm(file);
    },
    /** For how many of the milliseconds between two moments a flush was held up. */
    lateBetween: (from, to) =>
      late.reduce((sum, flush) => sum + Math.max(0, Math.min(to, flush.to) - Math.max(from, flush.from)), 0),
  };
}
