// What the delivery takes from the outside: clock, timers, chance, network. Types only, so that tests never wait.
import type { Clock } from "../../core/clock.ts";
import type { Post } from "../../lib/guarded-post.ts";

export interface Timers {
  /** Runs something once; @returns what takes it back */
  after(ms: number, run: () => void): () => void;
}

export interface DeliveryPorts {
  readonly clock: Clock;
  readonly timers: Timers;
  /** 0 to 1. */
  readonly random: () => number;
  readonly post: Post;
}
