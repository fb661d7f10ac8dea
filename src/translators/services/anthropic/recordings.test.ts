import { describe, expect, test } from "vitest";
import { loadRecordings, type Recording } from "../../../../test/support/recordings.ts";
import { memberOf } from "../../../lib/json-value.ts";
import type { ChatAnswer } from "../../chat/chat-answer.ts";
import { GatheredAnswer } from "../../chat/gather-chunks.ts";
import { chatRequest, contextOf, readStream } from "../../translation-fixture.ts";
import { anthropicService } from "./anthropic-service.ts";

const recordings = loadRecordings("anthropic").filter(
  ({ protocol, status }) => protocol === "anthropic" && status === 200,
);
const whole = recordings.filter(({ stream }) => !stream);
const streamed = recordings.filter(({ stream }) => stream);

/** What an answer says, however it was framed. */
interface Said {
  readonly id: string;
  readonly model: string;
  readonly text: string;
  readonly thinking: string;
  readonly signatures: readonly string[];
  readonly calls: readonly { readonly id: string; readonly name: string; readonly input: unknown }[];
  readonly serverBlocks: readonly string[];
  readonly citations: number;
  readonly finish: string;
  readonly prompt: number;
  readonly completion: number;
  readonly cached: number;
  readonly written: number;
  readonly reasoning: number;
}

const finishes: Readonly<Record<string, string>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  max_tokens: "length",
  tool_use: "tool_calls",
  refusal: "content_filter",
};

// What the recordings hold is known; these shapes are only for reading them, without a line of the code under test.
interface Block {
  type: string;
  text?: string;
  thinking?: string;
  signature?: string;
  data?: string;
  id?: string;
  name?: string;
  input?: unknown;
  citations?: unknown[] | null;
}
interface Message {
  id: string;
  model: string;
  content: Block[];
  stop_reason: string;
  usage: Record<string, number> & { output_tokens_details?: { thinking_tokens?: number } };
}

interface StreamEvent {
  type: string;
  message: Message;
  index: number;
  content_block: Block;
  delta: Block & { stop_reason: string; partial_json: string; citation: unknown };
  usage: Message["usage"];
}

/** A naive reading of a stream: every event is laid upon one message. */
function streamedMessage({ body }: Recording): Message {
  const lines = body.toString().split("\n");
  const events = lines
    .filter((line) => line.startsWith("data:"))
    // As above: what the recordings hold is known.
    .map((line) => JSON.parse(line.slice(5)) as StreamEvent);
  const first = events.find(({ type }) => type === "message_start");
  if (first === undefined) throw new Error("no message_start");
  const message = structuredClone(first.message);
  const inputs: string[] = [];
  for (const { type, index, content_block: block, delta, usage } of events) {
    if (type === "content_block_start") message.content[index] = structuredClone(block);
    const at = message.content[index] ?? { type: "none" };
    if (type === "content_block_delta") {
      if (delta.type === "text_delta") at.text = `${at.text}${delta.text}`;
      if (delta.type === "thinking_delta") at.thinking = `${at.thinking}${delta.thinking}`;
      if (delta.type === "signature_delta") at.signature = delta.signature ?? "";
      if (delta.type === "citations_delta") (at.citations ??= []).push(delta.citation);
      if (delta.type === "input_json_delta") inputs[index] = (inputs[index] ?? "") + delta.partial_json;
    }
    if (type === "message_delta") {
      message.stop_reason = delta.stop_reason;
      Object.assign(message.usage, usage);
    }
  }
  for (const [index, json] of inputs.entries()) {
    const block = message.content[index];
    if (json && block !== undefined) block.input = JSON.parse(json);
  }
  return message;
}

function saidBy({ id, model, content, stop_reason: stop, usage }: Message): Said {
  const own = new Set(["text", "thinking", "redacted_thinking", "tool_use"]);
  const cached = usage["cache_read_input_tokens"] ?? 0;
  const written = usage["cache_creation_input_tokens"] ?? 0;
  return {
    id,
    model,
    text: content.map(({ type, text }) => (type === "text" ? text : "")).join(""),
    thinking: content.map(({ thinking }) => thinking ?? "").join(""),
    signatures: content.flatMap(({ signature, data }) => signature ?? data ?? []),
    calls: content
      .filter(({ type }) => type === "tool_use")
      .map(({ id: call = "", name = "", input }) => ({ id: call, name, input })),
    serverBlocks: content.filter(({ type }) => !own.has(type)).map((block) => JSON.stringify(block)),
    citations: content.reduce((sum, { citations }) => sum + (citations?.length ?? 0), 0),
    finish: finishes[stop] ?? stop,
    prompt: (usage["input_tokens"] ?? 0) + cached + written,
    completion: usage["output_tokens"] ?? 0,
    cached,
    written,
    reasoning: usage.output_tokens_details?.thinking_tokens ?? 0,
  };
}

