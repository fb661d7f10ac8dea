// Requests that ask for words, plain and streamed. Data only.
import type { HeaderLine } from "./http-message.ts";
import { messages, model, words, type CountedRequest, type Tells } from "./accounting-request.ts";

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

export const textRequests: readonly CountedRequest[] = shapes.flatMap((shape) => {
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
