// Pages of a collection: search, field filters, limit and cursor. Knows no kind of resource.
import { ControlError } from "./control-error.ts";

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Null at the end. */
  readonly nextCursor: string | null;
}

const defaultLimit = 100;
const maximumLimit = 1000;

/** Query parameters that every list takes; any other is a filter. */
export const listingParameters = ["search", "limit", "cursor"] as const;

/** Sorts a map by name, once for as long as the map is the same. */
export function createListing(): <Item extends { readonly name: string }>(
  items: ReadonlyMap<string, Item>,
) => readonly Item[] {
  const known = new WeakMap<object, readonly { readonly name: string }[]>();
  return <Item extends { readonly name: string }>(items: ReadonlyMap<string, Item>) => {
    // What is remembered under a map are its own items.
    const remembered = known.get(items) as readonly Item[] | undefined;
    if (remembered !== undefined) return remembered;
    const sorted = [...items.values()].toSorted((left, right) => (left.name < right.name ? -1 : 1));
    known.set(items, sorted);
    return sorted;
  };
}

/** An item that a list holds; its value may have a description to search in. */
interface Listed {
  readonly name: string;
  readonly value: object;
}

/**
 * One page of items ordered by name.
 * @param valuesOf the values of a field that a filter compares with
 * @throws ControlError `invalid` for an unknown filter, a bad limit or a bad cursor
 */
export function listPage<Item extends Listed>(
  sorted: readonly Item[],
  query: ReadonlyMap<string, string>,
  valuesOf: (item: Item, field: string) => readonly string[],
  fields: readonly string[],
): Page<Item> {
  const limit = readLimit(query.get("limit"), defaultLimit, maximumLimit);
  const cursor = query.get("cursor");
  const start = cursor === undefined ? 0 : firstAfter(sorted, readCursor(cursor));
  const wanted = readFilters(query, fields);
  const search = query.get("search")?.toLowerCase();
  const items: Item[] = [];
  for (let index = start; index < sorted.length; index += 1) {
    const item = sorted[index];
    if (item === undefined || !wanted.every(([field, value]) => valuesOf(item, field).includes(value)))
      continue;
    if (search !== undefined && !hasText(item, search)) continue;
    if (items.length === limit) return { items, nextCursor: writeCursor(items.at(-1)?.name ?? "") };
    items.push(item);
  }
  return { items, nextCursor: null };
}

/** @throws ControlError `invalid` */
export function readLimit(text: string | undefined, fallback: number, maximum: number): number {
  if (text === undefined) return fallback;
  const limit = /^\d{1,6}$/u.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= maximum) return limit;
  throw new ControlError("invalid", `limit must be a whole number from 1 to ${maximum}.`);
}

function readFilters(query: ReadonlyMap<string, string>, fields: readonly string[]): [string, string][] {
  const wanted = [...query].filter(([name]) => !listingParameters.some((known) => known === name));
  for (const [name] of wanted) {
    if (fields.includes(name)) continue;
    const known = fields.length === 0 ? "nothing" : fields.join(", ");
    throw new ControlError("invalid", `Unknown filter "${name}"; this list filters by ${known}.`);
  }
  return wanted;
}

function hasText({ name, value }: Listed, lowerCaseText: string): boolean {
  const description: unknown = Reflect.get(value, "description");
  return [name, description].some(
    (text) => typeof text === "string" && text.toLowerCase().includes(lowerCaseText),
  );
}

/** Index of the first item whose name comes after `name`; the cursor's own item may be gone by now. */
function firstAfter(sorted: readonly { readonly name: string }[], name: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle]?.name ?? "") > name) high = middle;
    else low = middle + 1;
  }
  return low;
}

const cursorMark = "after:";

function writeCursor(name: string): string {
  return Buffer.from(cursorMark + name, "utf8").toString("base64url");
}

function readCursor(cursor: string): string {
  const text = Buffer.from(cursor, "base64url").toString("utf8");
  const name = text.slice(cursorMark.length);
  if (text.startsWith(cursorMark) && writeCursor(name) === cursor) return name;
  throw new ControlError("invalid", "The cursor is not one that this list gave.");
}
