// What one format of lists says about its pages. The implementations are data and small functions; no I/O.
import { GatewayError } from "../../core/errors.ts";
import type { ListRule } from "./id-rules.ts";

/** One object of a service's list. */
export interface ListItem {
  readonly id: string;
  /** As the service says; undefined when it does not. */
  readonly createdMs: number | undefined;
  /** As it came, parsed. */
  readonly value: unknown;
}

/** One page of a service's list. */
export interface ListPage {
  readonly items: readonly ListItem[];
  /** What to ask for next; undefined at the end. */
  readonly next: string | undefined;
}

/** What a merged page is made of: the consumer's own objects, newest first. */
export interface MergeInput {
  readonly items: readonly ListItem[];
  /** Of the client. */
  readonly query: URLSearchParams;
  readonly rule: ListRule;
  /** When an own object was made that is no longer in the list; undefined for what never was the consumer's. */
  readonly timeOf: (id: string) => number | undefined;
  /** Of the gateway's answer, where the format tells it. */
  readonly requestId: string;
}

export interface MergedPage {
  /** The answer, to be sent as JSON. */
  readonly value: unknown;
  /** The objects that it holds. */
  readonly shown: readonly ListItem[];
}

export interface ListFormatting {
  /**
   * The query for a page of a service: the client's filters, our size, no order of the client's.
   * @param cursor from the page before; undefined for the first
   */
  pageQuery(query: URLSearchParams, cursor: string | undefined): string;
  /** Undefined for what is no such list. */
  readPage(answer: unknown, cursor: string | undefined): ListPage | undefined;
  /** @throws GatewayError invalid_request for a query that makes no sense */
  merge(input: MergeInput): MergedPage;
}

/**
 * A whole number of the query; the default when it is not there.
 * @throws GatewayError invalid_request
 */
export function wholeNumber(
  query: URLSearchParams,
  name: string,
  { least, most, preset }: { least: number; most: number; preset: number },
): number {
  const text = query.get(name);
  if (text === null || text === "") return preset;
  const value = /^-?\d{1,9}$/u.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new GatewayError("invalid_request", {
    message: `\`${name}\` must be a whole number from ${least} to ${most}.`,
    param: name,
  });
}

/** The query without some of its members, and with others. */
export function changedQuery(
  query: URLSearchParams,
  without: readonly string[],
  added: Readonly<Record<string, string>>,
): string {
  const changed = new URLSearchParams(query);
  for (const name of without) changed.delete(name);
  for (const [name, value] of Object.entries(added)) changed.set(name, value);
  return changed.toString();
}

/** Newest first; of one time, by id. The same in every page, so that cursors hold. */
export function byAge(a: Position, b: Position): number {
  if (a.createdMs !== b.createdMs) return (b.createdMs ?? 0) - (a.createdMs ?? 0);
  if (a.id === b.id) return 0;
  return a.id < b.id ? 1 : -1;
}

/** Where an object stands in a merged list. */
export type Position = Pick<ListItem, "id" | "createdMs">;

/**
 * Where a cursor stands, which may be of an object that was deleted in between.
 * @throws GatewayError invalid_request for the id of no object of the consumer
 */
export function positionOf(name: string, id: string, { items, timeOf }: MergeInput): Position {
  const item = items.find((each) => each.id === id);
  const createdMs = item === undefined ? timeOf(id) : item.createdMs;
  if (createdMs !== undefined) return { id, createdMs };
  throw new GatewayError("invalid_request", {
    message: `\`${name}\` names no object of this list: ${JSON.stringify(id.slice(0, 100))}.`,
    param: name,
  });
}
