// Embeddings, ranks and DashScope's own conversations for services of other protocols, over sockets.
import OpenAI from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { isJsonObject, listOf, memberOf, type JsonObject } from "../src/lib/json-value.ts";
import { providerKey, type TestDocument } from "./support/configuration.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { exchange, type Answer } from "./support/raw-client.ts";
import { startRawUpstream, type RawUpstream } from "./support/raw-upstream.ts";

/** What a Model API speaks, and its service. */
const rows = [
  { name: "openai-gemini", useCase: "embedding", client: "openai", service: "gemini" },
  { name: "openai-cohere", useCase: "embedding", client: "openai", service: "cohere" },
  { name: "openai-dashscope", useCase: "embedding", client: "openai", service: "dashscope" },
  { name: "vllm-dashscope", useCase: "rerank", client: "vllm", service: "dashscope" },
  { name: "vllm-cohere", useCase: "rerank", client: "vllm", service: "cohere" },
  { name: "dashscope-vllm", useCase: "rerank", client: "dashscope", service: "vllm" },
  { name: "dashscope-cohere", useCase: "rerank", client: "dashscope", service: "cohere" },
  { name: "chat-openai", useCase: "text-generation", client: "dashscope", service: "openai" },
  { name: "openai-voyage", useCase: "embedding", client: "openai", service: "openai", provider: "voyage" },
  { name: "vllm-voyage", useCase: "rerank", client: "vllm", service: "vllm", provider: "voyage" },
  { name: "gemini-openai", useCase: "text-generation", client: "gemini", service: "openai" },
] as const;

interface Asked {
  readonly path: string;
  readonly header: (name: string) => string | undefined;
  readonly body: JsonObject;
}

let upstream: RawUpstream;
let gateway: Gateway;
let asked: Asked[];
/** What the service answers. */
let reply: (request: Asked) => { readonly status?: number; readonly type?: string; readonly body: string };

/** Routes that are off until they are asked for. */
const routeOf = (client: string): string =>
  client === "gemini" ? "gemini-models" : "dashscope-text-generation";

function documentAt(url: string): TestDocument {
  return {
    services: rows.map(({ name, service, ...row }) => ({
      name,
      provider: "provider" in row ? row.provider : "openai-compatible",
      protocols: [{ protocol: service, baseUrl: url }],
      apiKeys: [{ name: "main", value: providerKey }],
    })),
    modelApis: rows.map(({ name, useCase, client }) => ({
      name,
      useCase,
      protocols: [client],
      basePath: `/${name}`,
      stripBasePath: true,
      ...(useCase === "text-generation" ? { routes: { enabled: [routeOf(client)] } } : {}),
      modelService: { mode: "single", target: { service: name } },
    })),
  };
}

beforeAll(async () => {
  upstream = await startRawUpstream({
    onRequest: ({ path, header, body, connection }) => {
      const parsed: unknown = JSON.parse(body.toString());
      const request = { path, header, body: isJsonObject(parsed) ? parsed : {} };
      asked.push(request);
      const { status = 200, type = "application/json", body: text } = reply(request);
      const head = `HTTP/1.1 ${status} Played\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(text)}`;
      connection.socket.write(`${head}\r\n\r\n${text}`);
    },
  });
  gateway = await startGateway(documentAt(upstream.url));
});

beforeEach(() => {
  asked = [];
});

afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

const post = (
  path: string,
  body: object,
  headers: readonly (readonly [string, string])[] = [],
): Promise<Answer> => exchange(gateway.port, { path, headers, body: JSON.stringify(body) });

/** One number for each text, told by the text itself. */
const vectorOf = (text: unknown): number[] => [Number(String(text).replace("text ", "")), 0.5];

const embedders: Readonly<Record<"gemini" | "cohere" | "dashscope", (body: JsonObject) => object>> = {
  gemini: (body) => ({
    embeddings: listOf(body, "requests").map((request) => {
      const [part] = listOf(memberOf(request, "content"), "parts");
      return { values: vectorOf(memberOf(part, "text")) };
    }),
    usageMetadata: { promptTokenCount: 7 },
  }),
  cohere: (body) => ({
    embeddings: { float: listOf(body, "texts").map(vectorOf) },
    meta: { billed_units: { input_tokens: 7 } },
  }),
  dashscope: (body) => ({
    output: {
      embeddings: listOf(memberOf(body, "input"), "texts").map((text, index) => ({
        text_index: index,
        embedding: vectorOf(text),
      })),
    },
    usage: { total_tokens: 7 },
    request_id: "r",
  }),
};

