// What a request pays for limits: taken and settled, by how many there are. Run: npx vitest bench bench/micro/limits.bench.ts
import { describe, test } from "vitest";
import { allocateLimits, loneRoom } from "../../src/gateway/limits/limit-memory.ts";
import type { LimitAsk } from "../../src/gateway/limits/limit-store.ts";
import { SharedLimits } from "../../src/gateway/limits/shared-limits.ts";

const buffer = allocateLimits(loneRoom);
const limits = new SharedLimits({ buffer, column: 0, nowMs: () => performance.now() });

describe.each([1, 4])("%i limits", (count) => {
  const asks = Array.from({ length: count }, (_, number): LimitAsk => ({
    key: `limit ${number}`,
    lasting: true,
    window: { kind: "sliding", ms: 60_000 },
    limit: Number.MAX_SAFE_INTEGER,
    amount: 100,
    dryRun: false,
  }));

  test("taken and settled", async ({ bench }) => {
    await bench("take and settle", () => {
      const verdict = limits.take(asks, 0);
      if (verdict.passed) verdict.hold.settle(() => 30);
    }).run();
  });
});
