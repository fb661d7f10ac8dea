// Parts of messages and tool outputs of the Responses protocol in chat form. Must not know items.
import { textOf, type JsonObject } from "../../../lib/json-value.ts";
import type { CacheControl, ContentPart, RefusalPart, TextPart } from "../../chat/chat-request.ts";
import type { TranslationNotes } from "../../translation-notes.ts";
import {
  invalidRequest,
  listField,
  neededObject,
  neededString,
  objectField,
  stringField,
} from "../request-fields.ts";

/** What a user or a tool says: a text as it is, parts each in chat form. */
export function contentOf(
  value: unknown,
  param: string,
  notes: TranslationNotes,
): string | readonly ContentPart[] {
  if (typeof value === "string") return value;
  const parts = listField(value, param);
  if (parts === undefined) throw invalidRequest(`${param} is missing: a string or a list of parts.`, param);
  return parts.map((part, index) =>
    partOf(neededObject(part, `${param}.${index}`), `${param}.${index}`, notes),
  );
}

/** What an assistant or a system prompt says: text alone. */
export function textPartsOf(
  value: unknown,
  param: string,
  notes: TranslationNotes,
): readonly (TextPart | RefusalPart)[] {
  const content = contentOf(value, param, notes);
  if (typeof content === "string") return [{ type: "text", text: content }];
  return content.map((part, index) => {
    if (part.type === "text" || part.type === "refusal") return part;
    throw invalidRequest(`${param}.${index} must be text: messages of this role hold nothing else.`, param);
  });
}

function partOf(part: JsonObject, param: string, notes: TranslationNotes): ContentPart {
  const cache = cacheControlOf(part);
  switch (part["type"]) {
    case "input_text":
    case "output_text":
    case "text":
    case "summary_text":
    case "reasoning_text":
      noteAnnotations(part, param, notes);
      return { type: "text", text: neededString(part["text"], `${param}.text`), ...cache };
    case "refusal":
      return { type: "refusal", refusal: neededString(part["refusal"], `${param}.refusal`) };
    case "input_image":
    case "computer_screenshot":
      return imageOf(part, param, cache);
    case "input_file":
      return fileOf(part, param, cache, notes);
    case "input_audio": {
      const audio = neededObject(part["input_audio"], `${param}.input_audio`);
      const data = neededString(audio["data"], `${param}.input_audio.data`);
      const format = neededString(audio["format"], `${param}.input_audio.format`);
      return { type: "input_audio", input_audio: { data, format }, ...cache };
    }
    default:
      throw invalidRequest(
        `${param}.type is none of input_text, input_image, input_file, input_audio, output_text and refusal.`,
        param,
      );
  }
}

/** What the answer that a history repeats had beside its text. */
function noteAnnotations(part: JsonObject, param: string, notes: TranslationNotes): void {
  const annotations = listField(part["annotations"], `${param}.annotations`);
  if (annotations !== undefined && annotations.length > 0) notes.dropped(`${param}.annotations`);
}

/** `prompt_cache_breakpoint` means what Anthropic's mark means: what stands up to here is worth keeping. */
function cacheControlOf(part: JsonObject): { readonly cache_control?: CacheControl } {
  return objectField(part["prompt_cache_breakpoint"], "prompt_cache_breakpoint") === undefined
    ? {}
    : { cache_control: { type: "ephemeral" } };
}

function imageOf(part: JsonObject, param: string, cache: { cache_control?: CacheControl }): ContentPart {
  const url = stringField(part["image_url"], `${param}.image_url`);
  const fileId = stringField(part["file_id"], `${param}.file_id`);
  if (url === undefined && fileId === undefined)
    throw invalidRequest(`${param} names no image: it needs image_url or file_id.`, param);
  const detail = stringField(part["detail"], `${param}.detail`);
  const image = {
    url: url ?? "",
    ...(detail === undefined ? {} : { detail }),
    ...(fileId === undefined ? {} : { file_id: fileId }),
  };
  return { type: "image_url", image_url: image, ...cache };
}

function fileOf(
  part: JsonObject,
  param: string,
  cache: { cache_control?: CacheControl },
  notes: TranslationNotes,
): ContentPart {
  for (const name of ["file_id", "file_data", "file_url", "filename"])
    stringField(part[name], `${param}.${name}`);
  const fileId = textOf(part, "file_id");
  const data = textOf(part, "file_data");
  const url = textOf(part, "file_url");
  const filename = textOf(part, "filename");
  if (fileId === undefined && data === undefined && url === undefined)
    throw invalidRequest(`${param} names no file: it needs file_data, file_url or file_id.`, param);
  if (textOf(part, "detail") !== undefined) notes.dropped(`${param}.detail`);
  const file = {
    ...(fileId === undefined ? {} : { file_id: fileId }),
    ...(data === undefined ? {} : { file_data: data }),
    ...(url === undefined ? {} : { file_url: url }),
    ...(filename === undefined ? {} : { filename }),
  };
  return { type: "file", file, ...cache };
}
