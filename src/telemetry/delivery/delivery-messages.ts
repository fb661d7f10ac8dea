// The words between the main thread and the delivery thread. Data only: everything here crosses by structured clone.
import type { AllowedNetworks } from "../../lib/address-guard.ts";
import type { SinkState, SinkTest } from "../delivery-answers.ts";
import type { DeliveryConfiguration } from "./deliverer.ts";
import type { Sink } from "./sink-config.ts";

/** What the delivery thread is born with. */
export interface DeliverySetup {
  readonly dataDir: string;
  /** Of the log store. */
  readonly logsDir: string;
  readonly networks: AllowedNetworks;
}

export type ToDeliveryThread =
  | { readonly kind: "configure"; readonly configuration: DeliveryConfiguration }
  | { readonly kind: "test"; readonly id: number; readonly sink: Sink }
  | { readonly kind: "stop" };

export type FromDeliveryThread =
  | { readonly kind: "states"; readonly states: readonly SinkState[] }
  | { readonly kind: "tested"; readonly id: number; readonly test: SinkTest }
  | { readonly kind: "problem"; readonly message: string }
  | { readonly kind: "stopped" };
