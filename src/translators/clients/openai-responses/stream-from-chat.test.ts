// Streams for Responses clients: every event in its documented order, whatever order the chunks come in.
import { expect, test } from "vitest";
import {
  checkResponsesOrder,
  responsesEvents,
  type ResponsesEvent,
} from "../../../../test/support/responses-order.ts";
import { isJsonObject, memberOf, type JsonObject } from "../../../lib/json-value.ts";
import { GatheredAnswer } from "../../chat/gather-chunks.ts";
import type { ChatChunk, ChatDelta, FinishReason } from "../../chat/chat-answer.ts";
import { contextOf, writeStream } from "../../translation-fixture.ts";
import { responsesClient } from "./openai-responses-client.ts";

const head = { id: "x", object: "chat.completion.chunk", created: 1, model: "m" } as const;
const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };

function chunks(deltas: readonly ChatDelta[], finish: FinishReason = "stop"): ChatChunk[] {
  const all: ChatChunk[] = deltas.map((delta) => ({
    ...head,
    choices: [{ index: 0, delta, finish_reason: null }],
  }));
  all.push({ ...head, choices: [{ index: 0, delta: {}, finish_reason: finish }] });
  all.push({ ...head, choices: [], usage });
  return all;
}

function call(index: number, text: string, id?: string): ChatDelta {
  const name = id === undefined ? {} : { name: `tool_${id}` };
  const begin = id === undefined ? {} : { id, type: "function" as const };
  return { tool_calls: [{ index, ...begin, function: { ...name, arguments: text } }] };
}

const customTools = [
  { type: "custom", name: "tool_patch", format: { type: "grammar", syntax: "lark", definition: "x" } },
  { type: "local_shell" },
];

function request(body: JsonObject = {}): { body: JsonObject; model: string; stream: boolean } {
  return { body: { model: "m", input: "Hi", ...body }, model: "m", stream: true };
}

function events(deltas: readonly ChatDelta[], finish?: FinishReason, body?: JsonObject): ResponsesEvent[] {
  const found = responsesEvents(writeStream(responsesClient, chunks(deltas, finish), request(body)));
  checkResponsesOrder(found);
  return found;
}

function last(found: readonly ResponsesEvent[]): JsonObject {
  const response = found.at(-1)?.["response"];
  return isJsonObject(response) ? response : {};
}

const streams: [string, ChatDelta[], string[]][] = [
  ["text in pieces", [{ role: "assistant" }, { content: "Hé" }, { content: "llo" }], ["message"]],
  ["text after a refusal", [{ refusal: "No" }, { content: "but" }], ["message"]],
  ["thinking before text", [{ reasoning_content: "Hm" }, { content: "Hi" }], ["reasoning", "message"]],
  [
    "thinking in details with its signature",
    [
      { reasoning_content: "H", reasoning_details: [{ type: "thinking", index: 0, text: "H" }] },
      { reasoning_content: "m", reasoning_details: [{ type: "thinking", index: 0, text: "m" }] },
      { reasoning_details: [{ type: "thinking", index: 0, signature: "s", format: "anthropic" }] },
      { content: "Hi" },
    ],
    ["reasoning", "message"],
  ],
  [
    "two blocks of thinking, one of them redacted",
    [
      { reasoning_details: [{ type: "thinking", index: 0, text: "Hm", format: "anthropic" }] },
      { reasoning_details: [{ type: "redacted_thinking", index: 1, data: "d", format: "anthropic" }] },
      call(0, "{}", "a"),
    ],
    ["reasoning", "reasoning", "function_call"],
  ],
  [
    "a call after text",
    [{ content: "So" }, call(0, "", "a"), call(0, '{"x":'), call(0, "1}")],
    ["message", "function_call"],
  ],
  ["text after a call", [call(0, '{"x":1}', "a"), { content: "So" }], ["function_call", "message"]],
  [
    "text within a call",
    [call(0, '{"x":', "a"), { content: "So" }, call(0, "1}")],
    ["function_call", "message"],
  ],
  [
    "defect 11: interleaved parallel calls",
    [call(0, "", "a"), call(1, "", "b"), call(0, '{"x":'), call(1, '{"y":"}'), call(0, "1}"), call(1, '"}')],
    ["function_call", "function_call"],
  ],
  ["calls without arguments", [call(0, "", "a"), call(1, "", "b")], ["function_call", "function_call"]],
  ["a custom tool", [call(0, '{"input":"*** Begin"}', "patch")], ["custom_tool_call"]],
  ["a custom tool with wrong arguments", [call(0, '{"inputs":1}', "patch")], ["function_call"]],
  [
    "a citation",
    [{ content: "So" }, { annotations: [{ type: "url_citation", url_citation: { url: "https://a" } }] }],
    ["message"],
  ],
  ["nothing at all", [], []],
];

