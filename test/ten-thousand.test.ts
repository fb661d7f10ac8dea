// Ten thousand exchanges of all protocols, plain and streamed, with faults, fallbacks and clients that leave, through the
// whole program: as many records, and in them what the simulator counted.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AttemptRecord } from "../src/core/exchange-record.ts";
import type { ServedRequest } from "../src/simulator/exchange.ts";
import type { LogItem } from "../src/telemetry/log-answers.ts";
import { countedPrice, CountedProgram, type CountedBase } from "./support/counted-program.ts";
import { longMs } from "./support/gateway-process.ts";
import { planExchanges, sendAll, Sender, type PlannedExchange } from "./support/many-exchanges.ts";

const seed = 20_261_122;
const count = 10_000;
const faults = [
  "status-429",
  "status-500",
  "reset",
  "truncate",
  "malformed-sse",
  "error-in-200",
  "empty",
] as const;

const faulty = faults.map((fault): CountedBase => ({
  name: fault,
  simulator: { fault, failureRate: 0.05 },
  fallback: "steady",
}));

const bases: readonly CountedBase[] = [
  { name: "steady" },
  { name: "slow", simulator: { tokensPerSecond: 200, outputTokens: 1_000 } },
  { name: "late", simulator: { latencyMs: 60_000 } },
  ...faulty,
];

const exchanges = planExchanges({
  seed,
  count,
  bases: ["/steady", ...faulty.map(({ name }) => `/${name}`)],
  slowBase: "/slow",
  lateBase: "/late",
  leavesInTheMiddle: 0.02,
  leavesEarly: 0.02,
});

let program: CountedProgram;
let records: readonly LogItem[];
let byTrace: ReadonlyMap<string, LogItem>;

beforeAll(async () => {
  program = await CountedProgram.start(bases, seed);
  await sendAll(
    exchanges,
    48,
    () => new Sender(program.program.gatewayPort, (trace) => program.untilTaken(trace)),
  );
  records = await program.told.atLeast(count);
  byTrace = new Map(records.map((record) => [record.traceId, record]));
}, longMs);

afterAll(() => program.close());

interface Row {
  readonly exchange: PlannedExchange;
  readonly record: LogItem;
  /** What the simulator counted of the last attempt; undefined when it carried out none. */
  readonly counted: ServedRequest | undefined;
}

function rows(): readonly Row[] {
  return exchanges.map((exchange) => {
    const record = byTrace.get(exchange.traceId);
    if (record === undefined) throw new Error(`exchange ${exchange.number} has no record`);
    return { exchange, record, counted: servedTo(record, record.attempts.at(-1)) };
  });
}

function servedTo({ traceId }: LogItem, attempt: AttemptRecord | undefined): ServedRequest | undefined {
  const span = attempt?.spanId ?? "none";
  return program.served(traceId).find(({ traceparent = "" }) => traceparent.includes(span));
}

/** What failed attempts say to have consumed. */
function failedUsage({ attempts }: LogItem): { readonly input: number; readonly output: number } {
  const sum = (name: "inputTokens" | "outputTokens"): number =>
    attempts.reduce((total, { usage }) => total + (usage?.[name] ?? 0), 0);
  return { input: sum("inputTokens"), output: sum("outputTokens") };
}

const isEstimated = ({ record }: Row): boolean => record.usage?.estimated === true;
const inputOf = ({ record }: Row): number => record.usage?.inputTokens ?? 0;
const outputOf = ({ record }: Row): number => record.usage?.outputTokens ?? 0;
const total = (list: readonly Row[], of: (row: Row) => number): number =>
  list.reduce((sum, row) => sum + of(row), 0);

