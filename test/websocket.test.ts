// Sockets that are relayed as a whole, and how every socket ends when one side closes or the gateway drains. How soon is a
// figure of `npm run bench:leaving`; where one end takes the other along, no time passes for the gateway.
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { systemClock } from "../src/core/clock.ts";
import type { IdStore } from "../src/core/id-owner.ts";
import { createMemoryIdStore } from "../src/gateway/ids/memory-id-store.ts";
import { createKeeper } from "./support/keeper.ts";
import { named } from "./support/named.ts";
import { RawClient } from "./support/raw-client.ts";
import { acceptedSocket, openSocket, type SocketLog } from "./support/socket-client.ts";
import { frameBytes, handshake, RawSocketClient } from "./support/socket-frames.ts";
import { startRawUpstream } from "./support/raw-upstream.ts";
import { createSocketScene } from "./support/socket-scene.ts";
import { stillClock } from "./support/still-clock.ts";
import { finishTask, runTask, speechPath } from "./support/speech-frames.ts";

const { serviceOf, gatewayOf, speech, keepRaw } = createSocketScene(createKeeper());
/** A gateway for which no timeout comes, those of the sockets to its services neither: an end has its cause, or never is. */
const timeless = { clock: stillClock };
const farAway = { timeouts: { connectMs: 3_600_000, idleMs: 3_600_000, totalMs: 3_600_000 } };

const piece = Buffer.alloc(64 * 1024, 1);

/** Bytes that an end has sent and nobody takes off its hands, once it is seen that nobody does. */
async function stillWaiting({ socket }: SocketLog): Promise<number> {
  let before = Infinity;
  for (let still = 0; still < 200;) {
    still = socket.bufferedAmount === before ? still + 1 : 0;
    before = socket.bufferedAmount;
    await nextTurn();
  }
  return before;
}

