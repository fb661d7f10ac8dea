// Answers that are odd but sound: other framings, line ends, encodings and sizes reach the client as they were sent.
import { brotliCompressSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { singleTarget } from "./support/configuration.ts";
import { streamHead, wholeAnswer } from "./support/fault-upstream.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { createKeeper } from "./support/keeper.ts";
import { named } from "./support/named.ts";
import { protocolCases, type ProtocolCase } from "./support/protocol-cases.ts";
import { chunk, exchange, RawClient, type Answer } from "./support/raw-client.ts";
import { startRawUpstream } from "./support/raw-upstream.ts";

const keep = createKeeper();

/** Answers every request with these bytes; ends the connection where the framing asks for it. */
async function gatewayFor(wire: ProtocolCase, bytes: Buffer, end = false): Promise<Gateway> {
  const upstream = keep(
    await startRawUpstream({
      onRequest: ({ connection }) => {
        if (end) connection.socket.end(bytes);
        else connection.socket.write(bytes);
      },
    }),
  );
  return keep(
    await startGateway(singleTarget(upstream.url, wire.protocol, { api: { retries: { max: 0 } } })),
  );
}

async function ask(gateway: Gateway, wire: ProtocolCase, stream: boolean): Promise<Answer> {
  return exchange(gateway.port, { path: wire.path, body: wire.request(stream) });
}

function head(lines: readonly string[]): string {
  return `HTTP/1.1 200 OK\r\n${lines.join("\r\n")}\r\n\r\n`;
}

interface Odd {
  readonly name: string;
  /** The whole answer on the wire, and the body that the client must get. */
  make(wire: ProtocolCase): { readonly bytes: Buffer; readonly body: Buffer };
  readonly stream: boolean;
  /** The connection's end is the body's end. */
  readonly untilClose?: boolean;
}

function streamed(wire: ProtocolCase): string {
  return wire.noise + wire.semantic + wire.closing;
}

function sse(body: Buffer): { bytes: Buffer; body: Buffer } {
  return { bytes: Buffer.concat([Buffer.from(streamHead()), chunk(body, true)]), body };
}

const large = "x".repeat(3_000_000);

const odd: readonly Odd[] = [
  {
    name: "a JSON body until the connection closes",
    stream: false,
    untilClose: true,
    make: ({ answer }) => ({
      bytes: Buffer.from(head(["content-type: application/json"]) + answer),
      body: Buffer.from(answer),
    }),
  },
  {
    name: "an HTTP/1.0 answer",
    stream: false,
    untilClose: true,
    make: ({ answer }) => ({
      bytes: Buffer.from(`HTTP/1.0 200 OK\r\ncontent-type: application/json\r\n\r\n${answer}`),
      body: Buffer.from(answer),
    }),
  },
  {
    name: "chunks with extensions and trailers",
    stream: false,
    make: ({ answer }) => {
      const start = head(["content-type: application/json", "transfer-encoding: chunked", "trailer: x-sum"]);
      const size = Buffer.byteLength(answer).toString(16);
      return {
        bytes: Buffer.from(`${start}${size};name=value\r\n${answer}\r\n0\r\nx-sum: 1\r\n\r\n`),
        body: Buffer.from(answer),
      };
    },
  },
  {
    name: "JSON with white space around it",
    stream: false,
    make: ({ answer }) => ({
      bytes: Buffer.from(wholeAnswer(200, `\r\n ${answer}\n\n`)),
      body: Buffer.from(`\r\n ${answer}\n\n`),
    }),
  },
  {
    name: "status 201",
    stream: false,
    make: ({ answer }) => ({ bytes: Buffer.from(wholeAnswer(201, answer)), body: Buffer.from(answer) }),
  },
  {
    name: "events with CRLF line ends",
    stream: true,
    make: (wire) => sse(Buffer.from(streamed(wire).replaceAll("\n", "\r\n"))),
  },
  {
    name: "events with CR line ends",
    stream: true,
    make: (wire) => sse(Buffer.from(streamed(wire).replaceAll("\n", "\r"))),
  },
  {
    name: "events without a space after the colon",
    stream: true,
    make: (wire) =>
      sse(
        Buffer.from(
          streamed(wire)
            .replaceAll(": {", ":{")
            .replaceAll(/^(\w+): /gm, "$1:"),
        ),
      ),
  },
  {
    name: "data over several lines",
    stream: true,
    make: (wire) => sse(Buffer.from(streamed(wire).replaceAll(',"', ',\ndata: "'))),
  },
  {
    name: "a byte order mark before the first event",
    stream: true,
    make: (wire) => sse(Buffer.from(`\ufeff${streamed(wire)}`)),
  },
  {
    name: "comments between events",
    stream: true,
    make: (wire) =>
      sse(Buffer.from(`: hello\n\n${wire.noise}: a\n\n:\n\n${wire.semantic}: b\n\n${wire.closing}: bye\n\n`)),
  },
  {
    name: "no blank line after the last event",
    stream: true,
    make: (wire) => sse(Buffer.from(streamed(wire).slice(0, -1))),
  },
  {
    name: "300 KiB of comments before the first data",
    stream: true,
    make: (wire) => sse(Buffer.from(": waiting\n\n".repeat(28_000) + streamed(wire))),
  },
  {
    name: "unknown fields and events",
    stream: true,
    make: (wire) =>
      sse(Buffer.from(`id: 1\nretry: 10\nwhat: ever\n\n${streamed(wire)}event: unknown\ndata: 7\n\n`)),
  },
];

const cells = odd.flatMap((row) =>
  protocolCases.map((wire) => ({ ...row, wire, name: `${row.name}, ${wire.protocol}` })),
);

describe("odd but sound", () => {
  test.each(named(cells))("%s", async (_name, { wire, make, stream, untilClose }) => {
    const { bytes, body } = make(wire);
    const gateway = await gatewayFor(wire, bytes, untilClose);
    const answer = await ask(gateway, wire, stream);
    expect(answer.complete).toBe(true);
    expect(answer.text()).toBe(body.toString("utf8"));
    expect(answer.body.equals(body)).toBe(true);
    const record = await gateway.record(answer.header("x-request-id"));
    expect(record).toMatchObject({ outcome: "ok", usage: { ...wire.usage } });
  });
});

describe.each(protocolCases)("encoded answers, $protocol", (wire) => {
  test.each([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
  ] as const)("%s passes unchanged with its header, and is read on the side", async (encoding, encode) => {
    const body = encode(wire.answer);
    const lines = [
      "content-type: application/json",
      `content-encoding: ${encoding}`,
      `content-length: ${body.length}`,
    ];
    const gateway = await gatewayFor(wire, Buffer.concat([Buffer.from(head(lines)), body]));
    const answer = await ask(gateway, wire, false);
    expect(answer.header("content-encoding")).toBe(encoding);
    expect(answer.body.equals(body)).toBe(true);
    const record = await gateway.record(answer.header("x-request-id"));
    expect(record).toMatchObject({ outcome: "ok", usage: { ...wire.usage } });
  });

  test("bytes that claim to be gzip and are not do no harm", async () => {
    const body = Buffer.from("this is not gzip");
    const lines = [
      "content-type: application/json",
      "content-encoding: gzip",
      `content-length: ${body.length}`,
    ];
    const gateway = await gatewayFor(wire, Buffer.concat([Buffer.from(head(lines)), body]));
    const answer = await ask(gateway, wire, false);
    expect([200, 502]).toContain(answer.status);
    expect((await ask(gateway, wire, false)).status).toBe(answer.status);
  });
});

describe.each(protocolCases)("answers over 1 MiB, $protocol", (wire) => {
  const body = wire.answer.replace("Moon.", large);

  test("pass whole, with their usage", async () => {
    const gateway = await gatewayFor(wire, Buffer.from(wholeAnswer(200, body)));
    const answer = await ask(gateway, wire, false);
    expect(answer).toMatchObject({ status: 200, complete: true });
    expect(answer.body.equals(Buffer.from(body))).toBe(true);
    const record = await gateway.record(answer.header("x-request-id"));
    expect(record).toMatchObject({ outcome: "ok", usage: { ...wire.usage } });
  });

  test("that break after their first MiB end abruptly, and are recorded as truncated", async () => {
    const cut = Buffer.from(wholeAnswer(200, body)).subarray(0, 2_000_000);
    const gateway = await gatewayFor(wire, cut, true);
    const answer = await ask(gateway, wire, false);
    expect(answer).toMatchObject({ status: 200, complete: false });
    expect(body.startsWith(answer.text())).toBe(true);
    const record = await gateway.record(answer.header("x-request-id"));
    expect(record).toMatchObject({ status: 200, outcome: "truncated" });
    expect(record.attempts).toMatchObject([{ outcome: "truncated", reason: "network-error" }]);
  });

  test("with an error status pass as what they are", async () => {
    const gateway = await gatewayFor(wire, Buffer.from(wholeAnswer(500, body)));
    const answer = await ask(gateway, wire, false);
    expect(answer).toMatchObject({ status: 500, complete: true });
    expect(answer.body.equals(Buffer.from(body))).toBe(true);
    const record = await gateway.record(answer.header("x-request-id"));
    expect(record).toMatchObject({ status: 500, outcome: "upstream_error" });
    expect(record.attempts).toMatchObject([{ outcome: "upstream_error", reason: "upstream-5xx" }]);
  });

  test("an event over 1 MiB inside a stream passes", async () => {
    const text = wire.noise + wire.semantic.replace("Moon", large.slice(0, 1_500_000)) + wire.closing;
    const gateway = await gatewayFor(wire, sse(Buffer.from(text)).bytes);
    const answer = await ask(gateway, wire, true);
    expect(answer.complete).toBe(true);
    expect(answer.body.equals(Buffer.from(text))).toBe(true);
  });
});

test("a client's own x-request-id is not taken over, and every answer has another", async () => {
  const [wire] = protocolCases as readonly [ProtocolCase];
  const gateway = await gatewayFor(wire, Buffer.from(wholeAnswer(200, wire.answer)));
  const client = await RawClient.connect(gateway.port);
  const ids: (string | undefined)[] = [];
  for (let count = 0; count < 3; count += 1) {
    const answer = await client.request({
      path: wire.path,
      body: wire.request(false),
      headers: [["x-request-id", "mine"]],
    });
    ids.push(answer.header("x-request-id"));
  }
  client.destroy();
  expect(new Set(ids).size).toBe(3);
  expect(ids).not.toContain("mine");
});
