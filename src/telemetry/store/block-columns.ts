// Which columns a block has, and what of a record stands in each. A table for the builder, the reader and the filters.
import type { ExchangeRecord, ModerationFinding } from "../../core/exchange-record.ts";
import { isSuccess } from "../success.ts";
import type { LogNumberField, LogTextField } from "../log-answers.ts";
import type { NumberColumn, TextColumn } from "./column-bytes.ts";
import type { IdColumn } from "./id-column.ts";

export type IdField = Extract<LogTextField, "requestId" | "traceId">;
export type DictionaryField = Exclude<LogTextField, IdField>;

/** One run of records of a partition, seen by its columns. Rows from `records` on are not to be looked at. */
export interface Block {
  /** Number of its first record in the partition. */
  readonly first: number;
  readonly records: number;
  readonly minMs: number;
  readonly maxMs: number;
  texts(field: DictionaryField): TextColumn;
  numbers(field: LogNumberField): NumberColumn;
  ids(field: IdField): IdColumn;
  /** Starts, milliseconds since 1970. */
  times(): Float64Array;
  /** Bits of `flagBits`. */
  flags(): Uint8Array;
}

/** Between several texts of one record, as it tried several targets. */
const separator = "\u001f";
/** What is longer is cut in columns, though not in records. */
const maxTextLength = 512;

type TextsOf = (record: ExchangeRecord) => string;

/** The texts of a record by which it is found; of `service`, `model` and `reason` there may be several. */
export const textColumns: Readonly<Record<DictionaryField, TextsOf>> = {
  api: ({ api }) => api,
  route: ({ route }) => route,
  protocol: ({ protocol }) => protocol,
  method: ({ method }) => method,
  path: ({ path }) => path,
  domain: ({ domain }) => domain,
  consumer: ({ consumer }) => consumer,
  credential: ({ credential }) => credential,
  resourceGroup: ({ resourceGroup }) => resourceGroup,
  clientIp: ({ clientIp }) => clientIp,
  requestedModel: ({ requestedModel }) => requestedModel,
  service: ({ service, attempts }) => {
    for (const attempt of attempts)
      if (attempt.service !== service) return several([service, ...attempts.map((each) => each.service)]);
    return service;
  },
  model: ({ model, requestedModel, attempts }) => {
    let isOne = model === requestedModel;
    for (const attempt of attempts) isOne &&= attempt.model === model;
    return isOne ? model : several([requestedModel, model, ...attempts.map((attempt) => attempt.model)]);
  },
  outcome: ({ outcome }) => outcome,
  errorCode: ({ errorCode }) => errorCode,
  fallbackFrom: ({ fallbackFrom }) => fallbackFrom,
  mode: ({ decision }) => decision?.mode ?? "",
  reason: ({ attempts }) => {
    const [only] = attempts;
    return attempts.length <= 1 ? (only?.reason ?? "") : several(attempts.map(({ reason }) => reason));
  },
  cache: ({ cache }) => cache,
  rateLimit: ({ rateLimit }) => rateLimit,
  moderation: ({ moderation }) => ofFindings(moderation, ({ action }) => action),
  moderationCheck: ({ moderation }) => ofFindings(moderation, ({ check }) => check),
  moderationLabel: ({ moderation }) => ofFindings(moderation, ({ label }) => label),
};

function ofFindings(
  findings: readonly ModerationFinding[],
  textOf: (finding: ModerationFinding) => string,
): string {
  return findings.length === 0 ? "" : several(findings.map(textOf));
}

/** Columns that came later: blocks of before have none of these, and nothing stands in them. */
const laterColumns: readonly DictionaryField[] = ["moderation", "moderationCheck", "moderationLabel"];

export function isLaterColumn(column: string): boolean {
  return laterColumns.some((later) => later === column);
}

/** Each once, empty ones left out. */
function several(texts: readonly string[]): string {
  const unique = new Set(texts.map((text) => text.replaceAll(separator, " ")));
  unique.delete("");
  return [...unique].join(separator);
}

/** The texts that stand behind one entry of a dictionary. */
export function textsOfEntry(entry: string): readonly string[] {
  return entry.includes(separator) ? entry.split(separator) : [entry];
}

export function columnText(text: string): string {
  return (text.length <= maxTextLength ? text : text.slice(0, maxTextLength)).toWellFormed();
}

type NumberOf = (record: ExchangeRecord) => number | null | undefined;

export const numberColumns: Readonly<Record<LogNumberField, NumberOf>> = {
  status: ({ status }) => status,
  upstreamStatus: ({ upstreamStatus }) => upstreamStatus,
  attempts: ({ attempts }) => attempts.length,
  ttftMs: ({ ttftMs }) => ttftMs,
  durationMs: ({ durationMs }) => durationMs,
  overheadMs: ({ overheadMs }) => overheadMs,
  inputTokens: ({ usage }) => usage?.inputTokens,
  outputTokens: ({ usage }) => usage?.outputTokens,
  cachedInputTokens: ({ usage }) => usage?.cachedInputTokens,
  reasoningTokens: ({ usage }) => usage?.reasoningTokens,
  costUsd: ({ costUsd }) => costUsd,
};

export const flagBits = {
  stream: 1,
  fallback: 2,
  estimated: 4,
  recorded: 8,
  succeeded: 16,
  /** Its Model API keeps logs: what it lacks is only there for those to whom records are delivered. */
  listed: 32,
  /** It is sampled for traces. */
  traced: 64,
} as const;

export function flagsOf(record: ExchangeRecord, recorded: boolean): number {
  const { signals } = record;
  return (
    (record.stream ? flagBits.stream : 0) |
    (record.fallbackFrom === "" ? 0 : flagBits.fallback) |
    (record.usage?.estimated === true ? flagBits.estimated : 0) |
    (recorded ? flagBits.recorded : 0) |
    (isSuccess(record) ? flagBits.succeeded : 0) |
    (signals === undefined || signals.includes("l") ? flagBits.listed : 0) |
    (signals === undefined || signals.includes("t") ? flagBits.traced : 0)
  );
}

const textFields = Object.keys(textColumns).filter((field) => !isLaterColumn(field));
const numberFields = Object.keys(numberColumns);

/** Columns in a file have a number: the block's times this, and the place in this list. */
export const columnsPerBlock = 64;
const columnOrder: readonly string[] = [
  "times",
  "flags",
  "requestId",
  "traceId",
  ...textFields,
  ...numberFields,
  // Each keeps its number for good.
  ...laterColumns,
];

export type ColumnName = "times" | "flags" | IdField | DictionaryField | LogNumberField;

export function columnNumber(block: number, column: ColumnName): number {
  return block * columnsPerBlock + columnOrder.indexOf(column);
}
