// Arguments of tool calls between their two forms: JSON text (OpenAI) and an object (Anthropic, Gemini, Bedrock).
import { isRawNumber, parseExactJson } from "../../lib/exact-json.ts";
import { isJsonObject, type JsonObject } from "../../lib/json-value.ts";

/**
 * The object that a text stands for; digits stay as they are. "" is {}: models leave it empty for tools without parameters.
 * What is no JSON object is wrapped, never lost: a history with it may still be read by a model.
 */
export function argumentsObject(text: string): JsonObject {
  if (text.trim() === "") return {};
  try {
    const value = parseExactJson(text);
    return isJsonObject(value) && !isRawNumber(value) ? value : { value };
  } catch {
    return { raw_arguments: text };
  }
}

/** The text that an object stands for. */
export function argumentsText(value: unknown): string {
  return value === undefined || value === null ? "{}" : JSON.stringify(value);
}
