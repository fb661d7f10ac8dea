// The list of DashScope tasks, which has numbered pages. Must not know who owns what.
import { countOf, listOf, textOf } from "../../lib/json-value.ts";
import { changedQuery, wholeNumber } from "./list-format.ts";
import type { ListFormatting } from "./list-format.ts";

/** Tasks that are asked for at once. */
const pageSize = 100;

export const dashscopeList: ListFormatting = {
  pageQuery: (query, cursor = "1") =>
    changedQuery(query, [], { page_no: cursor, page_size: String(pageSize) }),

  readPage(answer, cursor = "1") {
    if (countOf(answer, "total") === undefined) return undefined;
    const tasks = listOf(answer, "data");
    const items = tasks.flatMap((value) => {
      const id = textOf(value, "task_id");
      const createdMs = countOf(value, "gmt_create") ?? countOf(value, "start_time");
      return id === undefined ? [] : [{ id, createdMs, value }];
    });
    const isMore = tasks.length > 0 && Number(cursor) < (countOf(answer, "total_page") ?? 0);
    return { items, next: isMore ? String(Number(cursor) + 1) : undefined };
  },

  merge({ items, query, rule, requestId }) {
    const size = wholeNumber(query, "page_size", {
      least: 1,
      most: rule.maxLimit,
      preset: rule.defaultLimit,
    });
    const number = wholeNumber(query, "page_no", { least: 1, most: 1_000_000, preset: 1 });
    const shown = items.slice((number - 1) * size, number * size);
    const value = {
      request_id: requestId,
      total: items.length,
      data: shown.map((item) => item.value),
      total_page: Math.ceil(items.length / size),
      page_no: number,
      page_size: size,
    };
    return { value, shown };
  },
};
