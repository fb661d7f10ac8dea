// The official clients talk to the simulator directly: what they accept is the shape that providers have.
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { knobsHeader } from "./knobs.ts";
import type { Knobs } from "./knobs.ts";
import { startSimulator } from "./simulator.ts";
import type { Simulator } from "./simulator.ts";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ port: 0 });
});
afterAll(() => simulator.close());

const knobs = (values: Knobs): Record<string, string> => ({ [knobsHeader]: JSON.stringify(values) });

/** Everything that a stream or a paged list gives. */
async function collect<Item>(source: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of source) items.push(item);
  return items;
}

const weather = {
  name: "get_weather",
  description: "Weather of a city",
  schema: {
    type: "object" as const,
    properties: { city: { type: "string" }, unit: { type: "string", enum: ["celsius", "fahrenheit"] } },
    required: ["city", "unit"],
  },
};

describe("openai", () => {
  const client = (headers: Record<string, string> = {}): OpenAI =>
    new OpenAI({ apiKey: "none", baseURL: `${simulator.url}/v1`, maxRetries: 0, defaultHeaders: headers });
  const messages = [{ role: "user" as const, content: "What is the weather in Paris?" }];
  const tools = [{ type: "function" as const, function: { name: weather.name, parameters: weather.schema } }];

  test("gets a chat completion that echoes the model and says it is simulated", async () => {
    const answer = await client().chat.completions.create({ model: "any/model", messages });
    expect(answer.model).toBe("any/model");
    expect(answer.choices[0]?.message.content).toContain("simulated");
    expect(answer.choices[0]?.finish_reason).toBe("stop");
    expect(answer.usage?.total_tokens).toBe(
      (answer.usage?.prompt_tokens ?? 0) + (answer.usage?.completion_tokens ?? 0),
    );
  });

  test("gets the same text and usage streamed as plain, one token per chunk", async () => {
    const plain = await client().chat.completions.create({ model: "m", messages });
    const stream = client().chat.completions.stream({
      model: "m",
      messages,
      stream_options: { include_usage: true },
    });
    let deltas = 0;
    stream.on("content", () => (deltas += 1));
    const streamed = await stream.finalChatCompletion();
    expect(streamed.choices[0]?.message.content).toBe(plain.choices[0]?.message.content);
    expect(streamed.usage).toEqual(plain.usage);
    expect(deltas).toBe(plain.usage?.completion_tokens);
  });

  test.each([
    { name: "asked for", options: { include_usage: true }, usages: 1 },
    { name: "refused", options: { include_usage: false }, usages: 0 },
    { name: "not mentioned", options: undefined, usages: 0 },
  ])("gets the extra usage chunk exactly when it is $name", async ({ options, usages }) => {
    const stream = await client().chat.completions.create({
      model: "m",
      messages,
      stream: true,
      ...(options === undefined ? {} : { stream_options: options }),
    });
    const chunks = await collect(stream);
    expect(chunks.filter((chunk) => chunk.choices.length === 0 && chunk.usage)).toHaveLength(usages);
    expect(chunks.filter((chunk) => "usage" in chunk)).toHaveLength(usages === 0 ? 0 : chunks.length);
  });

  test("gets several choices, plain and streamed", async () => {
    const plain = await client().chat.completions.create({ model: "m", messages, n: 3 });
    const streamed = await client()
      .chat.completions.stream({ model: "m", messages, n: 3 })
      .finalChatCompletion();
    const texts = plain.choices.map((choice) => choice.message.content);
    expect(new Set(texts).size).toBe(3);
    expect(streamed.choices.map((choice) => choice.message.content)).toEqual(texts);
  });

  test.each([
    { name: "max_tokens", limit: { max_tokens: 5 } },
    { name: "max_completion_tokens", limit: { max_completion_tokens: 5 } },
  ])("is held to $name", async ({ limit }) => {
    const answer = await client().chat.completions.create({ model: "m", messages, ...limit });
    expect(answer.choices[0]?.finish_reason).toBe("length");
    expect(answer.usage?.completion_tokens).toBe(5);
  });

  test("gets as many tokens as the knobs ask for", async () => {
    const answer = await client(knobs({ outputTokens: 300 })).chat.completions.create({
      model: "m",
      messages,
    });
    expect(answer.usage?.completion_tokens).toBe(300);
    expect(answer.choices[0]?.finish_reason).toBe("stop");
  });

  test("ends before a stop sequence", async () => {
    const answer = await client().chat.completions.create({ model: "m", messages, stop: [" answer"] });
    expect(answer.choices[0]?.message.content).toBe("This is a simulated");
    expect(answer.choices[0]?.finish_reason).toBe("stop");
  });

  test.each([
    { name: "the words hint at it", choice: {} },
    { name: "any tool is required", choice: { tool_choice: "required" as const } },
    {
      name: "the tool is named",
      choice: { tool_choice: { type: "function" as const, function: { name: weather.name } } },
    },
  ])("calls a tool when $name, plain and streamed", async ({ choice }) => {
    const request = { model: "m", messages, tools, ...choice };
    const plain = await client().chat.completions.create(request);
    const streamed = await client().chat.completions.stream(request).finalChatCompletion();
    for (const answer of [plain, streamed]) {
      const [called] = answer.choices[0]?.message.tool_calls ?? [];
      expect(answer.choices[0]?.finish_reason).toBe("tool_calls");
      expect(called).toMatchObject({ type: "function", function: { name: weather.name } });
      expect(called?.type === "function" ? JSON.parse(called.function.arguments) : null).toEqual({
        city: "simulated",
        unit: "celsius",
      });
    }
  });

  test.each([
    { name: "no tool may be called", request: { messages, tools, tool_choice: "none" as const } },
    {
      name: "nothing hints at a tool",
      request: { messages: [{ role: "user" as const, content: "Hello" }], tools },
    },
    {
      name: "the tool has answered",
      request: {
        messages: [
          ...messages,
          {
            role: "assistant" as const,
            tool_calls: [
              {
                id: "call_1",
                type: "function" as const,
                function: { name: weather.name, arguments: "{}" },
              },
            ],
          },
          { role: "tool" as const, tool_call_id: "call_1", content: "sunny" },
        ],
        tools,
      },
    },
  ])("gets words when $name", async ({ request }) => {
    const answer = await client().chat.completions.create({ model: "m", ...request });
    expect(answer.choices[0]?.message.tool_calls).toBeUndefined();
    expect(answer.choices[0]?.message.content).toContain("simulated");
  });

  test("gets JSON that fits the schema it asks for", async () => {
    const answer = await client().chat.completions.create({
      model: "m",
      messages,
      response_format: { type: "json_schema", json_schema: { name: "weather", schema: weather.schema } },
    });
    const text = answer.choices[0]?.message.content ?? "";
    expect(JSON.parse(text)).toEqual({ city: "simulated", unit: "celsius" });
  });

  test("gets legacy completions, plain and streamed, one per prompt and choice", async () => {
    const request = { model: "m", prompt: ["first", "second"], n: 2, max_tokens: 30 };
    const plain = await client().completions.create(request);
    expect(plain.choices.map((choice) => choice.index)).toEqual([0, 1, 2, 3]);
    expect(plain.choices[0]?.text).toContain('You wrote: "first"');
    const stream = await client().completions.create({
      ...request,
      stream: true,
      stream_options: { include_usage: true },
    });
    const texts = ["", "", "", ""];
    let usage: unknown;
    for await (const chunk of stream) {
      for (const choice of chunk.choices) texts[choice.index] += choice.text;
      usage = chunk.usage;
    }
    expect(texts).toEqual(plain.choices.map((choice) => choice.text));
    expect(usage).toEqual(plain.usage);
  });

  test("lists models and accepts any name", async () => {
    const models = await collect(client().models.list());
    expect(models.map((model) => model.id)).toEqual(["simulated-small", "simulated-large"]);
    expect(await client().models.retrieve("simulated-small")).toMatchObject({ id: "simulated-small" });
  });

  test.each([
    { fault: "status-429" as const, error: OpenAI.RateLimitError },
    { fault: "status-500" as const, error: OpenAI.InternalServerError },
    { fault: "reset" as const, error: OpenAI.APIConnectionError },
  ])("raises its own error for $fault", async ({ fault, error }) => {
    const call = client(knobs({ fault })).chat.completions.create({ model: "m", messages });
    await expect(call).rejects.toBeInstanceOf(error);
  });

  test("raises an error that comes inside a 200 stream", async () => {
    const stream = await client(knobs({ fault: "error-in-200" })).chat.completions.create({
      model: "m",
      messages,
      stream: true,
    });
    await expect(collect(stream)).rejects.toBeInstanceOf(OpenAI.APIError);
  });
});

