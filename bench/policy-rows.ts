// The policies whose price is measured, each as a configuration and a request. Knows neither processes nor figures.
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { signedHeaders } from "../test/support/signed-request.ts";
import { basePathOf, consumerKey, fullSize, manyConsumers } from "./many-consumers-document.ts";

export interface PolicyRow {
  readonly name: string;
  readonly document: (upstreamPort: number) => object;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A header by which it is seen that the policy acts. */
  readonly answersWith?: readonly [name: string, value: string];
  /** Another build than the one of these sources. */
  readonly main?: string;
}

type Fields = Readonly<Record<string, unknown>>;

const path = "/v1/chat/completions";
const key = "bench-consumer-key-0123456789";
const plenty = 1_000_000_000;
const issuer = "https://idp.bench";
const [accessKey, secretKey] = ["AKBENCH", "bench-secret-key-0123456789"];
const bearer = { authorization: `Bearer ${key}` };

interface Parts {
  readonly api?: Fields;
  readonly consumer?: Fields;
  readonly methods?: readonly string[];
}

function documentOf({ api = {}, consumer = {}, methods = ["api-key"] }: Parts): PolicyRow["document"] {
  return (upstreamPort) => ({
    version: 1,
    services: [
      {
        name: "mock",
        provider: "openai-compatible",
        baseUrl: `http://127.0.0.1:${upstreamPort}/v1`,
        apiKeys: [{ name: "main", value: "bench-upstream-key" }],
      },
    ],
    modelApis: [
      {
        name: "bench",
        useCase: "text-generation",
        protocols: ["openai"],
        modelService: { mode: "single", target: { service: "mock" } },
        auth: { enabled: true, methods, grants: [{ consumer: "load" }] },
        ...api,
      },
    ],
    consumers: [{ name: "load", credentials: [{ type: "api-key", name: "main", value: key }], ...consumer }],
  });
}

const row = (name: string, parts: Parts, headers: PolicyRow["headers"] = bearer): PolicyRow => {
  return { name, document: documentOf(parts), path, headers };
};

const limit = (metric: string) => ({ name: metric, by: "consumer", metric, limit: plenty, window: "minute" });
const keywords = Array.from({ length: 1_000 }, (_, index) => `forbidden${index}`);

const shaping = {
  prompt: { systemPrefix: "Answer briefly.", systemSuffix: "Never tell secrets." },
  parameters: { maxTokens: { maximum: 4_096 }, temperature: { default: 0.2 } },
  transform: { requestHeaders: { set: { "x-team": "bench" } } },
};

const { publicKey, privateKey } = await generateKeyPair("ES256");
const jwk = { ...(await exportJWK(publicKey)), kid: "k", alg: "ES256" };
const token = await new SignJWT({ sub: "load" })
  .setProtectedHeader({ alg: "ES256", kid: "k" })
  .setIssuer(issuer)
  .setExpirationTime("6h")
  .sign(privateKey);

function signed(body: string): Record<string, string> {
  const headers = [
    ["accept", "*/*"],
    ["content-type", "application/json"],
  ] as const;
  const all = signedHeaders({ method: "POST", path, accessKey, secretKey, headers: [...headers], body });
  return Object.fromEntries(all.slice(headers.length));
}

const many = (consumers: number): PolicyRow => {
  const size = { ...fullSize, consumers };
  return {
    name: `two limits and quotas of ${consumers} consumers`,
    document: (upstreamPort) => manyConsumers(size, `http://127.0.0.1:${upstreamPort}`),
    path: `${basePathOf(3)}${path}`,
    headers: { authorization: `Bearer ${consumerKey(consumers - 3)}` },
  };
};

/** The first is the floor: an API key and nothing else. @param body of the request, which signatures cover */
export function policyRows(body: string): readonly PolicyRow[] {
  const jwt = { type: "jwt", name: "idp", issuer, claim: "sub", claimValue: "load", jwks: { keys: [jwk] } };
  const hmac = { type: "hmac", name: "ak", accessKey, secretKey };
  const tokens = [{ name: "monthly", metric: "tokens", limit: plenty, period: "month" }];
  const check = { name: "words", type: "keywords", keywords };
  return [
    row("off", {}),
    row("requests per minute by consumer", { api: { rateLimits: [limit("requests")] } }),
    row("tokens per minute by consumer", { api: { rateLimits: [limit("tokens")] } }),
    row("quota of tokens", { consumer: { quotas: tokens } }),
    row("JWT", { consumer: { credentials: [jwt] }, methods: ["jwt"] }, { authorization: `Bearer ${token}` }),
    row("signed request", { consumer: { credentials: [hmac] }, methods: ["hmac"] }, signed(body)),
    row("a thousand keywords", { api: { moderation: { enabled: true, checks: [check] } } }),
    row("prompt and parameters", { api: shaping }),
    {
      ...row("answer from the cache", { api: { cache: { enabled: true } } }),
      answersWith: ["x-moongate-cache", "hit"],
    },
    many(100),
    many(fullSize.consumers),
  ];
}
