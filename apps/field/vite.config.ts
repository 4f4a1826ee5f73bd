import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const source = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export default defineConfig({
  base: "/field/",
  plugins: [react()],
  // Our own libraries are read from source, so that nothing is built before the app; the condition of that name also exists elsewhere.
  resolve: {
    alias: {
      "@atalaya/geodesy": source("packages/geodesy/src/index.ts"),
      "@atalaya/protocol": source("packages/protocol/src/index.ts"),
      "@atalaya/words": source("packages/words/src/index.ts"),
      "@atalaya/web/marks": source("web/src/marks.tsx"),
      "@atalaya/web": source("web/src"),
    },
  },
  // Inlined assets would need a wider content security policy.
  build: { outDir: "build/web", assetsInlineLimit: 0, chunkSizeWarningLimit: 2000, target: "es2022", modulePreload: { polyfill: false } },
  worker: { format: "es" },
});
