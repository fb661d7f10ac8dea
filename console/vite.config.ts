// How the console is bundled: hashed files, and beside each text file its brotli and gzip forms for the control plane.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** Below this a compressed form saves nothing worth a lookup. */
const leastCompressedBytes = 512;

/** Writes `name.br` and `name.gz` beside each asset that shrinks. */
function precompress(): Plugin {
  let folder = "";
  return {
    name: "precompress",
    apply: "build",
    configResolved: (config) => {
      folder = join(resolve(config.root, config.build.outDir), config.build.assetsDir);
    },
    closeBundle: () => {
      for (const name of readdirSync(folder)) {
        if (!/\.(?:js|css|svg|json)$/u.test(name)) continue;
        const bytes = readFileSync(join(folder, name));
        if (bytes.length < leastCompressedBytes) continue;
        const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
        writeFileSync(join(folder, `${name}.br`), brotliCompressSync(bytes, { params }));
        writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

const controlPlane = process.env["MOONGATE_ADMIN_URL"] ?? "http://127.0.0.1:8081";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), precompress()],
  build: { outDir: "dist", emptyOutDir: true, target: "es2023", modulePreload: { polyfill: false } },
  // For whoever changes the console: `npm run console` beside a running gateway.
  // Host stays as the browser sent it: changes are taken from pages of the same origin only.
  server: { proxy: { "/api": { target: controlPlane, changeOrigin: false } } },
});
