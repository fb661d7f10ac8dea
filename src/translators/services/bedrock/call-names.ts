// Names of tools and ids of their calls, as Converse and single models behind it take them. Pure.
import { createHash } from "node:crypto";
import type { ModelTraits } from "../../../core/model-traits.ts";
import type { ChatRequest } from "../../chat/chat-request.ts";

const goodName = /^[A-Za-z0-9_-]{1,64}$/u;
const goodId = /^[A-Za-z0-9_.:-]{1,64}$/u;
const nineAlphanumerics = /^[A-Za-z0-9]{9}$/u;

/** The same for the same text: a call and its result meet again. */
function digest(text: string, length: number): string {
  const letters = createHash("sha256")
    .update(text)
    .digest("base64")
    .replaceAll(/[^A-Za-z0-9]/gu, "");
  return letters.padEnd(length, "0").slice(0, length);
}

/** The id of a call as the model takes it. */
export function sentId(id: string, { toolIds }: ModelTraits): string {
  if (toolIds === "nine-alphanumerics") return nineAlphanumerics.test(id) ? id : digest(id, 9);
  return goodId.test(id) ? id : `tooluse_${digest(id, 22)}`;
}

/** The name of a tool as it is sent; one that fits stays. */
export function sentName(name: string): string {
  if (goodName.test(name)) return name;
  return `${name.replaceAll(/[^A-Za-z0-9_-]/gu, "_").slice(0, 55)}_${digest(name, 8)}`;
}

/** What answers name, as the client named it: by the name that was sent. */
export function clientNames({ tools = [] }: ChatRequest): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { function: tool } of tools) {
    const sent = sentName(tool.name);
    if (sent !== tool.name) names.set(sent, tool.name);
  }
  return names;
}
