// What a Model API learns from its labels: how it stands, labels brought and forgotten, training, what is put into use and
// taken back. Knows not how anything is learnt.
import { z } from "zod";
import { labelSources } from "../../core/kept-routing.ts";
import { isoTime } from "../../lib/iso-time.ts";
import { strict } from "../../resources/field.ts";
import { covers, reachOf } from "../../resources/held-role.ts";
import type { KeptPublication } from "../../core/kept-routing.ts";
import { jsonAnswer } from "../answer.ts";
import type { Configuration } from "../configuration.ts";
import { ControlError } from "../control-error.ts";
import type { Call, Operation } from "../operation.ts";
import { draftRouting, requireIntelligent } from "../routing/draft-routing.ts";
import { importedLabels } from "../routing/imported-labels.ts";
import { readReport } from "../routing/router-versions.ts";
import { routingState } from "../routing/routing-state.ts";
import type { RoutingPort } from "../routing/routing-port.ts";
import { kept } from "../routing/store-faults.ts";
import { integer, objectOf } from "./answer-schema.ts";
import { readWord } from "./query-text.ts";
import { modelApiOf, readInput, schemaOf } from "./routing-input.ts";
import { publishedSchema, routingStateSchema } from "./routing-schema.ts";

const json = ["application/json"];
const base = "/api/v1/model-apis/{name}/routing";
const shared = { tag: "model-apis", reach: "groups" } as const;

const maxItems = 2_000;
const importMaxBodyBytes = 16 * 1024 * 1024;

const importInput = strict({
  items: z
    .array(
      strict({
        prompt: z
          .string()
          .trim()
          .min(1)
          .max(100_000)
          .describe("What was asked. Read into numbers, not kept."),
        model: z.string().min(1).max(256).describe("Model of a candidate that answered."),
        score: z.number().min(0).max(1).describe("What its answer was worth: 0 nothing, 1 all."),
      }),
    )
    .min(1)
    .max(maxItems)
    .describe(`At most ${maxItems} at a time. Best is more than one model for each prompt.`),
});

const publishInput = strict({
  version: z.number().int().min(1).describe("Number of the version."),
  force: z
    .boolean()
    .default(false)
    .describe("Whether also one that was not found better is put into use; for owners and admins."),
});

export function routingOperations(configuration: Configuration, routing: RoutingPort): Operation[] {
  return [
    readOperation(configuration, routing),
    importOperation(configuration, routing),
    clearOperation(configuration, routing),
    trainOperation(configuration, routing),
    publishOperation(configuration, routing),
    rollBackOperation(configuration, routing),
  ];
}

function readOperation(configuration: Configuration, routing: RoutingPort): Operation {
  return {
    ...shared,
    method: "get",
    path: base,
    id: "readRouting",
    summary: "Tell what a Model API learns from, what it has learnt, and what of it is in use.",
    access: "read",
    status: 200,
    response: { description: "How it stands.", mediaTypes: json, schema: routingStateSchema },
    errors: ["not_found", "store_unavailable"],
    handle: async (call) => {
      const { name, value } = modelApiOf(configuration, call, "read");
      return jsonAnswer(await kept(() => routingState(routing, name, value.modelService)));
    },
  };
}

function importOperation(configuration: Configuration, routing: RoutingPort): Operation {
  return {
    ...shared,
    method: "post",
    path: `${base}/labels`,
    id: "importLabels",
    summary:
      "Bring labels of an evaluation of your own: what answers of models to prompts were worth. The prompts are read into numbers at once; no text is kept.",
    access: "write",
    request: { description: "The labels.", mediaTypes: json, schema: schemaOf(importInput) },
    maxBodyBytes: importMaxBodyBytes,
    status: 200,
    response: {
      description: "How many were taken; one for the same prompt and model takes the place of the older.",
      mediaTypes: json,
      schema: objectOf({ labels: integer, prompts: integer }),
    },
    errors: ["not_found", "conflict", "store_unavailable", "too_many_tries"],
    handle: async (call) => {
      const { name, value } = modelApiOf(configuration, call, "write");
      const modelService = requireIntelligent(name, value.modelService);
      const { items } = readInput(importInput, await call.json());
      const models = new Set(modelService.candidates.map(({ model }) => model));
      const wrong = items.findIndex(({ model }) => !models.has(model));
      if (wrong !== -1) {
        const details = [{ path: `items[${wrong}].model`, message: "is no candidate's model" }];
        throw new ControlError("invalid", `items[${wrong}].model is no candidate's model.`, details);
      }
      const draft = draftRouting(configuration.snapshot, modelService);
      const labels = await importedLabels({ api: name, draft, items }, routing);
      await kept(() => routing.labels.add(labels));
      const prompts = new Set(labels.map(({ requestId }) => requestId)).size;
      return jsonAnswer({ labels: labels.length, prompts });
    },
  };
}

