// Clients that ask for images: OpenAI's, for new ones and for changes of their own. Must not know services.
import { numberIn } from "../../lib/exact-json.ts";
import { listOf, memberOf, textOf, type JsonObject } from "../../lib/json-value.ts";
import { fault, objectAt, own, textAt } from "../clients/openai/field-faults.ts";
import type { SingleClient } from "../single-call.ts";
import type { ClientRequest } from "../translation.ts";
import type { TranslationNotes } from "../translation-notes.ts";
import type { ImageAnswer, ImageAsk } from "./image-form.ts";

export type ImageClient = SingleClient<ImageAsk, ImageAnswer>;

const mostImages = 10;

/** What every one of these fields is read into stands in the form of images; the others have no place in it. */
const fields: ReadonlySet<string> = new Set([
  "model",
  "prompt",
  "n",
  "size",
  "response_format",
  "stream",
  "partial_images",
  "image",
  "images",
]);

/** Values that say no more than what happens without them. */
const usual: Readonly<Record<string, readonly unknown[]>> = {
  quality: ["auto", "standard"],
  background: ["auto", "opaque"],
  moderation: ["auto"],
  output_format: ["png"],
  style: ["vivid"],
  input_fidelity: ["low"],
};

export const openaiImageClient: ImageClient = {
  ask: (request, { notes }) => readAsk(request, [], notes),
  write,
};

export const openaiImageEditClient: ImageClient = {
  ask(request, { notes }) {
    const asked = objectAt(request.body, "body");
    if (own(asked, "mask") !== undefined)
      throw fault("mask", "has no meaning for this service; describe in the prompt what is to be changed");
    const sources = sourcesOf(asked);
    if (sources.length === 0) throw fault("image", "must name at least one image");
    return readAsk(request, sources, notes);
  },
  write,
};

function readAsk(
  { body, stream }: ClientRequest,
  sources: readonly string[],
  notes: TranslationNotes,
): ImageAsk {
  const asked = objectAt(body, "body");
  if (stream) throw fault("stream", "must be false: images of this service do not come as a stream");
  const format = own(asked, "response_format");
  if (format !== undefined && format !== "url" && format !== "b64_json")
    throw fault("response_format", "must be url or b64_json");
  const prompt = textAt(own(asked, "prompt"), "prompt");
  if (prompt.trim() === "") throw fault("prompt", "must not be empty");
  const others: Record<string, unknown> = { __proto__: null };
  for (const name of Object.keys(asked)) {
    const value = own(asked, name);
    if (fields.has(name) || value === undefined || value === "") continue;
    if (Object.hasOwn(usual, name) && usual[name]?.includes(value) === true) continue;
    others[name] = value;
  }
  if (!isNothing(own(asked, "partial_images"))) notes.dropped("partial_images");
  return {
    prompt,
    sources,
    count: countIn(own(asked, "n")),
    size: sizeIn(own(asked, "size")),
    base64: format === "b64_json",
    others,
  };
}

function isNothing(value: unknown): boolean {
  return value === undefined || numberIn(value) === 0;
}

/** A form has numbers as texts. */
function countIn(value: unknown): unknown {
  if (value === undefined) return undefined;
  const number = typeof value === "string" && /^\d{1,3}$/.test(value) ? Number(value) : numberIn(value);
  if (number === undefined || !Number.isInteger(number) || number < 1 || number > mostImages)
    throw fault("n", `must be a whole number from 1 to ${mostImages}`);
  return number;
}

function sizeIn(value: unknown): ImageAsk["size"] {
  if (value === undefined || value === "auto") return undefined;
  const [, width, height] = /^(\d{1,5})x(\d{1,5})$/.exec(textAt(value, "size")) ?? [];
  if (width === undefined || height === undefined)
    throw fault("size", "must look like 1024x1024, or be auto");
  return { width, height };
}

/** `images: [{image_url}]` of JSON; `image` of older clients and of forms, whose files come as data URLs. */
function sourcesOf(asked: JsonObject): readonly string[] {
  const listed = listOf(asked, "images").map((each, index) => {
    if (textOf(each, "file_id") !== undefined)
      throw fault(`images.${index}.file_id`, "names a file that this service does not have");
    const url = memberOf(each, "image_url");
    return addressAt(
      typeof each === "string" ? each : (textOf(url, "url") ?? url),
      `images.${index}.image_url`,
    );
  });
  const image = own(asked, "image");
  if (image === undefined) return listed;
  const more = Array.isArray(image) ? image : [image];
  return [
    ...listed,
    ...more.map((each, index) => addressAt(each, more.length > 1 ? `image.${index}` : "image")),
  ];
}

function addressAt(value: unknown, param: string): string {
  const address = textAt(value, param);
  if (!/^(?:https?:\/\/|data:image\/)/i.test(address))
    throw fault(param, "must be an http(s) URL, a data URL of an image, or a file of the form");
  return address;
}

function write(
  { images }: ImageAnswer,
  { base64 }: ImageAsk,
  { nowSeconds }: { nowSeconds: number },
): object {
  return {
    created: nowSeconds,
    data: images.map((image) => ({
      ...(base64 ? { b64_json: image.base64 } : { url: image.url }),
      ...(image.prompt === undefined ? {} : { revised_prompt: image.prompt }),
    })),
  };
}
