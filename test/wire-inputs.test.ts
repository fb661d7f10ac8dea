// Requests that two parsers could read differently, or that no client should send: each has one known answer, and none
// of the bad ones ever reaches a service.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { ErrorCode } from "../src/core/errors.ts";
import { apiOf, serviceAt } from "./support/configuration.ts";
import { expectOwnError } from "./support/error-shapes.ts";
import { faults, startFaultUpstream } from "./support/fault-upstream.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { protocolCases } from "./support/protocol-cases.ts";
import { RawClient, type Answer } from "./support/raw-client.ts";
import type { RawUpstream } from "./support/raw-upstream.ts";

const [wire] = protocolCases;
if (wire === undefined) throw new Error("no protocol case");
const { path } = wire;
const body = wire.request(false);

let upstream: RawUpstream;
let gateway: Gateway;
const clients: RawClient[] = [];

beforeAll(async () => {
  upstream = await startFaultUpstream(faults.healthy, { wire, stream: false, seen: Promise.resolve() });
  const toUp = { modelService: { mode: "single", target: { service: "up" } } };
  gateway = await startGateway({
    services: [serviceAt(upstream.url, "openai")],
    modelApis: [
      apiOf("openai", toUp),
      apiOf("openai", { name: "based", basePath: "/based", stripBasePath: true, ...toUp }),
      apiOf("openai", { name: "hosted", domains: ["api.example.com"], basePath: "/", ...toUp }),
      apiOf("openai", { name: "wild", domains: ["*.wild.example"], basePath: "/", ...toUp }),
      apiOf("openai", {
        name: "closed",
        basePath: "/closed",
        stripBasePath: true,
        auth: { enabled: true, grants: [] },
        cors: { enabled: true, origins: ["https://app.example"] },
        ...toUp,
      }),
    ],
  });
});

afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
});

afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

async function connect(): Promise<RawClient> {
  const client = await RawClient.connect(gateway.port);
  clients.push(client);
  return client;
}

/** Sends raw bytes and reads the first answer. */
async function ask(bytes: string, method?: string): Promise<Answer> {
  const client = await connect();
  client.send(bytes, method);
  return client.answer();
}

