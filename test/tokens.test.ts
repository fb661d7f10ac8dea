// Signed tokens as credentials, over sockets: what is let in, and every known way to forge one.
import { createHmac } from "node:crypto";
import {
  exportJWK,
  exportSPKI,
  generateKeyPair,
  SignJWT,
  UnsecuredJWT,
  type CryptoKey,
  type JWK,
} from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiOf, providerKey, serviceAt } from "./support/configuration.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { exchange, type Answer } from "./support/raw-client.ts";
import { startRawUpstream, type RawUpstream } from "./support/raw-upstream.ts";

const issuer = "https://idp.test/";
const audience = "moongate";
const body = '{"model":"m","messages":[]}';
const answerText = '{"id":"a","object":"chat.completion","choices":[{"index":0,"message":{"content":"hi"}}]}';
const nowSeconds = Math.floor(Date.now() / 1000);

interface Pair {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

let rsa: Pair;
let others: Pair;
let publicJwk: JWK;
const pairs = new Map<string, Pair>();
let upstream: RawUpstream;
let gateway: Gateway;

const algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];

beforeAll(async () => {
  for (const alg of algorithms) pairs.set(alg, await generateKeyPair(alg, { extractable: true }));
  rsa = await generateKeyPair("RS256", { extractable: true });
  others = await generateKeyPair("RS256", { extractable: true });
  publicJwk = { ...(await exportJWK(rsa.publicKey)), kid: "first" };
  const byAlgorithm = await Promise.all(
    [...pairs].map(async ([alg, pair]) => ({ ...(await exportJWK(pair.publicKey)), kid: alg, alg })),
  );
  const othersJwk = { ...(await exportJWK(others.publicKey)), kid: "others" };
  upstream = await startRawUpstream({
    onRequest: ({ connection }) =>
      connection.socket.write(
        `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${answerText.length}\r\n\r\n${answerText}`,
      ),
  });
  const jwt = (name: string, fields: object = {}) => ({
    name,
    credentials: [
      {
        type: "jwt",
        name: "idp",
        issuer,
        audience,
        jwks: { keys: [publicJwk] },
        claimValue: name,
        ...fields,
      },
    ],
  });
  gateway = await startGateway({
    services: [serviceAt(upstream.url, "openai")],
    modelApis: [
      apiOf("openai", {
        auth: {
          enabled: true,
          grants: ["app", "victim", "any-audience", "by-number", "ended", "every"].map((consumer) => ({
            consumer,
          })),
        },
      }),
    ],
    consumers: [
      jwt("app"),
      // The same issuer with other keys: what these sign proves nobody else.
      jwt("victim", { jwks: { keys: [othersJwk] } }),
      jwt("any-audience", { issuer: "https://open.test/", audience: undefined }),
      jwt("by-number", { claim: "uid", claimValue: "42" }),
      jwt("ended", { expiresAt: "2020-01-01T00:00:00Z" }),
      jwt("not-granted"),
      jwt("every", { jwks: { keys: byAlgorithm } }),
    ],
  });
});

afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

interface Told {
  readonly header?: object;
  readonly claims?: Record<string, unknown>;
  readonly key?: CryptoKey;
}

function sign({ header = {}, claims = {}, key = rsa.privateKey }: Told = {}): Promise<string> {
  const payload = { iss: issuer, aud: audience, sub: "app", exp: nowSeconds + 600, ...claims };
  return new SignJWT(payload).setProtectedHeader({ alg: "RS256", kid: "first", ...header }).sign(key);
}

const call = (token: string): Promise<Answer> =>
  exchange(gateway.port, {
    path: "/v1/chat/completions",
    body,
    headers: [["authorization", `Bearer ${token}`]],
  });

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("let in", () => {
  test.each(algorithms)("signed with %s", async (alg) => {
    const pair = pairs.get(alg);
    if (pair === undefined) throw new Error(`no keys for ${alg}`);
    const token = await sign({ header: { alg, kid: alg }, claims: { sub: "every" }, key: pair.privateKey });
    expect((await call(token)).status).toBe(200);
  });

  test.each<[string, Told]>([
    ["with the keys, issuer, audience and claim of a credential", {}],
    ["again, from memory", {}],
    ["without a kid", { header: { kid: undefined } }],
    ["of several audiences, ours among them", { claims: { aud: ["else", audience] } }],
    ["ended less than a minute ago", { claims: { exp: nowSeconds - 30 } }],
    ["that begins within a minute", { claims: { nbf: nowSeconds + 30 } }],
    ["by a claim that is a number", { claims: { sub: "nobody", uid: 42 } }],
    [
      "of any audience where none is named",
      { claims: { iss: "https://open.test/", aud: "x", sub: "any-audience" } },
    ],
  ])("%s", async (_name, told) => {
    const token = await sign(told);
    expect((await call(token)).status).toBe(200);
    expect((await call(token)).status).toBe(200);
  });

  test("its record names consumer and credential, and the upstream sees no token", async () => {
    const seen = upstream.requests.length;
    const answer = await call(await sign());
    const record = await gateway.record(answer.header("x-request-id"));
    expect(record).toMatchObject({ consumer: "app", credential: "idp" });
    const asked = upstream.requests[seen];
    expect(asked?.header("authorization")).toBe(`Bearer ${providerKey}`);
    expect(asked?.head.toString("latin1")).not.toContain("eyJ");
  });
});

