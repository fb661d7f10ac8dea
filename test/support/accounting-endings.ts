// Endings of every sort that an exchange may come to, and what its record must say of its consumption. Data only.

export interface CountedEnding {
  readonly name: string;
  /** Fields of the service. */
  readonly service: Readonly<Record<string, unknown>>;
  /** Fields of the Model API. */
  readonly api?: Readonly<Record<string, unknown>>;
  /** Nobody else's failures speak against its service: every request has one of its own. */
  readonly apart?: boolean;
  /** The service never says what it consumed. */
  readonly mute?: boolean;
  /** Only streams have it. */
  readonly streamsOnly?: boolean;
  readonly leaves?: "before the head" | "in the middle";
  /** What streams come to, and what plain answers come to; null where there is no such ending. */
  readonly stream: CountedOutcome | null;
  readonly plain: CountedOutcome | null;
  /** What requests come to that name something which another service does not have. */
  readonly bound?: CountedOutcome;
}

export interface CountedOutcome {
  /**
   * Everything is told; everything is there but what was consumed; the service took the request and told nothing; it
   * told a part; nothing was consumed.
   */
  readonly usage: "told" | "untold" | "asked" | "cut" | "none";
  readonly outcome?: string;
  readonly status?: number;
}

const ok: CountedOutcome = { usage: "told", outcome: "ok", status: 200 };
const cut: CountedOutcome = { usage: "cut", outcome: "truncated", status: 200 };
const gone: CountedOutcome = { usage: "asked", outcome: "client_closed", status: 499 };
const failed = (status: number, outcome = "upstream_error"): CountedOutcome => ({
  usage: "none",
  outcome,
  status,
});

export const countedEndings: readonly CountedEnding[] = [
  { name: "complete", service: {}, stream: ok, plain: ok },
  {
    name: "complete and told nothing",
    service: {},
    mute: true,
    stream: { ...ok, usage: "untold" },
    plain: { ...ok, usage: "untold" },
  },
  {
    name: "the client gone before the head",
    service: { simulator: { latencyMs: 60_000 } },
    leaves: "before the head",
    stream: gone,
    plain: gone,
  },
  {
    name: "the client gone in the middle",
    streamsOnly: true,
    service: { simulator: { tokensPerSecond: 80, outputTokens: 4_000 } },
    leaves: "in the middle",
    stream: { usage: "cut", outcome: "client_closed", status: 499 },
    plain: null,
  },
  {
    name: "cut by the service",
    service: { simulator: { fault: "truncate", outputTokens: 400 } },
    stream: cut,
    plain: failed(502),
  },
  {
    name: "silent in the middle",
    service: { simulator: { fault: "stall-mid-stream", outputTokens: 400 }, timeouts: { idleMs: 150 } },
    stream: cut,
    plain: failed(504, "timeout"),
  },
  {
    name: "refused with 429",
    service: { simulator: { fault: "status-429" } },
    apart: true,
    stream: failed(429, "client_error"),
    plain: failed(429, "client_error"),
  },
  {
    name: "failed with 500",
    service: { simulator: { fault: "status-500" } },
    stream: failed(500),
    plain: failed(500),
  },
  {
    name: "an error in a 200",
    service: { simulator: { fault: "error-in-200" } },
    stream: failed(500),
    plain: failed(500),
  },
  { name: "empty", service: { simulator: { fault: "empty" } }, stream: failed(502), plain: failed(502) },
  {
    name: "too slow in all",
    service: { simulator: { latencyMs: 60_000 }, timeouts: { totalMs: 150 } },
    stream: failed(504, "timeout"),
    plain: failed(504, "timeout"),
  },
  {
    name: "slow at first, then another",
    service: { simulator: { fault: "stall-first-packet" } },
    streamsOnly: true,
    api: {
      firstPacketTimeoutMs: 100,
      fallback: { targets: [{ service: "complete", firstPacketTimeoutMs: 30_000 }] },
    },
    stream: ok,
    plain: null,
  },
  {
    name: "failed, then another",
    service: { simulator: { fault: "status-500" } },
    api: { fallback: { targets: [{ service: "complete" }] } },
    stream: ok,
    plain: ok,
    bound: failed(404, "client_error"),
  },
];
