// The metrics for Prometheus as a table: names, labels, bounds of histograms. Which records count is in
// `prometheus-totals.ts`.

/** Seconds. */
const durations = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];
const overheads = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

/** Bounds of the next four are those of OpenTelemetry's conventions for generative AI. */
const tokens = [
  1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864,
];
const serverDurations = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
];
const firstTokens = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const outputTokens = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5];

const genAi = ["gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model"] as const;
const perModel = ["api", "service", "model", "stream"] as const;

interface FamilyRow {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  /** Of a histogram; a counter has none. */
  readonly bounds?: readonly number[];
}

export const families = {
  requests: {
    name: "moongate_requests_total",
    help: "Exchanges that have ended.",
    labels: ["api", "route", "service", "model", "consumer", "stream", "status", "outcome"],
  },
  duration: {
    name: "moongate_request_duration_seconds",
    help: "From the request's head to the answer's end.",
    labels: perModel,
    bounds: durations,
  },
  overhead: {
    name: "moongate_overhead_seconds",
    help: "Time spent in the gateway itself.",
    labels: perModel,
    bounds: overheads,
  },
  attempts: {
    name: "moongate_attempts_total",
    help: "Sends to services; reason is the trigger of a failure.",
    labels: ["service", "outcome", "reason"],
  },
  fallbacks: {
    name: "moongate_fallbacks_total",
    help: "Exchanges that went on to a fallback target, by what made them.",
    labels: ["reason"],
  },
  limited: {
    name: "moongate_limited_total",
    help: "Exchanges refused by a limit, a quota or for want of room, by error code.",
    labels: ["api", "reason"],
  },
  moderation: {
    name: "moongate_moderation_total",
    help: "Finds of checks of content, by what followed; error: a check gave no answer.",
    labels: ["api", "check", "action"],
  },
  cache: {
    name: "moongate_cache_total",
    help: "Exchanges that were looked for in the cache: hit or miss.",
    labels: ["api", "result"],
  },
  savedTokens: {
    name: "moongate_cache_saved_tokens_total",
    help: "Input and output tokens that reused answers did not cost.",
    labels: ["api", "model"],
  },
  savedCost: {
    name: "moongate_cache_saved_cost_usd_total",
    help: "What reused answers would have cost.",
    labels: ["api", "model"],
  },
  cost: {
    name: "moongate_cost_usd_total",
    help: "Cost by the prices of the services.",
    labels: ["api", "service", "model", "consumer"],
  },
  tokenUsage: {
    name: "gen_ai_client_token_usage",
    help: "Tokens of one exchange.",
    labels: [...genAi, "gen_ai_token_type"],
    bounds: tokens,
  },
  serverDuration: {
    name: "gen_ai_server_request_duration_seconds",
    help: "Time of an exchange with a service.",
    labels: genAi,
    bounds: serverDurations,
  },
  firstToken: {
    name: "gen_ai_server_time_to_first_token_seconds",
    help: "Time to the first data of a stream.",
    labels: genAi,
    bounds: firstTokens,
  },
  perOutputToken: {
    name: "gen_ai_server_time_per_output_token_seconds",
    help: "Time of each output token of a stream after the first.",
    labels: genAi,
    bounds: outputTokens,
  },
} as const satisfies Readonly<Record<string, FamilyRow>>;

export type FamilyName = keyof typeof families;

/** What OpenTelemetry calls what a route does; a route that is not here is called by its name. */
const operations: Readonly<Record<string, string>> = {
  "create-chat-completion": "chat",
  "create-message": "chat",
  responses: "chat",
  "dashscope-text-generation": "chat",
  "dashscope-multimodal-generation": "chat",
  "create-completion": "text_completion",
  "create-embedding": "embeddings",
  "gemini-models": "generate_content",
};

export function operationOf(route: string): string {
  return operations[route] ?? route;
}
