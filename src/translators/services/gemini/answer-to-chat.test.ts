import { describe, expect, test } from "vitest";
import { chatRequest, contextOf, readStream } from "../../translation-fixture.ts";
import { GatheredAnswer } from "../../chat/gather-chunks.ts";
import { geminiService } from "./gemini-service.ts";

const answer = (body: unknown) => geminiService.answer(body, chatRequest({}), contextOf());
const candidate = (parts: object[], fields: object = {}): object => ({
  candidates: [{ content: { role: "model", parts }, finishReason: "STOP", ...fields }],
});
const call = (name: string, id?: string): object => ({ functionCall: { name, args: {}, ...(id && { id }) } });
const stream = (...events: object[]): Buffer =>
  Buffer.from(events.map((event) => `data: ${JSON.stringify(event)}\r\n\r\n`).join(""));

describe("how answers end", () => {
  const rows: [string, object, string, string | null][] = [
    ["a blocked prompt", { promptFeedback: { blockReason: "SAFETY" } }, "content_filter", ""],
    ["thinking that took all tokens", { candidates: [{ finishReason: "MAX_TOKENS" }] }, "length", ""],
    [
      "words that are recited",
      candidate([{ text: "a" }], { finishReason: "RECITATION" }),
      "content_filter",
      "a",
    ],
    ["a call", candidate([call("f")]), "tool_calls", null],
    ["a reason that nobody knows", candidate([{ text: "a" }], { finishReason: "constructor" }), "stop", "a"],
    [
      "a bad call after words",
      candidate([{ text: "a" }], { finishReason: "MALFORMED_FUNCTION_CALL" }),
      "stop",
      "a",
    ],
  ];
  test.each(rows)("%s", (_name, body, finish, content) => {
    expect(answer(body)).toMatchObject({ choices: [{ finish_reason: finish, message: { content } }] });
    const { chunks, error } = readStream(geminiService, stream(body));
    expect(error).toBeUndefined();
    const gathered = new GatheredAnswer();
    for (const chunk of chunks) gathered.add(chunk);
    expect(gathered.answer?.choices[0]?.finish_reason).toBe(finish);
  });

  test.each([
    [
      "a bad call and nothing else",
      { candidates: [{ finishReason: "MALFORMED_FUNCTION_CALL", finishMessage: "no" }] },
      502,
    ],
    ["an error", { error: { code: 429, message: "slow down", status: "RESOURCE_EXHAUSTED" } }, 429],
    ["an error in a list", [{ error: { code: 503, message: "busy" } }], 503],
    ["no object", "text", 502],
  ])("%s is an error", (_name, body, status) => {
    expect(answer(body)).toMatchObject({ status });
    const streamed = typeof body === "object" ? stream(...[body].flat()) : Buffer.from("data: text\n\n");
    expect(readStream(geminiService, streamed).error).toMatchObject({ status });
  });

  test("a stream that was cut is an error, after what it said", () => {
    const { chunks, error } = readStream(
      geminiService,
      stream({ candidates: [{ content: { parts: [{ text: "a" }] } }] }),
    );
    expect(chunks.map(({ choices }) => choices[0]?.delta.content)).toEqual(["a"]);
    expect(error).toMatchObject({ status: 502 });
  });
});

test("defect 11: calls of one answer keep apart, with ids of their own", () => {
  const parts = [call("f", "0"), call("g", "0"), call("h")];
  const ids = ["0", "call_000000000000000000000001", "call_000000000000000000000002"];
  const body = { ...candidate(parts), responseId: "r" };
  const whole = answer(body);
  if ("status" in whole) throw new Error(whole.message);
  expect(whole.choices[0]?.message.tool_calls?.map(({ id }) => id)).toEqual(ids);
  const { chunks } = readStream(geminiService, stream(body));
  const deltas = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
  expect(deltas.map(({ index, id }) => [index, id])).toEqual(ids.map((id, index) => [index, id]));
});

