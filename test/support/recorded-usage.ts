// What a recording says was consumed, read with nothing but JSON.parse: the independent opinion beside the code under test.
import type { Recording } from "./recordings.ts";

export interface RecordedUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens: number;
  readonly cacheWriteTokens: number;
  readonly reasoningTokens: number;
}

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a path of keys, if every step is an object. */
function at(value: unknown, ...path: readonly string[]): unknown {
  let here: unknown = value;
  for (const key of path) here = isObject(here) ? here[key] : undefined;
  return here;
}

function count(...candidates: readonly unknown[]): number {
  const found = candidates.find((candidate) => typeof candidate === "number");
  return typeof found === "number" ? found : 0;
}

/** Every JSON object that the answer holds: the body itself, or the data of each event. */
export function recordedObjects(recording: Pick<Recording, "stream" | "body">): Json[] {
  const text = recording.body.toString("utf8");
  if (!recording.stream) return [JSON.parse(text) as unknown].filter(isObject);
  const objects: Json[] = [];
  for (const line of text.split(/\r\n|\r|\n/)) {
    const data = line.startsWith("data:") ? line.slice(5).trim() : "";
    if (!data.startsWith("{")) continue;
    const parsed: unknown = JSON.parse(data);
    if (isObject(parsed)) objects.push(parsed);
  }
  return objects;
}

/** The last usage that the answer reports; undefined when it reports none. */
export function recordedUsage(
  recording: Pick<Recording, "protocol" | "stream" | "body">,
): RecordedUsage | undefined {
  const objects = recordedObjects(recording);
  return recording.protocol === "anthropic" ? anthropicUsage(objects) : openaiUsage(objects);
}

function openaiUsage(objects: readonly Json[]): RecordedUsage | undefined {
  const usage = objects
    .map((object) => (isObject(object["usage"]) ? object["usage"] : at(object, "x_groq", "usage")))
    .findLast(isObject);
  if (usage === undefined) return undefined;
  return {
    inputTokens: count(usage["prompt_tokens"]),
    outputTokens: count(usage["completion_tokens"]),
    cachedInputTokens: count(
      at(usage, "prompt_tokens_details", "cached_tokens"),
      usage["prompt_cache_hit_tokens"],
    ),
    cacheWriteTokens: count(at(usage, "prompt_tokens_details", "cache_write_tokens")),
    reasoningTokens: count(at(usage, "completion_tokens_details", "reasoning_tokens")),
  };
}

/** Cumulative: what a later event reports replaces what an earlier one did, field by field. */
function anthropicUsage(objects: readonly Json[]): RecordedUsage | undefined {
  const reports = objects
    .map((object) => (isObject(object["usage"]) ? object["usage"] : at(object, "message", "usage")))
    .filter(isObject);
  if (reports.length === 0) return undefined;
  const merged: Json = Object.fromEntries(
    reports.flatMap((usage) => Object.entries(usage)).filter(([, value]) => value !== null),
  );
  const cached = count(merged["cache_read_input_tokens"]);
  const written = count(merged["cache_creation_input_tokens"]);
  return {
    inputTokens: count(merged["input_tokens"]) + cached + written,
    outputTokens: count(merged["output_tokens"]),
    cachedInputTokens: cached,
    cacheWriteTokens: written,
    reasoningTokens: count(at(merged, "output_tokens_details", "thinking_tokens")),
  };
}
