// The list of models: asked over sockets and with the official client libraries, answered by the gateway or by a service.
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiOf, serviceAt } from "./support/configuration.ts";
import { expectOwnError } from "./support/error-shapes.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import type { CaseProtocol } from "./support/protocol-cases.ts";
import { exchange, type Answer } from "./support/raw-client.ts";
import { startRawUpstream, type RawUpstream } from "./support/raw-upstream.ts";

const key = "consumer-key-0123456789";
const version = ["anthropic-version", "2023-06-01"] as const;
const upstreamList = '{"object":"list","data":[{"id":"of-the-service"}]}';

let upstream: RawUpstream;
let gateway: Gateway;

beforeAll(async () => {
  upstream = await startRawUpstream({
    onRequest: ({ connection, method }) => {
      const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${upstreamList.length}\r\n\r\n`;
      connection.socket.write(method === "HEAD" ? head : head + upstreamList);
    },
  });
  const { url } = upstream;
  const both = [
    { protocol: "openai", baseUrl: `${url}/as-openai` },
    { protocol: "anthropic", baseUrl: `${url}/as-anthropic` },
  ];
  const models = ["qwen-max", "meta/llama", "gpt-5"].map((name) => ({ name }));
  const protocols = ["openai", "anthropic"];
  const rules = [
    { pattern: "meta/*", target: { service: "both" } },
    { pattern: "fast", target: { service: "both", model: "gpt-5" } },
  ];
  const narrow = {
    protocols,
    stripBasePath: true,
    auth: {
      enabled: true,
      grants: [
        { consumer: "app", models: ["meta/*"] },
        { consumerGroup: "team", models: ["own-model", "gpt-?"] },
        { consumerGroup: "former", expiresAt: "2020-01-01T00:00:00Z" },
      ],
    },
  };
  gateway = await startGateway({
    services: [serviceAt(url, "openai", { name: "both", protocols: both, models })],
    consumers: [
      {
        name: "app",
        groups: ["team", "former"],
        credentials: [{ type: "api-key", name: "main", value: key }],
      },
    ],
    modelApis: [
      to("passing", { mode: "single", target: { service: "both" } }, { protocols, stripBasePath: true }),
      to("named", { mode: "by-model-name", rules }, { protocols }),
      to("weighed", { mode: "by-weight", targets: [{ service: "both", weight: 1 }] }),
      to("claude", { mode: "single", target: { service: "both", model: "m" } }, { protocols: ["anthropic"] }),
      to(
        "off",
        { mode: "single", target: { service: "both", model: "m" } },
        { routes: { disabled: ["models"] } },
      ),
      to(
        "guarded",
        { mode: "single", target: { service: "both", model: "m" } },
        { protocols, auth: { enabled: true, grants: [{ consumer: "app" }] } },
      ),
      to("narrow", { mode: "by-model-name", rules }, narrow),
      to("narrow-passing", { mode: "single", target: { service: "both" } }, narrow),
    ],
  });
});

afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

function to(name: string, modelService: object, fields: object = {}) {
  return apiOf("openai", { name, basePath: `/${name}`, modelService, ...fields });
}

const ask = (
  path: string,
  headers: readonly (readonly [string, string])[] = [],
  method = "GET",
): Promise<Answer> => exchange(gateway.port, { method, path, headers });

describe("answered by the gateway", () => {
  const openai = (id: string) => ({ id, object: "model", created: 0, owned_by: "moongate" });
  const anthropic = (id: string) => ({
    type: "model",
    id,
    display_name: id,
    created_at: "1970-01-01T00:00:00Z",
  });
  const oneOfAnthropic = { data: [anthropic("m")], has_more: false, first_id: "m", last_id: "m" };

  test.each<[string, string, readonly (readonly [string, string])[], unknown]>([
    ["names of rules", "/named/v1/models", [], { object: "list", data: ["fast", "meta/llama"].map(openai) }],
    [
      "models of services",
      "/weighed/v1/models",
      [],
      { object: "list", data: ["gpt-5", "meta/llama", "qwen-max"].map(openai) },
    ],
    [
      "with a slash behind",
      "/named/v1/models/",
      [],
      { object: "list", data: ["fast", "meta/llama"].map(openai) },
    ],
    [
      "in Anthropic's shape",
      "/named/v1/models?limit=1",
      [version],
      { data: [anthropic("fast")], has_more: true, first_id: "fast", last_id: "fast" },
    ],
    [
      "to Anthropic's word also where only OpenAI is spoken",
      "/weighed/v1/models/gpt-5",
      [version],
      anthropic("gpt-5"),
    ],
    [
      "without Anthropic's word also where only that is spoken",
      "/claude/v1/models",
      [],
      { object: "list", data: [openai("m")] },
    ],
    ["of an API that speaks Anthropic", "/claude/v1/models", [version], oneOfAnthropic],
    ["one model", "/named/v1/models/fast", [], openai("fast")],
    ["one model with a slash in its name", "/named/v1/models/meta/llama", [], openai("meta/llama")],
    ["one model by an encoded name", "/named/v1/models/me%74a/llama", [], openai("meta/llama")],
    ["one model with a slash behind", "/named/v1/models/fast/", [], openai("fast")],
  ])("%s", async (...[, path, headers, body]) => {
    const answer = await ask(path, headers);
    expect({ status: answer.status, body: answer.json() }).toEqual({ status: 200, body });
    expect(answer.header("content-type")).toBe("application/json");
    const record = await gateway.record(answer.header("x-request-id"));
    expect(record).toMatchObject({
      route: "models",
      service: "",
      status: 200,
      outcome: "ok",
      errorCode: "",
      attempts: [],
      decision: null,
    });
  });

  test("HEAD has the length of the list and no body", async () => {
    const whole = await ask("/named/v1/models");
    const head = await ask("/named/v1/models", [], "HEAD");
    expect({ status: head.status, length: head.header("content-length"), body: head.text() }).toEqual({
      status: 200,
      length: String(whole.text().length),
      body: "",
    });
  });

  test("no service was asked for any of it", () => {
    expect(upstream.requests).toEqual([]);
  });

  interface Refused {
    readonly path: string;
    readonly method?: string;
    readonly headers?: readonly (readonly [string, string])[];
    readonly protocol?: CaseProtocol;
    readonly status?: number;
    readonly code: string;
  }
  test.each<[string, Refused]>([
    ["a model that no rule takes", { path: "/named/v1/models/gpt-5", code: "model_not_found" }],
    [
      "the same in Anthropic's shape",
      { path: "/named/v1/models/gpt-5", headers: [version], protocol: "anthropic", code: "model_not_found" },
    ],
    [
      "an unknown model of an API that speaks Anthropic",
      { path: "/claude/v1/models/x", protocol: "anthropic", code: "model_not_found" },
    ],
    ["a name that is no percent-encoding", { path: "/named/v1/models/%zz", code: "model_not_found" }],
    ["a name of 20 KB", { path: `/named/v1/models/${"a".repeat(20_000)}`, code: "model_not_found" }],
    ["an encoded slash", { path: "/named/v1/models/meta%2Fllama", status: 400, code: "invalid_request" }],
    [
      "a limit out of range",
      {
        path: "/claude/v1/models?limit=0",
        headers: [version],
        protocol: "anthropic",
        status: 400,
        code: "invalid_request",
      },
    ],
    ["another method", { path: "/named/v1/models/fast", method: "DELETE", code: "route_not_found" }],
    [
      "another method, to Anthropic's word",
      {
        path: "/named/v1/models",
        method: "POST",
        headers: [version],
        protocol: "anthropic",
        code: "route_not_found",
      },
    ],
    ["a list that is switched off", { path: "/off/v1/models", code: "route_not_found" }],
    ["a path that only begins like it", { path: "/named/v1/modelsx", code: "route_not_found" }],
    ["nobody who is known", { path: "/guarded/v1/models", status: 401, code: "invalid_credentials" }],
  ])("refuses %s", async (_name, { path, method, headers, protocol = "openai", status = 404, code }) => {
    const answer = await ask(path, headers, method);
    expectOwnError(answer, { protocol, status, code });
    expect(answer.text().length).toBeLessThan(1_000);
    const record = await gateway.record(answer.header("x-request-id"));
    expect(record).toMatchObject({ status, errorCode: code, outcome: "client_error", attempts: [] });
  });
});

describe("passed to the one service of an API without a model", () => {
  test.each<[string, string, string, readonly (readonly [string, string])[], string]>([
    ["the list", "GET", "/v1/models?x=1", [], "GET /as-openai/v1/models?x=1"],
    ["to the address of Anthropic's protocol", "GET", "/v1/models", [version], "GET /as-anthropic/v1/models"],
    ["one model", "GET", "/v1/models/meta/llama", [], "GET /as-openai/v1/models/meta/llama"],
    ["another method", "DELETE", "/v1/models/ft:mine", [], "DELETE /as-openai/v1/models/ft:mine"],
  ])("%s", async (...[, method, path, headers, expected]) => {
    const count = upstream.requests.length;
    const answer = await ask(`/passing${path}`, headers, method);
    expect({ status: answer.status, body: answer.text() }).toEqual({ status: 200, body: upstreamList });
    const request = await upstream.request(count);
    expect(`${request.method} ${request.path}`).toBe(expected);
    const record = await gateway.record(answer.header("x-request-id"));
    expect(record).toMatchObject({ route: "models", service: "both", outcome: "ok" });
  });
});

test("HEAD of a list that a service answers has its length and no body, and is no failure of the service", async () => {
  // More than eject a service that fails.
  for (let count = 0; count < 6; count += 1) {
    const answer = await ask("/passing/v1/models", [], "HEAD");
    expect({
      status: answer.status,
      length: answer.header("content-length"),
      body: answer.text(),
    }).toEqual({ status: 200, length: String(upstreamList.length), body: "" });
    const record = await gateway.record(answer.header("x-request-id"));
    expect(record).toMatchObject({ outcome: "ok", attempts: [{ outcome: "ok", reason: "" }] });
  }
});

describe("the official client libraries", () => {
  const openaiAt = (path: string) =>
    new OpenAI({ apiKey: key, baseURL: `${gateway.url}${path}/v1`, maxRetries: 0 });
  const anthropicAt = (path: string) =>
    new Anthropic({ apiKey: key, baseURL: `${gateway.url}${path}`, maxRetries: 0 });

  test("openai lists and retrieves", async () => {
    const listed: string[] = [];
    for await (const model of openaiAt("/weighed").models.list()) listed.push(model.id);
    expect(listed).toEqual(["gpt-5", "meta/llama", "qwen-max"]);
    expect(await openaiAt("/guarded").models.retrieve("m")).toMatchObject({ id: "m", object: "model" });
  });

  test("openai sees an unknown model as NotFoundError", async () => {
    const error: unknown = await openaiAt("/guarded")
      .models.retrieve("x")
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAI.NotFoundError);
    expect(error).toMatchObject({ code: "model_not_found", param: "model" });
  });

  test("anthropic walks over all pages and retrieves", async () => {
    const listed: string[] = [];
    for await (const model of anthropicAt("/named").models.list({ limit: 1 })) listed.push(model.id);
    expect(listed).toEqual(["fast", "meta/llama"]);
    expect(await anthropicAt("/guarded").models.retrieve("m")).toMatchObject({ id: "m", type: "model" });
  });

  test("anthropic sees an unknown model as NotFoundError", async () => {
    const error: unknown = await anthropicAt("/guarded")
      .models.retrieve("x")
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Anthropic.NotFoundError);
    expect(error).toMatchObject({ error: { error: { type: "not_found_error" } } });
  });
});

describe("for a consumer whose grants, its own and its groups', are for some models", () => {
  const mine = ["authorization", `Bearer ${key}`] as const;
  const ids = async (path: string): Promise<unknown> => {
    const { data } = JSON.parse((await ask(path, [mine])).text()) as { data: { id: string }[] };
    return data.map(({ id }) => id);
  };

  test("the gateway lists those that it serves and the consumer may use", async () => {
    expect(await ids("/narrow/v1/models")).toEqual(["meta/llama"]);
  });

  test("where a service would list more, the gateway lists what grants and configuration spell out", async () => {
    const asked = upstream.requests.length;
    expect(await ids("/narrow-passing/v1/models")).toEqual(["gpt-5", "meta/llama", "own-model"]);
    expect(upstream.requests.length).toBe(asked);
    const one = (id: string) => ask(`/narrow-passing/v1/models/${id}`, [mine]);
    expect([(await one("own-model")).status, (await one("qwen-max")).status]).toEqual([200, 404]);
    expect(upstream.requests.length).toBe(asked + 1);
  });

  test.each([
    ["meta/llama", 200],
    ["own-model", 200],
    ["gpt-5", 200],
    ["gpt-51", 403],
    ["qwen-max", 403],
    ["META/llama", 403],
    [undefined, 403],
  ])("model %s is answered %i", async (model, status) => {
    const asked = upstream.requests.length;
    const answer = await exchange(gateway.port, {
      path: "/narrow-passing/v1/chat/completions",
      headers: [mine],
      body: JSON.stringify({ model, messages: [] }),
    });
    if (status === 403) {
      expect(JSON.parse(answer.text())).toMatchObject({
        error: { code: "consumer_not_allowed", param: "model" },
      });
      expect([answer.status, upstream.requests.length]).toEqual([403, asked]);
    } else expect(upstream.requests.length).toBeGreaterThan(asked);
  });
});
