// What can be asked of the log store about single exchanges, and what it answers. Types only.
import type { ExchangeRecord } from "../core/exchange-record.ts";

/** Fields of a record that hold a text. `model` meets the model asked for and the one sent; `reason` any attempt's. */
export type LogTextField =
  | "requestId"
  | "traceId"
  | "api"
  | "route"
  | "protocol"
  | "method"
  | "path"
  | "domain"
  | "consumer"
  | "credential"
  | "resourceGroup"
  | "clientIp"
  | "requestedModel"
  | "service"
  | "model"
  | "outcome"
  | "errorCode"
  | "fallbackFrom"
  | "mode"
  | "reason"
  | "cache"
  | "rateLimit"
  | "moderation"
  | "moderationCheck"
  | "moderationLabel";

/** Fields of a record that hold a number. `attempts` is how many there were. Milliseconds, tokens, USD. */
export type LogNumberField =
  | "status"
  | "upstreamStatus"
  | "attempts"
  | "ttftMs"
  | "durationMs"
  | "overheadMs"
  | "inputTokens"
  | "outputTokens"
  | "cachedInputTokens"
  | "reasoningTokens"
  | "costUsd";

/** `fallback`: it went on to a fallback target; `recorded`: content was kept. */
export type LogFlagField = "stream" | "fallback" | "estimated" | "recorded";

/** One condition; all of a query must hold. */
export type LogFilter =
  /** One of `values` fits; `*` = any run of characters, `?` = any one. */
  | {
      readonly field: LogTextField;
      readonly kind: "text";
      readonly not: boolean;
      readonly values: readonly string[];
    }
  /** Within one of the ranges, bounds included; null = open. `[500, 599]` for `5xx`. */
  | {
      readonly field: LogNumberField;
      readonly kind: "number";
      readonly not: boolean;
      readonly ranges: readonly (readonly [from: number | null, to: number | null])[];
    }
  | { readonly field: LogFlagField; readonly kind: "flag"; readonly value: boolean };

/** Fields whose values can be counted. */
export type LogFacetField =
  | Exclude<LogTextField, "requestId" | "traceId" | "path" | "clientIp" | "rateLimit">
  | "status"
  | LogFlagField;

export interface LogQuery {
  /** Start of the exchange: milliseconds since 1970, `from` included, `to` not; null = open. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly filters: readonly LogFilter[];
  /** Words that recorded content must hold, all of them; `"…"` = a phrase. Null: any. */
  readonly search: string | null;
  /** 0 to 500. */
  readonly limit: number;
  /** `nextCursor` of the page before; null = the newest. */
  readonly cursor: string | null;
  /** Counted over everything that matches, not just this page. */
  readonly facets: readonly LogFacetField[];
  /** Columns of a histogram over the whole span; 0 = none. */
  readonly histogramColumns: number;
}

/** Without content; `recorded` tells whether there is some. */
export type LogItem = Omit<ExchangeRecord, "requestContent" | "responseContent"> & {
  readonly recorded: boolean;
};

export interface LogFacet {
  readonly field: LogFacetField;
  /** Most frequent first, at most 50. */
  readonly values: readonly { readonly value: string; readonly count: number }[];
  /** How many have another value. */
  readonly others: number;
}

/** Exchanges by the time of their start. */
export interface LogHistogram {
  readonly startMs: number;
  readonly stepMs: number;
  /** Each exchange is in one of the three. */
  readonly succeeded: readonly number[];
  /** Status 4xx: 429 too, but not 499, where the client left. */
  readonly refused: readonly number[];
  /** Status 5xx, broken off or too late. */
  readonly failed: readonly number[];
}

/** `GET /api/v1/logs`: newest first by start, then by request id. */
export interface LogPage {
  readonly items: readonly LogItem[];
  /** Null at the end. */
  readonly nextCursor: string | null;
  /** All that match; null unless facets or a histogram were asked for. */
  readonly total: number | null;
  readonly facets: readonly LogFacet[];
  readonly histogram: LogHistogram | null;
  /** Time that the search took. */
  readonly tookMs: number;
  /** False while records are still being read in. */
  readonly complete: boolean;
  /** Start of the oldest record that is kept, ISO 8601; null without any. */
  readonly since: string | null;
  /** More exchanges held the words than can be looked at: only the newest of them are here. */
  readonly searchClipped: boolean;
}

/** What somebody thinks of an answer. */
export interface LogFeedback {
  /** -1 bad, 0 neither, 1 good. */
  readonly score: -1 | 0 | 1;
  readonly comment: string;
  readonly by: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** `GET /api/v1/logs/{requestId}` */
export type LogDetail = ExchangeRecord & {
  readonly recorded: boolean;
  readonly feedback: LogFeedback | null;
};

/** `GET /api/v1/traces/{traceId}`: at most 1,000 exchanges, oldest first. */
export interface TraceAnswer {
  readonly traceId: string;
  readonly items: readonly LogItem[];
}
