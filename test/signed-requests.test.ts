// Signed requests over sockets: what is let in, what is refused, and that no body goes on that was not signed.
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiOf, serviceAt } from "./support/configuration.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import type { HeaderLine } from "./support/http-message.ts";
import { exchange, type Answer } from "./support/raw-client.ts";
import { startRawUpstream, type RawUpstream } from "./support/raw-upstream.ts";
import { signedHeaders, type ToSign } from "./support/signed-request.ts";

const accessKey = "AK1";
const secretKey = "secret-canary-of-app-0123456789";
const oldSecret = "older-secret-canary-0123456789";
const path = "/v1/chat/completions";
const body = '{"model":"m","messages":[]}';
const answerText = '{"id":"a","object":"chat.completion","choices":[{"index":0,"message":{"content":"hi"}}]}';

let upstream: RawUpstream;
let gateway: Gateway;

beforeAll(async () => {
  upstream = await startRawUpstream({
    onRequest: ({ connection }) =>
      connection.socket.write(
        `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${answerText.length}\r\n\r\n${answerText}`,
      ),
  });
  const hmac = (name: string, fields: object = {}) => ({
    type: "hmac",
    name: "ak",
    accessKey: name,
    secretKey,
    ...fields,
  });
  const routes = {
    custom: [
      { name: "form", path: "/v1/form", methods: ["POST"] },
      { name: "upload", path: "/v1/upload", methods: ["POST"] },
      { name: "look", path: "/v1/look/{id}", methods: ["GET", "DELETE"] },
    ],
  };
  gateway = await startGateway({
    services: [serviceAt(upstream.url, "openai")],
    modelApis: [
      apiOf("openai", {
        routes,
        auth: { enabled: true, grants: [{ consumer: "app" }, { consumer: "old" }] },
      }),
      apiOf("openai", {
        name: "keys",
        basePath: "/keys",
        auth: { enabled: true, methods: ["api-key"], grants: [{ consumer: "app" }] },
      }),
    ],
    consumers: [
      {
        name: "app",
        credentials: [
          hmac(accessKey, { previous: { secretKey: oldSecret, expiresAt: "2099-01-01T00:00:00Z" } }),
        ],
      },
      {
        name: "old",
        credentials: [
          hmac("AK-ended", { expiresAt: "2020-01-01T00:00:00Z" }),
          hmac("AK-rotated", { previous: { secretKey: oldSecret, expiresAt: "2020-01-01T00:00:00Z" } }),
        ].map((credential, index) => ({ ...credential, name: `ak-${index}` })),
      },
      { name: "not-granted", credentials: [hmac("AK-not-granted")] },
    ],
  });
});

afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

const json: HeaderLine = ["content-type", "application/json"];
const form: HeaderLine = ["content-type", "application/x-www-form-urlencoded"];

interface Sent extends Partial<ToSign> {
  /** Sent instead of what was signed. */
  readonly sentMethod?: string;
  readonly sentPath?: string;
  readonly sentBody?: string | Buffer;
  readonly change?: (headers: HeaderLine[]) => HeaderLine[];
}

async function send(sent: Sent = {}): Promise<Answer> {
  const { sentMethod, sentPath, sentBody, change = (headers: HeaderLine[]) => headers, ...rest } = sent;
  const asked: ToSign = { method: "POST", path, accessKey, secretKey, body, headers: [json], ...rest };
  return exchange(gateway.port, {
    method: sentMethod ?? asked.method,
    path: sentPath ?? asked.path,
    body: sentBody ?? asked.body,
    headers: change(signedHeaders(asked)),
  });
}

const without = (name: string) => (headers: HeaderLine[]) => headers.filter(([each]) => each !== name);
const replaced = (name: string, value: string) => (headers: HeaderLine[]) =>
  headers.map((line): HeaderLine => (line[0] === name ? [name, value] : line));
const added = (name: string, value: string) => (headers: HeaderLine[]) => [
  ...headers,
  [name, value] satisfies HeaderLine,
];
const minutes = (count: number) => new Date(Date.now() + count * 60_000);
const large = Buffer.alloc(9 * 1024 * 1024, "x");

describe("let in", () => {
  test.each<[string, Sent]>([
    ["a JSON body with its digest", {}],
    [
      "a body without a digest",
      { headers: [json], change: (headers) => headers, body: undefined, sentBody: body },
    ],
    ["the secret before the last rotation", { secretKey: oldSecret }],
    ["the newest secret of one whose older has ended", { accessKey: "AK-rotated" }],
    ["parameters in any order, decoded, first value of each", { path: `${path}?b=%20x&a=1&b=2&empty=&flag` }],
    ["a path as it was sent", { method: "GET", path: "/v1/look/%7e%c3%a9", body: undefined, headers: [] }],
    [
      "the digest of no body",
      {
        method: "GET",
        path: "/v1/look/a",
        body: undefined,
        headers: [["content-md5", "1B2M2Y8AsgTpgAmY7PhCfg=="]],
      },
    ],
    [
      "accept and other headers",
      { headers: [json, ["accept", "*/*"], ["x-own", "v"]], signed: ["x-ca-key", "x-own"] },
    ],
    ["names of headers in capitals", { headers: [json, ["X-Own", "v"]], signed: ["X-Own", "x-ca-key"] }],
    ["a clock that is 14 minutes slow", { date: minutes(-14) }],
    ["a clock that is 14 minutes fast", { date: minutes(14) }],
    ["a form", { path: "/v1/form?a=1", headers: [form], body: "b=2&c=%C3%A9&a=3" }],
    [
      "an upload that is too large to be held",
      { path: "/v1/upload", headers: [["content-type", "a/b"]], body: large },
    ],
  ])("%s", async (_name, sent) => {
    const answer = await send(sent);
    expect([answer.status, answer.text()]).toEqual([200, answerText]);
  });

  test("the upstream sees nothing of the signature, the record names the credential", async () => {
    const seen = upstream.requests.length;
    const answer = await send();
    expect(await gateway.record(answer.header("x-request-id"))).toMatchObject({
      consumer: "app",
      credential: "ak",
    });
    expect(upstream.requests[seen]?.head.toString("latin1").toLowerCase()).not.toContain("x-ca-");
  });
});

