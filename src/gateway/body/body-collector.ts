// Gathers one request body within its bounds of size and time. Knows no HTTP library.
import { GatewayError } from "../../core/errors.ts";
import { Deadline, type TimerWheel } from "../../lib/timer-wheel.ts";

/** Takes the body of one request. */
export interface BodySink {
  /** False: no more is wanted for now. */
  piece(bytes: Buffer): boolean;
  end(): void;
  /** The connection ended first. */
  aborted(): void;
  /** What came is not HTTP. */
  broken(): void;
}

const bodyIdleMs = 30_000;

export class BodyCollector implements BodySink {
  readonly #maxBytes: number;
  readonly #wheel: TimerWheel;
  readonly #resolve: (body: Buffer) => void;
  readonly #reject: (error: GatewayError) => void;
  readonly #idle: Deadline;
  readonly #pieces: Buffer[] = [];
  #bytes = 0;
  #over = false;

  constructor(
    maxBytes: number,
    wheel: TimerWheel,
    resolve: (body: Buffer) => void,
    reject: (error: GatewayError) => void,
  ) {
    this.#maxBytes = maxBytes;
    this.#wheel = wheel;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#idle = new Deadline(() => {
      this.#fail(
        new GatewayError("request_timeout", { message: "The request body stalled for 30 seconds." }),
      );
    });
    wheel.arm(this.#idle, bodyIdleMs);
  }

  piece(bytes: Buffer): boolean {
    if (this.#over) return false;
    this.#bytes += bytes.length;
    if (this.#bytes > this.#maxBytes) {
      this.#fail(new GatewayError("body_too_large"));
      return false;
    }
    this.#pieces.push(bytes);
    this.#wheel.arm(this.#idle, bodyIdleMs);
    return true;
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#wheel.cancel(this.#idle);
    const [first] = this.#pieces;
    this.#resolve(
      this.#pieces.length === 1 && first !== undefined ? first : Buffer.concat(this.#pieces, this.#bytes),
    );
  }

  aborted(): void {
    const message = "The client went away before its body was complete.";
    this.#fail(new GatewayError("invalid_request", { message }));
  }

  broken(): void {
    this.#fail(
      new GatewayError("invalid_request", { message: "The request body is not framed as HTTP/1.1." }),
    );
  }

  #fail(error: GatewayError): void {
    if (this.#over) return;
    this.#over = true;
    this.#wheel.cancel(this.#idle);
    this.#reject(error);
  }
}
