// What readers of a user learn beside his fields: when he came in last, and how many sessions of his run. Knows no HTTP.
import { isoTime } from "../lib/iso-time.ts";
import type { AnyParsedResource } from "../resources/resource-set.ts";
import type { Configuration } from "./configuration.ts";
import type { LastUses } from "./last-uses.ts";
import type { JsonObject } from "./merge-patch.ts";
import type { JsonSchema } from "./operation.ts";
import type { SignedInUsers } from "./signed-in.ts";

export const userFactSchemas: Readonly<Record<string, JsonSchema>> = {
  lastSignInAt: {
    type: ["string", "null"],
    format: "date-time",
    description:
      "When he signed in last, which a new start of the gateway may take back by ten minutes; null = never.",
  },
  openSessions: { type: "integer", description: "How many of his sessions have not ended." },
};

export interface UserFactPorts {
  readonly configuration: Pick<Configuration, "working">;
  readonly signIns: Pick<LastUses, "lastMs">;
  readonly users: Pick<SignedInUsers, "sessionsOf">;
}

/** Empty for what is no user. */
export function userFacts(
  { configuration, signIns, users }: UserFactPorts,
  { kind, name }: AnyParsedResource,
): JsonObject {
  if (kind !== "users") return {};
  const createdAt = configuration.working.stored.get("users")?.get(name)?.createdAt;
  const lastMs = signIns.lastMs(name);
  // Somebody of this name may have been here before him.
  const isHis = lastMs !== undefined && (createdAt === undefined || lastMs >= Date.parse(createdAt));
  return { lastSignInAt: isHis ? isoTime(lastMs) : null, openSessions: users.sessionsOf(name).length };
}
