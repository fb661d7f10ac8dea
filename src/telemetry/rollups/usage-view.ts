// Cells -> what was used and what it cost, by what the question tells apart. Pure.
import type { UsageAnswer, UsageDimension, UsageQuery, UsageRow } from "../metrics-answers.ts";
import type { CellColumns } from "./cell-codec.ts";
import { sumIndex, type CellSum } from "./cell-layout.ts";
import type { Span } from "./part-source.ts";
import { RowFilter, RowGroups } from "./row-filter.ts";

const maxRows = 1_000;

type UsageCounts = Omit<UsageRow, "labels">;

const sumOfCount: Readonly<Record<keyof UsageCounts, CellSum>> = {
  requests: "requests",
  estimatedRequests: "estimated",
  inputTokens: "inputTokens",
  cachedInputTokens: "cachedInputTokens",
  cacheWriteTokens: "cacheWriteTokens",
  outputTokens: "outputTokens",
  reasoningTokens: "reasoningTokens",
  images: "images",
  seconds: "seconds",
  characters: "characters",
  costUsd: "costUsd",
};

// Its keys are the row's by its type.
const countNames = Object.keys(sumOfCount) as (keyof UsageCounts)[];

export function viewUsage(
  { groupBy, filters }: UsageQuery,
  parts: Iterable<CellColumns>,
  span: Span,
): Pick<UsageAnswer, "items" | "total"> {
  const filter = new RowFilter(filters, span);
  const groupings = groupBy.map((dimension) => new RowGroups([dimension]));
  const byName = new Map<string, { readonly labels: UsageRow["labels"]; readonly sums: Float64Array }>();
  const total = new Float64Array(countNames.length);
  for (const columns of parts) {
    const rows = filter.rowsOf(columns);
    const groups = groupings.map((grouping) => grouping.groupsOf(columns, rows));
    const read = countNames.map((name) => columns.sum(sumIndex[sumOfCount[name]]));
    for (const [at, row] of rows.entries()) {
      const numbers = groups.map((group) => group[at] ?? 0);
      const name = numbers.join(" ");
      let found = byName.get(name);
      if (found === undefined) {
        const labels = labelsOf(groupBy, groupings, numbers);
        byName.set(name, (found = { labels, sums: new Float64Array(countNames.length) }));
      }
      for (const [index, column] of read.entries()) {
        const amount = column?.[row] ?? 0;
        if (amount === 0) continue;
        found.sums[index] = (found.sums[index] ?? 0) + amount;
        total[index] = (total[index] ?? 0) + amount;
      }
    }
  }
  const items = [...byName.values()]
    .map(({ labels, sums }) => rowOf(labels, sums))
    .toSorted(
      (one, other) =>
        other.costUsd - one.costUsd || tokensOf(other) - tokensOf(one) || other.requests - one.requests,
    )
    .slice(0, maxRows);
  return { items, total: rowOf({}, total) };
}

function labelsOf(
  groupBy: readonly UsageDimension[],
  groupings: readonly RowGroups[],
  numbers: readonly number[],
): UsageRow["labels"] {
  return Object.fromEntries(
    groupBy.map((dimension, index) => [dimension, groupings[index]?.labels[numbers[index] ?? 0]?.[0] ?? ""]),
  );
}

function rowOf(labels: UsageRow["labels"], sums: Float64Array): UsageRow {
  // One entry for each name of the row.
  const counts = Object.fromEntries(countNames.map((name, index) => [name, sums[index] ?? 0])) as Record<
    keyof UsageCounts,
    number
  >;
  return { labels, ...counts };
}

function tokensOf({ inputTokens, outputTokens }: UsageRow): number {
  return inputTokens + outputTokens;
}
