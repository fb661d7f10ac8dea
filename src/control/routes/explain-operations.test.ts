import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openApi, type ApiFixture } from "../admin-api-fixture.ts";

let fixture: ApiFixture;

beforeEach(async () => {
  fixture = await openApi();
  await fixture.ask("POST /api/v1/services", { body: { name: "a", provider: "simulator" } });
  const modelService = { mode: "single", target: { service: "a" } };
  await fixture.ask("POST /api/v1/model-apis", {
    body: { name: "chat", useCase: "text-generation", protocols: ["openai"], modelService },
  });
});

afterEach(() => fixture.close());

const explain = (body: unknown, name = "chat", token?: string) =>
  fixture.ask(`POST /api/v1/model-apis/${name}/explain`, token === undefined ? { body } : { body, token });

describe("what the data plane is asked", () => {
  const plain = { method: "POST", path: "/v1/x", headers: ["host", "localhost"] };
  test.each<[string, object, object]>([
    ["the least", { path: "/v1/x" }, plain],
    ["a host", { path: "/v1/x", host: "a.test" }, { ...plain, headers: ["host", "a.test"] }],
    [
      "a host among the headers",
      { path: "/v1/x", headers: { Host: "a.test" } },
      { ...plain, headers: ["Host", "a.test"] },
    ],
    [
      "a host twice, which the data plane judges",
      { path: "/v1/x", host: "b", headers: { Host: "a" } },
      { ...plain, headers: ["host", "b", "Host", "a"] },
    ],
    ["a method in any case", { path: "/v1/x", method: "get" }, { ...plain, method: "GET" }],
    [
      "headers",
      { path: "/v1/x", headers: { a: "1", b: "" } },
      { ...plain, headers: ["host", "localhost", "a", "1", "b", ""] },
    ],
    ["a body as text", { path: "/v1/x", body: '{"a": 1}' }, { ...plain, body: '{"a": 1}' }],
    ["a body as an object", { path: "/v1/x", body: { a: [1] } }, { ...plain, body: '{"a":[1]}' }],
    ["a path that no route can have", { path: "no path" }, { ...plain, path: "no path" }],
  ])("%s", async (_name, body, request) => {
    const answer = await explain(body);
    expect({ status: answer.status, body: answer.body }).toEqual({
      status: 200,
      body: { name: "chat", request },
    });
  });
});

describe("is refused", () => {
  test.each<[string, unknown, RegExp]>([
    ["no path", {}, /path/],
    [
      "an unknown field, with the nearest one",
      { path: "/", headrs: {} },
      /unknown field \\"headrs\\"; did you mean \\"headers\\"/,
    ],
    ["a body of another type", { path: "/", body: 5 }, /body must be a text or an object/],
    ["a list as body", { path: "/", body: [] }, /body must be a text or an object/],
    ["a header that is no text", { path: "/", headers: { a: 1 } }, /headers/],
    ["a header of two lines", { path: "/", headers: { a: "secret\r\nb: 1" } }, /must be one line/],
    ["a name that no header has", { path: "/", headers: { "a b": "secret" } }, /name of a header/],
    ["a method that is none", { path: "/", method: "GET /" }, /must be a method/],
  ])("%s", async (_name, body, message) => {
    const answer = await explain(body);
    expect({ status: answer.status, text: answer.text }).toEqual({
      status: 400,
      text: expect.stringMatching(message),
    });
    expect(answer.text).not.toContain("secret");
  });

  test("a Model API that does not exist", async () => {
    const answer = await explain({ path: "/" }, "nothing");
    expect(answer).toMatchObject({ status: 404, body: { error: { code: "not_found" } } });
  });
});

test("whoever may read may ask", async () => {
  expect((await explain({ path: "/" }, "chat", await fixture.tokenOf("viewer"))).status).toBe(200);
  expect((await explain({ path: "/" }, "chat", "x".repeat(40))).status).toBe(401);
});
