import { expect, test } from "vitest";
import { endpointsOf, type EndpointSource } from "./endpoint.ts";
import { prepareBaseUrl, upstreamUrl } from "./upstream-url.ts";

/** Protocol and path -> the URL that a service is called at. */
function urlOf(source: EndpointSource, protocol: string, path: string): string {
  const result = endpointsOf(source);
  if (!result.ok) return `${result.path} ${result.problem}`;
  const endpoint = result.endpoints.find((row) => row.protocol === protocol);
  if (endpoint === undefined) return "not spoken";
  return upstreamUrl(prepareBaseUrl(endpoint.baseUrl, endpoint.replaces), path);
}

const chat = "/v1/chat/completions";
const messages = "/v1/messages";

const calls: readonly [string, EndpointSource, string, string, string][] = [
  ["OpenAI", { provider: "openai" }, "openai", chat, "https://api.openai.com/v1/chat/completions"],
  [
    "Model Studio, OpenAI",
    { provider: "dashscope" },
    "openai",
    chat,
    "https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions",
  ],
  [
    "Model Studio, Anthropic",
    { provider: "dashscope" },
    "anthropic",
    messages,
    "https://dashscope.aliyuncs.com/apps/anthropic/v1/messages",
  ],
  [
    "DeepSeek, Anthropic",
    { provider: "deepseek" },
    "anthropic",
    messages,
    "https://api.deepseek.com/anthropic/v1/messages",
  ],
  [
    "Zhipu, OpenAI",
    { provider: "zhipu" },
    "openai",
    chat,
    "https://open.bigmodel.cn/api/paas/v4/chat/completions",
  ],
  [
    "Zhipu, Anthropic",
    { provider: "zhipu" },
    "anthropic",
    messages,
    "https://open.bigmodel.cn/api/anthropic/v1/messages",
  ],
  [
    "a base URL without path moves the origin",
    { provider: "openai", baseUrl: "http://127.0.0.1:9" },
    "openai",
    chat,
    "http://127.0.0.1:9/v1/chat/completions",
  ],
  [
    "and keeps each protocol's path",
    { provider: "dashscope", baseUrl: "https://dashscope-intl.aliyuncs.com" },
    "anthropic",
    messages,
    "https://dashscope-intl.aliyuncs.com/apps/anthropic/v1/messages",
  ],
  [
    "a base URL with the path of one protocol moves all",
    { provider: "dashscope", baseUrl: "https://intl.example/compatible-mode/v1" },
    "anthropic",
    messages,
    "https://intl.example/apps/anthropic/v1/messages",
  ],
  [
    "and keeps the replaced version",
    { provider: "zhipu", baseUrl: "https://api.z.ai/api/paas/v4" },
    "openai",
    chat,
    "https://api.z.ai/api/paas/v4/chat/completions",
  ],
  [
    "a base URL with another path stands as it is",
    { provider: "zhipu", baseUrl: "https://own.example/v1" },
    "openai",
    chat,
    "https://own.example/v1/chat/completions",
  ],
  [
    "an own list stands as it is",
    { provider: "openai", protocols: [{ protocol: "anthropic", baseUrl: "https://own.example/x" }] },
    "anthropic",
    messages,
    "https://own.example/x/v1/messages",
  ],
  [
    "an own list replaces the catalogue's",
    { provider: "openai", protocols: [{ protocol: "anthropic", baseUrl: "https://own.example" }] },
    "openai",
    chat,
    "not spoken",
  ],
  [
    "an own list keeps what the catalogue knows of the same path",
    { provider: "zhipu", protocols: [{ protocol: "openai", baseUrl: "https://api.z.ai/api/paas/v4" }] },
    "openai",
    chat,
    "https://api.z.ai/api/paas/v4/chat/completions",
  ],
  [
    "a compatible provider needs a base URL",
    { provider: "openai-compatible" },
    "openai",
    chat,
    "baseUrl is required for provider openai-compatible",
  ],
  [
    "and takes it as it is",
    { provider: "openai-compatible", baseUrl: "http://127.0.0.1:9/x" },
    "openai",
    chat,
    "http://127.0.0.1:9/x/v1/chat/completions",
  ],
  [
    "Azure needs a resource",
    { provider: "azure-openai" },
    "openai",
    chat,
    "baseUrl is required for provider azure-openai",
  ],
  [
    "and has a path of its own",
    { provider: "azure-openai", baseUrl: "https://me.openai.azure.com" },
    "openai",
    chat,
    "https://me.openai.azure.com/openai/v1/chat/completions",
  ],
  [
    "Bedrock needs a region",
    { provider: "bedrock" },
    "bedrock",
    "/x",
    "region is required for provider bedrock",
  ],
  [
    "and puts it into its host",
    { provider: "bedrock", region: "us-east-1" },
    "bedrock",
    "/x",
    "https://bedrock-runtime.us-east-1.amazonaws.com/x",
  ],
];

