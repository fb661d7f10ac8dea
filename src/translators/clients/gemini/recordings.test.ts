// Every recorded conversation with Gemini goes into the chat form and back: what clients said and what they are answered
// with stays the same.
import { describe, expect, test } from "vitest";
import { loadRecordings, type Recording } from "../../../../test/support/recordings.ts";
import { isJsonObject, type JsonObject } from "../../../lib/json-value.ts";
import { SseDecoder } from "../../../lib/sse.ts";
import type { ChatChunk } from "../../chat/chat-answer.ts";
import { geminiService } from "../../services/gemini/gemini-service.ts";
import { chatRequest, contextOf, readStream, writeStream } from "../../translation-fixture.ts";
import type { ClientRequest } from "../../translation.ts";
import { geminiClient } from "./gemini-client.ts";

const recordings = loadRecordings("gemini").filter(
  ({ protocol, requestPath }) =>
    protocol === "gemini" && (requestPath ?? ":generateContent").includes("enerateContent"),
);
/** Requests whose pictures and films lie in Google's own stores have no place elsewhere. */
const onlyForGoogle = /youtube|gs:\/\//;
const requests = recordings.filter(
  ({ requestBody }) => requestBody && !onlyForGoogle.test(requestBody.toString()),
);
const answers = recordings.filter(({ status }) => status === 200);

const shown: ClientRequest["body"] = {
  contents: [],
  generationConfig: { thinkingConfig: { includeThoughts: true } },
};

function requestOf(body: unknown, stream = false): ClientRequest {
  return { body, model: "gemini-x", stream, query: "?alt=sse" };
}

interface Said {
  readonly texts: string;
  readonly calls: unknown[];
  readonly responses: unknown[];
  readonly data: unknown[];
}

interface Part extends Readonly<Record<string, unknown>> {
  readonly text?: string;
  readonly thought?: boolean;
}

/** What contents say, by a plain reading. */
function said(contents: unknown): Said {
  const parts = (contents as { parts: Part[] }[]).flatMap((content) => content.parts); // Recorded.
  const all = (...names: string[]): JsonObject[] =>
    parts.flatMap((part) => names.map((name) => part[name]).filter((member) => isJsonObject(member)));
  return {
    texts: parts.map(({ thought, text = "" }) => (thought === true ? "" : text)).join(""),
    calls: all("functionCall", "function_call").map(({ name, args }) => [name, args ?? {}]),
    responses: all("functionResponse", "function_response").map(({ name }) => name),
    data: all("inlineData", "inline_data").map(({ data }) =>
      String(data).replaceAll("-", "+").replaceAll("_", "/"),
    ),
  };
}

const bodyOf = (recording: Recording): Record<string, unknown> =>
  JSON.parse(String(recording.requestBody)) as Record<string, unknown>; // Recorded.

describe(`${requests.length} requests through chat and back`, () => {
  test.each(requests)("$name says the same", (recording) => {
    const body = bodyOf(recording);
    const context = contextOf();
    const chat = geminiClient.request(requestOf(body), context);
    const again = geminiService.request(chat, context).body;
    expect(said(again["contents"])).toEqual(said(body["contents"]));
    expect(declared(again)).toEqual(declared(body));
    expect(signatures(again)).toEqual(signatures(body));
  });
});

function declared(body: Readonly<Record<string, unknown>>): string[] {
  const text = JSON.stringify(body["tools"] ?? []);
  return [...text.matchAll(/"name":"(\w+)"/g)].map(([, name = ""]) => name).toSorted();
}

/** Of calls: those of texts mean something to Gemini alone. */
function signatures(body: Readonly<Record<string, unknown>>): string[] {
  const contents = body["contents"] as { parts: Record<string, unknown>[] }[]; // Recorded.
  return contents.flatMap(({ parts }) =>
    parts.flatMap((part) =>
      (part["functionCall"] ?? part["function_call"]) ? String(part["thoughtSignature"]) : [],
    ),
  );
}

interface Answer {
  readonly candidates: readonly {
    readonly content?: { readonly parts?: unknown[] };
    readonly finishReason?: string;
  }[];
  readonly usageMetadata?: Readonly<Record<string, number>>;
}

