// What the address of the list of Model APIs holds: search text and filters.

const facets = ["useCase", "protocol", "service", "group", "status", "auth"] as const;
export type ApiFacet = (typeof facets)[number];

export type ApiListSearch = { q?: string; sort?: string } & { [Facet in ApiFacet]?: string[] };

/** Reads it; what it cannot be is left out. */
export function readApiListSearch(search: Record<string, unknown>): ApiListSearch {
  const read: ApiListSearch = {};
  if (typeof search["q"] === "string" && search["q"] !== "") read.q = search["q"];
  if (typeof search["sort"] === "string") read.sort = search["sort"];
  for (const facet of facets) {
    const values = search[facet];
    if (Array.isArray(values) && values.length > 0) read[facet] = values.map(String);
  }
  return read;
}
