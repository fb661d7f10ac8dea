// History and queue of ComfyUI servers. Must not know who owns what.
import { isJsonObject, listOf, memberOf } from "../../lib/json-value.ts";
import { changedQuery, wholeNumber } from "./list-format.ts";
import type { ListFormatting, ListItem } from "./list-format.ts";

/** Entries of a history that are asked for at once: each holds its whole graph. */
const pageSize = 64;
const anyOffset = { least: -1, most: 999_999_999, preset: -1 };

export const comfyuiHistoryList: ListFormatting = {
  pageQuery: (query, cursor = "0") =>
    changedQuery(query, [], { max_items: String(pageSize), offset: cursor }),

  readPage(answer, cursor = "0") {
    if (!isJsonObject(answer)) return undefined;
    // An entry tells no time of its own: when the prompt was bound decides.
    const items = Object.entries(answer).map(([id, value]) => ({ id, createdMs: undefined, value }));
    return {
      items,
      next: items.length < pageSize ? undefined : String(Number(cursor) + items.length),
    };
  },

  // A server's history begins with the oldest entry; without an offset the newest ones are told.
  merge({ items, query }) {
    const oldestFirst = items.toReversed();
    const asked = wholeNumber(query, "max_items", { ...anyOffset, preset: items.length });
    const count = asked < 0 ? items.length : asked;
    const offset = wholeNumber(query, "offset", anyOffset);
    const start = offset < 0 ? Math.max(0, items.length - count) : offset;
    const shown = oldestFirst.slice(start, start + count);
    return { value: Object.fromEntries(shown.map(({ id, value }) => [id, value])), shown };
  },
};

const queues = ["queue_running", "queue_pending"] as const;

export const comfyuiQueueList: ListFormatting = {
  pageQuery: (query) => query.toString(),

  readPage(answer) {
    if (!isJsonObject(answer) || !queues.some((queue) => queue in answer)) return undefined;
    const items = queues.flatMap((queue) =>
      listOf(answer, queue).flatMap((entry): ListItem[] => {
        const id: unknown = Array.isArray(entry) ? entry[1] : undefined;
        return typeof id === "string" ? [{ id, createdMs: undefined, value: { queue, entry } }] : [];
      }),
    );
    return { items, next: undefined };
  },

  // First come, first served: the oldest first.
  merge({ items }) {
    const shown = items.toReversed();
    const entriesOf = (queue: string): unknown[] =>
      shown
        .filter(({ value }) => memberOf(value, "queue") === queue)
        .map(({ value }) => memberOf(value, "entry"));
    return { value: Object.fromEntries(queues.map((queue) => [queue, entriesOf(queue)])), shown };
  },
};
