// The main thread's end of learning: one piece of work at a time, each in a thread of its own that ends with it, or is
// ended when it takes too long. Knows no label.
import { Worker } from "node:worker_threads";
import type { LearningPort } from "../control/routing/routing-port.ts";
import { createSerialQueue } from "../control/serial-queue.ts";
import { TriedTooOften } from "../control/tried-too-often.ts";
import type { LearningResult, LearningTask, LearningWork } from "../routing/learning/learning-task.ts";

export interface LearningThreadOptions {
  readonly deadlineMs?: number;
  /** Another one only in tests. */
  readonly script?: URL;
}

const script = new URL(
  import.meta.url.endsWith(".ts") ? "./learning-worker.ts" : "./learning-worker.js",
  import.meta.url,
);
const usualDeadlineMs = 300_000;
const maxHeapMb = 1_024;
/** Work that waits or runs; more is refused. */
const maxWaiting = 8;

export class LearningThread implements LearningPort {
  readonly #options: LearningThreadOptions;
  readonly #inTurn = createSerialQueue();
  #worker: Worker | undefined;
  #waiting = 0;
  #stopped = false;

  constructor(options: LearningThreadOptions = {}) {
    this.#options = options;
  }

  /** @throws TriedTooOften; an error when the thread failed or took too long */
  async run<Kind extends keyof LearningWork>(
    kind: Kind,
    task: LearningWork[Kind]["task"],
  ): Promise<LearningWork[Kind]["done"]> {
    if (this.#waiting >= maxWaiting)
      throw new TriedTooOften("Too much is being learnt at once; try again when some of it is done.", 2_000);
    this.#waiting += 1;
    try {
      // Kind and task belong together by the signature, and so do kind and result.
      const work = { kind, task } as LearningTask;
      return (await this.#inTurn(() => this.#once(work))) as LearningWork[Kind]["done"];
    } finally {
      this.#waiting -= 1;
    }
  }

  #once(work: LearningTask): Promise<LearningResult> {
    if (this.#stopped) return Promise.reject(new Error("learning has been stopped"));
    const worker = new Worker(this.#options.script ?? script, {
      name: "learning",
      workerData: work,
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
    });
    this.#worker = worker;
    const done = Promise.withResolvers<LearningResult>();
    const timer = setTimeout(() => {
      done.reject(new Error("the learning thread took too long and was ended"));
    }, this.#options.deadlineMs ?? usualDeadlineMs);
    worker.once("message", done.resolve);
    worker.once("error", done.reject);
    worker.once("exit", () => done.reject(new Error("the learning thread ended before it was done")));
    worker.unref();
    return done.promise.finally(async () => {
      clearTimeout(timer);
      this.#worker = undefined;
      await worker.terminate();
    });
  }

  /** Ends what runs; what waits fails. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#worker?.terminate();
  }
}
