// The OpenAPI 3.1 document, made from the operations that the router serves, so that the two cannot differ.
import { controlErrorTable } from "./control-error.ts";
import type { ControlErrorCode } from "./control-error.ts";
import type { JsonSchema, Operation } from "./operation.ts";
import { sessionCookie } from "./session-cookie.ts";

/** One of these is enough. */
const eitherSecurity = [{ bearer: [] }, { session: [] }];
const sessionSecurity = [{ session: [] }];

/** Which refusals an operation can answer because of what it is, besides its own. */
function errorCodesOf(operation: Operation): Set<ControlErrorCode> {
  const codes = new Set<ControlErrorCode>([...operation.errors, "invalid", "internal_error"]);
  if (operation.access !== "open") {
    codes.add("unauthorized").add("forbidden");
    if (operation.method !== "get") codes.add("csrf_refused");
  }
  if (operation.request !== undefined) codes.add("too_large");
  return codes;
}

/** Describes the whole admin API. @param schemas named schemas that operations refer to */
export function describeApi(
  operations: readonly Operation[],
  schemas: Readonly<Record<string, JsonSchema>>,
  version: string,
): JsonSchema {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const item = (paths[operation.path] ??= pathItem(operation.path));
    item[operation.method] = describeOperation(operation);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Moongate admin API",
      version,
      description:
        "Field names are those of the YAML configuration. Secrets are write-only: they are read as `{set, hint}`; sent back like that, or omitted, they keep their value; null clears.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    security: eitherSecurity,
    tags: [...new Set(operations.map((operation) => operation.tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer" },
        session: {
          type: "apiKey",
          in: "cookie",
          name: sessionCookie,
          description:
            "Set by a sign-in; on https its name begins with `__Host-`. Changes also need header `x-csrf-token` with the `csrfToken` of the session, and the same origin.",
        },
      },
      schemas: { ...schemas, Error: errorSchema },
    },
  };
}

const errorSchema: JsonSchema = {
  type: "object",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["code", "message", "details", "requestId"],
      properties: {
        code: { type: "string", enum: Object.keys(controlErrorTable) },
        message: { type: "string" },
        details: {
          type: "array",
          items: {
            type: "object",
            required: ["path", "message"],
            properties: {
              path: { type: "string" },
              message: { type: "string" },
              other: {
                type: "object",
                description: "The object that stands in the way, where one does.",
                required: ["kind", "name"],
                properties: { kind: { type: "string" }, name: { type: "string" } },
              },
            },
          },
        },
        requestId: { type: "string" },
      },
    },
  },
};

function pathItem(path: string): Record<string, unknown> {
  const names = [...path.matchAll(/\{(\w+)\}/gu)].map((match) => match[1]);
  if (names.length === 0) return {};
  const parameters = names.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } }));
  return { parameters };
}

function describeOperation(operation: Operation): JsonSchema {
  return {
    operationId: operation.id,
    summary: operation.summary,
    tags: [operation.tag],
    security: securityOf(operation),
    ...(operation.access === "open"
      ? {}
      : { "x-permission": operation.access, "x-reach": operation.reach ?? "everywhere" }),
    ...(operation.parameters === undefined ? {} : { parameters: operation.parameters }),
    ...(operation.request === undefined
      ? {}
      : {
          requestBody: { required: true, ...withContent(operation.request.description, operation.request) },
        }),
    responses: {
      [operation.status]: withContent(operation.response.description, operation.response),
      ...describeErrors(errorCodesOf(operation)),
      ...Object.fromEntries(
        Object.entries(operation.otherResponses ?? {}).map(([status, content]) => [
          status,
          withContent(content.description, content),
        ]),
      ),
    },
  };
}

function securityOf({ access }: Operation): readonly JsonSchema[] {
  if (access === "open") return [];
  return access === "session" ? sessionSecurity : eitherSecurity;
}

function withContent(description: string, content: NonNullable<Operation["request"]>): JsonSchema {
  if (content.mediaTypes === undefined) return { description };
  const media = content.schema === undefined ? {} : { schema: content.schema };
  return { description, content: Object.fromEntries(content.mediaTypes.map((type) => [type, media])) };
}

/** One answer per status; its description lists the codes that share it. */
function describeErrors(codes: ReadonlySet<ControlErrorCode>): JsonSchema {
  const byStatus = Map.groupBy(codes, (code) => controlErrorTable[code].status);
  const answers = [...byStatus].toSorted(([left], [right]) => left - right);
  return Object.fromEntries(
    answers.map(([status, group]) => [
      status,
      {
        description: group.map((code) => `\`${code}\`: ${controlErrorTable[code].message}`).join(" "),
        content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
      },
    ]),
  );
}