test.each(streams)(
  "defect 15: %s: every event in its order, and the last one holds all output",
  (_name, deltas, types) => {
    const response = last(events(deltas, "stop", { tools: customTools }));
    const output = Array.isArray(response["output"]) ? response["output"] : [];
    expect(output.map((item) => memberOf(item, "type"))).toEqual(types);
    expect(response["usage"]).toEqual({
      input_tokens: 3,
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
      output_tokens: 2,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 5,
    });
  },
);

/** Ids are made in another order. */
function withoutIds(response: JsonObject): unknown {
  return JSON.parse(JSON.stringify(response).replaceAll(/"(?:resp|msg|rs|fc|ctc|lsh)_0\d+"/g, '"id"'));
}

test.each(streams)("%s: a stream adds up to the whole answer", (name, deltas) => {
  const gathered = new GatheredAnswer();
  for (const chunk of chunks(deltas)) gathered.add(chunk);
  const answer = gathered.answer;
  if (answer === undefined) throw new Error("no answer");
  const body = { tools: customTools };
  const whole = responsesClient.answer(answer, request(body), contextOf()) as JsonObject;
  const streamed = last(events(deltas, "stop", body));
  // In a whole answer nobody sees what came first: a refusal goes behind the text, calls behind both.
  const isOrdered = !/^text (?:after|within)/.test(name);
  const sorted = (output: unknown): unknown =>
    isOrdered ? output : JSON.stringify(output).split("").toSorted().join("");
  const [left, right] = [withoutIds(streamed), withoutIds(whole)] as [JsonObject, JsonObject];
  expect({ ...left, output: sorted(left["output"]) }).toEqual({ ...right, output: sorted(right["output"]) });
});

test.each<[FinishReason, string, string | null]>([
  ["stop", "completed", null],
  ["tool_calls", "completed", null],
  ["length", "incomplete", "max_output_tokens"],
  ["content_filter", "incomplete", "content_filter"],
])("finish_reason %s ends as %s", (finish, status, reason) => {
  const found = events([{ content: "Hi" }], finish);
  expect(found.at(-1)?.type).toBe(`response.${status}`);
  expect(last(found)["incomplete_details"]).toEqual(reason === null ? null : { reason });
});

test("a stream that breaks ends with response.failed, which names the error and keeps what was finished", () => {
  const stream = responsesClient.stream(request(), contextOf());
  let text = chunks([{ reasoning_content: "Hm" }, { content: "Hi" }])
    .slice(0, 2)
    .map((chunk) => stream.chunk(chunk))
    .join("");
  text += stream.fail({ status: 502, code: "upstream_error", message: "It broke.", requestId: "r" });
  const found = responsesEvents(text);
  checkResponsesOrder(found);
  expect(last(found)).toMatchObject({
    status: "failed",
    error: { code: "upstream_error", message: "It broke." },
  });
});

test("a stream that breaks before it began is a failed response, too", () => {
  const stream = responsesClient.stream(request(), contextOf());
  const found = responsesEvents(
    stream.fail({ status: 502, code: "upstream_error", message: "x", requestId: "r" }),
  );
  checkResponsesOrder(found);
  expect(found.map(({ type }) => type)).toEqual([
    "response.created",
    "response.in_progress",
    "response.failed",
  ]);
});
