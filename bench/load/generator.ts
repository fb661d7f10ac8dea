// The load: closed-loop keep-alive connections that send one request after the other and check each answer.
// It must not know candidates or how CPU time is read.

import { connect, type Socket } from "node:net";

import { FrameCounter } from "./frame-counter.ts";
import { Histogram } from "./histogram.ts";
import { MessageParser } from "./message-parser.ts";
import { endsRight, STREAM_FRAMES } from "./traffic.ts";

export interface Load {
  readonly port: number;
  /** The whole request, head and body. */
  readonly request: Buffer;
  readonly kind: "plain" | "stream";
  readonly connections: number;
  /** New connections per second while the load starts; all at once without it. */
  readonly rampPerSecond?: number;
}

/** Counts since the load started; the latency figures since the last snapshot. */
export interface Snapshot {
  readonly done: number;
  /** Answers with another status than 200 or another body than the mock's. */
  readonly wrong: number;
  /** Connections that failed or ended inside an answer. */
  readonly broken: number;
  readonly events: number;
  /** Streams that have begun and not ended. */
  readonly openStreams: number;
  /** Request to whole answer; for streams to the first event. */
  readonly p50Us: number;
  readonly p99Us: number;
  /** The first thing that went wrong, in words. */
  readonly problem: string | undefined;
}

export interface RunningLoad {
  snapshot(): Snapshot;
  stop(): void;
}

const RECONNECT_MS = 50;
const RAMP_STEP_MS = 20;

export function startLoad(load: Load): RunningLoad {
  const state = new LoadState(load);
  let opened = 0;
  const open = (count: number): void => {
    for (; opened < Math.min(count, load.connections); opened++) state.open();
  };
  if (load.rampPerSecond === undefined) {
    open(load.connections);
    return state;
  }
  const perStep = Math.max(1, Math.round((load.rampPerSecond * RAMP_STEP_MS) / 1000));
  const ramp = setInterval(() => {
    open(opened + perStep);
    if (opened >= load.connections || state.stopped) clearInterval(ramp);
  }, RAMP_STEP_MS);
  return state;
}

class LoadState implements RunningLoad {
  readonly load: Load;
  readonly #latency = new Histogram();
  readonly #sockets = new Set<Socket>();
  stopped = false;
  done = 0;
  wrong = 0;
  broken = 0;
  events = 0;
  openStreams = 0;
  problem: string | undefined;

  constructor(load: Load) {
    this.load = load;
  }

  open(): void {
    if (this.stopped) return;
    const socket = connect({ host: "127.0.0.1", port: this.load.port, noDelay: true });
    this.#sockets.add(socket);
    const connection = new Connection(this, socket);
    socket.on("connect", () => connection.send());
    socket.on("data", (piece) => connection.receive(piece));
    socket.on("error", (error) => this.note(error.message));
    socket.on("close", () => {
      this.#sockets.delete(socket);
      const lost = connection.lost();
      if (this.stopped) return;
      if (lost) {
        this.broken++;
        this.note("a connection closed before its answer was complete");
      }
      setTimeout(() => this.open(), RECONNECT_MS);
    });
  }

  time(durationMs: number): void {
    this.#latency.record(durationMs * 1000);
  }

  note(problem: string): void {
    this.problem ??= problem;
  }

