// Stands between the two ends of a relayed WebSocket: messages go on in their order once their text is clear. Knows no
// route and closes nothing.
import type { GatewayError } from "../../core/errors.ts";
import type { RouteProtocol } from "../../core/protocol.ts";
import type { BlockCutter, DataRange } from "../../lib/stream-blocks.ts";
import { socketTextsOf } from "../../protocols/content/socket-texts.ts";
import type { Ending } from "../websocket/peer.ts";
import type { RelayHandler } from "../websocket/relay.ts";
import type { Direction } from "./check.ts";
import { Judge, type FindingsHolder } from "./judge.ts";
import { blockedError } from "./moderate-request.ts";
import { ModeratedStream } from "./moderated-stream.ts";
import { jsonCodingOf } from "./text-bytes.ts";
import type { ModerationPolicy } from "./policy.ts";

/** Held of one direction at most, in bytes. */
const maxHeldBytes = 8 * 1024 * 1024;

export interface ModeratedSocketOptions {
  readonly policy: ModerationPolicy;
  readonly protocol: RouteProtocol;
  /** Name of the Model API. */
  readonly api: string;
  readonly consumer: string;
  readonly requestId: string;
  /** The exchange that runs. */
  readonly record: FindingsHolder;
  /** What was said is refused: ends the socket. */
  blocked(error: GatewayError): void;
  failed(error: unknown): void;
}

/** Each message is a block. */
class Messages implements BlockCutter {
  readonly heldBytes = 0;
  readonly #binary = new WeakSet<Buffer>();
  /** Those of them that are no JSON. */
  readonly #opaque = new WeakSet<Buffer>();

  push(message: Buffer): Buffer[] {
    return [message];
  }

  finish(): Buffer {
    return Buffer.alloc(0);
  }

  dataOf(message: Buffer): readonly DataRange[] {
    return this.#opaque.has(message) ? [] : [[0, message.length]];
  }

  asideOf(): string {
    return "";
  }

  /** @param isJson services may read it as if it had come as text */
  markBinary(message: Buffer, isJson: boolean): void {
    this.#binary.add(message);
    if (!isJson) this.#opaque.add(message);
  }

  isBinary(message: Buffer): boolean {
    return this.#binary.has(message);
  }
}

/** One direction. */
class Lane {
  readonly #judge: Judge;
  readonly #messages = new Messages();
  readonly #stream: ModeratedStream;
  readonly #options: ModeratedSocketOptions;
  #told = false;
  #over: (() => void) | null = null;

  constructor(
    direction: Direction,
    options: ModeratedSocketOptions,
    deliver: (data: Buffer, binary: boolean) => void,
  ) {
    const { policy, api, consumer, requestId, record, protocol } = options;
    this.#options = options;
    this.#judge = new Judge(policy, { direction, api, consumer, requestId }, record);
    const form = { texts: socketTextsOf(protocol, direction), cutter: this.#messages, repeats: false };
    this.#stream = new ModeratedStream(this.#judge, form, {
      release: (message) => deliver(message, this.#messages.isBinary(message)),
      moved: () => this.#moved(),
      failed: (error) => options.failed(error),
    });
  }

  push(data: Buffer, binary: boolean): void {
    if (this.#judge.blocked || this.#judge.aborted) return;
    if (binary) {
      const coding = jsonCodingOf(data);
      this.#messages.markBinary(data, coding === "utf-8");
      if (coding === "other") this.#judge.unreadable("unknown-coding", true);
    }
    this.#stream.push(data);
    if (this.#stream.heldBytes > maxHeldBytes) this.#stream.pause();
    if (this.#stream.heldBytes > maxHeldBytes) this.#judge.unreadable("too-large");
    this.#moved();
  }

  /** Nothing follows. @param over called when all that may go has gone */
  finish(over: () => void): void {
    this.#over = over;
    this.#stream.finish();
    this.#moved();
  }

  get heldBytes(): number {
    return this.#stream.heldBytes;
  }

  abort(): void {
    this.#judge.abort();
  }

  #moved(): void {
    if (this.#judge.blocked) {
      if (this.#told) return;
      this.#told = true;
      this.#judge.abort();
      return this.#options.blocked(blockedError(this.#judge));
    }
    if (this.#stream.asking) return;
    const over = this.#over;
    this.#over = null;
    over?.();
  }
}

export interface ModeratedSocket extends RelayHandler {
  /** Something of the client is being judged. */
  readonly holdsClient: boolean;
  /** Nothing more is judged. */
  abort(): void;
}

/** Judges messages before a handler gets them. */
export function moderatedSocket(inner: RelayHandler, options: ModeratedSocketOptions): ModeratedSocket {
  const { policy } = options;
  const client = policy.request
    ? new Lane("request", options, (data, binary) => inner.onClientMessage(data, binary))
    : null;
  const service = policy.response
    ? new Lane("response", options, (data, binary) => inner.onServiceMessage(data, binary))
    : null;
  return {
    get holdsClient() {
      return client !== null && client.heldBytes > 0;
    },
    abort: () => {
      client?.abort();
      service?.abort();
    },
    onClientMessage: (data, binary) =>
      client === null ? inner.onClientMessage(data, binary) : client.push(data, binary),
    onServiceMessage: (data, binary) =>
      service === null ? inner.onServiceMessage(data, binary) : service.push(data, binary),
    onActivity: () => inner.onActivity(),
    onClientEnded: (ending: Ending) => {
      client?.abort();
      service?.abort();
      inner.onClientEnded(ending);
    },
    onServiceEnded: (ending: Ending) => {
      if (service === null) inner.onServiceEnded(ending);
      else service.finish(() => inner.onServiceEnded(ending));
    },
  };
}
