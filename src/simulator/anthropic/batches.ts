// /v1/messages/batches as Anthropic has it: over at the second look. Must not know sockets, pace or faults.
import { perAccount } from "../account.ts";
import { readVersion } from "../anthropic-version.ts";
import { isRecord, requiredObjects, requiredString } from "../fields.ts";
import type { JsonObject } from "../fields.ts";
import { Lifecycle } from "../lifecycle.ts";
import { RefusedRequest } from "../refused-request.ts";
import { jsonReply } from "../reply.ts";
import type { Call, Reply } from "../reply.ts";
import { pageFields, pageOf, Shelf } from "../shelf.ts";

/** More requests are refused; the vendor takes a hundred times as many. */
const mostRequests = 1_000;

type State = "in_progress" | "ended";
type Outcome = "succeeded" | "errored" | "canceled";

interface Batch {
  readonly id: string;
  readonly life: Lifecycle<State>;
  readonly requests: readonly JsonObject[];
  readonly createdAt: number;
  canceledAt: number | null;
  /** Null until it has ended. */
  results: readonly { readonly custom_id: unknown; readonly result: JsonObject & { type: Outcome } }[] | null;
}

const batchesOf = perAccount((account) => new Shelf<Batch>(account));

/** @throws RefusedRequest (400) for requests that Anthropic would refuse as a batch. */
export function createMessageBatch(call: Call): Reply {
  readVersion(call);
  const requests = requiredObjects(call.body, "requests");
  if (requests.length > mostRequests) {
    throw new RefusedRequest(413, `requests: at most ${mostRequests} are simulated`);
  }
  for (const request of requests) requiredString(request, "custom_id");
  const batch: Batch = {
    id: call.newId("msgbatch_"),
    life: new Lifecycle<State>(["in_progress", "in_progress", "ended"]),
    requests,
    createdAt: call.createdAt,
    canceledAt: null,
    results: null,
  };
  return jsonReply(show(call, batchesOf(call.account).put(batch, call.bodyBytes)));
}

/** Every look moves a batch on. */
export function getMessageBatch(call: Call): Reply {
  const batch = find(call);
  if (batch.life.look() === "ended") end(call, batch);
  return jsonReply(show(call, batch));
}

export function listMessageBatches(call: Call): Reply {
  const page = pageOf(call, batchesOf(call.account).list());
  return jsonReply(pageFields(page, (batch) => show(call, batch)));
}

/** What was not answered yet ends canceled. @throws RefusedRequest (400) for a batch that has ended. */
export function cancelMessageBatch(call: Call): Reply {
  const batch = find(call);
  if (batch.life.isOver) throw new RefusedRequest(400, "The batch has already ended.");
  batch.canceledAt = call.createdAt;
  return jsonReply({ ...show(call, batch), processing_status: "canceling" });
}

/** One line per request. @throws RefusedRequest (404) before the end. */
export function messageBatchResults(call: Call): Reply {
  const { results } = find(call);
  if (results === null) throw new RefusedRequest(404, "The batch has no results yet.");
  const body = results.map((row) => `${JSON.stringify(row)}\n`).join("");
  return { kind: "whole", body, outputTokens: 0, contentType: "application/x-jsonl" };
}

/** @throws RefusedRequest (400) for a batch that has not ended. */
export function deleteMessageBatch(call: Call): Reply {
  const { id, results } = find(call);
  if (results === null) throw new RefusedRequest(400, "Only batches that have ended can be deleted.");
  batchesOf(call.account).delete(id);
  return jsonReply({ id, type: "message_batch_deleted" });
}

function find({ account, params }: Call): Batch {
  return batchesOf(account).get(params[0] ?? "", "message batch");
}

function end(call: Call, batch: Batch): void {
  batch.results ??= batch.requests.map(({ custom_id, params }) => ({
    custom_id,
    result: batch.canceledAt === null ? resultOf(call, params) : { type: "canceled" },
  }));
}

function resultOf(call: Call, params: unknown): JsonObject & { type: Outcome } {
  const { status, body } = call.ask("/v1/messages", isRecord(params) ? params : {});
  return status === 200 ? { type: "succeeded", message: body } : { type: "errored", error: body };
}

const dayMs = 86_400_000;

function show({ origin }: Call, batch: Batch): JsonObject {
  const { id, life, requests, createdAt, canceledAt, results } = batch;
  const count = (type: Outcome): number => results?.filter((row) => row.result.type === type).length ?? 0;
  const time = (seconds: number | null): string | null =>
    seconds === null ? null : new Date(seconds * 1000).toISOString();
  const isEnded = results !== null;
  return {
    id,
    type: "message_batch",
    processing_status: canceledAt !== null && !isEnded ? "canceling" : life.state,
    request_counts: {
      processing: isEnded ? 0 : requests.length,
      succeeded: count("succeeded"),
      errored: count("errored"),
      canceled: count("canceled"),
      expired: 0,
    },
    created_at: time(createdAt),
    expires_at: new Date(createdAt * 1000 + dayMs).toISOString(),
    ended_at: isEnded ? time(createdAt) : null,
    cancel_initiated_at: time(canceledAt),
    archived_at: null,
    results_url: isEnded ? `${origin}/v1/messages/batches/${id}/results` : null,
  };
}
