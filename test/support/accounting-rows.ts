// Requests of every use case and endings of every sort, and what a record must say of them. Must not know sockets.
import type { Units } from "../../src/core/usage.ts";
import type { HeaderLine } from "./http-message.ts";
import { formBoundary, formBytes } from "./route-sample.ts";

const model = "counted-model";
const words = "Tell me in plain words how a gateway counts what its models read and write, please. ".repeat(
  6,
);
const messages = [
  { role: "system", content: "You are a patient teacher." },
  { role: "user", content: words },
];

/**
 * When a service says what it consumed: at the end; what it read at the beginning and the rest at the end; with every
 * piece; never in tokens.
 */
type Tells = "at the end" | "input first" | "all along" | "no tokens";

export interface CountedRequest {
  readonly name: string;
  readonly useCase: string;
  readonly protocol: string;
  readonly method?: string;
  readonly path: string;
  readonly headers?: readonly HeaderLine[];
  readonly body: string | Buffer;
  readonly stream: boolean;
  /** Its answer goes on as it comes, though it is no stream. */
  readonly passes?: boolean;
  readonly tells: Tells;
  /** The model writes text. */
  readonly writes: boolean;
  /** What a complete answer has consumed besides tokens. */
  readonly units?: Units;
  /** What is taken to have been consumed when nothing was told. */
  readonly ordered?: Units;
  /** Of a complete answer nothing is told in tokens, and what was ordered is all that is known. */
  readonly onlyOrdered?: boolean;
}

interface Shape {
  readonly name: string;
  readonly useCase: string;
  readonly protocol: string;
  readonly path: string;
  readonly tells: Tells;
  readonly headers?: readonly HeaderLine[];
  readonly body: object;
  readonly streamed?: {
    readonly path?: string;
    readonly headers?: readonly HeaderLine[];
    readonly body?: object;
    readonly tells?: Tells;
  };
}

const text = { useCase: "text-generation" };

const shapes: readonly Shape[] = [
  {
    ...text,
    name: "chat",
    protocol: "openai",
    path: "/v1/chat/completions",
    tells: "at the end",
    body: { model, messages },
    streamed: { body: { stream: true } },
  },
  {
    ...text,
    name: "chat that asks for usage itself",
    protocol: "openai",
    path: "/v1/chat/completions",
    tells: "at the end",
    body: { model, messages, stream: true, stream_options: { include_usage: true } },
    streamed: {},
  },
  {
    ...text,
    name: "completion",
    protocol: "openai",
    path: "/v1/completions",
    tells: "at the end",
    body: { model, prompt: words, max_tokens: 4_000 },
    streamed: { body: { stream: true } },
  },
  {
    ...text,
    name: "response",
    protocol: "openai",
    path: "/v1/responses",
    tells: "at the end",
    body: { model, instructions: "You are a patient teacher.", input: words },
    streamed: { body: { stream: true } },
  },
  {
    ...text,
    name: "message",
    protocol: "anthropic",
    path: "/v1/messages",
    tells: "at the end",
    headers: [["anthropic-version", "2023-06-01"]],
    body: { model, max_tokens: 4_000, messages: messages.slice(1), system: "You are a patient teacher." },
    streamed: { body: { stream: true }, tells: "input first" },
  },
  {
    ...text,
    name: "generation",
    protocol: "dashscope",
    path: "/api/v1/services/aigc/text-generation/generation",
    tells: "at the end",
    body: { model, input: { messages }, parameters: { incremental_output: true } },
    streamed: { headers: [["X-DashScope-SSE", "enable"]], tells: "all along" },
  },
  {
    ...text,
    name: "content",
    protocol: "gemini",
    path: `/v1beta/models/${model}:generateContent`,
    tells: "at the end",
    body: { contents: [{ role: "user", parts: [{ text: words }] }] },
    streamed: { path: `/v1beta/models/${model}:streamGenerateContent?alt=sse`, tells: "all along" },
  },
  {
    ...text,
    name: "content as an array",
    protocol: "gemini",
    path: `/v1beta/models/${model}:generateContent`,
    tells: "at the end",
    body: { contents: [{ role: "user", parts: [{ text: words }] }] },
    streamed: { path: `/v1beta/models/${model}:streamGenerateContent`, tells: "all along" },
  },
];

const written: readonly CountedRequest[] = shapes.flatMap((shape) => {
  const { name, useCase, protocol, streamed } = shape;
  const plain = { useCase, protocol, writes: true };
  const rows: CountedRequest[] = [];
  const asksItself = "stream" in shape.body;
  if (!asksItself) {
    const { path, tells, headers = [], body } = shape;
    rows.push({ ...plain, name, path, tells, headers, body: JSON.stringify(body), stream: false });
  }
  if (streamed !== undefined) {
    const { path = shape.path, tells = shape.tells, headers = shape.headers ?? [] } = streamed;
    const body = JSON.stringify({ ...shape.body, ...streamed.body });
    rows.push({ ...plain, name: `${name}, streamed`, path, tells, headers, body, stream: true });
  }
  return rows;
});

