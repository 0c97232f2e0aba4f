import type { Plugin } from "vite";

/** Why a browser would refuse to start this code as a service worker that is no module; null: nothing is known. */
export function whyNoClassicScript(code: string): string | null {
  if (/\bimport\.meta\b/.test(code)) return "it has `import.meta`, which only modules have";
  if (/\bimport\s*\(/.test(code)) return "it has `import()`, which service workers refuse";
  if (/^\s*(import|export)\b/m.test(code)) return "it imports or exports";
  return null;
}

/** Fails the build of a service worker that no browser would start: nothing else would say so before somebody is offline. */
export function classicWorker(): Plugin {
  return {
    name: "classic-worker",
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        const why = file.type === "chunk" ? whyNoClassicScript(file.code) : null;
        if (why !== null)
          this.error(`${file.fileName} cannot be a service worker: ${why}. What it loads later is handed in.`);
      }
    },
  };
}