describe("OpenAI's library gets embeddings", () => {
  test.each([
    ["gemini", "/v1beta/models/e-1:batchEmbedContents", 1],
    ["cohere", "/v2/embed", 1],
    ["dashscope", "/api/v1/services/embeddings/text-embedding/text-embedding", 3],
  ] as const)("from a service of %s, in base64 as it asks unasked", async (service, path, calls) => {
    reply = ({ body }) => ({ body: JSON.stringify(embedders[service](body)) });
    const client = new OpenAI({ apiKey: "k", baseURL: `${gateway.url}/openai-${service}/v1`, maxRetries: 0 });
    const input = Array.from({ length: 24 }, (_, index) => `text ${index}`);
    const { data, usage } = await client.embeddings.create({ model: "e-1", input });
    expect(data.map(({ embedding }) => embedding)).toEqual(input.map(vectorOf));
    expect(data.map(({ index }) => index)).toEqual(input.map((_, index) => index));
    expect(usage).toEqual({ prompt_tokens: 7 * calls, total_tokens: 7 * calls });
    expect(asked.map((request) => request.path)).toEqual(Array.from({ length: calls }, () => path));
    const record = await gateway.recordWhere(({ api }) => api === `openai-${service}`);
    expect(record).toMatchObject({ outcome: "ok", usage: { inputTokens: 7 * calls } });
  });

  test("and is told of tokens that mean nothing to the service", async () => {
    const answer = await post("/openai-gemini/v1/embeddings", { model: "e-1", input: [1, 2, 3] });
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ error: { code: "invalid_request", param: "input" } });
    expect(asked).toEqual([]);
  });

  test("and the error of a later call", async () => {
    let count = 0;
    reply = ({ body }) => {
      count += 1;
      return count === 2
        ? { status: 400, body: JSON.stringify({ code: "InvalidParameter", message: "too long" }) }
        : { body: JSON.stringify(embedders.dashscope(body)) };
    };
    const answer = await post("/openai-dashscope/v1/embeddings", {
      model: "e-1",
      input: Array.from({ length: 24 }, (_, index) => `text ${index}`),
    });
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ error: { message: "too long" } });
    expect(asked).toHaveLength(2);
  });
});

const documents = ["one", "two"];
const ranks = [
  { index: 0, relevance_score: 0.25 },
  { index: 1, relevance_score: 0.75 },
];

describe("a service in the words of Voyage, though it speaks the client's protocol,", () => {
  test("ranks for a client of vLLM", async () => {
    reply = () => ({ body: JSON.stringify({ object: "list", data: ranks, usage: { total_tokens: 9 } }) });
    const answer = await post("/vllm-voyage/v1/rerank", { model: "r-1", query: "q", documents, top_n: 2 });
    expect(answer.json()).toMatchObject({
      results: [{ index: 1, document: { text: "two" }, relevance_score: 0.75 }, { index: 0 }],
      usage: { total_tokens: 9 },
    });
    expect(asked[0]).toMatchObject({
      path: "/v1/rerank",
      body: { model: "r-1", query: "q", documents, top_k: 2 },
    });
    expect(asked[0]?.body).not.toHaveProperty("top_n");
  });

  test("embeds for OpenAI's library", async () => {
    reply = () => ({
      body: JSON.stringify({ data: [{ index: 0, embedding: [0.5, 2] }], usage: { total_tokens: 3 } }),
    });
    const client = new OpenAI({ apiKey: "k", baseURL: `${gateway.url}/openai-voyage/v1`, maxRetries: 0 });
    const made = await client.embeddings.create({ model: "e-1", input: "a", dimensions: 2 });
    expect(made).toMatchObject({ data: [{ embedding: [0.5, 2] }], usage: { prompt_tokens: 3 } });
    expect(asked[0]?.body).toEqual({ model: "e-1", input: ["a"], output_dimension: 2 });
  });
});

test("a client of Gemini gets embeddings from a service of OpenAI", async () => {
  reply = () => ({
    body: JSON.stringify({
      object: "list",
      data: [{ index: 0, embedding: [0.5] }],
      usage: { prompt_tokens: 3, total_tokens: 3 },
    }),
  });
  const answer = await post("/gemini-openai/v1beta/models/e-1:embedContent", {
    content: { parts: [{ text: "a" }] },
  });
  expect(answer.json()).toMatchObject({ embedding: { values: [0.5] } });
  expect(asked[0]).toMatchObject({ path: "/v1/embeddings", body: { model: "e-1", input: ["a"] } });
});

