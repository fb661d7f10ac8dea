// Mode intelligent where a request is no JSON: forms with a model in a part, files, and WebSockets whose model stands in a
// frame or in the query. Names, grants and the default hold as everywhere.
import { describe, expect, test } from "vitest";
import type { Gateway } from "./support/gateway.ts";
import { startGateway } from "./support/gateway.ts";
import { wholeAnswer } from "./support/fault-upstream.ts";
import { routingOf } from "./support/intelligent-scene.ts";
import { createKeeper } from "./support/keeper.ts";
import { RawClient, type Answer } from "./support/raw-client.ts";
import { startRawUpstream, type RawUpstream } from "./support/raw-upstream.ts";
import { acceptedSocket, openSocket, SocketService } from "./support/socket-client.ts";
import { finishTask, runTask, speak, speechPath, wordsOf } from "./support/speech-frames.ts";

const keep = createKeeper();
const boundary = "----parts7MA4";

const key = (name: string): string => `consumer-${name}-0123456789`;
const grants: readonly (readonly [consumer: string, models: readonly string[] | undefined])[] = [
  ["all", undefined],
  ["small", ["small"]],
  ["none", ["other"]],
];
const consumers = grants.map(([name]) => ({
  name,
  credentials: [{ type: "api-key", name: "main", value: key(name) }],
}));

/** Of the same price, so that quality alone decides; the default is what answers where nothing is told of a request. */
const modelService = {
  mode: "intelligent",
  candidates: [
    { service: "up", model: "small", quality: 60, price: { input: 1, output: 4 } },
    { service: "up", model: "large", quality: 90, price: { input: 1, output: 4 } },
  ],
  default: { service: "up", model: "large" },
};

/** By a consumer where there are grants. */
const api = (useCase: string, protocol: string, fields: object = {}): Readonly<Record<string, unknown>> => ({
  name: "bodies",
  useCase,
  protocols: [protocol],
  modelService,
  retries: { max: 0 },
  auth: {
    enabled: true,
    grants: grants.map(([consumer, models]) => ({ consumer, ...(models && { models }) })),
  },
  ...fields,
});

const serviceOf = (url: string, protocol: string): Readonly<Record<string, unknown>> => ({
  name: "up",
  provider: protocol === "dashscope" ? "dashscope" : "openai-compatible",
  protocols: [{ protocol, baseUrl: url }],
  apiKeys: [{ name: "main", value: "sk-bodies-canary-0123456789" }],
});

function part(name: string, content: string | Buffer, more = ""): Buffer {
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(content), Buffer.from("\r\n")]);
}

const form = (...parts: readonly Buffer[]): Buffer =>
  Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]);

const file = (name: string, bytes: number): Buffer =>
  part(name, Buffer.alloc(bytes, 0x2d), `; filename="a.bin"\r\nContent-Type: application/octet-stream`);

interface FormScene {
  readonly gateway: Gateway;
  readonly service: RawUpstream;
  send(path: string, body: Buffer, consumer?: string): Promise<Answer>;
}

async function formScene(
  useCase: string,
  answer: string,
  enabled: readonly string[] = [],
): Promise<FormScene> {
  const service = keep(
    await startRawUpstream({
      onRequest: ({ connection }) => void connection.socket.write(wholeAnswer(200, answer)),
    }),
  );
  const gateway = keep(
    await startGateway({
      services: [serviceOf(service.url, "openai")],
      modelApis: [api(useCase, "openai", { routes: { enabled } })],
      consumers,
    }),
  );
  return {
    gateway,
    service,
    send: async (path, body, consumer = "all") => {
      const client = await RawClient.connect(gateway.port);
      const headers = [
        ["content-type", `multipart/form-data; boundary=${boundary}`],
        ["authorization", `Bearer ${key(consumer)}`],
      ] as const;
      client.send(gateway.bytes({ path, body, headers }));
      const answered = await client.answer();
      client.destroy();
      return answered;
    },
  };
}

describe("a form", () => {
  const edits = "/v1/images/edits";
  const image = JSON.stringify({ created: 1, data: [{ url: "https://img.test/a.png" }] });
  const edit = (model: string | undefined): Buffer =>
    form(
      ...(model === undefined ? [] : [part("model", model)]),
      file("image", 1_000),
      part("prompt", "a moon"),
    );

  test.each<[string, string | undefined, number, string]>([
    ["all", "auto", 200, "large"],
    ["all", "auto/cheap", 200, "large"],
    ["all", "small", 200, "small"],
    ["all", "whatever", 200, "large"],
    ["all", undefined, 200, "large"],
    ["all", "auto/nonsense", 404, "model_not_found"],
    ["small", "auto", 200, "small"],
    ["small", "large", 403, "consumer_not_allowed"],
    ["none", "auto", 403, "consumer_not_allowed"],
    ["none", undefined, 403, "consumer_not_allowed"],
  ])("of consumer %s that asks for %s: %i %s", async (consumer, model, status, expected) => {
    const { gateway, service, send } = await formScene("image-generation", image);
    const answer = await send(edits, edit(model), consumer);
    expect(answer.status).toBe(status);
    const record = await gateway.record(answer.header("x-request-id"));
    if (status !== 200) {
      expect(record.errorCode).toBe(expected);
      expect(service.requests).toHaveLength(0);
      return;
    }
    expect(record).toMatchObject({ requestedModel: model ?? "", model: expected, outcome: "ok" });
    expect(routingOf(record).evidence.prompt.domains).toEqual([]);
    expect(answer.header("x-moongate-model")).toBe(expected);
    const sent = await service.request(0);
    const wanted = form(part("model", expected), file("image", 1_000), part("prompt", "a moon"));
    // The header's name is written as ours when the part is ours.
    expect(sent.body.toString("latin1").toLowerCase()).toBe(wanted.toString("latin1").toLowerCase());
  });

  test("whose model stands behind a file that is too large to be held gets the chosen one", async () => {
    const { gateway, service, send } = await formScene("image-generation", image);
    const bytes = 9 * 1024 * 1024;
    const answer = await send(edits, form(file("image", bytes), part("model", "auto")));
    expect(answer.status).toBe(200);
    const record = await gateway.record(answer.header("x-request-id"));
    expect(record).toMatchObject({ requestedModel: "auto", model: "large" });
    const sent = await service.request(0);
    expect(sent.body.equals(form(file("image", bytes), part("model", "large")))).toBe(true);
  });

  test("with speech in it is transcribed by a model of which nobody says that it takes none", async () => {
    const { gateway, send } = await formScene("speech-synthesis", JSON.stringify({ text: "Hello." }), [
      "openai-audio-transcriptions",
    ]);
    const answer = await send("/v1/audio/transcriptions", form(file("file", 1_000), part("model", "auto")));
    expect(answer.status).toBe(200);
    expect(await gateway.record(answer.header("x-request-id"))).toMatchObject({ model: "large" });
  });
});

