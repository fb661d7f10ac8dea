// Every default route, sockets too, with every state of a credential: who is let in, what the others are told in their
// protocol, that no service hears of them, and that no service sees what a client proves itself with.
import { generateKeyPair, exportJWK, SignJWT, type CryptoKey } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generateKey } from "../src/control/generated-key.ts";
import type { ApiProtocol } from "../src/core/protocol.ts";
import { defaultRoutes, type DefaultRoute } from "../src/resources/default-routes.ts";
import { askAnything, type AnyAnswer } from "./support/any-request.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import type { HeaderLine } from "./support/http-message.ts";
import { startRawUpstream, type RawUpstream } from "./support/raw-upstream.ts";
import { basePathOf, routeApis, routeServices } from "./support/route-scene.ts";
import { signedHeaders } from "./support/signed-request.ts";

const keys = {
  good: "consumer-canary-good-0001",
  expired: "consumer-canary-expired-02",
  revoked: "consumer-canary-revoked-03",
  disabled: "consumer-canary-disabled-4",
  noGrant: "consumer-canary-no-grant-5",
  lapsed: "consumer-canary-lapsed-006",
  grouped: "consumer-canary-grouped-07",
} as const;
const generated = generateKey("consumer", (length) => new Uint8Array(length).fill(7));
const mistyped = generated.replace(/.$/, (last) => (last === "a" ? "b" : "a"));
const [accessKey, secretKey] = ["AK-canary-0001", "secret-canary-of-good-000001"];
const issuer = "https://idp.test/";
const past = "2020-01-01T00:00:00Z";
const header = "X-Team-Key";

let privateKey: CryptoKey;
let upstream: RawUpstream;
let gateway: Gateway;

beforeAll(async () => {
  const pair = await generateKeyPair("EdDSA", { extractable: true });
  privateKey = pair.privateKey;
  upstream = await startRawUpstream({
    onRequest: ({ connection }) =>
      connection.socket.write(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}",
      ),
  });
  const key = (value: string, fields: object = {}) => ({ type: "api-key", name: "main", value, ...fields });
  const consumer = (name: string, ...credentials: readonly object[]) => ({ name, credentials });
  const jwt = {
    type: "jwt",
    name: "idp",
    issuer,
    jwks: { keys: [await exportJWK(pair.publicKey)] },
    claimValue: "good",
  };
  const document = {
    services: routeServices(upstream.url),
    modelApis: routeApis("as asked", {
      auth: {
        enabled: true,
        apiKeySources: [
          { in: "bearer" },
          { in: "header", name: "x-api-key" },
          { in: "header", name: header },
          { in: "query", name: "key" },
        ],
        grants: [
          ...["good", "expired", "revoked", "disabled"].map((name) => ({ consumer: name })),
          { consumer: "lapsed", expiresAt: past },
          { consumer: "grouped", expiresAt: past },
          { consumerGroup: "team" },
        ],
      },
    }),
    consumers: [
      consumer("good", key(keys.good), jwt, { type: "hmac", name: "ak", accessKey, secretKey }),
      consumer("expired", key(keys.expired, { expiresAt: past })),
      consumer("revoked", key(keys.revoked)),
      { ...consumer("disabled", key(keys.disabled)), enabled: false },
      consumer("no-grant", key(keys.noGrant)),
      consumer("lapsed", key(keys.lapsed)),
      { ...consumer("grouped", key(keys.grouped)), groups: ["team"] },
    ],
  };
  gateway = await startGateway(document);
  gateway.apply({
    ...document,
    consumers: document.consumers.map((body) => (body.name === "revoked" ? consumer("revoked") : body)),
  });
});

afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: string | undefined;
  readonly headers: readonly HeaderLine[];
}

/** The request with its credential. */
type Prove = (asked: Asked) => Asked | Promise<Asked>;

const withHeader =
  (name: string, value: string): Prove =>
  (asked) => ({
    ...asked,
    headers: [...asked.headers, [name, value]],
  });
const bearer = (value: string) => withHeader("authorization", `Bearer ${value}`);

function token(exp: number): Prove {
  return async (asked) => {
    const claims = new SignJWT({ iss: issuer, sub: "good", exp }).setProtectedHeader({ alg: "EdDSA" });
    return bearer(await claims.sign(privateKey))(asked);
  };
}

const signed =
  (secret: string): Prove =>
  (asked) => ({
    ...asked,
    headers: signedHeaders({ ...asked, accessKey, secretKey: secret }),
  });

const nowSeconds = Math.floor(Date.now() / 1000);

