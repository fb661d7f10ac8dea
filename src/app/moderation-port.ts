// Lets the admin API have a text judged on the main thread, by the checks that the data plane makes.
import { randomUUID } from "node:crypto";
import type { ModerationPort } from "../control/routes/moderation-port.ts";
import { createChecks } from "../gateway/moderation/checks/create-checks.ts";
import { planModeration } from "../gateway/moderation/plan-moderation.ts";
import { testText } from "../gateway/moderation/test-text.ts";
import { createUndiciUpstream } from "../gateway/upstream/undici-upstream.ts";
import type { AllowedNetworks } from "../lib/address-guard.ts";
import { compileModeration } from "../snapshot/compile-moderation.ts";
import type { ReadingPlans } from "./reading-plans.ts";

const nothingFound = { findings: [], errors: [] };

export function moderationPort(plans: ReadingPlans, networks: AllowedNetworks): ModerationPort {
  const upstream = createUndiciUpstream(networks);
  return async (moderation, { api, text, direction, consumer }, left) => {
    const config = compileModeration(moderation);
    if (config === undefined) return { verdict: "pass", ...nothingFound, masked: text };
    const policy = planModeration(config, (checks) =>
      createChecks(checks, { services: plans.services, upstream }),
    );
    return testText(policy, { direction, api, consumer, requestId: randomUUID() }, { text, left });
  };
}
