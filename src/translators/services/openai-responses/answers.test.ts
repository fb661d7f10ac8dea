// Answers of Responses services that no recording holds: ends, errors, and the habits of services that imitate the protocol.
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../lib/json-value.ts";
import { GatheredAnswer } from "../../chat/gather-chunks.ts";
import type { ChatAnswer, ChatChoice } from "../../chat/chat-answer.ts";
import { chatRequest, contextOf, readStream, type ReadStream } from "../../translation-fixture.ts";
import { responsesService } from "./openai-responses-service.ts";

const usage = { input_tokens: 5, output_tokens: 3, total_tokens: 8 };

function response(fields: JsonObject): JsonObject {
  return {
    id: "resp_1",
    object: "response",
    created_at: 7,
    model: "m",
    status: "completed",
    error: null,
    usage,
    output: [],
    ...fields,
  };
}

function message(...content: JsonObject[]): JsonObject {
  return { type: "message", id: "msg_1", role: "assistant", status: "completed", content };
}

const hello = message({ type: "output_text", text: "Hello", annotations: [] });
const call = { type: "function_call", id: "fc_1", call_id: "call_1", name: "f", arguments: '{"x":1}' };

function choiceOf(body: JsonObject): ChatChoice {
  const answer = responsesService.answer(body, chatRequest({}), contextOf());
  if ("status" in answer) throw new Error(answer.message);
  const [choice] = answer.choices;
  if (choice === undefined) throw new Error("no choice");
  return choice;
}

function events(list: readonly JsonObject[], named = true): Buffer {
  const text = list.map(
    (event) => `${named ? `event: ${String(event["type"])}\n` : ""}data: ${JSON.stringify(event)}\n\n`,
  );
  return Buffer.from(text.join(""));
}

function read(list: readonly JsonObject[], named = true): ReadStream {
  return readStream(responsesService, events(list, named));
}

function gathered({ chunks }: ReadStream): ChatAnswer {
  const answer = new GatheredAnswer();
  for (const chunk of chunks) answer.add(chunk);
  if (answer.answer === undefined) throw new Error("no chunks");
  return answer.answer;
}

const ends: [string, JsonObject, string][] = [
  ["completed", { output: [hello] }, "stop"],
  ["completed with a call", { output: [hello, call] }, "tool_calls"],
  [
    "the bound of the answer",
    { status: "incomplete", incomplete_details: { reason: "max_output_tokens" }, output: [hello] },
    "length",
  ],
  [
    "a filter",
    { status: "incomplete", incomplete_details: { reason: "content_filter" }, output: [] },
    "content_filter",
  ],
];

describe.each(ends)("end: %s", (_name, fields, finish) => {
  test("of a whole answer", () => {
    expect(choiceOf(response(fields)).finish_reason).toBe(finish);
  });

  test("of a stream that tells everything at the end", () => {
    const type = fields["status"] === "incomplete" ? "response.incomplete" : "response.completed";
    const answer = gathered(
      read([
        { type: "response.created", response: response({}) },
        { type, response: response(fields) },
      ]),
    );
    expect(answer.choices[0]).toEqual(choiceOf(response(fields)));
    expect(answer.usage).toMatchObject({ prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 });
  });
});

const errors: [string, unknown, number][] = [
  [
    "a failed response",
    response({ status: "failed", error: { code: "rate_limit_exceeded", message: "Slow down." } }),
    429,
  ],
  [
    "an error in place of a response",
    { error: { code: "context_length_exceeded", message: "Slow down." } },
    400,
  ],
  ["a failed response without words", response({ status: "failed", error: null }), 502],
  ["a cancelled response", response({ status: "cancelled" }), 502],
  ["no response", { hello: 1 }, 502],
  ["a list", [], 502],
  ["null", null, 502],
  ["text", "hello", 502],
];

test.each(errors)("defect 10: %s is an error", (_name, body, status) => {
  const found = responsesService.answer(body, chatRequest({}), contextOf());
  expect("status" in found ? found.status : undefined).toBe(status);
});

