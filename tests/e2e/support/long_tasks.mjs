// How long the page kept everything else waiting.

/** Notes in a page, from now on, every task of 50 ms or more; for `addInitScript` or `evaluate`. */
export function noteLongTasks() {
  globalThis.longTasks = [];
  const watcher = new PerformanceObserver((list) => {
    globalThis.longTasks.push(...list.getEntries().map((entry) => entry.duration));
  });
  watcher.observe({ type: "longtask" });
}

/** The longest since it was last asked, ms; 0 where none took 50. */
export async function longestTask(page) {
  return page.evaluate(() => Math.max(0, ...globalThis.longTasks.splice(0)));
}
