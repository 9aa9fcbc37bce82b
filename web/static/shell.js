// What go-app's loader does not do: a real progress bar, messages that help when the program cannot start or has ended,
// and updates that are offered. It is the first script of the page.
"use strict";

(() => {
  const element = (id) => document.getElementById(id);

  // --- Messages --------------------------------------------------------------

  function fail(reason) {
    const box = element("shell-failure");
    if (!box.hidden) return; // the first cause is the one that counts
    element("app-wasm-loader")?.setAttribute("hidden", "");
    for (const message of box.querySelectorAll("[data-reason]")) {
      message.hidden = message.dataset.reason !== reason;
    }
    box.hidden = false;
    box.focus();
    element("shell-reload").addEventListener("click", () => reload(reason));
  }

  // A download that fails while we are online may come from what the worker keeps: start afresh then.
  async function reload(reason) {
    if (reason === "download" && navigator.onLine && "serviceWorker" in navigator) {
      const registration = await navigator.serviceWorker.getRegistration();
      await registration?.unregister();
    }
    location.reload();
  }

  // --- Start -----------------------------------------------------------------

  if (typeof WebAssembly !== "object" || typeof WebAssembly.instantiate !== "function") {
    fail("unsupported");
  }

  // go-app writes the progress into a label, and where the download fails it takes the spinning from the icon.
  const icon = element("app-wasm-loader-icon");
  const label = element("app-wasm-loader-label");
  if (icon && label) {
    new MutationObserver(() => {
      const percent = parseFloat(label.textContent);
      if (percent > 0) element("shell-progress").value = percent;
    }).observe(label, { childList: true, characterData: true, subtree: true });

    new MutationObserver(() => {
      if (!icon.classList.contains("goapp-spin")) fail("download");
    }).observe(icon, { attributes: true, attributeFilter: ["class"] });
  }

  // --- End -------------------------------------------------------------------

  // A Go program that has ended leaves a page that looks alive and is not. wasm_exec.js defines the global Go; each
  // instance reports its end to exit.
  let runtime;
  Object.defineProperty(globalThis, "Go", {
    configurable: true,
    get: () => runtime,
    set(base) {
      runtime = class extends base {
        constructor() {
          super();
          const exit = this.exit;
          this.exit = (code) => {
            exit(code);
            fail("stopped");
          };
        }
      };
    },
  });

  // The end that Go cannot report: the memory is used up, or the engine gave up.
  const lost = (error) => {
    if (typeof WebAssembly === "object" && error instanceof WebAssembly.RuntimeError) fail("stopped");
  };
  addEventListener("error", (event) => lost(event.error));
  addEventListener("unhandledrejection", (event) => lost(event.reason));

  // --- Back ------------------------------------------------------------------

  // "Back" may bring a page as it was left, program and all: with what somebody saw who has logged out since. Such a page
  // is hidden as it is put aside and loaded anew, which the worker makes quick.
  addEventListener("pagehide", (event) => {
    if (event.persisted) document.documentElement.hidden = true;
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });

  // --- Updates ---------------------------------------------------------------

  const waiting = async () => (await navigator.serviceWorker?.getRegistration())?.waiting;

  globalThis.shell = Object.freeze({
    updateWaiting: async () => Boolean(await waiting()),

    async applyUpdate() {
      const worker = await waiting();
      if (!worker) return location.reload();
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      worker.postMessage("skip-waiting");
    },
  });
})();
