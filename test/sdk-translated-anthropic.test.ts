// The official Anthropic library in front of a service that speaks OpenAI, replayed from recordings: it must find the same
// words, thoughts, calls and figures, and every fault as a fault.
import Anthropic from "@anthropic-ai/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  breaksOff,
  streamedSaid,
  wholeSaid,
  type Said,
} from "../src/translators/services/openai/spoken-fixture.ts";
import { named } from "./support/named.ts";
import { loadRecordings, type Recording } from "./support/recordings.ts";
import { startTranslationScene, type TranslationScene } from "./support/translation-scene.ts";

const recordings = loadRecordings("openai-chat").filter(
  ({ protocol, status }) => protocol === "openai-chat" && status === 200,
);
const whole = recordings.filter(({ stream }) => !stream);
const streamed = recordings.filter((recording) => recording.stream && !breaksOff(recording));
const broken = recordings.filter((recording) => recording.stream && breaksOff(recording));

let scene: TranslationScene;
let client: Anthropic;

beforeAll(async () => {
  scene = await startTranslationScene();
  client = new Anthropic({
    apiKey: "k-0123456789abcdef",
    baseURL: `${scene.gateway.url}/openai`,
    maxRetries: 0,
  });
});

afterAll(async () => {
  await scene.close();
});

const asked: Anthropic.MessageCreateParamsNonStreaming = {
  model: "m-1",
  max_tokens: 100,
  messages: [{ role: "user", content: "Hi" }],
};
const reasons: Readonly<Record<string, string>> = {
  end_turn: "stop",
  max_tokens: "length",
  tool_use: "tool_calls",
  refusal: "content_filter",
};

function play(
  { body, contentType }: Pick<Recording, "body" | "contentType">,
  cutting: "whole" | "1 byte" | "random" = "whole",
): void {
  scene.play({ type: contentType, body }, cutting);
}

function saidBy({ content, stop_reason: reason, usage }: Anthropic.Message): Omit<Said, "ids"> {
  const cached = usage.cache_read_input_tokens ?? 0;
  return {
    text: content.map((block) => (block.type === "text" ? block.text : "")).join(""),
    thoughts: content.map((block) => (block.type === "thinking" ? block.thinking : "")).join(""),
    calls: content.flatMap((block) =>
      block.type === "tool_use" ? [{ name: block.name, input: block.input }] : [],
    ),
    finish: reasons[reason ?? ""] ?? "",
    prompt: usage.input_tokens + cached + (usage.cache_creation_input_tokens ?? 0),
    completion: usage.output_tokens,
    cached,
    reasoning: usage.output_tokens_details?.thinking_tokens ?? 0,
  };
}

function expectedOf(said: Said): Omit<Said, "ids"> {
  const { ids: _ids, ...rest } = said;
  return rest;
}

describe(`${whole.length} whole and ${streamed.length} streamed recordings through the official library`, () => {
  test.each(named(whole))("%s", async (_name, recording) => {
    play(recording);
    expect(saidBy(await client.messages.create(asked))).toEqual(expectedOf(wholeSaid(recording)));
  });

  test.each(named(streamed))("%s, streamed", async (_name, recording) => {
    for (const cutting of ["whole", "1 byte", "random"] as const) {
      play(recording, cutting);
      const message = await client.messages.stream(asked).finalMessage();
      expect(saidBy(message), cutting).toEqual(expectedOf(streamedSaid(recording)));
    }
  });

  test.each(named(broken))("%s is an error and no answer", async (_name, recording) => {
    play(recording);
    await expect(client.messages.stream(asked).finalMessage()).rejects.toThrow(Anthropic.APIError);
  });
});

test("a stream that ends too early, at every byte of it, is never an answer", async () => {
  const recording = streamed.find(({ name }) => name.includes("groq-tool-call"));
  if (recording === undefined) throw new Error("no recording");
  const end = /"finish_reason":\s*"\w/.exec(recording.body.toString())?.index ?? 0;
  expect(end).toBeGreaterThan(400);
  for (let length = 0; length < end; length++) {
    play({ ...recording, body: recording.body.subarray(0, length) });
    await expect(client.messages.stream(asked).finalMessage(), `at ${length}`).rejects.toThrow();
  }
});

