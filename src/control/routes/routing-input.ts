// What operations about learning share in reading what they are asked. Knows no operation.
import { z } from "zod";
import { readableIssues, readableMessage } from "../../resources/issue.ts";
import { modelServiceField, type ModelService } from "../../resources/model-service.ts";
import type { Configuration } from "../configuration.ts";
import { ControlError } from "../control-error.ts";
import type { JsonObject } from "../merge-patch.ts";
import { findObject } from "../objects.ts";
import type { Call, JsonSchema } from "../operation.ts";
import { draftRouting, requireIntelligent, type DraftRouting } from "../routing/draft-routing.ts";
import { configurationFor } from "../scoped-configuration.ts";

/** @throws ControlError `not_found` */
export function modelApiOf(configuration: Configuration, call: Call, view: "read" | "write") {
  const own = configurationFor(configuration, call.principal, view);
  const object = findObject(own.working, "model-apis", call.param("name"));
  if (object.kind !== "model-apis") throw new ControlError("not_found");
  return object;
}

/** @throws ControlError `invalid` */
export function readInput<Schema extends z.ZodType>(schema: Schema, body: JsonObject): z.output<Schema> {
  const parsed = schema.safeParse(body, { error: readableMessage });
  if (parsed.success) return parsed.data;
  const issues = readableIssues(parsed.error);
  const message = issues.map((issue) => `${issue.path} ${issue.message}`.trim()).join("; ");
  throw new ControlError("invalid", message, issues);
}

export function schemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _dialect, ...described } = z.toJSONSchema(schema, { io: "input" });
  return described;
}

/** A model service that is not saved yet, beside other fields of a question. */
export const unsavedField = z
  .record(z.string(), z.unknown())
  .optional()
  .describe("A model service of mode intelligent that is not saved; absent: the saved one.");

/** @throws ControlError `invalid` */
export function readModelService(body: JsonObject): ModelService {
  return readInput(z.object({ modelService: modelServiceField }), { modelService: body }).modelService;
}

export interface DraftQuestion {
  readonly api: string;
  readonly modelService: ModelService;
  /** Base64; empty where nobody asks what prompts are about. */
  readonly domainTable: string;
}

/**
 * As whoever asks may know it: of services that he may not see nothing is known. Nothing is learnt of its domains.
 * @throws ControlError `conflict`
 */
export function draftFor(
  configuration: Configuration,
  call: Call,
  { api, modelService, domainTable }: DraftQuestion,
): DraftRouting {
  const { services: seen } = configurationFor(configuration, call.principal).working.resources;
  const { services: all, modelData } = configuration.snapshot;
  const services = new Map([...all].filter(([name]) => seen.has(name)));
  const intelligent = requireIntelligent(api, modelService);
  const known = { services, ...(modelData === undefined ? {} : { modelData }) };
  return draftRouting(known, intelligent, () => domainTable);
}