const broken: [string, JsonObject[], number][] = [
  [
    "response.failed",
    [
      {
        type: "response.failed",
        response: response({ status: "failed", error: { code: "server_error", message: "x" } }),
      },
    ],
    500,
  ],
  ["an error event", [{ type: "error", code: "rate_limit_exceeded", message: "x", param: null }], 429],
  [
    "an error event that nests it",
    [{ type: "error", error: { type: "overloaded_error", message: "x" } }],
    503,
  ],
  ["an error without type", [{ error: { message: "x" } }], 502],
  ["a stream that ends early", [{ type: "response.created", response: response({}) }], 502],
  ["no event at all", [], 502],
];

test.each(broken)("defect 10: %s ends a stream as an error", (_name, list, status) => {
  expect(read(list).error?.status).toBe(status);
  expect(read(list, false).error?.status).toBe(status);
});

test("bytes that are no JSON are an error; blank data and [DONE] are nothing", () => {
  expect(readStream(responsesService, Buffer.from("data: <html>\n\n")).error?.status).toBe(502);
  const end = events([{ type: "response.completed", response: response({ output: [hello] }) }]);
  const bytes = Buffer.concat([Buffer.from("data: \n\n"), end, Buffer.from("data: [DONE]\n\n")]);
  expect(readStream(responsesService, bytes).error).toBeUndefined();
});

const added = (index: number, item: JsonObject): JsonObject => ({
  type: "response.output_item.added",
  output_index: index,
  item,
});
const done = (index: number, item: JsonObject): JsonObject => ({
  type: "response.output_item.done",
  output_index: index,
  item,
});
const completed = (...output: JsonObject[]): JsonObject => ({
  type: "response.completed",
  response: response({ output }),
});
const args = (index: number, delta: string): JsonObject => ({
  type: "response.function_call_arguments.delta",
  output_index: index,
  item_id: "fc_1",
  delta,
});

