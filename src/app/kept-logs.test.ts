// What the log thread is told of what is to be kept.
import { afterEach, beforeEach, expect, test } from "vitest";
import { openConfiguration } from "../control/configuration-fixture.ts";
import type { ConfigurationFixture } from "../control/configuration-fixture.ts";
import { createObject, patchObject } from "../control/objects.ts";
import { createOperationalLog } from "../telemetry/operational-log.ts";
import { defaultLogSettings } from "../telemetry/log-state.ts";
import { followKeptLogs, keptLogs } from "./kept-logs.ts";

let fixture: ConfigurationFixture;
beforeEach(async () => {
  fixture = await openConfiguration();
});
afterEach(() => fixture.close());

test("what nobody has configured is the same in the schema and in the store", () => {
  expect(keptLogs(fixture.configuration)).toEqual(defaultLogSettings);
});

test("without a configuration nothing is old or too much", () => {
  const { retentionDays, maxRecords, maxBytes } = keptLogs(undefined);
  expect(retentionDays).toBeGreaterThan(3_650);
  expect(Math.min(maxRecords, maxBytes)).toBe(Number.MAX_SAFE_INTEGER);
});

test("the thread hears of every change of it, of no other, and a failure is said", async () => {
  const told: unknown[] = [];
  let lines = "";
  const log = createOperationalLog({
    level: "error",
    target: { write: (text: string) => (lines += text) },
    wallMs: () => 0,
  });
  const port = {
    ask: (_kind: string, ask: unknown) => {
      told.push(ask);
      return Promise.reject(new Error("it is being started"));
    },
  };
  followKeptLogs(fixture.configuration, port, log);
  const target = { kind: "instances", name: "default", by: "test" } as const;
  const patch = (body: Readonly<Record<string, unknown>>) => patchObject(fixture.configuration, target, body);
  await createObject(
    fixture.configuration,
    { kind: "services", by: "test" },
    { name: "s", provider: "simulator" },
  );
  await patch({ region: "eu" });
  await patch({ logs: { retentionDays: 90 } });
  await patch({ region: "us" });
  expect(told).toEqual([{ ...defaultLogSettings, retentionDays: 90 }]);
  await expect.poll(() => lines).toContain("log-thread-failed");
});
