// OpenAI's official library in front of a service that speaks Anthropic, whose recorded answers it gets translated: it must
// make of them what they say. And a loop of tool calls, in which no state may get lost.
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { saidBy, streamedMessage, type Message, type Said } from "./support/anthropic-said.ts";
import { loopMessage, loopStream, loopTools, loopTurns } from "./support/anthropic-tool-loop.ts";
import { apiOf, serviceAt } from "./support/configuration.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { cuttings, startReplayUpstream, type ReplayUpstream } from "./support/replay-upstream.ts";
import { loadRecordings } from "./support/recordings.ts";

let upstream: ReplayUpstream;
let gateway: Gateway;
let client: OpenAI;

beforeAll(async () => {
  upstream = await startReplayUpstream();
  gateway = await startGateway({
    services: [serviceAt(upstream.url, "anthropic")],
    modelApis: [apiOf("openai")],
  });
  client = new OpenAI({ apiKey: "unused", baseURL: `${gateway.url}/v1`, maxRetries: 0 });
});

afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

const recordings = loadRecordings("anthropic").filter(
  ({ protocol, status }) => protocol === "anthropic" && status === 200,
);
const whole = recordings.filter(({ stream }) => !stream);
const streamed = recordings.filter(({ stream }) => stream);
const asked = { model: "m", messages: [{ role: "user" as const, content: "Hi" }], tools: loopTools };

/** What of an answer the library itself knows. */
type Known = Pick<
  Said,
  "id" | "text" | "calls" | "finish" | "prompt" | "completion" | "cached" | "reasoning"
>;

function known({ id, text, calls, finish, prompt, completion, cached, reasoning }: Said): Known {
  return { id, text, calls, finish, prompt, completion, cached, reasoning };
}

function seen({ id, choices, usage }: OpenAI.ChatCompletion): Known {
  const [choice] = choices;
  if (choice === undefined) throw new Error("no choice");
  const calls = (choice.message.tool_calls ?? []).map((call) => {
    if (call.type !== "function") throw new Error("not a function");
    return { id: call.id, name: call.function.name, input: JSON.parse(call.function.arguments) as unknown };
  });
  return {
    id,
    text: choice.message.content ?? "",
    calls,
    finish: choice.finish_reason,
    prompt: usage?.prompt_tokens ?? 0,
    completion: usage?.completion_tokens ?? 0,
    cached: usage?.prompt_tokens_details?.cached_tokens ?? 0,
    reasoning: usage?.completion_tokens_details?.reasoning_tokens ?? 0,
  };
}

describe(`${whole.length} whole recordings of Anthropic's through the openai library`, () => {
  test.each(whole)("$name", async (recording) => {
    // The recordings of this folder are messages.
    const message = JSON.parse(recording.body.toString()) as Message;
    for (const cutting of cuttings) {
      upstream.play(recording, cutting);
      expect(seen(await client.chat.completions.create(asked)), `cut: ${cutting}`).toEqual(
        known(saidBy(message)),
      );
    }
  });
});

describe(`${streamed.length} streamed recordings of Anthropic's through the openai library`, () => {
  test.each(streamed)("$name", async (recording) => {
    const said = known(saidBy(streamedMessage(recording)));
    for (const cutting of cuttings) {
      upstream.play(recording, cutting);
      const stream = client.chat.completions.stream({ ...asked, stream_options: { include_usage: true } });
      expect(seen(await stream.finalChatCompletion()), `cut: ${cutting}`).toEqual(said);
    }
  });
});

async function all<Value>(stream: AsyncIterable<Value>): Promise<Value[]> {
  const values: Value[] = [];
  for await (const value of stream) values.push(value);
  return values;
}

