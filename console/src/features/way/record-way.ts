// The way of one exchange, from its record: which gates it passed and where it ended. Knows no words, draws nothing.
import type { AttemptRecord, ExchangeRecord } from "../../../../src/control/routes/console-answers.ts";
import type { SmallStep } from "./way-small.tsx";

type State = SmallStep["state"];

type GateName = "match" | "auth" | "limit" | "moderate" | "cache" | "select" | "reply";

export type RecordStep =
  | { readonly name: GateName; readonly state: State }
  | {
      readonly name: "attempt";
      readonly state: State;
      readonly attempt: AttemptRecord;
      readonly index: number;
    };

const credentialFaults: ReadonlySet<string> = new Set(["invalid_credentials", "consumer_not_allowed"]);
const limitFaults: ReadonlySet<string> = new Set(["rate_limited", "quota_exceeded"]);

/**
 * @param hasAuth whether its Model API asks who calls
 * @param hasLimits whether it limits
 */
export function recordWay(
  record: Pick<
    ExchangeRecord,
    "route" | "errorCode" | "attempts" | "status" | "outcome" | "moderation" | "cache"
  >,
  hasAuth: boolean,
  hasLimits: boolean,
): RecordStep[] {
  const { attempts, errorCode } = record;
  // An answer that is blocked comes after its attempts, and shows at the reply.
  const isBlocked = errorCode === "content_blocked" && attempts.length === 0;
  let isOpen = true;
  const step = (name: GateName, passes: boolean, isOn = true): RecordStep => {
    if (!isOn) return { name, state: "off" };
    const state: State = isOpen ? (passes ? "passed" : "refused") : "unreached";
    isOpen &&= passes;
    return { name, state };
  };
  const before = [
    step("match", record.route !== ""),
    step("auth", !credentialFaults.has(errorCode), hasAuth || credentialFaults.has(errorCode)),
    ...(hasLimits || limitFaults.has(errorCode) ? [step("limit", !limitFaults.has(errorCode))] : []),
    ...(isBlocked || record.moderation.length > 0 ? [step("moderate", !isBlocked)] : []),
    // An answer that is reused comes from no target.
    record.cache === "hit" ? step("cache", true) : step("select", attempts.length > 0),
  ];
  const sends = attempts.map((attempt, index): RecordStep => {
    const passes = attempt.outcome === "ok" || attempt.outcome === "client_closed";
    return { name: "attempt", state: passes ? "passed" : "failed", attempt, index };
  });
  return [...before, ...sends, step("reply", record.status < 400 && record.outcome === "ok")];
}
