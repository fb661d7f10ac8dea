// What must become of a request for every way in which its only service can break: the fault catalogue as one table.
// Written down from the public contract, not from the code under test.
import type { ErrorCode } from "../../src/core/errors.ts";
import type { AttemptOutcome, Trigger } from "../../src/core/exchange-record.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import { answerFaults, largeBody, statusBody, type AnswerFaultName } from "./fault-answers.ts";
import {
  failureBody,
  faults,
  rateLimitBody,
  retryDate,
  type Fault,
  type FaultName,
} from "./fault-upstream.ts";

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
  /** Its usage cannot be read. */
  readonly opaque?: true;
}

export type Ending = Refused | Passed | Broken | Whole;

export interface Timeouts {
  readonly connectMs?: number;
  readonly idleMs?: number;
  readonly totalMs?: number;
  readonly firstPacketMs?: number;
}

/** Every way to break that a service itself can serve, by name. */
export const catalogue: Readonly<Record<FaultName | AnswerFaultName, Fault>> = { ...faults, ...answerFaults };

export interface Row {
  /** `refused` and `blackHole` are addresses, all others are served. */
  readonly fault: keyof typeof catalogue | "refused" | "blackHole";
  readonly shape: Shape;
  readonly timeouts?: Timeouts;
  readonly why?: string;
  readonly ending: Ending;
  /** Sends to the service that breaks; absent = 1. */
  readonly sends?: number;
  /** A healthy exchange comes first, so that there is a kept connection. */
  readonly warmUp?: true;
}

/** Triggers of fallback that are on unless an author lists others. */
export const defaultTriggers: readonly Trigger[] = [
  "upstream-5xx",
  "upstream-429",
  "upstream-credentials",
  "network-error",
  "timeout",
  "first-packet-timeout",
  "error-in-200",
  "empty-answer",
];

/** Whether another target may be tried after such an ending: nothing has reached the client, and its trigger is on. */
export function fallsBack(ending: Ending, on: readonly Trigger[] = defaultTriggers): boolean {
  return (
    (ending.kind === "refused" || ending.kind === "passed") &&
    ending.reason !== "" &&
    on.includes(ending.reason)
  );
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
/** The status is the service's, the body ours: its own never came whole. */
const statusAlone: Refused = { ...brokenHttp, status: 500, reason: "upstream-5xx" };
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

const clientsFault: Passed = {
  kind: "passed",
  status: 400,
  body: statusBody,
  outcome: "client_error",
  reason: "upstream-any-4xx",
};
const opaque: Whole = { ...whole, opaque: true };
const truncated: Whole = { kind: "whole", outcome: "truncated" };

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

function stream(fault: Row["fault"], ending: Ending, timeouts: Timeouts = noIdle, why?: string): Row {
  return { fault, shape: "stream", ending, timeouts, ...(why === undefined ? {} : { why }) };
}

function plain(fault: Row["fault"], ending: Ending, timeouts: Timeouts = noIdle, why?: string): Row {
  return { fault, shape: "plain", ending, timeouts, ...(why === undefined ? {} : { why }) };
}

const idleWhy = "idle timeout";
const totalWhy = "total timeout";
const firstWhy = "first-packet timeout";

/** Every fault with the ending that a single target gives it. U29 to U34 need more than one exchange: own suites. */
export const faultTable: readonly Row[] = [
  ...both("healthy", whole),
  ...both("refused", unreachable),
  ...both("blackHole", unreachable, { ...noIdle, connectMs: short }),
  ...both("resetBeforeHead", brokenHttp),
  ...both("resetOnReuse", whole).map((row) => ({ ...row, warmUp: true, sends: 2 }) as const),
  ...both("resetFromThenOn", brokenHttp).map((row) => ({ ...row, warmUp: true, sends: 2 }) as const),
  ...both("closeBeforeHead", brokenHttp),
  plain("stallBeforeHead", timedOut, total, totalWhy),
  stream("stallBeforeHead", timedOut, total, totalWhy),
  stream("stallBeforeHead", timedOut, idle, idleWhy),
  stream("stallBeforeHead", noFirstPacket, firstPacket, firstWhy),
  plain("stallAfterHead", timedOut, idle, idleWhy),
  stream("stallAfterHead", timedOut, idle, idleWhy),
  stream("stallAfterHead", noFirstPacket, firstPacket, firstWhy),
  stream("commentsOnly", noFirstPacket, firstPacket, firstWhy),
  stream(
    "commentsOnly",
    noFirstPacket,
    { idleMs: 400, totalMs: never, firstPacketMs: 1200 },
    "comments hold off the idle timeout only",
  ),
  stream("noiseThenStall", timedOut, idle, idleWhy),
  stream("noiseThenStall", noFirstPacket, firstPacket, firstWhy),
  plain("resetInside", brokenHttp),
  stream("resetInside", cutOff),
  stream("resetAfterNoise", brokenHttp),
  plain("finInsideChunk", brokenHttp),
  stream("finInsideChunk", cutOff),
  stream("endWithoutMarker", truncated),
  plain("stallInside", timedOut, idle),
  stream("stallInside", stalled, idle, idleWhy),
  stream("stallInside", stalled, total, totalWhy),
  ...both("slowDrip", whole, { idleMs: 400, totalMs: never }),
  ...both("splitCharacters", whole),
  stream("oddEvents", whole),
  stream("largeEvent", whole),
  stream("largeFirstEvent", whole),
  stream("malformedEvent", whole),
  stream("malformedFirst", errorInside),
  stream("endlessLine", truncated),
  stream("endlessFirstLine", truncated),
  ...both("html", errorInside),
  plain("invalidJson", errorInside),
  plain("shortBody", brokenHttp),
  stream("shortBody", cutOff),
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
  ...both("gzip", whole),
  ...both("br", whole),
  ...both("zstd", whole),
  ...both("gzipBomb", opaque),
  ...both("encodedError", { ...errorInside, status: 500 }),
  stream("encodedNoise", emptyAnswer),
  ...both("noGzip", opaque),
  ...both("cutGzip", opaque),
  ...both("noContent", emptyAnswer),
  ...both("notModified", redirected),
  ...both("retryAfterSeconds", { ...rateLimited, retryAfter: "7" }),
  ...both("retryAfterDate", { ...rateLimited, retryAfter: retryDate }),
  ...both("unauthorized", credentials),
  ...both("paymentRequired", credentials),
  ...both("forbidden", credentials),
  ...both("serverError", failed),
  ...both("unavailable", { ...failed, status: 503, body: statusBody, retryAfter: "9" }),
  ...both("overloaded", { ...failed, status: 529, body: statusBody }),
  ...both("statusThenStall", statusAlone, idle),
  ...both("statusThenCut", statusAlone),
  ...both("largeStatus", { ...failed, body: largeBody }),
  ...both("oddStatus", brokenHttp),
  ...both("redirect", redirected),
  ...both("notFound", notFound),
  ...both("conflict", { ...notFound, status: 409, body: statusBody }),
  ...both("badRequest", clientsFault),
  ...both("tooLarge", { ...clientsFault, status: 413 }),
  ...both("unprocessable", { ...clientsFault, status: 422 }),
  ...both("errorIn200", { ...errorInside, status: 500 }),
  ...both("limitIn200", { ...errorInside, status: 429 }),
  ...both("keyErrorIn200", errorInside),
  stream("errorAfterData", truncated),
  stream("noiseOnly", emptyAnswer),
  ...both("emptyAnswer", emptyAnswer),
  ...both("noBody", emptyAnswer),
];
