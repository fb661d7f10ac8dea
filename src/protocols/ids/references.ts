// The ids that a request refers to: in its path, query, JSON body and parts. Must not know who owns them.
import { GatewayError } from "../../core/errors.ts";
import type { IdFamily } from "../../core/id-families.ts";
import { mayNameIds } from "./body-needles.ts";
import { parseJson, textOf } from "../../lib/json-value.ts";
import { uploadFields } from "../form-limits.ts";
import { boundedId } from "./bounded-id.ts";
import { comfyuiFileId, comfyuiNamedFileId, comfyuiUserdataId, comfyuiViewedFileId } from "./comfyui-file.ts";
import type { BodyRule, PathRule, Reading, Unknown } from "./id-rules.ts";
import { decodedSegment, readPath } from "./route-ids.ts";
import type { RouteIds } from "./route-ids.ts";
import { visitValues } from "./value-scan.ts";

export interface IdReference {
  readonly family: IdFamily;
  readonly id: string;
  readonly unknown: Unknown;
}

/** A part of a multipart body: a text with its value, or a file with its name. */
export interface FormPart {
  readonly name: string;
  readonly filename?: string | undefined;
  readonly value?: string | undefined;
}

export interface IdRequest {
  readonly method: string;
  /** Undecoded, without base path and query. */
  readonly path: string;
  /** With or without its leading `?`. */
  readonly query: string;
  /** Of the body, decoded; undefined when it is not known. */
  readonly model?: string | undefined;
  /** A whole JSON body that was found valid; undefined for any other. */
  readonly body?: Buffer | undefined;
  /** Of a multipart body; values of files are not wanted. */
  readonly parts?: readonly FormPart[] | undefined;
}

/** More distinct ids than this in one request are refused: each costs a look into the store. */
const mostReferences = 1000;

/**
 * Every id that the request names, each once. A body without any costs one search for each of a few words.
 * @throws GatewayError invalid_request for too many ids
 */
export function idsAskedFor(ids: RouteIds, request: IdRequest): readonly IdReference[] {
  const { row } = ids;
  const found = new References();
  if (row.path !== undefined && request.path.length > ids.namelessLength) readPathIds(ids, request, found);
  if (row.query !== undefined || row.special === "comfyui-view") readQueryIds(ids, request, found);
  if (row.special === "comfyui-upload") readUpload(request.parts ?? [], found);
  if (ids.body !== undefined && request.body !== undefined && mayNameIds(ids, request.body, request.model)) {
    visitValues(request.body, ids.body, (rule, value) => {
      if (typeof value === "string" && isFor(rule, request.method)) readValue(rule, value, found);
    });
  }
  return found.all;
}

class References {
  readonly all: IdReference[] = [];
  #seen: Set<string> | undefined;

  add(family: IdFamily, text: string, unknown: Unknown): void {
    const id = boundedId(text);
    if (id === undefined) return;
    this.#seen ??= new Set();
    const mark = `${family} ${unknown} ${id}`;
    if (this.#seen.has(mark)) return;
    if (this.all.length === mostReferences) {
      throw new GatewayError("invalid_request", {
        message: `The request names more than ${mostReferences} ids. Split it.`,
      });
    }
    this.#seen.add(mark);
    this.all.push({ family, id, unknown });
  }
}

function isFor(rule: BodyRule | PathRule, method: string): boolean {
  return rule.methods?.includes(method === "HEAD" ? "GET" : method) ?? true;
}

function readPathIds(ids: RouteIds, { method, path }: IdRequest, found: References): void {
  const { below, parameters } = readPath(ids, path);
  for (const rule of ids.row.path ?? []) {
    if (!isFor(rule, method)) continue;
    const after = rule.after ?? [];
    const isThere = after.every((name, at) => below[at] === name);
    const segment = rule.parameter === undefined ? below[after.length] : parameters.get(rule.parameter);
    if (!isThere || segment === undefined || rule.except?.includes(segment)) continue;
    const text = decodedSegment(segment);
    found.add(
      rule.family,
      rule.isUserdata === true ? comfyuiUserdataId(decodedSegment(text)) : text,
      rule.unknown,
    );
  }
}

function readQueryIds({ row }: RouteIds, { query }: IdRequest, found: References): void {
  const asked = new URLSearchParams(query);
  for (const { name, family, unknown } of row.query ?? []) {
    for (const value of asked.getAll(name)) found.add(family, value, unknown);
  }
  if (row.special !== "comfyui-view") return;
  // Which of several a server takes nobody knows, so that all must be the consumer's.
  for (const filename of new Set(asked.getAll("filename"))) {
    for (const subfolder of listOrNone(asked.getAll("subfolder"))) {
      for (const type of listOrNone(asked.getAll("type"))) {
        found.add("comfyui-file", comfyuiViewedFileId({ filename, subfolder, type }), "follow");
      }
    }
  }
}

function listOrNone(values: readonly string[]): readonly (string | undefined)[] {
  return values.length === 0 ? [undefined] : [...new Set(values)];
}

/** Only what overwrites a file refers to it: otherwise the server finds another name and tells it. */
function readUpload(parts: readonly FormPart[], found: References): void {
  const unread = parts.find(
    ({ name, filename, value }) => uploadFields.has(name) && filename === undefined && value === undefined,
  );
  if (unread !== undefined) {
    const message = `\`${unread.name}\` is too long to be looked into.`;
    throw new GatewayError("invalid_request", { message, param: unread.name });
  }
  const valueOf = (name: string): string | undefined => parts.find((part) => part.name === name)?.value;
  const original = parseJson(valueOf("original_ref") ?? "");
  const originalName = textOf(original, "filename");
  if (originalName !== undefined) {
    const subfolder = textOf(original, "subfolder");
    const id = comfyuiNamedFileId({ filename: originalName, subfolder, type: textOf(original, "type") });
    found.add("comfyui-file", id, "refuse");
  }
  const filename = parts.find((part) => part.filename !== undefined)?.filename;
  if (filename === undefined || !["true", "1"].includes(valueOf("overwrite") ?? "")) return;
  const type = valueOf("type") ?? "input";
  found.add("comfyui-file", comfyuiFileId({ filename, subfolder: valueOf("subfolder"), type }), "bind");
}

const fileUrl = /fileid:\/\/([\w.-]+)/gu;
/** How fine-tuned models are named: `ft:base:organisation::id` by OpenAI, `base-ft-date-id` by Model Studio. */
const fineTunedName = /^ft:|-ft-/u;

const readings: Readonly<Record<Reading, (text: string) => readonly string[]>> = {
  id: (text) => [text],
  "file-urls": (text) =>
    text.includes("fileid:") ? [...text.matchAll(fileUrl)].map(([, id = ""]) => id) : [],
  "fine-tuned": (text) => (fineTunedName.test(text) ? [text] : []),
  "comfyui-name": (text) => [comfyuiNamedFileId({ filename: text, type: "input" })],
};

function readValue(rule: BodyRule, text: string, found: References): void {
  // Only a prompt that begins with a file means it for certain; in other texts it may be talked about.
  const isCertain = rule.read === "file-urls" && text.trimStart().startsWith("fileid://");
  for (const id of readings[rule.read](text)) found.add(rule.family, id, isCertain ? "refuse" : rule.unknown);
}
