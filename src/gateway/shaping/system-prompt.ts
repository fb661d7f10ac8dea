// Puts the words of a Model API's owner before and after the system prompt of a request, in each protocol's own way.
// Where a request has no place for a system prompt they stand around the prompt itself, so that none gets around them.
import { GatewayError } from "../../core/errors.ts";
import type { RouteProtocol } from "../../core/protocol.ts";
import { fieldsAt, itemsOf, membersOf, setField, type ItemRange } from "../../lib/json-edit.ts";
import { decodeString } from "../../lib/json-scan.ts";
import { splice } from "../../lib/json-splice.ts";

export interface Wrapping {
  readonly prefix: string;
  readonly suffix: string;
}

/** How a text part looks in lists of parts. */
type PartOf = (text: string) => string;

const typedPart: PartOf = (text) => JSON.stringify({ type: "text", text });
const barePart: PartOf = (text) => JSON.stringify({ text });

/** @throws GatewayError invalid_request where the words have no place */
export function wrapSystemPrompt(body: Buffer, protocol: RouteProtocol, words: Wrapping): Buffer {
  switch (protocol) {
    case "openai":
    case "vllm":
      if (isThere(body, ["messages"])) return wrapMessages(body, ["messages"], words, typedPart);
      return isThere(body, ["prompt"]) ? wrapPrompt(body, ["prompt"], words) : body;
    case "openai-responses":
      return wrapField(body, ["instructions"], words, typedPart);
    case "anthropic":
      return wrapField(body, ["system"], words, typedPart);
    case "dashscope":
      if (isThere(body, ["input", "messages"]))
        return wrapMessages(body, ["input", "messages"], words, barePart);
      return isThere(body, ["input", "prompt"]) ? wrapPrompt(body, ["input", "prompt"], words) : body;
    case "gemini":
      return wrapSystemInstruction(body, words);
    case "comfyui":
      return body;
  }
}

function isThere(body: Buffer, path: readonly string[]): boolean {
  return fieldsAt(body, path).some(({ kind }) => kind !== "null");
}

function joined({ prefix, suffix }: Wrapping, text: string): string {
  return [prefix, text, suffix].filter((part) => part !== "").join("\n\n");
}

/** The value with the words around it: a text, or a list of parts; anything else becomes the words alone. */
function wrapValue(body: Buffer, value: ItemRange | undefined, words: Wrapping, partOf: PartOf): string {
  if (value?.kind === "string")
    return JSON.stringify(joined(words, decodeString(body, value.start, value.end)));
  if (value?.kind !== "array") return JSON.stringify(joined(words, ""));
  const parts = itemsOf(body, value.start).map(({ start, end }) => body.subarray(start, end).toString());
  const { prefix, suffix } = words;
  if (prefix !== "") parts.unshift(partOf(prefix));
  if (suffix !== "") parts.push(partOf(suffix));
  return `[${parts.join(",")}]`;
}

function wrapField(body: Buffer, path: readonly string[], words: Wrapping, partOf: PartOf): Buffer {
  return setField(body, path, wrapValue(body, fieldsAt(body, path).at(-1), words, partOf));
}

const systemRoles: ReadonlySet<unknown> = new Set(["system", "developer"]);

/** The first message gets the words if it is the system's, else one is put before it. */
function wrapMessages(body: Buffer, path: readonly string[], words: Wrapping, partOf: PartOf): Buffer {
  // Repeated fields: whichever the service reads.
  const lists = fieldsAt(body, path).filter(({ kind }) => kind === "array");
  const edits = lists.map((list) => {
    const [first] = itemsOf(body, list.start);
    const content = first?.kind === "object" ? systemContent(body, first.start) : undefined;
    if (content !== undefined) {
      return { start: content.start, end: content.end, text: wrapValue(body, content, words, partOf) };
    }
    const message = JSON.stringify({ role: "system", content: joined(words, "") });
    const at = list.start + 1;
    return { start: at, end: at, text: first === undefined ? message : `${message},` };
  });
  return splice(body, edits);
}

function systemContent(body: Buffer, start: number): ItemRange | undefined {
  const members = membersOf(body, start);
  const role = members.findLast(({ key }) => key === "role");
  if (role?.kind !== "string" || !systemRoles.has(decodeString(body, role.start, role.end))) return undefined;
  return members.findLast(({ key }) => key === "content");
}

/** A prompt without roles: the words stand around each text. */
function wrapPrompt(body: Buffer, path: readonly string[], words: Wrapping): Buffer {
  const edits = fieldsAt(body, path).map((prompt) => {
    const items = prompt.kind === "array" ? itemsOf(body, prompt.start) : [prompt];
    const texts = items.map(({ kind, start, end }) => {
      if (kind === "string") return JSON.stringify(joined(words, decodeString(body, start, end)));
      throw new GatewayError("invalid_request", {
        message: "This Model API puts words around prompts: send them as text, not as tokens.",
        param: path.at(-1) ?? "",
      });
    });
    const text = prompt.kind === "array" ? `[${texts.join(",")}]` : (texts[0] ?? '""');
    return { start: prompt.start, end: prompt.end, text };
  });
  return splice(body, edits);
}

/** Both spellings of the field are read (protobuf.dev, ProtoJSON). */
function wrapSystemInstruction(body: Buffer, words: Wrapping): Buffer {
  const name = isThere(body, ["system_instruction"]) ? "system_instruction" : "systemInstruction";
  const value = fieldsAt(body, [name]).at(-1);
  if (value?.kind === "string") return wrapField(body, [name], words, barePart);
  const parts = fieldsAt(body, [name, "parts"]).at(-1);
  if (parts?.kind === "array") return wrapField(body, [name, "parts"], words, barePart);
  if (parts?.kind === "object") {
    const own = body.subarray(parts.start, parts.end).toString();
    const { prefix, suffix } = words;
    const all = [
      ...(prefix === "" ? [] : [barePart(prefix)]),
      own,
      ...(suffix === "" ? [] : [barePart(suffix)]),
    ];
    return setField(body, [name, "parts"], `[${all.join(",")}]`);
  }
  return setField(body, [name, "parts"], `[${barePart(joined(words, ""))}]`);
}
