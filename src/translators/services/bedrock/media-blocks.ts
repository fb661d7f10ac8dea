// Images, documents and videos as Converse wants them: bytes with a format, or a place in S3. Must not know messages.
import { GatewayError } from "../../../core/errors.ts";
import type { JsonObject } from "../../../lib/json-value.ts";
import { readDataUrl } from "../../chat/data-url.ts";
import type { ChatRequest, ContentPart, FilePart } from "../../chat/chat-request.ts";
import type { Media, MediaAsk, TranslationContext } from "../../translation.ts";

const imageFormats: Readonly<Record<string, string>> = {
  "image/png": "png",
  "image/jpeg": "jpeg",
  "image/jpg": "jpeg",
  "image/gif": "gif",
  "image/webp": "webp",
};

const documentFormats: Readonly<Record<string, string>> = {
  "application/pdf": "pdf",
  "text/csv": "csv",
  "application/msword": "doc",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
  "application/vnd.ms-excel": "xls",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
  "text/html": "html",
  "text/plain": "txt",
  "text/markdown": "md",
};

const videoFormats: Readonly<Record<string, string>> = {
  "video/x-matroska": "mkv",
  "video/quicktime": "mov",
  "video/mp4": "mp4",
  "video/webm": "webm",
  "video/x-flv": "flv",
  "video/mpeg": "mpeg",
  "video/x-ms-wmv": "wmv",
  "video/3gpp": "three_gp",
};

const longestName = 200;

/** Everything that is named by an http(s) URL: Converse takes bytes only. */
export function mediaAsks(chat: ChatRequest): MediaAsk[] {
  const asks: MediaAsk[] = [];
  for (const [index, { role, content }] of chat.messages.entries()) {
    if ((role !== "user" && role !== "tool") || typeof content === "string") continue;
    for (const [place, part] of content.entries()) {
      const url = urlOf(part);
      if (url !== undefined && /^https?:/iu.test(url))
        asks.push({ url, param: `messages.${index}.content.${place}` });
    }
  }
  return asks;
}

function urlOf(part: ContentPart): string | undefined {
  if (part.type === "image_url") return part.image_url.url;
  if (part.type === "video_url") return part.video_url.url;
  return part.type === "file" ? part.file.file_url : undefined;
}

/** Of one request: no two documents may have one name. */
export class MediaBlocks {
  readonly #context: TranslationContext;
  readonly #names = new Set<string>();

  constructor(context: TranslationContext) {
    this.#context = context;
  }

  /** @throws GatewayError invalid_request that names the part: of a kind or format that Converse does not take */
  block(part: Exclude<ContentPart, { type: "text" | "refusal" }>, param: string): JsonObject {
    switch (part.type) {
      case "image_url": {
        const { url, detail, file_id: fileId } = part.image_url;
        if (detail !== undefined && detail !== "auto")
          this.#context.notes.dropped(`${param}.image_url.detail`);
        if (fileId !== undefined)
          throw unfit(param, "a file that another service keeps cannot be sent to this one");
        return { image: this.#source(url, imageFormats, param, "an image: png, jpeg, gif or webp") };
      }
      case "video_url":
        return { video: this.#source(part.video_url.url, videoFormats, param, "a video that Bedrock takes") };
      case "file":
        return { document: this.#document(part.file, param) };
      case "input_audio":
        throw unfit(param, "Bedrock takes no audio in conversations");
    }
  }

  #document(file: FilePart["file"], param: string): JsonObject {
    const {
      file_id: fileId,
      file_url: url,
      file_data: data,
      text,
      filename,
      title,
      context,
      citations,
    } = file;
    if (fileId !== undefined && data === undefined && url === undefined && text === undefined)
      throw unfit(param, "a file that another service keeps cannot be sent to this one");
    const formats = "a document: pdf, csv, doc, docx, xls, xlsx, html, txt or md";
    const content =
      text === undefined
        ? this.#source(data ?? url ?? "", documentFormats, param, formats)
        : { format: "txt", source: { bytes: Buffer.from(text).toString("base64") } };
    return {
      name: this.#nameOf(
        title ?? filename ?? "",
        `${param}.file.${title === undefined ? "filename" : "title"}`,
      ),
      ...content,
      ...(context === undefined ? {} : { context }),
      ...(citations?.["enabled"] === true ? { citations: { enabled: true } } : {}),
    };
  }

  #source(url: string, formats: Readonly<Record<string, string>>, param: string, wanted: string): JsonObject {
    if (/^s3:/iu.test(url)) {
      const format = formatOfName(url, formats);
      if (format === undefined)
        throw unfit(param, `the name of the object does not say that it is ${wanted}`);
      return { format, source: { s3Location: { uri: url } } };
    }
    const media: Media | undefined = this.#context.media.get(url) ?? readDataUrl(url);
    if (media === undefined) throw unfit(param, "its URL is neither data: with base64 nor http(s): nor s3:");
    const [type = ""] = media.type.split(";", 1);
    const format = Object.hasOwn(formats, type) ? formats[type] : undefined;
    if (format === undefined) throw unfit(param, `Bedrock takes ${wanted}`);
    return { format, source: { bytes: media.base64 } };
  }

  /** Letters, digits, single blanks, hyphens, parentheses and brackets; each name once in a request. */
  #nameOf(wanted: string, field: string): string {
    const bare = wanted.replaceAll(/\.[A-Za-z0-9]{1,5}$/gu, "");
    const clean = bare
      .replaceAll(/[^A-Za-z0-9\s\-()[\]]/gu, " ")
      .replaceAll(/\s+/gu, " ")
      .trim();
    const base = clean.slice(0, longestName - 8).trim() || "Document";
    let name = base;
    for (let count = 2; this.#names.has(name); count += 1) name = `${base} ${count}`;
    this.#names.add(name);
    if (wanted !== "" && name !== bare) this.#context.notes.rewritten(field);
    return name;
  }
}

function formatOfName(url: string, formats: Readonly<Record<string, string>>): string | undefined {
  const ending = /\.([A-Za-z0-9]{1,5})$/u.exec(url)?.[1]?.toLowerCase() ?? "";
  const known = ending === "jpg" ? "jpeg" : ending === "htm" ? "html" : ending;
  return Object.values(formats).find((format) => format === known);
}

function unfit(param: string, reason: string): GatewayError {
  return new GatewayError("invalid_request", { message: `${param} cannot be sent: ${reason}.`, param });
}