describe("a socket that is relayed as a whole", () => {
  test("passes texts and binary previews untouched, both ways", async () => {
    const service = await serviceOf({ onSocket: (log) => log.send({ type: "status" }) });
    const gateway = await gatewayOf({ kind: "comfyui", services: [{ name: "up", url: service.url }] });
    const client = await acceptedSocket(gateway.port, "/ws?clientId=mine");
    await client.message(0);
    const upstream = await service.socket(0);
    const preview = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
    const texts = ['{"type":"feature_flags"}', "é漢 not JSON", ""];
    for (const text of texts) client.socket.send(text);
    client.socket.send(preview);
    upstream.socket.send(preview);
    upstream.socket.send("last");
    await upstream.message(3);
    await client.message(2);
    expect(
      upstream.messages.map(({ data, binary }) => (binary ? data.equals(preview) : data.toString())),
    ).toEqual([...texts, true]);
    expect(
      client.messages.map(({ data, binary }) => (binary ? data.equals(preview) : data.toString())),
    ).toEqual(['{"type":"status"}', true, "last"]);
    client.socket.close(1000);
    expect(await gateway.record(0)).toMatchObject({ status: 101, outcome: "ok", usage: null, model: "" });
  });

  test("holds a bounded part of what a slow client does not read, and loses nothing of it", async () => {
    const service = await serviceOf();
    const gateway = await gatewayOf({ kind: "comfyui", services: [{ name: "up", url: service.url }] });
    const client = await acceptedSocket(gateway.port, "/ws");
    const upstream = await service.socket(0);
    client.socket.pause();
    const count = 400;
    for (let sent = 0; sent < count; sent += 1) upstream.socket.send(piece);
    expect(await stillWaiting(upstream)).toBeGreaterThan((count * piece.length) / 4);
    client.socket.resume();
    await client.bytes(count * piece.length);
    expect(client.messages).toHaveLength(count);
  });

  test("holds a bounded part of what a slow service does not read, and loses nothing of it", async () => {
    const service = await serviceOf();
    const gateway = await gatewayOf({ kind: "comfyui", services: [{ name: "up", url: service.url }] });
    const client = await acceptedSocket(gateway.port, "/ws");
    const upstream = await service.socket(0);
    upstream.socket.pause();
    const count = 400;
    for (let sent = 0; sent < count; sent += 1) client.socket.send(piece);
    expect(await stillWaiting(client)).toBeGreaterThan((count * piece.length) / 4);
    upstream.socket.resume();
    await upstream.bytes(count * piece.length);
    expect(upstream.messages).toHaveLength(count);
  });

  test("binds a client's id to its consumer and service before the client has its 101", async () => {
    const service = await serviceOf();
    const ids = createMemoryIdStore(systemClock);
    const services = [{ name: "up", url: service.url }];
    const gateway = await gatewayOf({ kind: "comfyui", services }, { ids });
    await acceptedSocket(gateway.port, "/ws?clientId=mine");
    expect(ids.find("comfyui-client", "mine", "")).toMatchObject({ service: "up", key: "main" });
  });

  test("takes a client's id back to where it was bound, whatever the mode says, and nowhere else", async () => {
    const [first, second] = [await serviceOf(), await serviceOf()];
    const services = [
      { name: "first", url: first.url },
      { name: "second", url: second.url },
    ];
    const targets = services.map(({ name }) => ({ service: name, weight: 1 }));
    const gateway = await gatewayOf({
      kind: "comfyui",
      services,
      api: { modelService: { mode: "by-weight", targets } },
    });
    for (let count = 0; count < 4; count += 1) await acceptedSocket(gateway.port, "/ws?clientId=mine");
    const counts = [first, second].map(({ sockets }) => sockets.length);
    expect(counts.toSorted((a, b) => a - b)).toEqual([0, 4]);
  });

  test("is not given to a client whose id could not be kept", async () => {
    const service = await serviceOf();
    const refusing: IdStore = Object.assign(createMemoryIdStore(systemClock), {
      bind: () => {
        throw new Error("the store is away");
      },
    });
    const services = [{ name: "up", url: service.url }];
    const gateway = await gatewayOf({ kind: "comfyui", services }, { ids: refusing });
    const answer = await openSocket(gateway.port, "/ws?clientId=mine");
    expect(answer).toMatchObject({ status: 500 });
    expect(service.sockets).toHaveLength(0);
  });

  test("realtime: the model of the query picks the target, and the target's own goes on in its place", async () => {
    const service = await serviceOf();
    const gateway = await gatewayOf({
      kind: "realtime",
      services: [{ name: "up", url: `${service.url}/v1` }],
      api: {
        modelService: {
          mode: "by-model-name",
          rules: [
            { pattern: "plain", target: { service: "up" } },
            { pattern: "gpt-*", target: { service: "up", model: "their model" } },
          ],
        },
      },
    });
    const passed = await acceptedSocket(gateway.port, "/v1/realtime?a=%20&model=plain&b");
    const rewritten = await acceptedSocket(gateway.port, "/v1/realtime?a=%20&model=gpt-5&b");
    const refused = await openSocket(gateway.port, "/v1/realtime?model=other");
    expect(service.requests.map(({ url }) => url)).toEqual([
      "/v1/realtime?a=%20&model=plain&b",
      "/v1/realtime?a=%20&model=their%20model&b",
    ]);
    expect(refused).toMatchObject({
      status: 404,
      body: expect.stringContaining("model_not_found") as string,
    });
    passed.socket.close(1000);
    rewritten.socket.close(1000);
    const last = await gateway.record(2);
    expect(gateway.records.map(({ requestedModel }) => requestedModel).toSorted()).toEqual([
      "gpt-5",
      "other",
      "plain",
    ]);
    expect(last.outcome).toBe("ok");
  });

  test("falls back before its 101", async () => {
    const [bad, good] = [await serviceOf({ refuseWith: 503 }), await serviceOf()];
    const gateway = await gatewayOf({
      kind: "comfyui",
      services: [
        { name: "bad", url: bad.url },
        { name: "good", url: good.url },
      ],
      api: { fallback: { on: ["upstream-5xx"], targets: [{ service: "good" }] } },
    });
    const client = await acceptedSocket(gateway.port, "/ws");
    client.socket.close(1000);
    expect(await gateway.record(0)).toMatchObject({ service: "good", fallbackFrom: "bad", outcome: "ok" });
  });
});

