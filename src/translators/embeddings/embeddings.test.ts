// Vectors from each service for each client, split over calls, in floats and base64, and recorded ones.
import { describe, expect, test } from "vitest";
import { loadRecordings } from "../../../test/support/recordings.ts";
import { GatewayError } from "../../core/errors.ts";
import { parseExactJson } from "../../lib/exact-json.ts";
import type { JsonObject } from "../../lib/json-value.ts";
import { exchange } from "../single-call-fixture.ts";
import { singleCall } from "../single-call.ts";
import { geminiEmbeddingClient, openaiEmbeddingClient } from "./embedding-clients.ts";
import {
  cohereEmbeddings,
  dashscopeEmbeddings,
  geminiEmbeddings,
  openaiEmbeddings,
} from "./embedding-services.ts";

const services = {
  gemini: geminiEmbeddings,
  cohere: cohereEmbeddings,
  dashscope: dashscopeEmbeddings,
  openai: openaiEmbeddings,
};
type ServiceName = keyof typeof services;

const vectors = [
  [0.5, -1],
  [0.25, 2],
];

/** What a service answers for vectors, told to have read so many tokens. */
const replies: Readonly<
  Record<ServiceName, (vectors: readonly (readonly number[])[], tokens: number) => unknown>
> = {
  gemini: (made, tokens) => ({
    embeddings: made.map((values) => ({ values })),
    usageMetadata: { promptTokenCount: tokens },
  }),
  cohere: (made, tokens) => ({
    id: "c",
    embeddings: { float: made },
    meta: { billed_units: { input_tokens: tokens } },
  }),
  dashscope: (made, tokens) => ({
    // Out of order, as their places tell.
    output: { embeddings: made.map((embedding, index) => ({ embedding, text_index: index })).toReversed() },
    usage: { total_tokens: tokens },
    request_id: "d",
  }),
  openai: (made, tokens) => ({
    object: "list",
    data: made.map((embedding, index) => ({ object: "embedding", index, embedding })).toReversed(),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  }),
};

const sent: Readonly<Record<ServiceName, JsonObject>> = {
  gemini: {
    path: "/models/m:batchEmbedContents",
    body: {
      requests: ["a", "b"].map((text) => ({
        model: "models/m",
        outputDimensionality: 2,
        taskType: "RETRIEVAL_QUERY",
        content: { parts: [{ text }] },
      })),
    },
  },
  cohere: {
    path: "/v2/embed",
    body: {
      model: "m",
      texts: ["a", "b"],
      input_type: "search_query",
      embedding_types: ["float"],
      output_dimension: 2,
    },
  },
  dashscope: {
    path: "/services/embeddings/text-embedding/text-embedding",
    body: { model: "m", input: { texts: ["a", "b"] }, parameters: { text_type: "query", dimension: 2 } },
  },
  openai: {
    path: "/v1/embeddings",
    body: { model: "m", input: ["a", "b"], encoding_format: "float", dimensions: 2 },
  },
};

const list = (made: readonly unknown[], tokens: number): JsonObject => ({
  object: "list",
  data: made.map((embedding, index) => ({ object: "embedding", index, embedding })),
  model: "m",
  usage: { prompt_tokens: tokens, total_tokens: tokens },
});

const body = { model: "x", input: ["a", "b"], dimensions: 2, input_type: "query" };
const away = ["gemini", "cohere", "dashscope"] as const;

/** As the specification of the format says it, and no code of ours. */
function decode(base64: string): number[] {
  const bytes = Buffer.from(base64, "base64");
  return [...new Float32Array(new Uint8Array(bytes).buffer)];
}

