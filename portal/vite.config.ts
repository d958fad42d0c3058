import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "/portal/",
  plugins: [react()],
  build: {
    outDir: "../dist/portal",
    emptyOutDir: true,
    // Everything is a file of its own: the policy of the page admits no script and no style within it.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // A test holds what the first page loads against a limit.
    chunkSizeWarningLimit: 1000,
  },
  server: { proxy: { "/v1.0": "http://127.0.0.1:8080", "/portal/config.json": "http://127.0.0.1:8080" } },
});
