// Tells how a request would be handled, by the very steps that handle one: matching, authentication, selection. Sends
// nothing to a service and changes nothing.
import type { Clock } from "../../core/clock.ts";
import { systemClock } from "../../core/clock.ts";
import { GatewayError } from "../../core/errors.ts";
import { TimerWheel } from "../../lib/timer-wheel.ts";
import type { SnapshotApi } from "../../snapshot/snapshot.ts";
import { Exchange, type Matched } from "../exchange.ts";
import { explainAuthentication, explainModels, type PolicyVerdict } from "./explain-authentication.ts";
import type { TokenKeys } from "../identity/token-keys.ts";
import { explainAddresses, explainShaping } from "./explain-shaping.ts";
import { explainModeration } from "./explain-moderation.ts";
import { explainCache } from "./explain-cache.ts";
import { explainLimits } from "./explain-limits.ts";
import { explainQuotas } from "./explain-quotas.ts";
import type { LimitStore } from "../limits/limit-store.ts";
import { explainMiss } from "./explain-miss.ts";
import { nothing, type ExplainedRefusal, type ExplainedTarget, type Explanation } from "./explanation.ts";
import { match, selectable, spokenBy } from "../match-request.ts";
import { imaginedCall, type ImaginedRequest } from "./imagined-call.ts";
import type { Plan } from "../plan.ts";
import { read } from "../body/read.ts";
import { fallbacksWith } from "../selectors/resolve-targets.ts";
import type { Selection, Standing, Target } from "../selectors/selector.ts";
import { standingOf, standingReasons } from "../targets/standing.ts";
import {
  clientRequest,
  openTranslation,
  sentModel,
  type TranslationPlace,
} from "../translation/open-translation.ts";
import { callPath } from "../translation/translated-request.ts";
import { pathAt } from "../upstream/upstream-request.ts";

/** An imagined body is small: it is read at once. */
const imaginedUploads = { wheel: new TimerWheel(() => 0), spoolFolder: "", clock: systemClock };

/** For a Model API that is not in the plan. */
export function explainAbsent(api: string): Explanation {
  return { ...nothing, reason: `Model API "${api}" is disabled: it takes no requests.` };
}

export interface ExplainTools {
  readonly clock: Clock;
  /** Asks identity providers for their public keys, as a request would. */
  readonly tokenKeys: TokenKeys;
  /** What the data planes count in. */
  readonly limits: Pick<LimitStore, "look">;
}

/** @param api the Model API that the request is meant for */
export async function explain(
  plan: Plan,
  api: SnapshotApi,
  request: ImaginedRequest,
  tools: ExplainTools,
): Promise<Explanation> {
  const { clock } = tools;
  const times = { monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() };
  const exchange = new Exchange(imaginedCall(request), plan, "", times);
  const matched = await outcomeOf(() => matchImagined(exchange));
  if (matched === null) return { ...nothing, reason: "The data plane itself answers its health check." };
  if (matched instanceof GatewayError && exchange.matched === null) {
    const reason = matched.code === "route_not_found" ? explainMiss(exchange, api) : matched.message;
    return { ...nothing, reason, refusal: refusalOf(matched) };
  }
  const taker = exchange.matched?.api.config ?? api;
  if (taker.name !== api.name) {
    const reason = `Model API "${taker.name}" takes this request: it serves ${taker.hosts.join(", ")} below ${taker.basePath}.`;
    return { ...nothing, reason, takenBy: taker.name };
  }
  if (matched instanceof GatewayError) {
    return { ...withRoute(exchange), reason: matched.message, refusal: refusalOf(matched) };
  }
  return explainMatched(exchange, matched, tools);
}

/** What no client could have sent meets no parser here, so it is refused in its place. */
function matchImagined(exchange: Exchange): Matched | null {
  const { call, plan } = exchange;
  if (/[\0- \x7f]/.test(call.target)) {
    const message = "The path holds a space or a control character: percent-encode it.";
    throw new GatewayError("invalid_request", { message });
  }
  return match(exchange, call, plan);
}

