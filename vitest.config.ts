import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "src/**/*.test.ts",
      "test/**/*.test.ts",
      "lint/**/*.test.ts",
      "docs/**/*.test.ts",
      "bench/**/*.test.ts",
      "console/src/**/*.test.{ts,tsx}",
    ],
    // A limit on what hangs: journeys in a browser are long, and the machine may be busy.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
