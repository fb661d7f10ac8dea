// Tests services by a port: as they are stored, or as a form has them before they are saved.
import { z } from "zod";
import { modelNameField, strict } from "../../resources/field.ts";
import { readableIssues, readableMessage } from "../../resources/issue.ts";
import type { Service } from "../../resources/service.ts";
import { jsonAnswer } from "../answer.ts";
import type { Configuration } from "../configuration.ts";
import { ControlError } from "../control-error.ts";
import { findObject } from "../objects.ts";
import type { Call, JsonSchema, Operation } from "../operation.ts";
import { configurationFor } from "../scoped-configuration.ts";
import { parseJsonObject } from "../request-body.ts";
import { TriedTooOften } from "../tried-too-often.ts";
import { readUnsavedService, requireEndpoint } from "../unsaved-service.ts";
import { arrayOf, integer, number, objectOf, text } from "./answer-schema.ts";
import { schemaNames, schemaReference } from "./resource-schemas.ts";
import type { ServiceTestChoice, ServiceTestPort } from "./service-test-port.ts";
import type { ServiceTestReport } from "./try-out.ts";

const json = ["application/json"];
const kind = "services";

const choiceSchema = strict({
  model: modelNameField.optional().describe("Model to call; absent = one that the service has."),
  key: z
    .string()
    .min(1)
    .optional()
    .describe("Name of the one key to test with; absent = all that are enabled."),
});

const flag: JsonSchema = { type: "boolean" };

const stepSchema: JsonSchema = {
  type: "object",
  required: ["name", "ok", "ms", "message"],
  properties: {
    name: { type: "string", enum: ["dns", "tcp", "tls", "auth", "models", "call"] },
    ok: { ...flag, description: "False for a step that failed, and for those after it." },
    ms: { ...number, description: "Of `call`: until the first byte of the answer." },
    message: { ...text, description: "What was found, or why not; never holds a key." },
    skipped: { const: true, description: "Not run: it does not apply, or one before it has failed." },
  },
};

const reportSchema = objectOf({
  ok: { ...flag, description: "No step failed and no key was refused." },
  steps: arrayOf(stepSchema),
  models: { ...arrayOf(text), description: "What the service lists, at most 2,000." },
  keys: {
    ...arrayOf(
      objectOf({
        name: text,
        ok: flag,
        status: { ...integer, description: "Of the answer; 0 = none came." },
        message: text,
      }),
    ),
    description: "The enabled keys that were tried.",
  },
});

/** At once: each may hold a list of models per key, and nobody shall try addresses out by the hundred. */
const maxRunning = 4;

/** What both operations have in common. */
const shared = {
  method: "post",
  tag: kind,
  access: "write",
  reach: "groups",
  status: 200,
  response: { description: "What was found, step by step.", mediaTypes: json, schema: reportSchema },
} as const;

export function serviceTestOperations(configuration: Configuration, test: ServiceTestPort): Operation[] {
  let running = 0;
  // A test sends stored keys, so that it takes what saving takes.
  const ownOf = ({ principal }: Call): Configuration => configurationFor(configuration, principal, "write");
  const answer = async (service: Service, choice: ServiceTestChoice, call: Call): Promise<Response> => {
    if (running >= maxRunning)
      throw new TriedTooOften(`${maxRunning} tests run already; try again when one is done.`, 1_000);
    running += 1;
    try {
      const report: ServiceTestReport = await test(service, choice, call.left);
      return jsonAnswer(report);
    } finally {
      running -= 1;
    }
  };
  return [
    {
      ...shared,
      path: "/api/v1/services/test",
      id: "testUnsavedService",
      summary: "Test a service before it is saved: connection, keys, models, one short answer.",
      request: {
        description:
          "The service. Secrets that are masked or left out are those stored under its name. The call asks the first of its models.",
        mediaTypes: json,
        schema: schemaReference(schemaNames(kind).input),
      },
      errors: ["secret_missing", "too_many_tries"],
      handle: async (call) => answer(readUnsavedService(ownOf(call), await call.json()), {}, call),
    },
    {
      ...shared,
      path: "/api/v1/services/{name}/test",
      id: "testService",
      summary: "Test a stored service: connection, keys, models, one short answer.",
      request: {
        description: "What to test with; may be left out.",
        mediaTypes: json,
        schema: choiceInputSchema(),
      },
      errors: ["not_found", "too_many_tries"],
      handle: async (call) => {
        const found = findObject(ownOf(call).working, kind, call.param("name"));
        if (found.kind !== kind) throw new ControlError("not_found");
        requireEndpoint(found.value);
        return answer(found.value, readChoice(await call.text(), found.value), call);
      },
    },
  ];
}

function readChoice(body: string, { apiKeys, name }: Service): ServiceTestChoice {
  if (body.trim() === "") return {};
  const result = choiceSchema.safeParse(parseJsonObject(body), { error: readableMessage });
  if (!result.success) {
    const issues = readableIssues(result.error);
    const message = issues.map((issue) => `${issue.path} ${issue.message}`.trim()).join("; ");
    throw new ControlError("invalid", message, issues);
  }
  const { key } = result.data;
  if (key !== undefined && !apiKeys.some((row) => row.name === key && row.enabled)) {
    const message = `Service "${name}" has no enabled key "${key}".`;
    throw new ControlError("invalid", message, [{ path: "key", message }]);
  }
  return result.data;
}

function choiceInputSchema(): JsonSchema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(choiceSchema, { io: "input" });
  return schema;
}
