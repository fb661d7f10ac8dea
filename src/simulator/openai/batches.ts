// /v1/batches as OpenAI has it: each line of the input file is answered like a request. No sockets, pace or faults.
import { perAccount } from "../account.ts";
import { isRecord, requiredString } from "../fields.ts";
import type { JsonObject } from "../fields.ts";
import { Lifecycle } from "../lifecycle.ts";
import { RefusedRequest } from "../refused-request.ts";
import { jsonReply } from "../reply.ts";
import type { Call, Reply } from "../reply.ts";
import { openaiPage, pageOf, Shelf } from "../shelf.ts";
import { fileText, makeFile } from "./files.ts";

/** More lines of a file are left unread. */
const mostLines = 1_000;

type State = "validating" | "in_progress" | "completed" | "cancelled";

interface Results {
  readonly output_file_id: string | null;
  readonly error_file_id: string | null;
  readonly request_counts: { readonly total: number; readonly completed: number; readonly failed: number };
  readonly usage: JsonObject;
}

interface Batch {
  readonly id: string;
  readonly life: Lifecycle<State>;
  readonly request: JsonObject;
  readonly createdAt: number;
  /** Null until it has run. */
  results: Results | null;
}

const batchesOf = perAccount((account) => new Shelf<Batch>(account));

/** @throws RefusedRequest (400) for an input file that is not there. */
export function createBatch(call: Call): Reply {
  const { account, body, createdAt } = call;
  const input = requiredString(body, "input_file_id");
  requiredString(body, "endpoint");
  requiredString(body, "completion_window");
  if (fileText(account, input) === undefined) {
    throw new RefusedRequest(400, `The file ${input} does not exist.`, "input_file_id", "invalid_input_file");
  }
  const life = new Lifecycle<State>(["validating", "in_progress", "completed"]);
  const batch = { id: call.newId("batch_"), life, request: body, createdAt, results: null };
  return jsonReply(show(batchesOf(account).put(batch, call.bodyBytes)));
}

/** Every look at a batch moves it on: it is done at the second. */
export function getBatch(call: Call): Reply {
  const batch = find(call);
  if (batch.life.look() === "completed") batch.results ??= run(call, batch);
  return jsonReply(show(batch));
}

export function listBatches(call: Call): Reply {
  return jsonReply(openaiPage(pageOf(call, batchesOf(call.account).list()), show));
}

/** @throws RefusedRequest (409) for a batch that has ended. */
export function cancelBatch(call: Call): Reply {
  const batch = find(call);
  if (batch.life.isOver) {
    const { state } = batch.life;
    throw new RefusedRequest(
      409,
      `Cannot cancel a batch with status '${state}'.`,
      null,
      "batch_not_cancellable",
    );
  }
  batch.life.stop("cancelled");
  return jsonReply({ ...show(batch), status: "cancelling" });
}

function find({ account, params }: Call): Batch {
  return batchesOf(account).get(params[0] ?? "", "batch");
}

/** Answers every line and puts the answers into files. */
function run(call: Call, { request }: Batch): Results {
  const text = fileText(call.account, String(request["input_file_id"])) ?? "";
  const lines = text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(0, mostLines);
  const answered = lines.map((line) => answerLine(call, line));
  const failed = answered.filter(({ isFailed }) => isFailed);
  const completed = answered.filter(({ isFailed }) => !isFailed);
  const put = (rows: typeof answered, kind: string): string | null => {
    if (rows.length === 0) return null;
    const jsonl = rows.map(({ row }) => `${JSON.stringify(row)}\n`).join("");
    return makeFile(call, jsonl, `batch_${kind}.jsonl`);
  };
  return {
    output_file_id: put(completed, "output"),
    error_file_id: put(failed, "error"),
    request_counts: { total: lines.length, completed: completed.length, failed: failed.length },
    usage: sumUsage(completed.map(({ usage }) => usage)),
  };
}

interface AnsweredLine {
  readonly row: object;
  readonly isFailed: boolean;
  readonly usage: unknown;
}

function answerLine(call: Call, line: string): AnsweredLine {
  const { custom_id = null, url, body } = parseLine(line);
  const id = call.newId("batch_req_");
  if (typeof url !== "string" || !isRecord(body)) {
    const error = { code: "invalid_json_line", message: "This line is not a valid request." };
    return { row: { id, custom_id, response: null, error }, isFailed: true, usage: null };
  }
  const answer = call.ask(url, body);
  const response = { status_code: answer.status, request_id: call.newId("req_"), body: answer.body };
  return {
    row: { id, custom_id, response, error: null },
    isFailed: answer.status !== 200,
    usage: isRecord(answer.body) ? answer.body["usage"] : null,
  };
}

function parseLine(line: string): JsonObject {
  try {
    const parsed: unknown = JSON.parse(line);
    return isRecord(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

/** The usage of all lines, in the terms of the newer API, whatever terms the lines have. */
function sumUsage(usages: readonly unknown[]): JsonObject {
  let input_tokens = 0;
  let output_tokens = 0;
  for (const usage of usages.filter(isRecord)) {
    input_tokens += Number(usage["input_tokens"] ?? usage["prompt_tokens"] ?? 0);
    output_tokens += Number(usage["output_tokens"] ?? usage["completion_tokens"] ?? 0);
  }
  return {
    input_tokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input_tokens + output_tokens,
  };
}

const daySeconds = 86_400;

function show({ id, life, request, createdAt, results }: Batch): object {
  const { state } = life;
  const at = (isReached: boolean): number | null => (isReached ? createdAt : null);
  return {
    id,
    object: "batch",
    endpoint: request["endpoint"],
    errors: null,
    input_file_id: request["input_file_id"],
    completion_window: request["completion_window"],
    status: state,
    output_file_id: null,
    error_file_id: null,
    created_at: createdAt,
    in_progress_at: at(state !== "validating"),
    expires_at: createdAt + daySeconds,
    finalizing_at: at(state === "completed"),
    completed_at: at(state === "completed"),
    failed_at: null,
    expired_at: null,
    cancelling_at: at(state === "cancelled"),
    cancelled_at: at(state === "cancelled"),
    request_counts: { total: 0, completed: 0, failed: 0 },
    metadata: request["metadata"] ?? null,
    ...results,
  };
}
