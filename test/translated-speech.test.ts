// Speech for OpenAI's clients by a service that speaks over a WebSocket: the sound comes as it is made, and every way in which
// that can fail.
import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { createKeeper } from "./support/keeper.ts";
import { exchange, RawClient, type Answer } from "./support/raw-client.ts";
import { startRawUpstream, type RawUpstream } from "./support/raw-upstream.ts";
import { SocketService, type SocketLog, type SocketServiceOptions } from "./support/socket-client.ts";
import {
  event,
  failedEvent,
  finishedEvent,
  recordedFrames,
  speak,
  wordsOf,
} from "./support/speech-frames.ts";

const keep = createKeeper();
const providerKey = "sk-speech-canary-0123456789";

interface Scene {
  readonly service: SocketService;
  readonly gateway: Gateway;
  readonly plain: RawUpstream;
  ask(body?: object): Promise<Answer>;
}

type Answers = Parameters<typeof speak>[1];

/** A voice, and behind it a plain service that speaks OpenAI. */
async function sceneOf(
  answers: Answers = {},
  {
    socket = {},
    firstPacketTimeoutMs = 0,
    path = "",
  }: { socket?: SocketServiceOptions; firstPacketTimeoutMs?: number; path?: string } = {},
): Promise<Scene> {
  const service = keep(await SocketService.start({ onSocket: (log) => speak(log, answers), ...socket }));
  const plain = keep(
    await startRawUpstream({
      onRequest: ({ connection }) =>
        connection.socket.write(
          "HTTP/1.1 200 OK\r\ncontent-type: audio/mpeg\r\ncontent-length: 5\r\n\r\nplain",
        ),
    }),
  );
  const gateway = keep(
    await startGateway({
      services: [
        {
          name: "voice",
          provider: "openai-compatible",
          protocols: [{ protocol: "dashscope", baseUrl: `${service.url}${path}` }],
          apiKeys: [{ name: "main", value: providerKey }],
        },
        {
          name: "plain",
          provider: "openai-compatible",
          protocols: [{ protocol: "openai", baseUrl: plain.url }],
          apiKeys: [{ name: "main", value: providerKey }],
        },
      ],
      modelApis: [
        {
          name: "speech",
          useCase: "speech-synthesis",
          protocols: ["openai"],
          modelService: { mode: "single", target: { service: "voice" } },
          ...(firstPacketTimeoutMs === 0 ? {} : { firstPacketTimeoutMs }),
          retries: { max: 0 },
          fallback: {
            targets: [{ service: "plain", firstPacketTimeoutMs: 0 }],
            on: [
              "network-error",
              "timeout",
              "first-packet-timeout",
              "upstream-5xx",
              "error-in-200",
              "empty-answer",
            ],
          },
        },
      ],
    }),
  );
  const ask = (body: object = {}): Promise<Answer> =>
    exchange(gateway.port, {
      path: "/v1/audio/speech",
      headers: [["authorization", "Bearer client-key"]],
      body: JSON.stringify({ model: "cosyvoice-v2", voice: "longxiaochun", input: "Hello.", ...body }),
    });
  return { service, gateway, plain, ask };
}

const recordedSound = Buffer.concat(
  recordedFrames("cnb.speech-synthesizer.success.json")
    .filter(({ binary, fromClient }) => binary && !fromClient)
    .map(({ data }) => data),
);

const recordedAnswers: Answers = {
  "finish-task": (log, id) => {
    log.send(event("result-generated", id, { output: { sentence: { words: [] } } }));
    for (const { data, binary, fromClient } of recordedFrames("cnb.speech-synthesizer.success.json"))
      if (binary && !fromClient) log.send(data);
    log.send(finishedEvent(id, 12));
  },
};

