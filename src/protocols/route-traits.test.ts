import { describe, expect, test } from "vitest";
import { defaultRoutes } from "../resources/default-routes.ts";
import { routeOperations } from "./route-operations.ts";
import { operationOf, traitsOf, type TraitedRoute } from "./route-traits.ts";

function operation(name: string, method: string, below = "", protocol?: string) {
  const row = defaultRoutes.find((each) => each.name === name && (!protocol || each.protocol === protocol));
  if (row === undefined) throw new Error(`no default route ${name}`);
  const traits = traitsOf({ name, protocol: row.speaks ?? row.protocol, path: row.path });
  return operationOf(traits, method, below);
}

describe("the table", () => {
  test("has exactly one row for every default route", () => {
    const names = new Set(defaultRoutes.map((row) => `${row.protocol} ${row.name}`));
    expect(Object.keys(routeOperations).toSorted()).toEqual([...names].toSorted());
  });

  test.each(Object.entries(routeOperations))(
    "%s: the last operation fits every method of the route",
    (key, traits) => {
      const row = defaultRoutes.find((each) => `${each.protocol} ${each.name}` === key);
      const last = traits.at(-1);
      expect(last?.path.test("/x/y")).toBe(true);
      const rest = row?.methods.filter((method) => !last?.methods.includes(method)) ?? [];
      for (const method of rest) {
        expect(traits.some((each) => each.methods.includes(method) && each.path.test("/x/y"))).toBe(true);
      }
    },
  );

  test("a route that only reads makes nothing", () => {
    for (const row of defaultRoutes) {
      for (const method of row.methods.filter((each) => each === "GET" || each === "DELETE")) {
        expect(operation(row.name, method, "", row.protocol).creates, `${method} ${row.path}`).toBe(false);
      }
    }
  });
});

test.each([
  [
    "a chat completion",
    "create-chat-completion",
    "POST ",
    { model: "json", stream: "body", answer: "generation", jsonDue: true, asksUsage: true, creates: false },
  ],
  ["a message", "create-message", "POST ", { answer: "generation", asksUsage: false }],
  [
    "an image task",
    "dashscope-text-to-image-synthesis",
    "POST ",
    { model: "json", answer: "object", creates: true },
  ],
  ["a poll", "tasks", "GET /id-1", { model: "none", answer: "object", creates: false }],
  ["a list of tasks", "tasks", "GET ", { answer: "json", creates: false }],
  ["a list of tasks with a slash", "tasks", "GET /", { answer: "json" }],
  ["a cancelled task", "tasks", "POST /id-1/cancel", { creates: false, jsonDue: true }],
  [
    "an image edit",
    "openai-image-edit",
    "POST ",
    { model: "json-or-part", stream: "body", answer: "images" },
  ],
  ["speech", "openai-audio-speech", "POST ", { stream: "format", answer: "speech", jsonDue: false }],
  ["an upload", "files", "POST ", { model: "none", answer: "object", creates: true }],
  ["an upload with a slash", "files", "POST /", { answer: "object", creates: true }],
  ["a download", "files", "GET /file-1/content", { answer: "bytes", jsonDue: false, creates: false }],
  ["a look at a download", "files", "HEAD /file-1/content", { answer: "bytes", jsonDue: false }],
  ["an unknown way to write", "files", "PUT /file-1", { creates: true, jsonDue: false }],
  ["a deletion", "files", "DELETE /file-1", { creates: false, jsonDue: false }],
  ["a new job", "fine-tuning", "POST /jobs", { model: "json", creates: true }],
  ["a paused job", "fine-tuning", "POST /jobs/j/pause", { model: "none", answer: "object", creates: false }],
  ["a permission", "fine-tuning", "POST /checkpoints/m/permissions", { creates: true }],
  ["a cancelled batch", "batches", "POST /b/cancel", { answer: "object", creates: false }],
  [
    "a response",
    "responses",
    "POST ",
    { model: "json", stream: "body", answer: "generation", creates: false },
  ],
  ["a response read again", "responses", "GET /resp_1", { stream: "query", answer: "object" }],
  ["results of a message batch", "message-batches", "GET /b/results", { answer: "bytes" }],
  [
    "Gemini's stream",
    "gemini-models",
    "POST /m:streamGenerateContent",
    { model: "path", stream: "path", answer: "generation" },
  ],
  ["Gemini's embedding", "gemini-models", "POST /m:batchEmbedContents", { answer: "embedding" }],
  [
    "Gemini's long prediction",
    "gemini-models",
    "POST /m:predictLongRunning",
    { model: "path", creates: true },
  ],
  ["Gemini's list", "gemini-models", "GET ", { model: "none" }],
  ["a prompt", "comfyui-prompt", "POST ", { answer: "object", creates: true }],
  ["the state of the queue", "comfyui-prompt", "GET ", { answer: "json", creates: false }],
  ["a cleared history", "comfyui-history", "POST ", { answer: "bytes", creates: false }],
  ["a user's file", "comfyui-userdata-file", "GET ", { answer: "bytes" }],
  ["a user's file written", "comfyui-userdata-file", "POST ", { creates: true }],
  ["speech over a WebSocket", "dashscope-text-to-audio-synthesis", "GET ", { model: "frame" }],
  ["a realtime session", "realtime", "GET ", { model: "query" }],
] as const)("knows %s", (_, name, asked, expected) => {
  const [method = "", below = ""] = asked.split(" ");
  expect(operation(name, method, below)).toMatchObject(expected);
});

