// Records as lines: the first line names the columns, every other holds one record's values in that order, without the
// names. What is counted and searched comes first, what only a look at the single record needs comes behind a tab, so
// that it is not parsed on the way. Knows no file.
import type {
  AttemptRecord,
  DecisionCandidate,
  ExchangeRecord,
  SavedUsage,
} from "../core/exchange-record.ts";
import type { Usage } from "../core/usage.ts";
import { routingOf, routingValues } from "./routing-values.ts";
import { parseJson, type LineLayout, type Places } from "./line-layout.ts";

/**
 * @param recorded that content was kept, though it is not in the record any more
 * @returns the line, without its end. Milliseconds are kept to a thousandth.
 */
export function lineOf(record: ExchangeRecord, recorded = hasContent(record)): string {
  const { decision, usage } = record;
  const head = [
    record.requestId,
    record.traceId === traceOf(record.requestId) ? 0 : record.traceId,
    record.time,
    record.api,
    record.route,
    record.protocol,
    record.method,
    record.path,
    record.domain,
    record.consumer,
    record.credential,
    record.resourceGroup,
    record.clientIp,
    record.stream,
    record.requestedModel,
    record.service,
    record.model,
    record.upstreamStatus,
    record.status,
    record.outcome,
    record.errorCode,
    record.attempts.map(attemptValues),
    record.fallbackFrom,
    thousandths(record.ttftMs),
    thousandths(record.durationMs),
    thousandths(record.overheadMs),
    usage === null ? null : usageValues(usage),
    record.costUsd,
    record.cache,
    record.rateLimit,
    decision === null ? null : decision.mode,
    recorded,
    record.signals,
    ...rareValues(record),
  ];
  const tail: unknown[] = [
    record.instance,
    record.spanId,
    record.parentSpanId,
    record.attempts.map(attemptTailValues),
    decision === null ? null : decision.reason,
    decision === null ? null : decision.candidates.map(candidateValues),
    0,
    record.warnings,
    record.requestContent,
    record.responseContent,
  ];
  // Of other modes the line ends before it.
  if (decision?.routing !== undefined) tail.push(routingValues(decision.routing));
  return `${JSON.stringify(head)}\t${JSON.stringify(tail)}`;
}

/** What few lines have stands last and is left out where there is none. Findings are looked for by their column. */
function rareValues({ saved, moderation }: ExchangeRecord): unknown[] {
  const spared = saved === undefined ? 0 : [saved.inputTokens, saved.outputTokens, saved.costUsd];
  if (moderation.length > 0) return [spared, moderation];
  return saved === undefined ? [] : [spared];
}

export function hasContent({ requestContent, responseContent }: ExchangeRecord): boolean {
  return requestContent !== undefined || responseContent !== undefined;
}

function thousandths(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 1_000) / 1_000;
}

/** What was only estimated is not worth all its digits. */
function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value * 10_000) / 10_000;
}

/** What the gateway makes of a request id where the client names no trace. */
function traceOf(requestId: string): string {
  return requestId.replaceAll("-", "");
}

function attemptValues(attempt: AttemptRecord): unknown[] {
  return [
    attempt.service,
    attempt.model,
    attempt.status,
    attempt.outcome,
    attempt.reason,
    thousandths(attempt.ttftMs),
    thousandths(attempt.durationMs),
    attempt.nextAction,
  ];
}

function attemptTailValues(attempt: AttemptRecord): unknown[] {
  const { key, startedAt, detail, spanId, usage, protocol } = attempt;
  const values = [key, startedAt, detail, spanId];
  if (protocol !== undefined) return [...values, usage && usageValues(usage), protocol];
  return usage === undefined ? values : [...values, usageValues(usage)];
}

function candidateValues(candidate: DecisionCandidate): unknown[] {
  const { service, model, reason } = candidate;
  if (candidate.ttftMs === undefined && candidate.waiting === undefined && candidate.cost === undefined)
    if (candidate.failure === undefined && candidate.admittedPerSecond === undefined)
      if (candidate.capacity === undefined && candidate.utility === undefined)
        return [service, model, reason];
  const values = [
    service,
    model,
    reason,
    rounded(candidate.ttftMs),
    rounded(candidate.failure),
    candidate.waiting,
    rounded(candidate.capacity),
    rounded(candidate.admittedPerSecond),
    rounded(candidate.cost),
  ];
  const { quality, costUsd, utility } = candidate;
  return utility === undefined ? values : [...values, quality, costUsd, utility];
}

