// A WebSocket as an endpoint sees it. Must not know any one protocol.
import type { WebSocket } from "ws";
import type { SimulatorFault } from "../core/simulator-faults.ts";
import type { Account } from "./account.ts";
import type { Knobs } from "./knobs.ts";

/** Sent but not taken by the peer; a peer that is further behind is let go. */
const mostWaitingBytes = 64 * 1024 * 1024;

export interface SocketCall {
  readonly socket: WebSocket;
  readonly query: URLSearchParams;
  readonly account: Account;
  readonly knobs: Knobs;
  /** Drawn once, for the whole connection. */
  readonly fault: SimulatorFault;
  readonly newId: (prefix: string) => string;
  readonly newUuid: () => string;
}

/** A thing to send, or to do when its turn comes. */
export interface Outgoing {
  readonly data: string | Buffer;
  /** True for what sets the pace. */
  readonly isToken: boolean;
}

/** Sends in order at the pace of the knobs. */
export class Outbox {
  readonly #socket: WebSocket;
  readonly #intervalMs: number;
  readonly #waiting: (Outgoing | (() => void))[] = [];
  #isWaiting = false;
  #isSilent = false;

  constructor({ socket, knobs }: SocketCall) {
    this.#socket = socket;
    const { tokensPerSecond = 0 } = knobs;
    this.#intervalMs = tokensPerSecond > 0 ? 1000 / tokensPerSecond : 0;
  }

  /** How many things wait for their turn. */
  get length(): number {
    return this.#waiting.length;
  }

  put(...items: readonly (Outgoing | (() => void))[]): void {
    if (this.#isSilent) return;
    for (const item of items) this.#waiting.push(item);
    this.#flush();
  }

  /** Goes on only after a while. */
  pause(delayMs: number): void {
    if (delayMs <= 0) return;
    this.#isWaiting = true;
    const timer = setTimeout(() => {
      this.#isWaiting = false;
      this.#flush();
    }, delayMs);
    this.#socket.once("close", () => clearTimeout(timer));
  }

  /** Sends nothing any more, though the socket stays open. */
  fallSilent(): void {
    this.#isSilent = true;
    this.#waiting.length = 0;
  }

  #flush(): void {
    while (!this.#isWaiting && !this.#isSilent) {
      const item = this.#waiting.shift();
      if (item === undefined) return;
      if (typeof item === "function") {
        item();
        continue;
      }
      if (item.isToken) this.pause(this.#intervalMs);
      this.#send(item.data);
    }
  }

  #send(data: string | Buffer): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > mostWaitingBytes) this.#socket.terminate();
    else this.#socket.send(data);
  }
}
