// POST /v1/embeddings: vectors made from the texts. Must not know sockets, pace or faults.
import { missing, optionalInteger, requiredString, wrong } from "../fields.ts";
import { jsonReply } from "../reply.ts";
import type { Call, Reply } from "../reply.ts";
import { countTokens } from "../tokens.ts";
import { base64Of, vectorOf } from "../vector.ts";

const mostInputs = 2048;
const mostDimensions = 4096;
const defaultDimensions = 1536;

/** @throws RefusedRequest for a request that OpenAI would refuse. */
export function createEmbeddings({ body }: Call): Reply {
  const model = requiredString(body, "model");
  const inputs = readInputs(body["input"] ?? missing("input"));
  const dimensions = optionalInteger(body, "dimensions", 1, mostDimensions) ?? defaultDimensions;
  const format = body["encoding_format"] ?? "float";
  if (format !== "float" && format !== "base64") wrong("encoding_format", "float or base64");
  const data = inputs.map(({ text }, index) => {
    const vector = vectorOf(text, dimensions);
    return { object: "embedding", index, embedding: format === "base64" ? base64Of(vector) : [...vector] };
  });
  const tokens = inputs.reduce((sum, input) => sum + input.tokens, 0);
  const usage = { prompt_tokens: tokens, total_tokens: tokens };
  return jsonReply({ object: "list", data, model, usage }, 0, tokens);
}

interface Input {
  readonly text: string;
  readonly tokens: number;
}

/** A string, token numbers, or a list of either. */
function readInputs(input: unknown): readonly Input[] {
  const list: readonly unknown[] = Array.isArray(input) && !isTokens(input) ? input : [input];
  if (list.length === 0 || list.length > mostInputs) return wrong("input", `1 to ${mostInputs} inputs`);
  return list.map((entry) => {
    if (typeof entry === "string" && entry !== "") return { text: entry, tokens: countTokens(entry) };
    if (isTokens(entry)) return { text: entry.join(" "), tokens: entry.length };
    return wrong("input", "a non-empty string, a list of token numbers, or a list of either");
  });
}

function isTokens(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every((entry) => typeof entry === "number");
}
