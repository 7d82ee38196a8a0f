// Lets the browser begin a new log file of its store before anything of ours is written into it: each page does at its
// start, the service worker before it sends.
//
// Chromium keeps IndexedDB in LevelDB, which goes on writing in the log file that it finds. If the browser was taken
// away in the middle of a record, half a record then stands in the middle of that file; at the start after the next one
// the file counts as damaged, and Chromium throws the whole store away (google/leveldb issue 1287). Deleting a database,
// however small, makes LevelDB put what the log holds into a table and begin another file, and the half record goes
// with the old one. It takes some milliseconds, and browsers with another kind of store do not notice.
(() => {
  "use strict";
  const NAME = "ng-fresh-log";

  const begin = () =>
    new Promise((done) => {
      const begun = indexedDB.open(NAME);
      begun.onerror = () => done();
      begun.onsuccess = () => {
        // Another tab at the same point waits for this close; whoever comes last deletes.
        begun.result.close();
        const gone = indexedDB.deleteDatabase(NAME);
        gone.onsuccess = () => done();
        gone.onerror = () => done();
      };
    }).catch((refused) => console.warn(refused));

  let fresh = null;

  /**
   * Once a start is enough. Resolves when the new file is there, or when the store refuses: the engine says so better
   * than this could.
   */
  self.freshLog = () => (fresh ??= begin());

  if ("document" in self) self.freshLog();
})();
