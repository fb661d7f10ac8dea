// DashScope's tasks over real sockets: frames and their models, routing of each task, fallback, records.
import { hash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { TestClock } from "../src/gateway/runtime-fixture.ts";
import { createKeeper } from "./support/keeper.ts";
import { acceptedSocket } from "./support/socket-client.ts";
import type { SocketDocument } from "./support/socket-gateway.ts";
import { createSocketScene } from "./support/socket-scene.ts";
import {
  continueTask,
  event,
  failedEvent,
  finishTask,
  recordedFrames,
  runTask,
  speak,
  speechPath,
  wordsOf,
} from "./support/speech-frames.ts";

const { serviceOf, gatewayOf, speech } = createSocketScene(createKeeper());

describe("a task", () => {
  test("of the recorded exchange passes frame by frame, its audio byte by byte", async () => {
    const frames = recordedFrames("cnb.speech-synthesizer.success.json");
    const fromService = frames.filter((frame) => !frame.fromClient);
    const fromClient = frames.filter((frame) => frame.fromClient);
    const { service, gateway } = await speech({
      onSocket: (log) => {
        // Says what was recorded up to the client's next words.
        let at = 0;
        log.socket.on("message", () => {
          at += 1;
          for (; at < frames.length && frames[at]?.fromClient === false; at += 1) {
            const frame = frames[at];
            if (frame !== undefined) log.socket.send(frame.data, { binary: frame.binary });
          }
        });
      },
    });
    const client = await acceptedSocket(gateway.port, speechPath);
    let told = 0;
    for (const frame of frames) {
      if (frame.fromClient) client.socket.send(frame.data.toString());
      else await client.message(told++);
    }
    const record = await gateway.record(0);
    expect(client.messages.map(({ binary }) => binary)).toEqual(fromService.map(({ binary }) => binary));
    expect(client.messages.map(({ data }) => data.toString("latin1"))).toEqual(
      fromService.map(({ data }) => data.toString("latin1")),
    );
    const [upstream] = service.sockets;
    expect(upstream?.messages.map(({ data }) => data.toString())).toEqual(
      fromClient.map(({ data }) => data.toString()),
    );
    expect(record).toMatchObject({
      status: 101,
      outcome: "ok",
      requestedModel: "cosyvoice-v1",
      model: "cosyvoice-v1",
      stream: true,
      attempts: [{ service: "up", status: 101, outcome: "ok", nextAction: "none" }],
    });
    expect(record.usage?.characters).toBeGreaterThan(0);
    expect(record.ttftMs).not.toBeNull();
    expect(gateway.defects).toEqual([]);
  });

  test("gets the target's model in run-task and continue-task, and every other byte stays", async () => {
    const { service, gateway } = await speech(
      {},
      { modelService: { mode: "single", target: { service: "up", model: "their-model" } } },
    );
    const client = await acceptedSocket(gateway.port, speechPath);
    const sent = [
      '{ "header":{"action":"run-task","task_id":"t","streaming":"duplex"},\n "payload":{"x":1.10,"model" : "ours","input":{}}}',
      '{"header":{"action":"continue-task","task_id":"t"},"payload":{"model":"ours","input":{"text":"\\u00e9 é"}}}',
      '{"header":{"action":"continue-task","task_id":"t"},"payload":{"input":{"text":"no model"}}}',
      '{"header":{"action":"finish-task","task_id":"t"},"payload":{"input":{}}}',
    ];
    client.socket.send(sent[0] ?? "");
    await client.message(0);
    for (const frame of sent.slice(1)) client.socket.send(frame);
    const record = await gateway.record(0);
    const told = service.sockets[0]?.messages.map(({ data }) => data.toString());
    expect(told).toEqual(sent.map((frame) => frame.replace('"ours"', '"their-model"')));
    expect(record).toMatchObject({ requestedModel: "ours", model: "their-model" });
  });

  test("gets the target's model where it names none", async () => {
    const { service, gateway } = await speech(
      {},
      { modelService: { mode: "single", target: { service: "up", model: "their-model" } } },
    );
    const client = await acceptedSocket(gateway.port, speechPath);
    client.send(runTask(undefined));
    await client.message(0);
    const [first] = (await service.socket(0)).messages;
    expect(first && wordsOf(first.data).payload.model).toBe("their-model");
  });

  test("may be told whole at once: what comes before task-started waits, and goes on in order", async () => {
    let started = (): void => undefined;
    const { service, gateway } = await speech({
      onSocket: (log) =>
        speak(log, {
          "run-task": (socket, id) => {
            started = () => socket.send(event("task-started", id));
          },
        }),
    });
    const client = await acceptedSocket(gateway.port, speechPath);
    const audio = Buffer.alloc(100_000, 7);
    client.send(runTask("m"));
    client.send(continueTask("one"));
    client.send(audio);
    client.send(continueTask("two"));
    client.send(finishTask());
    const upstream = await service.socket(0);
    await upstream.message(0);
    for (let turn = 0; turn < 50; turn += 1) await nextTurn();
    expect(upstream.messages).toHaveLength(1);
    started();
    await gateway.record(0);
    expect(
      upstream.messages.map(({ data, binary }) => (binary ? data.length : wordsOf(data).header.action)),
    ).toEqual(["run-task", "continue-task", 100_000, "continue-task", "finish-task"]);
  });

  test("is not read beyond 256 KiB before it has started", async () => {
    const gate = Promise.withResolvers<void>();
    const { service, gateway } = await speech({
      onSocket: (log) =>
        speak(log, {
          "run-task": (socket, id) => void gate.promise.then(() => socket.send(event("task-started", id))),
        }),
    });
    const client = await acceptedSocket(gateway.port, speechPath);
    client.send(runTask("m"));
    const audio = Buffer.alloc(64 * 1024, 7);
    const count = 400;
    for (let sent = 0; sent < count; sent += 1) client.send(audio);
    client.send(finishTask());
    const upstream = await service.socket(0);
    for (let turn = 0; turn < 1_000; turn += 1) await nextTurn();
    expect(client.socket.bufferedAmount).toBeGreaterThan((count * audio.length) / 4);
    gate.resolve();
    await gateway.record(0);
    expect(upstream.messages).toHaveLength(count + 2);
  });

  test("with another key has a socket of its own", async () => {
    const service = await serviceOf();
    const keys = ["one", "two"].map((name) => ({ name, value: `${name}-0123456789`, weight: 1 }));
    const gateway = await gatewayOf({
      kind: "speech",
      services: [{ name: "up", url: service.url, fields: { keys } }],
    });
    const client = await acceptedSocket(gateway.port, speechPath);
    for (let index = 0; index < 2; index += 1) {
      client.send(runTask("m", `task-${index}`));
      await client.message(3 * index);
      client.send(finishTask(`task-${index}`));
      await gateway.record(index);
    }
    expect(service.requests.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer one-0123456789",
      "Bearer two-0123456789",
    ]);
    expect(gateway.records.map(({ attempts }) => attempts[0]?.key)).toEqual(["one", "two"]);
  });

  test("that has been there before goes where it was, with the same key", async () => {
    const service = await serviceOf();
    const keys = ["one", "two"].map((name) => ({ name, value: `${name}-0123456789`, weight: 1 }));
    const gateway = await gatewayOf({
      kind: "speech",
      services: [{ name: "up", url: service.url, fields: { keys } }],
    });
    for (let index = 0; index < 3; index += 1) {
      const client = await acceptedSocket(gateway.port, speechPath);
      client.send(runTask("m"));
      await client.message(0);
      client.send(finishTask());
      await gateway.record(index);
    }
    expect(gateway.records.map(({ attempts }) => attempts[0]?.key)).toEqual(["one", "one", "one"]);
  });

  test("falls back before task-started with all that was said, in the fallback's model", async () => {
    const bad = await serviceOf({
      onSocket: (log) =>
        speak(log, { "run-task": (socket, id) => socket.send(failedEvent("InternalError", "no", id)) }),
    });
    const good = await serviceOf();
    const gateway = await gatewayOf({
      kind: "speech",
      services: [
        { name: "bad", url: bad.url },
        { name: "good", url: good.url },
      ],
      api: { fallback: { on: ["error-in-200"], targets: [{ service: "good", model: "other" }] } },
    });
    const client = await acceptedSocket(gateway.port, speechPath);
    client.send(runTask("m"));
    client.send(continueTask("words", "m"));
    client.send(finishTask());
    const record = await gateway.record(0);
    expect(record).toMatchObject({
      outcome: "ok",
      service: "good",
      model: "other",
      fallbackFrom: "bad",
      attempts: [
        { service: "bad", reason: "error-in-200", nextAction: "fallback" },
        { service: "good", outcome: "ok" },
      ],
    });
    const told = good.sockets[0]?.messages.map(({ data }) => wordsOf(data));
    expect(told?.map(({ header }) => header.action)).toEqual(["run-task", "continue-task", "finish-task"]);
    expect(told?.map(({ payload }) => payload.model)).toEqual(["other", "other", undefined]);
    expect(client.messages.map(({ data }) => data.toString("latin1"))).not.toContainEqual(
      expect.stringContaining("task-failed"),
    );
    await bad.idle();
  });

  test("after another goes where its own model leads; the same target keeps its socket", async () => {
    const [first, second] = [await serviceOf(), await serviceOf()];
    const gateway = await gatewayOf({
      kind: "speech",
      services: [
        { name: "first", url: first.url },
        { name: "second", url: second.url },
      ],
      api: {
        modelService: {
          mode: "by-model-name",
          rules: [
            { pattern: "a*", target: { service: "first" } },
            { pattern: "b*", target: { service: "second" } },
          ],
        },
      },
    });
    const client = await acceptedSocket(gateway.port, speechPath);
    let told = 0;
    for (const [index, model] of ["a1", "a2", "b1"].entries()) {
      const id = `task-${index}`;
      client.send(runTask(model, id));
      expect((await client.json(told)).header).toMatchObject({ event: "task-started", task_id: id });
      client.send(finishTask(id));
      await client.message(told + 2);
      told += 3;
      await gateway.record(index);
    }
    expect(first.requests).toHaveLength(1);
    expect(second.requests).toHaveLength(1);
    const { records } = gateway;
    expect(records.map(({ service, model, outcome }) => [service, model, outcome])).toEqual([
      ["first", "a1", "ok"],
      ["first", "a2", "ok"],
      ["second", "b1", "ok"],
    ]);
    expect(new Set(records.map(({ requestId }) => requestId)).size).toBe(3);
    // The socket that is no longer used was closed.
    await first.idle();
  });

  test("for a model that is not served is refused with task-failed and 1008", async () => {
    const { gateway } = await speech(
      {},
      { modelService: { mode: "by-model-name", rules: [{ pattern: "a*", target: { service: "up" } }] } },
    );
    const client = await acceptedSocket(gateway.port, speechPath);
    client.send(runTask("b1", "mine"));
    expect((await client.json(0)).header).toMatchObject({
      event: "task-failed",
      task_id: "mine",
      error_code: "model_not_found",
    });
    expect(await client.ended()).toMatchObject({ code: 1008, reason: "model_not_found" });
    expect(await gateway.record(0)).toMatchObject({ status: 404, errorCode: "model_not_found" });
  });

  test("is asked for with the credentials of its own time", async () => {
    const service = await serviceOf();
    const apiKeys = [
      { name: "main", sha256: hash("sha256", "key-of-anna-0123456789", "hex"), expiresAtMs: null },
    ];
    const document = (grants: readonly { consumer: string; expiresAtMs: null }[]): SocketDocument => ({
      kind: "speech",
      services: [{ name: "up", url: service.url }],
      api: { auth: { apiKeySources: [{ in: "bearer" }], grants } },
      consumers: new Map([["anna", { name: "anna", apiKeys }]]),
    });
    const gateway = await gatewayOf(document([{ consumer: "anna", expiresAtMs: null }]));
    const headers = { authorization: "Bearer key-of-anna-0123456789" };
    const client = await acceptedSocket(gateway.port, speechPath, { headers });
    client.send(runTask("m"));
    await client.message(0);
    client.send(finishTask());
    await gateway.record(0);
    gateway.apply(document([]));
    client.send(runTask("m", "second"));
    expect((await client.json(3)).header).toMatchObject({
      task_id: "second",
      error_code: "consumer_not_allowed",
    });
    expect((await client.ended()).code).toBe(1008);
    expect(await gateway.record(1)).toMatchObject({ status: 403, consumer: "anna" });
    await service.idle();
  });

  test("of another consumer is unknown, whoever asks", async () => {
    const service = await serviceOf();
    const consumers = ["anna", "emil"].map((name) => {
      const sha256 = hash("sha256", `key-of-${name}-0123456789`, "hex");
      return [name, { name, apiKeys: [{ name: "main", sha256, expiresAtMs: null }] }] as const;
    });
    const grants = consumers.map(([consumer]) => ({ consumer, expiresAtMs: null }));
    const gateway = await gatewayOf({
      kind: "speech",
      services: [{ name: "up", url: service.url }],
      api: { auth: { apiKeySources: [{ in: "bearer" }], grants } },
      consumers: new Map(consumers),
    });
    const clientOf = (name: string) =>
      acceptedSocket(gateway.port, speechPath, {
        headers: { authorization: `Bearer key-of-${name}-0123456789` },
      });
    const anna = await clientOf("anna");
    anna.send(runTask("m", "mine"));
    await anna.message(0);
    const emil = await clientOf("emil");
    emil.send(runTask("m", "mine"));
    expect((await emil.json(0)).header).toMatchObject({ error_code: "route_not_found" });
    expect((await emil.ended()).code).toBe(1008);
    expect(await gateway.record(0)).toMatchObject({ consumer: "emil", status: 404, attempts: [] });
    expect(service.requests).toHaveLength(1);
  });

  test("that does not come within 30 s ends the socket", async () => {
    const service = await serviceOf();
    const clock = new TestClock();
    const gateway = await gatewayOf(
      { kind: "speech", services: [{ name: "up", url: service.url }] },
      { clock },
    );
    const client = await acceptedSocket(gateway.port, speechPath);
    clock.nowMs += 30_100;
    expect((await client.json(0)).header).toMatchObject({
      event: "task-failed",
      error_code: "request_timeout",
    });
    expect((await client.ended()).code).toBe(1008);
    expect(await gateway.record(0)).toMatchObject({ status: 408, errorCode: "request_timeout" });
  });

  test("that never comes leaves one record", async () => {
    const { gateway, service } = await speech();
    const client = await acceptedSocket(gateway.port, speechPath);
    client.socket.close(1000);
    expect(await gateway.record(0)).toMatchObject({ status: 101, outcome: "ok", attempts: [] });
    expect(gateway.records).toHaveLength(1);
    expect(service.requests).toEqual([]);
  });

  test("counts as in flight until it has ended", async () => {
    const service = await serviceOf();
    const gateway = await gatewayOf({
      kind: "speech",
      services: [{ name: "up", url: service.url, fields: { maxInFlight: 1 } }],
    });
    const [first, second] = [
      await acceptedSocket(gateway.port, speechPath),
      await acceptedSocket(gateway.port, speechPath),
    ];
    first.send(runTask("m"));
    await first.message(0);
    second.send(runTask("m"));
    expect((await second.json(0)).header).toMatchObject({ error_code: "overloaded" });
    expect((await second.ended()).code).toBe(1008);
    first.send(finishTask());
    await gateway.record(1);
    const third = await acceptedSocket(gateway.port, speechPath);
    third.send(runTask("m"));
    expect((await third.json(0)).header).toMatchObject({ event: "task-started" });
  });
});