test("the same name means another thing in another protocol", () => {
  expect(operation("rerank", "POST", "", "vllm")).toMatchObject({ model: "json", answer: "rerank" });
  expect(traitsOf({ name: "files", protocol: "anthropic", path: "/v1/files" })).not.toEqual(
    traitsOf({ name: "none", protocol: "anthropic", path: "/x" }),
  );
});

describe("custom routes", () => {
  const route = (overrides: Partial<TraitedRoute>): TraitedRoute => ({
    name: "extra",
    protocol: "openai",
    path: "/v1/things/{id}",
    ...overrides,
  });

  test.each([
    ["openai", { model: "json-or-part", stream: "body", answer: "json", jsonDue: false }],
    ["vllm", { model: "json-or-part", stream: "body" }],
    ["anthropic", { model: "json-or-part", stream: "body" }],
    ["openai-responses", { model: "json-or-part", stream: "body" }],
    ["dashscope", { model: "json", stream: "header" }],
    ["gemini", { model: "path", stream: "path" }],
    ["comfyui", { model: "none", stream: "never" }],
  ] as const)("of %s ask for little", (protocol, expected) => {
    const traits = operationOf(traitsOf(route({ protocol })), "POST", "");
    expect(traits).toMatchObject({ ...expected, asksUsage: false, creates: false });
  });

  test.each([
    [
      "the path of a default route",
      "/paas/v1/chat/completions",
      "openai",
      { answer: "generation", asksUsage: true },
    ],
    ["an alias", "/x/v1/images/generations", "openai", { answer: "images" }],
    [
      "the path of Responses",
      "/x/v1/responses",
      "openai-responses",
      { answer: "generation", asksUsage: false },
    ],
    ["the path of vLLM's ranks", "/v1/rerank", "openai", { model: "json", answer: "rerank" }],
    ["the path of OpenAI's vectors", "/v1/embeddings", "vllm", { answer: "embedding" }],
    ["the path of another protocol", "/x/v1/messages", "openai", { answer: "json" }],
  ] as const)("that end in %s", (_, path, protocol, expected) => {
    expect(operationOf(traitsOf(route({ path, protocol })), "POST", "")).toMatchObject(expected);
  });

  test("do not become a default route by its name alone", () => {
    const traits = traitsOf(route({ name: "create-chat-completion" }));
    expect(operationOf(traits, "POST", "")).toMatchObject({ answer: "json", asksUsage: false });
  });
});
