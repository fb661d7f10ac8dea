// A Model API tried out from the admin API: the request goes through the data plane of the running program, and what
// comes back is what a client would get.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makeDebugProof } from "../src/core/debug-proof.ts";
import { serviceAt } from "./support/configuration.ts";
import { adminToken, startProcess, type GatewayProcess } from "./support/gateway-process.ts";
import { RawClient } from "./support/raw-client.ts";
import { startRawUpstream, type RawUpstream, type UpstreamRequest } from "./support/raw-upstream.ts";

const key = "consumer-key-0123456789";
const chat = "/v1/chat/completions";
const question = { model: "m", messages: [{ role: "user", content: "Grüße" }] };
/** Beyond the limit of any test. How soon a call ends with its client is a figure of `npm run bench:leaving`. */
const farMs = 3_600_000;

const plain = JSON.stringify({ choices: [{ message: { content: "Hi ü" }, finish_reason: "stop" }] });
const events = [
  'data: {"choices":[{"index":0,"delta":{"content":"H"}}]}\n\n',
  ': a comment\n\ndata: {"choices":[{"index":0,"delta":{"content":"ü"},"finish_reason":"stop"}]}\n\n',
  "data: [DONE]\n\n",
];

let folder: string;
let upstream: RawUpstream;
let gateway: GatewayProcess;
let respond: (request: UpstreamRequest) => void;

