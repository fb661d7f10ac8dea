// Every default route, with every method that it has, gets an answer that its protocol could give.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import routes from "../resources/default-routes.json" with { type: "json" };
import { startSimulator } from "./simulator.ts";
import type { Simulator } from "./simulator.ts";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ port: 0 });
});
afterAll(() => simulator.close());

interface Sample {
  /** Behind the route's path, or in the place of its placeholders. */
  readonly path?: string;
  readonly body?: object;
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default 200. */
  readonly status?: number;
}

const messages = [{ role: "user", content: "hi" }];
const anthropic = { "anthropic-version": "2023-06-01" };
const taskHeaders = { "x-dashscope-async": "enable" };
const task = { headers: taskHeaders, body: { model: "m", input: { prompt: "a cat" } } };
const workflow = {
  "1": { class_type: "PreviewImage", inputs: { images: ["0", 0] } },
  "0": { class_type: "Own" },
};
const notServed = (methods: string): Record<string, Sample> =>
  Object.fromEntries(methods.split(" ").map((method) => [method, { status: 405 }]));

/** By route and method; a prefix route is asked at its own path unless the sample says otherwise. */
const samples: Readonly<Record<string, Readonly<Record<string, Sample>>>> = {
  "create-chat-completion": { POST: { body: { model: "m", messages } } },
  "create-completion": { POST: { body: { model: "m", prompt: "p" } } },
  "create-message": { POST: { body: { model: "m", max_tokens: 9, messages }, headers: anthropic } },
  "dashscope-text-to-image-synthesis": { POST: task },
  "dashscope-image-to-image-synthesis": { POST: task },
  "dashscope-image-to-image-outpainting": { POST: task },
  "dashscope-virtual-model-generation": { POST: task },
  "dashscope-background-generation": { POST: task },
  "dashscope-video-generation-synthesis": { POST: task },
  "dashscope-image-to-video-synthesis": { POST: task },
  tasks: { GET: {}, POST: { path: "/none/cancel", status: 400 }, ...notServed("PUT PATCH DELETE") },
  "openai-image-generation": { POST: { body: { prompt: "a cat" } } },
  "openai-image-edit": { POST: { form: { prompt: "a cat", image: "file" } } },
  "openai-image-variation": { POST: { form: { image: "file" } } },
  "comfyui-embeddings": { GET: {} },
  "comfyui-extensions": { GET: {} },
  "comfyui-features": { GET: {} },
  "comfyui-models": { GET: {} },
  "comfyui-models-folder": { GET: { path: "/models/checkpoints" } },
  "comfyui-workflow-templates": { GET: {} },
  "comfyui-upload-image": { POST: { form: { image: "file" } } },
  "comfyui-upload-mask": {
    POST: { form: { image: "file", original_ref: '{"filename":"sample.bin","type":"input"}' } },
  },
  "comfyui-view": { GET: { path: "/view?filename=sample.bin&type=input" } },
  "comfyui-view-metadata": { GET: { path: "checkpoints?filename=simulated.safetensors" } },
  "comfyui-system-stats": { GET: {} },
  "comfyui-prompt": { GET: {}, POST: { body: { prompt: workflow } } },
  "comfyui-object-info": { GET: {} },
  "comfyui-object-info-class": { GET: { path: "/object_info/KSampler" } },
  "comfyui-history": { GET: {}, POST: { body: { clear: true } } },
  "comfyui-history-prompt-id": { GET: { path: "/history/none" } },
  "comfyui-queue": { GET: {}, POST: { body: { clear: true } } },
  "comfyui-interrupt": { POST: {} },
  "comfyui-free": { POST: { body: { unload_models: true } } },
  "comfyui-userdata": { GET: { path: "/userdata?dir=workflows", status: 404 } },
  "comfyui-userdata-v2": { GET: {} },
  "comfyui-userdata-file": {
    POST: { path: "/userdata/a%2Fb.json", body: {} },
    // Asked before the file is there.
    GET: { path: "/userdata/a%2Fb.json", status: 404 },
    DELETE: { path: "/userdata/a%2Fb.json", status: 204 },
  },
  "comfyui-userdata-file-move": { POST: { path: "/userdata/none/move/c.json", status: 404 } },
  "comfyui-users": { GET: {}, POST: { body: { username: "somebody" } } },
  "openai-audio-speech": { POST: { body: { model: "m", input: "hello", voice: "alloy" } } },
  "create-embedding": { POST: { body: { model: "m", input: "hello" } } },
  "dashscope/rerank": { POST: { body: { model: "m", input: { query: "q", documents: ["d"] } } } },
  "vllm/rerank": { POST: { body: { query: "q", documents: ["d"] } } },
  models: { GET: {}, DELETE: { path: "/simulated-small", status: 403 }, ...notServed("POST PUT PATCH") },
  files: {
    GET: {},
    POST: { form: { purpose: "batch", file: "file" } },
    DELETE: { path: "/none", status: 404 },
    ...notServed("PUT PATCH"),
  },
  batches: {
    GET: {},
    POST: { body: { input_file_id: "x", endpoint: "/v1/e", completion_window: "24h" }, status: 400 },
    ...notServed("PUT PATCH DELETE"),
  },
  "fine-tuning": {
    GET: { path: "/jobs" },
    POST: { path: "/jobs", body: { model: "m", training_file: "none" }, status: 400 },
    DELETE: { path: "/checkpoints/m/permissions/none", status: 404 },
    PUT: { path: "/jobs", status: 405 },
    PATCH: { path: "/jobs", status: 405 },
  },
  responses: {
    POST: { body: { model: "m", input: "hi" } },
    GET: { path: "/none", status: 404 },
    DELETE: { path: "/none", status: 404 },
  },
  "count-message-tokens": { POST: { body: { model: "m", messages }, headers: anthropic } },
  "message-batches": {
    GET: { headers: anthropic },
    POST: {
      headers: anthropic,
      body: { requests: [{ custom_id: "a", params: { model: "m", max_tokens: 9, messages } }] },
    },
    DELETE: { path: "/none", headers: anthropic, status: 404 },
  },
  "anthropic-files": {
    GET: { headers: anthropic },
    POST: { form: { file: "file" }, headers: anthropic },
    DELETE: { path: "/none", headers: anthropic, status: 404 },
  },
  "dashscope-text-generation": { POST: { body: { model: "m", input: { prompt: "hi" } } } },
  "dashscope-multimodal-generation": {
    POST: { body: { model: "m", input: { messages: [{ role: "user", content: [{ text: "hi" }] }] } } },
  },
  "gemini-models": {
    GET: {},
    POST: { path: "/m:generateContent", body: { contents: [{ parts: [{ text: "hi" }] }] } },
  },
  "openai-videos": {
    GET: {},
    POST: { body: { prompt: "a cat" } },
    DELETE: { path: "/none", status: 404 },
  },
  "openai-audio-transcriptions": { POST: { form: { model: "m", file: "file" } } },
  "openai-audio-translations": { POST: { form: { model: "m", file: "file" } } },
  moderations: { POST: { body: { input: "hello" } } },
};

