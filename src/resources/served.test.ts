import { expect, test } from "vitest";
import type { Kind } from "./kinds.ts";
import { parseResource } from "./registry.ts";

const api = {
  name: "chat",
  useCase: "text-generation",
  protocols: ["openai"],
  modelService: { mode: "single", target: { service: "a" } },
};
const service = { name: "a", provider: "openai" };
const grants = [{ consumerGroup: "g" }];
const quotas = [{ name: "q", metric: "tokens", limit: 1, period: "day" }];

test.each<[string, Kind, object, string]>([
  ["health checks", "services", { ...service, healthCheck: { enabled: true } }, "healthCheck.enabled"],
  ["certificates", "domains", { name: "a", certificate: { certFile: "a", keyFile: "b" } }, "certificate"],
  ["HTTPS only", "domains", { name: "a", forceHttps: true }, "forceHttps"],
])("%s: refused, naming the field", (_name, kind, body, path) => {
  expect(parseResource(kind, body)).toEqual({
    ok: false,
    issues: [{ path, message: expect.stringContaining("this build does not serve it yet: ") }],
  });
});

test.each<[string, Kind, object]>([
  [
    "the default methods of authentication",
    "model-apis",
    { ...api, auth: { enabled: true, methods: ["api-key", "jwt", "hmac"] } },
  ],
  ["API keys alone", "model-apis", { ...api, auth: { enabled: true, methods: ["api-key"] } }],
  ["grants to groups", "model-apis", { ...api, auth: { enabled: true, grants } }],
  [
    "mode by-weight",
    "model-apis",
    { ...api, modelService: { mode: "by-weight", targets: [{ service: "a", weight: 1 }] } },
  ],
  ["mode by-model-name", "model-apis", { ...api, modelService: { mode: "by-model-name", rules: [] } }],
  [
    "mode by-metrics",
    "model-apis",
    { ...api, modelService: { mode: "by-metrics", targets: [{ service: "a" }] } },
  ],
  ["quotas", "consumers", { name: "a", quotas }],
  ["quotas of groups", "consumer-groups", { name: "a", quotas }],
  ["fallback", "model-apis", { ...api, fallback: { targets: [{ service: "b" }] } }],
  ["fallback without targets", "model-apis", { ...api, fallback: { enabled: true } }],
  [
    "fallback that is off",
    "model-apis",
    { ...api, fallback: { enabled: false, targets: [{ service: "b" }] } },
  ],
  [
    "empty limits, moderation and cache that are off",
    "model-apis",
    { ...api, moderation: { enabled: false }, cache: { enabled: false } },
  ],
  [
    "counting tokens of a message",
    "model-apis",
    { ...api, protocols: ["anthropic"], routes: { enabled: ["count-message-tokens"] } },
  ],
  ["leaving out models", "model-apis", { ...api, routes: { disabled: ["models"] } }],
  ["a first-packet timeout", "model-apis", { ...api, firstPacketTimeoutMs: 100 }],
  [
    "a disabled API with all of it",
    "model-apis",
    { ...api, enabled: false, cache: { enabled: true }, routes: { enabled: ["realtime"] } },
  ],
  ["a disabled consumer with quotas", "consumers", { name: "a", enabled: false, quotas }],
  ["an alert", "alerts", { name: "a", metric: "requests", op: ">", threshold: 1 }],
  ["another use case", "model-apis", { ...api, useCase: "embedding" }],
  ["another protocol", "model-apis", { ...api, protocols: ["gemini"] }],
  ["Responses", "model-apis", { ...api, routes: { enabled: ["responses"] } }],
  ["a service that no API can use yet", "services", { name: "a", provider: "comfyui" }],
  ["a group without quotas", "consumer-groups", { name: "a" }],
  ["a user", "users", { name: "a", password: "long enough", roles: [{ role: "owner" }] }],
  ["a user who may do nothing", "users", { name: "a" }],
  [
    "a disabled user limited to resource groups",
    "users",
    { name: "a", enabled: false, roles: [{ role: "viewer", resourceGroups: ["g"] }] },
  ],
  ["a token", "tokens", { name: "a", role: "viewer" }],
])("%s: accepted", (_name, kind, body) => {
  expect(parseResource(kind, body)).toMatchObject({ ok: true });
});
