// The ids that an answer gives to a consumer: whole JSON answers, events of streams, messages of ComfyUI's socket.
// Must not know stores.
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
function isKnownUnstored({ row }: RouteIds, body: Buffer): boolean {
  const isResponse = row.made?.some(({ family }) => family === "openai-response") === true;
  return isResponse && unstored.some((text) => body.includes(text));
}

function readMade(
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
  return files([comfyuiFileId({ filename, subfolder, type: textOf(answer, "type") ?? "input" })]);
}

/** A history of the consumer's own prompts: what they have written is the consumer's. */
function historyFiles(body: Buffer): MadeId[] {
  const history = parseJson(body.toString());
  return isJsonObject(history) ? Object.values(history).flatMap(madeInHistory) : [];
}

/** The files that one entry of a history names. */
export function madeInHistory(entry: unknown): MadeId[] {
  return files(comfyuiFilesOf(memberOf(entry, "outputs")));
}

function files(ids: readonly string[]): MadeId[] {
  return [...new Set(ids)].map((id) => ({ family: "comfyui-file", id }));
}

/** The further ids in one object of a list, which is the consumer's own: the files that a batch has written. */
export function madeInItem({ made }: RouteIds, item: unknown): MadeId[] {
  if (made === undefined) return [];
  return readMade(Buffer.from(JSON.stringify(item)), made, ({ when }) => when === "seen");
}

/** Where the object of an answer stands in the events of a stream, by the event's name; "" is for unnamed ones. */
const eventObjects: Readonly<Record<string, readonly string[]>> = {
  "": [""],
  "response.created": ["response."],
  "response.completed": ["response."],
  "response.incomplete": ["response."],
  "response.failed": ["response."],
  message_start: ["message."],
  message_delta: ["delta."],
};

/** Reads the ids out of one streamed answer. Make it only for routes with ids; `read` costs little on other events. */
export class StreamIds {
  readonly #trees = new Map<string, ValueTree<MadeRule>>();
  readonly #told = new Set<string>();
  #isDone: boolean;

  /** @param isStored the request asked for storage, see `asksForStorage` */
  constructor(ids: RouteIds, isStored: boolean) {
    const { row } = ids;
    this.#isDone = row.made === undefined || (ids.isKeptOnly && !isStored);
    if (this.#isDone) return;
    for (const [event, prefixes] of Object.entries(eventObjects)) {
      const rules = (row.made ?? []).filter(({ when }) => event !== "" || when === "kept");
      const placed = prefixes.flatMap((prefix) => rules.map((rule) => ({ ...rule, at: prefix + rule.at })));
      if (placed.length > 0) this.#trees.set(event, treeOf(placed));
    }
  }

  /** @returns ids that no earlier event told */
  read(event: string, data: Buffer): readonly MadeId[] {
    const tree = this.#isDone ? undefined : this.#trees.get(event);
    if (tree === undefined || unstored.some((text) => event !== "" && data.includes(text))) return [];
    const made = readMade(data, tree, () => true).filter(({ id }) => !this.#told.has(id));
    for (const { id } of made) this.#told.add(id);
    // Every chunk of a chat completion repeats the one id that there is.
    if (event === "" && made.length > 0) this.#isDone = true;
    return made;
  }
}

const executed = Buffer.from('"executed"');

/**
 * The files that a text message of ComfyUI's socket tells of. It is sent to the client that asked for the prompt only,
 * so that they are that client's.
 */
export function idsInComfyuiMessage(message: Buffer): MadeId[] {
  if (!message.includes(executed)) return [];
  const parsed = parseJson(message.toString());
  return memberOf(parsed, "type") === "executed"
    ? files(comfyuiFilesOf(memberOf(memberOf(parsed, "data"), "output")))
    : [];
}

const unknownTask = Buffer.from('"UNKNOWN"');

/**
 * Whether a 200 says that the service does not know the id: a DashScope task that is UNKNOWN, an empty ComfyUI history.
 * @param body the whole answer
 */
export function isUnknownAnswer({ row }: RouteIds, body: Buffer): boolean {
  if (row.special === "comfyui-history") return /^\s*\{\s*\}\s*$/u.test(body.toString("latin1", 0, 64));
  const isTask = row.path?.some(({ family }) => family === "dashscope-task") === true;
  if (!isTask || !body.includes(unknownTask)) return false;
  return textOf(memberOf(parseJson(body.toString()), "output"), "task_status") === "UNKNOWN";
}

/** What clears, interrupts or frees for everybody: refused while authentication is on unless allowed. */
export function actsOnEverybody(routeName: string, method: string, body: Buffer | undefined): boolean {
  if (method !== "POST") return false;
  if (routeName === "comfyui-free") return true;
  const asked = body === undefined ? undefined : parseJson(body.toString());
  if (routeName === "comfyui-interrupt") return textOf(asked, "prompt_id") === undefined;
  if (routeName !== "comfyui-history" && routeName !== "comfyui-queue") return false;
  return Boolean(memberOf(asked, "clear"));
}
