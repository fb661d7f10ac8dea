// How a judge job looks in answers of the admin API. Schemas only.
import type { JsonSchema } from "../operation.ts";
import { judgeStates, skipReasons } from "../routing/judge/judge-state.ts";
import { arrayOf, integer, number, objectOf, orNull, text } from "./answer-schema.ts";

const count = { ...integer, minimum: 0 };
const time: JsonSchema = { type: "string", format: "date-time" };

const stateProperties: Readonly<Record<string, JsonSchema>> = {
  state: {
    type: "string",
    enum: [...judgeStates],
    description:
      "`budget`: it is spent; `interrupted`: the gateway was stopped. Labels so far are kept in any case.",
  },
  message: { ...text, description: "Why it ended, where that needs words." },
  by: text,
  startedAt: time,
  endedAt: orNull(time),
  from: orNull(time),
  to: orNull(time),
  limit: count,
  maxCostUsd: orNull(number),
  maxRequests: count,
  judge: objectOf({ service: text, model: text }),
  looked: { ...count, description: "Recorded exchanges that were looked at." },
  judged: { ...count, description: "Prompts whose answers were compared." },
  labels: { ...count, description: "Labels that were kept." },
  requests: count,
  costUsd: { ...number, description: "As far as prices are known." },
  skipped: {
    type: "object",
    description: "Exchanges that were not judged, by reason.",
    propertyNames: { enum: [...skipReasons] },
    additionalProperties: count,
  },
  models: arrayOf(objectOf({ model: text, won: count, lost: count, tied: count })),
};
export const judgeJobSchema: JsonSchema = objectOf(stateProperties);
