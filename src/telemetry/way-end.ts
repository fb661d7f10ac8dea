// Where on the way through its Model API a finished exchange ended, told from its record. Pure: one record, one end.
import type { ErrorCode } from "../core/errors.ts";
import type { AttemptRecord, ExchangeRecord } from "../core/exchange-record.ts";
import type { WayStepName, WayStop } from "./traffic-answers.ts";

/**
 * How a target's part in an exchange ended.
 * - `served`: it gave the answer that the client got, be it good or the service's refusal.
 * - `failed`: it went on to the next target, or the client got an error or half an answer.
 * - `left`: the client was gone, or broke its own request off.
 * - `passedOver`: chosen, but known to fail: nothing was sent there.
 */
export type TargetEnd = "served" | "failed" | "left" | "passedOver";

export interface TriedTarget {
  readonly service: string;
  readonly model: string;
  readonly end: TargetEnd;
  /** Of the attempt that it ended with. */
  readonly ttftMs: number | null;
}

export type WayEnd =
  | { readonly kind: "stopped"; readonly step: WayStepName; readonly stop: Omit<WayStop, "count"> }
  /** Answered by the gateway: preflights, lists of models, lists that are merged from several services. */
  | { readonly kind: "own" }
  /** The chosen target, then the fallbacks that were tried, in order. */
  | { readonly kind: "sent"; readonly targets: readonly [TriedTarget, ...TriedTarget[]] };

/**
 * Every code that is not here ends where a target is chosen: the request is read there, its ids are looked up, and its
 * services looked at. So does `route_not_found`: what found no route belongs to no Model API, and what did names an id
 * that is not known.
 */
const stepOfCode: Readonly<Partial<Record<ErrorCode, WayStepName>>> = {
  method_not_allowed: "match",
  misdirected_request: "match",
  head_too_large: "match",
  upgrade_required: "match",
  shutting_down: "match",
  invalid_credentials: "authenticate",
  consumer_not_allowed: "authenticate",
  rate_limited: "limit",
  quota_exceeded: "limit",
  content_blocked: "moderate",
};

export function wayEndOf(record: ExchangeRecord): WayEnd {
  const { attempts, decision } = record;
  const groups = groupByTarget(attempts);
  // Lists that are merged ask several services without choosing one.
  if (decision === null || groups.length === 0) return unsentEnd(record);
  const last = groups.length - 1;
  const tried = groups.map((group, index) =>
    triedTarget(group, index < last || sentOn(group) ? "failed" : lastEnd(record)),
  );
  const passedOver = passedOverTarget(record, groups);
  const [first, ...others] = passedOver === undefined ? tried : [passedOver, ...tried];
  return first === undefined ? unsentEnd(record) : { kind: "sent", targets: [first, ...others] };
}

function unsentEnd({ outcome, status, errorCode }: ExchangeRecord): WayEnd {
  if (outcome === "ok") return { kind: "own" };
  const code = outcome === "client_closed" ? "client_closed" : errorCode;
  const step = (errorCode === "" ? undefined : stepOfCode[errorCode]) ?? "select";
  return { kind: "stopped", step, stop: { status, code } };
}

/** Attempts at one target follow each other; the last of them says that the next target's come. */
function groupByTarget(attempts: readonly AttemptRecord[]): AttemptRecord[][] {
  const groups: AttemptRecord[][] = [];
  let open: AttemptRecord[] | undefined;
  for (const attempt of attempts) {
    if (open === undefined) groups.push((open = []));
    open.push(attempt);
    if (attempt.nextAction === "fallback") open = undefined;
  }
  return groups;
}

/** The next target was chosen, and then nothing could be sent there. */
function sentOn(group: readonly AttemptRecord[]): boolean {
  return group.at(-1)?.nextAction === "fallback";
}

function triedTarget(group: readonly AttemptRecord[], end: TargetEnd): TriedTarget {
  const attempt = group.at(-1);
  return {
    service: attempt?.service ?? "",
    model: attempt?.model ?? "",
    end,
    ttftMs: end === "served" ? (attempt?.ttftMs ?? null) : null,
  };
}

/** How the target that was asked last ended, as the client saw it. */
export function lastEnd({ outcome, errorCode }: ExchangeRecord): TargetEnd {
  switch (outcome) {
    case "ok":
    case "blocked":
      return "served";
    case "client_error":
      // A refusal of ours after something was sent is about what the client then did, as on a socket.
      return errorCode === "" ? "served" : "left";
    case "client_closed":
      return "left";
    default:
      return "failed";
  }
}

/** Records name the chosen service when a fallback answered; without an attempt there it was passed over. */
function passedOverTarget(
  { fallbackFrom, decision }: ExchangeRecord,
  groups: readonly (readonly AttemptRecord[])[],
): TriedTarget | undefined {
  if (fallbackFrom === "") return undefined;
  const [first] = groups;
  // The same service with another model may be a fallback too: then nothing says that it was sent on.
  if (first?.[0]?.service === fallbackFrom && sentOn(first)) return undefined;
  const named = decision?.candidates.filter(({ service }) => service === fallbackFrom) ?? [];
  const model = named.length === 1 ? (named[0]?.model ?? "") : "";
  return { service: fallbackFrom, model, end: "passedOver", ttftMs: null };
}
