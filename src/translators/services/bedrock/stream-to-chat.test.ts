import { describe, expect, it } from "vitest";
import { bedrockEvent, bedrockException } from "../../../../test/support/bedrock-recordings.ts";
import { parseExactJson } from "../../../lib/exact-json.ts";
import { GatheredAnswer } from "../../chat/gather-chunks.ts";
import { chatRequest, contextOf, readStream } from "../../translation-fixture.ts";
import { bedrockService } from "./bedrock-service.ts";

type Event = readonly [type: string, payload: object];

const start: Event = ["messageStart", { role: "assistant", p: "abc" }];
const text = (words: string, contentBlockIndex = 0): Event => [
  "contentBlockDelta",
  { contentBlockIndex, delta: { text: words } },
];
const toolStart = (contentBlockIndex: number, toolUseId: string): Event => [
  "contentBlockStart",
  { contentBlockIndex, start: { toolUse: { toolUseId, name: "f" } } },
];
const toolDelta = (contentBlockIndex: number, input: string): Event => [
  "contentBlockDelta",
  { contentBlockIndex, delta: { toolUse: { input } } },
];
const reasoning = (contentBlockIndex: number, reasoningContent: object): Event => [
  "contentBlockDelta",
  { contentBlockIndex, delta: { reasoningContent } },
];
const blockStop = (contentBlockIndex: number): Event => ["contentBlockStop", { contentBlockIndex }];
const stop = (stopReason: string, more: object = {}): Event => ["messageStop", { stopReason, ...more }];
const metadata: Event = [
  "metadata",
  {
    usage: {
      inputTokens: 3,
      outputTokens: 5,
      totalTokens: 20,
      cacheReadInputTokens: 10,
      cacheWriteInputTokens: 2,
    },
    metrics: { latencyMs: 1 },
  },
];

function bytesOf(events: readonly (Event | Buffer)[]): Buffer {
  return Buffer.concat(
    events.map((event) => (Buffer.isBuffer(event) ? event : bedrockEvent(event[0], event[1]))),
  );
}

function read(events: readonly (Event | Buffer)[], stopWords: readonly string[] = []) {
  const chat = chatRequest({ stream: true, stop: stopWords });
  const { chunks, error } = readStream(bedrockService, bytesOf(events), { chat });
  const gathered = new GatheredAnswer();
  for (const chunk of chunks) gathered.add(chunk);
  return { chunks, error, choice: gathered.answer?.choices[0], usage: gathered.answer?.usage };
}

