// Searches over a store against the same search written as plainly as can be: every filter, facet, histogram and page.
import { expect, test } from "vitest";
import fc from "fast-check";
import { recordOf } from "../../../test/support/exchange-record.ts";
import type { ExchangeRecord } from "../../core/exchange-record.ts";
import type {
  LogFacetField,
  LogFilter,
  LogFlagField,
  LogNumberField,
  LogQuery,
  LogTextField,
} from "../log-answers.ts";
import { isRefusal, isSuccess } from "../success.ts";
import { noonMs, storeFixture, uuid, wholeQuery } from "../../../test/support/log-store.ts";

const names = ["a", "ab", "b", "", "c*", "ünï", "x".repeat(20)];
const name = fc.constantFrom(...names);
const attempt = fc
  .record({ service: name, model: name, reason: fc.constantFrom("", "timeout", "upstream-5xx") as never })
  .map((fields) => ({
    key: "k",
    startedAt: new Date(noonMs).toISOString(),
    status: 200,
    outcome: "ok" as const,
    detail: "",
    ttftMs: null,
    durationMs: 1,
    nextAction: "none" as const,
    ...(fields as { service: string; model: string; reason: "" }),
  }));
const milliseconds = fc.oneof(
  fc.integer({ min: 0, max: 5_000 }),
  fc.integer({ min: 0, max: 5_000_000 }).map((thousandths) => thousandths / 1_000),
);