describe("refused", () => {
  const forged: [string, () => string | Promise<string>][] = [
    [
      "alg none",
      () => new UnsecuredJWT({ iss: issuer, aud: audience, sub: "app" }).setExpirationTime("1h").encode(),
    ],
    ["alg none in capitals", async () => withHeader(await sign(), { alg: "NONE" })],
    ["HS256 signed with the public key as text", async () => hs256(await exportSPKI(rsa.publicKey))],
    ["HS256 signed with the public key as JWK", () => hs256(JSON.stringify(publicJwk))],
    ["HS256 signed with nothing", () => hs256("")],
    ["kid with a path", () => sign({ header: { kid: "../../../../dev/null" } })],
    ["kid with SQL", () => sign({ header: { kid: "x' UNION SELECT 'key'--" } })],
    ["kid with a URL", () => sign({ header: { kid: "https://evil.test/keys" } })],
    ["kid that is no text", async () => withHeader(await sign(), { alg: "RS256", kid: ["first"] })],
    ["jku with own keys", () => sign({ header: { jku: "https://evil.test/jwks" }, key: others.privateKey })],
    ["x5u with own keys", () => sign({ header: { x5u: "https://evil.test/cert" }, key: others.privateKey })],
    [
      "jwk in the header",
      async () => sign({ header: { jwk: await exportJWK(others.publicKey) }, key: others.privateKey }),
    ],
    ["expired", () => sign({ claims: { exp: nowSeconds - 61 } })],
    ["without exp", () => sign({ claims: { exp: undefined } })],
    ["exp as a text", () => sign({ claims: { exp: String(nowSeconds + 600) } })],
    ["nbf in the future", () => sign({ claims: { nbf: nowSeconds + 120 } })],
    ["another audience", () => sign({ claims: { aud: "else" } })],
    ["no audience", () => sign({ claims: { aud: undefined } })],
    ["another issuer", () => sign({ claims: { iss: "https://evil.test/" } })],
    ["no issuer", () => sign({ claims: { iss: undefined } })],
    ["an issuer that is no text", () => sign({ claims: { iss: [issuer] } })],
    ["the claim of a consumer with other keys", () => sign({ claims: { sub: "victim" } })],
    ["the claim of nobody", () => sign({ claims: { sub: "nobody" } })],
    ["the claim __proto__", () => sign({ claims: { sub: "__proto__" } })],
    ["no claim", () => sign({ claims: { sub: undefined } })],
    ["a claim that is a list", () => sign({ claims: { sub: ["app"] } })],
    ["a credential that has ended", () => sign({ claims: { sub: "ended" } })],
    ["another key", () => sign({ key: others.privateKey })],
    ["another payload under the signature", async () => withPayload(await sign(), { sub: "every" })],
    ["two parts", async () => (await sign()).split(".").slice(0, 2).join(".")],
    ["no signature", async () => `${(await sign()).split(".").slice(0, 2).join(".")}.`],
    [
      "a token within a token",
      async () => `${part({ alg: "RS256", cty: "JWT" })}.${part(await sign())}.${part("s")}`,
    ],
    ["five parts, as if encrypted", async () => `${await sign()}.${part("a")}.${part("b")}`],
    ["huge", () => sign({ claims: { filler: "x".repeat(20_000) } })],
    ["bad base64", async () => (await sign()).replace(/.$/, "!")],
    ["padded base64", async () => `${await sign()}==`],
    ["a header that is no JSON", async () => ["eyJub3Qg", ...(await sign()).split(".").slice(1)].join(".")],
    ["a critical header", async () => critical(await sign({ header: { crit: ["b64"], b64: true } }))],
    [
      "a critical header that nobody knows",
      async () => withHeader(await sign(), { alg: "RS256", crit: ["x"], x: 1 }),
    ],
  ];

  test.each(forged)("%s", async (_name, forge) => {
    const seen = upstream.requests.length;
    const token = await forge();
    const answer = await call(token);
    expect(answer.status).toBe(401);
    expect(answer.header("www-authenticate")).toMatch(/^Bearer /);
    expect(JSON.parse(answer.text())).toMatchObject({ error: { code: "invalid_credentials" } });
    expect(answer.text()).not.toContain(token.slice(0, 60));
    expect(upstream.requests.length).toBe(seen);
  });

  test("a good token without a grant is 403", async () => {
    expect((await call(await sign({ claims: { sub: "not-granted" } }))).status).toBe(403);
  });
});

function withHeader(token: string, header: object): string {
  const [, payload = "", signature = ""] = token.split(".");
  return [part(header), payload, signature].join(".");
}

function withPayload(token: string, claims: object): string {
  const [header = "", , signature = ""] = token.split(".");
  const payload = { iss: issuer, aud: audience, exp: nowSeconds + 600, ...claims };
  return [header, part(payload), signature].join(".");
}

function critical(token: string): string {
  expect(Buffer.from(token.split(".")[0] ?? "", "base64url").toString()).toContain("crit");
  return token;
}

function hs256(secret: string): string {
  const signed = `${part({ alg: "HS256", kid: "first" })}.${part({ iss: issuer, aud: audience, sub: "app", exp: nowSeconds + 600 })}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}
