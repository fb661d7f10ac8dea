// What must become of a request for every way in which its only service can break: the fault catalogue as one table.
// Written down from the public contract, not from the code under test.
import type { ErrorCode } from "../../src/core/errors.ts";
import type { AttemptOutcome, Trigger } from "../../src/core/exchange-record.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import { failureBody, rateLimitBody, retryDate, type FaultName } from "./fault-upstream.ts";

type Shape = "plain" | "stream";

/** Own error before the commit. */
export interface Refused {
  readonly kind: "refused";
  readonly status: number;
  readonly code: ErrorCode;
  readonly outcome: Outcome;
  readonly attempt: AttemptOutcome;
  readonly reason: Trigger;
}

/** The service's error, passed on. */
interface Passed {
  readonly kind: "passed";
  readonly status: number;
  readonly body: string;
  readonly outcome: Outcome;
  readonly reason: Trigger | "";
  readonly retryAfter?: string;
}

/** After the commit: an honest break. */
interface Broken {
  readonly kind: "broken";
  readonly reason: Trigger;
}

/** Everything the service sent reaches the client. */
interface Whole {
  readonly kind: "whole";
  readonly outcome: Outcome;
}

export type Ending = Refused | Passed | Broken | Whole;

export interface Timeouts {
  readonly connectMs?: number;
  readonly idleMs?: number;
  readonly totalMs?: number;
  readonly firstPacketMs?: number;
}

export interface Row {
  readonly fault: FaultName | "refused" | "blackHole";
  readonly shape: Shape;
  readonly timeouts?: Timeouts;
  readonly why?: string;
  readonly ending: Ending;
}

const unreachable: Refused = {
  kind: "refused",
  status: 502,
  code: "upstream_unreachable",
  outcome: "upstream_error",
  attempt: "upstream_error",
  reason: "network-error",
};
const brokenHttp: Refused = { ...unreachable, code: "upstream_error" };
const timedOut: Refused = {
  kind: "refused",
  status: 504,
  code: "upstream_timeout",
  outcome: "timeout",
  attempt: "timeout",
  reason: "timeout",
};
const noFirstPacket: Refused = { ...timedOut, code: "first_packet_timeout", reason: "first-packet-timeout" };
const errorInside: Refused = { ...brokenHttp, reason: "error-in-200" };
const emptyAnswer: Refused = { ...brokenHttp, reason: "empty-answer" };
const credentials: Refused = { ...brokenHttp, code: "upstream_credentials", reason: "upstream-credentials" };
const redirected: Refused = { ...brokenHttp, reason: "upstream-5xx" };
const cutOff: Broken = { kind: "broken", reason: "network-error" };
const stalled: Broken = { kind: "broken", reason: "timeout" };
const whole: Whole = { kind: "whole", outcome: "ok" };
const rateLimited: Passed = {
  kind: "passed",
  status: 429,
  body: rateLimitBody,
  outcome: "client_error",
  reason: "upstream-429",
};
const failed: Passed = {
  kind: "passed",
  status: 500,
  body: failureBody,
  outcome: "upstream_error",
  reason: "upstream-5xx",
};
const notFound: Passed = {
  kind: "passed",
  status: 404,
  body: failureBody,
  outcome: "client_error",
  reason: "upstream-4xx",
};

/** Long enough never to matter beside the short timeout that a row is about. */
const never = 20_000;
const short = 150;
export const noIdle: Timeouts = { idleMs: never, totalMs: never };
const idle: Timeouts = { idleMs: short, totalMs: never };
const total: Timeouts = { idleMs: never, totalMs: short };
const firstPacket: Timeouts = { ...noIdle, firstPacketMs: short };

/** The same ending for a plain answer and for a stream. */
function both(fault: Row["fault"], ending: Ending, timeouts: Timeouts = noIdle): Row[] {
  return [
    { fault, shape: "plain", ending, timeouts },
    { fault, shape: "stream", ending, timeouts },
  ];
}

