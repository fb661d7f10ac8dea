// The admin API as scripts see it: collections, keys, documents, history, errors. Access has its own file.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { StoreUnavailable } from "../store/store-unavailable.ts";
import { openApi } from "./admin-api-fixture.ts";
import type { Answer, ApiFixture } from "./admin-api-fixture.ts";
import { sampleApi, sampleService } from "./configuration-fixture.ts";
import { isGeneratedKey } from "../core/key-checksum.ts";

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await openApi();
});
afterEach(() => fixture.close());

const ask: ApiFixture["ask"] = (request, options) => fixture.ask(request, options);
const errorOf = (answer: Answer) => [answer.status, Reflect.get(Object(answer.body["error"]), "code")];
const itemNames = (answer: Answer) => (answer.body["items"] as { name: string }[]).map(({ name }) => name);

describe("a collection", () => {
  test("creates, reads, replaces, patches and deletes", async () => {
    const created = await ask("POST /api/v1/services", { body: sampleService });
    expect([created.status, created.headers.get("location"), created.headers.get("etag")]).toEqual([
      201,
      "/api/v1/services/sim",
      '"1"',
    ]);
    expect((await ask("GET /api/v1/services/sim")).body).toEqual(created.body);
    const replaced = await ask("PUT /api/v1/services/sim", {
      body: { provider: "simulator", description: "two" },
    });
    expect([replaced.status, replaced.body["description"], replaced.body["revision"]]).toEqual([
      200,
      "two",
      2,
    ]);
    const patched = await ask("PATCH /api/v1/services/sim", { body: { description: null, maxInFlight: 5 } });
    expect([patched.body["description"], patched.body["maxInFlight"]]).toEqual(["", 5]);
    expect((await ask("DELETE /api/v1/services/sim")).status).toBe(204);
    expect(errorOf(await ask("GET /api/v1/services/sim"))).toEqual([404, "not_found"]);
  });

  test("reads objects whose names are percent-encoded", async () => {
    await ask("POST /api/v1/domains", { body: { name: "*.Example.com" } });
    expect((await ask("GET /api/v1/domains/%2A.example.COM")).body["name"]).toBe("*.example.com");
    expect((await ask("DELETE /api/v1/domains/%2A.example.com")).status).toBe(204);
  });

  test.each([
    ["instances", ["default"]],
    ["resource-groups", ["default"]],
    ["domains", ["*"]],
    ["services", []],
    ["model-apis", []],
    ["consumers", []],
    ["consumer-groups", []],
    ["users", []],
    ["tokens", []],
    ["sinks", []],
    ["alerts", []],
  ])("%s is listed", async (collection, names) => {
    const answer = await ask(`GET /api/v1/${collection}`);
    expect([answer.status, itemNames(answer), answer.body["nextCursor"]]).toEqual([200, names, null]);
  });

  test("pages by cursor without repeating or missing objects that stay", async () => {
    for (const name of ["e", "b", "d", "a", "c"])
      await ask("POST /api/v1/services", { body: { name, provider: "simulator" } });
    const first = await ask("GET /api/v1/services?limit=2");
    expect(itemNames(first)).toEqual(["a", "b"]);
    await ask("DELETE /api/v1/services/b");
    const second = await ask(`GET /api/v1/services?limit=2&cursor=${String(first.body["nextCursor"])}`);
    expect(itemNames(second)).toEqual(["c", "d"]);
    const last = await ask(`GET /api/v1/services?limit=2&cursor=${String(second.body["nextCursor"])}`);
    expect([itemNames(last), last.body["nextCursor"]]).toEqual([["e"], null]);
  });

  test.each<[string, string[]]>([
    ["search=ALPH", ["alpha"]],
    ["search=second", ["beta"]],
    ["search=%25", []],
    ["provider=openai", ["beta"]],
    ["provider=openai&search=alpha", []],
    ["enabled=true", ["alpha", "beta"]],
    ["model=m1", ["beta"]],
  ])("filters by %s", async (query, names) => {
    await ask("POST /api/v1/services", { body: { name: "alpha", provider: "simulator" } });
    await ask("POST /api/v1/services", {
      body: { name: "beta", provider: "openai", description: "The Second", models: [{ name: "m1" }] },
    });
    expect(itemNames(await ask(`GET /api/v1/services?${query}`))).toEqual(names);
  });

  test.each(["colour=red", "limit=0", "limit=1001", "limit=x", "cursor=abc", "cursor=", "search=a&search=b"])(
    "refuses the query %s",
    async (query) => {
      expect(errorOf(await ask(`GET /api/v1/services?${query}`))).toEqual([400, "invalid"]);
    },
  );

  test("holds writers to the revision that they read", async () => {
    await ask("POST /api/v1/services", { body: sampleService });
    const body = { description: "x" };
    expect((await ask("PATCH /api/v1/services/sim", { body, headers: { "if-match": '"1"' } })).status).toBe(
      200,
    );
    for (const request of ["PATCH /api/v1/services/sim", "DELETE /api/v1/services/sim"]) {
      const stale = await ask(request, {
        body: request.startsWith("D") ? undefined : body,
        headers: { "if-match": '"1"' },
      });
      expect(errorOf(stale)).toEqual([412, "stale_revision"]);
    }
    expect(errorOf(await ask("PATCH /api/v1/services/sim", { body, headers: { "if-match": "1" } }))).toEqual([
      400,
      "invalid",
    ]);
    expect((await ask("DELETE /api/v1/services/sim", { headers: { "if-match": "*" } })).status).toBe(204);
  });

  test.each<[string, string, unknown, [number, string]]>([
    ["a name that is taken", "POST /api/v1/services", sampleService, [409, "conflict"]],
    ["a place that is taken", "POST /api/v1/model-apis", { ...sampleApi, name: "other" }, [409, "conflict"]],
    ["deleting what is in use", "DELETE /api/v1/services/sim", undefined, [409, "in_use"]],
    [
      "a fixed field",
      "PATCH /api/v1/model-apis/chat",
      { useCase: "rerank", enabled: false },
      [400, "immutable_field"],
    ],
    ["nothing there to replace", "PUT /api/v1/services/none", sampleService, [404, "not_found"]],
    ["a body that is no object", "POST /api/v1/services", "[]", [400, "invalid"]],
    ["a body that is no JSON", "POST /api/v1/services", "{", [400, "invalid"]],
    [
      "a body that nests without end",
      "POST /api/v1/services",
      `{"x":${"[".repeat(200_000)}`,
      [400, "invalid"],
    ],
    ["no body", "POST /api/v1/services", undefined, [400, "invalid"]],
    [
      "a body over 1 MiB",
      "POST /api/v1/services",
      `{"name":"${"x".repeat(1024 * 1024)}"}`,
      [413, "too_large"],
    ],
    ["no name", "POST /api/v1/services", { provider: "openai" }, [400, "invalid"]],
    ["a short password", "POST /api/v1/users", { name: "ana", password: "123456789" }, [400, "invalid"]],
    [
      "a sink that would write over a file of ours",
      "POST /api/v1/sinks",
      { name: "f", type: "file", path: "moongate.db" },
      [400, "invalid"],
    ],
  ])("refuses %s", async (_name, request, body, wanted) => {
    await ask("POST /api/v1/services", { body: sampleService });
    await ask("POST /api/v1/model-apis", { body: sampleApi });
    expect(errorOf(await ask(request, { body }))).toEqual(wanted);
  });
});

