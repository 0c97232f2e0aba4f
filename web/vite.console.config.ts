import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { compressAssets } from "./scripts/compressAssets.ts";

/**
 * The console for moderators, built after the app, into the same folder. It shares sources with the app and no file: so
 * neither the app's first load nor what its service worker keeps knows of the console.
 */
export default defineConfig({
  base: "/",
  plugins: [react(), compressAssets()],
  build: {
    outDir: fileURLToPath(new URL("../src/hyred_chat/web/app", import.meta.url)),
    emptyOutDir: false,
    copyPublicDir: false,
    assetsInlineLimit: 0, // nothing inline, as in the app
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: fileURLToPath(new URL("console.html", import.meta.url)),
      output: { codeSplitting: { groups: [{ name: "console-packages", test: /node_modules/ }] } },
    },
    reportCompressedSize: false,
  },
});