describe("embeddings for a client of OpenAI", () => {
  test.each(away)("come from a service of %s", (name) => {
    const answers = [replies[name](vectors, 5)];
    expect(exchange(singleCall(openaiEmbeddingClient, services[name]), { body, answers })).toEqual({
      calls: [sent[name]],
      answer: list(vectors, 5),
      warnings: [],
    });
  });

  test.each(away)("come in base64 from a service of %s, which has only floats", (name) => {
    const { answer } = exchange(singleCall(openaiEmbeddingClient, services[name]), {
      body: { ...body, encoding_format: "base64" },
      answers: [replies[name](vectors, 5)],
    });
    const { data } = answer as { data: readonly { embedding: string }[] };
    expect(data.map(({ embedding }) => decode(embedding))).toEqual(vectors);
  });

  test.each([
    ["gemini", 100],
    ["cohere", 96],
    ["dashscope", 10],
  ] as const)(
    "of many texts are asked of %s %i at a time, and come in order with the sum of their usage",
    (name, size) => {
      const input = Array.from({ length: size * 2 + 1 }, (_, index) => `text ${index}`);
      const made = input.map((_, index) => [index]);
      const answers = [0, 1, 2].map((part) => replies[name](made.slice(part * size, (part + 1) * size), 4));
      const { calls, answer } = exchange(singleCall(openaiEmbeddingClient, services[name]), {
        body: { input },
        answers,
      });
      expect(calls).toHaveLength(3);
      expect(answer).toEqual(list(made, 12));
      expect(JSON.stringify(calls[2]?.body)).toContain(`"text ${size * 2}"`);
      expect(JSON.stringify(calls[2]?.body)).not.toContain(`"text ${size * 2 - 1}"`);
    },
  );

  test("are asked for in the numbers that a model takes", () => {
    const { calls } = exchange(singleCall(openaiEmbeddingClient, dashscopeEmbeddings), {
      body: { input: Array.from({ length: 25 }, () => "a") },
      traits: { embeddingTexts: 25 },
    });
    expect(calls).toHaveLength(1);
  });

  test("keep the digits of floats, and tell no usage that nobody told", () => {
    const { answer } = exchange(singleCall(openaiEmbeddingClient, geminiEmbeddings), {
      body: { input: "a" },
      answers: ['{"embeddings":[{"values":[0.014719783208941139,1]}]}'],
    });
    expect(answer).toEqual({
      object: "list",
      data: [{ object: "embedding", index: 0, embedding: [0.014719783208941139, 1] }],
      model: "m",
    });
  });

  test("are made of what is searched in where Cohere must be told", () => {
    const { calls } = exchange(singleCall(openaiEmbeddingClient, cohereEmbeddings), { body: { input: "a" } });
    expect(calls[0]?.body).toMatchObject({ input_type: "search_document" });
  });

  test.each(away)("of tokens cannot be had from %s", (name) => {
    const ask = (input: unknown): unknown =>
      exchange(singleCall(openaiEmbeddingClient, services[name]), { body: { input } });
    expect(() => ask([1, 2])).toThrow(expect.objectContaining({ code: "invalid_request", param: "input" }));
    expect(() => ask(["a", [1, 2]])).toThrow(expect.objectContaining({ param: "input.1" }));
  });

  test("tell what has no place", () => {
    const asked = { input: "a", user: "u", truncation: true, task_type: "CLUSTERING" };
    const { calls, warnings } = exchange(singleCall(openaiEmbeddingClient, geminiEmbeddings), {
      body: asked,
    });
    expect(warnings).toEqual(["user;dropped", "truncation;dropped"]);
    expect(calls[0]?.body).toMatchObject({ requests: [{ taskType: "CLUSTERING" }] });
  });
});

describe("embeddings for a client of Gemini", () => {
  const one = { content: { parts: [{ text: "a" }, { text: "b" }] }, outputDimensionality: 2 };
  const translate = singleCall(geminiEmbeddingClient, openaiEmbeddings);

  test("come one at a time", () => {
    expect(exchange(translate, { body: one, answers: [replies.openai([[0.5]], 3)] })).toEqual({
      calls: [
        {
          path: "/v1/embeddings",
          body: { model: "m", input: ["a\nb"], encoding_format: "float", dimensions: 2 },
        },
      ],
      answer: {
        embedding: { values: [0.5] },
        usageMetadata: { promptTokenCount: 3, totalTokenCount: 3 },
      },
      warnings: [],
    });
  });

  test("come many at once, also from base64", () => {
    const requests = ["a", "b"].map((text) => ({ model: "models/x", content: { parts: [{ text }] } }));
    const data = [
      { index: 0, embedding: "AAAAPw==" },
      { index: 1, embedding: [2] },
    ];
    const { answer } = exchange(translate, { body: { requests }, answers: [{ data }] });
    expect(answer).toEqual({ embeddings: [{ values: [0.5] }, { values: [2] }] });
  });

  test("tell that OpenAI knows no kinds of tasks, and Voyage does", () => {
    const asked = { ...one, taskType: "RETRIEVAL_QUERY", title: "t" };
    expect(exchange(translate, { body: asked }).warnings).toEqual(["title;dropped", "taskType;dropped"]);
    const voyage = exchange(translate, { body: asked, traits: { dialect: "voyage" } });
    expect(voyage.warnings).toEqual(["title;dropped"]);
    expect(voyage.calls[0]?.body).toEqual({
      model: "m",
      input: ["a\nb"],
      output_dimension: 2,
      input_type: "query",
    });
  });
});

