// What this browser keeps for the log explorer: columns that are shown and views with a name. A browser that refuses costs only that.

export interface SavedView {
  readonly name: string;
  readonly q: string;
  readonly range?: string;
  readonly from?: number;
  readonly to?: number;
}

const columnsKey = "moongate-log-columns";
const viewsKey = "moongate-log-views";
const mostViews = 50;

function read(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

function write(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Private windows may refuse: the choice holds until the page is left.
  }
}

/** Keys of the columns; null while nobody has chosen. */
export function readColumns(): readonly string[] | null {
  const kept = read(columnsKey);
  return Array.isArray(kept) ? kept.filter((key) => typeof key === "string") : null;
}

export function writeColumns(keys: readonly string[]): void {
  write(columnsKey, keys);
}

/** By name. */
export function readViews(): readonly SavedView[] {
  const kept = read(viewsKey);
  return Array.isArray(kept) ? kept.flatMap(readView) : [];
}

function readView(value: unknown): SavedView[] {
  if (typeof value !== "object" || value === null) return [];
  const { name, q, range, from, to } = { name: "", q: "", range: "", from: "", to: "", ...value };
  if (typeof name !== "string" || name === "" || typeof q !== "string") return [];
  return [
    {
      name,
      q,
      ...(typeof range === "string" && range !== "" ? { range } : {}),
      ...(typeof from === "number" && typeof to === "number" ? { from, to } : {}),
    },
  ];
}

/** With one of the same name replaced. @returns what is kept now */
export function addView(view: SavedView): readonly SavedView[] {
  const views = [...readViews().filter(({ name }) => name !== view.name), view]
    .toSorted((one, other) => one.name.localeCompare(other.name))
    .slice(0, mostViews);
  write(viewsKey, views);
  return views;
}

export function removeView(name: string): readonly SavedView[] {
  const views = readViews().filter((view) => view.name !== name);
  write(viewsKey, views);
  return views;
}
