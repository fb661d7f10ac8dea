import { describe, expect, test } from "vitest";
import { loadRecordings } from "../../../../test/support/recordings.ts";
import { readMessage } from "../../clients/anthropic/message-fixture.ts";
import { anthropicClient } from "../../clients/anthropic/anthropic-client.ts";
import type { ChatAnswer } from "../../chat/chat-answer.ts";
import { GatheredAnswer } from "../../chat/gather-chunks.ts";
import { chatRequest, contextOf, readStream, writeStream } from "../../translation-fixture.ts";
import { openaiService } from "./openai-service.ts";
import { breaksOff, streamedSaid, wholeSaid, type Said } from "./spoken-fixture.ts";

const recordings = ["openai-chat", "dashscope-compat"]
  .flatMap(loadRecordings)
  .filter(({ protocol }) => protocol === "openai-chat" || protocol === "dashscope-compat")
  .filter(({ requestPath = "/chat/completions" }) => requestPath.includes("/chat/completions"));
const answered = recordings.filter(({ status }) => status === 200);
const whole = answered.filter(({ stream }) => !stream);
const streams = answered.filter(({ stream }) => stream);
const streamed = streams.filter((recording) => !breaksOff(recording));
const broken = streams.filter(breaksOff);
const refused = recordings.filter(({ status }) => status >= 400);
/** Small enough to be cut at every byte. */
const small = streams.filter(({ body }) => body.length < 5_000);

const client = { body: {}, model: "model-x", stream: true };

function saidIn({ choices, usage }: ChatAnswer): Said {
  const [choice] = choices;
  if (choice === undefined) throw new Error("no choice");
  const { message } = choice;
  const calls = message.tool_calls ?? [];
  return {
    text: (message.content ?? "") + (message.refusal ?? ""),
    thoughts: message.reasoning_content ?? "",
    calls: calls.map(({ function: { name, arguments: text } }) => ({
      name,
      input: JSON.parse(text === "" ? "{}" : text),
    })),
    ids: calls.map(({ id }) => id),
    finish: choice.finish_reason,
    prompt: usage?.prompt_tokens ?? 0,
    completion: usage?.completion_tokens ?? 0,
    cached: usage?.prompt_tokens_details?.cached_tokens ?? 0,
    reasoning: usage?.completion_tokens_details?.reasoning_tokens ?? 0,
  };
}

/** An id that a service left out is made up: only that there is one can be said. */
function withIdsOf(said: Said, { ids }: Said): Said {
  return { ...said, ids: said.ids.map((id, index) => (ids[index] === "" && id !== "" ? "" : id)) };
}

function gathered(body: Buffer): ChatAnswer {
  const { chunks, error } = readStream(openaiService, body);
  expect(error).toBeUndefined();
  const gathering = new GatheredAnswer();
  for (const chunk of chunks) gathering.add(chunk);
  if (gathering.answer === undefined) throw new Error("no chunk");
  return gathering.answer;
}

function answerOf(body: Buffer): ChatAnswer {
  const answer = openaiService.answer(JSON.parse(body.toString()), chatRequest({}), contextOf());
  if ("status" in answer) throw new Error(answer.message);
  return answer;
}

/** An Anthropic client's reading of it, in the same words. */
function saidToClient(text: string): Said {
  const { blocks, stopReason, usage, complete } = readMessage(text);
  expect(complete).toBe(true);
  const figures = new Map(Object.entries(usage));
  const figure = (name: string): number => Number(figures.get(name) ?? 0);
  const details = new Map(Object.entries(Object(figures.get("output_tokens_details"))));
  const calls = blocks.filter(({ type }) => type === "tool_use");
  const cached = figure("cache_read_input_tokens");
  return {
    text: blocks.map((block) => block.text).join(""),
    thoughts: blocks.map(({ thinking }) => thinking).join(""),
    calls: calls.map(({ start, json }) => ({
      name: String(start["name"]),
      input: JSON.parse(json === "" ? "{}" : json),
    })),
    ids: calls.map(({ start }) => plainId(String(start["id"]))),
    finish: { end_turn: "stop", max_tokens: "length", tool_use: "tool_calls" }[stopReason ?? ""] ?? "",
    prompt: figure("input_tokens") + cached + figure("cache_creation_input_tokens"),
    completion: figure("output_tokens"),
    cached,
    reasoning: Number(details.get("thinking_tokens") ?? 0),
  };
}

/** Anthropic's ids have fewer characters; what was packed is unpacked by hand. */
function plainId(id: string): string {
  return id.startsWith("toolu_as_") ? Buffer.from(id.slice(9), "base64url").toString() : id;
}

describe(`openai -> chat: ${whole.length} whole, ${streams.length} streamed, ${refused.length} refused recordings`, () => {
  test("there are recordings to read", () => {
    expect(whole.length).toBeGreaterThan(25);
    expect(streamed.length).toBeGreaterThan(15);
    expect(small.length).toBeGreaterThan(8);
  });

  test.each(whole)("$name says the same", (recording) => {
    const expected = wholeSaid(recording);
    expect(withIdsOf(saidIn(answerOf(recording.body)), expected)).toEqual(expected);
  });

  test.each(streamed)("$name says the same, streamed", (recording) => {
    const expected = streamedSaid(recording);
    expect(withIdsOf(saidIn(gathered(recording.body)), expected)).toEqual(expected);
  });

  test.each(streamed)("$name says the same to an Anthropic client, event after event", (recording) => {
    const expected = streamedSaid(recording);
    const { chunks } = readStream(openaiService, recording.body);
    const said = saidToClient(writeStream(anthropicClient, chunks, client));
    expect(withIdsOf(said, expected)).toEqual(expected);
  });

  test.each(broken)("$name fails, and nothing follows", ({ body }) => {
    const { chunks, error } = readStream(openaiService, body);
    expect(error?.message).toMatch(/\w{4}/);
    expect(chunks.every(({ choices }) => choices.every((choice) => choice.finish_reason === null))).toBe(
      true,
    );
  });

  test.each(refused)("$name: the service's own words are read", ({ status, body }) => {
    const { message } = openaiService.error(status, body.toString());
    expect(body.toString()).toContain(JSON.stringify(message).slice(1, -1));
  });
});

describe("streams cut into pieces give the same chunks", () => {
  test.each(streams)("$name, byte by byte", ({ body }) => {
    expect(readStream(openaiService, body, { cut: 1 })).toEqual(readStream(openaiService, body));
  });

  test.each(small)("$name, in two pieces, cut at every byte", ({ body }) => {
    const expected = JSON.stringify(readStream(openaiService, body));
    for (let at = 1; at < body.length; at++)
      expect(JSON.stringify(readStream(openaiService, body, { at })), `cut at ${at}`).toBe(expected);
  });
});

describe("defect 10: a stream that is cut off is never told as a complete one", () => {
  test.each(small.filter((recording) => !breaksOff(recording)))("$name, ended at every byte", ({ body }) => {
    const end = completeFrom(body.toString());
    for (let length = 0; length < end; length++) {
      const { chunks, error } = readStream(openaiService, body.subarray(0, length));
      expect(error, `ended at ${length} of ${end}`).toBeDefined();
      expect(chunks.every(({ choices }) => choices.every((choice) => choice.finish_reason === null))).toBe(
        true,
      );
    }
  });
});

/** Where the first event is over that tells how the answer ended: from there on it may be called complete. */
function completeFrom(text: string): number {
  const finish = /"finish_reason":\s*"\w/.exec(text)?.index ?? text.indexOf("[DONE]");
  // The line may be whole without its end.
  return finish;
}
