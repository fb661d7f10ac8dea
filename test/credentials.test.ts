// Who may call, and what never crosses the gateway: keys, cookies, hop-by-hop and forwarded headers, in either direction.
import { describe, expect, test } from "vitest";
import { apiOf, providerKey, serviceAt, type TestDocument } from "./support/configuration.ts";
import { expectOwnError } from "./support/error-shapes.ts";
import {
  credentialCanary,
  faults,
  healthyAnswer,
  wholeAnswer,
  type FaultName,
} from "./support/fault-upstream.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import type { HeaderLine } from "./support/http-message.ts";
import { createKeeper } from "./support/keeper.ts";
import { protocolCases, type ProtocolCase } from "./support/protocol-cases.ts";
import { exchange, type Answer } from "./support/raw-client.ts";
import { startRawUpstream, type RawUpstream, type UpstreamRequest } from "./support/raw-upstream.ts";

const keys = {
  good: "consumer-canary-good-0001",
  expired: "consumer-canary-expired-0002",
  revoked: "consumer-canary-revoked-0003",
  disabled: "consumer-canary-disabled-0004",
  ungranted: "consumer-canary-ungranted-0005",
  lapsed: "consumer-canary-lapsed-0006",
  unknown: "consumer-canary-unknown-0007",
} as const;

const past = "2020-01-01T00:00:00Z";
const future = "2099-01-01T00:00:00Z";

type Fields = Readonly<Record<string, unknown>>;

function consumer(name: string, value: string, credential: Fields = {}, fields: Fields = {}): Fields {
  return { name, credentials: [{ type: "api-key", name: "main", value, ...credential }], ...fields };
}

function documentFor(url: string, wire: ProtocolCase, auth: Fields = {}): TestDocument {
  return {
    services: [serviceAt(url, wire.protocol)],
    modelApis: [
      apiOf(wire.protocol, {
        auth: {
          enabled: true,
          grants: [
            { consumer: "good", expiresAt: future },
            { consumer: "expired" },
            { consumer: "revoked" },
            { consumer: "disabled" },
            { consumer: "lapsed", expiresAt: past },
          ],
          ...auth,
        },
      }),
    ],
    consumers: [
      consumer("good", keys.good, { expiresAt: future }),
      consumer("expired", keys.expired, { expiresAt: past }),
      consumer("revoked", keys.revoked),
      consumer("disabled", keys.disabled, {}, { enabled: false }),
      consumer("ungranted", keys.ungranted),
      consumer("lapsed", keys.lapsed),
    ],
  };
}

/** The same configuration after the credential of `revoked` was taken away. */
function afterRevocation(document: TestDocument): TestDocument {
  const consumers = document.consumers?.map((body) =>
    body["name"] === "revoked" ? { ...body, credentials: [] } : body,
  );
  return { ...document, consumers: consumers ?? [] };
}

const keep = createKeeper();

async function healthyUpstream(wire: ProtocolCase): Promise<RawUpstream> {
  const answer = healthyAnswer({ wire, stream: false });
  return keep(await startRawUpstream({ onRequest: ({ connection }) => connection.socket.write(answer) }));
}

async function start(
  wire: ProtocolCase,
  auth: Fields = {},
): Promise<{ gateway: Gateway; upstream: RawUpstream }> {
  const upstream = await healthyUpstream(wire);
  const document = documentFor(upstream.url, wire, auth);
  const gateway = keep(await startGateway(document));
  gateway.apply(afterRevocation(document));
  return { gateway, upstream };
}

async function call(
  gateway: Gateway,
  wire: ProtocolCase,
  headers: readonly HeaderLine[],
  query = "",
): Promise<Answer> {
  return exchange(gateway.port, { path: wire.path + query, body: wire.request(false), headers });
}

function expectNowhere(secrets: readonly string[], places: Readonly<Record<string, string>>): void {
  for (const [place, text] of Object.entries(places)) {
    for (const secret of secrets) expect(text.includes(secret), `${secret} in ${place}`).toBe(false);
  }
}

function bytesOf(answer: Answer): string {
  return answer.head.toString("latin1") + answer.text();
}

