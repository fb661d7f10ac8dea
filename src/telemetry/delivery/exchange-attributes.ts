// The attributes of an exchange and of its attempts, as tables: spans and logs are made from them, and the documentation.
// Names: https://opentelemetry.io/docs/specs/semconv/gen-ai/ and .../semconv/http/; ours begin with `moongate.`
import type { AttemptRecord } from "../../core/exchange-record.ts";
import { errorType, type DescribedExchange } from "./described-exchange.ts";
import type { AttributeRow } from "./otlp-values.ts";
import { routingRows } from "./routing-attributes.ts";

type Row = AttributeRow<DescribedExchange>;

const genAiRows: readonly Row[] = [
  { name: "gen_ai.operation.name", type: "string", field: "route", of: ({ operation }) => operation },
  {
    name: "gen_ai.provider.name",
    type: "string",
    field: "provider of `service`",
    of: ({ record, services }) => services.get(record.service)?.provider,
  },
  {
    name: "gen_ai.request.model",
    type: "string",
    field: "requestedModel",
    of: ({ record }) => record.requestedModel,
  },
  { name: "gen_ai.response.model", type: "string", field: "model", of: ({ record }) => record.model },
];

/** Once per exchange, on the gateway's span: whoever adds up spans counts each token once. */
const usageRows: readonly Row[] = [
  {
    name: "gen_ai.usage.input_tokens",
    type: "int",
    field: "usage.inputTokens",
    of: ({ record }) => record.usage?.inputTokens,
  },
  {
    name: "gen_ai.usage.output_tokens",
    type: "int",
    field: "usage.outputTokens",
    of: ({ record }) => record.usage?.outputTokens,
  },
  {
    name: "gen_ai.usage.cache_read.input_tokens",
    type: "int",
    field: "usage.cachedInputTokens",
    of: ({ record }) => record.usage?.cachedInputTokens,
  },
  {
    name: "gen_ai.usage.cache_creation.input_tokens",
    type: "int",
    field: "usage.cacheWriteTokens",
    of: ({ record }) => record.usage?.cacheWriteTokens,
  },
  {
    name: "gen_ai.usage.reasoning.output_tokens",
    type: "int",
    field: "usage.reasoningTokens",
    of: ({ record }) => record.usage?.reasoningTokens,
  },
  {
    name: "moongate.usage.estimated",
    type: "bool",
    field: "usage.estimated",
    of: ({ record }) => record.usage?.estimated,
  },
];

const httpRows: readonly Row[] = [
  { name: "http.request.method", type: "string", field: "method", of: ({ record }) => record.method },
  { name: "url.path", type: "string", field: "path", of: ({ record }) => record.path },
  { name: "http.route", type: "string", field: "route", of: ({ record }) => record.route },
  {
    name: "http.response.status_code",
    type: "int",
    field: "status",
    of: ({ record }) => (record.status > 0 ? record.status : undefined),
  },
  { name: "server.address", type: "string", field: "domain", of: ({ record }) => record.domain },
  { name: "client.address", type: "string", field: "clientIp", of: ({ record }) => record.clientIp },
  { name: "error.type", type: "string", field: "errorCode, outcome", of: ({ record }) => errorType(record) },
];

const ownRows: readonly Row[] = [
  { name: "moongate.request.id", type: "string", field: "requestId", of: ({ record }) => record.requestId },
  { name: "moongate.instance", type: "string", field: "instance", of: ({ record }) => record.instance },
  { name: "moongate.api", type: "string", field: "api", of: ({ record }) => record.api },
  { name: "moongate.protocol", type: "string", field: "protocol", of: ({ record }) => record.protocol },
  { name: "moongate.consumer", type: "string", field: "consumer", of: ({ record }) => record.consumer },
  { name: "moongate.credential", type: "string", field: "credential", of: ({ record }) => record.credential },
  {
    name: "moongate.resource_group",
    type: "string",
    field: "resourceGroup",
    of: ({ record }) => record.resourceGroup,
  },
  { name: "moongate.service", type: "string", field: "service", of: ({ record }) => record.service },
  { name: "moongate.outcome", type: "string", field: "outcome", of: ({ record }) => record.outcome },
  { name: "moongate.error_code", type: "string", field: "errorCode", of: ({ record }) => record.errorCode },
  { name: "moongate.stream", type: "bool", field: "stream", of: ({ record }) => record.stream },
  {
    name: "moongate.upstream_status",
    type: "int",
    field: "upstreamStatus",
    of: ({ record }) => (record.upstreamStatus > 0 ? record.upstreamStatus : undefined),
  },
  { name: "moongate.attempts", type: "int", field: "attempts", of: ({ record }) => record.attempts.length },
  {
    name: "moongate.decision.mode",
    type: "string",
    field: "decision.mode",
    of: ({ record }) => record.decision?.mode,
  },
  {
    name: "moongate.decision.reason",
    type: "string",
    field: "decision.reason",
    of: ({ record }) => record.decision?.reason,
  },
  {
    name: "moongate.fallback_from",
    type: "string",
    field: "fallbackFrom",
    of: ({ record }) => record.fallbackFrom,
  },
  { name: "moongate.cache", type: "string", field: "cache", of: ({ record }) => record.cache },
  { name: "moongate.rate_limit", type: "string", field: "rateLimit", of: ({ record }) => record.rateLimit },
  { name: "moongate.ttft_ms", type: "double", field: "ttftMs", of: ({ record }) => record.ttftMs },
  {
    name: "moongate.duration_ms",
    type: "double",
    field: "durationMs",
    of: ({ record }) => record.durationMs,
  },
  {
    name: "moongate.overhead_ms",
    type: "double",
    field: "overheadMs",
    of: ({ record }) => record.overheadMs,
  },
  { name: "moongate.cost_usd", type: "double", field: "costUsd", of: ({ record }) => record.costUsd },
];

