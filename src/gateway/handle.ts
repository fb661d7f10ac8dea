// THE main path: a request's whole way, step by step. Each step is one small file; an error on any step ends here.
import { GatewayError } from "../core/errors.ts";
import { preflightHeaders } from "./answer-headers.ts";
import { operationOf } from "../protocols/route-traits.ts";
import { attempt, type AttemptTools } from "./attempt.ts";
import { authenticate } from "./authenticate.ts";
import type { Exchange, Matched } from "./exchange.ts";
import type { ClientCall } from "./listener.ts";
import { answerModels } from "./models-answer.ts";
import type { Plan } from "./plan.ts";
import { read } from "./read.ts";
import { answerFailure, markClientGone, refuse, toGatewayError } from "./refuse.ts";
import { readHead } from "./request-head.ts";
import { errorShape } from "./error-shape.ts";
import type { Selectable } from "./selectors/selector.ts";

const healthPath = "/moongate/healthz";

/** Takes an exchange from its head to its answer. Never throws; `exchange` then holds all there is to record. */
export async function handle(exchange: Exchange, tools: AttemptTools): Promise<void> {
  try {
    const matched = match(exchange, exchange.call, exchange.plan);
    if (matched === null) return answerHealth(exchange);
    if (exchange.call.method === "OPTIONS") return answerPreflight(exchange);
    authenticate(exchange, tools.clock.wallMs());
    if (matched.route.listsModels) return answerModels(exchange, matched);
    await read(exchange);
    const selection = await matched.api.selector.select(selectable(exchange, matched));
    exchange.decision = selection.decision;
    const failure = await attempt(exchange, matched, selection, tools);
    if (failure !== null) answerFailure(exchange, failure);
  } catch (error) {
    if (!(error instanceof GatewayError)) tools.reportDefect(error);
    if (exchange.call.gone) markClientGone(exchange);
    else refuse(exchange, toGatewayError(error));
  }
}

/** Finds the Model API and route; null: the data plane itself is asked. @throws GatewayError invalid_request, method_not_allowed, route_not_found, upgrade_required */
export function match(exchange: Exchange, call: ClientCall, plan: Plan): Matched | null {
  if (call.method === "TRACE" || call.method === "CONNECT") throw new GatewayError("method_not_allowed");
  const head = readHead(call);
  exchange.head = head;
  if (head.path === healthPath && (call.method === "GET" || call.method === "HEAD")) return null;
  const found = plan.hosts.match(head.host, head.path, call.method);
  if (!found.found) {
    errorShape(exchange, found, head);
    throw new GatewayError("route_not_found");
  }
  const { api, relativePath } = found;
  const route = (head.hasAnthropicVersion ? found.route.forAnthropic : null) ?? found.route;
  const below = relativePath.slice(route.row.path.length);
  const operation = operationOf(route.traits, call.method, below);
  exchange.matched = { api, route, operation, relativePath };
  if (route.row.websocket) throw new GatewayError("upgrade_required");
  if (head.expect !== "" && head.expect.toLowerCase() !== "100-continue") {
    throw new GatewayError("invalid_request", {
      status: 417,
      message: "The only expectation served is 100-continue.",
    });
  }
  return exchange.matched;
}

/** What a selector gets to see of a request that is to be sent. */
export function selectable(
  { body, consumer, promptTokens, stream }: Exchange,
  { route }: Matched,
): Selectable {
  return {
    requestedModel: body?.parsed?.model,
    consumer,
    protocol: route.serviceProtocol,
    promptTokens,
    stream,
    dryRun: false,
  };
}

function answerHealth(exchange: Exchange): void {
  exchange.status = 200;
  exchange.isHealthCheck = true;
  exchange.call.send(
    200,
    ["content-type", "application/json", "cache-control", "no-store"],
    '{"status":"ok"}',
  );
}

function answerPreflight(exchange: Exchange): void {
  exchange.status = 204;
  exchange.call.send(204, preflightHeaders(exchange), "");
}
