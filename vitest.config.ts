import { defineConfig } from "vitest/config";

const browser = "test/browser/**/*.test.ts";

export default defineConfig({
  test: {
    // Nets under what hangs, and nothing more: the machine may be small and busy, and its disk may stand still.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: "program",
          include: [
            "src/**/*.test.ts",
            "test/**/*.test.ts",
            "lint/**/*.test.ts",
            "docs/**/*.test.ts",
            "bench/**/*.test.ts",
            "console/src/**/*.test.{ts,tsx}",
          ],
          exclude: ["**/node_modules/**", browser],
          sequence: { groupOrder: 0 },
        },
      },
      {
        // After all others: a browser takes every core, and others look at moments of some milliseconds.
        extends: true,
        test: { name: "browser", include: [browser], sequence: { groupOrder: 1 } },
      },
    ],
  },
});
