// Records as a busy gateway writes them, from a seed: some APIs, services and consumers have most of the traffic, some
// attempts fail, some requests are refused. For tests and measurements of what becomes of records.
import type { AttemptRecord, ExchangeRecord, Trigger } from "../../src/core/exchange-record.ts";
import type { Usage } from "../../src/core/usage.ts";
import { recordOf } from "./exchange-record.ts";

export interface PlausibleOptions {
  readonly seed: number;
  readonly count: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly apis?: number;
  readonly services?: number;
  readonly models?: number;
  readonly consumers?: number;
}

/** Numbers that look random, the same for a seed. */
class Draw {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 to 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Small numbers are drawn most. */
  skewed(count: number): number {
    return Math.floor(count * this.next() ** 3);
  }

  below(count: number): number {
    return Math.floor(count * this.next());
  }

  /** Around a middle, now and then far above it. */
  spread(middle: number): number {
    return Math.round(middle * Math.exp(this.next() + this.next() + this.next() - 1.5) * 100) / 100;
  }
}

const triggers: readonly Trigger[] = ["upstream-5xx", "timeout", "first-packet-timeout", "upstream-429"];
const decision = { mode: "by-metrics", reason: "", candidates: [] };

/** In the order in which they ended. */
export function* plausibleRecords(options: PlausibleOptions): Generator<ExchangeRecord> {
  const { seed, count, fromMs, toMs, apis = 50, services = 12, models = 40, consumers = 200 } = options;
  const draw = new Draw(seed);
  for (let index = 0; index < count; index += 1) {
    const consumer = draw.skewed(consumers);
    // Whoever calls keeps to a few Model APIs, and a Model API to a few models.
    const api = (consumer * 7 + draw.skewed(3)) % apis;
    const model = (api * 3 + draw.skewed(3)) % models;
    const endedMs = fromMs + ((toMs - fromMs) * index) / count;
    yield exchangeOf(draw, {
      requestId: `plausible-${seed}-${index}`,
      api: `api-${api}`,
      consumer: `consumer-${consumer}`,
      service: `service-${model % services}`,
      fallback: `service-${(model + 1) % services}`,
      model: `model-${model}`,
      endedMs,
    });
  }
}

interface Sketch {
  readonly requestId: string;
  readonly api: string;
  readonly consumer: string;
  readonly service: string;
  readonly fallback: string;
  readonly model: string;
  readonly endedMs: number;
}

function exchangeOf(draw: Draw, sketch: Sketch): ExchangeRecord {
  const { requestId, api, consumer, service, fallback, model, endedMs } = sketch;
  const stream = draw.next() < 0.6;
  const ttftMs = draw.spread(400);
  const durationMs = ttftMs + draw.spread(stream ? 3_000 : 800);
  const common = {
    requestId,
    traceId: requestId,
    time: new Date(endedMs - durationMs).toISOString(),
    api,
    route: "create-chat-completion",
    consumer,
    stream,
    requestedModel: model,
    resourceGroup: api.endsWith("7") ? "research" : "default",
  };
  const fate = draw.next();
  if (fate < 0.03) return refused(draw, common);
  const answered = { ttftMs, durationMs, startedAt: common.time };
  const sent = (to: string, fields: Partial<AttemptRecord> = {}): AttemptRecord =>
    attemptAt(to, model, { ...answered, ...fields });
  const failed = fate < 0.08;
  const reason = triggers[draw.below(triggers.length)] ?? "timeout";
  const broken = { outcome: "upstream_error", status: 500, reason, ttftMs: null } as const;
  const fellBack = failed && draw.next() < 0.7;
  const bad = failed && !fellBack;
  const usage = usageOf(draw);
  return recordOf({
    ...common,
    durationMs,
    overheadMs: draw.spread(0.6),
    decision,
    service: fellBack ? fallback : service,
    model,
    fallbackFrom: fellBack ? service : "",
    attempts: fellBack
      ? [sent(service, { ...broken, nextAction: "fallback" }), sent(fallback)]
      : [sent(service, bad ? broken : {})],
    ttftMs: stream && !bad ? ttftMs : null,
    usage: bad ? null : usage,
    costUsd: bad ? null : (usage.inputTokens * 0.4 + usage.outputTokens * 1.2) / 1e6,
    ...(bad
      ? { outcome: "upstream_error", status: 502, errorCode: "upstream_error", upstreamStatus: 500 }
      : {}),
  });
}

function attemptAt(service: string, model: string, fields: Partial<AttemptRecord>): AttemptRecord {
  return {
    service,
    model,
    key: "main",
    startedAt: "",
    status: 200,
    outcome: "ok",
    reason: "",
    detail: "",
    ttftMs: null,
    durationMs: 0,
    nextAction: "none",
    ...fields,
  };
}

function usageOf(draw: Draw): Usage {
  return {
    inputTokens: Math.round(draw.spread(900)),
    outputTokens: Math.round(draw.spread(250)),
    cachedInputTokens: draw.next() < 0.3 ? 128 : 0,
    cacheWriteTokens: 0,
    reasoningTokens: draw.next() < 0.2 ? 60 : 0,
    estimated: draw.next() < 0.01,
  };
}

function refused(draw: Draw, common: Partial<ExchangeRecord>): ExchangeRecord {
  const limited = draw.next() < 0.5;
  return recordOf({
    ...common,
    service: "",
    model: "",
    durationMs: draw.spread(1),
    overheadMs: draw.spread(1),
    upstreamStatus: 0,
    ...(limited
      ? { outcome: "limited", status: 429, errorCode: "rate_limited" }
      : { outcome: "client_error", status: 401, errorCode: "invalid_credentials", consumer: "" }),
  });
}