function usageValues(usage: Usage): unknown[] {
  const { inputTokens, outputTokens, cachedInputTokens, cacheWriteTokens, reasoningTokens, estimated } =
    usage;
  const tokens = [inputTokens, outputTokens, cachedInputTokens, cacheWriteTokens, reasoningTokens, estimated];
  const units = [usage.images, usage.seconds, usage.characters, usage.searches];
  return units.every((unit) => unit === undefined) ? tokens : [...tokens, ...units];
}

/** A record without what stands behind the tab: of its decision the mode alone, no spans, warnings, content and so on. */
export interface HeadOfLine {
  readonly record: ExchangeRecord;
  readonly recorded: boolean;
}

/** Undefined for a line that a full disk has torn. */
export function readHead(line: string, layout: LineLayout): HeadOfLine | undefined {
  const tab = line.indexOf("\t");
  const values = tab === -1 ? undefined : parseJson(line.slice(0, tab));
  return Array.isArray(values) ? headOf(values, layout) : undefined;
}

/** Undefined for a line that a full disk has torn. */
export function readLine(line: string, layout: LineLayout): HeadOfLine | undefined {
  const head = readHead(line, layout);
  const values = head === undefined ? undefined : parseJson(line.slice(line.indexOf("\t") + 1));
  if (head === undefined || !Array.isArray(values)) return undefined;
  return { ...head, record: withTail(head.record, values, layout) };
}

