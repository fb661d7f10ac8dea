// A configuration at the size that the contract names: consumers with a quota and credentials each, in groups, and Model
// APIs that grant by group and limit by consumer. Knows neither processes nor figures.

export interface Size {
  readonly consumers: number;
  readonly groups: number;
  readonly apis: number;
}

export const fullSize: Size = { consumers: 100_000, groups: 100, apis: 10 };

export const quotaName = "monthly";
/** Far more than any run uses. */
const plenty = 1_000_000_000;

export const consumerName = (index: number): string => `app-${index}`;
export const consumerKey = (index: number): string => `bench-consumer-key-${String(index).padStart(10, "0")}`;
/** Where a Model API is called. */
export const basePathOf = (index: number): string => `/api-${index}`;

/** Every tenth signs its requests too. */
function credentialsOf(index: number): object[] {
  const key = { type: "api-key", name: "main", value: consumerKey(index) };
  if (index % 10 !== 0) return [key];
  const secretKey = `bench-secret-key-${String(index).padStart(12, "0")}`;
  return [key, { type: "hmac", name: "signed", accessKey: `AK${index}`, secretKey }];
}

export function consumersOf({ consumers, groups }: Size): object[] {
  const quotas = [{ name: quotaName, metric: "tokens", limit: plenty, period: "month" }];
  return Array.from({ length: consumers }, (_, index) => ({
    name: consumerName(index),
    groups: [`group-${index % groups}`],
    credentials: credentialsOf(index),
    quotas,
  }));
}

export function manyConsumers(size: Size, serviceUrl: string): object {
  const groups = Array.from({ length: size.groups }, (_, index) => `group-${index}`);
  const quotas = [{ name: quotaName, metric: "tokens", limit: plenty, period: "month" }];
  return {
    version: 1,
    services: [
      {
        name: "mock",
        provider: "openai-compatible",
        baseUrl: `${serviceUrl}/v1`,
        apiKeys: [{ name: "main", value: "bench-upstream-key" }],
      },
    ],
    modelApis: Array.from({ length: size.apis }, (_, index) => ({
      name: `api-${index}`,
      useCase: "text-generation",
      protocols: ["openai"],
      basePath: basePathOf(index),
      stripBasePath: true,
      modelService: { mode: "single", target: { service: "mock" } },
      auth: {
        enabled: true,
        methods: ["api-key", "hmac"],
        grants: groups.map((consumerGroup) => ({ consumerGroup })),
      },
      rateLimits: [
        { name: "per-app", by: "consumer", metric: "requests", limit: 1_000_000, window: "minute" },
        { name: "tokens", by: "consumer", metric: "tokens", limit: plenty, window: "hour" },
      ],
    })),
    consumerGroups: groups.map((name) => ({ name, quotas })),
    consumers: consumersOf(size),
  };
}
