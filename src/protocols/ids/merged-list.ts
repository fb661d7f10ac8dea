// One list out of those of several services and keys: the consumer's own objects, in pages whose cursors hold.
//
// The lists of the services are read whole, newest first, until every id that the consumer has there has been seen or
// the bound is reached; the page is cut out of what is the consumer's. So pages are exact whatever filters the client
// sets, which only the services can apply, and a place where the consumer has nothing is never asked. No I/O here.
import type { IdOwner } from "../../core/id-owner.ts";
import { parseJson } from "../../lib/json-value.ts";
import type { ListFormat, ListRule } from "./id-rules.ts";
import { anthropicList, openaiList } from "./list-cursors.ts";
import { comfyuiHistoryList, comfyuiQueueList } from "./list-comfyui.ts";
import { dashscopeList } from "./list-dashscope.ts";
import { byAge } from "./list-format.ts";
import type { ListFormatting, ListItem } from "./list-format.ts";
import { madeInHistory, madeInItem } from "./made.ts";
import type { MadeId } from "./made.ts";
import type { RouteIds } from "./route-ids.ts";

const formats: Readonly<Record<ListFormat, ListFormatting>> = {
  openai: openaiList,
  anthropic: anthropicList,
  dashscope: dashscopeList,
  "comfyui-history": comfyuiHistoryList,
  "comfyui-queue": comfyuiQueueList,
};

/** Pages that are read of one service and key; what is older is left out. */
export const maxListPages = 160;
/** Ids of one consumer that a list is made of, the newest ones: the most that `IdStore.list` needs to tell. */
export const maxListedIds = 10_000;

export interface MergedListOptions {
  readonly rule: ListRule;
  /** Of the client, with or without its leading `?`. */
  readonly query: string;
  /** The consumer's ids of the list's family at services of the Model API, newest first; at most `maxListedIds`. */
  readonly owners: readonly IdOwner[];
  /** `IdStore.findForgotten` of the consumer: cursors may name what was just deleted. */
  readonly findForgotten: (id: string) => IdOwner | undefined;
  /** Of the gateway's answer. */
  readonly requestId: string;
}

/** A service and key where the consumer has something. */
export interface ListSource {
  readonly service: string;
  readonly key: string;
}

interface SourceState extends ListSource {
  readonly owned: Map<string, IdOwner>;
  /** Ids that have not been seen in the service's list yet. */
  readonly missing: Set<string>;
  readonly items: Map<string, ListItem>;
  cursor: string | undefined;
  pages: number;
  isDone: boolean;
}

/** An id that an object of the list has told, and where it lives. */
export interface ListedId extends MadeId, ListSource {}

export class MergedList {
  readonly #options: MergedListOptions;
  readonly #format: ListFormatting;
  readonly #query: URLSearchParams;
  readonly #sources: readonly SourceState[];

  constructor(options: MergedListOptions) {
    this.#options = options;
    this.#format = formats[options.rule.format];
    this.#query = new URLSearchParams(options.query);
    this.#sources = sourcesOf(options.owners);
  }

  /** Where to ask. Places do not depend on each other; pages of one place do. */
  get sources(): readonly ListSource[] {
    return this.#sources;
  }

  /** The query of the next page to ask a source for, without `?`; undefined when nothing more is needed from it. */
  next(source: number): string | undefined {
    const state = this.#sources[source];
    if (state === undefined || state.isDone) return undefined;
    return this.#format.pageQuery(this.#query, state.cursor);
  }

  /**
   * Takes the answer to the page asked for.
   * @param body a whole JSON answer with status 200
   * @returns false for what is no such list: the service is at fault
   */
  add(source: number, body: Buffer): boolean {
    const state = this.#sources[source];
    const page = state && this.#format.readPage(parseJson(body.toString()), state.cursor);
    if (state === undefined || page === undefined) return false;
    for (const item of page.items) {
      const owner = state.owned.get(item.id);
      if (owner === undefined) continue;
      state.missing.delete(item.id);
      if (!state.items.has(item.id)) {
        state.items.set(item.id, { ...item, createdMs: item.createdMs ?? owner.createdMs });
      }
    }
    state.pages++;
    state.cursor = page.next;
    state.isDone = page.next === undefined || state.missing.size === 0 || state.pages >= maxListPages;
    return true;
  }

  /**
   * The client's page, and what its objects tell of further ids of the consumer, such as the files of a batch.
   * @throws GatewayError invalid_request
   */
  result(ids: RouteIds): { readonly body: string; readonly made: readonly ListedId[] } {
    const { rule, requestId } = this.#options;
    const items = this.#sources.flatMap((state) => [...state.items.values()]).toSorted(byAge);
    const { value, shown } = this.#format.merge({
      items,
      query: this.#query,
      rule,
      requestId,
      timeOf: (id) => this.#timeOf(id),
    });
    const shownItems = new Set(shown);
    const made = this.#sources.flatMap(({ service, key, items: own }) =>
      [...own.values()]
        .filter((item) => shownItems.has(item))
        .flatMap((item) => this.#madeIn(ids, item))
        .map((id) => ({ ...id, service, key })),
    );
    return { body: JSON.stringify(value), made };
  }

  #madeIn(ids: RouteIds, { value }: ListItem): MadeId[] {
    return this.#options.rule.format === "comfyui-history" ? madeInHistory(value) : madeInItem(ids, value);
  }

  /** When an id of the consumer was made that the services do not list, or no longer. */
  #timeOf(id: string): number | undefined {
    const state = this.#sources.find(({ owned }) => owned.has(id));
    return (state?.owned.get(id) ?? this.#options.findForgotten(id))?.createdMs;
  }
}

function sourcesOf(owners: readonly IdOwner[]): SourceState[] {
  const states = new Map<string, SourceState>();
  const seen = new Set<string>();
  for (const owner of owners.slice(0, maxListedIds)) {
    const { service, key, id } = owner;
    // Of an id that two places have, the newest is the one that requests find.
    if (seen.has(id)) continue;
    seen.add(id);
    const name = `${service}\0${key}`;
    let state = states.get(name);
    if (state === undefined) {
      state = {
        service,
        key,
        owned: new Map(),
        missing: new Set(),
        items: new Map(),
        cursor: undefined,
        pages: 0,
        isDone: false,
      };
      states.set(name, state);
    }
    state.owned.set(id, owner);
    state.missing.add(id);
  }
  return [...states.values()];
}