describe("errors", () => {
  test.each<[string, string, [number, string]]>([
    ["an unknown address", "GET /api/v1/nothing", [404, "not_found"]],
    ["an unknown address outside the API", "GET /index.php", [404, "not_found"]],
    ["another method", "DELETE /api/v1/services", [405, "method_not_allowed"]],
    ["a quota of nobody", "POST /api/v1/consumers/a/quotas/b/reset", [404, "not_found"]],
    ["the test of a service that is not there", "POST /api/v1/services/x/test", [404, "not_found"]],
  ])("of %s are JSON with code, message and request id", async (_name, request, wanted) => {
    const answer = await ask(request);
    expect(errorOf(answer)).toEqual(wanted);
    expect(answer.body["error"]).toMatchObject({
      details: [],
      requestId: answer.headers.get("x-request-id"),
    });
  });

  test("of a method name the methods that the address takes", async () => {
    expect((await ask("PATCH /api/v1/services")).headers.get("allow")).toBe("GET, POST");
  });

  test("of our own say nothing of their cause, and the log gets it", async () => {
    await fixture.close();
    const broken = await openApi({ metricsText: () => Promise.reject(new Error("secret detail")) });
    const answer = await broken.ask("GET /metrics");
    expect(errorOf(answer)).toEqual([500, "internal_error"]);
    expect(answer.text).not.toContain("secret detail");
    expect(broken.failures).toHaveLength(1);
    fixture = broken;
  });

  test.each(["/", "/healthz", "/api/v1/services", "/api/v1/nothing", "/metrics"])(
    "and answers of %s carry the guard headers",
    async (path) => {
      const { headers } = await ask(`GET ${path}`);
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(headers.get("x-request-id")).toMatch(/^request-\d+$/u);
    },
  );
});

