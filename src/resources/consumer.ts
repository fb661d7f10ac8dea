// The schema of a consumer: a calling application and what proves it.
import { z } from "zod";
import { httpUrlField, momentField, namedList, nameField, resourceGroupField, strict } from "./field.ts";
import { quotasField } from "./quota.ts";
import { hashedSecret, isReference, secret } from "./secret.ts";

const apiKeyValueField = hashedSecret().superRefine((value, context) => {
  if (typeof value !== "string" || isReference(value) || /^[\x21-\x7e]{16,256}$/u.test(value)) return;
  context.addIssue({
    code: "custom",
    message: "must have 16 to 256 visible ASCII characters without spaces",
  });
});

const credentialField = z.discriminatedUnion("type", [
  strict({
    type: z.literal("api-key").describe("An API key that the client sends."),
    name: nameField.describe("Name of the credential, for logs."),
    value: apiKeyValueField.describe(
      "The key: 16 to 256 visible ASCII characters. Write-only; kept as a hash.",
    ),
    expiresAt: momentField.optional().describe("When it ends; absent = never."),
  }),
  strict({
    type: z.literal("jwt").describe("A token signed by an identity provider."),
    name: nameField.describe("Name of the credential, for logs."),
    issuer: z.string().min(1).describe("Expected `iss`."),
    audience: z.string().min(1).optional().describe("Expected `aud`."),
    jwks: strict({ keys: z.array(z.record(z.string(), z.unknown())).describe("Public keys.") })
      .optional()
      .describe("Public keys, inline."),
    jwksUrl: httpUrlField.optional().describe("Where the public keys are."),
    claim: z.string().min(1).default("sub").describe("Claim that names the consumer."),
    claimValue: z.string().min(1).describe("Value of the claim for this consumer."),
    expiresAt: momentField.optional().describe("When it ends; absent = never."),
  }),
  strict({
    type: z.literal("hmac").describe("Signed requests."),
    name: nameField.describe("Name of the credential, for logs."),
    accessKey: z.string().min(1).max(256).describe("Public part."),
    secretKey: secret().describe("Secret part. Write-only."),
    expiresAt: momentField.optional().describe("When it ends; absent = never."),
  }),
]);

export const consumerSchema = strict({
  name: nameField.describe("Name of the consumer."),
  description: z.string().max(1024).default("").describe("Free text."),
  enabled: z.boolean().default(true).describe("Whether it may call anything."),
  groups: z.array(nameField).default([]).describe("Consumer groups that it belongs to."),
  credentials: namedList(credentialField).describe("What proves the consumer."),
  quotas: quotasField,
  resourceGroup: resourceGroupField,
}).describe("A calling application.");
export type Credential = z.output<typeof credentialField>;
export type Consumer = z.output<typeof consumerSchema>;
