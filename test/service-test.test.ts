// Tests of services: what each step tells when it is the one that fails, over real sockets, once there is a connection.
import { describe, expect, test } from "vitest";
import { startSimulator } from "../src/simulator/simulator.ts";
import { startProcess } from "./support/gateway-process.ts";
import { createKeeper } from "./support/keeper.ts";
import { startRawUpstream } from "./support/raw-upstream.ts";
import { loadRecordings } from "./support/recordings.ts";
import {
  byMethod,
  course,
  faultOf,
  healthy,
  key,
  modelList,
  run,
  says,
  startTested,
  withKey,
  type Respond,
  type Seen,
} from "./support/tested-service.ts";

const keep = createKeeper();

test("a service that is as it should be passes all that applies", async () => {
  const service = await startTested(keep, healthy);
  const report = await run(withKey(service.url));
  expect(course(report)).toBe(".dns +tcp .tls +auth +models +call");
  expect(report).toMatchObject({
    ok: true,
    models: ["text-embedding-3", "gpt-a"],
    keys: [{ name: "main", ok: true, status: 200 }],
  });
  expect(service.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
    "GET /v1/models",
    "POST /v1/chat/completions",
  ]);
  const [, call] = service.seen;
  expect(call?.headers["authorization"]).toBe(`Bearer ${key}`);
  expect(JSON.parse(call?.body ?? "")).toMatchObject({ model: "gpt-a", max_tokens: 1 });
});

test("the simulator passes", async () => {
  const simulator = keep(await startSimulator({ port: 0 }));
  const report = await run({ provider: "simulator" }, { simulatorUrl: simulator.url });
  expect(course(report)).toBe(".dns +tcp .tls +auth +models +call");
  expect(report).toMatchObject({ ok: true, models: ["simulated-small", "simulated-large"], keys: [] });
});

