// How Anthropic is asked for an answer in JSON: by a schema, by a tool that it must call, or in words. Must not know how
// the answer is read, except for the name of that tool.
import type { ModelTraits } from "../../../core/model-traits.ts";
import { isRawNumber } from "../../../lib/exact-json.ts";
import { isJsonObject, type JsonObject } from "../../../lib/json-value.ts";
import type { ChatRequest } from "../../chat/chat-request.ts";

export type AnswerFormat =
  | { readonly kind: "free" }
  | { readonly kind: "words"; readonly instruction: string }
  | { readonly kind: "schema"; readonly schema: JsonObject; readonly rewritten: boolean }
  | {
      readonly kind: "tool";
      readonly name: string;
      readonly description: string;
      readonly schema: JsonObject;
    };

export function answerFormatOf(
  { response_format: format, tools, tool_choice: choice }: ChatRequest,
  traits: ModelTraits,
): AnswerFormat {
  if (format === undefined || format.type === "text") return { kind: "free" };
  if (format.type === "json_object" || format.json_schema.schema === undefined)
    return { kind: "words", instruction: "Answer with one JSON object and nothing else." };
  const { name, schema, description } = format.json_schema;
  if (traits.jsonSchema !== false) {
    const closed = closedSchema(schema);
    return { kind: "schema", schema: isJsonObject(closed) ? closed : schema, rewritten: closed !== schema };
  }
  // A tool that the client forces is the answer itself.
  const forced = typeof choice === "object" && choice.type === "function" && (tools ?? []).length > 0;
  if (traits.tools === false || forced)
    return {
      kind: "words",
      instruction: `Answer with one JSON object and nothing else. It must be valid against this JSON Schema:\n${JSON.stringify(schema)}`,
    };
  return {
    kind: "tool",
    name: freeName(name, new Set((tools ?? []).map((tool) => tool.function.name))),
    description: description ?? "Gives the final answer. Call it exactly once, when the answer is complete.",
    schema,
  };
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  const base = wanted.replace(/[^a-zA-Z0-9_-]/g, "_").slice(0, 56) || "answer";
  let name = base;
  for (let number = 2; taken.has(name); number += 1) name = `${base}_${number}`;
  return name;
}

const schemaMaps: ReadonlySet<string> = new Set(["properties", "$defs", "definitions"]);
const schemaLists: ReadonlySet<string> = new Set(["anyOf", "oneOf", "allOf", "prefixItems"]);

/** Anthropic takes objects only that say `additionalProperties: false`. The same value when nothing had to be added. */
function closedSchema(schema: unknown): unknown {
  if (!isSchema(schema)) return schema;
  let changed = false;
  const entries = Object.entries(schema).map(([key, value]): [string, unknown] => {
    const closed = closedMember(key, value);
    if (closed !== value) changed = true;
    return [key, closed];
  });
  const open = schema["type"] === "object" && schema["additionalProperties"] !== false;
  if (!open) return changed ? Object.fromEntries(entries) : schema;
  return Object.fromEntries([
    ...entries.filter(([key]) => key !== "additionalProperties"),
    ["additionalProperties", false],
  ]);
}

function closedMember(key: string, value: unknown): unknown {
  if (key === "items") return closedSchema(value);
  if (schemaLists.has(key) && Array.isArray(value)) {
    const closed = value.map(closedSchema);
    return closed.every((each, index) => each === value[index]) ? value : closed;
  }
  if (!schemaMaps.has(key) || !isSchema(value)) return value;
  const entries = Object.entries(value).map(([name, each]): [string, unknown] => [name, closedSchema(each)]);
  const same = entries.every(([name, each]) => each === value[name]);
  return same ? value : Object.fromEntries(entries);
}

function isSchema(value: unknown): value is JsonObject {
  return isJsonObject(value) && !isRawNumber(value);
}
