// The built-in upstream: an HTTP server that answers like a provider, with faults on demand. Must not know the gateway.
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { systemClock } from "../core/clock.ts";
import type { Clock } from "../core/clock.ts";
import { Accounts } from "./account.ts";
import { handle, type ServedRequest } from "./exchange.ts";
import type { Knobs } from "./knobs.ts";
import { serveSockets } from "./sockets.ts";

/** Longer than any pool keeps an idle connection, so that the client is the one to close it. */
const keepAliveMs = 600_000;

export interface SimulatorOptions {
  /** Default: loopback only. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Source of ids and of chance, from 0 up to 1. */
  readonly random?: () => number;
  readonly clock?: Clock;
  /** Knobs of a request that brings none of its own. */
  readonly defaults?: Knobs;
  /** Told of each request that is carried out, before anything of its answer goes out. */
  readonly onTaken?: (traceparent: string | undefined) => void;
  /** Told what was counted of each request that was carried out. */
  readonly onServed?: (served: ServedRequest) => void;
}

export interface Simulator {
  readonly url: string;
  readonly port: number;
  /** Ends at once, with every open connection. */
  close(): Promise<void>;
}

/**
 * Starts a simulator and resolves once it listens.
 * @throws the system's error when the address cannot be taken.
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { host = "127.0.0.1", port, random = Math.random, clock = systemClock, defaults = {} } = options;
  const { onTaken = () => undefined, onServed = () => undefined } = options;
  const context = { random, clock, defaults, accounts: new Accounts(), onTaken, onServed };
  const server = createServer({ keepAliveTimeout: keepAliveMs }, (request, out) =>
    handle(context, request, out),
  );
  const sockets = serveSockets(context, server);
  const address = await listen(server, host, port);
  const urlHost = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return {
    url: `http://${urlHost}:${address.port}`,
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        sockets.close();
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      const address = server.address();
      if (typeof address === "object" && address !== null) resolve(address);
    });
  });
}