describe("a store that cannot be written", () => {
  test("is told with 503, changes nothing and is reported with its cause", async () => {
    await ask("POST /api/v1/services", { body: sampleService });
    const full = new StoreUnavailable("full", fixture.dir);
    const failing = [vi.spyOn(fixture.store, "write"), vi.spyOn(fixture.store, "revisions")];
    for (const spy of failing) spy.mockRejectedValue(full);
    expect(errorOf(await ask("GET /api/v1/revisions"))).toEqual([503, "store_unavailable"]);
    const answer = await ask("PATCH /api/v1/services/sim", { body: { description: "x" } });
    expect(errorOf(answer)).toEqual([503, "store_unavailable"]);
    expect(answer.text).not.toContain(fixture.dir);
    expect(String(fixture.failures[0])).toContain(fixture.dir);
    expect((await ask("GET /api/v1/services/sim")).body).toMatchObject({ description: "", revision: 1 });
    expect(fixture.published.at(-1)?.revision).toBe(1);
  });
});

describe("keys", () => {
  test("of consumers are made, shown once and work until they are deleted", async () => {
    await ask("POST /api/v1/consumers", { body: { name: "app" } });
    const made = await ask("POST /api/v1/consumers/app/credentials", { body: { name: "main" } });
    expect(made.status).toBe(201);
    const value = String(made.body["value"]);
    expect(isGeneratedKey("consumer", value)).toBe(true);
    expect(fixture.configuration.snapshot.consumers.get("app")?.apiKeys).toHaveLength(1);
    expect((await ask("GET /api/v1/consumers/app")).text).not.toContain(value);
    expect(errorOf(await ask("POST /api/v1/consumers/app/credentials", { body: { name: "main" } }))).toEqual([
      409,
      "conflict",
    ]);
    expect((await ask("DELETE /api/v1/consumers/app/credentials/main")).status).toBe(204);
    expect(fixture.configuration.snapshot.consumers.get("app")?.apiKeys).toHaveLength(0);
    expect(errorOf(await ask("DELETE /api/v1/consumers/app/credentials/main"))).toEqual([404, "not_found"]);
  });

  test.each<[string, number]>([
    ["0123456789abcde", 400],
    ["0123456789abcdef", 201],
    ["x".repeat(256), 201],
    ["x".repeat(257), 400],
    ["0123456789 abcdef", 400],
    ["0123456789äbcdef", 400],
  ])("of your own: %s gives %i", async (value, status) => {
    await ask("POST /api/v1/consumers", { body: { name: "app" } });
    expect((await ask("POST /api/v1/consumers/app/credentials", { body: { name: "k", value } })).status).toBe(
      status,
    );
  });

  test("never appear in any other answer, nor in the store", async () => {
    const canary = "canary-secret-0123456789";
    const services = [
      { name: "a", provider: "openai", apiKeys: [{ name: "m", value: canary }], headers: { "x-h": canary } },
    ];
    await ask("POST /api/v1/config/apply", { body: JSON.stringify({ version: 1, services }) });
    await ask("POST /api/v1/consumers", {
      body: { name: "app", credentials: [{ type: "api-key", name: "k", value: canary }] },
    });
    await ask("PATCH /api/v1/services/a", { body: { description: "x" } });
    const answers = await Promise.all(
      [
        "GET /api/v1/services",
        "GET /api/v1/services/a",
        "GET /api/v1/consumers",
        "GET /api/v1/config/export",
        "GET /api/v1/revisions/1",
        "GET /api/v1/revisions/1/diff",
        "POST /api/v1/revisions/1/rollback",
      ].map((request) => ask(request)),
    );
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200, 200, 200, 200]);
    const bad = await ask("POST /api/v1/services", {
      body: `{"name":"b","apiKeys":[{"name":"m","value":"${canary}"}],"x":`,
    });
    const wrong = await ask("POST /api/v1/services", {
      body: { name: "b", provider: canary, apiKeys: canary },
    });
    expect([bad.status, wrong.status]).toEqual([400, 400]);
    for (const answer of [...answers, bad]) expect(answer.text).not.toContain(canary);
    expect(JSON.stringify(await fixture.store.changesBetween(0, 99))).not.toContain(canary);
  });
});

