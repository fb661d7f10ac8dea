// Services that fail after a task has started or a socket is relayed: how the client is told, what is recorded.
import { describe, expect, test } from "vitest";
import type { Trigger } from "../src/core/exchange-record.ts";
import { createKeeper } from "./support/keeper.ts";
import { named } from "./support/named.ts";
import { acceptedSocket } from "./support/socket-client.ts";
import { type Fault, onRun, onStarted, gatewayWith, rawOf } from "./support/socket-fault.ts";
import { frameBytes } from "./support/socket-frames.ts";
import {
  continueTask,
  event,
  failedEvent,
  finishedEvent,
  runTask,
  speechPath,
} from "./support/speech-frames.ts";

const keep = createKeeper();

/** A fault after the commit point: how the client's socket ends. */
interface LateFault extends Fault {
  /** Of the task-failed that the client gets; "" = none of ours. */
  readonly code: string;
  readonly close: number;
  readonly reason?: Trigger | "";
}

const afterStart: readonly LateFault[] = [
  {
    name: "is lost",
    service: onStarted((log) => log.socket.terminate()),
    code: "upstream_error",
    close: 1011,
    reason: "network-error",
  },
  {
    name: "says goodbye with 1011",
    service: onStarted((log) => log.socket.close(1011, "broken")),
    code: "upstream_error",
    close: 1011,
    reason: "network-error",
  },
  {
    name: "says goodbye with a code of its own",
    service: onStarted((log) => log.socket.close(4001, "busy")),
    code: "upstream_error",
    close: 4001,
    reason: "network-error",
  },
  {
    name: "says goodbye with 1000",
    service: onStarted((log) => log.socket.close(1000)),
    code: "",
    close: 1000,
  },
  {
    name: "sends a text that is no UTF-8",
    service: onStarted((log) =>
      rawOf(log).write(frameBytes({ opcode: 1, data: Buffer.from([0xff]), mask: false })),
    ),
    code: "upstream_error",
    close: 1011,
    reason: "network-error",
  },
  {
    name: "sends a message over 16 MiB",
    service: onStarted((log) => log.socket.send(Buffer.alloc(16 * 1024 * 1024 + 1))),
    code: "upstream_error",
    close: 1011,
    reason: "network-error",
  },
  {
    name: "sends nothing and answers no ping for the idle time",
    service: { ...onRun((log, id) => log.send(event("task-started", id))), autoPong: false },
    timeouts: { idleMs: 150 },
    code: "upstream_timeout",
    close: 1011,
    reason: "timeout",
  },
  {
    name: "takes more than the total time",
    service: onRun((log, id) => log.send(event("task-started", id))),
    timeouts: { totalMs: 150 },
    code: "upstream_timeout",
    close: 1011,
    reason: "timeout",
  },
];

describe("after task-started", () => {
  test.each(named(afterStart))("a service that %s", async (_name, fault) => {
    const gateway = await gatewayWith(keep, "speech", fault);
    const client = await acceptedSocket(gateway.port, speechPath);
    client.send(runTask("m", "mine"));
    await client.message(0);
    client.send(continueTask("four", undefined, "mine"));
    const end = await client.ended();
    expect(end.code).toBe(fault.close);
    const told = client.messages.slice(1).map(({ data }) => JSON.parse(data.toString()) as unknown);
    const failed = { header: { event: "task-failed", task_id: "mine", error_code: fault.code } };
    expect(told).toMatchObject(fault.code === "" ? [] : [failed]);
    const record = await gateway.record(0);
    expect(record).toMatchObject({
      status: 101,
      outcome: "truncated",
      errorCode: fault.code,
      usage: { characters: 4, estimated: true },
      attempts: [{ outcome: "truncated", reason: fault.reason ?? "" }],
    });
    expect(gateway.defects).toEqual([]);
  });

  test("task-failed of the service passes as it is, with its goodbye", async () => {
    const words = failedEvent("InvalidParameter", "too long", "mine");
    const fault = {
      name: "",
      service: onStarted((log) => {
        log.send(words);
        log.socket.close(1007, "bad words");
      }),
    };
    const gateway = await gatewayWith(keep, "speech", fault);
    const client = await acceptedSocket(gateway.port, speechPath);
    client.send(runTask("m", "mine"));
    await client.message(0);
    client.send(continueTask("words"));
    expect(await client.ended()).toMatchObject({ code: 1007, reason: "bad words" });
    expect(client.messages.map(({ data }) => data.toString())).toEqual([
      expect.stringContaining("task-started"),
      JSON.stringify(words),
    ]);
    expect(await gateway.record(0)).toMatchObject({ outcome: "truncated", errorCode: "" });
  });

  test("pongs of a silent service keep its task, beyond the idle time", async () => {
    const idleMs = 300;
    const fault = {
      name: "",
      service: onRun((log, id) => {
        log.send(event("task-started", id));
        // Six times of silence, counted in pings that the gateway sends twice in each.
        let pings = 0;
        log.socket.on("ping", () => {
          pings += 1;
          if (pings === 12) log.send(finishedEvent(id));
        });
      }),
      timeouts: { idleMs },
    };
    const gateway = await gatewayWith(keep, "speech", fault);
    const client = await acceptedSocket(gateway.port, speechPath);
    client.send(runTask("m"));
    expect((await client.json(1)).header).toMatchObject({ event: "task-finished" });
  });
});

describe("a relayed socket whose service", () => {
  const faults: readonly (Fault & { readonly close: number; readonly errorCode: string })[] = [
    {
      name: "is lost ends with 1011",
      service: { onSocket: (log) => log.socket.on("message", () => log.socket.terminate()) },
      close: 1011,
      errorCode: "upstream_error",
    },
    {
      name: "sends a forbidden frame ends with 1011",
      service: {
        onSocket: (log) =>
          log.socket.on("message", () =>
            rawOf(log).write(frameBytes({ opcode: 3, data: Buffer.alloc(0), mask: false })),
          ),
      },
      close: 1011,
      errorCode: "upstream_error",
    },
    {
      name: "floods it with pings ends with 1011",
      service: {
        onSocket: (log) =>
          log.socket.on("message", () => {
            for (let sent = 0; sent < 200; sent += 1) log.socket.ping();
          }),
      },
      close: 1011,
      errorCode: "upstream_error",
    },
    {
      name: "is silent for the idle time ends with upstream_timeout",
      service: { autoPong: false },
      timeouts: { idleMs: 150 },
      close: 1011,
      errorCode: "upstream_timeout",
    },
  ];
  test.each(named(faults))("%s", async (_name, fault) => {
    const gateway = await gatewayWith(keep, "comfyui", fault);
    const client = await acceptedSocket(gateway.port, "/ws");
    client.socket.send("go");
    expect((await client.ended()).code).toBe(fault.close);
    expect(await gateway.record(0)).toMatchObject({ outcome: "truncated", errorCode: fault.errorCode });
    expect(gateway.defects).toEqual([]);
  });
});
