import { expect, test } from "vitest";
import type { RouteProtocol } from "../core/protocol.ts";
import { outputBound, usualOutputTokens } from "./output-bound.ts";

const rows: readonly (readonly [name: string, protocol: RouteProtocol, body: string, tokens: number])[] = [
  ["nothing said", "openai", "{}", usualOutputTokens],
  ["OpenAI", "openai", '{"max_tokens":7}', 7],
  ["OpenAI's newer name", "openai", '{"max_completion_tokens":8}', 8],
  ["two names: the highest", "openai", '{"max_completion_tokens":1,"max_tokens":90000}', 90_000],
  ["several answers", "vllm", '{"max_tokens":7,"n":3}', 21],
  ["more answers than anybody gives", "openai", '{"max_tokens":1,"n":1000000}', 128],
  ["Responses", "openai-responses", '{"max_output_tokens":9,"n":5}', 9],
  ["Anthropic", "anthropic", '{"max_tokens":10}', 10],
  ["DashScope", "dashscope", '{"parameters":{"max_tokens":11,"n":2}}', 22],
  ["DashScope, in the wrong place", "dashscope", '{"max_tokens":11}', usualOutputTokens],
  ["Gemini", "gemini", '{"generationConfig":{"maxOutputTokens":12,"candidateCount":2}}', 24],
  ["Gemini with underscores", "gemini", '{"generation_config":{"max_output_tokens":70000}}', 70_000],
  [
    "Gemini in both spellings",
    "gemini",
    '{"generationConfig":{"maxOutputTokens":1},"generation_config":{"maxOutputTokens":70000}}',
    70_000,
  ],
  ["ComfyUI", "comfyui", '{"max_tokens":1}', usualOutputTokens],
  ["twice: not the lower", "openai", '{"max_tokens":1,"max_tokens":2}', usualOutputTokens],
  ["below zero", "openai", '{"max_tokens":-1}', usualOutputTokens],
  ["zero", "openai", '{"max_tokens":0}', usualOutputTokens],
  ["a fraction", "openai", '{"max_tokens":1.5}', usualOutputTokens],
  ["beyond all numbers", "openai", '{"max_tokens":1e999}', usualOutputTokens],
  ["in quotes", "openai", '{"max_tokens":"5"}', usualOutputTokens],
  ["null", "openai", '{"max_tokens":null}', usualOutputTokens],
  ["an answer fewer than one", "openai", '{"max_tokens":7,"n":-3}', 7],
  ["as an exponent", "openai", '{"max_tokens":1e3}', 1_000],
  ["in a text", "openai", '{"a":"max_tokens\\":1","b":{"max_tokens":1}}', usualOutputTokens],
  ["no JSON", "openai", "max_tokens=1", usualOutputTokens],
];

test.each(rows)("%s", (_, protocol, body, tokens) => {
  expect(outputBound(protocol, Buffer.from(body))).toBe(tokens);
});