describe("OpenAI's library hears", () => {
  test("the recorded sound, as bytes", async () => {
    const { gateway, service } = await sceneOf(recordedAnswers);
    const client = new OpenAI({ apiKey: "k", baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const answer = await client.audio.speech.create({
      model: "cosyvoice-v2",
      voice: "longxiaochun",
      input: "代码改变世界",
      speed: 1.1,
    });
    expect(answer.headers.get("content-type")).toBe("audio/mpeg");
    expect(Buffer.from(await answer.arrayBuffer()).equals(recordedSound)).toBe(true);
    const [log] = service.sockets;
    const said = log?.messages.map(({ data }) => wordsOf(data)) ?? [];
    expect(said.map(({ header }) => header.action)).toEqual(["run-task", "continue-task", "finish-task"]);
    expect(said[0]?.payload).toMatchObject({
      model: "cosyvoice-v2",
      parameters: { rate: 1.1, format: "mp3" },
    });
    expect(said[1]?.payload).toEqual({ input: { text: "代码改变世界" } });
    expect(service.requests[0]?.url).toBe("/api-ws/v1/inference");
    expect(service.requests[0]?.headers.authorization).toBe(`Bearer ${providerKey}`);
    const record = await gateway.recordWhere(() => true);
    expect(record).toMatchObject({
      outcome: "ok",
      status: 200,
      usage: { characters: 12, estimated: false },
      attempts: [{ service: "voice", protocol: "dashscope", outcome: "ok" }],
    });
    expect((await log?.ended())?.code).toBe(1000);
  });

  test("the same as events, with what was consumed", async () => {
    const { gateway, ask } = await sceneOf(recordedAnswers);
    const answer = await ask({ stream_format: "sse" });
    expect(answer.header("content-type")).toMatch(/^text\/event-stream/);
    const events = answer
      .text()
      .split("\n\n")
      .filter((text) => text !== "")
      .map((text): { type: string; audio?: string; usage?: object } =>
        JSON.parse(text.split("\ndata: ")[1] ?? ""),
      );
    const sound = Buffer.concat(events.map(({ audio = "" }) => Buffer.from(audio, "base64")));
    expect(sound.equals(recordedSound)).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: "speech.audio.done", usage: { characters: 12 } });
    const record = await gateway.recordWhere(() => true);
    expect(record).toMatchObject({ outcome: "ok", usage: { characters: 12 } });
    expect(record.ttftMs).not.toBeNull();
  });

  test("at a service whose base URL ends with the version of its other paths", async () => {
    const { service, ask } = await sceneOf({}, { path: "/api/v1" });
    expect((await ask()).status).toBe(200);
    expect(service.requests[0]?.url).toBe("/api-ws/v1/inference");
  });
});

test("sound comes as it is made, not when all of it is there", async () => {
  const finish = Promise.withResolvers<() => void>();
  const { gateway } = await sceneOf({
    "finish-task": (log, id) => {
      log.send(Buffer.from("first"));
      finish.resolve(() => {
        log.send(Buffer.from("second"));
        log.send(finishedEvent(id));
      });
    },
  });
  const client = await RawClient.connect(gateway.port);
  client.send(
    gateway.bytes({ path: "/v1/audio/speech", body: JSON.stringify({ model: "m", voice: "v", input: "a" }) }),
  );
  await client.body((body) => body.includes("first"));
  (await finish.promise)();
  const answer = await client.answer();
  expect(answer.text()).toBe("firstsecond");
  client.destroy();
});

describe("what fails before any sound goes to the fallback", () => {
  const rows: readonly (readonly [name: string, answers: Answers, socket?: SocketServiceOptions])[] = [
    [
      "a task that is refused",
      { "run-task": (log, id) => log.send(failedEvent("InvalidParameter", "no", id)) },
    ],
    [
      "a task that fails after its beginning",
      { "finish-task": (log, id) => log.send(failedEvent("InternalError", "no", id)) },
    ],
    ["a task without sound", { "finish-task": (log, id) => log.send(finishedEvent(id)) }],
    ["a socket that closes", { "run-task": (log) => log.socket.close(1011, "no") }],
    ["a socket that is lost", { "run-task": (log) => log.socket.terminate() }],
    ["words that are none", { "run-task": (log) => log.socket.send("{") }],
    ["a handshake that is refused", {}, { refuseWith: 503, refusalBody: "{}" }],
    ["a handshake that is no handshake", {}, { refuseWith: 200, refusalBody: "{}" }],
  ];
  test.each(rows.map(([name, answers, socket = {}]) => ({ name, answers, socket })))("$name", async (row) => {
    const { ask, gateway } = await sceneOf(row.answers, { socket: row.socket });
    const answer = await ask();
    expect(answer.text()).toBe("plain");
    expect(answer.header("x-moongate-fallback-from")).toBe("voice");
    const record = await gateway.recordWhere(() => true);
    expect(record.attempts.map(({ service, nextAction }) => [service, nextAction])).toEqual([
      ["voice", "fallback"],
      ["plain", "none"],
    ]);
  });
});

test("events that do not begin in time come from the fallback", async () => {
  const { gateway, plain } = await sceneOf({ "run-task": () => undefined }, { firstPacketTimeoutMs: 100 });
  const body = JSON.stringify({ model: "m", voice: "v", input: "a", stream_format: "sse" });
  const answer = await exchange(gateway.port, { path: "/v1/audio/speech", body });
  expect(answer.text()).toBe("plain");
  expect(plain.requests).toHaveLength(1);
  const record = await gateway.recordWhere(() => true);
  expect(record.attempts[0]).toMatchObject({ reason: "first-packet-timeout", outcome: "timeout" });
});

