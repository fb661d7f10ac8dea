import { describe, expect, test } from "vitest";
import { saidBy, streamedMessage, type Message, type Said } from "../../../../test/support/anthropic-said.ts";
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
