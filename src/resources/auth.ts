// The schema of who may call a Model API, and where callers prove who they are.
import { z } from "zod";
import { fieldName } from "./field-name.ts";
import { modelNameField, momentField, nameField, strict } from "./field.ts";

const apiKeySourceField = z.discriminatedUnion("in", [
  strict({ in: z.literal("bearer").describe("`Authorization: Bearer KEY`.") }),
  strict({ in: z.literal("header").describe("A header."), name: fieldName.describe("Name of the header.") }),
  strict({
    in: z.literal("query").describe("A query parameter."),
    name: fieldName.describe("Name of the parameter."),
  }),
]);

const grantTerms = {
  expiresAt: momentField.optional().describe("When the grant ends; absent = never."),
  models: z
    .array(modelNameField)
    .min(1)
    .max(200)
    .optional()
    .describe("Models that may be asked for: names, or patterns with `?` and `*`; absent = all."),
};

const grantField = z.union(
  [
    strict({ consumer: nameField.describe("Name of a consumer."), ...grantTerms }),
    strict({ consumerGroup: nameField.describe("Name of a consumer group."), ...grantTerms }),
  ],
  { error: "must name one consumer or one consumerGroup, and may have expiresAt and models" },
);

export const authMethods = ["api-key", "jwt", "hmac"] as const;

export const authField = strict({
  enabled: z
    .boolean()
    .default(false)
    .describe("Whether callers must prove who they are. On without grants rejects everyone."),
  methods: z
    .array(z.enum(authMethods))
    .min(1)
    .default([...authMethods])
    .describe("Credentials that are accepted."),
  apiKeySources: z
    .array(apiKeySourceField)
    .default([{ in: "bearer" }, { in: "header", name: "x-api-key" }, { in: "query", name: "key" }])
    .describe("Where API keys are looked for, in this order."),
  grants: z.array(grantField).default([]).describe("Who may call."),
});
