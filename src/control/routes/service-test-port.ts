// How a service gets tested. Types alone; knows no HTTP.
import type { Service } from "../../resources/service.ts";
import type { ServiceTestReport } from "./try-out.ts";

export interface ServiceTestChoice {
  /** Model of the call; default: one that the service has. */
  readonly model?: string | undefined;
  /** Name of the one key to test with; default: all that are enabled. */
  readonly key?: string | undefined;
}

/** Tests a service as it is given, stored or not. Never throws for what the service does. */
export type ServiceTestPort = (
  service: Service,
  choice: ServiceTestChoice,
  left: AbortSignal,
) => Promise<ServiceTestReport>;
