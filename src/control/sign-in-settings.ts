// How people may sign in, as the instance says now. Knows no request.
import { instanceSchema } from "../resources/instance.ts";
import type { SignInSettings } from "../resources/sign-in.ts";
import type { Configuration } from "./configuration.ts";
import type { SessionLimits } from "./sessions.ts";

const byDefault = instanceSchema.parse({}).signIn;

export function signInSettings(configuration: Pick<Configuration, "working">): SignInSettings {
  return configuration.working.resources.instances.values().next().value?.value.signIn ?? byDefault;
}

/** How long sessions last now. */
export function sessionLimits(configuration: Pick<Configuration, "working">): SessionLimits {
  const { idleMinutes, maxHours } = signInSettings(configuration).sessions;
  return { idleMs: idleMinutes * 60_000, absoluteMs: maxHours * 3_600_000 };
}
