// What sockets need besides what every request does. Knows no route.
import type { IdStore } from "../../core/id-owner.ts";
import type { TokenCounter } from "../accounting/token-ask.ts";
import type { AttemptTools } from "../attempt-tools.ts";
import type { CacheTools } from "../cache/answer-from-cache.ts";
import type { AuthenticationTools } from "../authenticate.ts";
import type { ContentBudget } from "../capture/content-budget.ts";
import type { Exchange } from "../exchange.ts";
import type { LimitStore } from "../limits/limit-store.ts";
import type { ClientCall } from "../listener/listener.ts";
import type { Plan } from "../plan.ts";
import type { Upstream } from "../upstream/upstream.ts";
import type { Dialer } from "./dial.ts";

/** A socket that outlives its exchanges. */
export interface LastingSocket {
  /** The gateway is shutting down: ends now, or when the task under way has ended. */
  drain(): void;
}

export interface SocketTools {
  readonly dialer: Dialer;
  /** Those that last; whoever opens one puts it in and takes it out. */
  readonly open: Set<LastingSocket>;
  /** Whether no further sockets are accepted. */
  isDraining(): boolean;
  /** The one that runs now. */
  plan(): Plan;
  /** Opens another exchange on a call, and records it when `run` has ended. */
  follow(call: ClientCall, run: (exchange: Exchange) => Promise<void>): void;
}

/** All that takes a request from its head to its answer. */
export interface GatewayTools extends AttemptTools, AuthenticationTools {
  /** Ids that outlive an exchange. */
  readonly ids: IdStore;
  readonly sockets: SocketTools;
  /** Whom checks of content ask. */
  readonly upstream: Upstream;
  /** Counts what rate limits and quotas allow. */
  readonly limits: LimitStore;
  /** Memory for content that is recorded. */
  readonly contentBudget: ContentBudget;
  /** Counts tokens where services cannot; undefined: roughly. */
  readonly tokens: TokenCounter | undefined;
  /** Answers for reuse. */
  readonly cache: CacheTools;
}
