// Images, sounds, films and documents of the chat form as Gemini's parts, and which of them must be fetched before. Must
// not know messages.
import { GatewayError } from "../../../core/errors.ts";
import type { JsonObject } from "../../../lib/json-value.ts";
import type { ContentPart } from "../../chat/chat-request.ts";
import { readDataUrl } from "../../chat/data-url.ts";
import type { Media, TranslationContext } from "../../translation.ts";

/** What Google reads by itself: films on YouTube, files of its own store and of Cloud Storage. */
const readByGoogle =
  /^(?:https?:\/\/(?:(?:www|m|music)\.)?(?:youtube\.com|youtu\.be)\/|https:\/\/generativelanguage\.googleapis\.com\/|gs:\/\/)/i;

const youTube = /^https?:\/\/(?:(?:www|m|music)\.)?(?:youtube\.com|youtu\.be)\//i;

const typeByEnding: Readonly<Record<string, string>> = {
  csv: "text/csv",
  gif: "image/gif",
  html: "text/html",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  json: "application/json",
  md: "text/markdown",
  mov: "video/quicktime",
  mp3: "audio/mp3",
  mp4: "video/mp4",
  pdf: "application/pdf",
  png: "image/png",
  txt: "text/plain",
  wav: "audio/wav",
  webm: "video/webm",
  webp: "image/webp",
};

/** The URL in a part that has to be fetched; undefined when there is nothing to fetch. */
export function urlToFetch(part: ContentPart): string | undefined {
  const url = urlOf(part);
  return url !== undefined && /^https?:\/\//i.test(url) && !readByGoogle.test(url) ? url : undefined;
}

function urlOf(part: ContentPart): string | undefined {
  if (part.type === "image_url") return part.image_url.file_id === undefined ? part.image_url.url : undefined;
  if (part.type === "video_url") return part.video_url.url;
  return part.type === "file" ? part.file.file_url : undefined;
}

/** @param where of the part, such as `messages.2.content.0` */
export function mediaPart(
  part: Exclude<ContentPart, { type: "text" | "refusal" }>,
  where: string,
  context: TranslationContext,
): JsonObject {
  switch (part.type) {
    case "image_url": {
      const { url, file_id: id, detail } = part.image_url;
      if (detail !== undefined && detail !== "auto") context.notes.dropped(`${where}.image_url.detail`);
      return id === undefined ? partOfUrl(url, where, "image/jpeg", context) : storedFile(id);
    }
    case "video_url":
      return partOfUrl(part.video_url.url, where, "video/mp4", context);
    case "input_audio":
      return inline({ type: `audio/${part.input_audio.format}`, base64: part.input_audio.data });
    case "file":
      return filePart(part.file, where, context);
  }
}

type FileOfPart = Extract<ContentPart, { type: "file" }>["file"];

function filePart(file: FileOfPart, where: string, context: TranslationContext): JsonObject {
  if (file.title !== undefined) context.notes.dropped(`${where}.file.title`);
  if (file.context !== undefined) context.notes.dropped(`${where}.file.context`);
  if (file.citations?.["enabled"] === true) context.notes.dropped(`${where}.file.citations`);
  if (file.text !== undefined) return { text: file.text };
  const type = typeOfName(file.filename) ?? "application/pdf";
  if (file.file_data !== undefined)
    return inline(readDataUrl(file.file_data) ?? { type, base64: file.file_data });
  if (file.file_url !== undefined) return partOfUrl(file.file_url, where, type, context);
  if (file.file_id !== undefined) return storedFile(file.file_id);
  throw new GatewayError("invalid_request", {
    message: `${where}.file holds neither file_data, file_url nor file_id.`,
    param: `${where}.file`,
  });
}

function partOfUrl(url: string, where: string, type: string, { media }: TranslationContext): JsonObject {
  const data = readDataUrl(url) ?? media.get(url);
  if (data !== undefined) return inline(data);
  if (readByGoogle.test(url)) {
    const known = youTube.test(url) ? "video/mp4" : typeOfName(url);
    return { fileData: { fileUri: url, ...(known !== undefined && { mimeType: known }) } };
  }
  throw new GatewayError("invalid_request", {
    message: `${where} names no ${type} that can be read: a data: URL with base64, or an http(s): URL, is expected.`,
    param: where,
  });
}

function inline({ type, base64 }: Media): JsonObject {
  return { inlineData: { mimeType: type, data: base64 } };
}

/** A file of the service's own store, by its name there or its whole URI. */
function storedFile(id: string): JsonObject {
  if (id.includes("://")) return { fileData: { fileUri: id } };
  const name = id.startsWith("files/") ? id : `files/${id}`;
  return { fileData: { fileUri: `https://generativelanguage.googleapis.com/v1beta/${name}` } };
}

function typeOfName(name: string | undefined): string | undefined {
  const ending =
    name === undefined ? undefined : /\.([a-z0-9]{1,5})(?:[?#]|$)/i.exec(name)?.[1]?.toLowerCase();
  return ending !== undefined && Object.hasOwn(typeByEnding, ending) ? typeByEnding[ending] : undefined;
}