describe("closing", () => {
  const goodbyes = [
    { name: "1000 without a reason", code: 1000, reason: "" },
    { name: "1001", code: 1001, reason: "moving on" },
    { name: "a code of its own", code: 4242, reason: "grüße" },
  ];
  test.each(named(goodbyes))("the client's %s reaches the service", async (_name, { code, reason }) => {
    const service = await serviceOf();
    const services = [{ name: "up", url: service.url, fields: farAway }];
    const gateway = await gatewayOf({ kind: "comfyui", services }, timeless);
    const client = await acceptedSocket(gateway.port, "/ws");
    const upstream = await service.socket(0);
    client.socket.close(code, reason);
    const end = await upstream.ended();
    expect(end).toMatchObject({ code, reason });
    expect((await client.ended()).code).toBe(code);
  });

  test.each(named(goodbyes))("the service's %s reaches the client", async (_name, { code, reason }) => {
    const service = await serviceOf();
    const services = [{ name: "up", url: service.url, fields: farAway }];
    const gateway = await gatewayOf({ kind: "comfyui", services }, timeless);
    const client = await acceptedSocket(gateway.port, "/ws");
    const upstream = await service.socket(0);
    upstream.socket.close(code, reason);
    const end = await client.ended();
    expect(end).toMatchObject({ code, reason });
    expect(await gateway.record(0)).toMatchObject({ outcome: code > 1001 ? "truncated" : "ok" });
  });

  test("without a code passes as such", async () => {
    const service = await serviceOf();
    const gateway = await gatewayOf({ kind: "comfyui", services: [{ name: "up", url: service.url }] });
    const client = await acceptedSocket(gateway.port, "/ws");
    client.socket.close();
    expect((await (await service.socket(0)).ended()).code).toBe(1005);
  });

  const stages = [
    { name: "while its service is dialled", silent: true, tasks: false },
    { name: "before task-started", silent: false, tasks: true },
    { name: "while it is relayed", silent: false, tasks: false },
  ];
  const departures = {
    "closes its socket": (client: RawClient) => client.destroy(),
    "resets its connection": (client: RawClient) => client.reset(),
    "sends FIN and waits": (client: RawClient) => client.halfClose(),
  } as const;
  const cells = stages.flatMap((stage) =>
    Object.entries(departures).map(([how, leave]) => ({ ...stage, leave, name: `${how} ${stage.name}` })),
  );
  test.each(named(cells))("a client that %s takes the service's with it", async (_name, cell) => {
    const { silent, tasks, leave } = cell;
    const service = await serviceOf({ silent, onSocket: () => undefined });
    const services = [{ name: "up", url: service.url, fields: farAway }];
    const gateway = await gatewayOf({ kind: tasks ? "speech" : "comfyui", services }, timeless);
    const client = keepRaw(await RawClient.connect(gateway.port));
    client.send(handshake(tasks ? speechPath : "/ws"));
    if (!silent) await client.interim(101);
    if (tasks) client.sendMore(frameBytes({ opcode: 1, data: Buffer.from(JSON.stringify(runTask("m"))) }));
    await service.request(0);
    if (tasks) await (await service.socket(0)).message(0);
    leave(client);
    await service.idle();
    expect(await gateway.record(0)).toMatchObject({ status: 499, outcome: "client_closed" });
    expect(gateway.defects).toEqual([]);
  });
});

