// Bodies that are no JSON, over sockets: what passes unchanged, what is rewritten, what is held, spooled or sent once.
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestClock } from "../src/gateway/runtime-fixture.ts";
import { expectOwnError } from "./support/error-shapes.ts";
import { wholeAnswer } from "./support/fault-upstream.ts";
import { startGateway, type Gateway, type GatewayOptions } from "./support/gateway.ts";
import { createKeeper } from "./support/keeper.ts";
import { named } from "./support/named.ts";
import { RawClient, type Answer } from "./support/raw-client.ts";
import { startRawUpstream, type RawUpstream } from "./support/raw-upstream.ts";

const keep = createKeeper();
const mebibyte = 1024 * 1024;
const boundary = "----upload7MA4";
const image = JSON.stringify({ created: 1, data: [{ url: "https://img.test/a.png" }] });
const file = JSON.stringify({ id: "file-1", object: "file", bytes: 3, purpose: "batch" });
/** In place of bytes: the connection is reset. */
const reset = "reset";
const failure = '{"error":{"message":"no","type":"server_error"}}';

let spoolFolder = "";
beforeEach(async () => {
  spoolFolder = await mkdtemp(join(tmpdir(), "uploads-"));
});
afterEach(() => rm(spoolFolder, { recursive: true, force: true }));

function part(name: string, content: string | Buffer, more = ""): Buffer {
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(content), Buffer.from("\r\n")]);
}

const picture = (bytes: number): Buffer =>
  part("image", Buffer.alloc(bytes, 0x2d), '; filename="a.png"\r\nContent-Type: image/png');

function form(...parts: readonly Buffer[]): Buffer {
  return Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]);
}

interface Scene {
  readonly gateway: Gateway;
  readonly services: readonly RawUpstream[];
  send(path: string, body: Buffer, chunked?: boolean): Promise<Answer>;
}

/** Two services, the second as fallback; each answers with the bytes given for it, or resets. */
async function sceneOf(
  answers: readonly string[],
  api: Readonly<Record<string, unknown>> = {},
  options: GatewayOptions = {},
): Promise<Scene> {
  const services: RawUpstream[] = [];
  for (const answer of answers) {
    const upstream = await startRawUpstream({
      onRequest: ({ connection }) => {
        if (answer === reset) connection.socket.resetAndDestroy();
        else connection.socket.write(answer);
      },
    });
    services.push(keep(upstream));
  }
  const [, ...others] = services;
  const gateway = keep(
    await startGateway(
      {
        services: services.map(({ url }, index) => ({
          name: `s${index}`,
          provider: "openai-compatible",
          protocols: [{ protocol: "openai", baseUrl: url }],
        })),
        modelApis: [
          { name: "images", useCase: "image-generation" },
          { name: "others", useCase: "others", basePath: "/o", stripBasePath: true },
        ].map((row) => ({
          ...row,
          protocols: ["openai"],
          modelService: { mode: "single", target: { service: "s0" } },
          fallback: { targets: others.map((_, index) => ({ service: `s${index + 1}` })) },
          retries: { max: 0 },
          ...api,
        })),
      },
      { spoolFolder, ...options },
    ),
  );
  return {
    gateway,
    services,
    send: async (path, body, chunked = false) => {
      const client = await RawClient.connect(gateway.port);
      const headers = [["content-type", `multipart/form-data; boundary=${boundary}`]] as const;
      client.send(gateway.bytes({ path, body, chunked, headers }));
      const answer = await client.answer();
      client.destroy();
      return answer;
    },
  };
}

const edits = "/v1/images/edits";
const files = "/o/v1/files";
const withModel = { modelService: { mode: "single", target: { service: "s0", model: "other-model" } } };

