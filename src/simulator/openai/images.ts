// POST /v1/images/{generations,edits,variations}: small real images. Must not know sockets, pace or faults.
import { missing, optionalBoolean, optionalInteger, requiredString, wrong } from "../fields.ts";
import type { JsonObject } from "../fields.ts";
import { drawPng } from "../png.ts";
import { RefusedRequest } from "../refused-request.ts";
import { jsonReply, sseFrame, streamReply } from "../reply.ts";
import type { Call, Frame, Reply } from "../reply.ts";
import { countTokens } from "../tokens.ts";

const mostImages = 10;
const mostPartialImages = 3;

/** What one image is counted as, by its quality. */
const imageTokens: ReadonlyMap<unknown, number> = new Map([
  ["low", 272],
  ["medium", 1056],
  ["high", 4160],
]);
const defaultImageTokens = 1056;

/** What one image of the request is counted as. */
const inputImageTokens = 194;

/** Bytes by which an image grows per token that the knobs ask for: base64 makes four characters of them. */
const paddingPerToken = 3;

/** Model where the request names none, as the vendor has it. */
const defaultModel = "dall-e-2";

/** @throws RefusedRequest for a request that OpenAI would refuse. */
export function generateImages(call: Call): Reply {
  return draw(call, {
    event: "image_generation",
    prompt: requiredString(call.body, "prompt"),
    inputImages: 0,
  });
}

/** @throws RefusedRequest for a request that OpenAI would refuse. */
export function editImages(call: Call): Reply {
  const prompt = requiredString(call.body, "prompt");
  return draw(call, { event: "image_edit", prompt, inputImages: countImages(call) });
}

/** @throws RefusedRequest for a request that OpenAI would refuse. */
export function varyImages(call: Call): Reply {
  return draw(call, { event: "image_variation", prompt: "", inputImages: countImages(call) });
}

interface Work {
  /** First part of the names of events. */
  readonly event: string;
  readonly prompt: string;
  readonly inputImages: number;
}

/** Images of a form, or references to images in JSON. */
function countImages({ body, files }: Call): number {
  const uploaded = files.filter(({ field }) => field === "image" || field === "image[]").length;
  const listed = Array.isArray(body["images"]) ? body["images"].length : 0;
  return uploaded + listed === 0 ? missing("image") : uploaded + listed;
}

function draw(call: Call, work: Work): Reply {
  const { body } = call;
  const model = typeof body["model"] === "string" ? body["model"] : defaultModel;
  const count = optionalInteger(body, "n", 1, mostImages) ?? 1;
  const isUrl = readFormat(body, model) === "url";
  const images = Array.from({ length: count }, (_, index) => `${work.prompt} ${index}`);
  const usage = usageOf(body, work, count);
  const partials = optionalInteger(body, "partial_images", 0, mostPartialImages) ?? 0;
  if (optionalBoolean(body, "stream")) {
    return streamReply(events(call, { ...work, partials }, usage), partials + 1);
  }
  const data = images.map((text) =>
    isUrl ? { url: `${call.origin}/simulated/${call.newId("img-")}.png` } : { b64_json: imageOf(text, call) },
  );
  if (model.startsWith("dall-e")) return jsonReply({ created: call.createdAt, data });
  return jsonReply({ created: call.createdAt, ...lookOf(body), data, usage });
}

function readFormat(body: JsonObject, model: string): "url" | "b64_json" {
  const format = body["response_format"];
  if (model.startsWith("gpt-image") && format !== undefined) {
    const message = "Unknown parameter: 'response_format'.";
    throw new RefusedRequest(400, message, "response_format", "unknown_parameter");
  }
  if (format === "url" || format === "b64_json") return format;
  if (format !== undefined && format !== null) return wrong("response_format", "url or b64_json");
  return model.startsWith("gpt-image") ? "b64_json" : "url";
}

function imageOf(text: string, { outputTokens }: Call): string {
  return drawPng(text, outputTokens * paddingPerToken).toString("base64");
}

/** What the answer tells of the images beside their bytes. */
function lookOf(body: JsonObject): JsonObject {
  const { size = "1024x1024", quality = "medium", background = "opaque", output_format = "png" } = body;
  return { size, quality, background, output_format };
}

function usageOf(body: JsonObject, { prompt, inputImages }: Work, count: number): JsonObject {
  const text = countTokens(prompt);
  const image = inputImages * inputImageTokens;
  const output = count * (imageTokens.get(body["quality"]) ?? defaultImageTokens);
  return {
    input_tokens: text + image,
    input_tokens_details: { text_tokens: text, image_tokens: image },
    output_tokens: output,
    output_tokens_details: { text_tokens: 0, image_tokens: output },
    total_tokens: text + image + output,
  };
}

function* events(
  call: Call,
  work: Work & { readonly partials: number },
  usage: JsonObject,
): Generator<Frame> {
  const { body, createdAt: created_at } = call;
  const event = (type: string, data: JsonObject): Frame =>
    sseFrame({ type, ...data, created_at, ...lookOf(body) }, { name: type, isToken: true });
  for (let index = 0; index < work.partials; index += 1) {
    const b64_json = imageOf(`${work.prompt} partial ${index}`, call);
    yield event(`${work.event}.partial_image`, { b64_json, partial_image_index: index });
  }
  yield event(`${work.event}.completed`, { b64_json: imageOf(`${work.prompt} 0`, call), usage });
}