/** A request with a body; `head` are its lines after the request line, without content-length. */
function post(target: string, head: readonly string[] = ["host: any.example"], version = "1.1"): string {
  const lines = [`POST ${target} HTTP/${version}`, ...head, "content-type: application/json"];
  return `${lines.join("\r\n")}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

const host = "host: any.example";

describe("refused before any routing", () => {
  const rows: readonly (readonly [name: string, bytes: string, status: number, code: ErrorCode])[] = [
    ["two Host headers", post(path, [host, "host: other.example"]), 400, "invalid_request"],
    ["two equal Host headers", post(path, [host, host]), 400, "invalid_request"],
    ["a Host with a path", post(path, ["host: a/../b?x#y"]), 400, "invalid_request"],
    ["a Host with credentials", post(path, ["host: user@any.example"]), 400, "invalid_request"],
    ["a Host with a space", post(path, ["host: any example"]), 400, "invalid_request"],
    ["a Host with a port that is no number", post(path, ["host: any.example:http"]), 400, "invalid_request"],
    ["a Host with an empty label", post(path, ["host: any..example"]), 400, "invalid_request"],
    [
      "a Host of more than 253 characters",
      post(path, [`host: ${"a.".repeat(130)}example`]),
      400,
      "invalid_request",
    ],
    ["no Host", post(path, []), 400, "invalid_request"],
    ["an empty Host", post(path, ["host:"]), 400, "invalid_request"],
    ["a dot segment", post(`/based/..${path}`), 400, "invalid_request"],
    ["a single dot segment", post(`/.${path}`), 400, "invalid_request"],
    ["a dot segment at the end", post(`${path}/..`), 400, "invalid_request"],
    ["an encoded dot segment", post(`/based/%2e%2e${path}`), 400, "invalid_request"],
    ["a half-encoded dot segment", post(`/based/.%2E${path}`), 400, "invalid_request"],
    ["an encoded slash", post("/v1%2fchat/completions"), 400, "invalid_request"],
    ["an encoded slash, upper case", post("/v1/chat%2Fcompletions"), 400, "invalid_request"],
    ["a back-slash", post("/v1\\chat\\completions"), 400, "invalid_request"],
    ["an encoded back-slash", post("/v1%5cchat/completions"), 400, "invalid_request"],
    ["an encoded NUL", post(`${path}%00`), 400, "invalid_request"],
    ["a NUL", post(`${path}\0`), 400, "invalid_request"],
    ["a fragment", post(`${path}#top`), 400, "invalid_request"],
    ["a target that is no path", post("v1/chat/completions"), 400, "invalid_request"],
    ["an absolute form with another scheme", post(`ftp://any.example${path}`), 400, "invalid_request"],
    ["an absolute form with a bad host", post(`http://a%2fb${path}`), 400, "invalid_request"],
    ["content-length with transfer-encoding", chunked(["content-length: 5"]), 400, "invalid_request"],
    ["transfer-encoding, then content-length", chunked([], ["content-length: 5"]), 400, "invalid_request"],
    ["two content-lengths", post(path, [host, "content-length: 5"]), 400, "invalid_request"],
    [
      "two equal content-lengths",
      post(path, [host, `content-length: ${body.length}`]),
      400,
      "invalid_request",
    ],
    ["a content-length with a sign", raw("content-length: +5"), 400, "invalid_request"],
    ["an unknown transfer-encoding", raw("transfer-encoding: xchunked"), 400, "invalid_request"],
    ["chunked before another coding", raw("transfer-encoding: chunked, identity"), 400, "invalid_request"],
    ["HTTP/1.0 with transfer-encoding", chunked([], [], "1.0"), 400, "invalid_request"],
    ["a space before the colon", raw("x-odd : 1"), 400, "invalid_request"],
    ["a folded header", raw("x-odd: 1\r\n 2"), 400, "invalid_request"],
    ["a bare LF", `POST ${path} HTTP/1.1\nhost: any.example\n\n`, 400, "invalid_request"],
    ["a header with a NUL", raw("x-odd: a\0b"), 400, "invalid_request"],
    ["raw bytes over 127 in the path", post("/v1/ch\xe4t"), 400, "invalid_request"],
    ["a head over 32 KiB", raw(`x-long: ${"a".repeat(33_000)}`), 431, "head_too_large"],
    ["a target over 32 KiB", post(`${path}?${"a".repeat(33_000)}`), 431, "head_too_large"],
    [
      "2,500 headers",
      raw(Array.from({ length: 2500 }, (_, index) => `x-${index}: 1`).join("\r\n")),
      431,
      "head_too_large",
    ],
    ["TRACE", `TRACE ${path} HTTP/1.1\r\n${host}\r\n\r\n`, 405, "method_not_allowed"],
    [
      "CONNECT",
      "CONNECT any.example:443 HTTP/1.1\r\nhost: any.example:443\r\n\r\n",
      405,
      "method_not_allowed",
    ],
  ];

  test.each(rows)("%s", async (_name, bytes, status, code) => {
    const before = upstream.requests.length;
    const answer = await ask(bytes, bytes.slice(0, bytes.indexOf(" ")));
    expectOwnError(answer, { protocol: "openai", status, code });
    expect(upstream.requests).toHaveLength(before);
  });
});

function raw(line: string): string {
  return `POST ${path} HTTP/1.1\r\n${host}\r\n${line}\r\n\r\n`;
}

