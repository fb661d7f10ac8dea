// Memory of the data plane per idle relayed WebSocket: `npm run bench:sockets`. The data plane has a process of its own;
// clients and services are in this one.

import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import { acceptedSocket, SocketService, type SocketLog } from "../test/support/socket-client.ts";
import { startSocketGateway } from "../test/support/socket-gateway.ts";
import { event, runTask, speak, speechPath } from "../test/support/speech-frames.ts";

const SOCKETS = 2_000;
/** Opened and closed before measuring, so that what is made once is there. */
const WARM_SOCKETS = 200;
const AT_ONCE = 50;
const SELF = fileURLToPath(import.meta.url);

interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
}

/** What is held open: a ComfyUI socket, or one of DashScope with a task that has started. */
const kinds = ["comfyui", "speech"] as const;
type Kind = (typeof kinds)[number];

async function openOne(port: number, kind: Kind): Promise<SocketLog> {
  if (kind === "comfyui") return acceptedSocket(port, "/ws?clientId=idle");
  const client = await acceptedSocket(port, speechPath);
  client.send(runTask("m"));
  await client.message(0);
  return client;
}

async function openMany(port: number, kind: Kind, count: number): Promise<SocketLog[]> {
  const opened: SocketLog[] = [];
  while (opened.length < count) {
    const batch = Array.from({ length: Math.min(AT_ONCE, count - opened.length) }, () => openOne(port, kind));
    opened.push(...(await Promise.all(batch)));
  }
  return opened;
}

async function closeAll(sockets: readonly SocketLog[]): Promise<void> {
  await Promise.all(
    sockets.map((log) => {
      log.socket.close(1000);
      return log.ended();
    }),
  );
}

async function measure(kind: Kind, url: string): Promise<void> {
  const child = fork(SELF, ["gateway", kind, url], { execArgv: ["--expose-gc"] });
  try {
    const [port] = (await once(child, "message")) as [number];
    const memory = async (): Promise<Memory> => {
      child.send("measure");
      const [answer] = (await once(child, "message")) as [Memory];
      return answer;
    };
    await closeAll(await openMany(port, kind, WARM_SOCKETS));
    const before = await memory();
    const sockets = await openMany(port, kind, SOCKETS);
    const after = await memory();
    await closeAll(sockets);
    const left = await memory();
    const perSocket = (field: keyof Memory): string => kilobytes((after[field] - before[field]) / SOCKETS);
    console.log(
      `${kind}: ${SOCKETS} idle sockets, each to a service: ${perSocket("rss")} resident, ` +
        `${perSocket("heapUsed")} heap, ${perSocket("external")} outside it; ` +
        `${kilobytes((left.heapUsed - before.heapUsed) / SOCKETS)} heap per socket stayed after they closed`,
    );
  } finally {
    child.kill();
  }
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KB`;
}

/** The other process: a data plane that tells how much memory it has. */
async function serve(kind: Kind, url: string): Promise<void> {
  const gateway = await startSocketGateway({ kind, services: [{ name: "up", url }] });
  process.on("message", () => {
    // Twice: the first finds what the second can free.
    globalThis.gc?.();
    globalThis.gc?.();
    const { rss, heapUsed, external } = process.memoryUsage();
    process.send?.({ rss, heapUsed, external } satisfies Memory);
  });
  process.send?.(gateway.port);
}

const [role, kindGiven, urlGiven = ""] = process.argv.slice(2);
if (role === "gateway") {
  const kind = kinds.find((known) => known === kindGiven);
  if (kind !== undefined) await serve(kind, urlGiven);
} else {
  const service = await SocketService.start({
    onSocket: (log) => speak(log, { "run-task": (socket, id) => socket.send(event("task-started", id)) }),
  });
  for (const kind of kinds) await measure(kind, service.url);
  await service.close();
}