test("defect 4: what was thought and what tools read is counted, and the sum is one", () => {
  const usageMetadata = {
    promptTokenCount: 10,
    toolUsePromptTokenCount: 5,
    cachedContentTokenCount: 4,
    candidatesTokenCount: 3,
    thoughtsTokenCount: 2,
  };
  expect(answer({ ...candidate([{ text: "a" }]), usageMetadata })).toMatchObject({
    usage: {
      prompt_tokens: 15,
      completion_tokens: 5,
      total_tokens: 20,
      prompt_tokens_details: { cached_tokens: 4 },
      completion_tokens_details: { reasoning_tokens: 2 },
    },
  });
});

test("defect 3: of figures that grow only the last ones count", () => {
  const at = (candidatesTokenCount: number): object => ({
    usageMetadata: { promptTokenCount: 9, candidatesTokenCount },
  });
  const { chunks } = readStream(geminiService, stream({ ...candidate([{ text: "a" }]), ...at(1) }, at(7)));
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 7 } });
});

test("places of sources are counted in characters", () => {
  const groundingMetadata = {
    groundingChunks: [{ web: { uri: "https://a", title: "A" } }],
    groundingSupports: [{ segment: { startIndex: 7, endIndex: 10 }, groundingChunkIndices: [0] }],
  };
  expect(answer(candidate([{ text: "é😀 Ölx" }], { groundingMetadata }))).toMatchObject({
    choices: [
      { message: { annotations: [{ url_citation: { url: "https://a", start_index: 4, end_index: 6 } }] } },
    ],
  });
});

describe("arguments in pieces", () => {
  const piece = (partialArgs: object[], willContinue: boolean): object => ({
    candidates: [{ content: { parts: [{ functionCall: { partialArgs, willContinue } }] } }],
  });
  const begun = {
    candidates: [{ content: { parts: [{ functionCall: { name: "f", willContinue: true } }] } }],
  };
  const end = { candidates: [{ finishReason: "STOP" }] };
  const textOf = (...pieces: object[]): string => {
    const { chunks } = readStream(geminiService, stream(begun, ...pieces, end));
    return chunks
      .flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? [])
      .map((delta) => delta.function?.arguments ?? "")
      .join("");
  };

  test("names of prototypes are names, texts are joined, digits stay", () => {
    const number = JSON.parse('{"jsonPath":"$.n","numberValue":2}') as object; // An object.
    expect(
      textOf(
        piece([{ jsonPath: "$.__proto__.a", stringValue: "x", willContinue: true }], true),
        piece([{ jsonPath: "$.__proto__.a", stringValue: "y" }, number], false),
      ),
    ).toBe('{"__proto__":{"a":"xy"},"n":2}');
  });

  test.each([["$.a[9]"], ["$"], ["a"], ["$.a[0"], [`$${"[0]".repeat(500)}`]])(
    "a path such as %s is an error",
    (jsonPath) => {
      const { error } = readStream(
        geminiService,
        stream(begun, piece([{ jsonPath, stringValue: "x" }], true), end),
      );
      expect(error).toMatchObject({ status: 502 });
    },
  );
});

describe("defect 10: errors", () => {
  const retry = { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "34.4s" };
  const key = { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "API_KEY_INVALID" };
  const error = (fields: object): string => JSON.stringify({ error: { message: "no", ...fields } });
  test.each([
    [
      "with a delay",
      429,
      error({ status: "RESOURCE_EXHAUSTED", details: [retry] }),
      {
        message: "no",
        code: "RESOURCE_EXHAUSTED",
        retryAfterSeconds: 35,
      },
    ],
    ["of a key", 400, error({ details: [key] }), { message: "no", code: "API_KEY_INVALID", status: 401 }],
    [
      "in a list",
      400,
      `[${error({ status: "INVALID_ARGUMENT" })}]`,
      { message: "no", code: "INVALID_ARGUMENT" },
    ],
    ["a page", 502, "<html>", { message: "The model service answered with status 502." }],
    ["nothing", 503, "", { message: "The model service answered with status 503." }],
  ])("%s", (_name, status, body, expected) => {
    expect(geminiService.error(status, body)).toEqual(expected);
  });
});
