// Lets the admin API ask how the data plane would handle a request: a plan of the published snapshot on the main thread,
// over the memory of the workers, so that it sees what they have learnt.
import type { AdminApiPorts } from "../control/routes/ports.ts";
import { systemClock } from "../core/clock.ts";
import { explain, explainAbsent } from "../gateway/explain/explain.ts";
import { TokenKeys } from "../gateway/identity/token-keys.ts";
import type { LimitStore } from "../gateway/limits/limit-store.ts";
import type { AllowedNetworks } from "../lib/address-guard.ts";
import { guardedGetter } from "../lib/guarded-get.ts";
import type { ReadingPlans } from "./reading-plans.ts";

export function explainPort(
  plans: ReadingPlans,
  networks: AllowedNetworks,
  limits: Pick<LimitStore, "look">,
): AdminApiPorts["explain"] {
  const tokenKeys = new TokenKeys({ get: guardedGetter(networks).get, clock: systemClock });
  return async (api, request) => {
    const { snapshot, plan } = plans.current ?? {};
    const config = snapshot?.apis.get(api);
    if (plan === undefined || config === undefined) return explainAbsent(api);
    return explain(plan, config, request, { clock: systemClock, tokenKeys, limits });
  };
}
