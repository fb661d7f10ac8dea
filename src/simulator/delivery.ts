// Puts a reply on the socket at the pace and with the fault that were asked for. Must not know what the reply says.
import type { ServerResponse } from "node:http";
import type { Clock } from "../core/clock.ts";
import type { SimulatorFault } from "../core/simulator-faults.ts";
import type { Knobs } from "./knobs.ts";
import type { Frame, StreamReply, WholeReply } from "./reply.ts";

/** Written at once at most, so that a long answer waits for a slow reader. */
const batchLength = 64 * 1024;

/** What happens once the fault's point in the answer is reached. */
type Break = "hold" | "cut";

const breaks: Partial<Readonly<Record<SimulatorFault, Break>>> = {
  "stall-mid-stream": "hold",
  truncate: "cut",
};

export interface Delivery {
  readonly out: ServerResponse;
  readonly clock: Clock;
  readonly knobs: Knobs;
  readonly fault: SimulatorFault;
  readonly progress: Progress;
}

/** How much of an answer has gone out. */
export interface Progress {
  tokens: number;
  complete: boolean;
}

/** Runs a step after a delay, at once for 0, and not at all once the client has left. */
export function later(out: ServerResponse, delayMs: number, step: () => void): void {
  if (delayMs <= 0) {
    step();
    return;
  }
  const timer = setTimeout(step, delayMs);
  out.once("close", () => clearTimeout(timer));
}

/** Sends a whole body, broken where the fault says so. A plain answer takes as long as a streamed one. */
export function deliverWhole(delivery: Delivery, reply: WholeReply): void {
  const { out, knobs, fault } = delivery;
  const { status = 200 } = reply;
  const generationMs = reply.outputTokens * tokenMs(knobs);
  later(out, (knobs.ttftMs ?? 0) + generationMs, () => {
    if (fault === "stall-first-packet") return;
    const whole = Buffer.from(reply.body);
    const half = whole.subarray(0, whole.length / 2);
    const atBreak = breaks[fault];
    if (atBreak !== undefined) {
      out.writeHead(status, wholeHead(reply, whole.length));
      out.write(half, () => finishBroken(out, atBreak));
      return;
    }
    const body = fault === "malformed-sse" ? half : fault === "empty" ? "" : whole;
    delivery.progress.complete = body === whole;
    delivery.progress.tokens = reply.outputTokens;
    out.writeHead(status, wholeHead(reply, body.length)).end(body);
  });
}

/** Sends a stream frame by frame, broken where the fault says so. */
export function deliverStream(delivery: Delivery, reply: StreamReply): void {
  const { out, knobs, fault } = delivery;
  out.writeHead(200, streamHead(reply, fault));
  if (fault === "empty") {
    out.end();
    return;
  }
  const ttftMs = knobs.ttftMs ?? 0;
  if (ttftMs > 0 || fault === "stall-first-packet") out.flushHeaders();
  if (fault === "stall-first-packet") return;
  later(out, ttftMs, () => pump(delivery, reply));
}

function wholeHead({ contentType, status }: WholeReply, length: number): Record<string, string | number> {
  // A 204 has neither.
  if (status === 204) return {};
  return { "content-type": contentType ?? "application/json", "content-length": length };
}

function streamHead(
  { contentType, length }: StreamReply,
  fault: SimulatorFault,
): Record<string, string | number> {
  return {
    "content-type": contentType ?? "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
    // Chunked even when everything is known at once: an event stream with a length looks like no provider's.
    ...(length === undefined || fault !== "none"
      ? { "transfer-encoding": "chunked" }
      : { "content-length": length }),
  };
}

function tokenMs({ tokensPerSecond = 0 }: Knobs): number {
  return tokensPerSecond > 0 ? 1000 / tokensPerSecond : 0;
}

/** Writes every frame that is due, then sleeps until the next one is, or until the socket has room. */
function pump({ out, clock, knobs, fault, progress }: Delivery, reply: StreamReply): void {
  const atBreak = breaks[fault];
  const source = fault === "malformed-sse" ? withBrokenFrame(reply.frames) : reply.frames;
  const frames = source[Symbol.iterator]();
  const mostTokens = atBreak === undefined ? Infinity : Math.floor(reply.outputTokens / 2);
  const intervalMs = tokenMs(knobs);
  const startMs = clock.monotonicMs();
  let sentTokens = 0;
  let next = frames.next();
  let timer: NodeJS.Timeout | undefined;
  out.once("close", () => clearTimeout(timer));

  const step = (): void => {
    const elapsedMs = intervalMs === 0 ? 0 : clock.monotonicMs() - startMs;
    let batch = "";
    while (next.done !== true && batch.length < batchLength) {
      if (next.value.isToken) {
        if (sentTokens === mostTokens || sentTokens * intervalMs > elapsedMs) break;
        sentTokens += 1;
        progress.tokens = sentTokens;
      }
      const { text } = next.value;
      next = frames.next();
      if (typeof text === "string") {
        batch += text;
        continue;
      }
      // Bytes are written by themselves: at most one piece over what the socket has room for.
      if (batch !== "") out.write(batch);
      batch = "";
      if (!out.write(text)) {
        out.once("drain", step);
        return;
      }
    }
    if (next.done === true) {
      progress.complete = true;
      out.end(batch);
    } else if (atBreak !== undefined && sentTokens === mostTokens) {
      if (batch !== "") out.write(batch);
      finishBroken(out, atBreak);
    } else if (batch !== "" && !out.write(batch)) {
      out.once("drain", step);
    } else {
      timer = setTimeout(step, Math.max(1, startMs + sentTokens * intervalMs - clock.monotonicMs()));
    }
  };
  step();
}

/** Keeps the socket open in silence, or closes it in the middle of the answer. */
function finishBroken(out: ServerResponse, how: Break): void {
  if (how === "cut") out.socket?.destroySoon();
}

/** Replaces the first token's event by half of it: still an event, but no JSON any more. */
function* withBrokenFrame(frames: Iterable<Frame>): Generator<Frame> {
  let isBroken = false;
  for (const frame of frames) {
    if (frame.isToken && !isBroken) {
      isBroken = true;
      const half = frame.text.slice(0, frame.text.length / 2);
      yield { ...frame, text: typeof half === "string" ? `${half}\n\n` : half };
    } else {
      yield frame;
    }
  }
}
