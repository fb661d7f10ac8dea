// What would become of a request: asks the data plane through a port, sends nothing.
import { z } from "zod";
import { readableIssues, readableMessage } from "../../resources/issue.ts";
import { strict } from "../../resources/field.ts";
import { jsonAnswer } from "../answer.ts";
import type { Configuration } from "../configuration.ts";
import { ControlError } from "../control-error.ts";
import { isJsonObject, type JsonObject } from "../merge-patch.ts";
import { findObject } from "../objects.ts";
import type { JsonSchema, Operation } from "../operation.ts";
import { configurationFor } from "../scoped-configuration.ts";
import { explanationSchema } from "./explanation-schema.ts";
import type { AdminApiPorts, ImaginedRequest } from "./ports.ts";

const json = ["application/json"];

// RFC 9110, 5.6.2 and 5.5: what could not stand in a header could not have been sent.
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/u;
const visible = /^[^\0\r\n]*$/u;

const requestSchema = strict({
  method: z.string().regex(token, "must be a method such as POST").default("POST").describe("Method."),
  host: z
    .string()
    .regex(visible, "must be a host name")
    .optional()
    .describe("Host that the client calls; absent = localhost, unless headers name one."),
  path: z
    .string()
    .min(1)
    .max(32_768)
    .describe("Path as clients send it, with the base path; a query may follow."),
  headers: z
    .record(
      z.string().regex(token, "must be the name of a header"),
      z.string().regex(visible, "must be one line"),
    )
    .default({})
    .describe("Headers. A consumer's key among them is used and never shown."),
  body: z
    .unknown()
    .refine((body) => typeof body === "string" || isJsonObject(body), "must be a text or an object")
    .optional()
    .describe("Body: JSON, or a text that is taken as it is. Absent: the body is not the question."),
});

export function explainOperations(
  configuration: Configuration,
  explain: AdminApiPorts["explain"],
): Operation[] {
  return [
    {
      method: "post",
      path: "/api/v1/model-apis/{name}/explain",
      id: "explainRequest",
      summary: "Tell how a request to a Model API would be handled, without sending it.",
      tag: "model-apis",
      access: "read",
      reach: "groups",
      request: {
        description: "The request, as a client would send it.",
        mediaTypes: json,
        schema: inputSchema(),
      },
      status: 200,
      response: { description: "What would become of it.", mediaTypes: json, schema: explanationSchema },
      errors: ["not_found"],
      handle: async (call) => {
        const { working } = configurationFor(configuration, call.principal);
        const { name } = findObject(working, "model-apis", call.param("name"));
        const { takenBy, ...told } = await explain(name, readRequest(await call.json()));
        const isHidden = takenBy !== undefined && !working.resources["model-apis"].has(takenBy);
        return jsonAnswer(isHidden ? { ...told, reason: takenByOther } : told);
      },
    },
  ];
}

/** Of a Model API that whoever asks may not see. */
const takenByOther = "Another Model API takes this request: domain and path are its own.";

function readRequest(input: JsonObject): ImaginedRequest {
  const result = requestSchema.safeParse(input, { error: readableMessage });
  if (!result.success) {
    const issues = readableIssues(result.error);
    const message = issues.map((issue) => `${issue.path} ${issue.message}`.trim()).join("; ");
    throw new ControlError("invalid", message, issues);
  }
  const { method, path, host, headers, body } = result.data;
  const given = Object.entries(headers);
  const namesHost = given.some(([name]) => name.toLowerCase() === "host");
  return {
    method: method.toUpperCase(),
    path,
    // Who gives both sends two, and is told what becomes of that.
    headers: [...(host === undefined && namesHost ? [] : ["host", host ?? "localhost"]), ...given.flat()],
    body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
  };
}

function inputSchema(): JsonSchema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(requestSchema, { io: "input" });
  return schema;
}