  snapshot(): Snapshot {
    const { done, wrong, broken, events, openStreams, problem } = this;
    const [p50Us, p99Us] = [this.#latency.percentileUs(0.5), this.#latency.percentileUs(0.99)];
    this.#latency.clear();
    return { done, wrong, broken, events, openStreams, p50Us, p99Us, problem };
  }

  stop(): void {
    this.stopped = true;
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** One keep-alive connection; it sends the next request when the answer before is complete. */
class Connection {
  readonly #state: LoadState;
  readonly #socket: Socket;
  readonly #parser: MessageParser;
  readonly #frames = new FrameCounter();
  #sentAtMs = 0;
  #waiting = true;
  #status = 0;
  #closing = false;
  #streaming = false;
  #endedRight = false;
  /** The last bytes of the plain body so far. */
  #tail: Buffer | undefined;

  constructor(state: LoadState, socket: Socket) {
    this.#state = state;
    this.#socket = socket;
    this.#parser = new MessageParser("answer", {
      onHead: (head) => this.#onHead(head),
      onBody: state.load.kind === "plain" ? this.#onPlainBody : this.#onStreamBody,
      onEnd: () => this.#onEnd(),
    });
  }

  send(): void {
    this.#waiting = true;
    this.#sentAtMs = performance.now();
    this.#socket.write(this.#state.load.request);
  }

  receive(piece: Buffer): void {
    try {
      this.#parser.push(piece);
    } catch (error) {
      this.#state.note(String(error));
      this.#socket.destroy();
    }
  }

  /** To be asked once, when the socket has closed: whether an answer was still due. */
  lost(): boolean {
    this.#endStream();
    return this.#waiting;
  }

  #onHead(head: string): void {
    // "HTTP/1.1 200 OK"
    this.#status = Number(head.slice(9, 12));
    this.#closing = /\r\nconnection: *close/i.test(head);
    this.#endedRight = false;
    this.#tail = undefined;
    this.#frames.reset();
    if (this.#status !== 200) this.#state.note(`status ${this.#status}`);
  }

  readonly #onPlainBody = (piece: Buffer, start: number, end: number): void => {
    const before = this.#tail;
    const whole = before === undefined ? undefined : Buffer.concat([before, piece.subarray(start, end)]);
    this.#tail = whole?.subarray(-64) ?? piece.subarray(Math.max(start, end - 64), end);
    this.#endedRight = endsRight(this.#tail);
    if (this.#status !== 200) this.#state.note(piece.toString("utf8", start, Math.min(end, start + 300)));
  };

  readonly #onStreamBody = (piece: Buffer, start: number, end: number): void => {
    if (this.#status !== 200) {
      this.#state.note(piece.toString("utf8", start, Math.min(end, start + 300)));
      return;
    }
    this.#state.events += this.#frames.add(piece, start, end);
    if (!this.#streaming && this.#frames.frames > 0) {
      this.#streaming = true;
      this.#state.openStreams++;
      this.#state.time(performance.now() - this.#sentAtMs);
    }
  };

  #endStream(): void {
    if (this.#streaming) this.#state.openStreams--;
    this.#streaming = false;
  }

  #onEnd(): void {
    const state = this.#state;
    this.#waiting = false;
    if (this.#right()) {
      state.done++;
    } else {
      state.wrong++;
      state.note("an answer that is not the mock's");
    }
    if (state.load.kind === "plain") state.time(performance.now() - this.#sentAtMs);
    this.#endStream();
    if (state.stopped) return;
    if (this.#closing) this.#socket.destroy();
    else this.send();
  }

  #right(): boolean {
    if (this.#status !== 200) return false;
    if (this.#state.load.kind === "plain") return this.#endedRight;
    return this.#frames.frames === STREAM_FRAMES && this.#frames.closed;
  }
}

/** What the benchmark process asks of the generator process; each gets one reply. */
export type GeneratorRequest =
  | { readonly do: "start"; readonly load: Load }
  | { readonly do: "snapshot" }
  | { readonly do: "stop" };

if (import.meta.main) {
  let running: RunningLoad | undefined;
  process.on("message", (message) => {
    // The only sender is the benchmark's own process, which types what it sends.
    const request = message as GeneratorRequest;
    if (request.do === "start") {
      running = startLoad({ ...request.load, request: Buffer.from(request.load.request) });
      process.send?.({});
    } else if (request.do === "snapshot") {
      process.send?.(running?.snapshot());
    } else {
      running?.stop();
      running = undefined;
      process.send?.({});
    }
  });
  process.on("disconnect", () => process.exit(0));
}
