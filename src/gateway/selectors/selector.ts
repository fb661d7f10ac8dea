// What picks a target for a Model API's requests: one selector per mode.
import type { Clock } from "../../core/clock.ts";
import type { Decision } from "../../core/exchange-record.ts";
import type { ServiceProtocol } from "../../core/protocol.ts";
import type { Task } from "../../core/translated-pairs.ts";
import type { RequestFacts } from "../../routing/request-facts.ts";
import type { PooledKey } from "../targets/key-pool.ts";
import type { ServiceRuntime } from "../targets/service-runtime.ts";
import type { TargetState } from "../targets/target-state.ts";

export interface Target {
  readonly service: ServiceRuntime;
  /** Model name to send; undefined = pass the client's through. */
  readonly model: string | undefined;
  readonly state: TargetState;
  /** From sending to the first semantic data of a stream, ms; 0 = off; undefined = as the Model API says. */
  readonly firstPacketTimeoutMs: number | undefined;
}

/** What a selector may look at. */
export interface Selectable {
  readonly requestedModel: string | undefined;
  readonly consumer: string;
  /** What the service should speak. */
  readonly protocol: ServiceProtocol;
  /** What it may speak else, as the request is translated; absent: nothing. */
  readonly translated?: readonly ServiceProtocol[];
  /** What it is for; absent: nothing that is ever translated. */
  readonly task?: Task | undefined;
  /** Estimate from the size of the request. */
  readonly promptTokens: number;
  readonly stream: boolean;
  /** What mode intelligent looks at; no other mode asks for it. */
  readonly facts?: () => RequestFacts;
  /** Waits for somebody else's word, for as long as the client does. */
  readonly waitFor?: <Answer>(
    ask: (gone: AbortSignal) => Promise<Answer>,
    clock: Pick<Clock, "monotonicMs">,
  ) => Promise<Answer>;
  /** Only asked, nothing will be sent: nothing is counted, no trial is claimed. */
  readonly dryRun: boolean;
}

export interface Selection {
  readonly target: Target;
  /** The target's standing when it was picked; `ready` and `trial` only if it may be sent to while others are better. */
  readonly standing: Standing;
  readonly decision: Decision;
  /** The one key to be used there, because of the ids of the request: nothing else may be tried. */
  readonly key?: PooledKey;
  /** For fallbacks that name no model, where the client's name is not one; absent: the client's. */
  readonly fallbackModel?: string;
}

/**
 * Whether a target can be sent to.
 * - `ready`: yes.
 * - `trial`: it is ejected, and this request is the one that finds out whether it answers again.
 * - `ejected`, `refused` (every key rests for credentials): only when there is nothing better.
 * - `resting` (every key rests on a rate limit), `disabled`, `foreign` (does not speak the protocol): no.
 */
export type Standing = "ready" | "trial" | "ejected" | "refused" | "resting" | "disabled" | "foreign";

export interface Selector {
  /**
   * Always picks a target, the best of what there is. An ejected target comes only when there is none better.
   * @throws GatewayError model_not_found
   */
  select(request: Selectable): Selection | Promise<Selection>;
}
