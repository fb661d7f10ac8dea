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

/** What an exchange was about. */
interface Course {
  readonly api: number;
  readonly ending: Ending;
  readonly isSent: boolean;
  readonly stream: boolean;
  readonly service: string;
  readonly first: string;
  readonly isFallback: boolean;
  readonly requestedModel: string;
  readonly model: string;
  readonly durationMs: number;
  readonly ttftMs: number | null;
}

function courseOf(random: Random): Course {
  const api = skewed(random, apiCount);
  const ending = endingOf(random);
  const isSent = ending.errorCode !== "invalid_credentials" && ending.errorCode !== "rate_limited";
  const stream = random() < 0.6;
  const requestedModel = `model-${skewed(random, modelCount)}`;
  const durationMs = Math.exp(5 + 3 * random());
  return {
    api,
    ending,
    isSent,
    stream,
    service: `service-${(api + skewed(random, 3)) % serviceCount}`,
    first: `service-${(api + 5) % serviceCount}`,
    isFallback: isSent && random() < 0.04,
    requestedModel,
    model: random() < 0.8 ? requestedModel : `model-${api % modelCount}`,
    durationMs,
    ttftMs: stream && isSent ? durationMs * 0.2 * random() : null,
  };
}

function attemptsOf(random: Random, course: Course, startMs: number): AttemptRecord[] {
  const { service, model, ttftMs, durationMs, ending } = course;
  const served = attemptAt(startMs + 1, { service, model, status: ending.status, ttftMs, durationMs });
  if (!course.isFallback) return course.isSent ? [served] : [];
  const failed = attemptAt(startMs + 1, {
    service: course.first,
    model: course.requestedModel,
    status: 503,
    outcome: "upstream_error",
    reason: triggers[skewed(random, triggers.length)] ?? "timeout",
    durationMs: 40,
    nextAction: "fallback",
  });
  return [failed, served];
}

function decisionOf(random: Random, { service, first, model }: Course): ExchangeRecord["decision"] {
  const candidates = [service, first].map((name) => ({
    service: name,
    model,
    reason: "",
    ttftMs: 100 + 400 * random(),
    failure: random() / 50,
    waiting: 2,
    capacity: 20,
    cost: 900 * random(),
  }));
  return { mode: "by-metrics", reason: "lowest expected time", candidates };
}

function consumptionOf(random: Random, ending: Ending): Pick<ExchangeRecord, "usage" | "costUsd"> {
  const inputTokens = Math.floor(Math.exp(3 + 6 * random()));
  const outputTokens = Math.floor(Math.exp(2 + 5 * random()));
  return {
    usage: {
      inputTokens,
      outputTokens,
      cachedInputTokens: random() < 0.3 ? Math.floor(inputTokens / 2) : 0,
      cacheWriteTokens: 0,
      reasoningTokens: random() < 0.2 ? Math.floor(outputTokens / 2) : 0,
      estimated: ending.outcome === "client_closed",
    },
    costUsd: (inputTokens * 2 + outputTokens * 8) / 1e6,
  };
}

function recordAt(random: Random, startMs: number, recordedShare: number): ExchangeRecord {
  const requestId = uuid(random);
  const course = courseOf(random);
  const { api, ending, isSent } = course;
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
    stream: course.stream,
    requestedModel: course.requestedModel,
    service: isSent ? course.service : "",
    model: isSent ? course.model : "",
    upstreamStatus: isSent ? ending.status : 0,
    status: ending.status,
    outcome: ending.outcome,
    errorCode: ending.errorCode,
    decision: isSent ? decisionOf(random, course) : null,
    attempts: attemptsOf(random, course, startMs),
    fallbackFrom: course.isFallback ? course.first : "",
    ttftMs: course.ttftMs,
    durationMs: course.durationMs,
    overheadMs: 0.3 + random(),
    ...(isSent ? consumptionOf(random, ending) : { usage: null, costUsd: null }),
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
