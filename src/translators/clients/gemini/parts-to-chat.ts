// Parts of what a user says, and of what functions answer, in chat form. Must not know turns.
import type { JsonObject } from "../../../lib/json-value.ts";
import type { ContentPart } from "../../chat/chat-request.ts";
import { dataUrl } from "../../chat/data-url.ts";
import type { TranslationNotes } from "../../translation-notes.ts";
import { fault, spelled, textIn } from "./spelling.ts";

/** Formats of sounds by the names that they have in types. */
const soundFormats: Readonly<Record<string, string>> = {
  "audio/wav": "wav",
  "audio/x-wav": "wav",
  "audio/wave": "wav",
  "audio/mpeg": "mp3",
  "audio/mp3": "mp3",
};

/** @throws GatewayError for a part of a kind that nobody else knows */
export function contentPart(part: JsonObject, where: string, notes: TranslationNotes): ContentPart {
  for (const name of ["videoMetadata", "mediaResolution"])
    if (part[name] !== undefined) notes.dropped(`${where}.${name}`);
  const text = textIn(part, "text", `${where}.`);
  if (text !== undefined) return { type: "text", text };
  if (part["inlineData"] !== undefined) return inlinePart(part["inlineData"], `${where}.inlineData`);
  if (part["fileData"] !== undefined) return filePart(part["fileData"], `${where}.fileData`);
  throw fault(where, "holds nothing that a service of another protocol could be told");
}

function inlinePart(value: unknown, where: string): ContentPart {
  const data = spelled(value, where);
  const type = textIn(data, "mimeType", `${where}.`)?.toLowerCase();
  const raw = textIn(data, "data", `${where}.`);
  if (type === undefined) throw fault(`${where}.mimeType`, "is missing");
  if (raw === undefined) throw fault(`${where}.data`, "is missing");
  const base64 = plainBase64(raw);
  const url = dataUrl({ type, base64 });
  const name = textIn(data, "displayName", `${where}.`);
  if (type.startsWith("image/")) return { type: "image_url", image_url: { url } };
  if (type.startsWith("audio/")) {
    const format = Object.hasOwn(soundFormats, type) ? soundFormats[type] : undefined;
    return {
      type: "input_audio",
      input_audio: { data: base64, format: format ?? type.slice("audio/".length) },
    };
  }
  if (type.startsWith("video/")) return { type: "video_url", video_url: { url } };
  if (type.startsWith("text/")) return { type: "text", text: Buffer.from(base64, "base64").toString() };
  return { type: "file", file: { file_data: url, filename: name ?? nameFor(type) } };
}

/** Services ask for a name. */
function nameFor(type: string): string {
  return type === "application/pdf" ? "document.pdf" : "document";
}

function filePart(value: unknown, where: string): ContentPart {
  const file = spelled(value, where);
  const type = textIn(file, "mimeType", `${where}.`)?.toLowerCase() ?? "";
  const url = textIn(file, "fileUri", `${where}.`);
  if (url === undefined || !/^https?:\/\//i.test(url))
    throw fault(
      `${where}.fileUri`,
      "must be an http(s) URL: files in Google's own stores are read by Gemini alone",
    );
  if (type.startsWith("image/")) return { type: "image_url", image_url: { url } };
  if (type.startsWith("video/")) return { type: "video_url", video_url: { url } };
  return { type: "file", file: { file_url: url } };
}

/** Gemini takes base64 for URLs too; nobody else does. */
function plainBase64(text: string): string {
  if (!text.includes("-") && !text.includes("_")) return text;
  return text.replaceAll("-", "+").replaceAll("_", "/");
}
