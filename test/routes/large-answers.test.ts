// Answers too large to be held: images of many megabytes as JSON and as events, and bytes. They pass as they come.
import type { Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { startGateway, type Gateway } from "../support/gateway.ts";
import { createKeeper } from "../support/keeper.ts";
import { named } from "../support/named.ts";
import { chunk, RawClient, type RequestParts } from "../support/raw-client.ts";
import { startRawUpstream, type RawUpstream } from "../support/raw-upstream.ts";
import { routeApis, routeServices } from "../support/route-scene.ts";

const keep = createKeeper();

/** What the gateway may hold of one answer. */
const judgedBytes = 1024 * 1024;
const megabyte = 1024 * 1024;

interface Large {
  readonly name: string;
  readonly request: RequestParts;
  readonly contentType: string;
  /** The answer with so many bytes of content. */
  body(bytes: number): Buffer;
  readonly usage: object | null;
}

const json = (value: object): Pick<RequestParts, "method" | "body"> => ({
  method: "POST",
  body: JSON.stringify(value),
});

const usage = { input_tokens: 3, output_tokens: 7, total_tokens: 10 };
const image = (bytes: number): string => "iVBORw0KGgo".repeat(Math.ceil(bytes / 11));

const rows: readonly Large[] = [
  {
    name: "an image as base64 in JSON",
    request: { path: "/image-generation/openai/v1/images/generations", ...json({ model: "m", prompt: "x" }) },
    contentType: "application/json",
    body: (bytes) => Buffer.from(JSON.stringify({ created: 1, data: [{ b64_json: image(bytes) }], usage })),
    usage: { images: 1, inputTokens: 3, outputTokens: 7 },
  },
  {
    name: "an image as base64 in one event",
    request: {
      path: "/image-generation/openai/v1/images/generations",
      ...json({ model: "m", prompt: "x", stream: true }),
    },
    contentType: "text/event-stream",
    body: (bytes) =>
      Buffer.from(
        `event: image_generation.completed\ndata: ${JSON.stringify({
          type: "image_generation.completed",
          b64_json: image(bytes),
          usage,
        })}\n\n`,
      ),
    usage: { images: 1, inputTokens: 3, outputTokens: 7 },
  },
  {
    name: "an image in a part of Gemini's answer, streamed",
    request: {
      path: "/text-generation/gemini/v1beta/models/m:streamGenerateContent?alt=sse",
      ...json({ contents: [] }),
    },
    contentType: "text/event-stream",
    body: (bytes) =>
      Buffer.from(
        `data: ${JSON.stringify({
          candidates: [
            {
              content: { parts: [{ inlineData: { mimeType: "image/png", data: image(bytes) } }] },
              finishReason: "STOP",
            },
          ],
          usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 7, totalTokenCount: 10 },
        })}\n\n`,
      ),
    usage: { inputTokens: 3, outputTokens: 7 },
  },
  {
    name: "embeddings",
    request: { path: "/embedding/openai/v1/embeddings", ...json({ model: "m", input: "x" }) },
    contentType: "application/json",
    body: (bytes) =>
      Buffer.from(
        JSON.stringify({
          object: "list",
          data: [{ index: 0, embedding: image(bytes) }],
          usage: { prompt_tokens: 3, total_tokens: 3 },
        }),
      ),
    usage: { inputTokens: 3 },
  },
  {
    name: "sound",
    request: {
      path: "/speech-synthesis/openai/api/v1/audio/speech",
      ...json({ model: "m", input: "Hello", voice: "v" }),
    },
    contentType: "audio/mpeg",
    body: (bytes) => Buffer.alloc(bytes, "ID3\r\n\r\n"),
    usage: { characters: 5 },
  },
  {
    name: "a file",
    request: { method: "GET", path: "/others/openai/v1/files/file-1/content" },
    contentType: "application/octet-stream",
    body: (bytes) => Buffer.alloc(bytes, '{"error":1}\n'),
    usage: null,
  },
];

interface Scene {
  readonly upstream: RawUpstream;
  readonly gateway: Gateway;
  readonly client: RawClient;
}

async function sceneOf({ contentType }: Large, body: Buffer, framing: "length" | "chunked"): Promise<Scene> {
  const framed = framing === "length" ? `content-length: ${body.length}` : "transfer-encoding: chunked";
  const head = `HTTP/1.1 200 OK\r\ncontent-type: ${contentType}\r\n${framed}\r\n\r\n`;
  const upstream = keep(
    await startRawUpstream({
      onRequest: ({ connection: { socket } }) => {
        socket.write(head);
        socket.write(framing === "length" ? body : chunk(body, true));
      },
    }),
  );
  const gateway = keep(
    await startGateway({ services: routeServices(upstream.url), modelApis: routeApis("as asked") }),
  );
  return { upstream, gateway, client: await RawClient.connect(gateway.port) };
}

/** Waits until a socket has bytes to send and has sent none for many turns of the event loop: nobody reads at the other end. */
async function blocked(socket: Socket): Promise<number> {
  let before = -1;
  for (let quiet = 0; quiet < 1000; quiet += 1) {
    const sent = socket.bytesWritten - socket.writableLength;
    if (sent !== before || socket.writableLength === 0) quiet = 0;
    before = sent;
    await nextTurn();
  }
  return before;
}

describe.each(["length", "chunked"] as const)("5 MiB, framed by %s", (framing) => {
  test.each(named(rows))("%s", async (_name, row) => {
    const body = row.body(5 * megabyte);
    const { gateway, client } = await sceneOf(row, body, framing);
    const answer = await client.request(row.request);
    expect([answer.status, answer.body.length]).toEqual([200, body.length]);
    expect(answer.body.equals(body)).toBe(true);
    const record = await gateway.record(answer.header("x-request-id"));
    expect(record).toMatchObject({ outcome: "ok", status: 200 });
    if (row.usage === null) expect(record.usage).toBeNull();
    else expect(record.usage).toMatchObject(row.usage);
    client.destroy();
  });
});

describe("of 64 MiB no more is taken than one client reads", () => {
  test.each(named(rows))("%s", async (_name, row) => {
    const body = row.body(64 * megabyte);
    const { upstream, gateway, client } = await sceneOf(row, body, "length");
    client.send(gateway.bytes(row.request));
    await client.body((received) => received.length > 0);
    client.pause();
    const { connection } = await upstream.request(0);
    await blocked(connection.socket);
    // What a client does not read waits in the gateway up to its bound, and in the sockets of both sides.
    const inSockets = 24 * megabyte;
    const sent = connection.socket.bytesWritten - connection.socket.writableLength;
    expect(sent).toBeLessThan(judgedBytes + inSockets);
    client.resume();
    const answer = await client.answer();
    expect(answer.body.equals(body)).toBe(true);
    client.destroy();
  });
});
