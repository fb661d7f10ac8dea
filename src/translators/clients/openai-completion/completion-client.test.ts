import { describe, expect, test } from "vitest";
import { loadRecordings } from "../../../../test/support/recordings.ts";
import type { ChatAnswer, ChatChunk } from "../../chat/chat-answer.ts";
import { contextOf, writeStream } from "../../translation-fixture.ts";
import { completionClient } from "./completion-client.ts";

function request(body: unknown) {
  return { body, model: "model-x", stream: false };
}

const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
const head = { id: "msg_1", created: 1_790_000_000, model: "model-y" };

function answer(message: Partial<ChatAnswer["choices"][number]["message"]>, finish: "stop" | "tool_calls") {
  const choice = { index: 0, message: { role: "assistant", content: null, ...message } } as const;
  return {
    ...head,
    object: "chat.completion",
    choices: [{ ...choice, finish_reason: finish }],
    usage,
  } as const;
}

function chunk(choices: ChatChunk["choices"], rest: Partial<ChatChunk> = {}): ChatChunk {
  return { ...head, object: "chat.completion.chunk", choices, ...rest };
}

describe("a request of one prompt becomes what a user says", () => {
  test.each([
    { name: "a text", prompt: "Once", content: "Once" },
    { name: "a list of one text", prompt: ["Once"], content: "Once" },
  ])("$name", ({ prompt, content }) => {
    const chat = completionClient.request(request({ model: "m", prompt }), contextOf());
    expect(chat).toEqual({
      model: "model-x",
      messages: [{ role: "user", content }],
      stream: false,
      others: {},
    });
  });

  test("fields of sampling go on, null is as good as none, unknown ones are kept aside", () => {
    const body = {
      prompt: "Once",
      max_tokens: 5,
      temperature: 0,
      top_p: null,
      n: 2,
      seed: 7,
      stop: "x",
      user: "u",
      logit_bias: { 5: 1 },
      stream_options: { include_usage: true },
      suffix: "",
      echo: false,
      best_of: 1,
      repetition_penalty: 1.1,
    };
    expect(completionClient.request(request(body), contextOf())).toEqual({
      model: "model-x",
      messages: [{ role: "user", content: "Once" }],
      stream: false,
      stream_options: { include_usage: true },
      max_tokens: 5,
      temperature: 0,
      n: 2,
      seed: 7,
      stop: ["x"],
      user: "u",
      logit_bias: { 5: 1 },
      others: { repetition_penalty: 1.1 },
    });
  });

  test("log probabilities are noted, zero of them too", () => {
    const context = contextOf();
    completionClient.request(request({ prompt: "Once", logprobs: 0 }), context);
    expect(context.notes.warnings).toEqual([{ field: "logprobs", action: "dropped" }]);
  });
});

describe("what no conversation can be asked for is refused", () => {
  test.each([
    { name: "no prompt", body: {}, param: "prompt" },
    { name: "an empty prompt", body: { prompt: "" }, param: "prompt" },
    { name: "no list of prompts", body: { prompt: [] }, param: "prompt" },
    { name: "several prompts", body: { prompt: ["a", "b"] }, param: "prompt" },
    { name: "token numbers", body: { prompt: [1, 2] }, param: "prompt" },
    { name: "a list of token numbers", body: { prompt: [[1, 2]] }, param: "prompt" },
    { name: "a suffix", body: { prompt: "a", suffix: "b" }, param: "suffix" },
    { name: "an echo", body: { prompt: "a", echo: true }, param: "echo" },
    { name: "the best of several", body: { prompt: "a", best_of: 2 }, param: "best_of" },
    { name: "a temperature in words", body: { prompt: "a", temperature: "hot" }, param: "temperature" },
    { name: "a number to stop at", body: { prompt: "a", stop: [1] }, param: "stop.0" },
    { name: "no object", body: [], param: undefined },
  ])("$name", ({ body, param }) => {
    expect(() => completionClient.request(request(body), contextOf())).toThrow(
      expect.objectContaining({ code: "invalid_request", param }),
    );
  });
});

describe("a whole answer", () => {
  test.each([
    { name: "its text", message: { content: "upon a time" }, finish: "stop", text: "upon a time" },
    { name: "a refusal in place of one", message: { refusal: "No." }, finish: "stop", text: "No." },
    { name: "an end without words", message: {}, finish: "tool_calls", text: "" },
  ] as const)("$name", ({ message, finish, text }) => {
    expect(completionClient.answer(answer(message, finish), request({}), contextOf())).toEqual({
      ...head,
      object: "text_completion",
      choices: [{ text, index: 0, logprobs: null, finish_reason: "stop" }],
      usage,
    });
  });
});

test("a stream has text, an end, usage and [DONE]; what a completion has no place for is left out", () => {
  const chunks = [
    chunk([{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }]),
    chunk([{ index: 0, delta: { reasoning_content: "Hm" }, finish_reason: null }]),
    chunk([{ index: 0, delta: { content: "upon" }, finish_reason: null }]),
    chunk([{ index: 0, delta: {}, finish_reason: "length" }]),
    chunk([], { usage }),
  ];
  const written = writeStream(completionClient, chunks, request({}));
  const events = written.split("\n\n").slice(0, -1);
  expect(events.at(-1)).toBe("data: [DONE]");
  expect(events.slice(0, -1).map((event): unknown => JSON.parse(event.slice("data: ".length)))).toEqual([
    {
      ...head,
      object: "text_completion",
      choices: [{ text: "upon", index: 0, logprobs: null, finish_reason: null }],
    },
    {
      ...head,
      object: "text_completion",
      choices: [{ text: "", index: 0, logprobs: null, finish_reason: "length" }],
    },
    { ...head, object: "text_completion", choices: [], usage },
  ]);
});

const recorded = loadRecordings("openai-completions").filter(
  ({ requestBody }) => requestBody?.includes('"prompt"') === true,
);

test(`completion -> chat: all ${recorded.length} recorded requests are taken`, () => {
  expect(recorded.length).toBeGreaterThan(3);
  for (const { requestBody = Buffer.alloc(0) } of recorded) {
    const body: unknown = JSON.parse(requestBody.toString());
    const chat = completionClient.request(request(body), contextOf());
    const [message] = chat.messages;
    // Recorded prompts are a text or a list of one.
    const { prompt } = body as { prompt: string | [string] };
    expect(message?.content).toBe(typeof prompt === "string" ? prompt : prompt[0]);
  }
});
