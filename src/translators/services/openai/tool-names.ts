// Names of tools and ids of calls as OpenAI-compatible services take them, and back. Pure functions of the name: nothing
// has to be remembered between two turns.
import { createHash } from "node:crypto";
import type { ModelTraits } from "../../../core/model-traits.ts";
import type { ChatRequest } from "../../chat/chat-request.ts";

const longestName = 64;
const longestId = 40;
const plainName = /^[a-zA-Z0-9_-]{1,64}$/;
const nineAlphanumerics = /^[a-zA-Z0-9]{9}$/;

function digest(text: string, length: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}

/** The name itself where the service takes it, else one made of it. */
export function serviceToolName(name: string): string {
  if (plainName.test(name)) return name;
  const readable = name.replaceAll(/[^a-zA-Z0-9_-]/g, "_").slice(0, longestName - 9);
  return `${readable}_${digest(name, 8)}`;
}

/** From names that were made back to those that the client knows. */
export function clientToolNames({ tools = [] }: ChatRequest): (name: string) => string {
  const made = new Map<string, string>();
  for (const { function: tool } of tools)
    if (!plainName.test(tool.name)) made.set(serviceToolName(tool.name), tool.name);
  return made.size === 0 ? (name) => name : (name) => made.get(name) ?? name;
}

export function serviceCallId(id: string, { toolIds }: ModelTraits): string {
  if (toolIds === "nine-alphanumerics") return nineAlphanumerics.test(id) ? id : digest(id, 9);
  return id.length <= longestId ? id : `call_${digest(id, 24)}`;
}
