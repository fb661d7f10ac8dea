import { describe, expect, test } from "vitest";
import { GatewayError } from "../../../core/errors.ts";
import type { Warning } from "../../../core/exchange-record.ts";
import type { ModelTraits } from "../../../core/model-traits.ts";
import { parseExactJson } from "../../../lib/exact-json.ts";
import type { JsonObject } from "../../../lib/json-value.ts";
import type { ChatRequest, ChatTool } from "../../chat/chat-request.ts";
import { chatRequest, contextOf } from "../../translation-fixture.ts";
import { geminiService } from "./gemini-service.ts";

interface Sent {
  readonly body: JsonObject;
  readonly path: string;
  readonly warnings: readonly Warning[];
}

interface Circumstances {
  readonly traits?: ModelTraits;
  readonly model?: string;
}

function send(fields: Partial<ChatRequest>, circumstances: Circumstances = {}): Sent {
  const context = contextOf(circumstances);
  const { body, path } = geminiService.request(chatRequest(fields), context);
  return { body, path, warnings: context.notes.warnings };
}

const config = (fields: Partial<ChatRequest>, circumstances?: Circumstances): unknown =>
  send(fields, circumstances).body["generationConfig"];

const tool = (name: string, parameters?: JsonObject): ChatTool => ({
  type: "function",
  function: { name, ...(parameters && { parameters }) },
});
function thrown(work: () => unknown): GatewayError {
  try {
    work();
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("where it is sent", () => {
  test.each([
    ["a plain name", "gemini-x", false, "/models/gemini-x:generateContent"],
    ["a stream", "gemini-x", true, "/models/gemini-x:streamGenerateContent?alt=sse"],
    ["a name with its folder", "models/gemini-x", false, "/models/gemini-x:generateContent"],
    ["a tuned model", "tunedModels/mine", false, "/tunedModels/mine:generateContent"],
    ["what would end the path", "a/b?c#d:e", false, "/models/a%2Fb%3Fc%23d%3Ae:generateContent"],
  ])("%s", (_name, model, stream, path) => {
    expect(send({ stream }, { model }).path).toBe(path);
  });
});

describe("settings", () => {
  const schema = { type: "object", properties: { a: { type: "string" } } };
  const rows: [string, Partial<ChatRequest>, unknown, ModelTraits?][] = [
    [
      "defect 6: zero is a value",
      { temperature: 0, top_p: 0, seed: 0 },
      { temperature: 0, topP: 0, seed: 0 },
    ],
    ["the bound of an answer", { max_tokens: 9 }, { maxOutputTokens: 9 }],
    ["its newer spelling", { max_completion_tokens: 9 }, { maxOutputTokens: 9 }],
    [
      "penalties, top_k and candidates",
      { presence_penalty: 1, frequency_penalty: -1, top_k: 3, n: 2 },
      {
        topK: 3,
        presencePenalty: 1,
        frequencyPenalty: -1,
        candidateCount: 2,
      },
    ],
    [
      "five stops",
      { stop: ["a", "", "b", "c", "d", "e", "f"] },
      { stopSequences: ["a", "b", "c", "d", "e"] },
    ],
    ["log probabilities", { logprobs: true, top_logprobs: 3 }, { responseLogprobs: true, logprobs: 3 }],
    ["any JSON", { response_format: { type: "json_object" } }, { responseMimeType: "application/json" }],
    [
      "JSON of a schema",
      { response_format: { type: "json_schema", json_schema: { name: "x", schema } } },
      {
        responseMimeType: "application/json",
        responseJsonSchema: schema,
      },
    ],
    ["text", { response_format: { type: "text" } }, undefined],
    [
      "an effort as a level",
      { reasoning_effort: "low" },
      {
        thinkingConfig: { thinkingLevel: "low", includeThoughts: true },
      },
      { thinking: "level" },
    ],
    [
      "an effort that no level has",
      { reasoning_effort: "max" },
      {
        thinkingConfig: { thinkingLevel: "high", includeThoughts: true },
      },
      { thinking: "level" },
    ],
    [
      "no thinking as the least level",
      { reasoning_effort: "none" },
      {
        thinkingConfig: { thinkingLevel: "low" },
      },
      { thinking: "level", efforts: ["low", "high"] },
    ],
    [
      "an effort as a budget",
      { reasoning_effort: "medium" },
      {
        thinkingConfig: { thinkingBudget: 8_192, includeThoughts: true },
      },
      { thinking: "budget" },
    ],
    [
      "a budget within bounds",
      { thinking: { type: "enabled", budget_tokens: 90_000 } },
      {
        thinkingConfig: { thinkingBudget: 32_768, includeThoughts: true },
      },
      { thinking: "budget", thinkingBudget: { min: 128, max: 32_768 } },
    ],
    [
      "no thinking as no budget",
      { thinking: { type: "disabled" } },
      { thinkingConfig: { thinkingBudget: 0 } },
    ],
    [
      "as much thinking as the model likes",
      { thinking: { type: "adaptive" } },
      {
        thinkingConfig: { thinkingBudget: -1, includeThoughts: true },
      },
    ],
    ["thinking of a model that cannot", { reasoning_effort: "low" }, undefined, { thinking: "none" }],
    [
      "what the model refuses is left out",
      { temperature: 1, seed: 1 },
      { temperature: 1 },
      { refuses: ["seed"] },
    ],
    [
      "Google's own words for thinking",
      {
        others: {
          extra_body: { google: { thinking_config: { thinking_budget: 7, include_thoughts: true } } },
        },
      },
      { thinkingConfig: { thinkingBudget: 7, includeThoughts: true } },
    ],
  ];
  test.each(rows)("%s", (_name, fields, expected, traits = {}) => {
    expect(config(fields, { traits })).toEqual(expected);
  });

  test("digits of numbers stay", () => {
    const fields = parseExactJson('{"temperature":1.0,"seed":12345678901234567890,"max_tokens":1e3}');
    const body = JSON.stringify(send(fields as Partial<ChatRequest>).body); // A request as a client's side reads it.
    for (const digits of ['"temperature":1.0', '"seed":12345678901234567890', '"maxOutputTokens":1e3'])
      expect(body).toContain(digits);
  });

  test("what has no place is told, what means nothing is not", () => {
    const { warnings } = send({
      temperature: 3,
      stop: ["a", "b", "c", "d", "e", "f"],
      logit_bias: { 1: 2 },
      parallel_tool_calls: false,
      user: "u",
      service_tier: "flex",
      stream_options: { include_usage: true },
      others: { store: false, prediction: { type: "content" }, safetySettings: [] },
    });
    expect(warnings.map(({ field, action }) => `${field};${action}`)).toEqual([
      "temperature;clamped",
      "stop;clamped",
      "logit_bias;dropped",
      "parallel_tool_calls;dropped",
      "service_tier;dropped",
      "user;dropped",
      "prediction;dropped",
    ]);
  });

  test("defect 12: nothing of OpenAI's own leaks; Gemini's own fields go on", () => {
    const safety = [{ category: "HARM_CATEGORY_HARASSMENT", threshold: "BLOCK_NONE" }];
    const { body } = send({
      stream: true,
      stream_options: { include_usage: true },
      others: { safety_settings: safety, cached_content: "cachedContents/1", store: true },
    });
    expect(Object.keys(body).toSorted()).toEqual(["cachedContent", "contents", "safetySettings"]);
    expect(body["safetySettings"]).toBe(safety);
  });

  test("more answers than there can be are refused", () => {
    expect(thrown(() => send({ n: 9 })).param).toBe("n");
    expect(thrown(() => send({ n: 2 }, { traits: { refuses: ["n"] } })).param).toBe("n");
  });
});

describe("tools", () => {
  const one = tool("f", { type: "object", properties: { a: { type: "string" } }, $schema: "x" });
  test("a schema goes on as it is; a function without parameters says nothing of them", () => {
    const { body } = send({ tools: [one, tool("g", { type: "object", properties: {} }), tool("h")] });
    expect(body["tools"]).toEqual([
      {
        functionDeclarations: [
          { name: "f", parametersJsonSchema: one.function.parameters },
          { name: "g" },
          { name: "h" },
        ],
      },
    ]);
  });

  const only = { type: "function" as const, function: { name: "f" } };
  test.each([
    ["none", "none" as const, { mode: "NONE" }],
    ["auto", "auto" as const, { mode: "AUTO" }],
    ["required", "required" as const, { mode: "ANY" }],
    ["one function", only, { mode: "ANY", allowedFunctionNames: ["f"] }],
  ])("defect 5: the choice of %s arrives", (_name, choice, expected) => {
    const { body } = send({ tools: [one], tool_choice: choice });
    expect(body["toolConfig"]).toEqual({ functionCallingConfig: expected });
  });

  test("of allowed tools only these are declared", () => {
    const { body } = send({
      tools: [one, tool("g")],
      tool_choice: { type: "allowed_tools", allowed_tools: { mode: "required", tools: [{ ...only }] } },
    });
    expect(JSON.stringify(body["tools"])).not.toContain('"g"');
    expect(body["toolConfig"]).toEqual({ functionCallingConfig: { mode: "ANY" } });
  });

  test("a choice without tools, and tools of a model without, are left out", () => {
    expect(send({ tool_choice: "auto" }).body).not.toHaveProperty("toolConfig");
    const { body, warnings } = send({ tools: [one] }, { traits: { tools: false } });
    expect(body).not.toHaveProperty("tools");
    expect(warnings).toEqual([{ field: "tools", action: "dropped" }]);
  });
});

test("in strict mode what cannot be said is refused by its name", () => {
  const context = contextOf({ strict: true });
  expect(thrown(() => geminiService.request(chatRequest({ user: "u" }), context)).param).toBe("user");
});
