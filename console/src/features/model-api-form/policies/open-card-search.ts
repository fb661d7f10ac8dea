// What addresses say of the open card. Small: every page loads it.

export function readCard(search: Record<string, unknown>): { card?: string } {
  const { card } = search;
  return typeof card === "string" && card !== "" ? { card } : {};
}