describe("a form", () => {
  const small = form(part("model", "mine"), picture(10_000), part("prompt", "a moon"));
  const large = form(part("model", "mine"), picture(9 * mebibyte), part("prompt", "a moon"));

  test.each([
    ["small", small, false],
    ["small, in chunks", small, true],
    ["too large to be held", large, false],
    ["too large to be held, in chunks", large, true],
  ])(
    "defect 16: passes byte for byte, with the model that stands in it known: %s",
    async (_, body, chunked) => {
      const scene = await sceneOf([wholeAnswer(200, image)]);
      const answer = await scene.send(edits, body, chunked);
      expect([answer.status, answer.text()]).toEqual([200, image]);
      const sent = await scene.services[0]?.request(0);
      expect(sent?.body.equals(body)).toBe(true);
      expect(sent?.header("content-length")).toBe(
        chunked && body === large ? undefined : String(body.length),
      );
      const record = await scene.gateway.record(answer.header("x-request-id"));
      expect(record).toMatchObject({ requestedModel: "mine", model: "mine", usage: { images: 1 } });
    },
  );

  const after = (bytes: number): Buffer => form(picture(bytes), part("model", "mine"), part("n", "1"));
  const afterwards = (bytes: number): Buffer =>
    form(picture(bytes), part("model", "other-model"), part("n", "1"));

  test.each([
    ["before its file", small, form(part("model", "other-model"), picture(10_000), part("prompt", "a moon"))],
    ["after its file", after(10_000), afterwards(10_000)],
    [
      "before a file that passes as it comes",
      large,
      form(part("model", "other-model"), picture(9 * mebibyte), part("prompt", "a moon")),
    ],
    ["after a file that is too large to be held", after(9 * mebibyte), afterwards(9 * mebibyte)],
    ["nowhere: it comes first", form(picture(100)), form(part("model", "other-model"), picture(100))],
  ])("gets the target's model in place of its own, which stands %s", async (_, body, expected) => {
    const scene = await sceneOf([wholeAnswer(200, image)], withModel);
    const answer = await scene.send(edits, body);
    expect(answer.status).toBe(200);
    const sent = await scene.services[0]?.request(0);
    // The header's name is written as ours when the part is ours.
    expect(sent?.body.toString("latin1").toLowerCase()).toBe(expected.toString("latin1").toLowerCase());
    expect(sent?.header("content-length")).toBe(String(expected.length));
    expect(await readdir(spoolFolder)).toEqual([]);
  });

  test("of a file has no model, whatever the target says", async () => {
    const scene = await sceneOf([wholeAnswer(200, file)], withModel);
    const body = form(part("purpose", "batch"), picture(100));
    expect((await scene.send(files, body)).status).toBe(200);
    expect((await scene.services[0]?.request(0))?.body.equals(body)).toBe(true);
  });

  test.each([
    ["cut off", small.subarray(0, small.length - 6)],
    ["with two models", form(part("model", "a"), part("model", "b"))],
    ["without a part", Buffer.from("nothing")],
  ])("that is malformed reaches no service: %s", async (_, body) => {
    const scene = await sceneOf([wholeAnswer(200, image)]);
    const answer = await scene.send(edits, body);
    expectOwnError(answer, { protocol: "openai", status: 400, code: "invalid_request" });
    expect(scene.services[0]?.requests).toHaveLength(0);
  });
});

describe("a second service", () => {
  const upload = (bytes: number): Buffer => form(part("purpose", "batch"), picture(bytes));
  const edit = (bytes: number): Buffer => form(picture(bytes), part("model", "mine"));

  interface Row {
    readonly name: string;
    readonly path: string;
    readonly body: Buffer;
    readonly first: string;
    readonly status: number;
    readonly attempts: number;
  }
  const refused = wholeAnswer(500, failure);
  const rows: readonly Row[] = [
    {
      name: "gets an edit of images that the first broke",
      path: edits,
      body: edit(100),
      first: reset,
      status: 200,
      attempts: 2,
    },
    {
      name: "gets a spooled edit that the first broke",
      path: edits,
      body: edit(9 * mebibyte),
      first: reset,
      status: 200,
      attempts: 2,
    },
    {
      name: "gets a small file that the first refused",
      path: files,
      body: upload(100),
      first: refused,
      status: 200,
      attempts: 2,
    },
    {
      name: "does not get a file that the first may have kept",
      path: files,
      body: upload(100),
      first: reset,
      status: 502,
      attempts: 1,
    },
    {
      name: "does not get what has passed and is gone",
      path: files,
      body: upload(9 * mebibyte),
      first: refused,
      status: 500,
      attempts: 1,
    },
  ];

  test.each(named(rows))("%s", async (_, { path, body, first, status, attempts }) => {
    const api = path === edits ? { ...withModel, fallback: { targets: [{ service: "s1" }] } } : {};
    const scene = await sceneOf([first, wholeAnswer(200, path === edits ? image : file)], api);
    const answer = await scene.send(path, body);
    expect(answer.status).toBe(status);
    const record = await scene.gateway.record(answer.header("x-request-id"));
    expect(record.attempts).toHaveLength(attempts);
    if (status === 200) expect((await scene.services[1]?.request(0))?.body.equals(body)).toBe(true);
    else expect(scene.services[1]?.requests).toHaveLength(0);
  });
});

