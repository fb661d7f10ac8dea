// GET and DELETE /v1/models, in OpenAI's or Anthropic's shape. Any other model name works just as well.
import { tunedModels } from "./openai/tuned-models.ts";
import { RefusedRequest } from "./refused-request.ts";
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
  const [id = ""] = call.params;
  if (id !== "") return jsonReply(row(id));
  const data = [...models, ...tunedModels(call.account)].map(row);
  if (!isAnthropic) return jsonReply({ object: "list", data });
  return jsonReply({ data, has_more: false, first_id: models[0], last_id: models.at(-1) });
}

/** Only models that were tuned here can go. @throws RefusedRequest (403, 404) for others. */
export function deleteModel(call: Call): Reply {
  const [id = ""] = call.params;
  if (models.includes(id)) throw new RefusedRequest(403, `The model ${id} is not yours to delete.`, "model");
  if (!tunedModels(call.account).delete(id)) {
    throw new RefusedRequest(404, `The model '${id}' does not exist.`, "model", "model_not_found");
  }
  return jsonReply({ id, object: "model", deleted: true });
}

function openaiRow(id: string): object {
  return { id, object: "model", created: createdSeconds, owned_by: "moongate-simulator" };
}

function anthropicRow(id: string): object {
  return { type: "model", id, display_name: `${id} (simulated)`, created_at: createdAt };
}
