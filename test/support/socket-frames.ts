// Bytes of WebSocket frames (RFC 6455, 5.2), allowed and forbidden, and a client that sends them. Must not know the gateway.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { Changes } from "./changes.ts";

export interface FrameParts {
  readonly opcode: number;
  readonly data?: Buffer;
  /** The length that the head tells, where no data shall follow. */
  readonly length?: number;
  readonly fin?: boolean;
  /** Bits 0x40, 0x20 and 0x10. */
  readonly reserved?: number;
  /** Masked as clients do, with zeros, so that the data reads as it is. */
  readonly mask?: boolean;
}

/** One frame, or only its head. */
export function frameBytes({
  opcode,
  data,
  length,
  fin = true,
  reserved = 0,
  mask = true,
}: FrameParts): Buffer {
  const told = length ?? data?.length ?? 0;
  const size = Buffer.alloc(told > 65_535 ? 9 : told > 125 ? 3 : 1);
  if (told > 65_535) size.writeBigUInt64BE(BigInt(told), 1);
  else if (told > 125) size.writeUInt16BE(told, 1);
  size[0] = (mask ? 0x80 : 0) | (told > 65_535 ? 127 : told > 125 ? 126 : told);
  const first = Buffer.from([(fin ? 0x80 : 0) | reserved | opcode]);
  return Buffer.concat([first, size, Buffer.alloc(mask ? 4 : 0), data ?? Buffer.alloc(0)]);
}

const plainHeaders = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};

/** The headers of a good handshake, with others on top. */
export function handshakeHeaders(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { ...plainHeaders, ...headers };
}

/** A whole handshake. */
export function handshake(path: string): Buffer {
  const lines = Object.entries(handshakeHeaders()).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${lines.join("")}\r\n`);
}

const blankLine = Buffer.from("\r\n\r\n");

/** A client whose handshake was accepted, and that sends whatever it is given. */
export class RawSocketClient {
  readonly #socket: Socket;
  readonly #changes = new Changes();
  #received: Buffer = Buffer.alloc(0);
  #endedMs: number | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (bytes: Buffer) => {
      this.#received = Buffer.concat([this.#received, bytes]);
      this.#changes.notify();
    });
    socket.on("end", () => {
      this.#endedMs = performance.now();
      this.#changes.notify();
    });
    // A reset is an ending like any other here.
    socket.on("error", () => undefined);
  }

  static async open(port: number, path: string): Promise<RawSocketClient> {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    await once(socket, "connect");
    const client = new RawSocketClient(socket);
    socket.write(handshake(path));
    await client.#changes.until(() => (client.#received.includes(blankLine) ? true : undefined));
    return client;
  }

  send(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** The code of the close frame that comes. */
  async closeCode(): Promise<number> {
    return this.#changes.until(() =>
      closeCode(this.#received.subarray(this.#received.indexOf(blankLine) + blankLine.length)),
    );
  }

  /** The moment at which the other side has closed its half of the connection. */
  async ended(): Promise<number> {
    return this.#changes.until(() => this.#endedMs);
  }

  /** Stops reading. */
  pause(): void {
    this.#socket.pause();
  }

  /** Closes its own half only. */
  halfClose(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

/** The code of the close frame among the unmasked frames of a server; undefined while there is none. */
function closeCode(bytes: Buffer): number | undefined {
  let at = 0;
  while (at + 2 <= bytes.length) {
    const opcode = (bytes[at] ?? 0) & 15;
    const short = (bytes[at + 1] ?? 0) & 127;
    const head = short === 127 ? 10 : short === 126 ? 4 : 2;
    if (at + head > bytes.length) return undefined;
    const length =
      short === 127
        ? Number(bytes.readBigUInt64BE(at + 2))
        : short === 126
          ? bytes.readUInt16BE(at + 2)
          : short;
    if (opcode === 8) return at + head + 2 <= bytes.length ? bytes.readUInt16BE(at + head) : undefined;
    at += head + length;
  }
  return undefined;
}