describe("the step that fails says why, and ends the test", () => {
  const html = says(200, "<!doctype html><title>Welcome</title>", { "content-type": "text/html" });
  const quoting = says(401, JSON.stringify({ error: { message: `Wrong key ${key}.` } }));
  const escaped = says(403, `{"error":"${key.replace("/", "\\/")} may not"}`);
  const long = says(500, `${"x".repeat(1_990)}${key}${"y".repeat(5_000)}`);
  test.each<[string, Respond, string, RegExp]>([
    ["a refused key", quoting, "-auth xmodels xcall", /not accepted \(401\).*Wrong key \[secret\]/u],
    ["a key that is quoted with escapes", escaped, "-auth xmodels xcall", /\[secret\] may not/u],
    ["a long text with the key at its cut", long, "-auth xmodels xcall", /500.*x\[secret/u],
    ["a web page", html, "-auth xmodels xcall", /web page.*base URL/u],
    [
      "a redirect",
      says(302, "", { location: "http://elsewhere.test/" }),
      "-auth xmodels xcall",
      /redirect \(302\), which is never followed/u,
    ],
    ["too many requests", says(429, "slow down"), "-auth xmodels xcall", /429.*slow down/u],
    [
      "an error in a good answer",
      says(200, '{"error":{"message":"no"}}'),
      "-auth xmodels xcall",
      /reports an error/u,
    ],
    ["a list that is none", says(200, '{"hello":1}'), "+auth -models xcall", /no list of models/u],
    [
      "a call that is refused",
      byMethod(healthy, says(403, '{"error":{"message":"no credit"}}')),
      "+auth +models -call",
      /gpt-a: .*403.*no credit/u,
    ],
    [
      "a model that is not there",
      byMethod(healthy, says(404, '{"error":{"message":"no such model"}}')),
      "+auth +models -call",
      /404.*no such model/u,
    ],
    ["a page in place of a completion", byMethod(healthy, html), "+auth +models -call", /gpt-a: .*web page/u],
  ])("%s", async (_name, respond, rest, message) => {
    const service = await startTested(keep, respond);
    const report = await run(withKey(service.url));
    expect(course(report)).toBe(`.dns +tcp .tls ${rest}`);
    expect(report.ok).toBe(false);
    const fault = faultOf(report);
    expect(fault).toMatch(message);
    expect(fault.length).toBeLessThan(2_200);
    expect(JSON.stringify(report)).not.toMatch(/sk-canary|elsewhere\.test/u);
  });

  test.each<[string, Respond, string]>([
    ["of the list", () => undefined, "-auth xmodels xcall"],
    ["of the call", byMethod(healthy, () => undefined), "+auth +models -call"],
    [
      "that begins and does not end",
      byMethod(healthy, (_request, response) => void response.writeHead(200).write("{")),
      "+auth +models -call",
    ],
  ])("an answer %s that does not come in time", async (_name, respond, rest) => {
    const service = await startTested(keep, respond);
    const report = await run(withKey(service.url), { deadlines: { listMs: 200, callMs: 200 } });
    expect(course(report)).toBe(`.dns +tcp .tls ${rest}`);
    expect(faultOf(report)).toContain("within 0.2 s");
  });

  test("an answer that is no HTTP", async () => {
    const upstream = keep(
      await startRawUpstream({
        onRequest: ({ connection }) => void connection.socket.write("SSH-2.0-x\r\n"),
      }),
    );
    expect(faultOf(await run(withKey(upstream.url)))).toContain("not HTTP");
  });
});

describe("keys", () => {
  const second = "sk-second-0123456789";
  const picky: Respond = (request, response) =>
    request.headers["authorization"] === `Bearer ${second}`
      ? healthy(request, response)
      : says(401, '{"error":{"message":"no"}}')(request, response);
  const three = {
    apiKeys: [
      { name: "first", value: key },
      { name: "second", value: second },
      { name: "asleep", value: "sk-third-0123456789", enabled: false },
    ],
  };

  test("each enabled one is tried, and the call goes with one that is good", async () => {
    const service = await startTested(keep, picky);
    const report = await run({ baseUrl: service.url, ...three });
    expect(course(report)).toBe(".dns +tcp .tls +auth +models +call");
    expect(report).toMatchObject({
      ok: false,
      keys: [
        { name: "first", ok: false, status: 401 },
        { name: "second", ok: true, status: 200 },
      ],
    });
    expect(report.steps[3]?.message).toContain("1 of 2 keys are accepted; not: first");
  });

  test("one can be picked", async () => {
    const service = await startTested(keep, picky);
    expect(await run({ baseUrl: service.url, ...three }, { key: "second" })).toMatchObject({
      ok: true,
      keys: [{ name: "second" }],
    });
    expect(course(await run({ baseUrl: service.url, ...three }, { key: "first" }))).toContain("-auth");
  });

  test("none is enabled", async () => {
    const service = await startTested(keep, healthy);
    const report = await run({ baseUrl: service.url, apiKeys: [{ name: "a", value: key, enabled: false }] });
    expect(faultOf(report)).toBe("No key of the service is enabled.");
  });

  test("the vendor's header and the service's own go along", async () => {
    const service = await startTested(keep, healthy);
    await run({ ...withKey(service.url), provider: "azure-openai", headers: { "x-team": "canary-team" } });
    expect(service.seen[0]).toMatchObject({ headers: { "api-key": key, "x-team": "canary-team" } });
  });
});

describe("lists of models", () => {
  const recorded = loadRecordings("models")[0]?.body.toString() ?? "";
  test.each<[string, string, string, readonly string[]]>([
    ["openai", "/v1/models", recorded, ["gemma-4-31b", "gpt-oss-120b"]],
    ["openai", "/v1/models", '[{"id":"together/a"}]', ["together/a"]],
    ["openai", "/v1/models", '{"models":[{"name":"llama3:8b","model":"llama3:8b"}]}', ["llama3:8b"]],
    [
      "anthropic",
      "/v1/models?limit=1000",
      '{"data":[{"type":"model","id":"claude-a"}],"has_more":false}',
      ["claude-a"],
    ],
    [
      "gemini",
      "/v1beta/models?pageSize=1000",
      '{"models":[{"name":"models/gemini-a","displayName":"A"}]}',
      ["gemini-a"],
    ],
    ["cohere", "/v1/models?page_size=1000", '{"models":[{"name":"command-a"}]}', ["command-a"]],
  ])("of %s at %s", async (protocol, path, body, names) => {
    const service = await startTested(keep, byMethod(says(200, body), says(200, "{}")));
    const report = await run({ protocols: [{ protocol, baseUrl: service.url }] });
    expect(report.models.slice(0, 2)).toEqual(names);
    expect(service.seen[0]?.url).toBe(path);
    expect(report.ok).toBe(true);
  });

  test("more than 2,000 are cut", async () => {
    const data = Array.from({ length: 2_500 }, (_, index) => ({ id: `m-${index}` }));
    const service = await startTested(keep, byMethod(says(200, JSON.stringify({ data })), healthy));
    const report = await run(withKey(service.url));
    expect(report.models).toHaveLength(2_000);
    expect(report.steps[4]?.message).toBe("2500 models. The first 2000 are shown.");
  });

  test("a service without one is called with the model that it is given; with none it may be any address", async () => {
    const service = await startTested(keep, byMethod(says(404, "no"), healthy));
    const unnamed = await run(withKey(service.url));
    expect(course(unnamed)).toBe(".dns +tcp .tls .auth .models -call");
    expect(unnamed).toMatchObject({ ok: false });
    expect(unnamed.steps[5]?.message).toMatch(/is the base URL right\?.*name a model/u);
    const models = [{ name: "known" }];
    expect(course(await run({ ...withKey(service.url), models }))).toBe(".dns +tcp .tls .auth .models +call");
    await run({ ...withKey(service.url), models }, { model: "asked" });
    expect(
      service.seen.flatMap(({ body }) => (body === "" ? [] : [JSON.parse(body) as unknown])),
    ).toMatchObject([{ model: "known" }, { model: "asked" }]);
  });

  test("a ComfyUI server has none, and no chat: that it answers is all there is to find out", async () => {
    const service = await startTested(keep, says(200, '{"system":{}}'));
    const report = await run({ provider: "comfyui", baseUrl: service.url });
    expect(course(report)).toBe(".dns +tcp .tls +auth .models .call");
    expect(service.seen.map(({ url }) => url)).toEqual(["/system_stats"]);
  });

  test("a list that anyone may read proves no key", async () => {
    const service = await startTested(keep, ({ url }, response) =>
      url.endsWith("/v1/key")
        ? says(401, '{"error":{"message":"no"}}')({} as Seen, response)
        : says(200, modelList)({} as Seen, response),
    );
    const report = await run({ ...withKey(service.url), provider: "openrouter" });
    expect(course(report)).toBe(".dns +tcp .tls -auth xmodels xcall");
    const open = await run({ ...withKey(service.url), provider: "nvidia" });
    expect(course(open)).toBe(".dns +tcp .tls .auth +models +call");
  });
});

test.each([
  ["openai", "/v1/chat/completions"],
  ["openai-responses", "/v1/responses"],
  ["anthropic", "/v1/messages"],
  ["gemini", "/v1beta/models/m:generateContent"],
  ["dashscope", "/api/v1/services/aigc/text-generation/generation"],
  ["vllm", "/v1/chat/completions"],
  ["bedrock", "/model/m/converse"],
  ["cohere", "/v2/chat"],
])("the call in protocol %s", async (protocol, path) => {
  const service = await startTested(keep, byMethod(says(404, ""), says(200, "{}")));
  const report = await run({ protocols: [{ protocol, baseUrl: service.url }] }, { model: "m" });
  expect(report.steps[5]).toMatchObject({ ok: true, message: "m answers." });
  expect(service.seen.at(-1)?.url).toBe(path);
});

test("a model that refuses the older limit of tokens gets the newer", async () => {
  const service = await startTested(keep, (request, response) =>
    request.body.includes('"max_tokens"')
      ? says(400, '{"error":{"message":"use max_completion_tokens"}}')(request, response)
      : healthy(request, response),
  );
  expect((await run(withKey(service.url))).ok).toBe(true);
});

test("whoever leaves ends the test at once", async () => {
  const upstream = keep(await startRawUpstream());
  const leaving = new AbortController();
  const running = run(withKey(upstream.url), {}, leaving.signal);
  const { connection } = await upstream.request(0);
  leaving.abort();
  const report = await running;
  expect(report.ok).toBe(false);
  // By the leaving, and not by a deadline.
  expect(JSON.stringify(report)).toContain("whoever asked has left");
  await connection.leaving();
  expect(upstream.requests).toHaveLength(1);
});

test("the running program tests a stored service, and one with the stored key before it is saved", async () => {
  const gateway = keep(await startProcess({ env: { MOONGATE_UPSTREAM_NETWORKS: "private" } }));
  const simulated = await gateway.admin("POST", "/services/simulator/test");
  expect([simulated.status, await simulated.json()]).toMatchObject([200, { ok: true, keys: [] }]);
  const service = await startTested(keep, healthy);
  const elsewhere = await startTested(keep, healthy);
  const stored = { name: "mine", provider: "openai-compatible", ...withKey(service.url) };
  expect((await gateway.admin("POST", "/services", stored)).status).toBe(201);
  const apiKeys = [{ name: "main", value: { set: true, hint: "…6789" } }];
  const edited = { ...stored, baseUrl: elsewhere.url, apiKeys };
  const answered = await gateway.admin("POST", "/services/test", edited);
  expect(await answered.json()).toMatchObject({ ok: true, keys: [{ name: "main", ok: true }] });
  expect(elsewhere.seen[0]?.headers["authorization"]).toBe(`Bearer ${key}`);
  expect(service.seen).toEqual([]);
});
