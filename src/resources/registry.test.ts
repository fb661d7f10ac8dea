import { expect, test } from "vitest";
import type { Kind } from "./kinds.ts";
import { parseResource } from "./registry.ts";

const api = {
  name: "chat",
  useCase: "text-generation",
  protocols: ["openai", "anthropic"],
  modelService: { mode: "single", target: { service: "openai" } },
};
const service = { name: "openai", provider: "openai" };

test("a Model API gets the documented defaults", () => {
  expect(parseResource("model-apis", api)).toEqual({
    ok: true,
    value: {
      ...api,
      description: "",
      tags: [],
      enabled: true,
      domains: ["*"],
      basePath: "/",
      stripBasePath: false,
      resourceGroup: "default",
      routes: { disabled: [], enabled: [], custom: [] },
      cors: { enabled: true, origins: ["*"] },
      monitoring: {
        metrics: true,
        logs: true,
        traces: true,
        recordRequestContent: false,
        recordResponseContent: false,
        recordMaxBytes: 65_536,
        redact: { secrets: true, personalData: false, patterns: [] },
        traceSampleRatio: 1,
        exposeHeaders: true,
      },
      fallback: {
        enabled: true,
        on: [
          "upstream-5xx",
          "upstream-429",
          "upstream-credentials",
          "network-error",
          "timeout",
          "first-packet-timeout",
          "error-in-200",
          "empty-answer",
        ],
        targets: [],
      },
      retries: { max: 1, on: ["network-error", "upstream-503"], budgetPercent: 20 },
      firstPacketTimeoutMs: 0,
      translation: { strict: false, passFields: [] },
      images: { pollSeconds: 1, deadlineSeconds: 120 },
      auth: {
        enabled: false,
        methods: ["api-key", "jwt", "hmac"],
        apiKeySources: [{ in: "bearer" }, { in: "header", name: "x-api-key" }, { in: "query", name: "key" }],
        grants: [],
      },
      ipAccess: { allow: [], deny: [] },
      prompt: { systemPrefix: "", systemSuffix: "" },
      parameters: {},
      transform: {
        requestHeaders: { remove: [], rename: {}, set: {} },
        requestBody: { remove: [], rename: {}, set: {} },
        responseHeaders: { remove: [], rename: {}, set: {} },
      },
      rateLimits: [],
      moderation: {
        enabled: false,
        dryRun: false,
        request: true,
        response: true,
        images: false,
        onError: "block",
        streamWindowCharacters: 200,
        checks: [],
        rules: [],
      },
      cache: { enabled: false, mode: "exact", ttlSeconds: 3600, maxEntryBytes: 1_048_576, scope: "consumer" },
    },
  });
});

test("a service gets the documented defaults", () => {
  expect(parseResource("services", { ...service, apiKeys: [{ name: "main", value: "sk-1" }] })).toMatchObject(
    {
      ok: true,
      value: {
        enabled: true,
        apiKeys: [{ name: "main", value: "sk-1", weight: 1, enabled: true }],
        headers: {},
        models: [],
        timeouts: { connectMs: 5000, idleMs: 60_000, totalMs: 600_000 },
        maxInFlight: 20_000,
        healthCheck: {
          enabled: false,
          path: "/v1/models",
          intervalSeconds: 10,
          unhealthyThreshold: 3,
          healthyThreshold: 1,
        },
        resourceGroup: "default",
      },
    },
  );
});

test.each<[string, Kind, unknown, unknown]>([
  [
    "a domain has one spelling",
    "domains",
    { name: "API.Bücher.example." },
    { name: "api.xn--bcher-kva.example" },
  ],
  [
    "domains and base path of a Model API have one spelling",
    "model-apis",
    { ...api, domains: ["API.example.com.", "api.EXAMPLE.com"], basePath: "/chat/" },
    { domains: ["api.example.com"], basePath: "/chat" },
  ],
  [
    "WebSocket URLs are synonyms",
    "services",
    { ...service, baseUrl: "wss://a.example/" },
    { baseUrl: "https://a.example" },
  ],
  [
    "a sealed secret is taken",
    "services",
    { ...service, apiKeys: [{ name: "a", value: { sealed: "x", hint: null } }] },
    { apiKeys: [{ value: { sealed: "x", hint: null } }] },
  ],
  [
    "a hashed API key is taken",
    "consumers",
    { name: "a", credentials: [{ type: "api-key", name: "k", value: { hash: "00", hint: "…abcd" } }] },
    { credentials: [{ value: { hash: "00" } }] },
  ],
  [
    "a reference stands for a key of any length",
    "consumers",
    { name: "a", credentials: [{ type: "api-key", name: "k", value: "${env:KEY}" }] },
    { credentials: [{ value: "${env:KEY}" }] },
  ],
  [
    "a webhook may have a query",
    "alerts",
    {
      name: "a",
      enabled: false,
      metric: "requests",
      op: ">",
      threshold: 1,
      notify: [{ webhook: "https://a.example/?t=1" }],
    },
    { notify: [{ webhook: "https://a.example/?t=1" }] },
  ],
  ["an instance needs nothing", "instances", {}, { name: "default", region: "local" }],
  [
    "Bedrock keys are pairs",
    "services",
    {
      name: "b",
      provider: "bedrock",
      apiKeys: [{ name: "a", value: { accessKeyId: "AK", secretAccessKey: "S" } }],
    },
    { apiKeys: [{ value: { accessKeyId: "AK", secretAccessKey: "S" } }] },
  ],
  [
    "a disabled Model API may use what is not served yet",
    "model-apis",
    {
      ...api,
      enabled: false,
      useCase: "rerank",
      protocols: ["vllm"],
      rateLimits: [{ name: "a", by: "header", key: "x-a", metric: "requests", limit: 1, window: "minute" }],
    },
    { useCase: "rerank" },
  ],
])("%s", (_name, kind, body, expected) => {
  expect(parseResource(kind, body)).toMatchObject({ ok: true, value: expected });
});