function saidIn({ id, model, choices, usage }: ChatAnswer): Said {
  const [choice] = choices;
  if (choice === undefined || usage === undefined) throw new Error("no choice or no usage");
  const { message } = choice;
  return {
    id,
    model,
    text: message.content ?? "",
    thinking: message.reasoning_content ?? "",
    signatures: (message.reasoning_details ?? []).flatMap(({ signature, data }) => signature ?? data ?? []),
    calls: (message.tool_calls ?? []).map(({ id: call, function: { name, arguments: text } }) => ({
      id: call,
      name,
      input: JSON.parse(text),
    })),
    serverBlocks: (message.server_blocks ?? []).map(({ block }) => JSON.stringify(block)),
    citations: message.annotations?.length ?? 0,
    finish: choice.finish_reason,
    prompt: usage.prompt_tokens,
    completion: usage.completion_tokens,
    cached: usage.prompt_tokens_details?.cached_tokens ?? 0,
    written: usage.prompt_tokens_details?.cache_write_tokens ?? 0,
    reasoning: usage.completion_tokens_details?.reasoning_tokens ?? 0,
  };
}

function gathered({ body }: Recording, cut = 0): ChatAnswer {
  const { chunks, error } = readStream(anthropicService, body, { cut });
  expect(error).toBeUndefined();
  const gathering = new GatheredAnswer();
  for (const chunk of chunks) gathering.add(chunk);
  if (gathering.answer === undefined) throw new Error("no chunk");
  return gathering.answer;
}

function answerOf(body: unknown): ChatAnswer {
  const answer = anthropicService.answer(body, chatRequest({}), contextOf());
  if ("status" in answer) throw new Error(answer.message);
  return answer;
}

describe(`anthropic -> chat: ${whole.length} whole and ${streamed.length} streamed recordings`, () => {
  test.each(whole)("$name says the same", ({ body }) => {
    const message: unknown = JSON.parse(body.toString());
    // The recordings of this folder are messages.
    expect(saidIn(answerOf(message))).toEqual(saidBy(message as Message));
  });

  test.each(streamed)("$name says the same, streamed", (recording) => {
    expect(saidIn(gathered(recording))).toEqual(saidBy(streamedMessage(recording)));
  });

  test.each(streamed)("$name says as a stream what it says as a whole", (recording) => {
    const answer = answerOf(streamedMessage(recording));
    const { choices, usage } = gathered(recording);
    expect(choices.map(levelled)).toEqual(answer.choices.map(levelled));
    expect(usage).toEqual(answer.usage);
  });
});

/** A stream begins with an empty text where a whole answer has none, and leaves white space in arguments as it was. */
function levelled(choice: ChatAnswer["choices"][number]): unknown {
  const { message } = choice;
  const calls = message.tool_calls?.map((call) => ({ ...call, input: JSON.parse(call.function.arguments) }));
  return {
    ...choice,
    message: {
      ...message,
      content: message.content ?? "",
      tool_calls: calls?.map(({ id, function: { name }, input }) => ({ id, name, input })),
    },
  };
}

describe("streams cut into pieces give the same chunks", () => {
  test.each(streamed)("$name, byte by byte", ({ body }) => {
    expect(readStream(anthropicService, body, { cut: 1 })).toEqual(readStream(anthropicService, body));
  });

  test.each(streamed)("$name, from event to event", ({ body }) => {
    const { chunks } = readStream(anthropicService, body);
    const ids = new Set(chunks.map(({ id }) => id));
    expect(ids.size).toBe(1);
    expect(chunks.filter(({ choices }) => choices[0]?.finish_reason === null).length).toBe(
      chunks.filter(({ choices }) => choices.length === 1).length - 1,
    );
    expect(memberOf(chunks.at(-1), "usage")).toBeDefined();
  });
});
