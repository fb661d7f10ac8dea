// What sockets need besides what every request does. Knows no route.
import type { IdStore } from "../../core/id-owner.ts";
import type { AttemptTools } from "../attempt.ts";
import type { Exchange, Matched } from "../exchange.ts";
import type { PooledKey } from "../key-pool.ts";
import type { ClientCall } from "../listener.ts";
import type { Target } from "../selectors/selector.ts";
import type { Dialer } from "./dial.ts";

/** A socket that outlives its exchanges. */
export interface LastingSocket {
  /** The gateway is shutting down: ends now, or when the task under way has ended. */
  drain(): void;
}

/** Where a client's own id was taken to: the service and key that its next requests must go to. */
export interface ClientBinding {
  readonly clientId: string;
  readonly exchange: Exchange;
  readonly matched: Matched;
  readonly target: Target;
  readonly key: PooledKey;
}

export interface SocketTools {
  readonly dialer: Dialer;
  /** Those that last; whoever opens one puts it in and takes it out. */
  readonly open: Set<LastingSocket>;
  /** Whether no further sockets are accepted. */
  isDraining(): boolean;
  /** Opens another exchange on a call, and records it when `run` has ended. */
  follow(call: ClientCall, run: (exchange: Exchange) => Promise<void>): void;
  /** Told of the id of each client whose socket a service has accepted, before the client learns of it. */
  readonly bindClient?: (binding: ClientBinding) => void | Promise<void>;
}

/** All that takes a request from its head to its answer. */
export interface GatewayTools extends AttemptTools {
  /** Ids that outlive an exchange. */
  readonly ids: IdStore;
  readonly sockets: SocketTools;
}
