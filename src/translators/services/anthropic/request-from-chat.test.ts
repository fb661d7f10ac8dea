import { describe, expect, test } from "vitest";
import type { ChatRequest } from "../../chat/chat-request.ts";
import { make, said } from "./request-fixture.ts";

test("the least that Anthropic takes", () => {
  expect(make({})).toEqual({
    body: { model: "model-x", max_tokens: 4096, messages: [{ role: "user", content: [said("Hi")] }] },
    headers: ["anthropic-version", "2023-06-01"],
    warnings: [],
  });
});

describe("other fields", () => {
  const rows: {
    readonly name: string;
    readonly fields: Partial<ChatRequest>;
    readonly made?: Record<string, unknown>;
    readonly beta?: string;
    readonly warnings?: readonly string[];
  }[] = [
    { name: "a stream", fields: { stream: true }, made: { stream: true } },
    { name: "the user", fields: { user: "u-1" }, made: { metadata: { user_id: "u-1" } } },
    {
      name: "the user as newer clients say it",
      fields: { others: { safety_identifier: "u-1" } },
      made: { metadata: { user_id: "u-1" } },
    },
    {
      name: "other data about the request",
      fields: { metadata: { user_id: "u-1", team: "x" } },
      made: { metadata: { user_id: "u-1" } },
      warnings: ["metadata;dropped"],
    },
    { name: "the usual tier", fields: { service_tier: "default" }, made: { service_tier: "standard_only" } },
    {
      name: "a tier that Anthropic has not",
      fields: { service_tier: "flex" },
      warnings: ["service_tier;dropped"],
    },
    {
      name: "Anthropic's own fields, with the feature that each needs",
      fields: {
        others: { container: "c_1", mcp_servers: [{ type: "url" }], context_management: { edits: [] } },
      },
      made: { container: "c_1", mcp_servers: [{ type: "url" }], context_management: { edits: [] } },
      beta: "context-management-2025-06-27,mcp-client-2025-04-04",
    },
    {
      name: "its output_config is kept beside ours",
      fields: { others: { output_config: { effort: "low" } }, response_format: { type: "text" } },
      made: { output_config: { effort: "low" } },
    },
    {
      name: "what Anthropic has no word for",
      fields: {
        seed: 1,
        presence_penalty: 0.5,
        frequency_penalty: 0.5,
        logit_bias: { 1: 2 },
        logprobs: true,
        top_logprobs: 2,
        verbosity: "low",
        others: { modalities: ["text", "audio"], prediction: { type: "content" } },
      },
      warnings: [
        "seed;dropped",
        "presence_penalty;dropped",
        "frequency_penalty;dropped",
        "logit_bias;dropped",
        "logprobs;dropped",
        "top_logprobs;dropped",
        "verbosity;dropped",
        "modalities;dropped",
        "prediction;dropped",
      ],
    },
    {
      name: "what changes nothing",
      fields: {
        presence_penalty: 0,
        logit_bias: {},
        logprobs: false,
        n: 1,
        others: { modalities: ["text"], store: false },
      },
    },
  ];
  test.each(rows)("$name", ({ fields, made = {}, beta, warnings = [] }) => {
    const { body, headers, warnings: noted } = make(fields);
    const { model: _m, max_tokens: _t, messages: _s, ...rest } = body;
    expect(rest).toEqual(made);
    expect(headers.slice(2)).toEqual(beta === undefined ? [] : ["anthropic-beta", beta]);
    expect(noted).toEqual(warnings);
  });

  test("several answers are refused", () => {
    expect(() => make({ n: 2 })).toThrow(expect.objectContaining({ code: "invalid_request", param: "n" }));
  });

  test("strictly, what would be dropped is refused", () => {
    expect(() => make({ seed: 1 }, { strict: true })).toThrow(expect.objectContaining({ param: "seed" }));
  });

  test("fields that the Model API lets through", () => {
    const made = make({ others: { speed: "fast" } }, { passFields: ["speed"] });
    expect(made.body["speed"]).toBe("fast");
    expect(made.warnings).toEqual([]);
  });

  test("fields that a model must be sent, unless the client said them", () => {
    const traits = { requires: { speed: "fast", max_tokens: 5 } };
    const { body } = make({}, { traits });
    expect(body).toMatchObject({ speed: "fast", max_tokens: 4096 });
  });
});
