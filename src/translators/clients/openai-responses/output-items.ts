// Output items of the Responses protocol, whole. Used by whole answers and by streams, so that both say the same.
import { isJsonObject, listOf, memberOf, type JsonObject } from "../../../lib/json-value.ts";
import type { ReasoningDetail } from "../../chat/chat-request.ts";
import { callItem, clientRunTools } from "./client-run-tools.ts";
import type { ClientTool } from "./client-tools.ts";
import { packState } from "./kept-state.ts";

export type ItemStatus = "in_progress" | "completed" | "incomplete";

export interface OutputItem extends JsonObject {
  readonly id: string;
  readonly type: string;
}

export function textPart(
  text: string,
  annotations: readonly JsonObject[],
  logprobs: readonly unknown[],
): JsonObject {
  return { type: "output_text", annotations, logprobs, text };
}

export function refusalPart(refusal: string): JsonObject {
  return { type: "refusal", refusal };
}

export function messageItem(id: string, status: ItemStatus, content: readonly JsonObject[]): OutputItem {
  return { id, type: "message", status, content, role: "assistant" };
}

export function summaryPart(text: string): JsonObject {
  return { type: "summary_text", text };
}

/** @param state undefined: no state goes with the words */
export function reasoningItem(id: string, text: string, state: string | undefined): OutputItem {
  const summary = text === "" ? [] : [summaryPart(text)];
  return { id, type: "reasoning", summary, encrypted_content: state ?? null };
}

/** What a client must send back of a block of thinking, besides its words; undefined: nothing. */
export function stateOfDetail({ type, signature, data, format }: ReasoningDetail): string | undefined {
  if (signature === undefined && data === undefined) return undefined;
  // The protocol's own state goes as it is.
  if (format === "responses" && signature === undefined) return data;
  return packState({
    type,
    ...(format === undefined ? {} : { format }),
    ...(signature === undefined ? {} : { signature }),
    ...(data === undefined ? {} : { data }),
  });
}

/** The item that carries the signature of a call: calls have no place for one. */
export function signatureItem(id: string, callId: string, signature: string): OutputItem {
  return reasoningItem(
    id,
    "",
    packState({ type: "thinking", format: "gemini", call: { id: callId, signature } }),
  );
}

export interface FinishedCall {
  readonly callId: string;
  /** As the model calls it. */
  readonly name: string;
  readonly arguments: string;
}

export function functionItem(
  id: string,
  call: FinishedCall,
  tool: ClientTool | undefined,
  status: ItemStatus,
): OutputItem {
  return {
    id,
    type: "function_call",
    status,
    arguments: call.arguments,
    call_id: call.callId,
    name: tool?.name ?? call.name,
    ...(tool?.namespace === undefined ? {} : { namespace: tool.namespace }),
  };
}

/** The item of a call of a tool that is no function; undefined: it is one, or was called with what fits no such item. */
export function clientRunItem(
  newId: () => string,
  call: FinishedCall,
  tool: ClientTool | undefined,
  status: ItemStatus,
): OutputItem | undefined {
  if (tool === undefined || tool.kind === "function") return undefined;
  const said = callItem(tool.kind, { ...call, name: tool.name });
  if (said === undefined) return undefined;
  const namespace = tool.namespace === undefined ? {} : { namespace: tool.namespace };
  const { type, ...rest } = said;
  const id = clientRunTools[tool.kind].prefix + newId();
  return { id, type: String(type), status, call_id: call.callId, ...rest, ...namespace };
}

/** Citations as this protocol has them: flat. */
export function annotationOf(annotation: JsonObject): JsonObject {
  const citation = annotation["url_citation"];
  return isJsonObject(citation) ? { type: "url_citation", ...citation } : annotation;
}

/** Of the text of a choice, as this protocol lists them. */
export function logprobsOf(logprobs: JsonObject | null | undefined): readonly unknown[] {
  return listOf(logprobs, "content").map((entry) => {
    const others = listOf(entry, "top_logprobs").map(logprobOf);
    return { ...logprobOf(entry), top_logprobs: others };
  });
}

function logprobOf(entry: unknown): JsonObject {
  const token = memberOf(entry, "token");
  return { token, logprob: memberOf(entry, "logprob"), bytes: memberOf(entry, "bytes") ?? [] };
}
