// Starts the page: theme before first paint, the page's WebAssembly, the service worker.
// It knows no document and no key, and it never reloads the page by itself.
(() => {
  "use strict";
  const { js, wasm } = document.currentScript.dataset;
  const root = document.documentElement;
  const development = root.dataset.build.startsWith("dev");

  // The person's choice of theme is the one thing kept outside the sealed store: it must be known before first paint.
  try {
    const theme = localStorage.getItem("ng-theme");
    if (theme) root.dataset.theme = theme;
  } catch {
    // Storage may be blocked; the theme then follows the system.
  }

  const say = (words) => {
    const line = document.querySelector("#shell .shell-words");
    if (line) line.textContent = words;
  };

  const offerAgain = () => {
    const shell = document.getElementById("shell");
    if (!shell || shell.querySelector("button")) return;
    const again = document.createElement("button");
    again.type = "button";
    again.textContent = "Try again";
    again.addEventListener("click", () => location.reload());
    shell.append(again);
  };

  const patience = setTimeout(
    () => say("Still opening. The first time on a slow connection can take a minute."),
    8000,
  );

  // The app takes the shell's place, so the shell must be there: from a warm cache the app can be ready before the rest
  // of the document is read.
  const documentRead = new Promise((done) => {
    if (document.readyState === "loading") addEventListener("DOMContentLoaded", done, { once: true });
    else done();
  });

  const start = async () => {
    const [{ default: init }] = await Promise.all([import(js), documentRead]);
    await init({ module_or_path: wasm });
  };

  start()
    .catch((trouble) => {
      console.error(trouble);
      say("Neutral Ground could not open. What you wrote on this device is kept. Check the connection, then try again.");
      offerAgain();
    })
    .finally(() => clearTimeout(patience));

  // "waiting", "ready", "failed" or "unsupported": whether this page can open again without a network.
  const offline = (state) => {
    root.dataset.offline = state;
  };

  const keepForOffline = async () => {
    if (!("serviceWorker" in navigator)) return offline("unsupported");
    offline("waiting");
    const registration = await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") registration.update().catch(() => {});
    });
    await navigator.serviceWorker.ready;
    offline("ready");
  };

  // Under development the newest build must win, so nothing is kept and the page follows the build.
  const followBuild = async () => {
    const mine = root.dataset.build;
    for (;;) {
      await new Promise((next) => setTimeout(next, 1000));
      const page = await fetch("/", { cache: "no-store" }).then((answer) => answer.text()).catch(() => "");
      const newest = /data-build="?(dev-[0-9a-f]+)/.exec(page);
      if (newest && newest[1] !== mine) return location.reload();
    }
  };

  if (development) {
    followBuild();
  } else {
    addEventListener("load", () => {
      keepForOffline().catch((trouble) => {
        console.warn(trouble);
        offline("failed");
      });
    });
  }
})();
