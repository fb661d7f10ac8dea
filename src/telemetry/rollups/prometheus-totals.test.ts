import { describe, expect, test } from "vitest";
import { recordOf } from "../../../test/support/exchange-record.ts";
import { plausibleRecords } from "../../../test/support/plausible-records.ts";
import {
  parsePrometheus,
  type PrometheusFamily,
  type PrometheusSample,
} from "../../../test/support/prometheus-parser.ts";
import type { ExchangeRecord } from "../../core/exchange-record.ts";
import { prometheusText } from "../prometheus-text.ts";
import { Rollups } from "./rollups.ts";

const nowMs = Date.UTC(2030, 0, 8, 12);
const hourMs = 3_600_000;

const endOf = ({ time, durationMs }: ExchangeRecord): number => Date.parse(time) + durationMs;

function countedFrom(records: Iterable<ExchangeRecord>, countedSinceMs = 0): Rollups {
  const rollups = new Rollups({ wallMs: () => nowMs, countedSinceMs });
  for (const record of records) rollups.add(record, endOf(record));
  return rollups;
}

type Families = ReadonlyMap<string, PrometheusFamily>;

const familiesOf = (rollups: Rollups): Families => parsePrometheus(prometheusText(rollups.families()));

function samplesOf(families: Families, family: string, suffix = ""): readonly PrometheusSample[] {
  const found = families.get(family);
  if (found === undefined) throw new Error(`${family} is missing`);
  return found.samples.filter(({ name }) => name === family + suffix);
}

const sumOf = (samples: readonly PrometheusSample[]): number =>
  samples.reduce((sum, { value }) => sum + value, 0);

const records = [...plausibleRecords({ seed: 3, count: 5_000, fromMs: nowMs - 5 * hourMs, toMs: nowMs })];
const counted = familiesOf(countedFrom(records));

describe("every metric is what the records say", () => {
  const sent = records.filter(({ service }) => service !== "");
  const streams = sent.filter(({ stream, ttftMs }) => stream && ttftMs !== null);
  const attempts = records.flatMap((record) => record.attempts);

  test.each<[family: string, suffix: string, expected: number]>([
    ["moongate_requests_total", "", records.length],
    ["moongate_request_duration_seconds", "_count", records.length],
    [
      "moongate_request_duration_seconds",
      "_sum",
      records.reduce((sum, one) => sum + one.durationMs / 1000, 0),
    ],
    ["moongate_overhead_seconds", "_count", records.length],
    ["moongate_attempts_total", "", attempts.length],
    ["moongate_fallbacks_total", "", records.filter(({ fallbackFrom }) => fallbackFrom !== "").length],
    ["moongate_limited_total", "", records.filter(({ outcome }) => outcome === "limited").length],
    ["moongate_moderation_total", "", 0],
    ["moongate_cache_total", "", 0],
    ["moongate_cache_saved_tokens_total", "", 0],
    ["moongate_cache_saved_cost_usd_total", "", 0],
    ["moongate_cost_usd_total", "", records.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0)],
    ["gen_ai_server_request_duration_seconds", "_count", sent.length],
    ["gen_ai_server_time_to_first_token_seconds", "_count", streams.length],
    [
      "gen_ai_server_time_per_output_token_seconds",
      "_count",
      streams.filter(({ usage }) => (usage?.outputTokens ?? 0) > 1).length,
    ],
    [
      "gen_ai_client_token_usage",
      "_sum",
      sent.reduce((sum, { usage }) => sum + (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0), 0),
    ],
  ])("%s%s", (family, suffix, expected) => {
    expect(sumOf(samplesOf(counted, family, suffix))).toBeCloseTo(expected, 6);
  });

  test("requests are told apart by all of their labels", () => {
    for (const { labels, value } of samplesOf(counted, "moongate_requests_total").slice(0, 50)) {
      const own = records.filter(
        (record) =>
          record.api === labels["api"] &&
          record.route === labels["route"] &&
          record.service === labels["service"] &&
          record.model === labels["model"] &&
          record.consumer === labels["consumer"] &&
          String(record.stream) === labels["stream"] &&
          String(record.status) === labels["status"] &&
          record.outcome === labels["outcome"],
      );
      expect(value).toBe(own.length);
    }
  });

  test("attempts by service, outcome and reason", () => {
    for (const { labels, value } of samplesOf(counted, "moongate_attempts_total")) {
      const { service, outcome, reason } = labels;
      const own = attempts.filter(
        (attempt) => attempt.service === service && attempt.outcome === outcome && attempt.reason === reason,
      );
      expect(value).toBe(own.length);
    }
  });

  test("a bucket holds what is at most its bound", () => {
    const within = (bound: number) => records.filter(({ durationMs }) => durationMs / 1000 <= bound).length;
    const buckets = samplesOf(counted, "moongate_request_duration_seconds", "_bucket");
    for (const bound of [0.005, 0.5, 1, 2.5, 600])
      expect(sumOf(buckets.filter(({ labels }) => labels["le"] === String(bound)))).toBe(within(bound));
  });

  test("histograms carry Model API, service, model and stream alone, OpenTelemetry's its own attributes", () => {
    const labelsOf = (family: string) =>
      Object.keys(samplesOf(counted, family, "_sum")[0]?.labels ?? {}).toSorted();
    expect(labelsOf("moongate_request_duration_seconds")).toEqual(["api", "model", "service", "stream"]);
    expect(labelsOf("moongate_overhead_seconds")).toEqual(["api", "model", "service", "stream"]);
    const attributes = ["gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model"];
    expect(labelsOf("gen_ai_server_request_duration_seconds")).toEqual(attributes);
    expect(labelsOf("gen_ai_client_token_usage")).toEqual([...attributes, "gen_ai_token_type"]);
    expect(samplesOf(counted, "gen_ai_client_token_usage", "_sum")[0]?.labels["gen_ai_operation_name"]).toBe(
      "chat",
    );
  });
});

