// The admin server over real sockets: what only a socket can show.
import { request } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openApi, ownerToken } from "./admin-api-fixture.ts";
import type { ApiFixture } from "./admin-api-fixture.ts";
import { startAdminServer } from "./server.ts";
import type { AdminServer } from "./server.ts";

let fixture: ApiFixture;
let server: AdminServer;
beforeEach(async () => {
  fixture = await openApi();
  server = await startAdminServer({ host: "127.0.0.1", port: 0, app: fixture.api });
});
afterEach(async () => {
  await server.close();
  await fixture.close();
});

const url = (path: string) => `http://127.0.0.1:${server.port}${path}`;
const authorization = `Bearer ${ownerToken}`;

/** Sends bytes as they are and returns all that comes back until the server closes. */
async function raw(bytes: string): Promise<string> {
  const socket = connect(server.port, "127.0.0.1");
  socket.write(bytes);
  return text(socket);
}

test("serves the API", async () => {
  const created = await fetch(url("/api/v1/services"), {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify({ name: "sim", provider: "simulator" }),
  });
  expect(created.status).toBe(201);
  const answer = await fetch(url("/api/v1/services/sim"), { headers: { authorization } });
  expect(await answer.json()).toMatchObject({ name: "sim", revision: 1 });
});

test("answers HEAD without a body", async () => {
  const answer = await fetch(url("/healthz"), { method: "HEAD" });
  expect([answer.status, await answer.text()]).toEqual([200, ""]);
});

test("refuses a body that is declared too large without reading it", async () => {
  const status = await new Promise((resolve, reject) => {
    const sent = request(url("/api/v1/services"), {
      method: "POST",
      headers: { authorization, "content-length": 100 * 1024 * 1024 },
    });
    sent.on("response", (response) => resolve(response.statusCode));
    sent.on("error", reject);
    sent.write("{");
  });
  expect(status).toBe(413);
});

test("refuses a chunked body as soon as it is too large", async () => {
  const status = await new Promise((resolve, reject) => {
    const sent = request(url("/api/v1/services"), { method: "POST", headers: { authorization } });
    sent.on("response", (response) => {
      resolve(response.statusCode);
      sent.destroy();
    });
    sent.on("error", reject);
    // Never ended: only a server that counts while it reads can answer.
    for (let count = 0; count < 3; count += 1) sent.write("x".repeat(512 * 1024));
  });
  expect(status).toBe(413);
});

test.each([
  [
    "a Host that is no host name",
    "GET /api/v1/services HTTP/1.1\r\nHost: a/../b?x#y\r\nConnection: close\r\n\r\n",
    "400",
  ],
  ["no Host", "GET /api/v1/services HTTP/1.1\r\nConnection: close\r\n\r\n", "400"],
  [
    "a double slash",
    `GET //api/v1/services HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nConnection: close\r\n\r\n`,
    "404",
  ],
  [
    "dot segments without a token",
    "GET /healthz/../api/v1/services HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "401",
  ],
  [
    "an encoded slash without a token",
    "GET /healthz%2f..%2fapi/v1/services HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "404",
  ],
  [
    "another host in the target",
    "GET http://evil.example/api/v1/services HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "401",
  ],
  ["TRACE", "TRACE /api/v1/services HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "405"],
])("%s cannot get past the checks", async (_name, bytes, status) => {
  expect((await raw(bytes)).split(" ")[1]).toBe(status);
});

test("what is no request at all is refused as JSON too", async () => {
  const answer = await raw("GET / HTTP/1.1\r\nHost: a/../b\r\nConnection: close\r\n\r\n");
  expect(answer).toContain('{"error":{"code":"invalid"');
  expect(answer).toContain("cache-control: no-store");
});

test("a port that is taken is an error with its code", async () => {
  const again = startAdminServer({ host: "127.0.0.1", port: server.port, app: fixture.api });
  await expect(again).rejects.toMatchObject({ code: "EADDRINUSE" });
});

test("closes although a connection is kept alive", async () => {
  const socket = connect(server.port, "127.0.0.1");
  socket.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  await new Promise((resolve) => socket.once("data", resolve));
  const closed = new Promise((resolve) => socket.once("close", resolve));
  await server.close();
  await closed;
});
