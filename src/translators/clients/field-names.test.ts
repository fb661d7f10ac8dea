// What clients of other protocols than OpenAI's are told about fields that could not be said: in their own words.
import { expect, test } from "vitest";
import { contextOf } from "../translation-fixture.ts";
import { anthropicService } from "../services/anthropic/anthropic-service.ts";
import { geminiService } from "../services/gemini/gemini-service.ts";
import { openaiService } from "../services/openai/openai-service.ts";
import { responsesService } from "../services/openai-responses/openai-responses-service.ts";
import type { ClientSide, ServiceSide } from "../translation.ts";
import { anthropicClient } from "./anthropic/anthropic-client.ts";
import { dashscopeClient } from "./dashscope/dashscope-client.ts";
import { geminiClient } from "./gemini/gemini-client.ts";
import { responsesClient } from "./openai-responses/openai-responses-client.ts";

interface Row {
  readonly client: ClientSide;
  readonly service: ServiceSide;
  readonly body: object;
  readonly warnings: readonly string[];
}

const mark = { cache_control: { type: "ephemeral" } };
const shared = { model: "m", stream: false, query: "" };

test.each<[string, Row]>([
  [
    "Responses",
    {
      client: responsesClient,
      service: geminiService,
      body: { input: "Hi", text: { verbosity: "low" }, user: "u" },
      warnings: ["text.verbosity;dropped", "user;dropped"],
    },
  ],
  [
    "the usual values of Responses, of which nothing is lost",
    {
      client: responsesClient,
      service: geminiService,
      body: { input: "Hi", text: { verbosity: "medium", format: { type: "text" } }, store: false },
      warnings: [],
    },
  ],
  [
    "Responses with instructions",
    {
      client: responsesClient,
      service: anthropicService,
      body: {
        instructions: "Be brief.",
        input: [
          { role: "user", content: "Hi" },
          { role: "system", content: "Late." },
        ],
      },
      warnings: ["input;rewritten"],
    },
  ],
  [
    "Gemini",
    {
      client: geminiClient,
      service: responsesService,
      body: {
        contents: [{ role: "user", parts: [{ text: "Hi" }] }],
        generationConfig: { topK: 3, stopSequences: ["x"], seed: 1 },
      },
      warnings: [
        "generationConfig.topK;dropped",
        "generationConfig.stopSequences;dropped",
        "generationConfig.seed;dropped",
      ],
    },
  ],
  [
    "DashScope",
    {
      client: dashscopeClient,
      service: openaiService,
      body: {
        input: { messages: [{ role: "user", content: "Hi" }] },
        parameters: { stop: ["a", "b", "c", "d", "e"] },
      },
      warnings: ["parameters.stop;clamped"],
    },
  ],
  [
    "the system prompt of Anthropic",
    {
      client: anthropicClient,
      service: geminiService,
      body: {
        max_tokens: 9,
        system: [{ type: "text", text: "s", ...mark }],
        messages: [{ role: "user", content: "Hi" }],
      },
      warnings: ["system.0.cache_control;dropped"],
    },
  ],
])("%s", (_name, { client, service, body, warnings }) => {
  const context = contextOf();
  service.request(client.request({ ...shared, body: { model: "m", ...body } }, context), context);
  const told = context.notes.warnings.map(({ field, action }) => `${field};${action}`);
  expect(told.toSorted()).toEqual(warnings.toSorted());
});
