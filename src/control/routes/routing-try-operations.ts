// Tries what mode intelligent would do, without sending anything: for one prompt, and with the examples of its domains.
import { z } from "zod";
import { profiles } from "../../core/routing-record.ts";
import { nameField, strict } from "../../resources/field.ts";
import { exampleCharacters, mostDomains, mostExampleCharacters } from "../../resources/intelligent.ts";
import { chooseModel } from "../../routing/decision/choose-model.ts";
import { explainChoice } from "../../routing/decision/explain-choice.ts";
import { builtInExamples } from "../../routing/domains/built-in/built-in-domains.ts";
import type { DomainExamples } from "../../routing/domains/train-domain-table.ts";
import type { CrossValidation } from "../../routing/domains/train-domain-table.ts";
import { jsonAnswer } from "../answer.ts";
import type { Configuration } from "../configuration.ts";
import { ControlError } from "../control-error.ts";
import type { Call, JsonSchema, Operation } from "../operation.ts";
import { requireIntelligent } from "../routing/draft-routing.ts";
import { learntDomains } from "../routing/learnt-domains.ts";
import type { RoutingPort } from "../routing/routing-port.ts";
import { testRequest } from "../routing/test-request.ts";
import { unsavedDecision } from "../routing/unsaved-decision.ts";
import { arrayOf, number, objectOf, text } from "./answer-schema.ts";
import type { AdminApiPorts } from "./ports.ts";
import {
  draftFor,
  modelApiOf,
  readInput,
  readModelService,
  schemaOf,
  unsavedField,
} from "./routing-input.ts";
import { accuracySchema } from "./routing-preview-schema.ts";

const json = ["application/json"];
const address = "/api/v1/model-apis/{name}/routing";
const shared = { tag: "model-apis", reach: "groups", status: 200 } as const;

const longestPrompt = 100_000;
const maxExamples = 200;

const testInput = strict({
  prompt: z.string().min(1).max(longestPrompt).optional().describe("What is asked, in words."),
  body: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("A whole body in the place of the prompt, for the saved model service."),
  profile: z.enum(profiles).optional().describe("What the client asks for; absent: `auto`."),
  modelService: unsavedField,
});

const accuracyInput = strict({
  domains: z
    .array(
      strict({
        name: nameField.describe("Name of the domain."),
        examples: z.array(z.string().trim().min(1).max(2_000)).max(maxExamples).describe("Its prompts."),
      }),
    )
    .max(mostDomains)
    .refine(
      (domains) => exampleCharacters(domains) <= mostExampleCharacters,
      `must have examples of at most ${mostExampleCharacters} characters in all`,
    )
    .describe("Own domains; one with the name of a built-in one adds to it."),
  builtInDomains: z.boolean().default(true).describe("Whether the built-in domains are there."),
});

export function routingTryOperations(
  configuration: Configuration,
  routing: RoutingPort,
  explain: AdminApiPorts["explain"],
): Operation[] {
  return [testOperation(configuration, routing, explain), accuracyOperation(configuration, routing)];
}

const routingRecordSchema: JsonSchema = {
  type: "object",
  required: ["router", "evidence", "choice"],
  properties: {
    router: text,
    evidence: { type: "object", description: "All that it was decided by." },
    choice: { type: "object", description: "Model, reason, margin over the next." },
  },
};

const testedSchema: JsonSchema = {
  type: "object",
  required: ["decision", "reason"],
  properties: {
    decision: {
      type: ["object", "null"],
      description: "As in a record; null where the request does not come so far.",
      required: ["mode", "reason", "candidates"],
      properties: {
        mode: text,
        reason: text,
        candidates: { type: "array", items: { type: "object" } },
        routing: routingRecordSchema,
      },
    },
    reason: { ...text, description: "Why there is no decision; empty with one." },
    scores: {
      ...arrayOf(objectOf({ model: text, excluded: text, quality: number, utility: number })),
      description: "How the models compare, best first; `excluded` says why one was not compared.",
    },
    explanation: objectOf({ summary: text, prompt: text, models: { type: "array", items: text } }),
    measured: {
      type: "boolean",
      description: "Whether times and health of services are among it: of the saved model service alone.",
    },
  },
};

