// Services that fail before a task has started, or before the 101 of a socket that is relayed as a whole.
import { describe, expect, test } from "vitest";
import { createKeeper } from "./support/keeper.ts";
import { named } from "./support/named.ts";
import { acceptedSocket, openSocket, SocketService, SocketLog } from "./support/socket-client.ts";
import { beforeStart, refusals, onRun, gatewayWith } from "./support/socket-fault.ts";
import { socketKey, startSocketGateway } from "./support/socket-gateway.ts";
import { event, failedEvent, finishTask, runTask, speak, speechPath } from "./support/speech-frames.ts";

const keep = createKeeper();

describe("before task-started", () => {
  const faults = [...refusals, ...beforeStart];

  test.each(named(faults))("%s: task-failed with our code, then 1011", async (_name, fault) => {
    const gateway = await gatewayWith(keep, "speech", fault);
    const client = await acceptedSocket(gateway.port, speechPath);
    client.send(runTask("m", "mine"));
    const { header } = await client.json(0);
    expect(header).toMatchObject({ event: "task-failed", task_id: "mine", error_code: fault.code });
    expect(JSON.stringify(header)).not.toMatch(/words|canary/);
    expect(await client.ended()).toMatchObject({ code: 1011, reason: fault.code });
    const record = await gateway.record(0);
    const { status, outcome, trigger } = fault;
    expect(record).toMatchObject({ status, outcome, errorCode: fault.code });
    expect(record.attempts.at(-1)).toMatchObject({ reason: trigger, nextAction: "none" });
    expect(gateway.defects).toEqual([]);
  });

  test.each(named(faults))("%s: the fallback takes the task", async (_name, fault) => {
    const good = keep(await SocketService.start({ onSocket: (log) => speak(log) }));
    const gateway = await gatewayWith(keep, "speech", fault, { on: [fault.trigger], url: good.url });
    const client = await acceptedSocket(gateway.port, speechPath);
    client.send(runTask("m"));
    client.send(finishTask());
    await client.message(2);
    const record = await gateway.record(0);
    expect(record).toMatchObject({ outcome: "ok", service: "good", fallbackFrom: "bad", status: 101 });
    expect(client.messages).toHaveLength(3);
    expect(gateway.defects).toEqual([]);
  });

  test("a kept socket that is lost is dialled anew, once", async () => {
    const service = keep(
      await SocketService.start({
        onSocket: (log) => {
          let tasks = 0;
          speak(log, {
            "run-task": (socket, id) => {
              tasks += 1;
              if (tasks === 1) socket.send(event("task-started", id));
              else socket.socket.terminate();
            },
          });
        },
      }),
    );
    const gateway = keep(
      await startSocketGateway({ kind: "speech", services: [{ name: "up", url: service.url }] }),
    );
    const client = await acceptedSocket(gateway.port, speechPath);
    client.send(runTask("m"));
    await client.message(0);
    client.send(finishTask());
    await gateway.record(0);
    client.send(runTask("m", "second"));
    expect((await client.json(3)).header).toMatchObject({ event: "task-started", task_id: "second" });
    expect(service.requests).toHaveLength(2);
  });
});

describe("before the 101 of a socket that is relayed as a whole", () => {
  test.each(named(refusals))("%s: the handshake is answered with it", async (_name, fault) => {
    const gateway = await gatewayWith(keep, "comfyui", fault);
    const answer = await openSocket(gateway.port, "/ws");
    if (answer instanceof SocketLog) throw new Error("the handshake was accepted");
    expect(answer.status).toBe(fault.status);
    if (fault.passes === undefined) expect(answer.body).toContain(`"type":"${fault.code}"`);
    else expect(answer.body).toBe(fault.passes);
    expect(answer.body).not.toMatch(/secret|canary/);
    const { status, outcome, trigger } = fault;
    expect(await gateway.record(0)).toMatchObject({ status, outcome, attempts: [{ reason: trigger }] });
    expect(gateway.defects).toEqual([]);
  });

  test.each(named(refusals))("%s: the fallback takes the socket", async (_name, fault) => {
    const good = keep(await SocketService.start());
    const gateway = await gatewayWith(keep, "comfyui", fault, { on: [fault.trigger], url: good.url });
    const client = await acceptedSocket(gateway.port, "/ws");
    client.socket.close(1000);
    expect(await gateway.record(0)).toMatchObject({ outcome: "ok", service: "good", fallbackFrom: "bad" });
  });
});

test("an address that may not be reached is not dialled", async () => {
  const service = keep(await SocketService.start());
  const gateway = keep(
    await startSocketGateway(
      { kind: "comfyui", services: [{ name: "up", url: service.url }] },
      { upstreamNetworks: "public" },
    ),
  );
  const answer = await openSocket(gateway.port, "/ws");
  expect(answer).toMatchObject({ status: 502 });
  expect(await gateway.record(0)).toMatchObject({
    errorCode: "upstream_unreachable",
    attempts: [{ detail: "ERR_ADDRESS_REFUSED" }],
  });
  expect(service.requests).toEqual([]);
});

test("no record and no frame ever shows the service's key", async () => {
  const service = keep(
    await SocketService.start(
      onRun((log, id) => log.send(failedEvent("InternalError", `bad key ${socketKey}`, id))),
    ),
  );
  const gateway = keep(
    await startSocketGateway({ kind: "speech", services: [{ name: "up", url: service.url }] }),
  );
  const client = await acceptedSocket(gateway.port, speechPath);
  client.send(runTask("m"));
  await client.ended();
  expect(
    JSON.stringify([client.messages.map(({ data }) => data.toString()), await gateway.record(0)]),
  ).not.toContain("canary");
});
