// A port whose connections never come about: a listener that never accepts, its queue filled up. Must not know the gateway.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { Worker } from "node:worker_threads";

export interface BlackHole {
  readonly url: string;
  close(): Promise<void>;
}

// The thread stops for good right after listening, so that the kernel's queue is never emptied.
const listenerSource = `
  const { createServer } = require("node:net");
  const { parentPort, workerData } = require("node:worker_threads");
  const server = createServer();
  server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(workerData), 0, 0);
  });
`;

/** Connections that the kernel completes by itself before its queue of one is full. */
const queued = 8;

/** Starts the listener and fills its queue: later connections hang until they are given up. */
export async function startBlackHole(): Promise<BlackHole> {
  const gate = new SharedArrayBuffer(4);
  const worker = new Worker(listenerSource, { eval: true, workerData: gate });
  const [port] = (await once(worker, "message")) as [number];
  const sockets: Socket[] = [];
  for (let count = 0; count < queued; count += 1) {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.on("error", () => undefined);
    sockets.push(socket);
  }
  // The first is through at once; those past the queue's end stay in the air, as the gateway's will.
  const [first] = sockets;
  if (first?.connecting === true) await once(first, "connect");
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      Atomics.store(new Int32Array(gate), 0, 1);
      Atomics.notify(new Int32Array(gate), 0);
      await worker.terminate();
    },
  };
}