describe("refused", () => {
  test.each<[string, Sent]>([
    ["another secret", { secretKey: "another-secret" }],
    ["an empty secret", { secretKey: "" }],
    [
      "the secret that unknown access keys are measured with",
      { accessKey: "unknown", secretKey: "of nobody" },
    ],
    ["an unknown access key", { accessKey: "unknown" }],
    ["an access key that has ended", { accessKey: "AK-ended" }],
    ["a rotated secret after its overlap", { accessKey: "AK-rotated", secretKey: oldSecret }],
    ["a body that was changed", { sentBody: body.replace('"m"', '"n"') }],
    [
      "a digest that was changed with its body",
      { sentBody: "{}", change: replaced("content-md5", createHash("md5").update("{}").digest("base64")) },
    ],
    [
      "a digest in another form",
      { headers: [json, ["content-md5", createHash("md5").update(body).digest("hex")]] },
    ],
    [
      "a digest of a body where there is none",
      {
        method: "GET",
        path: "/v1/look/a",
        body: undefined,
        headers: [["content-md5", "rL0Y20zC+Fzt72VPzMSk2A=="]],
      },
    ],
    ["another path", { sentPath: "/v1/completions" }],
    [
      "another method",
      { method: "GET", sentMethod: "DELETE", path: "/v1/look/a", body: undefined, headers: [] },
    ],
    [
      "another spelling of the path",
      { method: "GET", path: "/v1/look/~", sentPath: "/v1/look/%7e", body: undefined, headers: [] },
    ],
    ["a changed parameter", { path: `${path}?a=1`, sentPath: `${path}?a=2` }],
    ["a parameter more", { sentPath: `${path}?a=1` }],
    [
      "a signed header that was changed",
      { headers: [json, ["x-own", "v"]], signed: ["x-own"], change: replaced("x-own", "w") },
    ],
    [
      "a signed header that is there twice",
      { headers: [json, ["x-own", "v"]], signed: ["x-own"], change: added("x-own", "w") },
    ],
    [
      "a signed header that was taken out",
      { headers: [json, ["x-own", "v"]], signed: ["x-own"], change: without("x-own") },
    ],
    ["a date 16 minutes ago", { date: minutes(-16) }],
    ["a date in 16 minutes", { date: minutes(16) }],
    ["no date", { change: without("date") }],
    ["two dates", { change: added("date", new Date().toUTCString()) }],
    ["a date in another form", { change: replaced("date", new Date().toISOString()) }],
    ["no signature", { change: without("x-ca-signature") }],
    ["two signatures", { change: added("x-ca-signature", "x") }],
    ["two access keys", { change: added("x-ca-key", "AK-not-granted") }],
    ["a signature that is no base64", { change: replaced("x-ca-signature", "!".repeat(44)) }],
    ["a shorter signature", { change: replaced("x-ca-signature", "AAAA") }],
    ["HmacSHA1", { change: replaced("x-ca-signature-method", "HmacSHA1") }],
    ["a form that was changed", { path: "/v1/form", headers: [form], body: "b=2", sentBody: "b=3" }],
    [
      "a large upload that was changed at its end",
      {
        path: "/v1/upload",
        headers: [["content-type", "a/b"]],
        body: large,
        sentBody: Buffer.concat([large.subarray(1), Buffer.from("y")]),
      },
    ],
    ["a signature where only keys are accepted", { path: `/keys${path}` }],
  ])("%s", async (_name, sent) => {
    const seen = upstream.requests.length;
    const answer = await send(sent);
    expect([answer.status, answer.text()]).toEqual([401, expect.stringContaining("invalid_credentials")]);
    expect(answer.text()).not.toContain("canary");
    expect(upstream.requests.length).toBe(seen);
  });

  test("without a grant: 403", async () => {
    expect((await send({ accessKey: "AK-not-granted" })).status).toBe(403);
  });

  test.each<[string, number, HeaderLine]>([
    ["a signed body of more than 32 MiB", 32 * 1024 * 1024 + 1, ["content-type", "a/b"]],
    ["a signed form of more than 1 MiB", 1024 * 1024 + 1, form],
  ])("%s: 413", async (_name, bytes, type) => {
    const answer = await send({ path: "/v1/upload", headers: [type], body: Buffer.alloc(bytes, "x") });
    expect([answer.status, answer.text()]).toEqual([413, expect.stringContaining("body_too_large")]);
  });
});
