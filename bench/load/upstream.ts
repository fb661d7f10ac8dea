// The mock model service: prebuilt chat completions and paced event streams over bare sockets.
// It must not know candidates or measures; the request's model name says what to answer.

import { createServer, type AddressInfo, type Socket } from "node:net";

import { MalformedMessage, MessageParser } from "./message-parser.ts";
import { type Paced, Pacer } from "./pacer.ts";
import {
  type Answer,
  askedFor,
  EVENT_INTERVAL_MS,
  plainAnswer,
  streamWrites,
  unknownModelAnswer,
} from "./traffic.ts";

export interface Upstream {
  readonly port: number;
  close(): Promise<void>;
}

export interface UpstreamOptions {
  /** Milliseconds of the one coarse timer behind all streams; 2 unless told. */
  readonly tickMs?: number;
  /** Milliseconds between two events; those of the benchmark unless told. */
  readonly eventIntervalMs?: Readonly<Record<Exclude<Answer, "plain">, number>>;
}

/** Listens on a free port of the loopback address. */
export async function startUpstream(options: UpstreamOptions = {}): Promise<Upstream> {
  const tickMs = options.tickMs ?? 2;
  const intervals = options.eventIntervalMs ?? EVENT_INTERVAL_MS;
  const ticks = (answer: Exclude<Answer, "plain">): number =>
    Math.max(1, Math.round(intervals[answer] / tickMs));
  const pacer = new Pacer(Math.max(ticks("brisk"), ticks("slow")));
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    serve(socket, (answer) => pacer.add(new EventStream(socket), ticks(answer)));
  });
  const timer = startTicking(pacer, tickMs);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port: 0, backlog: 2048 }, resolve);
  });
  return {
    port: portOf(server.address()),
    async close() {
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** After this many missed ticks the schedule begins anew, so that a stall is not followed by a flood. */
const MAX_BEHIND = 25;

/** Late timers are made up for: the pace of the streams must not depend on how busy the machine is. */
function startTicking(pacer: Pacer, tickMs: number): NodeJS.Timeout {
  let nextMs = performance.now() + tickMs;
  return setInterval(() => {
    const nowMs = performance.now();
    if (nowMs - nextMs > MAX_BEHIND * tickMs) nextMs = nowMs;
    for (; nextMs <= nowMs; nextMs += tickMs) pacer.tick();
  }, tickMs);
}

export function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("not listening on TCP");
  return address.port;
}

const NO_BYTES = Buffer.alloc(0);

function serve(socket: Socket, startStream: (answer: Exclude<Answer, "plain">) => void): void {
  let asked: Answer | undefined;
  let seen: Buffer = NO_BYTES;
  const parser = new MessageParser("request", {
    onHead() {
      asked = undefined;
      seen = NO_BYTES;
    },
    onBody(piece, start, end) {
      if (asked !== undefined) return;
      const bytes = piece.subarray(start, end);
      // The name nearly always lies in the first piece; only a cut inside it costs a copy.
      seen = seen.length === 0 ? bytes : Buffer.concat([seen, bytes]);
      asked = askedFor(seen);
    },
    onEnd() {
      if (asked === "plain") socket.write(plainAnswer);
      else if (asked === undefined) socket.write(unknownModelAnswer);
      else startStream(asked);
    },
  });
  socket.on("data", (piece) => {
    try {
      parser.push(piece);
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
      socket.destroy();
    }
  });
  // A candidate that stops closes its sockets as it likes; the load generator is who judges.
  socket.on("error", () => socket.destroy());
}

class EventStream implements Paced {
  readonly #socket: Socket;
  #index = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  beat(): boolean {
    if (this.#socket.destroyed) return false;
    // A reader that fell behind loses pace, not events.
    if (this.#socket.writableNeedDrain) return true;
    const bytes = streamWrites[this.#index++];
    if (bytes === undefined) return false;
    this.#socket.write(bytes);
    return this.#index < streamWrites.length;
  }
}

if (import.meta.main) {
  const upstream = await startUpstream();
  process.send?.({ port: upstream.port });
  // Goes away with the process that started it, however that one ended.
  process.on("disconnect", () => process.exit(0));
}