/** What an answer, or all pieces of one, say. */
function heard(given: readonly Answer[]): object {
  const parts = given.flatMap(({ candidates }) =>
    (candidates ?? []).flatMap(({ content }) => content?.parts ?? []),
  );
  const { texts, calls } = said([{ parts }]);
  const thoughts = (parts as { thought?: boolean; text?: string }[]).filter(
    ({ thought }) => thought === true,
  ); // As above.
  const usage = given.findLast(({ usageMetadata }) => usageMetadata?.["totalTokenCount"])?.usageMetadata;
  return {
    texts,
    calls,
    thoughts: thoughts.map(({ text }) => text).join(""),
    finish: given.findLast(({ candidates }) => candidates?.[0]?.finishReason)?.candidates[0]?.finishReason,
    usage: ["promptTokenCount", "candidatesTokenCount", "thoughtsTokenCount", "cachedContentTokenCount"].map(
      (name) =>
        (usage?.[name] ?? 0) + (name === "promptTokenCount" ? (usage?.["toolUsePromptTokenCount"] ?? 0) : 0),
    ),
  };
}

/** Events by a plain reading. */
function pieces(text: string): Answer[] {
  if (!text.startsWith("data:")) return [JSON.parse(text) as Answer | Answer[]].flat(); // Recorded, or just written.
  const events = text.split(/\r?\n\r?\n/).filter((event) => event.startsWith("data:"));
  return events.map((event) => JSON.parse(event.slice("data:".length)) as Answer);
}

/** Calls in pieces are no whole calls: they are compared with what they come to elsewhere. */
const inPieces = /willContinue/;
const compared = answers.filter(({ body }) => !inPieces.test(body.toString()));

describe(`${compared.length} answers through chat and back`, () => {
  test.each(compared)("$name says the same", ({ body }) => {
    const given = pieces(body.toString());
    const isStream = given.length > 1 || body.toString().startsWith("data:");
    const context = contextOf();
    if (isStream) {
      const { chunks, error } = readStream(geminiService, body, { context });
      expect(error).toBeUndefined();
      expect(heard(pieces(writeStream(geminiClient, chunks, requestOf(shown, true))))).toEqual(
        inTheirWords(given),
      );
    } else {
      const answer = geminiService.answer(given[0], chatRequest({}), context);
      if ("status" in answer) throw new Error(answer.message);
      expect(heard([geminiClient.answer(answer, requestOf(shown), context) as Answer])).toEqual(
        inTheirWords(given),
      );
    }
  });

  test.each(compared.filter(({ body }) => pieces(body.toString()).length > 1))(
    "$name is one list where no events are asked for",
    ({ body }) => {
      const { chunks } = readStream(geminiService, body);
      const events = writeStream(geminiClient, chunks, requestOf(shown, true));
      const list = writeStream(geminiClient, chunks, { ...requestOf(shown, true), query: "" });
      expect(JSON.parse(list)).toEqual(pieces(events));
    },
  );
});

/** Reasons of safety are one. */
function inTheirWords(given: readonly Answer[]): object {
  const expected = heard(given) as { finish?: string };
  return { ...expected, finish: expected.finish === "MODEL_ARMOR" ? "SAFETY" : expected.finish };
}

test("calls that came in pieces leave whole", () => {
  const recording = answers.find(({ name }) => name.includes("array-arguments"));
  const { chunks } = readStream(geminiService, recording?.body ?? Buffer.alloc(0));
  const parts = pieces(writeStream(geminiClient, chunks as ChatChunk[], requestOf(shown, true))).flatMap(
    ({ candidates }) => candidates[0]?.content?.parts ?? [],
  );
  expect(said([{ parts }]).calls).toEqual([
    [
      "writeItems",
      {
        operations: [
          { action: "add", description: "Fresh red apple", itemid: "apple_001", price: 0.5 },
          { action: "add", description: "Ripe yellow banana", itemid: "banana_001", price: 0.3 },
        ],
      },
    ],
  ]);
});

test("every event that is written is found again, byte by byte", () => {
  const recording = answers.find(({ name }) => name.includes("google-model-stream"));
  const { chunks } = readStream(geminiService, recording?.body ?? Buffer.alloc(0));
  const bytes = Buffer.from(writeStream(geminiClient, chunks, requestOf(shown, true)));
  const decoder = new SseDecoder();
  const events: string[] = [];
  for (let at = 0; at < bytes.length; at += 1)
    decoder.push(bytes.subarray(at, at + 1), (_, data) => void events.push(data.toString()));
  expect(events.map((text) => JSON.parse(text) as Answer)).toEqual(pieces(bytes.toString()));
});
