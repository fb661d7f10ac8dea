// A bounded list of things by id, oldest first, with the pages that lists are read in. Must not know what is kept.
import type { Account } from "./account.ts";
import { RefusedRequest } from "./refused-request.ts";
import type { Call } from "./reply.ts";

/** Most things of one kind in one account. */
const mostItems = 2_000;

/** Page length without `limit`, and the longest one. */
const defaultLimit = 20;
const mostLimit = 1_000;

export interface Shelved {
  readonly id: string;
}

/** Holds the newest things of one account; the oldest make room. */
export class Shelf<Item extends Shelved> {
  readonly #account: Account;
  readonly #items = new Map<string, { readonly item: Item; readonly bytes: number }>();

  constructor(account: Account) {
    this.#account = account;
  }

  /**
   * Puts a thing of a size on the shelf, or in the place of the one with the same id.
   * @throws RefusedRequest (413) when there is no room, even with nothing else on the shelf.
   */
  put(item: Item, bytes: number): Item {
    this.delete(item.id);
    while (!this.#account.hold(bytes)) {
      if (!this.#dropOldest()) throw new RefusedRequest(413, "The simulator keeps as much as it can hold.");
    }
    this.#items.set(item.id, { item, bytes });
    if (this.#items.size > mostItems) this.#dropOldest();
    return item;
  }

  find(id: string): Item | undefined {
    return this.#items.get(id)?.item;
  }

  /** @throws RefusedRequest (404) when there is no such thing. */
  get(id: string, what: string): Item {
    const item = this.find(id);
    if (item !== undefined) return item;
    throw new RefusedRequest(404, `No such ${what}: ${id}`, "id", "not_found");
  }

  delete(id: string): boolean {
    const held = this.#items.get(id);
    if (held === undefined) return false;
    this.#items.delete(id);
    this.#account.release(held.bytes);
    return true;
  }

  /** Oldest first. */
  list(): Item[] {
    return Array.from(this.#items.values(), ({ item }) => item);
  }

  /** False when the shelf is empty. */
  #dropOldest(): boolean {
    for (const id of this.#items.keys()) return this.delete(id);
    return false;
  }
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly hasMore: boolean;
}

/** The page that `after` (or Anthropic's `after_id` or `page`), `limit` and `order` of a query ask for; newest first. */
export function pageOf<Item extends Shelved>(call: Call, oldestFirst: readonly Item[]): Page<Item> {
  const { query } = call;
  const items = query.get("order") === "asc" ? oldestFirst : oldestFirst.toReversed();
  const before = query.get("before_id");
  if (before !== null) {
    const end = Math.max(0, positionOf(items, before, "before_id"));
    const start = Math.max(0, end - limitOf(query));
    return { items: items.slice(start, end), hasMore: start > 0 };
  }
  const after = query.get("after") ?? query.get("after_id") ?? query.get("page");
  const start = after === null ? 0 : positionOf(items, after, "after") + 1;
  const end = start + limitOf(query);
  return { items: items.slice(start, end), hasMore: end < items.length };
}

/** The page in the shape of OpenAI's lists. */
export function openaiPage<Item extends Shelved>(page: Page<Item>, show: (item: Item) => object): object {
  return { object: "list", ...pageFields(page, show) };
}

/** The page in the shape of Anthropic's lists. */
export function pageFields<Item extends Shelved>(page: Page<Item>, show: (item: Item) => object): object {
  const { items, hasMore } = page;
  return {
    data: items.map(show),
    first_id: items[0]?.id ?? null,
    last_id: items.at(-1)?.id ?? null,
    has_more: hasMore,
  };
}

function positionOf(items: readonly Shelved[], id: string, param: string): number {
  const at = items.findIndex((item) => item.id === id);
  if (at >= 0) return at;
  throw new RefusedRequest(400, `Invalid '${param}': nothing has the id ${id}.`, param, "invalid_value");
}

function limitOf(query: URLSearchParams): number {
  const text = query.get("limit") ?? String(defaultLimit);
  const limit = Number(text);
  if (Number.isInteger(limit) && limit > 0 && limit <= mostLimit) return limit;
  throw new RefusedRequest(400, `Invalid 'limit': expected 1 to ${mostLimit}.`, "limit", "invalid_value");
}
