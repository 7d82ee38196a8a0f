
// Loads the engine's WebAssembly and runs it. What the page says meanwhile is held, and said again when the engine listens.
const held = [];
const hold = (event) => held.push(event);
self.addEventListener("message", hold);
try {
  await __wbg_init({ module_or_path: new URL("ENGINE_WASM", import.meta.url) });
  self.removeEventListener("message", hold);
  for (const { data, ports } of held) self.dispatchEvent(new MessageEvent("message", { data, ports }));
} catch (trouble) {
  self.postMessage({ type: "engine-failed", reason: String(trouble) });
}
