// What the address of the list of services holds: search text, filters, the service under test, the one just made.

export const serviceFacets = ["provider", "protocol", "status", "group"] as const;
export type ServiceFacet = (typeof serviceFacets)[number];

export type ServiceListSearch = { q?: string; test?: string; created?: string } & {
  [Facet in ServiceFacet]?: string[];
};

/** Reads it; what it cannot be is left out. */
export function readServiceListSearch(search: Record<string, unknown>): ServiceListSearch {
  const read: ServiceListSearch = {};
  for (const field of ["q", "test", "created"] as const) {
    const value = search[field];
    if (typeof value === "string" && value !== "") read[field] = value;
  }
  for (const facet of serviceFacets) {
    const values = search[facet];
    if (Array.isArray(values) && values.length > 0) read[facet] = values.map(String);
  }
  return read;
}
