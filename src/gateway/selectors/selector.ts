// What picks services for a Model API: one selector per mode, all yielding the same thing, an ordered list of targets.
import type { Decision } from "../../core/exchange-record.ts";
import type { ServiceRuntime } from "../service-runtime.ts";

export interface Target {
  readonly service: ServiceRuntime;
  /** Model name to send; undefined = pass the client's through. */
  readonly model: string | undefined;
}

/** What a selector may look at. */
export interface Selectable {
  readonly requestedModel: string | undefined;
  readonly consumer: string;
}

export interface Selection {
  /** In the order in which they shall be tried. */
  readonly targets: readonly Target[];
  readonly decision: Decision;
}

export interface Selector {
  /** @throws GatewayError model_not_found, no_healthy_service */
  rank(request: Selectable): Selection | Promise<Selection>;
}