const states: readonly (readonly [state: string, prove: Prove, status: 401 | 403 | "in"])[] = [
  ["none", (asked) => asked, 401],
  ["an unknown key", bearer("consumer-canary-unknown-08"), 401],
  ["a generated key with a bad checksum", bearer(mistyped), 401],
  ["an expired key", bearer(keys.expired), 401],
  ["a revoked key", bearer(keys.revoked), 401],
  ["a disabled consumer", bearer(keys.disabled), 401],
  ["no grant", bearer(keys.noGrant), 403],
  ["an expired grant", bearer(keys.lapsed), 403],
  ["an expired token", token(nowSeconds - 600), 401],
  ["a wrong signature", signed("another-secret"), 401],
  [
    "a bad key beside a good one",
    (asked) => bearer("x".repeat(20))({ ...asked, headers: [...asked.headers, ["x-api-key", keys.good]] }),
    401,
  ],
  [
    "a good key twice",
    (asked) =>
      bearer(keys.good)({ ...asked, headers: [...asked.headers, ["authorization", `Bearer ${keys.good}`]] }),
    401,
  ],
  ["a good key as bearer", bearer(keys.good), "in"],
  ["a good key in x-api-key", withHeader("x-api-key", keys.good), "in"],
  ["a good key in a header of its own", withHeader(header, keys.good), "in"],
  ["a good key in the query", (asked) => ({ ...asked, path: `${asked.path}?key=${keys.good}` }), "in"],
  ["a good token", token(nowSeconds + 600), "in"],
  ["a good signature", signed(secretKey), "in"],
  ["an expired grant and a good one by a group", bearer(keys.grouped), "in"],
];

const codes = { 401: "invalid_credentials", 403: "consumer_not_allowed" } as const;

/** What the contract says of an error in each protocol. */
function shapeOf(protocol: ApiProtocol, status: 401 | 403): object {
  const code = codes[status];
  const type = status === 401 ? "authentication_error" : "permission_error";
  switch (protocol) {
    case "openai":
    case "vllm":
      return { error: { message: expect.any(String), type, param: null, code } };
    case "anthropic":
      return { type: "error", error: { type, message: expect.any(String) }, request_id: expect.any(String) };
    case "dashscope":
      return { code, message: expect.any(String), request_id: expect.any(String) };
    case "comfyui":
      return {
        error: { type: code, message: expect.any(String), details: expect.anything(), extra_info: {} },
        node_errors: {},
      };
    case "gemini":
      return {
        error: {
          code: status,
          message: expect.any(String),
          status: expect.any(String),
          details: [expect.objectContaining({ reason: code })],
        },
      };
  }
}

/** Refused while authentication is on, whoever asks: they are about what belongs to everybody. */
const forEverybody = new Set(["comfyui-interrupt", "comfyui-free", "comfyui-queue", "comfyui-history"]);

function askedOf(row: DefaultRoute, method: string): Asked {
  const hasBody = ["POST", "PUT", "PATCH"].includes(method);
  return {
    method,
    path: basePathOf(row) + row.path.replaceAll(/\{[^}]+\}/g, "x"),
    body: hasBody ? '{"model":"m"}' : undefined,
    headers: hasBody ? [["content-type", "application/json"]] : [],
  };
}

const secrets = [...Object.values(keys), mistyped, accessKey, secretKey, "eyJ"];

async function ask(row: DefaultRoute, method: string, prove: Prove): Promise<AnyAnswer> {
  const asked = await prove(askedOf(row, method));
  return askAnything(gateway.port, { ...asked, websocket: row.websocket === true });
}

describe(`${defaultRoutes.length} routes`, () => {
  test("all are served by the gateway of this test", () => {
    expect(defaultRoutes.length).toBeGreaterThan(50);
    expect(defaultRoutes.filter(({ websocket }) => websocket === true).length).toBeGreaterThan(1);
  });

  test.each(defaultRoutes.map((row) => [`${row.useCase} ${row.protocol} ${row.name}`, row] as const))(
    "%s",
    async (_name, row) => {
      for (const method of row.methods) {
        for (const [state, prove, status] of states) {
          const seen = upstream.requests.length;
          const answer = await ask(row, method, prove);
          const where = `${method} with ${state}: ${answer.status} ${answer.body}`;
          if (status === "in") {
            expect(answer.status, where).not.toBe(401);
            if (!forEverybody.has(row.name)) expect(answer.status, where).not.toBe(403);
            const sent = upstream.requests.slice(seen).map(({ head }) => head.toString("latin1"));
            for (const secret of secrets) expect(sent.join("\n"), where).not.toContain(secret);
            continue;
          }
          expect(answer.status, where).toBe(status);
          expect(JSON.parse(answer.body), where).toEqual(shapeOf(row.protocol, status));
          expect(answer.headers.get("www-authenticate"), where).toEqual(
            status === 401 ? expect.stringMatching(/^Bearer realm=/) : undefined,
          );
          expect(upstream.requests.length, where).toBe(seen);
          for (const secret of secrets) expect(answer.body, where).not.toContain(secret);
        }
      }
    },
  );
});

test("the answer to every bad credential is the same but for its request's id", async () => {
  const row = defaultRoutes.find(({ name }) => name === "create-chat-completion");
  if (row === undefined) throw new Error("there is no create-chat-completion");
  const refused = states.filter(([, , status]) => status === 401);
  const answers = await Promise.all(refused.map(([, prove]) => ask(row, "POST", prove)));
  const told = answers.map(({ status, headers, body }) => {
    const rest = [...headers].filter(([name]) => !["x-request-id", "date"].includes(name));
    return JSON.stringify([status, rest, body]);
  });
  expect(new Set(told).size).toBe(1);
});