function chunked(before: readonly string[], after: readonly string[] = [], version = "1.1"): string {
  const lines = [`POST ${path} HTTP/${version}`, host, ...before, "transfer-encoding: chunked", ...after];
  return `${lines.join("\r\n")}\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
}

describe("every refusal is recorded, also of what never became a request", () => {
  test.each([
    ["two Host headers", post(path, [host, host]), 400],
    ["a content-length with a sign", raw("content-length: +5"), 400],
    ["a head over 32 KiB", raw(`x-long: ${"a".repeat(33_000)}`), 431],
    ["TRACE", `TRACE ${path} HTTP/1.1\r\n${host}\r\n\r\n`, 405],
  ])("%s", async (_name, bytes, status) => {
    const answer = await ask(bytes, bytes.slice(0, bytes.indexOf(" ")));
    const record = await gateway.record(answer.header("x-request-id"));
    expect(record).toMatchObject({ status, outcome: "client_error", attempts: [] });
  });
});

describe("framing that is broken after the head", () => {
  test.each([
    ["a chunk size that is no number", `${chunked([]).split("\r\n\r\n")[0] ?? ""}\r\n\r\nxyz\r\n`],
    [
      "a chunk that overruns its size",
      `${chunked([]).split("\r\n\r\n")[0] ?? ""}\r\n\r\n2\r\nabcd\r\n0\r\n\r\n`,
    ],
    ["chunks that end in a bare LF", `${chunked([]).split("\r\n\r\n")[0] ?? ""}\r\n\r\n2\n{}\n0\n\n`],
  ])("%s closes the connection and reaches no service", async (_name, bytes) => {
    const before = upstream.requests.length;
    const client = await connect();
    client.send(bytes);
    const answer = await client.answer().catch(() => undefined);
    if (answer !== undefined) expect(answer.status).toBe(400);
    await client.closed();
    expect(upstream.requests).toHaveLength(before);
  });
});

describe("not a route", () => {
  test.each([
    ["a double slash at the front", `/${path}`],
    ["a double slash inside", path.replace("/chat", "//chat")],
    ["another case", path.toUpperCase()],
    ["a base path that only begins alike", `/basedx${path}`],
    ["a parameter in the path", `${path};x`],
    ["an encoded letter", path.replace("chat", "%63hat")],
    ["a trailing double slash", `${path}//`],
  ])("%s is 404 in the shape of the API", async (_name, target) => {
    const before = upstream.requests.length;
    expectOwnError(await ask(post(target)), { protocol: "openai", status: 404, code: "route_not_found" });
    expect(upstream.requests).toHaveLength(before);
  });

  test.each(["GET", "PUT", "DELETE", "PATCH", "HEAD"])("%s on a POST route is 404", async (method) => {
    const answer = await ask(`${method} ${path} HTTP/1.1\r\n${host}\r\n\r\n`, method);
    expect(answer.status).toBe(404);
    if (method !== "HEAD")
      expectOwnError(answer, { protocol: "openai", status: 404, code: "route_not_found" });
    else expect(answer.body).toHaveLength(0);
  });
});

describe("accepted", () => {
  const absolute = `http://api.example.com${path}`;
  const rows: readonly (readonly [name: string, bytes: string, api: string, upstreamPath: string])[] = [
    ["an ordinary request", post(path), "chat", path],
    ["a trailing slash, forwarded as sent", post(`${path}/`), "chat", `${path}/`],
    ["a query, forwarded as sent", post(`${path}?a=%2F..&b`), "chat", `${path}?a=%2F..&b`],
    ["a base path, stripped", post(`/based${path}`), "based", path],
    [
      "a Host in capitals with port and trailing dot",
      post(path, ["host: API.Example.COM.:8080"]),
      "hosted",
      path,
    ],
    ["a host below a wildcard", post(path, ["host: a.b.wild.example"]), "wild", path],
    ["the wildcard's own domain falls to any host", post(path, ["host: wild.example"]), "chat", path],
    ["an IPv4 address as Host", post(path, ["host: 127.0.0.1:8080"]), "chat", path],
    ["an IPv6 address as Host", post(path, ["host: [::1]:8080"]), "chat", path],
    ["an absolute form: its host, not the header's", post(absolute), "hosted", path],
    ["HTTP/1.0 without Host", post(path, [], "1.0"), "chat", path],
    ["a chunked body", chunked([]), "chat", path],
    ["a header named __proto__", post(path, [host, "__proto__: x"]), "chat", path],
    ["a dot inside a segment", post(`${path}?x=/../`), "chat", `${path}?x=/../`],
  ];

  test.each(rows)("%s", async (_name, bytes, api, upstreamPath) => {
    const answer = await ask(bytes);
    expect({ status: answer.status, body: answer.text() }).toEqual({ status: 200, body: wire.answer });
    expect((await gateway.record(answer.header("x-request-id"))).api).toBe(api);
    const seen = upstream.requests.at(-1);
    expect(seen?.path).toBe(upstreamPath);
    expect(seen?.header("host")).toBe(`127.0.0.1:${upstream.port}`);
    expect(seen?.body.toString()).toBe(body);
  });
});

