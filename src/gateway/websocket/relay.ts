// Both ends of a relayed WebSocket: passes messages on at the pace of the slower end, answers pings, notices who is gone.
// Knows no route; what a message means is its handler's matter.
import type { Clock } from "../../core/clock.ts";
import { Deadline, type TimerWheel } from "../../lib/timer-wheel.ts";
import type { Ending, Peer, PeerHandler } from "./peer.ts";

/** Sent to one end and not yet taken, in bytes: above it the other end is not read. */
const highBacklogBytes = 256 * 1024;
const lowBacklogBytes = highBacklogBytes / 2;
/** Pings of one end within a second; more are a flood. */
const maxPingsPerSecond = 100;
const policyViolation = 1008;
const internalError = 1011;

export interface RelayTools {
  readonly clock: Clock;
  readonly wheel: TimerWheel;
}

export interface RelayHandler {
  onClientMessage(data: Buffer, binary: boolean): void;
  onServiceMessage(data: Buffer, binary: boolean): void;
  /** A message went either way, or the service showed that it lives. */
  onActivity(): void;
  /** The client has ended the socket; the service's end is still open. */
  onClientEnded(ending: Ending): void;
  /** The service has ended its socket, or is dead. */
  onServiceEnded(ending: Ending): void;
}

export class Relay {
  readonly #handler: RelayHandler;
  readonly #tools: RelayTools;
  readonly #client: End;
  #service: End | null = null;
  readonly #beat: Deadline;
  #idleMs = 0;
  /** The client is not read for a reason other than a backlog. */
  #holdsClient = false;