describe("ranks", () => {
  test.each([
    [
      "dashscope",
      "/api/v1/services/rerank/text-rerank/text-rerank",
      { output: { results: ranks }, usage: { total_tokens: 9 }, request_id: "r" },
      9,
    ],
    ["cohere", "/v2/rerank", { id: "r", results: ranks, meta: { billed_units: { search_units: 1 } } }, 0],
  ] as const)("for a client of vLLM from a service of %s", async (service, path, body, tokens) => {
    reply = () => ({ body: JSON.stringify(body) });
    const answer = await post(`/vllm-${service}/v1/rerank`, { model: "r-1", query: "q", documents });
    expect(answer.json()).toEqual({
      id: "r",
      model: "r-1",
      usage: { total_tokens: tokens },
      results: [
        { index: 1, document: { text: "two" }, relevance_score: 0.75 },
        { index: 0, document: { text: "one" }, relevance_score: 0.25 },
      ],
    });
    expect(asked[0]?.path).toBe(path);
    expect(asked[0]?.header("authorization")).toBe(`Bearer ${providerKey}`);
  });

  test.each(["vllm", "cohere"] as const)(
    "for a client of DashScope from a service of %s",
    async (service) => {
      reply = () => ({ body: JSON.stringify({ id: "r", results: ranks, usage: { total_tokens: 9 } }) });
      const answer = await post(`/dashscope-${service}/api/v1/services/rerank/text-rerank/text-rerank`, {
        model: "r-1",
        input: { query: "q", documents },
        parameters: { return_documents: true, instruct: "Be kind" },
      });
      expect(answer.json()).toMatchObject({
        output: { results: [{ index: 1, document: { text: "two" } }, { index: 0 }] },
        request_id: "r",
      });
      expect(answer.header("x-moongate-warnings")).toBe("parameters.instruct;dropped");
    },
  );

  test("that a service refuses come as the client's error", async () => {
    reply = () => ({ status: 429, body: JSON.stringify({ message: "slow down" }) });
    const answer = await post("/dashscope-cohere/api/v1/services/rerank/text-rerank/text-rerank", {
      model: "r-1",
      input: { query: "q", documents },
    });
    expect(answer.status).toBe(429);
    expect(answer.json()).toMatchObject({ message: "slow down" });
  });
});

describe("a client of DashScope's generation talks with a service of OpenAI", () => {
  const path = "/chat-openai/api/v1/services/aigc/text-generation/generation";
  const request = {
    model: "c-1",
    input: { messages: [{ role: "user", content: "Hi" }] },
    parameters: { result_format: "message", incremental_output: true, seed: 1 },
  };

  test("in a whole answer", async () => {
    reply = () => ({
      body: JSON.stringify({
        id: "chatcmpl-1",
        object: "chat.completion",
        created: 1,
        model: "c-1",
        choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
        usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 },
      }),
    });
    const answer = await post(path, request);
    expect(answer.json()).toMatchObject({
      output: { choices: [{ message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }] },
      usage: { input_tokens: 5, output_tokens: 2, total_tokens: 7 },
    });
    expect(asked[0]).toMatchObject({
      path: "/v1/chat/completions",
      body: { model: "c-1", messages: [{ role: "user", content: "Hi" }], seed: 1 },
    });
  });

  const chunk = (fields: object): string =>
    `data: ${JSON.stringify({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "c-1", ...fields })}\n\n`;
  const said = (content: string): string =>
    chunk({ choices: [{ index: 0, delta: { role: "assistant", content }, finish_reason: null }] });
  const sse = [["x-dashscope-sse", "enable"]] as const;

  test("in a stream, framed as DashScope frames it", async () => {
    reply = () => ({
      type: "text/event-stream",
      body:
        said("Hel") +
        said("lo") +
        chunk({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }) +
        chunk({ choices: [], usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 } }) +
        "data: [DONE]\n\n",
    });
    const answer = await post(path, request, sse);
    expect(answer.header("content-type")).toContain("text/event-stream");
    const frames = answer.text().split("\n\n");
    expect(frames.slice(0, 3).map((frame) => frame.split("data:")[0])).toEqual(
      [1, 2, 3].map((id) => `id:${id}\nevent:result\n:HTTP_STATUS/200\n`),
    );
    expect(frames[2]).toContain('"finish_reason":"stop"');
    expect(frames[2]).toContain('"total_tokens":7');
    expect(asked[0]?.body).toMatchObject({ stream: true });
    expect(asked[0]?.header("x-dashscope-sse")).toBeUndefined();
    const record = await gateway.record(answer.header("x-request-id"));
    expect(record).toMatchObject({ outcome: "ok", usage: { inputTokens: 5, outputTokens: 2 } });
  });

  test("in a stream that is cut, which ends with an error and not with an end", async () => {
    reply = () => ({ type: "text/event-stream", body: said("Hel") });
    const answer = await post(path, request, sse);
    expect(answer.text()).toContain("event:error\n:HTTP_STATUS/502\n");
    expect(answer.text()).not.toContain('"stop"');
    expect((await gateway.record(answer.header("x-request-id"))).outcome).toBe("truncated");
  });

  test("and is told what is at fault by its own name", async () => {
    const answer = await post(path, { ...request, parameters: { temperature: "hot" } });
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ code: "invalid_request" });
    expect(memberOf(answer.json(), "message")).toContain("parameters.temperature");
  });
});
