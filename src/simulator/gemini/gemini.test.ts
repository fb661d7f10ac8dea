// Gemini's API: content plain and streamed in both ways, tools, embeddings, models.
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSimulator } from "../simulator.ts";
import type { Simulator } from "../simulator.ts";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ port: 0 });
});
afterAll(() => simulator.close());

function ask(path: string, body?: object): Promise<Response> {
  const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  return fetch(`${simulator.url}/v1beta${path}`, init);
}

/** The answer's JSON, in a shape that the test then looks at. */
async function jsonOf<Shape>(answer: Promise<Response>): Promise<Shape> {
  // Nothing is trusted: what is not in the shape fails the test.
  return (await (await answer).json()) as Shape;
}

interface Chunk {
  readonly candidates: readonly {
    readonly content: { readonly parts: readonly { readonly text: string }[] };
    readonly finishReason?: string;
  }[];
  readonly usageMetadata: object;
}

const body = { contents: [{ role: "user", parts: [{ text: "Hello" }] }] };
const textOf = (chunks: readonly Chunk[]): string =>
  chunks.map((chunk) => chunk.candidates[0]?.content.parts[0]?.text ?? "").join("");

test("content is the same plain, as events and as an array", async () => {
  const plain = await jsonOf<Chunk>(ask("/models/g:generateContent", body));
  expect(plain).toMatchObject({ candidates: [{ finishReason: "STOP" }], modelVersion: "g" });
  expect(textOf([plain])).toContain('You wrote: "Hello"');
  const events = await (await ask("/models/g:streamGenerateContent?alt=sse", body)).text();
  const blocks = events.split("\r\n\r\n").filter((block) => block !== "");
  const chunks = blocks.map((block): Chunk => JSON.parse(block.slice("data: ".length)));
  const array = await jsonOf<Chunk[]>(ask("/models/g:streamGenerateContent", body));
  for (const streamed of [chunks, array]) {
    expect(textOf(streamed)).toBe(textOf([plain]));
    expect(streamed.at(-1)).toMatchObject({
      candidates: [{ finishReason: "STOP" }],
      usageMetadata: plain.usageMetadata,
    });
    expect(streamed[0]?.candidates[0]?.finishReason).toBeUndefined();
  }
});

test("a function is called with arguments that fit its schema", async () => {
  const parameters = { type: "OBJECT", properties: { city: { type: "STRING" } } };
  const answer = await ask("/models/g:generateContent", {
    contents: [{ role: "user", parts: [{ text: "the weather?" }] }],
    tools: [{ functionDeclarations: [{ name: "get_weather", parameters }] }],
  });
  expect(await answer.json()).toMatchObject({
    candidates: [
      { content: { parts: [{ functionCall: { name: "get_weather", args: { city: "simulated" } } }] } },
    ],
  });
});

test("the limit of tokens is kept and told", async () => {
  const answer = await ask("/models/g:generateContent", {
    ...body,
    generationConfig: { maxOutputTokens: 2 },
  });
  expect(await answer.json()).toMatchObject({
    candidates: [{ finishReason: "MAX_TOKENS" }],
    usageMetadata: { candidatesTokenCount: 2 },
  });
});

test("tokens are counted, texts embedded, models listed", async () => {
  expect(await (await ask("/models/g:countTokens", body)).json()).toMatchObject({ totalTokens: 5 });
  const content = { parts: [{ text: "Hello" }] };
  const one = ask("/models/g:embedContent", { content, outputDimensionality: 4 });
  const { embedding } = await jsonOf<{ embedding: { values: number[] } }>(one);
  expect(embedding.values).toHaveLength(4);
  const many = await ask("/models/g:batchEmbedContents", {
    requests: [{ content, outputDimensionality: 4 }],
  });
  expect(await many.json()).toEqual({ embeddings: [embedding] });
  expect(await (await ask("/models")).json()).toMatchObject({
    models: [{ name: "models/simulated-small" }, {}, {}],
  });
  expect(await (await ask("/models/any")).json()).toMatchObject({ name: "models/any" });
});

test("a refusal has Gemini's shape", async () => {
  const answer = await ask("/models/g:generateContent", {});
  expect([answer.status, await answer.json()]).toMatchObject([
    400,
    { error: { code: 400, status: "INVALID_ARGUMENT" } },
  ]);
});