const habits: [string, JsonObject[], JsonObject[]][] = [
  [
    "arguments in the end of the arguments alone",
    [
      added(0, { ...call, arguments: "" }),
      { type: "response.function_call_arguments.done", output_index: 0, arguments: '{"x":1}' },
      done(0, call),
      completed(call),
    ],
    [call],
  ],
  [
    "arguments in the end of the item alone",
    [added(0, { ...call, arguments: "" }), done(0, call), completed(call)],
    [call],
  ],
  ["arguments in the beginning of the item", [added(0, call), done(0, call), completed(call)], [call]],
  [
    "arguments in pieces, and again at each end",
    [
      added(0, { ...call, arguments: "" }),
      args(0, '{"x":'),
      args(0, "1}"),
      { type: "response.function_call_arguments.done", output_index: 0, arguments: '{"x":1}' },
      done(0, call),
      completed(call),
    ],
    [call],
  ],
  [
    "arguments of which only a part came in pieces",
    [added(0, { ...call, arguments: "" }), args(0, '{"x"'), done(0, call), completed(call)],
    [call],
  ],
  [
    "ids that change between the events of an item",
    [
      added(0, { ...call, id: "fc_a", arguments: "" }),
      { ...args(0, '{"x":1}'), item_id: "fc_b" },
      done(0, { ...call, id: "fc_c" }),
      completed({ ...call, id: "fc_d" }),
    ],
    [call],
  ],
  [
    "defect 11: parallel calls whose pieces come in turns",
    [
      added(0, { ...call, arguments: "" }),
      added(1, { ...call, call_id: "call_2", arguments: "" }),
      args(0, '{"x":'),
      args(1, '{"x":2'),
      args(0, "1}"),
      args(1, "}"),
      completed(call, { ...call, call_id: "call_2", arguments: '{"x":2}' }),
    ],
    [call, { ...call, call_id: "call_2", arguments: '{"x":2}' }],
  ],
  ["a call without a beginning", [done(0, call), completed(call)], [call]],
  [
    "a call without arguments",
    [
      added(0, { ...call, arguments: "" }),
      done(0, { ...call, arguments: "" }),
      completed({ ...call, arguments: "" }),
    ],
    [{ ...call, arguments: "{}" }],
  ],
  [
    "text in the end of the part alone",
    [
      added(0, message()),
      { type: "response.output_text.done", output_index: 0, content_index: 0, text: "Hello" },
      done(0, hello),
      completed(hello),
    ],
    [hello],
  ],
  [
    "text without places",
    [
      { type: "response.output_text.delta", delta: "Hel" },
      { type: "response.output_text.delta", delta: "lo" },
      completed(),
    ],
    [hello],
  ],
  [
    "places that begin at one",
    [
      added(1, message()),
      { type: "response.output_text.delta", output_index: 1, content_index: 0, delta: "Hello" },
      done(1, hello),
      completed(hello),
    ],
    [hello],
  ],
  [
    "a refusal",
    [
      added(0, message()),
      { type: "response.refusal.delta", output_index: 0, content_index: 0, delta: "No" },
      completed(message({ type: "refusal", refusal: "No" })),
    ],
    [message({ type: "refusal", refusal: "No" })],
  ],
  [
    "a citation behind an earlier message",
    [
      done(0, hello),
      added(1, message()),
      { type: "response.output_text.delta", output_index: 1, content_index: 0, delta: "World" },
      {
        type: "response.output_text.annotation.added",
        output_index: 1,
        content_index: 0,
        annotation: { type: "url_citation", url: "u", title: "t", start_index: 0, end_index: 5 },
      },
      completed(),
    ],
    [
      hello,
      message({
        type: "output_text",
        text: "World",
        annotations: [{ type: "url_citation", url: "u", title: "t", start_index: 0, end_index: 5 }],
      }),
    ],
  ],
  [
    "thinking of several paragraphs, with its state",
    [
      added(0, { type: "reasoning", id: "rs_1", summary: [] }),
      { type: "response.reasoning_summary_part.added", output_index: 0, summary_index: 0, part: {} },
      { type: "response.reasoning_summary_text.delta", output_index: 0, summary_index: 0, delta: "One" },
      { type: "response.reasoning_summary_part.added", output_index: 0, summary_index: 1, part: {} },
      { type: "response.reasoning_summary_text.delta", output_index: 0, summary_index: 1, delta: "Two" },
      done(0, { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "e" }),
      done(1, hello),
      completed(),
    ],
    [
      {
        type: "reasoning",
        id: "rs_1",
        summary: [
          { type: "summary_text", text: "One" },
          { type: "summary_text", text: "Two" },
        ],
        encrypted_content: "e",
      },
      hello,
    ],
  ],
];

test.each(habits)("%s: the stream says what the whole answer says", (_name, list, output) => {
  const found = read(list);
  expect(found.error).toBeUndefined();
  expect(gathered(found).choices[0]).toEqual(choiceOf(response({ output })));
});

test("a call's id and name come once, and its pieces in order", () => {
  const deltas = read(habits[3]?.[1] ?? []).chunks.flatMap(({ choices }) =>
    choices.flatMap(({ delta }) => delta.tool_calls ?? []),
  );
  expect(deltas).toEqual([
    { index: 0, id: "call_1", type: "function", function: { name: "f", arguments: "" } },
    { index: 0, function: { arguments: '{"x":' } },
    { index: 0, function: { arguments: "1}" } },
  ]);
});

test("defect 2: two streams at once do not mix", () => {
  const context = contextOf();
  const chunks: string[][] = [[], []];
  const streams = chunks.map(() => responsesService.stream(chatRequest({}), context));
  const lists = ["a", "b"].map((id) => [
    { type: "response.created", response: response({ id }) },
    { type: "response.output_text.delta", output_index: 0, content_index: 0, delta: id },
    { type: "response.completed", response: response({ id, output: [] }) },
  ]);
  for (const step of [0, 1, 2])
    for (const [at, stream] of streams.entries())
      stream.event("", Buffer.from(JSON.stringify(lists[at]?.[step])), {
        chunk: (chunk) => void chunks[at]?.push(chunk.id),
        fail: () => undefined,
      });
  expect(chunks.map((ids) => new Set(ids))).toEqual([new Set(["a"]), new Set(["b"])]);
});
