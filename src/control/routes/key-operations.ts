// Tokens of the admin API, shown once.
import { jsonAnswer } from "../answer.ts";
import type { Configuration } from "../configuration.ts";
import { createToken } from "../credentials.ts";
import type { RandomBytes } from "../generated-key.ts";
import { guardGrants } from "../grants.ts";
import type { Operation } from "../operation.ts";
import { configurationFor } from "../scoped-configuration.ts";
import { schemaReference } from "./resource-schemas.ts";

const json = ["application/json"];

/** Operations that answer with a key in clear, once. */
export function keyOperations(configuration: Configuration, randomBytes: RandomBytes): Operation[] {
  return [createTokenOperation(configuration, randomBytes)];
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
