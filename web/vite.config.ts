import react from "@vitejs/plugin-react";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { VitePWA } from "vite-plugin-pwa";
import { defineConfig } from "vitest/config";
import { checkFirstLoad } from "./scripts/checkFirstLoad.ts";
import { classicWorker } from "./scripts/classicWorker.ts";
import { compressAssets } from "./scripts/compressAssets.ts";
import { firstLoadModules } from "./scripts/firstLoadModules.ts";
import { firstPaint } from "./scripts/firstPaint.ts";

const server = process.env.HYRED_SERVER ?? "http://127.0.0.1:3000";
// `make run` and the Python wheel take the app from inside the package that serves it.
const outDir = fileURLToPath(new URL("../src/hyred_chat/web/app", import.meta.url));
const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")) as { version: string };

const firstLoad = firstLoadModules();

export default defineConfig({
  base: "/",
  define: { "import.meta.env.VITE_APP_VERSION": JSON.stringify(version) }, // what a registered device says it runs
  plugins: [
    react(),
    firstLoad.plugin,
    VitePWA({
      strategies: "injectManifest",
      srcDir: "src",
      filename: "sw.ts",
      // Names of emoji are fetched when somebody looks for one, and kept from then on (`sw/files.ts`).
      injectManifest: {
        buildPlugins: { vite: [classicWorker()] },
        globIgnores: ["assets/compact-*"],
        globPatterns: ["assets/**/*.{js,css,woff2}", "icons/{icon.svg,icon-192.png,badge-96.png}"],
      },
      manifest: false, // written by hand: public/manifest.webmanifest
      injectRegister: false, // the app registers it, under a Trusted Types policy
      devOptions: { enabled: false },
    }),
    firstPaint(),
    checkFirstLoad({ maxBytes: 150_000 }),
    compressAssets(),
  ],
  build: {
    outDir,
    emptyOutDir: true,
    assetsInlineLimit: 0, // nothing inline: the Content-Security-Policy allows files of our own
    modulePreload: { polyfill: false },
    // Packages change seldom: what a browser has kept of them survives new versions of the app. All else that the first
    // load needs is one file, which compresses better than several. What is loaded later shares files of its own.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "packages", test: (id) => id.includes("/node_modules/") && firstLoad.has(id) },
            { name: "app", test: (id) => firstLoad.has(id) },
          ],
        },
      },
    },
    reportCompressedSize: false, // checkFirstLoad says what counts
  },
  server: {
    proxy: {
      "/api": server,
      "/app": server,
      "/demo": server,
      "/socket.io": { target: server, ws: true },
    },
  },
  test: {
    // A busy machine is no fault of what is tested.
    testTimeout: 30_000,
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}", "scripts/**/*.test.ts"],
    restoreMocks: true,
    unstubGlobals: true,
  },
});
