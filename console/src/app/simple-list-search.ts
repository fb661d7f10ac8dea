// What the address of a small list holds: search text, an open dialog to add, the object under edit.

export interface SimpleListSearch {
  q?: string;
  add?: boolean;
  edit?: string;
}

/** Reads it; what it cannot be is left out. */
export function readSimpleListSearch(search: Record<string, unknown>): SimpleListSearch {
  const { q, add, edit } = search;
  return {
    ...(typeof q === "string" && q !== "" ? { q } : {}),
    ...(add === true ? { add } : {}),
    ...(typeof edit === "string" && edit !== "" ? { edit } : {}),
  };
}
