// What is told of rate limits before a request is sent: which count it, what is left, and that telling takes nothing.
import { expect, test } from "vitest";
import { snapshotOf } from "../../../test/support/gateway.ts";
import { Exchange } from "../exchange.ts";
import { read } from "../body/read.ts";
import { loneLimits } from "../limits/lone-limits.ts";
import { match } from "../match-request.ts";
import { testSurroundings } from "../runtime-fixture.ts";
import { TimerWheel } from "../../lib/timer-wheel.ts";
import { explainLimits } from "./explain-limits.ts";
import { imaginedCall } from "./imagined-call.ts";
import { createReadingPlan } from "./reading-plan.ts";

const rateLimits = [
  { name: "wide", by: "api", metric: "requests", limit: 10, window: "minute" },
  { name: "tight", by: "model", metric: "tokens", limit: 50, window: "day" },
  { name: "seen", by: "api", metric: "concurrency", limit: 0, dryRun: true },
  { name: "others", by: "header", key: "x-team", metric: "requests", limit: 0, window: "day" },
];

async function tell(limits: readonly object[], body: object) {
  const surroundings = testSurroundings();
  const { clock } = surroundings;
  const snapshot = snapshotOf({
    services: [{ name: "a", provider: "openai", apiKeys: [{ name: "main", value: "sk-0123456789abcdef" }] }],
    modelApis: [
      {
        name: "chat",
        useCase: "text-generation",
        protocols: ["openai"],
        modelService: { mode: "single", target: { service: "a" } },
        rateLimits: limits,
      },
    ],
  });
  const call = imaginedCall({
    method: "POST",
    path: "/v1/chat/completions",
    headers: ["host", "localhost"],
    body: JSON.stringify(body),
  });
  const times = { monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() };
  const exchange = new Exchange(call, createReadingPlan(snapshot, surroundings), "", times);
  const matched = match(exchange, call, exchange.plan);
  if (matched === null) throw new Error("the health check was asked");
  await read(exchange, matched, { wheel: new TimerWheel(() => 0), spoolFolder: "", clock });
  const store = loneLimits(() => clock.monotonicMs());
  await explainLimits(exchange, matched, store);
  return explainLimits(exchange, matched, store);
}

test.each([
  ["passes", 10, "passed", undefined],
  ["would be refused", 1_000, "refused", "rate_limited"],
])("of a request that %s", async (_, maxTokens, verdict, code) => {
  const told = await tell(rateLimits, { model: "m", max_tokens: maxTokens, messages: [] });
  expect(told?.policy).toMatchObject({ name: "rate limits", verdict });
  const [wide, tight, seen, ...others] = told?.policy.reason.split("; ").toSorted().toReversed() ?? [];
  expect(wide).toBe('"wide" has 10 of 10 requests left and this request takes 1');
  expect(tight).toContain("50 of 50 tokens left");
  expect(seen).toBe(
    '"seen" has 0 of 0 concurrency left and this request takes 1, only counted: it would refuse',
  );
  expect(others).toEqual([]);
  expect(told?.error?.code).toBe(code);
});

test("of a request that no limit counts, and of none where there are none", async () => {
  const told = await tell(rateLimits.slice(3), { model: "m", messages: [] });
  expect(told?.policy).toMatchObject({ verdict: "passed", reason: "no rate limit counts this request" });
  expect(await tell([], { model: "m", messages: [] })).toBeNull();
});
