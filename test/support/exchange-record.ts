// A finished exchange for tests of what becomes of records. Must not know where records go.
import type { ExchangeRecord } from "../../src/core/exchange-record.ts";

/** An ordinary record, with whatever a test wants to be different. */
export function recordOf(overrides: Partial<ExchangeRecord>): ExchangeRecord {
  return {
    requestId: "r",
    traceId: "t",
    time: "2030-01-01T00:00:00.000Z",
    instance: "default",
    api: "a",
    route: "r",
    protocol: "openai",
    method: "POST",
    path: "/v1/chat/completions",
    domain: "a.test",
    consumer: "",
    credential: "",
    resourceGroup: "default",
    clientIp: "192.0.2.1",
    stream: false,
    requestedModel: "m",
    service: "s",
    model: "m",
    upstreamStatus: 200,
    status: 200,
    outcome: "ok",
    errorCode: "",
    decision: null,
    attempts: [],
    fallbackFrom: "",
    ttftMs: null,
    durationMs: 1.5,
    overheadMs: 0.5,
    usage: null,
    costUsd: null,
    cache: "skip",
    moderation: [],
    rateLimit: "",
    warnings: [],
    ...overrides,
  };
}
