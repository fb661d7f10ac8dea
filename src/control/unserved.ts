// Addresses of the public contract that this build does not serve: they answer 404 and say so, instead of pretending.

const unservedTable: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /^\/api\/v1\/consumers\/[^/]+\/quotas\/[^/]+\/reset$/u, what: "Resetting a quota" },
];

/** What a known but unserved address would do; undefined for any other. */
export function unservedAddress(path: string): string | undefined {
  return unservedTable.find((row) => row.pattern.test(path))?.what;
}
