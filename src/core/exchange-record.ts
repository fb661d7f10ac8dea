// What is known when an exchange has ended: the one input of telemetry. Field names are part of the public contract.
import type { ErrorCode } from "./errors.ts";
import type { Outcome } from "./outcome.ts";
import type { RoutingRecord } from "./routing-record.ts";
import type { Usage } from "./usage.ts";

/** How one attempt ended. */
export type AttemptOutcome = "ok" | "upstream_error" | "timeout" | "client_closed" | "truncated";

/** Why an attempt failed: the names of the fallback triggers. */
export type Trigger =
  | "upstream-5xx"
  | "upstream-429"
  | "upstream-credentials"
  | "upstream-4xx"
  | "upstream-any-4xx"
  | "network-error"
  | "timeout"
  | "first-packet-timeout"
  | "error-in-200"
  | "empty-answer";

/** One send to one target with one key. Times in milliseconds. */
export interface AttemptRecord {
  readonly service: string;
  /** The model name sent upstream; empty when the request names none. */
  readonly model: string;
  /** Name of the API key used; empty without one. */
  readonly key: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** HTTP status of the upstream; 0 when none arrived. */
  readonly status: number;
  readonly outcome: AttemptOutcome;
  readonly reason: Trigger | "";
  /** Class of a failure of the connection, such as `ENOTFOUND` or `CERT_HAS_EXPIRED`; empty for any other. */
  readonly detail: string;
  readonly ttftMs: number | null;
  readonly durationMs: number;
  readonly nextAction: "next-key" | "retry" | "fallback" | "none";
  /** Span of this send, 16 hex digits; sent upstream in `traceparent`. */
  readonly spanId?: string;
  /** What it was sent in, where that is not what the client speaks: it was translated. */
  readonly protocol?: string;
  /** What it consumed though another attempt followed, as far as the service said so; the exchange's usage has it too. */
  readonly usage?: Usage;
}

/** Why the targets were tried in this order. */
export interface Decision {
  readonly mode: string;
  readonly reason: string;
  readonly candidates: readonly DecisionCandidate[];
  /** Of mode intelligent: what the model was chosen by, and what was chosen. */
  readonly routing?: RoutingRecord;
}

/** One target that could have been chosen. */
export interface DecisionCandidate {
  readonly service: string;
  readonly model: string;
  /** Why it was left out or put last; empty when nothing speaks against it. */
  readonly reason: string;
  /** Expected time to first data, ms, its load included; absent while it has not been measured. */
  readonly ttftMs?: number;
  /** Probability that an answer fails, 0 to 1. */
  readonly failure?: number;
  /** Requests that wait there for first data. */
  readonly waiting?: number;
  /** How many waiting requests it bears, as learnt. */
  readonly capacity?: number;
  /** Requests a second that it admits, as learnt from 429s; absent without a limit. */
  readonly admittedPerSecond?: number;
  /** What the targets are compared by: expected ms, failures included. The lowest is chosen. */
  readonly cost?: number;
  /** Of mode intelligent: expected worth of its answer, 0 to 1. */
  readonly quality?: number;
  /** Of mode intelligent: USD that the request is expected to cost there. */
  readonly costUsd?: number;
  /** Of mode intelligent: what models are compared by. The highest is chosen. */
  readonly utility?: number;
}

/** What one check of content said to an exchange. Never holds what was found. */
export interface ModerationFinding {
  /** Name of the check. */
  readonly check: string;
  readonly direction: "request" | "response";
  readonly dimension: string;
  readonly risk: "low" | "medium" | "high" | "none";
  /** What followed: `error` = the check gave no answer. */
  readonly action: "block" | "mask" | "observe" | "error";
  /** What kind of thing it is: a kind of personal data, a rule, a category; the reason of an error. */
  readonly label: string;
  /** How often it was found. */
  readonly count: number;
}

/** What a request did not consume, as an answer was reused for it. */
export interface SavedUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Null where no price is known. */
  readonly costUsd: number | null;
}

/** What could not be sent on as it came (contract: x-moongate-warnings). */
export interface Warning {
  readonly field: string;
  readonly action: string;
}

/** One record per exchange, on every ending. */
export interface ExchangeRecord {
  readonly requestId: string;
  readonly traceId: string;
  /** Start of the exchange, ISO 8601, UTC. */
  readonly time: string;
  readonly instance: string;
  readonly api: string;
  readonly route: string;
  readonly protocol: string;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly domain: string;
  readonly consumer: string;
  readonly credential: string;
  readonly resourceGroup: string;
  readonly clientIp: string;
  readonly stream: boolean;
  readonly requestedModel: string;
  readonly service: string;
  readonly model: string;
  readonly upstreamStatus: number;
  readonly status: number;
  readonly outcome: Outcome;
  readonly errorCode: ErrorCode | "";
  readonly decision: Decision | null;
  readonly attempts: readonly AttemptRecord[];
  readonly fallbackFrom: string;
  readonly ttftMs: number | null;
  readonly durationMs: number;
  /** Time spent in the gateway itself: the whole less the time waiting for the upstream. */
  readonly overheadMs: number;
  /** Of all attempts together. */
  readonly usage: Usage | null;
  /** Null where the usage or the price of a model is not known. */
  readonly costUsd: number | null;
  readonly cache: "hit" | "miss" | "skip";
  /** On a hit alone. */
  readonly saved?: SavedUsage;
  readonly moderation: readonly ModerationFinding[];
  /** Name of the limit or quota that refused it, or would have if it did not only count. */
  readonly rateLimit: string;
  readonly warnings: readonly Warning[];
  /** What its Model API wants kept of it: `m` metrics, `l` logs, `t` traces, if it was sampled. Absent = all. */
  readonly signals?: string;
  /** The gateway's span of this exchange, 16 hex digits, and the one that the client named. */
  readonly spanId?: string;
  readonly parentSpanId?: string;
  /** What was sent and answered, redacted, where the Model API records it. */
  readonly requestContent?: string;
  readonly responseContent?: string;
}