describe("time", () => {
  test("what is taken by a partition, or is of another hour, counts on", () => {
    const rollups = new Rollups({ wallMs: () => nowMs, countedSinceMs: 0 });
    for (const agoMs of [3 * hourMs, 2 * hourMs, 10, 0]) {
      rollups.add(recordOf({}), nowMs - agoMs);
      rollups.takeParts();
    }
    expect(samplesOf(familiesOf(rollups), "moongate_requests_total").map(({ value }) => value)).toEqual([4]);
  });

  test("what ended before the process began does not count", () => {
    const since = nowMs - 2 * hourMs;
    const late = countedFrom(records, since);
    const own = records.filter((record) => endOf(record) >= since);
    expect(own.length).toBeLessThan(records.length);
    expect(sumOf(samplesOf(familiesOf(late), "moongate_requests_total"))).toBe(own.length);
  });
});

describe("names that clients choose", () => {
  const valuesOf = (rollups: Rollups, label: string): Set<string | undefined> =>
    new Set(samplesOf(familiesOf(rollups), "moongate_requests_total").map(({ labels }) => labels[label]));
  const many = (count: number, fields: (index: number) => Partial<ExchangeRecord>): Rollups =>
    countedFrom(
      Array.from({ length: count }, (_, index) =>
        recordOf({ ...fields(index), time: new Date(nowMs).toISOString() }),
      ),
    );

  test("at most 100 models of a Model API become labels, the others are one", () => {
    const rollups = many(250, (index) => ({ model: `m-${index}` }));
    expect(valuesOf(rollups, "model").size).toBe(101);
    const others = samplesOf(familiesOf(rollups), "moongate_requests_total").filter(
      ({ labels }) => labels["model"] === "other",
    );
    expect(sumOf(others)).toBe(150);
  });

  test("each Model API has its own hundred", () => {
    const rollups = many(200, (index) => ({
      api: index % 2 === 0 ? "a" : "b",
      service: index % 2 === 0 ? "s" : "t",
      model: `m-${index}`,
    }));
    expect(valuesOf(rollups, "model")).not.toContain("other");
  });

  test("at most 1,000 consumers become labels", () => {
    const rollups = many(1_200, (index) => ({ consumer: `c-${index}` }));
    expect(valuesOf(rollups, "consumer").size).toBe(1_001);
  });

  test("the bounds hold for the life of the process, whatever the hour", () => {
    const rollups = new Rollups({ wallMs: () => nowMs, countedSinceMs: 0 });
    for (let hour = 0; hour < 5; hour += 1)
      for (let index = 0; index < 60; index += 1)
        rollups.add(recordOf({ model: `m-${hour}-${index}` }), nowMs + hour * hourMs);
    expect(valuesOf(rollups, "model").size).toBe(101);
    expect(sumOf(samplesOf(familiesOf(rollups), "moongate_requests_total"))).toBe(300);
  });

  test("a name that holds anything stays one label", () => {
    const model = 'q"w\\e\nn,le="1"} 5';
    const rollups = many(1, () => ({ model }));
    expect(valuesOf(rollups, "model")).toEqual(new Set([model]));
  });
});
