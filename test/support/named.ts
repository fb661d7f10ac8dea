// Titles for tables of tests: vitest cuts interpolated fields short, so the name goes in as a whole.

/** Rows for a table of tests that are titled by their name in full. */
export function named<T extends { readonly name: string }>(rows: readonly T[]): (readonly [string, T])[] {
  return rows.map((row) => [row.name, row] as const);
}
