// Reads DashScope's usage objects: tokens, images, seconds or characters, by model. Must not know where they stood.
import { noTokens, type Units, type Usage } from "../core/usage.ts";
import { countOf, memberOf } from "../lib/json-value.ts";

/** Members that hold seconds, of a video made or a recording read, the surest first. */
const secondMembers = ["video_duration", "output_video_duration", "duration", "seconds"] as const;

/** Undefined when the object holds no figure. DashScope's input tokens include the cached ones. */
export function readDashscopeUsage(value: unknown): Usage | undefined {
  const outputTokens = countOf(value, "output_tokens");
  const total = countOf(value, "total_tokens");
  const inputTokens =
    countOf(value, "input_tokens") ??
    (total === undefined ? undefined : Math.max(0, total - (outputTokens ?? 0)));
  const units = readUnits(value);
  if (inputTokens === undefined && outputTokens === undefined && units === undefined) return undefined;
  const prompt = memberOf(value, "prompt_tokens_details");
  return {
    ...noTokens,
    inputTokens: inputTokens ?? 0,
    outputTokens: outputTokens ?? 0,
    cachedInputTokens: countOf(prompt, "cached_tokens") ?? countOf(value, "cached_tokens") ?? 0,
    cacheWriteTokens: countOf(prompt, "cache_creation_input_tokens") ?? 0,
    reasoningTokens: countOf(memberOf(value, "output_tokens_details"), "reasoning_tokens") ?? 0,
    ...units,
  };
}

function readUnits(value: unknown): Units | undefined {
  const images = countOf(value, "image_count");
  const member = secondMembers.find((each) => countOf(value, each) !== undefined);
  const seconds = member === undefined ? undefined : countOf(value, member);
  const characters = countOf(value, "characters");
  if (images === undefined && seconds === undefined && characters === undefined) return undefined;
  return {
    ...(images === undefined ? {} : { images }),
    ...(seconds === undefined ? {} : { seconds }),
    ...(characters === undefined ? {} : { characters }),
  };
}
