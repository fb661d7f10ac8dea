import { expect, test } from "vitest";
import { apiProtocols, type ApiProtocol } from "../core/protocol.ts";
import { defaultRoutes, protocolsOf, routesOf } from "./default-routes.ts";
import { useCases, type UseCase } from "./use-case.ts";

const none = { disabled: [], enabled: [], custom: [] };

test.each(defaultRoutes.map((row) => [`${row.useCase} ${row.protocol} ${row.name}`, row] as const))(
  "the row of %s is well-formed",
  (_name, row) => {
    expect(useCases).toContain(row.useCase);
    expect(apiProtocols).toContain(row.protocol);
    expect(row.name).toMatch(/^[a-z0-9-]+$/u);
    expect(row.path).toMatch(/^\//u);
    expect(row.methods.length).toBeGreaterThan(0);
    expect(["exact", "template", "prefix"]).toContain(row.match);
    expect(row.path.includes("{")).toBe(row.match === "template");
    expect(row.description).not.toBe("");
  },
);

/** Method and path of every default route that is on from the start, as the product's tables list them. */
const documented: Readonly<Record<UseCase, readonly string[]>> = {
  "text-generation": ["POST /v1/chat/completions", "POST /v1/completions", "POST /v1/messages"],
  "image-generation": [
    "POST /api/v1/services/aigc/text2image/image-synthesis",
    "POST /api/v1/services/aigc/image2image/image-synthesis",
    "POST /api/v1/services/aigc/image2image/out-painting",
    "POST /api/v1/services/aigc/virtualmodel/generation",
    "POST /api/v1/services/aigc/background-generation/generation",
    "GET|POST|PUT|PATCH|DELETE /api/v1/tasks",
    "POST /api/v1/images/generations",
    "POST /v1/images/generations",
    "POST /api/v1/images/edits",
    "POST /v1/images/edits",
    "POST /api/v1/images/variations",
    "POST /v1/images/variations",
    "GET /ws",
    "GET /embeddings",
    "GET /extensions",
    "GET /features",
    "GET /models",
    "GET /models/{folder}",
    "GET /workflow_templates",
    "POST /upload/image",
    "POST /upload/mask",
    "GET /view",
    "GET /view_metadata/",
    "GET /system_stats",
    "GET|POST /prompt",
    "GET /object_info",
    "GET /object_info/{node_class}",
    "GET|POST /history",
    "GET /history/{prompt_id}",
    "GET|POST /queue",
    "POST /interrupt",
    "POST /free",
    "GET /userdata",
    "GET /v2/userdata",
    "GET|POST|DELETE /userdata/{file}",
    "POST /userdata/{file}/move/{dest}",
    "GET|POST /users",
  ],
  "video-generation": [
    "POST /api/v1/services/aigc/video-generation/video-synthesis",
    "POST /api/v1/services/aigc/image2video/video-synthesis",
    "GET|POST|PUT|PATCH|DELETE /api/v1/tasks",
  ],
  "speech-synthesis": ["GET /api-ws/v1/inference", "POST /api/v1/audio/speech", "POST /v1/audio/speech"],
  embedding: ["POST /v1/embeddings"],
  rerank: ["POST /api/v1/services/rerank/text-rerank/text-rerank", "POST /v1/rerank"],
  others: [
    "GET|POST|PUT|PATCH|DELETE /v1/models",
    "GET|POST|PUT|PATCH|DELETE /v1/files",
    "GET|POST|PUT|PATCH|DELETE /v1/batches",
    "GET|POST|PUT|PATCH|DELETE /v1/fine_tuning",
  ],
};

test.each(useCases)("%s has every documented default route and no other", (useCase) => {
  const withoutList = { ...none, disabled: useCase === "others" ? [] : ["models"] };
  const routes = routesOf(useCase, protocolsOf(useCase), withoutList);
  expect(routes.map((route) => `${route.methods.join("|")} ${route.path}`)).toEqual(documented[useCase]);
});

test.each<[UseCase, readonly string[]]>([
  ["text-generation", ["openai", "anthropic", "dashscope", "gemini"]],
  ["image-generation", ["dashscope", "openai", "comfyui"]],
  ["video-generation", ["dashscope", "openai"]],
  ["speech-synthesis", ["dashscope", "openai"]],
  ["embedding", ["openai"]],
  ["rerank", ["dashscope", "vllm"]],
  ["others", ["openai"]],
])("%s speaks %s", (useCase, protocols) => {
  expect(protocolsOf(useCase)).toEqual(protocols);
});

test("a disabled route goes with its alias", () => {
  const disabled = ["openai-audio-speech", "models"];
  const routes = routesOf("speech-synthesis", ["openai"], { ...none, disabled });
  expect(routes).toEqual([]);
});

test("an extra route is on once it is named", () => {
  const names = routesOf("text-generation", ["anthropic"], { ...none, enabled: ["count-message-tokens"] });
  expect(names.map((route) => route.name)).toEqual(["create-message", "count-message-tokens", "models"]);
});

test("Responses routes speak their own protocol", () => {
  const routes = routesOf("text-generation", ["openai"], { ...none, enabled: ["responses"] });
  expect(routes.find((route) => route.name === "responses")).toMatchObject({
    name: "responses",
    protocol: "openai-responses",
    match: "prefix",
  });
});

test.each<[string, UseCase, { protocols: ApiProtocol[]; disabled?: string[] }, string[]]>([
  [
    "one per protocol that has it",
    "text-generation",
    { protocols: ["anthropic", "openai"] },
    ["openai", "anthropic"],
  ],
  ["none where no protocol has it", "text-generation", { protocols: ["dashscope", "gemini"] }, []],
  ["none for vLLM", "rerank", { protocols: ["dashscope", "vllm"] }, []],
  ["whatever the use case", "speech-synthesis", { protocols: ["dashscope", "openai"] }, ["openai"]],
  ["one where the use case has it by itself", "others", { protocols: ["openai"] }, ["openai"]],
  [
    "none once it is off",
    "text-generation",
    { protocols: ["openai", "anthropic"], disabled: ["models"] },
    [],
  ],
  ["none once that of the use case is off", "others", { protocols: ["openai"], disabled: ["models"] }, []],
])("routes of the list of models: %s", (_name, useCase, { protocols, disabled = [] }, expected) => {
  const routes = routesOf(useCase, protocols, { ...none, disabled });
  const lists = routes.filter((route) => route.name === "models");
  expect(lists.map((route) => route.protocol)).toEqual(expected);
  for (const route of lists) expect(route).toMatchObject({ path: "/v1/models", match: "prefix" });
});

test.each([
  ["without braces", { path: "/v1/x" }, { match: "exact", protocol: "openai" }],
  ["with braces", { path: "/v1/x/{id}" }, { match: "template", protocol: "openai" }],
  ["with a match of its own", { path: "/v1/x", match: "prefix" }, { match: "prefix" }],
  ["with a protocol of its own", { path: "/v1/x", protocol: "anthropic" }, { protocol: "anthropic" }],
  [
    "that ends in /v1/responses",
    { path: "/x/v1/responses" },
    { match: "exact", protocol: "openai-responses" },
  ],
] as const)("a custom route %s", (_name, custom, expected) => {
  const settings = { ...none, custom: [{ name: "mine", methods: ["POST"], ...custom }] };
  expect(routesOf("text-generation", ["openai", "anthropic"], settings).at(-1)).toMatchObject(expected);
});
