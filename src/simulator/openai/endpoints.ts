// The rows of OpenAI's API. Must not know sockets.
import { keptFileBytes } from "../blob.ts";
import type { Endpoint, Method } from "../endpoint.ts";
import { openaiErrors as errors, responsesErrors } from "../error-shapes.ts";
import { chatCompletion } from "../openai-chat.ts";
import { textCompletion } from "../openai-completion.ts";
import type { Call, Reply } from "../reply.ts";
import { cancelBatch, createBatch, getBatch, listBatches } from "./batches.ts";
import { createPermissions, deletePermission, listPermissions } from "./checkpoint-permissions.ts";
import { createEmbeddings } from "./embeddings.ts";
import { deleteFile, fileContent, getFile, listFiles, uploadFile } from "./files.ts";
import {
  cancelJob,
  createJob,
  getJob,
  listCheckpoints,
  listEvents,
  listJobs,
  pauseJob,
  resumeJob,
} from "./fine-tuning.ts";
import { editImages, generateImages, varyImages } from "./images.ts";
import { moderate } from "./moderations.ts";
import {
  cancelResponse,
  countResponseTokens,
  createResponse,
  deleteResponse,
  getResponse,
  listInputItems,
} from "./responses.ts";
import { createSpeech } from "./speech.ts";
import { transcribe, translate } from "./transcriptions.ts";
import { createVideo, deleteVideo, getVideo, listVideos, remixVideo, videoContent } from "./videos.ts";

const row = (method: Method, path: string, answer: (call: Call) => Reply): Endpoint => ({
  method,
  path,
  errors,
  answer,
});

const form = (path: string, answer: (call: Call) => Reply): Endpoint => ({
  ...row("POST", path, answer),
  reads: "form",
});

/** A POST that says everything by its path. */
const bare = (path: string, answer: (call: Call) => Reply): Endpoint => ({
  ...row("POST", path, answer),
  reads: "none",
});

/** A longer path stands before a shorter one that is its end. */
export const openaiEndpoints: readonly Endpoint[] = [
  row("POST", "/chat/completions", chatCompletion),
  row("POST", "/completions", textCompletion),
  row("POST", "/embeddings", createEmbeddings),
  row("POST", "/moderations", moderate),

  row("POST", "/responses/input_tokens", countResponseTokens),
  { ...row("POST", "/responses", createResponse), errors: responsesErrors },
  row("GET", "/responses/{}/input_items", listInputItems),
  bare("/responses/{}/cancel", cancelResponse),
  row("GET", "/responses/{}", getResponse),
  row("DELETE", "/responses/{}", deleteResponse),

  row("POST", "/images/generations", generateImages),
  form("/images/edits", editImages),
  form("/images/variations", varyImages),

  row("POST", "/audio/speech", createSpeech),
  form("/audio/transcriptions", transcribe),
  form("/audio/translations", translate),

  form("/videos", createVideo),
  row("GET", "/videos", listVideos),
  row("GET", "/videos/{}/content", videoContent),
  row("POST", "/videos/{}/remix", remixVideo),
  row("GET", "/videos/{}", getVideo),
  row("DELETE", "/videos/{}", deleteVideo),

  { ...form("/files", uploadFile), keepBytes: keptFileBytes },
  row("GET", "/files", listFiles),
  row("GET", "/files/{}/content", fileContent),
  row("GET", "/files/{}", getFile),
  row("DELETE", "/files/{}", deleteFile),

  row("POST", "/batches", createBatch),
  row("GET", "/batches", listBatches),
  bare("/batches/{}/cancel", cancelBatch),
  row("GET", "/batches/{}", getBatch),

  row("POST", "/fine_tuning/jobs", createJob),
  row("GET", "/fine_tuning/jobs", listJobs),
  row("GET", "/fine_tuning/jobs/{}/events", listEvents),
  row("GET", "/fine_tuning/jobs/{}/checkpoints", listCheckpoints),
  bare("/fine_tuning/jobs/{}/cancel", cancelJob),
  bare("/fine_tuning/jobs/{}/pause", pauseJob),
  bare("/fine_tuning/jobs/{}/resume", resumeJob),
  row("GET", "/fine_tuning/jobs/{}", getJob),
  row("POST", "/fine_tuning/checkpoints/{}/permissions", createPermissions),
  row("GET", "/fine_tuning/checkpoints/{}/permissions", listPermissions),
  row("DELETE", "/fine_tuning/checkpoints/{}/permissions/{}", deletePermission),
];