describe("streams of Converse", () => {
  it("defect 11: parallel calls have a number each, whatever their blocks are, and empty arguments are an object", () => {
    const { choice } = read([
      start,
      text("Both"),
      blockStop(0),
      toolStart(1, "a"),
      toolStart(2, "b"),
      toolDelta(1, '{"x"'),
      toolDelta(2, ""),
      toolDelta(1, ":1.0}"),
      blockStop(1),
      blockStop(2),
      stop("tool_use"),
      metadata,
    ]);
    expect(choice).toMatchObject({
      finish_reason: "tool_calls",
      message: {
        content: "Both",
        tool_calls: [
          { id: "a", function: { name: "f", arguments: '{"x":1.0}' } },
          { id: "b", function: { name: "f", arguments: "{}" } },
        ],
      },
    });
  });

  it("defect 11: arguments that were never closed are complete all the same", () => {
    const { choice } = read([start, toolStart(0, "a"), stop("tool_use")]);
    expect(choice?.message.tool_calls?.[0]?.function.arguments).toBe("{}");
  });

  it("defect 11: a call that is announced twice is one", () => {
    const { choice } = read([
      start,
      toolStart(0, "a"),
      toolStart(0, "a"),
      toolDelta(0, "{}"),
      blockStop(0),
      stop("tool_use"),
    ]);
    expect(choice?.message.tool_calls).toHaveLength(1);
  });

  it("defect 4: what a cache gave and took is part of the prompt, and the total is the sum", () => {
    expect(read([start, text("A"), stop("end_turn"), metadata]).usage).toEqual({
      prompt_tokens: 15,
      completion_tokens: 5,
      total_tokens: 20,
      prompt_tokens_details: { cached_tokens: 10, cache_write_tokens: 2 },
    });
  });

  it("usage comes after the end, also when the service tells it before", () => {
    const { chunks } = read([start, text("A"), metadata, stop("end_turn")]);
    expect(chunks.map(({ choices, usage }) => [choices[0]?.finish_reason, usage === undefined])).toEqual([
      [null, true],
      [null, true],
      ["stop", true],
      [undefined, false],
    ]);
  });

  it("defect 9: thinking has its place, its signature in one piece, and redacted bytes as Anthropic writes them", () => {
    const { choice } = read([
      start,
      reasoning(0, { text: "Hm" }),
      reasoning(0, { text: "m" }),
      reasoning(0, { signature: "si" }),
      reasoning(0, { signature: "g" }),
      blockStop(0),
      reasoning(1, { redactedContent: Buffer.from("Eu8").toString("base64") }),
      reasoning(1, { redactedContent: Buffer.from("E+/=").toString("base64") }),
      blockStop(1),
      reasoning(2, { redactedContent: "/v8=" }),
      text("Hello", 3),
      reasoning(4, { signature: "alone" }),
      stop("end_turn"),
    ]);
    expect(choice?.message).toEqual({
      role: "assistant",
      content: "Hello",
      reasoning_content: "Hmm",
      reasoning_details: [
        { type: "thinking", index: 0, text: "Hmm", signature: "sig", format: "anthropic" },
        { type: "redacted_thinking", index: 1, data: "Eu8E+/=", format: "anthropic" },
        { type: "redacted_thinking", index: 2, data: "bedrock:/v8=", format: "anthropic" },
        { type: "thinking", index: 4, signature: "alone", format: "anthropic" },
      ],
    });
  });

  it.each([
    ["end_turn", "stop"],
    ["stop_sequence", "stop"],
    ["tool_use", "stop"],
    ["max_tokens", "length"],
    ["model_context_window_exceeded", "length"],
    ["guardrail_intervened", "content_filter"],
    ["content_filtered", "content_filter"],
    ["malformed_model_output", "stop"],
    ["__proto__", "stop"],
  ])("%s without calls ends with %s, whole and streamed", (stopReason, finish) => {
    expect(read([start, text("A"), stop(stopReason)]).choice?.finish_reason).toBe(finish);
    const body = { output: { message: { role: "assistant", content: [{ text: "A" }] } }, stopReason };
    expect(bedrockService.answer(body, chatRequest({}), contextOf())).toMatchObject({
      choices: [{ finish_reason: finish }],
    });
  });

  it("the stop sequence is told where it is known", () => {
    expect(read([start, text("A"), stop("stop_sequence")], ["x"]).choice?.stop_sequence).toBe("x");
    expect(read([start, text("A"), stop("stop_sequence")], ["x", "y"]).choice).not.toHaveProperty(
      "stop_sequence",
    );
    const told = stop("stop_sequence", { additionalModelResponseFields: { delta: { stop_sequence: "y" } } });
    expect(read([start, text("A"), told], ["x", "y"]).choice?.stop_sequence).toBe("y");
  });

  it("where a tool gives the answer, its arguments are the words, whole and streamed", () => {
    const asked = { name: "city", schema: { type: "object" } };
    const chat = chatRequest({ response_format: { type: "json_schema", json_schema: asked } });
    const context = contextOf({ traits: { jsonSchema: false } });
    const call = { toolUseId: "a", name: "city" };
    const events = [
      start,
      text("I answer"),
      ["contentBlockStart", { contentBlockIndex: 1, start: { toolUse: call } }] as const,
      toolDelta(1, '{"n":'),
      toolDelta(1, "1.0}"),
      stop("tool_use"),
    ];
    const gathered = new GatheredAnswer();
    for (const chunk of readStream(bedrockService, bytesOf(events), { chat, context }).chunks)
      gathered.add(chunk);
    const expected = { finish_reason: "stop", message: { role: "assistant", content: '{"n":1.0}' } };
    expect(gathered.answer?.choices[0]).toMatchObject(expected);
    expect(gathered.answer?.choices[0]?.message).not.toHaveProperty("tool_calls");
    const content = [{ text: "I answer" }, { toolUse: { ...call, input: parseExactJson('{"n":1.0}') } }];
    const body = { output: { message: { content } }, stopReason: "tool_use" };
    expect(bedrockService.answer(body, chat, context)).toMatchObject({ choices: [expected] });
  });

  it.each([
    ["throttlingException", 429],
    ["validationException", 400],
    ["modelStreamErrorException", 424],
    ["modelTimeoutException", 504],
    ["serviceUnavailableException", 503],
    ["internalServerException", 500],
    ["accessDeniedException", 502],
    ["unheardOfException", 502],
  ])("defect 10: %s is an error of status %i, first or in the midst, and nothing follows", (type, status) => {
    const exception = bedrockException(type, { message: "Too much" });
    for (const before of [[], [start, text("A")]]) {
      const { chunks, error } = read([...before, exception, text("B"), stop("end_turn")]);
      expect(error).toEqual({ status, message: "Too much" });
      expect(chunks).toHaveLength(before.length);
    }
  });

  it.each([
    { name: "an end without a reason to stop", events: [start, text("A")] },
    { name: "no message at all", events: [] },
    { name: "bytes that are no event stream", events: [start, Buffer.from("<html>".repeat(20))] },
    { name: "a frame that is cut off", events: [start, bytesOf([text("A")]).subarray(0, 30)] },
  ])("$name is an error", ({ events }) => {
    expect(read(events).error?.status).toBe(502);
  });

  it("a payload that is no JSON is an error", () => {
    const stream = bedrockService.stream(chatRequest({}), contextOf());
    const failed: number[] = [];
    const sink = {
      chunk: () => undefined,
      fail: ({ status }: { status: number }) => void failed.push(status),
    };
    stream.event("contentBlockDelta", Buffer.from("{"), sink);
    expect(failed).toEqual([502]);
  });

  it("payloads of any form never throw", () => {
    const odd = [
      "null",
      "1",
      "[]",
      '"x"',
      '{"__proto__":{"x":1}}',
      '{"delta":{"__proto__":null}}',
      '{"contentBlockIndex":{},"delta":[]}',
    ];
    const names = [
      "messageStart",
      "contentBlockStart",
      "contentBlockDelta",
      "contentBlockStop",
      "metadata",
      "constructor",
      "messageStop",
    ];
    for (const data of odd) {
      const stream = bedrockService.stream(chatRequest({}), contextOf());
      for (const name of names)
        stream.event(name, Buffer.from(data), { chunk: () => undefined, fail: () => undefined });
      const body: unknown = JSON.parse(data);
      expect(bedrockService.answer(body, chatRequest({}), contextOf())).toMatchObject({ status: 502 });
    }
  });
});

describe("errors of Bedrock", () => {
  it.each([
    { name: "its own", body: '{"message":"No such model"}', error: { message: "No such model" } },
    {
      name: "an older one",
      body: '{"__type":"com.amazon.coral.service#ThrottlingException","Message":"Slow"}',
      error: { message: "Slow", code: "ThrottlingException" },
    },
    { name: "text", body: " Slow down ", error: { message: "Slow down" } },
    {
      name: "a page",
      body: "<html>no</html>",
      error: { message: "The model service answered with status 500." },
    },
    { name: "nothing", body: "", error: { message: "The model service answered with status 500." } },
    {
      name: "JSON without words",
      body: "{}",
      error: { message: "The service reported an error without a message." },
    },
    {
      name: "a very long one",
      body: JSON.stringify({ message: "x".repeat(5000) }),
      error: { message: "x".repeat(1000) },
    },
  ])("$name", ({ body, error }) => {
    expect(bedrockService.error(500, body)).toEqual(error);
  });
});
