// The fields of a record in Simple Log Service, as tables: under our own names, or under those of the cloud gateway.
import type { ExchangeRecord } from "../../core/exchange-record.ts";
import type { Sender } from "./sink-config.ts";

type Pair = readonly [key: string, value: string];

/** One field of the other form: its name there, ours, and its value; empty = it is left out. */
export interface OriginalRow {
  readonly name: string;
  readonly field: string;
  readonly of: (record: ExchangeRecord, sender: Sender) => string | number | boolean | null | undefined;
}

/** Fields of the access log beside `ai_log`. */
export const accessRows: readonly OriginalRow[] = [
  { name: "cluster_id", field: "instance", of: ({ instance }) => instance },
  { name: "authority", field: "domain", of: ({ domain }) => domain },
  { name: "duration", field: "durationMs", of: ({ durationMs }) => Math.round(durationMs) },
  { name: "method", field: "method", of: ({ method }) => method },
  { name: "path", field: "path", of: ({ path }) => path },
  { name: "request_id", field: "requestId", of: ({ requestId }) => requestId },
  { name: "response_code", field: "status", of: ({ status }) => status },
  {
    name: "response_flags",
    field: "errorCode",
    of: ({ errorCode }) => (errorCode === "" ? "-" : errorCode),
  },
  {
    name: "route_name",
    field: "api, route",
    of: ({ api, route }) => (route === "" ? api : `${api}/${route}`),
  },
  { name: "start_time", field: "time", of: ({ time }) => time },
  { name: "trace_id", field: "traceId", of: ({ traceId }) => traceId },
  { name: "upstream_cluster", field: "service", of: ({ service }) => service },
  {
    name: "upstream_service_time",
    field: "durationMs - overheadMs",
    of: ({ durationMs, overheadMs, attempts }) =>
      attempts.length === 0 ? undefined : Math.round(durationMs - overheadMs),
  },
  {
    name: "upstream_transport_failure_reason",
    field: "attempts[].detail of the last",
    of: ({ attempts }) => attempts.at(-1)?.detail,
  },
  { name: "x_forwarded_for", field: "clientIp", of: ({ clientIp }) => clientIp },
];

/** Fields of the JSON object `ai_log`. */
export const aiLogRows: readonly OriginalRow[] = [
  { name: "api", field: "api", of: ({ api }) => api },
  { name: "model", field: "model", of: ({ model }) => model },
  { name: "consumer", field: "consumer", of: ({ consumer }) => consumer },
  { name: "response_type", field: "stream", of: ({ stream }) => (stream ? "stream" : "normal") },
  { name: "cache_status", field: "cache", of: ({ cache }) => cache },
  { name: "fallback_from", field: "fallbackFrom", of: ({ fallbackFrom }) => fallbackFrom },
  { name: "token_ratelimit_status", field: "rateLimit", of: ({ rateLimit }) => rateLimit },
  { name: "input_token", field: "usage.inputTokens", of: ({ usage }) => usage?.inputTokens },
  { name: "output_token", field: "usage.outputTokens", of: ({ usage }) => usage?.outputTokens },
  {
    name: "total_token",
    field: "usage.inputTokens + outputTokens",
    of: ({ usage }) => (usage === null ? undefined : usage.inputTokens + usage.outputTokens),
  },
  { name: "cached_tokens", field: "usage.cachedInputTokens", of: ({ usage }) => usage?.cachedInputTokens },
  { name: "reasoning_tokens", field: "usage.reasoningTokens", of: ({ usage }) => usage?.reasoningTokens },
  {
    name: "llm_first_token_duration",
    field: "ttftMs",
    of: ({ ttftMs }) => (ttftMs === null ? undefined : Math.round(ttftMs)),
  },
  {
    name: "llm_service_duration",
    field: "durationMs - overheadMs",
    of: ({ durationMs, overheadMs }) => Math.round(durationMs - overheadMs),
  },
  { name: "question", field: "requestContent", of: ({ requestContent }) => requestContent },
  { name: "answer", field: "responseContent", of: ({ responseContent }) => responseContent },
];

export function slsFields(
  names: "moongate" | "original",
  record: ExchangeRecord,
  sender: Sender,
): readonly Pair[] {
  return names === "moongate" ? ownFields(record) : originalFields(record, sender);
}

/** Every field of the record; objects and lists as JSON, nothing as an empty text. */
function ownFields(record: ExchangeRecord): Pair[] {
  return Object.entries(record).map(([name, value]: [string, unknown]): Pair => {
    if (value === null || value === undefined) return [name, ""];
    return [name, typeof value === "string" ? value : JSON.stringify(value)];
  });
}

function originalFields(record: ExchangeRecord, sender: Sender): Pair[] {
  const aiLog = Object.fromEntries(
    aiLogRows.map(({ name, of }) => [name, of(record, sender)]).filter(([, value]) => isThere(value)),
  );
  const access = accessRows
    .map(({ name, of }) => [name, of(record, sender)] as const)
    .filter(([, value]) => isThere(value))
    .map(([name, value]): Pair => [name, String(value)]);
  return [...access, ["ai_log", JSON.stringify(aiLog)]];
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}