const cases = routes
  .filter((route) => route.websocket !== true)
  .flatMap((route) =>
    route.methods.map((method) => {
      const sample = (samples[route.name] ?? samples[`${route.protocol}/${route.name}`])?.[method];
      const { path: tail = "" } = sample ?? {};
      const path = route.match === "prefix" || tail === "" ? route.path + tail : tail;
      return { route, method, path, sample };
    }),
  );

function bodyOf({ body, form }: Sample): RequestInit {
  if (form === undefined) return body === undefined ? {} : { body: JSON.stringify(body) };
  const data = new FormData();
  for (const [name, value] of Object.entries(form)) {
    if (value === "file") data.append(name, new Blob(["sample"]), "sample.bin");
    else data.append(name, value);
  }
  return { body: data };
}

/** Fields that a sample does not have, and what no field should be. */
const moreFields = {
  n: 1,
  tools: [],
  tool_choice: "auto",
  partial_images: 1,
  dimensions: 2,
  metadata: {},
  response_format: "url",
  text: {},
  extra_data: {},
  system: "s",
  generationConfig: {},
  instructions: "i",
};
const oddValues = [null, -1, 1.5, "odd", [], [[1], "x", null, {}], { a: { b: [] } }] as const;

/** The body with one field after the other, deep ones too, replaced by something odd. */
function* variantsOf(body: unknown): Generator<object> {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return;
  for (const [name, value] of Object.entries(body)) {
    for (const odd of oddValues) yield { ...body, [name]: odd };
    if (!Array.isArray(value)) for (const deep of variantsOf(value)) yield { ...body, [name]: deep };
  }
}