describe("anthropic", () => {
  const client = (headers: Record<string, string> = {}): Anthropic =>
    new Anthropic({ apiKey: "none", baseURL: simulator.url, maxRetries: 0, defaultHeaders: headers });
  const messages = [{ role: "user" as const, content: "What is the weather in Paris?" }];
  const request = { model: "any-model", max_tokens: 200, messages };
  const tools = [{ name: weather.name, input_schema: weather.schema }];

  test("gets a message that echoes the model and says it is simulated", async () => {
    const message = await client().messages.create(request);
    expect(message).toMatchObject({ model: "any-model", role: "assistant", stop_reason: "end_turn" });
    expect(message.content[0]).toMatchObject({ type: "text" });
    expect(JSON.stringify(message.content)).toContain("simulated");
  });

  test("gets the same text and usage streamed as plain", async () => {
    const plain = await client().messages.create(request);
    const streamed = await client().messages.stream(request).finalMessage();
    expect(streamed.content).toMatchObject([{ type: "text", text: textOf(plain) }]);
    expect(streamed.usage).toEqual(plain.usage);
    expect(streamed.stop_reason).toBe("end_turn");
  });

  test("gets the events of a stream in the provider's order, with a ping", async () => {
    const answer = await fetch(`${simulator.url}/v1/messages`, {
      method: "POST",
      headers: { "anthropic-version": "2023-06-01" },
      body: JSON.stringify({ ...request, max_tokens: 2, stream: true }),
    });
    const names = (await answer.text()).match(/(?<=^event: ).*/gm);
    expect(names).toEqual([
      "message_start",
      "content_block_start",
      "ping",
      "content_block_delta",
      "content_block_delta",
      "content_block_stop",
      "message_delta",
      "message_stop",
    ]);
  });

  test.each([
    { name: "the words hint at it", choice: {} },
    { name: "any tool is required", choice: { tool_choice: { type: "any" as const } } },
    { name: "the tool is named", choice: { tool_choice: { type: "tool" as const, name: weather.name } } },
  ])("calls a tool when $name, plain and streamed", async ({ choice }) => {
    const plain = await client().messages.create({ ...request, tools, ...choice });
    const streamed = await client()
      .messages.stream({ ...request, tools, ...choice })
      .finalMessage();
    for (const message of [plain, streamed]) {
      expect(message.stop_reason).toBe("tool_use");
      expect(message.content).toMatchObject([
        { type: "tool_use", name: weather.name, input: { city: "simulated", unit: "celsius" } },
      ]);
    }
  });

  test("gets words once the tool has answered", async () => {
    const message = await client().messages.create({
      ...request,
      tools,
      messages: [
        ...messages,
        { role: "assistant", content: [{ type: "tool_use", id: "toolu_1", name: weather.name, input: {} }] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "sunny" }] },
      ],
    });
    expect(message.stop_reason).toBe("end_turn");
    expect(textOf(message)).toContain("result of the tool");
  });

  test.each([
    { name: "max_tokens", extra: { max_tokens: 4 }, reason: "max_tokens", by: null, tokens: 4 },
    {
      name: "a stop sequence",
      extra: { stop_sequences: [" simulated"] },
      reason: "stop_sequence",
      by: " simulated",
      tokens: 3,
    },
  ])("is ended by $name", async ({ extra, reason, by, tokens }) => {
    const message = await client().messages.create({ ...request, ...extra });
    expect(message).toMatchObject({
      stop_reason: reason,
      stop_sequence: by,
      usage: { output_tokens: tokens },
    });
  });

  test("counts the tokens that a message then reports as input", async () => {
    const question = { model: "m", system: "Be brief.", messages, tools };
    const counted = await client().messages.countTokens(question);
    const message = await client().messages.create({ ...question, max_tokens: 50 });
    expect(counted.input_tokens).toBe(message.usage.input_tokens);
    expect(counted.input_tokens).toBeGreaterThan(20);
  });

  test("lists models in its own shape", async () => {
    const models = await collect(client().models.list());
    expect(models.map((model) => model.type)).toEqual(["model", "model"]);
  });

  test.each([
    { fault: "status-429" as const, error: Anthropic.RateLimitError },
    { fault: "status-500" as const, error: Anthropic.InternalServerError },
    { fault: "reset" as const, error: Anthropic.APIConnectionError },
  ])("raises its own error for $fault", async ({ fault, error }) => {
    await expect(client(knobs({ fault })).messages.create(request)).rejects.toBeInstanceOf(error);
  });

  test("raises an error that comes inside a 200 stream", async () => {
    const stream = client(knobs({ fault: "error-in-200" })).messages.stream(request);
    await expect(stream.finalMessage()).rejects.toBeInstanceOf(Anthropic.APIError);
  });

  function textOf(message: Anthropic.Message): string {
    return message.content.map((block) => (block.type === "text" ? block.text : "")).join("");
  }
});