test("a file that is stored has no model: it passes byte for byte", async () => {
  const stored = JSON.stringify({ id: "file-1", object: "file", bytes: 3, purpose: "batch" });
  const { gateway, service, send } = await formScene("others", stored);
  const body = form(part("purpose", "batch"), file("file", 1_000));
  const answer = await send("/v1/files", body);
  expect(answer.status).toBe(200);
  expect((await service.request(0)).body.equals(body)).toBe(true);
  const record = await gateway.record(answer.header("x-request-id"));
  expect(record).toMatchObject({ service: "up", outcome: "ok", requestedModel: "" });
});

describe("a socket", () => {
  test("of tasks: each task gets a model of its own, and what is withheld fails alone", async () => {
    const service = keep(await SocketService.start({ onSocket: (log) => speak(log) }));
    const gateway = keep(
      await startGateway({
        services: [serviceOf(service.url, "dashscope")],
        modelApis: [api("speech-synthesis", "dashscope")],
        consumers,
      }),
    );
    const asked = async (consumer: string, model: string | undefined) => {
      const before = gateway.records.length;
      const headers = { authorization: `Bearer ${key(consumer)}` };
      const client = await acceptedSocket(gateway.port, speechPath, { headers });
      const id = `task-${before}-${model ?? ""}`;
      client.send(runTask(model, id));
      client.send(finishTask(id));
      const { header } = await client.json(0);
      if (!JSON.stringify(header).includes("task-failed")) await client.message(2);
      client.socket.close(1000);
      return { header, record: await gateway.recordWhere((one) => gateway.records.indexOf(one) >= before) };
    };
    for (const [consumer, model, expected] of [
      ["all", "auto", "large"],
      ["all", "small", "small"],
      ["all", undefined, "large"],
      ["small", "auto", "small"],
    ] as const) {
      const { record } = await asked(consumer, model);
      expect(record).toMatchObject({ requestedModel: model ?? "", model: expected, outcome: "ok" });
      expect(routingOf(record).choice.model).toBe(expected);
      const runs = (service.sockets.at(-1)?.messages ?? []).map(({ data }) => wordsOf(data));
      expect(runs.find(({ header }) => header.action === "run-task")?.payload.model).toBe(expected);
    }
    const sockets = service.sockets.length;
    for (const [consumer, model, code] of [
      ["all", "auto/nonsense", "model_not_found"],
      ["small", "large", "consumer_not_allowed"],
      ["none", "auto", "consumer_not_allowed"],
    ] as const) {
      const { header, record } = await asked(consumer, model);
      expect(header).toMatchObject({ event: "task-failed", error_code: code });
      expect(record.errorCode).toBe(code);
    }
    expect(service.sockets).toHaveLength(sockets);
  });

  test.each<[string, string, string]>([
    ["all", "auto", "large"],
    ["all", "small", "small"],
    ["small", "auto", "small"],
    ["all", "auto/nonsense", "404"],
    ["small", "large", "403"],
    ["none", "auto", "403"],
  ])("of a realtime session of consumer %s that asks for %s: %s", async (consumer, model, expected) => {
    const service = keep(
      await SocketService.start({ onSocket: (log) => log.send({ type: "session.created" }) }),
    );
    const gateway = keep(
      await startGateway({
        services: [serviceOf(service.url, "openai")],
        modelApis: [api("text-generation", "openai", { routes: { enabled: ["realtime"] } })],
        consumers,
      }),
    );
    const headers = { authorization: `Bearer ${key(consumer)}` };
    const opened = await openSocket(gateway.port, `/v1/realtime?model=${encodeURIComponent(model)}`, {
      headers,
    });
    if (!("socket" in opened)) {
      expect(String(opened.status)).toBe(expected);
      expect(service.requests).toHaveLength(0);
      return;
    }
    await opened.message(0);
    opened.socket.close(1000);
    expect(service.requests[0]?.url).toBe(`/v1/realtime?model=${expected}`);
    const record = await gateway.recordWhere(({ status }) => status === 101);
    expect(record).toMatchObject({ requestedModel: model, model: expected });
  });
});
