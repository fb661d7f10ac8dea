// Consumers with what is known beside them; which of them a search text and filters leave over. Pure.
import type { ListedQuota } from "../../../../src/control/quotas/quota-answers.ts";
import type { UsageRow } from "../../../../src/control/routes/console-answers.ts";
import type { Consumer, ModelApi } from "../../api/resources.ts";
import { consumerFacets, type ConsumerFacet, type ConsumerListSearch } from "./consumer-list-search.ts";
import { grantedApis } from "./grants.ts";
import { consumerOwner } from "./owner.ts";
import { usedShare } from "./quota-words.ts";

/** A line of the list: the object and what is known beside it. */
export interface ConsumerRow {
  readonly consumer: Consumer;
  readonly name: string;
  /** Model APIs that it may call, by its name or a group's. */
  readonly apis: readonly string[];
  /** Those that name it: they keep it from being deleted. */
  readonly ownApis: readonly string[];
  /** The quota nearest to its end, its groups' included; null: it has none; undefined: not known. */
  readonly quota: ListedQuota | null | undefined;
  /** In 24 hours; undefined: nothing was counted. */
  readonly usage: UsageRow | undefined;
}

interface Known {
  readonly apis: readonly ModelApi[];
  readonly quotas: readonly ListedQuota[] | undefined;
  readonly usage: readonly UsageRow[] | undefined;
}

export function consumerRows(consumers: readonly Consumer[], known: Known): ConsumerRow[] {
  const usage = new Map(known.usage?.map((row) => [row.labels.consumer, row]));
  const quotas = nearestQuotas(known.quotas ?? []);
  return consumers.map((consumer) => ({
    consumer,
    name: consumer.name,
    apis: grantedApis(known.apis, consumerOwner(consumer)),
    ownApis: grantedApis(known.apis, { ...consumerOwner(consumer), groups: [] }),
    quota: known.quotas === undefined ? undefined : nearestOf(consumer, quotas),
    usage: usage.get(consumer.name),
  }));
}

type Nearest = ReadonlyMap<string, ListedQuota>;

const keyOf = (kind: string, name: string): string => `${kind}/${name}`;

/** Of each owner the most urgent quota. */
function nearestQuotas(quotas: readonly ListedQuota[]): Nearest {
  const nearest = new Map<string, ListedQuota>();
  for (const quota of quotas) {
    const key = keyOf(quota.owner.kind, quota.owner.name);
    const known = nearest.get(key);
    if (known === undefined || byUrgency(quota, known) < 0) nearest.set(key, quota);
  }
  return nearest;
}

function nearestOf({ name, groups }: Consumer, quotas: Nearest): ListedQuota | null {
  const keys = [keyOf("consumer", name), ...groups.map((group) => keyOf("consumer-group", group))];
  const all = keys.flatMap((key) => quotas.get(key) ?? []);
  return all.toSorted(byUrgency)[0] ?? null;
}

/** What refuses comes before a dry run; then what is used most. */
function byUrgency(left: ListedQuota, right: ListedQuota): number {
  if (left.dryRun !== right.dryRun) return left.dryRun ? 1 : -1;
  return usedShare(right) - usedShare(left);
}

const facetValues: Readonly<Record<ConsumerFacet, (row: ConsumerRow) => readonly string[]>> = {
  status: ({ consumer }) => [consumer.enabled ? "enabled" : "disabled"],
  credential: ({ consumer }) => {
    const types = new Set(consumer.credentials.map(({ type }) => type));
    return types.size === 0 ? ["none"] : [...types];
  },
  group: ({ consumer }) => consumer.groups,
  resourceGroup: ({ consumer }) => [consumer.resourceGroup],
  quota: ({ quota }) => [quota?.state ?? "none"],
};

/** Rows that have every word of the text and one value of each filter that is set. */
export function filterConsumers(rows: readonly ConsumerRow[], search: ConsumerListSearch): ConsumerRow[] {
  const words = (search.q ?? "").toLowerCase().split(/\s+/u).filter(Boolean);
  const facets = consumerFacets.filter((facet) => (search[facet] ?? []).length > 0);
  return rows.filter((row) => {
    const text = words.length === 0 ? "" : textOf(row);
    return (
      words.every((word) => text.includes(word)) &&
      facets.every((facet) => facetValues[facet](row).some((value) => search[facet]?.includes(value)))
    );
  });
}

export interface FacetCount {
  readonly value: string;
  readonly count: number;
}

/** The values of a facet with how many rows have each, most first. */
export function consumerFacet(rows: readonly ConsumerRow[], facet: ConsumerFacet): FacetCount[] {
  const counts = new Map<string, number>();
  for (const row of rows)
    for (const value of facetValues[facet](row)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .toSorted((left, right) => right.count - left.count || left.value.localeCompare(right.value));
}

function textOf({ consumer, apis }: ConsumerRow): string {
  const { name, description, resourceGroup, groups } = consumer;
  return [name, description, resourceGroup, ...groups, ...apis].join("\n").toLowerCase();
}