/** There only where the sink has `includeContent`. */
const contentRows: readonly Row[] = [
  {
    name: "moongate.request.content",
    type: "string",
    field: "requestContent",
    of: ({ record }) => record.requestContent,
  },
  {
    name: "moongate.response.content",
    type: "string",
    field: "responseContent",
    of: ({ record }) => record.responseContent,
  },
];

export const exchangeRows: readonly Row[] = [
  ...genAiRows,
  ...usageRows,
  ...httpRows,
  ...ownRows,
  ...routingRows,
  ...contentRows,
];

/** One attempt, of an exchange. */
export interface DescribedAttempt {
  readonly exchange: DescribedExchange;
  readonly attempt: AttemptRecord;
  /** From 1. */
  readonly number: number;
}

export const attemptRows: readonly AttributeRow<DescribedAttempt>[] = [
  {
    name: "gen_ai.operation.name",
    type: "string",
    field: "route",
    of: ({ exchange }) => exchange.operation,
  },
  {
    name: "gen_ai.provider.name",
    type: "string",
    field: "provider of `attempts[].service`",
    of: ({ exchange, attempt }) => exchange.services.get(attempt.service)?.provider,
  },
  {
    name: "gen_ai.request.model",
    type: "string",
    field: "attempts[].model",
    of: ({ attempt }) => attempt.model,
  },
  {
    name: "server.address",
    type: "string",
    field: "address of `attempts[].service`",
    of: ({ exchange, attempt }) => exchange.services.get(attempt.service)?.address,
  },
  {
    name: "server.port",
    type: "int",
    field: "port of `attempts[].service`",
    of: ({ exchange, attempt }) => exchange.services.get(attempt.service)?.port,
  },
  {
    name: "http.request.method",
    type: "string",
    field: "method",
    of: ({ exchange }) => exchange.record.method,
  },
  {
    name: "http.response.status_code",
    type: "int",
    field: "attempts[].status",
    of: ({ attempt }) => (attempt.status > 0 ? attempt.status : undefined),
  },
  {
    name: "error.type",
    type: "string",
    field: "attempts[].reason, outcome",
    of: ({ attempt }) => attemptError(attempt),
  },
  {
    name: "moongate.request.id",
    type: "string",
    field: "requestId",
    of: ({ exchange }) => exchange.record.requestId,
  },
  { name: "moongate.attempt.number", type: "int", field: "attempts[]", of: ({ number }) => number },
  {
    name: "moongate.service",
    type: "string",
    field: "attempts[].service",
    of: ({ attempt }) => attempt.service,
  },
  {
    name: "moongate.attempt.protocol",
    type: "string",
    field: "attempts[].protocol (where the request was translated)",
    of: ({ attempt }) => attempt.protocol,
  },
  {
    name: "moongate.service_key",
    type: "string",
    field: "attempts[].key (its name)",
    of: ({ attempt }) => attempt.key,
  },
  {
    name: "moongate.outcome",
    type: "string",
    field: "attempts[].outcome",
    of: ({ attempt }) => attempt.outcome,
  },
  {
    name: "moongate.attempt.detail",
    type: "string",
    field: "attempts[].detail",
    of: ({ attempt }) => attempt.detail,
  },
  {
    name: "moongate.attempt.next_action",
    type: "string",
    field: "attempts[].nextAction",
    of: ({ attempt }) => attempt.nextAction,
  },
  {
    name: "moongate.ttft_ms",
    type: "double",
    field: "attempts[].ttftMs",
    of: ({ attempt }) => attempt.ttftMs,
  },
];

/** Empty for an attempt that went well. */
export function attemptError({ outcome, reason }: AttemptRecord): string {
  if (outcome === "ok") return reason;
  return reason === "" ? outcome : reason;
}
