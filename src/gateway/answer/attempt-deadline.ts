// The one deadline of an attempt: first packet, idle time and total, whichever comes first. Knows no answer.
import type { Clock } from "../../core/clock.ts";
import { Deadline, type TimerWheel } from "../../lib/timer-wheel.ts";

export type DeadlineKind = "first-packet" | "idle" | "total";

export interface DeadlineLimits {
  /** The request asks for a stream: idle time counts from sending on, else from the answer's head on. */
  readonly stream: boolean;
  /** From sending to the first semantic data of a stream, in ms; 0 = off. */
  readonly firstPacketMs: number;
  readonly idleMs: number;
  readonly totalMs: number;
}

export class AttemptDeadline {
  readonly sentMs: number;
  lastByteMs: number;
  readonly #clock: Clock;
  readonly #wheel: TimerWheel;
  readonly #limits: DeadlineLimits;
  readonly #deadline: Deadline;
  readonly #onExpired: (kind: DeadlineKind) => void;
  #headCame = false;
  /** When the first-packet clock began; Infinity while the client still owes bytes of its request. */
  #askedMs: number;
  #firstPacketCame: boolean;

  constructor(
    clock: Clock,
    wheel: TimerWheel,
    limits: DeadlineLimits,
    onExpired: (kind: DeadlineKind) => void,
  ) {
    this.#clock = clock;
    this.#wheel = wheel;
    this.#limits = limits;
    this.#onExpired = onExpired;
    this.#firstPacketCame = limits.firstPacketMs === 0 || !limits.stream;
    this.sentMs = clock.monotonicMs();
    this.lastByteMs = this.sentMs;
    this.#askedMs = this.sentMs;
    this.#deadline = new Deadline(() => this.#look());
  }

  arm(): void {
    this.#wheel.arm(this.#deadline, this.#nextMs() - this.#clock.monotonicMs());
  }

  cancel(): void {
    this.#wheel.cancel(this.#deadline);
  }

  /** A byte went either way. */
  touch(): void {
    this.lastByteMs = this.#clock.monotonicMs();
  }

  headCame(): void {
    this.#headCame = true;
    // From here on idle time counts, which may end sooner than what is armed.
    if (!this.#limits.stream) this.arm();
  }

  /** The client is still sending what passes to the service: a slow client is not the service's fault. */
  bodyPasses(): void {
    this.#askedMs = Infinity;
  }

  /** The last byte of the request is on its way. */
  bodySent(): void {
    this.touch();
    this.#askedMs = this.lastByteMs;
    this.arm();
  }

  firstPacketCame(): void {
    this.#firstPacketCame = true;
  }

  #idleCounts(): boolean {
    return this.#headCame || this.#limits.stream;
  }

  #dueMs(kind: DeadlineKind): number {
    switch (kind) {
      case "first-packet":
        return this.#firstPacketCame ? Infinity : this.#askedMs + this.#limits.firstPacketMs;
      case "idle":
        return this.#idleCounts() ? this.lastByteMs + this.#limits.idleMs : Infinity;
      case "total":
        return this.sentMs + this.#limits.totalMs;
    }
  }

  #nextMs(): number {
    return Math.min(this.#dueMs("first-packet"), this.#dueMs("idle"), this.#dueMs("total"));
  }

  #look(): void {
    const nowMs = this.#clock.monotonicMs();
    if (this.#dueMs("first-packet") <= nowMs) this.#onExpired("first-packet");
    else if (this.#dueMs("idle") <= nowMs) this.#onExpired("idle");
    else if (this.#dueMs("total") <= nowMs) this.#onExpired("total");
    else this.arm();
  }
}
