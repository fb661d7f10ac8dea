// What a recorded answer of Bedrock says, by a plain reading of its own. Must not know the code under test.
import { parseExactJson } from "../../src/lib/exact-json.ts";
import { listOf, memberOf, textOf } from "../../src/lib/json-value.ts";
import { bedrockEvents } from "./bedrock-recordings.ts";

/** What an answer says, read from the recording without the code under test. */
export interface Said {
  text: string;
  reasoning: string;
  signatures: string[];
  redacted: number;
  calls: { id: string; name: string; input: unknown }[];
  stopReason: string;
  input: number;
  output: number;
  total: number;
}

const nothingSaid = (): Said => ({
  text: "",
  reasoning: "",
  signatures: [],
  redacted: 0,
  calls: [],
  stopReason: "",
  input: 0,
  output: 0,
  total: 0,
});

function count(usage: unknown, name: string): number {
  return Number(memberOf(usage, name) ?? 0);
}

function takeUsage(said: Said, usage: unknown): void {
  said.input =
    count(usage, "inputTokens") +
    count(usage, "cacheReadInputTokens") +
    count(usage, "cacheWriteInputTokens");
  said.output = count(usage, "outputTokens");
  said.total = count(usage, "totalTokens");
}

export function saidByWhole(body: unknown): Said {
  const said = nothingSaid();
  for (const block of listOf(memberOf(memberOf(body, "output"), "message"), "content")) {
    said.text += textOf(block, "text") ?? "";
    const call = memberOf(block, "toolUse");
    if (call !== undefined)
      said.calls.push({
        id: textOf(call, "toolUseId") ?? "",
        name: textOf(call, "name") ?? "",
        input: memberOf(call, "input"),
      });
    const reasoning = memberOf(memberOf(block, "reasoningContent"), "reasoningText");
    said.reasoning += textOf(reasoning, "text") ?? "";
    const signature = textOf(reasoning, "signature");
    if (signature !== undefined) said.signatures.push(signature);
    if (textOf(memberOf(block, "reasoningContent"), "redactedContent") !== undefined) said.redacted += 1;
  }
  said.stopReason = textOf(body, "stopReason") ?? "";
  takeUsage(said, memberOf(body, "usage"));
  return said;
}

export function saidByStream(stream: Buffer): Said {
  const said = nothingSaid();
  const inputs = new Map<string, string>();
  let current = "";
  for (const { name, data } of bedrockEvents(stream)) {
    const payload: unknown = JSON.parse(data);
    const start = memberOf(memberOf(payload, "start"), "toolUse");
    if (name === "contentBlockStart") current = "";
    if (start !== undefined && textOf(start, "type") !== "server_tool_use") {
      current = textOf(start, "toolUseId") ?? "";
      if (!inputs.has(current))
        said.calls.push({ id: current, name: textOf(start, "name") ?? "", input: {} });
      inputs.set(current, "");
    }
    const delta = memberOf(payload, "delta");
    said.text += textOf(delta, "text") ?? "";
    said.reasoning += textOf(memberOf(delta, "reasoningContent"), "text") ?? "";
    const signature = textOf(memberOf(delta, "reasoningContent"), "signature");
    if (signature !== undefined) said.signatures.push(signature);
    if (current !== "")
      inputs.set(current, (inputs.get(current) ?? "") + (textOf(memberOf(delta, "toolUse"), "input") ?? ""));
    if (name === "messageStop") said.stopReason = textOf(payload, "stopReason") ?? "";
    if (name === "metadata") takeUsage(said, memberOf(payload, "usage"));
  }
  for (const call of said.calls) {
    const text = inputs.get(call.id) ?? "";
    call.input = text === "" ? {} : parseExactJson(text);
  }
  return said;
}
