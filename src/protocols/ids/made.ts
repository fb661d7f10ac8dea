// The ids that a whole JSON answer gives to a consumer. Must not know stores.
import type { IdFamily } from "../../core/id-families.ts";
import { isJsonObject, memberOf, parseJson, textOf } from "../../lib/json-value.ts";
import { boundedId } from "./bounded-id.ts";
import { comfyuiFileId, comfyuiFilesOf } from "./comfyui-file.ts";
import type { MadeRule } from "./id-rules.ts";
import { readPath } from "./route-ids.ts";
import type { RouteIds } from "./route-ids.ts";
import { treeOf, visitValues } from "./value-scan.ts";
import type { ValueTree } from "./value-scan.ts";

export interface MadeId {
  readonly family: IdFamily;
  readonly id: string;
  /** When the service says that it was made, wall time; undefined when it does not say. */
  readonly createdMs?: number | undefined;
}

export interface IdAnswer {
  readonly method: string;
  /** Of the request, undecoded, without base path and query. */
  readonly path: string;
  readonly status: number;
  /** A JSON answer, decoded; its beginning is enough for ids that stand there. */
  readonly body: Buffer;
  /** The id in the path of the request is the consumer's own. */
  readonly isOwn: boolean;
  /** The request asked for storage, see `asksForStorage`. */
  readonly isStored: boolean;
}

/**
 * The ids that become the consumer's by this answer. Not for lists: they hold what belongs to others, see `MergedList`.
 */
export function idsMade(ids: RouteIds, answer: IdAnswer): MadeId[] {
  const { method, path, status, body, isOwn, isStored } = answer;
  if (status < 200 || status > 299) return [];
  const asked = readPath(ids, path);
  if (ids.row.special === "comfyui-upload") return uploadedFile(body);
  if (ids.row.special === "comfyui-history") return isOwn ? historyFiles(body) : [];
  if (ids.made === undefined || (ids.isKeptOnly && !isStored)) return [];
  const pathIds = new Set([...asked.below, ...asked.parameters.values()]);
  const isMaking = method === "POST" && !isKnownUnstored(ids, body);
  return readMade(body, ids.made, ({ when }, id) => {
    if (when === "seen") return isOwn || (method === "POST" && !hasPathId(ids, path));
    // What the path names is no new thing, such as the batch that is cancelled.
    return isMaking && !pathIds.has(id);
  });
}

/** Whether the path names an object, so that the answer may tell of somebody else's. */
function hasPathId(ids: RouteIds, path: string): boolean {
  const { below, parameters } = readPath(ids, path);
  return (
    parameters.size > 0 ||
    (ids.row.path ?? []).some(({ after = [] }) => below.length > after.length && below[0] !== "")
  );
}

const unstored = [Buffer.from('"store":false'), Buffer.from('"store": false')];

/** Responses tell when they were not kept: such an id leads nowhere. */
export function isKnownUnstored({ row }: RouteIds, body: Buffer): boolean {
  const isResponse = row.made?.some(({ family }) => family === "openai-response") === true;
  return isResponse && unstored.some((text) => body.includes(text));
}

/** The values of an answer that are ids, as far as they are accepted. */
export function readMade(
  body: Buffer,
  tree: ValueTree<MadeRule>,
  accepts: (rule: MadeRule, id: string) => boolean,
): MadeId[] {
  const found: { rule: MadeRule; id: string }[] = [];
  visitValues(body, tree, (rule, value) => {
    const id = typeof value === "string" ? boundedId(value) : undefined;
    if (id !== undefined && accepts(rule, id)) found.push({ rule, id });
  });
  return found.map(({ rule, id }) => ({ family: rule.family, id, createdMs: timeIn(body, rule.timeAt) }));
}

/** Seconds since 1970 or an ISO date, at the top of the answer. */
function timeIn(body: Buffer, at: string | undefined): number | undefined {
  if (at === undefined) return undefined;
  let createdMs: number | undefined;
  visitValues(body, treeOf([{ at }]), (_, value) => {
    const timeMs = typeof value === "number" ? value * 1000 : Date.parse(value);
    if (Number.isSafeInteger(timeMs) && timeMs > 0) createdMs = timeMs;
  });
  return createdMs;
}

function uploadedFile(body: Buffer): MadeId[] {
  const answer = parseJson(body.toString());
  const filename = textOf(answer, "name");
  if (filename === undefined) return [];
  const subfolder = textOf(answer, "subfolder");
  return comfyuiFileIds([comfyuiFileId({ filename, subfolder, type: textOf(answer, "type") ?? "input" })]);
}

/** A history of the consumer's own prompts: what they have written is the consumer's. */
function historyFiles(body: Buffer): MadeId[] {
  const history = parseJson(body.toString());
  return isJsonObject(history) ? Object.values(history).flatMap(madeInHistory) : [];
}

/** The files that one entry of a history names. */
export function madeInHistory(entry: unknown): MadeId[] {
  return comfyuiFileIds(comfyuiFilesOf(memberOf(entry, "outputs")));
}

/** Ids of files, each once. */
export function comfyuiFileIds(ids: readonly string[]): MadeId[] {
  return [...new Set(ids)].map((id) => ({ family: "comfyui-file", id }));
}

/** The further ids in one object of a list, which is the consumer's own: the files that a batch has written. */
export function madeInItem({ made }: RouteIds, item: unknown): MadeId[] {
  if (made === undefined) return [];
  return readMade(Buffer.from(JSON.stringify(item)), made, ({ when }) => when === "seen");
}
