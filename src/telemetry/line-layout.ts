// Which column stands where in the lines of records: the first line of a segment or a chunk says so. Knows no value.
import type { AttemptRecord, DecisionCandidate, SavedUsage } from "../core/exchange-record.ts";
import type { Usage } from "../core/usage.ts";

/** Columns before the tab. `traceId` 0 = the request's id; `mode` is the decision's; `recorded`: content was kept. */
const headColumns = [
  "requestId",
  "traceId",
  "time",
  "api",
  "route",
  "protocol",
  "method",
  "path",
  "domain",
  "consumer",
  "credential",
  "resourceGroup",
  "clientIp",
  "stream",
  "requestedModel",
  "service",
  "model",
  "upstreamStatus",
  "status",
  "outcome",
  "errorCode",
  "attempts",
  "fallbackFrom",
  "ttftMs",
  "durationMs",
  "overheadMs",
  "usage",
  "costUsd",
  "cache",
  "rateLimit",
  "mode",
  "recorded",
  "signals",
  "saved",
  "moderation",
] as const;

/** Columns behind it. `moderation` stood here in lines of earlier builds. */
const tailColumns = [
  "instance",
  "spanId",
  "parentSpanId",
  "attempts",
  "decisionReason",
  "candidates",
  "moderation",
  "warnings",
  "requestContent",
  "responseContent",
  "routing",
] as const;

/** Of an attempt before the tab. */
const attemptColumns = [
  "service",
  "model",
  "status",
  "outcome",
  "reason",
  "ttftMs",
  "durationMs",
  "nextAction",
] as const satisfies readonly (keyof AttemptRecord)[];

/** Of an attempt behind it. */
const attemptTailColumns = [
  "key",
  "startedAt",
  "detail",
  "spanId",
  "usage",
  "protocol",
] as const satisfies readonly (keyof AttemptRecord)[];

const candidateColumns = [
  "service",
  "model",
  "reason",
  "ttftMs",
  "failure",
  "waiting",
  "capacity",
  "admittedPerSecond",
  "cost",
  "quality",
  "costUsd",
  "utility",
] as const satisfies readonly (keyof DecisionCandidate)[];

const usageColumns = [
  "inputTokens",
  "outputTokens",
  "cachedInputTokens",
  "cacheWriteTokens",
  "reasoningTokens",
  "estimated",
  "images",
  "seconds",
  "characters",
  "searches",
] as const satisfies readonly (keyof Usage)[];

const savedColumns = [
  "inputTokens",
  "outputTokens",
  "costUsd",
] as const satisfies readonly (keyof SavedUsage)[];

export type Places<Name extends string> = Readonly<Record<Name, number>>;

/** Where each column stands in a line; -1 = it is not there. */
export interface LineLayout {
  /** The line that names the columns. */
  readonly header: string;
  readonly head: Places<(typeof headColumns)[number]>;
  readonly tail: Places<(typeof tailColumns)[number]>;
  readonly attempt: Places<(typeof attemptColumns)[number]>;
  readonly attemptTail: Places<(typeof attemptTailColumns)[number]>;
  readonly candidate: Places<(typeof candidateColumns)[number]>;
  readonly usage: Places<(typeof usageColumns)[number]>;
  readonly saved: Places<(typeof savedColumns)[number]>;
}

const headerStart = '{"columns":';

/** The line that names the columns of the lines that `lineOf` writes. */
export const lineHeader = JSON.stringify({
  columns: headColumns,
  tail: tailColumns,
  attempt: attemptColumns,
  attemptTail: attemptTailColumns,
  candidate: candidateColumns,
  usage: usageColumns,
  saved: savedColumns,
});

/** Undefined when the line is no header. */
export function readLineHeader(line: string): LineLayout | undefined {
  if (!line.startsWith(headerStart)) return undefined;
  const named = parseJson(line);
  if (typeof named !== "object" || named === null) return undefined;
  const names = new Map<string, unknown>(Object.entries(named));
  return {
    header: line,
    head: placesOf(headColumns, names.get("columns")),
    tail: placesOf(tailColumns, names.get("tail")),
    attempt: placesOf(attemptColumns, names.get("attempt")),
    attemptTail: placesOf(attemptTailColumns, names.get("attemptTail")),
    candidate: placesOf(candidateColumns, names.get("candidate")),
    usage: placesOf(usageColumns, names.get("usage")),
    saved: placesOf(savedColumns, names.get("saved")),
  };
}

function placesOf<Name extends string>(known: readonly Name[], named: unknown): Places<Name> {
  const order = Array.isArray(named) ? named : [];
  // Every known name is set, as `known` is the whole of them.
  return Object.fromEntries(known.map((name) => [name, order.indexOf(name)])) as Record<Name, number>;
}

/** Of the lines that this build writes. */
export const ownLayout: LineLayout = readLineHeader(lineHeader) ?? noLayout();

function noLayout(): never {
  throw new Error("the header of lines cannot be read");
}

/** Undefined for what is no JSON, such as a line that a full disk has torn. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
