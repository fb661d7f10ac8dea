// Sample requests to the routes for text: chat, completions, messages, responses, DashScope's and Gemini's own. Data only.
import { askedModel, oddJson, textAt, type Given, type RouteSample } from "./route-sample.ts";
import type { HeaderLine } from "./http-message.ts";

const model = askedModel;
const messages = [{ role: "user", content: "Hello there" }];
const tokens = { inputTokens: "some", outputTokens: "some", estimated: false } as const;
const streaming = { stream: true, stream_options: { include_usage: true } };
const anthropic: readonly HeaderLine[] = [
  ["anthropic-version", "2023-06-01"],
  ["anthropic-beta", "files-api-2025-04-14"],
];
const contents = [{ role: "user", parts: [{ text: "Hello" }] }];
const sse: readonly HeaderLine[] = [["X-DashScope-SSE", "enable"]];
const input = { messages: [{ role: "user", content: "Hello" }] };
const parts = { messages: [{ role: "user", content: [{ text: "Hello" }] }] };

/** Anthropic's answer to two questions in a batch. */
const batch = oddJson({
  requests: [{ custom_id: "a", params: { model, max_tokens: 9, messages } }],
});

const given: Given = async (direct) => ({
  id: textAt(await direct("POST", "/v1/messages/batches", batch), "id"),
});

export const textSamples: Readonly<Record<string, readonly RouteSample[]>> = {
  "openai create-chat-completion": [
    { method: "POST", what: "whole", json: oddJson({ model, messages }), model: "json", usage: tokens },
    {
      method: "POST",
      what: "without a model",
      json: oddJson({ messages, model_kwargs: {} }),
      model: "json-first",
      needsTarget: true,
      usage: tokens,
    },
    {
      method: "POST",
      what: "streamed",
      json: oddJson({ messages, ...streaming, model }),
      model: "json",
      stream: true,
      usage: tokens,
    },
  ],
  "openai create-completion": [
    {
      method: "POST",
      what: "whole",
      json: oddJson({ model, prompt: "Hello" }),
      model: "json",
      usage: tokens,
    },
    {
      method: "POST",
      what: "streamed",
      json: oddJson({ prompt: "Hello", model, ...streaming }),
      model: "json",
      stream: true,
      usage: tokens,
    },
  ],
  "openai responses": [
    { method: "POST", what: "whole", json: oddJson({ model, input: "Hello" }), model: "json", usage: tokens },
    {
      method: "POST",
      what: "streamed",
      json: oddJson({ stream: true, model, input: "Hello" }),
      model: "json",
      stream: true,
      usage: tokens,
    },
    {
      method: "GET",
      what: "one",
      tail: "/{id}?include=a%2Cb&include=c",
      given: async (direct) => ({
        id: textAt(await direct("POST", "/v1/responses", oddJson({ model, input: "Hello" })), "id"),
      }),
    },
    {
      method: "GET",
      what: "the input of one",
      tail: "/{id}/input_items",
      given: async (direct) => ({
        id: textAt(await direct("POST", "/v1/responses", oddJson({ model, input: "Hello" })), "id"),
      }),
    },
    {
      method: "POST",
      what: "cancel",
      tail: "/{id}/cancel",
      given: async (direct) => ({
        id: textAt(
          await direct("POST", "/v1/responses", oddJson({ model, input: "Hello", background: true })),
          "id",
        ),
      }),
    },
    {
      method: "DELETE",
      what: "one",
      tail: "/{id}",
      given: async (direct) => ({
        id: textAt(await direct("POST", "/v1/responses", oddJson({ model, input: "Hello" })), "id"),
      }),
    },
  ],
  "anthropic create-message": [
    {
      method: "POST",
      what: "whole",
      json: oddJson({ model, max_tokens: 64, messages }),
      headers: anthropic,
      model: "json",
      usage: tokens,
    },
    {
      method: "POST",
      what: "streamed",
      tail: "?beta=true",
      json: oddJson({ max_tokens: 64, messages, stream: true, model }),
      headers: anthropic,
      model: "json",
      stream: true,
      usage: tokens,
    },
  ],
  "anthropic count-message-tokens": [
    { method: "POST", what: "whole", json: oddJson({ model, messages }), headers: anthropic, model: "json" },
  ],
  "anthropic message-batches": [
    { method: "POST", what: "create", json: batch, headers: anthropic, usage: null },
    { method: "POST", what: "cancel", tail: "/{id}/cancel", headers: anthropic, given, usage: null },
    { method: "GET", what: "list", tail: "?limit=5", headers: anthropic, usage: null },
    { method: "GET", what: "one", tail: "/{id}", headers: anthropic, given, usage: null },
    {
      method: "GET",
      what: "results",
      tail: "/{id}/results",
      headers: anthropic,
      given: async (direct) => {
        const id = textAt(await direct("POST", "/v1/messages/batches", batch), "id");
        // Every look moves it on, until it has ended.
        for (let look = 0; look < 4; look += 1) await direct("GET", `/v1/messages/batches/${id}`);
        return { id };
      },
      usage: null,
    },
    {
      method: "DELETE",
      what: "one",
      tail: "/{id}",
      headers: anthropic,
      given: async (direct) => {
        const id = textAt(await direct("POST", "/v1/messages/batches", batch), "id");
        for (let look = 0; look < 4; look += 1) await direct("GET", `/v1/messages/batches/${id}`);
        return { id };
      },
      usage: null,
    },
  ],
  "dashscope dashscope-text-generation": [
    { method: "POST", what: "whole", json: oddJson({ model, input }), model: "json", usage: tokens },
    {
      method: "POST",
      what: "streamed",
      json: oddJson({ input, parameters: { incremental_output: true }, model }),
      headers: sse,
      model: "json",
      stream: true,
      usage: tokens,
    },
  ],
  "dashscope dashscope-multimodal-generation": [
    { method: "POST", what: "whole", json: oddJson({ model, input: parts }), model: "json", usage: tokens },
    {
      method: "POST",
      what: "streamed",
      json: oddJson({ input: parts, model }),
      headers: sse,
      model: "json",
      stream: true,
      usage: tokens,
    },
  ],
  "gemini gemini-models": [
    {
      method: "POST",
      what: "generateContent",
      tail: `/${model}:generateContent`,
      json: oddJson({ contents }),
      model: "path",
      usage: tokens,
    },
    {
      method: "POST",
      what: "streamGenerateContent as events",
      tail: `/${model}:streamGenerateContent?alt=sse&$fields=*`,
      json: oddJson({ contents }),
      model: "path",
      stream: true,
      usage: tokens,
    },
    {
      method: "POST",
      what: "streamGenerateContent as a list",
      tail: `/${model}:streamGenerateContent`,
      json: oddJson({ contents }),
      model: "path",
      stream: true,
      usage: tokens,
    },
    {
      method: "POST",
      what: "countTokens",
      tail: `/${model}:countTokens`,
      json: oddJson({ contents }),
      model: "path",
    },
    {
      method: "POST",
      what: "embedContent",
      tail: `/${model}:embedContent`,
      json: oddJson({ content: contents[0] }),
      model: "path",
    },
    { method: "GET", what: "list", tail: "?pageSize=5" },
    { method: "GET", what: "one", tail: `/${model}`, model: "path" },
  ],
};
