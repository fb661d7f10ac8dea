// Keys shown once: tokens of the admin API and API keys of consumers.
import { z } from "zod";
import { jsonAnswer } from "../answer.ts";
import type { Configuration } from "../configuration.ts";
import { ControlError } from "../control-error.ts";
import { createCredential, createToken, deleteCredential } from "../credentials.ts";
import type { RandomBytes } from "../generated-key.ts";
import { guardGrants } from "../grants.ts";
import type { JsonObject } from "../merge-patch.ts";
import type { Operation } from "../operation.ts";
import { configurationFor } from "../scoped-configuration.ts";
import { momentField, nameField, strict } from "../../resources/field.ts";
import { readableIssues, readableMessage } from "../../resources/issue.ts";
import { schemaReference } from "./resource-schemas.ts";

const json = ["application/json"];

const credentialSchema = strict({
  name: nameField.describe("Name of the credential, for logs."),
  type: z.literal("api-key").default("api-key").describe("The one type that this build makes."),
  value: z
    .string()
    .optional()
    .describe("A key of your own, 16 to 256 visible ASCII characters; absent = one is made."),
  expiresAt: momentField.optional().describe("When it ends; absent = never."),
});

/** Operations that answer with a key in clear, once. */
export function keyOperations(configuration: Configuration, randomBytes: RandomBytes): Operation[] {
  return [
    createTokenOperation(configuration, randomBytes),
    createCredentialOperation(configuration, randomBytes),
    deleteCredentialOperation(configuration),
  ];
}

function createTokenOperation(configuration: Configuration, randomBytes: RandomBytes): Operation {
  return {
    method: "post",
    path: "/api/v1/tokens",
    id: "createToken",
    summary: "Create a token; the answer is the only place that shows it.",
    tag: "tokens",
    access: "manage-access",
    reach: "groups",
    request: { description: "Name, role and end.", mediaTypes: json, schema: schemaReference("TokenInput") },
    status: 201,
    response: {
      description: "Created.",
      mediaTypes: json,
      schema: {
        allOf: [
          schemaReference("Token"),
          { type: "object", required: ["token"], properties: { token: { type: "string" } } },
        ],
      },
    },
    errors: ["conflict", "store_unavailable"],
    handle: async (call) => {
      const body = await call.json();
      const guard = guardGrants(call.principal, "tokens", "", body);
      const own = configurationFor(configuration, call.principal);
      const made = await createToken(own, { by: call.principal.name, guard }, body, randomBytes);
      return jsonAnswer({ token: made.value, ...made.written.view }, 201, {
        etag: `"${made.written.revision}"`,
      });
    },
  };
}

function createCredentialOperation(configuration: Configuration, randomBytes: RandomBytes): Operation {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(credentialSchema, { io: "input" });
  return {
    method: "post",
    path: "/api/v1/consumers/{name}/credentials",
    id: "createCredential",
    summary: "Give a consumer an API key; the answer is the only place that shows it.",
    tag: "consumers",
    access: "write",
    reach: "groups",
    request: { description: "The credential.", mediaTypes: json, schema },
    status: 201,
    response: {
      description: "Created.",
      mediaTypes: json,
      schema: {
        type: "object",
        required: ["value", "name", "type"],
        properties: {
          value: { type: "string" },
          name: { type: "string" },
          type: { const: "api-key" },
          expiresAt: { type: "string", format: "date-time" },
        },
      },
    },
    errors: ["not_found", "conflict", "managed_by_file", "store_unavailable"],
    handle: async (call) => {
      const credential = parseCredential(await call.json());
      const request = { name: call.param("name"), by: call.principal.name };
      const { value } = await createCredential(
        configurationFor(configuration, call.principal),
        request,
        credential,
        randomBytes,
      );
      return jsonAnswer({ ...credential, value }, 201);
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

function parseCredential(body: JsonObject): z.output<typeof credentialSchema> {
  const result = credentialSchema.safeParse(body, { error: readableMessage });
  if (result.success) return result.data;
  const issues = readableIssues(result.error);
  throw new ControlError(
    "invalid",
    issues.map(({ path, message }) => `${path} ${message}`).join("; "),
    issues,
  );
}
