// What is known of one debug run, while it runs and after it. Data alone.
import type { ExchangeRecord } from "../../../../src/control/routes/console-answers.ts";
import { emptyAnswer, type Answer } from "./answer.ts";
import type { JsonRequest } from "./chat-request.ts";

/** One frame of a stream as it came. */
export interface Frame {
  /** Since the request was sent. */
  readonly offsetMs: number;
  readonly event: string;
  readonly data: string | undefined;
  readonly raw: string;
  readonly bytes: number;
}

export type Phase = "waiting" | "answering" | "done" | "stopped" | "failed";

export interface RunView {
  readonly id: string;
  readonly api: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly request: JsonRequest;
  readonly phase: Phase;
  /** Of the data plane's answer; 0 while there is none. */
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly requestId: string;
  /** Frames of a stream; empty for a plain answer. */
  readonly frames: readonly Frame[];
  /** Index of the frame that held the first data; -1 while there is none. */
  readonly firstFrame: number;
  /** Text of a plain answer. */
  readonly body: string;
  /** A plain answer that is no text. */
  readonly blob: Blob | null;
  readonly bytes: number;
  /** True when more came than is kept. */
  readonly isCut: boolean;
  readonly answer: Answer;
  readonly firstMs: number | null;
  /** Time so far, or in all. */
  readonly elapsedMs: number;
  /** Why no answer came, or why it broke off. */
  readonly error: unknown;
  readonly record: ExchangeRecord | null;
  /** The record of the exchange is written a moment after it. */
  readonly recordState: "none" | "waiting" | "found" | "missing";
}

export function newView(id: string, api: string, startedAt: number, request: JsonRequest): RunView {
  return {
    id,
    api,
    startedAt,
    request,
    phase: "waiting",
    status: 0,
    headers: [],
    requestId: "",
    frames: [],
    firstFrame: -1,
    body: "",
    blob: null,
    bytes: 0,
    isCut: false,
    answer: emptyAnswer,
    firstMs: null,
    elapsedMs: 0,
    error: null,
    record: null,
    recordState: "none",
  };
}

export function isRunning({ phase }: RunView): boolean {
  return phase === "waiting" || phase === "answering";
}

export function headerOf({ headers }: RunView, name: string): string {
  return headers.find(([key]) => key === name)?.[1] ?? "";
}
