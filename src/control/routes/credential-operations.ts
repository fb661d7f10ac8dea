// Credentials of consumers: given, rotated, taken. What is secret in one is shown once.
import { z } from "zod";
import { jwtField } from "../../resources/consumer.ts";
import { momentField, nameField, strict } from "../../resources/field.ts";
import { readableIssues, readableMessage } from "../../resources/issue.ts";
import { jsonAnswer } from "../answer.ts";
import type { Configuration } from "../configuration.ts";
import { createCredential, deleteCredential, rotateCredential } from "../consumer-credentials.ts";
import { ControlError } from "../control-error.ts";
import type { RandomBytes } from "../generated-key.ts";
import type { JsonObject } from "../merge-patch.ts";
import type { Operation } from "../operation.ts";
import { configurationFor } from "../scoped-configuration.ts";

export interface CredentialTools {
  readonly randomBytes: RandomBytes;
  /** Ms since 1970. */
  readonly wallMs: () => number;
}

const json = ["application/json"];
const longestOverlapSeconds = 30 * 24 * 60 * 60;
const nameText = nameField.describe("Name of the credential, for logs.");
const endField = momentField.optional().describe("When it ends; absent = never.");

const newCredentialSchema = z.discriminatedUnion("type", [
  strict({
    name: nameText,
    type: z.literal("api-key").describe("An API key that the client sends."),
    value: z
      .string()
      .optional()
      .describe("A key of your own, 16 to 256 visible ASCII characters; absent = one is made."),
    expiresAt: endField,
  }),
  strict({
    name: nameText,
    type: z.literal("hmac").describe("Signed requests."),
    accessKey: z.string().optional().describe("Public part; absent = one is made."),
    secretKey: z.string().min(1).optional().describe("Secret part; absent = one is made."),
    expiresAt: endField,
  }),
  jwtField,
]);

const rotationSchema = strict({
  overlapSeconds: z
    .int()
    .min(0)
    .max(longestOverlapSeconds)
    .default(0)
    .describe("How long the old secret is taken beside the new one; 0 = it ends at once."),
});

export function credentialOperations(configuration: Configuration, tools: CredentialTools): Operation[] {
  return [
    createCredentialOperation(configuration, tools),
    rotateCredentialOperation(configuration, tools),
    deleteCredentialOperation(configuration),
  ];
}

function createCredentialOperation(
  configuration: Configuration,
  { randomBytes }: CredentialTools,
): Operation {
  return {
    method: "post",
    path: "/api/v1/consumers/{name}/credentials",
    id: "createCredential",
    summary: "Give a consumer a credential; the answer is the only place that shows what is secret in it.",
    tag: "consumers",
    access: "write",
    reach: "groups",
    request: {
      description: "The credential; without a type an API key.",
      mediaTypes: json,
      schema: schemaOf(newCredentialSchema),
    },
    status: 201,
    response: {
      description: "Created.",
      mediaTypes: json,
      schema: {
        type: "object",
        required: ["name", "type"],
        properties: {
          name: { type: "string" },
          type: { enum: ["api-key", "jwt", "hmac"] },
          value: { type: "string", description: "The API key, or the secret key; a token has none." },
          accessKey: { type: "string" },
          secretKey: { type: "string" },
          expiresAt: { type: "string", format: "date-time" },
        },
      },
    },
    errors: ["not_found", "conflict", "managed_by_file", "store_unavailable"],
    handle: async (call) => {
      const body = await call.json();
      const asked = parse(newCredentialSchema, { type: "api-key", ...body });
      const request = { name: call.param("name"), by: call.principal.name };
      const own = configurationFor(configuration, call.principal);
      const made = await createCredential(own, request, asked, randomBytes);
      const value = made["value"] ?? made["secretKey"];
      return jsonAnswer(value === undefined ? made : { ...made, value }, 201);
    },
  };
}

function rotateCredentialOperation(
  configuration: Configuration,
  { randomBytes, wallMs }: CredentialTools,
): Operation {
  return {
    method: "post",
    path: "/api/v1/consumers/{name}/credentials/{credential}/rotate",
    id: "rotateCredential",
    summary: "Put a new secret in the place of the old one, which may be taken beside it for a while.",
    tag: "consumers",
    access: "write",
    reach: "groups",
    request: { description: "For how long.", mediaTypes: json, schema: schemaOf(rotationSchema) },
    status: 201,
    response: {
      description: "Rotated; the answer is the only place that shows the new secret.",
      mediaTypes: json,
      schema: {
        type: "object",
        required: ["value"],
        properties: {
          value: { type: "string", description: "The new API key, or the new secret key." },
          previousExpiresAt: {
            type: "string",
            format: "date-time",
            description: "When the old one ends; absent when it has ended.",
          },
        },
      },
    },
    errors: ["not_found", "managed_by_file", "store_unavailable"],
    handle: async (call) => {
      const { overlapSeconds } = parse(rotationSchema, await call.json());
      const overlapUntil =
        overlapSeconds === 0 ? null : new Date(wallMs() + overlapSeconds * 1000).toISOString();
      const request = { name: call.param("name"), by: call.principal.name };
      const value = await rotateCredential(
        configurationFor(configuration, call.principal),
        request,
        { credential: call.param("credential"), overlapUntil },
        randomBytes,
      );
      return jsonAnswer(
        { value, ...(overlapUntil === null ? {} : { previousExpiresAt: overlapUntil }) },
        201,
      );
    },
  };
}

function deleteCredentialOperation(configuration: Configuration): Operation {
  return {
    method: "delete",
    path: "/api/v1/consumers/{name}/credentials/{credential}",
    id: "deleteCredential",
    summary: "Take a credential from a consumer; it stops working at once.",
    tag: "consumers",
    access: "write",
    reach: "groups",
    status: 204,
    response: { description: "Deleted." },
    errors: ["not_found", "managed_by_file", "store_unavailable"],
    handle: async (call) => {
      const request = { name: call.param("name"), by: call.principal.name };
      await deleteCredential(
        configurationFor(configuration, call.principal),
        request,
        call.param("credential"),
      );
      return new Response(null, { status: 204 });
    },
  };
}

function schemaOf(schema: z.ZodType): JsonObject {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: "input" });
  return rest;
}

function parse<Schema extends z.ZodType>(schema: Schema, body: JsonObject): z.output<Schema> {
  const result = schema.safeParse(body, { error: readableMessage });
  if (result.success) return result.data;
  const issues = readableIssues(result.error);
  const text = issues.map(({ path, message }) => `${path} ${message}`).join("; ");
  throw new ControlError("invalid", text, issues);
}
