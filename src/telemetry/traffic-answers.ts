// What is told of traffic: the shapes that the admin API answers with. Types only.
import type { ErrorCode } from "../core/errors.ts";
import type { Outcome } from "../core/outcome.ts";

/** How far back a question reaches. */
export type TrafficWindow = "15m" | "1h" | "6h" | "24h" | "7d" | "30d";

/** Which time an answer covers. */
export interface Covered {
  readonly window: TrafficWindow;
  /** ISO 8601, UTC. */
  readonly from: string;
  readonly to: string;
  /** False when records of the window's beginning are no longer, or not yet, kept. */
  readonly complete: boolean;
  /** Time of the oldest record that is counted; null without any. */
  readonly since: string | null;
}

/** Columns of a chart. `series` of the same answer have `count` values; the last column is still filling. */
export interface Buckets {
  /** Milliseconds since 1970 of the first column. */
  readonly startMs: number;
  readonly stepMs: number;
  readonly count: number;
}

/** `ok + failed + limited + blocked + clientErrors + clientClosed = requests`, by outcome. */
export interface TrafficCounts {
  readonly requests: number;
  /** Status neither 5xx nor 429, and the answer was not broken off: `succeeded / requests` is the success rate. */
  readonly succeeded: number;
  readonly ok: number;
  /** Outcome upstream_error, timeout or truncated. */
  readonly failed: number;
  /** Refused by a limit, a quota or for want of room. */
  readonly limited: number;
  readonly blocked: number;
  readonly clientErrors: number;
  readonly clientClosed: number;
  /** Requests that asked for a stream. */
  readonly stream: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** By the prices of the services. */
  readonly costUsd: number;
  /** Requests that went on to a fallback target. */
  readonly fallbacks: number;
  /** Null while nothing was measured; within 5 % like all percentiles here. */
  readonly ttftP50Ms: number | null;
  readonly ttftP95Ms: number | null;
  /** Of the whole exchange. */
  readonly durationP95Ms: number | null;
  /** Median time spent in the gateway itself. */
  readonly overheadP50Ms: number | null;
  /** Requests per column. */
  readonly series: readonly number[];
  /** Those of outcome upstream_error, timeout or truncated. */
  readonly failedSeries: readonly number[];
  /** Those that asked for a stream. */
  readonly streamSeries: readonly number[];
}

/** Of the same span of time before. */
export type PreviousTraffic = Pick<
  TrafficCounts,
  | "requests"
  | "succeeded"
  | "ttftP50Ms"
  | "inputTokens"
  | "outputTokens"
  | "costUsd"
  | "fallbacks"
  | "blocked"
>;

export interface ApiTraffic extends TrafficCounts {
  readonly api: string;
  /** ISO 8601, UTC: start of its last exchange in the window. */
  readonly lastAt: string;
}

export interface ModelTraffic {
  /** As it was sent to the service. */
  readonly model: string;
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
}

/** `GET /api/v1/traffic` */
export interface TrafficAnswer extends Covered {
  readonly buckets: Buckets;
  /** Over all Model APIs, and requests that came to none. */
  readonly total: TrafficCounts;
  /** Null when records do not reach back so far. */
  readonly previous: PreviousTraffic | null;
  /** Model APIs with a record in the window, most requests first; among them such as no longer exist. */
  readonly apis: readonly ApiTraffic[];
  /** The ten models with the most output tokens. */
  readonly topModels: readonly ModelTraffic[];
}

/** The steps of the Way before the targets, in order. */
export type WayStepName = "match" | "authenticate" | "limit" | "moderate" | "select";

/** What ended at a step. */
export interface WayStop {
  readonly status: number;
  /** Our error code; `client_closed` when the client left; empty for none of these. */
  readonly code: ErrorCode | "client_closed" | "";
  readonly count: number;
}

export interface WayStep {
  readonly step: WayStepName;
  /** `passed` of the step before, less what was stopped at this one. */
  readonly passed: number;
  /** Null: records do not hold durations of single steps. */
  readonly medianMs: number | null;
  readonly stopped: readonly WayStop[];
}

/** A target that was chosen first. */
export interface WayTarget {
  readonly service: string;
  /** As it was sent; empty when the request names none, or for all that are too many to be told apart. */
  readonly model: string;
  /** `served + failed + left + passedOver`. */
  readonly chosen: number;
  /** It gave the answer that the client got, good or refused. */
  readonly served: number;
  /** It failed: sent on to a fallback step, or told to the client. */
  readonly failed: number;
  /** The client left while it was asked. */
  readonly left: number;
  /** Nothing was sent there, as it was known to fail; a fallback step was tried at once. */
  readonly passedOver: number;
  /** Of all that were chosen first, 0 to 1. */
  readonly share: number;
  readonly ttftP50Ms: number | null;
}

/** What was tried after the chosen target had failed. */
export interface WayFallback {
  /** 1 = tried next after the chosen target. */
  readonly position: number;
  readonly service: string;
  readonly model: string;
  /** `served + failed + left`. */
  readonly tried: number;
  readonly served: number;
  readonly failed: number;
  readonly left: number;
}

/** `GET /api/v1/traffic/{api}`: `select.passed = own + sum of targets' chosen`. */
export interface WayAnswer extends Covered {
  readonly api: string;
  /** Requests a second over the last 60 s. */
  readonly rate: number;
  /** Exchanges of this Model API: what came to the first step. */
  readonly arrived: number;
  readonly steps: readonly WayStep[];
  /** Answered by the gateway itself without asking a service, such as a list of models. */
  readonly own: number;
  /** Most chosen first. */
  readonly targets: readonly WayTarget[];
  /** By position, then most tried first. */
  readonly fallbacks: readonly WayFallback[];
  readonly reply: {
    /** `own` and what any target served. */
    readonly answered: number;
    /** The client got an error or a broken answer because targets failed. */
    readonly failed: number;
    /** The client left after a target was chosen. */
    readonly left: number;
    readonly p95TotalMs: number | null;
  };
  /** Median time spent in the gateway itself, all steps together. */
  readonly overheadP50Ms: number | null;
  /** The newest 20 that are kept, newest first. */
  readonly lastExchanges: readonly ExchangeSummary[];
}

/** An exchange as a line of a list; `GET /api/v1/logs/{requestId}` has the whole record. */
export interface ExchangeSummary {
  readonly requestId: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly api: string;
  readonly route: string;
  readonly consumer: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly outcome: Outcome;
  readonly errorCode: ErrorCode | "";
  readonly requestedModel: string;
  /** Targets in the order in which they were asked; the last one gave the answer, if any did. */
  readonly servedBy: readonly { readonly service: string; readonly model: string }[];
  /** Sends, those with another key and repeated ones too. */
  readonly attempts: number;
  readonly stream: boolean;
  readonly ttftMs: number | null;
  readonly durationMs: number;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
}
