// Ranks from each service for each client, and recorded ones.
import { describe, expect, test } from "vitest";
import { loadRecordings } from "../../../test/support/recordings.ts";
import { GatewayError } from "../../core/errors.ts";
import type { ModelTraits } from "../../core/model-traits.ts";
import { parseExactJson } from "../../lib/exact-json.ts";
import type { JsonObject } from "../../lib/json-value.ts";
import { exchange } from "../single-call-fixture.ts";
import { singleCall } from "../single-call.ts";
import { contextOf } from "../translation-fixture.ts";
import { dashscopeRerankClient, vllmRerankClient } from "./rerank-clients.ts";
import { cohereRerank, dashscopeRerank, vllmRerank } from "./rerank-services.ts";

const clients = { vllm: vllmRerankClient, dashscope: dashscopeRerankClient };
const services = { vllm: vllmRerank, dashscope: dashscopeRerank, cohere: cohereRerank };

const documents = ["one", "two", "three"];
const asked: Readonly<Record<keyof typeof clients, JsonObject>> = {
  vllm: { model: "x", query: "q", documents: ["one", { text: "two" }, "three"], top_n: 2 },
  dashscope: {
    model: "x",
    input: { query: "q", documents },
    parameters: { top_n: 2, return_documents: true },
  },
};

const ranks = [
  { index: 2, relevance_score: 0.5 },
  { index: 0, relevance_score: 0.9 },
];

const flat = { model: "m", query: "q", documents, top_n: 2 };
const sent: Readonly<Record<keyof typeof services, JsonObject>> = {
  vllm: { path: "/v1/rerank", body: flat },
  cohere: { path: "/v2/rerank", body: flat },
  dashscope: {
    path: "/services/rerank/text-rerank/text-rerank",
    body: { model: "m", input: { query: "q", documents }, parameters: { return_documents: false, top_n: 2 } },
  },
};

const replies: Readonly<Record<keyof typeof services, JsonObject>> = {
  vllm: { id: "r", model: "m", results: ranks, usage: { total_tokens: 7 } },
  cohere: { id: "r", results: ranks, meta: { billed_units: { search_units: 1, input_tokens: 7 } } },
  dashscope: { output: { results: ranks }, usage: { total_tokens: 7 }, request_id: "r" },
};

const answered: Readonly<Record<keyof typeof clients, JsonObject>> = {
  vllm: {
    id: "r",
    model: "m",
    usage: { total_tokens: 7 },
    results: [
      { index: 0, document: { text: "one" }, relevance_score: 0.9 },
      { index: 2, document: { text: "three" }, relevance_score: 0.5 },
    ],
  },
  dashscope: {
    output: {
      results: [
        { index: 0, document: { text: "one" }, relevance_score: 0.9 },
        { index: 2, document: { text: "three" }, relevance_score: 0.5 },
      ],
    },
    usage: { total_tokens: 7 },
    request_id: "r",
  },
};

const clientNames = ["vllm", "dashscope"] as const;
const serviceNames = ["vllm", "dashscope", "cohere"] as const;
const pairs = clientNames.flatMap((client) => serviceNames.map((service) => [client, service] as const));

describe("ranks", () => {
  test.each(pairs)("for a client of %s from a service of %s", (client, service) => {
    const translate = singleCall(clients[client], services[service]);
    expect(exchange(translate, { body: asked[client], answers: [replies[service]] })).toEqual({
      calls: [sent[service]],
      answer: answered[client],
      warnings: [],
    });
  });

  test("are counted as nothing where Cohere bills no tokens", () => {
    const translate = singleCall(vllmRerankClient, cohereRerank);
    const reply = { results: ranks, meta: { billed_units: { search_units: 1 } } };
    expect(exchange(translate, { body: asked.vllm, answers: [reply] }).answer).toMatchObject({
      id: "rerank-000000000000000000000001",
      usage: { total_tokens: 0 },
    });
  });

  test("come without documents for a client of DashScope that wants none, and with all digits", () => {
    const translate = singleCall(dashscopeRerankClient, vllmRerank);
    const reply = '{"results":[{"index":1,"relevance_score":0.50},{"index":0,"relevance_score":1e-1}]}';
    const body = { input: { query: "q", documents }, parameters: {} };
    const { context, translation } = open(translate, body);
    expect(context).toEqual([]);
    expect(translation.answer([reply])).toMatchObject({
      body: '{"output":{"results":[{"index":1,"relevance_score":0.50},{"index":0,"relevance_score":1e-1}]},"usage":{"total_tokens":0},"request_id":"000000000000000000000001"}',
    });
  });

  test("of all documents are asked for by zero", () => {
    const translate = singleCall(vllmRerankClient, cohereRerank);
    const { calls } = exchange(translate, { body: { ...asked.vllm, top_n: 0 } });
    expect(calls[0]?.body).toEqual({ model: "m", query: "q", documents });
  });
});

function open(translate: ReturnType<typeof singleCall>, body: unknown) {
  const warnings: string[] = [];
  const context = contextOf({ model: "m" });
  const translation = translate({ body, model: "m", stream: false }, context);
  translation.calls(new Map());
  warnings.push(...context.notes.warnings.map(({ field }) => field));
  return { context: warnings, translation };
}