test.each(calls.map(([name, source, protocol, ...urls]) => [name, source, protocol, urls] as const))(
  "%s",
  (_name, source, protocol, [path, expected]) => {
    expect(urlOf(source, protocol, path)).toBe(expected);
  },
);

test.each<[string, EndpointSource, string, unknown]>([
  ["OpenAI takes Bearer", { provider: "openai" }, "openai", { kind: "bearer" }],
  [
    "Anthropic takes x-api-key",
    { provider: "anthropic" },
    "anthropic",
    { kind: "header", name: "x-api-key" },
  ],
  ["but Bearer for its OpenAI protocol", { provider: "anthropic" }, "openai", { kind: "bearer" }],
  [
    "Model Studio takes x-api-key for Anthropic",
    { provider: "dashscope" },
    "anthropic",
    { kind: "header", name: "x-api-key" },
  ],
  [
    "Azure takes api-key",
    { provider: "azure-openai", baseUrl: "https://me.openai.azure.com" },
    "openai",
    { kind: "header", name: "api-key" },
  ],
  [
    "an own Anthropic endpoint takes x-api-key",
    { provider: "openai-compatible", protocols: [{ protocol: "anthropic", baseUrl: "https://own.example" }] },
    "anthropic",
    { kind: "header", name: "x-api-key" },
  ],
  ["the simulator takes a bearer key", { provider: "simulator" }, "openai", { kind: "bearer" }],
])("%s", (_name, source, protocol, auth) => {
  const result = endpointsOf(source);
  expect(result.ok && result.endpoints.find((row) => row.protocol === protocol)?.auth).toEqual(auth);
});

test.each<[string, Parameters<typeof endpointsOf>[0], unknown]>([
  [
    "the catalogue's address",
    { provider: "dashscope", protocols: [{ protocol: "anthropic" }] },
    [["anthropic", "https://dashscope.aliyuncs.com/apps/anthropic"]],
  ],
  [
    "the catalogue's address at the service's own host",
    { provider: "deepseek", baseUrl: "https://own.example", protocols: [{ protocol: "anthropic" }] },
    [["anthropic", "https://own.example/anthropic"]],
  ],
  [
    "the simulator",
    { provider: "simulator", protocols: [{ protocol: "gemini" }] },
    [["gemini", "simulator:"]],
  ],
  [
    "a fault where the catalogue knows none",
    { provider: "groq", protocols: [{ protocol: "gemini" }] },
    ["protocols[0].baseUrl", "is required: the catalogue knows no address at which groq speaks gemini"],
  ],
])("a protocol without a base URL is %s", (_name, source, expected) => {
  const result = endpointsOf(source);
  const found = result.ok
    ? result.endpoints.map(({ protocol, baseUrl }) => [protocol, baseUrl])
    : [result.path, result.problem];
  expect(found).toEqual(expected);
});
