// Judge jobs of a Model API: start one, look at it, cancel it. Knows not how answers are judged.
import { z } from "zod";
import { modelNameField, strict } from "../../resources/field.ts";
import { readableIssues, readableMessage } from "../../resources/issue.ts";
import type { ModelService } from "../../resources/model-service.ts";
import { jsonAnswer } from "../answer.ts";
import type { Configuration } from "../configuration.ts";
import { ControlError } from "../control-error.ts";
import type { JsonObject } from "../merge-patch.ts";
import { findObject } from "../objects.ts";
import type { Call, JsonSchema, Operation } from "../operation.ts";
import type { JudgeJobs, JudgeOrder } from "../routing/judge/judge-jobs.ts";
import { kept } from "../routing/store-faults.ts";
import { configurationFor } from "../scoped-configuration.ts";
import { objectOf } from "./answer-schema.ts";
import { judgeJobSchema } from "./routing-judge-schema.ts";

/** What the operations need of the jobs. */
export type JudgePort = Pick<JudgeJobs, "start" | "stateOf" | "cancel">;

const json = ["application/json"];
const maxModels = 4;

const moment = z.iso.datetime({ offset: true, error: "must be a time such as 2026-01-31T00:00:00Z" });

const orderInput = strict({
  from: moment.optional().describe("Exchanges that began at this time or later; absent: all that are kept."),
  to: moment.optional().describe("Exchanges that began before this time."),
  limit: z.number().int().min(1).max(1_000).default(100).describe("Prompts at most."),
  models: z
    .array(modelNameField)
    .min(2)
    .max(maxModels)
    .optional()
    .describe(
      `Models of candidates, 2 to ${maxModels}; absent: all candidates' models, where they are no more.`,
    ),
  maxCostUsd: z
    .number()
    .min(0)
    .max(100_000)
    .optional()
    .describe("What all requests together may cost, by the prices that are known; absent: not bounded."),
  maxRequests: z
    .number()
    .int()
    .min(1)
    .max(20_000)
    .default(2_000)
    .describe("Requests at most, to models and to the judge."),
});

export function routingJudgeOperations(configuration: Configuration, jobs: JudgePort): Operation[] {
  return [
    readOperation(configuration, jobs),
    startOperation(configuration, jobs),
    cancelOperation(configuration, jobs),
  ];
}

const shared = {
  path: "/api/v1/model-apis/{name}/routing/judge",
  tag: "model-apis",
  reach: "groups",
  status: 200,
} as const;

function modelApiOf(configuration: Configuration, call: Call, view: "read" | "write") {
  const own = configurationFor(configuration, call.principal, view);
  const object = findObject(own.working, "model-apis", call.param("name"));
  if (object.kind !== "model-apis") throw new ControlError("not_found");
  return object;
}

function readOperation(configuration: Configuration, jobs: JudgePort): Operation {
  return {
    ...shared,
    method: "get",
    id: "readJudgeJob",
    summary: "Read how the newest judge job of a Model API stands.",
    access: "read",
    response: {
      description: "The job; `state` null where there was none.",
      mediaTypes: json,
      schema: { anyOf: [judgeJobSchema, objectOf({ state: { type: "null" } })] },
    },
    errors: ["not_found"],
    handle: (call) => {
      const { name } = modelApiOf(configuration, call, "read");
      return jsonAnswer(jobs.stateOf(name) ?? { state: null });
    },
  };
}

function startOperation(configuration: Configuration, jobs: JudgePort): Operation {
  return {
    ...shared,
    method: "post",
    id: "startJudgeJob",
    summary:
      "Ask recorded prompts again of several models, have their answers compared by the judge, and keep the verdicts as labels. Prompts go to the services of candidates and judge; no prompt and no answer is kept.",
    access: "write",
    request: {
      description: "What is judged, and what it may cost.",
      mediaTypes: json,
      schema: orderSchema(),
    },
    response: { description: "The job, which runs on.", mediaTypes: json, schema: judgeJobSchema },
    errors: ["not_found", "conflict", "store_unavailable"],
    handle: async (call) => {
      const input = readOrder(await call.json());
      const { name, value } = modelApiOf(configuration, call, "write");
      const order = { ...input, models: modelsOf(value.modelService, input.models) };
      return jsonAnswer(await kept(() => jobs.start(name, order, call.principal.name)));
    },
  };
}

function cancelOperation(configuration: Configuration, jobs: JudgePort): Operation {
  return {
    ...shared,
    method: "delete",
    id: "cancelJudgeJob",
    summary: "Cancel the judge job of a Model API; its labels so far are kept.",
    access: "write",
    response: { description: "How the job ended.", mediaTypes: json, schema: judgeJobSchema },
    errors: ["not_found", "conflict"],
    handle: async (call) => jsonAnswer(await jobs.cancel(modelApiOf(configuration, call, "write").name)),
  };
}

type OrderInput = Omit<JudgeOrder, "models"> & { readonly models: readonly string[] | undefined };

function readOrder(body: JsonObject): OrderInput {
  const result = orderInput.safeParse(body, { error: readableMessage });
  if (!result.success) {
    const issues = readableIssues(result.error);
    const words = issues.map(({ path, message }) => `${path} ${message}`).join("; ");
    throw new ControlError("invalid", words, issues);
  }
  const { from = null, to = null, limit, models, maxCostUsd = null, maxRequests } = result.data;
  return { from, to, limit, models, maxCostUsd, maxRequests };
}

/** @throws ControlError `invalid` */
function modelsOf(modelService: ModelService, asked: readonly string[] | undefined): readonly string[] {
  // Of another mode nothing is judged: whoever starts it says so.
  if (modelService.mode !== "intelligent") return [];
  const all = [...new Set(modelService.candidates.map(({ model }) => model))];
  const models = [...new Set(asked ?? all)];
  const unknown = models.find((model) => !all.includes(model));
  if (unknown !== undefined)
    throw invalidModels(`"${unknown}" is no candidate's model: ${all.join(", ")} are.`);
  if (models.length < 2) throw invalidModels("Two models or more are compared.");
  if (models.length > maxModels)
    throw invalidModels(`Candidates have ${models.length} models: name 2 to ${maxModels} of them.`);
  return models;
}

function invalidModels(message: string): ControlError {
  return new ControlError("invalid", message, [{ path: "models", message }]);
}

function orderSchema(): JsonSchema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(orderInput, { io: "input" });
  return schema;
}
