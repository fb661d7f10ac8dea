// Sends a plain HTTP request: the way of all routes but those for WebSockets.
import type { Failure } from "../failure.ts";
import { Reception } from "../answer/reception.ts";
import type { Send, SendContext } from "../send.ts";
import { sendAuthorized } from "./send-authorized.ts";
import { sendTranslated, type TranslationTools } from "../translation/send-translated.ts";
import type { Upstream } from "./upstream.ts";
import { prepareSend } from "./upstream-request.ts";

export function requestSender(upstream: Upstream, translation: TranslationTools): Send {
  return (context) => {
    const { endpoint, matched: asked } = context;
    if (endpoint.protocol !== asked.route.serviceProtocol || isInOtherWords(endpoint, asked))
      return sendTranslated(context, translation);
    const { exchange, matched, target, attempt, observation, firstPacketMs, spentMs, clock, wheel } = context;
    exchange.ids?.sending(target.service.config.name, context.key.name);
    const { request, askedUsage } = prepareSend(exchange, matched, context.head, context);
    const { service } = target;
    return new Promise<Failure | null>((resolve) => {
      const reception = new Reception(
        {
          exchange,
          matched,
          service,
          attempt,
          observation,
          firstPacketMs,
          spentMs,
          askedUsage,
          ids: exchange.ids,
          clock,
          wheel,
        },
        resolve,
      );
      reception.attach(sendAuthorized(upstream, request, context, reception));
    });
  };
}

/** The same protocol, but other words for what the request asks. */
function isInOtherWords(
  { dialect }: SendContext["endpoint"],
  { operation }: SendContext["matched"],
): boolean {
  return dialect !== undefined && (operation.task === "rerank" || operation.task === "embedding");
}