const plain = { writes: false, stream: false } as const;

/** Every use case. */
export const countedRequests: readonly CountedRequest[] = [
  ...written,
  {
    ...plain,
    name: "embedding",
    useCase: "embedding",
    protocol: "openai",
    path: "/v1/embeddings",
    tells: "at the end",
    body: JSON.stringify({ model, input: [words, words] }),
  },
  {
    ...plain,
    name: "rerank",
    useCase: "rerank",
    protocol: "vllm",
    path: "/v1/rerank",
    tells: "at the end",
    body: JSON.stringify({ model, query: "what is counted", documents: [words, "nothing"] }),
    units: { searches: 1 },
    ordered: { searches: 1 },
  },
  {
    ...plain,
    name: "rerank of DashScope",
    useCase: "rerank",
    protocol: "dashscope",
    path: "/api/v1/services/rerank/text-rerank/text-rerank",
    tells: "at the end",
    body: JSON.stringify({ model, input: { query: "what is counted", documents: [words, "nothing"] } }),
    units: { searches: 1 },
    ordered: { searches: 1 },
  },
  {
    ...plain,
    name: "images",
    useCase: "image-generation",
    protocol: "openai",
    path: "/api/v1/images/generations",
    tells: "no tokens",
    body: JSON.stringify({ model, prompt: "a cat", n: 2 }),
    units: { images: 2 },
    ordered: { images: 2 },
  },
  {
    ...plain,
    name: "images, streamed",
    stream: true,
    useCase: "image-generation",
    protocol: "openai",
    path: "/api/v1/images/generations",
    tells: "no tokens",
    body: JSON.stringify({ model, prompt: "a cat", stream: true, partial_images: 2 }),
    units: { images: 1 },
    ordered: { images: 1 },
  },
  {
    ...plain,
    name: "speech",
    passes: true,
    useCase: "speech-synthesis",
    protocol: "openai",
    path: "/api/v1/audio/speech",
    tells: "no tokens",
    body: JSON.stringify({ model, voice: "alloy", input: "Good morning, everybody!" }),
    onlyOrdered: true,
    ordered: { characters: 24 },
  },
  {
    ...plain,
    name: "speech, streamed",
    stream: true,
    useCase: "speech-synthesis",
    protocol: "openai",
    path: "/api/v1/audio/speech",
    tells: "no tokens",
    body: JSON.stringify({ model, voice: "alloy", input: "Good morning, everybody!", stream_format: "sse" }),
    units: { characters: 24 },
    ordered: { characters: 24 },
  },
  {
    ...plain,
    name: "transcription of a form",
    useCase: "speech-synthesis",
    protocol: "openai",
    path: "/v1/audio/transcriptions",
    tells: "no tokens",
    headers: [["Content-Type", `multipart/form-data; boundary="${formBoundary}"`]],
    body: formBytes([
      { name: "model", content: model },
      { name: "response_format", content: "verbose_json" },
      { name: "file", file: "a.wav", content: Buffer.alloc(32_000, 1) },
    ]),
    units: { seconds: 2 },
  },
  {
    ...plain,
    name: "file",
    useCase: "others",
    protocol: "openai",
    path: "/v1/files",
    tells: "no tokens",
    headers: [["Content-Type", `multipart/form-data; boundary="${formBoundary}"`]],
    body: formBytes([
      { name: "purpose", content: "batch" },
      { name: "file", file: "a.jsonl", content: "{}\n" },
    ]),
  },
  {
    ...plain,
    name: "route of one's own",
    useCase: "text-generation",
    protocol: "openai",
    path: "/v1/messages/count_tokens",
    tells: "no tokens",
    headers: [["anthropic-version", "2023-06-01"]],
    body: JSON.stringify({ model, messages: messages.slice(1) }),
  },
];

export interface CountedEnding {
  readonly name: string;
  /** Fields of the service. */
  readonly service: Readonly<Record<string, unknown>>;
  /** Fields of the Model API. */
  readonly api?: Readonly<Record<string, unknown>>;
  /** Only streams have it. */
  readonly streamsOnly?: boolean;
  readonly leaves?: "before the head" | "in the middle";
  /** What streams come to, and what plain answers come to; null where there is no such ending. */
  readonly stream: CountedOutcome | null;
  readonly plain: CountedOutcome | null;
}

export interface CountedOutcome {
  /** Everything is told; the service took the request and told nothing; it told a part; nothing was consumed. */
  readonly usage: "told" | "asked" | "cut" | "none";
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
    name: "the client gone before the head",
    service: { simulator: { latencyMs: 60_000 } },
    leaves: "before the head",
    stream: gone,
    plain: gone,
  },
  {
    name: "the client gone in the middle",
    streamsOnly: true,
    service: { simulator: { tokensPerSecond: 400, outputTokens: 4_000 } },
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
    // The next request may find the service at rest.
    stream: { usage: "none" },
    plain: { usage: "none" },
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
  },
];
