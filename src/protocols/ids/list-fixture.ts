// Services that list things in each format, and clients that read them page by page. For tests only.
import type { IdFamily } from "../../core/id-families.ts";
import type { RouteProtocol } from "../../core/protocol.ts";
import { isJsonObject, listOf as itemsOf, memberOf } from "../../lib/json-value.ts";

/** One object somewhere at a service. */
export interface Thing {
  readonly id: string;
  readonly service: string;
  readonly createdS: number;
  readonly mine: boolean;
  readonly purpose: string;
}

/** How one format is served by a service and read by a client. */
export interface Case {
  readonly name: string;
  readonly route: { readonly name: string; readonly protocol: RouteProtocol; readonly path: string };
  readonly path: string;
  readonly family: IdFamily;
  /** Answers a service's list out of its things, newest first, with at most `pageSize` of them. */
  serve(things: readonly Thing[], query: URLSearchParams, pageSize: number): unknown;
  /** All ids that a client reads page by page, newest first. */
  walk(get: (query: string) => unknown, limit: number): string[];
}

/** More than any list here has: a walk that finds more goes round in circles. */
const mostThings = 100;

export const idsIn = (answer: unknown, key: string): string[] =>
  itemsOf(answer, "data").map((item) => String(memberOf(item, key)));

function afterOf(things: readonly Thing[], id: string | null): readonly Thing[] {
  return id === null ? things : things.slice(things.findIndex((thing) => thing.id === id) + 1);
}

function cursorCase(
  name: string,
  cursor: string,
  toTime: (seconds: number) => unknown,
): Pick<Case, "serve" | "walk" | "name"> {
  return {
    name,
    serve(things, query, pageSize) {
      const purpose = query.get("purpose");
      const rest = afterOf(things, query.get(cursor)).filter(
        (thing) => purpose === null || thing.purpose === purpose,
      );
      const data = rest.slice(0, pageSize).map(({ id, createdS }) => ({ id, created_at: toTime(createdS) }));
      return { object: "list", data, has_more: rest.length > data.length, last_id: data.at(-1)?.id };
    },
    walk(get, limit) {
      const found: string[] = [];
      for (let query = `limit=${limit}`; ;) {
        const page = get(query);
        found.push(...idsIn(page, "id"));
        if (found.length > mostThings) throw new Error("the pages do not end");
        if (memberOf(page, "has_more") !== true) return found;
        query = `limit=${limit}&${cursor}=${String(memberOf(page, "last_id"))}`;
      }
    },
  };
}

export const openai: Case = {
  ...cursorCase("OpenAI", "after", (seconds) => seconds),
  route: { name: "files", protocol: "openai", path: "/v1/files" },
  path: "/v1/files",
  family: "openai-file",
};

export const anthropic: Case = {
  ...cursorCase("Anthropic", "after_id", (seconds) => new Date(seconds * 1000).toISOString()),
  route: { name: "anthropic-files", protocol: "anthropic", path: "/v1/files" },
  path: "/v1/files",
  family: "anthropic-file",
};

/** The newer way of the same lists: the answer names its next page, in words of the service's own. */
const anthropicPages: Case = {
  ...anthropic,
  name: "Anthropic's pages",
  serve(things, query, pageSize) {
    const rest = afterOf(things, query.get("page")?.replace("cursor:", "") ?? null);
    const page = rest.slice(0, pageSize);
    const data = page.map(({ id, createdS }) => ({
      id,
      created_at: new Date(createdS * 1000).toISOString(),
    }));
    return { data, next_page: rest.length > page.length ? `cursor:${page.at(-1)?.id}` : null };
  },
  walk(get, limit) {
    const found: string[] = [];
    for (let query = `limit=${limit}`; ;) {
      const page = get(query);
      found.push(...idsIn(page, "id"));
      if (found.length > mostThings) throw new Error("the pages do not end");
      const next = memberOf(page, "next_page");
      if (typeof next !== "string") return found;
      query = `limit=${limit}&page=${next}`;
    }
  },
};

export const dashscope: Case = {
  name: "DashScope",
  route: { name: "tasks", protocol: "dashscope", path: "/api/v1/tasks" },
  path: "/api/v1/tasks",
  family: "dashscope-task",
  serve(things, query, pageSize) {
    const number = Number(query.get("page_no"));
    const page = things.slice((number - 1) * pageSize, number * pageSize);
    const data = page.map(({ id, createdS }) => ({ task_id: id, gmt_create: createdS * 1000 }));
    return { total: things.length, data, total_page: Math.ceil(things.length / pageSize), page_no: number };
  },
  walk(get, limit) {
    const found: string[] = [];
    for (let number = 1; ; number++) {
      const page = get(`?page_no=${number}&page_size=${limit}`);
      found.push(...idsIn(page, "task_id"));
      if (number >= Number(memberOf(page, "total_page"))) {
        if (memberOf(page, "total") !== found.length) throw new Error("the total is another");
        return found;
      }
    }
  },
};

export const comfyui: Case = {
  name: "ComfyUI history",
  route: { name: "comfyui-history", protocol: "comfyui", path: "/history" },
  path: "/history",
  family: "comfyui-prompt",
  serve(things, query) {
    const offset = Number(query.get("offset"));
    const page = things.toReversed().slice(offset, offset + Number(query.get("max_items")));
    return Object.fromEntries(page.map(({ id }) => [id, { outputs: {} }]));
  },
  walk(get, limit) {
    const found: string[] = [];
    for (let offset = 0; ; offset += limit) {
      const page = get(`max_items=${limit}&offset=${offset}`);
      const ids = isJsonObject(page) ? Object.keys(page) : [];
      if (ids.length === 0) return found.toReversed();
      found.push(...ids);
    }
  },
};

export const cases = [openai, anthropic, anthropicPages, dashscope, comfyui];
