// The answer of `status`, for the description of the admin API.
import type { JsonSchema } from "../operation.ts";
import { arrayOf, integer, objectOf, orNull, text } from "./answer-schema.ts";

const standing = { type: "string", enum: ["ready", "trial", "ejected", "resting", "refused", "disabled"] };
const reason = {
  type: "string",
  description: "A trigger of failures, or `rate_limit`, `credentials`, `disabled`; empty when ready.",
};
const time = { type: "string", format: "date-time" };

const targetSchema = objectOf({ model: text, standing, reason, since: time, until: time });

const serviceSchema = objectOf({
  name: text,
  standing: { ...standing, description: "Of its keys together, else of its worst target." },
  reason,
  until: { ...orNull(time), description: "When it is tried again." },
  inFlight: { ...integer, description: "Requests that run there now." },
  targets: { ...arrayOf(targetSchema), description: "Its targets that are not ready." },
});

const attentionSchema = objectOf({
  code: {
    type: "string",
    enum: [
      "config_error",
      "service_refused",
      "target_ejected",
      "service_resting",
      "key_refused",
      "key_resting",
      "alert_firing",
      "sink_failing",
    ],
  },
  kind: { ...orNull(text), description: "Collection of the object." },
  object: text,
  params: { type: "object", additionalProperties: text },
  sinceMs: orNull({ type: "number" }),
});

export const statusSchema: JsonSchema = objectOf({
  version: text,
  startedAt: time,
  instance: objectOf({ name: text, region: text }),
  revision: integer,
  ready: { type: "boolean", description: "Whether every worker serves this revision." },
  configError: { ...orNull(text), description: "The last refused edit of the started file." },
  nodes: arrayOf(
    objectOf({
      name: text,
      role: text,
      revision: { ...orNull(integer), description: "That every worker serves." },
      ready: { type: "boolean" },
      workers: integer,
    }),
  ),
  gateway: {
    ...objectOf({ url: text, scheme: text, host: text, port: integer }),
    description: "Where clients call the data plane; `url` as seen from this machine.",
  },
  counts: objectOf({
    modelApis: integer,
    services: integer,
    domains: integer,
    consumers: integer,
    resourceGroups: integer,
  }),
  inFlight: { ...integer, description: "Exchanges that run now." },
  services: {
    ...arrayOf(serviceSchema),
    description: "With more than 1,000 services those that are not ready.",
  },
  keys: {
    ...arrayOf(objectOf({ service: text, key: text, standing, reason, until: time })),
    description: "Keys that are not ready.",
  },
  attention: { ...arrayOf(attentionSchema), description: "Most urgent first." },
});