describe("bounds", () => {
  test("a body that says it is over 512 MiB is refused without being read", async () => {
    const scene = await sceneOf([wholeAnswer(200, file)]);
    const client = await RawClient.connect(scene.gateway.port);
    const head = [
      `POST ${files} HTTP/1.1`,
      "host: a.test",
      `content-type: multipart/form-data; boundary=${boundary}`,
      `content-length: ${512 * mebibyte + 1}`,
    ];
    client.send(Buffer.from(`${head.join("\r\n")}\r\n\r\n`));
    expectOwnError(await client.answer(), { protocol: "openai", status: 413, code: "body_too_large" });
    client.destroy();
  });

  test("a body that stalls is a 408, and the service's connection is closed", async () => {
    const clock = new TestClock();
    const scene = await sceneOf([wholeAnswer(200, file)], {}, { clock });
    const client = await RawClient.connect(scene.gateway.port);
    const bytes = scene.gateway.bytes({
      path: files,
      body: form(picture(12 * mebibyte)),
      headers: [["content-type", `multipart/form-data; boundary=${boundary}`]],
    });
    client.send(bytes.subarray(0, 10 * mebibyte));
    const connection = await scene.services[0]?.connection(0);
    // What is still on its way counts anew, so that time goes on until nothing is.
    const time = setInterval(() => (clock.nowMs += 31_000), 20);
    const answer = await client.answer();
    clearInterval(time);
    expectOwnError(answer, { protocol: "openai", status: 408, code: "request_timeout" });
    await connection?.leaving();
    client.destroy();
  });

  test("the first-packet clock of a service does not run while the client still owes bytes", async () => {
    const clock = new TestClock();
    const scene = await sceneOf([wholeAnswer(200, image)], { firstPacketTimeoutMs: 100 }, { clock });
    const client = await RawClient.connect(scene.gateway.port);
    const bytes = scene.gateway.bytes({
      path: edits,
      body: form(part("model", "mine"), part("stream", "true"), picture(12 * mebibyte)),
      headers: [["content-type", `multipart/form-data; boundary=${boundary}`]],
    });
    client.send(bytes.subarray(0, 10 * mebibyte));
    await scene.services[0]?.connection(0);
    // Long past the timeout, on a clock that stands still but for this.
    clock.nowMs += 5_000;
    await new Promise((resolve) => setImmediate(resolve));
    client.send(bytes.subarray(10 * mebibyte));
    expect((await client.answer()).status).toBe(200);
    client.destroy();
  });

  test("a client that leaves in the middle takes the service's connection with it", async () => {
    const scene = await sceneOf([wholeAnswer(200, file)]);
    const client = await RawClient.connect(scene.gateway.port);
    const bytes = scene.gateway.bytes({
      path: files,
      body: form(picture(12 * mebibyte)),
      headers: [["content-type", `multipart/form-data; boundary=${boundary}`]],
    });
    client.send(bytes.subarray(0, 10 * mebibyte));
    const connection = await scene.services[0]?.connection(0);
    client.destroy();
    await connection?.leaving();
    await scene.gateway.recordWhere(({ outcome, status }) => outcome === "client_closed" && status === 499);
  });
});
