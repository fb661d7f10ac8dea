// The main thread's end of the log thread: starts it, asks it, and starts another when it died. Knows no record.
import { Worker } from "node:worker_threads";
import type { LogSettings } from "./log-state.ts";
import type { FromLogThread, LogQuestion, LogQuestions, LogSetup, ToLogThread } from "./log-messages.ts";

export interface LogThreadOptions extends LogSetup {
  readonly onProblem: (error: Error) => void;
  /** Another one only in tests. */
  readonly script?: URL;
  readonly deadlineMs?: number;
}

type Answer = LogQuestions[keyof LogQuestions]["answer"];

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

const script = new URL(
  import.meta.url.endsWith(".ts") ? "./log-worker.ts" : "./log-worker.js",
  import.meta.url,
);
const restartAfterMs = 1_000;
/** One that cannot even begin, as with files of a newer build, is not started over and over. */
const longestRestartMs = 60_000;
/** More questions than this at a time are refused. */
const maxWaiting = 1_000;
/** A disk that hangs holds the thread, and nobody waits longer than this for it. */
const usualDeadlineMs = 15_000;
/** What the thread may need beside the bytes of columns that it keeps ready. */
const maxHeapMb = 384;

export class LogThread {
  readonly #options: LogThreadOptions;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #timer: NodeJS.Timeout | undefined;
  #nextId = 1;
  /** As they were told last, for a thread that follows one that died. */
  #settings: LogSettings;
  #stopped = false;
  #restartMs = restartAfterMs;

  constructor(options: LogThreadOptions) {
    this.#options = options;
    this.#settings = options.settings;
    this.#spawn();
  }

  #spawn(): void {
    const { spoolDir, logsDir, spoolRun } = this.#options;
    const setup: LogSetup = { spoolDir, logsDir, spoolRun, settings: this.#settings };
    const worker = new Worker(this.#options.script ?? script, {
      workerData: setup,
      name: "log",
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
    });
    this.#worker = worker;
    worker.on("message", (message: FromLogThread) => this.#heard(message));
    worker.on("error", (error) => this.#options.onProblem(error));
    worker.on("exit", () => this.#ended());
    worker.unref();
  }

  #heard(message: FromLogThread): void {
    if ("problem" in message) return this.#options.onProblem(new Error(message.problem));
    this.#restartMs = restartAfterMs;
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ("error" in message) waiting?.reject(new Error(message.error));
    else waiting?.resolve(message.answer);
  }

  #ended(): void {
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) reject(new Error("the log thread ended"));
    this.#waiting.clear();
    if (this.#stopped) return;
    this.#options.onProblem(new Error("the log thread ended; another is started"));
    this.#timer = setTimeout(() => this.#spawn(), this.#restartMs);
    this.#restartMs = Math.min(2 * this.#restartMs, longestRestartMs);
    this.#timer.unref();
  }

  ask<Kind extends keyof LogQuestions>(
    kind: Kind,
    ask: LogQuestions[Kind]["ask"],
  ): Promise<LogQuestions[Kind]["answer"]> {
    // Kind and question belong together by the signature.
    if (kind === "settings") this.#settings = ask as LogSettings;
    const worker = this.#worker;
    if (worker === undefined || this.#waiting.size >= maxWaiting)
      return Promise.reject(new Error("the log thread cannot be asked now"));
    const id = this.#nextId;
    this.#nextId += 1;
    // Kind and question belong together by the signature.
    const message: ToLogThread = { id, question: { kind, ask } as LogQuestion };
    const answered = Promise.withResolvers<Answer>();
    // Kept when it is late, as the thread still has it to do: so there are never more than the bound.
    this.#waiting.set(id, answered);
    worker.postMessage(message);
    const late = new Error("the log thread gives no answer in time");
    const timer = setTimeout(() => answered.reject(late), this.#options.deadlineMs ?? usualDeadlineMs);
    return answered.promise.finally(() => clearTimeout(timer));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#worker?.terminate();
  }
}
