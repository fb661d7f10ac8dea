// What the admin API needs of the delivery to sinks. Types alone; knows no HTTP and no thread.
import type { ResourceValue } from "../../resources/registry.ts";
import type { SinkState, SinkTest } from "../../telemetry/delivery-answers.ts";

export interface DeliveryPort {
  /** How every sink stands, from memory: at most a second old, in the order of the names. */
  states(): readonly SinkState[];
  /** Sends one made-up record to a sink, stored or not, with its secrets opened. Rejects when it cannot be asked now. */
  test(sink: ResourceValue["sinks"]): Promise<SinkTest>;
}
