// Takes a request from target to target until one answers: the chosen one, then the fallbacks. Knows no selection mode.
import { GatewayError } from "../core/errors.ts";
import type { Exchange, Matched } from "./exchange.ts";
import { credentialFailure, fallsBack, restingFailure, type Failure } from "./failure.ts";
import { fallbacksWith } from "./selectors/resolve-targets.ts";
import type { Selection, Standing, Target } from "./selectors/selector.ts";
import { maySendAgain } from "./send-again.ts";
import { spokenBy } from "./match-request.ts";
import { admit, isOpen, isPossible, type Spoken } from "./targets/standing.ts";
import type { AttemptTools } from "./attempt-tools.ts";
import { TargetRun } from "./target-run.ts";

/**
 * Tries the selected target, then the fallbacks in order, as far as the Model API's triggers allow. Targets that are
 * known to fail are passed over while another is left; when all are, one is tried all the same, so that a gateway that
 * is wrong about them does not make an outage of its own.
 * Returns once the client has its answer or has gone.
 * @returns null when answered, else the last failure
 * @throws GatewayError no_healthy_service
 */
export async function attempt(
  exchange: Exchange,
  matched: Matched,
  selection: Selection,
  tools: AttemptTools,
): Promise<Failure | null> {
  const { on } = matched.api.config.fallback;
  const fallbacks = fallbacksOf(matched, selection);
  let { target, standing } = selection;
  const { key } = selection;
  let last: Failure | null = null;
  for (let next = 0; ; next += 1) {
    if (isOpen(standing)) {
      if (next > 0) markFallback(exchange, selection.target);
      last = await new TargetRun(exchange, matched, { target, standing, key }, tools).run();
      if (last === null || exchange.call.gone || !fallsBack(last, on)) return last;
      if (!maySendAgain(exchange, matched, last)) return last;
    } else if (next === 0 && !passesOver(standing, target, on)) {
      break;
    }
    const fallback = fallbacks[next];
    if (fallback === undefined) break;
    target = fallback;
    standing = admit(target, sending(matched), tools.clock.monotonicMs());
  }
  return last ?? (await tryDespite(exchange, matched, selection, tools));
}

/** Whether to go on without having tried the chosen target: if it cannot be sent to, or as the triggers allow. */
function passesOver(
  standing: Standing,
  { state }: Target,
  on: Matched["api"]["config"]["fallback"]["on"],
): boolean {
  switch (standing) {
    case "ejected": {
      const { ejectedFor } = state;
      return ejectedFor === "" || on.includes(ejectedFor);
    }
    case "refused":
      return on.includes("upstream-credentials") || on.includes("upstream-any-4xx");
    default:
      return true;
  }
}

/** Nothing is open: one target is tried all the same, the chosen one if it can be. */
async function tryDespite(
  exchange: Exchange,
  matched: Matched,
  selection: Selection,
  tools: AttemptTools,
): Promise<Failure | null> {
  if (isPossible(selection.standing)) {
    const { target, standing, key } = selection;
    return new TargetRun(exchange, matched, { target, standing, key }, tools).run();
  }
  const nowMs = tools.clock.monotonicMs();
  for (const target of fallbacksOf(matched, selection)) {
    const standing = admit(target, sending(matched), nowMs);
    if (!isPossible(standing)) continue;
    markFallback(exchange, selection.target);
    return new TargetRun(exchange, matched, { target, standing }, tools).run();
  }
  return failureOf(selection, matched.route.serviceProtocol, nowMs);
}

const none: readonly Target[] = [];

/** What the ids of a request name is nowhere else. */
function fallbacksOf({ api }: Matched, { key, fallbackModel }: Selection): readonly Target[] {
  return key === undefined ? fallbacksWith(api.fallbacks, fallbackModel) : none;
}

/** What admission looks at, for a request that is to be sent. */
function sending(matched: Matched): Spoken & { readonly dryRun: boolean } {
  return { ...spokenBy(matched), dryRun: false };
}

/** Why nothing was sent. */
function failureOf({ standing, target }: Selection, protocol: string, nowMs: number): Failure {
  const { config, keys } = target.service;
  if (standing === "resting") return restingFailure(config.name, keys.restMs(nowMs));
  if (standing === "refused") return credentialFailure();
  throw new GatewayError("no_healthy_service", {
    message:
      standing === "foreign"
        ? `Service ${config.name} does not speak ${protocol}, and nothing translates this request for it.`
        : `Service ${config.name} has no enabled API key.`,
  });
}

function markFallback(exchange: Exchange, chosen: Target): void {
  exchange.fallbackFrom = chosen.service.config.name;
  const last = exchange.attempts.at(-1);
  if (last !== undefined) last.nextAction = "fallback";
}
