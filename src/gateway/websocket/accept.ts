// Answers a client's handshake with 101 over the package `ws`. Knows no route.
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { WebSocketServer } from "ws";
import type { Peer } from "./peer.ts";
import { socketOptions, WatchedSocket, WsPeer } from "./ws-peer.ts";

export interface Handshake {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  /** What came on the socket after the handshake. */
  readonly early: Buffer;
}

/** What the answer under way says; `ws` asks for it while it answers. */
let headers: readonly string[] = [];
let protocol = "";

const server = new WebSocketServer({
  noServer: true,
  clientTracking: false,
  WebSocket: WatchedSocket,
  handleProtocols: () => (protocol === "" ? false : protocol),
  ...socketOptions,
});

server.on("headers", (lines) => {
  for (let index = 0; index < headers.length; index += 2)
    lines.push(`${headers[index]}: ${headers[index + 1]}`);
});

/**
 * @param ownHeaders flat: name, value
 * @param ownProtocol one that the client offers, or ""
 * @returns null when the client has gone meanwhile
 */
export function acceptSocket(
  { request, socket, early }: Handshake,
  ownHeaders: readonly string[],
  ownProtocol: string,
): Peer | null {
  headers = ownHeaders;
  protocol = ownProtocol;
  let peer: Peer | null = null;
  // The callback is called before this returns, or not at all.
  server.handleUpgrade(request, socket, early, (webSocket) => {
    peer = new WsPeer(webSocket, socket);
  });
  return peer;
}

const keyPattern = /^[+/0-9A-Za-z]{22}==$/;
const protocolsPattern = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+(?:[ \t]*,[ \t]*[!#$%&'*+.^_`|~0-9A-Za-z-]+)*$/;

/** What is wrong with a handshake (RFC 6455, 4.2.1); "" for a good one. */
export function handshakeFault({ headers: sent }: IncomingMessage): "" | "version" | "key" | "protocols" {
  if (sent["sec-websocket-version"] !== "13") return "version";
  if (!keyPattern.test(sent["sec-websocket-key"] ?? "")) return "key";
  const offered = sent["sec-websocket-protocol"];
  if (offered === undefined) return "";
  const names = offeredProtocols(offered);
  return protocolsPattern.test(offered) && new Set(names).size === names.length ? "" : "protocols";
}

export function offeredProtocols(offered: string | undefined): string[] {
  return offered === undefined ? [] : offered.split(",").map((name) => name.trim());
}
