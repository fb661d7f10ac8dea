// Clients that break the protocol of sockets (C14 of the catalogue of faults) or of tasks, and those that are silent.
import { describe, expect, test } from "vitest";
import { createKeeper } from "./support/keeper.ts";
import { patientClock } from "./support/patient-clock.ts";
import { named } from "./support/named.ts";
import { acceptedSocket, SocketService } from "./support/socket-client.ts";
import { frameBytes, RawSocketClient } from "./support/socket-frames.ts";
import { startSocketGateway } from "./support/socket-gateway.ts";
import { continueTask, runTask, speak, speechPath } from "./support/speech-frames.ts";

const keep = createKeeper();

/** C14: what a client sends that it must not. */
const badClients: readonly { readonly name: string; readonly bytes: Buffer; readonly close: number }[] = [
  {
    name: "an unmasked frame",
    bytes: frameBytes({ opcode: 1, data: Buffer.from("a"), mask: false }),
    close: 1002,
  },
  {
    name: "an opcode that does not exist",
    bytes: frameBytes({ opcode: 3, data: Buffer.from("a") }),
    close: 1002,
  },
  {
    name: "a control opcode that does not exist",
    bytes: frameBytes({ opcode: 11, data: Buffer.alloc(0) }),
    close: 1002,
  },
  {
    name: "a reserved bit",
    bytes: frameBytes({ opcode: 1, data: Buffer.from("a"), reserved: 0x20 }),
    close: 1002,
  },
  {
    name: "a compressed frame",
    bytes: frameBytes({ opcode: 1, data: Buffer.from("a"), reserved: 0x40 }),
    close: 1002,
  },
  {
    name: "a control frame in pieces",
    bytes: frameBytes({ opcode: 9, data: Buffer.from("a"), fin: false }),
    close: 1002,
  },
  { name: "a ping of 126 bytes", bytes: frameBytes({ opcode: 9, data: Buffer.alloc(126) }), close: 1002 },
  {
    name: "a continuation of nothing",
    bytes: frameBytes({ opcode: 0, data: Buffer.from("a") }),
    close: 1002,
  },
  {
    name: "a message within a message",
    bytes: Buffer.concat([
      frameBytes({ opcode: 1, data: Buffer.from("a"), fin: false }),
      frameBytes({ opcode: 1, data: Buffer.from("b") }),
    ]),
    close: 1002,
  },
  {
    name: "a text that is no UTF-8",
    bytes: frameBytes({ opcode: 1, data: Buffer.from([0xc3, 0x28]) }),
    close: 1007,
  },
  {
    name: "a reason that is no UTF-8",
    bytes: frameBytes({ opcode: 8, data: Buffer.from([0x03, 0xe8, 0xff]) }),
    close: 1007,
  },
  {
    name: "a close code that is reserved",
    bytes: frameBytes({ opcode: 8, data: Buffer.from([0x03, 0xed]) }),
    close: 1002,
  },
  {
    name: "the head of a frame of 100 MiB",
    bytes: frameBytes({ opcode: 2, length: 100 * 1024 * 1024 }),
    close: 1009,
  },
  {
    name: "the head of a frame of 2^62 bytes",
    bytes: frameBytes({ opcode: 2, length: 2 ** 62 }),
    close: 1009,
  },
  {
    name: "a message of pieces over 16 MiB",
    bytes: Buffer.concat([
      frameBytes({ opcode: 2, data: Buffer.alloc(1024 * 1024), fin: false }),
      frameBytes({ opcode: 0, length: 15 * 1024 * 1024 + 1, fin: false }),
    ]),
    close: 1009,
  },
  {
    name: "a flood of pings",
    bytes: Buffer.concat(
      Array.from({ length: 200 }, () => frameBytes({ opcode: 9, data: Buffer.from("x") })),
    ),
    close: 1008,
  },
];

describe("a client that sends", () => {
  test.each(named(badClients))("%s is closed, and its service with it", async (_name, { bytes, close }) => {
    const service = keep(await SocketService.start());
    const gateway = keep(
      await startSocketGateway({ kind: "comfyui", services: [{ name: "up", url: service.url }] }),
    );
    const client = await RawSocketClient.open(gateway.port, "/ws");
    client.send(bytes);
    expect(await client.closeCode()).toBe(close);
    client.destroy();
    expect((await (await service.socket(0)).ended()).code).toBe(1011);
    const code = close === 1009 ? "body_too_large" : "invalid_request";
    expect(await gateway.record(0)).toMatchObject({ outcome: "client_error", errorCode: code });
    expect(gateway.defects).toEqual([]);
  });

  const words: readonly { readonly name: string; readonly first: string | Buffer; readonly code: string }[] =
    [
      { name: "what is no JSON", first: "hello", code: "invalid_request" },
      { name: "a binary frame first", first: Buffer.from([1]), code: "invalid_request" },
      { name: "an unknown action", first: '{"header":{"action":"jump"}}', code: "invalid_request" },
      { name: "continue-task first", first: JSON.stringify(continueTask("a")), code: "invalid_request" },
      {
        name: "two models in run-task",
        first: '{"header":{"action":"run-task","task_id":"t"},"payload":{"model":"a","model":"b"}}',
        code: "invalid_request",
      },
    ];
  test.each(named(words))("%s is told so and closed with 1008", async (_name, { first, code }) => {
    const service = keep(await SocketService.start({ onSocket: (log) => speak(log) }));
    const gateway = keep(
      await startSocketGateway({ kind: "speech", services: [{ name: "up", url: service.url }] }),
    );
    const client = await acceptedSocket(gateway.port, speechPath);
    client.socket.send(first);
    expect((await client.json(0)).header).toMatchObject({ event: "task-failed", error_code: code });
    expect((await client.ended()).code).toBe(1008);
    expect(await gateway.record(0)).toMatchObject({ status: 400, outcome: "client_error", errorCode: code });
    expect(service.requests).toEqual([]);
  });

  test("a second run-task while one runs is told so, and both sockets are closed", async () => {
    const service = keep(await SocketService.start({ onSocket: (log) => speak(log) }));
    const gateway = keep(
      await startSocketGateway({ kind: "speech", services: [{ name: "up", url: service.url }] }),
    );
    const client = await acceptedSocket(gateway.port, speechPath);
    client.send(runTask("m"));
    await client.message(0);
    client.send(runTask("secret-model", "second"));
    expect((await client.ended()).code).toBe(1008);
    const upstream = await service.socket(0);
    await upstream.ended();
    expect(upstream.messages).toHaveLength(1);
    expect(await gateway.record(0)).toMatchObject({ outcome: "client_error", errorCode: "invalid_request" });
    expect(gateway.records).toHaveLength(1);
  });

  test("no pong is closed with 1008 while its service lives", async () => {
    const service = keep(await SocketService.start());
    const timeouts = { connectMs: 5_000, idleMs: 100, totalMs: 600_000 };
    const gateway = keep(
      await startSocketGateway(
        {
          kind: "comfyui",
          services: [{ name: "up", url: service.url, fields: { timeouts } }],
        },
        { clock: patientClock() },
      ),
    );
    const client = await acceptedSocket(gateway.port, "/ws", { autoPong: false });
    expect(await client.ended()).toMatchObject({ code: 1008, reason: "no pong" });
    await (await service.socket(0)).ended();
  });
});
