import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { compression } from "vite-plugin-compression2";

/**
 * Schemas of the contracts that no page uses are left out; else each pure function beside one brings the whole schema
 * library, which tries `eval` when it starts and so violates the content security policy.
 */
export const rolldownOptions = { treeshake: { manualPureFunctions: ["z"] } };

/** Where `npm run dev` finds the service. */
const service = process.env["ESPALIER_DEV_URL"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react(), compression({ algorithms: ["gzip", "brotliCompress"], threshold: 1024 })],
  build: {
    outDir: "dist/app",
    // Inlined files would need exceptions in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    rolldownOptions,
  },
  server: {
    proxy: Object.fromEntries(
      ["/v1", "/version", "/readyz", "/openapi.json", "/docs"].map((path) => [path, { target: service }]),
    ),
  },
});
