// Which Model APIs a search text and filters leave over, in which order, and what each filter offers. Pure.
import type { ApiTraffic, ServiceStanding } from "../../../../src/control/routes/console-answers.ts";
import type { ModelApi, Service } from "../../api/resources.ts";
import {
  chosenTargets,
  fallbackTargets,
  isSimulated,
  servicesOf,
  stateOf,
  type ApiState,
} from "./api-facts.ts";
import type { ApiFacet, ApiListSearch } from "./api-list-search.ts";

/** A line of the list: the object and what is known beside it. */
export interface ApiRow {
  readonly api: ModelApi;
  readonly state: ApiState;
  readonly simulated: boolean;
  /** Undefined without a request in the window. */
  readonly traffic: ApiTraffic | undefined;
}

interface Known {
  readonly standings: readonly ServiceStanding[] | undefined;
  readonly services: readonly Service[] | undefined;
  readonly traffic: readonly ApiTraffic[] | undefined;
}

export function rowsOf(apis: readonly ModelApi[], { standings, services, traffic }: Known): ApiRow[] {
  const byName = new Map(traffic?.map((each) => [each.api, each]));
  return apis.map((api) => ({
    api,
    state: stateOf(api, standings),
    simulated: isSimulated(api, services),
    traffic: byName.get(api.name),
  }));
}

const facetValues: Readonly<Record<ApiFacet, (row: ApiRow) => readonly string[]>> = {
  useCase: ({ api }) => [api.useCase],
  protocol: ({ api }) => api.protocols,
  service: ({ api }) => servicesOf(api),
  group: ({ api }) => [api.resourceGroup],
  status: ({ state }) => [state],
  auth: ({ api }) => [api.auth.enabled ? "on" : "off"],
};

/** Rows that have every word of the text and one value of each filter that is set. */
export function filterRows(rows: readonly ApiRow[], search: ApiListSearch): ApiRow[] {
  const words = (search.q ?? "").toLowerCase().split(/\s+/u).filter(Boolean);
  const facets = facetNames.filter((facet) => (search[facet] ?? []).length > 0);
  return rows.filter((row) => {
    const text = words.length === 0 ? "" : textOf(row.api);
    return (
      words.every((word) => text.includes(word)) &&
      facets.every((facet) => facetValues[facet](row).some((value) => search[facet]?.includes(value)))
    );
  });
}

export const facetNames: readonly ApiFacet[] = ["useCase", "protocol", "service", "group", "status", "auth"];

/** Values of a filter with how many rows have them, most first. */
export function facetCounts(rows: readonly ApiRow[], facet: ApiFacet): { value: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    for (const value of new Set(facetValues[facet](row))) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .toSorted((a, b) => b.count - a.count || a.value.localeCompare(b.value));
}

function textOf(api: ModelApi): string {
  const targets = [...chosenTargets(api), ...fallbackTargets(api)];
  const patterns =
    api.modelService.mode === "by-model-name" ? api.modelService.rules.map(({ pattern }) => pattern) : [];
  return [
    api.name,
    api.description,
    api.basePath,
    ...api.tags,
    ...api.domains,
    ...api.domains.map((domain) => `${domain}${api.basePath}`),
    ...targets.flatMap(({ service, model }) => [service, model ?? ""]),
    ...patterns,
  ]
    .join("\n")
    .toLowerCase();
}

export const sortKeys = ["name", "traffic", "status"] as const;
export type SortKey = (typeof sortKeys)[number];

export interface Sort {
  readonly key: SortKey;
  readonly down: boolean;
}

/** `name`, `-traffic`; undefined = as the list came. */
export function readSort(text: string | undefined): Sort | undefined {
  const down = text?.startsWith("-") ?? false;
  const key = sortKeys.find((known) => known === text?.replace(/^-/u, ""));
  return key === undefined ? undefined : { key, down };
}

/** What the next press on a head asks for: up, down, as it came. Counts begin with the most. */
export function nextSort(current: Sort | undefined, key: SortKey): string | undefined {
  const first = key === "traffic" ? `-${key}` : key;
  const second = key === "traffic" ? key : `-${key}`;
  if (current?.key !== key) return first;
  return (current.down ? `-${key}` : key) === first ? second : undefined;
}

const stateOrder: Readonly<Record<ApiState, number>> = { degraded: 0, enabled: 1, disabled: 2 };

export function sortRows(rows: readonly ApiRow[], sort: Sort | undefined): readonly ApiRow[] {
  if (sort === undefined) return rows;
  const byName = (a: ApiRow, b: ApiRow): number => a.api.name.localeCompare(b.api.name);
  const compare = {
    name: byName,
    traffic: (a: ApiRow, b: ApiRow) => (a.traffic?.requests ?? 0) - (b.traffic?.requests ?? 0),
    status: (a: ApiRow, b: ApiRow) => stateOrder[a.state] - stateOrder[b.state],
  }[sort.key];
  return rows.toSorted((a, b) => (sort.down ? -1 : 1) * compare(a, b) || byName(a, b));
}