describe("legacy completions get the words", () => {
  const prompt = { model: "m", prompt: "Once" };
  const stopped = recordings.find(({ name }) => name.includes("stop-settings"));
  const spoken = recordings.find(({ name }) => name.includes("anthropic-text.stream"));

  test("whole", async () => {
    if (stopped === undefined) throw new Error("no recording");
    upstream.play(stopped, "random");
    // The recordings of this folder are messages.
    const said = saidBy(JSON.parse(stopped.body.toString()) as Message);
    const { object, choices, usage } = await client.completions.create(prompt);
    expect(object).toBe("text_completion");
    expect(choices).toEqual([{ text: said.text, index: 0, logprobs: null, finish_reason: "stop" }]);
    expect(usage?.total_tokens).toBe(said.prompt + said.completion);
    const sent: unknown = JSON.parse(String(upstream.requests.at(-1)?.body));
    expect(sent).toMatchObject({ messages: [{ role: "user", content: [{ type: "text", text: "Once" }] }] });
  });

  test.each([true, false])("streamed, usage asked for: %s", async (usage) => {
    if (spoken === undefined) throw new Error("no recording");
    upstream.play(spoken, "1 byte");
    const said = saidBy(streamedMessage(spoken));
    const stream = await client.completions.create({
      ...prompt,
      stream: true,
      stream_options: { include_usage: usage },
    });
    const chunks = await all(stream);
    expect(chunks.map(({ choices }) => choices[0]?.text ?? "").join("")).toBe(said.text);
    expect(chunks.filter(({ choices }) => choices[0]?.finish_reason === "stop")).toHaveLength(1);
    const told = chunks.filter(({ choices }) => choices.length === 0);
    expect(told.map((chunk) => chunk.usage?.completion_tokens)).toEqual(usage ? [said.completion] : []);
  });

  test.each([
    { name: "several prompts", fields: { prompt: ["a", "b"] }, param: "prompt" },
    { name: "token numbers", fields: { prompt: [1, 2] }, param: "prompt" },
    { name: "a suffix", fields: { suffix: "x" }, param: "suffix" },
    { name: "an echo", fields: { echo: true }, param: "echo" },
    { name: "the best of two", fields: { best_of: 2 }, param: "best_of" },
  ])("$name: refused by name", async ({ fields, param }) => {
    await expect(client.completions.create({ ...prompt, ...fields })).rejects.toMatchObject({
      status: 400,
      param,
    });
  });
});

test("what tools of the service's own did comes back to it as it was", async () => {
  const recording = whole.find(({ name }) => name.includes("text-editor-code-execution"));
  if (recording === undefined) throw new Error("no recording");
  upstream.play(recording, "random");
  const { choices } = await client.chat.completions.create(asked);
  const messages = [...asked.messages, ...choices.map(({ message }) => message), ...asked.messages];
  await client.chat.completions.create({ ...asked, messages });
  // The recordings of this folder are messages.
  const said = saidBy(JSON.parse(recording.body.toString()) as Message);
  expect(said.serverBlocks.length).toBeGreaterThan(0);
  const sent = String(upstream.requests.at(-1)?.body);
  for (const block of said.serverBlocks) expect(sent).toContain(block);
});

describe("errors of the service reach the library", () => {
  const body = Buffer.from('{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}');
  const event = Buffer.concat([Buffer.from("event: error\ndata: "), body, Buffer.from("\n\n")]);

  test.each([
    { name: "a status", status: 529, contentType: "application/json", bytes: body, stream: false },
    { name: "a 200 that is one", status: 200, contentType: "application/json", bytes: body, stream: false },
    {
      name: "the first event of a stream",
      status: 200,
      contentType: "text/event-stream",
      bytes: event,
      stream: true,
    },
  ])("defect 10: $name", async ({ status, contentType, bytes, stream }) => {
    upstream.play({ status, contentType, body: bytes }, "random");
    await expect(client.chat.completions.create({ ...asked, stream })).rejects.toMatchObject({
      status: 503,
      message: expect.stringContaining("Overloaded"),
    });
  });

  test("defect 10: in the midst of a stream it is the last that comes", async () => {
    const start = loopStream(0).toString().split("\n\n").slice(0, 6).join("\n\n");
    upstream.play(
      { status: 200, contentType: "text/event-stream", body: Buffer.from(`${start}\n\n${event.toString()}`) },
      "1 byte",
    );
    const stream = await client.chat.completions.create({ ...asked, stream: true });
    await expect(all(stream)).rejects.toThrow("Overloaded");
  });

  test("a field without place is named in a header", async () => {
    upstream.play({ status: 200, contentType: "application/json", body: loopMessage(4) }, "whole");
    const { response } = await client.chat.completions.create({ ...asked, seed: 7 }).withResponse();
    expect(response.headers.get("x-moongate-warnings")).toBe("seed;dropped");
  });
});

