import { defineConfig } from "vitest/config";

const browser = "test/browser/**/*.test.ts";

export default defineConfig({
  test: {
    // A limit on what hangs: journeys in a browser are long, and the machine may be busy.
    testTimeout: 60_000,
    hookTimeout: 60_000,
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
