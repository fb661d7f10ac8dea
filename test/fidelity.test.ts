// Request bodies arrive at the service as they were sent, but for the model value and the usage option; bodies that two
// parsers could read differently never arrive at all.
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { ErrorCode } from "../src/core/errors.ts";
import { apiOf, serviceAt } from "./support/configuration.ts";
import { expectOwnError } from "./support/error-shapes.ts";
import { healthyAnswer } from "./support/fault-upstream.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import type { HeaderLine } from "./support/http-message.ts";
import { generatedBody, type GeneratedBody } from "./support/json-text.ts";
import { protocolCases, type CaseProtocol } from "./support/protocol-cases.ts";
import { buildRequest, chunk, RawClient } from "./support/raw-client.ts";
import { named } from "./support/named.ts";
import { startRawUpstream, type RawUpstream } from "./support/raw-upstream.ts";

const generated = 10_000;
const seed = 20_261_121;
/** A model name with everything that must be escaped or may not be. */
const rewritten = 'large/"2.0"\\ü🌙';

let upstream: RawUpstream;
let gateway: Gateway;
let client: RawClient;

/** Provider by what it makes of a stream without a usage option. */
const services = [
  ["asks", "openai-compatible"],
  ["leaves", "mistral"],
  ["claude", "anthropic-compatible"],
] as const;

interface Way {
  readonly basePath: string;
  readonly protocol: CaseProtocol;
  readonly rewrites: boolean;
  readonly asksUsage: boolean;
}

const ways: readonly Way[] = [
  { basePath: "/asks-pass", protocol: "openai", rewrites: false, asksUsage: true },
  { basePath: "/asks-set", protocol: "openai", rewrites: true, asksUsage: true },
  { basePath: "/leaves-pass", protocol: "openai", rewrites: false, asksUsage: false },
  { basePath: "/leaves-set", protocol: "openai", rewrites: true, asksUsage: false },
  { basePath: "/claude-pass", protocol: "anthropic", rewrites: false, asksUsage: false },
  { basePath: "/claude-set", protocol: "anthropic", rewrites: true, asksUsage: false },
];

beforeAll(async () => {
  upstream = await startRawUpstream({
    onRequest: ({ connection, path, body }) => {
      const wire = protocolCases.find((row) => row.path === path);
      if (wire === undefined) throw new Error(`unexpected path ${path}`);
      // The answer's shape does not matter here, but a plausible one keeps the service in good standing.
      connection.socket.write(healthyAnswer({ wire, stream: isStreamed(body) }), "latin1");
    },
  });
  gateway = await startGateway({
    services: services.map(([name, provider]) =>
      serviceAt(upstream.url, provider === "anthropic-compatible" ? "anthropic" : "openai", {
        name,
        provider,
      }),
    ),
    modelApis: ways.map(({ basePath, protocol, rewrites }) => {
      const [service] = basePath.slice(1).split("-");
      const target = { service, ...(rewrites ? { model: rewritten } : {}) };
      const name = basePath.slice(1);
      return apiOf(protocol, {
        name,
        basePath,
        stripBasePath: true,
        modelService: { mode: "single", target },
      });
    }),
  });
  client = await RawClient.connect(gateway.port);
});

afterAll(async () => {
  client.destroy();
  await gateway.close();
  await upstream.close();
});

/** Good enough for the bodies of this suite: the real question is asked of the bytes. */
function isStreamed(body: Buffer): boolean {
  const parsed: unknown = JSON.parse(body.toString("utf8"));
  return typeof parsed === "object" && parsed !== null && "stream" in parsed && parsed.stream === true;
}

function pathOf({ protocol }: Way): string {
  return protocolCases.find((row) => row.protocol === protocol)?.path ?? "";
}

function textOf({ pieces }: GeneratedBody): string {
  return pieces.map(({ text }) => text).join("");
}

