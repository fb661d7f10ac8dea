// Lets the admin API test services from the main thread, the way the data plane would reach them.
import type { ServiceTestPort } from "../control/routes/service-test-port.ts";
import { systemClock } from "../core/clock.ts";
import { testService } from "../gateway/service-test/service-test.ts";
import { usualDeadlines } from "../gateway/service-test/test-context.ts";
import type { AllowedNetworks } from "../lib/address-guard.ts";
import { compileService } from "../snapshot/compile-service.ts";

export function serviceTestPort(surroundings: {
  readonly networks: AllowedNetworks;
  readonly simulatorUrl: string;
}): ServiceTestPort {
  return (service, choice, left) => {
    // Whoever tests a disabled service wants to know whether it could be enabled.
    const config = compileService({ ...service, enabled: true });
    return testService(
      config,
      { ...surroundings, ...choice, clock: systemClock, deadlines: usualDeadlines },
      left,
    );
  };
}