function answerWith(status: string, body: string, headers = ""): (request: UpstreamRequest) => void {
  const length = Buffer.byteLength(body);
  return ({ connection: { socket } }) => {
    const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\n${headers}content-length: ${length}\r\n\r\n`;
    socket.write(head + body);
  };
}

function chunked(parts: readonly string[]): string {
  return parts.map((part) => `${Buffer.byteLength(part).toString(16)}\r\n${part}\r\n`).join("");
}

const streamHead = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "debug-"));
  upstream = await startRawUpstream({ onRequest: (request) => respond(request) });
  const api = (name: string, fields: object) => ({
    name,
    useCase: "text-generation",
    protocols: ["openai"],
    basePath: `/${name}`,
    stripBasePath: true,
    modelService: { mode: "single", target: { service: "up" } },
    ...fields,
  });
  const file = join(folder, "gateway.json");
  const configuration = {
    version: 1,
    domains: [{ name: "*.example.test" }],
    services: [
      // No timeout may be what ends a call: each is far beyond the limits of these tests.
      serviceAt(upstream.url, "openai", { timeouts: { idleMs: farMs, totalMs: farMs } }),
      { name: "speech", provider: "dashscope", apiKeys: [{ name: "main", value: "sk-0123456789" }] },
    ],
    consumers: [
      { name: "app", credentials: [{ type: "api-key", name: "main", value: key }] },
      { name: "guest" },
      { name: "gone", enabled: false },
    ],
    modelApis: [
      api("open", {}),
      api("guarded", { auth: { enabled: true, grants: [{ consumer: "app" }] } }),
      api("hosted", { domains: ["*.example.test"] }),
      api("off", { enabled: false }),
      api("files", {
        useCase: "others",
        routes: { custom: [{ name: "up", path: "/up", methods: ["POST"] }] },
      }),
      api("speech", {
        useCase: "speech-synthesis",
        protocols: ["dashscope"],
        modelService: { mode: "single", target: { service: "speech" } },
      }),
    ],
  };
  writeFileSync(file, JSON.stringify(configuration));
  gateway = await startProcess({ words: ["--config", file], env: { MOONGATE_UPSTREAM_NETWORKS: "private" } });
});

afterAll(async () => {
  await gateway.close();
  await upstream.close();
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  respond = answerWith("200 OK", plain);
});

function debug(api: string, request: object, signal?: AbortSignal): Promise<Response> {
  return fetch(`${gateway.consoleUrl}/api/v1/model-apis/${api}/debug`, {
    method: "POST",
    headers: { authorization: `Bearer ${adminToken}`, "content-type": "application/json" },
    body: JSON.stringify(request),
    ...(signal === undefined ? {} : { signal }),
  });
}

function call(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(gateway.gatewayUrl + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(question),
  });
}

async function recordOf(answer: Response): Promise<unknown> {
  const id = answer.headers.get("x-moongate-request-id") ?? "";
  for (;;) {
    const found = await gateway.admin("GET", `/logs/${id}`);
    if (found.status === 200) return found.json();
    await found.arrayBuffer();
  }
}

const lastRequest = (): UpstreamRequest | undefined => upstream.requests.at(-1);

describe("what comes back is what a client gets", () => {
  test.each([
    ["a plain answer", (): typeof respond => answerWith("200 OK", plain, "x-of-service: a\r\n")],
    ["a refusal of the service", (): typeof respond => answerWith("422 No", '{"error":{"message":"no"}}')],
    [
      "a stream",
      (): typeof respond =>
        ({ connection: { socket } }) =>
          void socket.write(`${streamHead + chunked(events)}0\r\n\r\n`),
    ],
  ])("%s, byte by byte, with its status and headers", async (_name, script) => {
    respond = script();
    const direct = await call(`/open${chat}`);
    const bytes = Buffer.from(await direct.arrayBuffer());
    const directly = lastRequest();
    const answer = await debug("open", { path: `/open${chat}`, body: question });
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);
    expect(answer.status).toBe(direct.status);
    const own = new Set(["x-request-id", "date", "connection", "keep-alive", "transfer-encoding"]);
    for (const [name, value] of direct.headers) {
      const given = answer.headers.get(`x-moongate-answer-${name}`) ?? answer.headers.get(name);
      if (!own.has(name)) expect([name, given]).toEqual([name, value]);
    }
    expect(lastRequest()?.body).toEqual(directly?.body);
    expect(await recordOf(answer)).toMatchObject({ api: "open", consumer: "", credential: "debug" });
  });

  test("headers that would act on the console, its browser or a proxy come under another name", async () => {
    const acting = {
      "cache-control": "max-age=60",
      "clear-site-data": '"*"',
      "content-security-policy": "default-src *",
      "content-security-policy-report-only": "default-src 'none'",
      link: "<https://a.test>; rel=preload",
      location: "https://a.test/",
      refresh: "0;url=https://a.test",
      "service-worker-allowed": "/",
      "x-accel-redirect": "/internal",
      "x-of-service": "a",
    };
    const lines = Object.entries({ ...acting, "set-cookie": "a=b", "x-ratelimit-limit": "7" });
    respond = answerWith("200 OK", plain, lines.map(([name, value]) => `${name}: ${value}\r\n`).join(""));
    const answer = await debug("open", {
      path: `/open${chat}`,
      body: question,
      headers: { origin: "https://a.test" },
    });
    await answer.arrayBuffer();
    const set = new Set(["cache-control", "content-security-policy"]);
    for (const [name, value] of Object.entries(acting)) {
      expect([name, answer.headers.get(`x-moongate-answer-${name}`)]).toEqual([name, value]);
      if (!set.has(name)) expect([name, answer.headers.get(name)]).toEqual([name, null]);
    }
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("content-security-policy")).toMatch(/^default-src 'none'/u);
    expect(answer.headers.get("set-cookie")).toBeNull();
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    expect(answer.headers.get("x-ratelimit-limit")).toBe("7");
  });

  test("each event as it comes", async () => {
    let socket: Socket | undefined;
    respond = ({ connection }) => {
      ({ socket } = connection);
      socket.write(streamHead + chunked(events.slice(0, 1)));
    };
    const answer = await debug("open", { path: `/open${chat}`, body: { ...question, stream: true } });
    const reader = answer.body?.getReader();
    const first = await reader?.read();
    expect(Buffer.from(first?.value ?? []).toString()).toBe(events[0]);
    socket?.write(`${chunked(events.slice(1))}0\r\n\r\n`);
    let rest = "";
    for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read())
      rest += Buffer.from(piece.value).toString();
    expect(rest).toBe(events.slice(1).join(""));
  });

  test("an answer that breaks off is not taken for a whole one", async () => {
    respond = ({ connection: { socket } }) => {
      socket.write(streamHead + chunked(events.slice(0, 1)));
      socket.end();
    };
    const answer = await debug("open", { path: `/open${chat}`, body: { ...question, stream: true } });
    const text = answer.text().then(
      (whole) => whole,
      () => "broken off",
    );
    const told = await text;
    expect(told === "broken off" || told.includes('"error"')).toBe(true);
    expect(told).not.toContain("[DONE]");
    expect(gateway.output()).not.toContain("Error");
  });

  test("HEAD has no body", async () => {
    const answer = await debug("open", { method: "HEAD", path: "/open/v1/models" });
    expect([answer.status, await answer.text()]).toEqual([200, ""]);
  });
});

describe("in whose name", () => {
  test("nobody's passes where a key is needed", async () => {
    expect((await call(`/guarded${chat}`)).status).toBe(401);
    const answer = await debug("guarded", { path: `/guarded${chat}`, body: question });
    await answer.arrayBuffer();
    expect(answer.status).toBe(200);
    expect(await recordOf(answer)).toMatchObject({ status: 200, consumer: "", credential: "debug" });
  });

  test("a consumer's is the consumer's", async () => {
    const answer = await debug("guarded", { path: `/guarded${chat}`, body: question, consumer: "app" });
    await answer.arrayBuffer();
    expect(await recordOf(answer)).toMatchObject({ status: 200, consumer: "app", credential: "debug" });
  });

  test("a consumer without a grant gets what it would get", async () => {
    const sent = upstream.requests.length;
    const answer = await debug("guarded", { path: `/guarded${chat}`, body: question, consumer: "guest" });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ error: { code: "consumer_not_allowed" } });
    expect(upstream.requests).toHaveLength(sent);
  });

  const claim = { api: "guarded", consumer: "", expiresAtMs: Date.now() + 3_600_000 };
  test.each([
    ["made with another secret", makeDebugProof("guess", claim)],
    ["made with an empty secret", makeDebugProof("", claim)],
    ["that is none", "admin"],
  ])("a proof %s counts for nothing, and goes no further", async (_name, proof) => {
    const forged = { "x-moongate-debug": proof };
    const refused = await call(`/guarded${chat}`, forged);
    expect([refused.status, await refused.text()]).toEqual([
      401,
      expect.stringContaining("invalid_credentials"),
    ]);
    const open = await call(`/open${chat}`, forged);
    await open.arrayBuffer();
    expect(open.status).toBe(200);
    expect(lastRequest()?.header("x-moongate-debug")).toBeUndefined();
  });

  test("the proof itself never reaches a service, and none can be given along", async () => {
    const headers = { "X-Moongate-Debug": "x", Host: "evil.test", "x-mine": "1" };
    const answer = await debug("guarded", { path: `/guarded${chat}`, headers, body: question });
    await answer.arrayBuffer();
    expect(answer.status).toBe(200);
    expect(lastRequest()?.header("x-moongate-debug")).toBeUndefined();
    expect(lastRequest()?.header("x-mine")).toBe("1");
    expect(JSON.stringify([...answer.headers])).not.toContain("x-moongate-debug");
  });
});

describe("what is sent", () => {
  test("the host of a domain that stands for many", async () => {
    const answer = await debug("hosted", { path: `/hosted${chat}`, body: question });
    await answer.arrayBuffer();
    expect(await recordOf(answer)).toMatchObject({ api: "hosted", domain: "debug.example.test" });
    const named = await debug("hosted", { path: `/hosted${chat}`, body: question, domain: "a.example.test" });
    await named.arrayBuffer();
    expect(await recordOf(named)).toMatchObject({ domain: "a.example.test" });
  });

  test("a form with a file, byte by byte", async () => {
    const bytes = Buffer.concat([
      Buffer.from('--b\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n'),
      Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256)),
      Buffer.from("\r\n--b--\r\n"),
    ]);
    const contentType = "multipart/form-data; boundary=b";
    const body = { base64: bytes.toString("base64"), contentType };
    const answer = await debug("files", { path: "/files/up", body });
    await answer.arrayBuffer();
    expect(answer.status).toBe(200);
    expect(lastRequest()?.header("content-type")).toBe(contentType);
    expect(lastRequest()?.body.equals(bytes)).toBe(true);
  });

  test("a text as it is", async () => {
    const text = '{ "model" : "m",\n "messages":[], "n": 1.0 }';
    await (await debug("open", { path: `/open${chat}`, body: text })).arrayBuffer();
    expect(lastRequest()?.body.toString()).toBe(text);
  });
});

test.each<[string, string, object, readonly [number, string]]>([
  ["a Model API that is off", "off", { path: `/off${chat}` }, [409, "disabled"]],
  ["a Model API that does not exist", "nothing", { path: "/" }, [404, "nothing"]],
  ["a path of another Model API", "open", { path: `/guarded${chat}` }, [400, '\\"guarded\\" takes this']],
  ["a WebSocket", "speech", { method: "GET", path: "/speech/api-ws/v1/inference" }, [400, "WebSocket"]],
  ["an unknown consumer", "guarded", { path: `/guarded${chat}`, consumer: "x" }, [400, "no consumer"]],
  ["a disabled consumer", "guarded", { path: `/guarded${chat}`, consumer: "gone" }, [400, "is disabled"]],
  ["a consumer where nobody is one", "open", { path: `/open${chat}`, consumer: "app" }, [400, "is off"]],
  ["a path with a space", "open", { path: "/a b" }, [400, "percent-encode"]],
  ["a header of two lines", "open", { path: "/", headers: { a: "b\r\nc: d" } }, [400, "one line"]],
  [
    "bytes that are no base64",
    "open",
    { path: "/", body: { base64: "*", contentType: "a/b" } },
    [400, "base64"],
  ],
  ["an unknown field", "open", { path: "/", host: "a" }, [400, "host"]],
  ["an unknown route, by the data plane itself", "open", { path: "/open/x" }, [404, "route_not_found"]],
])("%s is refused", async (_name, api, request, [status, text]) => {
  const sent = upstream.requests.length;
  const answer = await debug(api, { body: question, ...request });
  expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(text)]);
  expect(upstream.requests).toHaveLength(sent);
});

test("whoever may only read may not send", async () => {
  const made = await gateway.admin("POST", "/tokens", { name: "reader", role: "viewer" });
  const { token } = (await made.json()) as { token: string };
  const answer = await fetch(`${gateway.consoleUrl}/api/v1/model-apis/open/debug`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ path: `/open${chat}`, body: question }),
  });
  expect(answer.status).toBe(403);
});

describe("whoever leaves takes the call to the service along", () => {
  test.each([
    ["before the answer", "", false],
    ["in the middle of a stream", streamHead + chunked(events.slice(0, 1)), true],
  ])("%s", async (_name, sent, reads) => {
    respond = ({ connection: { socket } }) => void socket.write(sent);
    const before = upstream.requests.length;
    const leaving = new AbortController();
    const body = { ...question, stream: true };
    const answering = debug("open", { path: `/open${chat}`, body }, leaving.signal);
    answering.catch(() => undefined);
    const { connection } = await upstream.request(before);
    if (reads) await (await answering).body?.getReader().read();
    expect(connection.leftAtMs).toBeUndefined();
    leaving.abort();
    await connection.leaving();
  });
});

test("a client that does not read holds the service up, and no memory fills", async () => {
  const piece = chunked([`data: {"choices":[{"index":0,"delta":{"content":"${"x".repeat(16_000)}"}}]}\n\n`]);
  const most = 64 * 1024 * 1024;
  respond = ({ connection: { socket } }) => {
    socket.write(streamHead + piece.repeat(most / piece.length));
  };
  const before = upstream.requests.length;
  const client = await RawClient.connect(Number(new URL(gateway.consoleUrl).port));
  const body = Buffer.from(JSON.stringify({ path: `/open${chat}`, body: { ...question, stream: true } }));
  client.pause();
  client.send(
    `POST /api/v1/model-apis/open/debug HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${adminToken}\r\ncontent-length: ${body.length}\r\n\r\n`,
  );
  client.sendMore(body);
  const { connection } = await upstream.request(before);
  await blocked(connection.socket);
  expect(connection.leftAtMs).toBeUndefined();
  expect(connection.socket.writableLength).toBeGreaterThan(most / 2);
  client.destroy();
  await connection.leaving();
});

/** Waits until a socket has bytes to send and has sent none for many turns of the event loop. */
async function blocked(socket: Socket): Promise<void> {
  let before = -1;
  for (let quiet = 0; quiet < 20_000; quiet += 1) {
    const sent = socket.bytesWritten - socket.writableLength;
    if (sent !== before || socket.writableLength === 0) quiet = 0;
    before = sent;
    await nextTurn();
  }
}
