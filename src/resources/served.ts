// What this build serves, as one table. A field that would act without being served is refused, never ignored.
import type { Issue } from "./issue.ts";
import { kindTable, type Kind } from "./kinds.ts";
import type { ResourceValue } from "./registry.ts";

/** One rule: the field at fault, and whether this value would make it act. */
interface Rule<K extends Kind> {
  readonly path: string;
  readonly acts: (value: ResourceValue[K]) => boolean;
  /** What to do instead; default: leave it out or switch it off. */
  readonly remedy?: string;
}

const leaveOut = "leave it out";
const switchOff = "switch it off";

/** Rules of Model APIs hold while the API is enabled: a disabled one does nothing. */
const rules: { readonly [K in Kind]: readonly Rule<K>[] } = {
  instances: [],
  "resource-groups": [],
  domains: [
    {
      path: "certificate",
      acts: (domain) => domain.certificate !== undefined,
      remedy: "end TLS in front of the gateway",
    },
    { path: "forceHttps", acts: (domain) => domain.forceHttps, remedy: switchOff },
  ],
  services: [
    { path: "healthCheck.enabled", acts: (service) => service.healthCheck.enabled, remedy: switchOff },
  ],
  "model-apis": [],
  "consumer-groups": [],
  consumers: [],
  users: [],
  tokens: [],
  sinks: [],
  alerts: [],
};

/** Empty when this build serves everything that the resource would do. */
export function notServed<K extends Kind>(kind: K, value: ResourceValue[K]): Issue[] {
  if (kind === "model-apis" && "enabled" in value && !value.enabled) return [];
  return rules[kind]
    .filter((rule) => rule.acts(value))
    .map((rule) => ({
      path: rule.path,
      message: `this build does not serve it yet: ${rule.remedy ?? leaveOut}`,
    }));
}

/** Every field that this build may refuse, for the reference. */
export function unservedFields(): { readonly kind: Kind; readonly path: string; readonly remedy: string }[] {
  return kindTable.flatMap(({ kind }) =>
    rules[kind].map(({ path, remedy }) => ({ kind, path, remedy: remedy ?? leaveOut })),
  );
}
