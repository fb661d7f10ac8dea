// What whole answers give to a consumer: by hand, and in recorded traffic.
import { describe, expect, test } from "vitest";
import { loadRecordings } from "../../../test/support/recordings.ts";
import { idsOf, textsOf } from "./ids-fixture.ts";
import { idsMade } from "./made.ts";

interface Answer {
  readonly method?: string;
  readonly path: string;
  readonly status?: number;
  readonly body: unknown;
  readonly isOwn?: boolean;
  readonly isStored?: boolean;
}

function madeBy(
  key: string,
  { method = "POST", status = 200, body, isOwn = false, isStored = false, path }: Answer,
) {
  const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  return idsMade(idsOf(key), { method, path, status, body: bytes, isOwn, isStored });
}

const batch = { id: "batch_1", completed_at: 1_700_000_100, output_file_id: "file-out", error_file_id: null };
const job = { id: "ftjob-1", fine_tuned_model: "ft:a", result_files: ["file-r"], training_file: "file-t" };
const outputs = { "9": { images: [{ filename: "x.png", subfolder: "", type: "output" }], text: ["no"] } };

describe("an answer gives", () => {
  test.each<Answer & { name: string; route: string; ids: string[] }>([
    {
      name: "a task",
      route: "dashscope dashscope-text-to-image-synthesis",
      path: "/api/v1/services/aigc/text2image/image-synthesis",
      body: { output: { task_id: "t-1" } },
      ids: ["dashscope-task t-1"],
    },
    {
      name: "no task when it is polled",
      route: "dashscope tasks",
      method: "GET",
      path: "/api/v1/tasks/t-1",
      body: { output: { task_id: "t-1" } },
      isOwn: true,
      ids: [],
    },
    {
      name: "a file",
      route: "openai files",
      path: "/v1/files",
      body: { id: "file-1" },
      ids: ["openai-file file-1"],
    },
    {
      name: "nothing when it is an error",
      route: "openai files",
      path: "/v1/files",
      status: 400,
      body: { id: "file-1" },
      ids: [],
    },
    {
      name: "a batch",
      route: "openai batches",
      path: "/v1/batches",
      body: { ...batch, output_file_id: null },
      ids: ["openai-batch batch_1"],
    },
    {
      name: "the files of an own batch",
      route: "openai batches",
      method: "GET",
      path: "/v1/batches/batch_1",
      body: batch,
      isOwn: true,
      ids: ["openai-file file-out"],
    },
    {
      name: "no files of a batch that is not known to be the consumer's",
      route: "openai batches",
      method: "GET",
      path: "/v1/batches/batch_1",
      body: batch,
      ids: [],
    },
    {
      name: "no batch when it is cancelled",
      route: "openai batches",
      path: "/v1/batches/batch_1/cancel",
      body: batch,
      ids: [],
    },
    {
      name: "a job",
      route: "openai fine-tuning",
      path: "/v1/fine_tuning/jobs",
      body: { ...job, fine_tuned_model: null, result_files: [] },
      ids: ["openai-fine-tuning ftjob-1"],
    },
    {
      name: "model and files of an own job",
      route: "openai fine-tuning",
      method: "GET",
      path: "/v1/fine_tuning/jobs/ftjob-1",
      body: job,
      isOwn: true,
      ids: ["openai-model ft:a", "openai-file file-r"],
    },
    {
      name: "checkpoints of an own job",
      route: "openai fine-tuning",
      method: "GET",
      path: "/v1/fine_tuning/jobs/ftjob-1/checkpoints",
      body: { data: [{ id: "cp", fine_tuned_model_checkpoint: "ft:a:ckpt-step-1" }] },
      isOwn: true,
      ids: ["openai-model ft:a:ckpt-step-1"],
    },
    {
      name: "a response with its conversation and container",
      route: "openai responses",
      path: "/v1/responses",
      body: {
        id: "resp_1",
        conversation: { id: "conv_1" },
        output: [{ type: "code_interpreter_call", container_id: "cntr_1" }],
      },
      ids: ["openai-response resp_1", "openai-conversation conv_1", "openai-container cntr_1"],
    },
    {
      name: "a response of which only the beginning is known",
      route: "openai responses",
      path: "/v1/responses",
      body: '{"id":"resp_1","output":[{"result":"aGV',
      ids: ["openai-response resp_1"],
    },
    {
      name: "no response that was not kept",
      route: "openai responses",
      path: "/v1/responses",
      body: '{"id":"resp_1","store": false}',
      ids: [],
    },
    {
      name: "no completion that was not stored",
      route: "openai create-chat-completion",
      path: "/v1/chat/completions",
      body: { id: "chatcmpl-1" },
      ids: [],
    },
    {
      name: "a stored completion",
      route: "openai create-chat-completion",
      path: "/v1/chat/completions",
      body: { id: "chatcmpl-1" },
      isStored: true,
      ids: ["openai-stored-completion chatcmpl-1"],
    },
    {
      name: "the new video of a remix",
      route: "openai openai-videos",
      path: "/v1/videos/video_1/remix",
      body: { id: "video_2", remixed_from_video_id: "video_1" },
      isOwn: true,
      ids: ["openai-video video_2"],
    },
    {
      name: "the container of a message",
      route: "anthropic create-message",
      path: "/v1/messages",
      body: { id: "msg_1", container: { id: "container_1" } },
      ids: ["anthropic-container container_1"],
    },
    {
      name: "a batch of messages",
      route: "anthropic message-batches",
      path: "/v1/messages/batches",
      body: { id: "msgbatch_1" },
      ids: ["anthropic-batch msgbatch_1"],
    },
    {
      name: "a prompt",
      route: "comfyui comfyui-prompt",
      path: "/prompt",
      body: { prompt_id: "p-1", number: 1 },
      ids: ["comfyui-prompt p-1"],
    },
    {
      name: "an uploaded picture under the name that it got",
      route: "comfyui comfyui-upload-image",
      path: "/upload/image",
      body: { name: "x (1).png", subfolder: "s", type: "input" },
      ids: ["comfyui-file input/s/x (1).png"],
    },
    {
      name: "the pictures of an own prompt",
      route: "comfyui comfyui-history-prompt-id",
      method: "GET",
      path: "/history/p-1",
      body: { "p-1": { outputs } },
      isOwn: true,
      ids: ["comfyui-file output/x.png"],
    },
    {
      name: "no pictures of another's prompt",
      route: "comfyui comfyui-history-prompt-id",
      method: "GET",
      path: "/history/p-1",
      body: { "p-1": { outputs } },
      ids: [],
    },
  ])("$name", ({ route, ids, ...answer }) => {
    expect(textsOf(madeBy(route, answer))).toEqual(ids);
  });

  test.each([
    { name: "seconds", created_at: 1_700_000_000 },
    { name: "a date", created_at: "2023-11-14T22:13:20.000000Z" },
  ])("the time that the service tells, in $name", ({ created_at }) => {
    const answer = { path: "/v1/files", body: { id: "f", created_at } };
    expect(madeBy("openai files", answer)).toMatchObject([{ createdMs: 1_700_000_000_000 }]);
  });
});

