// Upgrades to WebSockets: which path has one, and what is refused before. Must not know what is said on them.
import { STATUS_CODES } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { serveComfyui } from "./comfyui/socket.ts";
import { serveInference } from "./dashscope/inference-socket.ts";
import { comfyuiErrors, dashscopeErrors, openaiErrors } from "./error-shapes.ts";
import type { ErrorShape } from "./error-shapes.ts";
import { asRefusal, failureOf, splitUrl } from "./exchange.ts";
import type { Context } from "./exchange.ts";
import { newId, newUuid } from "./ids.ts";
import { drawFault, knobsHeader, readKnobs } from "./knobs.ts";
import { serveRealtime } from "./openai/realtime-socket.ts";
import { RefusedRequest } from "./refused-request.ts";
import type { SocketCall } from "./socket.ts";

/** Larger frames end the connection with 1009. */
const mostFrameBytes = 16 * 1024 * 1024;

interface SocketEndpoint {
  readonly path: RegExp;
  readonly errors: ErrorShape;
  readonly serve: (call: SocketCall) => void;
}

const socketEndpoints: readonly SocketEndpoint[] = [
  { path: /\/api-ws\/v1\/inference\/?$/, errors: dashscopeErrors, serve: serveInference },
  { path: /\/realtime\/?$/, errors: openaiErrors, serve: serveRealtime },
  { path: /\/ws$/, errors: comfyuiErrors, serve: serveComfyui },
];

/** Takes the upgrades of a server; `close` ends every socket at once. */
export function serveSockets(context: Context, server: Server): { close(): void } {
  const webSockets = new WebSocketServer({ noServer: true, maxPayload: mostFrameBytes });
  // Sockets that are being refused or delayed are in nobody else's hands.
  const pending = new Set<Duplex>();
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const upgrade = { context, request, socket, head, webSockets };
    pending.add(socket);
    socket.once("close", () => pending.delete(socket));
    // A client that leaves during the handshake is nobody's fault.
    socket.on("error", () => socket.destroy());
    accept(upgrade);
  });
  return {
    close: () => {
      for (const client of webSockets.clients) client.terminate();
      for (const socket of pending) socket.destroy();
    },
  };
}

interface Upgrade {
  readonly context: Context;
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly webSockets: WebSocketServer;
}

function accept(upgrade: Upgrade): void {
  const { context, request, socket } = upgrade;
  const { path, query } = splitUrl(request.url);
  const endpoint = socketEndpoints.find((row) => row.path.test(path));
  const { random } = context;
  try {
    if (endpoint === undefined) throw new RefusedRequest(404, `No WebSocket is served at ${path}.`);
    const knobs = readKnobs([request.headers[knobsHeader]].flat()[0], context.defaults);
    const fault = drawFault(knobs, random);
    if (fault === "status-429" || fault === "status-500") throw failureOf(fault);
    if (fault === "reset") {
      socket.destroy();
      return;
    }
    const account = context.accounts.of(request.headers, query);
    const timer = setTimeout(() => {
      upgrade.webSockets.handleUpgrade(request, socket, upgrade.head, (webSocket) => {
        // What breaks a socket is told by its close; without a listener it would end the process.
        webSocket.on("error", () => {});
        endpoint.serve({
          socket: webSocket,
          query,
          account,
          knobs,
          fault,
          newId: (prefix) => newId(random, prefix),
          newUuid: () => newUuid(random),
        });
      });
    }, knobs.latencyMs ?? 0);
    socket.once("close", () => clearTimeout(timer));
  } catch (error) {
    refuse(upgrade, endpoint?.errors ?? openaiErrors, asRefusal(error));
  }
}

/** Answers the handshake with an error, and ends the connection. */
function refuse({ context, socket }: Upgrade, errors: ErrorShape, error: RefusedRequest): void {
  const requestId = newId(context.random, "req_");
  const body = errors.body(error, requestId);
  const head = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? "Error"}`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
    `${errors.requestIdHeader}: ${requestId}`,
    ...(error.status === 429 ? ["retry-after: 1"] : []),
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
