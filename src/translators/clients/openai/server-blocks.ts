// Reads blocks of server-side tools that an answer held as an extension and that the client sends back. Must not know what
// they mean.
import { numberIn } from "../../../lib/exact-json.ts";
import type { JsonObject } from "../../../lib/json-value.ts";
import type { AssistantMessage } from "../../chat/chat-request.ts";
import { isObject, listAt, own } from "./field-faults.ts";

type ServerBlocks = NonNullable<AssistantMessage["server_blocks"]>;

/** What is no such block says nothing to anybody. */
export function serverBlocks(message: JsonObject, at: string): ServerBlocks | undefined {
  const given = own(message, "server_blocks");
  if (given === undefined) return undefined;
  const blocks: ServerBlocks[number][] = [];
  for (const each of listAt(given, `${at}.server_blocks`)) {
    if (!isObject(each)) continue;
    const index = numberIn(own(each, "index"));
    const format = own(each, "format");
    const block = own(each, "block");
    if (index !== undefined && typeof format === "string" && isObject(block))
      blocks.push({ index, format, block });
  }
  return blocks.length === 0 ? undefined : blocks;
}
