// /v1/fine_tuning/jobs as OpenAI has it. A job is done at the second look. Must not know sockets, pace or faults.
import { perAccount } from "../account.ts";
import { requiredString } from "../fields.ts";
import type { JsonObject } from "../fields.ts";
import { isFailing, Lifecycle } from "../lifecycle.ts";
import { RefusedRequest } from "../refused-request.ts";
import { jsonReply } from "../reply.ts";
import type { Call, Reply } from "../reply.ts";
import { openaiPage, pageOf, Shelf } from "../shelf.ts";
import { countTokens } from "../tokens.ts";
import { fileText, makeFile } from "./files.ts";
import { addTunedModel } from "./tuned-models.ts";

type State = "validating_files" | "running" | "succeeded" | "failed" | "cancelled" | "paused";

interface Job {
  readonly id: string;
  readonly life: Lifecycle<State>;
  readonly request: JsonObject;
  readonly createdAt: number;
  readonly tunedModel: string;
  readonly events: { readonly id: string; readonly message: string; readonly createdAt: number }[];
  readonly trainedTokens: number;
  resultFile: string | null;
}

/** Steps at which a job leaves a checkpoint. */
const checkpointSteps = [50, 100] as const;

/** Older events are forgotten. */
const mostEvents = 200;

const jobsOf = perAccount((account) => new Shelf<Job>(account));

/** @throws RefusedRequest (400) for a training file that is not there. */
export function createJob(call: Call): Reply {
  const { account, body, createdAt } = call;
  const model = requiredString(body, "model");
  const file = requiredString(body, "training_file");
  const text = fileText(account, file);
  if (text === undefined) {
    throw new RefusedRequest(400, `invalid training_file: ${file}`, "training_file", "invalid_training_file");
  }
  const id = call.newId("ftjob-");
  const suffix = typeof body["suffix"] === "string" ? body["suffix"] : "";
  const job: Job = {
    id,
    life: new Lifecycle<State>(["validating_files", "running", isFailing(model) ? "failed" : "succeeded"]),
    request: body,
    createdAt,
    tunedModel: `ft:${model}:simulated:${suffix}:${id.slice(-8)}`,
    events: [],
    trainedTokens: countTokens(text),
    resultFile: null,
  };
  note(call, job);
  return jsonReply(show(jobsOf(account).put(job, call.bodyBytes)));
}

/** Every look moves a job on. */
export function getJob(call: Call): Reply {
  const job = find(call);
  const before = job.life.state;
  const state = job.life.look();
  if (state !== before) note(call, job);
  if (state === "succeeded" && job.resultFile === null) {
    job.resultFile = makeFile(call, "step,train_loss\n50,0.5\n100,0.25\n", "step_metrics.csv");
    addTunedModel(call.account, job.tunedModel);
  }
  return jsonReply(show(job));
}

export function listJobs(call: Call): Reply {
  const { items, hasMore } = pageOf(call, jobsOf(call.account).list());
  return jsonReply({ object: "list", data: items.map(show), has_more: hasMore });
}

export function listEvents(call: Call): Reply {
  return jsonReply(
    openaiPage(pageOf(call, find(call).events), ({ id, message, createdAt }) => ({
      object: "fine_tuning.job.event",
      id,
      created_at: createdAt,
      level: "info",
      message,
      type: "message",
      data: {},
    })),
  );
}

/** Checkpoints are there once the job has succeeded. */
export function listCheckpoints(call: Call): Reply {
  const job = find(call);
  const steps = job.life.state === "succeeded" ? checkpointSteps : [];
  const rows = steps.map((step) => ({ id: `ftckpt_${job.id.slice(-12)}-${step}`, step }));
  return jsonReply(
    openaiPage(pageOf(call, rows), ({ id, step }) => ({
      object: "fine_tuning.job.checkpoint",
      id,
      created_at: job.createdAt,
      fine_tuned_model_checkpoint: `${job.tunedModel}:ckpt-step-${step}`,
      fine_tuning_job_id: job.id,
      step_number: step,
      metrics: { step, train_loss: 25 / step, train_mean_token_accuracy: 0.9 },
    })),
  );
}

export const cancelJob = (call: Call): Reply => stopJob(call, "cancelled");
export const pauseJob = (call: Call): Reply => stopJob(call, "paused");

/** @throws RefusedRequest (400) for a job that is not paused. */
export function resumeJob(call: Call): Reply {
  const job = find(call);
  if (job.life.state !== "paused") refuseChange(job, "resume");
  job.life.resume();
  note(call, job);
  return jsonReply(show(job));
}

function stopJob(call: Call, as: "cancelled" | "paused"): Reply {
  const job = find(call);
  if (job.life.isOver && job.life.state !== "paused") refuseChange(job, as === "paused" ? "pause" : "cancel");
  job.life.stop(as);
  note(call, job);
  return jsonReply(show(job));
}

function refuseChange({ life }: Job, verb: string): never {
  throw new RefusedRequest(
    400,
    `Cannot ${verb} a job with status '${life.state}'.`,
    null,
    "invalid_job_status",
  );
}

function note(call: Call, { events, life }: Job): void {
  if (events.length >= mostEvents) events.shift();
  const message = `The job is ${life.state.replaceAll("_", " ")}.`;
  events.push({ id: call.newId("ftevent-"), message, createdAt: call.createdAt });
}

function find({ account, params }: Call): Job {
  return jobsOf(account).get(params[0] ?? "", "fine-tuning job");
}

function show({ id, life, request, createdAt, tunedModel, trainedTokens, resultFile }: Job): object {
  const { state } = life;
  const isDone = state === "succeeded";
  return {
    object: "fine_tuning.job",
    id,
    model: request["model"],
    created_at: createdAt,
    finished_at: isDone || state === "failed" || state === "cancelled" ? createdAt : null,
    fine_tuned_model: isDone ? tunedModel : null,
    organization_id: "org-simulated",
    result_files: resultFile === null ? [] : [resultFile],
    status: state,
    validation_file: request["validation_file"] ?? null,
    training_file: request["training_file"],
    hyperparameters: request["hyperparameters"] ?? {
      n_epochs: 1,
      batch_size: 1,
      learning_rate_multiplier: 1,
    },
    trained_tokens: isDone ? trainedTokens : null,
    error: state === "failed" ? { code: "simulated", message: "Simulated failure.", param: null } : {},
    seed: request["seed"] ?? 0,
    integrations: request["integrations"] ?? [],
    method: request["method"] ?? { type: "supervised", supervised: {} },
    metadata: request["metadata"] ?? null,
  };
}
