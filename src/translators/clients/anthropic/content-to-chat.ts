// Blocks of what a user or a tool says, as parts of the chat form. Must not know messages.
import { memberOf, textOf, type JsonObject } from "../../../lib/json-value.ts";
import type { CacheControl, ContentPart, FilePart, ImagePart, TextPart } from "../../chat/chat-request.ts";
import { dataUrl } from "../../chat/data-url.ts";
import type { TranslationNotes } from "../../translation-notes.ts";
import {
  fault,
  objectAt,
  optionalList,
  optionalObject,
  optionalString,
  requiredString,
} from "./request-fault.ts";

/** What no other protocol has: reported, not sent. */
const unspeakable: ReadonlySet<string> = new Set([
  "container_upload",
  "mcp_tool_listing",
  "tool_addition",
  "tool_reference",
  "tool_removal",
]);

/** Members of a block that other protocols have nothing for. */
const marks: Readonly<Record<string, readonly string[]>> = {
  image: ["transformations"],
  search_result: ["citations"],
};

/** @param path of the list, such as `messages.0.content` */
export function partsOf(
  content: readonly unknown[],
  path: string,
  notes: TranslationNotes,
): readonly ContentPart[] {
  const parts: ContentPart[] = [];
  for (let index = 0; index < content.length; index++) {
    const place = `${path}.${index}`;
    const part = partOf(objectAt(content[index], place), place, notes);
    if (part !== undefined) parts.push(part);
  }
  return parts;
}

/** Undefined for what is nothing, or was reported. */
export function partOf(block: JsonObject, path: string, notes: TranslationNotes): ContentPart | undefined {
  const type = requiredString(block, "type", path);
  noteMarks(block, type, path, notes);
  switch (type) {
    case "text":
      return textPart(block, path);
    case "image":
      return imagePart(block, path);
    case "document":
      return documentPart(block, path);
    case "search_result":
      return searchResultPart(block, path, notes);
    default:
      if (!unspeakable.has(type)) throw fault(`${path}.type`, `"${type.slice(0, 64)}" is not known here.`);
      notes.dropped(path);
      return undefined;
  }
}

/** Undefined for an empty text, which says nothing. */
export function textPart(block: JsonObject, path: string): TextPart | undefined {
  const text = requiredString(block, "text", path);
  return text === "" ? undefined : { type: "text", text, ...cacheControlOf(block, path) };
}

export function cacheControlOf(holder: JsonObject, path: string): { readonly cache_control?: CacheControl } {
  const control = optionalObject(holder, "cache_control", path);
  if (control === undefined) return {};
  const ttl = optionalString(control, "ttl", `${path}.cache_control`);
  return { cache_control: { type: "ephemeral", ...(ttl === undefined ? {} : { ttl }) } };
}

function noteMarks(block: JsonObject, type: string, path: string, notes: TranslationNotes): void {
  const names = Object.hasOwn(marks, type) ? marks[type] : undefined;
  if (names === undefined) return;
  for (const name of names) if (isOn(block[name])) notes.dropped(`${path}.${name}`);
}

/** Citations may be there and switched off. */
function isOn(mark: unknown): boolean {
  return mark !== undefined && mark !== null && memberOf(mark, "enabled") !== false;
}

function imagePart(block: JsonObject, path: string): ImagePart {
  const source = requiredSource(block, path);
  const place = `${path}.source`;
  const type = requiredString(source, "type", place);
  const cache = cacheControlOf(block, path);
  switch (type) {
    case "base64":
      return { type: "image_url", image_url: { url: inlineData(source, place) }, ...cache };
    case "url":
      return { type: "image_url", image_url: { url: requiredString(source, "url", place) }, ...cache };
    case "file":
      return {
        type: "image_url",
        image_url: { url: "", file_id: requiredString(source, "file_id", place) },
        ...cache,
      };
    default:
      throw fault(`${place}.type`, "must be base64, url or file.");
  }
}

function requiredSource(block: JsonObject, path: string): JsonObject {
  const source = optionalObject(block, "source", path);
  if (source === undefined) throw fault(`${path}.source`, "is required.");
  return source;
}

function inlineData(source: JsonObject, place: string): string {
  return dataUrl({
    type: requiredString(source, "media_type", place),
    base64: requiredString(source, "data", place),
  });
}

function documentPart(block: JsonObject, path: string): FilePart {
  const title = optionalString(block, "title", path);
  const context = optionalString(block, "context", path);
  const citations = optionalObject(block, "citations", path);
  return {
    type: "file",
    file: {
      ...documentSource(requiredSource(block, path), `${path}.source`),
      ...(title === undefined ? {} : { filename: title, title }),
      ...(context === undefined ? {} : { context }),
      ...(isOn(citations) && citations !== undefined ? { citations } : {}),
    },
    ...cacheControlOf(block, path),
  };
}

function documentSource(source: JsonObject, place: string): FilePart["file"] {
  const type = requiredString(source, "type", place);
  switch (type) {
    case "base64":
      return { file_data: inlineData(source, place) };
    case "text":
      return { text: requiredString(source, "data", place) };
    case "url":
      return { file_url: requiredString(source, "url", place) };
    case "file":
      return { file_id: requiredString(source, "file_id", place) };
    case "content":
      return { text: contentSourceText(source, place) };
    default:
      throw fault(`${place}.type`, "must be base64, text, url, file or content.");
  }
}

/** A document made of blocks. Images in it have no place in a document of any other protocol. */
function contentSourceText(source: JsonObject, place: string): string {
  if (typeof source["content"] === "string") return source["content"];
  return textsOf(optionalList(source, "content", place) ?? [], `${place}.content`);
}

function textsOf(blocks: readonly unknown[], path: string): string {
  return blocks
    .map((block, index) => {
      const place = `${path}.${index}`;
      const text = textOf(objectAt(block, place), "text");
      if (text === undefined) throw fault(place, "only texts can be translated here.");
      return text;
    })
    .join("\n\n");
}

function searchResultPart(block: JsonObject, path: string, notes: TranslationNotes): TextPart {
  notes.rewritten(path);
  const title = requiredString(block, "title", path);
  const source = requiredString(block, "source", path);
  const text = textsOf(optionalList(block, "content", path) ?? [], `${path}.content`);
  return { type: "text", text: `${title}\n${source}\n\n${text}`, ...cacheControlOf(block, path) };
}