describe("Expect", () => {
  const head = (expectation: string, base = ""): string =>
    `POST ${base}${path} HTTP/1.1\r\n${host}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nexpect: ${expectation}\r\n\r\n`;

  test("100-continue: the body is asked for, then answered", async () => {
    const client = await connect();
    client.send(head("100-continue"));
    await client.interim(100);
    client.sendMore(body);
    const answer = await client.answer();
    expect(answer).toMatchObject({ status: 200, informational: [100] });
    expect(upstream.requests.at(-1)?.header("expect")).toBeUndefined();
  });

  test("100-continue is only answered after authentication", async () => {
    const client = await connect();
    client.send(head("100-continue", "/closed"));
    const answer = await client.answer();
    expectOwnError(answer, { protocol: "openai", status: 401, code: "invalid_credentials" });
    expect(answer.informational).toEqual([]);
  });

  test("another expectation is refused", async () => {
    const answer = await ask(head("200-ok") + body);
    expectOwnError(answer, { protocol: "openai", status: 417, code: "invalid_request" });
  });
});

describe("several requests on one connection", () => {
  test("pipelined requests are answered in order", async () => {
    const client = await connect();
    client.send(post(`${path}?n=1`) + post("/nowhere") + post(`${path}?n=3`));
    client.send("");
    client.send("");
    const first = await client.answer();
    const second = await client.answer();
    const third = await client.answer();
    expect([first.status, second.status, third.status]).toEqual([200, 404, 200]);
  });

  test("a refused body does not take the connection's later requests down with a wrong answer", async () => {
    const client = await connect();
    client.send(`POST ${path} HTTP/1.1\r\n${host}\r\ncontent-length: 3\r\n\r\n[1]${post(path)}`);
    client.send("");
    expectOwnError(await client.answer(), { protocol: "openai", status: 400, code: "invalid_request" });
    expect((await client.answer()).status).toBe(200);
  });

  test("bytes after an upgrade that no route wants are not a tunnel", async () => {
    const client = await connect();
    client.send(
      `GET ${path} HTTP/1.1\r\n${host}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n${post(path)}`,
      "GET",
    );
    const answer = await client.answer();
    expect(answer.status).toBe(404);
  });

  test("a body on a GET is read as one and never as the next request", async () => {
    const before = upstream.requests.length;
    const smuggled = post(path);
    const client = await connect();
    client.send(
      `GET /nowhere HTTP/1.1\r\n${host}\r\ncontent-length: ${smuggled.length}\r\n\r\n${smuggled}`,
      "GET",
    );
    expect((await client.answer()).status).toBe(404);
    const next = await Promise.race([client.closed(), client.request({ path: "/nowhere", body })]);
    expect(typeof next === "number" || next.status === 404).toBe(true);
    expect(upstream.requests).toHaveLength(before);
  });
});

describe("HEAD and OPTIONS", () => {
  test("OPTIONS is answered by the gateway, without authentication", async () => {
    const before = upstream.requests.length;
    const preflight = [
      `OPTIONS /closed${path} HTTP/1.1`,
      host,
      "origin: https://app.example",
      "access-control-request-method: POST",
      "access-control-request-headers: authorization, content-type",
    ];
    const answer = await ask(`${preflight.join("\r\n")}\r\n\r\n`, "OPTIONS");
    expect([200, 204]).toContain(answer.status);
    expect(answer.header("access-control-allow-origin")).toBe("https://app.example");
    expect(answer.header("access-control-allow-methods")).toContain("POST");
    expect(answer.header("access-control-allow-headers")?.toLowerCase()).toContain("authorization");
    expect(upstream.requests).toHaveLength(before);
  });

  test("OPTIONS from another origin allows nothing", async () => {
    const lines = [
      `OPTIONS /closed${path} HTTP/1.1`,
      host,
      "origin: https://evil.example",
      "access-control-request-method: POST",
    ];
    const answer = await ask(`${lines.join("\r\n")}\r\n\r\n`, "OPTIONS");
    expect(answer.header("access-control-allow-origin")).toBeUndefined();
  });

  test.each(["GET", "HEAD"])("%s /moongate/healthz says that the data plane is alive", async (method) => {
    const answer = await ask(`${method} /moongate/healthz HTTP/1.1\r\n${host}\r\n\r\n`, method);
    expect(answer.status).toBe(200);
    if (method === "HEAD") expect(answer.body).toHaveLength(0);
  });
});

test("a head that dribbles in within its time is served", async () => {
  const client = await connect();
  const bytes = post(path);
  const cut = bytes.indexOf("content-type");
  client.send(bytes.slice(0, cut));
  // An exchange on another connection lies between the two halves.
  expect((await ask(post(path))).status).toBe(200);
  client.sendMore(bytes.slice(cut));
  expect((await client.answer()).status).toBe(200);
});
