// The schema of a consumer: a calling application and what proves it.
import { z } from "zod";
import { isBrokenKey } from "../core/key-checksum.ts";
import { httpUrlField, momentField, namedList, nameField, resourceGroupField, strict } from "./field.ts";
import { publicKeysField } from "./public-keys.ts";
import { quotasField } from "./quota.ts";
import { hashedSecret, isReference, secret } from "./secret.ts";

const apiKeyValueField = hashedSecret().superRefine((value, context) => {
  if (typeof value !== "string" || isReference(value)) return;
  if (!/^[\x21-\x7e]{16,256}$/u.test(value)) {
    const message = "must have 16 to 256 visible ASCII characters without spaces";
    context.addIssue({ code: "custom", message });
  } else if (isBrokenKey("consumer", value)) {
    const message = "looks like a generated key, but its checksum is wrong: copy the whole key again";
    context.addIssue({ code: "custom", message });
  }
});

const endField = momentField.optional().describe("When it ends; absent = never.");
const overlapField = momentField.describe("Until when it is taken too.");
const credentialName = nameField.describe("Name of the credential, for logs.");

export const jwtField = strict({
  type: z.literal("jwt").describe("A token signed by an identity provider."),
  name: credentialName,
  issuer: z.string().min(1).max(1024).describe("Expected `iss`."),
  audience: z.string().min(1).max(1024).optional().describe("Expected `aud`; absent = any."),
  jwks: publicKeysField.optional().describe("Public keys, inline."),
  jwksUrl: httpUrlField.optional().describe("Where the public keys are."),
  claim: z.string().min(1).max(256).default("sub").describe("Claim that names the consumer."),
  claimValue: z.string().min(1).max(1024).describe("Value of the claim for this consumer."),
  expiresAt: endField,
}).superRefine(({ jwks, jwksUrl }, context) => {
  if ((jwks === undefined) !== (jwksUrl === undefined)) return;
  const message = jwks === undefined ? "is required, or jwksUrl" : "must not stand beside jwksUrl";
  context.addIssue({ code: "custom", path: ["jwks"], message });
});

const credentialField = z.discriminatedUnion("type", [
  strict({
    type: z.literal("api-key").describe("An API key that the client sends."),
    name: credentialName,
    value: apiKeyValueField.describe(
      "The key: 16 to 256 visible ASCII characters. Write-only; kept as a hash.",
    ),
    previous: strict({
      value: apiKeyValueField.describe("The key before the last rotation. Write-only; kept as a hash."),
      expiresAt: overlapField,
    })
      .optional()
      .describe("What a rotation has replaced, while both are taken."),
    expiresAt: endField,
  }),
  jwtField,
  strict({
    type: z.literal("hmac").describe("Signed requests."),
    name: credentialName,
    accessKey: z
      .string()
      .regex(/^[\x21-\x7e]{1,256}$/u, "must have 1 to 256 visible ASCII characters without spaces")
      .describe("Public part."),
    secretKey: secret().describe("Secret part. Write-only."),
    previous: strict({
      secretKey: secret().describe("The secret part before the last rotation. Write-only."),
      expiresAt: overlapField,
    })
      .optional()
      .describe("What a rotation has replaced, while both are taken."),
    expiresAt: endField,
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