async function explainMatched(
  exchange: Exchange,
  matched: Matched,
  { tokenKeys, limits }: ExplainTools,
): Promise<Explanation> {
  const known = withRoute(exchange);
  if (exchange.call.method === "OPTIONS") {
    return { ...known, reason: "The gateway answers OPTIONS by itself, with what browsers may do." };
  }
  const authentication = await explainAuthentication(exchange, matched, tokenKeys);
  let refusal = authentication.error && refusalOf(authentication.error);
  const { config } = matched.api;
  const policies = [...explainAddresses(config), authentication.policy, ...explainShaping(config)];
  if (matched.route.listsModels) {
    const reason = "The gateway answers by itself, with the names of the models that this Model API serves.";
    return { ...known, policies, refusal, reason };
  }
  const body = await outcomeOf(() => read(exchange, matched, imaginedUploads));
  if (body instanceof GatewayError) {
    const verdict: PolicyVerdict = { name: "body", verdict: "refused", reason: body.message };
    return { ...known, policies: [...policies, verdict], refusal: refusal ?? refusalOf(body) };
  }
  const models = explainModels(exchange, matched);
  if (models !== null) {
    policies.push(models.policy);
    refusal ??= models.error && refusalOf(models.error);
  }
  const limited = await explainLimits(exchange, matched, limits);
  if (limited !== null) {
    policies.push(limited.policy);
    refusal ??= limited.error && refusalOf(limited.error);
  }
  for (const { policy, error } of await explainQuotas(exchange, matched, limits)) {
    policies.push(policy);
    refusal ??= error && refusalOf(error);
  }
  policies.push(...explainModeration(config));
  policies.push(...explainCache(exchange, matched));
  const { selector } = matched.api;
  const selection = await outcomeOf(() =>
    selector.select({ ...selectable(exchange, matched), dryRun: true }),
  );
  if (selection instanceof GatewayError) {
    const decision = { mode: config.modelService.mode, reason: selection.message, candidates: [] };
    return { ...known, policies, refusal: refusal ?? refusalOf(selection), decision };
  }
  return { ...known, policies, refusal, ...explainSelection(exchange, matched, selection) };
}

function explainSelection(
  exchange: Exchange,
  matched: Matched,
  { target, standing, decision, fallbackModel }: Selection,
): Pick<Explanation, "decision" | "order" | "fallback" | "fallbackOn"> {
  const { api } = matched;
  const fallbacks = fallbacksWith(api.fallbacks, fallbackModel);
  const row = (tried: Target, how: Standing): ExplainedTarget => explainTarget(exchange, matched, tried, how);
  return {
    decision,
    order: [row(target, standing)],
    fallback: fallbacks.map((next) => row(next, standingOf(next, spokenBy(matched), exchange.startedMs))),
    fallbackOn: fallbacks.length === 0 ? [] : api.config.fallback.on,
  };
}

function explainTarget(
  exchange: Exchange,
  matched: Matched,
  target: Target,
  standing: Standing,
): ExplainedTarget {
  const { service, model, firstPacketTimeoutMs } = target;
  const endpoint = service.endpointFor(spokenBy(matched));
  const isTranslated = endpoint !== undefined && endpoint.protocol !== matched.route.serviceProtocol;
  return {
    service: service.config.name,
    model: model ?? exchange.requestedModel ?? "",
    url: endpoint === undefined ? "" : urlAt({ exchange, matched, target, endpoint }, isTranslated),
    ...(isTranslated ? { translatedTo: endpoint.protocol } : {}),
    standing,
    reason: standingReasons[standing],
    firstPacketTimeoutMs: firstPacketTimeoutMs ?? matched.api.config.firstPacketTimeoutMs,
  };
}

function urlAt(place: TranslationPlace, isTranslated: boolean): string {
  const { exchange, matched, target, endpoint } = place;
  const { head, requestedModel } = exchange;
  if (head === null) return "";
  const path = isTranslated
    ? translatedPath(place)
    : pathAt(endpoint, matched, head, target.model ?? requestedModel);
  return path === "" ? "" : endpoint.base.origin + path;
}

/** Empty for a request that cannot be translated: it would be refused. */
function translatedPath(place: TranslationPlace): string {
  try {
    const request = clientRequest(place.exchange);
    const translation = openTranslation(place, request, { media: new Map(), wallMs: 0 });
    const [call] = translation.media.length > 0 ? [] : translation.calls(new Map());
    return call === undefined ? "" : callPath(place.endpoint, call, sentModel(place));
  } catch (error) {
    if (error instanceof GatewayError) return "";
    throw error;
  }
}

function withRoute({ matched }: Exchange): Explanation {
  if (matched === null) return nothing;
  const { name, protocol } = matched.route.row;
  return { ...nothing, route: name, protocol };
}

function refusalOf({ status, code, message }: GatewayError): ExplainedRefusal {
  return { status, code, message };
}

/** What a step gives, or the refusal that it ends with. */
async function outcomeOf<Result>(step: () => Result | Promise<Result>): Promise<Result | GatewayError> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
}
