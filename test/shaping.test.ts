// What the owner of a Model API puts into requests and answers, and whose addresses he lets in, over sockets.
import { describe, expect, test } from "vitest";
import { apiOf, serviceAt } from "./support/configuration.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { createKeeper } from "./support/keeper.ts";
import { exchange, type Answer } from "./support/raw-client.ts";
import { startRawUpstream, type RawUpstream } from "./support/raw-upstream.ts";

const keep = createKeeper();

const body =
  '{"id":"1","choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}]}';
const answer = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-vendor: v\r\nx-old: o\r\ncontent-length: ${body.length}\r\n\r\n${body}`;

interface Scene {
  readonly gateway: Gateway;
  readonly upstream: RawUpstream;
}

async function sceneOf(fields: object, trustedProxies: readonly string[] = []): Promise<Scene> {
  const upstream = keep(
    await startRawUpstream({ onRequest: ({ connection }) => connection.socket.write(answer) }),
  );
  const gateway = keep(
    await startGateway(
      {
        services: [
          serviceAt(upstream.url, "openai", {
            protocols: ["openai", "openai-responses", "anthropic", "dashscope", "gemini"].map((protocol) => ({
              protocol,
              baseUrl: upstream.url,
            })),
          }),
        ],
        modelApis: [
          apiOf("openai", {
            protocols: ["openai", "anthropic", "dashscope", "gemini"],
            routes: { enabled: ["responses", "gemini-models", "dashscope-text-generation"] },
            ...fields,
          }),
        ],
      },
      { trustedProxies },
    ),
  );
  return { gateway, upstream };
}

const chat = "/v1/chat/completions";

async function send(
  { gateway }: Scene,
  request: { path: string; body: unknown; headers?: [string, string][] },
): Promise<Answer> {
  const { path, headers } = request;
  const text = typeof request.body === "string" ? request.body : JSON.stringify(request.body);
  return exchange(gateway.port, { path, body: text, headers });
}

/** What the service got of a request. */

async function sentBody({ upstream, gateway }: Scene): Promise<string> {
  // Refused requests never come, and must not be waited for.
  expect(gateway.records.map(({ attempts }) => attempts.length)).toEqual([1]);
  return (await upstream.request(0)).body.toString();
}

const user = { role: "user", content: "hi" };
const rules = { prompt: { systemPrefix: "Be kind.", systemSuffix: "Never swear." } };
const both = "Be kind.\n\nNever swear.";

describe("a system prompt around that of the client", () => {
  test.each<[string, string, object, object]>([
    ["chat without one", chat, { messages: [user] }, { messages: [{ role: "system", content: both }, user] }],
    [
      "chat with a text",
      chat,
      { messages: [{ role: "system", content: "Be brief." }, user] },
      { messages: [{ role: "system", content: "Be kind.\n\nBe brief.\n\nNever swear." }, user] },
    ],
    [
      "chat with a developer message in parts",
      chat,
      { messages: [{ role: "developer", content: [{ type: "text", text: "Be brief." }] }, user] },
      {
        messages: [
          {
            role: "developer",
            content: [
              { type: "text", text: "Be kind." },
              { type: "text", text: "Be brief." },
              { type: "text", text: "Never swear." },
            ],
          },
          user,
        ],
      },
    ],
    [
      "chat without messages at all",
      chat,
      { messages: [] },
      { messages: [{ role: "system", content: both }] },
    ],
    [
      "a prompt without roles",
      "/v1/completions",
      { prompt: "Once" },
      { prompt: "Be kind.\n\nOnce\n\nNever swear." },
    ],
    [
      "several prompts",
      "/v1/completions",
      { prompt: ["a", "b"] },
      { prompt: ["Be kind.\n\na\n\nNever swear.", "Be kind.\n\nb\n\nNever swear."] },
    ],
    ["Responses", "/v1/responses", { input: "hi" }, { input: "hi", instructions: both }],
    [
      "Anthropic with a text",
      "/v1/messages",
      { max_tokens: 9, system: "Be brief.", messages: [user] },
      { max_tokens: 9, system: "Be kind.\n\nBe brief.\n\nNever swear.", messages: [user] },
    ],
    [
      "Anthropic with blocks",
      "/v1/messages",
      {
        max_tokens: 9,
        system: [{ type: "text", text: "x", cache_control: { type: "ephemeral" } }],
        messages: [],
      },
      {
        max_tokens: 9,
        system: [
          { type: "text", text: "Be kind." },
          { type: "text", text: "x", cache_control: { type: "ephemeral" } },
          { type: "text", text: "Never swear." },
        ],
        messages: [],
      },
    ],
    [
      "DashScope with messages",
      "/api/v1/services/aigc/text-generation/generation",
      { input: { messages: [user] } },
      { input: { messages: [{ role: "system", content: both }, user] } },
    ],
    [
      "DashScope with a prompt",
      "/api/v1/services/aigc/text-generation/generation",
      { input: { prompt: "hi" } },
      { input: { prompt: "Be kind.\n\nhi\n\nNever swear." } },
    ],
    [
      "Gemini",
      "/v1beta/models/g:generateContent",
      { contents: [{ parts: [{ text: "hi" }] }] },
      { contents: [{ parts: [{ text: "hi" }] }], systemInstruction: { parts: [{ text: both }] } },
    ],
    [
      "Gemini in its other spelling",
      "/v1beta/models/g:generateContent",
      { contents: [], system_instruction: { parts: [{ text: "x" }] } },
      {
        contents: [],
        system_instruction: { parts: [{ text: "Be kind." }, { text: "x" }, { text: "Never swear." }] },
      },
    ],
  ])("%s", async (_name, path, asked, expected) => {
    const scene = await sceneOf(rules);
    await send(scene, { path, body: { model: "m", ...asked } });
    const sent: unknown = JSON.parse(await sentBody(scene));
    expect(sent).toMatchObject(expected);
    expect(Object.keys(Object(sent))).toHaveLength(Object.keys(expected).length + 1);
  });

  test("a repeated list of messages is no way around it", async () => {
    const scene = await sceneOf(rules);
    const list = JSON.stringify([user]);
    await send(scene, { path: chat, body: `{"model":"m","messages":${list},"messages":${list}}` });
    expect((await sentBody(scene)).split("Be kind.")).toHaveLength(3);
  });

  test("token arrays are no way around it", async () => {
    const scene = await sceneOf(rules);
    const refused = await send(scene, { path: "/v1/completions", body: { model: "m", prompt: [1, 2] } });
    expect([refused.status, refused.json()]).toMatchObject([
      400,
      { error: { code: "invalid_request", param: "prompt" } },
    ]);
    expect(scene.upstream.requests).toEqual([]);
  });
});

describe("parameters", () => {
  const parameters = {
    maxTokens: { maximum: 100 },
    temperature: { default: 0.2, maximum: 1 },
    n: { maximum: 2 },
  };

  test.each<[string, string, object, object, string | undefined]>([
    ["nothing said", chat, {}, { max_tokens: 100, temperature: 0.2 }, undefined],
    [
      "too much asked",
      chat,
      { max_tokens: 5000, n: 9, temperature: 2 },
      { max_tokens: 100, n: 2, temperature: 1 },
      "max_tokens;clamped, temperature;clamped, n;clamped",
    ],
    [
      "within the limits",
      chat,
      { max_completion_tokens: 50, temperature: 0.9 },
      { max_completion_tokens: 50, temperature: 0.9 },
      undefined,
    ],
    [
      "the other name of the limit",
      chat,
      { max_completion_tokens: 500, temperature: 0 },
      { max_completion_tokens: 100, temperature: 0 },
      "max_completion_tokens;clamped",
    ],
    [
      "a number in quotes",
      chat,
      { max_tokens: "5000", temperature: 0 },
      { max_tokens: 100 },
      "max_tokens;clamped",
    ],
    ["null", chat, { max_tokens: null, temperature: 0 }, { max_tokens: 100 }, undefined],
    [
      "Anthropic",
      "/v1/messages",
      { max_tokens: 500, temperature: 0 },
      { max_tokens: 100, temperature: 0 },
      "max_tokens;clamped",
    ],
    ["Responses", "/v1/responses", { input: "x" }, { max_output_tokens: 100, temperature: 0.2 }, undefined],
    [
      "DashScope",
      "/api/v1/services/aigc/text-generation/generation",
      { input: {}, parameters: { max_tokens: 101, n: 3 } },
      { parameters: { max_tokens: 100, n: 2, temperature: 0.2 } },
      "parameters.max_tokens;clamped, parameters.n;clamped",
    ],
    [
      "Gemini",
      "/v1beta/models/g:generateContent",
      { contents: [], generation_config: { max_output_tokens: 900 } },
      { generation_config: { max_output_tokens: 100 } },
      "generation_config.max_output_tokens;clamped",
    ],
  ])("%s", async (_name, ...[path, asked, expected, warnings]) => {
    const scene = await sceneOf({ parameters });
    const got = await send(scene, { path, body: { model: "m", ...asked } });
    expect(JSON.parse(await sentBody(scene))).toMatchObject(expected);
    expect(got.header("x-moongate-warnings")).toBe(warnings);
    const record = await scene.gateway.record(got.header("x-request-id"));
    expect(record.warnings.map(({ field, action }) => `${field};${action}`).join(", ")).toBe(warnings ?? "");
  });

  test("of a field that is there twice none is above the maximum", async () => {
    const scene = await sceneOf({ parameters: { maxTokens: { maximum: 10 } } });
    await send(scene, { path: chat, body: '{"model":"m","max_tokens":99,"max_tokens":5}' });
    expect(await sentBody(scene)).toBe('{"model":"m","max_tokens":10,"max_tokens":10}');
  });
});

describe("headers and fields", () => {
  const transform = {
    requestHeaders: { remove: ["X-Secret-Plan"], rename: { "x-team": "x-org" }, set: { "X-Env": "prod" } },
    requestBody: {
      remove: ["user", "metadata.trace"],
      rename: { seed: "random_seed" },
      set: { store: false, "extra.tier": [1] },
    },
    responseHeaders: { remove: ["x-vendor"], rename: { "x-old": "x-new" }, set: { "x-served-by": "us" } },
  };

  test("what comes is changed before it goes on, and nothing else is", async () => {
    const scene = await sceneOf({ transform });
    const got = await send(scene, {
      path: chat,
      body: '{"model":"m","user":"u","metadata":{"trace":1,"keep":1.50},"seed": 7}',
      headers: [
        ["x-secret-plan", "a"],
        ["X-Team", "b"],
        ["x-env", "dev"],
        ["x-other", "c"],
      ],
    });
    const request = await scene.upstream.request(0);
    expect(request.body.toString()).toBe(
      '{"model":"m","metadata":{"keep":1.50},"random_seed": 7,"store":false,"extra":{"tier":[1]}}',
    );
    const names = ["x-secret-plan", "x-team", "x-org", "x-env", "x-other"];
    expect(names.map((name) => request.header(name))).toEqual([undefined, undefined, "b", "prod", "c"]);
    const answered = ["x-vendor", "x-old", "x-new", "x-served-by"].map((name) => got.header(name));
    expect(answered).toEqual([undefined, undefined, "o", "us"]);
    expect(got.text()).toBe(body);
  });

  test("without policies every byte stays", async () => {
    const scene = await sceneOf({});
    const text = '{ "model" : "m","user":"u", "n":1.0e0 }';
    await send(scene, { path: chat, body: text });
    expect(await sentBody(scene)).toBe(text);
  });
});

describe("addresses", () => {
  test.each<[string, object, [string, string][], number]>([
    ["nothing said", {}, [], 200],
    ["a network that is let in", { allow: ["127.0.0.0/8"] }, [], 200],
    ["another network", { allow: ["10.0.0.0/8"] }, [], 403],
    ["one that is kept out", { deny: ["127.0.0.1"] }, [], 403],
    ["both: kept out", { allow: ["127.0.0.0/8"], deny: ["127.0.0.1"] }, [], 403],
    ["a client that claims an address", { allow: ["10.0.0.0/8"] }, [["x-forwarded-for", "10.0.0.1"]], 403],
  ])("%s", async (_name, ipAccess, headers, status) => {
    const scene = await sceneOf({ ipAccess });
    const got = await send(scene, { path: chat, body: { model: "m" }, headers });
    expect(got.status).toBe(status);
    expect(scene.upstream.requests).toHaveLength(status === 200 ? 1 : 0);
  });

  test("behind a proxy that is trusted the client's own address counts, in the record too", async () => {
    const scene = await sceneOf({ ipAccess: { allow: ["198.51.100.0/24"] } }, ["127.0.0.1"]);
    const forwarded = (address: string): [string, string][] => [
      ["x-forwarded-for", `203.0.113.1, ${address}`],
    ];
    const good = await send(scene, { path: chat, body: { model: "m" }, headers: forwarded("198.51.100.7") });
    const bad = await send(scene, { path: chat, body: { model: "m" }, headers: forwarded("192.0.2.1") });
    expect([good.status, bad.status, bad.json()]).toMatchObject([
      200,
      403,
      { error: { code: "consumer_not_allowed" } },
    ]);
    expect((await scene.gateway.record(good.header("x-request-id"))).clientIp).toBe("198.51.100.7");
    expect((await scene.upstream.request(0)).header("x-forwarded-for")).toBeUndefined();
  });
});
