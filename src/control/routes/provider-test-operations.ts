// Tries whether an issuer is an OpenID provider that people can sign in by: its discovery document and its keys, nothing
// else. Sends no secret and no browser anywhere.
import { z } from "zod";
import { strict } from "../../resources/field.ts";
import { readableIssues, readableMessage } from "../../resources/issue.ts";
import { issuerField } from "../../resources/sign-in.ts";
import { jsonAnswer } from "../answer.ts";
import { ControlError } from "../control-error.ts";
import type { ProviderCheck } from "../oidc/check-provider.ts";
import type { Operation } from "../operation.ts";
import { TriedTooOften } from "../tried-too-often.ts";
import { arrayOf, integer, objectOf, text } from "./answer-schema.ts";

const json = ["application/json"];

const question = strict({ issuer: issuerField.describe("Address of the provider.") });

const answerSchema = objectOf({
  ok: { type: "boolean", description: "Whether people can be sent there and what comes back can be proved." },
  message: { ...text, description: "What was found, or why not." },
  keys: { ...integer, description: "Keys that can prove a signature." },
  scopes: { ...arrayOf(text), description: "Scopes that the provider names; some name none." },
  claims: { ...arrayOf(text), description: "Claims that the provider names; some name none." },
});

/** At once: each asks an address that somebody has typed. */
const maxRunning = 4;

export function providerTestOperations(check: ProviderCheck): Operation[] {
  let running = 0;
  return [
    {
      method: "post",
      path: "/api/v1/sign-in/test",
      id: "testSignInProvider",
      summary: "Look at the discovery document and the keys of a provider before people sign in by it.",
      tag: "session",
      access: "manage-access",
      request: {
        description: "Which provider.",
        mediaTypes: json,
        schema: inputSchema(),
      },
      status: 200,
      response: { description: "What was found.", mediaTypes: json, schema: answerSchema },
      errors: ["too_many_tries"],
      handle: async (call) => {
        const parsed = question.safeParse(await call.json(), { error: readableMessage });
        if (!parsed.success) {
          const issues = readableIssues(parsed.error);
          throw new ControlError(
            "invalid",
            issues.map(({ path, message }) => `${path} ${message}`).join("; "),
            issues,
          );
        }
        if (running >= maxRunning)
          throw new TriedTooOften(`${maxRunning} tests run already; try again when one is done.`, 1_000);
        running += 1;
        try {
          return jsonAnswer(await check(parsed.data.issuer));
        } finally {
          running -= 1;
        }
      },
    },
  ];
}

function inputSchema() {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(question, { io: "input" });
  return schema;
}