/** Lines of builds before this one held the record as an object. Undefined for anything else. */
export function readObjectLine(line: string): ExchangeRecord | undefined {
  const record = line.startsWith('{"requestId":') ? parseJson(line) : undefined;
  if (typeof record !== "object" || record === null || !("attempts" in record)) return undefined;
  // Nobody but the spool writes segments, and what it wrote were records.
  return Array.isArray(record.attempts) ? (record as ExchangeRecord) : undefined;
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const number = (value: unknown): number => (typeof value === "number" ? value : 0);
const numberOrNull = (value: unknown): number | null => (typeof value === "number" ? value : null);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** While it is being put together. */
type Made<Whole> = { -readonly [Name in keyof Whole]: Whole[Name] };

function headOf(
  values: readonly unknown[],
  { head: at, attempt, usage, saved }: LineLayout,
): HeadOfLine | undefined {
  const requestId = values[at.requestId];
  const mode = values[at.mode];
  const counted = values[at.usage];
  if (typeof requestId !== "string" || typeof values[at.time] !== "string") return undefined;
  const signals = values[at.signals];
  const traceId = values[at.traceId];
  // The names of outcomes, errors and so on are those that the spool was given: nobody else writes segments.
  const record: Made<ExchangeRecord> = {
    requestId,
    traceId: traceId === 0 ? traceOf(requestId) : text(traceId),
    time: text(values[at.time]),
    instance: "",
    api: text(values[at.api]),
    route: text(values[at.route]),
    protocol: text(values[at.protocol]),
    method: text(values[at.method]),
    path: text(values[at.path]),
    domain: text(values[at.domain]),
    consumer: text(values[at.consumer]),
    credential: text(values[at.credential]),
    resourceGroup: text(values[at.resourceGroup]),
    clientIp: text(values[at.clientIp]),
    stream: values[at.stream] === true,
    requestedModel: text(values[at.requestedModel]),
    service: text(values[at.service]),
    model: text(values[at.model]),
    upstreamStatus: number(values[at.upstreamStatus]),
    status: number(values[at.status]),
    outcome: text(values[at.outcome]) as ExchangeRecord["outcome"],
    errorCode: text(values[at.errorCode]) as ExchangeRecord["errorCode"],
    decision: typeof mode === "string" ? { mode, reason: "", candidates: [] } : null,
    attempts: list(values[at.attempts]).map((each) => attemptOf(list(each), attempt)),
    fallbackFrom: text(values[at.fallbackFrom]),
    ttftMs: numberOrNull(values[at.ttftMs]),
    durationMs: number(values[at.durationMs]),
    overheadMs: number(values[at.overheadMs]),
    usage: Array.isArray(counted) ? usageOf(counted, usage) : null,
    costUsd: numberOrNull(values[at.costUsd]),
    cache: text(values[at.cache]) as ExchangeRecord["cache"],
    moderation: list(values[at.moderation]) as ExchangeRecord["moderation"],
    rateLimit: text(values[at.rateLimit]),
    warnings: [],
  };
  if (typeof signals === "string") record.signals = signals;
  const spared = values[at.saved];
  if (Array.isArray(spared)) record.saved = savedOf(spared, saved);
  return { record, recorded: values[at.recorded] === true };
}

function attemptOf(values: readonly unknown[], at: LineLayout["attempt"]): AttemptRecord {
  // Names as the spool was given them, see above.
  return {
    service: text(values[at.service]),
    model: text(values[at.model]),
    key: "",
    startedAt: "",
    status: number(values[at.status]),
    outcome: text(values[at.outcome]) as AttemptRecord["outcome"],
    reason: text(values[at.reason]) as AttemptRecord["reason"],
    detail: "",
    ttftMs: numberOrNull(values[at.ttftMs]),
    durationMs: number(values[at.durationMs]),
    nextAction: text(values[at.nextAction]) as AttemptRecord["nextAction"],
  };
}

function savedOf(values: readonly unknown[], at: LineLayout["saved"]): SavedUsage {
  return {
    inputTokens: number(values[at.inputTokens]),
    outputTokens: number(values[at.outputTokens]),
    costUsd: numberOrNull(values[at.costUsd]),
  };
}

function withAttemptTail(
  attempt: AttemptRecord,
  values: readonly unknown[],
  { attemptTail: at, usage: usageAt }: LineLayout,
): AttemptRecord {
  const spanId = values[at.spanId];
  const usage = values[at.usage];
  const protocol = values[at.protocol];
  return {
    ...attempt,
    key: text(values[at.key]),
    startedAt: text(values[at.startedAt]),
    detail: text(values[at.detail]),
    ...(typeof spanId === "string" ? { spanId } : undefined),
    ...(typeof protocol === "string" ? { protocol } : undefined),
    ...(Array.isArray(usage) ? { usage: usageOf(usage, usageAt) } : undefined),
  };
}

function usageOf(values: readonly unknown[], at: LineLayout["usage"]): Usage {
  const tokens = {
    inputTokens: number(values[at.inputTokens]),
    outputTokens: number(values[at.outputTokens]),
    cachedInputTokens: number(values[at.cachedInputTokens]),
    cacheWriteTokens: number(values[at.cacheWriteTokens]),
    reasoningTokens: number(values[at.reasoningTokens]),
    estimated: values[at.estimated] === true,
  };
  return values.length <= at.images
    ? tokens
    : { ...tokens, ...numbersOf(["images", "seconds", "characters", "searches"], values, at) };
}

/** Those that are there. */
function numbersOf<Name extends string>(
  names: readonly Name[],
  values: readonly unknown[],
  at: Places<Name>,
): Partial<Record<Name, number>> {
  const found: Partial<Record<Name, number>> = {};
  for (const name of names) {
    const value = values[at[name]];
    if (typeof value === "number") found[name] = value;
  }
  return found;
}

function withTail(record: ExchangeRecord, values: readonly unknown[], layout: LineLayout): ExchangeRecord {
  const at = layout.tail;
  const reason = text(values[at.decisionReason]);
  const candidates = list(values[at.candidates]).map((each) => candidateOf(list(each), layout.candidate));
  const attempts = list(values[at.attempts]);
  const routing = routingOf(values[at.routing]);
  const spanId = values[at.spanId];
  const parentSpanId = values[at.parentSpanId];
  const requestContent = values[at.requestContent];
  const responseContent = values[at.responseContent];
  return {
    ...record,
    instance: text(values[at.instance]),
    attempts: record.attempts.map((attempt, index) =>
      withAttemptTail(attempt, list(attempts[index]), layout),
    ),
    decision:
      record.decision === null
        ? null
        : {
            mode: record.decision.mode,
            reason,
            candidates,
            ...(routing === undefined ? undefined : { routing }),
          },
    // Nobody but the spool writes lines, and it was given findings and warnings.
    moderation:
      record.moderation.length > 0
        ? record.moderation
        : (list(values[at.moderation]) as ExchangeRecord["moderation"]),
    warnings: list(values[at.warnings]) as ExchangeRecord["warnings"],
    ...(typeof spanId === "string" ? { spanId } : undefined),
    ...(typeof parentSpanId === "string" ? { parentSpanId } : undefined),
    ...(typeof requestContent === "string" ? { requestContent } : undefined),
    ...(typeof responseContent === "string" ? { responseContent } : undefined),
  };
}

const candidateNumbers = [
  "ttftMs",
  "failure",
  "waiting",
  "capacity",
  "admittedPerSecond",
  "cost",
  "quality",
  "costUsd",
  "utility",
] as const;

function candidateOf(values: readonly unknown[], at: LineLayout["candidate"]): DecisionCandidate {
  const { service, model, reason, ...measured } = at;
  return {
    service: text(values[service]),
    model: text(values[model]),
    reason: text(values[reason]),
    ...numbersOf(candidateNumbers, values, measured),
  };
}
