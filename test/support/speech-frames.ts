// The frames of DashScope's speech socket, as a client and a service say them. Must not know the gateway.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { SocketLog } from "./socket-client.ts";

/** Path of the route. */
export const speechPath = "/api-ws/v1/inference";

export function runTask(model: string | undefined, taskId = "task-1"): object {
  return {
    header: { action: "run-task", task_id: taskId, streaming: "duplex" },
    payload: {
      ...(model === undefined ? {} : { model }),
      task_group: "audio",
      task: "tts",
      parameters: { rate: 1.1 },
      input: {},
    },
  };
}

export function continueTask(text: string, model?: string, taskId = "task-1"): object {
  return {
    header: { action: "continue-task", task_id: taskId, streaming: "duplex" },
    payload: { ...(model === undefined ? {} : { model }), input: { text } },
  };
}

export function finishTask(taskId = "task-1"): object {
  return { header: { action: "finish-task", task_id: taskId }, payload: { input: {} } };
}

export function event(name: string, taskId = "task-1", payload: object = {}): object {
  return { header: { task_id: taskId, event: name, attributes: {} }, payload };
}

export function failedEvent(code: string, message: string, taskId = "task-1"): object {
  return {
    header: { task_id: taskId, event: "task-failed", error_code: code, error_message: message },
    payload: {},
  };
}

export const finishedEvent = (taskId = "task-1", characters = 5): object =>
  event("task-finished", taskId, { output: {}, usage: { characters } });

interface ClientWords {
  readonly header: { readonly action: string; readonly task_id: string };
  readonly payload: { readonly model?: string };
}

/** What a client's text frame says. */
export function wordsOf(data: Buffer): ClientWords {
  // Written by the functions above, or by the gateway out of them.
  return JSON.parse(data.toString()) as ClientWords;
}

/** Lets a service answer each action: `run-task` with task-started, `finish-task` with a sound and task-finished. */
export function speak(
  log: SocketLog,
  answers: Partial<Record<string, (log: SocketLog, taskId: string) => void>> = {},
): void {
  const usual: typeof answers = {
    "run-task": (socket, id) => socket.send(event("task-started", id)),
    "finish-task": (socket, id) => {
      socket.send(Buffer.from([1, 2, 3, 4]));
      socket.send(finishedEvent(id));
    },
    ...answers,
  };
  log.socket.on("message", (data: Buffer, binary) => {
    if (binary) return;
    const { action, task_id } = wordsOf(data).header;
    usual[action]?.(log, task_id);
  });
}

export interface RecordedFrame {
  readonly fromClient: boolean;
  readonly binary: boolean;
  readonly data: Buffer;
}

/** The frames of a recorded exchange of test/fixtures/dashscope-ws. */
export function recordedFrames(file: string): RecordedFrame[] {
  const path = join(import.meta.dirname, "..", "fixtures", "dashscope-ws", file);
  // The files are our own data: their shape is fixed by the README beside them.
  const { frames } = JSON.parse(readFileSync(path, "utf8")) as {
    frames: readonly { dir: "c2s" | "s2c"; json?: unknown; base64?: string }[];
  };
  return frames.map(({ dir, json, base64 }) => ({
    fromClient: dir === "c2s",
    binary: base64 !== undefined,
    data: base64 === undefined ? Buffer.from(JSON.stringify(json)) : Buffer.from(base64, "base64"),
  }));
}
