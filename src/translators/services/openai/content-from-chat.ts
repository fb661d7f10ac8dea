// What a message says, as OpenAI-compatible services take it. Must not know roles or other messages.
import type { ContentPart, FilePart, ImagePart, TextPart } from "../../chat/chat-request.ts";
import { dataUrl } from "../../chat/data-url.ts";
import type { TranslationContext } from "../../translation.ts";
import { unspeakable } from "./unspeakable.ts";

/** Texts of one message that stand for themselves. */
const separator = "\n\n";

/** Texts become one: many services take no list of them. Undefined where there is something else. */
export function onlyText(content: string | readonly ContentPart[]): string | undefined {
  if (typeof content === "string") return content;
  if (content.length === 1) {
    const [only] = content;
    return only?.type === "text" ? only.text : undefined;
  }
  return content.every((part): part is TextPart => part.type === "text") ? joinTexts(content) : undefined;
}

export function joinTexts(parts: readonly TextPart[]): string {
  return parts.map(({ text }) => text).join(separator);
}

/** @param path such as `messages.2.content`, in the chat form */
export function partsFor(
  content: readonly ContentPart[],
  path: string,
  context: TranslationContext,
): readonly object[] {
  return content.map((part, index) => partFor(part, `${path}.${index}`, context));
}

function partFor(part: ContentPart, path: string, context: TranslationContext): object {
  switch (part.type) {
    case "text":
      return { type: "text", text: part.text };
    case "refusal":
      return { type: "text", text: part.refusal };
    case "image_url":
      return imageFor(part, path, context);
    case "file":
      return fileFor(part, path, context);
    case "input_audio":
      return { type: "input_audio", input_audio: part.input_audio };
    case "video_url":
      return { type: "video_url", video_url: part.video_url };
  }
}

function imageFor({ image_url: image }: ImagePart, path: string, context: TranslationContext): object {
  if (image.file_id !== undefined) {
    throw unspeakable(
      path,
      context,
      "a file of the service cannot be used as an image; send it inline or by URL.",
    );
  }
  return { type: "image_url", image_url: image };
}

function fileFor({ file }: FilePart, path: string, context: TranslationContext): object {
  if (file.citations !== undefined) context.notes.dropped(`${path}.citations`);
  const about = [file.title, file.context].filter((line) => line !== undefined).join("\n");
  if (file.text !== undefined) {
    return { type: "text", text: about === "" ? file.text : `${about}\n\n${file.text}` };
  }
  if (file.context !== undefined) context.notes.dropped(`${path}.context`);
  if (file.file_id !== undefined) return { type: "file", file: { file_id: file.file_id } };
  const data = file.file_data ?? fetchedFile(file, path, context);
  return { type: "file", file: { filename: file.filename ?? nameFor(data), file_data: data } };
}

/** A service takes documents as bytes only. */
function fetchedFile(file: FilePart["file"], path: string, context: TranslationContext): string {
  const media = file.file_url === undefined ? undefined : context.media.get(file.file_url);
  if (media === undefined) throw unspeakable(path, context, "the document has no content.");
  return dataUrl(media);
}

function nameFor(data: string): string {
  return data.startsWith("data:application/pdf") ? "document.pdf" : "document";
}
