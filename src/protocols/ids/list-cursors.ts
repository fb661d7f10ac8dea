// Lists with cursors: OpenAI's (`after`) and Anthropic's (`after_id`, `before_id`; of files `page` too). Must not know who owns what.
import { countOf, isJsonObject, listOf, memberOf, textOf } from "../../lib/json-value.ts";
import { byAge, changedQuery, positionOf, wholeNumber } from "./list-format.ts";
import type { ListFormatting, ListItem, ListPage } from "./list-format.ts";

/** Objects that are asked for at once; every list allows as many. */
const pageSize = "100";

function readItems(answer: unknown, timeOf: (value: unknown) => number | undefined): ListItem[] {
  return listOf(answer, "data").flatMap((value) => {
    const id = textOf(value, "id");
    return id === undefined ? [] : [{ id, createdMs: timeOf(value), value }];
  });
}

function readPage(
  answer: unknown,
  cursor: string | undefined,
  timeOf: (value: unknown) => number | undefined,
): ListPage | undefined {
  // Model Studio says null for an empty list.
  if (!isJsonObject(answer) || !("data" in answer)) return undefined;
  const items = readItems(answer, timeOf);
  const last = textOf(answer, "last_id") ?? items.at(-1)?.id;
  // A service that does not turn the page would be asked for ever.
  const isMore = memberOf(answer, "has_more") === true && items.length > 0 && last !== cursor;
  return { items, next: isMore ? last : undefined };
}

function secondsOf(value: unknown): number | undefined {
  const seconds = countOf(value, "created_at");
  return seconds === undefined ? undefined : seconds * 1000;
}

function isoTimeOf(value: unknown): number | undefined {
  const time = Date.parse(textOf(value, "created_at") ?? "");
  return Number.isNaN(time) ? undefined : time;
}

function firstAndLast(page: readonly ListItem[]): object {
  return { first_id: page[0]?.id ?? null, last_id: page.at(-1)?.id ?? null };
}

export const openaiList: ListFormatting = {
  // Newest first is what services do unasked; some do not know the word.
  pageQuery: (query, cursor) =>
    changedQuery(query, ["after", "before", "order"], {
      limit: pageSize,
      ...(cursor === undefined ? {} : { after: cursor }),
    }),
  readPage: (answer, cursor) => readPage(answer, cursor, secondsOf),
  merge(input) {
    const { items, query, rule } = input;
    const limit = wholeNumber(query, "limit", { least: 1, most: rule.maxLimit, preset: rule.defaultLimit });
    const after = query.get("after") ?? "";
    const isAscending = query.get("order") === "asc";
    const ordered = isAscending ? items.toReversed() : items;
    const from = after === "" ? undefined : positionOf("after", after, input);
    const rest = ordered.filter((item) => {
      if (from === undefined) return true;
      return isAscending ? byAge(item, from) < 0 : byAge(item, from) > 0;
    });
    const shown = rest.slice(0, limit);
    const data = shown.map(({ value }) => value);
    const value = { object: "list", data, ...firstAndLast(shown), has_more: shown.length < rest.length };
    return { value, shown };
  },
};

/** Marks a cursor of a service that is asked for as a `page`; ids have no spaces. */
const pageMark = "page ";

function anthropicCursor(cursor: string): Readonly<Record<string, string>> {
  return cursor.startsWith(pageMark) ? { page: cursor.slice(pageMark.length) } : { after_id: cursor };
}

function readAnthropicPage(answer: unknown, cursor: string | undefined): ListPage | undefined {
  const page = readPage(answer, cursor, isoTimeOf);
  const next = textOf(answer, "next_page");
  if (page === undefined || next === undefined || page.items.length === 0) return page;
  const marked = pageMark + next;
  return { ...page, next: marked === cursor ? undefined : marked };
}

export const anthropicList: ListFormatting = {
  pageQuery: (query, cursor) =>
    changedQuery(query, ["after_id", "before_id", "page"], {
      limit: pageSize,
      ...(cursor === undefined ? {} : anthropicCursor(cursor)),
    }),
  readPage: readAnthropicPage,
  merge(input) {
    const { items, query, rule } = input;
    const limit = wholeNumber(query, "limit", { least: 1, most: rule.maxLimit, preset: rule.defaultLimit });
    // The gateway's own pages are named by the object before them, whichever way they are asked for.
    const name = query.has("page") ? "page" : "after_id";
    const after = query.get(name) ?? "";
    const before = query.get("before_id") ?? "";
    const from = after === "" ? undefined : positionOf(name, after, input);
    const until = before === "" ? undefined : positionOf("before_id", before, input);
    const rest = items.filter(
      (item) =>
        (from === undefined || byAge(item, from) > 0) && (until === undefined || byAge(item, until) < 0),
    );
    // Backwards, the page ends where the one after it begins.
    const shown = until !== undefined && from === undefined ? rest.slice(-limit) : rest.slice(0, limit);
    const data = shown.map(({ value }) => value);
    const has_more = shown.length < rest.length;
    const next = rule.family === "anthropic-file" ? { next_page: has_more ? shown.at(-1)?.id : null } : {};
    return { value: { data, has_more, ...firstAndLast(shown), ...next }, shown };
  },
};