describe("configuration documents", () => {
  const yaml = "version: 1\nservices:\n  - name: sim\n    provider: simulator\n";

  test("are planned and applied as YAML or JSON, and exported as either", async () => {
    const planned = await ask("POST /api/v1/config/plan", {
      body: yaml,
      headers: { "content-type": "application/yaml" },
    });
    expect(planned.body).toEqual({
      changes: [{ action: "create", kind: "services", name: "sim" }],
      warnings: [],
    });
    expect(fixture.configuration.working.revision).toBe(0);
    const applied = await ask("POST /api/v1/config/apply", { body: yaml });
    expect(applied.body).toEqual(planned.body);
    const asJson = await ask("GET /api/v1/config/export", { headers: { accept: "application/json" } });
    expect(asJson.body).toEqual({ version: 1, services: [{ name: "sim", provider: "simulator" }] });
    const asYaml = await ask("GET /api/v1/config/export");
    expect([asYaml.headers.get("content-type"), asYaml.text]).toEqual([
      "application/yaml; charset=utf-8",
      yaml,
    ]);
    const again = await ask("POST /api/v1/config/apply", {
      body: asJson.body,
      headers: { "content-type": "application/json" },
    });
    expect(again.body["changes"]).toEqual([]);
  });

  test("prune when asked to", async () => {
    await ask("POST /api/v1/config/apply", { body: yaml });
    const body = "version: 1\nservices: []\n";
    expect((await ask("POST /api/v1/config/apply?prune=false", { body })).body["changes"]).toEqual([]);
    expect((await ask("POST /api/v1/config/plan?prune=true", { body })).body["changes"]).toHaveLength(1);
    expect((await ask("POST /api/v1/config/apply?prune=true", { body })).body["changes"]).toHaveLength(1);
    expect(errorOf(await ask("POST /api/v1/config/apply?prune=maybe", { body }))).toEqual([400, "invalid"]);
  });

  test("that cannot be read are refused with the place", async () => {
    const answer = await ask("POST /api/v1/config/apply", { body: "a: [" });
    expect(answer.body["error"]).toMatchObject({ code: "invalid", details: [{ path: "line 2, column 3" }] });
  });

  test("may be larger than other bodies", async () => {
    const consumers = Array.from({ length: 15_000 }, (_, index) => ({
      name: `consumer-${index}`,
      description: "x".repeat(80),
    }));
    const answer = await ask("POST /api/v1/config/apply", { body: { version: 1, consumers } });
    expect([answer.status, (answer.body["changes"] as unknown[]).length]).toEqual([200, 15_000]);
  });

  test("have a history that can be read, compared and rolled back", async () => {
    await ask("POST /api/v1/config/apply", { body: yaml });
    await ask("PATCH /api/v1/services/sim", { body: { description: "x" } });
    const revisions = await ask("GET /api/v1/revisions?limit=1");
    expect(revisions.body).toMatchObject({ items: [{ number: 2, by: "environment" }], nextCursor: "2" });
    expect((await ask("GET /api/v1/revisions?limit=1&cursor=2")).body).toMatchObject({
      items: [{ number: 1 }],
      nextCursor: null,
    });
    const update = { action: "update", kind: "services", name: "sim", paths: ["description"] };
    expect((await ask("GET /api/v1/revisions/2")).body).toMatchObject({ number: 2, changes: [update] });
    expect((await ask("GET /api/v1/revisions/1/diff")).body).toEqual({ changes: [update] });
    expect((await ask("GET /api/v1/revisions/2/diff?to=1")).body).toEqual({ changes: [update] });
    expect((await ask("POST /api/v1/revisions/1/rollback")).body["changes"]).toEqual([
      { action: "update", kind: "services", name: "sim" },
    ]);
    expect((await ask("GET /api/v1/services/sim")).body).toMatchObject({ description: "", revision: 3 });
    expect(errorOf(await ask("POST /api/v1/revisions/9/rollback"))).toEqual([404, "not_found"]);
    expect(errorOf(await ask("GET /api/v1/revisions/x"))).toEqual([404, "not_found"]);
  });
});

describe("other reads", () => {
  test.each<[string, number]>([
    ["useCase=text-generation&protocol=anthropic", 200],
    ["useCase=cooking", 400],
    ["protocol=smtp", 400],
  ])("default routes with %s: %i", async (query, status) => {
    const answer = await ask(`GET /api/v1/default-routes?${query}`);
    expect(answer.status).toBe(status);
    if (status === 200) expect(itemNames(answer)).toContain("create-message");
  });

  test("providers, a record, health, readiness and metrics", async () => {
    expect((await ask("GET /api/v1/providers")).text).toContain('"simulator"');
    expect((await ask("GET /api/v1/logs/req-1")).body["requestContent"]).toBe("the question");
    expect(errorOf(await ask("GET /api/v1/logs/req-2"))).toEqual([404, "not_found"]);
    expect((await ask("GET /healthz", { token: null })).body).toEqual({ status: "ok" });
    expect((await ask("GET /metrics")).text).toBe("moongate_requests_total 1\n");
    expect((await ask("GET /", { token: null })).body["openapi"]).toBe("/api/v1/openapi.json");
  });

  test("readiness tells the revision and the last refused edit", async () => {
    fixture.configuration.reportConfigError("line 3 is wrong");
    const answer = await ask("GET /readyz", { token: null });
    expect(answer.body).toEqual({ ready: true, revision: 0, configError: "line 3 is wrong" });
    await fixture.close();
    fixture = await openApi({ readiness: () => ({ ready: false, revision: 3 }) });
    expect((await ask("GET /readyz", { token: null })).status).toBe(503);
  });
});
