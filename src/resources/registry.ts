// Kind -> schema, fixed fields and filters; and the one way to read a resource body. Knows no store.
import type { z } from "zod";
import { alertSchema } from "./alert.ts";
import { consumerGroupSchema } from "./consumer-group.ts";
import { consumerSchema } from "./consumer.ts";
import { domainSchema } from "./domain.ts";
import { instanceSchema } from "./instance.ts";
import { readableIssues, readableMessage, type Issue } from "./issue.ts";
import type { Kind } from "./kinds.ts";
import { modelApiSchema } from "./model-api.ts";
import { resourceGroupSchema } from "./resource-group.ts";
import { notServed } from "./served.ts";
import { serviceSchema } from "./service.ts";
import { sinkSchema } from "./sink.ts";
import { tokenSchema } from "./token.ts";
import { userSchema } from "./user.ts";

/** One schema per kind. */
export const schemas = {
  instances: instanceSchema,
  "resource-groups": resourceGroupSchema,
  domains: domainSchema,
  services: serviceSchema,
  "model-apis": modelApiSchema,
  "consumer-groups": consumerGroupSchema,
  consumers: consumerSchema,
  users: userSchema,
  tokens: tokenSchema,
  sinks: sinkSchema,
  alerts: alertSchema,
} as const satisfies Record<Kind, z.ZodType<{ name: string }>>;

/** Kind -> its value after defaults are filled in. */
export type ResourceValue = { readonly [K in Kind]: z.output<(typeof schemas)[K]> };

/** What a list of a kind can be filtered by: the values under which a resource is found. */
export type Filters<K extends Kind> = Readonly<
  Record<string, (value: ResourceValue[K]) => readonly string[]>
>;

const inResourceGroup = { resourceGroup: (value: { resourceGroup: string }) => [value.resourceGroup] };
const isEnabled = { enabled: (value: { enabled: boolean }) => [String(value.enabled)] };

export const filters: { readonly [K in Kind]: Filters<K> } = {
  instances: { region: (value) => [value.region] },
  "resource-groups": {},
  domains: {},
  services: {
    ...inResourceGroup,
    ...isEnabled,
    provider: (value) => [value.provider],
    model: (value) => value.models.map((model) => model.name),
  },
  "model-apis": {
    ...inResourceGroup,
    ...isEnabled,
    useCase: (value) => [value.useCase],
    protocol: (value) => value.protocols,
    domain: (value) => value.domains,
    basePath: (value) => [value.basePath],
    mode: (value) => [value.modelService.mode],
    tag: (value) => value.tags,
  },
  "consumer-groups": {},
  consumers: {
    ...inResourceGroup,
    ...isEnabled,
    group: (value) => value.groups,
    credentialType: (value) => value.credentials.map((credential) => credential.type),
  },
  users: { ...isEnabled, role: (value) => value.roles.map(({ role }) => role) },
  tokens: { role: (value) => [value.role] },
  sinks: { type: (value) => [value.type] },
  alerts: { ...isEnabled, metric: (value) => [value.metric] },
};

/** Fields that cannot change after creation. */
export const fixedFields = {
  instances: ["name"],
  "resource-groups": ["name"],
  domains: ["name"],
  services: ["name"],
  "model-apis": ["name", "useCase"],
  "consumer-groups": ["name"],
  consumers: ["name"],
  users: ["name"],
  tokens: ["name", "role", "resourceGroups"],
  sinks: ["name", "type"],
  alerts: ["name"],
} as const satisfies Record<Kind, readonly string[]>;

export type ParseResult<K extends Kind> =
  | { readonly ok: true; readonly value: ResourceValue[K] }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/**
 * Reads a resource body: checks it, fills in defaults, refuses what this build does not serve.
 * Secrets may be plain, sealed or hashed. Never throws for a bad body.
 */
export function parseResource<K extends Kind>(kind: K, body: unknown): ParseResult<K> {
  const schema: z.ZodType = schemas[kind];
  const result = schema.safeParse(body, { error: readableMessage });
  if (!result.success) return { ok: false, issues: readableIssues(result.error) };
  // The schema of a kind yields that kind's value; TypeScript cannot follow the index through the union.
  const value = result.data as ResourceValue[K];
  const refused = notServed(kind, value);
  return refused.length === 0 ? { ok: true, value } : { ok: false, issues: refused };
}
