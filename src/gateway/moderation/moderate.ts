// The moderation step of a request's way: its content is checked now, that of its answer as it comes.
import type { Exchange, Matched } from "../exchange.ts";
import { moderateRequest } from "./moderate-request.ts";
import { ModeratedCall, type ModeratedCallTools } from "./moderated-call.ts";
import type { ModerationPolicy } from "./policy.ts";

/**
 * Call it only where the Model API has content checked.
 * @throws GatewayError content_blocked
 */
export function moderate(
  exchange: Exchange,
  matched: Matched,
  policy: ModerationPolicy,
  tools: ModeratedCallTools,
): Promise<void> | undefined {
  if (policy.response) {
    const call = new ModeratedCall(exchange, matched, policy, tools);
    exchange.call = call;
    exchange.guard = call;
  }
  return policy.request ? moderateRequest(exchange, matched, policy) : undefined;
}
