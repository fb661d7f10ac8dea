// Every row of the provider catalogue, tested as a service: where its models are listed, how its key is sent, in which shape
// the list comes, and what is called, against a stand-in in the vendor's place.
import { expect, test } from "vitest";
import type { ServiceProtocol } from "../src/core/protocol.ts";
import { providers } from "../src/providers/catalog.ts";
import type { ProviderId } from "../src/resources/provider-id.ts";
import { createKeeper } from "./support/keeper.ts";
import { course, key, run, startTested, type Respond } from "./support/tested-service.ts";

const keep = createKeeper();

/** How a vendor writes its list of models. */
const lists = {
  data: { object: "list", data: [{ id: "model-a", object: "model" }] },
  anthropic: { data: [{ type: "model", id: "model-a", display_name: "A" }], has_more: false },
  gemini: { models: [{ name: "models/model-a", supportedGenerationMethods: ["generateContent"] }] },
  bare: [{ id: "model-a", object: "model" }],
  elevenlabs: [{ model_id: "model-a", name: "Model A" }],
} as const;

/** The smallest answers, by the end of the path that is called. */
const answers: readonly (readonly [end: RegExp, body: object])[] = [
  [/\/chat\/completions$/u, { choices: [{ message: { content: "H" }, finish_reason: "length" }] }],
  [/\/messages$/u, { content: [{ type: "text", text: "H" }], stop_reason: "max_tokens" }],
  [/:generateContent$/u, { candidates: [{ content: { parts: [{ text: "H" }] }, finishReason: "STOP" }] }],
  [/\/converse$/u, { output: { message: { content: [{ text: "H" }] } }, stopReason: "max_tokens" }],
];

interface Expected {
  /** Null: it has no list; the message says so. */
  readonly list: readonly [path: string, shape: keyof typeof lists] | null;
  /** Where the key is tried, if not with the list. */
  readonly tried?: string;
  /** Null: it does not chat. */
  readonly call: string | null;
  readonly auth: readonly [header: string, value: string];
  readonly fields?: object;
}

const bearer = ["authorization", `Bearer ${key}`] as const;
const chat = (base: string): Expected => ({
  list: [`${base}/models`, "data"],
  call: `${base}/chat/completions`,
  auth: bearer,
});

const rows: Readonly<Record<Exclude<ProviderId, "simulator">, Expected>> = {
  openai: chat("/v1"),
  "openai-compatible": chat("/v1"),
  "azure-openai": { ...chat("/openai/v1"), auth: ["api-key", key] },
  anthropic: {
    list: ["/v1/models?limit=1000", "anthropic"],
    call: "/v1/messages",
    auth: ["x-api-key", key],
  },
  "anthropic-compatible": {
    list: ["/v1/models?limit=1000", "anthropic"],
    call: "/v1/messages",
    auth: ["x-api-key", key],
  },
  gemini: {
    list: ["/v1beta/models?pageSize=1000", "gemini"],
    call: "/v1beta/models/model-a:generateContent",
    auth: ["x-goog-api-key", key],
  },
  vertex: {
    list: null,
    call: "/v1/projects/p/locations/europe-west4/publishers/google/models/model-a:generateContent",
    auth: ["authorization", "Bearer ya29.token"],
    fields: {
      region: "europe-west4",
      project: "p",
      apiKeys: [{ name: "main", value: "ya29.token" }],
    },
  },
  bedrock: { list: null, call: "/model/model-a/converse", auth: bearer, fields: { region: "eu-west-1" } },
  dashscope: chat("/compatible-mode/v1"),
  deepseek: chat("/v1"),
  moonshot: chat("/v1"),
  zhipu: chat("/api/paas/v4"),
  minimax: chat("/v1"),
  doubao: chat("/api/v3"),
  hunyuan: chat("/v1"),
  baichuan: chat("/v1"),
  yi: chat("/v1"),
  stepfun: chat("/v1"),
  spark: chat("/v1"),
  qianfan: chat("/v2"),
  mistral: chat("/v1"),
  cohere: chat("/compatibility/v1"),
  groq: chat("/openai/v1"),
  xai: chat("/v1"),
  together: { ...chat("/v1"), list: ["/v1/models", "bare"] },
  fireworks: chat("/inference/v1"),
  openrouter: { ...chat("/api/v1"), tried: "/api/v1/key" },
  perplexity: { ...chat(""), list: null },
  nvidia: chat("/v1"),
  huggingface: chat("/v1"),
  "github-models": { ...chat("/inference"), list: null },
  siliconflow: chat("/v1"),
  voyage: { list: null, call: null, auth: bearer },
  jina: { list: null, call: null, auth: bearer },
  elevenlabs: {
    list: ["/v1/models", "elevenlabs"],
    call: "/v1/chat/completions",
    auth: ["xi-api-key", key],
  },
  vllm: chat("/v1"),
  sglang: chat("/v1"),
  ollama: chat("/v1"),
  "lm-studio": chat("/v1"),
  "llama-cpp": chat("/v1"),
  comfyui: { list: null, tried: "/system_stats", call: null, auth: ["authorization", ""] },
};

test("there is a row for every provider but the simulator, which is tested as itself", () => {
  expect(providers.map(({ id }) => id).filter((id) => id !== "simulator")).toEqual(Object.keys(rows));
});

function standIn({ list, call, tried }: Expected): Respond {
  return ({ method, url }, response) => {
    const found =
      method === "GET"
        ? url === list?.[0]
          ? lists[list[1]]
          : url === tried
            ? { data: {} }
            : undefined
        : url === call
          ? answers.find(([end]) => end.test(url))?.[1]
          : undefined;
    response
      .writeHead(found === undefined ? 404 : 200, { "content-type": "application/json" })
      .end(JSON.stringify(found ?? { error: { message: `nothing at ${url}` } }));
  };
}

test.each(Object.entries(rows))("%s", async (provider, expected) => {
  const service = await startTested(keep, standIn(expected));
  const own: { readonly protocol: ServiceProtocol; readonly baseUrl: string } = {
    protocol: "openai",
    baseUrl: service.url,
  };
  const place = provider === "elevenlabs" ? { protocols: [own] } : { baseUrl: service.url };
  const report = await run(
    { provider, ...place, apiKeys: [{ name: "main", value: key }], ...expected.fields },
    { model: expected.list === null ? "model-a" : undefined },
  );
  expect(report).toMatchObject({ ok: true, models: expected.list === null ? [] : ["model-a"] });
  const { list, tried, call } = expected;
  const wanted = [
    ...(tried === undefined ? [] : [`GET ${tried}`]),
    ...(list === null ? [] : [`GET ${list[0]}`]),
    ...(call === null ? [] : [`POST ${call}`]),
  ];
  expect(service.seen.map(({ method, url }) => `${method} ${url}`).toSorted()).toEqual(wanted.toSorted());
  const [header, value] = expected.auth;
  for (const { headers } of service.seen) expect(headers[header] ?? "").toBe(value);
  // What does not apply is said, and the test goes on.
  const marks = course(report);
  expect(marks).toContain(list === null ? ".models" : "+models");
  expect(marks).toContain(call === null ? ".call" : "+call");
});
