// Sends a request, be it a handshake for a WebSocket or any other, and reads the answer's head and what its length says.
// Must not know the gateway.
import { connect } from "node:net";
import type { HeaderLine } from "./http-message.ts";

export interface AnyRequest {
  readonly method: string;
  readonly path: string;
  readonly websocket: boolean;
  readonly headers: readonly HeaderLine[];
  readonly body?: string | undefined;
  /** The headers hold Host, or none shall be sent. */
  readonly ownHost?: boolean;
}

export interface AnyAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

const handshake: readonly HeaderLine[] = [
  ["connection", "Upgrade"],
  ["upgrade", "websocket"],
  ["sec-websocket-version", "13"],
  ["sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="],
];

export function askAnything(port: number, request: AnyRequest): Promise<AnyAnswer> {
  const { method, path, websocket, headers, body = "", ownHost = false } = request;
  const lines: HeaderLine[] = [
    ...(ownHost ? [] : [["host", "localhost"] satisfies HeaderLine]),
    ...(websocket ? handshake : [["connection", "close"] satisfies HeaderLine]),
    ...headers,
    ...(body === "" ? [] : [["content-length", String(Buffer.byteLength(body))] satisfies HeaderLine]),
  ];
  const head = [`${method} ${path} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`)];
  const { promise, resolve, reject } = Promise.withResolvers<AnyAnswer>();
  const socket = connect(port, "127.0.0.1", () => socket.write(`${head.join("\r\n")}\r\n\r\n${body}`));
  let bytes = "";
  socket.on("data", (piece) => {
    bytes += piece.toString("latin1");
    const answer = wholeAnswer(bytes);
    if (answer === undefined) return;
    resolve(answer);
    socket.destroy();
  });
  socket.on("error", reject);
  socket.on("close", () => reject(new Error(`${method} ${path} was not answered: ${bytes.slice(0, 200)}`)));
  return promise;
}

function wholeAnswer(bytes: string): AnyAnswer | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end === -1) return undefined;
  const [start = "", ...lines] = bytes.slice(0, end).split("\r\n");
  const headers = new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const body = bytes.slice(end + 4);
  const length = Number(headers.get("content-length") ?? 0);
  return body.length < length ? undefined : { status: Number(start.split(" ")[1]), headers, body };
}
