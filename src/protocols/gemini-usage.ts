// Reads Gemini's usageMetadata. Must not know where it stood.
import { noTokens, type Usage } from "../core/usage.ts";
import { countOf } from "../lib/json-value.ts";

/** Undefined when the object holds no figure. What tools read counts as input, what the model thought as output. */
export function readGeminiUsage(value: unknown): Usage | undefined {
  const prompt = countOf(value, "promptTokenCount");
  const candidates = countOf(value, "candidatesTokenCount");
  const thoughts = countOf(value, "thoughtsTokenCount");
  if (prompt === undefined && candidates === undefined && thoughts === undefined) return undefined;
  return {
    ...noTokens,
    inputTokens: (prompt ?? 0) + (countOf(value, "toolUsePromptTokenCount") ?? 0),
    outputTokens: (candidates ?? 0) + (thoughts ?? 0),
    cachedInputTokens: countOf(value, "cachedContentTokenCount") ?? 0,
    reasoningTokens: thoughts ?? 0,
  };
}
