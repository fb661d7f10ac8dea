// The id rules of one route, made ready for requests. Made once per plan.
import type { RouteProtocol } from "../../core/protocol.ts";
import { defaultRoutes } from "../../resources/default-routes.ts";
import { customIdRows, idRows } from "./id-rules.ts";
import type { BodyRule, IdRow, ListRule, MadeRule } from "./id-rules.ts";
import { treeOf } from "./value-scan.ts";
import type { ValueTree } from "./value-scan.ts";

export interface RouteIds {
  readonly row: IdRow;
  readonly needles: readonly Buffer[] | undefined;
  readonly modelNeedles: readonly string[];
  readonly body: ValueTree<BodyRule> | undefined;
  readonly made: ValueTree<MadeRule> | undefined;
  /** The same in the events of a stream, by their names. */
  readonly events: ReadonlyMap<string, ValueTree<MadeRule>>;
  /** Made in answers to requests that ask for storage, only. */
  readonly isKeptOnly: boolean;
  /** Of the route's own path. */
  readonly segments: readonly string[];
  /** A path of this length at most names nothing: it is the route's own, perhaps with a slash behind. */
  readonly namelessLength: number;
}

/** What identifies a route. */
export interface IdRoute {
  readonly name: string;
  readonly protocol: RouteProtocol;
  /** As in the Model API, without its base path. */
  readonly path: string;
}

/** Undefined for a route that has nothing to do with ids: its requests need not be looked at. */
export function idsOfRoute(route: IdRoute): RouteIds | undefined {
  const row = rowOf(route);
  if (row === undefined) return undefined;
  return {
    row,
    needles: row.needles?.map((needle) => Buffer.from(needle)),
    modelNeedles: row.modelNeedles ?? [],
    body: row.body && treeOf(row.body),
    made: row.made && treeOf(row.made),
    events: eventsOf(row.made ?? []),
    isKeptOnly: row.made?.every(({ when }) => when === "kept") ?? false,
    segments: segmentsOf(route.path),
    namelessLength: route.path.includes("{") ? 0 : route.path.length + 1,
  };
}

/** Where the object of an answer stands in the events of a stream; "" is for unnamed ones. */
const eventObjects: Readonly<Record<string, string>> = {
  "": "",
  "response.created": "response.",
  "response.completed": "response.",
  "response.incomplete": "response.",
  "response.failed": "response.",
  message_start: "message.",
  message_delta: "delta.",
};

/** Unnamed events are chunks of completions. */
function eventsOf(made: readonly MadeRule[]): Map<string, ValueTree<MadeRule>> {
  const trees = new Map<string, ValueTree<MadeRule>>();
  for (const [event, prefix] of Object.entries(eventObjects)) {
    const rules = made.filter(({ when }) => event !== "" || when === "kept");
    if (rules.length > 0) trees.set(event, treeOf(rules.map((rule) => ({ ...rule, at: prefix + rule.at }))));
  }
  return trees;
}

function rowOf({ name, protocol, path }: IdRoute): IdRow | undefined {
  const own = defaultRoutes.find((row) => row.name === name && (row.path === path || row.alias === path));
  const like =
    own ??
    defaultRoutes.find(
      (row) =>
        (row.speaks ?? row.protocol) === protocol &&
        [row.path, row.alias].some((end) => end !== undefined && path.endsWith(end)),
    );
  if (like !== undefined) return idRows[`${like.protocol} ${like.name}`];
  const custom = Object.keys(customIdRows).find((key) => {
    const [spoken = "", end = ""] = key.split(" ");
    return spoken === protocol && path.endsWith(end);
  });
  return custom === undefined ? undefined : customIdRows[custom];
}

/** Segments of a path, without the empty ones at its ends. */
function segmentsOf(path: string): string[] {
  return path.replace(/^\/|\/$/gu, "").split("/");
}

/** What a request's path says. */
export interface PathIds {
  /** Segments below the route's own path, undecoded. */
  readonly below: readonly string[];
  /** Of a route with parameters. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** @param path as it came, without base path and query */
export function readPath({ segments }: RouteIds, path: string): PathIds {
  const asked = segmentsOf(path);
  const parameters = new Map<string, string>();
  for (const [index, segment] of segments.entries()) {
    if (segment.startsWith("{")) parameters.set(segment.slice(1, -1), asked[index] ?? "");
  }
  return { below: asked.slice(segments.length), parameters };
}

/** A segment as servers read it: what is no escape stays, as most of them have it. */
export function decodedSegment(segment: string): string {
  return segment.replace(/(?:%[\da-f]{2})+/giu, (escapes) =>
    Buffer.from(escapes.replaceAll("%", ""), "hex").toString(),
  );
}

/** Whether a path names an object by this id. */
export function namesId(ids: RouteIds, path: string, id: string): boolean {
  const { below, parameters } = readPath(ids, path);
  return [...below, ...parameters.values()].some((segment) => decodedSegment(segment) === id);
}

/** Whether a path ends at an object, as opposed to something that belongs to one. */
export function endsAtId(ids: RouteIds, path: string): boolean {
  const { below } = readPath(ids, path);
  return (ids.row.path ?? []).some(
    ({ after = [], parameter }) =>
      parameter !== undefined ||
      (below.length === after.length + 1 && after.every((name, at) => name === below[at])),
  );
}

/** The list that a GET asks for; undefined when it asks for something else. */
export function listOf(ids: RouteIds, method: string, path: string): ListRule | undefined {
  if (ids.row.list === undefined || (method !== "GET" && method !== "HEAD")) return undefined;
  const { below } = readPath(ids, path);
  return ids.row.list.find(
    ({ after }) => after.length === below.length && after.every((name, at) => name === below[at]),
  );
}
