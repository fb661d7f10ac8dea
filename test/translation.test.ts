// Requests for services that speak another protocol, over sockets: translated there, answered in the client's own protocol.
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTranslationScene, type TranslationScene } from "./support/translation-scene.ts";

let scene: TranslationScene;

beforeAll(async () => {
  scene = await startTranslationScene();
});

afterAll(async () => {
  await scene.close();
});

const chat = (fields: object = {}) => ({
  path: "/v1/chat/completions",
  body: JSON.stringify({ model: "m-1", messages: [{ role: "user", content: "Hi" }], ...fields }),
});

const message = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-x",
  content: [{ type: "text", text: "Hello" }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 7, output_tokens: 3 },
};

test("a whole answer of Anthropic's reaches an OpenAI client as a chat completion", async () => {
  scene.play({ body: JSON.stringify(message) });
  const answer = await scene.ask("anthropic", chat({ logit_bias: { "1": 2 } }));
  expect(answer.status).toBe(200);
  expect(answer.json()).toMatchObject({
    object: "chat.completion",
    model: "claude-x",
    choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
    usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
  });
  expect(answer.header("content-type")).toBe("application/json");
  expect(answer.header("x-moongate-warnings")).toBe("logit_bias;dropped");
  const { path, body } = scene.lastCall();
  expect(path).toBe("/v1/messages");
  expect(body).toMatchObject({ model: "m-1", messages: [{ role: "user" }] });
  const record = await scene.gateway.record(answer.header("x-request-id"));
  expect(record).toMatchObject({
    outcome: "ok",
    service: "anthropic",
    attempts: [{ protocol: "anthropic" }],
    warnings: [{ field: "logit_bias", action: "dropped" }],
    usage: { inputTokens: 7, outputTokens: 3 },
  });
});

const event = (name: string, data: object): string =>
  `event: ${name}\ndata: ${JSON.stringify({ type: name, ...data })}\n\n`;

const begun =
  event("message_start", { message: { ...message, content: [], stop_reason: null } }) +
  event("content_block_start", { index: 0, content_block: { type: "text", text: "" } }) +
  event("ping", {}) +
  event("content_block_delta", { index: 0, delta: { type: "text_delta", text: "Hel" } });
const ended =
  event("content_block_delta", { index: 0, delta: { type: "text_delta", text: "lo" } }) +
  event("content_block_stop", { index: 0 }) +
  event("message_delta", {
    delta: { stop_reason: "end_turn", stop_sequence: null },
    usage: { output_tokens: 3 },
  }) +
  event("message_stop", {});

function events(text: string): unknown[] {
  return text
    .split("\n\n")
    .filter((each) => each !== "" && each !== "data: [DONE]")
    .map((each) => JSON.parse(each.slice("data: ".length)) as unknown);
}

test.each(["whole", "1 byte"] as const)("its stream comes as chunks, cut %s", async (cutting) => {
  scene.play({ type: "text/event-stream", body: begun + ended }, cutting);
  const answer = await scene.ask("anthropic", chat({ stream: true }));
  expect(answer.header("content-type")).toBe("text/event-stream; charset=utf-8");
  const text = answer.text();
  expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
  const said = events(text).flatMap(
    (each) => (each as { choices: { delta: { content?: string } }[] }).choices,
  );
  expect(said.map(({ delta }) => delta.content ?? "").join("")).toBe("Hello");
  expect(text).not.toContain('"usage"');
  const record = await scene.gateway.record(answer.header("x-request-id"));
  expect(record).toMatchObject({ outcome: "ok", usage: { inputTokens: 7, outputTokens: 3 } });
});

test("defect 19: who asks for usage in a stream gets it, and nobody else", async () => {
  scene.play({ type: "text/event-stream", body: begun + ended });
  const answer = await scene.ask(
    "anthropic",
    chat({ stream: true, stream_options: { include_usage: true } }),
  );
  expect(events(answer.text()).at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 10 } });
  const without = await scene.ask("anthropic", chat({ stream: true }));
  const choices = events(without.text()).map((each) => (each as { choices: unknown[] }).choices.length);
  expect(choices.every((count) => count === 1)).toBe(true);
});

test("a stream that is cut after its beginning ends with an error and never with [DONE]", async () => {
  scene.play({ type: "text/event-stream", body: begun });
  const answer = await scene.ask("anthropic", chat({ stream: true }));
  expect(answer.text()).not.toContain("[DONE]");
  expect(events(answer.text()).at(-1)).toMatchObject({ error: { type: "api_error" } });
  const record = await scene.gateway.record(answer.header("x-request-id"));
  expect(record.outcome).toBe("truncated");
});

test("a whole answer to who waits for a stream comes as one", async () => {
  scene.play({ body: JSON.stringify(message) });
  const answer = await scene.ask("anthropic", chat({ stream: true }));
  expect(answer.text()).toContain('"content":"Hello"');
  expect(answer.text().endsWith("data: [DONE]\n\n")).toBe(true);
});

test("a stream to who waits for a whole answer comes as one", async () => {
  scene.play({ type: "text/event-stream", body: begun + ended });
  const answer = await scene.ask("anthropic", chat());
  expect(answer.json()).toMatchObject({
    choices: [{ message: { content: "Hello" }, finish_reason: "stop" }],
  });
});

interface RefusalRow {
  readonly status: number;
  readonly body: object | string;
  readonly shown: number;
  readonly expected: object;
}

test.each<[string, RefusalRow]>([
  [
    "400 keeps its message",
    {
      status: 400,
      body: { type: "error", error: { type: "invalid_request_error", message: "too long" } },
      shown: 400,
      expected: { error: { message: "too long", type: "invalid_request_error" } },
    },
  ],
  [
    "529 is 503 elsewhere",
    {
      status: 529,
      body: { type: "error", error: { type: "overloaded_error", message: "busy" } },
      shown: 503,
      expected: { error: { message: "busy" } },
    },
  ],
  [
    "HTML is no message",
    {
      status: 500,
      body: "<html><body>oops</body></html>",
      shown: 500,
      expected: { error: { type: "api_error" } },
    },
  ],
  ["an empty body", { status: 503, body: "", shown: 503, expected: { error: { type: "api_error" } } }],
  [
    "401 is the gateway's own matter",
    {
      status: 401,
      body: { error: { message: "secret words" } },
      shown: 502,
      expected: { error: { code: "upstream_credentials" } },
    },
  ],
])("error of the service: %s", async (_name, { status, body, shown, expected }) => {
  scene.play({ status, body: typeof body === "string" ? body : JSON.stringify(body) });
  const answer = await scene.ask("anthropic", chat());
  expect(answer.status).toBe(shown);
  expect(answer.json()).toMatchObject(expected);
  expect(answer.text()).not.toContain("secret words");
});
