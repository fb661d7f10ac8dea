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
