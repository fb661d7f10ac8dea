// The socket of the admin API and console: node:http with time limits. Knows no route.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { TrustedProxies } from "../lib/network-list.ts";
import { errorAnswer, guardHeaders } from "./answer.ts";
import { ControlError } from "./control-error.ts";

/** What an app may know of the connection of a request, and do to it. */
export interface ConnectionTools {
  /** The client's side. */
  readonly remoteAddress: string;
  /** Ends it without a proper end: an answer that has begun is then seen to be incomplete. */
  readonly cut: () => void;
}

/** Anything that answers web-standard requests, such as a Hono app. */
export interface FetchApp {
  fetch(request: Request, tools: ConnectionTools): Response | Promise<Response>;
}

export interface AdminServer {
  /** The port listened on; differs from the wish when that was 0. */
  readonly port: number;
  /** Takes no new connection, lets running answers finish for at most `timeoutMs`, then cuts what is left. */
  close(timeoutMs?: number): Promise<void>;
}

const headTimeoutMs = 10_000;
/** Generous, since a configuration of 64 MiB may come over a slow line. */
const requestTimeoutMs = 120_000;
const keepAliveTimeoutMs = 65_000;
const maxHeadBytes = 32 * 1024;

/**
 * Listens and serves until closed.
 * @throws the system error of `listen`, such as EADDRINUSE
 */
export async function startAdminServer(options: {
  readonly host: string;
  readonly port: number;
  readonly app: FetchApp;
  /** Networks of proxies whose `x-forwarded-for` is believed. */
  readonly trustedProxies?: readonly string[];
}): Promise<AdminServer> {
  const proxies = new TrustedProxies(options.trustedProxies ?? []);
  const listener = getRequestListener(
    (request, { incoming, outgoing }) =>
      options.app.fetch(request, {
        remoteAddress: proxies.clientOf(
          incoming.socket.remoteAddress ?? "",
          [incoming.headers["x-forwarded-for"] ?? []].flat(),
        ),
        cut: () => outgoing.destroy(),
      }),
    {
      overrideGlobalObjects: false,
      // Reached only when no request could be made of what came: then the app has not been asked.
      errorHandler: () =>
        errorAnswer(
          new ControlError("invalid", "Host or target of the request is not valid."),
          "",
          guardHeaders,
        ),
    },
  );
  const server = createServer(
    {
      headersTimeout: headTimeoutMs,
      requestTimeout: requestTimeoutMs,
      keepAliveTimeout: keepAliveTimeoutMs,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: maxHeadBytes,
    },
    (request, response) => {
      void listener(request, response);
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: options.host, port: options.port }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const address = server.address();
  return {
    port: portOf(address),
    close: (timeoutMs = 1_000) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), timeoutMs);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string")
    throw new Error("The admin server has no TCP address.");
  return address.port;
}
