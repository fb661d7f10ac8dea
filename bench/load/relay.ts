// The floor where nginx is missing: a bare socket relay that reads no byte of what it passes on.
// It must not know HTTP.

import { connect, createServer, type Socket } from "node:net";

import { portOf } from "./upstream.ts";

export interface Relay {
  readonly port: number;
  close(): Promise<void>;
}

/** One connection to `upstreamPort` per client connection, bytes passed both ways with back-pressure. */
export async function startRelay(options: { port: number; upstreamPort: number }): Promise<Relay> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    const service = connect({ host: "127.0.0.1", port: options.upstreamPort, noDelay: true });
    pass(client, service);
    pass(service, client);
    sockets.add(client).add(service);
    client.on("close", () => sockets.delete(client));
    service.on("close", () => sockets.delete(service));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port: options.port, backlog: 2048 }, resolve);
  });
  return {
    port: portOf(server.address()),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function pass(from: Socket, to: Socket): void {
  from.on("data", (bytes) => {
    if (!to.write(bytes)) from.pause();
  });
  to.on("drain", () => from.resume());
  from.on("close", () => to.destroy());
  from.on("error", () => from.destroy());
}

if (import.meta.main) {
  const [port, upstreamPort] = process.argv.slice(2).map(Number);
  if (port === undefined || upstreamPort === undefined) throw new Error("usage: relay.ts PORT UPSTREAM_PORT");
  await startRelay({ port, upstreamPort });
}
