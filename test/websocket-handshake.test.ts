// Handshakes for WebSockets over real sockets: what is refused and how, what goes upstream, what comes back.
import { hash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { WebSocket } from "ws";
import { describe, expect, test } from "vitest";
import { createKeeper } from "./support/keeper.ts";
import { named } from "./support/named.ts";
import { exchange, RawClient } from "./support/raw-client.ts";
import { acceptedSocket } from "./support/socket-client.ts";
import { handshake, handshakeHeaders } from "./support/socket-frames.ts";
import { socketKey } from "./support/socket-gateway.ts";
import { createSocketScene } from "./support/socket-scene.ts";
import { speechPath } from "./support/speech-frames.ts";

const { serviceOf, gatewayOf, speech, keepRaw } = createSocketScene(createKeeper());

describe("the handshake", () => {
  test("gets the request id, and carries the service's key but none of the client's secrets", async () => {
    const service = await serviceOf({ protocol: "second" });
    const gateway = await gatewayOf({ kind: "comfyui", services: [{ name: "up", url: service.url }] });
    const headers = {
      authorization: "Bearer client-secret",
      cookie: "a=client-secret",
      "x-api-key": "client-secret",
      "x-moongate-anything": "1",
      "x-forwarded-for": "192.0.2.9",
      "x-own": "kept",
    };
    const client = await acceptedSocket(gateway.port, "/ws?clientId=mine&x=%7e", {
      headers,
      protocols: ["openai-insecure-api-key.client-secret", "first", "second"],
      perMessageDeflate: true,
    });
    const { headers: sent } = await service.request(0);
    expect(client.socket.protocol).toBe("second");
    expect(client.socket.extensions).toBe("");
    expect(sent).toMatchObject({
      authorization: `Bearer ${socketKey}`,
      "x-own": "kept",
      host: new URL(service.url).host,
      "sec-websocket-protocol": "first,second",
    });
    expect(JSON.stringify(sent)).not.toContain("client-secret");
    expect(
      Object.keys(sent).filter((name) => /^(x-moongate|x-forwarded|origin|sec-websocket-ext)/.test(name)),
    ).toEqual([]);
  });

  test("passes path and query byte by byte", async () => {
    const service = await serviceOf();
    const gateway = await gatewayOf({ kind: "comfyui", services: [{ name: "up", url: service.url }] });
    const client = keepRaw(await RawClient.connect(gateway.port));
    client.send(handshake("/ws?clientId=a'b\"|x=%7e&&="));
    await client.interim(101);
    expect((await service.request(0)).url).toBe("/ws?clientId=a'b\"|x=%7e&&=");
    client.destroy();
    const record = await gateway.record(0);
    expect(record).toMatchObject({
      status: 499,
      outcome: "client_closed",
      upstreamStatus: 101,
      service: "up",
    });
  });

  test("shows on its 101 what any answer shows", async () => {
    const service = await serviceOf();
    const gateway = await gatewayOf({ kind: "comfyui", services: [{ name: "up", url: service.url }] });
    const shown = new Promise<IncomingHttpHeaders>((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/ws`);
      socket.on("upgrade", ({ headers }) => resolve(headers));
      socket.on("open", () => socket.close(1000));
    });
    const headers = await shown;
    const record = await gateway.record(0);
    expect(headers).toMatchObject({
      "x-request-id": record.requestId,
      "x-moongate-service": "up",
      "x-moongate-attempts": "1",
    });
  });

  const consumer = {
    name: "anna",
    apiKeys: [{ name: "main", sha256: hash("sha256", "key-of-anna-0123456789", "hex"), expiresAtMs: null }],
  };
  const stranger = {
    name: "emil",
    apiKeys: [{ name: "main", sha256: hash("sha256", "key-of-emil-0123456789", "hex"), expiresAtMs: null }],
  };
  const auth = {
    apiKeySources: [{ in: "bearer" }],
    grants: [{ consumer: "anna", expiresAtMs: null }],
  } as const;
  const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });
  const refusals = [
    { name: "without a key is 401", path: speechPath, headers: {}, status: 401, code: "invalid_credentials" },
    {
      name: "with a key that is not known is 401",
      path: speechPath,
      headers: bearer("nobody"),
      status: 401,
      code: "invalid_credentials",
    },
    {
      name: "of a consumer without a grant is 403",
      path: speechPath,
      headers: bearer("key-of-emil-0123456789"),
      status: 403,
      code: "consumer_not_allowed",
    },
    {
      name: "for a path that has no route is 404",
      path: "/api-ws/v1/other",
      headers: bearer("key-of-anna-0123456789"),
      status: 404,
      code: "route_not_found",
    },
    {
      name: "from a page of another origin is 403",
      path: speechPath,
      headers: { ...bearer("key-of-anna-0123456789"), origin: "https://evil.test" },
      status: 403,
      code: "consumer_not_allowed",
    },
    {
      name: "in an older version is 426",
      path: speechPath,
      headers: { ...bearer("key-of-anna-0123456789"), "sec-websocket-version": "8" },
      status: 426,
      code: "upgrade_required",
    },
    {
      name: "with a short key of its own is 400",
      path: speechPath,
      headers: { ...bearer("key-of-anna-0123456789"), "sec-websocket-key": "short" },
      status: 400,
      code: "invalid_request",
    },
    {
      name: "that offers a subprotocol twice is 400",
      path: speechPath,
      headers: { ...bearer("key-of-anna-0123456789"), "sec-websocket-protocol": "a, a" },
      status: 400,
      code: "invalid_request",
    },
  ];
  test.each(named(refusals))(
    "%s, in the protocol's shape",
    async (_name, { path, headers, status, code }) => {
      const service = await serviceOf();
      const gateway = await gatewayOf({
        kind: "speech",
        services: [{ name: "up", url: service.url }],
        api: { auth },
        consumers: new Map([
          ["anna", consumer],
          ["emil", stranger],
        ]),
      });
      const answer = await exchange(gateway.port, {
        path,
        headers: Object.entries(handshakeHeaders(headers)),
      });
      expect(answer.status).toBe(status);
      expect(answer.json()).toMatchObject({ code, request_id: answer.header("x-request-id") });
      expect(await gateway.record(0)).toMatchObject({ status, errorCode: code });
      expect(service.requests).toEqual([]);
    },
  );

  const allowed = [
    { name: "the origin is one of cors.origins", origin: "https://app.test", origins: ["https://app.test"] },
    { name: "cors.origins holds *", origin: "https://any.test", origins: ["*"] },
    { name: "the page is of the host that it calls", origin: "", origins: [] },
  ];
  test.each(named(allowed))("is accepted where %s", async (_name, { origin, origins }) => {
    const { gateway } = await speech({}, { corsOrigins: origins });
    const own = `http://127.0.0.1:${gateway.port}`;
    const client = await acceptedSocket(gateway.port, speechPath, { origin: origin === "" ? own : origin });
    client.socket.close();
    await client.ended();
  });

  const plain = [
    { name: "no upgrade at all", headers: {} },
    { name: "an upgrade to something else", headers: { connection: "upgrade", upgrade: "h2c" } },
    { name: "a body", headers: handshakeHeaders({}), body: "{}" },
  ];
  test.each(named(plain))(
    "with %s is 426 and leaves the connection open",
    async (_name, { headers, body }) => {
      const { gateway } = await speech();
      const client = keepRaw(await RawClient.connect(gateway.port));
      const answer = await client.request({
        method: "GET",
        path: speechPath,
        headers: Object.entries(headers),
        body,
      });
      expect(answer.status).toBe(426);
      expect(answer.json()).toMatchObject({ code: "upgrade_required" });
      expect([answer.header("upgrade"), answer.header("sec-websocket-version")]).toEqual(["websocket", "13"]);
      const health = await client.request({ path: "/moongate/healthz" });
      expect(health.status).toBe(200);
    },
  );

  test("for a route without sockets is answered as if it had not asked, and what follows it is no request", async () => {
    const { gateway } = await speech();
    const client = keepRaw(await RawClient.connect(gateway.port));
    const bytes = handshake("/moongate/healthz").toString();
    client.send(`${bytes}GET /moongate/healthz HTTP/1.1\r\nhost: a\r\n\r\n`);
    const answer = await client.answer();
    expect(answer.status).toBe(200);
    expect(answer.header("connection")).toBe("close");
    await client.closed();
    await expect(client.answer()).rejects.toThrow("closed without an answer");
  });
});
