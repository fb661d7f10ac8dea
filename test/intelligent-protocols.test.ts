// Mode intelligent on every kind of route: what clients of each protocol ask is read where it stands, and the model that is
// chosen is what the service gets.
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSimulator, type Simulator } from "../src/simulator/simulator.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { routingOf } from "./support/intelligent-scene.ts";

const candidates = [
  { service: "up", model: "small", quality: 60, price: { input: 0.1, output: 0.4 } },
  { service: "up", model: "seeing", quality: 90, price: { input: 5, output: 20 }, input: ["text", "image"] },
];
const windows = candidates.map((candidate) => ({ ...candidate, contextWindow: 100_000 }));
const hears = { service: "up", model: "hears", contextWindow: 20_000, input: ["audio"], output: ["text"] };

let simulator: Simulator;
let gateway: Gateway;

beforeAll(async () => {
  simulator = await startSimulator({ port: 0 });
  const api = (name: string, useCase: string, protocols: string[], enabled: string[] = []) => ({
    name,
    useCase,
    protocols,
    basePath: `/${name}`,
    stripBasePath: true,
    routes: { enabled },
    modelService: { mode: "intelligent", profile: "cheap", maxQualityDrop: 100, candidates: windows },
  });
  gateway = await startGateway(
    {
      services: [{ name: "up", provider: "simulator" }],
      modelApis: [
        api("text", "text-generation", ["openai", "anthropic", "gemini"], ["responses", "gemini-models"]),
        api(
          "native",
          "text-generation",
          ["dashscope"],
          ["dashscope-text-generation", "dashscope-multimodal-generation"],
        ),
        api("vectors", "embedding", ["openai"]),
        api("images", "image-generation", ["openai"]),
        api("speech", "speech-synthesis", ["openai"]),
        {
          ...api("hearing", "speech-synthesis", ["openai"], ["openai-audio-transcriptions"]),
          modelService: { mode: "intelligent", candidates: [hears] },
        },
      ],
    },
    { simulatorUrl: simulator.url },
  );
});

afterAll(async () => {
  await gateway.close();
  await simulator.close();
});

const png = "iVBORw0KGgo=";
const url = `data:image/png;base64,${png}`;
const chat = "/text/v1/chat/completions";
const native = "/native/api/v1/services/aigc";

test.each<[string, string, object, string]>([
  ["a chat", chat, { model: "auto", messages: [{ role: "user", content: "hi" }] }, "small"],
  [
    "a chat with an image",
    chat,
    { model: "auto", messages: [{ role: "user", content: [{ type: "image_url", image_url: { url } }] }] },
    "seeing",
  ],
  ["a completion", "/text/v1/completions", { model: "auto", prompt: "Once" }, "small"],
  ["responses", "/text/v1/responses", { model: "auto/cheap", input: "hi" }, "small"],
  [
    "responses with an image",
    "/text/v1/responses",
    { model: "auto", input: [{ role: "user", content: [{ type: "input_image", image_url: url }] }] },
    "seeing",
  ],
  [
    "messages of Anthropic",
    "/text/v1/messages",
    { model: "auto", max_tokens: 9, messages: [{ role: "user", content: "hi" }] },
    "small",
  ],
  [
    "messages of Anthropic with an image",
    "/text/v1/messages",
    {
      model: "auto",
      max_tokens: 9,
      messages: [
        {
          role: "user",
          content: [{ type: "image", source: { type: "base64", media_type: "image/png", data: png } }],
        },
      ],
    },
    "seeing",
  ],
  [
    "Gemini",
    "/text/v1beta/models/auto:generateContent",
    { contents: [{ role: "user", parts: [{ text: "hi" }] }] },
    "small",
  ],
  [
    "Gemini by a profile",
    "/text/v1beta/models/auto/quality:generateContent",
    { contents: [{ role: "user", parts: [{ text: "hi" }] }] },
    "seeing",
  ],
  [
    "Gemini with an image, as a stream",
    "/text/v1beta/models/auto/cheap:streamGenerateContent?alt=sse",
    { contents: [{ role: "user", parts: [{ inlineData: { mimeType: "image/png", data: png } }] }] },
    "seeing",
  ],
  [
    "DashScope",
    `${native}/text-generation/generation`,
    { model: "auto", input: { messages: [{ role: "user", content: "hi" }] } },
    "small",
  ],
  [
    "DashScope with an image",
    `${native}/multimodal-generation/generation`,
    { model: "auto", input: { messages: [{ role: "user", content: [{ image: url }, { text: "?" }] }] } },
    "seeing",
  ],
  ["embeddings", "/vectors/v1/embeddings", { model: "auto", input: ["a", "b"] }, "small"],
  ["an image", "/images/v1/images/generations", { model: "auto", prompt: "a cat" }, "small"],
  ["speech", "/speech/v1/audio/speech", { model: "auto", input: "hi", voice: "alloy" }, "small"],
])("%s", async (_name, path, body, expected) => {
  const response = await fetch(`${gateway.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", "anthropic-version": "2023-06-01" },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  expect([response.status, text]).toEqual([200, text]);
  const record = await gateway.record(response.headers.get("x-request-id") ?? undefined);
  expect(record).toMatchObject({ status: 200, outcome: "ok", model: expected });
  expect(record.attempts).toHaveLength(1);
  expect(routingOf(record).choice.model).toBe(expected);
});

const megabyte = "iVBORw0KGgo".repeat(100_000);
const large = `data:image/png;base64,${megabyte}`;

test.each<[string, string, object]>([
  [
    "a chat",
    chat,
    {
      model: "auto",
      messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: large } }] }],
    },
  ],
  [
    "responses that made an image before",
    "/text/v1/responses",
    {
      model: "auto",
      input: [
        { type: "image_generation_call", id: "ig_1", status: "completed", result: megabyte },
        { role: "user", content: "make it blue" },
      ],
    },
  ],
  [
    "an image without a message",
    `${native}/multimodal-generation/generation`,
    { model: "auto", input: { messages: [{ role: "user", content: [{ image: large }, { text: "?" }] }] } },
  ],
])("a megabyte of an image is no quarter of a million tokens: %s", async (_name, path, body) => {
  const response = await fetch(`${gateway.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  const { models } = routingOf(
    await gateway.record(response.headers.get("x-request-id") ?? undefined),
  ).evidence;
  expect(models.map(({ excluded }) => excluded)).not.toContain("context-window");
  for (const { costUsd } of models) expect(costUsd).toBeLessThan(0.05);
});

test("a form with a recording is no text of its length", async () => {
  const form = new FormData();
  form.set("model", "auto");
  form.set("file", new Blob([new Uint8Array(2_000_000)], { type: "audio/wav" }), "a.wav");
  const response = await fetch(`${gateway.url}/hearing/v1/audio/transcriptions`, {
    method: "POST",
    body: form,
  });
  expect([response.status, await response.text()]).toEqual([200, expect.anything()]);
  const { models } = routingOf(
    await gateway.record(response.headers.get("x-request-id") ?? undefined),
  ).evidence;
  expect(models.map(({ excluded }) => excluded)).toEqual([""]);
});
