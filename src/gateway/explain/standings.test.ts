import { expect, test } from "vitest";
import { testService, testSurroundings } from "../runtime-fixture.ts";
import type { ServiceRuntime } from "../targets/service-runtime.ts";
import { standingsOf } from "./standings.ts";

const key = (name: string) => ({ name, value: `value-of-${name}-0123456789`, weight: 1 });

function scene(fields: Parameters<typeof testService>[0] = {}) {
  const surroundings = testSurroundings();
  const { clock } = surroundings;
  const service = testService(fields, surroundings);
  const look = () => standingsOf({ services: new Map([["s", service]]) }, clock);
  const timeAfter = (ms: number) => new Date(clock.wallMs() + ms).toISOString();
  return { clock, service, look, timeAfter };
}

/** Uses the next key and says what became of it. */
function use({ keys }: ServiceRuntime, end: "refused" | "limited" | "worked"): void {
  const picked = keys.pick([]);
  if (picked === undefined) throw new Error("no key to use");
  if (end === "refused") keys.refused(picked);
  else if (end === "limited") keys.rateLimited(picked, 20_000);
  else keys.worked(picked);
}

function fail(service: ServiceRuntime, times: number, nowMs: number): void {
  for (let sent = 0; sent < times; sent += 1)
    service
      .target("m")
      .observe(nowMs, { promptTokens: 1, stream: false, trial: false })
      .failed(nowMs, "upstream-5xx");
}

test("nothing is wrong", () => {
  const { service, look } = scene({ keys: [key("k")] });
  service.enter();
  expect(look()).toEqual({
    services: [{ name: "s", standing: "ready", reason: "", until: null, inFlight: 1, targets: [] }],
    keys: [],
  });
});

test("switched off, or without an enabled key", () => {
  expect(scene({ usable: false }).look().services).toMatchObject([
    { standing: "disabled", reason: "disabled", until: null },
  ]);
});

test("a target is ejected with its times, then tried again, then ready", () => {
  const { service, look, clock, timeAfter } = scene();
  fail(service, 5, clock.nowMs);
  const [ejected] = look().services;
  const until = ejected?.until ?? "";
  expect(ejected).toMatchObject({
    standing: "ejected",
    reason: "upstream-5xx",
    targets: [{ model: "m", standing: "ejected", reason: "upstream-5xx", since: timeAfter(0), until }],
  });
  clock.nowMs += 10_000;
  expect(Date.parse(until)).toBeLessThan(clock.wallMs());
  expect(look().services).toMatchObject([{ standing: "trial", targets: [{ standing: "trial" }] }]);
  const state = service.target("m");
  state.claimTrial(clock.nowMs);
  state
    .observe(clock.nowMs, { promptTokens: 1, stream: false, trial: true })
    .succeeded(clock.nowMs + 5, null);
  expect(look().services).toMatchObject([{ standing: "ready", targets: [] }]);
});

test("one of two keys rests: the service is ready, the key is named without its value", () => {
  const { service, look, timeAfter } = scene({ keys: [key("first"), key("second")] });
  use(service, "limited");
  const told = look();
  expect(told).toMatchObject({
    services: [{ standing: "ready" }],
    keys: [
      { service: "s", key: "first", standing: "resting", reason: "rate_limit", until: timeAfter(20_000) },
    ],
  });
  expect(JSON.stringify(told)).not.toContain("value-of");
});

test("every key rests: so does the service, until the first comes back", () => {
  const { service, look, clock, timeAfter } = scene({ keys: [key("first"), key("second")] });
  use(service, "limited");
  clock.nowMs += 5_000;
  use(service, "limited");
  expect(look().services).toMatchObject([
    { standing: "resting", reason: "rate_limit", until: timeAfter(15_000) },
  ]);
  clock.nowMs += 15_001;
  expect(look()).toMatchObject({ services: [{ standing: "ready" }], keys: [{ key: "second" }] });
});

test("a refused key stays one after its rest, until it works again", () => {
  const { service, look, clock } = scene({ keys: [key("k")] });
  use(service, "refused");
  expect(look()).toMatchObject({
    services: [{ standing: "refused", reason: "credentials" }],
    keys: [{ key: "k", standing: "refused", reason: "credentials" }],
  });
  clock.nowMs += 700_000;
  expect(look()).toMatchObject({ services: [{ standing: "ready" }], keys: [{ standing: "refused" }] });
  use(service, "worked");
  expect(look().keys).toEqual([]);
});
