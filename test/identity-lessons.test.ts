// What other gateways got wrong about who calls (public advisories), one test each.
import { generateKeyPairSync } from "node:crypto";
import { SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { startDataPlane } from "../src/gateway/data-plane.ts";
import { parseResource } from "../src/resources/registry.ts";
import { compileConsumer } from "../src/snapshot/compile-consumer.ts";
import { askAnything } from "./support/any-request.ts";
import { apiOf, serviceAt } from "./support/configuration.ts";
import { snapshotOf, startGateway, type Gateway } from "./support/gateway.ts";
import type { HeaderLine } from "./support/http-message.ts";
import { createKeeper } from "./support/keeper.ts";
import { startRawUpstream, type RawUpstream } from "./support/raw-upstream.ts";
import { signedHeaders } from "./support/signed-request.ts";

const keep = createKeeper();
const key = "consumer-canary-0123456789-good";
const issuer = "https://idp.test";
const path = "/v1/chat/completions";
const body = '{"model":"m","messages":[]}';
const answerText = '{"choices":[{"index":0,"message":{"content":"hi"}}]}';
const pair = generateKeyPairSync("ed25519");

function documentFor(url: string) {
  const credentials = [
    { type: "api-key", name: "main", value: key },
    {
      type: "jwt",
      name: "idp",
      issuer,
      jwks: { keys: [pair.publicKey.export({ format: "jwk" })] },
      claimValue: "app",
    },
  ];
  const auth = {
    enabled: true,
    apiKeySources: [
      { in: "bearer" },
      { in: "header", name: "x-api-key" },
      { in: "header", name: "x-own" },
      { in: "query", name: "key" },
    ],
    grants: [{ consumer: "app" }],
  };
  return {
    services: [serviceAt(url, "openai")],
    consumers: [{ name: "app", credentials }],
    domains: [{ name: "open.test" }, { name: "guarded.test" }],
    modelApis: [
      apiOf("openai", { name: "guarded", domains: ["guarded.test", "*"], auth }),
      apiOf("openai", { name: "open", domains: ["open.test"] }),
    ],
  };
}

async function start(): Promise<{ gateway: Gateway; upstream: RawUpstream; defects: unknown[] }> {
  const upstream = keep(
    await startRawUpstream({
      onRequest: ({ connection }) =>
        connection.socket.write(
          `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${answerText.length}\r\n\r\n${answerText}`,
        ),
    }),
  );
  const defects: unknown[] = [];
  const gateway = keep(
    await startGateway(documentFor(upstream.url), { onDefect: (error) => defects.push(error) }),
  );
  return { gateway, upstream, defects };
}

const ask = (gateway: Gateway, headers: readonly HeaderLine[], target = path) =>
  askAnything(gateway.port, {
    method: "POST",
    path: target,
    websocket: false,
    headers: [["content-type", "application/json"], ...headers],
    body,
  });

test("2: SQL in any header that holds credentials is a wrong credential and nothing else", async () => {
  const { gateway, upstream, defects } = await start();
  const text = "' OR '1'='1' UNION SELECT value FROM credentials; DROP TABLE consumers;--";
  const rows: readonly (readonly HeaderLine[])[] = [
    [["authorization", text]],
    [["authorization", `Bearer ${text}`]],
    [["authorization", `Bearer ${text.replaceAll(" ", "+")}`]],
    [["x-api-key", text]],
    [["x-own", text]],
    [["x-ca-key", text]],
    [
      ["x-ca-key", text],
      ["x-ca-signature", text],
      ["date", text],
    ],
  ];
  for (const headers of rows) expect((await ask(gateway, headers)).status).toBe(401);
  expect((await ask(gateway, [], `${path}?key=${encodeURIComponent(text)}`)).status).toBe(401);
  expect([upstream.requests.length, defects]).toEqual([0, []]);
});

test("3: who must prove himself is decided by the target that is routed, never by another reading of Host", async () => {
  const { gateway, upstream } = await start();
  const statusOf = async (target: string, ...headers: readonly HeaderLine[]) => {
    const rest: HeaderLine[] = [["content-type", "application/json"]];
    const parts = { method: "POST", path: target, websocket: false, ownHost: true, body };
    return (await askAnything(gateway.port, { ...parts, headers: [...headers, ...rest] })).status;
  };
  const guarded: HeaderLine = ["host", "guarded.test"];
  const open: HeaderLine = ["host", "open.test"];
  expect(await statusOf(`http://guarded.test${path}`, open)).toBe(401);
  expect(await statusOf(`${path}?@open.test`, guarded)).toBe(401);
  expect(await statusOf(path, guarded, open)).toBe(400);
  expect(await statusOf(path, guarded, ["x-forwarded-host", "open.test"])).toBe(401);
  expect(upstream.requests.length).toBe(0);
  expect(await statusOf(`http://open.test${path}`, guarded)).toBe(200);
});

test("5: what is remembered of a credential is remembered of all of it", async () => {
  const { gateway } = await start();
  const claims = new SignJWT({ iss: issuer, sub: "app" }).setExpirationTime("1h");
  const token = await claims.setProtectedHeader({ alg: "EdDSA" }).sign(pair.privateKey);
  const lastSigned = token.length - 20;
  const other = token.charAt(lastSigned) === "A" ? "B" : "A";
  const forged = token.slice(0, lastSigned) + other + token.slice(lastSigned + 1);
  for (let round = 0; round < 2; round += 1) {
    expect((await ask(gateway, [["authorization", `Bearer ${token}`]])).status).toBe(200);
    expect((await ask(gateway, [["authorization", `Bearer ${forged}`]])).status).toBe(401);
    expect((await ask(gateway, [["authorization", `Bearer ${key}`]])).status).toBe(200);
    expect((await ask(gateway, [["authorization", `Bearer ${key.slice(0, -1)}x`]])).status).toBe(401);
    expect((await ask(gateway, [["authorization", `Bearer ${key}x`]])).status).toBe(401);
  }
});

describe("15: an empty secret signs nothing", () => {
  const hmac = (secretKey: unknown) => ({ type: "hmac", name: "ak", accessKey: "AK1", secretKey });

  test("it is refused when it is saved", () => {
    for (const secretKey of ["", null, undefined]) {
      expect(parseResource("consumers", { name: "app", credentials: [hmac(secretKey)] }).ok).toBe(false);
    }
  });

  test("it is left out when it is compiled, as is one that could not be opened", () => {
    const good = parseResource("consumers", { name: "app", credentials: [hmac("secret")] });
    if (!good.ok) throw new Error("a good consumer is refused");
    const compiled = (secretKey: string | { sealed: string; hint: null }) =>
      compileConsumer({
        ...good.value,
        credentials: [{ type: "hmac", name: "ak", accessKey: "AK1", secretKey }],
      })?.hmacs;
    expect([compiled(""), compiled({ sealed: "x", hint: null })]).toEqual([undefined, undefined]);
    expect(compiled("secret")).toHaveLength(1);
  });

  test("it proves nobody while the gateway runs, wherever it came from", async () => {
    const { upstream } = await start();
    const plane = await startDataPlane({
      host: "127.0.0.1",
      port: 0,
      upstreamNetworks: "private",
      record: () => undefined,
    });
    keep({ close: () => plane.close() });
    const snapshot = snapshotOf(documentFor(upstream.url));
    const secrets = [{ value: "", expiresAtMs: null }];
    const app = { name: "app", apiKeys: [], hmacs: [{ name: "ak", accessKey: "AK1", secrets }] };
    plane.apply({ ...snapshot, consumers: new Map([["app", app]]) });
    const headers = signedHeaders({
      method: "POST",
      path,
      accessKey: "AK1",
      secretKey: "",
      body,
      headers: [["content-type", "application/json"]],
    });
    const answer = await askAnything(plane.port, { method: "POST", path, websocket: false, headers, body });
    expect([answer.status, upstream.requests.length]).toEqual([401, 0]);
  });
});

test("18: a socket's service is not even dialled before the client has proven itself", async () => {
  let connections = 0;
  const upstream = keep(await startRawUpstream({ onConnection: () => (connections += 1) }));
  const auth = { enabled: true, grants: [] };
  const gateway = keep(
    await startGateway({
      services: [{ name: "up", provider: "comfyui", baseUrl: upstream.url }],
      modelApis: [
        {
          name: "draw",
          useCase: "image-generation",
          protocols: ["comfyui"],
          modelService: { mode: "single", target: { service: "up" } },
          auth,
        },
      ],
    }),
  );
  for (const headers of [[], [["authorization", `Bearer ${key}`]]] satisfies HeaderLine[][]) {
    const answer = await askAnything(gateway.port, {
      method: "GET",
      path: "/ws?clientId=c",
      websocket: true,
      headers,
    });
    expect(answer.status).toBe(401);
  }
  expect(connections).toBe(0);
});

describe("20: of a credential that is there twice neither is believed", () => {
  const bad = "x".repeat(20);
  test.each<[string, readonly HeaderLine[], string]>([
    [
      "bearer, good first",
      [
        ["authorization", `Bearer ${key}`],
        ["authorization", `Bearer ${bad}`],
      ],
      "",
    ],
    [
      "bearer, good last",
      [
        ["authorization", `Bearer ${bad}`],
        ["authorization", `Bearer ${key}`],
      ],
      "",
    ],
    [
      "bearer in two spellings",
      [
        ["Authorization", `Bearer ${key}`],
        ["AUTHORIZATION", `Bearer ${bad}`],
      ],
      "",
    ],
    ["bearer as a list", [["authorization", `Bearer ${key}, Bearer ${bad}`]], ""],
    [
      "x-api-key",
      [
        ["x-api-key", key],
        ["X-API-KEY", bad],
      ],
      "",
    ],
    [
      "a header of its own, good first",
      [
        ["x-own", key],
        ["X-Own", bad],
      ],
      "",
    ],
    [
      "a header of its own, good last",
      [
        ["x-own", bad],
        ["X-Own", key],
      ],
      "",
    ],
    ["the query, good first", [], `?key=${key}&key=${bad}`],
    ["the query, good last", [], `?key=${bad}&k%65y=${key}`],
  ])("%s", async (_name, headers, query) => {
    const { gateway, upstream } = await start();
    expect((await ask(gateway, headers, path + query)).status).toBe(401);
    expect(upstream.requests.length).toBe(0);
  });
});
