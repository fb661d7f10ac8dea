// Plausible records of a busy gateway, the same for the same seed. Knows no store.
import type { AttemptRecord, ExchangeRecord, Trigger } from "../src/core/exchange-record.ts";
import type { Outcome } from "../src/core/outcome.ts";
import { randomStream, type Random } from "./lab/random.ts";

export interface RecordPlan {
  readonly seed: number;
  readonly count: number;
  /** Start of the first and about of the last. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Share of records with content. */
  readonly recordedShare: number;
}

const apiCount = 50;
const serviceCount = 12;
const modelCount = 40;
const consumerCount = 200;

interface Ending {
  readonly outcome: Outcome;
  readonly errorCode: ExchangeRecord["errorCode"];
  readonly status: number;
  readonly share: number;
}

const endings: readonly Ending[] = [
  { outcome: "ok", errorCode: "", status: 200, share: 0.93 },
  { outcome: "client_error", errorCode: "", status: 400, share: 0.02 },
  { outcome: "client_error", errorCode: "invalid_credentials", status: 401, share: 0.01 },
  { outcome: "upstream_error", errorCode: "", status: 502, share: 0.012 },
  { outcome: "limited", errorCode: "rate_limited", status: 429, share: 0.01 },
  { outcome: "timeout", errorCode: "upstream_timeout", status: 504, share: 0.006 },
  { outcome: "client_closed", errorCode: "", status: 499, share: 0.006 },
  { outcome: "truncated", errorCode: "", status: 200, share: 0.004 },
  { outcome: "blocked", errorCode: "content_blocked", status: 400, share: 0.002 },
];

const triggers: readonly Trigger[] = ["upstream-5xx", "upstream-429", "timeout", "network-error"];

/** By the time of their start, evenly spread. */
export function* plausibleRecords({
  seed,
  count,
  fromMs,
  toMs,
  recordedShare,
}: RecordPlan): Generator<ExchangeRecord> {
  const random = randomStream(seed);
  for (let index = 0; index < count; index += 1)
    yield recordAt(random, fromMs + ((toMs - fromMs) * index) / count, recordedShare);
}

/** Few are asked for often, many seldom. */
function skewed(random: Random, count: number): number {
  return Math.floor(count * random() ** 3);
}

function hex(random: Random, digits: number): string {
  let text = "";
  while (text.length < digits)
    text += Math.floor(random() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, "0");
  return text.slice(0, digits);
}

function uuid(random: Random): string {
  const text = hex(random, 32);
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-8${text.slice(17, 20)}-${text.slice(20)}`;
}

function endingOf(random: Random): Ending {
  let left = random();
  for (const ending of endings) {
    left -= ending.share;
    if (left < 0) return ending;
  }
  return { outcome: "ok", errorCode: "", status: 200, share: 1 };
}

function attemptAt(startMs: number, fields: Partial<AttemptRecord>): AttemptRecord {
  return {
    service: "",
    model: "",
    key: "main",
    startedAt: new Date(startMs).toISOString(),
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

function recordAt(random: Random, startMs: number, recordedShare: number): ExchangeRecord {
  const requestId = uuid(random);
  const api = skewed(random, apiCount);
  const ending = endingOf(random);
  const isSent = ending.errorCode !== "invalid_credentials" && ending.errorCode !== "rate_limited";
  const stream = random() < 0.6;
  const isFallback = isSent && random() < 0.04;
  const service = `service-${(api + skewed(random, 3)) % serviceCount}`;
  const first = `service-${(api + 5) % serviceCount}`;
  const requestedModel = `model-${skewed(random, modelCount)}`;
  const model = random() < 0.8 ? requestedModel : `model-${api % modelCount}`;
  const durationMs = Math.exp(5 + 3 * random());
  const ttftMs = stream && isSent ? durationMs * 0.2 * random() : null;
  const inputTokens = Math.floor(Math.exp(3 + 6 * random()));
  const outputTokens = Math.floor(Math.exp(2 + 5 * random()));
  const attempts = isSent
    ? [attemptAt(startMs + 1, { service, model, status: ending.status, ttftMs, durationMs })]
    : [];
  if (isFallback)
    attempts.unshift(
      attemptAt(startMs + 1, {
        service: first,
        model: requestedModel,
        status: 503,
        outcome: "upstream_error",
        reason: triggers[skewed(random, triggers.length)] ?? "timeout",
        durationMs: 40,
        nextAction: "fallback",
      }),
    );
  return {
    requestId,
    traceId: requestId.replaceAll("-", ""),
    time: new Date(Math.floor(startMs)).toISOString(),
    instance: "default",
    api: `api-${api}`,
    route: "create-chat-completion",
    protocol: api % 5 === 0 ? "anthropic" : "openai",
    method: "POST",
    path: api % 5 === 0 ? "/v1/messages" : "/v1/chat/completions",
    domain: `api-${api % 10}.example.com`,
    consumer: `consumer-${skewed(random, consumerCount)}`,
    credential: "key-1",
    resourceGroup: `group-${api % 6}`,
    clientIp: `10.0.${skewed(random, 8)}.${skewed(random, 250)}`,
    stream,
    requestedModel,
    service: isSent ? service : "",
    model: isSent ? model : "",
    upstreamStatus: isSent ? ending.status : 0,
    status: ending.status,
    outcome: ending.outcome,
    errorCode: ending.errorCode,
    decision: isSent
      ? {
          mode: "by-metrics",
          reason: "lowest expected time",
          candidates: [service, first].map((name) => ({
            service: name,
            model,
            reason: "",
            ttftMs: 100 + 400 * random(),
            failure: random() / 50,
            waiting: 2,
            capacity: 20,
            cost: 900 * random(),
          })),
        }
      : null,
    attempts,
    fallbackFrom: isFallback ? first : "",
    ttftMs,
    durationMs,
    overheadMs: 0.3 + random(),
    usage: isSent
      ? {
          inputTokens,
          outputTokens,
          cachedInputTokens: random() < 0.3 ? Math.floor(inputTokens / 2) : 0,
          cacheWriteTokens: 0,
          reasoningTokens: random() < 0.2 ? Math.floor(outputTokens / 2) : 0,
          estimated: ending.outcome === "client_closed",
        }
      : null,
    costUsd: isSent ? (inputTokens * 2 + outputTokens * 8) / 1e6 : null,
    cache: "skip",
    moderation: [],
    rateLimit: "",
    warnings: [],
    signals: "mlt",
    spanId: hex(random, 16),
    ...(random() < recordedShare ? contentOf(random) : undefined),
  };
}

const words =
  "the quick gateway answers every question that a model was asked about weather prices harbours letters music and light".split(
    " ",
  );

function contentOf(random: Random): Pick<ExchangeRecord, "requestContent" | "responseContent"> {
  const text = (count: number): string =>
    Array.from({ length: count }, () => words[Math.floor(random() * words.length)] ?? "").join(" ");
  const rare = `ticket-${Math.floor(random() * 5_000)}`;
  return {
    requestContent: JSON.stringify({ messages: [{ role: "user", content: `${text(40)} ${rare}` }] }),
    responseContent: JSON.stringify({ choices: [{ message: { role: "assistant", content: text(80) } }] }),
  };
}
