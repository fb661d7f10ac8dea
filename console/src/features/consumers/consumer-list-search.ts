// What the address of the list of consumers holds: search text, filters, what is selected, an open dialog. Small: every page loads it.

export const consumerFacets = ["status", "credential", "group", "resourceGroup", "quota"] as const;
export type ConsumerFacet = (typeof consumerFacets)[number];

export type ConsumerListSearch = {
  q?: string;
  add?: boolean;
  /** Names of the selected consumers. */
  selected?: string[];
} & { [Facet in ConsumerFacet]?: string[] };

/** Reads it; what it cannot be is left out. */
export function readConsumerListSearch(search: Record<string, unknown>): ConsumerListSearch {
  const read: ConsumerListSearch = {};
  const { q, add } = search;
  // A text of digits alone comes as a number.
  if ((typeof q === "string" && q !== "") || typeof q === "number") read.q = String(q);
  if (add === true) read.add = true;
  for (const name of [...consumerFacets, "selected"] as const) {
    const values = search[name];
    if (Array.isArray(values) && values.length > 0) read[name] = values.map(String);
  }
  return read;
}
