// Sample requests to the routes for images, video, speech, embeddings, rerank and moderation. Data only.
import { askedModel, fileBytes, oddJson, type RouteSample } from "./route-sample.ts";
import type { HeaderLine } from "./http-message.ts";

const model = askedModel;
const image = { name: "image", file: "a.png", content: fileBytes };
const sound = { name: "file", file: "speech.wav", content: Buffer.alloc(32_000, 1) };
const modelPart = { name: "model", content: model };
const drawn = { images: 2, inputTokens: "some", outputTokens: "some" } as const;
const asynchronous: readonly HeaderLine[] = [["X-DashScope-Async", "enable"]];

const task: readonly RouteSample[] = [
  {
    method: "POST",
    what: "create",
    json: oddJson({ model, input: { prompt: "a cat" }, parameters: { n: 2 } }),
    headers: asynchronous,
    model: "json",
    usage: null,
  },
];

export const mediaSamples: Readonly<Record<string, readonly RouteSample[]>> = {
  "dashscope dashscope-text-to-image-synthesis": task,
  "dashscope dashscope-image-to-image-synthesis": task,
  "dashscope dashscope-image-to-image-outpainting": task,
  "dashscope dashscope-virtual-model-generation": task,
  "dashscope dashscope-background-generation": task,
  "dashscope dashscope-video-generation-synthesis": task,
  "dashscope dashscope-image-to-video-synthesis": task,
  "openai openai-image-generation": [
    {
      method: "POST",
      what: "whole",
      json: oddJson({ prompt: "a cat", model, n: 2 }),
      model: "json",
      usage: drawn,
    },
    { method: "POST", what: "without a model", json: oddJson({ prompt: "a cat" }), model: "json-first" },
    {
      method: "POST",
      what: "streamed",
      tail: "?trace=a%20b",
      json: oddJson({ stream: true, partial_images: 1, model, prompt: "a cat" }),
      model: "json",
      stream: true,
      usage: { images: 1, outputTokens: "some" },
    },
  ],
  "openai openai-image-edit": [
    {
      method: "POST",
      what: "a form",
      form: [modelPart, { name: "prompt", content: "a dog" }, { name: "n", content: "2" }, image],
      model: "part",
      usage: drawn,
    },
    {
      method: "POST",
      what: "a form with the model after the file",
      form: [image, { name: "prompt", content: "a dog" }, modelPart],
      model: "part",
      usage: { images: 1 },
    },
    {
      method: "POST",
      what: "a form without a model",
      form: [image, { name: "prompt", content: "a dog" }],
      model: "part-first",
      usage: { images: 1 },
    },
    {
      method: "POST",
      what: "a streamed form",
      form: [image, { name: "prompt", content: "a dog" }, { name: "stream", content: "true" }, modelPart],
      model: "part",
      stream: true,
      usage: { images: 1, outputTokens: "some" },
    },
    {
      method: "POST",
      what: "JSON",
      json: oddJson({ prompt: "a dog", images: [{ file_id: "f" }], model }),
      model: "json",
      usage: { images: 1 },
    },
  ],
  "openai openai-image-variation": [
    {
      method: "POST",
      what: "a form",
      form: [image, modelPart, { name: "n", content: "2" }],
      model: "part",
      usage: { images: 2 },
    },
  ],
  "openai openai-audio-speech": [
    {
      method: "POST",
      what: "bytes",
      json: oddJson({ model, input: "Grüße 🎉!", voice: "alloy", response_format: "wav" }),
      model: "json",
      usage: { characters: 8, estimated: true },
    },
    {
      method: "POST",
      what: "events",
      json: oddJson({ model, input: "Hello there", voice: "alloy", stream_format: "sse" }),
      model: "json",
      stream: true,
      usage: { inputTokens: "some", outputTokens: "some", characters: 11 },
    },
  ],
  "openai openai-audio-transcriptions": [
    {
      method: "POST",
      what: "JSON",
      form: [sound, modelPart],
      model: "part",
      usage: { inputTokens: "some", outputTokens: "some" },
    },
    {
      method: "POST",
      what: "verbose JSON",
      form: [modelPart, { name: "response_format", content: "verbose_json" }, sound],
      model: "part",
      usage: { seconds: 2 },
    },
    {
      method: "POST",
      what: "plain text",
      form: [modelPart, { name: "response_format", content: "text" }, sound],
      model: "part",
      usage: null,
    },
    {
      method: "POST",
      what: "events",
      form: [sound, { name: "stream", content: "true" }, modelPart],
      model: "part",
      stream: true,
      usage: { inputTokens: "some", outputTokens: "some" },
    },
  ],
  "openai openai-audio-translations": [
    { method: "POST", what: "JSON", form: [sound, modelPart], model: "part", usage: null },
    {
      method: "POST",
      what: "verbose JSON",
      form: [sound, modelPart, { name: "response_format", content: "verbose_json" }],
      model: "part",
      usage: { seconds: 2 },
    },
  ],
  "openai create-embedding": [
    {
      method: "POST",
      what: "numbers",
      json: oddJson({ input: ["Hello", "there"], model, dimensions: 4 }),
      model: "json",
      usage: { inputTokens: "some", outputTokens: 0 },
    },
    {
      method: "POST",
      what: "base64",
      json: oddJson({ model, input: "Hello", encoding_format: "base64" }),
      model: "json",
      usage: { inputTokens: "some", outputTokens: 0 },
    },
  ],
  "dashscope rerank": [
    {
      method: "POST",
      what: "whole",
      json: oddJson({ model, input: { query: "q", documents: ["d", "e"] } }),
      model: "json",
      usage: { searches: 1, inputTokens: "some" },
    },
  ],
  "vllm rerank": [
    {
      method: "POST",
      what: "whole",
      json: oddJson({ query: "q", documents: ["d", "e"], model }),
      model: "json",
      usage: { searches: 1, inputTokens: "some" },
    },
    {
      method: "POST",
      what: "without a model",
      json: oddJson({ query: "q", documents: ["d"] }),
      model: "json-first",
      usage: { searches: 1 },
    },
  ],
  "openai moderations": [
    { method: "POST", what: "whole", json: oddJson({ input: "Hello", model }), model: "json", usage: null },
  ],
};
