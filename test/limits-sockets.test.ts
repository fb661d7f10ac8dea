// Rate limits of WebSockets: a handshake is a request, a task is one too, and what a session says it consumed is counted.
import { expect, test } from "vitest";
import type { SnapshotRateLimit } from "../src/snapshot/snapshot-rate-limit.ts";
import { createKeeper } from "./support/keeper.ts";
import { acceptedSocket, openSocket } from "./support/socket-client.ts";
import { createSocketScene } from "./support/socket-scene.ts";
import { finishTask, runTask, speechPath, wordsOf } from "./support/speech-frames.ts";

const { serviceOf, gatewayOf, speech } = createSocketScene(createKeeper());
const realtimePath = "/v1/realtime?model=m";

const limit = (more: Partial<SnapshotRateLimit>): SnapshotRateLimit => ({
  name: "the-limit",
  by: "api",
  match: { type: "any" },
  metric: "requests",
  limit: 1,
  windowMs: 60_000,
  dryRun: false,
  ...more,
});

test("each task is a request; the one too many fails with rate_limited, and the socket is closed with 1008", async () => {
  const { gateway, service } = await speech({}, { rateLimits: [limit({ limit: 2 })] });
  const client = await acceptedSocket(gateway.port, speechPath);
  for (const [number, id] of ["one", "two"].entries()) {
    client.socket.send(JSON.stringify(runTask("m", id)));
    client.socket.send(JSON.stringify(finishTask(id)));
    await client.message(number * 3 + 2);
    await gateway.record(number);
  }
  client.socket.send(JSON.stringify(runTask("m", "three")));
  const { data } = await client.message(6);
  expect(JSON.parse(data.toString())).toMatchObject({
    header: { task_id: "three", event: "task-failed", error_code: "rate_limited" },
  });
  expect(await client.ended()).toMatchObject({ code: 1008 });
  expect(await gateway.record(2)).toMatchObject({ outcome: "limited", rateLimit: "the-limit" });
  const runs = service.sockets.flatMap((socket) => socket.messages.filter(({ binary }) => !binary));
  expect(runs.filter(({ data: text }) => wordsOf(text).header.action === "run-task")).toHaveLength(2);
  expect(gateway.defects).toEqual([]);
});

test("a slot is held as long as a task runs, and free between tasks", async () => {
  const slots: SnapshotRateLimit = {
    name: "slots",
    by: "api",
    match: { type: "any" },
    metric: "concurrency",
    limit: 1,
    dryRun: false,
  };
  const { gateway } = await speech({}, { rateLimits: [slots] });
  const first = await acceptedSocket(gateway.port, speechPath);
  first.socket.send(JSON.stringify(runTask("m", "one")));
  await first.message(0);
  expect(await openSocket(gateway.port, speechPath)).toMatchObject({ status: 429 });
  first.socket.send(JSON.stringify(finishTask("one")));
  await first.message(2);
  await gateway.record(1);
  const second = await acceptedSocket(gateway.port, speechPath);
  second.socket.terminate();
  await gateway.record(2);
  first.socket.send(JSON.stringify(runTask("m", "two")));
  await first.message(3);
  expect(gateway.defects).toEqual([]);
});

test("a realtime session counts what it says it has used when it ends", async () => {
  const used = { type: "response.done", response: { usage: { input_tokens: 3_000, output_tokens: 2_500 } } };
  const service = await serviceOf({ onSocket: (log) => log.socket.send(JSON.stringify(used)) });
  const gateway = await gatewayOf({
    kind: "realtime",
    services: [{ name: "up", url: service.url }],
    api: { rateLimits: [limit({ metric: "tokens", limit: 9_000 })] },
  });
  const client = await acceptedSocket(gateway.port, realtimePath);
  await client.message(0);
  client.socket.close(1000);
  expect((await gateway.record(0)).usage).toMatchObject({ inputTokens: 3_000, outputTokens: 2_500 });
  expect(await openSocket(gateway.port, realtimePath)).toMatchObject({ status: 429 });
  expect(gateway.defects).toEqual([]);
});
