// Reads what a realtime session consumes in the events of the service. Must not know sockets.
import type { Usage } from "../core/usage.ts";
import { memberOf, parseJson, textOf } from "../lib/json-value.ts";
import { readOpenaiUsage } from "./openai-usage.ts";

const usageKey = Buffer.from('"usage"');
/** Longer events are pieces of sound. */
const longestRead = 1024 * 1024;
/** Events that end one answer, or the transcript of one question, each with its own usage. */
const tellingEvents: ReadonlySet<string> = new Set([
  "response.done",
  "conversation.item.input_audio_transcription.completed",
]);

/** Usage of one answer of the session; undefined for every event that tells of none. */
export function realtimeUsage(event: Buffer): Usage | undefined {
  if (event.length > longestRead || !event.includes(usageKey)) return undefined;
  const value = parseJson(event.toString());
  const type = textOf(value, "type") ?? "";
  if (!tellingEvents.has(type)) return undefined;
  return readOpenaiUsage(memberOf(memberOf(value, "response") ?? value, "usage"));
}