/** The body with the target's model in it, by the contract's words. */
function withModel(body: GeneratedBody, { rewrites }: Way): GeneratedBody {
  if (!rewrites) return body;
  const value = JSON.stringify(rewritten);
  if (body.hasModel) {
    return {
      ...body,
      pieces: body.pieces.map((piece) => (piece.role === "model" ? { ...piece, text: value } : piece)),
    };
  }
  const [open, ...rest] = body.pieces;
  const empty = /^\s*$/.test(
    rest
      .map(({ text }) => text)
      .join("")
      .replace(/\}\s*$/, ""),
  );
  const inserted = { role: "other", text: `"model":${value}${empty ? "" : ","}` } as const;
  return { ...body, pieces: open === undefined ? rest : [open, inserted, ...rest] };
}

/** Asserts that `sent` differs from `expected` only by the usage option being on. */
function expectUsageOption(sent: string, expected: GeneratedBody): void {
  const place = expected.pieces.findIndex(({ role }) => role === "options");
  const options = expected.pieces[place]?.text;
  if (options === undefined) {
    expectInserted(sent, textOf(expected));
    return;
  }
  const before = expected.pieces
    .slice(0, place)
    .map(({ text }) => text)
    .join("");
  const after = expected.pieces
    .slice(place + 1)
    .map(({ text }) => text)
    .join("");
  expect(sent.startsWith(before)).toBe(true);
  expect(sent.endsWith(after)).toBe(true);
  const value = sent.slice(before.length, sent.length - after.length);
  const given: unknown = JSON.parse(options);
  if (given !== null && typeof given !== "object") expect(value).toBe(options);
  else if (/"include_usage":true/.test(options)) expect(value).toBe(options);
  else expect(JSON.parse(value)).toEqual({ ...given, include_usage: true });
}

/** One member more, in one place, and no other byte changed. */
function expectInserted(sent: string, expected: string): void {
  const length = sent.length - expected.length;
  expect(length).toBeGreaterThan(0);
  let start = 0;
  while (start < expected.length && sent[start] === expected[start]) start += 1;
  // The same insertion can be read at several offsets when its ends look like what surrounds it.
  const places = Array.from({ length: start + 1 }, (_, index) => index).filter(
    (index) => sent.slice(0, index) + sent.slice(index + length) === expected,
  );
  const member = /^\s*,?\s*"stream_options"\s*:\s*\{\s*"include_usage"\s*:\s*true\s*\}\s*,?\s*$/;
  const inserted = places.map((index) => sent.slice(index, index + length));
  expect(
    inserted.some((text) => member.test(text)),
    JSON.stringify(sent),
  ).toBe(true);
}

describe("bodies on their way to the service", () => {
  test("the generator makes every kind of body often", () => {
    const bodies = fc.sample(generatedBody, { numRuns: generated, seed });
    const options = (body: GeneratedBody): string | undefined =>
      body.pieces.find(({ role }) => role === "options")?.text;
    const kinds = {
      "with a model": bodies.filter(({ hasModel }) => hasModel),
      "without a model": bodies.filter(({ hasModel }) => !hasModel),
      streamed: bodies.filter(({ stream }) => stream),
      "streamed, with options": bodies.filter((body) => body.stream && options(body) !== undefined),
      "streamed, usage switched off": bodies.filter(
        (body) => body.stream && options(body)?.includes("false") === true,
      ),
      "with a 4-byte character": bodies.filter((body) => textOf(body).includes("🌙")),
      "with a number that JavaScript cannot hold": bodies.filter((body) =>
        textOf(body).includes("12345678901234567890"),
      ),
    };
    for (const [kind, found] of Object.entries(kinds)) expect(found.length, kind).toBeGreaterThan(100);
  });

  test(`${generated} generated bodies arrive as sent, but for the model value and the usage option`, async () => {
    const anyWay = fc.constantFrom(...ways);
    const chunked = fc.boolean();
    await fc.assert(
      fc.asyncProperty(anyWay, generatedBody, chunked, async (way, body, inChunks) => {
        const before = upstream.requests.length;
        const text = textOf(body);
        const answer = await client.request({
          path: way.basePath + pathOf(way),
          body: text,
          chunked: inChunks,
        });
        expect({ status: answer.status, text: answer.status === 200 ? "" : answer.text() }).toEqual({
          status: 200,
          text: "",
        });
        expect(upstream.requests).toHaveLength(before + 1);
        const arrived = upstream.requests[before]?.body ?? Buffer.alloc(0);
        const sent = arrived.toString("utf8");
        // A body that is not valid UTF-8 would have lost its bytes in the text.
        expect(Buffer.from(sent).equals(arrived)).toBe(true);
        const expected = withModel(body, way);
        if (way.asksUsage && body.stream) expectUsageOption(sent, expected);
        else expect(sent).toBe(textOf(expected));
      }),
      { numRuns: generated, seed },
    );
  });

  test("a JSON body of exactly 32 MiB arrives whole", async () => {
    const padding = "x".repeat(32 * 1024 * 1024 - '{"model":"m","p":""}'.length);
    const body = Buffer.from(`{"model":"m","p":"${padding}"}`);
    const answer = await client.request({ path: "/asks-pass/v1/chat/completions", body });
    expect(answer.status).toBe(200);
    expect(upstream.requests.at(-1)?.body.equals(body)).toBe(true);
  });

  test("a depth of 128 arrives, also in a body over 1 MiB", async () => {
    for (const body of [nested(128), nested(128, padded)]) {
      const answer = await client.request({ path: "/asks-set/v1/chat/completions", body });
      expect(answer.status).toBe(200);
    }
  });
});