describe("refusals are told in the client's protocol", () => {
  test.each([
    ["of what was asked", 400, { code: "InvalidParameter", message: "no such voice" }, 400, "no such voice"],
    [
      "of the key, of which nothing is shown",
      401,
      { code: "InvalidApiKey", message: providerKey },
      502,
      "credentials",
    ],
  ])("%s", async (_name, refuseWith, body, ...[status, words]) => {
    const { ask } = await sceneOf({}, { socket: { refuseWith, refusalBody: JSON.stringify(body) } });
    const answer = await ask();
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.json())).toContain(words);
    expect(answer.text()).not.toContain("canary");
  });

  test("of a request that cannot be said", async () => {
    const { ask, service } = await sceneOf();
    const answer = await ask({ voice: undefined });
    expect(answer.json()).toMatchObject({ error: { code: "invalid_request", param: "voice" } });
    expect(service.requests).toEqual([]);
  });
});

describe("what fails in the middle ends honestly", () => {
  const breaking: Answers = {
    "finish-task": (log, id) => {
      log.send(Buffer.from("begin"));
      log.send(failedEvent("InternalError", "broken", id));
    },
  };

  test("bytes end abruptly", async () => {
    const { gateway, plain } = await sceneOf(breaking);
    const client = await RawClient.connect(gateway.port);
    client.send(
      gateway.bytes({
        path: "/v1/audio/speech",
        body: JSON.stringify({ model: "m", voice: "v", input: "a" }),
      }),
    );
    const answer = await client.answer();
    expect(answer.complete).toBe(false);
    expect(answer.text()).toBe("begin");
    const record = await gateway.recordWhere(() => true);
    expect(record).toMatchObject({ outcome: "truncated", status: 200 });
    expect(plain.requests).toEqual([]);
  });

  test("events end with an error", async () => {
    const { gateway, ask } = await sceneOf(breaking);
    const answer = await ask({ stream_format: "sse" });
    expect(answer.text()).toContain("speech.audio.delta");
    expect(answer.text()).toContain('"message":"broken"');
    expect(answer.text()).not.toContain("speech.audio.done");
    expect(await gateway.recordWhere(() => true)).toMatchObject({ outcome: "truncated" });
  });
});

test("a client that leaves closes the socket, and is recorded as gone", async () => {
  const begun = Promise.withResolvers<SocketLog>();
  const { gateway, plain } = await sceneOf({
    "finish-task": (log) => {
      log.send(Buffer.from("begin"));
      begun.resolve(log);
    },
  });
  const client = await RawClient.connect(gateway.port);
  client.send(
    gateway.bytes({
      path: "/v1/audio/speech",
      body: JSON.stringify({ model: "m", voice: "v", input: "ab" }),
    }),
  );
  const log = await begun.promise;
  await client.body((body) => body.includes("begin"));
  client.destroy();
  await log.ended();
  const record = await gateway.recordWhere(() => true);
  expect(record).toMatchObject({ outcome: "client_closed", usage: { characters: 2, estimated: true } });
  expect(plain.requests).toEqual([]);
});

test("a service that is not read is not heard without a bound", async () => {
  const piece = Buffer.alloc(64 * 1024, 1);
  let sent = 0;
  const stalled = Promise.withResolvers<SocketLog>();
  const { gateway } = await sceneOf({
    "finish-task": (log) => {
      // As fast as it is taken, up to what must never be held.
      const more = (): void => {
        while (sent < 64 * 1024 * 1024 && log.socket.bufferedAmount < 256 * 1024) {
          log.send(piece);
          sent += piece.length;
        }
        if (sent >= 64 * 1024 * 1024) return stalled.reject(new Error("all of it was taken"));
        if (log.socket.bufferedAmount > 0 && sent === last) return stalled.resolve(log);
        last = sent;
        setTimeout(more, 300);
      };
      let last = -1;
      more();
    },
  });
  const client = await RawClient.connect(gateway.port);
  client.pause();
  client.send(
    gateway.bytes({ path: "/v1/audio/speech", body: JSON.stringify({ model: "m", voice: "v", input: "a" }) }),
  );
  const log = await stalled.promise;
  expect(sent).toBeLessThan(64 * 1024 * 1024);
  client.destroy();
  await log.ended();
});
