// Where parameters of generation stand in the bodies of each protocol, and their defaults and limits. Knows no exchange.
import type { Warning } from "../../core/exchange-record.ts";
import type { RouteProtocol } from "../../core/protocol.ts";
import { fieldsAt, setField } from "../../lib/json-edit.ts";
import type { SnapshotShaping } from "../../snapshot/snapshot.ts";

type Parameters = NonNullable<SnapshotShaping["parameters"]>;
type ParameterName = Parameters[number]["name"];

/** Paths of a parameter: it is looked for in all of them and put into the first. */
type Places = Readonly<Record<ParameterName, readonly (readonly string[])[]>>;

const openai: Places = {
  maxTokens: [["max_tokens"], ["max_completion_tokens"]],
  temperature: [["temperature"]],
  topP: [["top_p"]],
  n: [["n"], ["best_of"]],
};

/** Both spellings of a field of a protocol-buffer message are read (protobuf.dev, ProtoJSON). */
function gemini(camel: string, snake: string): readonly (readonly string[])[] {
  return ["generationConfig", "generation_config"].flatMap((parent) => [
    [parent, camel],
    [parent, snake],
  ]);
}

/** Protocols that are not listed generate no text by such parameters. */
const placesOf: { readonly [Protocol in RouteProtocol]?: Places } = {
  openai,
  vllm: openai,
  "openai-responses": {
    maxTokens: [["max_output_tokens"]],
    temperature: [["temperature"]],
    topP: [["top_p"]],
    n: [],
  },
  anthropic: {
    maxTokens: [["max_tokens"]],
    temperature: [["temperature"]],
    topP: [["top_p"]],
    n: [],
  },
  dashscope: {
    maxTokens: [
      ["parameters", "max_tokens"],
      ["parameters", "max_completion_tokens"],
    ],
    temperature: [["parameters", "temperature"]],
    topP: [["parameters", "top_p"]],
    n: [["parameters", "n"]],
  },
  gemini: {
    maxTokens: gemini("maxOutputTokens", "max_output_tokens"),
    temperature: gemini("temperature", "temperature"),
    topP: gemini("topP", "top_p"),
    n: gemini("candidateCount", "candidate_count"),
  },
};

/** The body within the limits; what was lowered is added to `warnings`. */
export function limitParameters(
  body: Buffer,
  protocol: RouteProtocol,
  parameters: Parameters,
  warnings: Warning[],
): Buffer {
  const places = placesOf[protocol];
  if (places === undefined) return body;
  let current = body;
  for (const { name, default: usual, maximum = Infinity } of parameters) {
    let isGiven = false;
    for (const path of places[name]) {
      const values = valuesAt(current, path);
      isGiven ||= values.length > 0;
      if (!values.some((value) => value > maximum)) continue;
      current = setField(current, path, JSON.stringify(maximum));
      warnings.push({ field: path.join("."), action: "clamped" });
    }
    // Without a word of the client a service would go as far as its model does.
    const sent = usual ?? (name === "maxTokens" && maximum < Infinity ? maximum : undefined);
    const [first] = places[name];
    if (!isGiven && sent !== undefined && first !== undefined)
      current = setField(current, first, JSON.stringify(sent));
  }
  return current;
}

/** What stands there: null is as good as nothing, a number in quotes is one to a lenient service. */
function valuesAt(body: Buffer, path: readonly string[]): number[] {
  return fieldsAt(body, path)
    .filter(({ kind }) => kind !== "null")
    .map(({ start, end }) => Number(body.subarray(start, end).toString().replaceAll('"', "")));
}
