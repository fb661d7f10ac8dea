// The one place that turns an error into an answer in the caller's protocol.
import { GatewayError } from "../core/errors.ts";
import type { RouteProtocol } from "../core/protocol.ts";
import { wires } from "../protocols/wires.ts";
import { pushGatewayHeaders } from "./answer/answer-headers.ts";
import type { Exchange } from "./exchange.ts";
import type { Failure } from "./failure.ts";
import { errorView } from "./error-view.ts";

/**
 * Answers with an error, unless the client has gone or already has the head of an answer.
 * @param inOurWords its message is the gateway's own; a service's is judged like any answer
 */
export function refuse(exchange: Exchange, error: GatewayError, inOurWords = true): void {
  markRefused(exchange, error);
  if (inOurWords) exchange.guard?.bypass();
  const { call } = exchange;
  if (call.gone) return;
  if (call.started) return call.destroy();
  const headers = ["content-type", "application/json"];
  pushGatewayHeaders(headers, exchange);
  // What a client that gets this has to ask for (RFC 9110, 15.5.22; RFC 6455, 4.4).
  if (error.code === "upgrade_required") headers.push("upgrade", "websocket", "sec-websocket-version", "13");
  // Every 401 asks for something (RFC 9110, 15.5.2).
  if (error.code === "invalid_credentials") headers.push("www-authenticate", 'Bearer realm="moongate"');
  if (error.retryAfterSeconds !== undefined) headers.push("retry-after", String(error.retryAfterSeconds));
  headers.push(...error.headers);
  const body = wires[protocolOf(exchange)].errorBody(errorView(error, exchange.requestId));
  call.send(error.status, headers, body);
}

export function markRefused(exchange: Exchange, error: GatewayError): void {
  exchange.status = error.status;
  exchange.errorCode = error.code;
  exchange.outcome = error.outcome;
}

/** Answers with what the last attempt left: the service's own error where it may be shown, else ours. */
export function answerFailure(exchange: Exchange, failure: Failure): void {
  if (exchange.call.gone) return markClientGone(exchange);
  const { answer } = failure;
  if (answer === undefined) return refuse(exchange, failure.error, failure.trigger !== "error-in-200");
  exchange.status = answer.status;
  // A silent answer, where nobody had a better one, is an answer.
  const error = answer.status >= 500 ? "upstream_error" : "client_error";
  exchange.outcome = answer.status < 400 ? "ok" : error;
  exchange.errorCode = answer.status >= 500 ? "upstream_error" : "";
  const headers = answer.head.forward;
  pushGatewayHeaders(headers, exchange);
  exchange.call.send(answer.status, headers, answer.body);
}

/** 499: the client closed its connection (nginx's number; RFC 9110 has none). */
export function markClientGone(exchange: Exchange): void {
  exchange.status = 499;
  exchange.outcome = "client_closed";
  exchange.errorCode = "";
}

/** Anything that is no GatewayError is a defect of ours: the client learns no more than that. */
export function toGatewayError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  return new GatewayError("upstream_error", {
    status: 500,
    message: "The gateway failed to handle this request.",
    cause: error,
  });
}

function protocolOf(exchange: Exchange): RouteProtocol {
  if (exchange.matched !== null) return exchange.matched.route.row.protocol;
  return exchange.errorProtocol;
}
