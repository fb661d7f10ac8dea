// Checks of a Model API before it is saved, for forms. Nothing is written.
import { jsonAnswer } from "../answer.ts";
import type { Configuration } from "../configuration.ts";
import { checkModelApi } from "../model-api-check.ts";
import { configurationFor } from "../scoped-configuration.ts";
import type { Operation } from "../operation.ts";
import { arrayOf, objectOf, text } from "./answer-schema.ts";
import type { CheckAnswer } from "./console-answers.ts";
import { schemaNames, schemaReference } from "./resource-schemas.ts";

const json = ["application/json"];

const issueSchema = {
  type: "object",
  required: ["path", "message", "code"],
  properties: {
    path: { type: "string", description: "Field, such as `basePath`; empty for the object as a whole." },
    message: text,
    code: text,
    other: { ...objectOf({ kind: text, name: text }), description: "The object that stands in the way." },
  },
};

export function checkOperations(configuration: Configuration): Operation[] {
  return [
    {
      method: "post",
      path: "/api/v1/model-apis/check",
      id: "checkModelApi",
      summary: "Check a Model API as a write would, and write nothing.",
      tag: "model-apis",
      access: "write",
      reach: "groups",
      parameters: [
        {
          name: "name",
          in: "query",
          description: "The existing Model API that would be replaced; absent = it would be created.",
          schema: text,
        },
      ],
      request: {
        description: "The Model API.",
        mediaTypes: json,
        schema: schemaReference(schemaNames("model-apis").input),
      },
      status: 200,
      response: {
        description: "Whether it would be taken, else why not.",
        mediaTypes: json,
        schema: objectOf({
          ok: { type: "boolean" },
          issues: arrayOf(issueSchema),
          warnings: arrayOf(text),
        }),
      },
      errors: ["not_found"],
      handle: async ({ json: readBody, query, principal }) => {
        const own = configurationFor(configuration, principal);
        const answer: CheckAnswer = await checkModelApi(own, query.get("name"), await readBody());
        return jsonAnswer(answer);
      },
    },
  ];
}
