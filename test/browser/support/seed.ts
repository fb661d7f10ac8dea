// A gateway as a team would have it after some weeks: services of all states, Model APIs of every mode, consumers, and
// traffic through the data plane. For guards and screenshots. Data, and the calls that put it there.
import type { Scene } from "./scene.ts";

type Fields = Readonly<Record<string, unknown>>;

const services: readonly Fields[] = [
  { name: "simulator", provider: "simulator", simulator: { ttftMs: 5, tokensPerSecond: 0 } },
  {
    name: "qwen-cloud",
    provider: "simulator",
    simulator: { ttftMs: 20, outputTokens: 60 },
    models: [
      { name: "qwen-max", contextWindow: 131_072, price: { input: 1.6, output: 6.4 } },
      { name: "qwen-turbo", contextWindow: 1_000_000, price: { input: 0.05, output: 0.2 } },
    ],
  },
  {
    name: "claude",
    provider: "anthropic",
    apiKeys: [
      { name: "main", value: "sk-ant-canary-0123456789", weight: 2 },
      { name: "spare", value: "sk-ant-canary-9876543210" },
    ],
  },
  { name: "flaky", provider: "simulator", simulator: { failureRate: 0.5, fault: "status-500" } },
  { name: "down", provider: "simulator", simulator: { failureRate: 1, fault: "status-500" } },
  {
    name: "vllm-office",
    provider: "openai-compatible",
    protocols: [{ protocol: "openai", baseUrl: "http://127.0.0.1:9/v1" }],
    enabled: false,
  },
];

const domains: readonly Fields[] = [{ name: "ai.example.com" }, { name: "*.team.example.com" }];
const resourceGroups: readonly Fields[] = [{ name: "research" }];
const consumerGroups: readonly Fields[] = [
  {
    name: "apps",
    description: "What customers hold in their hands",
    quotas: [
      { name: "weekly", metric: "tokens", limit: 1_000_000, period: "week", timeZone: "Asia/Shanghai" },
    ],
  },
];
const consumers: readonly Fields[] = [
  {
    name: "mobile-app",
    groups: ["apps"],
    quotas: [
      { name: "monthly", metric: "tokens", limit: 50_000, period: "month" },
      { name: "trial", metric: "cost", limit: 0, period: "day", dryRun: true },
    ],
  },
  { name: "batch-jobs", enabled: false, resourceGroup: "research" },
];

const modelApis: readonly Fields[] = [
  {
    name: "chat",
    useCase: "text-generation",
    protocols: ["openai", "anthropic"],
    domains: ["ai.example.com"],
    basePath: "/chat",
    stripBasePath: true,
    tags: ["team-a"],
    modelService: {
      mode: "by-weight",
      targets: [
        { service: "qwen-cloud", model: "qwen-max", weight: 70 },
        { service: "flaky", weight: 30 },
      ],
    },
    fallback: { targets: [{ service: "simulator" }, { service: "qwen-cloud", model: "qwen-turbo" }] },
    firstPacketTimeoutMs: 3000,
  },
  {
    name: "by-name",
    useCase: "text-generation",
    protocols: ["openai"],
    basePath: "/by-name",
    stripBasePath: true,
    modelService: {
      mode: "by-model-name",
      rules: [
        { pattern: "qwen-*", target: { service: "qwen-cloud" } },
        { pattern: "gpt-?o", target: { service: "simulator", model: "simulated" } },
      ],
      default: { service: "simulator" },
    },
  },
  {
    name: "best",
    useCase: "text-generation",
    protocols: ["openai"],
    basePath: "/best",
    stripBasePath: true,
    resourceGroup: "research",
    modelService: {
      mode: "by-metrics",
      goal: "lowest-ttft",
      targets: [{ service: "simulator" }, { service: "qwen-cloud" }],
      maxShare: 0.8,
    },
  },
  {
    name: "guarded",
    useCase: "text-generation",
    protocols: ["openai"],
    basePath: "/guarded",
    stripBasePath: true,
    modelService: { mode: "single", target: { service: "down" } },
    auth: {
      enabled: true,
      grants: [
        { consumer: "mobile-app", expiresAt: "2099-01-01T00:00:00Z", models: ["qwen-*", "simulated"] },
      ],
    },
    rateLimits: [
      { name: "per-app", by: "consumer", metric: "tokens", limit: 1_000_000, window: "hour" },
      {
        name: "trial",
        by: "header",
        key: "x-plan",
        match: { type: "prefix", value: "trial" },
        metric: "requests",
        limit: 1_000,
        window: "minute",
        dryRun: true,
      },
    ],
    moderation: {
      enabled: true,
      checks: [
        { name: "words", type: "keywords", keywords: ["project nightfall"] },
        { name: "people", type: "personal-data", kinds: ["email", "cn-phone"], action: "mask" },
        { name: "judge", type: "llm-judge", service: "qwen-cloud", model: "qwen-max", on: ["response"] },
        { name: "hook", type: "webhook", url: "https://judge.example/check", secret: "canary-of-a-check" },
      ],
      rules: [{ consumer: { type: "prefix", value: "internal-" }, level: "observe" }],
    },
    cache: {
      enabled: true,
      mode: "semantic",
      semantic: { service: "simulator", model: "simulated" },
      scope: "api",
    },
    ipAccess: { deny: ["10.66.0.0/16"] },
    prompt: { systemPrefix: "You work for the harbour office." },
    parameters: { maxTokens: { maximum: 4096 }, temperature: { default: 0.3, maximum: 1 } },
    transform: {
      requestHeaders: { remove: ["x-debug"], set: { "x-env": "production" } },
      requestBody: { rename: { seed: "random_seed" }, set: { store: false } },
    },
  },
  {
    name: "smart",
    useCase: "text-generation",
    protocols: ["openai"],
    basePath: "/smart",
    stripBasePath: true,
    modelService: {
      mode: "intelligent",
      candidates: [
        { service: "qwen-cloud", model: "qwen-max", strengths: { code: 90 } },
        { service: "qwen-cloud", model: "qwen-turbo" },
        { service: "simulator", model: "qwen-turbo", quality: 45, price: { input: 0, output: 0 } },
      ],
      default: { service: "qwen-cloud", model: "qwen-max" },
      rules: [{ name: "contracts", keywords: ["liability", "clause"], model: "qwen-max" }],
      domains: [{ name: "harbour", examples: ["When does the ferry leave?", "Is berth 4 free tonight?"] }],
      learning: { enabled: true, judge: { service: "qwen-cloud", model: "qwen-max" } },
    },
    monitoring: { recordRequestContent: true },
  },
  single("pictures", "image-generation", "openai"),
  single("clips", "video-generation", "dashscope"),
  single("anything", "others", "openai"),
  single("voice", "speech-synthesis", "openai"),
  single("vectors", "embedding", "openai"),
  { ...single("ranking", "rerank", "dashscope"), enabled: false },
  single("workflows", "image-generation", "comfyui"),
];

