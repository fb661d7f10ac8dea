import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openApi, type ApiFixture } from "../admin-api-fixture.ts";
import { sampleApi, sampleService } from "../configuration-fixture.ts";

let fixture: ApiFixture;

beforeAll(async () => {
  fixture = await openApi();
  await fixture.ask("POST /api/v1/services", { body: sampleService });
  for (const body of [
    { ...sampleApi, name: "first", basePath: "/first" },
    { ...sampleApi, name: "second", basePath: "/second" },
    { ...sampleApi, name: "check", basePath: "/checked" },
  ])
    await fixture.ask("POST /api/v1/model-apis", { body });
});
afterAll(() => fixture.close());

const check = (body: object, query = "") => fixture.ask(`POST /api/v1/model-apis/check${query}`, { body });

const clash = (other: string, path: string) => ({
  path: "basePath",
  message: `domain "*" with base path "${path}" belongs to Model API "${other}"`,
  code: "conflict",
  other: { kind: "model-apis", name: other },
});

describe("a Model API that would be taken", () => {
  test.each<[string, object, string]>([
    ["a new one", { ...sampleApi, basePath: "/new" }, ""],
    [
      "an existing one on its own address",
      { ...sampleApi, name: "first", basePath: "/first" },
      "?name=first",
    ],
    [
      "an existing one without its name",
      { ...sampleApi, name: undefined, basePath: "/first" },
      "?name=first",
    ],
    ["an existing one on a new address", { ...sampleApi, name: "second", basePath: "/2" }, "?name=second"],
  ])("%s", async (_name, body, query) => {
    const { revision } = fixture.configuration.working;
    const answer = await check(body, query);
    expect([answer.status, answer.body]).toEqual([200, { ok: true, issues: [], warnings: [] }]);
    expect(fixture.configuration.working.revision).toBe(revision);
  });

  test("with what its author should know", async () => {
    const answer = await check({
      ...sampleApi,
      modelService: {
        mode: "by-model-name",
        rules: [
          { pattern: "gpt-*", target: { service: "sim" } },
          { pattern: "gpt-?", target: { service: "sim" } },
        ],
      },
    });
    expect(answer.body).toMatchObject({ ok: true, warnings: [expect.stringContaining("rules[1]")] });
  });
});

describe("a Model API that would be refused", () => {
  test.each<[string, object, string, readonly object[]]>([
    ["an address that is taken", { ...sampleApi, basePath: "/first/" }, "", [clash("first", "/first")]],
    [
      "moved to the address of a later one",
      { ...sampleApi, name: "first", basePath: "/second" },
      "?name=first",
      [clash("second", "/second")],
    ],
    [
      "moved to the address of an earlier one",
      { ...sampleApi, name: "second", basePath: "/first" },
      "?name=second",
      [clash("first", "/first")],
    ],
    [
      "a name that is taken, and an address",
      { ...sampleApi, name: "first", basePath: "/second" },
      "",
      [
        {
          path: "name",
          message: 'Model API "first" exists already.',
          code: "conflict",
          other: { kind: "model-apis", name: "first" },
        },
        clash("second", "/second"),
      ],
    ],
    [
      "a form that is not filled in yet, on an address that is taken",
      { name: "new", useCase: "text-generation", protocols: ["openai"], basePath: "/first" },
      "",
      [expect.objectContaining({ path: "modelService", code: "invalid" }), clash("first", "/first")],
    ],
    [
      "a service that does not exist",
      { ...sampleApi, modelService: { mode: "single", target: { service: "simm" } } },
      "",
      [
        {
          path: "modelService.target.service",
          message: expect.stringContaining('"sim"'),
          code: "invalid",
        },
      ],
    ],
    [
      "another use case than before",
      { ...sampleApi, name: "first", basePath: "/first", useCase: "embedding" },
      "?name=first",
      [expect.objectContaining({ path: "useCase", code: "immutable_field" })],
    ],
  ])("%s", async (_name, body, query, issues) => {
    const { revision } = fixture.configuration.working;
    const answer = await check(body, query);
    expect([answer.status, answer.body]).toEqual([200, { ok: false, issues, warnings: [] }]);
    expect(fixture.configuration.working.revision).toBe(revision);
  });

  test("by everyone for a name that nothing has", async () => {
    expect((await check(sampleApi, "?name=none")).status).toBe(404);
  });
});

test("a Model API named check is read, changed and deleted like any other", async () => {
  expect((await fixture.ask("GET /api/v1/model-apis/check")).body).toMatchObject({ basePath: "/checked" });
  const patched = await fixture.ask("PATCH /api/v1/model-apis/check", { body: { description: "d" } });
  expect(patched.body).toMatchObject({ name: "check", description: "d" });
  expect((await fixture.ask("DELETE /api/v1/model-apis/check")).status).toBe(204);
});

test("who may not write may not ask what a write would do", async () => {
  const token = await fixture.tokenOf("viewer");
  expect((await fixture.ask("POST /api/v1/model-apis/check", { token, body: sampleApi })).status).toBe(403);
});

test("the refusal of a write names the other object as data too", async () => {
  const answer = await fixture.ask("POST /api/v1/model-apis", { body: { ...sampleApi, basePath: "/first" } });
  expect(answer.body).toMatchObject({
    error: { code: "conflict", details: [{ other: { kind: "model-apis", name: "first" } }] },
  });
});
