// From an answer's head to what relays its events; none for an answer that is no stream.
import type { GatewayError } from "../../core/errors.ts";
import { eventDecoderOf } from "../../protocols/event-decoder.ts";
import type { AnswerHead } from "./answer-head.ts";
import type { ReceptionContext } from "./reception-context.ts";
import { SseRelay } from "./sse-relay.ts";

export function relayOf(
  { exchange, matched, askedUsage, ids }: ReceptionContext,
  { contentType, contentEncoding }: AnswerHead,
): SseRelay | undefined {
  const { route, operation } = matched;
  const kind = { protocol: route.row.protocol, answer: operation.answer };
  const decoder = eventDecoderOf(kind, contentType, exchange.stream);
  if (decoder === undefined) return undefined;
  // A form may have said so behind files that passed before it was read.
  if (exchange.body?.upload) exchange.stream = true;
  const plain = route.wire.reader(operation.answer);
  const stop = (error: GatewayError): boolean => {
    // What the client has seen the beginning of is not worth less for it.
    if (exchange.call.started) return false;
    exchange.interrupt?.(error);
    return true;
  };
  const reader = ids === null ? plain : ids.reader(plain, stop);
  // In a compressed stream nothing can be cut.
  return new SseRelay(reader, askedUsage && contentEncoding === "", decoder);
}
