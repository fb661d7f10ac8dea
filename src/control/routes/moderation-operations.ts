// Tries the moderation of a Model API out on a text: as it is stored, or as a form has it before it is saved.
import { z } from "zod";
import { strict } from "../../resources/field.ts";
import { readableIssues, readableMessage } from "../../resources/issue.ts";
import type { Moderation } from "../../resources/moderation.ts";
import { jsonAnswer } from "../answer.ts";
import type { Configuration } from "../configuration.ts";
import { ControlError } from "../control-error.ts";
import type { JsonObject } from "../merge-patch.ts";
import { authoredObject } from "../objects.ts";
import type { JsonSchema, Operation } from "../operation.ts";
import { configurationFor } from "../scoped-configuration.ts";
import { TriedTooOften } from "../tried-too-often.ts";
import { readUnsavedObject } from "../unsaved-object.ts";
import { arrayOf, integer, objectOf, text } from "./answer-schema.ts";
import type { ModerationPort } from "./moderation-port.ts";

const json = ["application/json"];
const kind = "model-apis";

/** Characters of a text to be tried. */
const longestText = 100_000;
/** At once: each may ask several services. */
const maxRunning = 4;

const questionSchema = strict({
  text: z.string().min(1).max(longestText).describe("The text to judge."),
  direction: z
    .enum(["request", "response"])
    .default("request")
    .describe("Whether a client sends it or a service answers it."),
  consumer: z.string().max(128).default("").describe("Who calls, for the rules; empty = nobody is known."),
  moderation: z
    .record(z.string(), z.unknown())
    .optional()
    .describe(
      "The moderation to try, as a Model API has it; absent = what is stored. Secrets that are masked are the stored ones.",
    ),
});

const nullableInteger: JsonSchema = { type: ["integer", "null"] };
const nullableText: JsonSchema = { type: ["string", "null"] };

const testedSchema = objectOf({
  verdict: { type: "string", enum: ["pass", "observe", "mask", "block"] },
  findings: arrayOf(
    objectOf({
      check: text,
      dimension: text,
      risk: { type: "string", enum: ["low", "medium", "high"] },
      label: text,
      action: { type: "string", enum: ["block", "mask", "observe"] },
      start: { ...integer, description: "Where it stands in the text, in UTF-16 code units." },
      end: integer,
      rule: { ...nullableInteger, description: "Place of the rule that decided, from 0; null = none fits." },
    }),
  ),
  errors: {
    ...arrayOf(objectOf({ check: text, reason: text })),
    description: "Checks that gave no answer.",
  },
  masked: { ...nullableText, description: "The text as it would go on; null = it would not." },
});

export function moderationOperations(configuration: Configuration, test: ModerationPort): Operation[] {
  let running = 0;
  return [
    {
      method: "post",
      path: "/api/v1/model-apis/{name}/moderation/test",
      id: "testModeration",
      summary: "Judge a text by the checks of content of a Model API, without sending a request.",
      tag: kind,
      // The checks send stored keys, so that it takes what saving takes.
      access: "write",
      reach: "groups",
      request: {
        description: "The text, and whose it is.",
        mediaTypes: json,
        schema: inputSchema(),
      },
      status: 200,
      response: {
        description: "What was found and what would follow.",
        mediaTypes: json,
        schema: testedSchema,
      },
      errors: ["not_found", "secret_missing", "too_many_tries"],
      handle: async (call) => {
        const own = configurationFor(configuration, call.principal, "write");
        const name = call.param("name");
        const stored = authoredObject(own, own.working, kind, name);
        const { moderation, ...question } = readQuestion(await call.json());
        const policy = policyOf(own, stored, moderation);
        if (running >= maxRunning) {
          throw new TriedTooOften(`${maxRunning} texts are being judged; try again when one is done.`, 1_000);
        }
        running += 1;
        try {
          return jsonAnswer(await test(policy, { api: name, ...question }, call.left));
        } finally {
          running -= 1;
        }
      },
    },
  ];
}

function policyOf(own: Configuration, stored: JsonObject, moderation: JsonObject | undefined): Moderation {
  const body =
    moderation === undefined ? stored : { ...stored, moderation: { enabled: true, ...moderation } };
  return readUnsavedObject(own, kind, body).moderation;
}

function readQuestion(body: unknown): z.output<typeof questionSchema> {
  const parsed = questionSchema.safeParse(body, { error: readableMessage });
  if (parsed.success) return parsed.data;
  const issues = readableIssues(parsed.error);
  const message = issues.map((issue) => `${issue.path} ${issue.message}`.trim()).join("; ");
  throw new ControlError("invalid", message, issues);
}

function inputSchema(): JsonSchema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(questionSchema, { io: "input" });
  return schema;
}
