// Takes headers out, renames and sets them in a flat list. Knows no request and no answer.
import type { SnapshotHeaderEdits } from "../../snapshot/snapshot.ts";

/** The list after the edits: taken out first, then renamed, then set. */
export function editHeaders(
  headers: readonly string[],
  { remove, rename, set }: SnapshotHeaderEdits,
): string[] {
  const gone = new Set(remove);
  const names = new Map(rename);
  const placed = new Set(set.map(([name]) => name.toLowerCase()));
  const edited: string[] = [];
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? "";
    const lower = name.toLowerCase();
    if (gone.has(lower)) continue;
    const next = names.get(lower) ?? name;
    if (!placed.has(next.toLowerCase())) edited.push(next, headers[index + 1] ?? "");
  }
  for (const [name, value] of set) edited.push(name, value);
  return edited;
}