interface Piece {
  readonly index: number;
  readonly text?: string;
}

interface Extended {
  readonly reasoning_details?: readonly Piece[];
}

/** A client that joins what it streams, as the documentation says. */
async function joined(
  stream: AsyncIterable<OpenAI.ChatCompletionChunk>,
): Promise<OpenAI.ChatCompletionAssistantMessageParam> {
  const details = new Map<number, Piece>();
  const calls: { id: string; type: "function"; function: { name: string; arguments: string } }[] = [];
  let content = "";
  for await (const { choices } of stream) {
    // The library hands extensions on without knowing them.
    const delta: (OpenAI.ChatCompletionChunk.Choice.Delta & Extended) | undefined = choices[0]?.delta;
    content += delta?.content ?? "";
    for (const piece of delta?.reasoning_details ?? []) {
      const before = details.get(piece.index);
      details.set(piece.index, { ...before, ...piece, text: (before?.text ?? "") + (piece.text ?? "") });
    }
    for (const piece of delta?.tool_calls ?? []) {
      const made = piece.function;
      calls[piece.index] ??= {
        id: piece.id ?? "",
        type: "function",
        function: { name: made?.name ?? "", arguments: "" },
      };
      const call = calls[piece.index];
      if (call !== undefined) call.function.arguments += made?.arguments ?? "";
    }
  }
  const extension = { reasoning_details: [...details.values()] };
  return { role: "assistant", content, ...(calls.length > 0 && { tool_calls: calls }), ...extension };
}

async function turnOf(
  stream: boolean,
  messages: OpenAI.ChatCompletionMessageParam[],
): Promise<OpenAI.ChatCompletionAssistantMessageParam> {
  const body = { model: "m", messages, tools: loopTools, reasoning_effort: "low" as const };
  if (stream) return joined(await client.chat.completions.create({ ...body, stream }));
  const { choices } = await client.chat.completions.create(body);
  if (choices[0] === undefined) throw new Error("no choice");
  return choices[0].message;
}

describe("a loop of five turns with thinking keeps signatures and order", () => {
  test.each(cuttings.flatMap((cutting) => [true, false].map((stream) => ({ cutting, stream }))))(
    "streamed: $stream, cut: $cutting",
    async ({ cutting, stream }) => {
      const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: "user", content: "Go" }];
      for (const turn of loopTurns.keys()) {
        const contentType = stream ? "text/event-stream" : "application/json";
        upstream.play(
          { status: 200, contentType, body: stream ? loopStream(turn) : loopMessage(turn) },
          cutting,
        );
        const message = await turnOf(stream, messages);
        messages.push(message);
        for (const { id } of message.tool_calls ?? [])
          messages.push({ role: "tool", tool_call_id: id, content: "done" });
      }
      // The service takes JSON; its shape is what is looked at.
      const sent = JSON.parse(String(upstream.requests.at(-1)?.body)) as {
        thinking: unknown;
        messages: { role: string; content: unknown }[];
      };
      expect(sent.thinking).toEqual({ type: "enabled", budget_tokens: 2048 });
      const turns = sent.messages.filter(({ role }) => role === "assistant").map(({ content }) => content);
      expect(turns).toEqual(loopTurns.slice(0, -1));
    },
  );
});
