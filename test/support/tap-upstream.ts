// Stands before a service and writes down every exchange, byte for byte, while it passes. Must not know the gateway.
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { headerOf, MessageReader, type HttpMessage } from "./http-message.ts";

/** One request as it came, and the answer as it went. */
export interface Tapped {
  readonly method: string;
  readonly path: string;
  readonly request: HttpMessage;
  readonly answer: HttpMessage;
  readonly status: number;
  /** First value of a header of the request, by lower-case name. */
  header(name: string): string | undefined;
}

export interface Tap {
  readonly url: string;
  /** In the order in which the answers were whole. */
  readonly exchanges: readonly Tapped[];
  close(): Promise<void>;
}

/** @param port of the service, on 127.0.0.1 */
export async function startTap(port: number): Promise<Tap> {
  const exchanges: Tapped[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const service = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    tapConnection(client, service, (tapped) => exchanges.push(tapped));
    for (const socket of [client, service]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("close", () => sockets.delete(socket));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    exchanges,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function tapConnection(client: Socket, service: Socket, keep: (tapped: Tapped) => void): void {
  const waiting: HttpMessage[] = [];
  let isHttp = true;
  const requests = new MessageReader({ kind: "request", onMessage: (message) => waiting.push(message) });
  const answers = new MessageReader({
    kind: "response",
    bodyless: () => waiting[0]?.startLine.startsWith("HEAD ") === true,
    onMessage: (answer) => {
      const status = Number(answer.startLine.split(" ")[1]);
      // What follows are frames.
      if (status === 101) isHttp = false;
      if (status < 200 && status !== 101) return;
      const request = waiting.shift();
      if (request !== undefined) keep(toTapped(request, answer, status));
    },
  });
  pass(client, service, (bytes) => isHttp && requests.push(bytes));
  pass(service, client, (bytes) => isHttp && answers.push(bytes));
}

/** Reads before it writes: what the other side has got, is written down. */
function pass(from: Socket, to: Socket, read: (bytes: Buffer) => void): void {
  from.on("data", (bytes: Buffer) => {
    read(bytes);
    if (!to.write(bytes)) from.pause();
  });
  to.on("drain", () => from.resume());
  from.on("end", () => to.end());
  from.on("error", () => to.destroy());
  from.on("close", () => to.destroy());
}

function toTapped(request: HttpMessage, answer: HttpMessage, status: number): Tapped {
  const [method = "", path = ""] = request.startLine.split(" ");
  return { method, path, request, answer, status, header: (name) => headerOf(request, name) };
}
