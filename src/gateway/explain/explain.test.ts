import { hash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { serviceAt } from "../../../test/support/configuration.ts";
import { snapshotOf } from "../../../test/support/gateway.ts";
import { toolsOf } from "./explain-fixture.ts";
import { explain, explainAbsent } from "./explain.ts";
import type { Explanation } from "./explanation.ts";
import type { ImaginedRequest } from "./imagined-call.ts";
import { createReadingPlan } from "./reading-plan.ts";
import { rowNames } from "../targets/row-names.ts";
import { testSurroundings, type TestSurroundings } from "../runtime-fixture.ts";

const key = "consumer-key-0123456789";
const ended = "2001-01-01T00:00:00Z";

const consumer = (name: string, value: string, fields: object = {}) => ({
  name,
  credentials: [{ type: "api-key", name: "main", value, ...fields }],
});

const api = (name: string, fields: object = {}) => ({
  name,
  useCase: "text-generation",
  protocols: ["openai"],
  basePath: `/${name}`,
  modelService: { mode: "single", target: { service: "a", model: "m" } },
  ...fields,
});

const auth = {
  enabled: true,
  apiKeySources: [{ in: "bearer" }, { in: "header", name: "x-key" }, { in: "query", name: "key" }],
  grants: [{ consumer: "app" }, { consumer: "over", expiresAt: ended }, { consumer: "late" }],
};

const document = {
  services: [
    serviceAt("https://a.test/base/v1", "openai", { name: "a" }),
    serviceAt("https://b.test", "openai", { name: "b", enabled: false }),
    serviceAt("https://c.test", "anthropic", { name: "c" }),
  ],
  consumers: [
    consumer("app", key),
    consumer("over", "over-key-0123456789"),
    consumer("late", "late-key-0123456789", { expiresAt: ended }),
    consumer("other", "other-key-0123456789"),
  ],
  modelApis: [
    api("chat", {
      fallback: { on: ["timeout"], targets: [{ service: "b" }, { service: "a", firstPacketTimeoutMs: 7 }] },
      firstPacketTimeoutMs: 5,
    }),
    api("stripped", { stripBasePath: true, modelService: { mode: "single", target: { service: "a" } } }),
    api("named", {
      modelService: { mode: "by-model-name", rules: [{ pattern: "q-*", target: { service: "a" } }] },
    }),
    api("guarded", { auth }),
    api("hosted", { domains: ["api.example.com"], basePath: "/" }),
    api("weighed", {
      modelService: {
        mode: "by-weight",
        targets: [
          { service: "a", weight: 7 },
          { service: "a", model: "m", weight: 3 },
        ],
      },
    }),
    api("measured", {
      modelService: { mode: "by-metrics", targets: [{ service: "a" }, { service: "a", model: "m" }] },
    }),
    api("inner", { basePath: "/chat/inner" }),
    api("shaped", {
      ipAccess: { allow: ["10.0.0.0/8"], deny: ["10.6.0.0/16"] },
      prompt: { systemPrefix: "Be kind." },
      parameters: { maxTokens: { default: 10, maximum: 20 } },
      transform: { responseHeaders: { remove: ["x-vendor"] } },
    }),
  ],
};

const snapshot = snapshotOf(document);

function ask(
  name: string,
  request: Partial<ImaginedRequest> = {},
  surroundings: TestSurroundings = testSurroundings(),
): Promise<Explanation> {
  const config = snapshot.apis.get(name);
  if (config === undefined) throw new Error(`no ${name}`);
  const whole = {
    method: "POST",
    path: `/${name}/v1/chat/completions`,
    headers: ["host", "localhost"],
    body: undefined,
    ...request,
  };
  return explain(createReadingPlan(snapshot, surroundings), config, whole, toolsOf(surroundings));
}

const bearer = (value: string) => ({ headers: ["host", "localhost", "authorization", `Bearer ${value}`] });

test("a request that is sent: route, policies, decision, targets in order", async () => {
  expect(await ask("chat", { body: '{"model":"asked","stream":true}' })).toEqual({
    route: "create-chat-completion",
    protocol: "openai",
    reason: "",
    policies: [{ name: "authentication", verdict: "off", reason: "anyone may call" }],
    refusal: null,
    decision: {
      mode: "single",
      reason: "the only target",
      candidates: [{ service: "a", model: "m", reason: "" }],
    },
    order: [
      {
        service: "a",
        model: "m",
        url: "https://a.test/base/v1/chat/v1/chat/completions",
        standing: "ready",
        reason: "",
        firstPacketTimeoutMs: 5,
      },
    ],
    fallback: [
      {
        service: "b",
        model: "asked",
        url: "https://b.test/chat/v1/chat/completions",
        standing: "disabled",
        reason: expect.stringContaining("disabled"),
        firstPacketTimeoutMs: 5,
      },
      expect.objectContaining({ service: "a", model: "asked", standing: "ready", firstPacketTimeoutMs: 7 }),
    ],
    fallbackOn: ["timeout"],
  });
});

test.each([
  ["the base path taken off, the version written once", {}, "https://a.test/base/v1/chat/completions"],
  [
    "a query as it is",
    { path: "/stripped/v1/chat/completions?a=%41" },
    "https://a.test/base/v1/chat/completions?a=%41",
  ],
])("the address of the service, with %s", async (_name, request, url) => {
  expect((await ask("stripped", request)).order).toMatchObject([{ url, model: "" }]);
});

describe("a request that does not come to the Model API", () => {
  test.each<[string, string, Partial<ImaginedRequest>, RegExp, string | null]>([
    [
      "another API's path",
      "chat",
      { path: "/stripped/v1/completions" },
      /"stripped" takes this.* below \/stripped/,
      null,
    ],
    ["an API inside its path", "chat", { path: "/chat/inner/v1/completions" }, /"inner" takes this/, null],
    [
      "no route",
      "chat",
      { path: "/chat/v1/nothing" },
      /"chat" has no such route.*POST \/v1\/chat\/completions/,
      "route_not_found",
    ],
    [
      "a method that no route takes",
      "chat",
      { method: "PUT" },
      /PUT \/chat.*GET \/v1\/models and below/,
      "route_not_found",
    ],
    [
      "a path of no API",
      "chat",
      { path: "/nowhere?key=secret" },
      /no Model API has .* below \/chat\.$/,
      "route_not_found",
    ],
    [
      "a host of no API",
      "hosted",
      { path: "/v1/completions" },
      /"hosted" serves api\.example\.com/,
      "route_not_found",
    ],
    ["another API as the nearest", "hosted", { path: "/chat/x" }, /"chat" is the nearest/, "route_not_found"],
    ["a path with dots", "chat", { path: "/chat/../x" }, /dot segment/, "invalid_request"],
    ["a path with a space", "chat", { path: "/chat/v1/a b" }, /space/, "invalid_request"],
    ["two hosts", "chat", { headers: ["host", "a", "Host", "b"] }, /two Host/, "invalid_request"],
    ["a method that is never served", "chat", { method: "TRACE" }, /TRACE/, "method_not_allowed"],
    ["the health check", "chat", { method: "GET", path: "/moongate/healthz" }, /health check/, null],
  ])("%s", async (...[, name, request, reason, code]) => {
    const told = await ask(name, request);
    expect(told).toMatchObject({
      route: null,
      order: [],
      decision: null,
      reason: expect.stringMatching(reason),
    });
    expect(told.refusal?.code ?? null).toBe(code);
    expect(JSON.stringify(told)).not.toContain("secret");
  });

  test("a Model API that is switched off says so", () => {
    expect(explainAbsent("x")).toMatchObject({
      route: null,
      reason: expect.stringMatching(/"x" is disabled/),
    });
  });
});

describe("a request that the gateway answers by itself", () => {
  test.each<[string, string, Partial<ImaginedRequest>, RegExp]>([
    ["the list of models", "chat", { method: "GET", path: "/chat/v1/models" }, /names of the models/],
    ["what browsers ask", "chat", { method: "OPTIONS" }, /OPTIONS/],
  ])("%s", async (...[, name, request, reason]) => {
    const told = await ask(name, request);
    expect(told).toMatchObject({
      refusal: null,
      decision: null,
      order: [],
      reason: expect.stringMatching(reason),
    });
    expect(told.route).not.toBeNull();
  });

  test.each<[string, string, Partial<ImaginedRequest>, object, RegExp]>([
    [
      "a body that is no JSON",
      "chat",
      { body: "{" },
      { status: 400, code: "invalid_request" },
      /not valid JSON/,
    ],
    [
      "a compressed body",
      "chat",
      { headers: ["host", "h", "content-encoding", "gzip"] },
      { status: 415, code: "invalid_request" },
      /uncompressed/,
    ],
    ["an expectation", "chat", { headers: ["host", "h", "expect", "x"] }, { status: 417 }, /100-continue/],
    [
      "a model that no rule takes",
      "named",
      { body: '{"model":"gpt"}' },
      { status: 404, code: "model_not_found" },
      /gpt/,
    ],
  ])("%s", async (...[, name, request, refusal, reason]) => {
    const told = await ask(name, request);
    expect(told).toMatchObject({ route: "create-chat-completion", refusal, order: [], fallback: [] });
    expect(JSON.stringify(told)).toMatch(reason);
  });
});

describe("authentication", () => {
  test.each<[string, Partial<ImaginedRequest>, RegExp]>([
    ["a key of a consumer with a grant", bearer(key), /consumer "app" by its credential "main"/],
    ["in a header", { headers: ["host", "h", "x-key", key] }, /"app"/],
    ["in the query", { path: `/guarded/v1/chat/completions?key=${key}&a=1` }, /"app"/],
  ])("is passed by %s", async (_name, request, reason) => {
    const told = await ask("guarded", request);
    expect(told.policies).toEqual([
      { name: "authentication", verdict: "passed", reason: expect.stringMatching(reason) },
    ]);
    expect(told).toMatchObject({ refusal: null, order: [{ service: "a" }] });
    expect(JSON.stringify(told)).not.toContain(key);
  });

  test.each<[string, Partial<ImaginedRequest>, number, RegExp]>([
    ["no key", {}, 401, /^no API key in Authorization: Bearer, header x-key, query parameter key$/],
    ["an unknown key", bearer("unknown-key-0123456789"), 401, /no enabled consumer/],
    [
      "an expired key",
      bearer("late-key-0123456789"),
      401,
      /credential "main" of consumer "late" ended at 2001/,
    ],
    ["no grant", bearer("other-key-0123456789"), 403, /"other" has no grant/],
    ["an expired grant", bearer("over-key-0123456789"), 403, /grant of consumer "over" ended at 2001/],
  ])("refuses %s, and what would follow is told all the same", async (_name, request, status, reason) => {
    const told = await ask("guarded", request);
    expect(told.policies).toEqual([
      { name: "authentication", verdict: "refused", reason: expect.stringMatching(reason) },
    ]);
    expect(told).toMatchObject({ refusal: { status }, order: [{ service: "a" }] });
    expect(JSON.stringify(told)).not.toContain("-key-0123456789");
  });
});

describe("what others have learnt is seen, and nothing is changed:", () => {
  type Service = NonNullable<ReturnType<ReturnType<typeof createReadingPlan>["services"]["get"]>>;

  /** As a worker would, over the same memory. */
  function worker(surroundings: TestSurroundings): Service {
    const service = createReadingPlan(snapshot, surroundings).services.get("a");
    if (service === undefined) throw new Error("no service");
    return service;
  }

  function memoryOf({ shared: { cells, rows, rowOf } }: TestSurroundings): unknown {
    return {
      rows: hash("sha256", new Uint8Array(rows.values.buffer.slice(0))),
      counts: [...rowNames(snapshot)].map((name) => cells.sum(rowOf(name))),
    };
  }

  const rests = (service: Service): void => {
    const used = service.keys.pick([]);
    if (used !== undefined) service.keys.rateLimited(used, 5_000);
  };
  const fails = (service: Service, clock: TestSurroundings["clock"]): void => {
    for (let sends = 0; sends < 5; sends += 1) {
      const measure = { promptTokens: 1, stream: false, trial: false };
      service.target("m").observe(clock.nowMs, measure).failed(clock.nowMs, "network-error");
    }
  };

  test.each(["chat", "weighed", "measured"])("the pick of %s is the same when asked again", async (name) => {
    const surroundings = testSurroundings();
    const plan = createReadingPlan(snapshot, surroundings);
    const before = memoryOf(surroundings);
    const config = snapshot.apis.get(name);
    if (config === undefined) throw new Error(`no ${name}`);
    const path = `/${name}/v1/chat/completions`;
    const request = {
      method: "POST",
      path,
      headers: ["host", "localhost"],
      body: '{"model":"x","stream":true}',
    };
    const told = await Promise.all(
      [1, 2, 3].map(() => explain(plan, config, request, toolsOf(surroundings))),
    );
    expect(told[0]).toMatchObject({
      decision: {
        mode: config.modelService.mode,
        reason: expect.stringMatching(/./),
        candidates: expect.any(Array),
      },
      order: [{ service: "a", standing: "ready" }],
    });
    expect(told[1]).toEqual(told[0]);
    expect(told[2]).toEqual(told[0]);
    expect(memoryOf(surroundings)).toEqual(before);
  });

  test.each<[string, (service: Service, clock: TestSurroundings["clock"]) => void, string, RegExp]>([
    ["a key that rests", rests, "resting", /rests after a rate limit/],
    ["a target that is ejected", fails, "ejected", /ejected/],
    [
      "a trial that is due, and stays so",
      (service, clock) => {
        fails(service, clock);
        clock.nowMs += 60_000;
      },
      "trial",
      /tries it again/,
    ],
  ])("%s", async (...[, learn, standing, reason]) => {
    const surroundings = testSurroundings();
    learn(worker(surroundings), surroundings.clock);
    const before = memoryOf(surroundings);
    for (const _ of [1, 2]) {
      expect((await ask("chat", {}, surroundings)).order).toMatchObject([
        { service: "a", standing, reason: expect.stringMatching(reason) },
      ]);
    }
    expect(memoryOf(surroundings)).toEqual(before);
  });
});

test("what is changed on the way, and whose addresses are let in, is told", async () => {
  const { policies } = await ask("shaped", { path: "/shaped/v1/chat/completions", body: '{"model":"m"}' });
  expect(policies).toEqual([
    {
      name: "addresses",
      verdict: "passed",
      reason: "calls may come from 10.0.0.0/8 only, never from 10.6.0.0/16",
    },
    { name: "authentication", verdict: "off", reason: "anyone may call" },
    {
      name: "shaping",
      verdict: "passed",
      reason:
        "changes parameter maxTokens, 10 where none is given, at most 20; the system prompt; headers of answers",
    },
  ]);
});
