import { describe, expect, test } from "vitest";
import { modelApiSchema } from "../../../../src/resources/model-api.ts";
import type { ModelApi } from "../../api/resources.ts";
import { askedCall, callsOf, leftOut, readHeaders, type Explanation, type Question } from "./explain-call.ts";
import { reasonOf } from "./explain-words.ts";
import { curlOf, sampleBody } from "./sample-call.ts";

function api(fields: object = {}): ModelApi {
  const least = {
    name: "a",
    useCase: "text-generation",
    protocols: ["openai"],
    basePath: "/b",
    domains: ["*.example.com"],
    modelService: { mode: "single", target: { service: "s" } },
  };
  return { ...modelApiSchema.parse({ ...least, ...fields }), revision: 1, managedBy: "api" };
}

const question: Question = {
  call: 0,
  domain: "*.example.com",
  model: "m",
  stream: true,
  key: "",
  prompt: "",
  headers: "",
};

describe("the call that is asked about", () => {
  test("names host, path, body and content type as a client would", () => {
    expect(askedCall(api(), question)).toEqual({
      method: "POST",
      host: "api.example.com",
      path: "/b/v1/chat/completions",
      headers: { "content-type": "application/json" },
      body: { model: "m", messages: [{ role: "user", content: "Hello" }], stream: true },
    });
  });

  test.each<[string, object, object]>([
    ["in its header", [{ in: "bearer" }], { headers: { authorization: "Bearer k" } }],
    ["in a header of its own", [{ in: "header", name: "x-key" }], { headers: { "x-key": "k" } }],
    ["in the query", [{ in: "query", name: "key" }], { path: "/b/v1/chat/completions?key=k" }],
  ])("carries the key %s", (_name, apiKeySources, expected) => {
    expect(askedCall(api({ auth: { apiKeySources } }), { ...question, key: "k" })).toMatchObject(expected);
  });

  test("of a route with other methods has no body", () => {
    const shown = api({ useCase: "others" });
    const call = callsOf(shown).findIndex(({ method }) => method === "GET");
    expect(askedCall(shown, { ...question, call })).toMatchObject({ method: "GET", path: "/b/v1/models" });
    expect(askedCall(shown, { ...question, call })).not.toHaveProperty("body");
  });

  test("is none where nothing can be called", () => {
    expect(askedCall(api(), { ...question, call: 99 })).toBeUndefined();
  });
});

test("headers are read line by line", () => {
  expect(readHeaders("x-a: 1\n nonsense\nX-B :  two words \n")).toEqual({ "x-a": "1", "X-B": "two words" });
});

test("only what was considered and not taken is left out", () => {
  const target = { url: "", standing: "ready", reason: "", firstPacketTimeoutMs: 0 } as const;
  const explanation: Explanation = {
    route: "r",
    protocol: "openai",
    reason: "",
    policies: [],
    refusal: null,
    decision: {
      mode: "by-weight",
      reason: "",
      candidates: [
        { service: "s", model: "", reason: "" },
        { service: "t", model: "", reason: "ejected" },
        { service: "u", model: "", reason: "" },
      ],
    },
    order: [{ service: "s", model: "m", ...target }],
    fallback: [],
    fallbackOn: [],
  };
  expect(leftOut(explanation)).toEqual([{ service: "t", model: "", reason: "ejected" }]);
});

test.each<[string, ReturnType<typeof reasonOf>]>([
  ["the only target", { key: "onlyTarget" }],
  ["weight 60 of 100", { key: "weight", values: { weight: "60", total: "100" } }],
  ['rule "qwen-*" fits', { key: "rule", values: { pattern: '"qwen-*"' } }],
  ["ejected after failures", { key: "failedBefore" }],
  ["no API key in header a, header b", { key: "noKey", values: { places: "header a, header b" } }],
  ["something new", undefined],
])("%s has words of the console, or stays", (text, reason) => {
  expect(reasonOf(text)).toEqual(reason);
});

test("a command stays one whatever stands in its texts", () => {
  const body = sampleBody(
    { protocol: "openai", path: "/v1/completions", methods: ["POST"] },
    { model: "it's", stream: false },
  );
  expect(
    curlOf({
      gatewayUrl: "http://g/",
      domain: "*",
      method: "POST",
      path: "/v1/completions",
      body,
      key: true,
      stream: false,
    }),
  ).toBe(
    [
      "curl -X POST 'http://g/v1/completions'",
      `-H "Authorization: Bearer $MOONGATE_KEY"`,
      "-H 'Content-Type: application/json'",
      `-d '{"model":"it'\\''s","prompt":"Hello","stream":false}'`,
    ].join(" \\\n  "),
  );
});
