import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/**
 * The library: one file and one style sheet, with all in them but React, of which a page has one copy, and the names of emoji,
 * which a page loads when somebody looks for one.
 */
export default defineConfig({
  plugins: [react()],
  publicDir: false,
  build: {
    outDir: "dist-lib",
    // The first that know light-dark() themselves: a stand-in for it would not follow the colours of the host's page.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    lib: { entry: "src/library.ts", formats: ["es"], fileName: "library", cssFileName: "style" },
    // What is loaded on demand in the app is in the one file, too: cut apart, the styles would lose their order.
    rolldownOptions: { external: [/^react(-dom)?($|\/)/, /^emojibase-data\//], output: { codeSplitting: false } },
  },
});
