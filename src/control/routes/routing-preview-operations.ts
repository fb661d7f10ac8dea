// What another model service would have done with the latest requests of a Model API, and whether a recorded decision comes
// out again. Sends nothing, changes nothing, reads no text.
import { z } from "zod";
import { strict } from "../../resources/field.ts";
import type { ModelService } from "../../resources/model-service.ts";
import { explainChoice } from "../../routing/decision/explain-choice.ts";
import { reproduce } from "../../routing/decision/reproduce.ts";
import { preview } from "../../routing/learning/preview.ts";
import { jsonAnswer } from "../answer.ts";
import type { Configuration } from "../configuration.ts";
import { ControlError } from "../control-error.ts";
import type { Operation } from "../operation.ts";
import { compiled } from "../routing/draft-routing.ts";
import { previewRecords } from "../routing/preview-records.ts";
import { costChange, previewWords } from "../routing/preview-words.ts";
import type { PreviewAnswer, ReproductionAnswer } from "../routing/routing-answers.ts";
import { telemetryFor } from "../scoped-telemetry.ts";
import type { TelemetryPort } from "./ports.ts";
import {
  draftFor,
  modelApiOf,
  readInput,
  readModelService,
  schemaOf,
  unsavedField,
} from "./routing-input.ts";
import { previewSchema, reproductionSchema } from "./routing-preview-schema.ts";
import { told } from "./traffic-operations.ts";

const json = ["application/json"];
const base = "/api/v1/model-apis/{name}/routing";
const shared = { tag: "model-apis", access: "read", reach: "groups", status: 200 } as const;
const maxRecords = 1_000;

const moment = z.iso.datetime({ offset: true, error: "must be a time such as 2026-01-31T00:00:00Z" });

const previewInput = strict({
  modelService: unsavedField,
  from: moment.optional().describe("Requests that began at this time or later; absent: all that are kept."),
  to: moment.optional().describe("Requests that began before this time."),
  limit: z.number().int().min(1).max(maxRecords).default(maxRecords).describe("Newest records at most."),
});

const reproduceInput = strict({
  requestId: z.string().min(1).max(128).describe("`x-request-id` of the exchange."),
});

export function routingPreviewOperations(
  configuration: Configuration,
  telemetry: TelemetryPort,
): Operation[] {
  return [previewOperation(configuration, telemetry), reproduceOperation(configuration, telemetry)];
}

function previewOperation(configuration: Configuration, telemetry: TelemetryPort): Operation {
  return {
    ...shared,
    method: "post",
    path: `${base}/preview`,
    id: "previewRouting",
    summary:
      "Tell what a model service of mode `intelligent` would have done with the latest requests: who would have answered, for how much, and how good that is expected to be. From the evidence in the records; no text is needed and nothing is sent.",
    request: {
      description: "The model service, and which requests.",
      mediaTypes: json,
      schema: schemaOf(previewInput),
    },
    response: { description: "With it beside now.", mediaTypes: json, schema: previewSchema },
    errors: ["not_found", "conflict", "traffic_unavailable"],
    handle: async (call) => {
      const { name, value } = modelApiOf(configuration, call, "read");
      const { modelService, from, to, limit } = readInput(previewInput, await call.json());
      const draftOf = (one: ModelService) =>
        draftFor(configuration, call, { api: name, modelService: one, domainTable: "" });
      const saved = draftOf(value.modelService);
      const draft = modelService === undefined ? saved : draftOf(readModelService(modelService));
      const port = telemetryFor(telemetry, call.principal);
      const span = { api: name, fromMs: timeOf(from), toMs: timeOf(to), limit };
      const { looked, requests, unused } = await told(previewRecords(port, span));
      const found = preview(requests, { saved: compiled(saved), draft: compiled(draft) });
      const answer: PreviewAnswer = {
        ...found,
        costChange: costChange(found.costUsd),
        summary: previewWords(found),
        looked,
        unused,
      };
      return jsonAnswer(answer);
    },
  };
}

function timeOf(text: string | undefined): number | null {
  return text === undefined ? null : Date.parse(text);
}

function reproduceOperation(configuration: Configuration, telemetry: TelemetryPort): Operation {
  return {
    ...shared,
    method: "post",
    path: `${base}/reproduce`,
    id: "reproduceDecision",
    summary:
      "Decide a recorded request again by the evidence in its record, and tell whether the same comes out.",
    request: { description: "Which exchange.", mediaTypes: json, schema: schemaOf(reproduceInput) },
    response: {
      description: "What comes out, and what was recorded.",
      mediaTypes: json,
      schema: reproductionSchema,
    },
    errors: ["not_found", "conflict", "traffic_unavailable"],
    handle: async (call) => {
      const { name } = modelApiOf(configuration, call, "read");
      const { requestId } = readInput(reproduceInput, await call.json());
      const record = await told(telemetryFor(telemetry, call.principal).ask("log", { requestId }));
      if (record === null || record.api !== name)
        throw new ControlError("not_found", `There is no record of this request to "${name}".`);
      const routing = record.decision?.routing;
      if (routing === undefined)
        throw new ControlError(
          "conflict",
          "Mode intelligent did not decide this request: there is no evidence.",
        );
      const { same, choice, differences } = reproduce(routing);
      const answer: ReproductionAnswer = {
        same,
        router: routing.router,
        recorded: routing.choice,
        choice,
        differences,
        explanation: explainChoice(routing.evidence, choice),
      };
      return jsonAnswer(answer);
    },
  };
}
