// /v1/responses: create, get, cancel, delete, list the input. Must not know sockets, pace or faults.
import { perAccount } from "../account.ts";
import { answerTo } from "../answer.ts";
import type { JsonObject } from "../fields.ts";
import { Lifecycle } from "../lifecycle.ts";
import { RefusedRequest } from "../refused-request.ts";
import { jsonReply, streamReply } from "../reply.ts";
import type { Call, Reply } from "../reply.ts";
import { openaiPage, pageOf, Shelf } from "../shelf.ts";
import { draftOf, finalResponse, responseAt, responseEvents } from "./response-object.ts";
import type { ResponseDraft } from "./response-object.ts";
import { readResponseRequest } from "./response-request.ts";
import type { ResponseRequest } from "./response-request.ts";

type State = "queued" | "in_progress" | "completed" | "cancelled";

interface StoredResponse {
  readonly id: string;
  readonly draft: ResponseDraft;
  readonly items: ResponseRequest["items"];
  /** Null for one that was answered at once. */
  readonly life: Lifecycle<State> | null;
}

const responsesOf = perAccount((account) => new Shelf<StoredResponse>(account));

/** @throws RefusedRequest (400) for a request that OpenAI would refuse, also for an unknown previous response. */
export function createResponse(call: Call): Reply {
  const request = readResponseRequest(call);
  const inheritedTokens = tokensBefore(call);
  const { question, items, isStream, isBackground, isStored } = request;
  const answer = answerTo(question, 0);
  const draft = draftOf(call, {
    model: question.model,
    answer,
    inputTokens: request.inputTokens + inheritedTokens,
  });
  const isLater = isBackground && !isStream;
  const life = isLater ? new Lifecycle<State>(["queued", "in_progress", "completed"]) : null;
  const stored: StoredResponse = { id: draft.id, draft, items, life };
  if (isStored) responsesOf(call.account).put(stored, call.bodyBytes);
  const { inputTokens } = draft;
  if (isStream) return streamReply(responseEvents(draft), answer.outputTokens, inputTokens);
  return jsonReply(show(stored), isLater ? 0 : answer.outputTokens, inputTokens);
}

/** Every look moves a response in the background on; `stream` gives its events again. */
export function getResponse(call: Call): Reply {
  const stored = find(call);
  stored.life?.look();
  if (call.query.get("stream") !== "true") return jsonReply(show(stored));
  const start = Number(call.query.get("starting_after") ?? -1) + 1;
  return streamReply([...responseEvents(stored.draft)].slice(start), stored.draft.answer.outputTokens);
}

/** @throws RefusedRequest (400) for one that was not made in the background. */
export function cancelResponse(call: Call): Reply {
  const stored = find(call);
  if (stored.life === null) {
    throw new RefusedRequest(400, "Only responses with background=true can be cancelled.", "response_id");
  }
  if (!stored.life.isOver) stored.life.stop("cancelled");
  return jsonReply(show(stored));
}

export function deleteResponse(call: Call): Reply {
  const { id } = find(call);
  responsesOf(call.account).delete(id);
  return jsonReply({ id, object: "response", deleted: true });
}

export function listInputItems(call: Call): Reply {
  return jsonReply(openaiPage(pageOf(call, find(call).items), (item) => item));
}

/** Counts what `createResponse` would report as input. */
export function countResponseTokens(call: Call): Reply {
  const { inputTokens } = readResponseRequest(call);
  return jsonReply({ object: "response.input_tokens", input_tokens: inputTokens + tokensBefore(call) });
}

/** What the response that this one goes on from adds to the input. */
function tokensBefore({ account, body }: Call): number {
  const previous = body["previous_response_id"] ?? null;
  if (previous === null) return 0;
  const known = typeof previous === "string" ? responsesOf(account).find(previous) : undefined;
  if (known !== undefined) return known.draft.inputTokens + known.draft.answer.outputTokens;
  throw new RefusedRequest(
    400,
    `Previous response with id ${JSON.stringify(previous)} not found.`,
    "previous_response_id",
    "previous_response_not_found",
  );
}

function find({ account, params }: Call): StoredResponse {
  return responsesOf(account).get(params[0] ?? "", "response");
}

function show({ draft, life }: StoredResponse): JsonObject {
  if (life === null || life.state === "completed") return finalResponse(draft);
  return responseAt(draft, life.state);
}
