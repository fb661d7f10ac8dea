import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { testMemory, testService, testSurroundings } from "../gateway/runtime-fixture.ts";
import { targetRow } from "../gateway/targets/row-names.ts";
import { learntOf } from "../gateway/targets/target-memory.ts";
import { SharedRows } from "../lib/shared-rows.ts";
import type { OperationalLog } from "../telemetry/operational-log.ts";
import { LearntTargets } from "./learnt-targets.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "learnt-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const nowMs = 1_700_000_000_000;
const service = testService();
const name = targetRow(service.config, "m");

function open(wallMs = nowMs) {
  const warnings: string[] = [];
  const log = { warn: (event: string) => warnings.push(event) } as Partial<OperationalLog> as OperationalLog;
  const file = join(folder, "targets.json");
  return { file, warnings, opened: LearntTargets.open({ file, wallMs: () => wallMs, log }) };
}

/** Memory in which the target has answered once, after 300 ms. */
function measuredMemory() {
  const surroundings = { ...testSurroundings(), shared: testMemory() };
  const { clock, shared } = surroundings;
  const state = testService({}, surroundings).target("m");
  const send = state.observe(clock.nowMs, { promptTokens: 10, stream: true, trial: false });
  clock.nowMs += 300;
  send.firstData(clock.nowMs);
  send.succeeded(clock.nowMs, null);
  const names = new Map([
    [name, shared.rowOf(name)],
    ["service s", shared.rowOf("service s")],
  ]);
  return { ...shared, names };
}

describe("what was learnt of targets", () => {
  test("is given back to the target's row after a restart, once", async () => {
    const memory = measuredMemory();
    await (await open().opened).save(memory);
    const { opened, warnings } = open(nowMs + 3_600_000);
    const next = await opened;
    const rows = new SharedRows(SharedRows.allocate(4));
    next.restore(name, rows, 2);
    expect(learntOf(rows, 2)).toEqual(learntOf(memory.rows, memory.rowOf(name)));
    next.restore(name, rows, 3);
    expect(learntOf(rows, 3)).toBeUndefined();
    expect(warnings).toEqual([]);
  });

  test.each<[what: string, change: (text: string) => string, ageMs: number, warned: boolean]>([
    ["older than a day", (text) => text, 25 * 3_600_000, false],
    ["of another version", (text) => text.replace('"version":1', '"version":2'), 0, false],
    ["cut off", (text) => text.slice(0, -10), 0, true],
    ["not an object", () => "null", 0, true],
    ["full of odd numbers", (text) => text.replace(/"latency":[^,]*/u, '"latency":"x"'), 0, false],
  ])("is left out when the file is %s", async (_what, change, ageMs, warned) => {
    const memory = measuredMemory();
    const first = open();
    await (await first.opened).save(memory);
    await writeFile(first.file, change(await readFile(first.file, "utf8")));
    const { opened, warnings } = open(nowMs + ageMs);
    const rows = new SharedRows(SharedRows.allocate(4));
    (await opened).restore(name, rows, 2);
    expect(learntOf(rows, 2)).toBeUndefined();
    expect(warnings).toEqual(warned ? ["learnt-targets-not-read"] : []);
  });

  test("a first start finds nothing and says nothing", async () => {
    const { opened, warnings } = open();
    await opened;
    expect(warnings).toEqual([]);
  });

  test("a folder that cannot be written is reported", async () => {
    const { opened, warnings } = open();
    const learnt = await opened;
    await rm(folder, { recursive: true });
    await learnt.save(measuredMemory());
    expect(warnings).toEqual(["learnt-targets-not-written"]);
  });
});
