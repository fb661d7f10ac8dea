// GET /v1/models and /v1/models/{id}, in OpenAI's or Anthropic's shape. Any other model name works just as well.
import { jsonReply } from "./reply.ts";
import type { Call, Reply } from "./reply.ts";

const models: readonly string[] = ["simulated-small", "simulated-large"];

/** Creation date of every simulated model, as both shapes write it. */
const createdAt = "2026-01-01T00:00:00Z";
const createdSeconds = Date.parse(createdAt) / 1000;

/** One model if the path names one, else the list. */
export function describeModels(call: Call): Reply {
  const isAnthropic = call.header("anthropic-version") !== undefined;
  const row = isAnthropic ? anthropicRow : openaiRow;
  if (call.pathRest !== "") return jsonReply(row(call.pathRest));
  const data = models.map(row);
  if (!isAnthropic) return jsonReply({ object: "list", data });
  return jsonReply({ data, has_more: false, first_id: models[0], last_id: models.at(-1) });
}

function openaiRow(id: string): object {
  return { id, object: "model", created: createdSeconds, owned_by: "moongate-simulator" };
}

function anthropicRow(id: string): object {
  return { type: "model", id, display_name: `${id} (simulated)`, created_at: createdAt };
}