function clearOperation(configuration: Configuration, routing: RoutingPort): Operation {
  return {
    ...shared,
    method: "delete",
    path: `${base}/labels`,
    id: "clearLabels",
    summary: "Forget labels of a Model API. What was learnt from them stays until it is trained again.",
    access: "write",
    parameters: [
      {
        name: "source",
        in: "query",
        description: "Only those from this source.",
        schema: { type: "string", enum: [...labelSources] },
      },
    ],
    status: 200,
    response: {
      description: "How many there were.",
      mediaTypes: json,
      schema: objectOf({ labels: integer }),
    },
    errors: ["not_found", "store_unavailable"],
    handle: async (call) => {
      const { name } = modelApiOf(configuration, call, "write");
      const given = call.query.get("source");
      const source = given === undefined ? undefined : readWord("source", given, labelSources);
      return jsonAnswer({ labels: await kept(() => routing.labels.clear(name, source)) });
    },
  };
}

function trainOperation(configuration: Configuration, routing: RoutingPort): Operation {
  return {
    ...shared,
    method: "post",
    path: `${base}/train`,
    id: "trainRouting",
    summary:
      "Learn from all labels and compare the outcome, on prompts that it has not seen, with what is in use. It runs on; read how it stands.",
    access: "write",
    status: 200,
    response: { description: "How it stands.", mediaTypes: json, schema: routingStateSchema },
    errors: ["not_found", "conflict", "store_unavailable"],
    handle: async (call) => {
      const { name, value } = modelApiOf(configuration, call, "write");
      await kept(() => routing.trainings.start(name, call.principal.name));
      return jsonAnswer(await kept(() => routingState(routing, name, value.modelService)));
    },
  };
}

function publishOperation(configuration: Configuration, routing: RoutingPort): Operation {
  return {
    ...shared,
    method: "post",
    path: `${base}/publish`,
    id: "publishRouting",
    summary:
      "Put a version into use, at once. Refused for one that was not found better than what is in use.",
    access: "write",
    request: { description: "The version.", mediaTypes: json, schema: schemaOf(publishInput) },
    status: 200,
    response: { description: "What is in use.", mediaTypes: json, schema: publishedSchema },
    errors: ["not_found", "conflict", "store_unavailable"],
    handle: async (call) => {
      const { name, value } = modelApiOf(configuration, call, "write");
      requireIntelligent(name, value.modelService);
      const { version, force } = readInput(publishInput, await call.json());
      if (force) requireForce(call, value.resourceGroup);
      const publication = await kept(() => {
        if (!force) refuseNotBetter(routing, name, version);
        return routing.versions.publish(name, version, call.principal.name);
      });
      return jsonAnswer(shown(publication));
    },
  };
}

function requireForce({ principal }: Call, resourceGroup: string): void {
  if (covers(reachOf(principal.roles, "configure"), [resourceGroup])) return;
  throw new ControlError("forbidden", "Only owners and admins may use `force`.");
}

/** @throws ControlError `not_found`, `conflict` */
function refuseNotBetter({ versions }: RoutingPort, api: string, number: number): void {
  const found = versions.versionsOf(api).find((version) => version.number === number);
  if (found === undefined)
    throw new ControlError("not_found", `"${api}" has no version ${number} of what was learnt.`);
  const { verdict, reason, against } = readReport(found.report);
  const current = versions.inUse(api);
  const unless = "An owner or admin can put it into use with `force`.";
  if (verdict !== "better")
    throw new ControlError("conflict", `Version ${number} was not found better. ${reason} ${unless}`);
  if (against !== current)
    throw new ControlError(
      "conflict",
      `Version ${number} was compared with ${named(against)}, but ${named(current)} is in use. Train again. ${unless}`,
    );
}

function named(version: number): string {
  return version === 0 ? "the choice without labels" : `version ${version}`;
}

function rollBackOperation(configuration: Configuration, routing: RoutingPort): Operation {
  return {
    ...shared,
    method: "post",
    path: `${base}/rollback`,
    id: "rollBackRouting",
    summary: "Go one step back: to the version that was in use before, or to the choice without labels.",
    access: "write",
    status: 200,
    response: { description: "What is in use.", mediaTypes: json, schema: publishedSchema },
    errors: ["not_found", "conflict", "store_unavailable"],
    handle: async (call) => {
      const { name } = modelApiOf(configuration, call, "write");
      return jsonAnswer(shown(await kept(() => routing.versions.rollBack(name, call.principal.name))));
    },
  };
}

function shown({ version, former, atMs, by }: KeptPublication) {
  return { version, former, at: isoTime(atMs), by };
}
