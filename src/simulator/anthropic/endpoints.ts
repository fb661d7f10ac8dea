// The rows of Anthropic's API. Must not know sockets.
import { countMessageTokens, createMessage } from "../anthropic-message.ts";
import { keptFileBytes } from "../blob.ts";
import type { Endpoint, Method } from "../endpoint.ts";
import { anthropicErrors as errors } from "../error-shapes.ts";
import type { Call, Reply } from "../reply.ts";
import {
  cancelMessageBatch,
  createMessageBatch,
  deleteMessageBatch,
  getMessageBatch,
  listMessageBatches,
  messageBatchResults,
} from "./batches.ts";
import {
  anthropicFileContent,
  deleteAnthropicFile,
  getAnthropicFile,
  listAnthropicFiles,
  uploadAnthropicFile,
} from "./files.ts";

const row = (method: Method, path: string, answer: (call: Call) => Reply): Endpoint => ({
  method,
  path,
  errors,
  answer,
});

/** The same path is OpenAI's for requests without an `anthropic-version`. */
const shared = (method: Method, path: string, answer: (call: Call) => Reply): Endpoint => ({
  ...row(method, path, answer),
  isAnthropic: true,
});

/** A longer path stands before a shorter one that is its end. */
export const anthropicEndpoints: readonly Endpoint[] = [
  row("POST", "/messages/count_tokens", countMessageTokens),
  row("POST", "/messages/batches", createMessageBatch),
  row("GET", "/messages/batches", listMessageBatches),
  { ...row("POST", "/messages/batches/{}/cancel", cancelMessageBatch), reads: "none" },
  row("GET", "/messages/batches/{}/results", messageBatchResults),
  row("GET", "/messages/batches/{}", getMessageBatch),
  row("DELETE", "/messages/batches/{}", deleteMessageBatch),
  row("POST", "/messages", createMessage),
  { ...shared("POST", "/files", uploadAnthropicFile), reads: "form", keepBytes: keptFileBytes },
  shared("GET", "/files", listAnthropicFiles),
  shared("GET", "/files/{}/content", anthropicFileContent),
  shared("GET", "/files/{}", getAnthropicFile),
  shared("DELETE", "/files/{}", deleteAnthropicFile),
];