/** Every fault with the ending that a single target gives it. */
export const faultTable: readonly Row[] = [
  ...both("healthy", whole),
  ...both("refused", unreachable),
  ...both("blackHole", unreachable, { ...noIdle, connectMs: short }),
  ...both("resetBeforeHead", brokenHttp),
  ...both("closeBeforeHead", brokenHttp),
  { fault: "stallBeforeHead", shape: "plain", timeouts: total, why: "total timeout", ending: timedOut },
  { fault: "stallBeforeHead", shape: "stream", timeouts: total, why: "total timeout", ending: timedOut },
  { fault: "stallBeforeHead", shape: "stream", timeouts: idle, why: "idle timeout", ending: timedOut },
  {
    fault: "stallBeforeHead",
    shape: "stream",
    timeouts: firstPacket,
    why: "first-packet timeout",
    ending: noFirstPacket,
  },
  { fault: "stallAfterHead", shape: "plain", timeouts: idle, why: "idle timeout", ending: timedOut },
  { fault: "stallAfterHead", shape: "stream", timeouts: idle, why: "idle timeout", ending: timedOut },
  {
    fault: "stallAfterHead",
    shape: "stream",
    timeouts: firstPacket,
    why: "first-packet timeout",
    ending: noFirstPacket,
  },
  {
    fault: "commentsOnly",
    shape: "stream",
    timeouts: firstPacket,
    why: "first-packet timeout",
    ending: noFirstPacket,
  },
  {
    fault: "commentsOnly",
    shape: "stream",
    timeouts: { idleMs: 400, totalMs: never, firstPacketMs: 1200 },
    why: "comments hold off the idle timeout only",
    ending: noFirstPacket,
  },
  { fault: "resetInside", shape: "plain", ending: brokenHttp },
  { fault: "resetInside", shape: "stream", ending: cutOff },
  { fault: "finInsideChunk", shape: "plain", ending: brokenHttp },
  { fault: "finInsideChunk", shape: "stream", ending: cutOff },
  { fault: "endWithoutMarker", shape: "stream", ending: { kind: "whole", outcome: "truncated" } },
  { fault: "stallInside", shape: "plain", timeouts: idle, ending: timedOut },
  { fault: "stallInside", shape: "stream", timeouts: idle, why: "idle timeout", ending: stalled },
  { fault: "stallInside", shape: "stream", timeouts: total, why: "total timeout", ending: stalled },
  { fault: "malformedEvent", shape: "stream", ending: whole },
  { fault: "endlessLine", shape: "stream", ending: { kind: "whole", outcome: "truncated" } },
  ...both("html", errorInside),
  { fault: "invalidJson", shape: "plain", ending: errorInside },
  { fault: "shortBody", shape: "plain", ending: brokenHttp },
  { fault: "shortBody", shape: "stream", ending: cutOff },
  ...both("extraBytes", whole),
  ...both("secondAnswer", whole),
  ...both("lengthAndChunked", brokenHttp),
  ...both("twoLengths", brokenHttp),
  ...both("hugeHeader", brokenHttp),
  ...both("manyHeaders", brokenHttp),
  ...both("processing", whole),
  ...both("earlyHints", whole),
  ...both("unsolicitedContinue", brokenHttp),
  ...both("switchingProtocols", brokenHttp),
  ...both("retryAfterSeconds", { ...rateLimited, retryAfter: "7" }),
  ...both("retryAfterDate", { ...rateLimited, retryAfter: retryDate }),
  ...both("unauthorized", credentials),
  ...both("paymentRequired", credentials),
  ...both("forbidden", credentials),
  ...both("serverError", failed),
  ...both("redirect", redirected),
  ...both("notFound", notFound),
  ...both("emptyAnswer", emptyAnswer),
  ...both("noBody", emptyAnswer),
];