describe("a request is refused by the place that is at fault", () => {
  test.each<[param: string, body: unknown]>([
    ["body", []],
    ["input", {}],
    ["input", { input: [] }],
    ["input", { input: Array.from({ length: 2_049 }, () => "a") }],
    ["input.1", { input: ["a", {}] }],
    ["input.1", { input: ["a", []] }],
    ["encoding_format", { input: "a", encoding_format: "hex" }],
    ["dimensions", { input: "a", dimensions: 0 }],
  ])("%s", (param, asked) => {
    const refuse = (): unknown =>
      exchange(singleCall(openaiEmbeddingClient, geminiEmbeddings), { body: asked });
    expect(refuse).toThrow(GatewayError);
    expect(refuse).toThrow(expect.objectContaining({ param }));
  });

  const content = { parts: [{ text: "a" }] };

  test.each<[param: string, body: unknown]>([
    ["content", {}],
    ["content.parts", { content: {} }],
    ["content.parts.0.text", { content: { parts: [{ inlineData: {} }] } }],
    ["requests", { requests: [] }],
    ["requests.0", { requests: [5] }],
    ["requests.1.taskType", { requests: [{ content }, { content, taskType: "X" }] }],
    ["requests.1.outputDimensionality", { requests: [{ content }, { content, outputDimensionality: 5 }] }],
  ])("%s of Gemini", (param, asked) => {
    const refuse = (): unknown =>
      exchange(singleCall(geminiEmbeddingClient, openaiEmbeddings), { body: asked });
    expect(refuse).toThrow(expect.objectContaining({ code: "invalid_request", param }));
  });
});

describe("an answer that cannot be read is an error", () => {
  test.each<[name: string, service: ServiceName, reply: unknown, status: number]>([
    ["no JSON", "gemini", "nothing", 502],
    ["too few", "gemini", { embeddings: [] }, 502],
    ["too many", "cohere", { embeddings: { float: [[1], [2], [3]] } }, 502],
    [
      "two in one place",
      "dashscope",
      {
        output: {
          embeddings: [
            { text_index: 0, embedding: [1] },
            { text_index: 0, embedding: [1] },
          ],
        },
      },
      502,
    ],
    ["no numbers", "gemini", { embeddings: [{ values: ["a"] }, { values: [1] }] }, 502],
    ["an error", "gemini", { error: { code: 429, message: "m", status: "RESOURCE_EXHAUSTED" } }, 429],
    ["DashScope's error", "dashscope", { code: "InvalidParameter", message: "m" }, 400],
  ])("%s", (_, service, reply, status) => {
    const { answer } = exchange(singleCall(openaiEmbeddingClient, services[service]), {
      body,
      answers: [reply],
    });
    expect(answer).toMatchObject({ status });
  });
});

describe("recorded embeddings", () => {
  const rows = [
    ...loadRecordings("openai-embeddings").map((recording) => ["openai", recording] as const),
    ...loadRecordings("gemini-embed").map((recording) => ["gemini", recording] as const),
    ...loadRecordings("dashscope")
      .filter(({ name }) => name.includes("embedding"))
      .map((recording) => ["dashscope", recording] as const),
  ].filter(([, { status }]) => status === 200);

  test(`${rows.length} recordings of OpenAI, Azure, Voyage, Gemini and DashScope are read`, () => {
    expect(rows.map(([service]) => service)).toEqual([
      ...Array.from({ length: 6 }, () => "openai"),
      "gemini",
      "dashscope",
    ]);
  });

  test.each(rows.map(([service, recording]) => [recording.name, service, recording] as const))(
    "%s",
    (_, service, recording) => {
      const found: unknown[] = [];
      // Every list of numbers and every long text of base64 is a vector.
      JSON.parse(recording.body.toString(), (__, value: unknown) => {
        if (Array.isArray(value) && typeof value[0] === "number") found.push(value);
        else if (typeof value === "string" && value.length > 100) found.push(decode(value));
        return value;
      });
      const { answer } = exchange(singleCall(openaiEmbeddingClient, services[service]), {
        body: { input: found.map((__, index) => `text ${index}`), encoding_format: "float" },
        answers: [recording.body.toString()],
      });
      const { data } = answer as { data: readonly { embedding: readonly number[] }[] };
      expect(data.map(({ embedding }) => embedding)).toEqual(found);
    },
  );

  test("in base64 are the same to the last bit", () => {
    const recording = rows.find(([, { body: bytes }]) => bytes.includes("PsaJPMCKZL2l"))?.[1];
    const asked = parseExactJson(recording?.requestBody?.toString() ?? "");
    const { answer } = exchange(singleCall(openaiEmbeddingClient, openaiEmbeddings), {
      body: asked,
      answers: [recording?.body.toString()],
    });
    const expected = JSON.parse(recording?.body.toString() ?? "") as { data: unknown };
    expect((answer as { data: unknown }).data).toEqual(expected.data);
  });
});
