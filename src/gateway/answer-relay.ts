// From an answer's head to what relays its events; none for an answer that is no stream.
import { eventDecoderOf } from "../protocols/event-decoder.ts";
import type { AnswerHead } from "./answer-head.ts";
import type { ReceptionContext } from "./reception-context.ts";
import { SseRelay } from "./sse-relay.ts";

export function relayOf(
  { exchange, matched, askedUsage }: ReceptionContext,
  { contentType, contentEncoding }: AnswerHead,
): SseRelay | undefined {
  const { route, operation } = matched;
  const kind = { protocol: route.row.protocol, answer: operation.answer };
  const decoder = eventDecoderOf(kind, contentType, exchange.stream);
  if (decoder === undefined) return undefined;
  // In a compressed stream nothing can be cut.
  return new SseRelay(route.wire.reader(operation.answer), askedUsage && contentEncoding === "", decoder);
}
