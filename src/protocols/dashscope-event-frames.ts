// Reads and writes the text frames that services send over DashScope's inference WebSocket. Must not know sockets.
import type { ErrorCode } from "../core/errors.ts";
import { noTokens, type Usage } from "../core/usage.ts";
import { memberOf, parseJson, textOf } from "../lib/json-value.ts";
import { readDashscopeUsage } from "./dashscope-usage.ts";
import { readError } from "./reported-error.ts";
import type { ReportedError } from "./wire.ts";

/** A text frame of a service. */
export interface ServiceFrame {
  /** `task-started`, `result-generated`, `task-finished`, `task-failed`, or one that is not known; "" without one. */
  readonly event: string;
  readonly taskId: string;
  /** What the task has consumed so far; the last one counts. */
  readonly usage: Usage | undefined;
  /** Of `task-failed`. */
  readonly error: ReportedError | undefined;
}

/** Reads a text frame of a service; undefined when it is no JSON. Unknown events pass like all others. */
export function readServiceFrame(frame: Buffer): ServiceFrame | undefined {
  const value = parseJson(frame.toString());
  const header = memberOf(value, "header");
  if (header === undefined) return undefined;
  const event = textOf(header, "event") ?? "";
  const error =
    event === "task-failed"
      ? readError({ code: textOf(header, "error_code"), message: textOf(header, "error_message") })
      : undefined;
  const usage = readDashscopeUsage(memberOf(memberOf(value, "payload"), "usage"));
  return { event, taskId: textOf(header, "task_id") ?? "", usage, error };
}

/** The frame that tells a client of a failure. */
export function taskFailedFrame(taskId: string, code: ErrorCode, message: string): string {
  const header = {
    task_id: taskId,
    event: "task-failed",
    error_code: code,
    error_message: message,
    attributes: {},
  };
  return JSON.stringify({ header, payload: {} });
}

/** What a task consumed whose service did not live to say it: the characters that it was sent. */
export function spokenUsage(characters: number): Usage | undefined {
  return characters === 0 ? undefined : { ...noTokens, characters, estimated: true };
}
