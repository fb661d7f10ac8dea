// How an answer ends of which the client has seen the beginning: honestly, since nothing can be taken back. Knows no
// upstream.
import { errorView } from "../error-view.ts";
import type { Failure } from "../failure.ts";
import type { ReceptionContext } from "./reception-context.ts";
import type { SseRelay } from "./sse-relay.ts";

/** The answer broke after the commit point: it ends with the protocol's error, or abruptly. @param relay of a stream of events */
export function breakOff(context: ReceptionContext, failure: Failure, relay: SseRelay | null): void {
  const { exchange, matched, attempt, endBroken = matched.route.wire.streamError } = context;
  attempt.reason = failure.trigger;
  exchange.outcome = "truncated";
  exchange.errorCode = failure.error.code;
  if (relay === null || relay.cutOpenEvent) exchange.call.destroy();
  else exchange.call.endAndClose(endBroken(errorView(failure.error, exchange.requestId)));
}

/** An error answer that was too large to be held has passed already; all that is left is to say what it was. */
export function endPassedRefusal(
  { exchange, attempt }: ReceptionContext,
  failure: Failure,
  status: number,
): void {
  attempt.reason = failure.trigger;
  exchange.outcome = status >= 500 ? "upstream_error" : "client_error";
  exchange.errorCode = status >= 500 ? "upstream_error" : "";
  exchange.call.end();
}
