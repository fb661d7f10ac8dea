// A question with more groups than it may hold looks twice, and tells the same.
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { plausibleRecords } from "../../../test/support/plausible-records.ts";
import type { MetricName } from "../../core/metric-names.ts";
import type { MetricAnswer, MetricSelection } from "../metrics-answers.ts";
import { foldRollups, rollupSchema, writeParts } from "./rollup-parts.ts";
import { RollupReader } from "./rollup-reader.ts";
import { Rollups } from "./rollups.ts";

const nowMs = Date.UTC(2030, 0, 8, 12, 7, 35);
const dayMs = 86_400_000;

const names: readonly MetricName[] = [
  "requests",
  "request_rate",
  "success_rate",
  "failed",
  "total_tokens",
  "cost_usd",
  "limited",
  "attempts",
  "duration_p95",
  "ttft_p50",
  "output_speed_p50",
];
const groupings: readonly MetricSelection["groupBy"][] = [[], ["api"], ["consumer", "requestedModel"]];

/** Some folded, some as they came, some not written yet. */
function answersWith(roomForGroups?: number): readonly MetricAnswer[] {
  const db = new DatabaseSync(":memory:");
  db.exec(rollupSchema);
  const hours = new DatabaseSync(":memory:");
  hours.exec(rollupSchema);
  const open = new Rollups({ wallMs: () => nowMs });
  const plan = { seed: 7, count: 2_000, fromMs: nowMs - 7 * dayMs, toMs: nowMs, apis: 6, consumers: 9 };
  for (const [index, record] of [...plausibleRecords(plan)].entries()) {
    open.add(record, Date.parse(record.time) + record.durationMs);
    if (index % 300 === 0) writeParts(db, open.takeParts());
    if (index === 1_000) foldRollups(db, nowMs);
  }
  const reader = new RollupReader({
    partitions: () => [db],
    hours,
    open,
    wallMs: () => nowMs,
    caughtUp: () => true,
    ...(roomForGroups === undefined ? {} : { roomForGroups }),
  });
  const selections = groupings.flatMap((groupBy) =>
    names.map((name) => ({ name, groupBy, top: 3, filters: [] })),
  );
  return reader.metrics({ fromMs: nowMs - 7 * dayMs, toMs: nowMs, stepMs: null, filters: [], selections })
    .metrics;
}

/** Money is added up in another order. */
function rounded(answers: readonly MetricAnswer[]): unknown {
  return answers.map(({ name, series }) => ({
    name,
    series: series.map(({ labels, other, values, total }) => ({
      labels,
      other,
      values: values.map((value) => value?.toFixed(9)),
      total: total?.toFixed(9),
    })),
  }));
}

const spacious = answersWith();

test.each([
  ["none", 0],
  ["some of the groups", 3_000],
  ["some of the selections", 40_000],
])("with room for %s, every series is that of a question with room for all", (_name, room) => {
  expect(spacious.filter(({ series }) => series.some(({ other }) => other))).toHaveLength(2 * names.length);
  expect(rounded(answersWith(room))).toEqual(rounded(spacious));
});
