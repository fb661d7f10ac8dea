// Sends one request through the data plane and follows its answer: frames with their times, what the model said, the
// record afterwards. Tells its listeners a few times a second, not once a frame. Knows no component.
import { ApiError, call, callRaw, errorOf } from "../../api/client.ts";
import type { ExchangeRecord } from "../../../../src/control/routes/console-answers.ts";
import { addPieces, isContent, type Piece } from "./answer.ts";
import type { JsonRequest } from "./chat-request.ts";
import { parseJson } from "./json.ts";
import type { Adapter } from "./protocols/adapter.ts";
import { isRunning, newView, type Frame, type RunView } from "./run-view.ts";
import { createSseDecoder, type SseEvent } from "./sse-decoder.ts";

export interface Run {
  readonly id: string;
  view(): RunView;
  /** @returns how to stop listening */
  subscribe(listener: () => void): () => void;
  /** Closes the request; the control plane closes it at the service. */
  stop(): void;
  /** The view once the answer has ended, before its record is there. */
  readonly ended: Promise<RunView>;
  /** The same with its record, or without when none came. */
  readonly recorded: Promise<RunView>;
}

const tellEveryMs = 33;
const tickEveryMs = 100;
/** More than this is read and counted, and not kept. */
const mostKeptBytes = 32 * 1024 * 1024;
const recordWaitsMs = [120, 250, 400, 700, 1_200, 2_000, 3_000];

/** Sends at once. @param adapter of the protocol, where the answer is a conversation's */
export function startRun(api: string, request: JsonRequest, adapter: Adapter | null): Run {
  const id = crypto.randomUUID();
  const listeners = new Set<() => void>();
  const left = new AbortController();
  const began = performance.now();
  let view = newView(id, api, Date.now(), request);
  let timer: ReturnType<typeof setTimeout> | undefined;

  const tell = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      if (isRunning(view)) view = { ...view, elapsedMs: performance.now() - began };
      for (const listener of listeners) listener();
    }, tellEveryMs);
  };
  const change = (fields: Partial<RunView>): void => {
    view = { ...view, ...fields };
    tell();
  };
  const ticking = setInterval(tell, tickEveryMs);
  const settle = (fields: Partial<RunView>): RunView => {
    clearInterval(ticking);
    change({ ...fields, elapsedMs: performance.now() - began });
    return view;
  };

  const context: Reading = { adapter, began, view: () => view, change };
  const ended = follow(context, left.signal).then(settle);
  const recorded = ended.then(async ({ requestId }) => {
    if (requestId === "") return view;
    change({ recordState: "waiting" });
    const record = await findRecord(requestId);
    change(record === null ? { recordState: "missing" } : { record, recordState: "found" });
    return view;
  });
  return {
    id,
    view: () => view,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => left.abort(),
    ended,
    recorded,
  };
}

/** A run that is over, shown again. */
export function pastRun(view: RunView): Run {
  const done = Promise.resolve(view);
  return {
    id: view.id,
    view: () => view,
    subscribe: () => () => undefined,
    stop: () => undefined,
    ended: done,
    recorded: done,
  };
}

interface Reading {
  readonly adapter: Adapter | null;
  readonly began: number;
  readonly view: () => RunView;
  readonly change: (fields: Partial<RunView>) => void;
}

async function follow(reading: Reading, signal: AbortSignal): Promise<Partial<RunView>> {
  const { view, change } = reading;
  const { api, request } = view();
  try {
    const path = `/model-apis/${encodeURIComponent(api)}/debug`;
    const response = await callRaw("POST", path, { body: request, signal });
    const requestId = response.headers.get("x-moongate-request-id") ?? "";
    // Only the data plane's answers have this id: without it the control plane itself refused.
    if (requestId === "") throw await errorOf(response);
    change({
      phase: "answering",
      status: response.status,
      headers: shownHeaders(response.headers),
      requestId,
    });
    await readBody(response, reading);
    return { phase: "done" };
  } catch (error) {
    if (signal.aborted) return { phase: "stopped" };
    return { phase: "failed", error };
  }
}

