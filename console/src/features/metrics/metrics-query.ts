// The questions of a view in one request, and its answers by question. Builds the body; knows no panel.
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type {
  MetricAnswer,
  MetricDimension,
  MetricName,
  MetricsAnswer,
} from "../../../../src/control/routes/console-answers.ts";
import { call } from "../../api/client.ts";
import { filterNames, type Filters, type MetricsSearch } from "./metrics-search.ts";
import { previousSpan, spanOf, type TimeSpan } from "./metrics-span.ts";

/** One question. Questions that are alike are asked once. */
export interface Ask {
  readonly name: MetricName;
  readonly groupBy?: readonly MetricDimension[];
  readonly top?: number;
  /** In addition to those of the page. */
  readonly filters?: AskFilters;
}

export type AskFilters = { readonly [Name in MetricDimension]?: readonly string[] };

interface BodyQuery {
  readonly name: MetricName;
  readonly groupBy: readonly MetricDimension[];
  readonly top: number;
  readonly filters: Readonly<Record<string, string>>;
}

const usualTop = 8;

/** A name that holds the signs of a list is taken as a name; patterns are nobody's name here. */
const escaped = (value: string): string => value.replaceAll(/[\\,!]/gu, String.raw`\$&`);

/** As the admin API takes them: any of several. */
export function bodyFilters(filters: AskFilters): Record<string, string> {
  return Object.fromEntries(
    Object.entries(filters).flatMap(([name, values]) =>
      values.length === 0 ? [] : [[name, values.map(escaped).join(",")]],
    ),
  );
}

function bodyQuery({ name, groupBy = [], top = usualTop, filters = {} }: Ask): BodyQuery {
  return { name, groupBy, top, filters: bodyFilters(filters) };
}

const keyOf = (ask: Ask): string => JSON.stringify(bodyQuery(ask));

/** Each question once. */
export function distinct(asks: readonly Ask[]): readonly Ask[] {
  return [...new Map(asks.map((ask) => [keyOf(ask), ask])).values()];
}

/** Finds the answer to a question among those to all of them. */
export type Answers = (ask: Ask) => MetricAnswer;

const unanswered = (ask: Ask): MetricAnswer => ({
  name: ask.name,
  unit: "count",
  groupBy: ask.groupBy ?? [],
  series: [],
});

export function answersOf(asks: readonly Ask[], answer: MetricsAnswer): Answers {
  const found = new Map(distinct(asks).map((ask, index) => [keyOf(ask), answer.metrics[index]]));
  return (ask) => found.get(keyOf(ask)) ?? unanswered(ask);
}

/** Asks about a span. @param stepMs null: chosen by the gateway */
export function askMetrics(
  asks: readonly Ask[],
  { fromMs, toMs }: TimeSpan,
  options: { readonly filters: Filters; readonly stepMs?: number | null; readonly signal?: AbortSignal },
): Promise<MetricsAnswer> {
  const { filters, stepMs = null, signal } = options;
  return call<MetricsAnswer>("POST", "/metrics/query", {
    body: {
      from: fromMs,
      to: toMs,
      ...(stepMs === null ? {} : { step: stepMs / 1_000 }),
      filters: bodyFilters(filters),
      queries: distinct(asks).map(bodyQuery),
    },
    ...(signal === undefined ? {} : { signal }),
  });
}

export interface ViewAnswer {
  readonly now: MetricsAnswer;
  /** Of the same length before; null when it was not asked for. */
  readonly before: MetricsAnswer | null;
}

export function filtersOf(search: MetricsSearch): Filters {
  return Object.fromEntries(
    filterNames.flatMap((name) => (search[name] === undefined ? [] : [[name, search[name]]])),
  );
}

/** Everything that a view shows, asked anew as often as the address says. */
export function viewQuery(asks: readonly Ask[], search: MetricsSearch) {
  const filters = filtersOf(search);
  const { range, from, to, compare = false, refresh } = search;
  const isOwn = from !== undefined;
  return queryOptions({
    queryKey: ["metrics", distinct(asks).map(keyOf), filters, range, from, to, compare],
    queryFn: async ({ signal }): Promise<ViewAnswer> => {
      const span = spanOf(search, Date.now());
      const now = await askMetrics(asks, span, { filters, signal });
      if (!compare) return { now, before: null };
      const shown = { fromMs: now.startMs, toMs: now.startMs + now.columns * now.stepMs };
      const options = { filters, stepMs: now.stepMs, signal };
      return { now, before: await askMetrics(asks, previousSpan(shown), options) };
    },
    placeholderData: keepPreviousData,
    ...(refresh === undefined || isOwn ? {} : { refetchInterval: refresh * 1_000 }),
  });
}
