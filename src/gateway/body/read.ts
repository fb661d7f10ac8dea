// Reads what a request says: model, stream and body. The bytes are kept as they came; what is read is read on the side.
import { GatewayError } from "../../core/errors.ts";
import { readGeminiPath } from "../../protocols/gemini-path.ts";
import { boundaryOf } from "../../protocols/multipart-header.ts";
import { isStreamAsked, MultipartScanner } from "../../protocols/multipart.ts";
import { readRequestBody } from "../../protocols/request-body.ts";
import { asksForEvents } from "../../protocols/stream-format.ts";
import type { Capture } from "../capture/capture.ts";
import type { Exchange, Matched } from "../exchange.ts";
import { headerOf } from "../raw-headers.ts";
import type { RequestHead } from "../request-head.ts";
import type { Clock } from "../../core/clock.ts";
import { Upload, type UploadReader, type UploadTools } from "./upload.ts";

export interface ReadTools extends UploadTools {
  readonly clock: Clock;
}

/** JSON bodies at most, in bytes. */
export const maxJsonBytes = 32 * 1024 * 1024;

const withBody = new Set(["POST", "PUT", "PATCH"]);

/** @throws GatewayError invalid_request, body_too_large, request_timeout, overloaded */
export async function read(exchange: Exchange, matched: Matched, tools: ReadTools): Promise<void> {
  const { call, head, signedBody } = exchange;
  if (head === null) return;
  readAddress(exchange, matched, head);
  if (!withBody.has(call.method)) return;
  await readBody(exchange, matched, head, tools);
  signedBody?.requireProven();
}

async function readBody(
  exchange: Exchange,
  matched: Matched,
  head: RequestHead,
  tools: ReadTools,
): Promise<void> {
  switch (bodyKind(matched, head)) {
    case "json":
      return readJson(exchange, matched, head, tools);
    case "other-json":
      return readOtherJson(exchange, tools);
    case "form":
      return readForm(exchange, matched, tools, new MultipartScanner(boundaryOf(contentType(head))));
    case "bytes":
      return readUpload(exchange, null, { push: ignore, finish: ignore, settled: true }, tools);
  }
}

/**
 * `json`: one JSON object in which the model stands. `other-json`: JSON in which nothing is looked for but ids.
 * `form`: multipart/form-data in which something is looked for. `bytes`: anything else.
 */
type BodyKind = "json" | "other-json" | "form" | "bytes";

function bodyKind({ operation, route }: Matched, head: RequestHead): BodyKind {
  if (operation.model === "json") return "json";
  const type = contentType(head);
  const readsForms = operation.model === "json-or-part" || route.row.protocol === "comfyui";
  if (/^\s*multipart\/form-data\b/i.test(type)) return readsForms ? "form" : "bytes";
  const isJson = /\bjson\b/i.test(type);
  if (operation.model === "json-or-part") return isJson || type === "" ? "json" : "bytes";
  return isJson ? "other-json" : "bytes";
}

function contentType(head: RequestHead): string {
  return headerOf(head.forward, "content-type") ?? "";
}

/** What path, query and headers say. */
function readAddress(exchange: Exchange, { operation, relativePath }: Matched, head: RequestHead): void {
  if (operation.model === "path") {
    const path = readGeminiPath(relativePath);
    exchange.requestedModel = path?.model;
    if (operation.stream === "path") exchange.stream = path?.stream === true;
  }
  if (operation.stream === "query") exchange.stream = /[?&]stream=true(?:&|$)/.test(head.query);
  if (operation.stream === "header") {
    exchange.stream = headerOf(head.forward, "x-dashscope-sse")?.toLowerCase() === "enable";
  }
}

async function readJson(
  exchange: Exchange,
  { operation }: Matched,
  head: RequestHead,
  tools: ReadTools,
): Promise<void> {
  const coding = head.contentEncoding;
  if (coding !== "" && coding.toLowerCase() !== "identity") {
    throw new GatewayError("invalid_request", {
      status: 415,
      message: "A JSON request must not have a Content-Encoding; send it uncompressed.",
    });
  }
  const bytes = await waitFor(exchange, exchange.call.readBody(maxJsonBytes), tools);
  exchange.signedBody?.push(bytes);
  exchange.capture?.requestBody(bytes, "");
  const parsed = readRequestBody(bytes);
  exchange.requestedModel = parsed.model;
  if (operation.stream === "body") exchange.stream = parsed.stream;
  else if (operation.stream === "format") exchange.stream = asksForEvents(bytes);
  exchange.keepBody({ bytes, parsed, form: null, upload: null }, operation.answer);
}

/** Of a route that names no model: whatever it is, it passes; ids are read in it if it is what it says. */
async function readOtherJson(exchange: Exchange, tools: ReadTools): Promise<void> {
  const bytes = await waitFor(exchange, exchange.call.readBody(maxJsonBytes), tools);
  exchange.signedBody?.push(bytes);
  exchange.capture?.requestBody(bytes, "");
  exchange.keepBody({ bytes, parsed: null, form: null, upload: null }, "json");
}

async function readForm(
  exchange: Exchange,
  matched: Matched,
  tools: ReadTools,
  form: MultipartScanner,
): Promise<void> {
  const { operation, api } = matched;
  const needsModel =
    operation.model === "json-or-part" && (api.readsModel || exchange.allowedModels !== null);
  const needsParts = matched.route.row.protocol === "comfyui";
  let finished = false;
  const reader: UploadReader = {
    push: (bytes) => form.push(bytes),
    finish: () => {
      form.finish();
      finished = true;
    },
    get settled() {
      return finished || (!needsParts && (!needsModel || form.model !== undefined));
    },
  };
  await readUpload(exchange, form, reader, tools);
  if (operation.model === "json-or-part") exchange.requestedModel = form.model?.value;
  exchange.stream = operation.stream === "body" && isStreamAsked(form.stream);
}

async function readUpload(
  exchange: Exchange,
  form: MultipartScanner | null,
  reader: UploadReader,
  tools: ReadTools,
): Promise<void> {
  const { capture, call, head, signedBody } = exchange;
  const proving = signedBody === null ? reader : signedBody.watched(reader);
  const watching = capture === null ? proving : watched(proving, capture);
  const upload = await waitFor(exchange, Upload.receive(call, watching, tools), tools);
  const bytes = upload.held;
  if (bytes !== null && head !== null) capture?.requestBody(bytes, contentType(head));
  exchange.keepBody(
    { bytes: bytes ?? nothing, parsed: null, form, upload: bytes === null ? upload : null },
    "json",
  );
}

/** The same reader, whose pieces are also kept for the record. */
function watched(reader: UploadReader, capture: Capture): UploadReader {
  return {
    push: (bytes) => {
      capture.requestPiece(bytes);
      reader.push(bytes);
    },
    finish: () => reader.finish(),
    get settled() {
      return reader.settled;
    },
  };
}

const nothing = Buffer.alloc(0);

function ignore(): void {
  // Nothing is looked for in such a body.
}

/** The time until the client has sent what it has to say is none of the gateway's. */
async function waitFor<T>(exchange: Exchange, coming: Promise<T>, { clock }: ReadTools): Promise<T> {
  const startedMs = clock.monotonicMs();
  try {
    return await coming;
  } finally {
    exchange.waitedMs += clock.monotonicMs() - startedMs;
  }
}