describe(`${count.toLocaleString("en")} exchanges`, () => {
  test("have one record each, and no other is there", () => {
    expect(records).toHaveLength(count);
    expect(new Set(records.map(({ requestId }) => requestId)).size).toBe(count);
    expect(byTrace.size).toBe(count);
    expect(exchanges.filter(({ traceId }) => !byTrace.has(traceId))).toEqual([]);
  });

  test("met every fault, and every way to leave", () => {
    const outcomes = new Set(records.map(({ outcome }) => outcome));
    expect([...outcomes]).toEqual(expect.arrayContaining(["ok", "client_closed", "truncated"]));
    const fellBack = records.filter(({ fallbackFrom }) => fallbackFrom !== "");
    expect(new Set(fellBack.map(({ fallbackFrom }) => fallbackFrom))).toEqual(new Set(faults));
    expect(rows().filter(isEstimated).length).toBeGreaterThan(100);
  });

  test("that ended well have consumed exactly what the simulator counted", () => {
    for (const { exchange, record, counted } of rows()) {
      if (record.outcome !== "ok") continue;
      expect(record, exchange.request.name).toMatchObject({ usage: { estimated: false } });
      expect(counted, exchange.request.name).toMatchObject({ complete: true });
      const { input, output } = failedUsage(record);
      const said = exchange.request.writes ? (counted?.outputTokens ?? 0) : 0;
      expect(record.usage).toMatchObject({
        inputTokens: (counted?.inputTokens ?? 0) + input,
        outputTokens: said + output,
      });
    }
  });

  test("that failed have consumed nothing, but for what an attempt said", () => {
    for (const { record } of rows()) {
      if (["ok", "client_closed", "truncated"].includes(record.outcome)) continue;
      expect(record.usage).toBeNull();
    }
  });

  test("whose failed attempts said what they had read say no more than was counted", () => {
    const told = records.flatMap((record) =>
      record.attempts.filter(({ usage }) => usage !== undefined).map((attempt) => ({ record, attempt })),
    );
    expect(told.length).toBeGreaterThan(0);
    for (const { record, attempt } of told) {
      const counted = servedTo(record, attempt);
      expect(attempt.usage?.inputTokens).toBe(counted?.inputTokens);
      expect(attempt.usage?.outputTokens).toBeLessThanOrEqual(Math.max(1, counted?.outputTokens ?? 0));
    }
  });

  test("whose usage is estimated are near what was counted: each within a third, all within a fifth", () => {
    const estimated = rows().filter(isEstimated);
    const cut = estimated.filter(({ record }) => record.outcome === "truncated");
    for (const row of estimated) {
      const { exchange, record, counted } = row;
      const { inputTokens: input = 0, outputTokens: output = 0 } = counted ?? {};
      const within = (expected: number): number => Math.max(12, expected / 3);
      expect(Math.abs(inputOf(row) - input), exchange.request.name).toBeLessThanOrEqual(within(input));
      expect(outputOf(row), exchange.request.name).toBeLessThanOrEqual(output + within(output));
      // What was on its way when the client left is nobody's.
      const least = record.outcome === "truncated" ? output - within(output) : 0;
      expect(outputOf(row), exchange.request.name).toBeGreaterThanOrEqual(least);
      if (exchange.behaviour === "leaves in the middle") expect(outputOf(row)).toBeGreaterThan(0);
    }
    const input = total(estimated, ({ counted }) => counted?.inputTokens ?? 0);
    const output = total(cut, ({ counted }) => counted?.outputTokens ?? 0);
    expect(Math.abs(total(estimated, inputOf) - input) / input).toBeLessThan(0.2);
    expect(Math.abs(total(cut, outputOf) - output) / output).toBeLessThan(0.2);
  });

  test("have cost what their tokens cost", () => {
    for (const { usage, costUsd } of records) {
      if (usage === null) expect(costUsd).toBeNull();
      else {
        const { inputTokens, outputTokens } = usage;
        const usd = (inputTokens * countedPrice.input + outputTokens * countedPrice.output) / 1e6;
        expect(costUsd).toBeCloseTo(usd, 11);
      }
    }
  });

  test("are in the metrics as they are in the records", async () => {
    const all = rows();
    expect(await program.told.total("requests")).toBe(count);
    expect(await program.told.total("attempts")).toBe(total(all, ({ record }) => record.attempts.length));
    expect(await program.told.total("input_tokens")).toBe(total(all, inputOf));
    expect(await program.told.total("output_tokens")).toBe(total(all, outputOf));
    const usd = total(all, ({ record }) => record.costUsd ?? 0);
    expect(await program.told.total("cost_usd")).toBeCloseTo(usd, 6);
  });
});