const records: fc.Arbitrary<ExchangeRecord[]> = fc
  .array(
    fc.record({
      startMs: fc.integer({ min: noonMs - 5_000, max: noonMs + 5_000 }),
      api: name,
      route: name,
      consumer: name,
      path: name,
      requestedModel: name,
      service: name,
      model: name,
      status: fc.constantFrom(200, 400, 429, 500, 503),
      outcome: fc.constantFrom("ok", "timeout", "truncated") as fc.Arbitrary<ExchangeRecord["outcome"]>,
      attempts: fc.array(attempt, { maxLength: 3 }),
      stream: fc.boolean(),
      fallbackFrom: fc.constantFrom("", "s"),
      ttftMs: fc.option(milliseconds),
      durationMs: milliseconds,
      tokens: fc.option(fc.integer({ min: 0, max: 100_000 })),
      estimated: fc.boolean(),
      costUsd: fc.option(fc.double({ min: 0, max: 10, noNaN: true, noDefaultInfinity: true })),
      mode: fc.option(fc.constantFrom("single", "by-model")),
      signals: fc.option(fc.constantFrom("mlt", "m", "l", "mt")),
      otherTrace: fc.boolean(),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((all) => all.map(recordFrom));

interface Drawn {
  readonly startMs: number;
  readonly tokens: number | null;
  readonly estimated: boolean;
  readonly mode: string | null;
  readonly signals: string | null;
  readonly otherTrace: boolean;
}

function recordFrom(drawn: Drawn & Omit<Partial<ExchangeRecord>, "signals">, index: number): ExchangeRecord {
  const { startMs, tokens, estimated, mode, signals, otherTrace, ...fields } = drawn;
  return recordOf({
    ...fields,
    requestId: uuid(index),
    traceId: otherTrace ? "t".repeat(index % 5) : uuid(index).replaceAll("-", ""),
    time: new Date(startMs).toISOString(),
    decision: mode === null ? null : { mode, reason: "", candidates: [] },
    usage:
      tokens === null
        ? null
        : {
            inputTokens: tokens,
            outputTokens: tokens * 2,
            cachedInputTokens: 0,
            cacheWriteTokens: 0,
            reasoningTokens: tokens,
            estimated,
          },
    ...(signals === null ? {} : { signals }),
  });
}

const textFields: readonly LogTextField[] = [
  "requestId",
  "traceId",
  "api",
  "route",
  "consumer",
  "path",
  "requestedModel",
  "service",
  "model",
  "outcome",
  "mode",
  "reason",
];
const numberFields: readonly LogNumberField[] = [
  "status",
  "attempts",
  "ttftMs",
  "durationMs",
  "inputTokens",
  "reasoningTokens",
  "costUsd",
];
const flagFields: readonly LogFlagField[] = ["stream", "fallback", "estimated", "recorded"];

const pattern = fc.constantFrom(
  ...names,
  "*",
  "a*",
  "?",
  "*b",
  "time*",
  "upstream-5xx",
  uuid(3),
  "0*3",
  "t*",
);
const bound = fc.option(fc.oneof(milliseconds, fc.constantFrom(200, 499, 500, 0, 1, 2)));
const filter: fc.Arbitrary<LogFilter> = fc.oneof(
  fc.record({
    kind: fc.constant("text" as const),
    field: fc.constantFrom(...textFields),
    not: fc.boolean(),
    values: fc.array(pattern, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant("number" as const),
    field: fc.constantFrom(...numberFields),
    not: fc.boolean(),
    ranges: fc.array(fc.tuple(bound, bound), { minLength: 1, maxLength: 2 }),
  }),
  fc.record({
    kind: fc.constant("flag" as const),
    field: fc.constantFrom(...flagFields),
    value: fc.boolean(),
  }),
);

function textsOf(record: ExchangeRecord, field: LogTextField): readonly string[] {
  const several = (...texts: readonly string[]) => {
    const some = [...new Set(texts)].filter((text) => text !== "");
    return some.length === 0 ? [""] : some;
  };
  const { attempts } = record;
  switch (field) {
    case "service":
      return several(record.service, ...attempts.map(({ service }) => service));
    case "model":
      return several(record.requestedModel, record.model, ...attempts.map(({ model }) => model));
    case "reason":
      return several(...attempts.map(({ reason }) => reason));
    case "mode":
      return [record.decision?.mode ?? ""];
    case "moderation":
      return several(...record.moderation.map(({ action }) => action));
    case "moderationCheck":
      return several(...record.moderation.map(({ check }) => check));
    case "moderationLabel":
      return several(...record.moderation.map(({ label }) => label));
    default:
      return [record[field]];
  }
}

function numberOf(record: ExchangeRecord, field: LogNumberField): number | null {
  switch (field) {
    case "attempts":
      return record.attempts.length;
    case "inputTokens":
    case "outputTokens":
    case "cachedInputTokens":
    case "reasoningTokens":
      return record.usage?.[field] ?? null;
    default:
      return record[field];
  }
}

function flagOf(record: ExchangeRecord, field: LogFlagField): boolean {
  switch (field) {
    case "stream":
      return record.stream;
    case "fallback":
      return record.fallbackFrom !== "";
    case "estimated":
      return record.usage?.estimated ?? false;
    case "recorded":
      return false;
  }
}

function glob(text: string): RegExp {
  const source = text
    .replaceAll(/[.+^${}()|[\]\\]/gu, String.raw`\$&`)
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "su");
}

function fits(record: ExchangeRecord, each: LogFilter): boolean {
  switch (each.kind) {
    case "flag":
      return flagOf(record, each.field) === each.value;
    case "text": {
      const texts = textsOf(record, each.field);
      return each.values.some((value) => texts.some((text) => glob(value).test(text))) !== each.not;
    }
    case "number": {
      const value = numberOf(record, each.field);
      const within =
        value !== null &&
        each.ranges.some(([from, to]) => value >= (from ?? -Infinity) && value <= (to ?? Infinity));
      return within !== each.not;
    }
  }
}

function naive(all: readonly ExchangeRecord[], { filters, fromMs, toMs }: LogQuery): ExchangeRecord[] {
  return all
    .filter((record) => record.signals === undefined || record.signals.includes("l"))
    .filter(({ time }) => Date.parse(time) >= (fromMs ?? -Infinity) && Date.parse(time) < (toMs ?? Infinity))
    .filter((record) => filters.every((each) => fits(record, each)))
    .toSorted((left, right) =>
      left.time === right.time
        ? left.requestId < right.requestId
          ? 1
          : -1
        : left.time < right.time
          ? 1
          : -1,
    );
}

const facetFields: readonly LogFacetField[] = [
  "api",
  "service",
  "model",
  "reason",
  "status",
  "stream",
  "consumer",
];

function naiveFacet(all: readonly ExchangeRecord[], field: LogFacetField): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const record of all) {
    const values =
      field === "status"
        ? [String(record.status)]
        : field === "stream"
          ? [String(record.stream)]
          : textsOf(record, field as LogTextField);
    for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  }
  return counts;
}

const span = fc.option(fc.integer({ min: noonMs - 6_000, max: noonMs + 6_000 }));

test("every query finds the same, newest first, with the same counts", async () => {
  await fc.assert(
    fc.asyncProperty(
      records,
      fc.array(filter, { maxLength: 3 }),
      fc.tuple(span, span),
      fc.integer({ min: 1, max: 7 }),
      async (some, filters, [fromMs, toMs], limit) => {
        const mine = storeFixture();
        try {
          const third = Math.ceil(some.length / 3);
          // Some in a block that is over, some committed, some in memory alone.
          let keeper = mine.open();
          await mine.take(keeper, ...some.slice(0, third));
          keeper = mine.open();
          await mine.take(keeper, ...some.slice(third, 2 * third));
          keeper.commit();
          await mine.take(keeper, ...some.slice(2 * third));
          const query: LogQuery = {
            ...wholeQuery,
            filters,
            fromMs,
            toMs,
            limit,
            facets: facetFields,
            histogramColumns: 5,
          };
          const expected = naive(some, query);
          const items = await mine.walk(keeper, query);
          expect(items.map(({ recorded: _recorded, ...record }) => record)).toEqual(expected);
          const page = await mine.ask(keeper, "logs", query);
          expect(page.total).toBe(expected.length);
          for (const { field, values, others } of page.facets) {
            expect(Object.fromEntries(values.map(({ value, count }) => [value, count]))).toEqual(
              naiveFacet(expected, field),
            );
            expect(others).toBe(0);
          }
          const refused = expected.filter(({ status }) => isRefusal(status)).length;
          const succeeded = expected.filter((each) => isSuccess(each) && !isRefusal(each.status)).length;
          const sum = (counts: readonly number[] = []) => counts.reduce((left, right) => left + right, 0);
          if ((fromMs ?? 0) < (toMs ?? Infinity)) {
            expect(sum(page.histogram?.succeeded)).toBe(succeeded);
            expect(sum(page.histogram?.refused)).toBe(refused);
            expect(sum(page.histogram?.failed)).toBe(expected.length - succeeded - refused);
          }
        } finally {
          await mine.remove();
        }
      },
    ),
    { numRuns: 60 },
  );
});
