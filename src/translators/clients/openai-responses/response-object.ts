// The `response` object around the output of an answer: what it repeats of the request, its state, its usage. Must not
// know output items.
import { isJsonObject, memberOf, type JsonObject } from "../../../lib/json-value.ts";
import type { ChatUsage, FinishReason } from "../../chat/chat-answer.ts";

/** Fields that an answer repeats as the client sent them, with what stands for one that was not sent. */
const repeated: Readonly<Record<string, unknown>> = {
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  prompt_cache_key: null,
  safety_identifier: null,
  temperature: 1,
  tool_choice: "auto",
  tools: [],
  top_logprobs: 0,
  top_p: 1,
  truncation: "disabled",
  user: null,
};

/** What every state of one answer repeats of its request. */
export function repeatedFields(body: unknown, serviceTier: string | undefined): JsonObject {
  const fields: Record<string, unknown> = { background: false, previous_response_id: null, store: false };
  for (const [name, standard] of Object.entries(repeated)) fields[name] = memberOf(body, name) ?? standard;
  const reasoning = memberOf(body, "reasoning");
  const text = memberOf(body, "text");
  return {
    ...fields,
    reasoning: { effort: null, summary: null, ...(isJsonObject(reasoning) ? reasoning : {}) },
    text: { format: { type: "text" }, verbosity: "medium", ...(isJsonObject(text) ? text : {}) },
    service_tier: serviceTier ?? memberOf(body, "service_tier") ?? "default",
  };
}

export interface ResponseState {
  readonly status: "in_progress" | "completed" | "incomplete" | "failed";
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly incomplete_details: { readonly reason: "max_output_tokens" | "content_filter" } | null;
}

export const inProgress: ResponseState = { status: "in_progress", error: null, incomplete_details: null };

/** How an answer ends that did not break. */
export function stateOf(finish: FinishReason | null): ResponseState {
  if (finish === "length")
    return { status: "incomplete", error: null, incomplete_details: { reason: "max_output_tokens" } };
  if (finish === "content_filter")
    return { status: "incomplete", error: null, incomplete_details: { reason: "content_filter" } };
  return { status: "completed", error: null, incomplete_details: null };
}

/** Null where the service did not tell. */
export function responseUsage(usage: ChatUsage | undefined): JsonObject | null {
  if (usage === undefined) return null;
  const { prompt_tokens_details: input, completion_tokens_details: output } = usage;
  return {
    input_tokens: usage.prompt_tokens,
    input_tokens_details: {
      cached_tokens: input?.cached_tokens ?? 0,
      cache_write_tokens: input?.cache_write_tokens ?? 0,
    },
    output_tokens: usage.completion_tokens,
    output_tokens_details: { reasoning_tokens: output?.reasoning_tokens ?? 0 },
    total_tokens: usage.total_tokens,
  };
}
