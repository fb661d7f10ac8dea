// How quotas look in answers of the admin API. Schemas only.
import { quotaStates } from "../quotas/quota-answers.ts";
import type { JsonSchema } from "../operation.ts";
import { integer, number, objectOf, text } from "./answer-schema.ts";

const time: JsonSchema = { type: "string", format: "date-time" };

const quotaProperties: Readonly<Record<string, JsonSchema>> = {
  name: text,
  metric: { type: "string", enum: ["tokens", "cost"] },
  used: { ...number, description: "Tokens, or USD: settled in the period that runs." },
  reserved: { ...number, description: "Held by requests that run, until they end." },
  limit: number,
  period: {
    anyOf: [{ type: "string", enum: ["day", "week", "month"] }, objectOf({ days: integer, from: text })],
  },
  timeZone: text,
  dryRun: { type: "boolean" },
  startsAt: time,
  resetsAt: time,
  state: {
    type: "string",
    enum: [...quotaStates],
    description: "`warned`: over the lowest share that is told of; `exhausted`: nothing is left.",
  },
};

/** The quota of an owner; of a consumer also those of its groups. */
export const quotaStateSchema: JsonSchema = withGroup(objectOf(quotaProperties));

export const listedQuotaSchema: JsonSchema = objectOf({
  ...quotaProperties,
  owner: objectOf({ kind: { type: "string", enum: ["consumer", "consumer-group"] }, name: text }),
});

function withGroup(schema: JsonSchema): JsonSchema {
  const group = {
    ...text,
    description: "The consumer group whose quota it is; absent = the consumer's own.",
  };
  return { ...schema, properties: { ...quotaProperties, group } };
}