const alerts: readonly Fields[] = [
  {
    name: "errors",
    metric: "error_rate",
    filter: { api: "guarded" },
    op: ">",
    threshold: 0.05,
    forSeconds: 60,
    notify: [{ webhook: "http://127.0.0.1:9/hook", secret: "canary-of-a-webhook" }],
  },
  { name: "spending", enabled: false, metric: "cost_usd", op: ">=", threshold: 20, forSeconds: 3600 },
];

function single(name: string, useCase: string, protocol: string): Fields {
  return {
    name,
    useCase,
    protocols: [protocol],
    basePath: `/${name}`,
    stripBasePath: true,
    modelService: { mode: "single", target: { service: "simulator" } },
  };
}

/** Puts everything there and sends `requests` chats through it; waits until the counts have them. */
/** Nobody comes by it in these tests: it is there to be seen. */
const signIn: Fields = {
  publicUrl: "https://gateway.example.com",
  oidc: [
    {
      name: "corp",
      label: "Example Inc.",
      issuer: "https://login.example.com/realms/main",
      clientId: "moongate",
      clientSecret: "oidc-canary-0123456789",
      roleClaim: "groups",
      roles: [
        { value: "gateway-owners", role: "owner" },
        { value: "gateway-research", role: "editor", resourceGroups: ["research"] },
      ],
      defaultRole: "viewer",
    },
  ],
};

export async function seed(scene: Scene, requests = 24): Promise<void> {
  for (const [collection, bodies] of [
    ["resource-groups", resourceGroups],
    ["domains", domains],
    ["services", services],
    ["consumer-groups", consumerGroups],
    ["consumers", consumers],
    ["model-apis", modelApis],
    ["alerts", alerts],
  ] as const) {
    for (const body of bodies) await scene.create(collection, body);
  }
  await scene.create("consumers/mobile-app/credentials", { name: "phone" });
  await scene.create("consumers/mobile-app/credentials", { type: "hmac", name: "signed" });
  await scene.create("consumers/mobile-app/credentials/phone/rotate", { overlapSeconds: 86_400 });
  const set = await scene.gateway.admin("PATCH", "/instances/default", { signIn });
  if (!set.ok) throw new Error(`signIn was answered with ${set.status}: ${await set.text()}`);
  await sendTraffic(scene, requests);
  await learn(scene);
}

/** Labels for Model API `smart`, where the larger model answers long questions better, and what is learnt from them. */
async function learn(scene: Scene): Promise<void> {
  const items = Array.from({ length: 80 }, (_, index) => {
    const isHard = index % 2 === 0;
    const prompt = isHard
      ? `Prove that the sum of the first ${index} odd numbers is a square, and say where the proof uses induction.`
      : `When does ferry ${index} leave?`;
    return [
      { prompt, model: "qwen-max", score: 1 },
      { prompt, model: "qwen-turbo", score: isHard ? 0 : 1 },
    ];
  }).flat();
  const path = "/model-apis/smart/routing";
  for (const [step, body] of [
    ["/labels", { items }],
    ["/train", undefined],
  ] as const) {
    const answer = await scene.gateway.admin("POST", path + step, body);
    if (!answer.ok) throw new Error(`${step} was answered with ${answer.status}: ${await answer.text()}`);
  }
  const isRunning = async (): Promise<boolean> => {
    const state: unknown = await (await scene.gateway.admin("GET", path)).json();
    return typeof state === "object" && state !== null && "running" in state && state.running !== null;
  };
  let runs = true;
  while (runs) runs = await isRunning();
}

async function sendTraffic(scene: Scene, requests: number): Promise<void> {
  const paths = ["/by-name", "/best", "/guarded", "/by-name", "/smart"];
  const { gatewayUrl } = scene.gateway;
  for (let index = 0; index < requests; index += 1) {
    const answer = await fetch(`${gatewayUrl}${paths[index % paths.length]}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        model: index % 3 === 0 ? "qwen-max" : "gpt-4o",
        stream: index % 2 === 0,
        messages: [{ role: "user", content: "What is a moon gate?" }],
      }),
    });
    await answer.arrayBuffer();
  }
  // Through the debug operation, as the API with a domain is not to be reached by this address.
  for (let index = 0; index < requests; index += 1) {
    const answer = await scene.gateway.admin("POST", "/model-apis/chat/debug", {
      path: "/chat/v1/chat/completions",
      body: { model: "qwen-max", stream: true, messages: [{ role: "user", content: "Hello" }] },
    });
    await answer.arrayBuffer();
  }
}