describe("recorded answers give", () => {
  const recordings = ["dashscope-task", "dashscope-compat", "files"].flatMap(loadRecordings);
  test.each([
    {
      name: "a background task",
      file: "dashscope-task/cnb.background-generation-nosse#0",
      route: "dashscope dashscope-background-generation",
      ids: ["dashscope-task b2e98d78-c79b-431c-b2d7-c7bcd54465da"],
    },
    {
      name: "a picture task",
      file: "dashscope-task/cnb.image-synthesis-nosse#0",
      route: "dashscope dashscope-text-to-image-synthesis",
      ids: ["dashscope-task 9e2b6ef6-285d-4efa-8651-4dbda7d571fa"],
    },
    {
      name: "a batch",
      file: "dashscope-compat/cnb.create-batch-compatible-nosse#0",
      route: "openai batches",
      ids: ["openai-batch batch_fa05d570-fa04-4935-8b80-2b9c1a4b3ee4"],
    },
    {
      name: "an uploaded file",
      file: "dashscope-compat/cnb.upload-file-compatible-nosse#0",
      route: "openai files",
      ids: ["openai-file file-fe-5d5eb068893f4b5e8551ada4"],
    },
    {
      name: "an uploaded file of OpenAI",
      file: "files/pai.openai-code-execution-files#0",
      route: "openai files",
      ids: ["openai-file file-MDLqXZjNjNeLwwaRACNDNf"],
    },
    {
      name: "an uploaded file of Anthropic",
      file: "files/pai.anthropic-code-execution-files#0",
      route: "anthropic anthropic-files",
      ids: ["anthropic-file file_011CcQH3nbP5brKi4DsVcj7j"],
    },
    {
      name: "the container of a message",
      file: "files/pai.anthropic-code-execution-files#1",
      route: "anthropic create-message",
      ids: ["anthropic-container container_01WfczkmsEMSmoNwCxagV4xL"],
    },
  ])("$name", ({ file, route, ids }) => {
    const recording = recordings.find(({ name }) => name === file);
    const path = new URL(recording?.requestPath ?? "/", "http://x").pathname.replace("/compatible-mode", "");
    expect(textsOf(madeBy(route, { path, body: String(recording?.body) }))).toEqual(ids);
  });

  test("the error file of a cancelled batch to its owner", () => {
    const recording = recordings.find(({ name }) => name.includes("get-cancelled-batch"));
    const path = "/v1/batches/batch_2ecfc43e-439e-4443-bfe8-9a36b89456d0";
    const answer = { method: "GET", path, body: String(recording?.body), isOwn: true };
    expect(textsOf(madeBy("openai batches", answer))).toEqual([
      "openai-file file-batch_output-e034f08204314479a8ac4f18",
    ]);
  });
});