/** The data plane's own headers: the admin API hands on those that it sets itself under another name. */
function shownHeaders(headers: Headers): (readonly [string, string])[] {
  const prefix = "x-moongate-answer-";
  const own = new Set([
    "content-security-policy",
    "cross-origin-resource-policy",
    "referrer-policy",
    "x-content-type-options",
    "cache-control",
    "connection",
    "keep-alive",
    "x-request-id",
  ]);
  return [...headers].flatMap(([name, value]): (readonly [string, string])[] => {
    if (name === "x-moongate-request-id") return [["x-request-id", value]];
    if (name.startsWith(prefix)) return [[name.slice(prefix.length), value]];
    return own.has(name) ? [] : [[name, value]];
  });
}

async function readBody(response: Response, reading: Reading): Promise<void> {
  const type = response.headers.get("content-type") ?? "";
  if (response.body === null) return;
  if (/^(?:audio|image|video)\/|octet-stream/u.test(type)) return readBinary(response.body, type, reading);
  if (type.includes("text/event-stream")) return readStream(response.body, reading);
  return readPlain(response.body, reading);
}

async function readBinary(body: ReadableStream<Uint8Array>, type: string, reading: Reading): Promise<void> {
  const chunks: BlobPart[] = [];
  await eachChunk(body, (chunk) => {
    // A copy, as the chunk may be a view into a larger buffer.
    chunks.push(chunk.slice());
    count(reading, chunk, true);
  });
  reading.change({ blob: new Blob(chunks, { type }) });
}

async function readPlain(body: ReadableStream<Uint8Array>, reading: Reading): Promise<void> {
  const decoder = new TextDecoder();
  let text = "";
  await eachChunk(body, (chunk) => {
    if (count(reading, chunk, true)) text += decoder.decode(chunk, { stream: true });
  });
  text += decoder.decode();
  const parsed = parseJson(text);
  const { adapter, view, change } = reading;
  const pieces = adapter === null || parsed === undefined ? [] : adapter.answer(parsed);
  change({ body: text, answer: addPieces(view().answer, pieces) });
}

async function readStream(body: ReadableStream<Uint8Array>, reading: Reading): Promise<void> {
  const decoder = new TextDecoder();
  const events = createSseDecoder();
  const frames: Frame[] = [];
  const take = (list: readonly SseEvent[]): void => takeEvents(list, frames, reading);
  await eachChunk(body, (chunk) => {
    if (count(reading, chunk, false)) take(events.push(decoder.decode(chunk, { stream: true })));
  });
  take(events.push(decoder.decode()));
  take(events.end());
}

function takeEvents(events: readonly SseEvent[], frames: Frame[], reading: Reading): void {
  if (events.length === 0) return;
  const { adapter, began, view, change } = reading;
  const offsetMs = performance.now() - began;
  let { answer, firstMs, firstFrame } = view();
  for (const { event, data, raw } of events) {
    const pieces = piecesOf(adapter, event, data);
    answer = addPieces(answer, pieces);
    if (firstMs === null && (adapter === null || pieces.some(isContent))) {
      firstMs = offsetMs;
      firstFrame = frames.length;
    }
    frames.push({ offsetMs, event, data, raw, bytes: new TextEncoder().encode(raw).length });
  }
  change({ frames, answer, firstMs, firstFrame });
}

function piecesOf(adapter: Adapter | null, event: string, data: string | undefined): readonly Piece[] {
  if (adapter === null || data === undefined || data === "[DONE]") return [];
  return adapter.frame(event, parseJson(data));
}

/** @returns whether it is kept */
function count({ began, view, change }: Reading, chunk: Uint8Array, isFirstData: boolean): boolean {
  const { bytes, firstMs } = view();
  const total = bytes + chunk.length;
  change({
    bytes: total,
    isCut: total > mostKeptBytes,
    ...(isFirstData && firstMs === null ? { firstMs: performance.now() - began } : {}),
  });
  return total <= mostKeptBytes;
}

async function eachChunk(body: ReadableStream<Uint8Array>, take: (chunk: Uint8Array) => void): Promise<void> {
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    take(value);
  }
}

async function findRecord(requestId: string): Promise<ExchangeRecord | null> {
  for (const wait of recordWaitsMs) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    try {
      return await call<ExchangeRecord>("GET", `/logs/${encodeURIComponent(requestId)}`);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) return null;
    }
  }
  return null;
}