test.each([false, true])(
  "tokens that the service does not tell are counted, streamed: %s",
  async (stream) => {
    const said = { content: "Hello there, and welcome." };
    const choice = (member: string): string =>
      JSON.stringify({ choices: [{ index: 0, [member]: said, finish_reason: "stop" }] });
    scene.play(
      stream
        ? { type: "text/event-stream", body: `data: ${choice("delta")}\n\ndata: [DONE]\n\n` }
        : { body: choice("message") },
    );
    const body = JSON.stringify({ ...asked, stream });
    const answer = await scene.ask("openai", { path: "/v1/messages", body });
    const { usage } = await scene.gateway.record(answer.header("x-request-id"));
    expect(usage).toMatchObject({ estimated: true });
    expect(usage?.outputTokens).toBeGreaterThan(3);
  },
);

test("betas: what the library adds to path and headers does not reach the service", async () => {
  play({
    contentType: "application/json",
    body: Buffer.from('{"choices":[{"message":{"content":"a"},"finish_reason":"stop"}]}'),
  });
  const message = await client.beta.messages.create({ ...asked, betas: ["interleaved-thinking-2025-05-14"] });
  expect(message.content).toEqual([{ type: "text", text: "a" }]);
  const { path, header, body } = scene.lastCall();
  expect(path).toBe("/v1/chat/completions");
  expect([
    header("anthropic-version"),
    header("anthropic-beta"),
    header("x-stainless-lang"),
    header("x-api-key"),
  ]).toEqual([undefined, undefined, undefined, undefined]);
  expect(body).toMatchObject({ model: "m-1", max_tokens: 100, messages: [{ role: "user", content: "Hi" }] });
});

describe.each([false, true])("a loop of five turns with tools, streamed: %s", (stream) => {
  test("every turn comes back to the service as it said it", async () => {
    const messages: Anthropic.MessageParam[] = [{ role: "user", content: "Go." }];
    const tools: Anthropic.Tool[] = [
      { name: "f", input_schema: { type: "object", properties: { n: { type: "number" } } } },
    ];
    const expected: object[] = [{ role: "user", content: "Go." }];
    for (let turn = 1; turn <= 5; turn++) {
      const calls = [`a${turn}`, `b${turn}`].map((id, index) => ({
        id,
        type: "function",
        function: { name: "f", arguments: `{"n":${turn}${index}}` },
      }));
      const said = {
        role: "assistant",
        content: `Turn ${turn}.`,
        reasoning_content: "Hm.",
        tool_calls: calls,
      };
      const finish = { index: 0, finish_reason: "tool_calls" };
      const pieces = { ...said, tool_calls: calls.map((call, index) => ({ index, ...call })) };
      const event = `data: ${JSON.stringify({ choices: [{ ...finish, delta: pieces }] })}\n\ndata: [DONE]\n\n`;
      scene.play(
        stream
          ? { type: "text/event-stream", body: event }
          : { body: JSON.stringify({ choices: [{ ...finish, message: said }] }) },
      );
      const request = { ...asked, messages, tools };
      const { content } = stream
        ? await client.messages.stream(request).finalMessage()
        : await client.messages.create(request);
      expect(scene.lastCall().body).toMatchObject({ messages: expected });
      expect(content.map(({ type }) => type)).toEqual(["thinking", "text", "tool_use", "tool_use"]);
      messages.push({ role: "assistant", content });
      messages.push({
        role: "user",
        content: calls.map(({ id }) => ({ type: "tool_result", tool_use_id: id, content: `r ${id}` })),
      });
      const { reasoning_content: _thoughts, ...kept } = said;
      expected.push(kept, ...calls.map(({ id }) => ({ role: "tool", tool_call_id: id, content: `r ${id}` })));
    }
  });
});

// The last row leaves the key of the service resting.
test.each([400, 404, 413, 422, 500, 503, 429])(
  "an error with status %d keeps it, and the service's own words",
  async (status) => {
    scene.play({
      status,
      body: JSON.stringify({ error: { message: "My own words.", type: "x", code: "y" } }),
    });
    const failure: unknown = await client.messages.create(asked).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Anthropic.APIError);
    expect(failure).toMatchObject({ status, error: { type: "error", error: { message: "My own words." } } });
  },
);
