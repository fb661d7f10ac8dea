// How the delivery to sinks stands, and what a test of one found. Types only.

/**
 * `ok`: nothing waits for longer than it must; `retrying`: the last try failed and is repeated; `refused`: the receiver
 * refuses credentials, address or everything that is sent, so that somebody must change something; `idle`: nothing has
 * been sent yet. Nothing is thrown away while it is `retrying` or `refused`.
 */
export type SinkStatus = "ok" | "retrying" | "refused" | "idle";

/** How the delivery to one sink stands. Counts since the sink was created. */
export interface SinkState {
  readonly name: string;
  readonly status: SinkStatus;
  /** Records that the receiver has taken; of several signals the one that is farthest. */
  readonly delivered: number;
  /** Records that the receiver will never take; they are in `logs/dead-letters/`. */
  readonly deadLettered: number;
  /** Records, spans or points that a collector took none of, by its own count (OTLP partial success). */
  readonly rejected: number;
  /** Records that retention removed before they could be delivered. */
  readonly dropped: number;
  /** Records that are still to be delivered; of several signals the one that lags most. */
  readonly behind: number;
  /** ISO 8601, UTC. */
  readonly lastDeliveredAt: string | null;
  /** Of the newest failure; null once a delivery has succeeded. Never holds a secret. */
  readonly lastError: { readonly at: string; readonly message: string } | null;
  /** ISO 8601, UTC; since when it has been failing, and when the next try is. */
  readonly failingSince: string | null;
  readonly nextTryAt: string | null;
}

/** One request of a test. */
export interface SinkTestRequest {
  readonly method: string;
  /** Without a query. */
  readonly url: string;
  readonly bytes: number;
  /** 0 when no answer arrived. */
  readonly status: number;
  readonly ms: number;
}

/** What came of sending one made-up record to a sink. */
export interface SinkTest {
  readonly ok: boolean;
  readonly message: string;
  readonly ms: number;
  readonly requests: readonly SinkTestRequest[];
}