  constructor(client: Peer, handler: RelayHandler, tools: RelayTools) {
    this.#handler = handler;
    this.#tools = tools;
    this.#beat = new Deadline(() => this.#onBeat());
    this.#client = new End(client, tools.clock, {
      onMessage: (data, binary) => handler.onClientMessage(data, binary),
      onLife: () => undefined,
      onFlushed: () => this.#clientTook(),
      onEnded: (ending) => {
        this.#stop();
        handler.onClientEnded(ending);
      },
    });
  }

  /** Puts a service's end in the place of the one before, which is closed. @param idleMs idle time of the service */
  connect(peer: Peer, idleMs: number): void {
    const handler = this.#handler;
    this.#service?.peer.close(1000, "");
    const end: End = new End(peer, this.#tools.clock, {
      onMessage: (data, binary) => handler.onServiceMessage(data, binary),
      onLife: () => handler.onActivity(),
      onFlushed: () => this.#serviceTook(end),
      onEnded: (ending) => {
        if (this.#service !== end) return;
        this.#service = null;
        handler.onServiceEnded(ending);
      },
    });
    this.#service = end;
    this.#idleMs = idleMs;
    this.#tools.wheel.arm(this.#beat, idleMs / 2);
  }

  get connected(): boolean {
    return this.#service !== null;
  }

  toClient(data: Buffer | string, binary: boolean): void {
    this.#client.send(data, binary);
    this.#handler.onActivity();
    if (this.#client.peer.backlog > highBacklogBytes) this.#service?.pause();
  }

  toService(data: Buffer, binary: boolean): void {
    const service = this.#service;
    if (service === null) return;
    service.send(data, binary);
    this.#handler.onActivity();
    if (service.peer.backlog > highBacklogBytes) this.#client.pause();
  }

  /** Stops reading the client, until `release`. */
  hold(): void {
    this.#holdsClient = true;
    this.#client.pause();
  }

  release(): void {
    if (!this.#holdsClient) return;
    this.#holdsClient = false;
    if ((this.#service?.peer.backlog ?? 0) <= highBacklogBytes) this.#client.resume();
  }

  closeClient(code: number | undefined, reason: Buffer | string): void {
    this.#stop();
    this.#client.peer.close(code, reason);
  }

  closeService(code: number | undefined, reason: Buffer | string): void {
    const service = this.#service;
    this.#service = null;
    service?.peer.close(code, reason);
  }

  #clientTook(): void {
    const service = this.#service;
    if (service === null || !service.paused || this.#client.peer.backlog > lowBacklogBytes) return;
    this.#handler.onActivity();
    service.resume();
  }

  #serviceTook(end: End): void {
    if (this.#holdsClient || !this.#client.paused || end.peer.backlog > lowBacklogBytes) return;
    this.#handler.onActivity();
    this.#client.resume();
  }

  #stop(): void {
    this.#tools.wheel.cancel(this.#beat);
  }

  /** Twice within the idle time: an end that has been silent is asked whether it lives. */
  #onBeat(): void {
    const nowMs = this.#tools.clock.monotonicMs();
    if (this.#client.isDead(nowMs, this.#idleMs)) {
      this.#client.fail(policyViolation, "no pong");
      return;
    }
    const service = this.#service;
    if (service?.isDead(nowMs, this.#idleMs) === true) service.fail(internalError, "no pong");
    this.#client.ask(nowMs, this.#idleMs / 2);
    this.#service?.ask(nowMs, this.#idleMs / 2);
    this.#tools.wheel.arm(this.#beat, this.#idleMs / 2);
  }
}

interface EndEvents {
  onMessage(data: Buffer, binary: boolean): void;
  onLife(): void;
  onFlushed(): void;
  onEnded(ending: Ending): void;
}

/** One end with what is known of its life. */
class End implements PeerHandler {
  readonly peer: Peer;
  readonly #clock: Clock;
  readonly #events: EndEvents;
  paused = false;
  /** When it was last heard of, or sent a message. */
  #lastMs: number;
  #pings = 0;
  #pingsSinceMs = 0;

  constructor(peer: Peer, clock: Clock, events: EndEvents) {
    this.peer = peer;
    this.#clock = clock;
    this.#events = events;
    this.#lastMs = clock.monotonicMs();
    peer.handler = this;
  }

  send(data: Buffer | string, binary: boolean): void {
    this.#lastMs = this.#clock.monotonicMs();
    this.peer.send(data, binary);
  }

  onMessage(data: Buffer, binary: boolean): void {
    this.#lastMs = this.#clock.monotonicMs();
    this.#events.onMessage(data, binary);
  }

  onPing(data: Buffer): void {
    const nowMs = this.#clock.monotonicMs();
    this.#alive(nowMs);
    if (nowMs - this.#pingsSinceMs > 1_000) {
      this.#pingsSinceMs = nowMs;
      this.#pings = 0;
    }
    this.#pings += 1;
    if (this.#pings > maxPingsPerSecond) this.fail(policyViolation, "too many pings");
    // Only the last ping needs an answer (RFC 6455, 5.5.3), and one that does not read gets none.
    else if (this.peer.backlog <= highBacklogBytes) this.peer.pong(data);
  }

  onPong(): void {
    this.#alive(this.#clock.monotonicMs());
  }

  onFlushed(): void {
    this.#events.onFlushed();
  }

  onEnded(ending: Ending): void {
    this.#events.onEnded(ending);
  }

  pause(): void {
    this.paused = true;
    this.peer.pause();
  }

  resume(): void {
    this.paused = false;
    this.#lastMs = this.#clock.monotonicMs();
    this.peer.resume();
  }

  /**
   * Of one that is not read nothing can be heard. Later than the idle time, so that where both ends are silent it is
   * the service's fault.
   */
  isDead(nowMs: number, idleMs: number): boolean {
    return !this.paused && nowMs - this.#lastMs > 1.25 * idleMs;
  }

  ask(nowMs: number, silentMs: number): void {
    // Beats may come a tick early for what was heard at the one before.
    if (nowMs - this.#lastMs > silentMs / 2) this.peer.ping();
  }

  fail(code: number, reason: string): void {
    this.peer.close(code, reason);
    this.#events.onEnded({ kind: "broken", code });
  }

  #alive(nowMs: number): void {
    this.#lastMs = nowMs;
    this.#events.onLife();
  }
}
