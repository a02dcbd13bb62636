import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { rolldownOptions } from "./vite.config.js";

/** Script and style of a report: one file each, with everything in them, since a report is opened without a server. */
export default defineConfig({
  plugins: [react()],
  publicDir: false,
  build: {
    outDir: "dist/report",
    assetsInlineLimit: Number.MAX_SAFE_INTEGER,
    cssCodeSplit: false,
    modulePreload: false,
    chunkSizeWarningLimit: 4000,
    rolldownOptions: {
      ...rolldownOptions,
      input: "src/report/main.tsx",
      output: { codeSplitting: false, entryFileNames: "report.js", assetFileNames: "report[extname]" },
    },
  },
});
