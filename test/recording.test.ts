// Recording over real sockets: what stands in records of every kind of ending when a Model API has it switched on, and
// that nothing does when it has not. What is asked and answered passes unchanged.
import { describe, expect, test } from "vitest";
import { apiOf, providerKey, serviceAt, type TestDocument } from "./support/configuration.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { createKeeper } from "./support/keeper.ts";
import { RawClient, type Answer, type RequestParts } from "./support/raw-client.ts";
import { startRawUpstream, type UpstreamRequest } from "./support/raw-upstream.ts";
import { acceptedSocket } from "./support/socket-client.ts";
import { createSocketScene } from "./support/socket-scene.ts";
import { continueTask, finishTask, runTask, speak, speechPath } from "./support/speech-frames.ts";

const keep = createKeeper();
const { speech } = createSocketScene(keep);

const on = { recordRequestContent: true, recordResponseContent: true };
const ask = '{"model":"m","messages":[{"role":"user","content":"Hi"}]}';
const askStream = '{"model":"m","stream":true,"messages":[{"role":"user","content":"Hi"}]}';
const answer = '{"choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}]}';
const chunk = (content: string, finish: string | null): string =>
  `data: ${JSON.stringify({ choices: [{ delta: { content }, finish_reason: finish }] })}\n\n`;
const events = [chunk("He", null), chunk("llo", "stop"), "data: [DONE]\n\n"];

/** The bytes of an answer in one piece. */
function whole(body: string | Buffer, type = "application/json", status = "200 OK"): Buffer {
  const bytes = Buffer.from(body);
  return Buffer.concat([
    Buffer.from(`HTTP/1.1 ${status}\r\ncontent-type: ${type}\r\ncontent-length: ${bytes.length}\r\n\r\n`),
    bytes,
  ]);
}

const streamHead = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
const framed = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