/** What tells whose error it is. */
const errorShapes: Readonly<Record<string, object>> = {
  openai: { error: { message: expect.any(String), type: expect.any(String) } },
  anthropic: { type: "error", error: { type: expect.any(String) } },
  dashscope: {
    code: expect.stringMatching(/^[A-Z]/),
    message: expect.any(String),
    request_id: expect.any(String),
  },
};

describe("default routes", () => {
  test.each(cases)(
    "$method $path ($route.useCase, $route.protocol) is answered",
    async ({ route, method, path, sample }) => {
      expect(sample, `a sample of ${method} ${route.name}`).toBeDefined();
      const { headers = {}, status = 200 } = sample ?? {};
      const answer = await fetch(`${simulator.url}${path}`, { method, headers, ...bodyOf(sample ?? {}) });
      const body = await answer.text();
      expect([answer.status, body]).toEqual([status, expect.any(String)]);
      const shape = status >= 400 ? errorShapes[route.protocol] : undefined;
      if (shape !== undefined) expect(JSON.parse(body)).toMatchObject(shape);
    },
  );

  // What is read late, in the middle of a stream, would end the process instead of the request.
  const posts = cases.filter(({ method, sample }) => method === "POST" && sample?.body !== undefined);
  test.each(posts)("$path ($route.protocol) answers whatever a field holds", async ({ path, sample }) => {
    const { body = {}, headers = {} } = sample ?? {};
    for (const odd of variantsOf({ ...moreFields, ...body })) {
      for (const stream of [false, true]) {
        const answer = await fetch(`${simulator.url}${path}`, {
          method: "POST",
          headers: stream ? { ...headers, "x-dashscope-sse": "enable" } : headers,
          body: JSON.stringify(stream ? { partial_images: 1, ...odd, stream, stream_format: "sse" } : odd),
        });
        const text = await answer.text();
        expect(answer.status, `${JSON.stringify(odd)}: ${text}`).toBeLessThan(500);
      }
    }
  });

  test.each(routes.filter((route) => route.alias !== undefined))(
    "$alias is answered as $path is",
    async ({ path, alias, name }) => {
      const sample = samples[name]?.["POST"] ?? {};
      const ask = (where: string): Promise<Response> =>
        fetch(`${simulator.url}${where}`, { method: "POST", ...bodyOf(sample) });
      const [one, other] = [await ask(path), await ask(alias ?? "")];
      expect([one.status, other.status]).toEqual([200, 200]);
      expect(other.headers.get("content-type")).toBe(one.headers.get("content-type"));
    },
  );

  test.each(routes.filter((route) => route.websocket === true))(
    "$path ($route.protocol) opens a WebSocket, and asks a plain request for an upgrade",
    async ({ path }) => {
      const socket = new WebSocket(`${simulator.url}${path}`);
      await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
      socket.terminate();
      expect((await fetch(`${simulator.url}${path}`)).status).toBe(426);
    },
  );
});
