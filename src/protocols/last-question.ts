// Where the words of the last question stand in a request, and what they are. Must not know who compares them.
import { isList, memberOf, textOf, type CanonicalPath, type CanonicalValue } from "../lib/canonical-json.ts";

export interface LastQuestion {
  readonly text: string;
  /** Where its words stand; all else of a request is around them. */
  readonly places: readonly CanonicalPath[];
}

/** Lists of messages; the last is the newest. */
const conversations: readonly CanonicalPath[] = [
  ["messages"],
  ["contents"],
  ["input", "messages"],
  ["input"],
];
/** A prompt without a conversation. */
const prompts: readonly CanonicalPath[] = [["input"], ["prompt"], ["input", "prompt"]];
/** Types of parts that are words. A part without a type has no other meaning than its text. */
const textTypes = new Set<string | undefined>(["text", "input_text", undefined]);

/** Undefined where the client does not speak last, or says nothing in words. */
export function lastQuestion(body: CanonicalValue): LastQuestion | undefined {
  for (const path of conversations) {
    const messages = at(body, path);
    if (isList(messages)) return ofMessage(messages.at(-1), [...path, messages.length - 1]);
  }
  for (const path of prompts) {
    const text = textOf(at(body, path));
    if (text !== undefined) return { text, places: [path] };
  }
  return undefined;
}

function at(body: CanonicalValue, path: CanonicalPath): CanonicalValue | undefined {
  let value: CanonicalValue | undefined = body;
  for (const step of path) value = memberOf(value, String(step));
  return value;
}

function ofMessage(message: CanonicalValue | undefined, path: CanonicalPath): LastQuestion | undefined {
  const role = memberOf(message, "role");
  // Gemini takes a message without a role for the client's.
  if (message === undefined || (role !== undefined && textOf(role) !== "user")) return undefined;
  for (const name of ["content", "parts"]) {
    const content = memberOf(message, name);
    const text = textOf(content);
    if (text !== undefined) return { text, places: [[...path, name]] };
    if (isList(content)) return ofParts(content, [...path, name]);
  }
  return undefined;
}

function ofParts(parts: readonly CanonicalValue[], path: CanonicalPath): LastQuestion | undefined {
  const texts: string[] = [];
  const places: CanonicalPath[] = [];
  for (const [index, part] of parts.entries()) {
    const text = textOf(memberOf(part, "text"));
    if (text === undefined || !textTypes.has(textOf(memberOf(part, "type")))) continue;
    texts.push(text);
    places.push([...path, index, "text"]);
  }
  return texts.length === 0 ? undefined : { text: texts.join("\n"), places };
}