describe("an end that does not play along", () => {
  test("gets the end of its connection right after a goodbye that it does not answer", async () => {
    const service = await serviceOf();
    const services = [{ name: "up", url: service.url, fields: farAway }];
    const gateway = await gatewayOf({ kind: "comfyui", services }, timeless);
    const client = await RawSocketClient.open(gateway.port, "/ws");
    (await service.socket(0)).socket.close(1000);
    expect(await client.closeCode()).toBe(1000);
    await client.ended();
    client.destroy();
  });

  test("half-closes and does not read: its service's socket ends all the same", async () => {
    const service = await serviceOf();
    const gateway = await gatewayOf({ kind: "comfyui", services: [{ name: "up", url: service.url }] });
    const client = await RawSocketClient.open(gateway.port, "/ws");
    client.pause();
    const upstream = await service.socket(0);
    for (let sent = 0; sent < 400; sent += 1) upstream.socket.send(piece);
    await stillWaiting(upstream);
    client.halfClose();
    expect(await gateway.record(0)).toMatchObject({ outcome: "client_closed" });
    // What waits for the gateway is not taken any more.
    await service.idle();
    client.destroy();
  });

  test("leaves during the TLS handshake with its service: that is given up", async () => {
    const upstream = await startRawUpstream();
    const url = upstream.url.replace("http:", "https:");
    const gateway = await gatewayOf(
      { kind: "comfyui", services: [{ name: "up", url, fields: farAway }] },
      timeless,
    );
    const client = keepRaw(await RawClient.connect(gateway.port));
    client.send(handshake("/ws"));
    const connection = await upstream.connection(0);
    expect(connection.leftAtMs).toBeUndefined();
    client.destroy();
    await connection.leaving();
    expect(await gateway.record(0)).toMatchObject({ outcome: "client_closed" });
    await upstream.close();
  });
});

describe("draining", () => {
  test("lets a task end, then says 1001; a socket between tasks is told so at once", async () => {
    const { gateway, service } = await speech();
    const busy = await acceptedSocket(gateway.port, speechPath);
    const idle = await acceptedSocket(gateway.port, speechPath);
    busy.send(runTask("m"));
    await busy.message(0);
    const drained = gateway.plane.drain(20_000);
    expect(await idle.ended()).toMatchObject({ code: 1001, reason: "shutting_down" });
    busy.send(finishTask());
    expect(await busy.ended()).toMatchObject({ code: 1001, reason: "shutting_down" });
    expect(busy.messages).toHaveLength(3);
    await drained;
    expect(gateway.records.map(({ outcome }) => outcome)).toEqual(["ok", "ok"]);
    await service.idle();
  });

  test("ends a task that takes too long with task-failed and 1001", async () => {
    const { gateway } = await speech();
    const client = await acceptedSocket(gateway.port, speechPath);
    client.send(runTask("m"));
    await client.message(0);
    await gateway.plane.drain(50);
    expect((await client.json(1)).header).toMatchObject({
      event: "task-failed",
      error_code: "shutting_down",
    });
    expect(await client.ended()).toMatchObject({ code: 1001, reason: "shutting_down" });
    expect(await gateway.record(0)).toMatchObject({ outcome: "truncated", errorCode: "shutting_down" });
  });

  test("ends a relayed socket with 1001 when the time is over", async () => {
    const service = await serviceOf();
    const gateway = await gatewayOf({ kind: "comfyui", services: [{ name: "up", url: service.url }] });
    const client = await acceptedSocket(gateway.port, "/ws");
    await gateway.plane.drain(50);
    expect(await client.ended()).toMatchObject({ code: 1001, reason: "shutting_down" });
    expect((await (await service.socket(0)).ended()).code).toBe(1001);
  });

  test("takes no further sockets", async () => {
    const service = await serviceOf();
    const gateway = await gatewayOf({ kind: "comfyui", services: [{ name: "up", url: service.url }] });
    const waiting = keepRaw(await RawClient.connect(gateway.port));
    const open = await acceptedSocket(gateway.port, "/ws");
    const drained = gateway.plane.drain(20_000);
    waiting.send(handshake("/ws"));
    const answer = await waiting.answer();
    expect(answer.status).toBe(503);
    expect(answer.text()).toContain("shutting_down");
    open.socket.close();
    await drained;
  });
});
