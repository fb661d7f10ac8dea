// Finds what a request is for, and what a selector gets to see of it. Knows no answer.
import { GatewayError } from "../core/errors.ts";
import { translatedTo } from "../core/translated-pairs.ts";
import { operationOf } from "../protocols/route-traits.ts";
import type { OperationTraits } from "../protocols/route-operations.ts";
import { errorShape } from "./error-shape.ts";
import type { Exchange, Matched } from "./exchange.ts";
import type { ClientCall } from "./listener/listener.ts";
import type { Plan } from "./plan.ts";
import { routable } from "./routing/routable.ts";
import { readHead } from "./request-head.ts";
import type { Selectable } from "./selectors/selector.ts";

const nothingKept =
  "No model service of this Model API keeps what is asked for: requests of this protocol are translated.";
const healthPath = "/moongate/healthz";

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
  if (route.keepsNothing && operation.task === undefined)
    throw new GatewayError("route_not_found", { message: nothingKept });
  if (route.row.websocket && call.upgrade === null) throw new GatewayError("upgrade_required");
  if (head.expect !== "" && head.expect.toLowerCase() !== "100-continue") {
    throw new GatewayError("invalid_request", {
      status: 417,
      message: "The only expectation served is 100-continue.",
    });
  }
  return exchange.matched;
}

/** The Model API that a call would be for now. */
export function apiNow(call: ClientCall, plan: Plan): Matched["api"] | undefined {
  const { host, path } = readHead(call);
  const found = plan.hosts.match(host, path, call.method);
  return found.found ? found.api : undefined;
}

/** In what a request may be sent. */
export function spokenBy({ route, operation }: Pick<Matched, "route" | "operation">): SpokenNames {
  let byTask = spokenNames.get(route.serviceProtocol);
  if (byTask === undefined) {
    byTask = new Map();
    spokenNames.set(route.serviceProtocol, byTask);
  }
  let names = byTask.get(operation.task);
  if (names === undefined) {
    names = {
      protocol: route.serviceProtocol,
      translated: translatedTo(route.row.protocol, operation.task),
      ...(operation.task === undefined ? {} : { task: operation.task }),
    };
    byTask.set(operation.task, names);
  }
  return names;
}

type SpokenNames = Required<Pick<Selectable, "protocol" | "translated">> & Pick<Selectable, "task">;

/** Made once for each, as every request asks several times. */
const spokenNames = new Map<string, Map<OperationTraits["task"], SpokenNames>>();

/** What a selector gets to see of a request that is to be sent. */
export function selectable(exchange: Exchange, matched: Matched): Selectable {
  const { requestedModel, consumer, promptTokens, stream } = exchange;
  const spoken = spokenBy(matched);
  const { modelService } = matched.api.config;
  const asked = {
    requestedModel,
    consumer,
    protocol: spoken.protocol,
    translated: spoken.translated,
    task: spoken.task,
    promptTokens,
    stream,
    dryRun: false,
  };
  return modelService.mode === "intelligent"
    ? { ...asked, ...routable(exchange, matched, modelService.policy) }
    : asked;
}