describe.each(protocolCases)("$protocol", (wire) => {
  describe("a consumer's key", () => {
    const sources: readonly (readonly [string, readonly HeaderLine[], string])[] = [
      ["as a bearer token", [["authorization", `Bearer ${keys.good}`]], ""],
      ["as a bearer token, scheme in capitals", [["Authorization", `BEARER ${keys.good}`]], ""],
      ["in x-api-key", [["X-Api-Key", keys.good]], ""],
      ["in the query", [], `?key=${keys.good}`],
      ["in the query among others", [], `?a=%2Fb&key=${keys.good}&c=%20d`],
    ];

    test.each(sources)("%s is accepted and goes no further", async (_name, headers, query) => {
      const { gateway, upstream } = await start(wire);
      const answer = await call(gateway, wire, headers, query);
      expect(answer.status).toBe(200);
      const record = await gateway.record(answer.header("x-request-id"));
      expect(record).toMatchObject({ consumer: "good", credential: "main", outcome: "ok" });
      const [connection] = upstream.connections;
      const received = connection?.received().toString("latin1") ?? "";
      expectNowhere([keys.good], { received, record: JSON.stringify(record), answer: bytesOf(answer) });
      expect(received).toContain(providerKey);
      expect(upstream.requests[0]?.path).toBe(wire.path + (query.includes("a=") ? "?a=%2Fb&c=%20d" : ""));
    });

    test("in a header of the API's own choice is accepted and goes no further", async () => {
      const { gateway, upstream } = await start(wire, {
        apiKeySources: [{ in: "header", name: "X-Team-Key" }],
      });
      expect((await call(gateway, wire, [["x-team-key", keys.good]])).status).toBe(200);
      expect(upstream.connections[0]?.received().includes(keys.good)).toBe(false);
      const elsewhere = await call(gateway, wire, [["authorization", `Bearer ${keys.good}`]]);
      expectOwnError(elsewhere, { protocol: wire.protocol, status: 401, code: "invalid_credentials" });
    });
  });

  test("unknown, expired, revoked, disabled and missing keys get one and the same answer", async () => {
    const { gateway, upstream } = await start(wire);
    const bodies: string[] = [];
    const bad = [
      keys.unknown,
      keys.expired,
      keys.revoked,
      keys.disabled,
      "",
      `${keys.good}x`,
      keys.good.slice(0, -1),
    ];
    for (const key of bad) {
      const answer = await call(gateway, wire, key === "" ? [] : [["authorization", `Bearer ${key}`]]);
      expectOwnError(answer, { protocol: wire.protocol, status: 401, code: "invalid_credentials" });
      bodies.push(answer.text().replace(answer.header("x-request-id") ?? "", ""));
      const record = await gateway.record(answer.header("x-request-id"));
      expect(record).toMatchObject({
        status: 401,
        outcome: "client_error",
        errorCode: "invalid_credentials",
        attempts: [],
      });
      expectNowhere([keys.good, providerKey], { answer: bytesOf(answer), record: JSON.stringify(record) });
    }
    expect(new Set(bodies).size).toBe(1);
    expect(upstream.requests).toHaveLength(0);
  });

  test.each([
    ["without a grant", keys.ungranted],
    ["whose grant has expired", keys.lapsed],
  ])("a consumer %s is 403", async (_name, key) => {
    const { gateway, upstream } = await start(wire);
    const answer = await call(gateway, wire, [["authorization", `Bearer ${key}`]]);
    expectOwnError(answer, { protocol: wire.protocol, status: 403, code: "consumer_not_allowed" });
    expect(upstream.requests).toHaveLength(0);
  });

  test("authentication without any grant rejects everybody", async () => {
    const { gateway } = await start(wire, { grants: [] });
    const answer = await call(gateway, wire, [["authorization", `Bearer ${keys.good}`]]);
    expectOwnError(answer, { protocol: wire.protocol, status: 403, code: "consumer_not_allowed" });
  });

  test("a revoked key is refused on a connection that it had opened", async () => {
    const upstream = await healthyUpstream(wire);
    const document = documentFor(upstream.url, wire);
    const gateway = keep(await startGateway(document));
    const headers: readonly HeaderLine[] = [["authorization", `Bearer ${keys.revoked}`]];
    expect((await call(gateway, wire, headers)).status).toBe(200);
    gateway.apply(afterRevocation(document));
    expect((await call(gateway, wire, headers)).status).toBe(401);
  });

  describe("on the way to the service", () => {
    const canary = "canary-that-must-not-pass";
    const stopped: readonly HeaderLine[] = [
      ["authorization", `Bearer ${canary}`],
      ["x-api-key", canary],
      ["api-key", canary],
      ["x-goog-api-key", canary],
      ["proxy-authorization", `Basic ${canary}`],
      ["cookie", `session=${canary}`],
      ["forwarded", `for=${canary}`],
      ["x-forwarded-for", canary],
      ["x-forwarded-host", canary],
      ["x-forwarded-proto", canary],
      ["x-forwarded-port", canary],
      ["x-real-ip", canary],
      ["x-moongate-simulator", JSON.stringify({ fault: canary })],
      ["x-moongate-service", canary],
      ["x-moongate-anything", canary],
      ["keep-alive", `timeout=5, ${canary}`],
      ["te", canary],
      ["trailer", canary],
      ["proxy-connection", canary],
      ["connection", "keep-alive, x-listed"],
      ["x-listed", canary],
    ];
    const passed: readonly HeaderLine[] = [
      ["User-Agent", "Test/1.0"],
      ["X-Custom", "kept"],
      ["X-Custom", "twice"],
      ["anthropic-version", "2023-06-01"],
      ["anthropic-beta", "a,b"],
      ["OpenAI-Organization", "org"],
      ["x-stainless-lang", "js"],
    ];

    test("client credentials, cookies, hop-by-hop, forwarded and internal headers stop here; the others pass", async () => {
      const upstream = await healthyUpstream(wire);
      const { services, modelApis } = documentFor(upstream.url, wire, { enabled: false, grants: [] });
      const gateway = keep(await startGateway({ services, modelApis }));
      const answer = await call(gateway, wire, [...stopped, ...passed]);
      expect(answer.status).toBe(200);
      const request = await upstream.request(0);
      expect(request.connection.received().toString("latin1")).not.toContain(canary);
      const arrived = request.headers.map(([name, value]) => `${name.toLowerCase()}: ${value}`);
      for (const [name, value] of passed) expect(arrived).toContain(`${name.toLowerCase()}: ${value}`);
      expect(request.header("host")).toBe(`127.0.0.1:${upstream.port}`);
      expect(request.header("accept-encoding")).toBe("identity");
      expectOneKey(request, wire);
      const record = await gateway.record(answer.header("x-request-id"));
      expectNowhere([canary, providerKey], { record: JSON.stringify(record), answer: bytesOf(answer) });
    });

    test("headers of the service are added and win over the client's", async () => {
      const upstream = await healthyUpstream(wire);
      const { modelApis } = documentFor(upstream.url, wire, { enabled: false, grants: [] });
      const services = [
        serviceAt(upstream.url, wire.protocol, { headers: { "X-Team": "secret-team-value" } }),
      ];
      const gateway = keep(await startGateway({ services, modelApis }));
      const answer = await call(gateway, wire, [["x-team", canary]]);
      const request = await upstream.request(0);
      const teams = request.headers.filter(([name]) => name.toLowerCase() === "x-team");
      expect(teams).toEqual([["X-Team", "secret-team-value"]]);
      const record = await gateway.record(answer.header("x-request-id"));
      expectNowhere(["secret-team-value"], { record: JSON.stringify(record), answer: bytesOf(answer) });
    });
  });

  describe("on the way to the client", () => {
    const canary = "canary-of-the-service";

    test("cookies, hop-by-hop and credential headers and every echo of a key stop here; the others pass", async () => {
      const lines = [
        `Set-Cookie: session=${canary}`,
        `Set-Cookie2: session=${canary}`,
        `WWW-Authenticate: Bearer realm=${canary}`,
        `Authorization: Bearer ${canary}`,
        `Proxy-Authenticate: ${canary}`,
        `X-Api-Key: ${canary}`,
        "Connection: keep-alive, x-listed",
        `X-Listed: ${canary}`,
        `Keep-Alive: timeout=5, ${canary}`,
        `X-Moongate-Service: ${canary}`,
        `X-Debug: key was ${providerKey}`,
        `X-Plain-Echo: ${providerKey}`,
        "X-Request-Id: upstream-id",
        "OpenAI-Processing-Ms: 12",
        "X-RateLimit-Remaining: 5",
        "X-Twice: one",
        "X-Twice: two",
      ];
      const response = wholeAnswer(200, wire.answer, `${lines.join("\r\n")}\r\n`);
      const upstream = keep(
        await startRawUpstream({ onRequest: ({ connection }) => connection.socket.write(response) }),
      );
      const { services, modelApis } = documentFor(upstream.url, wire, { enabled: false, grants: [] });
      const gateway = keep(await startGateway({ services, modelApis }));
      const answer = await call(gateway, wire, []);
      expectNowhere([canary, providerKey], { answer: bytesOf(answer) });
      expect(answer.text()).toBe(wire.answer);
      expect(answer.header("openai-processing-ms")).toBe("12");
      expect(answer.header("x-ratelimit-remaining")).toBe("5");
      expect(
        answer.headers.filter(([name]) => name.toLowerCase() === "x-twice").map(([, value]) => value),
      ).toEqual(["one", "two"]);
      expect(answer.header("x-moongate-upstream-request-id")).toBe("upstream-id");
      expect(answer.header("x-request-id")).not.toBe("upstream-id");
      expect(answer.headers.filter(([name]) => name.toLowerCase() === "x-request-id")).toHaveLength(1);
      expect(answer.header("x-moongate-service")).toBe("up");
      expect(answer.header("x-moongate-model")).toBe(wire.model);
      expect(answer.header("x-moongate-attempts")).toBe("1");
    });

    test("with exposeHeaders off nothing tells which service answered", async () => {
      const upstream = await healthyUpstream(wire);
      const gateway = keep(
        await startGateway({
          services: [serviceAt(upstream.url, wire.protocol)],
          modelApis: [apiOf(wire.protocol, { monitoring: { exposeHeaders: false } })],
        }),
      );
      const answer = await call(gateway, wire, []);
      expect(answer.header("x-request-id")).toBeTruthy();
      const telling = ["x-moongate-service", "x-moongate-model", "x-moongate-attempts"];
      expect(telling.map((name) => answer.header(name))).toEqual([undefined, undefined, undefined]);
    });

    const leaks: readonly FaultName[] = ["unauthorized", "paymentRequired", "forbidden"];
    test.each(leaks)("a refusal of our key (%s) shows neither its body nor the key", async (name) => {
      const context = { wire, stream: false, seen: Promise.resolve() };
      const upstream = keep(
        await startRawUpstream({
          onRequest: (request) => faults[name].serve(request.connection, context, request),
        }),
      );
      const { services, modelApis } = documentFor(upstream.url, wire, { enabled: false, grants: [] });
      const gateway = keep(await startGateway({ services, modelApis }));
      const answer = await call(gateway, wire, []);
      expectOwnError(answer, { protocol: wire.protocol, status: 502, code: "upstream_credentials" });
      const record = await gateway.record(answer.header("x-request-id"));
      const secrets = [providerKey, credentialCanary];
      expectNowhere(secrets, { answer: bytesOf(answer), record: JSON.stringify(record) });
    });

    test("an error inside a 200 that quotes our key is told without it", async () => {
      const quoted = wire.errorIn200.replace(
        "the model burnt down",
        `Incorrect API key provided: ${providerKey}`,
      );
      const response = wholeAnswer(200, quoted);
      const upstream = keep(
        await startRawUpstream({ onRequest: ({ connection }) => connection.socket.write(response) }),
      );
      const { services, modelApis } = documentFor(upstream.url, wire, { enabled: false, grants: [] });
      const gateway = keep(await startGateway({ services, modelApis }));
      const answer = await call(gateway, wire, []);
      const record = await gateway.record(answer.header("x-request-id"));
      expectNowhere([providerKey], { answer: bytesOf(answer), record: JSON.stringify(record) });
    });
  });
});

/** The provider's key is there once, in the provider's own header, and nowhere else. */
function expectOneKey(request: UpstreamRequest, wire: ProtocolCase): void {
  const holders = request.headers.filter(([, value]) => value.includes(providerKey));
  const wanted =
    wire.protocol === "anthropic" ? ["x-api-key", providerKey] : ["authorization", `Bearer ${providerKey}`];
  expect(holders.map(([name, value]) => [name.toLowerCase(), value])).toEqual([wanted]);
}
