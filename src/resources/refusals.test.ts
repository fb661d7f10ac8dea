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

const apiWith = (fields: object) => ({ ...api, ...fields });
const single = (target: object) => apiWith({ modelService: { mode: "single", target } });

const refusals: readonly [string, Kind, unknown, string, string][] = [
  [
    "an unknown field",
    "model-apis",
    apiWith({ base_path: "/" }),
    "base_path",
    'unknown field "base_path"; did you mean "basePath"?',
  ],
  [
    "an unknown field inside",
    "model-apis",
    apiWith({ cors: { origin: [] } }),
    "cors.origin",
    'unknown field "origin"; did you mean "origins"?',
  ],
  [
    "an unknown field of a target",
    "model-apis",
    single({ service: "a", modle: "b" }),
    "modelService.target.modle",
    'unknown field "modle"; did you mean "model"?',
  ],
  [
    "an unknown field without a likeness",
    "domains",
    { name: "a", qqqqqqqq: 1 },
    "qqqqqqqq",
    'unknown field "qqqqqqqq"',
  ],
  [
    "a field of another credential type",
    "consumers",
    { name: "a", credentials: [{ type: "hmac", name: "k", accessKey: "a", secretKey: "b", secretkey: "c" }] },
    "credentials[0].secretkey",
    'unknown field "secretkey"; did you mean "secretKey"?',
  ],
  [
    "an unknown provider",
    "services",
    { name: "a", provider: "open-ai" },
    "provider",
    'not "open-ai"; did you mean "openai"?',
  ],
  [
    "an unknown mode",
    "model-apis",
    apiWith({ modelService: { mode: "by-wieght" } }),
    "modelService.mode",
    'did you mean "by-weight"?',
  ],
  ["an unknown sink", "sinks", { name: "a", type: "otpl" }, "type", 'did you mean "otlp"?'],
  [
    "an unknown trigger",
    "model-apis",
    apiWith({ fallback: { on: ["timeuot"] } }),
    "fallback.on[0]",
    'did you mean "timeout"?',
  ],
  ["a missing field", "model-apis", { ...api, modelService: undefined }, "modelService", "is required"],
  ["a missing choice", "services", { name: "a" }, "provider", "is required: one of openai, "],
  ["a body that is no object", "services", [], "", "must be an object, not a list"],
  ["a wrong type", "model-apis", apiWith({ enabled: "yes" }), "enabled", 'must be true or false, not "yes"'],
  [
    "a fraction",
    "services",
    { ...service, timeouts: { idleMs: 1.5 } },
    "timeouts.idleMs",
    "must be a whole number, not 1.5",
  ],
  [
    "too small a number",
    "services",
    { ...service, timeouts: { idleMs: 0 } },
    "timeouts.idleMs",
    "must be at least 1",
  ],
  [
    "too large a number",
    "model-apis",
    apiWith({ retries: { max: 99 } }),
    "retries.max",
    "must be at most 10",
  ],
  ["an empty list", "model-apis", apiWith({ domains: [] }), "domains", "must have at least 1 item"],
  ["a bad name", "services", { ...service, name: "a b" }, "name", "must have 1 to 64 of the characters"],
  [
    "a name of 65",
    "services",
    { ...service, name: "a".repeat(65) },
    "name",
    "must have 1 to 64 of the characters",
  ],
  ["a bad host", "model-apis", apiWith({ domains: ["a:80"] }), "domains[0]", "without port"],
  ["a bad base path", "model-apis", apiWith({ basePath: "/a/../b" }), "basePath", 'must not hold "."'],
  [
    "a base URL with a query",
    "services",
    { ...service, baseUrl: "https://a.example/?x" },
    "baseUrl",
    'must not hold "?"',
  ],
  [
    "a base URL with a password",
    "services",
    { ...service, baseUrl: "https://a:b@a.example" },
    "baseUrl",
    "must not hold a user name or password",
  ],
  [
    "a base URL of another scheme",
    "services",
    { ...service, baseUrl: "ftp://a.example" },
    "baseUrl",
    "must be an absolute URL",
  ],
  [
    "a protocol without routes",
    "model-apis",
    apiWith({ protocols: ["comfyui"] }),
    "protocols[0]",
    "it serves openai, anthropic, dashscope, gemini",
  ],
  [
    "a protocol twice",
    "model-apis",
    apiWith({ protocols: ["openai", "openai"] }),
    "protocols[1]",
    "is named twice",
  ],
  [
    "an unknown default route",
    "model-apis",
    apiWith({ routes: { disabled: ["create-complete"] } }),
    "routes.disabled[0]",
    'did you mean "create-completion"?',
  ],
  [
    "a default route of another protocol",
    "model-apis",
    apiWith({ protocols: ["openai"], routes: { disabled: ["create-message"] } }),
    "routes.disabled[0]",
    "is no default route of text-generation with openai",
  ],
  [
    "a custom route with a default's name",
    "model-apis",
    apiWith({ routes: { custom: [{ name: "create-message", path: "/x", methods: ["POST"] }] } }),
    "routes.custom[0].name",
    "is the name of a default route",
  ],
  [
    "a custom route on a default's path",
    "model-apis",
    apiWith({ routes: { custom: [{ name: "mine", path: "/v1/messages", methods: ["GET", "POST"] }] } }),
    "routes.custom[0].path",
    'POST /v1/messages is already served by route "create-message"',
  ],
  [
    "a custom route with half a parameter",
    "model-apis",
    apiWith({ routes: { custom: [{ name: "mine", path: "/v1/a{b}", methods: ["GET"] }] } }),
    "routes.custom[0].path",
    "a parameter is a whole segment",
  ],
  [
    "a prefix with a parameter",
    "model-apis",
    apiWith({ routes: { custom: [{ name: "mine", path: "/v1/{b}", methods: ["GET"], match: "prefix" }] } }),
    "routes.custom[0].match",
    "cannot be matched as a prefix",
  ],
  [
    "a name used twice in a list",
    "services",
    {
      ...service,
      apiKeys: [
        { name: "a", value: "x" },
        { name: "a", value: "y" },
      ],
    },
    "apiKeys[1].name",
    '"a" is used twice',
  ],
  [
    "a short API key",
    "consumers",
    { name: "a", credentials: [{ type: "api-key", name: "k", value: "short" }] },
    "credentials[0].value",
    "16 to 256 visible ASCII",
  ],
  [
    "an API key with a space",
    "consumers",
    { name: "a", credentials: [{ type: "api-key", name: "k", value: "0123456789 0123456789" }] },
    "credentials[0].value",
    "16 to 256 visible ASCII",
  ],
  [
    "a kept secret that is not stored",
    "services",
    { ...service, apiKeys: [{ name: "k", value: { set: true, hint: null } }] },
    "apiKeys[0].value",
    "there is no stored secret to keep here",
  ],
  [
    "a date without zone",
    "consumers",
    {
      name: "a",
      credentials: [{ type: "api-key", name: "k", value: "0123456789abcdef", expiresAt: "2027-01-01" }],
    },
    "credentials[0].expiresAt",
    "a moment with zone",
  ],
  [
    "a grant to nobody",
    "model-apis",
    apiWith({ auth: { grants: [{}] } }),
    "auth.grants[0]",
    "must name one consumer or one consumerGroup",
  ],
  [
    "a header that the gateway sets",
    "services",
    { ...service, headers: { Host: "a" } },
    "headers.Host",
    "is set by the gateway itself",
  ],
  [
    "a header that is none",
    "services",
    { ...service, headers: { "a b": "a" } },
    'headers["a b"]',
    "must be a header name",
  ],
  [
    "simulator knobs elsewhere",
    "services",
    { ...service, simulator: { ttftMs: 1 } },
    "simulator",
    "only for services of provider simulator",
  ],
  [
    "an unknown fault",
    "services",
    { name: "s", provider: "simulator", simulator: { fault: "rset" } },
    "simulator.fault",
    'did you mean "reset"?',
  ],
  [
    "a limit by header without key",
    "model-apis",
    apiWith({
      enabled: false,
      rateLimits: [{ name: "a", by: "header", metric: "tokens", limit: 1, window: "day" }],
    }),
    "rateLimits[0].key",
    'is required by "header"',
  ],
  [
    "a window of concurrency",
    "model-apis",
    apiWith({
      enabled: false,
      rateLimits: [{ name: "a", by: "api", metric: "concurrency", limit: 1, window: "day" }],
    }),
    "rateLimits[0].window",
    "has no meaning for concurrency",
  ],
  [
    "an unknown time zone",
    "consumer-groups",
    { name: "g", quotas: [{ name: "q", metric: "tokens", limit: 1, period: "day", timeZone: "Mars/Base" }] },
    "quotas[0].timeZone",
    "IANA time zone",
  ],
];

test.each(refusals.map(([name, kind, body, ...issue]) => [name, kind, body, issue] as const))(
  "%s is refused where it stands",
  (_name, kind, body, [path, words]) => {
    const result = parseResource(kind, body);
    expect(result).toMatchObject({ ok: false });
    expect(result.ok ? [] : result.issues).toContainEqual({ path, message: expect.stringContaining(words) });
  },
);

test("every unknown field is told apart", () => {
  const result = parseResource("domains", { name: "a", forceHttp: true, descripton: "" });
  expect(result).toEqual({
    ok: false,
    issues: [
      { path: "forceHttp", message: 'unknown field "forceHttp"; did you mean "forceHttps"?' },
      { path: "descripton", message: 'unknown field "descripton"; did you mean "description"?' },
    ],
  });
});

test("no message shows a secret", () => {
  const value = "the-secret-that-is-too-long".repeat(1000);
  const result = parseResource("services", { ...service, apiKeys: [{ name: "k", value, extra: 1 }] });
  expect(JSON.stringify(result)).not.toContain("the-secret");
});