describe("Voyage's words", () => {
  const traits: ModelTraits = { dialect: "voyage" };

  test("are used where a service wants them", () => {
    const translate = singleCall(dashscopeRerankClient, vllmRerank);
    const body = { input: { query: "q", documents }, parameters: { top_n: 1, truncation: true } };
    const reply = { object: "list", data: [{ index: 1, relevance_score: 0.7 }], usage: { total_tokens: 3 } };
    expect(exchange(translate, { body, traits, answers: [reply] })).toEqual({
      calls: [
        { path: "/v1/rerank", body: { model: "m", query: "q", documents, top_k: 1, truncation: true } },
      ],
      answer: {
        output: { results: [{ index: 1, relevance_score: 0.7 }] },
        usage: { total_tokens: 3 },
        request_id: "000000000000000000000001",
      },
      warnings: [],
    });
  });
});

describe("what has no place is told", () => {
  test.each<
    [
      name: string,
      client: "vllm" | "dashscope",
      service: keyof typeof services,
      more: JsonObject,
      warnings: readonly string[],
    ]
  >([
    [
      "vLLM's own at DashScope",
      "vllm",
      "dashscope",
      { truncate_prompt_tokens: 5, priority: 1 },
      ["truncate_prompt_tokens;dropped", "priority;dropped"],
    ],
    ["what Cohere knows too", "vllm", "cohere", { priority: 1 }, []],
    [
      "an instruction",
      "dashscope",
      "cohere",
      { parameters: { instruct: "Be kind" } },
      ["parameters.instruct;dropped"],
    ],
  ])("%s", (_, client, service, ...[more, warnings]) => {
    const translate = singleCall(clients[client], services[service]);
    expect(exchange(translate, { body: { ...asked[client], ...more } }).warnings).toEqual(warnings);
  });

  test("but an instruction reaches DashScope", () => {
    const translate = singleCall(dashscopeRerankClient, dashscopeRerank);
    const { calls } = exchange(translate, {
      body: { ...asked.dashscope, parameters: { instruct: "Be kind" } },
    });
    expect(calls[0]?.body).toMatchObject({ parameters: { instruct: "Be kind" } });
  });
});

describe("a request is refused by the place that is at fault", () => {
  test.each<[param: string, client: "vllm" | "dashscope", body: unknown]>([
    ["body", "vllm", []],
    ["query", "vllm", { documents }],
    ["query", "vllm", { query: { image: "x" }, documents }],
    ["documents", "vllm", { query: "q" }],
    ["documents", "vllm", { query: "q", documents: [] }],
    ["documents.1", "vllm", { query: "q", documents: ["a", 5] }],
    ["top_n", "vllm", { query: "q", documents, top_n: -1 }],
    ["top_n", "vllm", { query: "q", documents, top_n: "2" }],
    ["input", "dashscope", {}],
    ["input.query", "dashscope", { input: { documents } }],
    ["input.documents.0", "dashscope", { input: { query: "q", documents: [{ image: "x" }] } }],
    ["parameters", "dashscope", { input: { query: "q", documents }, parameters: 5 }],
    ["parameters.instruct", "dashscope", { input: { query: "q", documents }, parameters: { instruct: 5 } }],
  ])("%s", (param, client, body) => {
    const refuse = (): unknown => exchange(singleCall(clients[client], vllmRerank), { body });
    expect(refuse).toThrow(GatewayError);
    expect(refuse).toThrow(expect.objectContaining({ code: "invalid_request", param }));
  });
});

describe("an answer that cannot be read is an error", () => {
  test.each<[name: string, service: keyof typeof services, reply: unknown, status: number]>([
    ["no JSON", "vllm", "<html>", 502],
    ["no ranks", "vllm", {}, 502],
    ["a rank of no document", "vllm", { results: [{ index: 3, relevance_score: 1 }] }, 502],
    ["a rank below zero", "cohere", { results: [{ index: -1, relevance_score: 1 }] }, 502],
    ["no score", "cohere", { results: [{ index: 0 }] }, 502],
    ["null", "cohere", null, 502],
    ["an error", "vllm", { error: { message: "m", code: 429 } }, 429],
    ["DashScope's error", "dashscope", { code: "Throttling", message: "m" }, 429],
    ["DashScope without output", "dashscope", { output: null }, 502],
  ])("%s", (_, service, reply, status) => {
    const { answer } = exchange(singleCall(vllmRerankClient, services[service]), {
      body: asked.vllm,
      answers: [reply],
    });
    expect(answer).toMatchObject({ status });
  });
});

describe("recorded ranks", () => {
  const recordings = loadRecordings("rerank");

  test(`${recordings.length} recordings of Cohere, Voyage and Together are read`, () => {
    expect(recordings).toHaveLength(3);
  });

  test.each(recordings.map((recording) => [recording.name, recording] as const))("%s", (name, recording) => {
    const reply = parseExactJson(recording.body.toString()) as {
      readonly results?: readonly JsonObject[];
      readonly data?: readonly JsonObject[];
      readonly usage?: { readonly total_tokens: number };
    };
    const request = JSON.parse(recording.requestBody?.toString() ?? "{}") as {
      documents?: readonly string[];
    };
    // One recording is without its request.
    const texts = request.documents ?? Array.from({ length: 20 }, (_, index) => `document ${index}`);
    const service = name.includes("cohere") ? cohereRerank : vllmRerank;
    const { answer } = exchange(singleCall(vllmRerankClient, service), {
      body: { query: "q", documents: texts },
      answers: [recording.body.toString()],
    });
    const expected = (reply.results ?? reply.data ?? []).map(({ index, relevance_score: score }) => ({
      index,
      document: { text: texts[Number(index)] },
      relevance_score: score,
    }));
    expect(answer).toMatchObject({
      results: expected,
      usage: { total_tokens: reply.usage?.total_tokens ?? 0 },
    });
  });
});