async function gatewayWith(
  onRequest: (request: UpstreamRequest) => void,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<Gateway> {
  const upstream = keep(await startRawUpstream({ onRequest }));
  const document: TestDocument = {
    services: [serviceAt(upstream.url, "openai")],
    modelApis: [apiOf("openai", { monitoring: on, retries: { max: 0 }, ...fields })],
  };
  return keep(await startGateway(document));
}

async function asked(gateway: Gateway, parts: Partial<RequestParts> = {}): Promise<Answer> {
  const client = await RawClient.connect(gateway.port);
  const got = await client.request({ method: "POST", path: "/v1/chat/completions", body: ask, ...parts });
  client.destroy();
  return got;
}

async function recordOf(gateway: Gateway, got: Answer) {
  const { requestContent, responseContent, outcome } = await gateway.record(got.header("x-request-id"));
  return { requestContent, responseContent, outcome };
}

describe("a record holds what was asked and answered", () => {
  test("in one piece", async () => {
    const gateway = await gatewayWith(({ connection }) => connection.socket.write(whole(answer)));
    const got = await asked(gateway);
    expect(got.text()).toBe(answer);
    expect(await recordOf(gateway, got)).toEqual({
      requestContent: ask,
      responseContent: answer,
      outcome: "ok",
    });
  });

  test("as a stream, event by event", async () => {
    const gateway = await gatewayWith(({ connection }) => {
      connection.socket.write(streamHead);
      for (const event of events) connection.socket.write(framed(event));
      connection.socket.write("0\r\n\r\n");
    });
    const got = await asked(gateway, { body: askStream });
    expect(await recordOf(gateway, got)).toEqual({
      requestContent: askStream,
      responseContent: events.join(""),
      outcome: "ok",
    });
  });

  test("when the service refuses", async () => {
    const refusal = '{"error":{"message":"no such model"}}';
    const gateway = await gatewayWith(({ connection }) =>
      connection.socket.write(whole(refusal, "application/json", "404 Not Found")),
    );
    const got = await asked(gateway);
    expect(got.status).toBe(404);
    expect(await recordOf(gateway, got)).toEqual({
      requestContent: ask,
      responseContent: refusal,
      outcome: "client_error",
    });
  });

  test("when the gateway refuses, with what it answered", async () => {
    const gateway = await gatewayWith(() => undefined);
    const got = await asked(gateway, { body: "no JSON" });
    expect(got.status).toBe(400);
    expect(await recordOf(gateway, got)).toEqual({
      requestContent: "no JSON",
      responseContent: got.text(),
      outcome: "client_error",
    });
  });

  test("when the service breaks off in the middle, with the error that the client got", async () => {
    const gateway = await gatewayWith(({ connection }) => {
      connection.socket.write(streamHead + framed(events[0] ?? ""));
      connection.socket.end();
    });
    const got = await asked(gateway, { body: askStream });
    const record = await recordOf(gateway, got);
    expect(record).toEqual({ requestContent: askStream, responseContent: got.text(), outcome: "truncated" });
    expect(record.responseContent).toContain('"error"');
  });

  test("when the client goes away in the middle", async () => {
    const gateway = await gatewayWith(({ connection }) =>
      connection.socket.write(streamHead + framed(events[0] ?? "")),
    );
    const client = await RawClient.connect(gateway.port);
    client.send(gateway.bytes({ method: "POST", path: "/v1/chat/completions", body: askStream }));
    await client.body((body) => body.includes("He"));
    client.reset();
    const record = await gateway.recordWhere(({ outcome }) => outcome === "client_closed");
    expect(record.requestContent).toBe(askStream);
    expect(record.responseContent).toBe(events[0]);
  });

  test("of a form by its fields and the names of its files", async () => {
    const gateway = await gatewayWith(({ connection }) => connection.socket.write(whole('{"text":"Hi"}')), {
      useCase: "speech-synthesis",
      routes: { enabled: ["openai-audio-transcriptions"] },
    });
    const form = new FormData();
    form.set("model", "whisper-1");
    form.set("file", new Blob([Buffer.alloc(12_345)]), "speech.mp3");
    const request = new Request("http://a/", { method: "POST", body: form });
    const got = await asked(gateway, {
      path: "/v1/audio/transcriptions",
      headers: [["content-type", request.headers.get("content-type") ?? ""]],
      body: Buffer.from(await request.arrayBuffer()),
    });
    expect(await recordOf(gateway, got)).toEqual({
      requestContent: "model: whisper-1\nfile: <file speech.mp3, 12,345 bytes>\n",
      responseContent: '{"text":"Hi"}',
      outcome: "ok",
    });
  });

  test("of sound by its size", async () => {
    const gateway = await gatewayWith(
      ({ connection }) => connection.socket.write(whole(Buffer.alloc(12_345, 1), "audio/mpeg")),
      { useCase: "speech-synthesis" },
    );
    const got = await asked(gateway, {
      path: "/v1/audio/speech",
      body: '{"model":"m","input":"Hi","voice":"a"}',
    });
    expect((await recordOf(gateway, got)).responseContent).toBe("<audio/mpeg, 12,345 bytes>");
  });
});

test("each message of a task on a socket stands in its record, in both directions", async () => {
  const recording = { request: true, response: true, maxBytes: 65_536 };
  const redact = { secrets: true, personalData: false, patterns: [] };
  const monitoring = { metrics: true, logs: true, traces: true, traceSampleRatio: 1, exposeHeaders: true };
  const { gateway } = await speech(
    { onSocket: (log) => speak(log) },
    { monitoring: { ...monitoring, recording: { ...recording, redact } } },
  );
  const client = await acceptedSocket(gateway.port, speechPath);
  for (const taskId of ["one", "two"]) {
    const before = client.messages.length;
    client.send(runTask("m", taskId));
    await client.message(before);
    client.send(continueTask(`words of ${taskId}`, undefined, taskId));
    client.send(finishTask(taskId));
    await client.message(before + 2);
    const { requestContent = "", responseContent = "" } = await gateway.record(taskId === "one" ? 0 : 1);
    const marks = requestContent.split("\n").map((line) => line.slice(0, 4));
    expect(marks).toEqual(["1 > ", "3 > ", "4 > ", ""]);
    expect(requestContent).toContain(`words of ${taskId}`);
    expect(responseContent).toContain("2 < ");
    expect(responseContent).toContain("task-finished");
    expect(responseContent).toMatch(/< <\d binary messages?, [\d,]+ bytes>/);
  }
});

describe("a record holds nothing", () => {
  test.each([
    ["by default", {}],
    ["of requests when only answers are recorded", { recordResponseContent: true }],
    ["of answers when only requests are recorded", { recordRequestContent: true }],
    ["when logs are off", { ...on, logs: false }],
  ])("%s", async (_name, monitoring: { recordRequestContent?: boolean; recordResponseContent?: boolean }) => {
    const gateway = await gatewayWith(({ connection }) => connection.socket.write(whole(answer)), {
      monitoring,
    });
    const record = await recordOf(gateway, await asked(gateway));
    const wants = (side?: boolean): boolean => side === true && !("logs" in monitoring);
    expect(record.requestContent).toBe(wants(monitoring.recordRequestContent) ? ask : undefined);
    expect(record.responseContent).toBe(wants(monitoring.recordResponseContent) ? answer : undefined);
  });

  test("beyond the cap", async () => {
    const gateway = await gatewayWith(({ connection }) => connection.socket.write(whole(answer)), {
      monitoring: { ...on, recordMaxBytes: 10 },
    });
    expect(await recordOf(gateway, await asked(gateway))).toMatchObject({
      requestContent: `${ask.slice(0, 10)}\n<${ask.length - 10} more bytes were not recorded>`,
    });
  });

  test("that is secret: keys of services, the caller's own, and what looks like one", async () => {
    const clientKey = "client-key-0123456789";
    const openaiKey = `sk-proj-${"aB3dE5fG".repeat(6)}`;
    const secrets = [providerKey, clientKey, openaiKey, "hunter2"];
    const body = JSON.stringify({ model: "m", messages: [], user: secrets.join(" "), password: "hunter2" });
    const gateway = await gatewayWith(({ connection }) => {
      connection.socket.write(whole(answer.replace("Hello", `${openaiKey} ${clientKey}`)));
    });
    const got = await asked(gateway, {
      body: body.replace(" hunter2", ""),
      headers: [["authorization", `Bearer ${clientKey}`]],
    });
    expect(got.text()).toContain(openaiKey);
    const record = JSON.stringify(await gateway.record(got.header("x-request-id")));
    expect(secrets.filter((secret) => record.includes(secret))).toEqual([]);
    expect(record).toContain("<secret> <secret> <api-key>");
  });

  test("that personal data rules and patterns of the Model API find", async () => {
    const redact = { personalData: true, patterns: ["ORD-[0-9]+"] };
    const gateway = await gatewayWith(({ connection }) => connection.socket.write(whole(answer)), {
      monitoring: { ...on, redact },
    });
    const got = await asked(gateway, {
      body: '{"model":"m","messages":[],"user":"ann@example.com, 13812345678, ORD-17"}',
    });
    expect((await recordOf(gateway, got)).requestContent).toBe(
      '{"model":"m","messages":[],"user":"<email>, <phone>, <redacted>"}',
    );
  });
});
