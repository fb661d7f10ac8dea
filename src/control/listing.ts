// Pages of a collection: search, field filters, limit and cursor. Knows no kind of resource.
import { ControlError } from "./control-error.ts";
import { isJsonObject } from "./merge-patch.ts";
import type { JsonObject } from "./merge-patch.ts";

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Null at the end. */
  readonly nextCursor: string | null;
}

const defaultLimit = 100;
const maximumLimit = 1000;

/** Query parameters that every list takes; any other is a filter. */
export const listingParameters = ["search", "limit", "cursor"] as const;

/**
 * One page of items ordered by name.
 * @param filters names of the fields that may filter; a list field matches when it holds the value
 * @throws ControlError `invalid` for an unknown filter, a bad limit or a bad cursor
 */
export function listPage<Item extends { readonly name: string }>(
  sorted: readonly Item[],
  query: ReadonlyMap<string, string>,
  filters: readonly string[],
  viewOf: (item: Item) => JsonObject,
): Page<Item> {
  const limit = readLimit(query.get("limit"), defaultLimit, maximumLimit);
  const after = query.has("cursor") ? readCursor(query.get("cursor") ?? "") : undefined;
  const accepts = createFilter(query, filters);
  const items: Item[] = [];
  for (let index = after === undefined ? 0 : firstAfter(sorted, after); index < sorted.length; index += 1) {
    const item = sorted[index];
    if (item === undefined || !accepts(viewOf(item))) continue;
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

function createFilter(
  query: ReadonlyMap<string, string>,
  filters: readonly string[],
): (view: JsonObject) => boolean {
  const search = query.get("search")?.toLowerCase();
  const wanted = [...query].filter(([name]) => !listingParameters.some((known) => known === name));
  for (const [name] of wanted) {
    if (filters.includes(name)) continue;
    throw new ControlError(
      "invalid",
      `Unknown filter "${name}"; this list filters by ${filters.join(", ")}.`,
    );
  }
  return (view) =>
    wanted.every(([name, value]) => matches(view[name], value)) &&
    (search === undefined || ["name", "description"].some((name) => hasText(view[name], search)));
}

function matches(field: unknown, wanted: string): boolean {
  if (Array.isArray(field))
    return field.some((item) => matches(isJsonObject(item) ? item["name"] : item, wanted));
  return typeof field === "object" || field === undefined ? false : String(field) === wanted;
}

function hasText(field: unknown, lowerCaseText: string): boolean {
  return typeof field === "string" && field.toLowerCase().includes(lowerCaseText);
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