function testOperation(
  configuration: Configuration,
  routing: RoutingPort,
  explain: AdminApiPorts["explain"],
): Operation {
  return {
    ...shared,
    method: "post",
    path: `${address}/test`,
    id: "testRouting",
    summary:
      "Tell which model mode `intelligent` would choose for a prompt and by what, for the saved model service or one that is not saved. Nothing is sent.",
    access: "read",
    request: { description: "The prompt.", mediaTypes: json, schema: schemaOf(testInput) },
    response: { description: "What would be decided.", mediaTypes: json, schema: testedSchema },
    errors: ["not_found", "conflict", "too_many_tries"],
    handle: async (call) => {
      const { name, value } = modelApiOf(configuration, call, "read");
      const { prompt, body, profile, modelService } = readInput(testInput, await call.json());
      const model = profile === undefined ? "auto" : `auto/${profile}`;
      if ((prompt === undefined) === (body === undefined))
        throw new ControlError("invalid", "Give either prompt or body.");
      if (modelService === undefined && value.modelService.mode === "intelligent")
        return jsonAnswer(
          await savedAnswer(configuration, explain, name, { asked: prompt ?? body ?? "", model }),
        );
      if (prompt === undefined)
        throw new ControlError(
          "invalid",
          "A model service that is not saved is tried with a prompt, not a body.",
        );
      const unsaved = modelService === undefined ? value.modelService : readModelService(modelService);
      const domainTable = await learntDomains(requireIntelligent(name, unsaved), routing.learning);
      const draft = draftFor(configuration, call, { api: name, modelService: unsaved, domainTable });
      const router = routing.versions.published.get(name);
      const record = await unsavedDecision({ draft, router, prompt, model }, routing.learning);
      const explanation = explainChoice(record.evidence);
      const { scores } = chooseModel(record.evidence);
      const decision = { mode: "intelligent", reason: explanation.summary, candidates: [], routing: record };
      return jsonAnswer({ decision, reason: "", scores, explanation, measured: false });
    },
  };
}

async function savedAnswer(
  { snapshot }: Configuration,
  explain: AdminApiPorts["explain"],
  api: string,
  question: Parameters<typeof testRequest>[1],
): Promise<object> {
  const config = snapshot.apis.get(api);
  if (config === undefined) return { decision: null, reason: `"${api}" is disabled.`, measured: true };
  const request = testRequest(config, question);
  if (request === undefined)
    throw new ControlError("conflict", `No route of "${api}" takes prompts; explain tells of any request.`);
  const { decision, reason } = await explain(api, request);
  if (decision === null || decision === undefined)
    return { decision: null, reason: reason ?? "The request does not come so far.", measured: true };
  const { routing } = decision;
  return {
    decision,
    reason: "",
    ...(routing === undefined
      ? {}
      : { scores: chooseModel(routing.evidence).scores, explanation: explainChoice(routing.evidence) }),
    measured: true,
  };
}

function accuracyOperation(configuration: Configuration, routing: RoutingPort): Operation {
  return {
    ...shared,
    method: "post",
    path: `${address}/domains/accuracy`,
    id: "judgeExamples",
    summary:
      "Tell how well examples tell domains apart: each is judged by an engine that has not seen it. Nothing is kept.",
    access: "write",
    maxBodyBytes: 16 * 1024 * 1024,
    request: { description: "The domains.", mediaTypes: json, schema: schemaOf(accuracyInput) },
    response: { description: "What was told right.", mediaTypes: json, schema: accuracySchema },
    errors: ["not_found", "too_many_tries"],
    handle: async (call: Call) => {
      modelApiOf(configuration, call, "write");
      const { domains, builtInDomains } = readInput(accuracyInput, await call.json());
      const known = withBuiltIn(domains, builtInDomains);
      if (known.filter(({ examples }) => examples.length > 0).length < 2)
        throw new ControlError("invalid", "Two domains with examples are needed to tell them apart.");
      return jsonAnswer(
        withoutNaN(await routing.learning.run("accuracy", { domains: known }), domains, known),
      );
    },
  };
}

function withBuiltIn(own: readonly DomainExamples[], hasBuiltIn: boolean): DomainExamples[] {
  const builtIn = new Map((hasBuiltIn ? builtInExamples() : []).map((domain) => [domain.name, domain]));
  const merged = own.map(({ name, examples }) => {
    const base = builtIn.get(name)?.examples ?? [];
    builtIn.delete(name);
    return { name, examples: [...examples, ...base] };
  });
  return [...merged, ...builtIn.values()];
}

/** JSON has no NaN; and nobody moves an example that is built in. */
function withoutNaN(
  found: CrossValidation,
  own: readonly DomainExamples[],
  known: readonly DomainExamples[],
): object {
  const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);
  const ownCount = new Map(own.map(({ name, examples }) => [name, examples.length]));
  const empty = known.filter(({ examples }) => examples.length === 0);
  return {
    ...found,
    accuracy: orNull(found.accuracy),
    sure: orNull(found.sure),
    accuracyWhereSure: orNull(found.accuracyWhereSure),
    domains: [
      ...found.domains.map((row) => ({ ...row, accuracy: orNull(row.accuracy), sure: orNull(row.sure) })),
      ...empty.map(({ name }) => ({ name, examples: 0, accuracy: null, sure: null, takenFor: [] })),
    ],
    misplaced: found.misplaced.filter(({ domain, example }) => example < (ownCount.get(domain) ?? 0)),
  };
}
