import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  // Our own libraries are read from source, so that nothing is built before the console; the condition of that name also exists elsewhere.
  resolve: {
    alias: {
      "@atalaya/geodesy": fileURLToPath(new URL("../../packages/geodesy/src/index.ts", import.meta.url)),
      "@atalaya/web": fileURLToPath(new URL("../../web/src", import.meta.url)),
      "@atalaya/protocol": fileURLToPath(new URL("../../packages/protocol/src/index.ts", import.meta.url)),
    },
  },
  // Inlined assets would need a wider content security policy.
  build: { outDir: "build/web", assetsInlineLimit: 0, chunkSizeWarningLimit: 2000, target: "es2023", modulePreload: { polyfill: false } },
  worker: { format: "es" },
});
