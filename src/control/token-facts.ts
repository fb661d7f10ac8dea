// What readers of a token learn beside its fields: who made it and when, when it was used last, whether it has ended.
// Knows no HTTP.
import { isoTime } from "../lib/iso-time.ts";
import type { AnyParsedResource } from "../resources/resource-set.ts";
import type { Configuration } from "./configuration.ts";
import type { JsonObject } from "./merge-patch.ts";
import type { JsonSchema } from "./operation.ts";
import type { LastUses } from "./last-uses.ts";

const time: JsonSchema = { type: "string", format: "date-time" };

export const tokenFactSchemas: Readonly<Record<string, JsonSchema>> = {
  expired: { type: "boolean", description: "Whether it has ended and opens nothing any more." },
  lastUsedAt: {
    type: ["string", "null"],
    format: "date-time",
    description: "Its last use, which a new start of the gateway may take back by ten minutes; null = never.",
  },
  createdAt: time,
  createdBy: { type: "string", description: "Who made it; absent where its history is gone." },
};

/** Of a token only a few changes are possible, so that its first one is among these. */
const changesLookedAt = 100;

export interface TokenFactPorts {
  readonly configuration: Configuration;
  readonly uses: LastUses;
  readonly wallMs: () => number;
}

/** Empty for what is no token. */
export async function tokenFacts(
  { configuration, uses, wallMs }: TokenFactPorts,
  resource: AnyParsedResource,
): Promise<JsonObject> {
  if (resource.kind !== "tokens") return {};
  const { name, value } = resource;
  const usedMs =
    typeof value.value === "object" && "hash" in value.value ? uses.lastMs(value.value.hash) : undefined;
  const changes = await configuration.changesOf("tokens", name, changesLookedAt);
  const creation = changes.find(({ before }) => before === null);
  const createdAt = configuration.working.stored.get("tokens")?.get(name)?.createdAt;
  return {
    expired: value.expiresAt !== undefined && Date.parse(value.expiresAt) <= wallMs(),
    lastUsedAt: usedMs === undefined ? null : isoTime(usedMs),
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(creation === undefined ? {} : { createdBy: creation.revision.by }),
  };
}