const padded = "x".repeat(1_100_000);

/** An object of this depth, the outermost counted. */
function nested(depth: number, padding = ""): string {
  return `{"model":"m","p":"${padding}","deep":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
}

interface Refusal {
  readonly name: string;
  readonly body: string | Buffer;
  readonly headers?: readonly HeaderLine[] | undefined;
  readonly status?: number | undefined;
  readonly code?: ErrorCode | undefined;
  readonly param?: string | undefined;
}

function bytes(...parts: readonly (string | readonly number[])[]): Buffer {
  return Buffer.concat(
    parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))),
  );
}

const good = '{"model":"m","messages":[]}';

const refusals: readonly Refusal[] = [
  { name: "model twice", body: '{"model":"a","model":"b"}', param: "model" },
  { name: "model twice, equal", body: '{"model":"a","model":"a"}', param: "model" },
  { name: "model and an escaped model", body: '{"model":"a","mod\\u0065l":"b"}', param: "model" },
  { name: "two escaped models", body: '{"\\u006dodel":"a","mode\\u006c":"b"}', param: "model" },
  { name: "stream twice", body: '{"model":"a","stream":true,"stream":false}', param: "stream" },
  {
    name: "stream and an escaped stream",
    body: '{"model":"a","stream":false,"\\u0073tream":true}',
    param: "stream",
  },
  ...["null", "7", "true", "[]", '{"a":"b"}'].map((value) => ({
    name: `model is ${value}`,
    body: `{"model":${value}}`,
    param: "model",
  })),
  ...['"true"', "1", "0", "[]", "{}"].map((value) => ({
    name: `stream is ${value}`,
    body: `{"model":"m","stream":${value}}`,
    param: "stream",
  })),
  { name: "an array", body: `[${good}]` },
  { name: "a text", body: '"model"' },
  { name: "a number", body: "7" },
  { name: "null", body: "null" },
  { name: "nothing", body: "" },
  { name: "white space", body: " \n" },
  { name: "two objects", body: good + good },
  { name: "trailing bytes", body: `${good}x` },
  { name: "a trailing NUL", body: `${good}\0` },
  { name: "a trailing comma", body: '{"model":"m",}' },
  { name: "a missing colon", body: '{"model" "m"}' },
  { name: "an unquoted key", body: '{model:"m"}' },
  { name: "single quotes", body: "{'model':'m'}" },
  { name: "a comment", body: '{"model":"m"/* */}' },
  { name: "NaN", body: '{"model":"m","t":NaN}' },
  { name: "a number with a leading zero", body: '{"model":"m","t":01}' },
  { name: "a number without digits after its point", body: '{"model":"m","t":1.}' },
  { name: "a number with a plus", body: '{"model":"m","t":+1}' },
  { name: "an unknown escape", body: '{"model":"m","t":"\\x41"}' },
  { name: "a short \\u escape", body: '{"model":"m","t":"\\u00e"}' },
  { name: "a line feed in a text", body: '{"model":"m","t":"a\nb"}' },
  { name: "an unfinished text", body: '{"model":"m' },
  { name: "an unfinished object", body: '{"model":"m"' },
  { name: "an unfinished array", body: '{"model":"m","t":[1}' },
  { name: "white space that is not JSON's", body: '{"model":"m",\u00a0"t":1}' },
  { name: "a byte order mark", body: bytes([0xef, 0xbb, 0xbf], good) },
  { name: "UTF-16", body: Buffer.from(good, "utf16le") },
  { name: "a byte that is never UTF-8", body: bytes('{"model":"m","t":"', [0xff], '"}') },
  { name: "an overlong encoding", body: bytes('{"model":"m","t":"', [0xc0, 0xaf], '"}') },
  { name: "an encoded surrogate", body: bytes('{"model":"m","t":"', [0xed, 0xa0, 0x80], '"}') },
  { name: "a character cut off", body: bytes('{"model":"m","t":"', [0xf0, 0x9f, 0x8c], '"}') },
  { name: "a character beyond Unicode", body: bytes('{"model":"m","t":"', [0xf4, 0x90, 0x80, 0x80], '"}') },
  { name: "a depth of 129", body: nested(129) },
  { name: "a depth of 129 in a body over 1 MiB", body: nested(129, padded) },
  { name: "a depth of 100,000", body: nested(100_000) },
  { name: "a depth of 700,000 in a body over 1 MiB", body: nested(700_000) },
  {
    name: "gzip",
    body: gzipSync(good),
    headers: [["content-encoding", "gzip"]],
    status: 415,
  },
  {
    name: "an encoding that nobody knows",
    body: good,
    headers: [["content-encoding", "moon"]],
    status: 415,
  },
];

describe.each(protocolCases)("bodies that reach no service, $protocol", ({ protocol, path }) => {
  let connection: RawClient | undefined;
  afterEach(() => {
    connection?.destroy();
  });

  const basePath = protocol === "openai" ? "/asks-set" : "/claude-set";

  test.each(named(refusals))(
    "%s",
    async (_name, { body, headers, status = 400, code = "invalid_request", param }) => {
      const before = upstream.requests.length;
      connection = await RawClient.connect(gateway.port);
      const answer = await connection.request({ path: basePath + path, body, headers });
      expectOwnError(answer, { protocol, status, code });
      if (param !== undefined && protocol === "openai")
        expect(answer.json()).toMatchObject({ error: { param } });
      const record = await gateway.record(answer.header("x-request-id"));
      expect(record).toMatchObject({ status, outcome: "client_error", errorCode: code, attempts: [] });
      expect(upstream.requests).toHaveLength(before);
    },
  );

  test("33 MiB, declared: refused without waiting for a single byte", async () => {
    const before = upstream.requests.length;
    connection = await RawClient.connect(gateway.port);
    const head = buildRequest({
      method: "POST",
      path: basePath + path,
      headers: [
        ["content-type", "application/json"],
        ["content-length", String(33 * 1024 * 1024)],
      ],
    });
    connection.send(head);
    const answer = await connection.answer();
    expectOwnError(answer, { protocol, status: 413, code: "body_too_large" });
    await connection.closed();
    expect(upstream.requests).toHaveLength(before);
  });

  test("33 MiB in chunks: refused once 32 MiB have come", async () => {
    const before = upstream.requests.length;
    connection = await RawClient.connect(gateway.port);
    const head = buildRequest({
      method: "POST",
      path: basePath + path,
      headers: [
        ["content-type", "application/json"],
        ["transfer-encoding", "chunked"],
      ],
    });
    connection.send(head);
    connection.sendMore(chunk(Buffer.from('{"model":"m","p":"')));
    const mebibyte = chunk(Buffer.alloc(1024 * 1024, "x"));
    for (let sent = 0; sent < 33; sent += 1) connection.sendMore(mebibyte);
    const answer = await connection.answer();
    expectOwnError(answer, { protocol, status: 413, code: "body_too_large" });
    expect(upstream.requests).toHaveLength(before);
  });
});
