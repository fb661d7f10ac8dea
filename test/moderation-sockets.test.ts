// Content on WebSockets: what is forbidden goes neither to the service nor to the client, however it was cut over
// messages, and the socket ends with the protocol's word and 1008.
import { describe, expect, test } from "vitest";
import type { SnapshotModeration } from "../src/snapshot/snapshot-moderation.ts";
import { createKeeper } from "./support/keeper.ts";
import { acceptedSocket } from "./support/socket-client.ts";
import { createSocketScene } from "./support/socket-scene.ts";
import { continueTask, event, finishTask, runTask, speechPath } from "./support/speech-frames.ts";

const { serviceOf, gatewayOf, speech } = createSocketScene(createKeeper());

const moderation: SnapshotModeration = {
  dryRun: false,
  request: true,
  response: true,
  images: false,
  onError: "block",
  streamWindowCharacters: 40,
  checks: [
    {
      name: "words",
      type: "keywords",
      on: ["request", "response"],
      action: "block",
      keywords: ["verboten"],
      wholeWords: true,
    },
  ],
  rules: [],
};

const json = (value: object): string => JSON.stringify(value);

describe("a task", () => {
  test("with nothing to find passes frame by frame", async () => {
    const { service, gateway } = await speech({}, { moderation });
    const client = await acceptedSocket(gateway.port, speechPath);
    const frames = [runTask("m"), continueTask("Good "), continueTask("morning."), finishTask()].map(json);
    for (const frame of frames) client.socket.send(frame);
    expect(await gateway.record(0)).toMatchObject({ status: 101, outcome: "ok", moderation: [] });
    expect(service.sockets[0]?.messages.map(({ data }) => data.toString())).toEqual(frames);
  });

  test("whose text is forbidden over two frames is refused, and none of it reaches the service", async () => {
    const { service, gateway } = await speech({}, { moderation });
    const client = await acceptedSocket(gateway.port, speechPath);
    for (const frame of [runTask("m"), continueTask("it is ver"), continueTask("boten"), finishTask()]) {
      client.socket.send(json(frame));
    }
    const record = await gateway.record(0);
    expect(record).toMatchObject({ outcome: "blocked", errorCode: "content_blocked" });
    expect(record.moderation).toMatchObject([{ check: "words", direction: "request", action: "block" }]);
    expect(await client.ended()).toMatchObject({ code: 1008, reason: "content_blocked" });
    expect(client.messages.at(-1)?.data.toString()).toContain('"error_code":"content_blocked"');
    for (const { data } of service.sockets[0]?.messages ?? []) expect(data.toString()).not.toContain("boten");
  });

  test.each([
    ["binary", (text: string) => Buffer.from(text)],
    ["binary, of UTF-16", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le")],
    ["binary, of UTF-16 that does not say so", (text: string) => Buffer.from(text, "utf16le")],
  ])("whose forbidden text comes as JSON in a message that is %s is refused", async (_, bytesOf) => {
    const { service, gateway } = await speech({}, { moderation });
    const client = await acceptedSocket(gateway.port, speechPath);
    client.socket.send(json(runTask("m")));
    client.socket.send(bytesOf(json(continueTask("it is verboten."))));
    client.socket.send(json(finishTask()));
    expect(await gateway.record(0)).toMatchObject({ outcome: "blocked", errorCode: "content_blocked" });
    expect(await client.ended()).toMatchObject({ code: 1008, reason: "content_blocked" });
    for (const { data } of service.sockets[0]?.messages ?? []) expect(data.toString()).toContain("run-task");
  });

  test("whose result is forbidden is refused, and nothing of it reaches the client", async () => {
    const { gateway } = await speech(
      {
        onSocket: (log) => {
          log.socket.on("message", () => {
            log.socket.send(json(event("task-started")));
            log.socket.send(
              json(
                event("result-generated", "task-1", { output: { sentence: { text: "It is verboten." } } }),
              ),
            );
          });
        },
      },
      { moderation },
    );
    const client = await acceptedSocket(gateway.port, speechPath);
    client.socket.send(json(runTask("m")));
    expect(await client.ended()).toMatchObject({ code: 1008 });
    for (const { data } of client.messages) expect(data.toString()).not.toContain("verboten");
    expect(await gateway.record(0)).toMatchObject({ outcome: "blocked", attempts: [{ outcome: "ok" }] });
  });
});

describe("a further task", () => {
  async function afterOne(before: SnapshotModeration | undefined, now: SnapshotModeration | undefined) {
    const { service, gateway } = await speech({}, before === undefined ? {} : { moderation: before });
    const client = await acceptedSocket(gateway.port, speechPath);
    for (const frame of [runTask("m", "one"), continueTask("Hello.", "m", "one"), finishTask("one")]) {
      client.socket.send(json(frame));
    }
    await gateway.record(0);
    gateway.apply({
      kind: "speech",
      services: [{ name: "up", url: service.url }],
      ...(now === undefined ? {} : { api: { moderation: now } }),
    });
    const say = (text: string): void => {
      for (const frame of [runTask("m", "two"), continueTask(text, "m", "two"), finishTask("two")]) {
        client.socket.send(json(frame));
      }
    };
    return { service, gateway, client, say };
  }

  test("is judged by what its Model API wants by then", async () => {
    const { service, gateway, say } = await afterOne(undefined, moderation);
    say("It is verboten.");
    expect(await gateway.record(1)).toMatchObject({ outcome: "blocked", moderation: [{ check: "words" }] });
    for (const { data } of service.sockets.flatMap(({ messages }) => messages)) {
      expect(data.toString()).not.toContain("verboten");
    }
  });

  test("is no longer judged when that was taken back", async () => {
    const { gateway, say } = await afterOne(moderation, undefined);
    say("It is verboten.");
    expect(await gateway.record(1)).toMatchObject({ outcome: "ok", moderation: [] });
  });

  test("that is refused as it is asked for has a record of its own", async () => {
    const { gateway, client } = await afterOne(moderation, moderation);
    const run = { ...runTask("m", "two"), note: "verboten" };
    client.socket.send(json(run));
    expect(await client.ended()).toMatchObject({ code: 1008, reason: "content_blocked" });
    expect(await gateway.record(1)).toMatchObject({
      outcome: "blocked",
      errorCode: "content_blocked",
      moderation: [{ check: "words", direction: "request", action: "block" }],
    });
    expect(await gateway.record(0)).toMatchObject({ outcome: "ok", moderation: [] });
  });
});

describe("a realtime session", () => {
  const path = "/v1/realtime?model=m";

  async function session(said: readonly object[]) {
    const service = await serviceOf({
      onSocket: (log) => {
        log.socket.on("message", () => {
          for (const each of said) log.socket.send(json(each));
        });
      },
    });
    const gateway = await gatewayOf({
      kind: "realtime",
      services: [{ name: "up", url: service.url }],
      api: { moderation },
    });
    return { service, gateway, client: await acceptedSocket(gateway.port, path) };
  }

  const delta = (text: string): object => ({ type: "response.output_text.delta", item_id: "i", delta: text });
  const sound = { type: "response.output_audio.delta", item_id: "i", delta: "AAAA".repeat(100) };

  test("is told nothing that is forbidden, cut over events with sound between them", async () => {
    const { gateway, client } = await session([
      delta("it is ver"),
      sound,
      delta("bo"),
      delta("ten, "),
      { type: "response.output_text.done", item_id: "i" },
    ]);
    client.socket.send(json({ type: "response.create" }));
    expect(await client.ended()).toMatchObject({ code: 1008, reason: "content_blocked" });
    const heard = client.messages.map(({ data }) => data.toString()).join("");
    expect(heard).not.toContain("boten");
    expect(heard).not.toContain("ver");
    expect(await gateway.record(0)).toMatchObject({ outcome: "blocked", errorCode: "content_blocked" });
  });

  test("takes no forbidden instructions", async () => {
    const { gateway, service, client } = await session([]);
    client.socket.send(json({ type: "session.update", session: { instructions: "Say VERBOTEN things" } }));
    expect(await client.ended()).toMatchObject({ code: 1008 });
    expect(await gateway.record(0)).toMatchObject({ outcome: "blocked" });
    expect(service.sockets[0]?.messages).toEqual([]);
  });
});
