// Reads the names in a service's list of models, in all the shapes seen: OpenAI's and Anthropic's `data`, the `models` of
// Gemini, Cohere and Ollama, and a bare list, such as ElevenLabs' with `model_id`. Must not know how it was asked for.
import { memberOf, textOf } from "../lib/json-value.ts";

/** Gemini's names are those of resources. */
const resourcePrefix = /^models\//u;
const longestName = 256;

/** Undefined when the text is no list of models. A name comes once, in the order of the list. */
export function readModelList(value: unknown): readonly string[] | undefined {
  const rows = [value, memberOf(value, "data"), memberOf(value, "models")].find(Array.isArray);
  if (rows === undefined) return undefined;
  const names = (rows as readonly unknown[]).flatMap((row) => nameOf(row));
  return rows.length > 0 && names.length === 0 ? undefined : [...new Set(names)];
}

function nameOf(row: unknown): string[] {
  const name =
    typeof row === "string"
      ? row
      : (textOf(row, "id") ?? textOf(row, "model_id") ?? textOf(row, "name") ?? textOf(row, "model"));
  return name === undefined || name.length > longestName ? [] : [name.replace(resourcePrefix, "")];
}
