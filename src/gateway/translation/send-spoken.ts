// Sends a call of a translated attempt over a WebSocket. Knows no protocol.
import type { ServiceCall, SpokenCall } from "../../translators/translation.ts";
import type { Translation } from "../../translators/translated-call.ts";
import type { Reception } from "../answer/reception.ts";
import { reportedFailure } from "../failure.ts";
import type { SendContext } from "../send.ts";
import { upstreamHeaders } from "../upstream/upstream-request.ts";
import type { Call } from "../upstream/upstream.ts";
import { withoutHandshake } from "../websocket/dial-request.ts";
import type { Dialer, DialRequest } from "../websocket/dial.ts";
import { SpokenSend, type SpokenHandler } from "./spoken-call.ts";
import { callPath } from "./translated-request.ts";
import { crossing, crossingHead } from "./translated-headers.ts";
import { shownError, shownStatus } from "./translated-status.ts";

export interface SpokenWork {
  readonly context: SendContext;
  readonly translation: Translation;
  readonly reception: Reception;
  /** Name of the model as it is sent. */
  readonly model: string;
}

/** @throws GatewayError upstream_credentials when a token would have to be fetched first */
export function sendSpoken(dialer: Dialer, work: SpokenWork, call: ServiceCall, spoken: SpokenCall): Call {
  const handler = handlerOf(work);
  return new SpokenSend(dialer, dialRequestOf(work, call), { call, spoken }, handler);
}

function dialRequestOf({ context, model }: SpokenWork, call: ServiceCall): DialRequest {
  const { exchange, matched, head, endpoint, target, key } = context;
  const crossed = { ...head, forward: crossing(head.forward) };
  const headers = withoutHandshake(upstreamHeaders(exchange, matched, crossed, context));
  const draft = {
    origin: endpoint.base.origin,
    method: "GET",
    path: callPath(endpoint, call, model),
    headers,
    body: null,
  };
  const {
    origin,
    path,
    headers: authorized,
  } = target.service.credentials.authorizeNow(draft, endpoint.auth, key.value);
  return {
    origin,
    path,
    headers: authorized,
    protocols: [],
    connectTimeoutMs: target.service.config.timeouts.connectMs,
  };
}

/** The reception as the socket sees it; refusals of the handshake are told in the client's protocol. */
function handlerOf({ context, translation, reception }: SpokenWork): SpokenHandler {
  const { exchange, attempt, matched, target } = context;
  const { secrets } = target.service;
  const { wire, row } = matched.route;
  let refused = 0;
  return {
    onOpen: () => {
      attempt.status = 101;
      reception.touch();
    },
    onHead: (status, headers) => {
      refused = status >= 400 ? status : 0;
      const shown = refused === 0 ? status : shownStatus(status, row.protocol);
      reception.onHead(shown, refused === 0 ? headers : crossingHead(headers, "application/json"));
    },
    onData: (bytes) => {
      if (refused === 0) return reception.onData(bytes);
      const found = translation.error(refused, bytes.toString());
      const shown = { ...found, status: shownStatus(found.status ?? refused, row.protocol) };
      return reception.onData(
        Buffer.from(shownError(wire, shown, { requestId: exchange.requestId, secrets })),
      );
    },
    onEnd: () => reception.onEnd(),
    onFailure: (failure) => reception.onFailure(failure),
    touch: () => reception.touch(),
    onUsage: (usage) => {
      exchange.usage = usage;
    },
    onReported: (error) =>
      reception.fail(reportedFailure({ ...error, status: shownStatus(error.status, row.protocol) }, secrets)),
  };
}
