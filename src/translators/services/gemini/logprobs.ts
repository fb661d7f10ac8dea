// Gemini's logprobsResult as OpenAI's logprobs. Must not know where it stood.
import { isJsonObject, listOf, memberOf, textOf, type JsonObject } from "../../../lib/json-value.ts";

export function logprobsOf(result: unknown): JsonObject | undefined {
  const chosen = listOf(result, "chosenCandidates");
  if (chosen.length === 0) return undefined;
  const tops = listOf(result, "topCandidates");
  return {
    content: chosen.map((token, at) => ({
      ...tokenOf(token),
      top_logprobs: listOf(tops[at], "candidates").filter(isJsonObject).map(tokenOf),
    })),
    refusal: null,
  };
}

function tokenOf(token: unknown): JsonObject {
  const text = textOf(token, "token") ?? "";
  return { token: text, logprob: memberOf(token, "logProbability") ?? 0, bytes: [...Buffer.from(text)] };
}
