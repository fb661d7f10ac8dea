// Content parts of the chat form as Anthropic's content blocks. Must not know whose turn they stand in.
import { GatewayError } from "../../../core/errors.ts";
import { isJsonObject } from "../../../lib/json-value.ts";
import type { ContentPart, FilePart, ImagePart } from "../../chat/chat-request.ts";
import { readDataUrl } from "../../chat/data-url.ts";
import type { TranslationNotes } from "../../translation-notes.ts";
import type { Media } from "../../translation.ts";
import type { Gathered, WireBlock } from "./wire-block.ts";

const filesBeta = "files-api-2025-04-14";

const imageTypes: ReadonlySet<string> = new Set(["image/jpeg", "image/png", "image/gif", "image/webp"]);

/** Whether a text may stand in a block: Anthropic refuses blank ones. */
export function saysAnything(text: string): boolean {
  return text.trim() !== "";
}

export interface PartPlace {
  /** Such as `messages.2.content`. */
  readonly field: string;
  readonly notes: TranslationNotes;
  readonly gathered: Gathered;
}

/** Blank texts are no blocks. @throws GatewayError for what has no place in Anthropic's protocol */
export function blocksOfContent(content: string | readonly ContentPart[], place: PartPlace): WireBlock[] {
  if (typeof content === "string") return saysAnything(content) ? [{ type: "text", text: content }] : [];
  const blocks: WireBlock[] = [];
  for (const [index, part] of content.entries()) {
    const block = blockOf(part, { ...place, field: `${place.field}.${index}` });
    if (block !== undefined) blocks.push(block);
  }
  return blocks;
}

function blockOf(part: ContentPart, place: PartPlace): WireBlock | undefined {
  switch (part.type) {
    case "text":
      if (saysAnything(part.text))
        return place.gathered.mark({ type: "text", text: part.text }, part.cache_control, place.field);
      if (isJsonObject(part.cache_control)) place.notes.dropped(`${place.field}.cache_control`);
      return undefined;
    case "refusal":
      return saysAnything(part.refusal) ? { type: "text", text: part.refusal } : undefined;
    case "image_url":
      return place.gathered.mark(imageBlock(part, place), part.cache_control, place.field);
    case "file":
      return place.gathered.mark(fileBlock(part, place), part.cache_control, place.field);
    case "input_audio":
      return refuse(place, "Anthropic's protocol has no place for audio. Send its text instead.");
    case "video_url":
      return refuse(
        place,
        "Anthropic's protocol has no place for videos. Send single pictures of it instead.",
      );
  }
}

function refuse({ field }: PartPlace, message: string): never {
  throw new GatewayError("invalid_request", { message: `${field}: ${message}`, param: field });
}

function imageBlock({ image_url: { url, detail, file_id: id } }: ImagePart, place: PartPlace): WireBlock {
  if (typeof detail === "string" && detail !== "auto") place.notes.dropped(`${place.field}.image_url.detail`);
  if (typeof id === "string") {
    place.gathered.betas.add(filesBeta);
    return { type: "image", source: { type: "file", file_id: id } };
  }
  if (isWebUrl(url)) return { type: "image", source: { type: "url", url } };
  const data = readDataUrl(url);
  if (data === undefined)
    return refuse(place, "An image is given by a URL with http or https, or by a data URL with base64.");
  return pictureBlock(data, place);
}

function pictureBlock({ type, base64 }: Media, place: PartPlace): WireBlock {
  const known = type === "image/jpg" ? "image/jpeg" : type;
  if (!imageTypes.has(known))
    return refuse(
      place,
      "Anthropic takes images of the types image/jpeg, image/png, image/gif and image/webp.",
    );
  return { type: "image", source: { type: "base64", media_type: known, data: base64 } };
}

function isWebUrl(url: string): boolean {
  return /^https?:\/\//i.test(url);
}

function fileBlock({ file }: FilePart, place: PartPlace): WireBlock {
  // Members are as the client wrote them: null is as good as none.
  const held = typeof file.file_data === "string" ? heldData(file.file_data) : undefined;
  if (held?.type.startsWith("image/") === true) return pictureBlock(held, place);
  const title = file.title ?? file.filename;
  return {
    type: "document",
    source: sourceOf(file, held, place),
    ...(typeof title === "string" && title !== "" && { title }),
    ...(typeof file.context === "string" && { context: file.context }),
    ...(isJsonObject(file.citations) && { citations: file.citations }),
  };
}

/** `%PDF-` in base64: some clients send the bytes without `data:` before them. */
const bareDocument = "JVBERi0";

function heldData(data: string): Media | undefined {
  return data.startsWith(bareDocument) ? { type: "application/pdf", base64: data } : readDataUrl(data);
}

function sourceOf(file: FilePart["file"], held: Media | undefined, place: PartPlace): WireBlock {
  if (typeof file.file_id === "string") {
    place.gathered.betas.add(filesBeta);
    return { type: "file", file_id: file.file_id };
  }
  if (typeof file.text === "string") return { type: "text", media_type: "text/plain", data: file.text };
  if (typeof file.file_url === "string") {
    if (!isWebUrl(file.file_url)) return refuse(place, "A file is fetched by http or https only.");
    return { type: "url", url: file.file_url };
  }
  if (held?.type === "application/pdf")
    return { type: "base64", media_type: "application/pdf", data: held.base64 };
  if (held !== undefined && isPlainText(held.type))
    return {
      type: "text",
      media_type: "text/plain",
      data: Buffer.from(held.base64, "base64").toString("utf8"),
    };
  return refuse(
    place,
    "Anthropic takes PDF documents and texts, by file_id or as a data URL with base64 in file_data.",
  );
}

function isPlainText(type: string): boolean {
  return type.startsWith("text/") || type === "application/json" || type === "application/xml";
}
